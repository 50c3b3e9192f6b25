"""X's errors, turned into the closed list of failures with a sentence an agent can act on.

The one place that knows X's status codes, problem types and rate-limit headers. A refusal (4xx) proves that
nothing was posted. A 5xx, a redirect or a cut answer proves nothing: X has no idempotency key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from hark.providers.contract import Failure, NotSent
from hark.providers.strict_json import NotStrictJson, loads

BACK_OFF = timedelta(seconds=60)
"""How long to wait when X says "later" but not when."""

_LONGEST_WAIT = timedelta(hours=25)
_WINDOWS = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
_NOT_SUMMONED = ("not been mentioned or otherwise engaged", "only reply to or quote posts where you are mentioned")
_ACCOUNT_TYPES = frozenset(
    ("client-forbidden", "oauth1-permissions", "unsupported-authentication", "client-disconnected", "usage-capped")
)
_ACCOUNT_CODES = frozenset((32, 63, 64, 89, 215, 326))
_DUPLICATE_CODE, _GONE_CODES = 187, frozenset((144, 179, 385))


def refusal(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> NotSent:
    """Classify an answer that is no 2xx. `headers` may have names in any case; `now` is UTC."""
    problem = _Problem(body)
    if status == 429:
        if problem.kind == "usage-capped":
            return _credits()
        return NotSent(
            Failure.LATER, "x.rate_limited", "X asks us to wait before the next post.", retry_at(headers, now)
        )
    if status == 401:
        return _PAUSED_TOKEN
    if status == 402:
        return _credits()
    if status == 403:
        return _forbidden(problem)
    if status == 404:
        return _GONE
    if status == 408 or not 400 <= status < 500:
        return NotSent(
            Failure.UNKNOWN, "x.server_error", "X had an error while posting. We are looking whether it is out."
        )
    return NotSent(Failure.NEVER, "x.invalid_request", "X did not accept this reply. Change it, or answer by hand.")


def _forbidden(problem: _Problem) -> NotSent:
    said = problem.said
    if any(words in said for words in _NOT_SUMMONED):
        return NotSent(
            Failure.NEVER,
            "x.not_summoned",
            "X lets us answer by this way only people who mention or quote us. Open the post on X and answer by hand.",
        )
    if "duplicate content" in said or _DUPLICATE_CODE in problem.codes:
        return NotSent(
            Failure.UNKNOWN,
            "x.duplicate_text",
            "X says this text was posted before. We are looking whether it was this reply.",
        )
    if problem.kind == "credits" or "credit" in problem.title or "spend" in problem.title or "spend limit" in said:
        return _credits()
    if problem.kind in _ACCOUNT_TYPES or problem.codes & _ACCOUNT_CODES:
        return NotSent(
            Failure.PAUSED,
            "x.account_refused",
            "X does not let our account act. The account is paused; an administrator has to look at it.",
        )
    if problem.codes & _GONE_CODES or "deleted or not visible" in said:
        return _GONE
    return NotSent(
        Failure.NEVER,
        "x.refused",
        "X does not allow this reply: its author may have limited who can answer, or blocked us.",
    )


def retry_at(headers: Mapping[str, str], now: datetime) -> datetime:
    """When to try again after a 429: the latest reset among exhausted windows, else Retry-After, else 60 s.

    Garbage, times past and times more than 25 hours away (no window of X is longer than 24) do not count.
    """
    lower = {name.lower(): value.strip() for name, value in headers.items()}
    resets = [
        moment
        for window in _WINDOWS
        if lower.get(f"{window}-remaining") == "0" and (moment := _epoch(lower.get(f"{window}-reset", "")))
    ]
    asked = _retry_after(lower.get("retry-after", ""), now)
    for moment in (max(resets, default=None), asked):
        if moment is not None and now < moment <= now + _LONGEST_WAIT:
            return moment
    return now + BACK_OFF


def never_sent(now: datetime) -> NotSent:
    """The connection was never opened, so nothing can have happened."""
    return NotSent(
        Failure.LATER, "x.unreachable", "X cannot be reached at the moment. We will try again.", now + BACK_OFF
    )


def no_answer(code: str) -> NotSent:
    """The request went out and no whole answer came back."""
    return NotSent(Failure.UNKNOWN, code, "X gave no clear answer. We are looking whether the reply is out.")


def _credits() -> NotSent:
    return NotSent(
        Failure.PAUSED,
        "x.credits_depleted",
        "Our credit with X is used up. The reply waits until an administrator tops it up.",
    )


_PAUSED_TOKEN = NotSent(
    Failure.PAUSED,
    "x.token_refused",
    "X no longer accepts our access. The reply waits until an administrator connects the account again.",
)
_GONE = NotSent(Failure.NEVER, "x.target_gone", "The post is no longer on X, or its author no longer shows it to us.")


class _Problem:
    """The parts of an error body that carry meaning. An unreadable body has none."""

    def __init__(self, body: bytes) -> None:
        try:
            read = loads(body)
        except NotStrictJson:
            read = None
        whole: Mapping[str, Any] = read if isinstance(read, dict) else {}
        listed = whole.get("errors")
        parts = [whole, *(e for e in (listed if isinstance(listed, list) else []) if isinstance(e, dict))]
        texts = [part[key] for part in parts for key in ("detail", "message") if isinstance(part.get(key), str)]
        self.said = " ".join(texts).lower()
        self.title = str(whole.get("title", "")).lower()
        # Only the last segment: the host is api.x.com or api.twitter.com.
        self.kind = str(whole.get("type", "")).rstrip("/").rpartition("/")[2]
        self.codes = {part["code"] for part in parts if isinstance(part.get("code"), int)}


def _epoch(seconds: str) -> datetime | None:
    # Twelve digits of seconds are 30,000 years.
    return datetime.fromtimestamp(int(seconds), UTC) if re.fullmatch(r"[0-9]{1,11}", seconds) else None


def _retry_after(value: str, now: datetime) -> datetime | None:
    if re.fullmatch(r"[0-9]{1,9}", value):
        return now + timedelta(seconds=int(value))
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

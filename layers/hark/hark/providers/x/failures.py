"""X's errors, turned into the codes of `domain.failures.FAILINGS`.

The one place that knows X's status codes, problem types and rate-limit headers. A refusal (4xx) proves that
nothing was posted. A 5xx, a redirect or a cut answer proves nothing: X has no idempotency key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from hark.providers.contract import NotSent
from hark.providers.strict_json import NotStrictJson, loads

BACK_OFF = timedelta(seconds=60)
"""How long to wait when X says "later" but not when."""

_LONGEST_WAIT = timedelta(hours=25)
_WINDOWS = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
_NOT_SUMMONED = ("not been mentioned or otherwise engaged", "only reply to or quote posts where you are mentioned")
_PERMISSION_TYPES = frozenset(("client-forbidden", "oauth1-permissions", "unsupported-authentication"))
_ACCOUNT_TYPES = frozenset(("client-disconnected", "usage-capped"))
_ACCOUNT_CODES = frozenset((32, 63, 64, 89, 215, 326))
_DUPLICATE_CODE, _GONE_CODES = 187, frozenset((144, 179, 385))


def refusal(status: int, headers: Mapping[str, str], body: bytes, now: datetime, *, direct: bool = False) -> NotSent:
    """Classify an answer that is no 2xx. `headers` may have names in any case; `now` is UTC.

    `direct` says that a private message was to be sent: what X then refuses concerns the person, not a post.
    """
    problem = _Problem(body)
    detail = problem.detail(status)
    if status == 429:
        if problem.kind == "usage-capped":
            return NotSent("credits_depleted", detail=detail)
        return NotSent("rate_limited", retry_at(headers, now), detail)
    if status == 408 or not 400 <= status < 500:
        return NotSent("server_error", detail=detail)
    if status == 403:
        code = _forbidden(problem)
    else:
        code = {401: "token_refused", 402: "credits_depleted", 404: "target_gone"}.get(status, "invalid")
    if direct and code in ("refused", "target_gone"):
        code = "person_unreachable"
    return NotSent(code, detail=detail)


def _forbidden(problem: _Problem) -> str:
    said = problem.said
    if any(words in said for words in _NOT_SUMMONED):
        return "not_summoned"
    if "duplicate content" in said or _DUPLICATE_CODE in problem.codes:
        return "duplicate_text"
    if problem.kind == "credits" or "credit" in problem.title or "spend" in problem.title or "spend limit" in said:
        return "credits_depleted"
    if problem.kind in _PERMISSION_TYPES:
        return "permission_missing"
    if problem.kind in _ACCOUNT_TYPES or problem.codes & _ACCOUNT_CODES:
        return "account_refused"
    if problem.codes & _GONE_CODES or "deleted or not visible" in said:
        return "target_gone"
    return "refused"


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
    return NotSent("unreachable", now + BACK_OFF)


def no_answer(detail: str) -> NotSent:
    """The request went out and no whole or no clear answer came back; `detail` says in what way."""
    return NotSent("no_answer", detail=detail)


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

    def detail(self, status: int) -> str:
        """X's own codes, such as "403/187" or "402/credits"; no words of X's, which may quote ours."""
        kind = self.kind if re.fullmatch(r"[a-z0-9-]{1,40}", self.kind) else ""
        return "/".join([str(status), *([kind] if kind else []), *(str(code)[:9] for code in sorted(self.codes))])


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

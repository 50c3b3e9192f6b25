"""Viber's answers, turned into the closed list of failures.

The one place that knows Viber's status codes. HTTP says 200 even for a refusal: what counts is `status` in the body.
A status other than 0 proves that nothing was sent; a 5xx, a redirect or a cut answer proves nothing, since Viber has
no idempotency key.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from hark.domain.failures import FAILINGS, Effect
from hark.providers.contract import CallFailed, NotSent

BACK_OFF = timedelta(minutes=1)
"""The least to wait when Viber says "later" but not when; up to twice as long, so that waiting replies spread out."""
UNANSWERED = timedelta(hours=1)
"""Viber counts 100 messages an hour to a person who does not answer."""

_LONGEST_WAIT = timedelta(hours=25)

CODES: Mapping[int, str] = {
    1: "not_set_up",  # the address of the webhook is not valid
    2: "token_refused",
    3: "invalid",  # bad data
    4: "invalid",  # missing data
    5: "person_unreachable",  # not on Viber
    6: "not_subscribed",
    7: "account_refused",  # blocked
    8: "account_refused",  # not an account
    9: "account_refused",  # suspended
    10: "not_set_up",  # no webhook
    11: "device_too_old",
    12: "unanswered_limit",
    13: "invalid",  # API version too high
    14: "invalid",  # incompatible with the API version
    15: "permission_missing",  # not authorised
    16: "not_supported",  # inline messages
    17: "not_supported",  # public chats
    18: "not_supported",
    19: "not_supported",
    20: "not_supported",  # broadcasts
    21: "not_supported",  # this type in that country
    22: "not_supported",  # payments
    23: "session_unpaid",  # the free messages outside sessions are used up
    24: "session_unpaid",  # no balance for messages outside sessions
}
"""Viber's status → our code. Any other status is a general error of theirs, and nothing was done."""


def refusal(status: int, now: datetime) -> NotSent:
    """What a `status` other than 0 means for a message. `now` is UTC."""
    code = CODES.get(status, "busy")
    return NotSent(code, _when(code, now), str(status))


def http_refusal(status: int, headers: Mapping[str, str], now: datetime) -> NotSent:
    """What an HTTP answer other than 200 means: not Viber's documented way, so mostly somebody between us and it.

    `headers` have lower-case names; `now` is UTC.
    """
    detail = f"http {status}"
    if status == 429:
        return NotSent("rate_limited", _retry_after(headers.get("retry-after", ""), now), detail)
    if status == 401:
        return NotSent("token_refused", None, detail)
    if status == 403:
        return NotSent("account_refused", None, detail)
    if 400 <= status < 500 and status != 408:
        return NotSent("invalid", None, detail)
    return NotSent("server_error", None, detail)


def never_sent(now: datetime) -> NotSent:
    """The connection was never opened, so nothing can have happened."""
    return NotSent("unreachable", _when("unreachable", now))


def no_answer(detail: str) -> NotSent:
    """The request went out, and what came back does not say what became of it. `detail` is a word of ours."""
    return NotSent("no_answer", None, detail)


def call_failed(why: NotSent, now: datetime) -> CallFailed:
    """The same for a call that only reads or sets up: it may be made again whatever became of it."""
    code = {"unanswered_limit": "rate_limited", "server_error": "busy", "no_answer": "unreachable"}.get(
        why.code, why.code
    )
    later = FAILINGS[code].effect is Effect.LATER
    return CallFailed(code, (why.retry_at or now + BACK_OFF) if later else None, why.detail)


def _when(code: str, now: datetime) -> datetime | None:
    if FAILINGS[code].effect is not Effect.LATER:
        return None
    wait = UNANSWERED if code == "unanswered_limit" else BACK_OFF
    return now + wait + random.uniform(0, 1) * wait


def _retry_after(value: str, now: datetime) -> datetime:
    """The time Viber names in seconds or as a date; what is past, absurd or garbage gives way to our own guess."""
    moment = None
    if re.fullmatch(r"[0-9]{1,9}", value):
        moment = now + timedelta(seconds=int(value))
    elif value:
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            moment = None
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    guess = now + BACK_OFF + random.uniform(0, 1) * BACK_OFF
    return moment if moment is not None and now < moment <= now + _LONGEST_WAIT else guess

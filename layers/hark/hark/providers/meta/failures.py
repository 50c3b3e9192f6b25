"""Meta's error answers, turned into the closed list of failures (`hark.domain.failures`).

Source: the error tables of the Graph API, the Messenger Platform and the Instagram Platform, as of v26.0.
The one place that knows Meta's codes. A readable refusal proves that nothing was done. A 5xx proves nothing, nor does
a temporary error on something that says a thing: Meta writes that a message can be out although an error came back
(1/1357046), and there is no key by which a repeat would be recognised.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from typing import Any

from hark.providers.contract import CallFailed

SHORTLY = timedelta(seconds=60)
"""How long to wait when Meta is out of order."""
_LIMIT_MINUTES = (5.0, 60.0)
_LONGEST_WAIT = timedelta(hours=25)


class Purpose(Enum):
    """What a call is for, and so what an unclear end of it means."""

    SAY = auto()
    """It says something to somebody: an unclear end is UNKNOWN."""
    ACT = auto()
    """It reads, or sets something that may be set again: an unclear end is LATER."""


_LIMITS = frozenset((4, 17, 32, 341, 613, 80001, 80002, 80006))
_TEMPORARY = frozenset((1, 2))

_BY_SUBCODE: Mapping[tuple[int, int], str] = {
    (10, 2018278): "window_closed",
    (10, 2534022): "window_closed",
    (10, 1893063): "policy_block",
    # Another app holds the thread: that is about one person, and no permission of ours.
    (10, 2018300): "refused",
    (100, 33): "target_gone",
    (100, 2018001): "person_unreachable",
    (100, 2534014): "person_unreachable",
    (200, 2534041): "not_set_up",
    (551, 1545041): "person_unreachable",
}
_BY_CODE: Mapping[int, str] = {
    3: "permission_missing",
    10: "permission_missing",
    100: "invalid",
    190: "token_refused",
    # The person's consent is missing, not a permission of ours: nothing to stop the account for.
    230: "refused",
    368: "policy_block",
    506: "duplicate_text",
    551: "person_unreachable",
    803: "target_gone",
    # Somebody gave us a person's token where a Page's is needed.
    1705: "token_refused",
    10900: "already_replied",
    10903: "refused",
    10904: "not_supported",
}


@dataclass(frozen=True, slots=True)
class Said:
    """The error object of an answer, read without trust. Numbers that are none are 0."""

    code: int
    subcode: int = 0
    transient: bool = False

    @property
    def detail(self) -> str:
        """The platform's own code, for people who debug: "190/463"."""
        return f"{self.code}/{self.subcode}" if self.subcode else str(self.code)


def said(answer: object) -> Said | None:
    """The error in a JSON answer, or None where there is none that can be read."""
    error = answer.get("error") if isinstance(answer, dict) else None
    if not isinstance(error, dict) or not isinstance(error.get("code"), int):
        return None
    return Said(_number(error["code"]), _number(error.get("error_subcode")), error.get("is_transient") is True)


def code_of(error: Said, purpose: Purpose) -> str:
    """The failure an error stands for, by its numbers alone; Meta changes its words."""
    if error.code in _LIMITS:
        return "rate_limited"
    if error.code in _TEMPORARY or error.transient:
        return unclear(purpose, "server_error")
    code = _BY_SUBCODE.get((error.code, error.subcode)) or _BY_CODE.get(error.code)
    if code is None:
        code = "permission_missing" if 200 <= error.code <= 299 else "invalid"
    return code if purpose is Purpose.SAY or code != "duplicate_text" else "busy"


def unclear(purpose: Purpose, code: str) -> str:
    """`code` where something was said, "busy" where the call may simply be made again."""
    return code if purpose is Purpose.SAY else "busy"


def refusal(
    status: int, headers: Mapping[str, str], answer: object, purpose: Purpose, regain: timedelta | None, now: datetime
) -> CallFailed:
    """Classify an answer that is no success. `headers` have lower-case names, `answer` is the JSON read or None.

    `regain` is Meta's own estimate of how long a limit lasts, from the usage headers.
    """
    error = said(answer)
    detail = error.detail if error else f"http {status}"
    if status == 429 if error is None else error.code in _LIMITS:
        return CallFailed("rate_limited", limit_ends(headers, regain, now), detail)
    if status >= 500 or (status < 400 and error is not None):
        code = unclear(purpose, "server_error")
    elif error is None:
        # Without Meta's own words even a 400 does not say that nothing was done.
        code = unclear(purpose, "no_answer")
    else:
        code = code_of(error, purpose)
    return CallFailed(code, now + SHORTLY if code == "busy" else None, detail)


def limit_ends(headers: Mapping[str, str], regain: timedelta | None, now: datetime) -> datetime:
    """When to call again after a limit: Meta's estimate, else Retry-After, else in 5 to 60 minutes.

    An estimate of nothing and times more than 25 hours away (no window of Meta's is longer than 24) do not count.
    """
    asked = _retry_after(headers.get("retry-after", "").strip(), now)
    for moment in (now + regain if regain else None, asked):
        if moment is not None and now < moment <= now + _LONGEST_WAIT:
            return moment
    return now + timedelta(minutes=random.uniform(*_LIMIT_MINUTES))


def never_sent(now: datetime) -> CallFailed:
    """The connection was never opened, so nothing can have happened."""
    return CallFailed("unreachable", now + SHORTLY)


def no_answer(status: int, purpose: Purpose, now: datetime) -> CallFailed:
    """The call went out and no whole answer came back; `status` is 0 when not even that did."""
    code = unclear(purpose, "server_error" if status >= 500 else "no_answer")
    return CallFailed(code, now + SHORTLY if code == "busy" else None, f"http {status}" if status else "")


def _retry_after(value: str, now: datetime) -> datetime | None:
    if value.isascii() and value.isdigit() and len(value) < 9:
        return now + timedelta(seconds=int(value))
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0

"""How long what people said stays readable after their case was closed, and what is left of it then."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hark.domain.case import Case, Change, Line
from hark.domain.retention_choices import Retention
from hark.domain.tags import ADDED, REMOVED
from hark.domain.time import text as time_text

LINE = "case.removed"
PERSONAL = frozenset({"handle", "name", "snippet", "reference"})
"""What a case, and its history, say of the customer in words."""
WORDS = {"NOTE": ("text",), "OUT": ("text", "detail"), "DRAFT": ("text", "reason"), "RATING": ("comment",)}
"""What is in words of each kind of item that lies with a case."""


def shortens(old: Retention, new: Retention) -> bool:
    """Whether more comes to its end by the new rule than by the old one."""
    return new.months is not None and (old.months is None or new.months < old.months)


def cutoff(now: datetime, months: int) -> str:
    """The time so many months ago (UTC): what ended up to then has come to its end. Where that month is too short for
    the day, it is the month's last."""
    whole = now.year * 12 + now.month - 1 - months
    year, month = divmod(whole, 12)
    day = min(now.day, monthrange(year, month + 1)[1])
    return time_text(now.replace(year=year, month=month + 1, day=day))


def ended(case: Case) -> str:
    """When the last thing happened that counts: it was closed, or somebody said something after that."""
    return max(case.closed_at, case.last_at, case.answered_at, case.outside_at)


def is_removed(case: Case) -> bool:
    """Whether nothing is left of what was said, and nothing new was said since."""
    if case.status != "closed" or not case.removed_at:
        return False
    return case.removed_at > ended(case) or (bool(case.erased_at) and case.removed_at >= ended(case))


def is_due(case: Case, up_to: str) -> bool:
    """Whether a case has come to its end. One that is open (again), or of which anything is under way, has not."""
    busy = case.reply_state in ("held", "pending", "sending", "unknown", "human") or case.approval or case.signal
    return case.status == "closed" and not busy and not is_removed(case) and ended(case) <= up_to


def removed(case: Case, months: int, now: str) -> Change:
    """The case without a word of the customer. What counts and proves stays: ids, times, codes, figures."""
    fresh: dict[str, object] = dict.fromkeys(PERSONAL, "")
    fresh |= {
        "evidence": (), "personal_data": (), "tags": (), "removed_at": now, "removed_after": months, "updated_at": now,
    }  # fmt: skip
    return case.model_copy(update=fresh), (Line(code=LINE, at=now),)


def without_words(kind: str, item: Mapping[str, Any], ids: frozenset[str] = frozenset()) -> dict[str, Any]:
    """What has to be set in an item that lies with a case so that it says nothing any more; empty: nothing has to.

    `ids` are further names of attributes that say who the customer is.
    """
    if kind == "EVT":
        told, goes = dict(item.get("changes") or {}), PERSONAL | ids | {"tags"}
        empty: dict[str, Any] = {"about": ""} if item.get("code") in (ADDED, REMOVED) and item.get("about") else {}
        return empty | ({"changes": {n: v for n, v in told.items() if n not in goes}} if goes & told.keys() else {})
    return {name: "" for name in (*WORDS.get(kind, ()), *sorted(ids)) if item.get(name)}

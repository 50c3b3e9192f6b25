"""Which stretch of time X is to deliver once more, by X's rules for replay jobs.

X replays from 24 hours ago at the most, wants the beginning at least 31 and the end at least 10 minutes ago, and
takes the end as exclusive, in whole minutes. So right after an outage its last minutes cannot be had yet: they stay
pending for the next check. Each minute is asked for once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from hark.providers.x import posts

REACH = timedelta(hours=24)
BEGIN_AGO = timedelta(minutes=31)
END_AGO = timedelta(minutes=10)

_MINUTE = timedelta(minutes=1)


def remembered(pending: object, begin: datetime, end: datetime) -> dict[str, str]:
    """What is to be replayed: the time from `begin` to `end`, and what was pending before. Times are UTC."""
    old = _range(pending)
    if old is not None:
        begin = min(begin, old[0])
    return _state(_minute(begin), _minute(end) + _MINUTE)


def due(pending: object, now: datetime) -> tuple[tuple[datetime, datetime] | None, dict[str, str] | None]:
    """What may be asked for at `now`, and what stays pending after it; each None when there is nothing."""
    kept = _range(pending)
    if kept is None:
        return None, None
    begin = max(kept[0], _minute(now - REACH) + _MINUTE)
    end = min(kept[1], _minute(now - END_AGO))
    if begin >= kept[1]:
        return None, None  # out of reach by now
    if begin > now - BEGIN_AGO or begin >= end:
        return None, _state(*kept)
    return (begin, end), _state(end, kept[1]) if end < kept[1] else None


def _range(pending: object) -> tuple[datetime, datetime] | None:
    if not isinstance(pending, Mapping):
        return None
    begin, end = posts.iso_times(pending.get("from")), posts.iso_times(pending.get("to"))
    return (begin[0], end[0]) if begin and end else None


def _state(begin: datetime, end: datetime) -> dict[str, str]:
    return {"from": begin.isoformat(), "to": end.isoformat()}


def _minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)

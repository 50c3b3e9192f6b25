"""Who is on shift when: weekly shifts, single days that differ, and when the next shift begins.

Hours are those of a clock on a wall: what it skips in spring is not there, what it shows twice in autumn counts twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

from hark.domain.calendar import Interval

SIGHT_DAYS = 35
"""How far ahead the next shift is looked for: longer than any week, holiday or rota of four weeks."""

_DAY = timedelta(days=1)


def known_zone(name: str) -> str:
    """
    Raises:
        ValueError: there is no such zone.
    """
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError) as wrong:
        raise ValueError(f"there is no time zone {name!r}") from wrong
    return name


class Shift(BaseModel):
    """Working hours on some weekdays (0 = Monday) in a zone. An end before the start runs past midnight."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    start: time = time(9)
    end: time = time(17)
    zone: str = "UTC"

    def covers(self, now: datetime, without: Collection[date] = ()) -> bool:
        """Whether it is this shift now. A night belongs to the day on which it begins; `without` are days off."""
        local = now.astimezone(ZoneInfo(self.zone))
        clock, today = local.time().replace(tzinfo=None), local.date()
        if self.start <= self.end:
            return self._on(today, without) and self.start <= clock < self.end
        return (self._on(today, without) and clock >= self.start) or (
            self._on(today - _DAY, without) and clock < self.end
        )

    def _on(self, day: date, without: Collection[date]) -> bool:
        return day.weekday() in self.days and day not in without


class Day(BaseModel):
    """What holds on one day instead of the weekly shifts: other hours, or none at all. For this week's changes (D5)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    date: date
    hours: tuple[Interval, ...] = Field(default=(), max_length=10)
    zone: str = "UTC"

    _zone = field_validator("zone")(known_zone)

    def covers(self, now: datetime) -> bool:
        wall = now.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)
        return any(begin <= wall < end for begin, end in map(self._walls, self.hours))

    def _walls(self, hours: Interval) -> tuple[datetime, datetime]:
        begin, end = datetime.combine(self.date, hours.start), datetime.combine(self.date, hours.end)
        return begin, end if end > begin else end + _DAY

    def is_on(self, now: datetime) -> bool:
        """Whether it is this day now, where the hours are told."""
        return now.astimezone(ZoneInfo(self.zone)).date() == self.date


def on_duty(shifts: Sequence[Shift], days: Sequence[Day], now: datetime) -> bool:
    """Whether somebody with this roster works now. Without shifts it is always, but on the days that differ."""
    if any(day.covers(now) for day in days):
        return True
    if not shifts:
        return not any(day.is_on(now) for day in days)
    changed = {day.date for day in days}
    return any(shift.covers(now, changed) for shift in shifts)


def next_start(shifts: Sequence[Shift], days: Sequence[Day], now: datetime) -> datetime | None:
    """The next moment after now at which work begins, in UTC; None when there is none within `SIGHT_DAYS`.

    It may also name a moment at which work only goes on, where shifts touch. It misses none.
    """
    found = [at for at in _starts(shifts, days, now) if now < at <= now + SIGHT_DAYS * _DAY]
    return min(found, default=None)


def _starts(shifts: Sequence[Shift], days: Sequence[Day], now: datetime) -> Iterator[datetime]:
    changed = {day.date for day in days}
    for day in days:
        for hours in day.hours:
            yield from _moments(datetime.combine(day.date, hours.start), day.zone)
        # Who always works, works again when the day is over.
        yield from _moments(datetime.combine(day.date + _DAY, time(0)), day.zone)
    for shift in shifts:
        first = now.astimezone(ZoneInfo(shift.zone)).date() - _DAY
        for number in range(SIGHT_DAYS + 2):
            at = first + number * _DAY
            if shift.start != shift.end and at.weekday() in shift.days and at not in changed:
                yield from _moments(datetime.combine(at, shift.start), shift.zone)
    for zone in {shift.zone for shift in shifts} | {day.zone for day in days}:
        yield from _turns(zone, now)


def _moments(wall: datetime, zone: str) -> set[datetime]:
    """When a clock on the wall shows this time: once, twice in autumn; where spring skips it, the moment after."""
    place = ZoneInfo(zone)
    early, late = (wall.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))
    shown = {at for at in (early, late) if at.astimezone(place).replace(tzinfo=None) == wall}
    if shown:
        return shown
    return {_turn(place, min(early, late), max(early, late))}


def _turns(zone: str, now: datetime) -> Iterator[datetime]:
    """When the clock is turned: back, it may show hours of work once more."""
    place = ZoneInfo(zone)
    for number in range(SIGHT_DAYS):
        here, there = now + number * _DAY, now + (number + 1) * _DAY
        if here.astimezone(place).utcoffset() != there.astimezone(place).utcoffset():
            yield _turn(place, here, there)


def _turn(place: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The moment between two at which the clock is turned. Clocks are turned at whole seconds."""
    old = before.astimezone(place).utcoffset()
    low, high = before.replace(microsecond=0), after.replace(microsecond=0)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // timedelta(seconds=2) * timedelta(seconds=1)
        low, high = (middle, high) if middle.astimezone(place).utcoffset() == old else (low, middle)
    return high

"""When somebody is there to answer: working hours, holidays and exceptions, and waits that count only those.

The hours are those of a clock on a wall in the calendar's zone. It is open at a moment when that clock shows a time
within the hours of the day: what it skips in spring is not there, what it shows twice in autumn counts twice. Lengths
are measured in UTC (I31), for two local times of one zone subtract as if the clock had never been turned.

All moments that come in and go out are aware datetimes; those that go out are in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

SEARCH_DAYS = 3660
"""No search looks further ahead; a wait that is longer ends there. The longest wait of a policy, 90 days, fits into an
hour of work a day."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_MIDNIGHT = time(0)
_SAMPLE_YEAR = 2026
"""Any whole year would do, to see that holidays leave some working day."""


class Interval(BaseModel):
    """A stretch of one day, `end` not included. An end that is not after the start is on the next day, so that from
    midnight to midnight is the whole day. It belongs to the day on which it starts: a night's work runs to its end
    although a holiday has begun."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: time
    end: time

    @field_validator("start", "end")
    @classmethod
    def _of_the_wall(cls, value: time) -> time:
        if value.tzinfo is not None:
            raise ValueError("hours have no zone of their own: the calendar has one")
        return value


class Hours(Interval):
    """An interval on some weekdays, 0 = Monday. Several of them make a day with a break."""

    days: tuple[int, ...] = Field(default=(0, 1, 2, 3, 4), min_length=1)

    @field_validator("days")
    @classmethod
    def _weekdays(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if not set(value) <= set(range(7)):
            raise ValueError("weekdays are 0 (Monday) to 6 (Sunday)")
        return value


ALWAYS = Hours(days=tuple(range(7)), start=_MIDNIGHT, end=_MIDNIGHT)


class Calendar(BaseModel):
    """When a brand works. As shipped, always.

    Raises:
        ValueError: from validation, with a sentence: no such zone, country or subdivision, or it would never open.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    zone: str = "UTC"
    """IANA name, such as Europe/Riga."""
    hours: tuple[Hours, ...] = (ALWAYS,)
    country: str = Field(default="", pattern=r"^([A-Z]{2})?$")
    """ISO 3166-1 code of the country whose public holidays are free, observed ones included; empty: none."""
    subdivision: str = ""
    """Part of the country with holidays of its own, by its ISO 3166-2 code without the country: `BY` of `DE`."""
    exceptions: dict[date, tuple[Interval, ...]] = Field(default_factory=dict, max_length=1000)
    """What holds on single days, instead of their hours and whether or not they are holidays; nothing: closed."""

    @model_validator(mode="after")
    def _opens(self) -> Calendar:
        try:
            ZoneInfo(self.zone)
        except (LookupError, ValueError, OSError) as wrong:
            raise ValueError(f"there is no time zone {self.zone!r}") from wrong
        if not self.hours:
            raise ValueError("the calendar never opens: it has no hours on any weekday")
        if self.subdivision and not self.country:
            raise ValueError("a subdivision needs its country")
        if self.country:
            try:
                free = _holidays(self.country, self.subdivision, _SAMPLE_YEAR)
            except NotImplementedError as wrong:
                place = f"{self.country}-{self.subdivision}" if self.subdivision else self.country
                raise ValueError(f"the holidays of {place!r} are not known") from wrong
            working = {day for hours in self.hours for day in hours.days}
            year = (date(_SAMPLE_YEAR, 1, 1) + n * _DAY for n in range(365))
            if all(day in free for day in year if day.weekday() in working):
                raise ValueError("the calendar never opens: all of its working days are holidays")
        return self

    @property
    def always(self) -> bool:
        """No wall, no holiday: working time is time."""
        whole = {day for hours in self.hours if hours.start == hours.end for day in hours.days}
        return len(whole) == 7 and not self.country and not self.exceptions

    def of_day(self, day: date) -> tuple[Interval, ...]:
        """The intervals that start on a day, in no particular order; they may overlap."""
        if day in self.exceptions:
            return self.exceptions[day]
        if self.country and day in _holidays(self.country, self.subdivision, day.year):
            return ()
        return tuple(hours for hours in self.hours if day.weekday() in hours.days)


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether this moment is working time. The moment at which work ends is not."""
    return next_open(calendar, at) == at


def next_open(calendar: Calendar, at: datetime) -> datetime:
    """This moment when it is working time, else the next one that is."""
    at = _utc(at)
    if calendar.always:
        return at
    return next((begin for begin, _ in _pieces(calendar, at)), at + SEARCH_DAYS * _DAY)


def due(calendar: Calendar, start: datetime, seconds: float) -> datetime:
    """The first moment by which so many seconds were worked since `start`; at the latest after `SEARCH_DAYS`.

    Where the last of them ends the day's work, it is that moment and not the next morning.

    Raises:
        ValueError: `seconds` is negative.
    """
    if seconds < 0:
        raise ValueError("a wait cannot be negative")
    start, left = _utc(start), timedelta(seconds=seconds)
    if calendar.always or not left:
        return start + left
    for begin, end in _pieces(calendar, start):
        if left <= end - begin:
            return begin + left
        left -= end - begin
    return start + SEARCH_DAYS * _DAY


def worked(calendar: Calendar, start: datetime, end: datetime) -> float:
    """Seconds of working time from `start` to `end`; 0 when `end` is not later."""
    start, end = _utc(start), _utc(end)
    if calendar.always:
        return max(timedelta(), end - start).total_seconds()
    total = timedelta()
    for begin, finish in _pieces(calendar, start):
        if begin >= end:
            break
        total += min(finish, end) - begin
    return total.total_seconds()


def _pieces(calendar: Calendar, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Working time from `start` on, in UTC: in order, without overlap, a day or less at a time.

    A stretch in which the clock is not turned is looked at as one: there the wall and UTC differ by a constant.
    """
    zone = ZoneInfo(calendar.zone)
    stop = start + SEARCH_DAYS * _DAY
    here = start
    while here < stop:
        there = min(here + _DAY, stop)
        offset = _offset(zone, here)
        if _offset(zone, there) != offset:
            there = _turn(zone, here, there)
        for begin, end in _shown(calendar, _wall(here, offset), _wall(there, offset)):
            yield (begin - offset).replace(tzinfo=UTC), (end - offset).replace(tzinfo=UTC)
        here = there


def _shown(calendar: Calendar, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Working time between two times of the wall, as such: sorted, overlaps merged."""
    day, found = begin.date() - _DAY, []
    while day <= end.date():
        for interval in calendar.of_day(day):
            opens, closes = datetime.combine(day, interval.start), datetime.combine(day, interval.end)
            if closes <= opens:
                closes += _DAY
            opens, closes = max(opens, begin), min(closes, end)
            if opens < closes:
                found.append((opens, closes))
        day += _DAY
    reached = begin
    for opens, closes in sorted(found):
        if closes > reached:
            yield max(opens, reached), closes
            reached = closes


def _turn(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The moment between two at which the clock is turned. Clocks are turned at whole seconds."""
    offset = _offset(zone, before)
    low, high = before.replace(microsecond=0), after.replace(microsecond=0) + _SECOND
    while high - low > _SECOND:
        middle = low + (high - low) // _SECOND // 2 * _SECOND
        low, high = (middle, high) if _offset(zone, middle) == offset else (low, middle)
    return min(high, after)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    """What the wall is ahead of UTC."""
    return at.astimezone(zone).replace(tzinfo=UTC) - at


def _wall(at: datetime, offset: timedelta) -> datetime:
    return at.replace(tzinfo=None) + offset


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at.astimezone(UTC)


@lru_cache(maxsize=256)
def _holidays(country: str, subdivision: str, year: int) -> frozenset[date]:
    """Days off in a year.

    Raises:
        NotImplementedError: the country or the subdivision is not known.
    """
    # Loads every country there is, more than the whole AWS SDK: only for who asks for holidays.
    from holidays import country_holidays

    found = country_holidays(country, subdiv=subdivision or None, years=year)
    return frozenset(day for day in found if day.year == year)

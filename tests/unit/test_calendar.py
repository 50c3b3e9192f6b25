"""Working time: every wait is what somebody counts who walks through it minute by minute with an eye on the wall."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import pytest
from hark.domain.calendar import SEARCH_DAYS, Calendar, Hours, Interval, due, is_open, next_open, worked
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

MINUTE = timedelta(minutes=1)

TURNS = {
    "Europe/Riga": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "Asia/Kolkata": (date(2026, 8, 15),),
    "Asia/Jerusalem": (date(2026, 3, 27), date(2026, 10, 25)),
    "America/Sao_Paulo": (date(2018, 2, 18), date(2018, 11, 4)),
    "UTC": (date(2028, 2, 29), date(2026, 12, 31)),
}
"""Days on which clocks are turned: by half an hour on Lord Howe, at midnight in Sao Paulo, never in Kolkata."""

every_zone = pytest.mark.parametrize("zone", TURNS)
few = settings(max_examples=30, deadline=None)


# --- the oracle ---------------------------------------------------------------------------------


free = cache(holidays.country_holidays)
zone_of = cache(ZoneInfo)


def open_minute(calendar: Calendar, minute: datetime) -> bool:
    """What the wall says at the beginning of a minute; all times of these tests are whole minutes of it."""
    wall = minute.astimezone(zone_of(calendar.zone)).replace(tzinfo=None)
    for began in (wall.date(), wall.date() - timedelta(days=1)):
        if began in calendar.exceptions:
            intervals: list[Interval] = list(calendar.exceptions[began])
        elif calendar.country and began in free(calendar.country):
            intervals = []
        else:
            intervals = [hours for hours in calendar.hours if began.weekday() in hours.days]
        midnight = datetime.combine(began, time())
        for interval in intervals:
            first = interval.start.hour * 60 + interval.start.minute
            last = interval.end.hour * 60 + interval.end.minute
            if midnight + first * MINUTE <= wall < midnight + (last if last > first else last + 1440) * MINUTE:
                return True
    return False


def counted(calendar: Calendar, start: datetime, end: datetime) -> float:
    minute, total = start.replace(second=0, microsecond=0), 0.0
    while minute < end and start < end:
        if open_minute(calendar, minute):
            total += (min(end, minute + MINUTE) - max(start, minute)).total_seconds()
        minute += MINUTE
    return total


def found(calendar: Calendar, start: datetime, seconds: float) -> datetime:
    minute, left = start.replace(second=0, microsecond=0), timedelta(seconds=seconds)
    while True:
        here = max(start, minute)
        if open_minute(calendar, minute):
            if left <= minute + MINUTE - here:
                return here + left
            left -= minute + MINUTE - here
        minute += MINUTE


# --- what it is tried on ------------------------------------------------------------------------


def lasting(kind: type[Interval], **more: Any) -> st.SearchStrategy[Any]:
    """An interval from an hour to a day long."""
    begins = st.builds(time, st.integers(0, 23), st.sampled_from([0, 0, 1, 15, 30, 45, 59]))
    lengths = st.sampled_from([60, 90, 239, 480, 900, 1439, 1440])
    ends = st.tuples(begins, lengths).map(lambda p: (p[0], (datetime.combine(date.min, p[0]) + p[1] * MINUTE).time()))
    return st.builds(lambda pair, **given: kind(start=pair[0], end=pair[1], **given), ends, **more)


weekdays = st.sets(st.integers(0, 6), min_size=3).map(lambda days: tuple(sorted(days)))
weeks = st.lists(lasting(Hours, days=weekdays), min_size=1, max_size=3).map(tuple)
stretches = st.lists(lasting(Interval), max_size=2).map(tuple)
waits = st.integers(1, 8 * 3600)


@st.composite
def calendars(draw: st.DrawFn, zone: str) -> Calendar:
    near = [day + timedelta(days=n) for day in TURNS[zone] for n in (-1, 0, 1)]
    return Calendar(
        zone=zone,
        hours=draw(weeks),
        country=draw(st.sampled_from(["", "", "LV", "IN", "IL"])),
        exceptions=draw(st.dictionaries(st.sampled_from(near), stretches, max_size=2)),
    )


@st.composite
def moments(draw: st.DrawFn, zone: str) -> datetime:
    """Mostly within a day of a turn, to the second."""
    day = draw(st.sampled_from(TURNS[zone]))
    midnight = datetime.combine(day, time(), tzinfo=UTC)
    return midnight + timedelta(seconds=draw(st.integers(-40 * 3600, 40 * 3600)))


@every_zone
@few
@given(st.data())
def test_i31_a_wait_ends_when_one_who_walks_minute_by_minute_says(zone: str, data: st.DataObject) -> None:
    calendar, start, seconds = data.draw(calendars(zone)), data.draw(moments(zone)), data.draw(waits)
    at = due(calendar, start, seconds)
    assert at == found(calendar, start, seconds)
    assert at >= start + timedelta(seconds=seconds)
    assert at.tzinfo is UTC
    assert worked(calendar, start, at) == seconds


@every_zone
@few
@given(st.data())
def test_what_was_worked_is_what_one_counts_who_walks_minute_by_minute(zone: str, data: st.DataObject) -> None:
    calendar, start = data.draw(calendars(zone)), data.draw(moments(zone))
    end = start + timedelta(seconds=data.draw(st.integers(-3600, 2 * 86400)))
    assert worked(calendar, start, end) == counted(calendar, start, end)


@every_zone
@few
@given(st.data())
def test_it_is_open_when_the_wall_says_so_and_opens_at_the_first_such_moment(zone: str, data: st.DataObject) -> None:
    calendar, at = data.draw(calendars(zone)), data.draw(moments(zone))
    opens = next_open(calendar, at)
    assert is_open(calendar, at) == open_minute(calendar, at) == (opens == at)
    assert opens >= at and open_minute(calendar, opens)
    assert worked(calendar, at, opens) == 0
    assert next_open(calendar, opens) == opens


@every_zone
@few
@given(st.data())
def test_i31_a_later_start_and_a_longer_wait_never_end_earlier(zone: str, data: st.DataObject) -> None:
    calendar, start, seconds = data.draw(calendars(zone)), data.draw(moments(zone)), data.draw(waits)
    more = data.draw(st.integers(1, 86400))
    at = due(calendar, start, seconds)
    assert due(calendar, start + timedelta(seconds=more), seconds) >= at
    assert due(calendar, start, seconds + more) > at
    assert next_open(calendar, due(calendar, start, seconds + more)) > next_open(calendar, at)


@every_zone
@few
@given(st.data())
def test_i31_around_the_clock_is_plain_addition(zone: str, data: st.DataObject) -> None:
    start, seconds = data.draw(moments(zone)), data.draw(st.integers(0, 90 * 86400))
    shipped = Calendar(zone=zone)
    assert shipped.always
    # The same hours in two halves, and an exception as long as the day, go the long way round.
    halves = [
        {"days": range(7), "start": "00:00", "end": "12:00"},
        {"days": range(7), "start": "12:00", "end": "00:00"},
    ]
    whole = {str(TURNS[zone][0]): [{"start": "00:00", "end": "00:00"}]}
    walked = Calendar.model_validate({"zone": zone, "hours": halves, "exceptions": whole})
    assert not walked.always
    plain = start + timedelta(seconds=seconds)
    for calendar in (shipped, walked):
        assert due(calendar, start, seconds) == plain
        assert worked(calendar, start, plain) == seconds
        assert is_open(calendar, start)


# --- by hand ------------------------------------------------------------------------------------


def riga(*hours: dict[str, Any], **more: Any) -> Calendar:
    office = {"start": "09:00", "end": "13:00"}, {"start": "14:00", "end": "18:00"}
    return Calendar.model_validate({"zone": "Europe/Riga", "hours": hours or office, **more})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "seconds", "until"),
    [
        ("2026-11-16 10:00:30.250", 1800, "2026-11-16 10:30:30.250"),
        ("2026-11-16 10:30:00", 3600, "2026-11-16 12:30:00"),  # over lunch, 13 to 14 in Riga
        ("2026-11-16 10:00:00", 3600, "2026-11-16 11:00:00"),  # the last second before lunch
        ("2026-11-16 10:00:00", 3601, "2026-11-16 12:00:01"),
        ("2026-11-20 15:30:00", 3600, "2026-11-23 07:30:00"),  # over a weekend
        ("2026-11-17 15:59:59", 2, "2026-11-19 07:00:01"),  # over Latvia's national day, 18 November
        ("2026-12-23 15:30:00", 3600, "2026-12-28 07:30:00"),  # over Christmas and the weekend behind it
        ("2026-10-23 14:00:00", 7200, "2026-10-26 08:00:00"),  # 17:00 in summer time, 10:00 in winter time
    ],
)
def test_an_office_in_riga(asked: str, seconds: int, until: str) -> None:
    assert due(riga(country="LV"), utc(asked), seconds) == utc(until)


def test_a_night_shift_is_as_long_as_the_night_it_works() -> None:
    nights = riga({"days": [5], "start": "22:00", "end": "06:00"})
    for day, hours in (("2026-03-21", 8), ("2026-03-28", 7), ("2026-10-24", 9)):
        noon = utc(f"{day} 12:00")
        assert worked(nights, noon, noon + timedelta(days=1)) == hours * 3600


def test_a_nights_work_runs_to_its_end_although_a_holiday_has_begun_and_none_begins_on_it() -> None:
    nights = riga({"days": list(range(7)), "start": "22:00", "end": "02:00"}, country="LV")
    assert worked(nights, utc("2026-11-17 12:00"), utc("2026-11-18 12:00")) == 4 * 3600
    assert worked(nights, utc("2026-11-18 12:00"), utc("2026-11-19 12:00")) == 0


def test_an_exception_replaces_hours_and_holiday_and_nothing_in_it_is_a_closed_day() -> None:
    shop = riga(country="LV", exceptions={"2026-11-18": [{"start": "10:00", "end": "12:00"}], "2026-11-19": []})
    assert due(shop, utc("2026-11-17 16:00"), 3600) == utc("2026-11-18 09:00")
    assert due(shop, utc("2026-11-17 16:00"), 2 * 3600 + 1) == utc("2026-11-20 07:00:01")


def test_hours_that_overlap_count_once() -> None:
    twice = riga(
        {"start": "09:00", "end": "15:00"}, {"start": "10:00", "end": "12:00"}, {"start": "14:00", "end": "17:00"}
    )
    assert worked(twice, utc("2026-11-16 00:00"), utc("2026-11-17 00:00")) == 8 * 3600


def test_a_part_of_a_country_has_holidays_of_its_own() -> None:
    epiphany = utc("2026-01-06 12:00")
    assert not is_open(Calendar(zone="Europe/Berlin", country="DE", subdivision="BY"), epiphany)
    assert is_open(Calendar(zone="Europe/Berlin", country="DE"), epiphany)


def test_a_wait_of_nothing_is_over_at_once_even_at_night() -> None:
    night = utc("2026-11-16 01:00:00.001")
    assert due(riga(), night, 0) == night
    assert next_open(riga(), night) == utc("2026-11-16 07:00")


def test_the_longest_wait_of_a_policy_fits_into_an_hour_a_day_and_a_search_has_an_end() -> None:
    start = utc("2026-11-16 00:00")
    hourly = riga({"days": list(range(7)), "start": "09:00", "end": "10:00"})
    assert due(hourly, start, 90 * 86400) == utc("2032-10-14 07:00")
    minutely = riga({"days": [0], "start": "09:00", "end": "09:01"})
    assert due(minutely, start, 90 * 86400) == start + timedelta(days=SEARCH_DAYS)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"hours": []}, "never opens: it has no hours"),
        ({"hours": [{"days": [], "start": "09:00", "end": "10:00"}]}, "at least 1 item"),
        ({"hours": [{"days": [7], "start": "09:00", "end": "10:00"}]}, "0 (Monday) to 6 (Sunday)"),
        ({"hours": [{"start": "09:00+02:00", "end": "10:00"}]}, "no zone of their own"),
        ({"hours": [{"start": "9 to 5", "end": "10:00"}]}, "valid time"),
        ({"zone": "Europe/Atlantis"}, "no time zone 'Europe/Atlantis'"),
        ({"zone": "../etc/passwd"}, "no time zone"),
        ({"zone": ""}, "no time zone"), ({"zone": "Europe"}, "no time zone"),
        ({"country": "ZZ"}, "holidays of 'ZZ' are not known"),
        ({"country": "DE", "subdivision": "XX"}, "holidays of 'DE-XX' are not known"),
        ({"country": "latvia"}, "match pattern"), ({"subdivision": "BY"}, "needs its country"),
        ({"exceptions": {"Christmas": []}}, "valid date"), ({"open": True}, "not permitted"),
    ],
)  # fmt: skip
def test_a_calendar_that_makes_no_sense_is_refused_with_a_sentence(wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Calendar.model_validate(wrong)
    assert sentence in str(refused.value)


def test_working_days_that_are_all_holidays_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    sundays = frozenset(date(2026, 1, 4) + timedelta(weeks=n) for n in range(52))
    monkeypatch.setattr("hark.domain.calendar._holidays", lambda country, part, year: sundays)
    with pytest.raises(ValidationError, match="never opens: all of its working days are holidays"):
        riga({"days": [6], "start": "09:00", "end": "10:00"}, country="LV")
    assert riga({"days": [5, 6], "start": "09:00", "end": "10:00"}, country="LV").country == "LV"


@pytest.mark.parametrize("function", [is_open, next_open, lambda c, at: due(c, at, 1), lambda c, at: worked(c, at, at)])
def test_a_time_without_a_zone_is_refused(function: Any) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        function(Calendar(), datetime(2026, 11, 16))  # noqa: DTZ001


def test_a_negative_wait_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        due(Calendar(), utc("2026-11-16 00:00"), -1)


def test_what_is_kept_reads_back_the_same() -> None:
    kept = riga(country="LV", exceptions={"2026-12-31": [{"start": "09:00", "end": "12:00"}]})
    assert Calendar.model_validate(kept.model_dump(mode="json")) == kept

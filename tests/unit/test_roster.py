"""Days that differ from the weekly shifts, and when the next shift begins: against a clock walked minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hark.domain.people import Member
from hark.domain.roster import Day, Shift, next_start, on_duty
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

ZONES = ("UTC", "Europe/Riga", "Asia/Jerusalem", "Asia/Kuala_Lumpur", "America/New_York", "Australia/Lord_Howe")
MINUTE = timedelta(minutes=1)
FRIDAY = date(2026, 11, 20)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_day_off_is_off_and_the_night_before_it_is_worked_to_its_end() -> None:
    night = (Shift(days=(3, 4), start=time(22), end=time(6)),)
    off = (Day(date=FRIDAY),)
    assert on_duty(night, off, utc("2026-11-20T05:59")), "the night of Thursday"
    assert not on_duty(night, off, utc("2026-11-20T23:00"))
    assert not on_duty(night, off, utc("2026-11-21T05:00")), "the night of Friday would have gone on until then"
    assert on_duty(night, (), utc("2026-11-21T05:00"))


def test_other_hours_on_a_day_take_the_place_of_the_shift() -> None:
    usual = (Shift(days=(4,), start=time(9), end=time(17)),)
    late = (Day(date=FRIDAY, hours=({"start": "20:00", "end": "02:00"},)),)  # type: ignore[arg-type]
    hours = {hour: on_duty(usual, late, utc("2026-11-20T00:30") + timedelta(hours=hour)) for hour in range(30)}
    assert [hour for hour, there in hours.items() if there] == [20, 21, 22, 23, 24, 25]


def test_who_always_works_is_off_on_a_day_off_of_the_own_zone() -> None:
    off = (Day(date=FRIDAY, zone="Europe/Riga"),)
    assert not on_duty((), off, utc("2026-11-19T22:00"))
    assert on_duty((), off, utc("2026-11-19T21:59")) and on_duty((), off, utc("2026-11-20T22:00"))
    assert next_start((), off, utc("2026-11-20T08:00")) == utc("2026-11-20T22:00")


def test_a_day_needs_a_zone_that_exists() -> None:
    with pytest.raises(ValidationError, match="there is no time zone 'Europe/Rigga'"):
        Day(date=FRIDAY, zone="Europe/Rigga")


def test_who_is_away_or_gone_begins_no_shift_and_neither_does_who_is_always_there() -> None:
    usual = {"shifts": [{"days": [4], "start": "09:00", "end": "17:00"}]}
    now = utc("2026-11-20T08:00")

    def start(**more: object) -> datetime | None:
        return Member.model_validate({"id": "a", "brand": "acme", "name": "A", **more}).next_start(now)

    assert start(**usual) == utc("2026-11-20T09:00")
    assert [start(**usual, **why) for why in ({"away": True}, {"removed": True}, {"role": "reader"})] == [None] * 3
    assert start() is None


def test_a_shift_that_begins_in_the_hour_that_spring_skips_begins_when_the_clock_goes_on() -> None:
    shift = (Shift(days=(6,), start=time(3, 30), end=time(12), zone="Europe/Riga"),)
    night = datetime(2026, 3, 28, 22, tzinfo=UTC)
    assert next_start(shift, (), night) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert on_duty(shift, (), datetime(2026, 3, 29, 1, tzinfo=UTC))
    assert not on_duty(shift, (), datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC))


minutes = st.times().map(lambda at: at.replace(second=0, microsecond=0))
shifts_of = st.lists(
    st.builds(
        Shift, days=st.sets(st.integers(0, 6)).map(tuple), start=minutes, end=minutes, zone=st.sampled_from(ZONES)
    ),
    max_size=3,
)  # fmt: skip
NIGHTS = (
    date(2026, 3, 8),
    date(2026, 3, 27),
    date(2026, 3, 29),
    date(2026, 4, 5),
    date(2026, 10, 25),
    date(2026, 6, 3),
)
days_of = st.lists(
    st.builds(
        lambda near, start, end, off, zone: Day(
            date=near, hours=() if off else ({"start": start, "end": end},), zone=zone  # type: ignore[arg-type]
        ),
        st.sampled_from(NIGHTS), minutes, minutes, st.booleans(), st.sampled_from(ZONES),
    ),
    max_size=2,
)  # fmt: skip


@given(shifts_of, days_of, st.sampled_from(NIGHTS), st.integers(-30, 18), st.integers(0, 59))
@settings(deadline=None, max_examples=60)
def test_no_beginning_of_work_is_missed(
    shifts: list[Shift], days: list[Day], night: date, hours: int, minute: int
) -> None:
    start = datetime.combine(night, time(0), UTC) + timedelta(hours=hours, minutes=minute)
    told = next_start(shifts, days, start)
    there = on_duty(shifts, days, start)
    for number in range(1, 3 * 24 * 60):
        now = start + number * MINUTE
        before, there = there, on_duty(shifts, days, now)
        if there and not before:
            assert told is not None and told <= now, f"work begins at {now} and nobody was told"
            break
    assert told is None or told > start


def test_zones_of_the_tests_are_turned_in_those_nights() -> None:
    def offset(zone: str, at: datetime) -> timedelta | None:
        return at.astimezone(ZoneInfo(zone)).utcoffset()

    noons = [datetime.combine(night, time(12), UTC) for night in NIGHTS]
    turned = {z for z in ZONES for noon in noons if offset(z, noon) != offset(z, noon - timedelta(days=1))}
    assert len(turned) >= 4

"""Who is on shift, also past midnight and in the nights when clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hark.domain.people import Member, Shift, initials
from hypothesis import given
from hypothesis import strategies as st

ZONES = ("UTC", "Europe/Riga", "Asia/Jerusalem", "Asia/Kuala_Lumpur", "America/New_York", "Australia/Lord_Howe")
MONDAY = date(2026, 11, 16)


def walls(shift: Shift, day: date) -> tuple[datetime, datetime]:
    """From when to when the shift that begins on `day` lasts, as clocks on the wall show it."""
    begin = datetime.combine(day, shift.start)
    end = datetime.combine(day, shift.end)
    return begin, end if shift.start <= shift.end else end + timedelta(days=1)


def expected(shift: Shift, now: datetime) -> bool:
    wall = now.astimezone(ZoneInfo(shift.zone)).replace(tzinfo=None)
    days = (wall.date() + timedelta(days=n) for n in (-1, 0))
    return any(begin <= wall < end for day in days if day.weekday() in shift.days for begin, end in [walls(shift, day)])


shifts = st.builds(
    Shift, days=st.sets(st.integers(0, 6)).map(tuple), start=st.times(), end=st.times(), zone=st.sampled_from(ZONES)
)
moments = st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-12-31")).map(
    lambda at: at.replace(tzinfo=UTC)
)


@given(shifts, moments)
def test_a_shift_covers_what_the_clock_on_the_wall_says(shift: Shift, now: datetime) -> None:
    assert shift.covers(now) == expected(shift, now)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("start", "end"), [(time(22), time(6)), (time(1, 30), time(2, 30)), (time(0), time(3, 15))])
def test_each_minute_of_the_nights_in_which_clocks_change(zone: str, start: time, end: time) -> None:
    shift = Shift(days=(5, 6), start=start, end=end, zone=zone)
    for night in (date(2026, 3, 8), date(2026, 3, 27), date(2026, 3, 29), date(2026, 4, 5), date(2026, 10, 25)):
        begin = datetime.combine(night, time(0), UTC) - timedelta(hours=12)
        for minute in range(0, 36 * 60, 5):
            now = begin + timedelta(minutes=minute)
            assert shift.covers(now) == expected(shift, now), now


def test_a_night_shift_in_riga_is_an_hour_longer_when_clocks_go_back() -> None:
    shift = Shift(days=(5,), start=time(22), end=time(6), zone="Europe/Riga")
    spring, usual, autumn = date(2026, 3, 28), date(2026, 11, 14), date(2026, 10, 24)

    def minutes(saturday: date) -> int:
        noon = datetime.combine(saturday, time(12), UTC)
        return sum(shift.covers(noon + timedelta(minutes=m)) for m in range(24 * 60))

    assert [minutes(day) for day in (spring, usual, autumn)] == [7 * 60, 8 * 60, 9 * 60]


def test_a_night_shift_belongs_to_the_day_on_which_it_begins() -> None:
    shift = Shift(days=(0,), start=time(22), end=time(6))

    def on(day: int, hour: int) -> bool:
        return shift.covers(datetime.combine(MONDAY + timedelta(days=day), time(hour), UTC))

    assert [on(0, 5), on(0, 22), on(0, 23), on(1, 0), on(1, 5), on(1, 6), on(1, 22)] == [
        False, True, True, True, True, False, False,
    ]  # fmt: skip


NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


def member(id_: str, **more: object) -> Member:
    return Member.model_validate({"id": id_, "brand": "acme", "name": id_, **more})


def test_no_roster_means_always_there_and_away_removed_or_reading_means_never() -> None:
    assert member("a").on_shift(NOON)
    assert not any(member("a", **why).on_shift(NOON) for why in ({"away": True}, {"removed": True}, {"role": "reader"}))
    weekend = {"shifts": [{"days": [5, 6]}]}
    assert not member("a", **weekend).on_shift(NOON)
    assert member("a", shifts=[{"days": [5, 6]}, {"days": [2]}]).on_shift(NOON), "any of the shifts will do"


@pytest.mark.parametrize(
    ("name", "short"),
    [("Dana Ozola", "DO"), ("dana", "D"), ("Anna Maria van den Berg", "AB"), ("", ""), ("  ", ""), ("дана озола", "ДО"),
     ("נועה לוי", "נל")],
)  # fmt: skip
def test_initials_as_signed_under_replies(name: str, short: str) -> None:
    assert initials(name) == short

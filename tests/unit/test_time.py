"""One text form of time that sorts as time does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hark.domain.time import FAR, after, parse, text
from hypothesis import given
from hypothesis import strategies as st

zones = st.sampled_from(
    [
        UTC,
        timezone(timedelta(hours=5, minutes=45)),
        ZoneInfo("Europe/Riga"),
        ZoneInfo("Asia/Jerusalem"),
        ZoneInfo("Asia/Kuala_Lumpur"),
    ]
)
moments = st.datetimes(datetime.fromisoformat("1970-01-02"), datetime.fromisoformat("9998-01-01"), timezones=zones)


def to_milliseconds(at: datetime) -> datetime:
    utc = at.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


@given(moments)
def test_what_is_written_is_read_again_to_the_millisecond(at: datetime) -> None:
    assert parse(text(at)) == to_milliseconds(at)
    assert text(parse(text(at))) == text(at)


@given(moments, moments)
def test_texts_sort_as_times_do(one: datetime, other: datetime) -> None:
    first, second = to_milliseconds(one), to_milliseconds(other)
    assert (text(one) < text(other)) == (first < second)
    assert (text(one) == text(other)) == (first == second)
    assert text(one) < FAR


@given(moments, st.integers(0, 10**6), st.integers(0, 10**6))
def test_waits_add_up_and_never_go_back(at: datetime, one: int, other: int) -> None:
    start = text(at)
    assert after(after(start, one), other) == after(start, one + other)
    assert after(start, one) >= start
    assert parse(after(start, one)) - parse(start) == timedelta(seconds=one), "seconds, whatever the clocks on walls do"


@pytest.mark.parametrize("written", ["2026-11-20T09:14:03", "2026-11-20", "2026-11-20T09:14:03.000"])
def test_a_time_without_a_zone_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="zone"):
        parse(written)


def test_a_naive_time_is_a_bug_of_the_caller() -> None:
    with pytest.raises(ValueError, match="zone"):
        text(datetime.fromisoformat("2026-11-20"))


@pytest.mark.parametrize("written", ["", "soon", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "1795166043"])
def test_what_is_no_time_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"month|day|Invalid isoformat|string|minute|out of range|zone"):
        parse(written)


def test_other_forms_with_a_zone_are_read() -> None:
    assert text(parse("2026-11-20T11:14:03+02:00")) == text(parse("2026-11-20T09:14:03Z")) == "2026-11-20T09:14:03.000Z"

"""What has come to its end, over calendars and reopenings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hark.domain.case import Case
from hark.domain.retention import cutoff, is_due, is_removed, removed, shortens, without_words
from hark.domain.retention_choices import Retention
from hark.domain.time import text as time_text
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
MOMENTS = st.integers(0, 20 * 366 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
MONTHS = st.integers(1, 60)


def case(closed: datetime, **more: Any) -> Case:
    at = time_text(closed)
    known = {"status": "closed", "closed_at": at, "last_at": at, "name": "Kim", "handle": "kim", "snippet": "Hello"}
    return Case.model_validate({
        "id": "c1", "brand": "acme", "provider": "x", "platform": "x", "account_id": "1", "thread_id": "t",
        "customer_id": "k", "opened_at": at, "asked_at": at, "updated_at": at, "deadline": at, **known, **more,
    })  # fmt: skip


@given(MOMENTS, MONTHS, MONTHS)
def test_months_are_those_of_the_calendar_and_more_of_them_reach_further_back(
    now: datetime, one: int, two: int
) -> None:
    at = datetime.fromisoformat(cutoff(now, one))
    assert (now.year - at.year) * 12 + now.month - at.month == one
    assert at.time() == now.time().replace(microsecond=now.microsecond // 1000 * 1000)
    assert at.day == now.day or ((at + timedelta(days=1)).month != at.month and at.day < now.day)
    assert (cutoff(now, one) < cutoff(now, two)) == (one > two)


@given(MOMENTS, MOMENTS, MONTHS, st.timedeltas(timedelta(0), timedelta(days=900)))
def test_a_case_is_due_when_its_closing_and_all_that_was_said_since_are_old_enough(
    now: datetime, closed: datetime, months: int, later: timedelta
) -> None:
    up_to = cutoff(now, months)
    for name in ("last_at", "answered_at", "outside_at"):
        known = case(closed, **{name: time_text(closed + later)})
        assert is_due(known, up_to) == (time_text(closed + later) <= up_to)
        gone, (line,) = removed(known, months, time_text(max(now, closed + later + timedelta(days=40))))
        assert is_removed(gone) and not is_due(gone, up_to) and line.code == "case.removed"
        talks = gone.model_copy(update={"last_at": time_text(datetime(2047, 1, 1, tzinfo=UTC)), "snippet": "Thanks"})
        assert not is_removed(talks) and is_due(talks, time_text(datetime(2049, 1, 1, tzinfo=UTC))), (
            "a new word ends too"
        )
        assert not is_due(talks, up_to)


@pytest.mark.parametrize(
    "more",
    [
        {"status": "open"},
        {"status": "snoozed"},
        {"reply_state": "human"},
        {"approval": "waiting"},
        {"signal": "closed"},
    ],
)
def test_what_is_open_or_has_anything_under_way_is_never_due(more: dict[str, str]) -> None:
    assert is_due(case(NOW), cutoff(NOW.replace(year=2032), 60))
    assert not is_due(case(NOW, **more), cutoff(NOW.replace(year=2032), 60))


def test_no_word_is_left_and_what_counts_stays() -> None:
    before = case(NOW, reference="A-1", rating=4, close_reason="agent", topic="parcel", tags=("kim again",))
    after, _ = removed(before, 24, "2029-01-01T00:00:00.000Z")
    changed = {n for n, v in after.model_dump().items() if v != before.model_dump()[n]}
    assert changed == {"name", "handle", "snippet", "reference", "tags", "removed_at", "removed_after", "updated_at"}
    assert not {"Kim", "kim", "Hello", "A-1", "('kim again',)"} & {str(v) for v in after.model_dump().values()}
    assert without_words("EVT", {"changes": {"name": "Kim", "priority": 2}}) == {"changes": {"priority": 2}}
    line = {"code": "tag.added", "about": "kim again", "changes": {"tags": ["kim again"], "priority": 2}}
    assert without_words("EVT", line) == {"about": "", "changes": {"priority": 2}}
    assert without_words("EVT", {"code": "case.assigned", "about": "dana"}) == {}
    assert without_words("RATING", {"comment": "bad", "stars": 1}) == {"comment": ""}
    assert without_words("NOTE", {"text": ""}) == without_words("CASE", {"text": "x"}) == {}, "nothing is done twice"


@pytest.mark.parametrize(
    ("old", "new", "less"), [(24, 12, True), (12, 24, False), (None, 60, True), (60, None, False), (24, 24, False)]
)
def test_a_rule_is_shorter_when_more_goes_by_it(old: int | None, new: int | None, less: bool) -> None:
    assert shortens(Retention(months=old), Retention(months=new)) is less

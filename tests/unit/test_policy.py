"""The ladder of reminders: always later, always to somebody, for ever."""

from __future__ import annotations

import pytest
from hark.domain.policy import Policy, Rung
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

levels = st.sampled_from(["owner", "team", "lead"])
ladders = st.lists(st.integers(1, 90 * 86400), min_size=1, max_size=6, unique=True).flatmap(
    lambda waits: st.tuples(*(st.builds(Rung, after_seconds=st.just(wait), to=levels) for wait in sorted(waits)))
)


@given(ladders, st.integers(0, 50))
def test_each_reminder_is_due_later_than_the_one_before(ladder: tuple[Rung, ...], number: int) -> None:
    policy = Policy(ladder=ladder)
    assert policy.rung(number)[0] < policy.rung(number + 1)[0]


@given(ladders, st.integers(0, 20))
def test_after_the_last_rung_the_ladder_starts_again(ladder: tuple[Rung, ...], rounds: int) -> None:
    policy = Policy(ladder=ladder)
    for index, rung in enumerate(ladder):
        seconds, level = policy.rung(rounds * len(ladder) + index)
        assert (seconds, level) == (rounds * ladder[-1].after_seconds + rung.after_seconds, rung.to)


def test_the_shipped_ladder_is_the_articles_60_minutes_and_24_hours() -> None:
    policy = Policy()
    assert policy.first_answer_seconds == 60 * 60
    assert [policy.rung(n) for n in range(6)] == [
        (3600, "owner"), (2 * 3600, "team"), (4 * 3600, "lead"), (24 * 3600, "lead"), (25 * 3600, "owner"),
        (26 * 3600, "team"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"ladder": []}, {"ladder": [{"after_seconds": 0, "to": "owner"}]},
        {"ladder": [{"after_seconds": 60, "to": "boss"}]}, {"first_answer_seconds": 0}, {"follow_up_seconds": -1},
        {"reply_valid_seconds": 59}, {"unknown": 1}, {"ladder": [{"after_seconds": 60, "to": "owner", "sms": True}]},
    ],
)  # fmt: skip
def test_a_policy_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Policy.model_validate(wrong)


def test_a_ladder_that_goes_down_is_refused() -> None:
    with pytest.raises(ValidationError):
        Policy.model_validate({"ladder": [{"after_seconds": 7200, "to": "owner"}, {"after_seconds": 60, "to": "lead"}]})

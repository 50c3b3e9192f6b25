"""A topic against its own past: what is usual is no news, what is not is found soon, and order changes nothing."""

from __future__ import annotations

from fractions import Fraction
from math import exp, factorial, log

import pytest
from hark.domain.incident_choices import IncidentChoices
from hark.domain.spikes import LEAST, Past, bucket, spike, surprise
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.spikes import delay, false_alarms

CHOICES = IncidentChoices(watch=True)
COUNTS = st.lists(st.integers(0, 60), min_size=1, max_size=120)


def after_all(counts: list[int]) -> Past:
    past = Past(bucket=0, first=0)
    for number, counted in enumerate(counts, start=1):
        past = past.at(number, counted, CHOICES)
    return past


def tail(count: int, mean: float) -> float:
    """P(X >= count) of a Poisson distribution, added up."""
    below = sum(Fraction(mean) ** k / factorial(k) for k in range(count))
    return max(0.0, 1 - exp(-mean) * float(below))


@given(st.integers(1, 40), st.floats(0.05, 20))
@settings(deadline=None)
def test_the_bound_never_calls_a_count_rarer_than_it_is(count: int, mean: float) -> None:
    assert exp(-surprise(count, mean)) >= tail(count, mean) - 1e-9


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 100))
def test_more_messages_of_more_people_are_never_less_of_a_spike(count: int, people: int, more: int) -> None:
    past = after_all([3] * 40)
    if spike(count, people, past, CHOICES):
        assert spike(count + more, people + more, past, CHOICES)


@given(COUNTS)
@settings(deadline=None)
def test_what_was_usual_is_never_news(counts: list[int]) -> None:
    past = after_all([*counts, max(counts)])
    assert not spike(int(2 * past.expected(CHOICES)), 999, past, CHOICES)


@given(COUNTS, st.integers(1, 200))
@settings(deadline=None)
def test_a_gap_is_the_same_walked_at_once_or_bucket_by_bucket(counts: list[int], gap: int) -> None:
    before = after_all(counts)
    at_once, step_by_step = before.at(before.bucket + gap, 7, CHOICES), before
    for place in range(gap):
        step_by_step = step_by_step.at(before.bucket + place + 1, 7 if place == 0 else 0, CHOICES)
    assert abs(at_once.near - step_by_step.near) <= gap  # thousandths, rounded once or at every step
    assert max(abs(a - b) for a, b in zip(at_once.hours, step_by_step.hours, strict=True)) <= gap
    assert at_once.seen == step_by_step.seen


def test_a_bucket_that_is_over_stays_as_it_was_counted() -> None:
    past = after_all([1, 2, 3])
    assert past.at(2, 999, CHOICES) == past
    assert past.at(past.bucket, 999, CHOICES) == past


def test_what_was_forgotten_counts_no_more() -> None:
    past = after_all([50] * 40)
    assert past.expected(CHOICES) > 40
    assert past.at(past.bucket + 100_000, 50, CHOICES).expected(CHOICES) == LEAST


def test_few_messages_or_few_people_are_never_news() -> None:
    quiet = Past(bucket=5, first=0)
    assert spike(5, 4, quiet, CHOICES)
    assert not spike(4, 4, quiet, CHOICES)
    assert not spike(50, 3, quiet, CHOICES)


def test_the_same_hour_of_other_days_is_what_is_usual() -> None:
    days = [20 if 32 <= n % 96 < 40 else 0 for n in range(96 * 7)]
    at_eight, at_night = after_all([*days, *days[:32]]), after_all([*days, *days[:12]])
    assert not spike(25, 25, at_eight, CHOICES)
    assert spike(25, 25, at_night, CHOICES)


def test_buckets_are_whole_and_follow_each_other() -> None:
    assert bucket("2026-11-20T09:14:59.999Z", CHOICES) + 1 == bucket("2026-11-20T09:15:00.000Z", CHOICES)


@given(st.integers(0, 10_000))
@settings(max_examples=8, deadline=None)
def test_on_ordinary_days_there_are_hardly_any_false_alarms(seed: int) -> None:
    assert false_alarms(20, seed, days=15, restless=0.5) == 0
    assert false_alarms(200, seed, days=15, restless=0.5) <= 1


@given(st.integers(0, 10_000))
@settings(max_examples=8, deadline=None)
def test_a_storm_over_a_quiet_topic_is_known_within_minutes(seed: int) -> None:
    found = delay(2, seed, per_hour=300, restless=0.5)
    assert found is not None and found <= 5


@pytest.mark.parametrize("once_in", [100, 10_000, 1_000_000])
def test_a_brand_says_how_rare_is_rare(once_in: int) -> None:
    choices = CHOICES.model_copy(update={"once_in_buckets": once_in, "least_messages": 2, "least_people": 2})
    past = after_all([4] * 60)
    least = next(n for n in range(1000) if spike(n, n, past, choices))
    assert surprise(least, 2 * past.expected(choices)) >= log(once_in) > surprise(least - 1, 2 * past.expected(choices))

"""Viber's status table, row by row, and what HTTP says instead (faults F17, F18, F23)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hark.domain.failures import FAILINGS, Effect
from hark.providers.contract import NotSent
from hark.providers.viber.failures import (
    BACK_OFF,
    UNANSWERED,
    call_failed,
    http_refusal,
    never_sent,
    no_answer,
    refusal,
)

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "code", "effect"),
    [
        (1, "not_set_up", Effect.PAUSED),
        (2, "token_refused", Effect.PAUSED),
        (3, "invalid", Effect.NEVER),
        (4, "invalid", Effect.NEVER),
        (5, "person_unreachable", Effect.NEVER),
        (6, "not_subscribed", Effect.NEVER),
        (7, "account_refused", Effect.PAUSED),
        (8, "account_refused", Effect.PAUSED),
        (9, "account_refused", Effect.PAUSED),
        (10, "not_set_up", Effect.PAUSED),
        (11, "device_too_old", Effect.NEVER),
        (12, "unanswered_limit", Effect.LATER),
        (13, "invalid", Effect.NEVER),
        (14, "invalid", Effect.NEVER),
        (15, "permission_missing", Effect.PAUSED),
        *((status, "not_supported", Effect.NEVER) for status in range(16, 23)),
        (23, "session_unpaid", Effect.LATER),
        (24, "session_unpaid", Effect.LATER),
        (99, "busy", Effect.LATER),
        (25, "busy", Effect.LATER),
        (-1, "busy", Effect.LATER),
    ],
)
def test_a_status_of_viber_is_one_of_our_failures(status: int, code: str, effect: Effect) -> None:
    made = refusal(status, NOW)
    assert (made.code, made.effect, made.detail) == (code, effect, str(status))
    assert (made.retry_at is not None) == (effect is Effect.LATER)


@settings(max_examples=50, deadline=None)
@given(st.integers().filter(bool))
def test_no_status_but_0_is_ever_doubtful_or_a_success(status: int) -> None:
    made = refusal(status, NOW)
    assert FAILINGS[made.code].effect is not Effect.UNKNOWN, "Viber said that it did nothing"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (429, "rate_limited"),
        (401, "token_refused"),
        (403, "account_refused"),
        (400, "invalid"),
        (404, "invalid"),
        (413, "invalid"),
        (408, "server_error"),
        (204, "server_error"),
        (302, "server_error"),
        (500, "server_error"),
        (502, "server_error"),
        (503, "server_error"),
    ],
)
def test_an_http_answer_that_is_not_vibers_proves_nothing_unless_it_is_a_refusal(status: int, code: str) -> None:
    made = http_refusal(status, {}, NOW)
    assert (made.code, made.detail) == (code, f"http {status}")
    assert (made.retry_at is not None) == (code == "rate_limited")


@pytest.mark.parametrize(
    ("given_wait", "wait"),
    [("90", timedelta(seconds=90)), ("Fri, 20 Nov 2026 09:05:00 GMT", timedelta(minutes=5))],
)
def test_after_a_429_we_wait_as_long_as_viber_says_f17(given_wait: str, wait: timedelta) -> None:
    assert http_refusal(429, {"retry-after": given_wait}, NOW).retry_at == NOW + wait


@pytest.mark.parametrize(
    "given_wait",
    ["", "soon", "-5", "0", "9" * 30, "999999", "Fri, 20 Nov 2020 09:05:00 GMT", "Fri, 20 Nov 2026 09:05:00"],
)
def test_garbage_and_absurd_times_give_way_to_a_guess_with_jitter_f17(given_wait: str) -> None:
    waits = {http_refusal(429, {"retry-after": given_wait}, NOW).retry_at for _ in range(5)}
    if given_wait.endswith("GMT") or not given_wait.startswith("Fri"):
        assert all(at is not None and NOW + BACK_OFF <= at <= NOW + 2 * BACK_OFF for at in waits)
        assert len(waits) > 1, "waiting replies spread out"
    else:
        assert waits == {NOW + timedelta(minutes=5)}, "a date without a zone is UTC"


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_no_header_makes_us_hammer_or_wait_for_ever(value: str) -> None:
    at = http_refusal(429, {"retry-after": value}, NOW).retry_at
    assert at is not None
    assert NOW < at <= NOW + timedelta(hours=25)


def test_the_unanswered_limit_is_looked_at_again_after_an_hour() -> None:
    at = refusal(12, NOW).retry_at
    assert at is not None
    assert NOW + UNANSWERED <= at <= NOW + 2 * UNANSWERED


def test_what_was_never_sent_is_tried_again_and_what_is_doubtful_is_not() -> None:
    assert never_sent(NOW).effect is Effect.LATER
    assert never_sent(NOW).retry_at is not None
    assert no_answer("cut off") == NotSent("no_answer", None, "cut off")


@pytest.mark.parametrize(
    ("why", "code", "later"),
    [
        (NotSent("unanswered_limit", NOW + UNANSWERED), "rate_limited", True),
        (NotSent("server_error"), "busy", True),
        (NotSent("no_answer"), "unreachable", True),
        (NotSent("token_refused"), "token_refused", False),
        (NotSent("account_refused"), "account_refused", False),
    ],
)
def test_a_call_without_an_effect_may_be_made_again_whatever_became_of_it(why: NotSent, code: str, later: bool) -> None:
    made = call_failed(why, NOW)
    assert (made.code, made.paused) == (code, not later)
    assert (made.retry_at is not None) == later

"""Every row of Meta's error table, and what it means for a thing said, a thing set and a thing read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hark.domain.failures import FAILINGS, Effect
from hark.providers.meta.failures import Purpose, limit_ends, no_answer, refusal

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

# (row of the contract's table, code, subcode, failure of something said, failure of something set or read)
ROWS = [
    ("temporary", 1, 0, "server_error", "busy"),
    ("temporary", 2, 0, "server_error", "busy"),
    ("sent although an error is returned", 1, 1357046, "server_error", "busy"),
    *(("limit", code, 0, "rate_limited", "rate_limited") for code in (4, 17, 32, 341, 613, 80001, 80002, 80006)),
    ("limit of Instagram messages", 613, 2534040, "rate_limited", "rate_limited"),
    ("outside the window, Messenger", 10, 2018278, "window_closed", "window_closed"),
    ("outside the window, Instagram", 10, 2534022, "window_closed", "window_closed"),
    ("another app holds the thread", 10, 2018300, "refused", "refused"),
    ("permission missing", 10, 0, "permission_missing", "permission_missing"),
    ("permission missing", 3, 0, "permission_missing", "permission_missing"),
    *(("permission missing", code, 0, "permission_missing", "permission_missing") for code in (200, 210, 283, 299)),
    ("Instagram messages switched off", 200, 2534041, "not_set_up", "not_set_up"),
    ("bad parameter", 100, 0, "invalid", "invalid"),
    ("dead tag", 100, 2018109, "invalid", "invalid"),
    ("unknown person on Messenger", 100, 2018001, "person_unreachable", "person_unreachable"),
    ("unknown person on Instagram", 100, 2534014, "person_unreachable", "person_unreachable"),
    ("does not exist", 100, 33, "target_gone", "target_gone"),
    ("does not exist", 803, 0, "target_gone", "target_gone"),
    *(
        (f"token dead, {subcode}", 190, subcode, "token_refused", "token_refused")
        for subcode in (0, 458, 459, 460, 463, 464, 467, 492)
    ),
    ("consent of the person missing", 230, 0, "refused", "refused"),
    ("blocked for policy", 368, 0, "policy_block", "policy_block"),
    ("blocked for policy", 10, 1893063, "policy_block", "policy_block"),
    ("same text twice", 506, 0, "duplicate_text", "busy"),
    ("person not reachable", 551, 0, "person_unreachable", "person_unreachable"),
    ("person not reachable", 551, 1545041, "person_unreachable", "person_unreachable"),
    ("posting as a person", 1705, 0, "token_refused", "token_refused"),
    ("private reply already sent", 10900, 0, "already_replied", "already_replied"),
    ("private reply not possible", 10903, 0, "refused", "refused"),
    ("Page messages off", 10904, 0, "not_supported", "not_supported"),
    ("not in the table", 2500, 0, "invalid", "invalid"),
]


def refused(answer: object, purpose: Purpose = Purpose.SAY, status: int = 400, **headers: str) -> tuple[str, str]:
    failed = refusal(status, headers, answer, purpose, None, NOW)
    return failed.code, failed.detail


@pytest.mark.parametrize(("row", "code", "subcode", "says", "acts"), ROWS)
def test_an_error_of_the_table_is_one_failure(row: str, code: int, subcode: int, says: str, acts: str) -> None:
    answer = {"error": {"code": code, "error_subcode": subcode, "message": row}}
    detail = f"{code}/{subcode}" if subcode else str(code)
    assert refused(answer) == (says, detail)
    assert refused(answer, Purpose.ACT) == (acts, detail)


def test_a_transient_error_is_unknown_for_a_message_and_repeated_for_an_act() -> None:
    answer = {"error": {"code": 100, "is_transient": True}}
    assert refused(answer) == ("server_error", "100")
    assert refused(answer, Purpose.ACT) == ("busy", "100")
    assert refused({"error": {"code": 4, "is_transient": True}}) == ("rate_limited", "4"), "but a limit is a limit"


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_error_proves_nothing_whatever_its_body_says_f18(status: int) -> None:
    for answer in (None, {"error": {"code": 100}}, {"error": {"code": 190}}, "<html>"):
        assert refused(answer, status=status)[0] == "server_error"
        assert refused(answer, Purpose.ACT, status=status)[0] == "busy"


@pytest.mark.parametrize("answer", [None, {}, [], {"error": "no"}, {"error": {"code": "190"}}, {"error": {}}])
@pytest.mark.parametrize("status", [302, 400, 401, 403, 404])
def test_without_a_readable_error_even_a_refusal_proves_nothing(status: int, answer: object) -> None:
    assert refused(answer, status=status) == ("no_answer", f"http {status}")
    assert refused(answer, Purpose.ACT, status=status)[0] == "busy"


def test_an_error_inside_200_proves_nothing_f19() -> None:
    assert refused({"error": {"code": 100}}, status=200)[0] == "server_error"


def test_too_many_requests_is_a_limit_even_without_a_body_f17() -> None:
    assert refused(None, status=429) == ("rate_limited", "http 429")


@given(
    st.integers(-1000, 100_000),
    st.integers(0, 3_000_000),
    st.booleans(),
    st.sampled_from(Purpose),
    st.integers(300, 599),
)
@settings(max_examples=50)
def test_every_error_is_on_the_closed_list_and_an_act_is_never_unknown(
    code: int, subcode: int, transient: bool, purpose: Purpose, status: int
) -> None:
    answer = {"error": {"code": code, "error_subcode": subcode, "is_transient": transient}}
    failed = refusal(status, {}, answer, purpose, None, NOW)
    assert failed.code in FAILINGS
    if purpose is Purpose.ACT:
        assert FAILINGS[failed.code].effect is not Effect.UNKNOWN
    if FAILINGS[failed.code].effect is Effect.LATER:
        assert failed.retry_at is not None and failed.retry_at > NOW


@pytest.mark.parametrize(
    ("headers", "regain", "seconds"),
    [
        ({}, timedelta(minutes=12), 720),
        ({"retry-after": "90"}, timedelta(minutes=12), 720),
        ({"retry-after": "90"}, None, 90),
        ({"retry-after": "Sat, 21 Nov 2026 12:10:00 GMT"}, None, 600),
    ],
)
def test_a_limit_ends_when_meta_says_f17(headers: dict[str, str], regain: timedelta | None, seconds: int) -> None:
    assert limit_ends(headers, regain, NOW) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("value", ["", "soon", "-5", "99999999", "0", "Sat, 21 Nov 2020 12:10:00 GMT", "²"])
def test_a_limit_without_a_usable_time_ends_in_5_to_60_minutes_f17(value: str) -> None:
    ends = limit_ends({"retry-after": value}, None, NOW)
    assert timedelta(minutes=5) <= ends - NOW <= timedelta(minutes=60)


def test_no_answer_at_all_is_unknown_for_a_message_and_repeated_for_an_act_f19() -> None:
    assert no_answer(0, Purpose.SAY, NOW).code == "no_answer"
    assert no_answer(200, Purpose.SAY, NOW).code == "no_answer"
    assert no_answer(502, Purpose.SAY, NOW).code == "server_error"
    assert no_answer(502, Purpose.ACT, NOW).code == "busy"

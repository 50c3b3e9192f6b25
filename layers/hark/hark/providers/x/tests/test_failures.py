"""X's error table, row by row, and its rate-limit headers (faults F17, F18, F22, F23)."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hark.domain.failures import FAILINGS, Effect
from hark.providers.x.failures import BACK_OFF, refusal, retry_at

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def problem(**fields: object) -> bytes:
    return json.dumps({"title": "Forbidden", "type": "about:blank", "status": 403} | fields).encode()


@pytest.mark.parametrize(
    ("status", "body", "effect", "code"),
    [
        (400, problem(type="https://api.x.com/2/problems/invalid-request"), Effect.NEVER, "invalid"),
        (401, problem(title="Unauthorized", detail="Unauthorized"), Effect.PAUSED, "token_refused"),
        (402, problem(account_id=123, title="CreditsDepleted"), Effect.PAUSED, "credits_depleted"),
        (403, problem(type="https://api.twitter.com/2/problems/credits"), Effect.PAUSED, "credits_depleted"),
        (403, problem(title="SpendCapReached"), Effect.PAUSED, "credits_depleted"),
        (
            403,
            problem(detail="You are not allowed to create a Tweet with duplicate content."),
            Effect.UNKNOWN,
            "duplicate_text",
        ),
        (403, b'{"errors":[{"code":187,"message":"Status is a duplicate."}]}', Effect.UNKNOWN, "duplicate_text"),
        (
            403,
            problem(detail="… you have not been mentioned or otherwise engaged by the author …"),
            Effect.NEVER,
            "not_summoned",
        ),
        (
            403,
            problem(detail="You can only reply to or quote posts where you are mentioned."),
            Effect.NEVER,
            "not_summoned",
        ),
        (403, problem(type="https://api.x.com/2/problems/client-forbidden"), Effect.PAUSED, "permission_missing"),
        (403, b'{"errors":[{"code":64,"message":"Your account is suspended"}]}', Effect.PAUSED, "account_refused"),
        (403, problem(detail="a Tweet that is deleted or not visible to you"), Effect.NEVER, "target_gone"),
        (403, problem(detail="You are blocked."), Effect.NEVER, "refused"),
        (403, b"<html>", Effect.NEVER, "refused"),
        (403, b'["a list"]', Effect.NEVER, "refused"),
        (404, problem(), Effect.NEVER, "target_gone"),
        (429, b'{"errors":[{"code":88,"message":"Rate limit exceeded"}]}', Effect.LATER, "rate_limited"),
        (429, b"", Effect.LATER, "rate_limited"),
        (429, problem(type="https://api.x.com/2/problems/usage-capped"), Effect.PAUSED, "credits_depleted"),
        (408, b"", Effect.UNKNOWN, "server_error"),
        (302, b"", Effect.UNKNOWN, "server_error"),
        (500, b"{}", Effect.UNKNOWN, "server_error"),
        (502, b"<html>Bad gateway</html>", Effect.UNKNOWN, "server_error"),
        (503, b"\xff\xfe", Effect.UNKNOWN, "server_error"),
    ],
)
def test_an_error_of_x_is_one_of_our_failures(status: int, body: bytes, effect: Effect, code: str) -> None:
    made = refusal(status, {}, body, NOW)
    assert (made.effect, made.code) == (effect, code)
    assert made.detail.split("/")[0] == str(status)
    assert (made.retry_at is None) == (effect is not Effect.LATER)


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, problem(type="https://api.x.com/2/problems/invalid-request"), "invalid"),
        (401, problem(title="Unauthorized", detail="Unauthorized"), "token_refused"),
        (402, problem(account_id=123, title="CreditsDepleted"), "credits_depleted"),
        (403, problem(detail="You do not have permission to DM one or more participants."), "person_unreachable"),
        (403, b'{"errors":[{"code":349,"message":"You cannot send messages to this user."}]}', "person_unreachable"),
        (403, problem(type="https://api.x.com/2/problems/oauth1-permissions"), "permission_missing"),
        (403, b'{"errors":[{"code":64,"message":"Your account is suspended"}]}', "account_refused"),
        (403, problem(title="SpendCapReached"), "credits_depleted"),
        (404, problem(), "person_unreachable"),
        (429, b"", "rate_limited"),
        (500, b"", "server_error"),
    ],
)
def test_what_x_says_of_a_private_message_concerns_the_person(status: int, body: bytes, code: str) -> None:
    assert refusal(status, {}, body, NOW, direct=True).code == code


def test_x_own_code_is_kept_for_those_who_debug_and_never_its_words() -> None:
    duplicate = b'{"errors":[{"code":187,"message":"Status is a duplicate."}]}'
    assert refusal(403, {}, duplicate, NOW).detail == "403/187"
    assert refusal(402, {}, problem(type="https://api.twitter.com/2/problems/credits"), NOW).detail == "402/credits"
    assert refusal(403, {}, problem(type="https://evil.example/a b<c>"), NOW).detail == "403"


def epoch(**later: int) -> str:
    return str(int((NOW + timedelta(**later)).timestamp()))


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        pytest.param(
            {"x-rate-limit-remaining": "0", "x-rate-limit-reset": epoch(minutes=7)}, timedelta(minutes=7), id="one"
        ),
        pytest.param(
            {
                "X-Rate-Limit-Remaining": "0",
                "X-Rate-Limit-Reset": epoch(minutes=7),
                "x-app-limit-24hour-remaining": "0",
                "x-app-limit-24hour-reset": epoch(hours=20),
            },
            timedelta(hours=20),
            id="the latest of the exhausted",
        ),
        pytest.param(
            {
                "x-rate-limit-remaining": "0",
                "x-rate-limit-reset": epoch(minutes=7),
                "x-user-limit-24hour-remaining": "3",
                "x-user-limit-24hour-reset": epoch(hours=20),
            },
            timedelta(minutes=7),
            id="a window with room does not count",
        ),
        pytest.param({"retry-after": "90"}, timedelta(seconds=90), id="F17 seconds"),
        pytest.param({"Retry-After": "Fri, 20 Nov 2026 09:05:00 GMT"}, timedelta(minutes=5), id="F17 date"),
        pytest.param({"retry-after": "soon"}, BACK_OFF, id="F17 garbage"),
        pytest.param({"retry-after": "-5"}, BACK_OFF, id="F17 negative"),
        pytest.param({"retry-after": "Fri, 20 Nov 2020 09:05:00 GMT"}, BACK_OFF, id="F17 past"),
        pytest.param({}, BACK_OFF, id="F17 nothing"),
        pytest.param({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "NaN"}, BACK_OFF, id="garbage reset"),
        pytest.param({"x-rate-limit-remaining": "0", "x-rate-limit-reset": epoch(hours=-1)}, BACK_OFF, id="past reset"),
        pytest.param({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "9" * 30}, BACK_OFF, id="absurd reset"),
        pytest.param({"x-rate-limit-remaining": "0", "x-rate-limit-reset": epoch(days=9)}, BACK_OFF, id="far reset"),
    ],
)
def test_after_a_429_we_wait_as_long_as_x_says(headers: dict[str, str], wait: timedelta) -> None:
    assert retry_at(headers, NOW) == NOW + wait


@given(st.dictionaries(st.sampled_from(["x-rate-limit-remaining", "x-rate-limit-reset", "retry-after"]), st.text()))
def test_no_header_makes_us_hammer_or_wait_for_ever(headers: dict[str, str]) -> None:
    assert NOW < retry_at(headers, NOW) <= NOW + timedelta(hours=25)


@given(st.integers(300, 599), st.binary(max_size=100))
def test_no_error_body_is_too_odd_to_classify(status: int, body: bytes) -> None:
    for direct in (False, True):
        made = refusal(status, {}, body, NOW, direct=direct)
        assert made.code in FAILINGS
        assert re.fullmatch(r"[a-z0-9/-]*", made.detail), "codes, never words"

"""However we answer, in public or directly: every way to end, and never said twice (I18, F17 to F23)."""

from __future__ import annotations

from typing import Any

import pytest

from hark.domain.failures import Effect
from hark.providers.contract import CallFailed, NotSent, Sent
from hark.providers.x.fake import Fake

from .saying import DIRECT, REPLY, Way, sender

both_ways = pytest.mark.parametrize("way", [pytest.param(REPLY, id="reply"), pytest.param(DIRECT, id="direct")])


@both_ways
@pytest.mark.parametrize(
    ("fault", "effect", "code", "posted"),
    [
        pytest.param({"answer": "rate_limited", "seconds": 300}, Effect.LATER, "rate_limited", 0, id="F17 429"),
        pytest.param(
            {"answer": "status", "status": 429, "headers": {"Retry-After": "soon"}},
            Effect.LATER, "rate_limited", 0, id="F17 garbage",
        ),
        pytest.param(
            {"answer": "status", "status": 429, "headers": {"x-rate-limit-reset": "soon"}, "body": "[1]"},
            Effect.LATER, "rate_limited", 0, id="F17 garbage that tweepy falls over",
        ),
        pytest.param({"answer": "status", "status": 500}, Effect.UNKNOWN, "server_error", 0, id="F18 no effect"),
        pytest.param(
            {"answer": "status", "status": 503, "effect": True}, Effect.UNKNOWN, "server_error", 1, id="F18 effect"
        ),
        pytest.param({"answer": "reset"}, Effect.UNKNOWN, "no_answer", 0, id="F19 reset"),
        pytest.param({"answer": "reset", "effect": True}, Effect.UNKNOWN, "no_answer", 1, id="F19 lost answer"),
        pytest.param({"answer": "half_json", "effect": True}, Effect.UNKNOWN, "no_answer", 1, id="F19 half"),
        pytest.param({"answer": "html", "effect": True}, Effect.UNKNOWN, "no_answer", 1, id="F19 HTML"),
        pytest.param({"answer": "errors"}, Effect.UNKNOWN, "no_answer", 0, id="F19 error inside 200"),
        pytest.param({"answer": "no_id", "effect": True}, Effect.UNKNOWN, "no_answer", 1, id="F20 no id"),
        pytest.param({"answer": "wrong_id", "effect": True}, Effect.UNKNOWN, "wrong_id", 1, id="F20 another's id"),
        pytest.param({"answer": "status", "status": 402}, Effect.PAUSED, "credits_depleted", 0, id="402"),
        pytest.param({"answer": "status", "status": 401}, Effect.PAUSED, "token_refused", 0, id="F23"),
        pytest.param(
            {"answer": "status", "status": 307, "headers": {"Location": "/2/tweets"}},
            Effect.UNKNOWN, "server_error", 0, id="no redirect is followed",
        ),
    ],
)  # fmt: skip
def test_what_goes_wrong_ends_in_one_failure(
    x: Fake, way: Way, fault: dict[str, Any], effect: Effect, code: str, posted: int
) -> None:
    order = way.asked(x)
    x.faults.plan({"on": way.send, **fault})
    outcome = sender(x).send(order)
    assert isinstance(outcome, NotSent)
    assert (outcome.effect, outcome.code) == (effect, code)
    assert len(way.sent(x)) == posted
    assert not x.faults.shown()
    found = sender(x).read_back(order)
    assert found == (Sent(way.sent(x)[0]) if posted else None), "looking afterwards tells what happened"


@both_ways
def test_looking_sees_what_x_lists_late_f21(x: Fake, way: Way) -> None:
    order = way.asked(x)
    way.list_late(x, 60)
    made = sender(x).send(order)
    assert sender(x).read_back(order) is None
    way.list_late(x, 0)
    assert sender(x).read_back(order) == made


@both_ways
def test_looking_learns_the_new_words_of_x(x: Fake, way: Way) -> None:
    order = way.asked(x)
    x.rest.new_words = True
    made = sender(x).send(order)
    assert isinstance(made, Sent)
    assert sender(x).read_back(order) == made


@both_ways
@pytest.mark.parametrize(
    ("fault", "paused"),
    [
        ({"answer": "rate_limited"}, False),
        ({"answer": "status", "status": 503}, False),
        ({"answer": "reset"}, False),
        ({"answer": "html"}, False),
        ({"answer": "errors"}, False),
        ({"answer": "status", "status": 401}, True),
        ({"answer": "status", "status": 402}, True),
    ],
)
def test_not_being_able_to_look_is_not_the_same_as_not_there(
    x: Fake, way: Way, fault: dict[str, Any], paused: bool
) -> None:
    order = way.asked(x)
    sender(x).send(order)
    x.faults.plan({"on": way.look, **fault})
    with pytest.raises(CallFailed) as failed:
        sender(x).read_back(order)
    assert failed.value.paused is paused

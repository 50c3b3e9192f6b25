"""Messages through the fake Viber: every way to end, and never two messages (I18, I19, F17 to F20, F23)."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hark.domain.failures import FAILINGS, Effect
from hark.providers import http
from hark.providers.contract import CannotLook, NotSent, Order, Sent
from hark.providers.viber import tokens
from hark.providers.viber.door import sender_name
from hark.providers.viber.fake import SECRETS, Fake
from hark.providers.viber.outbound import Sender

from .conftest import control

TEXT = "Sorry! Please send us your order number & name: acme.example/help 👋"
SECRET = SECRETS["b1"]


def wrote(viber: Fake, text: str = "Where is my order?") -> str:
    """zoe writes; the desk's name of her message."""
    return "b1#" + str(control(viber, "POST", "say", {"by": "zoe", "text": text, "silent": True})["id"])


def order(viber: Fake, target: str = "b1#1", **changes: Any) -> Order:
    given: dict[str, Any] = {
        "verb": "dm",
        "platform": "viber",
        "account_id": "b1",
        "target": target,
        "person": viber.world.person("zoe").id,
        "text": TEXT,
        "asked_at": datetime.now(UTC),
        "sender_name": "Acme",
    }
    return Order(**{**given, **changes})


def sender(viber: Fake, **changes: str) -> Sender:
    return Sender({**SECRET, **changes}, viber.url)


def sent(viber: Fake) -> list[Any]:
    made = control(viber, "GET", "sent")
    assert isinstance(made, list)
    return made


def failed(outcome: object) -> NotSent:
    assert isinstance(outcome, NotSent)
    assert (outcome.retry_at is not None) == (outcome.effect is Effect.LATER)
    return outcome


def test_a_message_is_sent_once_to_the_person(viber: Fake) -> None:
    target = wrote(viber)
    outcome = sender(viber).send(order(viber, target, marker="hark-reply-1"))
    (made,) = sent(viber)
    assert outcome == Sent(f"b1#{made['id']}")
    assert (made["text"], made["person"], made["tracking_data"]) == (TEXT, order(viber).person, "hark-reply-1")
    assert int(made["id"]) > 2**53


def test_the_name_of_what_was_sent_is_the_name_in_its_receipts(viber: Fake) -> None:
    outcome = sender(viber).send(order(viber, wrote(viber)))
    assert isinstance(outcome, Sent)
    assert tokens.message_id("b1", str(sent(viber)[0]["id"])) == outcome.platform_id


def test_what_goes_over_the_wire_is_the_contracts_message(viber: Fake) -> None:
    with answering(http_200(b'{"status":0,"status_message":"ok","message_token":6012345678901234590}')) as there:
        outcome = Sender(SECRET, there.url).send(
            order(viber, marker="job-42", sender_name=" Acme Customer Care of Latvia ")
        )
    assert outcome == Sent("b1#6012345678901234590")
    head, _, body = there.heard.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /pa/send_message HTTP/1.1\r\n")
    assert b"x-viber-auth-token: " + SECRET["auth_token"].encode() in head.split(b"\r\n")
    assert json.loads(body) == {
        "receiver": order(viber).person,
        "min_api_version": 1,
        "sender": {"name": "Acme Customer Care of Latvia"},
        "type": "text",
        "text": TEXT,
        "tracking_data": "job-42",
    }
    assert SECRET["auth_token"].encode() not in body


@settings(max_examples=50, deadline=None)
@given(st.text(min_size=29, max_size=60))
def test_a_long_name_never_costs_a_message(name: str) -> None:
    assert len(sender_name(name)) <= 28


@pytest.mark.parametrize("text", ["", "   ", "a" * 7001, "\n"])
def test_a_text_viber_would_refuse_is_not_even_sent(viber: Fake, text: str) -> None:
    target = wrote(viber)
    control(viber, "POST", "faults", {"on": "send", "answer": "status", "status": 500})
    assert failed(sender(viber).send(order(viber, target, text=text))).code == "too_long"
    assert control(viber, "GET", "state")["faults"], "the call was never made"


@pytest.mark.parametrize("text", ["a" * 7000, "é" * 7000, "👋" * 7000])
def test_the_longest_text_fits(viber: Fake, text: str) -> None:
    assert isinstance(sender(viber).send(order(viber, wrote(viber), text=text)), Sent)


def test_a_request_over_30_kb_is_too_long_before_it_is_sent(viber: Fake) -> None:
    target = wrote(viber)
    outcome = sender(viber).send(order(viber, target, text="👋" * 6999 + "\n", marker="m" * 2500))
    assert failed(outcome).code == "too_long"
    assert sent(viber) == []


def test_half_of_a_character_is_refused_before_it_is_sent(viber: Fake) -> None:
    assert failed(sender(viber).send(order(viber, wrote(viber), text="a\ud83d"))).code == "invalid"


@pytest.mark.parametrize(
    "verb", ["public_reply", "private_reply", "like", "unlike", "hide", "unhide", "delete", "poke"]
)
def test_viber_can_do_nothing_but_write(viber: Fake, verb: str) -> None:
    assert failed(sender(viber).send(order(viber, wrote(viber), verb=verb))).code == "not_supported"
    assert sent(viber) == []


def test_nothing_can_be_read_back(viber: Fake) -> None:
    sender(viber).send(order(viber, wrote(viber)))
    with pytest.raises(CannotLook):
        sender(viber).read_back(order(viber))


def test_a_message_without_a_name_of_ours_waits_until_the_account_has_one(viber: Fake) -> None:
    outcome = failed(sender(viber).send(order(viber, wrote(viber), sender_name="  ")))
    assert (outcome.code, outcome.effect) == ("not_set_up", Effect.PAUSED)


@pytest.mark.parametrize("person", ["", "../x", "a b"])
def test_a_receiver_of_no_form_is_never_asked_for(viber: Fake, person: str) -> None:
    assert failed(sender(viber).send(order(viber, wrote(viber), person=person))).code == "invalid"


FAULTS = [
    pytest.param({"answer": "status", "status": 429}, "rate_limited", 0, id="F17 429"),
    pytest.param({"answer": "rate_limited"}, "unanswered_limit", 0, id="F17 status 12"),
    pytest.param(
        {"answer": "status", "status": 429, "headers": {"Retry-After": "soon"}}, "rate_limited", 0, id="F17 garbage"
    ),
    pytest.param({"answer": "status", "status": 500}, "server_error", 0, id="F18 500, nothing sent"),
    pytest.param({"answer": "status", "status": 503, "effect": True}, "server_error", 1, id="F18 503, sent"),
    pytest.param({"answer": "status", "status": 502}, "server_error", 0, id="F18 502"),
    pytest.param({"answer": "reset"}, "no_answer", 0, id="F19 reset"),
    pytest.param({"answer": "reset", "effect": True}, "no_answer", 1, id="F19 sent, answer lost"),
    pytest.param({"answer": "half_json", "effect": True}, "no_answer", 1, id="F19 half an answer"),
    pytest.param({"answer": "html", "effect": True}, "no_answer", 1, id="F19 HTML"),
    pytest.param({"answer": "errors", "code": 3}, "invalid", 0, id="F19 an error inside 200"),
    pytest.param({"answer": "errors"}, "busy", 0, id="F19 a general error inside 200"),
    pytest.param({"answer": "no_id", "effect": True}, "no_answer", 1, id="F20 no token"),
    pytest.param({"answer": "wrong_id", "effect": True}, "wrong_id", 1, id="F20 the customer's own token"),
    pytest.param({"answer": "errors", "code": 2}, "token_refused", 0, id="F23 token"),
    pytest.param({"answer": "errors", "code": 7}, "account_refused", 0, id="F23 blocked"),
    pytest.param({"answer": "status", "status": 401}, "token_refused", 0, id="F23 401"),
    pytest.param(
        {"answer": "status", "status": 307, "headers": {"Location": "/pa/send_message"}},
        "server_error",
        0,
        id="no redirect is followed",
    ),
]


@pytest.mark.parametrize(("fault", "code", "made"), FAULTS)
def test_a_send_that_goes_wrong_ends_in_one_failure(viber: Fake, fault: dict[str, Any], code: str, made: int) -> None:
    target = wrote(viber)
    control(viber, "POST", "faults", {"on": "send", **fault})
    outcome = failed(sender(viber).send(order(viber, target)))
    assert outcome.code == code
    assert len(sent(viber)) == made, "and nothing is sent twice by a library"
    assert not control(viber, "GET", "state")["faults"]
    assert TEXT not in outcome.detail


def test_every_failure_with_an_effect_is_doubtful() -> None:
    doubtful = {str(p.values[1]) for p in FAULTS if p.values[2]}
    assert {FAILINGS[code].effect for code in doubtful} == {Effect.UNKNOWN}


def test_an_answer_that_never_comes_is_unknown_f19(viber: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "READ_SECONDS", 0.3)
    target = wrote(viber)
    control(viber, "POST", "faults", {"on": "send", "answer": "hang", "effect": True, "seconds": 2})
    assert failed(sender(viber).send(order(viber, target))).code == "no_answer"
    assert len(sent(viber)) == 1


@pytest.mark.parametrize("host", ["http://127.0.0.1:1", "http://no-such-host.invalid"])
def test_a_connection_that_never_opened_may_be_tried_again_f19(viber: Fake, host: str) -> None:
    outcome = failed(Sender(SECRET, host).send(order(viber)))
    assert (outcome.code, outcome.effect) == ("unreachable", Effect.LATER)


class There:
    url = ""
    heard = b""


def http_200(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


@contextmanager
def answering(raw: bytes) -> Iterator[There]:
    """A server that sends these bytes to one request, and keeps the request."""
    listener, there = socket.create_server(("127.0.0.1", 0)), There()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            while b"\r\n\r\n" not in there.heard or not there.heard.endswith(b"}"):
                there.heard += connection.recv(65_536)
            connection.sendall(raw)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    there.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    yield there
    thread.join(5)
    listener.close()


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"status":0,"message_token":60', "no_answer"),
        (b"HTTP/1.1 400 Bad Request\r\nContent-Length: 500\r\n\r\n{", "invalid"),
        (http_200(b"[]"), "no_answer"),
        (http_200(b'{"message_token":6012345678901234590}'), "no_answer"),
        (http_200(b'{"status":"0","message_token":6012345678901234590}'), "no_answer"),
        (http_200(b'{"status":false,"message_token":6012345678901234590}'), "no_answer"),
        (http_200(b'{"status":0,"message_token":null}'), "no_answer"),
        (http_200(b'{"status":0,"message_token":6.012345678901235e18}'), "wrong_id"),
        (http_200(b'{"status":0,"message_token":-5}'), "wrong_id"),
        (http_200(b'{"status":0,"message_token":"../x"}'), "wrong_id"),
        (http_200(b'{"status":0,"status":6,"message_token":6012345678901234590}'), "no_answer"),
        (http_200(b'{"status":-1}'), "busy"),
        (http_200(b'{"status":99}'), "busy"),
    ],
)
def test_only_a_whole_answer_with_status_0_and_a_token_is_success_i19(viber: Fake, raw: bytes, code: str) -> None:
    with answering(raw) as there:
        outcome = Sender(SECRET, there.url).send(order(viber))
    assert failed(outcome).code == code


def test_a_token_keeps_all_its_digits_on_the_way_back(viber: Fake) -> None:
    for token in (2**53 + 1, 6012345678901234568, 2**64 - 1):
        with answering(http_200(b'{"status":0,"message_token":%d}' % token)) as there:
            assert Sender(SECRET, there.url).send(order(viber)) == Sent(f"b1#{token}")


# --- limits of the platform ---------------------------------------------------------------------


@pytest.mark.parametrize("token", ["wrong", "", "tok\r\nen: x", "tökén"])
def test_a_wrong_or_missing_token_pauses_the_account_f23(viber: Fake, token: str) -> None:
    outcome = failed(sender(viber, auth_token=token).send(order(viber, wrote(viber))))
    assert outcome.code == ("token_refused" if token == "wrong" else "not_set_up")
    assert outcome.effect is Effect.PAUSED
    assert sent(viber) == []


def test_a_token_that_lost_its_right_pauses_and_burns_nothing_f23(viber: Fake) -> None:
    target = wrote(viber)
    control(viber, "POST", "token", {"valid": False})
    assert failed(sender(viber).send(order(viber, target))).code == "token_refused"
    control(viber, "POST", "token", {"valid": True})
    assert isinstance(sender(viber).send(order(viber, target)), Sent)


def test_who_did_not_write_or_subscribe_or_left_cannot_be_written_to(viber: Fake) -> None:
    assert failed(sender(viber).send(order(viber))).code == "not_subscribed"
    target = wrote(viber)
    assert isinstance(sender(viber).send(order(viber, target)), Sent), "a first message subscribes"
    control(viber, "POST", "unsubscribe", {"by": "zoe", "silent": True})
    assert failed(sender(viber).send(order(viber, target))).code == "not_subscribed"


def test_who_is_not_on_viber_cannot_be_written_to(viber: Fake) -> None:
    assert failed(sender(viber).send(order(viber, person="bm9ib2R5"))).code == "person_unreachable"


def test_the_hundred_and_first_message_waits_for_an_answer(viber: Fake) -> None:
    target = wrote(viber)
    person = viber.world.person("zoe")
    for _ in range(99):
        viber.world.answered(person, {"type": "text", "text": "."}, datetime.now(UTC))
    assert isinstance(sender(viber).send(order(viber, target)), Sent)
    waiting = failed(sender(viber).send(order(viber, target)))
    assert waiting.code == "unanswered_limit"
    assert waiting.retry_at is not None
    assert timedelta(minutes=59) < waiting.retry_at - datetime.now(UTC) < timedelta(hours=2)
    wrote(viber, "Yes, I am here.")
    assert isinstance(sender(viber).send(order(viber, target)), Sent)


def test_without_a_webhook_viber_sends_nothing(viber: Fake) -> None:
    target = wrote(viber)
    control(viber, "POST", "webhook", {"url": ""})
    assert failed(sender(viber).send(order(viber, target))).code == "not_set_up"


def test_outside_of_the_session_a_message_costs_and_without_balance_it_waits() -> None:
    clock = [1_795_219_200.0]
    with Fake(webhook_url="http://127.0.0.1:1", clock=lambda: clock[0]) as viber:
        viber.world.add_person("zoe", "Zoe")
        target = wrote(viber)
        clock[0] += 24 * 3600 - 1
        assert isinstance(sender(viber).send(order(viber, target)), Sent)
        assert [m["paid"] for m in sent(viber)] == [False]
        clock[0] += 1
        control(viber, "POST", "balance", {"messages": 1})
        assert isinstance(sender(viber).send(order(viber, target)), Sent)
        assert [m["paid"] for m in sent(viber)] == [False, True]
        outcome = failed(sender(viber).send(order(viber, target)))
        assert (outcome.code, outcome.effect) == ("session_unpaid", Effect.LATER)
        wrote(viber, "Hello again")
        assert isinstance(sender(viber).send(order(viber, target)), Sent), "inside a session it needs no balance"


def test_no_secret_and_no_text_reaches_the_log_i28(viber: Fake, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    target = wrote(viber)
    sender(viber).send(order(viber, target))
    control(viber, "POST", "faults", {"on": "send", "answer": "reset"})
    outcome = sender(viber).send(order(viber, target))
    for secret in (SECRET["auth_token"], "order number"):
        assert secret not in caplog.text
        assert secret not in repr(outcome)

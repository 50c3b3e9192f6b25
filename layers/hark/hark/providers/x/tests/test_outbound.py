"""Replies through tweepy against the fake X: every way to end, and never two posts (I18, I20, F17 to F23)."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from hark.domain.failures import Effect
from hark.providers.contract import CallFailed, NotSent, Sent
from hark.providers.x import api
from hark.providers.x.fake import SECRETS, Fake
from hark.providers.x.outbound import Sender

from .saying import BRAND, REPLY, REPLY_TEXT, ask, reply, sender


def test_a_reply_is_posted_once_under_the_question(x: Fake) -> None:
    question = ask(x)
    outcome = sender(x).send(reply(question))
    (made,) = (p for p in x.world.posts() if p.source == "api")
    assert outcome == Sent(made.id)
    assert made.parent is question
    assert made.text.startswith("@kim_l Sorry! Please send us your order number & name: https://t.co/")


@pytest.mark.parametrize("text", ["", "   ", "日" * 141])
def test_a_text_x_would_refuse_is_not_even_sent(x: Fake, text: str) -> None:
    x.faults.plan({"on": "send", "answer": "status", "status": 500})
    outcome = sender(x).send(reply(ask(x), text))
    assert isinstance(outcome, NotSent)
    assert outcome.effect is Effect.NEVER
    assert x.faults.shown(), "the call was never made"


def test_a_post_that_x_does_not_know_any_more_cannot_be_answered(x: Fake) -> None:
    question = ask(x)
    x.faults.plan({"on": "send", "answer": "status", "status": 404})
    outcome = sender(x).send(reply(question))
    assert isinstance(outcome, NotSent)
    assert (outcome.effect, outcome.code) == (Effect.NEVER, "target_gone")
    assert sender(x).read_back(reply(question)) is None


def test_the_time_of_a_rate_limit_is_the_one_x_names(x: Fake) -> None:
    x.faults.plan({"on": "send", "answer": "rate_limited", "seconds": 300})
    outcome = sender(x).send(reply(ask(x)))
    assert isinstance(outcome, NotSent)
    assert outcome.retry_at is not None
    assert abs(outcome.retry_at - datetime.now(UTC) - timedelta(seconds=300)) < timedelta(seconds=10)


def test_an_answer_that_never_comes_is_unknown_i20_f19(x: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "READ_SECONDS", 0.3)
    x.faults.plan({"on": "send", "answer": "hang", "effect": True, "seconds": 2})
    outcome = sender(x).send(reply(ask(x)))
    assert isinstance(outcome, NotSent)
    assert (outcome.effect, outcome.code) == (Effect.UNKNOWN, "no_answer")
    assert len(REPLY.sent(x)) == 1


@pytest.mark.parametrize("host", ["http://127.0.0.1:1", "http://no-such-host.invalid"])
def test_a_connection_that_never_opened_may_be_tried_again_f19(x: Fake, host: str) -> None:
    outcome = Sender(SECRETS[BRAND], host).send(reply(ask(x)))
    assert isinstance(outcome, NotSent)
    assert (outcome.effect, outcome.code) == (Effect.LATER, "unreachable")
    assert outcome.retry_at is not None


@contextmanager
def answering(raw: bytes, *, pause: float = 0.0, times: int = 1) -> Iterator[str]:
    """A server that sends these bytes to one request, `times` over with a pause between."""
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(raw)
            for _ in range(times - 1):
                if ended.wait(pause):
                    return
                connection.sendall(b" ")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    ended.set()
    thread.join(5)
    listener.close()


def test_a_reset_in_the_middle_of_the_body_is_unknown(x: Fake) -> None:
    with answering(b'HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{"data":{"id":"2123706425275322373"}}') as host:
        outcome = Sender(SECRETS[BRAND], host).send(reply(ask(x)))
    assert isinstance(outcome, NotSent)
    assert (outcome.effect, outcome.code) == (Effect.UNKNOWN, "no_answer")


def test_a_refusal_stays_one_when_its_body_breaks_off(x: Fake) -> None:
    with answering(b"HTTP/1.1 402 Payment Required\r\nContent-Length: 500\r\n\r\n{") as host:
        outcome = Sender(SECRETS[BRAND], host).send(reply(ask(x)))
    assert isinstance(outcome, NotSent)
    assert outcome.effect is Effect.PAUSED


def test_a_body_that_drips_does_not_hold_the_sender_for_ever_i20(x: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "WHOLE_ANSWER_SECONDS", 0.5)
    with answering(b"HTTP/1.1 201 Created\r\nContent-Length: 5000\r\n\r\n{", pause=0.1, times=100) as host:
        outcome = Sender(SECRETS[BRAND], host).send(reply(ask(x)))
    assert isinstance(outcome, NotSent)
    assert outcome.code == "no_answer"


@pytest.mark.parametrize("name", ["consumer_key", "consumer_secret", "access_token", "access_token_secret"])
def test_a_wrong_or_missing_credential_pauses_the_account_f23(x: Fake, name: str) -> None:
    for value, code in (("wrong", "token_refused"), ("", "not_set_up")):
        outcome = sender(x, **{name: value}).send(reply(ask(x)))
        assert isinstance(outcome, NotSent)
        assert (outcome.effect, outcome.code) == (Effect.PAUSED, code)
    assert REPLY.sent(x) == []


def test_x_refuses_a_reply_to_somebody_who_did_not_call_us(x: Fake) -> None:
    ours = x.world.add_post(x.world.brand, "We are closed today.", datetime.now(UTC), x.clock())
    outcome = sender(x).send(reply(ask(x, "what? again?", parent=ours)))
    assert isinstance(outcome, NotSent)
    assert (outcome.effect, outcome.code) == (Effect.NEVER, "not_summoned")
    assert isinstance(sender(x).send(reply(ask(x, "what, @acme?", parent=ours))), Sent)
    assert isinstance(sender(x).send(reply(ask(x, "look at this", quoted=ours), "We are sorry.")), Sent)


def test_the_same_text_again_is_refused_and_then_found_f22(x: Fake) -> None:
    question = ask(x)
    first = sender(x).send(reply(question))
    second = sender(x).send(reply(question))
    assert isinstance(second, NotSent)
    assert (second.effect, second.code) == (Effect.UNKNOWN, "duplicate_text")
    assert sender(x).read_back(reply(question)) == first


def test_a_deleted_question_cannot_be_answered(x: Fake) -> None:
    question = ask(x)
    x.world.remove(question)
    outcome = sender(x).send(reply(question))
    assert isinstance(outcome, NotSent)
    assert (outcome.effect, outcome.code) == (Effect.NEVER, "target_gone")


def test_looking_finds_neither_an_old_nor_another_reply_of_the_same_text_f21(x: Fake) -> None:
    first, second = ask(x), ask(x, "@acme and 4712?")
    x.world.add_post(x.world.brand, REPLY_TEXT, datetime.now(UTC), x.clock(), parent=first)
    x.world.add_post(x.world.brand, "We are looking.", datetime.now(UTC), x.clock(), parent=second)
    assert sender(x).read_back(reply(second)) is None


def test_looking_goes_through_all_pages(x: Fake) -> None:
    question = ask(x)
    made = sender(x).send(reply(question))
    for n in range(230):
        x.world.add_post(x.world.brand, f"News {n}", datetime.now(UTC), x.clock())
    assert sender(x).read_back(reply(question)) == made


def test_more_posts_than_we_look_through_are_no_proof(x: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hark.providers.x.looking.REPLY_PAGES", 1)
    question = ask(x)
    for n in range(120):
        x.world.add_post(x.world.brand, f"News {n}", datetime.now(UTC), x.clock())
    with pytest.raises(CallFailed) as failed:
        sender(x).read_back(reply(question))
    assert (failed.value.paused, failed.value.detail) == (False, "read_back_incomplete")


def test_no_secret_and_no_text_reaches_the_log_i28(x: Fake, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    question = ask(x)
    sender(x).send(reply(question))
    sender(x).read_back(reply(question))
    for secret in (*SECRETS[BRAND].values(), "order number"):
        assert secret not in caplog.text

"""Saying and doing things on the fake Meta: it arrives once, whatever breaks; looking afterwards tells (I18 to I20)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hark.domain.failures import Effect
from hark.providers import http
from hark.providers.contract import NotSent, Order, Outcome, Sent
from hark.providers.meta.fake import SECRETS, Fake
from hark.providers.meta.fake.identity import INSTAGRAM_ID, PAGE_ID
from hark.providers.meta.outbound import Sender
from hark.providers.meta.tests.meta_accounts import say

TEXT = "Sorry! We are looking for parcel 4711. 😀"


class Clock:
    """The time of the fake, and of who wrote when; proofs go by the real one."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def meta(clock: Clock) -> Iterator[Fake]:
    with Fake(clock=clock) as fake:
        fake.world.add_person("kim_l", "Kim L")
        yield fake


Ask = Callable[[Fake], Order]


def comment(fake: Fake) -> Order:
    target = say(fake, "facebook", "comment", "kim_l", "Where is my parcel?")
    return order(fake, "public_reply", "facebook", target, "comment")


def reply(fake: Fake) -> Order:
    top = say(fake, "facebook", "comment", "kim_l", "Where is my parcel?")
    return order(fake, "public_reply", "facebook", say(fake, "facebook", "comment", "kim_l", "4711", to=top), "comment")


def visitor_post(fake: Fake) -> Order:
    return order(fake, "public_reply", "facebook", say(fake, "facebook", "post", "kim_l", "Hello?"), "post")


def direct(fake: Fake) -> Order:
    said = say(fake, "messenger", "direct", "kim_l", "Where is my parcel?")
    person = fake.world.person("kim_l").private_id("messenger")
    return order(fake, "dm", "messenger", f"{PAGE_ID}#{said}", "direct", person)


def instagram_comment(fake: Fake) -> Order:
    target = say(fake, "instagram", "comment", "kim_l", "Price?")
    return order(fake, "public_reply", "instagram", target, "comment")


def instagram_reply(fake: Fake) -> Order:
    top = say(fake, "instagram", "comment", "kim_l", "Price?")
    target = say(fake, "instagram", "comment", "kim_l", "Hello?", to=top)
    return order(fake, "public_reply", "instagram", target, "comment")


def instagram_direct(fake: Fake) -> Order:
    said = say(fake, "instagram", "direct", "kim_l", "In stock?")
    person = fake.world.person("kim_l").private_id("instagram")
    return order(fake, "dm", "instagram", f"{INSTAGRAM_ID}#{said}", "direct", person)


def order(fake: Fake, verb: str, platform: str, target: str, surface: str, person: str = "") -> Order:
    account = INSTAGRAM_ID if platform == "instagram" else PAGE_ID
    item = fake.world.items.get(target)
    at = item.at if item is not None else datetime.now(UTC) - timedelta(seconds=1)
    return Order(verb, platform, account, target, surface, person, person, TEXT, asked_at=at, marker="hark:1")


def sender(fake: Fake, asked: Order, **secrets: str) -> Sender:
    return Sender({**SECRETS[asked.account_id], **secrets}, fake.url)


def said(fake: Fake) -> list[dict[str, Any]]:
    return fake.control.sent


def code(outcome: Outcome) -> str:
    assert isinstance(outcome, NotSent)
    return outcome.code


SAYING = [comment, reply, visitor_post, direct, instagram_comment, instagram_reply, instagram_direct]


@pytest.mark.parametrize("ask", SAYING)
def test_what_is_said_is_there_once_and_found_again(meta: Fake, ask: Ask) -> None:
    asked = ask(meta)
    assert sender(meta, asked).read_back(asked) is None
    outcome = sender(meta, asked).send(asked)
    assert isinstance(outcome, Sent)
    (there,) = said(meta)
    assert (there["verb"], there["text"]) == (asked.verb, TEXT)
    assert outcome.platform_id in (there["id"], f"{asked.account_id}#{there['id']}")
    assert sender(meta, asked).read_back(asked) == outcome


@pytest.mark.parametrize("ask", SAYING)
@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        pytest.param({"answer": "status", "status": 500}, "server_error", id="F18"),
        pytest.param({"answer": "status", "status": 503, "effect": True}, "server_error", id="F18 effect"),
        pytest.param({"answer": "reset"}, "no_answer", id="F19 reset"),
        pytest.param({"answer": "reset", "effect": True}, "no_answer", id="F19 lost answer"),
        pytest.param({"answer": "half_json", "effect": True}, "no_answer", id="F19 half JSON"),
        pytest.param({"answer": "html", "effect": True}, "no_answer", id="F19 HTML"),
        pytest.param({"answer": "errors", "code": 100}, "server_error", id="F19 error inside 200"),
        pytest.param({"answer": "no_id", "effect": True}, "no_answer", id="F20 no id"),
        pytest.param({"answer": "error", "code": 1, "subcode": 1357046, "effect": True}, "server_error", id="sent"),
    ],
)
def test_after_an_unclear_end_looking_tells_what_happened_f18_to_f20(
    meta: Fake, ask: Ask, fault: dict[str, Any], failure: str
) -> None:
    asked = ask(meta)
    meta.faults.plan({"on": "send", **fault})
    outcome = sender(meta, asked).send(asked)
    assert code(outcome) == failure
    assert isinstance(outcome, NotSent) and outcome.effect is Effect.UNKNOWN
    made = [one["id"] for one in said(meta)]
    assert len(made) == (1 if fault.get("effect") else 0)
    found = sender(meta, asked).read_back(asked)
    if made:
        assert found is not None and found.platform_id in (made[0], f"{asked.account_id}#{made[0]}")
    else:
        assert found is None


def test_an_answer_that_never_comes_is_unknown_f19(meta: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "READ_SECONDS", 0.2)
    asked = direct(meta)
    meta.faults.plan({"on": "send", "answer": "hang", "seconds": 1, "effect": True})
    assert code(sender(meta, asked).send(asked)) == "no_answer"
    assert len(said(meta)) == 1
    monkeypatch.undo()
    assert isinstance(sender(meta, asked).read_back(asked), Sent)


def test_the_id_of_something_else_is_no_proof_f20(meta: Fake) -> None:
    for ask in (comment, direct):
        asked = ask(meta)
        meta.faults.plan({"on": "send", "answer": "wrong_id"})
        assert code(sender(meta, asked).send(asked)) == "wrong_id"


def test_a_limit_waits_as_long_as_meta_says_and_nothing_is_tried_meanwhile_f17(meta: Fake) -> None:
    asked = direct(meta)
    meta.faults.plan({"on": "send", "answer": "rate_limited", "seconds": 300})
    first, second = sender(meta, asked).send(asked), sender(meta, asked).send(asked)
    for outcome in (first, second):
        assert isinstance(outcome, NotSent) and outcome.code == "rate_limited"
        assert outcome.retry_at is not None
        assert abs(outcome.retry_at - datetime.now(UTC) - timedelta(minutes=5)) < timedelta(seconds=10)
    assert said(meta) == []


def test_at_95_percent_what_goes_out_is_out_and_the_next_waits_f17(meta: Fake) -> None:
    asked = direct(meta)
    meta.usage.set_told(PAGE_ID, 96, 7)
    assert isinstance(sender(meta, asked).send(asked), Sent)
    outcome = sender(meta, asked).send(asked)
    assert isinstance(outcome, NotSent) and outcome.code == "rate_limited" and outcome.retry_at is not None
    assert abs(outcome.retry_at - datetime.now(UTC) - timedelta(minutes=7)) < timedelta(seconds=10)
    assert len(said(meta)) == 1


@pytest.mark.parametrize("ask", SAYING)
def test_a_dead_token_and_a_lost_permission_wait_for_an_operator_f23(meta: Fake, ask: Ask) -> None:
    asked = ask(meta)
    meta.tokens.set_state(asked.account_id, 460)
    dead = sender(meta, asked).send(asked)
    meta.tokens.set_state(asked.account_id, 0)
    lost = {"facebook": "pages_manage_engagement", "messenger": "pages_messaging"}.get(asked.platform)
    names = [lost] if lost else ["instagram_manage_comments", "instagram_manage_messages"]
    meta.permissions.set_missing(asked.account_id, names)
    forbidden = sender(meta, asked).send(asked)
    assert (code(dead), code(forbidden)) == ("token_refused", "permission_missing")
    assert said(meta) == []
    meta.permissions.set_missing(asked.account_id, [])
    assert isinstance(sender(meta, asked).send(asked), Sent), "nothing was burnt"


def test_the_owner_of_an_instagram_account_may_switch_messages_off(meta: Fake) -> None:
    asked = instagram_direct(meta)
    meta.permissions.set_missing(INSTAGRAM_ID, ["allow_messages"])
    assert code(sender(meta, asked).send(asked)) == "not_set_up"


@pytest.mark.parametrize("ask", [direct, instagram_direct])
def test_a_day_after_the_last_word_only_a_person_may_write_and_after_seven_nobody(
    meta: Fake, clock: Clock, ask: Ask
) -> None:
    asked = ask(meta)
    tagged = replace(asked, tag="HUMAN_AGENT")
    clock.ahead = timedelta(hours=25).total_seconds()
    assert code(sender(meta, asked).send(asked)) == "window_closed"
    assert isinstance(sender(meta, asked).send(tagged), Sent)
    clock.ahead = timedelta(days=7, minutes=1).total_seconds()
    assert code(sender(meta, asked).send(tagged)) == "window_closed"


def test_what_we_send_along_comes_back_with_the_echo(meta: Fake) -> None:
    asked = direct(meta)
    assert isinstance(sender(meta, asked).send(asked), Sent)
    (echoed,) = (m for m in meta.world.messages.values() if m.own)
    assert echoed.metadata == "hark:1"


@pytest.mark.parametrize("ask", [comment, visitor_post, instagram_comment])
def test_one_private_reply_for_seven_days(meta: Fake, clock: Clock, ask: Ask) -> None:
    asked = replace(ask(meta), verb="private_reply")
    late = replace(ask(meta), verb="private_reply")
    outcome = sender(meta, asked).send(asked)
    platform = "messenger" if asked.platform == "facebook" else "instagram"
    assert isinstance(outcome, Sent)
    assert outcome.person == meta.world.person("kim_l").private_id(platform)
    assert outcome.platform_id == f"{asked.account_id}#{said(meta)[0]['id']}"
    assert code(sender(meta, asked).send(asked)) == "already_replied"
    clock.ahead = timedelta(days=7, minutes=1).total_seconds()
    assert code(sender(meta, late).send(late)) == "refused"


def test_a_private_reply_whose_answer_got_lost_is_not_said_twice(meta: Fake) -> None:
    asked = replace(comment(meta), verb="private_reply")
    meta.faults.plan({"on": "send", "answer": "reset"})
    assert code(sender(meta, asked).send(asked)) == "no_answer"
    assert sender(meta, asked).read_back(asked) is None
    assert isinstance(sender(meta, asked).send(asked), Sent)


def test_a_blocked_person_a_held_thread_and_a_deleted_comment_are_refusals(meta: Fake) -> None:
    asked = direct(meta)
    meta.acts.block({"by": "kim_l"})
    assert code(sender(meta, asked).send(asked)) == "person_unreachable"
    meta.acts.block({"by": "kim_l", "blocked": False})
    meta.acts.take_thread({"by": "kim_l", "platform": "messenger"})
    assert code(sender(meta, asked).send(asked)) == "refused"
    for ask in (comment, instagram_comment):
        asked = ask(meta)
        meta.acts.drop({"id": asked.target, "silent": True})
        assert code(sender(meta, asked).send(asked)) == "target_gone"


def test_the_same_words_again_are_refused_and_then_found_f22(meta: Fake) -> None:
    asked = comment(meta)
    first = sender(meta, asked).send(asked)
    assert code(sender(meta, asked).send(asked)) == "duplicate_text"
    assert sender(meta, asked).read_back(asked) == first


def test_acts_are_done_and_may_be_repeated(meta: Fake) -> None:
    for ask in (comment, instagram_comment):
        asked = ask(meta)
        item = meta.world.items[asked.target]
        for verb, hidden in (("hide", True), ("hide", True), ("unhide", False)):
            assert sender(meta, asked).send(replace(asked, verb=verb)) == Sent()
            assert item.hidden is hidden
    asked = comment(meta)
    for verb, liked in (("like", True), ("like", True), ("unlike", False), ("unlike", False)):
        assert sender(meta, asked).send(replace(asked, verb=verb)) == Sent()
        assert (PAGE_ID in meta.world.items[asked.target].reactions) is liked
    for ask in (comment, instagram_comment):
        asked = ask(meta)
        outcome = sender(meta, asked).send(asked)
        assert isinstance(outcome, Sent)
        for _ in range(2):
            assert sender(meta, asked).send(replace(asked, verb="delete", target=outcome.platform_id)) == Sent()


@pytest.mark.parametrize("answer", ["reset", "status", "html", "half_json", "errors"])
def test_an_act_that_ended_unclear_is_done_again(meta: Fake, answer: str) -> None:
    asked = replace(comment(meta), verb="hide")
    meta.faults.plan({"on": "act", "answer": answer, "effect": answer != "errors"})
    outcome = sender(meta, asked).send(asked)
    assert isinstance(outcome, NotSent) and (outcome.code, outcome.effect) == ("busy", Effect.LATER)
    assert sender(meta, asked).send(asked) == Sent()


def test_where_we_were_mentioned_we_can_answer(meta: Fake) -> None:
    for media in ([], [{"kind": "image", "url": "https://a.fbcdn.net/1.jpg"}]):
        for platform in ("facebook", "instagram"):
            target = say(meta, platform, "mention", "kim_l", "Ask @acme", media=media)
            item = meta.world.items[target]
            asked = replace(order(meta, "public_reply", platform, target, "mention"), thread=(item.post or item).id)
            assert isinstance(sender(meta, asked).send(asked), Sent)
    assert len(said(meta)) == 4

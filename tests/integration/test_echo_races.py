"""An echo may be here before the platform's answer is: it is known as ours by what was noted before we called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hark import wiring
from hark.domain.case import Case
from hark.domain.reply import Reply, State
from hark.providers.contract import Order, Outcome

from .conftest import running
from .town import Town, Towns

TEXT = "We have looked into it."


@pytest.fixture
def town(town_of: Towns) -> Iterator[Town]:
    with town_of("meta") as town:
        town.told("meta", "users", username="kim", name="Kim L")
        town.told("meta", "users", username="ann", name="Ann B")
        yield town


def early(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the echo of what we post is folded before our sender hears the platform's answer."""
    sending = wiring.sending()
    made = sending.sender

    class Overtaken:
        def __init__(self, provider: str, credentials: dict[str, str]) -> None:
            self.sender = made(provider, credentials)

        def send(self, order: Order) -> Outcome:
            outcome = self.sender.send(order)
            running.set("")  # what follows is the platform's doing, not the sender's
            town.arrive("meta")
            running.set("send_reply")
            return outcome

        def read_back(self, order: Order) -> Any:
            return self.sender.read_back(order)

    object.__setattr__(sending, "sender", Overtaken)


def case_of(town: Town, handle: str) -> Case:
    return next(c for c in town.desk.cases() if c.name.startswith(handle) or c.handle == handle)


def nested(town: Town) -> tuple[Case, Case]:
    """Kim comments; Ann answers under Kim's comment. Kim's case and Ann's."""
    post = town.say("meta", "acme", "New hours", platform="facebook", surface="post")
    top = town.say("meta", "kim", "Where is my parcel?", platform="facebook", surface="comment", to=post)
    town.say("meta", "ann", "Mine is late too. Why?", platform="facebook", surface="comment", to=top)
    return case_of(town, "Kim"), case_of(town, "Ann")


def settled(town: Town, reply: Reply) -> Reply:
    town.push()
    town.arrive("meta")
    return town.reply(reply.case, reply.id)


@pytest.mark.parametrize("answer", ["told", "lost"])
def test_an_answer_to_a_nested_comment_is_that_persons_though_its_echo_names_the_top_of_the_thread(
    town: Town, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    kim, ann = nested(town)
    early(town, monkeypatch)
    if answer == "lost":
        town.told("meta", "faults", on="send", answer="reset", effect=True)
    reply = settled(town, town.write(ann, TEXT, "public_reply"))
    assert reply.state is State.SENT
    kim, ann = case_of(town, "Kim"), case_of(town, "Ann")
    assert (kim.awaiting, ann.awaiting) == ("us", "them")
    assert [m.text for m in town.messages(ann) if m.own and m.by] == [TEXT]
    assert [m.text for m in town.messages(kim) if m.own and m.by] == []


def test_a_private_reply_on_instagram_is_ours_though_its_echo_bears_no_mark(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = town.say("meta", "acme", "New hours", platform="instagram", surface="post")
    town.say("meta", "kim", "Where is my parcel?", platform="instagram", surface="comment", to=post)
    case = case_of(town, "kim")
    early(town, monkeypatch)
    assert settled(town, town.write(case, TEXT, "private_reply")).state is State.SENT
    case = next(c for c in town.desk.cases() if c.id == case.id)
    assert (case.awaiting, bool(case.private_reply_at)) == ("them", True)
    assert "message.own_outside" not in town.lines(case)
    assert all(m.by for m in town.desk.messages() if m.own and m.text == TEXT)


def test_the_same_words_written_on_the_platform_to_somebody_else_are_not_ours(town: Town) -> None:
    town.say("meta", "kim", "Where is it?", platform="messenger", surface="direct")
    town.say("meta", "ann", "And mine?", platform="messenger", surface="direct")
    kim = next(c for c in town.desk.cases() if c.snippet == "Where is it?")
    town.told("meta", "faults", on="send", answer="reset", effect=False)
    reply = town.write(kim, TEXT, "dm")
    town.push()
    town.say("meta", "acme", TEXT, platform="messenger", surface="direct", to="ann")
    assert town.reply(kim.id, reply.id).state is State.UNKNOWN
    ann = next(c for c in town.desk.cases() if c.id != kim.id)
    assert (ann.awaiting, town.lines(ann).count("message.own_outside")) == ("them", 1)

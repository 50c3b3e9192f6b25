"""A private reply to a comment: one only, in both threads once; private messages whose outcome the echo tells."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hark.domain.case import Case
from hark.domain.reply import State
from hark.store.messages import Messages

from .conftest import BRAND
from .town import Town, Towns

TEXT = "We have written to you about it."


@pytest.fixture
def town(town_of: Towns) -> Iterator[Town]:
    with town_of("meta") as town:
        town.told("meta", "users", username="kim", name="Kim L")
        yield town


def commented(town: Town, platform: str) -> Case:
    """The case of a comment under one of our posts."""
    post = town.say("meta", "acme", "New hours", platform=platform, surface="post")
    town.say("meta", "kim", "Where is my parcel?", platform=platform, surface="comment", to=post)
    return town.desk.case()


def private(town: Town, public: Case) -> list[Case]:
    return [c for c in town.desk.cases() if c.id != public.id]


def private_verb(town: Town, case: Case) -> bool:
    """Whether the desk offers a private reply now."""
    said = town.dana.get(f"conversations/{case.id}").said
    return next(bool(v["allowed"]) for v in said["verbs"] if v["verb"] == "private_reply")


def unanswered(town: Town, *, effect: bool) -> None:
    """The next thing we say gets no answer; it is carried out or not."""
    town.told("meta", "faults", on="send", answer="reset", effect=effect)


each_platform = pytest.mark.parametrize(("platform", "inbox"), [("facebook", "messenger"), ("instagram", "instagram")])


@each_platform
def test_a_private_reply_leaves_once_and_stands_once_in_both_threads(town: Town, platform: str, inbox: str) -> None:
    case = commented(town, platform)
    assert private_verb(town, case)
    reply = town.answer("meta", case, TEXT, "private_reply")
    assert reply.state is State.SENT
    assert [one["verb"] for one in town.sent("meta")] == ["private_reply"]
    case = next(c for c in town.desk.cases() if c.id == case.id)
    assert (case.awaiting, bool(case.private_reply_at)) == ("them", True)
    assert [m.text for m in town.messages(case) if m.own and m.by] == [TEXT]
    assert not private_verb(town, case)
    town.desk.clock.forward(seconds=1)
    again = town.dana.send(
        "POST", f"conversations/{case.id}/replies", {"text": "And again", "seen": case.talk, "verb": "private_reply"}
    )
    assert again.code == (422, "not_allowed") and again.said["detail"]
    town.say("meta", "kim", "Thank you", platform=inbox, surface="direct")
    (other,) = private(town, case)
    assert [(m.own, m.text) for m in town.messages(other)] == [(True, TEXT), (False, "Thank you")]
    assert [m.text for m in town.messages(case) if m.own and m.by] == [TEXT]
    assert len(town.sent("meta")) == 1


@each_platform
def test_who_commented_and_who_writes_in_private_are_one_person_the_platform_has_said_so(
    town: Town, platform: str, inbox: str
) -> None:
    case = commented(town, platform)
    town.answer("meta", case, TEXT, "private_reply")
    town.say("meta", "kim", "Thank you", platform=inbox, surface="direct")
    (other,) = private(town, case)
    known = Messages(town.desk.table).who(BRAND, platform, case.customer_id)
    if other.customer_id != case.customer_id:
        assert (known["private_id"], known["private_id_basis"]) == (other.customer_id, "private_reply")


@pytest.mark.parametrize("first", ["the echo", "the look"])
def test_a_private_reply_without_an_answer_is_proven_by_its_mark_in_the_echo(town: Town, first: str) -> None:
    case = commented(town, "facebook")
    unanswered(town, effect=True)
    reply = town.write(case, TEXT, "private_reply")
    if first == "the look":
        town.told("meta", "habits", delay=0.8)
    town.push()
    if first == "the look":
        assert town.reply(case.id, reply.id).state is State.UNKNOWN
    town.arrive("meta")
    town.say("meta", "kim", "Thank you", platform="messenger", surface="direct")
    for _ in range(3):
        town.push(minutes=10)
    reply = town.reply(case.id, reply.id)
    assert reply.state is State.SENT, (reply.code, reply.sentence)
    assert len(town.sent("meta")) == 1
    case = next(c for c in town.desk.cases() if c.id == case.id)
    assert (case.awaiting, bool(case.private_reply_at)) == ("them", True)
    assert [m.text for m in town.messages(case) if m.own and m.by] == [TEXT]
    (other,) = private(town, case)
    assert [(m.own, m.text) for m in town.messages(other)] == [(True, TEXT), (False, "Thank you")]


@each_platform
def test_a_private_reply_that_never_was_is_asked_about_and_not_repeated(town: Town, platform: str, inbox: str) -> None:
    case = commented(town, platform)
    unanswered(town, effect=False)
    reply = town.write(case, TEXT, "private_reply")
    for _ in range(6):
        town.push(minutes=10)
    reply = town.reply(case.id, reply.id)
    assert reply.state is State.HUMAN and reply.sentence
    assert town.sent("meta") == []


@pytest.mark.parametrize("first", ["the echo", "the look"])
@pytest.mark.parametrize("platform", ["messenger", "instagram"])
def test_a_private_message_without_an_answer_is_proven_by_its_echo_whichever_comes_first(
    town: Town, platform: str, first: str
) -> None:
    town.say("meta", "kim", "Where is my parcel?", platform=platform, surface="direct")
    case = town.desk.case()
    unanswered(town, effect=True)
    if first == "the look":
        town.told("meta", "habits", silent=True)
    reply = town.write(case, TEXT, "dm")
    town.push()
    if first == "the look":
        assert town.reply(case.id, reply.id).state is State.UNKNOWN
    town.arrive("meta")
    if first == "the echo":
        assert town.reply(case.id, reply.id).state is State.SENT
    town.push(minutes=10)
    town.told("meta", "habits", silent=False)
    town.desk.clock.forward(minutes=5)
    town.minutely("meta")
    town.fold()
    assert town.reply(case.id, reply.id).state is State.SENT
    assert [(m.own, m.by, m.text) for m in town.messages(case)] == [
        (False, "", "Where is my parcel?"), (True, "dana", TEXT),
    ]  # fmt: skip
    case = town.desk.case()
    assert (case.awaiting, case.reply_state) == ("them", "sent")
    assert len(town.sent("meta")) == 1


def test_without_an_echo_a_person_looks_and_what_they_saw_counts(town: Town) -> None:
    case = commented(town, "instagram")
    town.told("meta", "habits", silent=True)
    unanswered(town, effect=True)
    reply = town.write(case, TEXT, "private_reply")
    town.push()
    town.arrive("meta")
    for _ in range(6):
        town.push(minutes=10)
    assert town.reply(case.id, reply.id).state is State.HUMAN
    decided = town.dana.send("POST", f"conversations/{case.id}/replies/{reply.id}/decision", {"found": True})
    assert decided.status == 200, decided.said
    assert town.reply(case.id, reply.id).state is State.SENT
    case = next(c for c in town.desk.cases() if c.id == case.id)
    assert (case.awaiting, bool(case.private_reply_at)) == ("them", True)
    assert len(town.sent("meta")) == 1

"""A token that dies stops what we say and nothing we hear (I23), against the fake Meta over real HTTP both ways."""

from __future__ import annotations

import pytest
from hark.domain.reply import Reply, State

from .test_meta_echoes import TEXT, Town, town

__all__ = ["town"]

PAGE = "100200300400"
PEOPLE = [f"guest{number}" for number in range(10)]


def only_reply(town: Town) -> Reply:
    (item,) = (i for i in town.desk.items() if i["sk"].startswith("OUT#"))
    return Reply.model_validate(item)


def push(town: Town, **later: float) -> Reply:
    """Time passes, and the sender looks at its work."""
    town.desk.clock.forward(**later)
    pending = [{"pk": i["pk"], "sk": i["sk"]} for i in town.desk.items() if i["sk"].startswith("OUT#")]
    town.desk.call("send_reply", {"keys": pending})
    town.arrive()
    return only_reply(town)


def state_of_the_page(town: Town) -> str:
    (state,) = (str(i["state"]) for i in town.desk.items() if i["sk"] == PAGE and i["pk"].startswith("~#ACCOUNTS"))
    return state


@pytest.fixture
def outage(town: Town) -> Town:
    """Kim asked, the token died, and Dana has answered all the same."""
    town.say("messenger", "direct", "kim", "Where is my parcel?")
    town.told("token", account=PAGE, state="invalid")
    town.reply(town.desk.case(), "dm")
    return town


def renewed(town: Town) -> None:
    """The operator connects the account again, with a token that works."""
    town.told("token", account=PAGE, state="ok")
    town.desk.connect("meta")


def test_i23_ten_messages_that_come_while_the_token_is_dead_are_all_there_and_the_reply_waits(outage: Town) -> None:
    assert (only_reply(outage).state, state_of_the_page(outage)) == (State.PENDING, "paused")
    for number, person in enumerate(PEOPLE):
        outage.told("users", username=person, name=person.title())
        outage.say("messenger", "direct", person, f"Question {number}")
    asked = {case.snippet for case in outage.desk.cases()}
    assert asked == {"Where is my parcel?", *(f"Question {number}" for number in range(10))}
    assert len(outage.desk.cases()) == 11
    assert only_reply(outage).state is State.PENDING
    assert outage.fake.control.sent == []


def test_i23_a_reply_written_meanwhile_goes_out_once_when_the_token_is_renewed(outage: Town) -> None:
    assert push(outage, hours=1).state is State.PENDING, "waiting burns none of its tries"
    renewed(outage)
    assert push(outage, hours=1).state is State.SENT
    push(outage, hours=1)
    assert [sent["text"] for sent in outage.fake.control.sent] == [TEXT]
    assert outage.thread() == [(False, "", "Where is my parcel?"), (True, "dana", TEXT)]


def test_i22_a_reply_whose_window_has_closed_meanwhile_is_handed_to_a_person(outage: Town) -> None:
    push(outage, days=8)
    renewed(outage)
    assert push(outage, hours=1).state is State.HUMAN
    assert outage.fake.control.sent == []

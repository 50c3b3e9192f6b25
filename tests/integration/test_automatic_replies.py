"""What the desk says by itself goes through the outbox once, and never over the customer's or an agent's head."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hark import wiring
from hark.desk.automatic import CannotSay
from hark.domain import case as rules
from hark.domain.case import Case
from hark.domain.reply import Reply, State
from hark.domain.time import text as time_text

from .town import Town, Towns

TEXT = "Is it solved?"


@pytest.fixture
def town(town_of: Towns) -> Iterator[Town]:
    with town_of("meta", "viber") as town:
        town.told("meta", "users", username="kim", name="Kim L")
        yield town


@pytest.fixture
def case(town: Town) -> Case:
    town.say("meta", "kim", "Where is my parcel?", platform="messenger", surface="direct")
    return town.desk.case()


def say(town: Town, case: Case, why: str = "test", *, answers: bool = False, stands: bool = False) -> Reply | None:
    asked = wiring.automatic().intent(case, TEXT, why, answers=answers, stands=stands)
    if asked is None:
        return None
    change, writes = asked
    wiring.reminding().cases.commit(case, *change, time_text(town.desk.clock()), also=writes)
    return next(r for r in town.replies() if r.automatic == why)


def settled(town: Town, written: Reply) -> Reply:
    town.push()
    return town.reply(written.case, written.id)


def test_a_word_that_is_no_answer_leaves_and_changes_nothing_that_is_owed(town: Town, case: Case) -> None:
    written = say(town, case)
    assert written is not None
    assert settled(town, written).state is State.SENT
    after = town.desk.case()
    assert (after.awaiting, after.due_at, after.deadline) == ("us", case.due_at, case.deadline)
    assert (after.reply_state, after.signal, after.talk) == (case.reply_state, "", case.talk + 1)
    assert [one["text"] for one in town.sent("meta")] == [TEXT]


def test_what_counts_as_an_answer_makes_it_the_customers_turn(town: Town, case: Case) -> None:
    written = say(town, case, answers=True)
    assert written is not None
    assert settled(town, written).state is State.SENT
    assert (town.desk.case().awaiting, town.desk.case().reply_state) == ("them", "sent")


def test_the_same_occasion_in_the_same_generation_is_said_once(town: Town, case: Case) -> None:
    assert say(town, case) is not None
    assert say(town, town.desk.case()) is None
    town.push()
    assert say(town, town.desk.case()) is None
    assert len(town.sent("meta")) == 1


def test_it_does_not_leave_when_the_customer_has_written_since(town: Town, case: Case) -> None:
    written = say(town, case)
    assert written is not None
    town.say("meta", "kim", "Never mind, it is here", platform="messenger", surface="direct")
    ended = settled(town, written)
    assert (ended.state, ended.code) == (State.FAILED, "automatic.overtaken")
    assert town.sent("meta") == []


def test_one_that_stands_leaves_all_the_same(town: Town, case: Case) -> None:
    written = say(town, case, stands=True)
    assert written is not None
    town.say("meta", "kim", "Anybody?", platform="messenger", surface="direct")
    assert settled(town, written).state is State.SENT
    assert town.desk.case().awaiting == "us"


def test_an_agents_reply_is_not_kept_waiting_by_a_word_of_the_desk(town: Town, case: Case) -> None:
    written = say(town, case)
    assert written is not None
    answered = town.answer("meta", town.desk.case(), "It comes tomorrow.")
    assert answered.state is State.SENT


def test_an_answer_of_the_desk_waits_for_nobodys_reply_to_finish(town: Town, case: Case) -> None:
    town.write(case, "It comes tomorrow.")
    with pytest.raises(CannotSay, match="busy"):
        say(town, town.desk.case(), answers=True)


def test_a_word_after_the_closing_leaves_but_not_one_from_before_it(town: Town, case: Case) -> None:
    early = say(town, case, "early")
    town.desk.clock.forward(seconds=1)
    now = time_text(town.desk.clock())
    wiring.reminding().cases.commit(town.desk.case(), *rules.closed(town.desk.case(), "agent", "dana", now), now)
    late = say(town, town.desk.case(), "late")
    assert early is not None and late is not None
    town.push()
    assert town.reply(case.id, early.id).state is State.FAILED
    assert town.reply(case.id, late.id).state is State.SENT


def test_it_shows_as_automatic_and_its_echo_opens_nothing(town: Town, case: Case) -> None:
    written = say(town, case)
    assert written is not None
    settled(town, written)
    town.arrive("meta")
    shown = town.dana.get(f"conversations/{case.id}").said["messages"]
    assert [(m["text"], m["automatic"], m["by"]) for m in shown if m["own"]] == [(TEXT, True, "")]
    assert len(town.desk.cases()) == 1
    assert town.desk.case().awaiting == "us"


def test_what_is_reserved_for_people_is_refused_to_the_desk(town: Town, case: Case) -> None:
    town.connect("meta", features=("human_agent",))
    town.desk.clock.forward(hours=25)
    with pytest.raises(CannotSay) as refused:
        say(town, town.desk.case())
    assert refused.value.code == "window.person_only"


def test_too_long_a_text_is_refused_before_it_is_written(town: Town, case: Case) -> None:
    with pytest.raises(CannotSay, match="too_long"):
        wiring.automatic().intent(case, "x" * 2001, "long")
    assert town.replies() == []

"""What the customer says after our answer: thanks changes nothing, "solved" closes, "not solved" comes back, in any
order in which the words arrive (I4)."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest
from hark import wiring
from hark.domain import case as rules

from .conftest import Desk
from .test_care import answer_is_out, rules_now
from .test_conversation_orders import Story, asks, staff
from .test_provider_orders import final, take_in
from .x_deliveries import mention

FIRST = "2123706425275322373"

Q, A, THANKS, SOLVED, MORE, UNSOLVED = (
    asks(1, "Where is my parcel?"), staff(20, "It comes tomorrow."), asks(30, "Thank you!"),
    asks(40, "It arrived, thanks"), asks(50, "But it is the wrong colour"), asks(60, "Still not solved"),
)  # fmt: skip
LATER_A = staff(70, "We are sorry. A new one is on its way.")
EARLY_THANKS, EARLY_SOLVED = asks(5, "Thanks"), asks(6, "Never mind, I found it")

OURS = {"awaiting": "us", "status": "open"}
THEIRS = {"awaiting": "them", "status": "open", "due_at": "", "unread": 0}
OVER = {"awaiting": "them", "status": "closed", "close_reason": "solved", "unread": 0}


def at(second: int) -> str:
    return f"2026-11-21T12:{second // 60:02}:{second % 60:02}.000Z"


STORIES: dict[str, tuple[Story, dict[str, Any]]] = {
    "thanks after the answer": ([Q, A, THANKS], THEIRS),
    "thanks before the answer": ([Q, EARLY_THANKS, A], THEIRS),
    "thanks instead of an answer": ([Q, EARLY_THANKS], OURS | {"asked_at": at(1), "unread": 1, "contacts": 1}),
    "thanks, and nothing else that we know of": ([A, THANKS], THEIRS),
    "solved after the answer": ([Q, A, SOLVED], OVER),
    "thanks and solved": ([Q, A, THANKS, SOLVED], OVER),
    "solved before anybody answered": ([Q, EARLY_SOLVED], OURS | {"asked_at": at(1), "unread": 1}),
    "solved before the answer": ([Q, EARLY_SOLVED, A], OVER),
    "solved, and staff wrote once more": ([Q, A, SOLVED, LATER_A], OVER),
    "solved, but there is more": ([Q, A, SOLVED, MORE], OURS | {"asked_at": at(50), "unread": 1}),
    "more, then thanks": ([Q, A, MORE, asks(55, "Thanks")], OURS | {"asked_at": at(50), "unread": 1}),
    "more, then solved": ([Q, A, MORE, asks(55, "It works now")], OURS | {"asked_at": at(50), "unread": 1}),
    "not solved": ([Q, A, UNSOLVED], OURS | {"asked_at": at(60), "priority": 2}),
    "thanks, then not solved": ([Q, A, THANKS, UNSOLVED], OURS | {"asked_at": at(60), "priority": 2, "unread": 1}),
    "not solved, then answered": ([Q, A, UNSOLVED, LATER_A], THEIRS | {"priority": 2}),
}
HOW_OFTEN = frozenset({"gen", "close_reason", "opened_anew"})
"""How often a case was closed in between depends on what we had heard by then, and is no part of how things stand."""
OUR_TIME = frozenset({"ours_ms", "ours_to", "ours_since", "resolve_left_ms"})
"""How long the customer waited for us as far as we knew; its own tests say what holds of it."""
OF_A_CLOSING = frozenset({"bells", "deadline", "first_due_at", "first_mark", "first_answered_at", "next_due_at",
                          "next_answers", "next_missed"})  # fmt: skip
"""Clocks that begin again with each generation."""


def orders(story: Story) -> list[tuple[Any, ...]]:
    """All of a short one; of a long one some by chance. `tests/unit/test_last_word_orders` has all of the long ones."""
    every = list(itertools.permutations(story))
    return every if len(every) <= 6 else random.Random(len(every)).sample(every, 6)


def stands(desk: Desk) -> dict[str, Any]:
    """How the case stands: what does not count how often it was closed on the way."""
    (case,) = (told for key, told in final(desk).items() if key[1] == "CASE")
    left_out = HOW_OFTEN | OUR_TIME | (OF_A_CLOSING if case["gen"] > 1 or case["status"] == "closed" else frozenset())
    return {name: value for name, value in case.items() if name not in left_out}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("title", STORIES)
def test_every_order_of_the_last_words_leaves_the_case_the_same(desk: Desk, title: str) -> None:
    story, expected = STORIES[title]
    desk.clock.now = desk.clock.now.replace(day=21, hour=12, minute=20)
    desk.connect("meta")
    shared: dict[str, Any] = {}
    for order in orders(story):
        desk.forget()
        take_in(desk, "meta", [[one] for one in order])
        case, told = desk.case().model_dump(), stands(desk)
        assert {name: case[name] for name in expected} == expected, [one.key for one in order]
        shared = {name: shared.get(name, told[name]) for name in told if not shared or name in shared}
        assert {name: told[name] for name in shared} == shared, [one.key for one in order]


def test_thanks_before_anybody_read_the_question_do_not_close_it(desk: Desk) -> None:
    desk.take_in(mention(text="@acme where is my parcel?"), a_word("@acme thank you!", 10))
    assert desk.step("triage", desk.case()) == {"next": "assign"}
    case = desk.case()
    assert (case.status, case.awaiting, case.kind, case.unread) == ("open", "us", "question", 1)
    assert case.read_of == FIRST and case.reply_to != FIRST


def test_only_thanks_still_end_at_triage(desk: Desk) -> None:
    desk.take_in(mention(text="@acme thank you!"), a_word("@acme thanks again", 10))
    assert desk.case().asks_nothing
    assert desk.step("triage", desk.case()) == {"next": "end"}
    assert (desk.case().status, desk.case().close_reason) == ("closed", "thanks")


def test_that_it_is_not_solved_stays_a_reason_and_urgent_when_triage_reads_it_anew(desk: Desk) -> None:
    desk.take_in(mention(text="@acme where is my parcel?"))
    desk.step("triage", desk.case())
    answer_is_out(desk)
    closed, lines = rules.closed(desk.case(), "agent", "dana", rules_now(desk))
    wiring.reminding().cases.commit(desk.case(), closed, lines, rules_now(desk))
    desk.clock.forward(hours=1)
    desk.take_in(a_word("@acme sorry but it is still not solved", 10))
    case = desk.case()
    assert (case.gen, case.priority) == (2, 2)
    assert desk.step("triage", case) == {"next": "assign"}
    assert desk.case().priority <= 2 and "message.not_solved" in {r.code for r in desk.case().reasons}
    # In the next generation it is said no more.
    answer_is_out(desk)
    closed, lines = rules.closed(desk.case(), "agent", "dana", rules_now(desk))
    wiring.reminding().cases.commit(desk.case(), closed, lines, rules_now(desk))
    desk.take_in(a_word("@acme what are your opening hours?", 20))
    desk.step("triage", desk.case())
    assert desk.case().gen == 3 and "message.not_solved" not in {r.code for r in desk.case().reasons}


def a_word(text: str, second: int) -> dict[str, Any]:
    """The customer's next word in the thread, so many seconds after the first."""
    return mention(
        str(int(FIRST) + second), text, conversation_id=FIRST, created_at=f"2026-11-20T09:14:{3 + second:02}.000Z"
    )

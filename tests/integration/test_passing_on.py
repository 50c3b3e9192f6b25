"""A case given to somebody else: the note that goes with it, how often the customer was passed on, and passing up."""

from __future__ import annotations

from typing import Any

import pytest
from hark import wiring
from hark.domain import talk
from hark.domain.policy import Policy
from hark.domain.time import text as time_text

from .browser import Answer, Browser
from .conftest import BRAND, Desk
from .one_case import SignIn, at
from .x_deliveries import mention


@pytest.fixture
def eve(sign_in: SignIn) -> Browser:
    return sign_in("eve", name="Eve Liepa")


def change(browser: Browser, key: str | None = None, **wish: Any) -> Answer:
    return browser.send("PATCH", at(browser.desk), {"version": browser.desk.case().version, **wish}, key)


def answer_is_out(desk: Desk) -> None:
    case, now = desk.case(), time_text(desk.clock())
    wiring.giving().cases.commit(case, *talk.answered(case, Policy(), now, "reply.sent", "dana", "r1"), now)


def codes(desk: Desk) -> list[str]:
    return [line["code"] for line in wiring.giving().cases.history(BRAND, desk.case().id)]


def test_a_case_just_taken_is_passed_on_without_a_note(desk: Desk, dana: Browser, eve: Browser) -> None:
    change(dana, assignee="me")
    desk.clock.forward(minutes=5)
    assert change(dana, assignee="eve").status == 200


@pytest.mark.parametrize("why", ["had for longer", "answered"])
def test_d6_what_somebody_worked_on_is_not_passed_on_without_a_word(
    desk: Desk, dana: Browser, eve: Browser, why: str
) -> None:
    change(dana, assignee="me")
    if why == "answered":
        answer_is_out(desk)
    else:
        desk.clock.forward(minutes=5, seconds=1)
    refused = change(dana, assignee="eve")
    assert refused.code == (422, "note_needed")
    assert refused.said["detail"] == "Whoever gets the case has to know what was done so far: leave a note."
    assert change(dana, assignee="eve", note="  \n ").code == (422, "note_needed")
    assert desk.case().owner == "dana"
    desk.clock.forward(seconds=1)
    given = change(dana, "a-click-of-dana", assignee="eve", note="Refund promised, waits for the warehouse.")
    assert (given.status, given.said["owner"]["id"]) == (200, "eve")
    assert change(dana, "a-click-of-dana", assignee="eve", note="Refund promised, waits for the warehouse.").code == (
        422, "key_reused",
    ), "the version is another one by now, so it is another request"  # fmt: skip
    shown = eve.get(at(desk)).said
    assert [note["text"] for note in shown["notes"]] == ["Refund promised, waits for the warehouse."]
    card = shown["handover"]
    assert card["note"] == {
        "text": "Refund promised, waits for the warehouse.", "at": time_text(desk.clock()), "by": "Dana Ozola",
    }  # fmt: skip
    assert (card["before"], card["transfers"]) == ("Dana Ozola", 1)
    assert card["asked_at"] == desk.case().asked_at and bool(card["answered_at"]) == (why == "answered")
    assert codes(desk)[-2:] == ["case.assigned", "note.added"]
    history = str(wiring.giving().cases.history(BRAND, desk.case().id))
    assert "Refund" not in history, "no words of people in the history (I29)"


def test_what_was_just_taken_from_a_colleague_goes_back_without_a_word(desk: Desk, dana: Browser, eve: Browser) -> None:
    change(dana, assignee="me")
    answer_is_out(desk)
    change(eve, assignee="me")
    assert change(eve, assignee="dana").status == 200, "an undo"
    change(eve, assignee="me")
    desk.clock.forward(minutes=5, seconds=1)
    assert change(eve, assignee="dana").code == (422, "note_needed")


def test_the_same_click_again_leaves_one_note(desk: Desk, dana: Browser, eve: Browser) -> None:
    change(dana, assignee="me")
    desk.clock.forward(hours=1)
    body = {"version": desk.case().version, "assignee": "eve", "note": "Look at the invoice."}
    for _ in range(2):
        assert dana.send("PATCH", at(desk), body, "a-click-of-dana").status == 200
    assert len(eve.get(at(desk)).said["notes"]) == 1
    assert desk.case().transfers == 1


def test_who_takes_a_colleagues_case_or_gives_it_to_the_team_need_not_write(
    desk: Desk, dana: Browser, eve: Browser
) -> None:
    change(dana, assignee="me")
    desk.clock.forward(minutes=20)
    assert change(eve, assignee="me").status == 200
    desk.clock.forward(minutes=20)
    assert change(eve, assignee=None).status == 200
    assert change(dana, assignee="eve").status == 200, "nobody had it"


def test_d10_passed_on_more_than_once_the_row_and_the_case_say_so(desk: Desk, dana: Browser, eve: Browser) -> None:
    change(dana, assignee="me")
    first = change(dana, assignee="eve").said
    assert (first["transfers"], first["warnings"]) == (1, [])
    change(eve, assignee=None)
    back = change(eve, assignee="eve").said
    assert (back["transfers"], back["warnings"]) == (1, []), "back to the same is nobody else"
    second = change(eve, assignee="dana").said
    assert (second["transfers"], second["warnings"]) == (2, ["case.passed_on"])
    reasons = dana.get(at(desk)).said["case"]["reasons"]
    assert reasons[-1]["sentence"] == "The customer was passed on more than once."
    third = change(dana, assignee="eve").said
    assert (third["transfers"], third["warnings"]) == (3, ["case.passed_on"])
    assert [r["code"] for r in eve.get(at(desk)).said["case"]["reasons"]].count("case.passed_on") == 1


def test_d8_a_case_is_passed_up_to_who_has_the_authority_or_waits_for_them(
    desk: Desk, sign_in: SignIn, eve: Browser
) -> None:
    desk.take_in(mention())
    dana = sign_in("dana", level=1)
    change(dana, assignee="me")
    waits = change(dana, level=2)
    assert (waits.status, waits.said["owner"], waits.said["level"]) == (200, None, 2)
    assert codes(desk)[-2:] == ["case.escalated", "assign.nobody_able"]
    sign_in("noa", name="Noa Levi", role="lead", level=3)
    desk.call("sweep", {})
    assert desk.case().owner == "noa"
    assert change(dana, level=3).code == (422, "has_level")
    desk.clock.forward(minutes=20)
    assert change(dana, level=4).code == (422, "note_needed")
    sign_in("ida", name="Ida Kalna", role="lead", level=9)
    up = change(dana, level=4, note="They ask for a contract.")
    assert (up.said["owner"]["id"], up.said["transfers"]) == ("ida", 2)
    assert dana.get(at(desk)).said["handover"]["note"]["text"] == "They ask for a contract."


@pytest.mark.parametrize("wrong", [{"level": 0}, {"level": 10}, {"level": "2"}, {"level": 2, "assignee": "eve"},
                                   {"level": 2, "state": "closed"}, {"note": 5}])  # fmt: skip
def test_a_wish_that_makes_no_sense_is_refused(desk: Desk, dana: Browser, wrong: dict[str, Any]) -> None:
    assert change(dana, **wrong).code == (400, "invalid")


def test_what_a_person_decided_stays_though_the_workflow_chooses_after_it(
    desk: Desk, dana: Browser, sign_in: SignIn
) -> None:
    sign_in("off", name="Off Shift", away=True)
    change(dana, assignee="off")
    desk.step("assign", desk.case())
    assert desk.case().owner == "off"
    assert codes(desk)[-1] == "assign.kept"

"""Promises and acknowledgements by the API, and how the workflow's steps keep to them."""

from __future__ import annotations

from typing import Any

import pytest
from hark import wiring
from hark.desk.steps import MovedOn
from hark.domain import bells, talk
from hark.domain.policy import Policy
from hark.domain.time import parse, text

from .browser import Answer, Browser
from .conftest import BRAND, Desk
from .one_case import SignIn, at
from .x_deliveries import mention

SOON, NOON, LATER = "2026-11-20T09:20:00.000Z", "2026-11-20T12:00:00.000Z", "2026-11-20T15:00:00.000Z"


def promise(browser: Browser, by: str | None, key: str | None = None, **more: Any) -> Answer:
    return browser.send("POST", at(browser.desk, "/promise"), {"promised_at": by, **more}, key)


def until(desk: Desk, moment: str) -> None:
    desk.clock.forward(seconds=(parse(moment) - desk.clock()).total_seconds())


def codes(desk: Desk) -> list[str]:
    return [line["code"] for line in wiring.reminding().cases.history(BRAND, desk.case().id)]


def answer_is_out(desk: Desk, reply: str = "r1") -> None:
    case, now = desk.case(), text(desk.clock())
    change = talk.answered(case, Policy(), now, "reply.sent", "dana", reply)
    wiring.reminding().cases.commit(case, *change, now)


def test_a_promise_is_kept_on_the_case_with_who_and_when_and_shown(desk: Desk, dana: Browser) -> None:
    row = promise(dana, NOON).said
    assert row["promise"] == {"state": "open", "by": NOON}
    case = desk.case()
    assert (case.promise_of, case.promise_made_at, case.promised_by) == ("dana", text(desk.clock()), NOON)
    shown = dana.get(at(desk)).said["case"]
    assert shown["promise"] == row["promise"] and shown["due_at"] == "2026-11-20T10:14:03.000Z"
    assert codes(desk)[-1] == "promise.made"


def test_the_same_click_promises_once(desk: Desk, dana: Browser) -> None:
    first = promise(dana, NOON, key="the-same-click").said
    assert promise(dana, NOON, key="the-same-click").said == first
    assert codes(desk).count("promise.made") == 1
    assert promise(dana, LATER, key="the-same-click").code == (422, "key_reused")


def test_a_promise_that_comes_before_what_the_workflow_waits_for_ends_its_wait(desk: Desk, dana: Browser) -> None:
    desk.await_answer(desk.case())
    told: list[dict[str, Any]] = []
    hooks = wiring.workflow().client().meta.events
    hooks.register("provide-client-params.sfn.SendTaskFailure", lambda params, **_: told.append(params))
    assert promise(dana, SOON).status == 200
    case = desk.case()
    assert [(one["error"], one["cause"]) for one in told] == [("MovedOn", case.deadline)]
    assert case.deadline == SOON and case.signal == ""
    assert bells.warns_at(case) == "2026-11-20T09:19:00.000Z"
    assert desk.step("remind", case, deadline="") == {"next": "answer", "deadline": case.deadline}


def test_what_cannot_be_promised_is_refused_with_a_sentence(desk: Desk, dana: Browser, sign_in: SignIn) -> None:
    assert promise(dana, "2026-11-20T09:00:00.000Z").code == (409, "promise_past")
    assert promise(dana, None).code == (409, "no_promise")
    assert promise(dana, "2028-11-20T09:00:00.000Z").code == (400, "invalid")
    assert promise(dana, "at noon").code == (400, "invalid")
    assert promise(dana, NOON, member="eve").code == (400, "invalid")
    dana.send("PATCH", at(desk), {"version": desk.case().version, "assignee": "me"})
    eve = sign_in("eve", name="Eve Liepa")
    assert promise(eve, NOON).code == (409, "owned")
    elsewhere = sign_in("mallory", brand="other")
    assert promise(elsewhere, NOON).code == (404, "not_found")


def test_nobody_is_asked_whether_all_is_well_while_a_promise_is_open(desk: Desk, dana: Browser) -> None:
    promise(dana, LATER, reply="next")
    answer_is_out(desk)
    case = desk.case()
    assert (case.awaiting, case.promise, case.due_at) == ("them", "open", LATER)
    assert (case.deadline, bells.warns_at(case)) == (LATER, "2026-11-20T13:51:00.000Z")
    until(desk, bells.warns_at(case))
    for step in ("ask", "close"):
        with pytest.raises(MovedOn):
            desk.step("follow_up", case, step=step)
    for _ in range(2):
        desk.call("sweep", {})
    assert desk.step("remind", case, deadline="") == {"next": "customer", "deadline": LATER}, "told once"
    assert codes(desk).count("promise.soon") == 1
    until(desk, LATER)
    with pytest.raises(MovedOn):
        desk.step("follow_up", case, step="ask")
    for _ in range(2):
        said = desk.step("remind", case, deadline="")
    assert said == {"next": "answer", "deadline": desk.case().deadline}
    assert codes(desk).count("promise.missed") == 1 and desk.case().awaiting == "us"


def test_the_next_answer_keeps_it(desk: Desk, dana: Browser) -> None:
    promise(dana, LATER, reply="next")
    answer_is_out(desk)
    desk.clock.forward(hours=1)
    answer_is_out(desk, "r2")
    assert desk.case().promise == "kept" and codes(desk)[-2:] == ["reply.sent", "promise.kept"]
    assert promise(dana, None).code == (409, "no_promise")


def test_a_promise_taken_back_leaves_the_clocks_of_the_answer(desk: Desk, dana: Browser) -> None:
    before = desk.case()
    promise(dana, NOON)
    row = promise(dana, None).said
    assert row["promise"]["state"] == "withdrawn"
    assert (desk.case().due_at, desk.case().deadline) == (before.due_at, before.deadline)


def test_a_reply_that_only_acknowledges_leaves_the_answer_owed(desk: Desk, dana: Browser) -> None:
    marked = dana.send("POST", at(desk, "/acknowledgement"), {"next_reply": True})
    assert marked.status == 200
    answer_is_out(desk)
    case = desk.case()
    assert (case.awaiting, case.touched_at, case.answered_at) == ("us", text(desk.clock()), "")
    assert dana.get(at(desk)).said["case"]["touched_at"] == text(desk.clock())
    answer_is_out(desk, "r2")
    assert desk.case().awaiting == "them"
    assert dana.send("POST", at(desk, "/acknowledgement"), {"next_reply": True}).code == (409, "answered")


def test_a_snoozed_case_whose_workflow_died_is_looked_at_when_its_promise_is_due(desk: Desk, dana: Browser) -> None:
    promise(dana, NOON)
    dana.send("PATCH", at(desk), {"version": desk.case().version, "state": "snoozed", "snoozed_until": LATER})
    case = desk.case()
    assert case.status == "snoozed" and case.look_at < LATER


def test_what_was_said_before_there_were_clocks_is_still_reminded_of(desk: Desk) -> None:
    desk.take_in(mention())
    key = {"pk": {"S": f"{BRAND}#CASE#{desk.case().id}"}, "sk": {"S": "CASE"}}
    desk.table.client.update_item(
        TableName=desk.table.name, Key=key, UpdateExpression="REMOVE bells, first_due_at, ours_since",
    )  # fmt: skip
    old = desk.case()
    desk.clock.forward(hours=2)
    said = desk.step("remind", old, deadline=old.deadline)
    assert said["next"] == "answer" and "remind.owner" in codes(desk)

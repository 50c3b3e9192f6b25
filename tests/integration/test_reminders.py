"""The step `Remind` through the store: each bell once, whatever dies in the middle, and only what a brand asked for."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hark import wiring
from hark.domain import bells
from hark.domain.case import Case
from hark.domain.time import FAR, parse

from .conftest import BRAND, Desk
from .faults import Crash, fault
from .x_deliveries import mention

ASKED = "2026-11-20T09:14:03.000Z"


def codes(desk: Desk) -> list[str]:
    return [line["code"] for line in wiring.reminding().cases.history(BRAND, desk.case().id)]


def until(desk: Desk, moment: str) -> None:
    desk.clock.forward(seconds=(parse(moment) - desk.clock()).total_seconds())


def next_bell(case: Case) -> str:
    """When something rings next: for the workflow, or before that a warning, for the sweeper."""
    return min(case.deadline, bells.warns_at(case) or FAR)


def ring(desk: Desk) -> dict[str, str]:
    said: dict[str, str] = desk.step("remind", desk.case(), deadline="")
    return said


def test_a_day_without_an_answer_as_shipped_rings_warning_owner_team_and_leads(desk: Desk) -> None:
    desk.take_in(mention())
    heard = []
    for _ in range(6):
        case, before = desk.case(), len(codes(desk))
        until(desk, next_bell(case))
        if next_bell(case) < case.deadline:
            desk.call("sweep", {})
        else:
            assert ring(desk)["deadline"] == desk.case().deadline
        heard.append((desk.clock().strftime("%d %H:%M:%S"), codes(desk)[before:]))
    assert heard == [
        ("20 10:02:03", ["warn.answer"]),
        ("20 10:14:03", ["clock.answer_missed", "remind.owner"]),
        ("20 11:14:03", ["remind.team"]),
        ("20 13:14:03", ["remind.lead"]),
        ("21 09:14:03", ["remind.lead"]),
        ("21 10:14:03", ["remind.owner"]),
    ]
    assert (desk.case().first_mark, desk.case().first_due_at) == ("", "2026-11-20T10:14:03.000Z")


@pytest.mark.parametrize("kind", ["crash before", "crash after", "lost", "throttled"])
def test_i32_a_step_that_dies_and_is_called_again_rings_once(desk: Desk, kind: Any) -> None:
    desk.take_in(mention())
    until(desk, "2026-11-20T10:14:03.000Z")
    with fault("TransactWriteItems", kind, times=1) as met, suppress(Crash):
        ring(desk)
    assert met.struck == 1
    for _ in range(2):
        said = ring(desk)
    assert [code for code in codes(desk) if code != "case.opened"] == ["clock.answer_missed", "remind.owner"]
    assert said == {"next": "answer", "deadline": "2026-11-20T11:14:03.000Z"}


def test_a_timer_that_goes_off_too_early_rings_nothing(desk: Desk) -> None:
    desk.take_in(mention())
    until(desk, "2026-11-20T10:02:02.999Z")
    assert bells.warns_at(desk.case()) == "2026-11-20T10:02:03.000Z"
    assert ring(desk) == {"next": "answer", "deadline": "2026-11-20T10:14:03.000Z"}
    desk.call("sweep", {})
    assert codes(desk) == ["case.opened"]
    until(desk, "2026-11-20T10:14:02.999Z")
    desk.call("sweep", {})
    before = codes(desk)
    assert ring(desk) == {"next": "answer", "deadline": "2026-11-20T10:14:03.000Z"}
    assert codes(desk) == before == ["case.opened", "warn.answer"]


def test_the_sweeper_rings_a_warning_at_its_minute_once_and_the_workflow_waits_on(desk: Desk) -> None:
    desk.take_in(mention())
    token = desk.await_answer(desk.case())
    until(desk, "2026-11-20T10:01:59.000Z")
    desk.call("sweep", {})
    assert codes(desk) == ["case.opened"]
    desk.clock.forward(seconds=60)
    told: list[Any] = []
    events = wiring.workflow().client().meta.events
    for word in ("SendTaskSuccess", "SendTaskFailure", "StartExecution"):
        events.register(f"provide-client-params.sfn.{word}", lambda params, **_: told.append(params))
    assert desk.call("sweep", {})["cases"] == 1
    rung = desk.case()
    assert codes(desk) == ["case.opened", "warn.answer"] and rung.bells["warn"] == bells.RUNG
    assert (rung.wf_token, rung.wf_wait, rung.signal, rung.reminders) == (token, "AwaitAnswer", "", 0)
    assert (rung.deadline, bells.warns_at(rung)) == ("2026-11-20T10:14:03.000Z", "")
    assert rung.look_at == "2026-11-20T10:19:03.000Z", "when a workflow that did not move is looked at, and not before"
    assert desk.call("sweep", {})["cases"] == 0
    desk.clock.forward(seconds=60)
    assert desk.call("sweep", {})["cases"] == 0
    assert desk.case() == rung and told == []
    assert codes(desk) == ["case.opened", "warn.answer"]


def test_past_the_deadline_a_warning_is_left_to_the_workflow_which_rings_the_rest(desk: Desk) -> None:
    """A sweeper that comes late must not move the deadline of a dead workflow, by which it is found."""
    desk.take_in(mention())
    before = desk.case()
    until(desk, "2026-11-20T10:14:03.000Z")
    for _ in range(2):
        desk.call("sweep", {})
    assert codes(desk) == ["case.opened"] and desk.case().bells == before.bells
    assert desk.case().look_at == "2026-11-20T10:19:03.000Z"
    assert ring(desk)["deadline"] == "2026-11-20T11:14:03.000Z"
    assert codes(desk) == ["case.opened", "clock.answer_missed", "remind.owner"]


def test_the_clock_until_it_is_solved_warns_and_is_missed_by_our_time_only(desk: Desk) -> None:
    desk.put_policy(targets={"resolution_seconds": 7200, "warn_percent": 50, "ceiling_seconds": 90 * 86400},
                    ladder=[{"after_seconds": 90 * 86400, "to": "lead"}], first_answer_seconds=30 * 86400)  # fmt: skip
    desk.take_in(mention())
    assert (desk.case().resolve_by, desk.case().due_at) == ("2026-11-20T11:14:03.000Z", "2026-11-20T11:14:03.000Z")
    assert bells.warns_at(desk.case()) == "2026-11-20T10:14:03.000Z"
    for moment, told in (("2026-11-20T10:14:03.000Z", ["warn.resolution"]),
                         ("2026-11-20T11:14:03.000Z", ["clock.resolution_missed", "remind.late"])):  # fmt: skip
        assert (desk.case().deadline, next_bell(desk.case())) == ("2026-11-20T11:14:03.000Z", moment)
        until(desk, moment)
        before = len(codes(desk))
        ring(desk)
        assert codes(desk)[before:] == told
    assert desk.case().resolution_mark == "missed"

"""The step `Remind` through the store: each bell once, whatever dies in the middle, and only what a brand asked for."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hark import wiring
from hark.domain.time import parse

from .conftest import BRAND, Desk
from .faults import Crash, fault
from .x_deliveries import mention

ASKED = "2026-11-20T09:14:03.000Z"


def codes(desk: Desk) -> list[str]:
    return [line["code"] for line in wiring.reminding().cases.history(BRAND, desk.case().id)]


def until(desk: Desk, moment: str) -> None:
    desk.clock.forward(seconds=(parse(moment) - desk.clock()).total_seconds())


def ring(desk: Desk) -> dict[str, str]:
    said: dict[str, str] = desk.step("remind", desk.case(), deadline="")
    return said


def test_a_day_without_an_answer_as_shipped_rings_warning_owner_team_and_leads(desk: Desk) -> None:
    desk.take_in(mention())
    heard = []
    for _ in range(6):
        until(desk, desk.case().deadline)
        before = len(codes(desk))
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
    assert ring(desk) == {"next": "answer", "deadline": "2026-11-20T10:02:03.000Z"}
    assert codes(desk) == ["case.opened"]


def test_the_clock_until_it_is_solved_warns_and_is_missed_by_our_time_only(desk: Desk) -> None:
    desk.put_policy(targets={"resolution_seconds": 7200, "warn_percent": 50, "ceiling_seconds": 90 * 86400},
                    ladder=[{"after_seconds": 90 * 86400, "to": "lead"}], first_answer_seconds=30 * 86400)  # fmt: skip
    desk.take_in(mention())
    assert (desk.case().resolve_by, desk.case().due_at) == ("2026-11-20T11:14:03.000Z", "2026-11-20T11:14:03.000Z")
    for moment, told in (("2026-11-20T10:14:03.000Z", ["warn.resolution"]),
                         ("2026-11-20T11:14:03.000Z", ["clock.resolution_missed", "remind.late"])):  # fmt: skip
        assert desk.case().deadline == moment
        until(desk, moment)
        before = len(codes(desk))
        ring(desk)
        assert codes(desk)[before:] == told
    assert desk.case().resolution_mark == "missed"

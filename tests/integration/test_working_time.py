"""A brand with working hours: what the operator sets is what its cases keep to, through store and workflow."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hark import operator, wiring
from hark.desk.steps import MovedOn
from hark.domain import bells, talk
from hark.domain.policy import Policy
from hark.domain.time import parse, text
from hark.store import keys
from hark.store.people import People

from .conftest import BRAND, Desk
from .x_deliveries import mention

WORK: dict[str, Any] = {
    "zone": "Europe/Riga",
    "hours": [{"start": "09:00", "end": "13:00"}, {"days": [0, 1, 2, 3], "start": "14:00", "end": "18:00"}],
    "country": "LV",
    "exceptions": {"2026-12-30": [{"start": "10:00", "end": "12:00"}], "2026-12-31": []},
}


def command(desk: Desk, monkeypatch: pytest.MonkeyPatch, policy: dict[str, Any]) -> int:
    """The operator's command, with the stack's outputs as CloudFormation would name them."""
    monkeypatch.setattr(operator, "_outputs", lambda stack: {"TableName": desk.table.name})
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(policy)))
    return operator.main(["policy", "--stack", "hark", "--brand", BRAND])


def test_the_operator_sets_a_calendar_and_the_desk_reads_it_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert command(desk, monkeypatch, {"name": "Acme", "calendar": WORK}) == 0
    assert People(desk.table).policy(BRAND) == Policy.model_validate({"name": "Acme", "calendar": WORK})


def test_a_calendar_that_never_opens_is_refused_with_a_sentence_and_the_old_policy_stays(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = desk.put_policy(name="before")
    assert command(desk, monkeypatch, {"calendar": WORK | {"hours": []}}) == 1
    assert "the calendar never opens: it has no hours on any weekday" in capsys.readouterr().err
    assert People(desk.table).policy(BRAND) == before


def test_a_policy_kept_before_there_were_calendars_is_always_open(desk: Desk) -> None:
    names = {"name", "first_answer_seconds", "ladder", "follow_up_seconds", "silence_closes_seconds",
             "reply_valid_seconds", "languages", "answer_all"}  # fmt: skip
    old = Policy(name="old").model_dump(mode="json", include=names)  # all a policy had then: no fraction among it
    assert set(old) == names
    desk.table.put(keys.policy(BRAND), {"policy": old})
    assert People(desk.table).policy(BRAND) == Policy(name="old")
    assert People(desk.table).policy(BRAND).calendar.always


NEW_YORK = {"zone": "America/New_York", "hours": [{"start": "09:00", "end": "17:00"}], "country": "US"}
"""It is 4 in the morning of a Friday there when the customer writes, at 9:14 UTC."""


def until(desk: Desk, moment: str) -> None:
    desk.clock.forward(seconds=(parse(moment) - desk.clock()).total_seconds())


def test_through_the_night_nobody_is_reminded_and_in_the_morning_once(desk: Desk) -> None:
    desk.put_policy(calendar=NEW_YORK)
    desk.take_in(mention(text="@acme my parcel did not come"))
    desk.step("triage", desk.case())
    case, warned, rang = desk.case(), "2026-11-20T14:48:00.000Z", "2026-11-20T15:00:00.000Z"
    assert (case.due_at, case.deadline, bells.warns_at(case)) == (rang, rang, warned)
    until(desk, warned)
    desk.call("sweep", {})
    assert (desk.case().deadline, desk.case().bells["warn"]) == (rang, bells.RUNG)
    until(desk, "2026-11-20T14:59:59.999Z")
    assert desk.step("remind", case, deadline=rang) == {"next": "answer", "deadline": rang}
    assert desk.case().reminders == 0
    until(desk, rang)
    for _ in range(2):  # Step Functions may call a step again whose answer was lost
        assert desk.step("remind", case, deadline=rang)["deadline"] == "2026-11-20T16:00:00.000Z"
    assert (desk.case().reminders, desk.case().escalation) == (1, "owner")


def test_a_follow_up_does_not_fall_on_a_weekend(desk: Desk) -> None:
    desk.put_policy(calendar=NEW_YORK)
    desk.take_in(mention())
    until(desk, "2026-11-20T20:00:00.000Z")
    case, now, care = desk.case(), text(desk.clock()), wiring.reminding()
    answered = talk.answered(case, care.people.policy(BRAND), now, "reply.sent", "dana", "r1")
    care.cases.commit(case, *answered, now)
    until(desk, "2026-11-21T20:00:00.000Z")
    with pytest.raises(MovedOn):
        desk.step("follow_up", case, step="ask")
    until(desk, "2026-11-23T14:00:00.000Z")
    assert desk.step("follow_up", case, step="ask") == {"deadline": "2026-11-24T14:00:00.000Z"}


def test_what_triage_finds_burning_is_rung_for_the_same_night(desk: Desk) -> None:
    desk.put_policy(calendar=NEW_YORK)
    desk.take_in(mention(text="@acme urgent: the heater is on fire"))
    assert desk.case().due_at == "2026-11-20T15:00:00.000Z"
    desk.step("triage", desk.case())
    burning = desk.case()
    assert (burning.priority, burning.due_at) == (1, "2026-11-20T10:14:03.000Z")
    assert burning.deadline == burning.due_at
    assert bells.warns_at(burning) == "2026-11-20T10:02:03.000Z", "the warning before it"
    assert desk.step("assign", burning)["deadline"] == burning.deadline, "and the workflow waits no longer"

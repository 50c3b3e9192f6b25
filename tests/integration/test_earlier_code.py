"""What an earlier version of the code has written is read and gone on with, its executions too; later items are refused
(I36). The recording is that version's own (`make n-1`, which also shows the way back)."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hark import aws
from hark.desk.workflow import ENDS, WAITS
from hark.domain.policy import Policy
from hark.store import keys
from hark.store.people import People
from hark.store.table import FORMAT, FormatTooNew
from pydantic import BaseModel

from infra.earlier.day import BEGIN, WAITING, Day, Lambda, Machine, filled, people
from infra.expand import read
from infra.simulation import workflows
from infra.simulation.campaign import play

from .conftest import BRAND, Desk
from .table_in_memory import rows

RECORDED = Path(__file__).parents[1] / "earlier"
DEFINITIONS = sorted(RECORDED.glob("*.asl.yaml"))


@pytest.fixture
def day(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Day:
    machine = Machine()
    monkeypatch.setattr(aws, "stepfunctions", lambda: machine)
    monkeypatch.setattr(aws, "lambda_", Lambda)
    people(desk.table)
    return Day(desk.call, desk.table.client, lambda: list(rows(desk.dynamodb, "desk")), desk.clock, machine)


@pytest.fixture
def recorded() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((RECORDED / "day.json").read_text())
    return found


def test_i36_the_recording_holds_every_kind_of_item_that_a_day_leaves(recorded: dict[str, Any]) -> None:
    kinds = {item["sk"]["S"].partition("#")[0] for item in recorded["items"]}
    assert kinds >= {"RAW", "MSG", "CASE", "EVT", "OUT", "NOTE", "QUARANTINE"}
    waiting = [item for item in recorded["items"] if item.get("wf_token", {}).get("S")]
    assert {item["wf_wait"]["S"] for item in waiting} == {"AwaitAnswer", "AwaitCustomer"}
    assert all(item.get("v", {"N": "1"})["N"] in (str(FORMAT), str(FORMAT - 1)) for item in recorded["items"])


def test_i36_what_an_earlier_version_wrote_is_gone_on_with_and_ends_as_with_its_own_code(
    day: Day, recorded: dict[str, Any]
) -> None:
    """Its session is let in, what it stored is folded, what it knew is known, its waiting executions are answered under
    the tokens they left, and steps take the inputs it recorded."""
    filled(day.client, day.everything(), recorded["items"])
    ended = day.afternoon()
    assert ended == recorded["outcome"]
    answered = {(how, token) for how, token, _ in ended["machine"] if how != "start"}
    assert ("failed", f"token of {WAITING}") in answered and len(answered) >= 2


def later(part: Any) -> Any:
    """Settings with what only a later version knows, in each of their groups."""
    if isinstance(part, BaseModel):
        plain = part.model_dump(mode="json")
        groups = {name: later(getattr(part, name)) for name in plain if holds_groups(getattr(part, name))}
        return {**plain, **groups, "since_later": {"deep": [1]}}
    return [later(each) for each in part] if isinstance(part, tuple) else part


def holds_groups(part: Any) -> bool:
    return isinstance(part, BaseModel) or (isinstance(part, tuple) and any(isinstance(p, BaseModel) for p in part))


def test_i36_what_a_later_version_adds_to_items_is_ignored_by_this_one(day: Day, recorded: dict[str, Any]) -> None:
    """The way back: this code on items and settings that have more in them than it knows."""
    more = [item | {"since_later": {"M": {"deep": {"N": "1"}}}} for item in recorded["items"]]
    for item in more:
        if "policy" in item:
            item["policy"] = {"S": json.dumps(later(Policy(name="Acme")))}
    filled(day.client, day.everything(), more)
    assert day.afternoon() == recorded["outcome"]


def test_i36_a_policy_that_knows_more_is_read_without_it_and_one_that_makes_no_sense_is_refused(desk: Desk) -> None:
    """Else a version that adds one setting could never be rolled back: no case could be read without the policy."""
    policy = Policy(name="Acme", first_answer_seconds=1800)
    desk.table.put(keys.policy(BRAND), {"policy": json.dumps(later(policy))})
    assert json.dumps(later(policy)).count("since_later") > 15
    assert People(desk.table).policy(BRAND) == policy
    wrong = {**later(policy), "first_answer_seconds": "soon"}
    desk.table.put(keys.policy(BRAND), {"policy": json.dumps(wrong)})
    with pytest.raises(ValueError, match="first_answer_seconds"):
        People(desk.table).policy(BRAND)


def test_i36_items_of_a_later_format_are_refused_loudly_and_nothing_of_them_is_lost(
    day: Day, desk: Desk, recorded: dict[str, Any]
) -> None:
    too_new = copy.deepcopy(recorded["items"])
    for item in too_new:
        item["v"] = {"N": str(FORMAT + 1)}
    filled(day.client, day.everything(), too_new)
    before = desk.dynamodb.tables["desk"].copy().items
    for item in too_new:
        with pytest.raises(FormatTooNew):
            desk.table.get(keys.Key(item["pk"]["S"], item["sk"]["S"]))
    with pytest.raises(AssertionError, match="503"):
        day.delivers(0)  # the platform comes again
    with pytest.raises(AssertionError, match="503"):
        day.asks("GET", "queue")
    with pytest.raises(FormatTooNew):
        day.folds()
    desk.clock.now = BEGIN
    assert desk.dynamodb.tables["desk"].items == before, "nothing was written over what cannot be read"


# --- executions ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.stem)
def test_i36_executions_under_an_earlier_definition_go_on_with_todays_functions(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Step Functions keeps for an execution the definition it began with; the functions it calls are always the newest.

    Here every second one began before the change, and all that has to hold in the simulation holds.
    """
    earlier, today = yaml.safe_load(path.read_text()), workflows.definition()
    began: list[Mapping[str, Any]] = []

    def definition() -> Mapping[str, Any]:
        began.append((earlier, today)[len(began) % 2])
        return began[-1]

    monkeypatch.setattr(workflows, "definition", definition)
    result = play(7)
    assert result.broken == ()
    assert result.figures["executions"] > 4
    assert len(began) > 4 and earlier in began and today in began


def test_i36_every_definition_has_only_functions_and_waits_that_are_still_there() -> None:
    resources = read()["Resources"]
    for path in DEFINITIONS:
        states = yaml.safe_load(path.read_text())["States"]
        for name, state in states.items():
            function = state.get("Arguments", {}).get("FunctionName", "")
            assert not function or function.strip("${}") in resources, (path.name, name)
            if name.startswith("Await"):
                assert name in WAITS
                caught = {error for catch in state["Catch"] for error in catch["ErrorEquals"]}
                for signal, ends in ENDS.items():
                    assert ends.get(name, "") in ("", *caught) or "States.TaskFailed" in caught, (name, signal)

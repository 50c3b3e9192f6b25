"""The workflow of one case as it ran: the definition that was deployed then, the way the case took, and why.

Both come from Step Functions itself, so that the picture cannot differ from what happened. It keeps the history of an
execution for 90 days after its end (Step Functions quotas).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hark.desk.workflow import execution_name
from hark.domain.case import Case
from hark.domain.reasons import sentence
from hark.domain.time import text as time_text
from hark.domain.workflow_graph import edges, is_wait
from hark.store.cases import Cases

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient
    from mypy_boto3_stepfunctions.type_defs import HistoryEventTypeDef

Shape = dict[str, Any]


class NoTrace(Exception):
    """The execution has not begun, or its history is no longer kept."""


@dataclass(frozen=True)
class Tracing:
    cases: Cases
    client: Callable[[], SFNClient]
    state_machine: Callable[[], str]

    def of(self, case: Case) -> Shape:
        """States, ways between them, and the case's own way through them in its present generation.

        Raises:
            NoTrace
        """
        client = self.client()
        arn = f"{self.state_machine().replace(':stateMachine:', ':execution:')}:{execution_name(case)}"
        try:
            found = client.describe_state_machine_for_execution(executionArn=arn)
            status = client.describe_execution(executionArn=arn)["status"]
            steps = list(self._steps(arn))
        except client.exceptions.ExecutionDoesNotExist:
            raise NoTrace(case.id) from None
        definition = json.loads(found["definition"])
        states = definition["States"]
        return {
            "start": definition["StartAt"],
            "states": [
                {"name": name, "kind": kind(state), "comment": " ".join(state.get("Comment", "").split())}
                for name, state in states.items()
            ],
            "ways": [{"from": here, "to": there, "why": why} for here, there, why in edges(states)],
            "generation": case.gen,
            "running": status == "RUNNING",
            "path": _explained(steps, self._reasons(case)),
        }

    def _steps(self, arn: str) -> Iterator[Shape]:
        """The states the execution was in, each with when it came and when it left (empty: it is there)."""
        pages = self.client().get_paginator("get_execution_history").paginate(executionArn=arn)
        here: Shape | None = None
        for page in pages:
            for event in page["events"]:
                if entered := event.get("stateEnteredEventDetails"):
                    here = {"state": entered["name"], "at": _when(event), "left_at": ""}
                elif "stateExitedEventDetails" in event and here:
                    yield {**here, "left_at": _when(event)}
                    here = None
        if here:
            yield here

    def _reasons(self, case: Case) -> list[Shape]:
        return [
            {"code": line["code"], "sentence": sentence(line["code"]), "at": line["at"]}
            for line in self.cases.history(case.brand, case.id)
            if line["gen"] == case.gen
        ]


def _explained(steps: list[Shape], reasons: list[Shape]) -> list[Shape]:
    """Each step with the history lines that were written while the case was in it, or before it left for the next."""
    path = [{**step, "reasons": []} for step in steps]
    for reason in reasons:
        during = [step for step in path if step["at"] <= reason["at"]]
        if during:
            during[-1]["reasons"].append(reason)
    return path


def kind(state: Shape) -> str:
    """What a state of a definition is to people: `choice`, `end`, `wait` or `step`."""
    if state["Type"] == "Choice":
        return "choice"
    if state["Type"] in ("Succeed", "Fail"):
        return "end"
    return "wait" if is_wait(state) else "step"


def _when(event: HistoryEventTypeDef) -> str:
    return time_text(event["timestamp"])

"""Step Functions: runs the case workflow of the template itself, state by state, in virtual time.

What is modelled: Task (a Lambda call; a DynamoDB update that waits for its token), Choice, Succeed; JSONata with
`$states` and variables; Retry, Catch, TimeoutSeconds; names that cannot be used twice; an execution that is killed.

Source: Amazon States Language (states-language.net) and the Step Functions Developer Guide (service integrations).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonata
import yaml

from infra.expand import ROOT
from infra.simulation.dynamodb import Refused
from infra.simulation.scheduler import Task
from infra.simulation.services import error

if TYPE_CHECKING:
    from infra.simulation.world import World

DEFINITION = ROOT / "infra" / "workflow" / "case.asl.yaml"
MOST_EVENTS = 25_000


@cache
def definition() -> Mapping[str, Any]:
    """The workflow as it is deployed."""
    read: Mapping[str, Any] = yaml.safe_load(DEFINITION.read_text())
    return read


@cache
def _expression(written: str) -> jsonata.Jsonata:
    return jsonata.Jsonata(written)


class Failed(Exception):
    """A state ended with an error."""

    def __init__(self, name: str, cause: str = "") -> None:
        super().__init__(name)
        self.name = name
        self.cause = cause


class Killed(Exception):
    """The execution is ended from outside."""


@dataclass
class Execution:
    name: str
    given: Any
    status: str = "RUNNING"
    token: str = ""
    """Of the wait it is in."""
    task: Task | None = None
    turn: int = 0
    at: str = ""
    events: int = 0


class Workflows:
    """All executions of one state machine."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.executions: dict[str, Execution] = {}
        self._tokens: dict[str, Execution] = {}

    # --- what the product asks for ---

    def start(self, name: str, given: str) -> dict[str, Any]:
        """Begin an execution. The same name with the same input while it runs is the same execution."""
        if len(name) > 80 or not name.isascii():
            raise error("InvalidName", name)
        known = self.executions.get(name)
        if known is not None:
            if known.status == "RUNNING" and known.given == json.loads(given):
                return {"executionArn": name}
            raise error("ExecutionAlreadyExists", name)
        if any(each.given == json.loads(given) for each in self.alive()):
            self._world.checks.two_alive(name)
        made = self.executions[name] = Execution(name, json.loads(given))
        made.task = self._world.scheduler.spawn(f"wf {name}", lambda: self._run(made))
        return {"executionArn": name}

    def describe(self, name: str) -> dict[str, Any]:
        if name not in self.executions:
            raise error("ExecutionDoesNotExist", name)
        return {"name": name, "status": self.executions[name].status}

    def succeed(self, token: str, output: str) -> dict[str, Any]:
        """End the wait of that token well."""
        self._end_wait(token, ("well", json.loads(output)))
        return {}

    def fail(self, token: str, name: str, cause: str) -> dict[str, Any]:
        """End the wait of that token with an error."""
        self._end_wait(token, ("failed", (name, cause)))
        return {}

    def _end_wait(self, token: str, how: tuple[str, Any]) -> None:
        waiting = self._tokens.get(token)
        if waiting is None or waiting.token != token or waiting.status != "RUNNING" or waiting.task is None:
            raise error("TaskTimedOut", "")
        waiting.token = ""
        self._world.scheduler.wake(waiting.task, waiting.turn, how)

    def alive(self) -> list[Execution]:
        return [each for each in self.executions.values() if each.status == "RUNNING"]

    # --- running ---

    def _run(self, execution: Execution) -> None:
        try:
            self._walk(execution)
            execution.status = "SUCCEEDED"
        except Killed:
            execution.status = "ABORTED"
        except Failed as failed:
            execution.status = "FAILED"
            self._world.scheduler.note(f"{execution.name} failed: {failed.name}")
        if execution.status != "SUCCEEDED":
            self._world.functions.execution_died(execution.given)

    def _walk(self, execution: Execution) -> None:
        machine = definition()
        variables: dict[str, Any] = {}
        name, given = machine["StartAt"], execution.given
        while True:
            execution.at = name
            execution.events += 1
            if execution.events > MOST_EVENTS:
                raise Failed("States.ExceedHistoryEvents")
            self._world.scheduler.pause(self._world.scheduler.random.uniform(0.01, 0.05))
            state = machine["States"][name]
            match state["Type"]:
                case "Succeed":
                    return
                case "Choice":
                    name = self._chosen(execution, state, given, variables)
                    continue
            told = Scope(execution, name, given, variables)
            try:
                given = self._attempts(execution, state, told)
            except Failed as failed:
                caught = _catcher(state.get("Catch", ()), failed)
                if caught is None:
                    raise
                told.states["errorOutput"] = {"Error": failed.name, "Cause": failed.cause}
                variables |= told.value(caught.get("Assign", {}))
                given = told.states["errorOutput"]
                name = caught["Next"]
                continue
            variables |= told.value(state.get("Assign", {}))
            if state.get("End"):
                return
            name = state["Next"]

    def _chosen(self, execution: Execution, state: Mapping[str, Any], given: Any, variables: dict[str, Any]) -> str:
        told = Scope(execution, execution.at, given, variables)
        for choice in state["Choices"]:
            if told.value(choice["Condition"]) is True:
                return str(choice["Next"])
        return str(state["Default"])

    def _attempts(self, execution: Execution, state: Mapping[str, Any], told: Scope) -> Any:
        done: dict[int, int] = {}
        while True:
            try:
                told.states["result"] = self._task(execution, state, told)
                break
            except Failed as failed:
                retrier = next((r for r in state.get("Retry", ()) if _fits(r["ErrorEquals"], failed.name)), None)
                tried = done.get(id(retrier), 0)
                if retrier is None or tried >= retrier.get("MaxAttempts", 3):
                    raise
                done[id(retrier)] = tried + 1
                wait = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** tried
                self._world.scheduler.pause(wait)
        return told.value(state["Output"]) if "Output" in state else told.states["result"]

    def _task(self, execution: Execution, state: Mapping[str, Any], told: Scope) -> Any:
        if state["Resource"] == "arn:aws:states:::lambda:invoke":
            given = told.value(state["Arguments"])
            return {"Payload": self._world.functions.ask(_function(given["FunctionName"]), given["Payload"])}
        assert state["Resource"] == "arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken"
        return self._wait(execution, state, told)

    def _wait(self, execution: Execution, state: Mapping[str, Any], told: Scope) -> Any:
        world, scheduler = self._world, self._world.scheduler
        token = f"token {execution.name} {execution.events}"
        told.states["context"]["Task"] = {"Token": token}
        seconds = told.value(state["TimeoutSeconds"])
        assert isinstance(seconds, int | float) and 1 <= seconds <= 99_999_999, (execution.at, seconds)
        given = told.value(state["Arguments"]) | {"TableName": "desk"}
        self._tokens[token], execution.token = execution, token
        until = scheduler.now + math.ceil(seconds)
        task = execution.task
        assert task is not None
        execution.turn = task.turn + 2  # one pause, and the wait
        scheduler.pause(scheduler.random.uniform(0.005, 0.03))
        try:
            world.dynamodb.answer("UpdateItem", given)
        except Refused as refused:
            execution.token = ""
            raise Failed(f"DynamoDb.{refused.code}", refused.message) from None
        scheduler.note(f"{execution.name} waits at {execution.at}")
        if world.weather.strikes("execution_dies"):
            until = min(until, scheduler.now + scheduler.random.uniform(1, 3600))
            ended = scheduler.wait(until)
            if ended is None:
                execution.token = ""
                raise Killed
        else:
            ended = scheduler.wait(until)
        execution.token = ""
        match ended:
            case None:
                raise Failed("States.Timeout")
            case ("well", output):
                return output
            case (_, (name, cause)):
                raise Failed(name, cause)
        raise AssertionError(ended)


class Scope:
    """What a state's expressions see: `$states` and the variables."""

    def __init__(self, execution: Execution, state: str, given: Any, variables: dict[str, Any]) -> None:
        context = {"Execution": {"Input": execution.given, "Name": execution.name}, "State": {"Name": state}}
        self.states: dict[str, Any] = {"input": given, "context": context}
        self._variables = variables

    def value(self, written: Any) -> Any:
        """A field with everything between {% %} in it worked out."""
        if isinstance(written, Mapping):
            return {name: self.value(each) for name, each in written.items()}
        if isinstance(written, list):
            return [self.value(each) for each in written]
        if not isinstance(written, str) or not written.startswith("{%"):
            return written
        expression = _expression(written.removeprefix("{%").removesuffix("%}").strip())
        # Its clock is that of the expression that was made last in this thread, not of the one that is worked out.
        jsonata.Jsonata.CURRENT.jsonata = expression
        frame = expression.create_frame()
        frame.bind("states", self.states)
        for name, each in self._variables.items():
            frame.bind(name, each)
        found = expression.evaluate(None, frame)
        if found is None:
            raise Failed("States.QueryEvaluationError", written)
        return found


def _fits(names: list[str], name: str) -> bool:
    if name in names:
        return True
    return any(each == "States.ALL" or (each == "States.TaskFailed" and name != "States.Timeout") for each in names)


def _catcher(catchers: Any, failed: Failed) -> Any:
    return next((each for each in catchers if _fits(each["ErrorEquals"], failed.name)), None)


def _function(mark: str) -> str:
    """`${FollowUpFunction}` → `follow_up`."""
    camel = mark.removeprefix("${").removesuffix("Function}")
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in camel).strip("_")


def iso(at: float) -> str:
    """A virtual time for people."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")

"""The engine, once per test process, with throwaway functions and state machines."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import pytest

from infra.local import artifacts
from infra.local.engine import Engine, free_port
from infra.local.people import Passwords
from infra.local.sign_in import SignIn
from infra.local.stack import client
from infra.local.web import Web

ROLE = "arn:aws:iam::000000000000:role/any"


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """A running engine, in this process."""
    from infra.local.cloud import engine_app

    port = free_port()
    with Engine(port, free_port(), Web(SignIn(engine_app, port, Passwords()))) as running:
        yield running


Deploy = Callable[[str], str]


@pytest.fixture
def deploy(engine: Engine, tmp_path: Path) -> Deploy:
    """Deploys a handler's source as a function; gives its ARN."""

    def deploy_source(source: str) -> str:
        name = f"f-{uuid4().hex[:12]}"
        folder = tmp_path / name
        folder.mkdir()
        (folder / "handler.py").write_text(source)
        answer = client("lambda").create_function(
            FunctionName=name,
            Runtime="provided.al2023",
            Handler="handler.handler",
            Role=ROLE,
            Timeout=20,
            Code={"ZipFile": artifacts.package(folder, [], {"LogFormat": "JSON"})},
        )
        arn: str = answer["FunctionArn"]
        return arn

    return deploy_source


@pytest.fixture
def table(engine: Engine) -> str:
    """A table with the desk table's key and stream; gives its name."""
    name = f"t-{uuid4().hex[:12]}"
    client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )
    return name


class Execution:
    """One execution of a state machine made for a test."""

    def __init__(self, definition: dict[str, Any], given: dict[str, Any]) -> None:
        states = client("stepfunctions")
        machine = states.create_state_machine(
            name=f"m-{uuid4().hex[:12]}", definition=json.dumps(definition), roleArn=ROLE
        )
        self.arn = states.start_execution(
            stateMachineArn=machine["stateMachineArn"], name=uuid4().hex, input=json.dumps(given)
        )["executionArn"]

    def result(self) -> dict[str, Any]:
        """What DescribeExecution says once the execution has ended; output parsed."""
        described = until(lambda: self._ended())
        described["output"] = json.loads(described.get("output") or "null")
        return described

    def entered(self) -> list[str]:
        """Names of the states entered so far, in order."""
        events = client("stepfunctions").get_execution_history(executionArn=self.arn, maxResults=1000)["events"]
        return [e["stateEnteredEventDetails"]["name"] for e in events if "stateEnteredEventDetails" in e]

    def _ended(self) -> dict[str, Any] | None:
        described: dict[str, Any] = client("stepfunctions").describe_execution(executionArn=self.arn)
        return None if described["status"] == "RUNNING" else described


T = TypeVar("T")


def until(question: Callable[[], T | None], seconds: float = 30) -> T:
    """The first answer that is neither None nor empty.

    Raises:
        TimeoutError: there was none in time.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := question():
            return answer
        time.sleep(0.05)
    raise TimeoutError(f"no answer in {seconds} s")

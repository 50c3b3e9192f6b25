"""The named cases of infra/workflow/cases.toml go every way through the definition that is deployed, and no other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import boto3
import pytest
from hark.domain.workflow_graph import edges

from infra.expand import ROOT
from infra.local.engine import HOST, free_port
from infra.workflow import picture

CASES: list[dict[str, Any]] = tomllib.loads((ROOT / "infra/workflow/cases.toml").read_text())["case"]
FAR = "2099-01-01T00:00:00.000Z"
TABLE, MANY = "Desk", 1000
MACHINE, ROLE = "Case", "arn:aws:iam::000000000000:role/workflow"
START_SECONDS = 30.0
ENGINE = "from infra.local import engine_gaps; engine_gaps.install(); import ministack.__main__"


def mocked(step: list[Any]) -> dict[str, Any] | None:
    """What the engine is told a step's task does; None for steps that need no telling."""
    match step:
        case [_]:
            return None
        case [_, "ok"]:
            return {"Return": {"deadline": FAR}}
        case [_, str(error)]:
            return {"Throw": {"Error": error.removeprefix("!"), "Cause": FAR}}
        case [_, answer]:
            return {"Return": {"Payload": {"key": {"pk": "p", "sk": "s"}, "deadline": FAR, **answer}}}
    raise ValueError(step)


def waiting(number: int) -> dict[str, dict[str, Any]]:
    """What the tasks before the waits of a case do: even ones come to the approval, odd ones to the follow-up."""
    key = {"pk": f"c{number}", "sk": "CASE"}
    told: dict[str, dict[str, Any]] = {
        "Triage": {"Return": {"Payload": {"next": "assign"}}},
        "Assign": {"Return": {"Payload": {"key": key, "deadline": FAR}}},
    }
    if number % 2 == 0:
        return told | {"AwaitAnswer": {"Throw": {"Error": "Drafted", "Cause": FAR}}}
    return told | {
        "AwaitAnswer": {"Return": {"deadline": FAR}},
        "AwaitCustomer": {"Throw": {"Error": "States.Timeout", "Cause": ""}},
        "FollowUp": {"Return": {"Payload": {"deadline": FAR}}},
    }


def configuration() -> dict[str, Any]:
    """The mock configuration of Step Functions Local (its documented format), with one test case for each of ours."""
    tests: dict[str, dict[str, str]] = {}
    responses: dict[str, dict[str, Any]] = {}
    for number, case in enumerate(CASES):
        for step in case["steps"]:
            what = mocked(step)
            if what is not None:
                name = f"{number}-{step[0]}"
                tests.setdefault(f"case{number}", {})[step[0]] = name
                known = responses.setdefault(name, {})
                known[str(len(known))] = what
    for number in range(MANY):
        for state, answer in waiting(number).items():
            name = f"waiting{number}-{state}"
            tests.setdefault(f"waiting{number}", {})[state] = name
            responses[name] = {"0": answer}
    return {"StateMachines": {MACHINE: {"TestCases": tests}}, "MockedResponses": responses}


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Step Functions on an engine of its own whose tasks do as they are told."""
    folder, port = tmp_path_factory.mktemp("workflow"), free_port()
    mocks = folder / "mocks.json"
    mocks.write_text(json.dumps(configuration()))
    settings = {
        "PYTHONPATH": f"{ROOT}:{ROOT / 'layers/hark'}",
        "GATEWAY_PORT": str(port), "BIND_HOST": HOST, "SFN_MOCK_CONFIG": str(mocks), "SFN_WAIT_SCALE": "0",
        "LOG_LEVEL": "ERROR", "SFTP_ENABLED": "0", "IOT_MTLS_ENABLED": "0",
    }  # fmt: skip
    with (folder / "engine.log").open("wb") as log:
        engine = subprocess.Popen(
            [sys.executable, "-c", ENGINE], cwd=ROOT, env={**os.environ, **settings}, stdout=log, stderr=log
        )
    client = boto3.client(
        "stepfunctions", endpoint_url=f"http://{HOST}:{port}", region_name="us-east-1", aws_access_key_id="test",
        aws_secret_access_key="test",
    )  # fmt: skip
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            client.list_state_machines()
            break
        except Exception:
            assert engine.poll() is None and time.monotonic() < end, (folder / "engine.log").read_text()
            time.sleep(0.1)
    yield client
    engine.terminate()
    engine.wait(20)


@pytest.fixture(scope="module")
def machine(steps: Any) -> str:
    definition = json.dumps(picture.definition()).replace("${DeskTable}", TABLE)
    made = steps.create_state_machine(name=MACHINE, definition=definition, roleArn=ROLE)
    return str(made["stateMachineArn"])


@pytest.fixture(scope="module")
def table(steps: Any) -> Any:
    """A table of the same engine, with one item for each case that is to wait."""
    client = boto3.client(
        "dynamodb", endpoint_url=steps.meta.endpoint_url, region_name="us-east-1", aws_access_key_id="test",
        aws_secret_access_key="test",
    )  # fmt: skip
    client.create_table(
        TableName=TABLE, BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("pk", "sk")],
    )  # fmt: skip
    return client


def way(case: dict[str, Any]) -> list[str]:
    return [step[0] for step in case["steps"]]


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case["name"] for case in CASES])
def test_a_named_case_goes_its_way(steps: Any, machine: str, number: int) -> None:
    started = steps.start_execution(
        stateMachineArn=f"{machine}#case{number}", name=f"case{number}",
        input=json.dumps({"brand": "acme", "case": f"c{number}", "gen": 1}),
    )  # fmt: skip
    arn, end = started["executionArn"], time.monotonic() + 20
    while steps.describe_execution(executionArn=arn)["status"] == "RUNNING":
        assert time.monotonic() < end, "it does not end"
        time.sleep(0.02)
    assert steps.describe_execution(executionArn=arn)["status"] == "SUCCEEDED"
    assert entered(steps, arn) == way(CASES[number])


def until(holds: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.2)


def entered(steps: Any, arn: str) -> list[str]:
    """The states an execution was in: each is one transition that is paid for."""
    events = steps.get_execution_history(executionArn=arn, maxResults=1000)["events"]
    return [e["stateEnteredEventDetails"]["name"] for e in events if "stateEnteredEventDetails" in e]


@pytest.mark.timeout(300)
def test_a_thousand_cases_wait_and_each_takes_the_same_few_transitions(steps: Any, machine: str, table: Any) -> None:
    arns: list[str] = []
    for start in range(0, MANY, 25):
        puts = [{"PutRequest": {"Item": item(number)}} for number in range(start, start + 25)]
        assert not table.batch_write_item(RequestItems={TABLE: puts})["UnprocessedItems"]
    for number in range(MANY):
        started = steps.start_execution(
            stateMachineArn=f"{machine}#waiting{number}", name=f"waiting{number}",
            input=json.dumps({"brand": "acme", "case": f"c{number}", "gen": 1}),
        )  # fmt: skip
        arns.append(started["executionArn"])
    until(lambda: len(tokens(table)) == MANY, 120)
    sample = arns[:50]
    before = [entered(steps, arn) for arn in sample]
    time.sleep(3)
    assert [entered(steps, arn) for arn in sample] == before, "a wait is no loop: nothing moves while nothing happens"
    assert len(running(steps, machine)) == MANY
    for token in tokens(table):
        steps.send_task_failure(taskToken=token, error="CaseClosed", cause="")
    until(lambda: not running(steps, machine), 60)
    approval = ["Triage", "Wanted", "Assign", "AwaitAnswer", "AwaitApproval", "Ended"]
    follow_up = ["Triage", "Wanted", "Assign", "AwaitAnswer", "AwaitCustomer", "FollowUp", "AwaitSolved", "Ended"]
    ways = [entered(steps, arn) for arn in arns]
    assert ways == [approval, follow_up] * (MANY // 2)


def item(number: int) -> dict[str, Any]:
    """What the waits of a case look at."""
    case = {"awaiting": "them", "approval": ""} if number % 2 else {"awaiting": "us", "approval": "waiting"}
    texts = {"pk": f"c{number}", "sk": "CASE", "status": "open", **case}
    return {**{name: {"S": text} for name, text in texts.items()}, "gen": {"N": "1"}}


def tokens(table: Any) -> list[str]:
    pages = table.get_paginator("scan").paginate(TableName=TABLE)
    return [found["wf_token"]["S"] for page in pages for found in page["Items"] if "wf_token" in found]


def running(steps: Any, machine: str) -> list[Any]:
    pages = steps.get_paginator("list_executions").paginate(stateMachineArn=machine, statusFilter="RUNNING")
    return [execution for page in pages for execution in page["executions"]]


def test_the_named_cases_together_go_every_way_there_is() -> None:
    states = picture.definition()["States"]
    ways = {(here, there) for here, there, _ in edges(states)}
    gone = {pair for case in CASES for pair in pairwise(way(case))}
    assert gone == ways
    ends = {name for name, state in states.items() if state.get("End") or state["Type"] == "Succeed"}
    assert {way(case)[-1] for case in CASES} == ends


def test_every_error_the_workflow_catches_by_name_is_met() -> None:
    caught = {
        (name, error)
        for name, state in picture.definition()["States"].items()
        for catcher in state.get("Catch", [])
        for error in catcher["ErrorEquals"]
        if not error.startswith("States.") or error == "States.Timeout"
    }
    thrown = {
        (step[0], step[1].removeprefix("!"))
        for case in CASES
        for step in case["steps"]
        if len(step) == 2 and isinstance(step[1], str) and step[1].startswith("!")
    }
    assert caught - thrown == set()


def test_the_deployed_definition_is_the_one_that_was_run() -> None:
    deployed = f"DefinitionUri: {picture.DEFINITION.relative_to(ROOT)}"
    assert deployed in (ROOT / "template.yaml").read_text()

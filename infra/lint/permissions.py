"""What a function may do is what its policy in the template says: all that it does, and nothing that it never does.

moto asks nobody's leave, so the integration tests do (`missing`), and write down what was called. `python -m
infra.lint.permissions <folder>` looks through that after a whole run: what is allowed and was never called is refused.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from infra.expand import expand, read
from infra.lint.problem import Problem, listed, of_type, properties
from infra.lint.rules import possible

Used = tuple[str, str, str]
"""Folder of the function, action, and what it was done to."""

_IN_A_TRANSACTION = {
    "Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem",
}  # fmt: skip
_SERVICE = {"stepfunctions": "states", "sesv2": "ses", "bedrock-runtime": "bedrock"}
_NAMED_OTHERWISE = {
    ("lambda", "Invoke"): "InvokeFunction", ("s3", "ListObjectsV2"): "ListBucket", ("s3", "HeadObject"): "GetObject",
    ("s3", "DeleteObjects"): "DeleteObject", ("bedrock-runtime", "Converse"): "InvokeModel",
}  # fmt: skip

_MOVES = (
    "Workflow.move is one piece for all who change a case: it starts, looks, and ends waits well or not (tests/e2e)"
)
_TRACES = (
    "moto knows no history of executions; the way of a case is shown on the local cloud (tests/e2e/test_lit_path.py)"
)
_READS = "off unless the parameter Reader says so; its calls are held by tests/unit/test_reading_services.py"
UNSEEN: dict[Used, str] = {
    ("desk_api", "states:DescribeExecution", "*"): _MOVES,
    ("desk_api", "states:DescribeStateMachineForExecution", "*"): _TRACES,
    ("desk_api", "states:GetExecutionHistory", "*"): _TRACES,
    ("desk_api", "states:SendTaskSuccess", "*"): _MOVES,
    ("ingest", "states:DescribeExecution", "*"): _MOVES,
    ("ingest", "states:SendTaskFailure", "*"): _MOVES,
    ("ingest", "states:SendTaskSuccess", "*"): _MOVES,
    ("send_reply", "states:DescribeExecution", "*"): _MOVES,
    ("send_reply", "states:SendTaskFailure", "*"): _MOVES,
    ("send_reply", "states:StartExecution", "*"): _MOVES,
    ("sweep", "dynamodb:ConditionCheckItem", "table"): "gathers for an incident what triage, which is seen, left over",
    ("sweep", "states:SendTaskFailure", "*"): _MOVES,
    ("sweep", "states:SendTaskSuccess", "*"): _MOVES,
    ("triage", "bedrock:InvokeModel", "*"): _READS,
    ("triage", "comprehend:DetectSentiment", "*"): _READS,
}
"""What is allowed and not always seen called by the integration tests, each with the reason."""


@cache
def allowed(function: str) -> frozenset[tuple[str, str]]:
    """Actions with what they may be done to: `table`, `index:<name or *>` or `*` for all else."""
    logical = "".join(part.capitalize() for part in function.split("_")) + "Function"
    return frozenset(
        (action, where)
        for policy in possible(read()["Resources"][logical]["Properties"]["Policies"])
        for statement in policy["Statement"]
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
        for where in [_where(action, resource)]
    )


def needed(service: str, operation: str, given: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The permissions one call of the SDK takes. Source: DynamoDB's and Step Functions' service authorization pages."""
    if service != "dynamodb":
        yield f"{_SERVICE.get(service, service)}:{_NAMED_OTHERWISE.get((service, operation), operation)}", "*"
        return
    if operation == "TransactWriteItems":
        for item in given["TransactItems"]:
            (kind,) = item
            yield f"dynamodb:{_IN_A_TRANSACTION[kind]}", "table"
        return
    index = given.get("IndexName")
    yield f"dynamodb:{operation}", f"index:{index}" if index else "table"


def missing(function: str, service: str, operation: str, given: dict[str, Any]) -> list[str]:
    """The permissions that the call takes and the function does not have."""
    have = allowed(function)
    return [
        f"{function}: {action} on {where}"
        for action, where in needed(service, operation, given)
        if (action, where) not in have and not (where.startswith("index:") and (action, "index:*") in have)
    ]


def unused(used: Iterable[Used]) -> list[Problem]:
    """What functions are allowed and nobody called, and exceptions for what is not allowed at all.

    An exception that was called after all is none the worse: some tests play by chance.
    """
    called = {*used}
    called |= {(function, action, "index:*") for function, action, where in called if where.startswith("index:")}
    granted = {(function, action, where) for function in functions() for action, where in allowed(function)}
    found = [
        Problem("permission", function, f"may {action} on {where} and never does")
        for function, action, where in sorted(granted - called - set(UNSEEN))
    ]
    return found + [
        Problem("permission", function, f"{action} on {where} is not allowed, so it is no exception")
        for function, action, where in sorted(set(UNSEEN) - granted)
    ]


def functions() -> list[str]:
    """Folders of all functions."""
    return sorted(
        properties(function)["CodeUri"].rsplit("/", 1)[-1]
        for function in of_type(read(), "AWS::Serverless::Function").values()
    )


def workflow() -> list[Problem]:
    """The workflow may call what its definition calls, and nothing else."""
    template, found = expand(), []
    for name, machine in of_type(template, "AWS::StepFunctions::StateMachine").items():
        calls = set()
        for state in properties(machine)["Definition"]["States"].values():
            if state["Type"] == "Task":
                service, operation = state["Resource"].split(":")[-2:]
                calls.add(f"{service}:{operation.split('.')[0].lower()}")
        granted = {
            action
            for policy in possible(properties(template["Resources"][f"{name}Role"])["Policies"])
            for statement in policy["PolicyDocument"]["Statement"]
            for action in listed(statement["Action"])
        }
        may = {action.lower().replace("lambda:invokefunction", "lambda:invoke") for action in granted}
        found += [Problem("permission", name, f"{call}: called and allowed differ") for call in sorted(calls ^ may)]
    return found


def _where(action: str, resource: Any) -> str:
    if not action.startswith("dynamodb:"):
        return "*"
    written = str(resource)
    return f"index:{written.split('/index/')[1].rstrip(chr(39) + '}]')}" if "/index/" in written else "table"


def main(arguments: list[str]) -> int:
    """Compare what the tests wrote into a folder; 1 when something is allowed in vain."""
    files = sorted(Path(arguments[0]).glob("*.json"))
    used = {(f, a, w) for file in files for f, a, w in json.loads(file.read_text())}
    problems = unused(used) + workflow()
    for problem in problems:
        print(problem)
    if not problems:
        print(f"{len(used)} permissions of {len(functions())} functions: each is used, or says why not")
    return 1 if problems or not used else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

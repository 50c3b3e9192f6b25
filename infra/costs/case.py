"""What one case costs: a public complaint, answered once in time, followed up, closed by silence."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from hark.domain.workflow_graph import targets

from infra.costs.durations import Run, gb_seconds
from infra.costs.idle import memory
from infra.costs.line import Line
from infra.costs.measured import measured

DEFINITION = Path(__file__).parent.parent / "workflow" / "case.asl.yaml"
PATH = ("Triage", "Wanted", "Assign", "AwaitAnswer", "AwaitCustomer", "FollowUp", "AwaitSolved", "Close")
"""The states this case goes through. Each is one state transition."""

DOORS = ("webhook", "desk_api")
"""Functions behind the HTTP API: each invocation is a request."""


@cache
def states() -> dict[str, Any]:
    """The states of the case workflow."""
    found: dict[str, Any] = yaml.safe_load(DEFINITION.read_text())["States"]
    return found


def transitions() -> int:
    """State transitions of the case.

    Raises:
        ValueError: the workflow does not have this path any more.
    """
    start = yaml.safe_load(DEFINITION.read_text())["StartAt"]
    if PATH[0] != start or not states()[PATH[-1]].get("End"):
        raise ValueError("the path does not begin and end where the workflow does")
    for here, there in pairwise(PATH):
        if there not in targets(states()[here]):
            raise ValueError(f"no way from {here} to {there}")
    return len(PATH)


def functions() -> dict[str, Any]:
    """What was measured, by function; `workflow` is Step Functions itself, which writes the task tokens."""
    found: dict[str, Any] = measured()["case"]["functions"]
    return found


def seconds(run: Run = "median") -> float:
    """GB-seconds of all functions of the case, as an upper bound."""
    return sum(
        gb_seconds(name, memory(name), run) * int(each["invocations"])
        for name, each in functions().items()
        if "invocations" in each
    )


def invocations() -> int:
    """Function calls of the case."""
    return sum(each.get("invocations", 0) for each in functions().values())


def writes() -> int:
    """Write units of the case."""
    return sum(each["table_write"] + each["index_write"] for each in functions().values())


def platform() -> list[Line]:
    """What X takes for it."""
    return [
        Line("X: the mention, delivered by webhook", "x_post_read", 1),
        Line("X: the same mention, read by the poll", "x_owned_read", 1),
        Line("X: the reply, called for and without a link", "x_post_summoned", 1),
    ]


def lines() -> list[Line]:
    """What AWS takes for it."""
    each = functions()
    logged = sum(one.get("log_bytes", 0) for one in each.values()) / 1e9
    answered = sum(measured()["look"]["answer_bytes"][name] for name in ("conversation", "conversation")) / 1e9
    stored = measured()["case"]["stored_bytes"] / 1e9
    return [
        Line("Step Functions: state transitions", "sfn_std", transitions()),
        Line("DynamoDB: write units", "ddb_wru", writes()),
        Line("DynamoDB: read units", "ddb_rru", sum(one["read"] for one in each.values())),
        Line("Lambda: GB-seconds (upper bound)", "lambda_gbs_arm", seconds()),
        Line("Lambda: requests", "lambda_req", invocations()),
        Line("HTTP API: requests", "apigw_http", sum(each[door]["invocations"] for door in DOORS)),
        Line("EventBridge: domain events", "eb_custom", measured()["case"]["bus_events"]),
        Line("CloudWatch Logs: GB taken in", "cw_log_in", logged),
        Line("Answers to the browser: GB", "egress", answered),
        Line("DynamoDB: GB kept for a year (GB-months)", "ddb_gb", stored * 12),
        Line("DynamoDB: continuous backup for a year (GB-months)", "ddb_pitr", stored * 12),
    ]

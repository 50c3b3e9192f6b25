"""How long functions run on the local cloud: the basis of the GB-seconds in docs/costs.md.

`HARK_MEASURE=write python -m pytest tests/e2e/test_durations.py && python -m infra.costs` takes the figures over.
A busy machine makes them longer, so without that only this is asserted: every function of a case has a figure.
"""

from __future__ import annotations

import json
import os
import re
import statistics
from typing import Any

from infra.costs.durations import FILE
from infra.costs.measured import measured

from .cloud import Desk, LocalCloud, until

REPORT = re.compile(r"REPORT RequestId: \S+\s+Duration: ([0-9.]+) ms")
MEASURING = os.environ.get("HARK_MEASURE") == "write"
CASES, ROUNDS = (6, 12) if MEASURING else (1, 1)


def test_every_function_of_a_case_has_a_measured_duration(hurried: LocalCloud) -> None:
    desk = hurried.signed_in("dana")
    hurried.x("POST", "users", {"username": "kim_d", "name": "Kim D"})
    for number in range(CASES):
        _one_case(hurried, desk, number)
    for _ in range(ROUNDS):
        hurried.invoke("SweepFunction")
        hurried.invoke("PollFunction", {"provider": "x"})
        desk.get("/api/v1/queue", view="open")
    found = {name: _durations(hurried, f"{name}Function") for name in _functions()}
    if MEASURING:
        FILE.write_text(json.dumps({_snake(n): _summary(d) for n, d in sorted(found.items())}, indent=1) + "\n")
    kept = json.loads(FILE.read_text())
    used = {*measured()["case"]["functions"], *measured()["idle"]} - {"workflow"}
    assert used <= set(kept), "measure the new function: see this file's first lines"
    assert all(found.values()), found


def _one_case(cloud: LocalCloud, desk: Desk, number: int) -> None:
    """From complaint to close, answered by Dana."""
    cloud.x("POST", "posts", {"author": "kim_d", "text": f"@acme where is my parcel {number}? Nobody answers."})
    row = until(lambda: _waiting(desk), 30)
    path = f"/api/v1/conversations/{row['id']}"
    until(lambda: _claimed(desk, path, number), 10)
    said = {"text": f"Hello Kim, parcel {number} comes tomorrow. ^DO", "seen": desk.get(path).json()["case"]["talk"]}
    sent = desk.send("POST", f"{path}/replies", said, idempotency_key=f"duration-reply-{number}")
    assert sent.status_code == 202, sent.text
    until(lambda: desk.get(path).json()["case"]["status"] == "closed", 60)


def _waiting(desk: Desk) -> Any:
    rows = desk.get("/api/v1/queue", view="open").json()["items"]
    return next((r for r in rows if r["handle"] == "kim_d" and r["awaiting"] == "us"), None)


def _claimed(desk: Desk, path: str, number: int) -> bool:
    case = desk.get(path).json()["case"]
    if case["owner"] and case["owner"]["name"] == "Dana Ozola":
        return True
    wish = {"version": case["version"], "assignee": "me"}
    key = f"duration-claim-{number}-{case['version']}"
    return bool(desk.send("PATCH", path, wish, idempotency_key=key).status_code == 200)


def _functions() -> list[str]:
    return ["Webhook", "Ingest", "Triage", "Assign", "Relay", "DeskApi", "SendReply", "FollowUp", "Sweep", "Poll"]


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _durations(cloud: LocalCloud, function: str) -> list[float]:
    resources = cloud.client("cloudformation").describe_stack_resources(StackName="hark")["StackResources"]
    ids = {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in resources}
    group = ids[function.removesuffix("Function") + "LogGroup"]
    pages = cloud.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
    lines = [event["message"] for page in pages for event in page["events"]]
    return [float(found[1]) for line in lines if (found := REPORT.search(line))]


def _summary(durations: list[float]) -> dict[str, Any]:
    """Milliseconds. The longest is the one that had to start a process."""
    ordered = sorted(durations)
    return {
        "quickest_ms": round(ordered[0], 1),
        "median_ms": round(statistics.median(ordered), 1),
        "longest_ms": round(ordered[-1], 1),
        "runs": len(ordered),
    }

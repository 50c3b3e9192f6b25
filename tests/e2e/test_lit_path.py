"""The picture of the workflow in the desk is the workflow that ran: states of the definition, way of the execution."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest

from infra.workflow import picture
from tests.e2e.cloud import HURRIED, Desk, LocalCloud, until

PLAYED, HURRIED_ONES = int(os.environ.get("HARK_PLAYED", "50")), 20
"""Cases in all, and those whose reminders and follow-ups come within seconds: more would ring all at once, for ever.
The gate plays fifty; `make played` plays two hundred."""
SAYINGS = (
    "@acme where is my parcel?",
    "@acme thank you!",
    "@acme my line is dead since Monday",
    "@acme please cancel my order",
    "@acme is anybody there?",
)
ANSWERED, CLOSED, WRITES_AGAIN = 10, 17, 25
"""Every so manieth case is answered, is closed by hand, or hears of the customer once more; no answered one does."""


@pytest.fixture(scope="module")
def dana(cloud: LocalCloud) -> Iterator[Desk]:
    """Her desk; what she leaves open is closed, so that the next tests find people who can take a case."""
    desk = cloud.signed_in("dana")
    yield desk
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda row: close(desk, row), [row for row in played(desk, "") if row["status"] != "closed"]))


def close(desk: Desk, row: dict[str, Any]) -> None:
    answer = desk.send("PATCH", f"/api/v1/conversations/{row['id']}", {"version": row["version"], "state": "closed"},
                       idempotency_key=uuid.uuid4().hex)  # fmt: skip
    assert answer.status_code in (200, 409), answer.text  # its own follow-up may close it at the same moment


def write(cloud: LocalCloud, author: str, text: str) -> None:
    cloud.x("POST", "posts", {"author": f"lit_{author}", "text": text})


def played(desk: Desk, mark: str) -> list[dict[str, Any]]:
    """The cases of this test, in whatever view they are by now."""
    found: dict[str, dict[str, Any]] = {}
    for view in ("open", "snoozed", "done"):
        cursor: dict[str, str] = {}
        while True:
            page = desk.get("/api/v1/queue", view=view, limit="100", **cursor).json()
            found |= {row["id"]: row for row in page["items"] if row["handle"].startswith(f"lit_{mark}")}
            if not page["next"]:
                break
            cursor = {"cursor": page["next"]}
    return list(found.values())


def act(desk: Desk, case_id: str, number: int) -> str:
    """Do with a case what its number says; its id if it was answered."""
    row = desk.get(f"/api/v1/conversations/{case_id}").json()["case"]
    key = uuid.uuid4().hex
    if row["status"] != "closed" and number % CLOSED == 0:
        close(desk, row)
    elif row["status"] != "closed" and number % ANSWERED == 0:
        desk.send("PATCH", f"/api/v1/conversations/{case_id}", {"version": row["version"], "assignee": "me"},
                  idempotency_key=key)  # fmt: skip
        said = {"text": f"We look. {key}", "seen": row["talk"], "hold": 0}
        sent = desk.send("POST", f"/api/v1/conversations/{case_id}/replies", said, idempotency_key=uuid.uuid4().hex)
        assert sent.status_code == 202, sent.text
        return case_id
    return ""


def executed(cloud: LocalCloud, case_id: str, generation: int) -> list[str]:
    """The states of an execution by the engine's own history."""
    arn = cloud.outputs["WorkflowArn"].replace(":stateMachine:", ":execution:") + f":{case_id}-g{generation}"
    events = cloud.client("stepfunctions").get_execution_history(executionArn=arn, maxResults=1000)["events"]
    return [e["stateEnteredEventDetails"]["name"] for e in events if "stateEnteredEventDetails" in e]


def play(cloud: LocalCloud, desk: Desk, mark: str, numbers: range) -> list[dict[str, Any]]:
    """Mentions come in, some cases are answered or closed, some customers write again. The cases by then."""
    authors = {number: f"{mark}{number:03d}" for number in numbers}
    for author in authors.values():
        cloud.x("POST", "users", {"username": f"lit_{author}", "name": "Kim L"})
    with ThreadPoolExecutor(4) as pool:
        said = [(author, SAYINGS[number % len(SAYINGS)]) for number, author in authors.items()]
        list(pool.map(lambda post: write(cloud, *post), said))
        until(lambda: len(played(desk, mark)) == len(numbers), 150, 2)
        cases = sorted(played(desk, mark), key=lambda row: row["handle"])
        answered = set(pool.map(lambda pair: act(desk, pair[1]["id"], pair[0]), enumerate(cases)))
        again = [author for number, author in authors.items() if number % WRITES_AGAIN == 7]
        list(pool.map(lambda author: write(cloud, author, "@acme and now?"), again))
    answered.discard("")
    until(lambda: all(row["awaiting"] == "them" for row in played(desk, mark) if row["id"] in answered), 60, 2)
    return cases


@pytest.mark.timeout(400)
def test_the_lit_way_of_played_cases_is_the_way_of_the_execution(cloud: LocalCloud, dana: Desk) -> None:
    mark = f"{time.time_ns() % 10**6:06d}"
    cases = play(cloud, dana, f"{mark}1", range(PLAYED - HURRIED_ONES))
    cloud.set_policy(**HURRIED)
    try:
        cases += play(cloud, dana, f"{mark}2", range(PLAYED - HURRIED_ONES, PLAYED))
        until(lambda: any(row["reminders"] for row in played(dana, f"{mark}2")), 60, 1)
    finally:
        cloud.set_policy()
    states, lit_states, compared = set(picture.definition()["States"]), set[str](), 0
    for row in cases:
        for _ in range(5):
            shown = dana.get(f"/api/v1/conversations/{row['id']}/workflow").json()
            ran = executed(cloud, row["id"], shown["generation"])
            lit = [step["state"] for step in shown["path"]]
            if len(ran) == len(lit):
                break  # else it has moved on between the two questions
        assert lit == ran, row["id"]
        assert {state["name"] for state in shown["states"]} == states
        assert {(way["from"], way["to"]) for way in shown["ways"]} >= set(pairwise(lit))
        lit_states |= set(lit)
        compared += 1
        if shown["path"][0]["left_at"]:
            assert any(reason["code"].startswith("triage.") for reason in shown["path"][0]["reasons"]), row["id"]
    assert compared == PLAYED
    assert {"Triage", "Assign", "AwaitAnswer", "Remind", "AwaitCustomer", "Ended"} <= lit_states

"""Reads that are behind (F8): an index, or a read that asks for no consistency, shows the table as it was."""

from __future__ import annotations

import itertools
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from typing import Any

import pytest
from hark import aws
from hark.domain.time import parse
from moto.core.botocore_stubber import BotocoreStubber

from infra.simulation.dynamodb import DynamoDB, Item, Place, Stored

from .browser import Browser
from .conftest import BRAND, Clock, Desk, a_desk, signed_in
from .x_deliveries import mention

POST = 2123706425275322373


class Calls:
    """Lambda: ingest is called at once; what is sent is not looked at here."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def invoke(self, **given: Any) -> None:
        if given["FunctionName"] == "ingest":
            Context().run(self._desk.call, "ingest", json.loads(given["Payload"]))


@contextmanager
def behind(dynamodb: DynamoDB, writes: int) -> Iterator[list[int]]:
    """Every read that may be behind is, by so many of the last writes. Counts those that showed something else."""
    made: list[tuple[Stored, Place, Item | None, Item | None]] = []
    counted = [0]
    dynamodb.watch = lambda *change: made.append(change)
    real = BotocoreStubber.process_request

    def process(self: BotocoreStubber, request: Any) -> Any:
        target = request.headers.get("X-Amz-Target", b"")
        name = (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]
        if name not in ("GetItem", "Query") or json.loads(request.body).get("ConsistentRead"):
            return real(self, request)
        late = made[-writes:] if writes else []
        for table, place, old, _ in reversed(late):
            table.put(place, old)
        try:
            answer = real(self, request)
        finally:
            for table, place, _, new in late:
                table.put(place, new)
        counted[0] += answer[2] != real(self, request)[2]
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BotocoreStubber, "process_request", process)
        yield counted
    dynamodb.watch = None


def a_day(desk: Desk, agent: Browser) -> None:
    """Two customers write, one twice; steps, sweeps, an agent who takes, answers, puts off; hours without an answer."""
    desk.take_in(
        mention(), mention(str(POST + 1), "@acme hello", author_id="7770009"),
        mention(str(POST + 2), "@acme hello?", conversation_id=str(POST), in_reply_to_tweet_id=str(POST)),
    )  # fmt: skip
    for case in desk.cases():
        for step in ("triage", "assign"):
            desk.step(step, case)
        desk.call("sweep", {})
    first, second = sorted((case.id for case in desk.cases()), key=lambda id_: id_)
    agent.get("queue")

    def sent(number: int, method: str, path: str, **body: Any) -> None:
        said = agent.send(method, f"conversations/{path}", body, f"the-click-{number:04}")
        assert said.status in (200, 201, 202), said.body

    def version(case_id: str) -> int:
        return next(case.version for case in desk.cases() if case.id == case_id)

    def talk(case_id: str) -> int:
        return next(case.talk for case in desk.cases() if case.id == case_id)

    sent(1, "PATCH", first, version=version(first), assignee="dana")
    sent(2, "POST", f"{first}/replies", text="Hello Kim", seen=talk(first))
    sent(3, "PATCH", second, version=version(second), assignee="dana")
    sent(4, "PATCH", second, version=version(second), state="snoozed", snoozed_until="2026-11-20T18:00:00.000Z")
    for hours in (1, 2, 8):
        desk.clock.forward(hours=hours)
        for _ in range(2):
            desk.call("sweep", {})
        for case in desk.cases():
            if case.deadline and parse(case.deadline) <= desk.clock():
                desk.step("remind", case, deadline=case.deadline)


def after_a_day(writes: int) -> tuple[list[Any], int]:
    """Everything that is in the table then, and how many reads were behind. Marks are counted, not drawn."""
    numbers = itertools.count(1)
    with pytest.MonkeyPatch.context() as patch:
        clock = Clock()
        patch.setattr("hark.wiring.clock", clock)
        with a_desk(clock, patch) as desk:
            for draw in ("token_hex", "token_urlsafe"):
                patch.setattr(secrets, draw, lambda size=32: f"{next(numbers):0{2 * size}x}")
            patch.setattr(aws, "lambda_", lambda: Calls(desk))
            agent = signed_in(desk, seconds=86400)
            with behind(desk.dynamodb, writes) as counted:
                a_day(desk, agent)
            sound(desk)
            return sorted(desk.items(), key=lambda item: (item["pk"], item["sk"])), counted[0]


def sound(desk: Desk) -> None:
    """Each event is folded once, each case tells how it became what it is, nobody was told anything twice."""
    assert {item["state"] for item in desk.items("RAW")} == {"folded"} and len(desk.messages()) == 3
    for case in desk.cases():
        lines = [item for item in desk.items() if item["sk"].startswith("EVT#") and item["case"] == case.id]
        assert sorted({line["number"] for line in lines}) == list(range(1, case.version + 1))
        codes = [line["code"] for line in lines]
        once = [code for code in codes if code.startswith(("case.", "assign.", "reply.", "warn."))]
        assert len(set(once)) == len(once), codes
        assert case.owner == "dana" and case.brand == BRAND


NOT_COMPARED = {"stamp", "look_at", "work_sk", "v"}
"""A random mark, and when somebody looks again."""


def test_f8_reads_that_are_behind_by_the_last_writes_harm_nothing() -> None:
    """What is chosen by a list may be chosen later; what is written is under conditions, and comes out the same."""
    same, _ = after_a_day(0)
    for writes, least in ((1, 1), (3, 5), (40, 20)):
        late, read_late = after_a_day(writes)
        assert read_late >= least, writes
        for kind in ("CASE", "EVT#", "MSG", "RAW"):
            ends = [
                {
                    (item["pk"], item["sk"]): {n: v for n, v in item.items() if n not in NOT_COMPARED}
                    for item in items
                    if item["sk"].startswith(kind)
                }
                for items in (late, same)
            ]
            for key in ends[0].keys() | ends[1].keys():
                assert ends[0].get(key) == ends[1].get(key), (writes, key)

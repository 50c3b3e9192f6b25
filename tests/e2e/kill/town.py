"""What all stories share: the cloud, the team's sessions, a watch on cases, a source of post times, a busy sweeper."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from hark.store import keys
from hark.store.table import Table

from tests.e2e.cloud import Desk, LocalCloud

BRAND, PROVIDER, ACME = "acme", "x", "5550001"
PEOPLE = ("dana", "oleg", "aisha", "noa")
LOOK_EVERY = 0.5
SWEEP_EVERY = 2.0
"""Seconds. Each sweep wakes somebody for all that is due: much faster, and they stand in each other's way."""

Snapshot = dict[str, Any]


class Stuck(AssertionError):
    """A story waited for something that did not happen."""


class Town:
    """One local cloud full of customers. A context manager; it sweeps every other second instead of each minute."""

    def __init__(self, cloud: LocalCloud, folder: Path) -> None:
        self.cloud = cloud
        self.folder = folder
        self.table = Table(cloud.client("dynamodb"), cloud.outputs["TableName"])
        self.desks: dict[str, Desk] = {}
        for person in PEOPLE:
            desk = cloud.signed_in(person)
            self.desks[desk.get("/api/v1/me").json()["agent"]["id"]] = desk
        self.sweeps = self.broken_sweeps = 0
        self._seen: dict[str, Snapshot] = {}
        self._watched: set[str] = set()
        self._change = threading.Condition()
        self._last_moment = datetime.now(UTC)
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=run, daemon=True) for run in (self._look, self._sweep)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def moment(self) -> datetime:
        """A time of now that no other post has: ids of posts follow from it."""
        with self._change:
            now = datetime.now(UTC)
            now = now.replace(microsecond=now.microsecond // 1000 * 1000)
            self._last_moment = max(now, self._last_moment + timedelta(milliseconds=1))
            self._last_moment = self._last_moment.replace(microsecond=self._last_moment.microsecond // 1000 * 1000)
            return self._last_moment

    def case(self, case_id: str) -> Snapshot:
        """The case as it was last seen; empty when there is none yet."""
        with self._change:
            self._watched.add(case_id)
            return self._seen.get(case_id, {})

    def await_case(self, case_id: str, what: str, holds: Callable[[Snapshot], bool], seconds: float) -> Snapshot:
        """The case as soon as `holds` is true of it.

        Raises:
            Stuck: it was not in time; the text holds the case.
        """
        deadline = time.monotonic() + seconds
        with self._change:
            self._watched.add(case_id)
            while not ((case := self._seen.get(case_id)) and holds(case)):
                if not self._change.wait(deadline - time.monotonic()):
                    shown = {k: v for k, v in (case or {}).items() if k not in ("reasons", "wf_token")}
                    raise Stuck(f"waited {seconds:.0f} s until {what}: {shown or 'no such case'}")
            return case

    def forget(self, case_id: str) -> None:
        """Do not look at a case any more."""
        with self._change:
            self._watched.discard(case_id)

    @contextmanager
    def stream_wakes_nobody(self) -> Iterator[None]:
        """As if the table's stream stood still; afterwards it brings everything that it held back."""
        functions = self.cloud.client("lambda")
        mappings = [m["UUID"] for m in functions.list_event_source_mappings()["EventSourceMappings"]]
        for uuid in mappings:
            functions.update_event_source_mapping(UUID=uuid, Enabled=False)
        yield
        for uuid in mappings:
            functions.update_event_source_mapping(UUID=uuid, Enabled=True)

    def call_later(self, function: str, event: dict[str, Any]) -> None:
        """Call a function as the event bus does: not waited for, and tried again when it fails."""
        found = self.cloud.client("cloudformation").describe_stack_resource(
            StackName="hark", LogicalResourceId=function
        )
        name = found["StackResourceDetail"]["PhysicalResourceId"]
        self.cloud.client("lambda").invoke(FunctionName=name, InvocationType="Event", Payload=json.dumps(event))

    def _look(self) -> None:
        while not self._stop.wait(LOOK_EVERY):
            with self._change:
                wanted = sorted(self._watched)
            for start in range(0, len(wanted), 100):
                found = self.table.get_many([keys.case(BRAND, case_id) for case_id in wanted[start : start + 100]])
                with self._change:
                    self._seen |= {item["id"]: item for item in found.values()}
                    self._change.notify_all()

    def _sweep(self) -> None:
        while not self._stop.wait(SWEEP_EVERY):
            self.sweep()

    def sweep(self) -> None:
        """Run the sweeper once; that a plan kills it is all right, the next run comes as on the schedule."""
        try:
            self.cloud.invoke("SweepFunction")
            self.sweeps += 1
        except RuntimeError as broken:
            if "ExitError" not in str(broken):
                raise
            self.broken_sweeps += 1

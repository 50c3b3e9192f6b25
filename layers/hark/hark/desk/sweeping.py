"""The sweeper: all unfinished work is in one sparse index; look at what is due and have it done (I12)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from hark import log
from hark.desk.workflow import Workflow
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.keys import Key
from hark.store.table import Item, Table

BATCH = 25
"""Ledger entries handed to one invocation of ingest."""

Wake = Callable[[str, list[Key]], None]
"""Has a function (`ingest` or `send_reply`) look at some items, without waiting for it."""


@dataclass(frozen=True)
class Sweeping:
    table: Table
    workflow: Workflow
    wake: Wake
    roster: Callable[[str], None]
    """Offers a brand's waiting cases to who is there."""
    survey: Callable[[Key], str]
    """Asks how satisfied the customer of a closed case was; empty when that is not what the case waits for."""
    incident: Callable[[Key], None]
    """Goes on with an incident that is being gathered, or with a broadcast."""
    retain: Callable[[str, Callable[[], bool]], object]
    """Empties what has come to its end in a brand, while time is left."""
    seal: Callable[[str, Callable[[], bool]], object]
    """Seals the days of a brand's ledger that are over, while time is left."""
    erase: Callable[[Key], None]
    """Goes on with a case that is being emptied, or a person who is being erased."""
    clock: Callable[[], datetime]

    def run(self, time_is_left: Callable[[], bool]) -> dict[str, int]:
        """Go through all due work, oldest first. Returns how much of each kind was found."""
        found = {"events": 0, "cases": 0, "replies": 0}
        for part in range(keys.SHARDS):
            events: list[Key] = []
            for key in self._due(part, time_is_left):
                if key.sk == "RAW":
                    found["events"] += 1
                    events.append(key)
                    if len(events) == BATCH:
                        self._wake("ingest", events)
                        events = []
                elif key.sk == "ROSTER":
                    self._roster(key)
                elif key.sk == "LEDGER":
                    self._seal(keys.brand_of(key), time_is_left)
                elif key.sk in ("RETENTION", "REMOVAL") or key.pk.endswith("#ERASURES"):
                    self._remove(key, time_is_left)
                elif key.sk == "INCIDENT" or key.sk.startswith(keys.BROADCAST_PREFIX):
                    self._incident(key)
                elif key.sk == "CASE":
                    found["cases"] += 1
                    self._mend(key)
                else:
                    found["replies"] += 1
                    self._wake("send_reply", [key])
            if events:
                self._wake("ingest", events)
        if any(found.values()):
            log.info("sweep.found", **found)
        return found

    def _wake(self, function: str, keys: list[Key]) -> None:
        """A function that cannot be called now must not keep the other work from being done (F34); it stays in the
        index."""
        try:
            self.wake(function, keys)
        except Exception as trouble:
            log.error("sweep.wake_failed", trouble, function=function)
            log.count("sweep_failed", "none")

    def _due(self, part: int, time_is_left: Callable[[], bool]) -> Iterator[Key]:
        now = time_text(self.clock())
        start: Item | None = None
        while time_is_left():
            items, start = self.table.query(keys.work(part), index=keys.WORK, up_to=now, start=start)
            yield from (Key(item["pk"], item["sk"]) for item in items)
            if start is None:
                return
        log.warning("sweep.not_finished", part=part)

    def _roster(self, key: Key) -> None:
        """One brand's team must not keep the other work from being done (I34); it stays in the index."""
        brand = keys.brand_of(key)
        try:
            self.roster(brand)
        except Exception as trouble:
            log.error("sweep.roster_failed", trouble, brand=brand)
            log.count("sweep_failed", "none")

    def _remove(self, key: Key, time_is_left: Callable[[], bool]) -> None:
        """What cannot be removed now must not keep the other work from being done (I34); it stays in the index."""
        try:
            if key.sk != "RETENTION":
                self.erase(key)
            else:
                self.retain(keys.brand_of(key), time_is_left)
        except Exception as trouble:
            log.error("sweep.removal_failed", trouble, brand=keys.brand_of(key))
            log.count("sweep_failed", "none")

    def _seal(self, brand: str, time_is_left: Callable[[], bool]) -> None:
        """A day that cannot be sealed must not keep the other work from being done (I34); it stays in the index."""
        try:
            self.seal(brand, time_is_left)
        except Exception as trouble:
            log.error("sweep.seal_failed", trouble, brand=brand)
            log.count("sweep_failed", "none")

    def _incident(self, key: Key) -> None:
        """One incident must not keep the other work from being done (I34); it stays in the index."""
        try:
            self.incident(key)
        except Exception as trouble:
            log.error("sweep.incident_failed", trouble, incident=keys.incident_of(key))
            log.count("sweep_failed", "none")

    def _mend(self, key: Key) -> None:
        """One case that cannot be mended must not keep the others from it (I34); it stays in the index."""
        try:
            log.info("sweep.case", case=keys.case_of(key), done=self.survey(key) or self.workflow.mend(key))
        except Exception as trouble:
            log.error("sweep.case_failed", trouble, case=keys.case_of(key))
            log.count("sweep_failed", "none")

"""Proves the ledger: reads the chain of sealed days and every event in it anew, and names what does not fit. Writes
nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal, TypeVar

from hark.domain import balance as text_of
from hark.domain.balance import LOST, Balance, LateEnd, Leaf, Seal, next_day
from hark.domain.ledger_findings import Finding
from hark.domain.time import parse as parse_time
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.keys import Key
from hark.store.seals import Head, Seals, Standing, key_of
from hark.store.table import Item

STUCK = timedelta(days=1)
"""An event that has not ended by then is told by name."""
OVERDUE = timedelta(hours=30)
"""After the end of a day: it is sealed by then, whatever is open."""

State = Literal["balanced", "open", "broken", "running"]
Line = TypeVar("Line")


@dataclass(frozen=True)
class Day:
    """A day as it is now: events that have ended since it was sealed count where they ended."""

    day: str
    balance: Balance
    hash: str
    """Of its seal; empty while it has none."""
    findings: tuple[Finding, ...] = ()

    @property
    def state(self) -> State:
        """`running`: not sealed yet."""
        if self.findings:
            return "broken"
        if not self.hash:
            return "running"
        return "balanced" if self.balance.holds else "open"


@dataclass(frozen=True)
class Report:
    brand: str
    first: str
    """The first day of the chain; empty when there is none yet."""
    sealed: str
    hash: str
    days: tuple[Day, ...]
    chain: tuple[Finding, ...]
    """What is wrong with the chain itself."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        return (*self.chain, *(finding for day in self.days for finding in day.findings))


class _OutOfTime(Exception):
    pass


@dataclass
class _Seen:
    """What is known of late ends: the newest of each event, and the days that were read."""

    ends: dict[str, LateEnd] = field(default_factory=dict)

    def add(self, found: Iterable[LateEnd]) -> None:
        for end in found:
            if end.entry not in self.ends or self.ends[end.entry].at <= end.at:
                self.ends[end.entry] = end


@dataclass(frozen=True)
class Proving:
    seals: Seals
    clock: Callable[[], datetime]

    def report(self, brand: str, since: str = "", known: Mapping[str, str] | None = None) -> Report:
        """Every day from `since` on (all of them by default), the present one too. `known`: hashes by day that were
        noted outside of the table."""
        made = self._report(brand, since, None, dict(known or {}), lambda: True)
        if made is None:
            raise RuntimeError("there is no limit of time")
        return made

    def look_through(self, brand: str, days: set[str], time_is_left: Callable[[], bool]) -> Report | None:
        """The same of some sealed days, and of the chain from the first of them on. None: time was up."""
        return self._report(brand, min(days, default=""), days, {}, time_is_left)

    def _report(
        self, brand: str, since: str, only: set[str] | None, known: dict[str, str], time_is_left: Callable[[], bool]
    ) -> Report | None:
        head, seals = self._read(brand, min([since, *known]) if since else "")
        if head is None:
            lost = (Finding(code="head.missing", day=seals[-1].day),) if seals else ()
            return Report(brand, "", "", "", (), lost)
        chain = list(self._chain(head, seals))
        chain += [
            Finding(code="seal.unknown", day=day, what=noted) for day, noted in sorted(known.items())
            if noted not in [seal.hash for seal in seals if seal.day == day]
        ]  # fmt: skip
        seen, today = _Seen(), time_text(self.clock())[:10]
        day = max(since, head.first)
        while day <= today:
            seen.add(self.seals.ends(brand, day))
            day = next_day(day)
        days: list[Day] = []
        try:
            days += [
                self._sealed(seal, seen, time_is_left) for seal in seals
                if since <= seal.day <= head.sealed and (only is None or seal.day in only)
            ]  # fmt: skip
            running = max(next_day(head.sealed) if head.sealed else head.first, since)
            while only is None and running <= today:
                days.append(self._running(brand, running, time_is_left))
                running = next_day(running)
        except _OutOfTime:
            return None
        return Report(brand, head.first, head.sealed, head.hash, tuple(days), tuple(chain))

    # --- the chain ---

    def _read(self, brand: str, since: str) -> tuple[Head | None, list[Seal]]:
        """The chain from a day on, the last seal at least, and where it ends. Read until no seal was made meanwhile."""
        while True:
            head = self.seals.head(brand)
            if head is None:
                return None, self.seals.since(brand, "0")
            first = max(head.first, min(since, head.sealed)) if head.sealed else head.first
            seals = self.seals.since(brand, first)
            again = self.seals.head(brand)
            if again is not None and again.sealed == head.sealed:
                return head, seals

    def _chain(self, head: Head, seals: list[Seal]) -> Iterable[Finding]:
        by_day = {seal.day: seal for seal in seals}
        day = min([head.sealed or head.first, *by_day])
        while head.sealed and day <= head.sealed:
            if day not in by_day:
                yield Finding(code="seal.missing", day=day)
            day = next_day(day)
        for seal in seals:
            if seal.own_hash() != seal.hash or seal.brand != head.brand:
                yield Finding(code="seal.changed", day=seal.day, what=seal.hash)
            if seal.day == head.first and seal.previous:
                yield Finding(code="seal.moved", day=seal.day, what=seal.previous)
        for earlier, later in pairwise(seals):
            if later.previous != earlier.hash:
                yield Finding(code="seal.moved", day=later.day, what=later.previous)
        last = seals[-1] if seals else None
        ends_at = (last.day, last.hash) if last else ("", "")
        if ends_at != (head.sealed, head.hash):
            yield Finding(code="seal.cut", day=head.sealed or head.first, what=head.hash)
        waiting = next_day(head.sealed) if head.sealed else head.first
        if self.clock() > parse_time(f"{next_day(waiting)}T00:00:00Z") + OVERDUE:
            yield Finding(code="seal.late", day=waiting)

    # --- one day ---

    def _running(self, brand: str, day: str, time_is_left: Callable[[], bool]) -> Day:
        """A day that is not sealed: nothing to compare with, but what is stuck shows."""
        leaves: list[Leaf] = []
        found: list[Finding] = []
        for standing in self._standing(self._listed(brand, day), time_is_left):
            leaves.append(standing.leaf)
            found += self._at_work(day, standing, never_ended=True)
        return Day(day, Balance.of(leaves), "", tuple(found))

    def _sealed(self, seal: Seal, seen: _Seen, time_is_left: Callable[[], bool]) -> Day:
        found: list[Finding] = []
        expected = {leaf.entry: leaf for leaf in self._kept(seal, seal.leaves, text_of.leaves, found)}
        if not found and Balance.of(expected.values()) != seal.balance:
            found.append(Finding(code="seal.unbalanced", day=seal.day))
        self._late_ends(seal, found)
        listed = set(self._listed(seal.brand, seal.day))
        wanted = sorted(listed | {key_of(entry) for entry in expected})
        now: dict[str, Leaf] = {}
        for standing in self._standing(wanted, time_is_left):
            entry = standing.leaf.entry
            problems = list(self._event(seal, expected.get(entry), standing, seen, key_of(entry) in listed))
            if problems and problems[0].code == "event.changed":
                # It may have ended while we were reading: once more, the notes of today and then the event.
                seen.add(self.seals.ends(seal.brand, time_text(self.clock())[:10]))
                (standing,) = self.seals.standing([key_of(entry)])
                problems = list(self._event(seal, expected.get(entry), standing, seen, key_of(entry) in listed))
            found += problems
            known = _last(expected.get(entry), seen)
            gone = standing.leaf.state == LOST and known is not None and known.state != LOST
            now[entry] = known if gone and known else standing.leaf  # what is forgotten by its rule counts as it ended
        return Day(seal.day, Balance.of(now.values()), seal.hash, tuple(found))

    def _event(
        self, seal: Seal, sealed: Leaf | None, standing: Standing, seen: _Seen, listed: bool
    ) -> Iterable[Finding]:
        leaf, day = standing.leaf, seal.day
        if sealed is None:
            yield Finding(code="event.added", day=day, what=leaf.entry)
            return
        last = _last(sealed, seen)
        if leaf.state == LOST:
            if sealed.state == LOST:
                yield Finding(code="event.lost", day=day, what=leaf.entry)
            elif not (last and last.until and last.until <= self.clock().timestamp()):
                yield Finding(code="event.missing", day=day, what=leaf.entry)
            return
        if not listed:
            yield Finding(code="event.unlisted", day=day, what=leaf.entry)
        if leaf.arrived != sealed.arrived and sealed.state != LOST:
            yield Finding(code="event.changed", day=day, what=leaf.entry)
        elif leaf.state == "received":  # taken up again, or never ended
            yield from self._at_work(day, standing, never_ended=bool(last and last.state == "received"))
        elif last and (leaf.state, leaf.reason) != (last.state, last.reason):
            yield Finding(code="event.changed", day=day, what=leaf.entry)

    def _at_work(self, day: str, standing: Standing, *, never_ended: bool) -> Iterable[Finding]:
        """What is wrong with an event that is not finished. One that was taken up again is stuck when the sweeper
        should have looked at it long since."""
        leaf = standing.leaf
        since = leaf.arrived if never_ended else standing.due
        if leaf.state == LOST:
            yield Finding(code="event.lost", day=day, what=leaf.entry)
        elif leaf.state != "received":
            return
        elif not standing.in_work:
            yield Finding(code="event.out_of_work", day=day, what=leaf.entry)
        elif self.clock() - parse_time(since) > STUCK:
            yield Finding(code="event.stuck", day=day, what=leaf.entry)

    def _late_ends(self, seal: Seal, found: list[Finding]) -> None:
        """The notes of late ends of the day are those that were sealed."""
        was = Counter(self._kept(seal, seal.ends, text_of.late_ends, found))
        now = Counter(self.seals.ends(seal.brand, seal.day))
        found += [Finding(code="end.missing", day=seal.day, what=end.entry) for end in (was - now)]
        found += [Finding(code="end.added", day=seal.day, what=end.entry) for end in (now - was)]

    def _kept(
        self, seal: Seal, names: Iterable[str], read: Callable[[str], list[Line]], found: list[Finding]
    ) -> list[Line]:
        """The lines under a seal. What is not as it was is told and not read."""
        lines: list[Line] = []
        for name in names:
            kept = self.seals.kept(seal.brand, seal.day, name)
            if kept is None:
                found.append(Finding(code="leaves.missing", day=seal.day, what=name))
            elif text_of.digest(kept) != name:
                found.append(Finding(code="leaves.changed", day=seal.day, what=name))
            else:
                lines += read(kept)
        return lines

    # --- reading ---

    def _listed(self, brand: str, day: str) -> list[Key]:
        listed: list[Key] = []
        for part in range(keys.SHARDS):
            start: Item | None = None
            while True:
                found, start = self.seals.listed(brand, day, part, start)
                listed += found
                if start is None:
                    break
        return listed

    def _standing(self, wanted: list[Key], time_is_left: Callable[[], bool]) -> Iterable[Standing]:
        for first in range(0, len(wanted), 100):
            if not time_is_left():
                raise _OutOfTime
            yield from self.seals.standing(wanted[first : first + 100])


def _last(sealed: Leaf | None, seen: _Seen) -> Leaf | None:
    """How an event ended, by the ledger: its newest late end, or else as it was sealed. Ends on the day on which it
    came are in the seal."""
    if sealed is None:
        return None
    end = seen.ends.get(sealed.entry)
    if end is None or end.at[:10] == sealed.arrived[:10]:
        return sealed
    return replace(sealed, state=end.state, reason=end.reason, until=end.until)

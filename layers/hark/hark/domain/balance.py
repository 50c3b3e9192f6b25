"""The ledger's daily balance: what came in on a day (UTC), what became of it, and the hashes that chain the days.

A day is kept as *leaves*, one line per event, and a *seal* over them that holds the hash of the seal before. Hashes
are over ids, times and codes, never over anything that somebody wrote: words can be taken away and every day still
verifies. An event that ends on another day than it came is told a second time, as a *late end*, under the day on which
it ended: a sealed day is never written again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Self

from pydantic import BaseModel, ConfigDict

WITHOUT_REASON = "none"
"""Stands for an empty reason; a map of the table has no empty names."""
LOST = "lost"
"""State of an event that is listed under its day and is not there."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One event as a seal knows it. `entry` is its partition key, which holds a hash of the event's own."""

    entry: str
    arrived: str
    state: str
    reason: str
    until: int = 0
    """When the entry is forgotten by its own rule (epoch seconds); 0 for never."""
    found: str = ""
    """The account (`provider/id`) whose poll found it and for which no delivery has brought it."""


@dataclass(frozen=True, slots=True)
class LateEnd:
    """An event came to an end on another day than it had come. The newest one of an event says its state."""

    entry: str
    at: str
    state: str
    reason: str
    until: int = 0


def lines(kept: Iterable[Leaf | LateEnd]) -> str:
    """The text that is hashed and kept: one JSON array a line."""
    return "".join(json.dumps(astuple(one), separators=(",", ":")) + "\n" for one in kept)


def leaves(text: str) -> list[Leaf]:
    """The inverse of `lines`. Raises ValueError or TypeError: the text is none of ours."""
    return [Leaf(*json.loads(line)) for line in text.splitlines()]


def late_ends(text: str) -> list[LateEnd]:
    """As `leaves`."""
    return [LateEnd(*json.loads(line)) for line in text.splitlines()]


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


class Balance(BaseModel):
    """What became of the events of a day. All are numbers of events."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    received: int = 0
    folded: int = 0
    ignored: Mapping[str, int] = {}
    """By reason."""
    quarantined: Mapping[str, int] = {}
    """By reason."""
    review: int = 0
    """Found by listening; a person decides, or it is forgotten."""
    open: int = 0
    """Not finished yet."""
    lost: int = 0
    """Listed and not there."""
    missed: Mapping[str, int] = {}
    """Brought by no delivery and found by the poll, by account (`provider/id`)."""

    @classmethod
    def of(cls, some: Iterable[Leaf]) -> Self:
        ignored: Counter[str] = Counter()
        quarantined: Counter[str] = Counter()
        missed: Counter[str] = Counter()
        states: Counter[str] = Counter()
        for leaf in some:
            states[leaf.state] += 1
            if leaf.state == "set_aside":
                ignored[leaf.reason or WITHOUT_REASON] += 1
            elif leaf.state == "quarantined":
                quarantined[leaf.reason or WITHOUT_REASON] += 1
            if leaf.found:
                missed[leaf.found] += 1
        return cls(
            received=states.total(), folded=states["folded"], ignored=dict(ignored), quarantined=dict(quarantined),
            review=states["review"], open=states["received"], lost=states[LOST], missed=dict(missed),
        )  # fmt: skip

    def plus(self, other: Balance) -> Balance:
        return Balance(
            received=self.received + other.received, folded=self.folded + other.folded,
            ignored=dict(Counter(self.ignored) + Counter(other.ignored)),
            quarantined=dict(Counter(self.quarantined) + Counter(other.quarantined)),
            review=self.review + other.review, open=self.open + other.open, lost=self.lost + other.lost,
            missed=dict(Counter(self.missed) + Counter(other.missed)),
        )  # fmt: skip

    @property
    def ended(self) -> int:
        return self.folded + sum(self.ignored.values()) + sum(self.quarantined.values()) + self.review

    @property
    def holds(self) -> bool:
        """Whether every event that was received has come to its one end."""
        return self.received == self.ended and not self.open and not self.lost


class Seal(BaseModel):
    """A day that is over. `leaves` and `ends` are the digests of the texts that list it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    brand: str
    day: str
    previous: str
    """Hash of the seal of the day before; empty for the first."""
    balance: Balance
    leaves: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    made_at: str
    hash: str = ""

    def hashed(self) -> Seal:
        return self.model_copy(update={"hash": self.own_hash()})

    def own_hash(self) -> str:
        """The hash its content comes to."""
        content = self.model_dump(mode="json", exclude={"hash"})
        return digest(json.dumps(content, sort_keys=True, separators=(",", ":")))


def next_day(day: str) -> str:
    """The day after, in the form `2026-11-22`."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def days_before(day: str, number: int) -> str:
    return (date.fromisoformat(day) - timedelta(days=number)).isoformat()

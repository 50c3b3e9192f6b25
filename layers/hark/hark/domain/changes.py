"""What a desk has not heard of yet, from a list of when each case changed last.

Every change of a case moves it to the end of one list of its brand, ordered by the time of the change; a desk
remembers how far it has read. A change may come to stand in that list late, and before one that was read already: the
writer had looked at its clock before it was done, clocks differ, and indexes lag. So a desk reads a span over again
each time and remembers what it has heard of in it. The times are the writers'; the reader's clock can only make that
span longer, when a writer's runs ahead of it.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from hark.domain.time import after

OVERLAP_SECONDS = 90
"""How late a change may come to stand in the list: no function that changes cases runs longer than 60 seconds, the rest
is for clocks and the index."""
WINDOW = 100
"""Cases within the span that a desk can remember. When more have changed, it has to look at everything."""
AT_ONCE = 25
"""Cases told in one answer; when there are more, the next question brings them."""

_MARK_CHARACTERS = 7


@dataclass(frozen=True, slots=True)
class Entry:
    """When a case changed last, and in which version it is since."""

    case: str
    at: str
    version: str

    @property
    def mark(self) -> str:
        """Seven characters for this change: of a hundred, two are alike once in some ten million desks."""
        digest = sha256(f"{self.case}\x1f{self.at}\x1f{self.version}".encode()).digest()
        return urlsafe_b64encode(digest[:6]).decode()[:_MARK_CHARACTERS]


@dataclass(frozen=True, slots=True)
class Place:
    """How far a desk has heard: the latest time it was told of, and the changes it knows of in the span before."""

    at: str
    heard: frozenset[str] = frozenset()

    @property
    def floor(self) -> str:
        """The earliest change that may be news; empty when all are."""
        return after(self.at, -OVERLAP_SECONDS) if self.at else ""

    def packed(self) -> str:
        return "".join(sorted(self.heard))

    @classmethod
    def unpacked(cls, at: str, marks: str) -> Place:
        steps = range(0, len(marks), _MARK_CHARACTERS)
        return cls(at, frozenset(marks[n : n + _MARK_CHARACTERS] for n in steps))


@dataclass(frozen=True, slots=True)
class News:
    cases: tuple[str, ...]
    """Those that have changed, the earliest change first."""
    more: bool
    """There are others; ask again at once."""
    everything: bool
    """Too many to be told one by one: look at all of it. Said until the list is calm again."""
    place: Place
    """From where to ask the next time."""


def news(newest: Sequence[Entry], place: Place | None, now: str) -> News:
    """What a desk has to be told.

    `newest` are the last changes, the latest first, not before `place.floor`, and up to one more than `WINDOW`. A desk
    that asks for the first time has no place yet; it is told what happened in the span before the latest change, so
    that what it has read by other ways before asking may be as old as that.
    """
    if not newest:
        return News((), more=False, everything=False, place=place or Place(""))
    latest = min(newest[0].at, now)
    if place is None:
        place = Place(latest)
        newest = [entry for entry in newest if entry.at >= place.floor]
    if len(newest) > WINDOW:
        return News((), more=False, everything=True, place=Place(max(latest, place.at)))
    fresh = [entry for entry in reversed(newest) if entry.mark not in place.heard]
    told = fresh[:AT_ONCE]
    more = len(fresh) > len(told)
    # With more to come the span must stay: what is not told yet could lie before the next one.
    at = place.at if more else max(latest, place.at)
    heard = frozenset(entry.mark for entry in newest if entry.mark in place.heard) | {entry.mark for entry in told}
    following = Place(at, heard)
    kept = frozenset(entry.mark for entry in newest if entry.at >= following.floor)
    return News(tuple(entry.case for entry in told), more, everything=False, place=Place(at, heard & kept))

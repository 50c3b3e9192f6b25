"""Takes away what people said and who they are, in one conversation or everywhere: the one way in which words go.

First it is written down that a case is to be emptied, then it is emptied, and last that note goes: whoever dies in
between leaves the note, and the sweeper goes on. Doing it twice does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hark import log
from hark.domain import message as folding
from hark.domain.erasure import KINDS
from hark.domain.retention import is_removed
from hark.domain.time import text as time_text
from hark.store import media as places
from hark.store.cases import Cases
from hark.store.erasures import Erasure, Erasures
from hark.store.keys import Key
from hark.store.ledger import Ledger
from hark.store.media import MediaStore
from hark.store.messages import Messages
from hark.store.retention import Removal, Retentions
from hark.store.table import ConditionFailed, Conflict, Item, Write

ATTEMPTS = 5
KNOWN_CONVERSATIONS = 100
"""A person's newest conversations that have to be empty before nobody knows any more who they are."""


class Busy(Exception):
    """Others kept writing the same message; the sweeper tries it again."""


class Tally:
    """Counts what an erasure takes away, in the very transactions that do it: begun anew, it counts nothing twice."""

    def __init__(self, erasures: Erasures, erasure: Erasure) -> None:
        self.erasures = erasures
        self.erasure = erasure

    @property
    def counts(self) -> dict[str, int]:
        return {kind: self.erasure.counts.get(kind, 0) for kind in KINDS}

    def transact(self, writes: Sequence[Write], **gone: int) -> None:
        """Do this and count it.

        Raises:
            ConditionFailed, Conflict: none of it is done; somebody else wrote one of these items, or counted.
        """
        counts = {kind: number + gone.get(kind, 0) for kind, number in self.counts.items()}
        self.erasures.table.transact([*writes, self.erasures.counted(self.erasure, counts)])
        self.erasure = self.erasure.model_copy(update={"counts": counts, "rev": self.erasure.rev + 1})


@dataclass(frozen=True)
class Erasing:
    ledger: Ledger
    messages: Messages
    cases: Cases
    retentions: Retentions
    copies: Callable[[], MediaStore]
    """Asked for only where there is something to delete."""
    clock: Callable[[], datetime]

    def go_on(self, key: Key) -> None:
        """Empty a case that is noted to be emptied.

        Raises:
            Busy: try again later. Every botocore error: likewise.
        """
        if removal := self.retentions.removal(key):
            self.empty(removal)

    def empty(self, removal: Removal) -> None:
        """As `go_on`."""
        self.words(removal)
        self._unknown_by_now(removal)
        self.retentions.emptied(removal)
        log.info("case.emptied", brand=removal.brand, case=removal.case)

    def words(self, removal: Removal, tally: Tally | None = None, ids: frozenset[str] = frozenset()) -> None:
        """Every word in a case: its messages, the raw events of them, our copies, what our team wrote beside them.
        `ids` as in `without_words`.

        Raises:
            As `go_on`.
        """
        start: Item | None = None
        while True:
            found, start = self.messages.up_to(removal.brand, removal.case, removal.said_up_to, start)
            for message in found:
                self.message(message.brand, message.platform, message.id, tally)
            if start is None:
                break
        for _, change in self.retentions.said_with(removal, ids):
            if tally:
                tally.transact([change], said_with=1)
            else:
                self.ledger.table.change(change)

    def aside(self, partition: str, up_to: str, limit: int) -> int:
        """What arrived up to a time and became part of no conversation (`keys.aside`, `keys.unread`) loses its words
        too, so much of it at a time; how much did."""
        items, _ = self.ledger.unread(partition, up_to)
        for item in items[:limit]:
            if item["sk"] == "MSG":
                self.message(item["brand"], item["platform"], item["id"])
            else:
                self.ledger.table.change(self.ledger.blanked(Key(item["pk"], item["sk"])))
        return len(items[:limit])

    def forget(self, brand: str, platform: str, person_id: str, tally: Tally) -> int:
        """As `person`, counted. How many copies of pictures there were."""
        copies = self.copies().delete(places.of_person(brand, platform, person_id))
        known = self.messages.forget(brand, platform, person_id)
        tally.transact([], names=known, copies=copies)
        return copies

    def person(self, brand: str, platform: str, person_id: str) -> None:
        """Nothing is known of a person under this id any more, and no picture of them is left (I30)."""
        self.messages.forget(brand, platform, person_id)
        self.copies().delete(places.of_person(brand, platform, person_id))

    def message(self, brand: str, platform: str, message_id: str, tally: Tally | None = None) -> None:
        """One message, all the raw events that told of it, and our copies of what came with it (I6)."""
        for _ in range(ATTEMPTS):
            old = self.messages.get(brand, platform, message_id)
            if old is None or old.removed_at:
                return
            copies = self.copies().delete(places.of_message(old.brand, old.platform, old.id)) if old.media else 0
            raws = [Key(pk, "RAW") for pk in sorted({*old.raws, *old.waiting})]
            tombstone = folding.removed(old, self._now())
            try:
                if tally:
                    kept = self.ledger.in_parts([self.ledger.erased(raw) for raw in raws])
                    gone = {"messages": 1, "events": len(raws), "copies": copies}
                    tally.transact([self.messages.write(old, tombstone), *kept], **gone)
                else:
                    kept = self.ledger.in_parts([self.ledger.blanked(raw) for raw in raws])
                    self.ledger.table.transact([self.messages.write(old, tombstone), *kept])
            except (ConditionFailed, Conflict):
                continue
            return
        raise Busy(message_id)

    def _unknown_by_now(self, removal: Removal) -> None:
        """Who the person is, goes with the last of their conversations."""
        begun, _ = self.messages.begun_by(removal.brand, removal.platform, removal.person, KNOWN_CONVERSATIONS)
        if all(is_removed(case) for case in self.cases.many(removal.brand, sorted({*begun, removal.case}))):
            self.messages.unname(removal.brand, removal.platform, removal.person)
            self.copies().delete(places.of_person(removal.brand, removal.platform, removal.person))

    def _now(self) -> str:
        return time_text(self.clock())

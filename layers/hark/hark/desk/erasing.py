"""Takes away what people said and who they are, in one conversation or everywhere: the one way in which words go.

First it is written down that a case is to be emptied, then it is emptied, and last that note goes: whoever dies in
between leaves the note, and the sweeper goes on. Doing it twice does nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hark import log
from hark.domain import message as folding
from hark.domain.message import Message
from hark.domain.retention import is_removed
from hark.domain.time import text as time_text
from hark.store import media as places
from hark.store.cases import Cases
from hark.store.keys import Key
from hark.store.ledger import Ledger
from hark.store.media import MediaStore
from hark.store.messages import Messages
from hark.store.retention import Removal, Retentions
from hark.store.table import ConditionFailed, Conflict, Item

ATTEMPTS = 5
KNOWN_CONVERSATIONS = 100
"""A person's newest conversations that have to be empty before nobody knows any more who they are."""


class Busy(Exception):
    """Others kept writing the same message; the sweeper tries it again."""


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
        start: Item | None = None
        while True:
            found, start = self.messages.up_to(removal.brand, removal.case, removal.said_up_to, start)
            for message in found:
                self._message(message)
            if start is None:
                break
        for _, change in self.retentions.said_with(removal):
            self.ledger.table.change(change)
        self._unknown_by_now(removal)
        self.retentions.emptied(removal)
        log.info("case.emptied", brand=removal.brand, case=removal.case)

    def person(self, brand: str, platform: str, person_id: str) -> None:
        """Nothing is known of a person under this id any more, and no picture of them is left (I30)."""
        self.messages.forget(brand, platform, person_id)
        self.copies().delete(places.of_person(brand, platform, person_id))

    def _message(self, listed: Message) -> None:
        """One message, all the raw events that told of it, and our copies of what came with it (I6)."""
        for _ in range(ATTEMPTS):
            old = self.messages.get(listed.brand, listed.platform, listed.id)
            if old is None or old.removed_at:
                return
            if old.media:
                self.copies().delete(places.of_message(old.brand, old.platform, old.id))
            raws = [self.ledger.blanked(Key(pk, "RAW")) for pk in sorted({*old.raws, *old.waiting})]
            try:
                kept = self.ledger.in_parts(raws)
                self.ledger.table.transact([self.messages.write(old, folding.removed(old, self._now())), *kept])
            except (ConditionFailed, Conflict):
                continue
            return
        raise Busy(listed.id)

    def _unknown_by_now(self, removal: Removal) -> None:
        """Who the person is, goes with the last of their conversations."""
        begun, _ = self.messages.begun_by(removal.brand, removal.platform, removal.person, KNOWN_CONVERSATIONS)
        if all(is_removed(case) for case in self.cases.many(removal.brand, sorted({*begun, removal.case}))):
            self.messages.unname(removal.brand, removal.platform, removal.person)
            self.copies().delete(places.of_person(removal.brand, removal.platform, removal.person))

    def _now(self) -> str:
        return time_text(self.clock())

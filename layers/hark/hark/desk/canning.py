"""Canned texts and the FAQ: leads write them, agents use them, and public answers grow into them (E28, I7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hark.desk.actions import NotFound
from hark.desk.clicks import Click, mark, was_done
from hark.desk.writing import Unacceptable
from hark.domain.canned import Draft, Entry, for_agent
from hark.domain.faq_page import page
from hark.domain.people import Member
from hark.domain.personal_data import found
from hark.domain.reply import State
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.canned import Canned
from hark.store.cases import Cases, Stale
from hark.store.people import People
from hark.store.replies import Replies
from hark.store.table import ConditionFailed, Conflict, Write

REMOVED_KEPT_SECONDS = 30 * 86400
"""How long a removed entry is still named in the review of what the bot said with it."""
TITLE_CHARACTERS = 60


@dataclass(frozen=True)
class Canning:
    canned: Canned
    cases: Cases
    replies: Replies
    people: People
    clock: Callable[[], datetime]

    def for_agent(self, member: Member, language: str, *, candidates: bool) -> list[Entry]:
        """What an agent may use, the customer's language first; for leads also what waits for them."""
        entries = self.canned.of_brand(member.brand)
        return for_agent([e for e in entries if candidates or e.standing == "approved"], language)

    def page(self, member: Member) -> str:
        """The FAQ as one page of HTML for the brand's own site."""
        name = self.people.policy(member.brand).name
        return page(name, self.canned.of_brand(member.brand))

    def write(self, click: Click, language: str, draft: Draft) -> Entry:
        """A new entry.

        Raises:
            KeyReused.
        """
        member = click.member
        entry = Entry(
            id=keys.canned_id(language, member.id, click.key), brand=member.brand, language=language, by=member.id,
            at=time_text(self.clock()), **draft.model_dump(),
        )  # fmt: skip
        return self._once(click, entry, self.canned.new(entry))

    def promote(self, click: Click, case_id: str, reply_id: str) -> Entry:
        """Make a candidate for the FAQ of a public answer; a lead adds the questions and approves it.

        Of the customer nothing is taken over, no word of theirs: it has to stay erasable (I30).

        Raises:
            NotFound, KeyReused. Unacceptable: `not_public`, `personal_data`.
        """
        member = click.member
        case = self.cases.get(member.brand, case_id)
        reply = self.replies.get(member.brand, case_id, reply_id) if case else None
        if case is None or reply is None:
            raise NotFound(reply_id)
        if reply.state is not State.SENT or reply.verb != "public_reply":
            raise Unacceptable("not_public", "Only an answer that stands in public can become part of the FAQ.")
        if found(reply.text):
            raise Unacceptable("personal_data", "There are personal data in this answer.")
        entry = Entry(
            id=keys.canned_id(case.language, member.id, click.key), brand=member.brand, language=case.language,
            kind="faq", standing="candidate", title=" ".join(reply.text.split())[:TITLE_CHARACTERS], text=reply.text,
            case=case_id, reply=reply_id, by=member.id, at=time_text(self.clock()),
        )  # fmt: skip
        return self._once(click, entry, self.canned.new(entry))

    def change(self, click: Click, entry_id: str, version: int, draft: Draft) -> Entry:
        """Write an entry anew.

        Raises:
            NotFound, KeyReused. Stale: somebody changed it since `version`.
        """
        old = self._entry(click.member, entry_id)
        new = old.model_copy(
            update={**draft.model_dump(), "by": click.member.id, "at": time_text(self.clock()), "version": version + 1}
        )
        if not was_done(self.people, click, entry_id) and old.version != version:
            raise Stale
        return self._once(click, new, self.canned.changed(old, new))

    def remove(self, click: Click, entry_id: str) -> None:
        """Take an entry away.

        Raises:
            NotFound, KeyReused, Stale.
        """
        if was_done(self.people, click, entry_id):
            return
        entry = self._entry(click.member, entry_id)
        expires = int(self.clock().timestamp()) + REMOVED_KEPT_SECONDS
        self._once(click, entry, self.canned.removed(entry, expires))

    def used(self, click: Click, entry_id: str) -> Entry:
        """An agent took an entry into a reply.

        Raises:
            NotFound, KeyReused, Stale.
        """
        for _ in range(8):
            entry = self._entry(click.member, entry_id)
            used = entry.model_copy(update={"uses": entry.uses + 1})
            try:
                return self._once(click, used, self.canned.used(entry))
            except Stale:
                continue
        raise Stale

    # --- inside ---

    def _entry(self, member: Member, entry_id: str) -> Entry:
        entry = self.canned.get(member.brand, entry_id)
        if entry is None:
            raise NotFound(entry_id)
        return entry

    def _once(self, click: Click, entry: Entry, write: Write) -> Entry:
        """Carry out a write together with the mark of its click; the same click again finds what it did."""
        brand = click.member.brand
        if was_done(self.people, click, entry.id):
            return self.canned.get(brand, entry.id) or entry
        try:
            self.canned.table.transact([mark(self.people, click, entry.id, self.clock()), write])
        except (ConditionFailed, Conflict) as clash:
            if was_done(self.people, click, entry.id):
                return self.canned.get(brand, entry.id) or entry
            raise Stale from clash
        return entry

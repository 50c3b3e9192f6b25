"""An agent gives a case to somebody: a colleague, oneself, the team, or whoever has more authority."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hark.desk.giving import Giving
from hark.desk.waiting import Waiting
from hark.desk.writing import Unacceptable
from hark.domain import case as rules
from hark.domain import handing, talk
from hark.domain.case import Case, Line, Refused
from hark.domain.people import Member
from hark.domain.policy import Policy
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.table import Put, Write

Passed = tuple[Case, tuple[Line, ...], list[Write]]


def handover(case: Case, text: str, by: str, key: str, now: str) -> Passed:
    """The case with a note for whoever gets it next. With the same `key` it is the same note."""
    note_id = keys.note_id(by, key)
    values = {"id": note_id, "text": text, "at": now, "by": by}
    return (
        case.model_copy(update={"handover": note_id}),
        (Line(code="note.added", at=now, by=by, about=note_id),),
        [Put(keys.note(case.brand, case.id, now, note_id), values)],
    )


@dataclass(frozen=True)
class Passing:
    giving: Giving
    waiting: Waiting
    clock: Callable[[], datetime]

    def to(self, case: Case, policy: Policy, member: Member, key: str, assignee: str, note: str) -> Passed:
        """Give it to a colleague, to oneself, or back to the team (`assignee` empty). `key` is that of the click.

        Whoever takes a colleague's case need leave no note: who has the case knows more than who takes it.

        Raises:
            Refused: `no_such_member`, or `busy` with a reply that is not finished. Unacceptable: `note_needed`.
        """
        if assignee and self._absent(case.brand, assignee):
            raise Refused("no_such_member")
        if assignee not in ("", member.id):
            self._noted(case, policy, assignee, note)
        code = "case.claimed" if assignee == member.id else "case.assigned" if assignee else "case.released"
        self._free_of_replies(case)
        changed, lines = rules.given(case, assignee, member.id, code, self._now())
        remembered = self.giving.remembered(case, assignee, policy)
        return self._with_note((changed, lines, remembered), member, key, note)

    def up(self, case: Case, policy: Policy, member: Member, key: str, level: int, note: str) -> Passed:
        """Pass it up to whoever is there with at least this authority (D8); else it waits for one who has it.

        Raises:
            Refused: `busy`. Unacceptable: `note_needed`, or `has_level`: its owner has the authority.
        """
        owner = self.giving.people.member(case.brand, case.owner) if case.owner else None
        if owner and owner.level >= level:
            raise Unacceptable("has_level", "Whoever has the case has that authority.")
        self._noted(case, policy, "", note)
        self._free_of_replies(case)
        free, lines = handing.passed_up(case, level, member.id, self._now())
        choice, place = self.giving.choose(free, self.giving.staff(case.brand, (case.id,)))
        changed, more = handing.assigned(free, choice, self._now())
        return self._with_note((changed, (*lines, *more), place), member, key, note)

    def after(self, old: Case, new: Case) -> None:
        """After the commit, at best: who has room by it gets what waits."""
        self.waiting.moved(old, new)

    def _with_note(self, passed: Passed, member: Member, key: str, note: str) -> Passed:
        if not note.strip():
            return passed
        case, lines, writes = passed
        case, more, added = handover(case, note, member.id, key, self._now())
        return case, (*lines, *more), [*writes, *added]

    def _noted(self, case: Case, policy: Policy, to: str, note: str) -> None:
        if handing.needs_note(case, policy, to, self._now()) and not note.strip():
            raise Unacceptable("note_needed", "Whoever gets the case has to know what was done so far: leave a note.")

    @staticmethod
    def _free_of_replies(case: Case) -> None:
        if case.reply_state in talk.UNFINISHED:
            raise Refused("busy")

    def _absent(self, brand: str, member_id: str) -> bool:
        member = self.giving.people.member(brand, member_id)
        return member is None or member.removed

    def _now(self) -> str:
        return time_text(self.clock())

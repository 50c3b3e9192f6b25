"""The team: who is there with how much to do, and what members and leads change about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any

from hark import log
from hark.desk.actions import NotFound
from hark.desk.clicks import Click, mark, was_done
from hark.desk.giving import Giving
from hark.desk.passing import handover
from hark.desk.waiting import Waiting
from hark.desk.writing import Unacceptable
from hark.domain import handing
from hark.domain.case import Case
from hark.domain.people import Member
from hark.domain.roster import known_zone
from hark.domain.talk import UNFINISHED
from hark.domain.time import text as time_text
from hark.store.cases import Stale
from hark.store.table import ConditionFailed, Write

Shape = dict[str, Any]
AT_A_CLICK, AT_A_SWEEP = 20, 200
"""Cases that go back to the queues while somebody waits for the answer, and while the sweeper has other work."""


@dataclass(frozen=True)
class Teamwork:
    giving: Giving
    waiting: Waiting
    clock: Callable[[], datetime]

    def team(self, brand: str) -> Shape:
        """Everybody with what they have in hand (B12) and what of it is overdue (D2), and the brand's teams."""
        now, people = self.clock(), self.giving.people
        return {
            "members": [self.member(m, now) for m in people.members(brand) if not m.removed],
            "teams": [team.model_dump(mode="json") for team in people.policy(brand).assignment.teams],
            "now": time_text(now),
        }

    def member(self, member: Member, now: datetime) -> Shape:
        """One member as the team sees them. Load and overdue are counted up to 100."""
        held = self.giving.cases.in_hand(member.brand, member.id)
        soon = member.next_start(now)
        return {
            "id": member.id, "name": member.name, "initials": member.initials, "role": member.role,
            "teams": list(member.teams), "languages": list(member.languages), "skills": list(member.skills),
            "handle": member.handle, "level": member.level, "spend_limit": member.spend_limit,
            "on_shift": member.on_shift(now), "next_shift": time_text(soon) if soon else None, "away": member.away,
            "handing_back": bool(member.hand_back), "removed": member.removed,
            "shifts": [shift.model_dump(mode="json") for shift in member.shifts],
            "days": [day.model_dump(mode="json") for day in member.days],
            "load": len(held), "overdue": sum(case.due_at < time_text(now) for case in held),
            "capacity": member.capacity, "capacities": member.capacities,
        }  # fmt: skip

    def change(self, click: Click, member_id: str, wish: Mapping[str, Any]) -> Member:
        """Change what stands in `wish` of a member, by its field names; with `hand_back` and `note` of who goes away.

        Who goes away and hands back, or is removed, gives the cases back to the queues.

        Raises:
            NotFound: no such member in this brand. KeyReused: the click's key was used for another request.
            Unacceptable: `no_such_team`, `no_such_zone`, `handle_taken`, `operators_role`.
        """
        brand, people = click.member.brand, self.giving.people
        before = people.member(brand, member_id)
        if before is None:
            raise NotFound(member_id)
        if was_done(people, click, member_id):
            return before
        fields = self._fields(before, wish, click.member.id)
        try:
            people.table.transact(
                [*people.changes(brand, member_id, fields), mark(people, click, member_id, self.clock())]
            )
        except ConditionFailed:
            # The very same click at the same moment was faster (I17).
            if not was_done(people, click, member_id):
                raise
        after = people.member(brand, member_id) or before
        log.info("team.changed", brand=brand, member=member_id, by=click.member.id)
        self._follow(brand, after)
        return after

    def _fields(self, before: Member, wish: Mapping[str, Any], by: str) -> dict[str, Any]:
        """The member's fields as they are to be stored."""
        fields = {name: value for name, value in wish.items() if name not in ("hand_back", "note")}
        if "role" in fields and before.role == "operator":
            raise Unacceptable("operators_role", "An operator's role is changed by an operator, by command.")
        policy = self.giving.people.policy(before.brand)
        unknown = sorted(set(fields.get("teams") or ()) - {team.id for team in policy.assignment.teams})
        if unknown:
            raise Unacceptable("no_such_team", "There is no such team; teams are made in the brand's policy.")
        for name in ("shifts", "days"):
            for one in fields.get(name) or ():
                one["zone"] = self._zone(one.get("zone") or policy.calendar.zone)
        if "handle" in fields:
            fields["handle"] = self._handle(before, fields["handle"])
        if wish.get("removed"):
            fields |= {"hand_back": "left", "hand_back_note": wish.get("note", ""), "hand_back_by": by}
            fields["sessions_mark"] = token_hex(8)  # so that who comes back signs in anew
        elif wish.get("away") and wish.get("hand_back"):
            fields |= {"hand_back": "away", "hand_back_note": wish.get("note", ""), "hand_back_by": by}
        elif wish.get("away") is False or wish.get("removed") is False:
            fields |= {"hand_back": "", "hand_back_note": "", "hand_back_by": ""}
        whole = Member.model_validate(before.model_dump() | {n: v for n, v in fields.items() if v is not None})
        return {name: whole.model_dump(mode="json")[name] for name in fields}

    @staticmethod
    def _zone(name: str) -> str:
        try:
            return known_zone(name)
        except ValueError as wrong:
            raise Unacceptable("no_such_zone", "There is no such time zone.") from wrong

    def _handle(self, before: Member, handle: str | None) -> str:
        """Raises: Unacceptable: a colleague is called so."""
        plain = (handle or "").lstrip("@")
        others = (m for m in self.giving.people.members(before.brand) if m.id != before.id and not m.removed)
        if plain and any(m.handle.lower() == plain.lower() for m in others):
            raise Unacceptable("handle_taken", "A colleague has this handle.")
        return plain

    def _follow(self, brand: str, member: Member) -> None:
        """What a change of the team brings about, at once and at best: the next sweep does what is left of it."""
        try:
            if member.hand_back:
                self.take_back(brand, member, AT_A_CLICK)
                self.waiting.give_out(brand)
            elif member.on_shift(self.clock()):
                self.waiting.fill(brand, member.id)
        except Exception as trouble:
            log.error("team.left_to_roster", trouble, member=member.id)

    def take_back(self, brand: str, member: Member, at_most: int = AT_A_SWEEP) -> int:
        """Give the member's cases back to the queues: those that wait for us, and of who has left all. How many could
        not go back yet: a reply of theirs is not finished, they were written at the same moment, or are too many."""
        held, left = 0, member.hand_back == "left"
        cases = self.giving.cases
        found = cases.of_owner(brand, member.id) if left else cases.in_hand(brand, member.id, 10_000)
        for case_id in [case.id for case in found]:
            case = cases.get(brand, case_id)
            if case is None or case.owner != member.id:
                continue
            if case.status == "closed" or not (left or handing.in_hand(case)):
                continue
            if not at_most or case.reply_state in UNFINISHED or not self._back(case, member):
                held += 1
            else:
                at_most -= 1
        return held

    def _back(self, case: Case, member: Member) -> bool:
        now = time_text(self.clock())
        changed, lines = handing.handed_back(case, member.hand_back, member.hand_back_by, now)
        writes: list[Write] = []
        if member.hand_back_note:
            # Of this version of the case: given back once more another time, it gets another note.
            key = f"{case.id}-{case.version}"
            changed, more, writes = handover(changed, member.hand_back_note, member.hand_back_by, key, now)
            lines = (*lines, *more)
        try:
            self.giving.cases.commit(case, changed, lines, now, also=writes)
        except (Stale, ConditionFailed):
            return False
        return True

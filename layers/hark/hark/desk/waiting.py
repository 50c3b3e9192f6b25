"""Gives what waits in the queues to whoever has room again.

There is no polling. What sets it off are an agent's own writes (an answer that is out, a case closed, put off or given
back), the beginning of a shift, and every change of the team. Should such a moment be lost, the next one serves for it,
and at the latest the brand's roster item, which is due again after `HEALED_SECONDS` while any open case is nobody's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hark import log
from hark.desk.giving import Giving, Staff
from hark.domain import handing
from hark.domain.assignment import Step
from hark.domain.case import Case
from hark.domain.time import after
from hark.domain.time import text as time_text
from hark.store.cases import Stale

HEALED_SECONDS = 900
"""How late a waiting case is offered again though everything that tells of free hands was lost."""
GIVEN_AT_A_TIME = 25
"""Cases given out in one go; what is left over is the next sweep's."""
LOOKED_AT = 500
"""Waiting cases looked at in one go. Behind so many that fit nobody, others have to wait for the next look."""


@dataclass(frozen=True)
class Waiting:
    giving: Giving
    clock: Callable[[], datetime]

    def moved(self, old: Case, new: Case) -> None:
        """After a committed change of a case, at best: who has room by it, gets what waits.

        A failure here loses nothing: the case is written, and what waits is offered again.
        """
        try:
            if not new.owner and new.status == "open" and (old.owner or old.status != "open"):
                self.giving.people.seats.look_by(new.brand, after(time_text(self.clock()), HEALED_SECONDS))
            if handing.frees(old, new):
                self.fill(new.brand, old.owner, new.id)
        except Exception as trouble:
            log.error("waiting.left_to_roster", trouble, case=new.id)

    def fill(self, brand: str, member_id: str, freed: str = "") -> int:
        """Give one member what waits and fits, the oldest first, as far as there is room. How many it was.

        `freed` is a case that has just left the member's hands, though the index may not know.
        """
        if next(self.giving.cases.waiting(brand), None) is None:
            return 0
        return self._give_out(brand, lambda staff: staff.only(member_id), freed)[0]

    def give_out(self, brand: str) -> tuple[int, bool]:
        """Give out what waits to all who are there. How many it was, and whether there is more that could be given."""
        return self._give_out(brand, lambda staff: staff, "")

    def _give_out(self, brand: str, of: Callable[[Staff], Staff], freed: str) -> tuple[int, bool]:
        staff, given = of(self.giving.staff(brand, (freed,))), 0
        if not staff.policy.assignment.take_waiting:
            return 0, False
        for looked, found in enumerate(self.giving.cases.waiting(brand)):
            if not staff.has_room(self.clock()):
                return given, False
            if looked >= LOOKED_AT or given >= GIVEN_AT_A_TIME:
                self.giving.people.seats.look_by(brand, time_text(self.clock()))
                return given, True
            if found.id == freed:
                continue
            if self._take(brand, found.id, staff):
                given += 1
                staff = of(self.giving.staff(brand, (freed,)))
        return given, False

    def _take(self, brand: str, case_id: str, staff: Staff) -> bool:
        """Give one waiting case to one of the staff. Whether it, or the staff, has changed."""
        case = self.giving.cases.get(brand, case_id)
        if case is None or not handing.waits(case):
            return False
        choice, place = self.giving.choose(case, staff)
        if not choice.owner:
            return False
        try:
            self.giving.write(case, choice, place, (Step("assign.from_queue"),))
        except Stale:
            log.info("waiting.taken_meanwhile", case=case.id)
        else:
            log.info("waiting.given", case=case.id, owner=choice.owner)
        return True

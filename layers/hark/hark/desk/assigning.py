"""The workflow's step `Assign`: gives a case an owner, or a place in a team's queue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hark import log
from hark.desk.giving import Giving
from hark.desk.steps import steadily
from hark.desk.waiting import HEALED_SECONDS
from hark.domain import handing
from hark.domain.assignment import Choice, Step
from hark.domain.case import Case
from hark.domain.time import after
from hark.domain.time import text as time_text
from hark.store import keys

LOST_RACES = 5
"""Places lost to other runs before the case is left to the queue: a crowd is served by one, the sweeper."""


@dataclass(frozen=True)
class Assigning:
    giving: Giving
    clock: Callable[[], datetime]

    def assign(self, brand: str, case_id: str, gen: int) -> dict[str, object]:
        """Give the case an owner by the brand's rules; else it waits in the team's queue for whoever has room.

        Returns the key under which the workflow leaves its task token, and the first deadline.
        """
        cases, races = self.giving.cases, 0

        def step(case: Case) -> dict[str, object]:
            nonlocal races
            if case.assigned == gen:
                return self._wait(case)
            races += 1
            if races > LOST_RACES:
                after_all = self._leave(case)
            else:
                after_all = self.giving.write(case, *self.giving.choose(case, self.giving.staff(brand, (case.id,))))
            log.info("assign.done", case=case.id, gen=gen, owner=after_all.owner, team=after_all.team)
            if not after_all.owner:
                self._seen_to(brand, crowded=races > LOST_RACES)
            return self._wait(after_all)

        return steadily(cases, brand, case_id, gen, step)

    def _leave(self, case: Case) -> Case:
        policy, now = self.giving.people.policy(case.brand), time_text(self.clock())
        team = policy.assignment.team_for(case.platform, case.account_id)
        choice = Choice("", team, (Step("assign.crowded"),))
        if handing.situation(case, policy, frozenset(), self.clock()).stays and case.owner:
            choice = Choice(case.owner, team, (Step("assign.kept", case.owner),))
        return self.giving.cases.commit(case, *handing.assigned(case, choice, now), now)

    def _seen_to(self, brand: str, *, crowded: bool) -> None:
        """At best: a case that waits is looked at again, though nobody's hands become free (`desk.waiting`)."""
        by = after(time_text(self.clock()), 0 if crowded else HEALED_SECONDS)
        try:
            self.giving.people.seats.look_by(brand, by)
        except Exception as trouble:
            log.error("assign.not_watched", trouble, brand=brand)

    @staticmethod
    def _wait(case: Case) -> dict[str, object]:
        return {"key": keys.case(case.brand, case.id)._asdict(), "deadline": case.deadline}

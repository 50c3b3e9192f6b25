"""The workflow's step `Remind`: whoever has to hear of a case nobody answers, and what to wait for next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hark import log
from hark.desk.steps import steadily
from hark.domain import bells
from hark.domain import case as rules
from hark.domain.case import Case
from hark.domain.time import text as time_text
from hark.store.cases import Cases
from hark.store.people import People


@dataclass(frozen=True)
class Reminding:
    cases: Cases
    people: People
    clock: Callable[[], datetime]

    def remind(self, brand: str, case_id: str, gen: int) -> dict[str, str]:
        """A deadline of the case went by, or the case moved while nobody waited. What to wait for now.

        Which bells rang, the case itself knows; in a repeated call they have rung already, and nothing happens.
        """

        def step(case: Case) -> dict[str, str]:
            if case.status == "closed":
                return {"next": "end", "deadline": case.deadline}
            now = self._now()
            ringing = bells.due(case, now)
            if not ringing and (case.deadline > now or waits_for(case) == "customer"):
                return {"next": waits_for(case), "deadline": case.deadline}
            policy = self.people.policy(brand)
            if case.status == "snoozed" and case.snoozed_until <= now:
                change = rules.woken(case, policy, "", now)
            else:
                change = rules.reminded(case, policy, now)
            after = self.cases.commit(case, *change, now)
            log.info("remind.done", case=case.id, gen=gen, rang=",".join(sorted(ringing)), to=after.escalation)
            return {"next": waits_for(after), "deadline": after.deadline}

        return steadily(self.cases, brand, case_id, gen, step)

    def _now(self) -> str:
        return time_text(self.clock())


def waits_for(case: Case) -> str:
    """What the workflow waits for: those who approve a draft, else our answer or the customer."""
    if case.approval:
        return "approval"
    return "answer" if case.awaiting == "us" else "customer"

"""The workflow's step `Remind`: whoever has to hear of a case nobody answers, and what to wait for next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hark import log
from hark.desk.overdue_drafts import rang
from hark.desk.steps import steadily
from hark.domain import bells
from hark.domain import case as rules
from hark.domain.case import Case
from hark.domain.time import text as time_text
from hark.store.cases import Cases
from hark.store.drafts import Drafts
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
            if case.approval and case.approval_due <= now:
                return self._draft_waits(case, now)
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

    def _draft_waits(self, case: Case, now: str) -> dict[str, str]:
        """The bell of an approval; what else rings at this moment rings at the next call, at once."""
        policy, drafts = self.people.policy(case.brand), Drafts(self.cases.table)
        rung = rang(drafts, case, policy, now)
        after = self.cases.commit(case, *rung[0], now, also=rung[1]) if rung else case
        log.info("remind.approval", case=case.id, gen=case.gen, waits=bool(after.approval))
        return {"next": waits_for(after), "deadline": after.deadline}

    def _now(self) -> str:
        return time_text(self.clock())


def waits_for(case: Case) -> str:
    """What the workflow waits for: those who approve a draft, else our answer or the customer."""
    if case.approval:
        return "approval"
    return "answer" if case.awaiting == "us" else "customer"

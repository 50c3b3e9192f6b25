"""The workflow's step `Remind`: whoever has to hear of a case nobody answers, and what to wait for next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hark import log
from hark.desk.steps import steadily
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

    def remind(self, brand: str, case_id: str, gen: int, rang: str) -> dict[str, str]:
        """The clock of deadline `rang` went off, or the case moved while nobody waited. What to wait for now."""

        def step(case: Case) -> dict[str, str]:
            if case.status == "closed":
                return {"next": "end", "deadline": case.deadline}
            now = self._now()
            if case.awaiting == "them" and not case.approval:
                return {"next": "customer", "deadline": case.deadline}
            if case.deadline > now or case.deadline != rang:
                # A later deadline, or this very reminder in a repeated call: it fired already.
                return {"next": waits_for(case), "deadline": case.deadline}
            policy = self.people.policy(brand)
            if case.status == "snoozed":
                change = rules.woken(case, policy, "", now)
            else:
                change = rules.reminded(case, policy, now)
            after = self.cases.commit(case, *change, now)
            log.info("remind.done", case=case.id, gen=gen, to=after.escalation, reminders=after.reminders)
            return {"next": waits_for(after), "deadline": after.deadline}

        return steadily(self.cases, brand, case_id, gen, step)

    def _now(self) -> str:
        return time_text(self.clock())


def waits_for(case: Case) -> str:
    """What a case that is owed an answer waits for: those who approve its draft, or the answer itself."""
    return "approval" if case.approval else "answer"

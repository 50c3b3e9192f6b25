"""The workflow's step `Assign`: gives a case an owner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hark.desk.steps import steadily
from hark.domain import case as rules
from hark.domain.case import Case
from hark.domain.people import least_loaded
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.cases import Cases
from hark.store.people import People


@dataclass(frozen=True)
class Assigning:
    cases: Cases
    people: People
    clock: Callable[[], datetime]

    def assign(self, brand: str, case_id: str, gen: int) -> dict[str, object]:
        """Give the case an owner. The one who had it keeps it while on shift; else the least loaded; else nobody.

        Returns the key under which the workflow leaves its task token, and the first deadline.
        """

        def step(case: Case) -> dict[str, object]:
            if case.assigned == gen:
                return self._wait(case)
            now = self._now()
            members = self.people.members(brand)
            keeper = next((m for m in members if m.id == case.owner and m.on_shift(self.clock())), None)
            if keeper:
                owner, code = keeper.id, "assign.kept"
            else:
                on_shift = [m for m in members if m.on_shift(self.clock())]
                load = {m.id: self.cases.open_of(brand, m.id) for m in on_shift}
                chosen = least_loaded(on_shift, load, self.clock())
                owner = chosen.id if chosen else ""
                code = "assign.least_loaded" if chosen else "assign.nobody_on_shift"
            self.cases.commit(case, *rules.assigned(case, owner, code, now), now)
            return self._wait(case)

        return steadily(self.cases, brand, case_id, gen, step)

    @staticmethod
    def _wait(case: Case) -> dict[str, object]:
        return {"key": keys.case(case.brand, case.id)._asdict(), "deadline": case.deadline}

    def _now(self) -> str:
        return time_text(self.clock())

"""The workflow's steps `FollowUp` and `Close`: asks whether an answered case is solved, and closes it after silence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hark.desk.steps import MovedOn, steadily
from hark.domain import case as rules
from hark.domain.case import Case
from hark.domain.time import text as time_text
from hark.store.cases import Cases
from hark.store.people import People


@dataclass(frozen=True)
class Following:
    cases: Cases
    people: People
    clock: Callable[[], datetime]

    def follow_up(self, brand: str, case_id: str, gen: int) -> dict[str, str]:
        """The customer is silent since our answer: have the owner ask.

        Raises:
            MovedOn: the case waits for us, is closed, or its silence is not long enough yet.
        """

        def step(case: Case) -> dict[str, str]:
            now = self._now()
            if case.followed_up and case.awaiting == "them":
                return {"deadline": case.deadline}
            if case.awaiting != "them" or case.status == "closed" or case.deadline > now:
                raise MovedOn
            after = self.cases.commit(case, *rules.followed_up(case, self.people.policy(brand), now), now)
            return {"deadline": after.deadline}

        return steadily(self.cases, brand, case_id, gen, step)

    def close(self, brand: str, case_id: str, gen: int) -> dict[str, str]:
        """Silence after the follow-up too: close, and say why.

        Raises:
            MovedOn: as `follow_up`.
        """

        def step(case: Case) -> dict[str, str]:
            now = self._now()
            if case.status == "closed":
                return {"next": "end"}
            if case.awaiting != "them" or case.deadline > now:
                raise MovedOn
            try:
                change = rules.closed(case, "silence", "", now)
            except rules.Refused as refused:
                # A reply is still on its way or in doubt: no closing over an agent's head. Look again much later.
                change = rules.postponed(case, self.people.policy(brand), now)
                self.cases.commit(case, *change, now)
                raise MovedOn from refused
            self.cases.commit(case, *change, now)
            return {"next": "end"}

        return steadily(self.cases, brand, case_id, gen, step)

    def _now(self) -> str:
        return time_text(self.clock())

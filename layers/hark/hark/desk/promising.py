"""What an agent says about time: a promise to be back by then, and that a reply only acknowledges. Once per click."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hark.desk.actions import Actions
from hark.desk.clicks import Click, was_done
from hark.domain import promises
from hark.domain.case import Case, Change
from hark.domain.policy import Policy
from hark.domain.time import text as time_text
from hark.store.cases import Stale


@dataclass(frozen=True)
class Promising:
    actions: Actions
    clock: Callable[[], datetime]

    def promise(self, click: Click, case_id: str, by_when: str, told_by: str = "") -> Case:
        """Promise the customer an answer by a time, change it, or with an empty one take the promise back.

        `told_by` is the member or the reply whose answer tells the customer of it, and so does not keep it.

        Raises:
            NotFound, KeyReused. Refused: `closed`, `owned`, `promise_past`, `no_promise`.
        """

        def step(case: Case, policy: Policy, now: str) -> Change:
            if not by_when:
                return promises.withdrawn(case, policy, click.member.id, now)
            return promises.made(case, policy, by_when, click.member.id, now, told_by)

        return self._once(click, case_id, step)

    def acknowledge(self, click: Click, case_id: str) -> Case:
        """Say of one's next reply that it only acknowledges the message: the answer is still owed after it.

        Raises:
            NotFound, KeyReused. Refused: `closed`, `owned`, `answered`.
        """
        return self._once(click, case_id, lambda case, _, now: promises.acknowledging(case, click.member.id, now))

    def _once(self, click: Click, case_id: str, step: Callable[[Case, Policy, str], Change]) -> Case:
        for _ in range(8):
            case = self.actions.case(click.member, case_id)
            if was_done(self.actions.people, click, case_id):
                return case
            now = time_text(self.clock())
            change = step(case, self.actions.people.policy(case.brand), now)
            try:
                changed = self.actions.commit(case, *change, now, click)
            except Stale:
                continue
            self.actions.workflow.move(changed)
            return changed
        raise Stale

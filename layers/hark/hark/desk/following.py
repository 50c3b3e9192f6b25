"""The workflow's steps `FollowUp` and `Close`: asks whether an answered case is solved, and closes it after silence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hark import log
from hark.desk.automatic import Automatic, CannotSay
from hark.desk.manners import NOT_OUT, unmannerly
from hark.desk.steps import MovedOn, steadily
from hark.domain import case as rules
from hark.domain import closing, satisfaction, talk
from hark.domain.case import Case, Change
from hark.domain.policy import Policy
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.cases import Cases
from hark.store.people import People
from hark.store.table import Write


@dataclass(frozen=True)
class Following:
    cases: Cases
    people: People
    automatic: Automatic
    clock: Callable[[], datetime]

    def follow_up(self, brand: str, case_id: str, gen: int) -> dict[str, str]:
        """The customer is silent since our answer: ask them, or have the owner ask (H1).

        The desk asks once for each answer; what is asked after that, up to the brand's number, is the owner's.

        Raises:
            MovedOn: the case waits for us, is closed, its silence is not long enough yet, or a promise is open.
        """

        def step(case: Case) -> dict[str, str]:
            now, policy = self._now(), self.people.policy(brand)
            if case.awaiting != "them" or case.status == "closed" or case.promise == "open":
                raise MovedOn  # who was promised an answer is not asked whether all is well
            done = closing.follow_ups(case)
            if done and (case.deadline > now or done >= policy.follow_up.reminders):
                return {"deadline": case.deadline}
            if case.deadline > now or self._solved(case, policy, now):
                raise MovedOn
            change, writes = self._question(case, policy, now) or (closing.asked(case, policy, now, customer=False), ())
            after = self.cases.commit(case, *change, now, also=writes)
            log.info("follow_up.done", case=case.id, gen=gen, number=after.follow_ups, customer=bool(after.question_at))
            return {"deadline": after.deadline}

        return steadily(self.cases, brand, case_id, gen, step)

    def close(self, brand: str, case_id: str, gen: int) -> dict[str, str]:
        """Silence after the follow-up too: close, and say why (H2).

        Raises:
            MovedOn: as `follow_up`; also when it has to be asked once more first.
        """

        def step(case: Case) -> dict[str, str]:
            now, policy = self._now(), self.people.policy(brand)
            if case.status == "closed":
                return {"next": "end"}
            if case.awaiting != "them" or case.deadline > now or case.promise == "open":
                raise MovedOn
            if self._solved(case, policy, now):
                return {"next": "end"}
            if self._lost(case):
                self.cases.commit(case, *closing.question_lost(case, policy, now), now)
                raise MovedOn
            try:
                changed, lines = rules.closed(case, "silence", "", now)
            except rules.Refused as refused:
                # A reply is still on its way or in doubt: no closing over an agent's head. Look again much later.
                self.cases.commit(case, *rules.postponed(case, policy, now), now)
                raise MovedOn from refused
            if closing.follow_ups(case) < policy.follow_up.reminders:
                raise MovedOn  # by way of the customer's turn, which is over, to the next follow-up
            self.cases.commit(case, satisfaction.due(changed, policy), lines, now)
            return {"next": "end"}

        return steadily(self.cases, brand, case_id, gen, step)

    def _solved(self, case: Case, policy: Policy, now: str) -> bool:
        """Close a case whose customer said that it is solved while a reply of ours was still under way."""
        if not closing.says_solved(case) or case.reply_state in talk.UNFINISHED:
            return False
        changed, lines = rules.closed(case, "solved", "", now)
        self.cases.commit(case, satisfaction.due(changed, policy), lines, now)
        return True

    def _question(self, case: Case, policy: Policy, now: str) -> tuple[Change, Sequence[Write]] | None:
        """The desk's own question to the customer; None where it may not ask by itself."""
        choice = policy.follow_up
        if choice.ask != "customer" or closing.follow_ups(case) or (case.public and not choice.ask_in_public):
            return None
        if case.reply_state in talk.UNFINISHED:
            return None  # somebody is just writing to them
        if why := unmannerly(case, self.automatic.messages, self.automatic.replies):
            log.info("follow_up.not_by_the_desk", case=case.id, gen=case.gen, code=why)
            return None
        try:
            said = self.automatic.intent(case, choice.text(case.language), _occasion(case))
        except CannotSay as no:
            log.info("follow_up.not_by_the_desk", case=case.id, gen=case.gen, code=no.code)
            return None
        if said is None:
            return None
        (changed, lines), writes = said
        changed, more = closing.asked(changed, policy, now, customer=True)
        return (changed, (*lines, *more)), writes

    def _lost(self, case: Case) -> bool:
        """Whether the desk's question will never reach the customer."""
        if not case.question_at:
            return False
        asked = self.automatic.replies.get(case.brand, case.id, keys.automatic_id(case.id, case.gen, _occasion(case)))
        return asked is not None and asked.state in NOT_OUT

    def _now(self) -> str:
        return time_text(self.clock())


def _occasion(case: Case) -> str:
    """What the question is asked about: this very answer of ours."""
    return f"follow_up.{case.answered_at}"

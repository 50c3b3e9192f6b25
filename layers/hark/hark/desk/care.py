"""The steps of the case workflow: triage, assign, remind, follow up. Each may be repeated without acting twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from hark import log
from hark.domain import case as rules
from hark.domain import triage
from hark.domain.case import Case
from hark.domain.people import least_loaded
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.cases import Cases, Stale
from hark.store.messages import Messages
from hark.store.people import People


class Superseded(Exception):
    """The execution belongs to an earlier generation of the case; it has to end (I14)."""


class MovedOn(Exception):
    """The case is not in the state this step is for; the workflow has to look anew."""


class TryAgain(Exception):
    """Somebody else kept writing the case; the step can simply be repeated."""


T = TypeVar("T")
Detect = Callable[[str, str, tuple[str, ...]], str]


@dataclass(frozen=True)
class Care:
    cases: Cases
    messages: Messages
    people: People
    clock: Callable[[], datetime]
    detect: Detect

    def triage(self, brand: str, case_id: str, gen: int) -> dict[str, str]:
        """Read what the customer wrote last, walk the tree, write down where it led. Says `assign` or `end`."""

        def step(case: Case) -> dict[str, str]:
            if case.triaged >= gen:
                return {"next": "end" if case.status == "closed" else "assign"}
            policy = self.people.policy(brand)
            message = self.messages.get(brand, case.platform, case.reply_to) if case.reply_to else None
            if message is None or message.gone:
                facts = triage.Facts("", "und", addressed=False, may_reply=False, withdrawn=True)
            else:
                language = self.detect(message.text, message.language, policy.languages)
                facts = triage.Facts(
                    message.text, language, message.addressed, message.may_reply,
                    has_media=bool(message.media or message.notice), elsewhere=case.elsewhere,
                )  # fmt: skip
            verdict = triage.walk(facts, policy)
            now = self._now()
            change = rules.triaged(case, policy, verdict.codes, verdict.priority, facts.language, verdict.end, now)
            self.cases.commit(case, *change, now)
            log.info("triage.done", case=case.id, gen=gen, priority=verdict.priority, end=verdict.end)
            return {"next": "end" if verdict.end else "assign"}

        return self._steadily(brand, case_id, gen, step)

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

        return self._steadily(brand, case_id, gen, step)

    def remind(self, brand: str, case_id: str, gen: int, rang: str) -> dict[str, str]:
        """The clock of deadline `rang` went off, or the case moved while nobody waited. What to wait for now."""

        def step(case: Case) -> dict[str, str]:
            if case.status == "closed":
                return {"next": "end", "deadline": case.deadline}
            now = self._now()
            if case.awaiting == "them":
                return {"next": "customer", "deadline": case.deadline}
            if case.deadline > now or case.deadline != rang:
                # A later deadline, or this very reminder in a repeated call: it fired already.
                return {"next": "answer", "deadline": case.deadline}
            policy = self.people.policy(brand)
            if case.status == "snoozed":
                change = rules.woken(case, policy, "", now)
            else:
                change = rules.reminded(case, policy, now)
            after = self.cases.commit(case, *change, now)
            log.info("remind.done", case=case.id, gen=gen, to=after.escalation, reminders=after.reminders)
            return {"next": "answer", "deadline": after.deadline}

        return self._steadily(brand, case_id, gen, step)

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

        return self._steadily(brand, case_id, gen, step)

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

        return self._steadily(brand, case_id, gen, step)

    def _steadily(self, brand: str, case_id: str, gen: int, step: Callable[[Case], T]) -> T:
        """Run a step on the case as it is now, again when somebody else wrote it in between."""
        for _ in range(8):
            case = self.cases.get(brand, case_id)
            if case is None or case.gen != gen:
                raise Superseded(case_id)
            try:
                return step(case)
            except Stale:
                continue
        raise TryAgain(case_id)

    @staticmethod
    def _wait(case: Case) -> dict[str, object]:
        return {"key": keys.case(case.brand, case.id)._asdict(), "deadline": case.deadline}

    def _now(self) -> str:
        return time_text(self.clock())

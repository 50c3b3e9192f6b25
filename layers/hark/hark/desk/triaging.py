"""The workflow's step `Triage`: reads what the customer wrote and walks the decision tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hark import log
from hark.desk.steps import steadily
from hark.domain import case as rules
from hark.domain import triage
from hark.domain.case import Case
from hark.domain.time import text as time_text
from hark.store.cases import Cases
from hark.store.messages import Messages
from hark.store.people import People

Detect = Callable[[str, str, tuple[str, ...]], str]


@dataclass(frozen=True)
class Triaging:
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

        return steadily(self.cases, brand, case_id, gen, step)

    def _now(self) -> str:
        return time_text(self.clock())

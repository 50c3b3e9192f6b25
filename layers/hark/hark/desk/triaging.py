"""The workflow's step `Triage`: reads what the customer wrote and walks the decision tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from hark import log
from hark.desk.incidents import Incidents, Seen
from hark.desk.steps import steadily
from hark.domain import case as rules
from hark.domain import closing, triage
from hark.domain.bot import may_try
from hark.domain.case import Case
from hark.domain.message import Message
from hark.domain.policy import Policy
from hark.domain.reading import Evidence, Reader
from hark.domain.time import text as time_text
from hark.domain.tree import TreeError, Verdict
from hark.domain.triage import Facts
from hark.domain.triage_facts import gathered, known
from hark.store.cases import Cases
from hark.store.messages import Messages
from hark.store.people import People
from hark.store.shadow import Shadows

EVIDENCE_KEPT = 8
"""Places that a case keeps: an item has to stay small (I33)."""


@dataclass(frozen=True)
class Triaging:
    cases: Cases
    messages: Messages
    people: People
    shadows: Shadows
    clock: Callable[[], datetime]
    reader: Callable[[], Reader]
    incidents: Callable[[], Incidents]

    def triage(self, brand: str, case_id: str, gen: int) -> dict[str, str]:
        """Read what the customer wrote last, walk the tree, write down where it led. Says `assign`, `bot` or `end`."""
        walked: list[tuple[Case, Facts, Policy, Verdict]] = []

        def step(case: Case) -> dict[str, str]:
            policy = self.people.policy(brand)
            message = self.messages.get(brand, case.platform, case.to_read) if case.to_read else None
            if case.triaged >= gen:
                self._look(case, message, policy)
                return {"next": leads_to(case, policy)}
            seen = self._seen(case, message, policy)
            facts, evidence = self.facts(case, message, policy)
            facts = replace(facts, topic=seen.topic, incident=bool(seen.incident))
            verdict = triage.walk(facts, policy)
            now = self._now()
            change, lines = rules.triaged(case, policy, verdict, facts, now, evidence)
            change = change.model_copy(update={"incident": seen.incident or case.incident})
            after = self.cases.commit(case, change, lines, now, also=seen.writes)
            walked.append((case, facts, policy, verdict))
            self._look(case, message, policy)
            log.info("triage.done", case=case.id, gen=gen, priority=verdict.priority, end=verdict.end)
            return {"next": leads_to(after, policy)}

        led = steadily(self.cases, brand, case_id, gen, step)
        for case, facts, policy, verdict in walked:
            self._shadow(case, facts, policy, verdict)
        return led

    def _seen(self, case: Case, message: Message | None, policy: Policy) -> Seen:
        return self.incidents().seen(case, message, policy) if message and not message.gone else Seen()

    def _look(self, case: Case, message: Message | None, policy: Policy) -> None:
        """Whether this makes an incident. Repeated with the step, so that a crash before it leaves nothing undone."""
        if message and not message.gone and policy.incidents.watch:
            log.info("incident.looked", case=case.id, found=self.incidents().look(case, message, policy))

    def facts(self, case: Case, message: Message | None, policy: Policy) -> tuple[Facts, tuple[Evidence, ...]]:
        """What the tree looks at, and what of the text spoke for it."""
        if message is None or message.gone:
            return known(case, policy), ()
        reading = self.reader().read(message.text, message.language, policy.languages)
        if closing.word(case, message) == "thanks":
            reading = replace(reading, intent="thanks")  # told by the same lists as after an answer
        return gathered(case, message, reading, policy), reading.evidence[:EVIDENCE_KEPT]

    def _shadow(self, case: Case, facts: Facts, policy: Policy, verdict: Verdict) -> None:
        """Walk the tree that is on trial, where the brand has one, and note whether it agrees. It decides nothing.

        Only after the real one is written: a tree on trial that is broken, or a count that is not written, holds up no
        case. So a count may be missing after a crash; it is never there twice.
        """
        shadow = policy.triage.shadow
        if shadow is None:
            return
        try:
            other = triage.walk(facts, policy, triage.tree_of(shadow.plan()))
        except TreeError as broken:
            log.error("triage.shadow_broken", broken, brand=case.brand, tree=shadow.version)
            return
        if triage.told(verdict) == triage.told(other):
            self.shadows.agreed(case.brand, "triage", shadow.version, self.clock())
        else:
            self.shadows.differed(
                case.brand, "triage", shadow.version, case.id, case.gen, triage.told(verdict), triage.told(other),
                self.clock(),
            )  # fmt: skip

    def _now(self) -> str:
        return time_text(self.clock())


def leads_to(case: Case, policy: Policy) -> str:
    """What comes after triage: nothing, the bot where it may try, or a person."""
    if case.status == "closed":
        return "end"
    return "bot" if may_try(case, policy.bot) else "assign"

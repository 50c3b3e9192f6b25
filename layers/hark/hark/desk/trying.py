"""A dry run: what another tree would have made of the cases of the last days. It reads only, and decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hark.domain import triage
from hark.domain.case import Case
from hark.domain.policy import Policy
from hark.domain.reading import Reader
from hark.domain.time import text as time_text
from hark.domain.triage_choices import ShadowTree
from hark.domain.triage_facts import gathered
from hark.store.cases import Cases
from hark.store.messages import Messages
from hark.store.people import People

PAGE = 100


@dataclass(frozen=True)
class Difference:
    """A case that the two trees would treat otherwise: what each decides (`triage.told`)."""

    case: str
    real: list[str]
    other: list[str]


@dataclass(frozen=True)
class Tried:
    """`unread` are cases whose message was taken away since."""

    agree: int
    unread: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Trying:
    cases: Cases
    messages: Messages
    people: People
    clock: Callable[[], datetime]
    reader: Callable[[], Reader]

    def over(self, brand: str, shadow: ShadowTree, days: int) -> Tried:
        """Walk both trees over every case that triage read in so many days.

        Texts are read anew, and what has changed since is as it is now: how often the person wrote, who holds the
        thread. Both trees get the same, so what differs is the trees. Costs a read for each case and each message.
        """
        policy, other = self.people.policy(brand), triage.tree_of(shadow.plan())
        agree, unread, differences = 0, 0, []
        for case in self._read_since(brand, time_text(self.clock() - timedelta(days=days))):
            facts = self._facts(case, policy)
            if facts is None:
                unread += 1
                continue
            real, new = triage.told(triage.walk(facts, policy)), triage.told(triage.walk(facts, policy, other))
            if real == new:
                agree += 1
            else:
                differences.append(Difference(case.id, real, new))
        return Tried(agree, unread, tuple(differences))

    def _read_since(self, brand: str, since: str) -> Iterator[Case]:
        place: dict[str, object] = {"part": 0}
        seen: set[str] = set()
        while place:
            page, place = self.cases.walk(brand, since, place, PAGE)
            for case in page:
                if case.id not in seen and case.reasons and case.reasons[0].at >= since:
                    seen.add(case.id)
                    yield case

    def _facts(self, case: Case, policy: Policy) -> triage.Facts | None:
        message = self.messages.get(case.brand, case.platform, case.reply_to) if case.reply_to else None
        if message is None or message.gone:
            return None
        reading = self.reader().read(message.text, message.language, policy.languages)
        facts = gathered(case, message, reading, policy)
        return replace(facts, topic=case.topic, incident=bool(case.incident))

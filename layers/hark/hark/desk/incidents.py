"""Incident mode: what triage counts, when an incident is suggested, and which cases belong to it (K3, K4, K6).

Counting is exact: the count stands in the transaction that triages a case. Whether a count is news is asked after it,
so that of many who write at once the last one sees all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from hark import log
from hark.domain import incidents as rules
from hark.domain.case import Case
from hark.domain.incidents import Incident
from hark.domain.message import Message
from hark.domain.policy import Policy
from hark.domain.spikes import Past, bucket, spike
from hark.domain.time import after, parse
from hark.domain.time import text as time_text
from hark.domain.topics import Topic, topic
from hark.store import keys
from hark.store.cases import Cases, Stale
from hark.store.incidents import Incidents as Stored
from hark.store.people import People
from hark.store.table import ConditionFailed, Write

HEARD_KEPT_SECONDS = 2 * 86_400
TOPIC_KEPT_SECONDS = 90 * 86_400
LATEST_BUCKETS = 1
"""News is what was said in this bucket or the one before; what a poll brings late is none."""


@dataclass(frozen=True)
class Seen:
    """What a message is about, the incident its case belongs to ("" for none), and the writes that go along with
    triage. None of them can fail."""

    topic: str = ""
    incident: str = ""
    writes: list[Write] = field(default_factory=list)


@dataclass(frozen=True)
class Incidents:
    stored: Stored
    cases: Cases
    people: People
    clock: Callable[[], datetime]

    def seen(self, case: Case, message: Message, policy: Policy) -> Seen:
        """What triage has to know and to write down; nothing for a brand that does not watch."""
        choices = policy.incidents
        about = topic(message.text, choices) if choices.watch else None
        if about is None:
            return Seen()
        number = bucket(self._said_at(message), choices)
        expires = (number + 1) * choices.bucket_seconds + HEARD_KEPT_SECONDS
        writes = [self.stored.heard(case, about.id, number, expires)]
        incident = str(self.stored.topic(case.brand, about.id).get("incident", ""))
        if incident:
            # Without a look at the topic's item: in a pile-on all of them would conflict over it. Who joins at the
            # moment of closing stands in the list of the unanswered as everybody does.
            writes.append(self.stored.joins(case.brand, incident, case.id, self._now()))
        return Seen(about.id, incident, writes)

    def look(self, case: Case, message: Message, policy: Policy) -> str:
        """After triage: whether there is more talk of the topic than ever. Says what was found, for the log.

        May be repeated, and has to be when triage is: then nothing that one run left undone stays so.
        """
        choices = policy.incidents
        about = topic(message.text, choices) if choices.watch else None
        if about is None:
            return "nothing"
        number, now = bucket(self._said_at(message), choices), self._now()
        past, kept = self._past(case.brand, about.id, number, policy)
        if incident := str(kept.get("incident", "")):
            self._group(case.brand, about.id, incident, case.id)
            return "grouped"
        if number != past.bucket or number < bucket(now, choices) - LATEST_BUCKETS:
            return "late"
        if str(kept.get("rests_until", "")) > now or not self._learnt(case.brand, policy, now):
            return "resting"
        heard = self.stored.counted(case.brand, about.id, number)
        people = len({item["who"] for item in heard})
        if not spike(len(heard), people, past, choices):
            return "usual"
        return self._suggest(case, about, number, len(heard), people)

    def gather(self, brand: str, incident_id: str) -> None:
        """Bring the cases of the time before the incident was noticed into it. May be repeated; the sweeper does."""
        incident = self.stored.get(brand, incident_id)
        if incident is None or incident.state == "closed" or not incident.look_at:
            return
        for number in (incident.bucket - 1, incident.bucket):
            for case_id in self.stored.all_heard(brand, incident.topic, number):
                self._group(brand, incident.topic, incident.id, case_id)
        self.stored.gathering_done(incident)
        log.info("incident.gathered", incident=incident_id)

    # --- inside ---

    def _past(self, brand: str, topic_id: str, number: int, policy: Policy) -> tuple[Past, dict[str, object]]:
        """The topic's past up to the bucket, written down if a new one begins."""
        for _ in range(8):
            kept = self.stored.topic(brand, topic_id)
            past = Past.model_validate_json(kept["past"]) if "past" in kept else None
            if past and number <= past.bucket:
                return past, kept
            if past:
                counted = len(self.stored.counted(brand, topic_id, past.bucket))
                new = past.at(number, counted, policy.incidents)
            else:
                new = Past(bucket=number, first=number)
            try:
                self.stored.turn(brand, topic_id, past, new, self._epoch() + TOPIC_KEPT_SECONDS)
            except ConditionFailed:
                continue
            return new, kept
        raise Stale

    def _learnt(self, brand: str, policy: Policy, now: str) -> bool:
        """Whether the brand's topics have been watched for long enough to know what is usual."""
        since = self.stored.watched_since(brand)
        if not since:
            try:
                self.stored.begin_watching(brand, now)
            except ConditionFailed:
                log.info("incident.watched_already", brand=brand)
            since = now
        return after(since, policy.incidents.learning_seconds) <= now

    def _suggest(self, case: Case, about: Topic, number: int, counted: int, people: int) -> str:
        """Open an incident with the case that made it known, in one transaction; then gather the others, at best:
        what is left over, the sweeper does."""
        incident_id, brand = keys.incident_id(case.brand, about.id, str(number)), case.brand
        for _ in range(8):
            now = self._now()
            story = rules.suggested(incident_id, brand, about.id, about.label, number, counted, people, now)
            incident, writes = self.stored.writes(None, *story)
            also = [
                self.stored.takes_topic(brand, about.id, incident_id), *writes,
                self.stored.joins(brand, incident_id, case.id, now),
            ]  # fmt: skip
            newest = self.cases.get(brand, case.id) or case
            change = rules.grouped(newest, incident_id, self.people.policy(brand), now)
            try:
                self.cases.commit(newest, *change, now, also=also)
            except Stale:
                continue
            except ConditionFailed:
                other = str(self.stored.topic(brand, about.id).get("incident", ""))
                if not other:
                    continue
                self._group(brand, about.id, other, case.id)
                return "grouped"
            log.warning("incident.suggested", brand=brand, incident=incident_id, counted=counted, people=people)
            self.gather_now(incident)
            return "suggested"
        raise Stale

    def gather_now(self, incident: Incident) -> None:
        """Gather at best: what is left over, the sweeper does."""
        try:
            self.gather(incident.brand, incident.id)
        except Exception as trouble:
            log.error("incident.left_to_sweeper", trouble, incident=incident.id)

    def _group(self, brand: str, topic_id: str, incident_id: str, case_id: str) -> None:
        """A case into an incident, unless it is there or the incident was closed meanwhile."""
        for _ in range(8):
            case = self.cases.get(brand, case_id)
            if case is None or case.incident == incident_id:
                return
            now = self._now()
            change = rules.grouped(case, incident_id, self.people.policy(brand), now)
            also = [
                self.stored.joins(brand, incident_id, case_id, now), self.stored.still_on(brand, topic_id, incident_id),
            ]  # fmt: skip
            try:
                self.cases.commit(case, *change, now, also=also)
            except Stale:
                continue
            except ConditionFailed:
                log.info("incident.closed_meanwhile", incident=incident_id, case=case_id)
            return
        raise Stale

    def _said_at(self, message: Message) -> str:
        """When it was said; what claims to come from the future was said now."""
        return min(message.at, self._now()) if message.at else self._now()

    def _epoch(self) -> int:
        return int(parse(self._now()).timestamp())

    def _now(self) -> str:
        return time_text(self.clock())

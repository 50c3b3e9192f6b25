"""What leads do about an incident: open it, write down what is known, have everybody told, close it. Each once per
click."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hark import log
from hark.desk.actions import NotFound
from hark.desk.clicks import Click, mark, was_done
from hark.desk.incidents import Incidents
from hark.desk.writing import Forbidden, Unacceptable
from hark.domain import incidents as rules
from hark.domain.case import Case, Line, Refused
from hark.domain.incidents import Broadcast, Incident, Texts
from hark.domain.people import Member
from hark.domain.spikes import bucket
from hark.domain.time import after
from hark.domain.time import text as time_text
from hark.domain.topics import named
from hark.store import keys
from hark.store.cases import Stale
from hark.store.incidents import Incidents as Stored
from hark.store.people import People
from hark.store.table import ConditionFailed, Conflict, Write

UNANSWERED_SHOWN = 500


@dataclass(frozen=True)
class IncidentActs:
    stored: Stored
    people: People
    incidents: Incidents
    clock: Callable[[], datetime]

    def incident(self, member: Member, incident_id: str) -> Incident:
        """The incident, if it is the member's brand's.

        Raises:
            NotFound
        """
        found = self.stored.get(member.brand, incident_id)
        if found is None:
            raise NotFound(incident_id)
        return found

    def open(self, click: Click, topic: str, title: str) -> Incident:
        """Open an incident on a topic of the brand's, a hashtag or a word; its cases of the last minutes join it.

        Raises:
            Forbidden, KeyReused. Refused: `not_watching`, `incident_exists`. Unacceptable: `no_topic`.
        """
        lead(click.member)
        brand, by = click.member.brand, click.member.id
        incident_id = keys.incident_id(brand, by, click.key)
        if was_done(self.people, click, incident_id):
            return self.incident(click.member, incident_id)
        choices = self.people.policy(brand).incidents
        if not choices.watch:
            raise Refused("not_watching")
        about = named(topic, choices)
        if about is None:
            raise Unacceptable("no_topic", "That is neither a topic of the brand, nor a hashtag, nor a word.")
        now = self._now()
        made, lines = rules.opened(incident_id, brand, about.id, title or about.label, bucket(now, choices), by, now)
        made, writes = self.stored.writes(None, made, lines)
        takes = self.stored.takes_topic(brand, about.id, incident_id)
        try:
            self.stored.table.transact([takes, mark(self.people, click, incident_id, self.clock()), *writes])
        except ConditionFailed as clash:
            if clash.index == 0:
                raise Refused("incident_exists") from clash
            raise Stale from clash
        except Conflict as clash:
            raise Stale from clash
        log.info("incident.opened", brand=brand, incident=incident_id)
        self.incidents.gather_now(made)
        return self.incident(click.member, incident_id)

    def change(
        self, click: Click, incident_id: str, version: int, *, title: str | None = None, status: Texts | None = None,
        kit: Texts | None = None, confirm: bool = False,
    ) -> Incident:  # fmt: skip
        """Write down what is known, or the reply to begin with; or say that a suggestion is right.

        Raises:
            Forbidden, NotFound, KeyReused, Stale. Refused: `incident_closed`.
        """
        lead(click.member)
        old = self.incident(click.member, incident_id)
        if was_done(self.people, click, incident_id):
            return old
        self._unchanged(old, version)
        new, lines = rules.changed(
            old, click.member.id, self._now(), title=title, status=status, kit=kit, confirm=confirm
        )  # fmt: skip
        return self._commit(click, old, new, lines) if lines else old

    def close(self, click: Click, incident_id: str, version: int) -> Incident:
        """It is over. Its topic is free for another, after a rest; its cases stay open and owed as they are.

        Raises:
            Forbidden, NotFound, KeyReused, Stale. Refused: `incident_closed`.
        """
        lead(click.member)
        old = self.incident(click.member, incident_id)
        if was_done(self.people, click, incident_id):
            return old
        self._unchanged(old, version)
        now = self._now()
        rest = self.people.policy(old.brand).incidents.rest_seconds
        frees = self.stored.frees_topic(old, after(now, rest))
        return self._commit(click, old, *rules.closed(old, click.member.id, now), also=[frees])

    def unanswered(self, incident: Incident) -> tuple[int, list[Case]]:
        """How many of its cases wait for us, and the first of them (K6: nobody is forgotten in silence)."""
        waiting: list[Case] = []
        place, more = "", True
        while more:
            ids, more = self.stored.members(incident.brand, incident.id, place)
            waiting += [case for case in self.stored.cases(incident.brand, ids) if rules.unanswered(case)]
            place = ids[-1] if ids else place
        waiting.sort(key=lambda case: (case.asked_at, case.id))
        return len(waiting), waiting[:UNANSWERED_SHOWN]

    # --- broadcasts ---

    def propose(self, click: Click, incident_id: str, texts: Texts) -> Broadcast:
        """Write a status for every case of the incident. It waits until somebody else approves it.

        Raises:
            Forbidden, NotFound, KeyReused, Stale. Refused: `incident_closed`, `incident_suggested`.
        """
        lead(click.member)
        incident = self.incident(click.member, incident_id)
        broadcast_id = keys.broadcast_id(click.member.id, click.key)
        if was_done(self.people, click, incident_id):
            return self._broadcast(incident, broadcast_id)
        made, line = rules.proposed(broadcast_id, incident, texts, click.member.id, self._now())
        made, write = self.stored.broadcast_writes(None, made)
        self._commit(click, incident, incident, (line,), also=[write])
        log.info("broadcast.proposed", incident=incident_id, broadcast=broadcast_id)
        return made

    def decide(self, click: Click, incident_id: str, broadcast_id: str, *, approve: bool) -> Broadcast:
        """Approve a broadcast somebody else wrote, or take one back.

        Raises:
            Forbidden, NotFound, KeyReused, Stale. Refused: `decided`, `own_broadcast`, `incident_closed`.
        """
        if click.member.id not in self.people.policy(click.member.brand).incidents.approvers:
            lead(click.member)
        incident = self.incident(click.member, incident_id)
        old = self._broadcast(incident, broadcast_id)
        if was_done(self.people, click, incident_id):
            return old
        new, line = rules.decided(old, incident, click.member.id, self._now(), approve=approve)
        new, write = self.stored.broadcast_writes(old, new)
        self._commit(click, incident, incident, (line,), also=[write])
        log.info("broadcast.decided", incident=incident_id, broadcast=broadcast_id, approved=approve)
        return new

    # --- inside ---

    def _broadcast(self, incident: Incident, broadcast_id: str) -> Broadcast:
        found = self.stored.broadcast(keys.broadcast(incident.brand, incident.id, broadcast_id))
        if found is None:
            raise NotFound(broadcast_id)
        return found

    @staticmethod
    def _unchanged(incident: Incident, version: int) -> None:
        if incident.version != version:
            raise Stale

    def _commit(
        self, click: Click, old: Incident, new: Incident, lines: Sequence[Line], also: Sequence[Write] = ()
    ) -> Incident:
        new, writes = self.stored.writes(old, new, lines)
        try:
            self.stored.table.transact([*writes, mark(self.people, click, old.id, self.clock()), *also])
        except (ConditionFailed, Conflict) as clash:
            raise Stale from clash
        return new

    def _now(self) -> str:
        return time_text(self.clock())


def lead(member: Member) -> None:
    """Only leads (and the operator) decide about incidents.

    Raises:
        Forbidden
    """
    if member.role not in ("lead", "operator"):
        raise Forbidden("leads_only", "Only a lead can do that.")

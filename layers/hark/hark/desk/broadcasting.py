"""A status of an incident to every case of it: each at most once, a few a minute, and whoever cannot be told this way
stands in a list for people (K6). The sweeper goes on where a run stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hark import log
from hark.desk.automatic import Automatic, CannotSay
from hark.domain import incidents as rules
from hark.domain.case import Case, Change
from hark.domain.incidents import REFUSALS, Broadcast, Incident
from hark.domain.policy import Policy
from hark.domain.time import after
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.cases import Cases, Stale
from hark.store.incidents import Incidents as Stored
from hark.store.keys import Key
from hark.store.messages import Messages
from hark.store.people import People
from hark.store.replies import Replies
from hark.store.table import ConditionFailed, Conflict, Write

PACE_SECONDS = 60


@dataclass(frozen=True)
class Broadcasting:
    stored: Stored
    cases: Cases
    messages: Messages
    replies: Replies
    people: People
    automatic: Automatic
    clock: Callable[[], datetime]

    def run(self, key: Key) -> str:
        """The next cases of an approved broadcast. Says what was done, for the log.

        May be repeated and run twice at once: what was said to a case is written in the transaction that says it.
        """
        broadcast, now = self.stored.broadcast(key), self._now()
        if broadcast is None or broadcast.state != "approved" or broadcast.look_at > now:
            return "nothing"
        incident = self.stored.get(broadcast.brand, broadcast.incident)
        if incident is None:
            raise LookupError(f"broadcast {broadcast.id} of no incident")
        if incident.state == "closed":
            return self._finish(broadcast, incident, rules.withdrawn(broadcast, "", now))
        policy = self.people.policy(broadcast.brand)
        told, place, fresh = 0, broadcast.place, broadcast.fresh
        while told < policy.incidents.per_minute:
            ids, more = self.stored.members(broadcast.brand, broadcast.incident, place)
            done = self.stored.told_already(broadcast, ids)
            for case_id in ids:
                if case_id not in done:
                    if told == policy.incidents.per_minute:
                        more = True  # and go on before this one
                        break
                    broadcast = self._tell(broadcast, case_id, policy)
                    told, fresh = told + 1, fresh + 1
                place = case_id
            if more:
                continue
            if not fresh:
                return self._finish(broadcast, incident, rules.ended(broadcast, self._now()))
            # Who joined meanwhile may stand before the place: the last pass is one that met nobody new.
            place, fresh = "", 0
        going_on = {"place": place, "fresh": fresh, "look_at": after(now, PACE_SECONDS)}
        _, write = self.stored.broadcast_writes(broadcast, broadcast.model_copy(update=going_on))
        return self._written([write], "going on")

    def _tell(self, broadcast: Broadcast, case_id: str, policy: Policy) -> Broadcast:
        """One case: told, or in the list with the reason why not."""
        for _ in range(8):
            case, now = self.cases.get(broadcast.brand, case_id), self._now()
            if case is None or case.status == "closed":
                why = {"outcome": "refused", "code": "broadcast.closed", "sentence": REFUSALS["broadcast.closed"]}
                if self._written([self.stored.tells(broadcast, case_id, now, **why)], "told") == "told":
                    log.info("broadcast.left_out", broadcast=broadcast.id, case=case_id)
                return broadcast
            said = self._said(broadcast, case, policy, now)
            if said is None:
                return broadcast  # another run was faster
            change, writes, posts = said
            try:
                self.cases.commit(case, *change, now, also=writes)
            except Stale:
                continue
            except ConditionFailed:
                if self.stored.told_already(broadcast, [case_id]):
                    return broadcast  # another run was faster
                broadcast = self.stored.broadcast(self.stored.key(broadcast)) or broadcast
                continue
            return broadcast.model_copy(update={"public_on_x": broadcast.public_on_x + posts})
        raise Stale

    def _said(
        self, broadcast: Broadcast, case: Case, policy: Policy, now: str
    ) -> tuple[Change, list[Write], int] | None:  # fmt: skip
        """What happens to the case, the writes that go along, and how many public posts on X that makes; None when it
        has been said."""
        code = rules.left_to_people(
            case, broadcast.texts, addressed=self._addressed(case), told_before=self._told_before(case),
            posts=broadcast.public_on_x, most=policy.incidents.public_on_x,
        )  # fmt: skip
        if code:
            return self._refused(broadcast, case, now, code, REFUSALS[code])
        text = rules.text_for(case, broadcast.texts, policy.languages)
        try:
            asked = self.automatic.intent(case, text, f"broadcast.{broadcast.id}", stands=True)
        except CannotSay as cannot:
            return self._refused(broadcast, case, now, cannot.code, cannot.sentence)
        if asked is None:
            return None
        change, writes = asked
        reply = keys.automatic_id(case.id, case.gen, f"broadcast.{broadcast.id}")
        writes = [*writes, self.stored.tells(broadcast, case.id, now, outcome="asked", reply=reply)]
        if case.platform == "x" and case.public:
            return change, [*writes, self.stored.posts_on_x(broadcast)], 1
        return change, writes, 0

    def _refused(
        self, broadcast: Broadcast, case: Case, now: str, code: str, sentence: str
    ) -> tuple[Change, list[Write], int]:  # fmt: skip
        why: dict[str, Any] = {"outcome": "refused", "code": code, "sentence": sentence}
        return rules.not_told(case, broadcast.id, now), [self.stored.tells(broadcast, case.id, now, **why)], 0

    def _addressed(self, case: Case) -> bool:
        message = self.messages.get(case.brand, case.platform, case.reply_to) if case.reply_to else None
        return bool(message and message.addressed)

    def _told_before(self, case: Case) -> bool:
        """Whether a program has written to this person here; asked only where that matters."""
        if case.platform != "x" or not case.public:
            return False
        return any(reply.automatic for reply in self.replies.of_case(case.brand, case.id))

    def _finish(self, broadcast: Broadcast, incident: Incident, end: tuple[Broadcast, Any]) -> str:
        finished, line = end
        _, write = self.stored.broadcast_writes(broadcast, finished)
        _, story = self.stored.writes(incident, incident, (line,))
        return self._written([write, *story], finished.state)

    def _written(self, writes: list[Write], word: str) -> str:
        try:
            self.stored.table.transact(writes)
        except (ConditionFailed, Conflict):
            return "moved"  # somebody else wrote it: the next run looks again
        return word

    def _now(self) -> str:
        return time_text(self.clock())

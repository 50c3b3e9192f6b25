"""Retention: leads say how long closed cases stay readable, and each day what has come to its end is emptied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hark import log
from hark.desk.clicks import Click, mark, was_done
from hark.desk.erasing import Busy, Erasing
from hark.domain.case import Case, Refused
from hark.domain.retention import cutoff, is_due, removed, shortens
from hark.domain.retention_choices import Retention
from hark.domain.time import after
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.cases import Cases, Stale
from hark.store.ledger import UNREAD_KEPT
from hark.store.people import People
from hark.store.policies import Policies
from hark.store.retention import Removal, Retentions, Round
from hark.store.table import ConditionFailed, Conflict, Item

Shape = dict[str, Any]
ABOUT = "retention"
AT_ONCE = 25
"""Cases that one run of the sweeper empties; with the next minute it goes on."""
COUNTED = 500
"""Cases that a dry run reads at most."""
SECOND_THOUGHTS_SECONDS = 3600
"""Between a rule that was shortened and its first look: time to take it back."""
RAN = "retention.ran"
"""Code in the history of settings."""


@dataclass(frozen=True)
class Retaining:
    retentions: Retentions
    cases: Cases
    people: People
    policies: Policies
    erasing: Callable[[], Erasing]
    media_days: Callable[[], int]
    clock: Callable[[], datetime]

    # --- what leads see and decide ---

    def shown(self, brand: str) -> Shape:
        settled, now = self.policies.settled(brand), self.retentions.round(brand)
        last = {"at": now.last_at, "cases": now.last_cases} if now and now.last_at else None
        return {
            "months": settled.policy.retention.months, "version": settled.version, "media_days": self.media_days(),
            "last": last, "running": bool(now and now.begun), "next_at": now.work_sk if now and now.work_sk else None,
        }  # fmt: skip

    def dry_run(self, brand: str, months: int | None) -> Shape:
        """How many cases would be emptied by a rule if it held now; counted up to a limit."""
        if months is None:
            return {"cases": 0, "more": False, "up_to": None}
        up_to, found, left = cutoff(self.clock(), months), 0, COUNTED
        more = False
        for part in range(keys.SHARDS):
            start: Item | None = None
            while left > 0:
                cases, start = self.cases.ended(brand, part, up_to, start, min(left, 100))
                found, left = found + sum(is_due(case, up_to) for case in cases), left - len(cases)
                if start is None:
                    break
            more = more or start is not None or left <= 0
        return {"cases": found, "more": more, "up_to": up_to}

    def change(self, click: Click, version: str, months: int | None, *, confirmed: bool) -> Shape:
        """Put another rule in force. One by which more goes needs a confirmation, and begins after a while.

        Raises:
            Stale: somebody changed the settings since `version`. KeyReused. Refused: `confirm_first`.
        """
        brand, now = click.member.brand, self.clock()
        if was_done(self.people, click, ABOUT):
            return self.shown(brand)
        old = self.policies.settled(brand)
        if old.version != version:
            raise Stale
        rule = Retention(months=months)
        if rule == old.policy.retention:
            return self.shown(brand)
        if shortens(old.policy.retention, rule) and not confirmed:
            raise Refused("confirm_first")
        new = old.policy.model_copy(update={"retention": rule})
        _, writes = self.policies.writes(brand, old, new, ["retention"], click.member.id, time_text(now))
        writes.append(self.retentions.look_at(brand, after(time_text(now), SECOND_THOUGHTS_SECONDS)))
        try:
            self.policies.table.transact([*writes, mark(self.people, click, ABOUT, now)])
        except (ConditionFailed, Conflict) as clash:
            if not was_done(self.people, click, ABOUT):
                raise Stale from clash
        log.info("retention.changed", brand=brand, by=click.member.id, months=str(months))
        return self.shown(brand)

    # --- the daily look ---

    def run(self, brand: str, time_is_left: Callable[[], bool]) -> int:
        """Empty what has come to its end, a limited number of cases; how many. The sweeper calls again each minute
        until a round is over, and then a day later."""
        now = self.retentions.round(brand)
        if now is None:
            return 0
        months = self.people.policy(brand).retention.months
        done = 0
        try:
            if not now.begun:
                now = self.retentions.begins(now, time_text(self.clock()))
            if months is not None:
                up_to = cutoff(self.clock(), months)
                for case in self._ended(brand, up_to):
                    if done >= AT_ONCE or not time_is_left():
                        return done
                    if self._remove(case, up_to, months, now):
                        now, done = now.model_copy(update={"cases": now.cases + 1}), done + 1
                for partition, until in self._aside(brand, up_to):
                    done += self.erasing().aside(partition, until, AT_ONCE)
                    if done >= AT_ONCE:
                        return done
            self._over(now, months)
        except (ConditionFailed, Conflict, Stale):
            log.info("retention.met_another", brand=brand)  # another process is at it; the next minute looks again
        return done

    def _aside(self, brand: str, up_to: str) -> list[tuple[str, str]]:
        """What belongs to no case: of the brand by its rule, bytes that nobody can read by a rule of their own."""
        return [(keys.aside(brand), up_to), (keys.unread(), time_text(self.clock() - UNREAD_KEPT))]

    def _ended(self, brand: str, up_to: str) -> list[Case]:
        """The first few cases that are due; those that are emptied stand in the list no more."""
        due: list[Case] = []
        for part in range(keys.SHARDS):
            start: Item | None = None
            while len(due) <= AT_ONCE:
                cases, start = self.cases.ended(brand, part, up_to, start, 100)
                due += [case for case in cases if is_due(case, up_to)]
                if start is None:
                    break
        return due

    def _remove(self, listed: Case, up_to: str, months: int, now: Round) -> bool:
        """One case; False when it has moved on since it was listed. Its note goes along with the decision."""
        case, at = self.cases.get(listed.brand, listed.id), time_text(self.clock())
        if case is None or not is_due(case, up_to):
            return False
        removal = Removal(
            brand=case.brand, case=case.id, platform=case.platform, person=case.customer_id, said_up_to=up_to, up_to=at
        )  # fmt: skip
        also = [self.retentions.removing(removal, at), self.retentions.one_more(now)]
        self.cases.commit(case, *removed(case, months, at), at, also=also)
        try:
            self.erasing().empty(removal)
        except Busy as busy:
            log.error("retention.later", busy, case=case.id)  # it is noted: the sweeper goes on with it
        return True

    def _over(self, now: Round, months: int | None) -> None:
        """The round is over, and what it removed is told in the history of settings."""
        at, writes = time_text(self.clock()), []
        if now.cases:
            facts = {"n": now.cases, "months": months or 0}
            writes.append(self.policies.told(now.brand, at, "", RAN, facts, mark=f"retention#{now.begun}"))
        self.retentions.table.transact([self.retentions.ends(now, at), *writes])
        log.info("retention.ran", brand=now.brand, cases=now.cases)

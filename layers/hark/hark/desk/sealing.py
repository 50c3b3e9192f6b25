"""Seals the ledger day by day: what came in on a day is listed with its end, summed up, and chained to the day before.

A day is sealed a quarter of an hour after it ends (UTC), and later while events of it are not finished; after six
hours it is sealed with those in it, as open, and told. Whoever dies on the way leaves lists that no seal names, or
nothing; of two who seal at once one does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hark import log
from hark.desk.proving import OVERDUE, Proving
from hark.domain.balance import Balance, Seal, days_before, lines, next_day
from hark.domain.time import after
from hark.domain.time import parse as parse_time
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.seals import A_LIST, Head, Progress, Seals
from hark.store.table import ConditionFailed, Conflict

Shape = dict[str, Any]
GRACE = timedelta(minutes=15)
"""After midnight: what was received in the last moment has been stored, and stands in the list."""
PATIENCE = timedelta(hours=6)
"""How long a seal waits for events that are not finished."""
LOOK_AGAIN_SECONDS = 300
SHOWN = 7
"""Days on the health page."""
TOLD = 5
"""Findings that are kept for the health page. `hark.operator ledger verify` tells all."""


@dataclass(frozen=True)
class Sealing:
    seals: Seals
    proving: Proving
    clock: Callable[[], datetime]

    def run(self, brand: str, time_is_left: Callable[[], bool]) -> int:
        """Seal every day that is due, while time is left; how many were. The sweeper calls when the next is due."""
        done = 0
        try:
            while time_is_left() and (head := self.seals.head(brand)) is not None:
                day = next_day(head.sealed) if head.sealed else head.first
                if self.clock() < _end(day) + GRACE:
                    self._look_through(head, _at(day, GRACE), time_is_left)
                    break
                if not self._day(head, day, time_is_left):
                    break
                done += 1
        except (ConditionFailed, Conflict):
            log.info("ledger.met_another", brand=brand)  # another process seals; the next minute looks again
        return done

    def _day(self, head: Head, day: str, time_is_left: Callable[[], bool]) -> bool:
        """Seal one day; False when it has to wait. What was listed already is not listed again."""
        at = head.progress if head.progress and head.progress.day == day else Progress(day=day)
        waits = self.clock() < _end(day) + PATIENCE
        while at.part < keys.SHARDS:
            if not time_is_left():
                self.seals.move(head, head.model_copy(update={"progress": at, "work_sk": self._now()}))
                return False
            found, more = self.seals.listed(head.brand, day, at.part, at.start)
            leaves = [standing.leaf for standing in self.seals.standing(found)]
            here = Balance.of(leaves)
            if here.open and waits:
                log.info("ledger.waits", brand=head.brand, day=day, open=here.open)
                again = after(self._now(), LOOK_AGAIN_SECONDS)
                self.seals.move(head, head.model_copy(update={"progress": at, "work_sk": again}))
                return False
            kept = (*at.leaves, self.seals.keep(head.brand, day, lines(leaves))) if leaves else at.leaves
            at = Progress(
                day=day, part=at.part if more else at.part + 1, start=more, leaves=kept, balance=at.balance.plus(here)
            )  # fmt: skip
        self._seal(head, day, at)
        return True

    def _seal(self, head: Head, day: str, listed: Progress) -> None:
        late = self.seals.ends(head.brand, day)
        parts = [late[first : first + A_LIST] for first in range(0, len(late), A_LIST)]
        seal = Seal(
            brand=head.brand, day=day, previous=head.hash, balance=listed.balance, leaves=listed.leaves,
            ends=tuple(self.seals.keep(head.brand, day, lines(part)) for part in parts), made_at=self._now(),
        ).hashed()  # fmt: skip
        balance = listed.balance
        still = dict(head.open_days) | ({} if balance.holds else {day: balance.open + balance.lost})
        update = {"sealed": day, "hash": seal.hash, "progress": None, "open_days": still, "work_sk": self._now()}
        self.seals.seal(head, head.model_copy(update=update), seal)
        # The log is a witness outside of the table: a chain that was written anew does not fit it.
        log.info(
            "ledger.sealed", brand=head.brand, day=day, hash=seal.hash, received=balance.received, open=balance.open,
            missed=sum(balance.missed.values()),
        )  # fmt: skip
        if not balance.holds:
            log.error("ledger.unbalanced", brand=head.brand, day=day, open=balance.open, lost=balance.lost)

    def _look_through(self, head: Head, next_at: str, time_is_left: Callable[[], bool]) -> None:
        """After sealing: the day that was sealed a night ago once more, and those in which something was open or wrong,
        until it is not. The older ones are looked through by `verify`: each event costs a read unit."""
        days = {*head.open_days, *(finding.day for finding in head.found)}
        if head.sealed > head.first:
            days.add(days_before(head.sealed, 1))
        report = self.proving.look_through(head.brand, days, time_is_left)
        update: dict[str, Any] = {"work_sk": next_at}
        if report is None:
            log.warning("ledger.not_looked_through", brand=head.brand)
        else:
            still = {one.day: one.balance.open + one.balance.lost for one in report.days if not one.balance.holds}
            update |= {"open_days": still, "checked_at": self._now(), "found": report.findings[:TOLD]}
            for finding in report.findings[:TOLD]:
                log.error("ledger.broken", brand=head.brand, day=finding.day, code=finding.code, entry=finding.what)
        if update.get("found", head.found) or update.get("open_days", head.open_days):
            log.count("ledger_unbalanced", "none")
        self.seals.move(head, head.model_copy(update=update))

    def shown(self, brand: str) -> Shape:
        """How the ledger is, for the health page."""
        head = self.seals.head(brand)
        since = days_before(head.sealed, SHOWN - 1) if head and head.sealed else ""
        seals = self.seals.since(brand, since) if since else []
        still = dict(head.open_days) if head else {}
        return {
            "state": self._state(head), "since": head.first if head else None,
            "until": _until(head), "checked_at": head.checked_at or None if head else None,
            "open": [{"day": day, "events": number} for day, number in sorted(still.items())],
            "findings": [
                {"day": one.day, "code": one.code, "sentence": one.sentence} for one in (head.found if head else ())
            ],
            "days": [_day_shape(seal, still.get(seal.day, 0)) for seal in reversed(seals)],
        }  # fmt: skip

    def _state(self, head: Head | None) -> str:
        """`new`: nothing was sealed yet. The worst of the others counts: `broken`, `late`, `open`, `balanced`."""
        if head is None:
            return "new"
        if head.found:
            return "broken"
        day = next_day(head.sealed) if head.sealed else head.first
        if self.clock() > _end(day) + OVERDUE:
            return "late"
        if head.open_days:
            return "open"
        return "balanced" if head.sealed else "new"

    def _now(self) -> str:
        return time_text(self.clock())


def _until(head: Head | None) -> str | None:
    """The last day up to which every day balances."""
    if head is None or not head.sealed:
        return None
    if not head.open_days:
        return head.sealed
    last = days_before(min(head.open_days), 1)
    return last if last >= head.first else None


def _day_shape(seal: Seal, still_open: int) -> Shape:
    """A day's figures. What was open when it was sealed and has ended since counts as ended, wherever it went."""
    balance = seal.balance
    return {
        "day": seal.day, "received": balance.received, "folded": balance.folded,
        "ignored": sum(balance.ignored.values()), "quarantined": sum(balance.quarantined.values()),
        "review": balance.review, "late": max(0, balance.open + balance.lost - still_open), "open": still_open,
        "missed": [{"account": account, "events": number} for account, number in sorted(balance.missed.items())],
    }  # fmt: skip


def _end(day: str) -> datetime:
    return parse_time(f"{next_day(day)}T00:00:00Z")


def _at(day: str, later: timedelta) -> str:
    return time_text(_end(day) + later)

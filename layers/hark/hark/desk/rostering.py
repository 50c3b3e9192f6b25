"""The brand's roster item comes due: a shift begins, the team has changed, or cases wait. The sweeper runs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hark import log
from hark.desk.teamwork import Teamwork
from hark.desk.waiting import HEALED_SECONDS, Waiting
from hark.domain.time import text as time_text
from hark.store.people import People

HELD_SECONDS = 300
"""How soon cases are looked at again that could not go back yet, since a reply of theirs is not finished."""


@dataclass(frozen=True)
class Rostering:
    people: People
    teamwork: Teamwork
    waiting: Waiting
    clock: Callable[[], datetime]

    def run(self, brand: str) -> None:
        """Take back what members cannot go on with, give out what waits, and say when to look again."""
        mark, now = self.people.seats.mark(brand), self.clock()
        members = self.people.members(brand)
        held = 0
        for member in members:
            if member.hand_back:
                left = self.teamwork.take_back(brand, member)
                held += left
                if not left:
                    self.people.handed_back(brand, member)
        given, more = self.waiting.give_out(brand)
        soon = [at for at in (m.next_start(now) for m in members) if at]
        if held:
            soon.append(now + timedelta(seconds=HELD_SECONDS))
        if self.people.policy(brand).assignment.take_waiting and self.waiting.giving.cases.any_of_nobody(brand):
            soon.append(now + timedelta(seconds=HEALED_SECONDS))
        again = now if more else min(soon, default=None)
        self.people.seats.looked(brand, mark, time_text(again) if again else "")
        log.info("roster.done", brand=brand, given=given, held=held, again=time_text(again) if again else "")

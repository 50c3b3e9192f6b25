"""Gives cases to people: reads who is there and what they have, has `domain.assignment` choose, and writes it once.

Whoever gives somebody a case takes that person's seat in the same transaction. So of two runs at once that would fill
the same place, one is told to look again, and what the desk gives out never exceeds anybody's capacity. What people
take themselves, and customers who write again, may.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hark.desk.standing import private_platforms
from hark.domain import handing
from hark.domain.account import Account
from hark.domain.assignment import Choice, Load, Step, choose
from hark.domain.case import Case
from hark.domain.events import Profile
from hark.domain.people import Member
from hark.domain.policy import Policy
from hark.domain.time import after
from hark.domain.time import text as time_text
from hark.store.accounts import Accounts
from hark.store.cases import Cases, Stale
from hark.store.messages import Messages
from hark.store.people import People
from hark.store.seats import Seat
from hark.store.table import ConditionFailed, Write

LAG_SECONDS = 60
"""How long the index of owners is not trusted to show a case that was just given; it takes under a second as a rule."""


class Loads(Mapping[str, Load]):
    """What each member has, counted when it is asked for, and once."""

    def __init__(self, cases: Cases, brand: str, seats: Mapping[str, Seat], without: Sequence[str] = ()) -> None:
        self.cases, self.brand, self.seats, self.without = cases, brand, seats, frozenset(without)
        self._known: dict[str, Load] = {}

    def __getitem__(self, member: str) -> Load:
        if member not in self._known:
            self._known[member] = self._count(member)
        return self._known[member]

    def __iter__(self) -> Iterator[str]:
        return iter(self.seats)

    def __len__(self) -> int:
        return len(self.seats)

    def _count(self, member: str) -> Load:
        seat = self.seats.get(member, Seat(self.brand, member))
        held = {c.id: c.platform for c in self.cases.in_hand(self.brand, member)}
        for case_id, _ in seat.recent:
            if case_id not in held and case_id not in self.without:
                case = self.cases.get(self.brand, case_id)
                if case and case.owner == member and handing.in_hand(case):
                    held[case_id] = case.platform
        counted = [platform for case_id, platform in held.items() if case_id not in self.without]
        return Load(len(counted), Counter(counted), seat.turn)


@dataclass(frozen=True)
class Staff:
    """A brand's people with their seats and loads, and its rules, as they were at one moment."""

    policy: Policy
    people: Sequence[Member]
    seats: Mapping[str, Seat]
    load: Loads

    def only(self, member_id: str) -> Staff:
        return replace(self, people=[m for m in self.people if m.id == member_id])

    def has_room(self, now: datetime) -> bool:
        """Whether anybody who is there could take one more case, of whatever kind."""
        return any(m.on_shift(now) and self.load[m.id].cases < m.capacity for m in self.people)


@dataclass(frozen=True)
class Giving:
    cases: Cases
    messages: Messages
    accounts: Accounts
    people: People
    clock: Callable[[], datetime]

    def staff(self, brand: str, without: Sequence[str] = ()) -> Staff:
        """Who is there now. Cases in `without` count for nobody: they are changing hands."""
        seats = self.people.seats.of_brand(brand, after(time_text(self.clock()), -LAG_SECONDS))
        load = Loads(self.cases, brand, seats, without)
        return Staff(self.people.policy(brand), self.people.members(brand), seats, load)

    def choose(self, case: Case, staff: Staff) -> tuple[Choice, list[Write]]:
        """Who of the staff gets the case now, and the writes that go with it: the place is taken, the person's agent
        known. Nothing is written yet."""
        served_by = self._served_by(case, staff.policy)
        wanted = handing.situation(case, staff.policy, self.called(case, staff.people), self.clock(), served_by)
        choice = choose(staff.policy.assignment, wanted, staff.people, staff.load, self.clock())
        if not choice.owner or (wanted.stays and choice.owner == case.owner):
            return choice, []
        place = self._place(case, choice.owner, staff.seats)
        return choice, [place, *self.remembered(case, choice.owner, staff.policy)]

    def write(self, case: Case, choice: Choice, place: Sequence[Write], before: Sequence[Step] = ()) -> Case:
        """The case changes hands, and the place is taken with it.

        Raises:
            Stale: the case, or the place, was given to somebody else meanwhile.
        """
        now = time_text(self.clock())
        try:
            return self.cases.commit(case, *handing.assigned(case, choice, now, before), now, also=place)
        except ConditionFailed as clash:
            raise Stale from clash

    def _place(self, case: Case, member: str, seats: Mapping[str, Seat]) -> Write:
        now = time_text(self.clock())
        seat = seats.get(member, Seat(case.brand, member))
        turn = max((other.turn for other in seats.values()), default=0) + 1
        lately = tuple(one for one in seat.recent if one[0] != case.id)
        return self.people.seats.taken(seat, turn, (*lately, (case.id, now)))

    def remembered(self, case: Case, owner: str, policy: Policy) -> list[Write]:
        """The write that this agent has the customer's conversations; nothing where the brand does not go by it."""
        if not owner or not policy.assignment.same_agent_days:
            return []
        now, person = time_text(self.clock()), Profile(case.customer_id)
        return [self.messages.identity(case.brand, case.platform, person, agent=owner, agent_at=now)]

    def _served_by(self, case: Case, policy: Policy) -> str:
        """Who has other conversations of the person, under the same id or the one that was linked to it."""
        days = policy.assignment.same_agent_days
        if not days:
            return ""
        since = after(time_text(self.clock()), -days * 86400)
        known = self.messages.who(case.brand, case.platform, case.customer_id)
        linked = known.get("private_id")
        ids = [known]
        if linked:
            found = self.accounts.find(case.provider, case.account_id)
            private = private_platforms(Account.model_validate(found) if found else None, case.platform)
            ids += [self.messages.who(case.brand, platform, linked) for platform in private]
        lately = [(one["agent_at"], one["agent"]) for one in ids if one.get("agent_at", "") > since]
        return str(max(lately)[1]) if lately else ""

    def called(self, case: Case, people: Sequence[Member]) -> frozenset[str]:
        """Handles the message calls; nobody reads it where none of these people has one."""
        if not case.reply_to or not any(m.handle for m in people):
            return frozenset()
        message = self.messages.get(case.brand, case.platform, case.reply_to)
        return handing.called(message.text) if message and not message.gone else frozenset()

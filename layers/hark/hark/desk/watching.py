"""What an open desk asks every few seconds: which cases have changed, and who else is looking at what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from hark.desk import views
from hark.domain.case import Case
from hark.domain.changes import WINDOW, Place, news
from hark.domain.people import Member
from hark.domain.time import after
from hark.domain.time import text as time_text
from hark.store.cases import Cases
from hark.store.people import People
from hark.store.presence import Presence, Presences

RENEWED_SECONDS = 30
"""A presence that has not changed is noted again this often."""
BELIEVED_SECONDS = 60
"""So long a presence is shown; a desk that is closed says nothing any more."""
NEW_SECONDS = 600
"""A case of nobody is called out while its question is younger: platforms tell us late, and old ones are no news."""


@dataclass(frozen=True)
class Glance:
    """What a desk says of itself: the conversation before its agent (empty: none), and whether they write there."""

    case: str
    writing: bool


@dataclass(frozen=True)
class Watching:
    cases: Cases
    people: People
    presences: Presences
    clock: Callable[[], datetime]

    def changes(
        self, member: Member, since: dict[str, str] | None, glance: Glance | None
    ) -> tuple[dict[str, Any] | None, dict[str, str]]:
        """What a desk has to be told, None for nothing; and what to hand in as `since` the next time.

        `since` None is a desk that asks for the first time. `glance` None leaves open what the member looks at.
        """
        now = time_text(self.clock())
        place = Place.unpacked(since["at"], since["heard"]) if since is not None else None
        floor = place.floor if place else ""
        found = news(self.cases.changed(member.brand, floor, WINDOW + 1), place, now)
        company, mark = self._company(member, glance, now)
        following = {"at": found.place.at, "heard": found.place.packed(), "company": mark}
        if since is not None and not found.cases and not found.everything and since["company"] == mark:
            return None, following
        cases = self.cases.many(member.brand, found.cases) if found.cases else []
        team = self.people.everybody(member.brand) if cases else {}
        return {
            "items": [views.row(case, team) for case in cases],
            "calls": self._calls(member, cases, place, now),
            "more": found.more,
            "everything": found.everything,
            "company": company,
            "now": now,
        }, following

    @staticmethod
    def _calls(member: Member, cases: list[Case], place: Place | None, now: str) -> list[dict[str, str]]:
        """What a desk may ring for: a new case of nobody, and one that was given to this member. Perhaps told again
        with the next change of that case."""
        if place is None:
            return []
        young = after(now, -NEW_SECONDS)
        calls = []
        for case in cases:
            if case.status != "open" or case.awaiting != "us":
                continue
            if not case.owner and case.opened_at > young:
                calls.append({"case": case.id, "why": "unassigned"})
            elif case.owner == member.id and case.owner_since > max(place.floor, min(place.at, young)):
                calls.append({"case": case.id, "why": "given"})
        return calls

    def _company(self, member: Member, glance: Glance | None, now: str) -> tuple[list[dict[str, Any]], str]:
        """Who else has a conversation before them, and a mark of all that. Notes what the member says of themselves."""
        noted = self.presences.of_brand(member.brand)
        if glance is not None:
            own = next((one for one in noted if one.member == member.id), None)
            if self._is_news(own, glance, now):
                self.presences.note(member.brand, Presence(member.id, glance.case, glance.writing, now))
        oldest = after(now, -BELIEVED_SECONDS)
        others = [one for one in noted if one.member != member.id and one.case and one.at > oldest]
        shown = [{"case": one.case, "member": one.member, "writing": one.writing} for one in others]
        mark = sha256(repr([(one.case, one.member, one.writing) for one in others]).encode()).hexdigest()[:12]
        return shown, mark

    @staticmethod
    def _is_news(own: Presence | None, glance: Glance, now: str) -> bool:
        if own is None:
            return bool(glance.case)
        if (own.case, own.writing) != (glance.case, glance.writing):
            return True
        return bool(glance.case) and own.at <= after(now, -RENEWED_SECONDS)

"""A dry run of settings that are only proposed: what they would have made of the cases of the last day.

It reads, decides nothing and sends nothing. Texts are read by the built-in reader, whatever engine reads for triage:
both policies get the same reading, so what differs is the settings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from hark.desk.giving import Giving
from hark.domain import handing, triage
from hark.domain.assignment import Choice, Load, choose
from hark.domain.case import Case
from hark.domain.people import Member
from hark.domain.policy import Policy
from hark.domain.reading import Reader
from hark.domain.reasons import sentence
from hark.domain.time import parse
from hark.domain.time import text as time_text
from hark.domain.tree import Tree, Verdict
from hark.domain.triage_facts import gathered

Shape = dict[str, Any]
DAY = timedelta(days=1)
MOST_CASES = 200
PAGE, MOST_PAGES = 100, 30
"""So many cases are looked at, to find those of the last day; the views are in the order in which cases are due."""
SHOWN = 50
"""Differences that are shown; all are counted."""


@dataclass(frozen=True)
class Rehearsing:
    giving: Giving
    clock: Callable[[], datetime]
    reader: Callable[[], Reader]

    def assignment(self, brand: str, proposed: Policy) -> Shape:
        """To whom the cases would have been given.

        Each is taken as if it had come in new when its customer asked: nobody has it, the roster of that hour is there,
        and everybody has room. So what differs is the rules and not yesterday's load.
        """
        policy, people = self.giving.people.policy(brand), self.giving.people.members(brand)
        cases, more = self._of_the_last_day(brand)
        found = []
        for case in cases:
            now, then = (self._choice(case, one, people) for one in (policy, proposed))
            if now != then:
                names = {member.id: member.name for member in people} | {
                    team.id: team.name or team.id for one in (policy, proposed) for team in one.assignment.teams
                }
                found.append(_about(case) | {"now": _chosen(now, names), "then": _chosen(then, names)})
        return self._told(len(cases), 0, found, more=more)

    def triage(self, brand: str, proposed: Policy, tree: Tree | None = None) -> Shape:
        """What triage would have made of the cases; `tree` walks instead of the tree in force."""
        policy = self.giving.people.policy(brand)
        cases, more = self._of_the_last_day(brand)
        unread, found = 0, []
        for case in cases:
            message = self.giving.messages.get(brand, case.platform, case.reply_to) if case.reply_to else None
            if message is None or message.gone:
                unread += 1
                continue
            reading = self.reader().read(message.text, message.language, policy.languages)
            now, then = (
                triage.walk(
                    replace(gathered(case, message, reading, one), topic=case.topic, incident=bool(case.incident)),
                    one, by,
                )
                for one, by in ((policy, None), (proposed, tree))
            )  # fmt: skip
            if triage.told(now) != triage.told(then):
                found.append(_about(case) | {"now": _verdict(now), "then": _verdict(then)})
        return self._told(len(cases), unread, found, more=more)

    def _choice(self, case: Case, policy: Policy, people: Sequence[Member]) -> Choice:
        at = parse(case.asked_at or case.reasons[0].at)
        new = case.model_copy(update={"owner": "", "settled": 0, "reply_state": "", "declined": ()})
        called = self.giving.called(case, people)
        room: defaultdict[str, Load] = defaultdict(Load)
        return choose(policy.assignment, handing.situation(new, policy, called, at), people, room, at)

    def _of_the_last_day(self, brand: str) -> tuple[list[Case], bool]:
        """Cases that triage read in the last day, and whether there may be more of them."""
        since = time_text(self.clock() - DAY)
        place: dict[str, Any] = {"part": 0}
        found: dict[str, Case] = {}
        for _ in range(MOST_PAGES):
            page, place = self.giving.cases.walk(brand, since, place, PAGE)
            found |= {case.id: case for case in page if case.reasons and case.reasons[0].at >= since}
            if not place or len(found) >= MOST_CASES:
                break
        newest = sorted(found.values(), key=lambda case: (case.reasons[0].at, case.id), reverse=True)
        return newest[:MOST_CASES], bool(place) or len(newest) > MOST_CASES

    def _told(self, cases: int, unread: int, found: list[Shape], *, more: bool) -> Shape:
        return {
            "cases": cases, "unread": unread, "agree": cases - unread - len(found), "differ": len(found),
            "differences": found[:SHOWN], "more": more, "since": time_text(self.clock() - DAY),
        }  # fmt: skip


def _about(case: Case) -> Shape:
    named = ("platform", "handle", "name", "snippet", "language")
    return {"conversation": case.id, **{name: getattr(case, name) for name in named}}


def _chosen(choice: Choice, names: dict[str, str]) -> Shape:
    steps = [
        {"code": step.code, "sentence": sentence(step.code), "about": names.get(step.about, step.about)}
        for step in choice.steps
    ]
    return {"owner": names.get(choice.owner, ""), "team": names.get(choice.team, choice.team), "steps": steps}


def _verdict(verdict: Verdict) -> Shape:
    steps = [{"code": code, "sentence": sentence(code), "about": ""} for code in verdict.codes]
    return {
        "priority": verdict.priority, "lane": verdict.lane, "end": verdict.end, "recommended": verdict.recommended,
        "steps": steps,
    }  # fmt: skip

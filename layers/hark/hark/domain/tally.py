"""Counting facts: every fact adds to a few named counters, and a report is nothing but sums of those.

`counters` is the only place that says what counts as what. The numbers of a report and the cases behind each of them
both come from it, so they cannot differ. Sums of facts and of days are added up alike, in any order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hark.domain.durations import class_of
from hark.domain.facts import Fact
from hark.domain.fees import AWS_MICRO, READING_MICRO
from hark.domain.time import parse

RULES = 1
"""Version of `counters`: a day that was summed up by another one is summed up anew."""
LENGTHS = ("first", "wall", "resolution")
"""Counters whose last part is a class of `domain.durations`."""


class Whose(NamedTuple):
    """What a report can be narrowed to."""

    platform: str
    account: str
    agent: str


Tally = dict[Whose, Counter[str]]


def counters(fact: Fact, zone: ZoneInfo) -> Iterator[tuple[str, int]]:
    """The counters a fact adds to, and how much. `zone` is the brand's, for hours of the day."""
    match fact.kind:
        case "came":
            yield f"came.{fact.place}", 1
            yield f"sentiment.{fact.sentiment}", 1
            at = parse(fact.asked_at).astimezone(zone)
            yield f"hour.{at.weekday()}.{at.hour}", 1
            if fact.end:
                yield f"ended.{fact.end}", 1
        case "answered":
            yield f"answers.{fact.author}.{fact.place}", 1
            if fact.author != "desk":
                yield f"first.{class_of(fact.ours_ms)}", 1
                yield f"wall.{class_of(fact.wall_ms)}", 1
                yield f"first_mark.{fact.mark}", 1
        case "closed":
            yield "closed", 1
            if fact.answerable:
                yield "coverage.answered" if fact.answered else "coverage.unanswered", 1
            if fact.answered:
                yield f"resolution.{class_of(fact.ours_ms)}", 1
                if fact.mark:
                    yield f"resolution_mark.{fact.mark}", 1
            if fact.next_answers:
                yield "next.given", fact.next_answers
            if fact.next_missed:
                yield "next.missed", fact.next_missed
            if fact.fees_micro:
                yield "cost.fees", fact.fees_micro
            yield "cost.rest", AWS_MICRO + READING_MICRO.get(fact.platform, 0)
        case "taken_back":
            yield "taken_back", 1
        case "promise":
            yield "promise.kept" if fact.kept else "promise.missed", 1
        case "rated":
            yield f"rated.{fact.place}.{fact.stars}", 1


def standing(facts: Iterable[Fact]) -> list[Fact]:
    """The facts of one day that count, each once, in order: a closing that was taken back the same day is none, and
    neither is its taking back."""
    once = {fact.key: fact for fact in facts}
    closed, taken_back = (
        {(fact.case, fact.gen) for fact in once.values() if fact.kind == kind} for kind in ("closed", "taken_back")
    )
    undone = closed & taken_back
    return [
        once[key] for key in sorted(once)
        if once[key].kind not in ("closed", "taken_back") or (once[key].case, once[key].gen) not in undone
    ]  # fmt: skip


def tally(facts: Iterable[Fact], zone: ZoneInfo) -> Tally:
    """The counters of one day's facts, however often and in whatever order they are given."""
    found: Tally = {}
    for fact in standing(facts):
        counter = found.setdefault(Whose(fact.platform, fact.account, fact.agent), Counter())
        for name, number in counters(fact, zone):
            counter[name] += number
    return found


def together(tallies: Iterable[Tally]) -> Tally:
    """The sum of several."""
    found: Tally = {}
    for each in tallies:
        for whose, counter in each.items():
            found.setdefault(whose, Counter()).update(counter)
    return found


def is_in(whose: Whose, platform: str = "", account: str = "", agent: str = "") -> bool:
    """Whether something belongs to what a report is narrowed to; empty: to everything."""
    return platform in ("", whose.platform) and account in ("", whose.account) and agent in ("", whose.agent)


def shows(fact: Fact, what: str, zone: ZoneInfo) -> bool:
    """Whether a fact is behind a number: it adds to the counter of that name, or to one whose name begins with it."""
    return any(name == what or name.startswith(f"{what}.") for name, _ in counters(fact, zone))


def is_counter(what: str) -> bool:
    """Whether there are counters whose name is, or begins with, this."""
    return what.split(".", 1)[0] in (
        "came", "sentiment", "hour", "ended", "answers", "first", "wall", "first_mark", "closed", "coverage",
        "resolution", "resolution_mark", "next", "cost", "taken_back", "promise", "rated",
    )  # fmt: skip

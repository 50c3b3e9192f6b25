"""Ten thousand cases on two thousand calendars, in eight zones round the nights in which clocks are turned: every time
a case is given is what somebody finds who walks through the minutes with an eye on the wall.

The one who walks knows minutes only, so hours, waits and what happens to the case are in whole ones here; seconds are
tried in test_calendar.py.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from typing import Any

import pytest
from hark.domain import talk
from hark.domain.case import Case
from hark.domain.message import Message
from hark.domain.policy import Policy
from hark.domain.targets import Targets
from hark.domain.time import text

from .test_calendar import TURNS, free, zone_of

ZONES = {**TURNS, "America/St_Johns": (date(2026, 3, 8), date(2026, 11, 1))}
CALENDARS_PER_ZONE, CASES_PER_CALENDAR = 250, 5
DAYS_SEEN = 14
SHARE = 80
"""Percent of a target after which a warning comes; targets are multiples of five minutes, so that it is whole."""


@cache
def walls(zone: str, first: date) -> tuple[datetime, list[tuple[int, int]]]:
    """From two days before a date on: stretches in which the wall goes along with UTC, each with the minute it shows
    first (counted from the year one) and its length."""
    begin = datetime.combine(first - timedelta(days=2), time(), tzinfo=UTC)
    stretches: list[tuple[int, int]] = []
    for n in range(DAYS_SEEN * 1440):
        wall = (begin + timedelta(minutes=n)).astimezone(zone_of(zone))
        shown = wall.toordinal() * 1440 + wall.hour * 60 + wall.minute
        if stretches and shown == sum(stretches[-1]):
            stretches[-1] = (stretches[-1][0], stretches[-1][1] + 1)
        else:
            stretches.append((shown, 1))
    return begin, stretches


class Walker:
    """Walks through two weeks of a calendar, minute by minute."""

    def __init__(self, zone: str, first: date, calendar: dict[str, Any]) -> None:
        self.begin, stretches = walls(zone, first)
        low = (min(shown for shown, _ in stretches) // 1440 - 2) * 1440
        works = bytearray(max(map(sum, stretches)) - low + 2 * 1440)
        for day in range(low // 1440, low // 1440 + DAYS_SEEN + 4):
            for start, end in self._of_day(calendar, date.fromordinal(day)):
                there, length = day * 1440 + start - low, end - start if end > start else end - start + 1440
                works[there : there + length] = b"\1" * length
        self.open = b"".join(bytes(works[shown - low : shown - low + length]) for shown, length in stretches)
        self.worked = list(accumulate(self.open, initial=0))

    @staticmethod
    def _of_day(calendar: dict[str, Any], day: date) -> Iterator[tuple[int, int]]:
        if day in calendar["exceptions"]:
            yield from calendar["exceptions"][day]
        elif not (calendar["country"] and day in free(calendar["country"])):
            yield from ((start, end) for days, start, end in calendar["hours"] if day.weekday() in days)

    def at(self, minute: int) -> str:
        return text(self.begin + timedelta(minutes=minute))

    def due(self, since: int, minutes: int) -> int | None:
        """The first minute by which so many were worked; None behind the end of the walk."""
        found = bisect_left(self.worked, self.worked[since] + minutes, lo=since)
        return found if found < len(self.open) else None

    def rings(self, minute: int | None) -> int | None:
        found = self.open.find(b"\1", minute) if minute is not None else -1
        return found if found >= 0 else None


def some_hours(chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(24) * 60 + chance.choice((0, 0, 1, 15, 30, 45, 59))
    return start, (start + chance.choice((60, 90, 239, 480, 900, 1439, 1440))) % 1440


def some_calendar(chance: random.Random, zone: str, turn: date) -> dict[str, Any]:
    hours = [
        (tuple(sorted(chance.sample(range(7), chance.randint(3, 7)))), *some_hours(chance))
        for _ in range(chance.randint(1, 3))
    ]
    near = [turn + timedelta(days=n) for n in (-1, 0, 1)]
    exceptions = {
        day: [some_hours(chance) for _ in range(chance.randint(0, 2))]
        for day in chance.sample(near, chance.randint(0, 2))
    }
    return {
        "zone": zone,
        "hours": hours,
        "exceptions": exceptions,
        "country": chance.choice(("", "", "LV", "IN", "IL")),
    }


def written(calendar: dict[str, Any]) -> dict[str, Any]:
    """The calendar as a brand writes it."""

    def clock(minute: int) -> time:
        return time(*divmod(minute, 60))

    return {
        "zone": calendar["zone"], "country": calendar["country"],
        "hours": [{"days": days, "start": clock(a), "end": clock(b)} for days, a, b in calendar["hours"]],
        "exceptions": {
            day: [{"start": clock(a), "end": clock(b)} for a, b in some] for day, some in calendar["exceptions"].items()
        },
    }  # fmt: skip


def wrote(case: Case | None, when: str, policy: Policy) -> Case:
    message = Message(id=f"m{when}", brand="acme", platform="x", at=when)
    seed = Case(
        id="c", brand="acme", provider="x", platform="x", account_id="1", thread_id="t", customer_id="9",
        opened_at=when, asked_at=when, updated_at=when, deadline=when,
    )  # fmt: skip
    return talk.customer_wrote(case, message, seed, policy, when)[0]


@pytest.mark.parametrize("zone", ZONES)
def test_targets_warnings_and_a_clock_that_stands_while_we_wait_are_what_a_walk_finds(zone: str) -> None:
    chance, resumed = random.Random(f"clocks {zone}"), 0
    for _ in range(CALENDARS_PER_ZONE):
        turn, seen = chance.choice(ZONES[zone]), 0
        while seen < CASES_PER_CALENDAR:
            calendar = some_calendar(chance, zone, turn)
            walk = Walker(zone, turn, calendar)
            answer, solve = 5 * chance.randint(1, 72), 5 * chance.randint(1, 144)
            targets = Targets(resolution_seconds=solve * 60, warn_percent=SHARE, ceiling_seconds=60)
            policy = Policy.model_validate(
                {"calendar": written(calendar), "first_answer_seconds": answer * 60, "targets": targets}
            )
            for start in chance.sample(range(4 * 1440), 2 * CASES_PER_CALENDAR):
                times = (
                    walk.due(start, answer), walk.rings(walk.due(start, answer)), walk.due(start, solve),
                    walk.rings(walk.due(start, answer * SHARE // 100)),
                )  # fmt: skip
                if None in times or seen == CASES_PER_CALENDAR:
                    continue  # it is not open for so long within the two weeks
                seen += 1
                due, late, solved, warned = (walk.at(minute or 0) for minute in times)
                case = wrote(None, walk.at(start), policy)
                assert (case.first_due_at, case.bells["late"], case.resolve_by) == (due, late, solved)
                assert case.bells.get("warn", late) == warned, "one that comes with the target is none"
                if seen == 1:
                    resumed += paused_and_resumed(chance, case, policy, walk, start, solve)
    assert resumed > CALENDARS_PER_ZONE


def paused_and_resumed(chance: random.Random, case: Case, policy: Policy, walk: Walker, here: int, solve: int) -> int:
    """Answers and asks again, whenever it pleases: what is left of the clock is what was not used. How often."""
    spent = 0
    for times in range(chance.randint(1, 3)):
        answered = here + chance.randrange(600)
        spent += walk.worked[answered] - walk.worked[here]
        case, _ = talk.answered(case, policy, walk.at(answered), "reply.sent", "dana", "r")
        assert (case.ours_ms, case.resolve_by) == (spent * 60_000, "")
        assert case.resolve_left_ms == max(0, solve - spent) * 60_000
        here = answered + chance.randrange(600)
        case = wrote(case, walk.at(here), policy)
        solved = walk.due(here, max(0, solve - spent))
        if solved is None:
            return times
        assert case.resolve_by == walk.at(solved)
    return times + 1

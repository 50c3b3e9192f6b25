"""Reports: what happened over some days, the cases behind each number, and the same as a table to take along.

A day that is over is summed up once, by whoever asks for it first; today is counted from its facts each time. Days are
those of the brand's calendar. Shapes as in docs/api.md, what each figure means in docs/reports.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hark import log
from hark.desk import views
from hark.desk.spreadsheet import as_csv
from hark.desk.writing import Forbidden, Unacceptable
from hark.domain.account import Account
from hark.domain.case import Case
from hark.domain.facts import Fact
from hark.domain.figures import figures, hours
from hark.domain.people import Member
from hark.domain.tally import Tally, Whose, is_in, shows, standing, tally, together
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.accounts import Accounts
from hark.store.facts import Facts, TooLarge
from hark.store.people import People

Shape = dict[str, Any]

LONGEST_DAYS = 92
OLDEST_DAYS = 399
"""Facts are kept a day longer."""
SETTLED_AFTER = timedelta(hours=1)
"""So long after its end a day is summed up: longer than any function runs that began before it ended."""
PAGE = 50
DAYS_A_PAGE = 7
"""Days looked through for one page of cases, so that a rare number does not take longer than a call may."""
MOST_FACTS = 60_000
"""Facts counted in one call; the days summed up by then need not be counted again."""
_DAY = timedelta(days=1)


class StillSumming(Exception):
    """There is more to sum up than one call has time for. Each try gets further."""


@dataclass(frozen=True)
class Asked:
    """What a report is about. Days are of the brand's calendar, both included; empty texts stand for all."""

    first: date
    last: date
    platform: str = ""
    account: str = ""
    agent: str = ""


@dataclass(frozen=True)
class Reporting:
    facts: Facts
    people: People
    accounts: Accounts
    clock: Callable[[], datetime]

    def asked(self, member: Member, asked: Asked) -> Asked:
        """What the member may see of it: an agent sees what is told of their own work, everybody else all.

        Raises:
            Forbidden: an agent asks for a colleague. Unacceptable: `past_order`, `too_far`, `too_long`.
        """
        if asked.first > asked.last:
            raise Unacceptable("past_order", "The first day lies behind the last.")
        if (asked.last - asked.first).days >= LONGEST_DAYS:
            raise Unacceptable("too_long", f"A report covers {LONGEST_DAYS} days at most.")
        today = self.clock().astimezone(self._zone(member)).date()
        if asked.first < today - timedelta(days=OLDEST_DAYS):
            raise Unacceptable("too_far", f"Reports go back {OLDEST_DAYS} days.")
        if member.role == "agent" and asked.agent not in ("", member.id):
            raise Forbidden("own_figures", "You see the figures of your own work. Ask your lead for the others.")
        own = member.id if member.role == "agent" else asked.agent
        return Asked(asked.first, min(asked.last, today), asked.platform, asked.account, own)

    def report(self, member: Member, asked: Asked) -> Shape:
        """All figures of some days: together, by day, by platform, by account and by agent."""
        chosen = {
            day: {w: c for w, c in each.items() if is_in(w, asked.platform, asked.account, asked.agent)}
            for day, each in self._days(member, asked)
        }
        whole = together(chosen.values())
        team = self.people.everybody(member.brand)
        known = {a.id: a for a in map(Account.model_validate, self.accounts.of_brand(member.brand))}
        return {
            "from": asked.first.isoformat(), "to": asked.last.isoformat(), "zone": self._zone(member).key,
            "platform": asked.platform, "account": asked.account, "agent": asked.agent,
            "own": member.role == "agent",
            "total": figures(_sum(whole)), "hours": hours(_sum(whole)),
            "days": [{"day": day, **figures(_sum(each))} for day, each in chosen.items()],
            "platforms": [{"id": name, **figures(each)} for name, each in _by(whole, "platform")],
            "accounts": [
                {"id": name, "handle": known[name].handle if name in known else "",
                 "platform": known[name].platform if name in known else "", **figures(each)}
                for name, each in _by(whole, "account")
            ],
            "agents": [
                {"id": name, "name": team[name].name if name in team else "", **figures(each)}
                for name, each in _by(whole, "agent") if name
            ],
            "now": time_text(self.clock()),
        }  # fmt: skip

    def cases(self, member: Member, asked: Asked, what: str, place: Shape) -> tuple[Shape, Shape]:
        """One page of the cases behind a number, newest first, and the place of the next (empty at the end).

        `what` names a counter or the beginning of some (`domain.tally`). A case stands there once for each time it
        was counted, and a page may hold fewer than there is room for, or none, although more follow.
        """
        zone = self._zone(member)
        page: list[Fact] = []
        day, before = date.fromisoformat(place.get("day", asked.last.isoformat())), place.get("before", "")
        for _ in range(DAYS_A_PAGE):
            if day < asked.first:
                break
            for fact in reversed(standing(self._of_day(member.brand, day, zone))):
                whose = Whose(fact.platform, fact.account, fact.agent)
                wanted = is_in(whose, asked.platform, asked.account, asked.agent) and shows(fact, what, zone)
                if not wanted or (before and fact.key >= before):
                    continue
                page.append(fact)
                if len(page) == PAGE:
                    return self._shown(member, page), {"day": day.isoformat(), "before": fact.key}
            day, before = day - _DAY, ""
        return self._shown(member, page), {"day": day.isoformat()} if day >= asked.first else {}

    # --- inside ---

    def _days(self, member: Member, asked: Asked) -> Iterator[tuple[str, Tally]]:
        """Each day and what it comes to, oldest first."""
        brand, zone, now = member.brand, self._zone(member), self.clock()
        kept = self.facts.sums(brand, asked.first.isoformat(), asked.last.isoformat(), zone.key)
        day, read = asked.first, 0
        while day <= asked.last:
            name = day.isoformat()
            if name in kept:
                yield name, kept[name]
            else:
                if read > MOST_FACTS:
                    raise StillSumming
                facts = list(self._of_day(brand, day, zone))
                read += len(facts)
                found = tally(facts, zone)
                if now >= _midnight(day + _DAY, zone) + SETTLED_AFTER:
                    self._sum_up(brand, name, zone, found)
                yield name, found
            day += _DAY

    def _sum_up(self, brand: str, day: str, zone: ZoneInfo, found: Tally) -> None:
        try:
            self.facts.sum_up(brand, day, zone.key, found)
        except TooLarge:
            log.warning("report.day_too_large", brand=brand, day=day)  # counted each time it is asked for

    def _of_day(self, brand: str, day: date, zone: ZoneInfo) -> Iterator[Fact]:
        start, end = _midnight(day, zone), _midnight(day + _DAY, zone)
        return self.facts.between(brand, time_text(start), time_text(end))

    def _shown(self, member: Member, page: list[Fact]) -> Shape:
        team = self.people.everybody(member.brand)
        places = [keys.case(member.brand, fact.case) for fact in page]
        stored = self.facts.table.get_many(places) if places else {}
        items = []
        for fact, place in zip(page, places, strict=True):
            case = Case.model_validate(stored[place]) if place in stored else None
            items.append({
                "at": fact.at, "kind": fact.kind, "place": fact.place, "end": fact.end, "mark": fact.mark,
                "length_ms": fact.ours_ms if fact.kind in ("answered", "closed") else None,
                "stars": fact.stars or None,
                "by": team[fact.agent].name if fact.agent in team else "",
                "case": views.row(case, team) if case else None,
            })  # fmt: skip
        return {"items": items, "now": time_text(self.clock())}

    def _zone(self, member: Member) -> ZoneInfo:
        return ZoneInfo(self.people.policy(member.brand).calendar.zone)


def table(report: Shape) -> str:
    """A report as CSV: a row for the whole, one for each day, platform, account and agent."""
    rows = [_row("all", "", report["total"])]
    rows += [_row("day", each["day"], each) for each in report["days"]]
    rows += [_row("platform", each["id"], each) for each in report["platforms"]]
    rows += [_row("account", each["handle"] or each["id"], each) for each in report["accounts"]]
    rows += [_row("agent", each["name"] or each["id"], each) for each in report["agents"]]
    return as_csv(COLUMNS, rows)


COLUMNS = (
    "of", "name", "came_public", "came_private", "negative", "neutral", "positive", "unsure", "closed", "taken_back",
    "answered", "unanswered", "first_answers", "first_median_s", "first_p90_s", "first_met", "first_missed",
    "waited_median_s", "waited_p90_s", "resolved", "resolution_median_s", "resolution_p90_s", "resolution_met",
    "resolution_missed", "next_answers", "next_missed", "answers_by_people", "answers_by_desk", "answers_outside",
    "answers_public", "answers_private", "promises_kept", "promises_missed", "ratings", "stars_average",
    "ratings_public", "stars_public", "ratings_private", "stars_private", "fees_usd", "cost_usd", "cost_each_usd",
)  # fmt: skip
"""Of the table; a length in seconds. docs/reports.md says what they are."""


def _row(of: str, name: str, each: Shape) -> Shape:
    first, wall, solved, stars = each["first"], each["wall"], each["resolution"], each["satisfaction"]
    values = (
        of, name, *each["came"].values(), *(each["sentiment"][n] for n in COLUMNS[4:8]), each["closed"],
        each["taken_back"], *each["coverage"].values(), first["n"], *_seconds(first), first["met"], first["missed"],
        *_seconds(wall), solved["n"], *_seconds(solved), solved["met"], solved["missed"], each["next"]["given"],
        each["next"]["missed"], *(each["answers"][n] for n in ("person", "desk", "outside", "public", "private")),
        *each["promises"].values(), stars["n"], stars["average"], stars["public"]["n"], stars["public"]["average"],
        stars["private"]["n"], stars["private"]["average"], *each["cost"].values(),
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _seconds(lengths: Shape) -> list[float | None]:
    return [None if lengths[name] is None else round(lengths[name] / 1000, 1) for name in ("median_ms", "p90_ms")]


def _by(whole: Tally, dimension: str) -> list[tuple[str, Counter[str]]]:
    """The sums by one of what a report can be narrowed to, in the order of the names."""
    found: dict[str, Counter[str]] = {}
    for whose, counter in whole.items():
        found.setdefault(getattr(whose, dimension), Counter()).update(counter)
    return sorted(found.items())


def _sum(chosen: Tally) -> Counter[str]:
    total: Counter[str] = Counter()
    for counter in chosen.values():
        total.update(counter)
    return total


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)

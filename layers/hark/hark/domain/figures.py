"""The figures of a report, computed from its counters. docs/reports.md says in words what each of them is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from hark.domain.durations import quantile
from hark.domain.reading import Sentiment

Counters = Mapping[str, int]
Shape = dict[str, Any]

MEDIAN, P90 = 500, 900
PLACES = ("public", "private")
STARS = (1, 2, 3, 4, 5)


def figures(counters: Counters) -> Shape:
    """Every figure of one sum. Lengths in milliseconds, None where nothing was counted."""
    answers = {author: _sum(counters, f"answers.{author}.") for author in ("person", "desk", "outside")}
    return {
        "came": {place: counters.get(f"came.{place}", 0) for place in PLACES},
        "ended": {name.split(".", 1)[1]: n for name, n in sorted(counters.items()) if name.startswith("ended.")},
        "sentiment": {name: counters.get(f"sentiment.{name}", 0) for name in get_args(Sentiment)},
        "first": _lengths(counters, "first") | _marks(counters, "first_mark"),
        "wall": _lengths(counters, "wall"),
        "resolution": _lengths(counters, "resolution") | _marks(counters, "resolution_mark"),
        "next": {"given": counters.get("next.given", 0), "missed": counters.get("next.missed", 0)},
        "answers": {
            **answers,
            **{p: sum(n for name, n in counters.items() if name.startswith("answers.") and name.endswith(f".{p}"))
               for p in PLACES},
        },
        "closed": counters.get("closed", 0),
        "taken_back": counters.get("taken_back", 0),
        "coverage": {name: counters.get(f"coverage.{name}", 0) for name in ("answered", "unanswered")},
        "promises": {"kept": counters.get("promise.kept", 0), "missed": counters.get("promise.missed", 0)},
        "satisfaction": {
            **_rating(counters, PLACES), **{place: _rating(counters, (place,)) for place in PLACES},
            "stars": [sum(counters.get(f"rated.{place}.{stars}", 0) for place in PLACES) for stars in STARS],
        },
        "cost": _cost(counters),
    }  # fmt: skip


def hours(counters: Counters) -> list[list[int]]:
    """How many wrote in each hour of each weekday, Monday first, by the brand's wall."""
    return [[counters.get(f"hour.{day}.{hour}", 0) for hour in range(24)] for day in range(7)]


def _sum(counters: Counters, beginning: str) -> int:
    return sum(number for name, number in counters.items() if name.startswith(beginning))


def _lengths(counters: Counters, name: str) -> Shape:
    classes = {int(each.rsplit(".", 1)[1]): number for each, number in counters.items() if each.startswith(f"{name}.")}
    return {
        "n": sum(classes.values()), "median_ms": quantile(classes, MEDIAN), "p90_ms": quantile(classes, P90),
    }  # fmt: skip


def _marks(counters: Counters, name: str) -> Shape:
    return {mark: counters.get(f"{name}.{mark}", 0) for mark in ("met", "missed")}


def _rating(counters: Counters, places: tuple[str, ...]) -> Shape:
    given = {stars: sum(counters.get(f"rated.{place}.{stars}", 0) for place in places) for stars in STARS}
    number = sum(given.values())
    return {"n": number, "average": round(sum(s * n for s, n in given.items()) / number, 2) if number else None}


def _cost(counters: Counters) -> Shape:
    closed, fees = counters.get("closed", 0), counters.get("cost.fees", 0)
    whole = fees + counters.get("cost.rest", 0)
    return {
        "fees_usd": fees / 1_000_000, "whole_usd": whole / 1_000_000,
        "each_usd": round(whole / closed / 1_000_000, 6) if closed else None,
    }  # fmt: skip

"""How much of its limits an account has used, as Meta tells with every answer, and what follows from it.

Source: `X-App-Usage` and `X-Business-Use-Case-Usage` (Graph API, rate limits): percentages of a rolling hour, and for
how many minutes more a throttled account stays so. To call while throttled makes that longer.

A business use case counts for itself (pages, messenger, instagram), but which one a call counts for is not documented
for all calls: the highest figure rules them all. What is known lives as long as the process, so that the next turn of
a warm function knows it; a fresh one learns it with its first answer.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hark.providers.contract import CallFailed
from hark.providers.strict_json import NotStrictJson, loads

SLOW_FROM = 75
STOP_AT = 95
SLOWEST_SECONDS = 1.0
"""The pause before a call at the end of the slow range; it grows evenly from nothing."""
_HOLD_MINUTES = (5.0, 10.0)
_FORGET = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Usage:
    """The highest percentage an answer names, and the longest time in which access comes back, if it names one."""

    percent: float
    regain: timedelta | None = None


def usage(headers: Mapping[str, str]) -> Usage | None:
    """Read the usage headers (lower-case names); None where there are none, or none that can be read."""
    figures: list[float] = []
    minutes: list[float] = []
    for counted in _counted(headers):
        figures += [
            float(value)
            for name in ("call_count", "total_cputime", "total_time")
            if isinstance(value := counted.get(name), int | float)
        ]
        wait = counted.get("estimated_time_to_regain_access")
        if isinstance(wait, int | float) and 0 < wait <= 60 * 24:
            minutes.append(float(wait))
    if not figures and not minutes:
        return None
    return Usage(max(figures, default=0.0), timedelta(minutes=max(minutes)) if minutes else None)


class Pace:
    """One account's memory of its usage."""

    def __init__(self) -> None:
        self._percent = 0.0
        self._read_at: datetime | None = None
        self._closed_until: datetime | None = None

    def note(self, told: Usage | None, now: datetime) -> None:
        """Remember what an answer told."""
        if told is None:
            return
        self._percent, self._read_at = told.percent, now
        self._closed_until = None
        if told.percent >= STOP_AT or told.regain:
            self._closed_until = now + (told.regain or timedelta(minutes=random.uniform(*_HOLD_MINUTES)))

    def close(self, until: datetime) -> None:
        """Make no call before `until`: Meta refused one."""
        self._closed_until = max(until, self._closed_until or until)

    def pause(self, now: datetime) -> float:
        """For how many seconds to wait before the next call.

        Raises:
            CallFailed: "rate_limited"; there must be no call before its `retry_at`.
        """
        if self._closed_until is not None and now < self._closed_until:
            raise CallFailed("rate_limited", self._closed_until, "usage")
        if self._read_at is None or now - self._read_at > _FORGET or self._percent <= SLOW_FROM:
            return 0.0
        return SLOWEST_SECONDS * min(1.0, (self._percent - SLOW_FROM) / (STOP_AT - SLOW_FROM))


_paces: dict[tuple[str, str], Pace] = {}


def of(endpoint: str, account_id: str) -> Pace:
    """The memory of one account at one endpoint, the same for everybody in this process."""
    return _paces.setdefault((endpoint, account_id), Pace())


def forget() -> None:
    """Know nothing of anybody, as a fresh process. For tests, which meet the same account at the same port again."""
    _paces.clear()


def _counted(headers: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    for name in ("x-app-usage", "x-business-use-case-usage"):
        try:
            told = loads(headers[name].encode("utf-8", "replace")) if name in headers else None
        except NotStrictJson:
            continue
        if not isinstance(told, dict):
            continue
        if name == "x-app-usage":
            yield told
            continue
        for rows in told.values():
            yield from (row for row in (rows if isinstance(rows, list) else ()) if isinstance(row, dict))

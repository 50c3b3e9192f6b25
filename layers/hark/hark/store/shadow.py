"""What came of rules on trial: how often they agree with those in force, and where they do not (issue 4, part 10).

No text and no person; codes and case ids only. Everything is forgotten after a while by itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.table import Table

DAYS_KEPT = 90
"""Days for which counts are kept."""
DIFFERENCES_KEPT_DAYS = 30
WHAT = ("triage", "assignment")
SHOWN = 50
"""Newest differences that are shown."""


class Shadows:
    """`what` is triage or assignment; `version` names the rules on trial."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def agreed(self, brand: str, what: str, version: str, now: datetime) -> None:
        """Both came to the same."""
        self._count(brand, what, version, "agree", now)

    def differed(
        self, brand: str, what: str, version: str, case_id: str, gen: int, real: list[str], other: list[str],
        now: datetime,
    ) -> None:  # fmt: skip
        """They came to different things: the codes of both."""
        at = time_text(now)
        values = {
            "case": case_id, "gen": gen, "at": at, "version": version, "real": real, "other": other,
            "expires": _expires(now, DIFFERENCES_KEPT_DAYS),
        }  # fmt: skip
        self.table.put(keys.difference(brand, what, at, case_id, gen), values)
        self._count(brand, what, version, "differ", now)

    def _days(self, brand: str, what: str) -> list[dict[str, Any]]:
        """Counts per day (UTC) and version, newest first."""
        items, _ = self.table.query(
            keys.shadow(brand, what), prefix=keys.AGREEMENT_PREFIX, newest_first=True, limit=DAYS_KEPT
        )
        return [
            {"day": i["sk"].split("#")[1], "version": i["sk"].split("#")[2], "agree": i.get("agree", 0),
             "differ": i.get("differ", 0)}
            for i in items
        ]  # fmt: skip

    def _differences(self, brand: str, what: str) -> list[dict[str, Any]]:
        """The newest differences, newest first."""
        items, _ = self.table.query(
            keys.shadow(brand, what), prefix=keys.DIFFERENCE_PREFIX, newest_first=True, limit=SHOWN
        )
        names = ("case", "gen", "at", "version", "real", "other")
        return [{name: item[name] for name in names} for item in items]

    def told(self, brand: str) -> dict[str, Any]:
        """Counts and differences of both kinds of rules."""
        return {what: {"days": self._days(brand, what), "differences": self._differences(brand, what)} for what in WHAT}

    def _count(self, brand: str, what: str, version: str, name: str, now: datetime) -> None:
        self.table.add(
            keys.agreement(brand, what, now.date().isoformat(), version), name, _expires(now, DAYS_KEPT)
        )  # fmt: skip


def _expires(now: datetime, days: int) -> int:
    return int((now + timedelta(days=days)).timestamp())

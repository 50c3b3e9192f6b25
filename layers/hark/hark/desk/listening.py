"""Listening: on the schedule of the poll, what the brand's queries look for, into the same ledger (A1, A3, A5, A7).

The state of a query moves only after its posts are stored (I8). Nothing is asked where no query is on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hark import log
from hark.desk.sought import Sought
from hark.domain.account import Account
from hark.domain.listening import Query
from hark.domain.time import parse as parse_time
from hark.domain.time import text as time_text
from hark.providers.contract import CallFailed, Connection
from hark.store.hits import Hits
from hark.store.ledger import Ledger
from hark.store.people import People
from hark.store.table import Item

A_RUN = 800
"""Posts one query may read in a run; the rest comes with the next."""
EARLY = timedelta(minutes=2)
"""A schedule does not run to the second: a query is not left out for being due a moment later."""


@dataclass(frozen=True)
class Listening:
    ledger: Ledger
    hits: Hits
    people: People
    source: Callable[[str], Any]
    """A provider's `search` module by its name; None where nothing can be searched."""
    sought: Sought
    clock: Callable[[], datetime]

    def run(self, account: Account, connection: Connection) -> dict[str, int]:
        """Ask for every query that is due and that this account pays. How many posts were read, and how many were new.

        What goes wrong with one query is kept with it, told in its settings, and stops no other.
        """
        total = {"read": 0, "new": 0}
        source = self.source(account.provider)
        if source is None:
            return total
        brand = account.brand
        accounts = self.sought.of_brand(brand)
        for query in self.people.policy(brand).listening.of_account(account.id):
            state = self.hits.listened(brand, query.id)
            if self._due(query, state):
                self._one(source, account, connection, query, dict(state), accounts, total)
        return total

    def _due(self, query: Query, state: Item) -> bool:
        if not state or state.get("more") or state.get("account") != query.account:
            return True
        return self.clock() - parse_time(str(state["asked_at"])) >= timedelta(minutes=query.every_minutes) - EARLY

    def _one(
        self, source: Any, account: Account, connection: Connection, query: Query, state: Item, accounts: list[Item],
        total: dict[str, int],
    ) -> None:  # fmt: skip
        now = time_text(self.clock())
        read = read_in(state, now)
        most = min(A_RUN, query.posts_a_month - read)
        kept: Item = {
            "place": state.get("place", {}) if state.get("account") == account.id else {}, "account": account.id,
            "month": now[:7], "read": read, "asked_at": now, "more": False, "problem": "", "problem_at": "",
        }  # fmt: skip
        if most < source.LEAST:
            if state.get("problem") != "listening.limit" or state.get("month") != now[:7]:
                log.warning("listening.limit", brand=account.brand, query=query.id)
                kept |= {"problem": "listening.limit", "problem_at": now}
                self.hits.move(account.brand, query.id, kept)
            return
        asked, _ = self.sought.asked(query, accounts)
        try:
            for page in source.search(connection, asked, query.id, kept["place"], most):
                for event in page.events:
                    total["new"] += self._store(account, event) == "new"
                total["read"] += page.read
                told = "listening.gap" if page.problems else ""
                for problem in page.problems:
                    log.warning("listening.problem", brand=account.brand, query=query.id, code=problem)
                kept |= {"place": dict(page.state), "read": kept["read"] + page.read, "more": not page.done}
                kept |= {"problem": told, "problem_at": now} if told else {}
                self.hits.move(account.brand, query.id, kept)
        except CallFailed as failed:
            log.error("listening.failed", brand=account.brand, query=query.id, code=str(failed))
            kept |= {"problem": failed.code, "problem_at": now, "more": False}
            self.hits.move(account.brand, query.id, kept)

    def _store(self, account: Account, event: Any) -> str:
        return self.ledger.store(account.brand, account.provider, event, self.clock(), "search")


def read_in(state: Item, now: str) -> int:
    """Posts a query has read in the month of `now`."""
    return int(state.get("read", 0)) if state.get("month") == now[:7] else 0

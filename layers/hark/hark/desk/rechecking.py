"""Deletions that no platform tells of: once a day each stored message of the last weeks is asked after (I6).

A pass goes through the brand's cases, batch by batch over many runs; where it stands is kept with the account.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hark import log
from hark.desk.connecting import Connecting
from hark.domain.account import Account
from hark.domain.time import parse as parse_time
from hark.domain.time import text as time_text
from hark.providers.contract import CallFailed
from hark.store.accounts import Accounts
from hark.store.cases import Cases
from hark.store.ledger import Ledger
from hark.store.messages import Messages

EVERY = timedelta(days=1)
REACH = timedelta(days=30)
"""How old a message may be to be asked after."""
CASES_A_RUN = 25
"""A run has a minute; each message may cost a call."""


@dataclass(frozen=True)
class Rechecking:
    ledger: Ledger
    accounts: Accounts
    cases: Cases
    messages: Messages
    connecting: Connecting
    check: Callable[[str], Any]
    """A provider's `recheck` module by its name; None where deletions are told."""
    clock: Callable[[], datetime]

    def run(self, provider: str) -> dict[str, int]:
        """Go on with the pass of every account. How many messages were asked after, and how many were gone."""
        total = {"asked": 0, "gone": 0}
        module = self.check(provider)
        if module is None:
            return total
        for item in self.accounts.of_provider(provider):
            account = Account.model_validate(item)
            if account.state == "paused" or not any(account.carries(p) for p in module.PLATFORMS):
                continue
            try:
                self._one(module, account, dict(item.get("recheck") or {}), total)
            except CallFailed as failed:
                log.error("recheck.failed", provider=provider, account=account.id, code=str(failed))
        return total

    def _one(self, module: Any, account: Account, at: dict[str, Any], total: dict[str, int]) -> None:
        """`at` is where the pass stands: when it `begun`, where to go on (`place`, none at its end), and the
        provider's own `state` while its platform works on the last batch."""
        now = self.clock()
        if not at or (not at["place"] and not at["state"]):
            if at and now - parse_time(at["begun"]) < EVERY:
                return
            at = {"begun": time_text(now), "place": {"part": 0}, "state": {}}
        ids: list[str] = []
        if not at["state"]:
            ids, at["place"] = self._next(module, account, at["place"], now)
        connection = self.connecting.connection(account)
        if connection is None:
            return
        for begin in range(0, max(len(ids), 1 if at["state"] else 0), module.BATCH):
            batch = ids[begin : begin + module.BATCH]
            checked = module.recheck(connection, batch, at["state"])
            for event in checked.gone:
                self.ledger.store(account.brand, account.provider, event, now, "recheck")
            at["state"] = dict(checked.state)
            total["asked"] += len(batch)
            total["gone"] += len(checked.gone)
            if checked.gone:
                log.count("deleted_untold", account.provider, len(checked.gone))
        self.accounts.note(account.provider, account.id, recheck=at)

    def _next(
        self, module: Any, account: Account, place: dict[str, Any], now: datetime
    ) -> tuple[list[str], dict[str, Any]]:
        """Ids of customers' messages in the next cases, and where to go on."""
        since = time_text(now - REACH)
        ids: list[str] = []
        left = CASES_A_RUN
        while place and left:
            cases, place = self.cases.walk(account.brand, since, place, left)
            left -= len(cases)
            for case in cases:
                if case.account_id == account.id and case.platform in module.PLATFORMS:
                    thread, _ = self.messages.thread(account.brand, case.id, None, limit=100)
                    ids += [m.id for m in thread if not m.own and not m.gone and m.public and m.at >= since]
        return ids, place

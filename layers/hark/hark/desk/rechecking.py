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
from hark.domain.case import Case
from hark.domain.failures import FAILINGS, Effect
from hark.domain.hits import Review
from hark.domain.time import parse as parse_time
from hark.domain.time import text as time_text
from hark.providers.contract import CallFailed, Connection, Rechecked
from hark.store.accounts import Accounts
from hark.store.cases import Cases
from hark.store.hits import Hits
from hark.store.ledger import Ledger
from hark.store.messages import Messages
from hark.store.table import Item

EVERY = timedelta(days=1)
REACH = timedelta(days=30)
"""How old a message may be to be asked after."""
CASES_A_RUN = 25
"""A run has a minute; each message may cost a call."""
MESSAGES_A_PAGE = 100
HITS_A_PASS = 1000
"""Of each state, the oldest first: more do not wait for long."""
LEFT_KEPT = 2000
"""Ids an account's item has room for, when a pass is interrupted."""


@dataclass(frozen=True)
class Rechecking:
    ledger: Ledger
    accounts: Accounts
    cases: Cases
    messages: Messages
    connecting: Connecting
    hits: Hits
    check: Callable[[str], Any]
    """A provider's `recheck` module by its name; None where deletions are told."""
    clock: Callable[[], datetime]

    def run(self, provider: str) -> dict[str, int]:
        """Go on with the pass of every account. How many messages were asked after, and how many were gone."""
        total = {"asked": 0, "gone": 0}
        module = self.check(provider)
        if module is None:
            return total
        troubles: list[Exception] = []
        for item in self.accounts.of_provider(provider):
            account = Account.model_validate(item)
            if account.state == "paused" or not any(account.carries(p) for p in module.PLATFORMS):
                continue
            try:
                self._one(module, account, dict(item.get("recheck") or {}), total)
            except CallFailed as failed:
                log.error("recheck.failed", provider=provider, account=account.id, code=str(failed))
            except Exception as trouble:
                # The others have their turn; the run is reported as failed all the same.
                log.error("recheck.account_failed", trouble, provider=provider, account=account.id)
                troubles.append(trouble)
        if troubles:
            raise ExceptionGroup("accounts failed", troubles)
        return total

    def _one(self, module: Any, account: Account, at: dict[str, Any], total: dict[str, int]) -> None:
        """`at` is where the pass stands: when it `begun`, where to go on (`place`, none at its end), the provider's own
        `state` while its platform works on the last batch, and the ids that are `left` to be asked after before."""
        now = self.clock()
        if not at or not (at["place"] or at["state"] or at.get("left")):
            if at and now - parse_time(at["begun"]) < EVERY:
                return
            at = {"begun": time_text(now), "place": {"part": 0}, "state": {}, "left": []}
        connection = self.connecting.connection(account)
        if connection is None:
            return
        ids = list(at.get("left") or ())
        if not ids and not at["state"]:
            ids, at["place"] = self._next(module, account, at["place"], now)
        try:
            if at["state"]:
                self._ask(module, connection, account, [], at, total)
            while ids and not at["state"]:
                self._ask(module, connection, account, ids[: module.BATCH], at, total)
                ids = ids[module.BATCH :]
        except CallFailed:
            if len(ids) > LEFT_KEPT:
                raise  # asked once more rather than never
            self._keep(account, at, ids)
            raise
        self._keep(account, at, ids)

    def _keep(self, account: Account, at: dict[str, Any], left: list[str]) -> None:
        self.accounts.note(account.provider, account.id, recheck={**at, "left": left})

    def _ask(
        self, module: Any, connection: Connection, account: Account, ids: list[str], at: dict[str, Any],
        total: dict[str, int],
    ) -> None:  # fmt: skip
        """Ask after one batch, or with a `state` after the last one; what is gone is durable before `at` moves."""
        try:
            checked: Rechecked = module.recheck(connection, ids, at["state"])
        except CallFailed as failed:
            if FAILINGS[failed.code].effect is not Effect.NEVER:
                raise
            # It would be the same tomorrow; the others of the pass must not wait for it.
            log.error("recheck.refused", provider=account.provider, account=account.id, code=str(failed), ids=len(ids))
            checked = Rechecked()
        for event in checked.gone:
            self.ledger.store(account.brand, account.provider, event, self.clock(), "recheck")
        at["state"] = dict(checked.state)
        total["asked"] += len(ids)
        total["gone"] += len(checked.gone)
        if checked.gone:
            log.count("deleted_untold", account.provider, len(checked.gone))

    def _next(
        self, module: Any, account: Account, place: dict[str, Any], now: datetime
    ) -> tuple[list[str], dict[str, Any]]:
        """Ids of customers' messages in the next cases, and where to go on; first those of what listening found and
        nobody has made a case of."""
        since = time_text(now - REACH)
        ids: list[str] = self._hits(account, since) if account.listens and place == {"part": 0} else []
        left = CASES_A_RUN
        while place and left:
            cases, place = self.cases.walk(account.brand, since, place, left)
            left -= len(cases)
            for case in cases:
                if case.account_id == account.id and case.platform in module.PLATFORMS:
                    ids += self._recent(case, since)
        return ids, place

    def _hits(self, account: Account, since: str) -> list[str]:
        states: tuple[Review, ...] = ("waiting", "not_ours")
        found = [hit for state in states for hit in self.hits.lately(account.brand, state, since, HITS_A_PASS)]
        return [hit.message for hit in found if hit.account_id == account.id]

    def _recent(self, case: Case, since: str) -> list[str]:
        """Ids of the customer's public messages of a case since then."""
        ids: list[str] = []
        more: Item | None = None
        while True:
            thread, more = self.messages.thread(case.brand, case.id, more, limit=MESSAGES_A_PAGE)
            ids += [m.id for m in thread if not m.own and not m.gone and m.public and m.at >= since]
            if more is None or (thread and thread[0].at < since):
                return ids

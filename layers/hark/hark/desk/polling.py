"""The poll: what the webhooks may have missed, into the same ledger; the cursor moves last (I8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hark import log
from hark.desk.connecting import Connecting
from hark.desk.listening import Listening
from hark.domain.account import Account
from hark.domain.events import RawEvent
from hark.domain.time import parse as parse_time
from hark.domain.time import text as time_text
from hark.providers.contract import CallFailed, Connection
from hark.store.accounts import Accounts
from hark.store.ledger import Ledger

PAGES = 8
"""Pages of one account a run may read; the rest comes with the next run."""
PAUSED_RETRY = timedelta(hours=1)
"""How often a paused account is tried: an answer proves that it can act again."""
LOOK_UPS = 20
"""Things that came without their words a run asks for, per account."""
LOOK_UP_TRIES = 12
"""After so many runs what was wanted is given up; it is gone, or not for us to see."""


@dataclass(frozen=True)
class Polling:
    ledger: Ledger
    accounts: Accounts
    connecting: Connecting
    source: Callable[[str], Any]
    """A provider's `poll` module by its name; None where the platform has no history to ask."""
    listening: Listening
    clock: Callable[[], datetime]

    def run(self, provider: str) -> dict[str, int]:
        """Ask for every account of a provider. Returns how many events were found, and how many were new."""
        total = {"accounts": 0, "found": 0, "new": 0}
        source = self.source(provider)
        if source is None:
            return total
        troubles: list[Exception] = []
        for item in self.accounts.of_provider(provider):
            account = Account.model_validate(item)
            if account.state == "paused" and self._rests(max(account.since, str(item.get("tried_at", "")))):
                continue
            try:
                found, new = self._one(source, account, first=bool(item.get("first_round")))
            except Exception as trouble:
                # The others have their turn; the run is reported as failed all the same.
                log.error("poll.account_failed", trouble, provider=provider, account=account.id)
                troubles.append(trouble)
                continue
            total = {"accounts": total["accounts"] + 1, "found": total["found"] + found, "new": total["new"] + new}
        if troubles:
            raise ExceptionGroup("accounts failed", troubles)
        return total

    def _rests(self, tried: str) -> bool:
        return bool(tried) and self.clock() - parse_time(tried) < PAUSED_RETRY

    def _one(self, source: Any, account: Account, *, first: bool) -> tuple[int, int]:
        """`first`: the very first round is not finished; it finds what was there before we were."""
        found = new = missed = 0
        untold: frozenset[str] = getattr(source, "UNTOLD", frozenset())
        connection = self.connecting.connection(account)
        if connection is None:
            return 0, 0
        cursor = self.accounts.cursor(account.provider, account.id)
        if not cursor and not first:
            first = True
            self.accounts.note(account.provider, account.id, first_round=True)
        done = False
        try:
            for page in source.poll(connection, cursor, PAGES):
                for event in page.events:
                    found += 1
                    should_have_come = not first and event.kind not in untold
                    stored = self._store(account, event, missed=should_have_come)
                    new += stored
                    missed += stored and should_have_come
                if page.cursor != cursor:
                    self.accounts.move_cursor(account.provider, account.id, page.cursor)
                    cursor = dict(page.cursor)
                for problem in page.problems:
                    log.warning("poll.problem", provider=account.provider, account=account.id, code=problem)
                done = page.done
            self._look_up(source, connection, account)
            if account.listens:
                heard = self.listening.run(account, connection)
                log.info("listening.done", provider=account.provider, account=account.id, **heard)
        except CallFailed as failed:
            log.error("poll.failed", provider=account.provider, account=account.id, code=str(failed))
            if failed.paused and self.connecting.refused(account, connection, failed.code, self.clock()):
                self.accounts.note(account.provider, account.id, tried_at=time_text(self.clock()))
            self._gap(account, missed)
            return found, new
        if account.state == "paused":
            log.info("account.ok", provider=account.provider, account=account.id)
            self.accounts.set_state(account.provider, account.id, "ok", "", time_text(self.clock()))
        self._gap(account, missed)
        if first and done:
            self.accounts.note(account.provider, account.id, first_round=False)
        log.info("poll.done", provider=account.provider, account=account.id, found=found, new=new)
        return found, new

    def _store(self, account: Account, event: RawEvent, *, missed: bool = False) -> bool:
        stored = self.ledger.store(account.brand, account.provider, event, self.clock(), "poll", missed=missed)
        return stored == "new"

    def _gap(self, account: Account, missed: int) -> None:
        """Tell how many events no webhook had brought."""
        if not missed:
            return
        log.count("webhook_missed", account.provider, missed)
        self.accounts.note(
            account.provider, account.id, missed=account.missed + missed, missed_at=time_text(self.clock())
        )  # fmt: skip

    def _look_up(self, source: Any, connection: Connection, account: Account) -> None:
        for wanted in self.accounts.wanted(account.provider, account.id)[:LOOK_UPS]:
            reference, tries = wanted["reference"], wanted["tries"] + 1
            event = source.look_up(connection, reference)
            if event is not None:
                self._store(account, event)
            if event is not None or tries >= LOOK_UP_TRIES:
                self.accounts.got(account.provider, account.id, reference)
            else:
                self.accounts.tried(account.provider, account.id, reference, tries)
            if event is None and tries >= LOOK_UP_TRIES:
                log.count("look_up_given_up", account.provider)

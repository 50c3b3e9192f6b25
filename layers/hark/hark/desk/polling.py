"""The poll: what the webhooks may have missed, into the same ledger; the cursor moves last (I8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from hark import log
from hark.domain.time import parse as parse_time
from hark.domain.time import text as time_text
from hark.providers.contract import Credentials, Failure, Page, PollFailed
from hark.store.accounts import Accounts
from hark.store.ledger import Ledger
from hark.store.secrets import Secrets

PAGES = 8
"""Pages of one account a run may read; the rest comes with the next run."""
PAUSED_RETRY = timedelta(hours=1)
"""How often a paused account is tried: an answer proves that it can act again."""


class Poll(Protocol):
    def __call__(
        self, credentials: Credentials, endpoint: str, account_id: str, cursor: Mapping[str, Any], pages: int
    ) -> Iterator[Page]: ...


@dataclass(frozen=True)
class Polling:
    ledger: Ledger
    accounts: Accounts
    secrets: Secrets
    poll: Callable[[str], Poll]
    endpoint: Callable[[str], str]
    clock: Callable[[], datetime]

    def run(self, provider: str) -> dict[str, int]:
        """Ask for every account of a provider. Returns how many events were found, and how many were new."""
        total = {"accounts": 0, "found": 0, "new": 0}
        for account in self.accounts.of_provider(provider):
            if account["state"] == "paused" and self._rests(account):
                continue
            found, new = self._one(provider, account)
            total = {"accounts": total["accounts"] + 1, "found": total["found"] + found, "new": total["new"] + new}
        return total

    def _rests(self, account: Mapping[str, Any]) -> bool:
        since = account.get("since")
        return since is not None and self.clock() - parse_time(since) < PAUSED_RETRY

    def _one(self, provider: str, account: Mapping[str, Any]) -> tuple[int, int]:
        found = new = 0
        credentials = self.secrets.account(provider, account["id"])
        if not credentials:
            log.error("poll.no_secret", provider=provider, account=account["id"])
            return 0, 0
        cursor = self.accounts.cursor(provider, account["id"])
        try:
            for page in self.poll(provider)(credentials, self.endpoint(provider), account["id"], cursor, PAGES):
                for event in page.events:
                    found += 1
                    stored = self.ledger.store(account["brand"], provider, event, self.clock(), "poll")
                    new += stored == "new"
                if page.cursor != cursor:
                    self.accounts.move_cursor(provider, account["id"], page.cursor)
                    cursor = dict(page.cursor)
                for problem in page.problems:
                    log.warning("poll.problem", provider=provider, account=account["id"], code=problem)
        except PollFailed as failed:
            log.error("poll.failed", provider=provider, account=account["id"], code=failed.code)
            if failed.failure is Failure.PAUSED:
                self._set(account, "paused", failed.code)
            return found, new
        if account["state"] == "paused":
            self._set(account, "ok", "")
        if new:
            log.count("webhook_missed", provider, new)
        log.info("poll.done", provider=provider, account=account["id"], found=found, new=new)
        return found, new

    def _set(self, account: Mapping[str, Any], state: str, reason: str) -> None:
        self.accounts.set_state(account["provider"], account["id"], state, reason, time_text(self.clock()))

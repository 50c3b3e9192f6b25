"""The accounts' health: are the webhooks registered, is our access good, has a channel gone silent."""

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
from hark.providers.contract import CallFailed, Connection, Renewed, Report
from hark.store.accounts import Accounts
from hark.store.secrets import Secrets

PAUSED_EVERY = timedelta(hours=1)
"""How often a paused account is looked at: a good answer proves that it can act again."""
RENEW_BEFORE = timedelta(days=7)
"""Access is renewed so long before it ends, which leaves a week of daily tries."""
RENEWAL_LEASE = timedelta(minutes=5)
"""How long one renewal may take. Afterwards its process is dead, and another may try."""
MISSED_IS_NEWS = timedelta(hours=1)
"""For so long after the poll found something no webhook had brought, the account counts as degraded."""
WITHOUT_KEY = "account.no_secret"


@dataclass(frozen=True)
class Health:
    accounts: Accounts
    secrets: Secrets
    connecting: Connecting
    check: Callable[[str], Any]
    """A provider's `health` module by its name; None where there is nothing to check."""
    daily: Callable[[str, str], None]
    """Has a brand looked after day by day, from a time on: its ledger, and what comes to its end. Once an account."""
    clock: Callable[[], datetime]

    def run(self, provider: str) -> dict[str, int]:
        """Look at every account of a provider whose turn it is. Counts of what was found."""
        total = {"checked": 0, "repaired": 0, "problems": 0, "paused": 0}
        module = self.check(provider)
        troubles: list[Exception] = []
        for item in self.accounts.of_provider(provider):
            account = Account.model_validate(item)
            try:
                if item.get("daily") != account.brand:
                    self.daily(account.brand, time_text(self.clock()))
                    self._note(account, daily=account.brand)
                if module is not None and self._due(account, module.EVERY):
                    self._one(module, account, item.get("renewing_until"), total)
                else:
                    self._without_asking(account)
            except Exception as trouble:
                # The others have their turn; the run is reported as failed all the same.
                log.error("health.account_failed", trouble, provider=provider, account=account.id)
                troubles.append(trouble)
        if troubles:
            raise ExceptionGroup("accounts failed", troubles)
        return total

    def _due(self, account: Account, every: timedelta) -> bool:
        if not account.checked_at:
            return True
        wait = PAUSED_EVERY if account.state == "paused" else every
        return self.clock() - parse_time(account.checked_at) >= wait

    def _one(self, module: Any, account: Account, renewing_until: str | None, total: dict[str, int]) -> None:
        now = self.clock()
        connection = self.connecting.connection(account)
        if connection is None:
            self._told(account, {WITHOUT_KEY})
            self._note(account, checked_at=time_text(now), problems=[WITHOUT_KEY])
            return
        total["checked"] += 1
        try:
            report: Report = module.check(connection, now)
        except CallFailed as failed:
            log.error("health.failed", provider=account.provider, account=account.id, code=str(failed))
            if failed.paused:
                if not self.connecting.refused(account, connection, failed.code, now):
                    return  # its turn stays, for the secrets it has now
                total["paused"] += 1
            self._note(account, checked_at=time_text(now))
            return
        for code in report.repaired:
            log.warning("health.repaired", provider=account.provider, account=account.id, code=code)
        expires = time_text(report.expires) if report.expires else ""
        problems = set(report.problems)
        if report.expires and report.expires - now < RENEW_BEFORE:
            if report.renewable and not self._alone(account, renewing_until):
                return  # whoever renews it tells what became of it
            renewed = self._renew(module, connection, account) if report.renewable else None
            if renewed is None:
                problems.add("account.access_ends_soon")
            else:
                expires = time_text(renewed.expires) if renewed.expires else ""
        problems |= self._signs(account, now)
        total["repaired"] += len(report.repaired)
        total["problems"] += len(problems)
        if account.state == "paused" and not report.problems:
            self.accounts.set_state(account.provider, account.id, "ok", "", time_text(now))
        self._told(account, problems)
        self._note(
            account, checked_at=time_text(now), problems=sorted(problems), health=dict(report.state), expires_at=expires
        )

    def _without_asking(self, account: Account) -> None:
        """Between two checks: what our own records say."""
        now = self.clock()
        own = {"account.silent", "account.webhook_missed", "account.access_ends_soon"}
        kept = {p for p in account.problems if p not in own}
        if account.expires_at and parse_time(account.expires_at) - now < RENEW_BEFORE:
            kept.add("account.access_ends_soon")
        problems = kept | self._signs(account, now)
        if problems != set(account.problems):
            self._told(account, problems)
            self._note(account, problems=sorted(problems))

    @staticmethod
    def _signs(account: Account, now: datetime) -> set[str]:
        signs = set()
        if account.last_event_at and now - parse_time(account.last_event_at) > timedelta(hours=account.quiet_hours):
            signs.add("account.silent")
        if account.missed_at and now - parse_time(account.missed_at) < MISSED_IS_NEWS:
            signs.add("account.webhook_missed")
        return signs

    def _alone(self, account: Account, renewing_until: str | None) -> bool:
        """Whether it is ours to renew the access now (F24)."""
        now = self.clock()
        lease = time_text(now + RENEWAL_LEASE)
        return self.accounts.begin_renewal(account.provider, account.id, time_text(now), lease, renewing_until)

    def _renew(self, module: Any, connection: Connection, account: Account) -> Renewed | None:
        """Renew the access. None when the platform did not; then the next check tells whether the old one is good.

        The new values are stored before anything else happens: a platform may have ended the old ones already. Whoever
        dies in between leaves an account that the next check finds dead, and pauses.
        """
        try:
            renewed: Renewed = module.renew(connection, self.clock())
        except CallFailed as failed:
            log.error("health.not_renewed", provider=account.provider, account=account.id, code=str(failed))
            return None
        self.secrets.renew(account.provider, account.id, renewed.values)
        log.info("health.renewed", provider=account.provider, account=account.id)
        return renewed

    def _told(self, account: Account, problems: set[str]) -> None:
        """Say each problem once, when it begins."""
        for code in sorted(problems - set(account.problems)):
            log.error("account.degraded", provider=account.provider, account=account.id, code=code)
            log.count("account_degraded", account.provider)

    def _note(self, account: Account, **known: Any) -> None:
        self.accounts.note(account.provider, account.id, **known)

"""An account together with its secrets: what a provider needs in order to ask its platform anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from hark import log
from hark.domain.account import Account
from hark.domain.time import text as time_text
from hark.providers.contract import Connection
from hark.store.accounts import Accounts
from hark.store.secrets import Secrets, SecretUnavailable


@dataclass(frozen=True)
class Connecting:
    accounts: Accounts
    secrets: Secrets
    endpoint: Callable[[str], str]
    webhook_url: Callable[[], str]

    def connection(self, account: Account) -> Connection | None:
        """Ready to ask; None, and an error in the log, when the account has no secrets.

        Raises:
            SecretUnavailable: the parameter store does not answer.
        """
        credentials = self.secrets.account(account.provider, account.id)
        if not credentials:
            log.error("account.no_secret", provider=account.provider, account=account.id)
            return None
        base = self.webhook_url()
        return Connection(
            credentials=credentials,
            endpoint=self.endpoint(account.provider),
            account_id=account.id,
            platforms=account.platforms or (account.platform,),
            handle=account.handle,
            linked=account.linked,
            settings={**account.settings, "health": account.health},
            webhook_url=f"{base}/{account.provider}" if base else "",
        )

    def refused(self, account: Account, used: Connection, code: str, now: datetime) -> bool:
        """As the function `refused`."""
        return refused(self.accounts, self.secrets, account, used.credentials, code, now)


def refused(
    accounts: Accounts, secrets: Secrets, account: Account, used: Mapping[str, str], code: str, now: datetime
) -> bool:
    """The platform did not let an account act: it is paused, and the operator told once (I23, F23).

    False, and nothing is done, when that says nothing about the account's present access: its secrets are others by
    now than those that were used, or somebody renews them at this moment (F24).
    """
    secrets.forget(account.provider, account.id)
    stored = accounts.find(account.provider, account.id) or {}
    renewing = str(stored.get("renewing_until") or "") > time_text(now)
    try:
        others = secrets.account(account.provider, account.id) != used
    except SecretUnavailable:
        others = False  # the refusal is all we know; what it was for has to be brought to its end
    if renewing or others:
        log.info("account.secrets_changed", provider=account.provider, account=account.id, code=code)
        return False
    if account.state != "paused":
        log.error("account.paused", provider=account.provider, account=account.id, code=code)
        log.count("account_paused", account.provider)
        accounts.set_state(account.provider, account.id, "paused", code, time_text(now))
    elif account.reason != code:
        accounts.set_state(account.provider, account.id, "paused", code, account.since or time_text(now))
    return True

"""An account together with its secrets: what a provider needs in order to ask its platform anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hark import log
from hark.domain.account import Account
from hark.providers.contract import Connection
from hark.store.accounts import Accounts
from hark.store.secrets import Secrets


@dataclass(frozen=True)
class Connecting:
    accounts: Accounts
    secrets: Secrets
    endpoint: Callable[[str], str]
    webhook_url: Callable[[], str]

    def all(self, provider: str) -> list[Mapping[str, Any]]:
        """The provider's accounts as they are stored."""
        return self.accounts.of_provider(provider)  # type: ignore[return-value]

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

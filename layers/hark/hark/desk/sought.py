"""A brand's listening queries as its accounts can ask them: what a platform is asked, and what stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hark.domain.failures import PLATFORMS
from hark.domain.listening import Listening, Query, paying
from hark.domain.policy_change import Wrong
from hark.store.accounts import Accounts
from hark.store.table import Item, Write


@dataclass(frozen=True)
class Sought:
    accounts: Accounts
    source: Callable[[str], Any]
    """A provider's `query` module by its name; None where nothing can be searched."""

    def of_brand(self, brand: str) -> list[Item]:
        """The brand's accounts."""
        return self.accounts.of_brand(brand)

    def asked(self, query: Query, accounts: list[Item]) -> tuple[str, int]:
        """What the platform of the account that pays is asked, and how many characters it takes; ("", 0) where that
        account is not there or its platform cannot be searched."""
        account = next((one for one in accounts if one["id"] == query.account), None)
        source = self.source(str(account["provider"])) if account else None
        if account is None or source is None:
            return "", 0
        return str(source.written(query, handles(accounts, str(account["provider"])))), int(source.LONGEST)

    def can(self, account: Item) -> bool:
        """Whether an account can search its platform."""
        return self.source(str(account["provider"])) is not None

    def wrongs(self, brand: str, listening: Listening) -> tuple[Wrong, ...]:
        """What the queries ask for and no account of the brand can do."""
        accounts = self.accounts.of_brand(brand) if listening.queries else []
        found: list[Wrong] = []
        for place, query in enumerate(listening.queries):
            found += [
                Wrong((*("listening", "queries", place), *at), said) for at, said in self.of_query(query, accounts)
            ]
        return tuple(found)

    def of_query(self, query: Query, accounts: list[Item]) -> list[tuple[tuple[str | int, ...], str]]:
        """The same of one query: the field, and a sentence."""
        account = next((one for one in accounts if one["id"] == query.account), None)
        if account is None:
            return [(("account",), "This account is not connected to the desk. Choose another one.")]
        if not self.can(account):
            name = PLATFORMS.get(str(account["platform"]), str(account["platform"]).capitalize())
            return [(("account",), f"{name} lets nobody search what people say. Choose an account of X.")]
        found: list[tuple[tuple[str | int, ...], str]] = []
        ours = {handle.casefold() for handle in handles(accounts, str(account["provider"]))}
        for number, handle in enumerate(query.handles):
            if handle.casefold() in ours:
                said = "This is an account of your own: who mentions it reaches the desk anyway."
                found.append((("handles", number), said))
        asked, longest = self.asked(query, accounts)
        if len(asked) > longest:
            said = (
                f"So many words do not fit: the search has {len(asked)} characters, and the platform takes {longest}."
            )
            found.append((("aliases",), f"{said} Take some away, or make a second query of them."))
        return found

    def writes(self, brand: str, listening: Listening) -> list[Write]:
        """The writes that tell each account what it pays for."""
        wanted = paying(listening.queries)
        found: list[Write] = []
        for account in self.accounts.of_brand(brand):
            pays = wanted.get(str(account["id"]), ())
            if tuple(account.get("listens", ())) != pays:
                found.append(self.accounts.listens(str(account["provider"]), str(account["id"]), pays))
        return found


def handles(accounts: list[Item], provider: str) -> tuple[str, ...]:
    """The handles under which a brand itself speaks there."""
    return tuple(sorted({str(one["handle"]) for one in accounts if one["provider"] == provider and one["handle"]}))

"""Accounts: whose a delivery is, and whether an account can act. Standard library and botocore only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hark.store import keys
from hark.store.keys import Key
from hark.store.table import Change, ConditionFailed, Table

BY_HAND = ("paused_by", "paused_at", "paused_why")
LEARNT = frozenset(("problems", "health", "last_event_at", "missed", "missed_at", *BY_HAND))
"""What an account has from events, checks and leads. The operator who connects it again says nothing about it."""


class Accounts:
    def __init__(self, table: Table) -> None:
        self.table = table

    def find(self, provider: str, account_id: str, *, consistent: bool = False) -> dict[str, Any] | None:
        """The account a delivery names, or None when it is not one of ours."""
        return self.table.get(keys.account(provider, account_id), consistent=consistent)

    def of_provider(self, provider: str) -> list[dict[str, Any]]:
        return list(self.table.query_all(keys.account(provider, "").pk))

    def of_brand(self, brand: str) -> list[dict[str, Any]]:
        return list(self.table.query_all(keys.accounts_of(brand), index=keys.LISTS))

    def save(self, values: Mapping[str, Any]) -> None:
        """Connect an account; or connect it again, and keep what was learnt of it meanwhile."""
        key = keys.account(values["provider"], values["id"])
        order = f"{values['provider']}#{values['id']}"
        whole = {**values, "list_pk": keys.accounts_of(values["brand"]), "list_sk": order}
        anew = {name: value for name, value in whole.items() if name not in LEARNT}
        try:
            self.table.change(Change(key, anew, when={"brand": values["brand"]}))
        except ConditionFailed:
            self.table.put(key, whole)  # not known, or another brand's until now

    def note(self, provider: str, account_id: str, **known: Any) -> None:
        """Write down what was learnt of an account."""
        self.table.change(Change(keys.account(provider, account_id), known))

    def listens(self, provider: str, account_id: str, queries: Sequence[str]) -> Change:
        """The write that says for which listening queries an account pays."""
        return Change(keys.account(provider, account_id), {"listens": list(queries)})

    def set_state(self, provider: str, account_id: str, state: str, reason: str, since: str) -> None:
        """Pause an account, or let it act again. Incoming events are stored whatever the state (I23)."""
        self.note(provider, account_id, state=state, reason=reason, since=since)

    def pausing(self, known: Mapping[str, Any], by: str, at: str, why: str) -> Change:
        """The write by which a member pauses an account; it fails when somebody else did since it was read."""
        values = dict(zip(BY_HAND, (by, at, why), strict=True))
        return Change(keys.account(known["provider"], known["id"]), values, when={"paused_at": known.get("paused_at")})

    def resuming(self, known: Mapping[str, Any]) -> Change:
        """The write that takes the pause back that was read; it fails when it is another one by now, or none."""
        key = keys.account(known["provider"], known["id"])
        return Change(key, {}, BY_HAND, when={"paused_at": known["paused_at"]})

    def begin_renewal(self, provider: str, account_id: str, now: str, until: str, known: str | None) -> bool:
        """Be the only one to renew an account's access until then (F24). False: somebody else is at it.

        `known` is the `renewing_until` the caller has read, None where the item has none; it has to be over.
        """
        if (known or "") > now:
            return False
        change = Change(keys.account(provider, account_id), {"renewing_until": until}, when={"renewing_until": known})
        try:
            self.table.change(change)
        except ConditionFailed:
            return False
        return True

    def cursor(self, provider: str, account_id: str) -> dict[str, Any]:
        item = self.table.get(keys.cursor(provider, account_id)) or {}
        return dict(item.get("cursor", {}))

    def move_cursor(self, provider: str, account_id: str, cursor: Mapping[str, Any]) -> None:
        """Only after everything the cursor stands for is durable (I8)."""
        self.table.put(keys.cursor(provider, account_id), {"cursor": dict(cursor)})

    def want(self, provider: str, account_id: str, reference: str, event_key: str) -> None:
        """Have the poll ask for something that came without its words. Once, however often it is wanted."""
        self.table.put(
            keys.wanted(provider, account_id, reference), {"reference": reference, "event": event_key, "tries": 0}
        )

    def wanted(self, provider: str, account_id: str) -> list[dict[str, Any]]:
        """What the poll has to ask for."""
        return list(self.table.query_all(keys.wanted(provider, account_id, "").pk))

    def wanted_of(self, provider: str, account_id: str) -> list[tuple[Key, str]]:
        """The same by key, with what is asked for."""
        return [(Key(item["pk"], item["sk"]), str(item["reference"])) for item in self.wanted(provider, account_id)]

    def got(self, provider: str, account_id: str, reference: str) -> None:
        """It was asked for and is stored, or cannot be had."""
        self.table.delete(keys.wanted(provider, account_id, reference))

    def tried(self, provider: str, account_id: str, reference: str, tries: int) -> None:
        self.table.change(Change(keys.wanted(provider, account_id, reference), {"tries": tries}))

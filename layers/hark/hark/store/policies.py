"""A brand's policy as leads change it: what is in force, under which version, and who changed what."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from hark.domain.policy import Policy
from hark.store import keys
from hark.store.people import People
from hark.store.table import Change, Put, Table, Write

SHOWN = 50
"""Newest changes that are shown."""


@dataclass(frozen=True)
class Settled:
    """A policy in force. `version` is a mark without order; empty where an earlier desk stored it, or nobody has."""

    policy: Policy
    version: str = ""
    at: str = ""
    by: str = ""


@dataclass(frozen=True)
class Amendment:
    """One change: which fields of the policy, what stood there and what stands there since, in the form of JSON."""

    at: str
    by: str
    before: dict[str, Any]
    after: dict[str, Any]
    what: str = ""
    """Dotted code of what was done, where no field of the policy was changed."""
    facts: dict[str, Any] = field(default_factory=dict)


class Policies:
    def __init__(self, table: Table) -> None:
        self.table = table

    def settled(self, brand: str) -> Settled:
        """What is in force; the shipped defaults when the brand has set nothing."""
        item = self.table.get(keys.policy(brand)) or {}
        return Settled(People.policy_of(item), item.get("version", ""), item.get("at", ""), item.get("by", ""))

    def writes(
        self, brand: str, old: Settled, new: Policy, fields: Collection[str], by: str, now: str
    ) -> tuple[Settled, list[Write]]:
        """The writes that put another policy in force where nobody else has since `old` was read, and keep who did."""
        version = secrets.token_hex(8)
        was, becomes = old.policy.model_dump(mode="json"), new.model_dump(mode="json")
        line = {
            "at": now, "by": by,
            "before": json.dumps({name: was[name] for name in sorted(fields)}),
            "after": json.dumps({name: becomes[name] for name in sorted(fields)}),
        }  # fmt: skip
        fresh = {"policy": new.model_dump_json(), "version": version, "at": now, "by": by}
        return Settled(new, version, now, by), [
            Change(keys.policy(brand), fresh, when={"version": old.version or None}, exists=False),
            Put(keys.amendment(brand, now, version), line),
        ]

    def told(self, brand: str, now: str, by: str, what: str, facts: dict[str, Any], mark: str = "") -> Write:
        """The write that something was done beside the policy: a dotted code, and what its sentence needs. With a
        `mark` it is one line however often it is written."""
        line = {"at": now, "by": by, "before": "{}", "after": "{}", "what": what, "facts": json.dumps(facts)}
        return Put(keys.amendment(brand, now, mark or secrets.token_hex(8)), line, new=not mark)

    def amendments(self, brand: str) -> list[Amendment]:
        """The newest changes made in the desk, newest first."""
        items, _ = self.table.query(
            keys.policy(brand).pk, prefix=keys.AMENDMENT_PREFIX, newest_first=True, limit=SHOWN
        )  # fmt: skip
        return [
            Amendment(
                item["at"], item["by"], json.loads(item["before"]), json.loads(item["after"]),
                item.get("what", ""), json.loads(item.get("facts", "{}")),
            )
            for item in items
        ]  # fmt: skip

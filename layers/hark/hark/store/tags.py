"""Which tags a brand uses, and on how many cases: an item for each, written along with the case. No list of cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hark.store import keys
from hark.store.table import Change, Put, Table, Write

READ, TOLD = 2_000, 200
"""Tags of a brand that are looked at, by their spelling, and of these the most used that are told."""
UNUSED_KEPT_SECONDS = 86400
"""How long a tag that stands nowhere any more is kept."""


class Tags:
    def __init__(self, table: Table) -> None:
        self.table = table

    def of_brand(self, brand: str) -> list[tuple[str, int]]:
        """Tags that stand on a case, with how many times they were put there and not taken off; most used first."""
        items, _ = self.table.query(keys.tag(brand, "").pk, limit=READ)
        used = [(str(item["sk"]), int(item["uses"])) for item in items if item["uses"] > 0]
        return sorted(used, key=lambda one: (-one[1], one[0]))[:TOLD]

    def counting(self, brand: str, before: Sequence[str], after: Sequence[str], now: datetime) -> list[Write]:
        """The writes that count what a case's tags have become; they hold unless somebody counts the same tag at this
        moment."""
        steps = {keys.tag(brand, tag): 1 for tag in after if tag not in before}
        steps |= {keys.tag(brand, tag): -1 for tag in before if tag not in after}
        known = self.table.get_many(list(steps)) if steps else {}
        writes: list[Write] = []
        for key, step in steps.items():
            if key in known:
                was = known[key]["uses"]
                uses = max(0, was + step)
                gone = {} if uses else {"expires": int(now.timestamp()) + UNUSED_KEPT_SECONDS}
                writes.append(Change(key, {"uses": uses, **gone}, ("expires",) if uses else (), when={"uses": was}))
            elif step > 0:
                writes.append(Put(key, {"uses": step}))
        return writes

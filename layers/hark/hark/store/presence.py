"""Who has which conversation before them. A hint for colleagues; nothing is decided by it."""

from __future__ import annotations

from dataclasses import dataclass

from hark.domain.time import parse
from hark.store import keys
from hark.store.table import Table

KEPT_SECONDS = 120
"""Until the table may drop it; readers stop believing it before."""


@dataclass(frozen=True, slots=True)
class Presence:
    """A member, the conversation before them (empty: none), whether they write there, and when that was noted."""

    member: str
    case: str
    writing: bool
    at: str


class Presences:
    def __init__(self, table: Table) -> None:
        self.table = table

    def of_brand(self, brand: str) -> list[Presence]:
        """Of everybody who was at the desk lately; some of it may have expired."""
        items, _ = self.table.query(keys.presence(brand, "").pk, limit=1000)
        return [Presence(item["sk"], item["case"], item["writing"], item["at"]) for item in items]

    def note(self, brand: str, presence: Presence) -> None:
        expires = int(parse(presence.at).timestamp()) + KEPT_SECONDS
        values = {"case": presence.case, "writing": presence.writing, "at": presence.at, "expires": expires}
        self.table.put(keys.presence(brand, presence.member), values)

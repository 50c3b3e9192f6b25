"""How far a brand is with removing what has come to its end, and which cases are being emptied."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from hark.domain.retention import without_words
from hark.domain.time import after
from hark.store import keys
from hark.store.keys import Key
from hark.store.table import Change, ConditionFailed, Item, Put, Table, Write

DAILY = 86400
GRACE_SECONDS = 120
"""How long whoever begins to empty a case may take before the sweeper goes on with it."""


class Round(BaseModel):
    """A brand's daily look at what has come to its end. `begun` empty: none is under way."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    brand: str
    begun: str = ""
    cases: int = 0
    """Removed in the round that is under way."""
    last_at: str = ""
    last_cases: int = 0
    """What the last round that removed anything came to."""
    work_sk: str = ""
    """When the next look is."""


class Removal(BaseModel):
    """A case whose words are being removed, by the brand's rule or for a person's sake.

    Messages up to `said_up_to`, by the platform's clock: what arrives while the case is emptied is not touched. What
    our team wrote, up to `up_to`.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    brand: str
    case: str
    platform: str
    person: str
    said_up_to: str
    up_to: str


class Retentions:
    def __init__(self, table: Table) -> None:
        self.table = table

    # --- rounds ---

    def round(self, brand: str) -> Round | None:
        item = self.table.get(keys.retention(brand))
        return Round.model_validate(item) if item else None

    def begin_looking(self, brand: str, at: str) -> None:
        """A brand's rule holds from now on. Once: what is there stays as it is."""
        try:
            self.table.put(keys.retention(brand), {"brand": brand, **self._next(brand, at)}, new=True)
        except ConditionFailed:
            return

    def look_at(self, brand: str, at: str) -> Write:
        """The write that the next look is at that time, whatever was planned."""
        return Change(keys.retention(brand), {"brand": brand, **self._next(brand, at)}, exists=False)

    def begins(self, now: Round, at: str) -> Round:
        """A round begins.

        Raises:
            ConditionFailed: somebody else has begun it.
        """
        known = "" if "begun" in now.model_fields_set else None
        begun = {"begun": at, "cases": 0}
        self.table.change(Change(keys.retention(now.brand), begun, when={"begun": known}))
        return now.model_copy(update=begun)

    def one_more(self, now: Round) -> Write:
        """The write that the round has removed one more case; it fails when another process has."""
        when = {"begun": now.begun, "cases": now.cases}
        return Change(keys.retention(now.brand), {"cases": now.cases + 1}, when=when)

    def ends(self, now: Round, at: str) -> Write:
        """The write that a round is over; the next look is in a day."""
        said = {"last_at": at, "last_cases": now.cases} if now.cases else {}
        values = {"begun": "", "cases": 0, **said, **self._next(now.brand, after(at, DAILY))}
        return Change(keys.retention(now.brand), values, when={"begun": now.begun, "cases": now.cases})

    @staticmethod
    def _next(brand: str, at: str) -> dict[str, str]:
        return {"work_pk": keys.work(keys.shard(brand)), "work_sk": at}

    # --- removals ---

    def removing(self, removal: Removal, now: str) -> Write:
        """The write that a case is to be emptied. From then on the sweeper sees to it."""
        place = {"work_pk": keys.work(keys.shard(removal.case)), "work_sk": after(now, GRACE_SECONDS)}
        return Put(keys.removal(removal.brand, removal.case), {**removal.model_dump(), **place}, new=False)

    def removal(self, key: Key) -> Removal | None:
        item = self.table.get(key)
        return Removal.model_validate(item) if item else None

    def said_with(self, removal: Removal, ids: frozenset[str] = frozenset()) -> Iterator[tuple[Item, Change]]:
        """What lies with the case and still has words, and the writes that take them out; not what is newer. `ids` as
        in `without_words`."""
        for item in self.table.query_all(keys.case(removal.brand, removal.case).pk):
            kind = item["sk"].split("#")[0]
            empty = without_words(kind, item, ids) if kind != "CASE" else {}
            if empty and item["at"] <= removal.up_to:
                yield item, Change(Key(item["pk"], item["sk"]), empty)

    def emptied(self, removal: Removal) -> None:
        self.table.delete(keys.removal(removal.brand, removal.case))

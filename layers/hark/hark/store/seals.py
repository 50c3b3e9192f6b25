"""The chain of sealed days, what it was made over, and how far it is.

The events of a day stand in the sparse index `changes` by the very write that stores them, so that no second write can
be forgotten; the index holds keys only, and moves no more when an event's state does.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from hark.domain import balance
from hark.domain.balance import LOST, Balance, LateEnd, Leaf, Seal
from hark.domain.ledger_findings import Finding
from hark.domain.time import after
from hark.store import keys
from hark.store.keys import Key
from hark.store.table import Change, ConditionFailed, Item, Put, Table

A_LIST = 500
"""Events in one list of leaves: 25 KB."""
A_READ = 100
"""Keys of one batch read."""


class Progress(BaseModel):
    """How far a day is that was begun to be sealed."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    day: str
    part: int = 0
    start: Mapping[str, str] | None = None
    leaves: tuple[str, ...] = ()
    balance: Balance = Balance()


class Head(BaseModel):
    """How far a brand's chain is, and what was found when it was last looked through."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    brand: str
    first: str
    """The first day of the chain."""
    sealed: str = ""
    """The last sealed day, and its hash."""
    hash: str = ""
    rev: int = 0
    work_sk: str = ""
    """When the sweeper looks next."""
    progress: Progress | None = None
    open_days: Mapping[str, int] = {}
    """Sealed days with events that had not ended when last looked at, and how many."""
    checked_at: str = ""
    found: tuple[Finding, ...] = ()
    """What was wrong then: the first few."""


class Standing(BaseModel):
    """An event as it stands now. `in_work`: the sweeper knows of it."""

    model_config = ConfigDict(frozen=True)

    leaf: Leaf
    in_work: bool
    due: str = ""
    """When the sweeper was to look, if it knows of it."""


def key_of(entry: str) -> Key:
    """The key of an event by its partition, which is how leaves name it."""
    return Key(entry, "QUARANTINE" if keys.is_quarantine(entry) else "RAW")


class Seals:
    def __init__(self, table: Table) -> None:
        self.table = table

    # --- how far it is ---

    def begin(self, brand: str, at: str) -> None:
        """A brand's days are sealed, from the day of `at` on. Once: what is there stays as it is."""
        first = {"brand": brand, "first": at[:10], "sealed": "", "hash": "", "rev": 0}
        try:
            self.table.put(keys.ledger_head(brand), {**first, **self._next(brand, at)}, new=True)
        except ConditionFailed:
            return

    def head(self, brand: str) -> Head | None:
        item = self.table.get(keys.ledger_head(brand))
        return Head.model_validate(item) if item else None

    def move(self, old: Head, new: Head) -> None:
        """Note how far it is. Raises ConditionFailed: somebody else has meanwhile."""
        self.table.change(self._moved(old, new))

    def seal(self, old: Head, new: Head, seal: Seal) -> None:
        """A day is over, once. Raises ConditionFailed, Conflict: somebody else has sealed it."""
        made = Put(keys.seal(seal.brand, seal.day), seal.model_dump(mode="json"))
        self.table.transact([self._moved(old, new), made])

    def _moved(self, old: Head, new: Head) -> Change:
        values = new.model_dump(mode="json", exclude={"brand", "first", "work_sk", "rev"})
        moved = {**values, "rev": old.rev + 1, **self._next(old.brand, new.work_sk)}
        return Change(keys.ledger_head(old.brand), moved, when={"rev": old.rev})

    @staticmethod
    def _next(brand: str, at: str) -> dict[str, str]:
        return {"work_pk": keys.work(keys.shard(brand)), "work_sk": after(at, 0)}

    # --- what came in ---

    def listed(
        self, brand: str, day: str, part: int, start: Mapping[str, str] | None = None
    ) -> tuple[list[Key], Item | None]:
        """Keys of a page of the events that came on a day, in one part of the list, and where to go on."""
        place = dict(start) if start else None
        items, more = self.table.query(keys.came(brand, day, part), index=keys.CHANGES, start=place, limit=A_LIST)
        return [Key(item["pk"], item["sk"]) for item in items], more

    def standing(self, wanted: Sequence[Key]) -> list[Standing]:
        """The events as they stand, in the order asked for; one that is not there is `lost`."""
        found: dict[Key, Item] = {}
        for first in range(0, len(wanted), A_READ):
            found |= self.table.get_many(wanted[first : first + A_READ])
        return [_standing(key, found.get(key)) for key in wanted]

    def ends(self, brand: str, day: str) -> list[LateEnd]:
        """What ended on a day and had come on another one, in order of time."""
        return [
            LateEnd(item["entry"], item["at"], item["state"], item["reason"], item["until"])
            for item in self.table.query_all(keys.late_ends(brand, day))
        ]

    # --- seals and what they were made over ---

    def keep(self, brand: str, day: str, text: str) -> str:
        """Keep a list under its digest, which is returned. Whoever keeps the same again changes nothing."""
        name = balance.digest(text)
        self.table.put(keys.leaves(brand, day, name), {"body": gzip.compress(text.encode(), mtime=0)})
        return name

    def kept(self, brand: str, day: str, name: str) -> str | None:
        """A list by its digest, as it is now; None when it is gone or cannot be read."""
        item = self.table.get(keys.leaves(brand, day, name))
        if item is None:
            return None
        try:
            return gzip.decompress(item["body"]).decode()
        except (OSError, EOFError, ValueError):
            return ""

    def of_day(self, brand: str, day: str) -> Seal | None:
        item = self.table.get(keys.seal(brand, day))
        return Seal.model_validate(item) if item else None

    def since(self, brand: str, day: str) -> list[Seal]:
        """The seals from a day on, in order."""
        found: list[Seal] = []
        start: Item | None = None
        while True:
            items, start = self.table.query(keys.seal(brand, "").pk, since=day, start=start, consistent=True)
            found += [Seal.model_validate(item) for item in items]
            if start is None:
                return found


def _standing(key: Key, item: Mapping[str, Any] | None) -> Standing:
    if item is None:
        return Standing(leaf=Leaf(key.pk, "", LOST, ""), in_work=False)
    if key.sk == "QUARANTINE":
        leaf = Leaf(key.pk, item["arrived"], "quarantined", item["reason"], item.get("expires", 0))
        return Standing(leaf=leaf, in_work=False)
    found = f"{item['provider']}/{item['account']}" if item.get("missed") else ""
    leaf = Leaf(key.pk, item["arrived"], item["state"], item.get("reason", ""), item.get("expires", 0), found)
    return Standing(leaf=leaf, in_work="work_pk" in item, due=item.get("work_sk", ""))

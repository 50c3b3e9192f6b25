"""Who is to be forgotten (by a hash, for good), which erasures are under way, and the receipts of those done."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from hark.domain.erasure import Person, Receipt, digest
from hark.domain.time import after
from hark.store import keys
from hark.store.keys import Key
from hark.store.table import Change, Check, Put, Table, Write

SETTLE_SECONDS = 5
"""So long after it was asked for an erasure begins: what was being written then stands in every index by then."""


class Erasure(BaseModel):
    """A person who is being erased. `people` is empty once it is done: then nothing here says who it was."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    brand: str
    at: str
    by: str = ""
    code: str = ""
    """Under which the person can ask after it, where a platform passed the wish on."""
    state: str = "asked"
    """`asked` or `done`."""
    people: tuple[Person, ...] = ()
    counts: dict[str, int] = {}
    receipt: str = ""
    """The signed receipt as JSON."""
    rev: int = 0


class Erasures:
    def __init__(self, table: Table) -> None:
        self.table = table

    # --- the list of the forgotten ---

    def forgotten_at(self, brand: str, platform: str, person_id: str) -> str:
        """When a person was erased; empty when they were not."""
        found = self.table.get(keys.deletion(brand, platform, person_id))
        return str(found["at"]) if found else ""

    def still(self, brand: str, platform: str, person_id: str, known: str) -> Write:
        """The write that holds only while that is so: `known` is what `forgotten_at` said."""
        return Check(keys.deletion(brand, platform, person_id), {"at": known or None}, exists=False)

    def mark(self, brand: str, platform: str, subject: str, at: str, code: str) -> Write:
        """The write that somebody is forgotten from then on. For good: nothing deletes it."""
        return Put(keys.marked_deletion(brand, platform, subject), {"at": at, "code": code}, new=False)

    # --- erasures ---

    def begins(self, erasure: Erasure) -> list[Write]:
        """The writes that an erasure is to be carried out; from then on nothing older of these people comes in. The
        sweeper sees to the rest."""
        key = keys.erasure(erasure.brand, erasure.id)
        place = {"work_pk": keys.work(keys.shard(erasure.id)), "work_sk": after(erasure.at, SETTLE_SECONDS)}
        marks = [
            self.mark(
                erasure.brand, p.platform, keys.subject(erasure.brand, p.platform, p.id), erasure.at, erasure.code
            )
            for p in erasure.people
        ]
        return [Put(key, {**erasure.model_dump(mode="json"), **place}), *marks]

    def get(self, brand: str, erasure_id: str) -> Erasure | None:
        return self.at(keys.erasure(brand, erasure_id))

    def at(self, key: Key) -> Erasure | None:
        item = self.table.get(key)
        return Erasure.model_validate(item) if item else None

    def of_brand(self, brand: str) -> list[Erasure]:
        """All of them; there are as many as people asked to be forgotten."""
        return [Erasure.model_validate(item) for item in self.table.query_all(keys.erasure(brand, "").pk)]

    def counted(self, old: Erasure, counts: dict[str, int]) -> Write:
        """The write that so much is erased by now; it fails when another process is at it."""
        fresh = {"counts": counts, "rev": old.rev + 1}
        return Change(keys.erasure(old.brand, old.id), fresh, when={"rev": old.rev, "state": "asked"})

    # --- receipts ---

    def chain(self, brand: str) -> tuple[int, str]:
        """The number and the hash of the newest receipt; 0 and nothing before the first."""
        item = self.table.get(keys.erasure_chain(brand)) or {}
        return int(item.get("number", 0)), str(item.get("hash", ""))

    def done(self, old: Erasure, receipt: Receipt) -> Sequence[Write]:
        """The writes that an erasure is over: with its receipt, and without whom it was about."""
        said: dict[str, Any] = {
            "state": "done", "people": [], "receipt": json.dumps(receipt.model_dump(mode="json"), sort_keys=True),
            "rev": old.rev + 1,
        }  # fmt: skip
        over = Change(
            keys.erasure(old.brand, old.id), said, ("work_pk", "work_sk"), when={"rev": old.rev, "state": "asked"}
        )
        known = receipt.number - 1 or None
        link = Change(
            keys.erasure_chain(old.brand), {"number": receipt.number, "hash": digest(receipt)}, when={"number": known},
            exists=False,
        )  # fmt: skip
        marks = [self.mark(old.brand, s.platform, s.hash, receipt.erased_at, old.code) for s in receipt.subjects]
        return [over, link, *marks]

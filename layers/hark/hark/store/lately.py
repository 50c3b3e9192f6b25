"""What a member, and an account, said in public lately: a few sketches each, never words."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from hark.domain.case import Case
from hark.store import keys
from hark.store.keys import Key
from hark.store.table import Change, Table

SLOTS = 12
"""Sketches kept of each: the item stays under one KB, so that a write is one unit and a look half a unit."""
KEPT_SECONDS = 30 * 86400


class Lately:
    def __init__(self, table: Table) -> None:
        self.table = table

    def sketches(self, case: Case, member_id: str) -> tuple[bytes, ...]:
        """What the member said lately, and what the case's account did."""
        found = self.table.get_many(_rings(case, member_id))
        return tuple(value for item in found.values() for name, value in item.items() if name.startswith("s_"))

    def said(self, case: Case, member_id: str, reply_id: str, sketch: bytes, expires: int) -> None:
        """Remember one more. It takes the place that its reply's id points to: nothing is read first, twice the same
        is once, and the newest is always there; which older one goes is chance."""
        slot = f"s_{sha256(reply_id.encode()).digest()[0] % SLOTS}"
        for key in _rings(case, member_id):
            self.table.change(Change(key, {slot: sketch, "expires": expires}, exists=False))


def _rings(case: Case, member_id: str) -> Sequence[Key]:
    return [
        keys.lately(case.brand, f"member#{member_id}"),
        keys.lately(case.brand, f"account#{case.provider}#{case.account_id}"),
    ]

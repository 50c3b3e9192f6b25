"""Programs of a brand, and whose a token is. Programs stand among the members, who find their names there."""

from __future__ import annotations

from collections.abc import Sequence

from hark.domain.people import PROGRAM_PREFIX
from hark.domain.programs import Program
from hark.domain.time import parse
from hark.store import keys
from hark.store.table import Change, Put, Table, Write


class Programs:
    def __init__(self, table: Table) -> None:
        self.table = table

    def of_brand(self, brand: str) -> list[Program]:
        """All there ever were, good or not."""
        found = self.table.query_all(keys.member(brand, "").pk, prefix=PROGRAM_PREFIX)
        return [Program.model_validate(item) for item in found]

    def get(self, brand: str, program_id: str) -> Program | None:
        item = self.table.get(keys.member(brand, program_id)) if program_id.startswith(PROGRAM_PREFIX) else None
        return Program.model_validate(item) if item else None

    def of_token(self, token_hash: str) -> Program | None:
        """Whose token it is; whether that is still good is for the caller to ask."""
        item = self.table.get(keys.token(token_hash))
        return self.get(item["brand"], item["program"]) if item else None

    def make(self, program: Program, also: Sequence[Write]) -> None:
        """
        Raises:
            ConditionFailed: it is there already.
        """
        expires = int(parse(program.ends_at).timestamp())
        known = {"brand": program.brand, "program": program.id, "expires": expires}
        self.table.transact(
            [
                Put(keys.member(program.brand, program.id), program.model_dump(mode="json")),
                Put(keys.token(program.token), known),
                *also,
            ]
        )

    def revoke(self, program: Program, at: str, by: str, also: Sequence[Write]) -> None:
        """
        Raises:
            ConditionFailed: it was revoked already.
        """
        fields = {"revoked_at": at, "revoked_by": by}
        self.table.transact([Change(keys.member(program.brand, program.id), fields, when={"revoked_at": ""}), *also])

    def used(self, program: Program, at: str) -> None:
        self.table.change(Change(keys.member(program.brand, program.id), {"used_at": at}))

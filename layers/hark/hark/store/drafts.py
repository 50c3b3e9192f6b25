"""Drafts in the partition of their case, so that both change in one transaction; those that wait are in one list."""

from __future__ import annotations

from typing import Any

from hark.domain.approvals import Draft
from hark.store import keys
from hark.store.table import Change, Item, Put, Table, Write


def _lists(draft: Draft) -> dict[str, str]:
    if draft.state != "waiting":
        return {}
    return {"list_pk": keys.drafts_of(draft.brand), "list_sk": f"{draft.at}#{draft.id}"}


class Drafts:
    def __init__(self, table: Table) -> None:
        self.table = table

    def get(self, brand: str, case_id: str, draft_id: str) -> Draft | None:
        item = self.table.get(keys.draft(brand, case_id, draft_id))
        return Draft.model_validate(item) if item else None

    def of_case(self, brand: str, case_id: str) -> list[Draft]:
        items = self.table.query_all(keys.case(brand, case_id).pk, prefix=keys.DRAFT_PREFIX)
        return sorted((Draft.model_validate(item) for item in items), key=lambda draft: (draft.at, draft.id))

    def waiting(self, brand: str, start: Item | None, limit: int) -> tuple[list[Draft], Item | None]:
        """One page of the brand's drafts that wait, the oldest first, and where the next page begins. A page costs the
        same however many wait."""
        items, more = self.table.query(keys.drafts_of(brand), index=keys.LISTS, start=start, limit=limit)
        return [Draft.model_validate(item) for item in items], more

    def new(self, draft: Draft) -> Write:
        return Put(self._key(draft), {**draft.model_dump(mode="json"), **_lists(draft)})

    def write(self, old: Draft, new: Draft) -> Change:
        """The write that turns `old` into `new`, if nobody has written it since."""
        before, after = old.model_dump(mode="json"), new.model_dump(mode="json")
        values: dict[str, Any] = {name: value for name, value in after.items() if before[name] != value}
        was, is_now = _lists(old), _lists(new)
        remove = tuple(name for name in was if name not in is_now)
        return Change(self._key(old), {**values, "rev": old.rev + 1, **is_now}, remove, when={"rev": old.rev})

    def approved_of(self, brand: str, member_id: str) -> int:
        """How many replies of a member were approved so far."""
        item = self.table.get(keys.approved(brand, member_id))
        return int(item["replies"]) if item else 0

    def one_more_approved(self, brand: str, member_id: str, before: int) -> Write:
        """The write that counts one more, if nobody has counted one meanwhile."""
        key = keys.approved(brand, member_id)
        if not before:
            return Put(key, {"replies": 1})
        return Change(key, {"replies": before + 1}, when={"replies": before})

    @staticmethod
    def _key(draft: Draft) -> keys.Key:
        return keys.draft(draft.brand, draft.case, draft.id)

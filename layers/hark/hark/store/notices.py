"""Notices for the people of the desk, and what each of them has read and was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hark.store import keys
from hark.store.keys import Key
from hark.store.table import Change, ConditionFailed, Item, Table


class Notices:
    def __init__(self, table: Table) -> None:
        self.table = table

    def tell(self, key: Key, values: Mapping[str, Any]) -> Item:
        """Write a notice, once; what stands there, also where it was written before."""
        try:
            self.table.put(key, values, new=True)
        except ConditionFailed as there:
            return there.item or self.table.get(key) or dict(values)
        return dict(values)

    def of_member(self, brand: str, member: str, limit: int = 50) -> list[Item]:
        """The newest notices of a person, newest first."""
        partition = keys.notice_state(brand, member).pk
        items, _ = self.table.query(partition, prefix=keys.NOTICE_PREFIX, limit=limit, newest_first=True)
        return items

    def state(self, brand: str, member: str) -> Item:
        """`read_to`, `mail`, `language`, `mails` (times of the last ones), `held`, `rev`; or less."""
        return self.table.get(keys.notice_state(brand, member)) or {}

    def read_to(self, brand: str, member: str, at: str) -> None:
        """All notices up to a time are read."""
        self.table.change(Change(keys.notice_state(brand, member), {"read_to": at}, exists=False))

    def wishes(self, brand: str, member: str, **wishes: Any) -> None:
        """How a person wants their notices: `mail` (bool), `language`."""
        self.table.change(Change(keys.notice_state(brand, member), wishes, exists=False))

    def begin_mail(self, key: Key, known: Item, mails: list[str]) -> bool:
        """The mark that this notice is being sent, together with the times of the person's mails; False when somebody
        else has it, or sent another one meanwhile (then look again).

        Raises:
            ConditionFailed: with index 1 when the person's state has changed.
        """
        return self._mark(key, "sending", known, mails, 0)

    def hold_mail(self, key: Key, known: Item, mails: list[str]) -> bool:
        """The mark that this notice is not sent by itself: the person has had enough mails for now."""
        return self._mark(key, "held", known, mails, known.get("held", 0) + 1)

    def mailed(self, key: Key, state: str) -> None:
        """What became of the mail that was begun: `sent`, `refused`, or `wanted` again."""
        self.table.change(Change(key, {"mail": state}, when={"mail": "sending"}))

    def _mark(self, key: Key, mail: str, known: Item, mails: list[str], held: int) -> bool:
        brand, _, member = key.pk.split("#", 2)
        rev = known.get("rev")
        fresh = {"mails": mails, "held": held, "rev": (rev or 0) + 1}
        try:
            self.table.transact(
                [
                    Change(key, {"mail": mail}, when={"mail": "wanted"}),
                    Change(keys.notice_state(brand, member), fresh, when={"rev": rev}, exists=False),
                ]
            )
        except ConditionFailed as clash:
            if clash.index == 0:
                return False
            raise
        return True

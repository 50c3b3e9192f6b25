"""The outbox: replies in the partition of their case, so that both change in one transaction."""

from __future__ import annotations

from typing import Any

from hark.domain.reply import Reply, State
from hark.store import keys
from hark.store.keys import Key
from hark.store.table import Change, Put, Table, Write

MOST_PARKED = 200
"""Replies that wait for an account, of which one answer tells."""


def _lists(reply: Reply) -> dict[str, str]:
    lists: dict[str, str] = {}
    if reply.look_at:
        lists |= {"work_pk": keys.work(keys.shard(reply.id)), "work_sk": reply.look_at}
    if reply.parked and reply.state in (State.PENDING, State.HUMAN):
        lists |= {"list_pk": keys.parked(reply.brand, reply.account_id), "list_sk": f"{reply.not_after}#{reply.id}"}
    return lists


_ALL_INDEX_KEYS = ("work_pk", "work_sk", "list_pk", "list_sk")


class Replies:
    def __init__(self, table: Table) -> None:
        self.table = table

    def get(self, brand: str, case_id: str, reply_id: str) -> Reply | None:
        return self.at(keys.reply(brand, case_id, reply_id))

    def at(self, key: Key) -> Reply | None:
        item = self.table.get(key)
        return Reply.model_validate(item) if item else None

    def of_case(self, brand: str, case_id: str) -> list[Reply]:
        items = self.table.query_all(keys.case(brand, case_id).pk, prefix=keys.REPLY_PREFIX)
        return [Reply.model_validate(item) for item in items]

    def parked(self, brand: str, account_id: str) -> tuple[list[Reply], bool]:
        """Replies that wait for an account, or did until it was too late for them; and whether there are more.

        From an index, which may lag behind by a moment.
        """
        items, more = self.table.query(keys.parked(brand, account_id), index=keys.LISTS, limit=MOST_PARKED)
        return [Reply.model_validate(item) for item in items], more is not None

    def takes_off(self, reply: Reply, words: str, expires: int) -> None:
        """A reply is about to be posted in these words (normalised as its provider does); kept until `expires`."""
        key = keys.flight(reply.brand, reply.account_id, words, reply.id)
        self.table.put(key, {"case": reply.case, "expires": expires})

    def in_flight(self, brand: str, account_id: str, words: str) -> list[Reply]:
        """The replies in these words that were about to be posted lately from an account, whatever became of them."""
        noted = self.table.query_all(keys.flight(brand, account_id, words, "").pk)
        found = (self.get(brand, note["case"], note["sk"]) for note in noted)
        return [reply for reply in found if reply is not None]

    def new(self, reply: Reply) -> Write:
        return Put(self.key(reply), {**reply.model_dump(mode="json"), **_lists(reply)})

    def write(self, old: Reply, new: Reply) -> Change:
        """The write that turns `old` into `new`, if the reply is still in the state and hands it was in."""
        values: dict[str, Any] = {
            name: value for name, value in new.model_dump(mode="json").items() if name not in ("id", "brand", "case")
        }
        lists = _lists(new)
        return Change(
            self.key(old), {**values, **lists}, tuple(name for name in _ALL_INDEX_KEYS if name not in lists),
            when={"state": old.state.value, "claim": old.claim, "tries": old.tries, "looks": old.looks},
        )  # fmt: skip

    @staticmethod
    def key(reply: Reply) -> Key:
        return keys.reply(reply.brand, reply.case, reply.id)

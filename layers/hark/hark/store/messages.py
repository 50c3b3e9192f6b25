"""Messages and the people who write them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hark.domain.case import Case
from hark.domain.events import Profile
from hark.domain.message import Message
from hark.store import keys
from hark.store.keys import Key
from hark.store.table import Change, Item, Put, Table, Write


class Messages:
    def __init__(self, table: Table) -> None:
        self.table = table

    def get(self, brand: str, platform: str, message_id: str) -> Message | None:
        item = self.table.get(keys.message(brand, platform, message_id))
        return Message.model_validate(item) if item else None

    def versions(self, brand: str, platform: str, ids: Sequence[str]) -> dict[str, Message]:
        """Those of the messages that exist, aliases of later versions included."""
        found = self.table.get_many([keys.message(brand, platform, i) for i in ids])
        return {item["id"]: Message.model_validate(item) for item in found.values()}

    def write(self, old: Message | None, new: Message) -> Write:
        """The write that turns `old` into `new`, if nobody else wrote the message meanwhile."""
        values: dict[str, Any] = new.model_copy(update={"rev": new.rev + 1}).model_dump(mode="json")
        if new.conversation and not new.removed_at:
            values |= {"list_pk": keys.thread(new.brand, new.conversation), "list_sk": f"{new.at}#{new.id}"}
        elif new.text and not new.removed_at:
            # Words that stand in no conversation (yet): who erases a person has to find them all the same.
            values |= {"list_pk": keys.aside(new.brand), "list_sk": f"{new.at}#{new.id}"}
        key = keys.message(new.brand, new.platform, new.id)
        if old is None:
            return Put(key, values)
        unlisted = () if "list_pk" in values else ("list_pk", "list_sk")
        return Change(key, values, unlisted, when={"rev": old.rev})

    def alias(self, message: Message, version_id: str) -> Write:
        """That a later version's id means this message. Written again by each event about it, always the same."""
        key = keys.message(message.brand, message.platform, version_id)
        values = Message(id=version_id, brand=message.brand, platform=message.platform, first_id=message.id)
        return Put(key, values.model_dump(mode="json"), new=False)

    def thread(
        self, brand: str, conversation: str, before: Item | None, limit: int = 50
    ) -> tuple[list[Message], Item | None]:
        """The newest messages of a conversation, oldest first, and the key for older ones."""
        items, more = self.table.query(
            keys.thread(brand, conversation), index=keys.LISTS, start=before, limit=limit, newest_first=True
        )
        return [Message.model_validate(item) for item in reversed(items)], more

    def up_to(self, brand: str, conversation: str, at: str, start: Item | None) -> tuple[list[Message], Item | None]:
        """Some of a conversation's messages written up to a time, oldest first, and the key to go on from."""
        items, more = self.table.query(
            keys.thread(brand, conversation), index=keys.LISTS, up_to=f"{at}#\uffff", start=start, limit=25
        )
        return [Message.model_validate(item) for item in items], more

    def written_after(self, case: Case, at: str, *, or_then: bool = False) -> list[Message]:
        """The customer's messages written after a time, or at it; of the ordinary case, that there are none, the case
        tells."""
        if not at or at > case.last_at or (at == case.last_at and not or_then):
            return []
        thread, _ = self.thread(case.brand, case.id, None, limit=100)
        # The list may lag behind by a moment; the newest of them the case knows by name.
        newest = self.get(case.brand, case.platform, case.snippet_of) if case.snippet_of else None
        found = {m.id: m for m in (*thread, *([newest] if newest else []))}
        return [
            m for m in found.values() if not m.own and not m.gone and (m.at > at or (or_then and m.at == at))
        ]  # fmt: skip

    def resolved(self, brand: str, platform: str, message_id: str) -> Message | None:
        """The message that an id means: its own, or that of one of its versions."""
        named = self.get(brand, platform, message_id)
        return self.get(brand, platform, named.first_id) if named and named.first_id else named

    def identity(self, brand: str, platform: str, person: Profile, **learnt: Any) -> Write:
        """What the platform last said of a person; what it did not say now stays as it was."""
        said = {"handle": person.handle, "name": person.name, "avatar": person.avatar}
        values = {name: value for name, value in said.items() if value} | learnt
        if person.protected:
            values["protected"] = True
        key = keys.identity(brand, platform, person.id)
        return Change(key, {"brand": brand, "platform": platform, "id": person.id, **values}, exists=False)

    def who(self, brand: str, platform: str, person_id: str) -> Item:
        """What is known of a person; empty when nothing is."""
        return self.table.get(keys.identity(brand, platform, person_id)) or {}

    def begins(self, case: Case) -> Write:
        """The write that a person began a conversation with us: once per conversation, not again for each opening."""
        key = keys.conversation(case.brand, case.platform, case.customer_id, case.opened_at, case.id)
        return Put(key, {"case": case.id}, new=False)

    def begun_by(self, brand: str, platform: str, person_id: str, limit: int) -> tuple[list[str], bool]:
        """Ids of the conversations a person began last, the newest first, and whether there are more."""
        partition = keys.identity(brand, platform, person_id).pk
        items, more = self.table.query(
            partition, prefix=keys.CONVERSATION_PREFIX, limit=limit, newest_first=True, consistent=True
        )
        return [str(item["case"]) for item in items], more is not None

    def unname(self, brand: str, platform: str, person_id: str) -> None:
        """Nobody knows any more who a person is. That they began conversations stays: those are times and ids."""
        self.table.delete(keys.identity(brand, platform, person_id))

    def all_begun_by(self, brand: str, platform: str, person_id: str) -> list[str]:
        """Ids of all conversations a person began."""
        begun = self.table.query_all(keys.identity(brand, platform, person_id).pk, prefix=keys.CONVERSATION_PREFIX)
        return list(dict.fromkeys(str(item["case"]) for item in begun))

    def forget(self, brand: str, platform: str, person_id: str) -> int:
        """Nothing is known of a person under this id any more; how many items told of them."""
        known = list(self.table.query_all(keys.identity(brand, platform, person_id).pk))
        for item in known:
            self.table.delete(Key(item["pk"], item["sk"]))
        return len(known)

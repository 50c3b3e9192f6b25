"""Canned texts and the FAQ: one small partition per brand, in the order of languages."""

from __future__ import annotations

from hark.domain.canned import Entry
from hark.store import keys
from hark.store.table import Change, Item, Put, Table, Write


class Canned:
    def __init__(self, table: Table) -> None:
        self.table = table

    def of_brand(self, brand: str) -> list[Entry]:
        """All entries there are."""
        return _there(list(self.table.query_all(keys.canned(brand, "").pk)))

    def in_language(self, brand: str, language: str) -> list[Entry]:
        """Those in one language: what the bot looks through."""
        return _there(list(self.table.query_all(keys.canned(brand, "").pk, prefix=f"{language}_")))

    def get(self, brand: str, entry_id: str) -> Entry | None:
        item = self.table.get(keys.canned(brand, entry_id))
        return next(iter(_there([item] if item else [])), None)

    def new(self, entry: Entry) -> Write:
        return Put(keys.canned(entry.brand, entry.id), entry.model_dump(mode="json"))

    def changed(self, old: Entry, new: Entry) -> Write:
        """The write that an entry says something else, if nobody changed it since. Its counters stay as they are."""
        said = new.model_dump(mode="json", exclude={"id", "brand", "uses", "right", "wrong", "version"})
        return Change(
            keys.canned(old.brand, old.id), {**said, "version": old.version + 1}, when={"version": old.version}
        )  # fmt: skip

    def removed(self, entry: Entry, expires: int) -> Write:
        """The write that an entry is gone: nobody finds it any more, and the table forgets it at `expires`."""
        gone = {"removed": True, "expires": expires, "version": entry.version + 1}
        return Change(keys.canned(entry.brand, entry.id), gone, when={"version": entry.version})

    def used(self, entry: Entry) -> Write:
        """The write that it was used once more."""
        return Change(keys.canned(entry.brand, entry.id), {"uses": entry.uses + 1}, when={"uses": entry.uses})

    def judged(self, entry: Entry, verdict: str) -> Write:
        """The write that a person found the bot's answer with it `right` or `wrong`."""
        count = entry.right if verdict == "right" else entry.wrong
        return Change(keys.canned(entry.brand, entry.id), {verdict: count + 1}, when={verdict: count})


def _there(items: list[Item]) -> list[Entry]:
    return [Entry.model_validate(item) for item in items if not item.get("removed")]

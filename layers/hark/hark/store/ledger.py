"""The ledger: every event as the provider said it, exactly once, with one state that ends its story.

Standard library and botocore only: the webhook function writes here before it answers.
"""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from hark.domain.events import RawEvent
from hark.domain.time import after, text
from hark.store import keys
from hark.store.keys import Key
from hark.store.table import Change, ConditionFailed, Item, Put, Table, Write

Stored = Literal["new", "seen", "again"]

FOLD_GRACE_SECONDS = 20
"""How long the stream's wake-up may take before the sweeper does its work."""
UNREAD_KEPT = timedelta(days=90)
"""How long signed bytes that nobody can read are kept, for a parser to be mended."""
TRIES = 5
"""Attempts to fold an event before it is quarantined (I34)."""
AT_ONCE = 50
"""Entries that change in one transaction, beside what they belong to."""
ITEM_LIMIT = 300_000
"""Bytes of a raw event an item may hold; DynamoDB refuses items over 400 KB (I33)."""


@dataclass(frozen=True)
class Entry:
    """One event in the ledger. `kinds` are all the ways in which it has arrived."""

    key: Key
    brand: str
    provider: str
    event: RawEvent
    kinds: frozenset[str]
    arrived: str
    state: str
    tries: int
    source: str


@dataclass(frozen=True)
class Story:
    """One event of an entry while it is folded. An entry may hold several; the last of them ends it."""

    ledger: Ledger
    entry: Entry
    now: str
    last: bool
    forgets: bool = False
    """What it tells of is no message: once it is folded, its words are of no more use."""

    def end(
        self, state: str, reason: str = "", message: str = "", *, blank: bool = False, expires: int = 0
    ) -> list[Write]:
        """The writes that end the entry with this event: none while there are more to come.

        With `blank` its words go too: what it tells of was taken away. With `expires` (epoch seconds) the whole entry
        is forgotten then.
        """
        if not self.last:
            return []
        done = self.ledger.finished(self.entry, state, self.now, reason, message)
        if blank or (self.forgets and state == "folded"):
            done = without_body(done)
        if expires:
            remove = tuple(name for name in done.remove if name != "expires")
            done = replace(done, set={**done.set, "expires": expires}, remove=remove)
        return [done, *self.ledger.late(self.entry, state, self.now, reason, expires)]

    def erased(self, reason: str) -> list[Write]:
        """The writes that end the entry because it is of somebody who was erased: neither what it says stays, nor what
        the platform called it."""
        if not self.last:
            return []
        done = without_body(self.ledger.finished(self.entry, "set_aside", self.now, reason))
        late = self.ledger.late(self.entry, "set_aside", self.now, reason)
        return [replace(done, set={**done.set, "event": ""}), *late]


def without_body(done: Change) -> Change:
    """The same write, and the entry's words go with it. That it came, stays."""
    kept = {name: value for name, value in done.set.items() if name not in ("list_pk", "list_sk")}
    goes = dict.fromkeys((*done.remove, "body", "unread", "list_pk", "list_sk"))
    return replace(done, set={**kept, "blanked": True}, remove=tuple(goes))


class TooBig(Exception):
    """The event does not fit an item even when compressed."""


def _entry(item: Item) -> Entry:
    body = item.get("body", b"")
    return Entry(
        key=Key(item["pk"], item["sk"]),
        brand=item["brand"],
        provider=item["provider"],
        event=RawEvent(key=item["event"], kind=item["kind"], account_id=item["account"], body=gzip.decompress(body))
        if body
        else RawEvent(key=item["event"], kind=item["kind"], account_id=item["account"], body=b""),
        kinds=item["kinds"],
        arrived=item["arrived"],
        state=item["state"],
        tries=item["tries"],
        source=item["source"],
    )


def _to_be_folded(key: Key, look_at: str) -> dict[str, Any]:
    return {"state": "received", "work_pk": keys.work(keys.shard(key.pk)), "work_sk": look_at}


def _came(brand: str, key: Key, at: str) -> dict[str, Any]:
    """Lists an event under the day on which it came, by the very write that stores it. Never changed afterwards."""
    return {"change_pk": keys.came(brand, at[:10], keys.shard(key.pk)), "change_sk": at}


class Ledger:
    def __init__(self, table: Table) -> None:
        self.table = table

    def store(
        self, brand: str, provider: str, event: RawEvent, now: datetime, source: str, *, missed: bool = False
    ) -> Stored:
        """Keep one event, with one conditional write. `missed`: a delivery should have brought it, and none has.

        Returns:
            `new`: it was not known. `seen`: it was known by this very kind. `again`: it was known, but arrives by
            another way that may say more about it (a mention that was first seen as a reply), and is folded anew.

        Raises:
            TooBig: more than an item can hold. Every botocore error: nothing is stored; answer 503.
        """
        body = gzip.compress(event.body, mtime=0)
        if len(body) > ITEM_LIMIT:
            raise TooBig
        key, at = keys.raw(brand, provider, event.key), text(now)
        values = {
            "brand": brand, "provider": provider, "event": event.key, "kind": event.kind,
            "kinds": {event.kind}, "account": event.account_id, "arrived": at, "source": source,
            "body": body, "tries": 0, **_to_be_folded(key, after(at, FOLD_GRACE_SECONDS)), **_came(brand, key, at),
            **({"missed": True} if missed else {}),
        }  # fmt: skip
        try:
            self.table.put(key, values, new=True)
        except ConditionFailed as clash:
            known = clash.item or self.table.get(key) or {}
            if known.get("missed") and source == "webhook":
                self._brought_after_all(key)
            if known.get("state") == "quarantined" and known.get("body") != body:
                return self._seen_better(key, known, {"kind": event.kind, "body": body}, event, at)
            if event.kind in known.get("kinds", ()) or source == "search":
                return "seen"
            if source == "poll" and known.get("source") != "search":
                return "seen"  # a list names a post; that the author called on us, only a delivery's kind says
            return self._seen_by_another_way(key, event, known, at)
        return "new"

    def _brought_after_all(self, key: Key) -> None:
        """The poll was only faster than the delivery."""
        try:
            self.table.change(Change(key, {}, remove=("missed",), when={"missed": True}))
        except ConditionFailed:
            return  # another delivery of it has said so

    def _seen_by_another_way(self, key: Key, event: RawEvent, known: Item, at: str) -> Stored:
        """The set of kinds grows under a condition, so that two at once do not lose one of them."""
        again = Change(
            key,
            {"kinds": known["kinds"] | {event.kind}, "tries": 0, **_to_be_folded(key, after(at, FOLD_GRACE_SECONDS))},
            when={"kinds": known["kinds"]},
        )
        try:
            self.table.change(again)
        except ConditionFailed as clash:
            if clash.item and event.kind not in clash.item["kinds"]:
                return self._seen_by_another_way(key, event, clash.item, at)
            return "seen"
        return "again"

    def _seen_better(self, key: Key, known: Item, better: Item, event: RawEvent, at: str) -> Stored:
        """What could not be read has come once more with other bytes: these are tried, those stay beside them."""
        again = Change(
            key,
            {
                **better, "unread": known.get("body", b""), "kinds": known["kinds"] | {event.kind}, "tries": 0,
                **_to_be_folded(key, after(at, FOLD_GRACE_SECONDS)),
            },
            when={"kinds": known["kinds"], "state": "quarantined"},
        )  # fmt: skip
        try:
            self.table.change(again)
        except ConditionFailed:
            return "seen"  # somebody else brought the same at this moment
        return "again"

    def quarantine(self, brand: str, provider: str, body: bytes, reason: str, now: datetime) -> None:
        """Keep what nobody can read, byte for byte, once (I7). It counts for `brand`, whoever it was for."""
        packed = gzip.compress(body, mtime=0)
        if len(packed) > ITEM_LIMIT:
            raise TooBig
        key, at = keys.quarantine(provider, body), text(now)
        values = {
            "provider": provider, "body": packed, "reason": reason, "arrived": at, **_came(brand, key, at),
            "list_pk": keys.unread(), "list_sk": f"{at}#{key.pk}",
        }  # fmt: skip
        try:
            self.table.put(key, values, new=True)
        except ConditionFailed:
            return  # the same bytes are kept already

    def entry(self, key: Key) -> Entry | None:
        item = self.table.get(key)
        return _entry(item) if item else None

    def story(self, entry: Entry, now: str, *, last: bool = True) -> Story:
        return Story(self, entry, now, last)

    def reviewed(self, key: Key, was: str, state: str, reason: str, now: str, expires: int) -> list[Write]:
        """The writes by which a hit of a search, which waited in `review`, is none of ours, or waits again."""
        ended = {"state": state, "reason": reason, "finished": now, "expires": expires}
        return [Change(key, ended, when={"state": was}), self.late_end(key, state, reason, now, expires)]

    def taken_away(self, key: Key, now: str, expires: int) -> list[Write]:
        """The writes by which a hit of a search that waited in `review` ends, since its author took the post away."""
        ended = {"state": "folded", "reason": "message.gone", "blanked": True}
        done = Change(key, ended, remove=("body", "unread"), when={"state": "review"})
        return [done, self.late_end(key, "folded", "message.gone", now, expires)]

    def chosen(self, key: Key, now: str) -> Change:
        """The write that has a hit of a search folded as a message: somebody makes a case of it."""
        fresh = {"tries": 0, **_to_be_folded(key, after(now, FOLD_GRACE_SECONDS))}
        return Change(key, fresh, remove=("expires",), when={"state": "review"})

    def again(self, key: Key, now: str) -> Change:
        """The write that has an entry folded once more: what it had to wait for is there."""
        return Change(key, {"tries": 0, **_to_be_folded(key, after(now, FOLD_GRACE_SECONDS))})

    def state(self, brand: str, provider: str, event_key: str) -> str:
        """What became of an event; empty when none of this key ever came."""
        item = self.table.get(keys.raw(brand, provider, event_key))
        return str(item["state"]) if item else ""

    def finished(self, entry: Entry, state: str, now: str, reason: str = "", message: str = "") -> Change:
        """The write that ends an event's story; it fails when the event has arrived by one more way meanwhile.

        What became of no message keeps its words in case it can be read one day: it stands in a list of its own, so
        that it is found by who removes what has come to its end, and by who erases a person.
        """
        aside: Item = {"list_pk": keys.aside(entry.brand), "list_sk": f"{entry.arrived}#{entry.key.pk}"}
        listed = state in ("set_aside", "quarantined") and bool(entry.event.body)
        return Change(
            entry.key,
            {"state": state, "reason": reason, "message": message, "finished": now, **(aside if listed else {})},
            remove=(
                "work_pk", "work_sk", "expires",  # what waited as a hit was to be forgotten; this is not
                *(() if listed else aside),
            ),
            when={"state": "received", "kinds": entry.kinds},
        )  # fmt: skip

    def late(self, entry: Entry, state: str, now: str, reason: str = "", expires: int = 0) -> list[Write]:
        """What has to go with `finished`: an end on another day than the event came on is told under its own day too,
        for the day on which it came may be sealed."""
        if entry.arrived[:10] == now[:10]:
            return []
        return [self.late_end(entry.key, state, reason, now, expires)]

    @staticmethod
    def late_end(key: Key, state: str, reason: str, now: str, expires: int = 0) -> Put:
        """The write that an event came to this end now, whatever day it had come on."""
        said = {"entry": key.pk, "at": now, "state": state, "reason": reason, "until": expires}
        return Put(keys.late_end(keys.brand_of(key), now, key), said, new=False)

    def failed(self, entry: Entry, reason: str, now: datetime, *, poison: bool = True) -> str:
        """Count a failed attempt; the state afterwards: `received` (to be tried later) or `quarantined`.

        Without `poison` the event itself is not to blame (a store in trouble, others who kept writing): it is tried
        for as long as that lasts.
        """
        tries = entry.tries + 1 if poison else min(entry.tries + 1, TRIES - 1)
        late: list[Write] = []
        if tries >= TRIES:
            change = self.finished(entry, "quarantined", text(now), reason)
            late = self.late(entry, "quarantined", text(now), reason)
        else:
            look_at = after(text(now), FOLD_GRACE_SECONDS * 2**tries)
            change = Change(
                entry.key, {"tries": tries, "reason": reason, "work_sk": look_at},
                when={"state": "received", "tries": entry.tries},
            )  # fmt: skip
        try:
            if late:
                self.table.transact([change, *late])
            else:
                self.table.change(change)
        except ConditionFailed:
            return "moved"
        return "quarantined" if tries >= TRIES else "received"

    def in_parts(self, changes: Sequence[Change]) -> list[Write]:
        """Those of the changes that are left for a transaction, which holds 100 writes; the others are made now.

        Only for what may be done before the rest of it, and again when the rest fails: blanking, folding once more.
        """
        left = list(changes)
        while len(left) > AT_ONCE:
            self.table.transact(left[:AT_ONCE])
            left = left[AT_ONCE:]
        return [*left]

    def blanked(self, key: Key) -> Change:
        """The write that takes the words of a deleted message out of the ledger; that it came, stays (I6)."""
        return Change(key, {"blanked": True}, remove=("body", "unread", "list_pk", "list_sk"), exists=True)

    def erased(self, key: Key, **more: Any) -> Change:
        """The same for the sake of a person: what the platform called the event may name them as well (I30)."""
        blank = self.blanked(key)
        return replace(blank, set={**blank.set, "event": "", **more})

    def unread(self, partition: str, up_to: str = "", start: Item | None = None) -> tuple[list[Item], Item | None]:
        """Some of what nobody could make a message of (`keys.aside`, `keys.unread`), oldest first, and the key to go
        on from. With `up_to` only what arrived until then. From an index, which may lag behind by a moment."""
        last = f"{up_to}#\uffff" if up_to else ""
        return self.table.query(partition, index=keys.LISTS, up_to=last, start=start, limit=50)

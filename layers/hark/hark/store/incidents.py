"""Topics and what was heard of them; incidents, their cases, their story and their broadcasts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hark.domain.case import Case, Line
from hark.domain.incidents import Broadcast, Incident
from hark.domain.spikes import Past
from hark.store import keys
from hark.store.cases import Cases
from hark.store.keys import Key
from hark.store.table import Change, Check, Item, Put, Table, Write

COUNTED_AT_MOST = 400
"""So many messages of one topic in one bucket are read to count them; more make no difference."""


class Incidents:
    def __init__(self, table: Table) -> None:
        self.table = table

    # --- topics ---

    def topic(self, brand: str, topic_id: str) -> Item:
        """What is kept of a topic: `past` (JSON of `domain.spikes.Past`), and `incident` where one is open; empty if
        nothing."""
        return self.table.get(keys.topic(brand, topic_id)) or {}

    def watched_since(self, brand: str) -> str:
        """Since when the brand's topics are watched; "" if they never were."""
        return str((self.table.get(keys.watched(brand)) or {}).get("since", ""))

    def begin_watching(self, brand: str, now: str) -> None:
        """Raises `ConditionFailed` when somebody else has just begun."""
        self.table.put(keys.watched(brand), {"since": now}, new=True)

    def heard(self, case: Case, topic_id: str, bucket: int, expires: int) -> Write:
        """The write that counts a case for its topic, in the transaction that triages it."""
        who = keys.person_mark(case.platform, case.customer_id)
        key = keys.heard(case.brand, topic_id, bucket, case.id, case.gen)
        return Put(key, {"who": who, "case": case.id, "expires": expires}, new=False)

    def counted(self, brand: str, topic_id: str, bucket: int) -> list[Item]:
        """What was heard of a topic in a bucket, as far as it has to be counted."""
        partition = keys.heard(brand, topic_id, bucket, "", 0).pk
        return self.table.query(partition, limit=COUNTED_AT_MOST, consistent=True)[0]

    def all_heard(self, brand: str, topic_id: str, bucket: int) -> Iterator[str]:
        """Ids of all cases that were counted for a topic in a bucket."""
        for item in self.table.query_all(keys.heard(brand, topic_id, bucket, "", 0).pk):
            yield str(item["case"])

    def turn(self, brand: str, topic_id: str, old: Past | None, new: Past, expires: int) -> None:
        """Write a topic's past when a new bucket begins.

        Raises:
            ConditionFailed: somebody else did.
        """
        when = {"bucket": old.bucket if old else None}
        values = {"bucket": new.bucket, "past": new.model_dump_json(), "expires": expires}
        self.table.change(Change(keys.topic(brand, topic_id), values, when=when, exists=False))

    def takes_topic(self, brand: str, topic_id: str, incident_id: str) -> Write:
        """The write that an incident is the one on its topic: there is no other."""
        return Change(keys.topic(brand, topic_id), {"incident": incident_id}, when={"incident": None}, exists=False)

    def frees_topic(self, incident: Incident, rests_until: str) -> Write:
        """The write that it is no more, and that the detector lets the topic rest."""
        key = keys.topic(incident.brand, incident.topic)
        return Change(key, {"rests_until": rests_until}, ("incident",), when={"incident": incident.id})

    def still_on(self, brand: str, topic_id: str, incident_id: str) -> Write:
        """Only look: the incident is open on its topic."""
        return Check(keys.topic(brand, topic_id), {"incident": incident_id})

    # --- incidents ---

    def get(self, brand: str, incident_id: str) -> Incident | None:
        item = self.table.get(keys.incident(brand, incident_id))
        return Incident.model_validate(item) if item else None

    def of_brand(self, brand: str, limit: int = 50) -> list[Incident]:
        """The newest incidents, newest first."""
        items, _ = self.table.query(
            keys.incidents_of(brand), index=keys.LISTS, limit=limit, newest_first=True
        )  # fmt: skip
        return [Incident.model_validate(item) for item in items]

    def writes(self, old: Incident | None, new: Incident, lines: Sequence[Line]) -> tuple[Incident, list[Write]]:
        """The writes that turn `old` into `new`, with the lines of its story that say so."""
        new = new.model_copy(update={"version": (old.version if old else 0) + 1})
        key = keys.incident(new.brand, new.id)
        values: Item = {**new.model_dump(mode="json"), "list_pk": keys.incidents_of(new.brand)}
        values["list_sk"] = f"{new.opened_at}#{new.id}"
        values |= _work(new.id, new.look_at)
        writes: list[Write] = [
            Put(key, values)
            if old is None
            else Change(key, values, _no_work(new.look_at), when={"version": old.version})
        ]
        story = [
            Put(keys.story(new.brand, new.id, new.version, number), line.model_dump(mode="json"))
            for number, line in enumerate(lines)
        ]
        return new, [*writes, *story]

    def gathering_done(self, incident: Incident) -> None:
        """Every case of the time before it was noticed is in it. No version: nobody changed what it is."""
        key = keys.incident(incident.brand, incident.id)
        self.table.change(Change(key, {"look_at": ""}, ("work_pk", "work_sk")))

    def story(self, brand: str, incident_id: str) -> list[Item]:
        """Every line of its story."""
        lines = self.table.query_all(keys.incident(brand, incident_id).pk, prefix=keys.STORY_PREFIX)
        return sorted(lines, key=lambda line: str(line["at"]))

    # --- its cases ---

    def joins(self, brand: str, incident_id: str, case_id: str, now: str) -> Write:
        """The write that a case belongs to an incident; written again it says the same."""
        return Put(keys.grouped(brand, incident_id, case_id), {"case": case_id, "at": now}, new=False)

    def members(self, brand: str, incident_id: str, after: str = "", limit: int = 100) -> tuple[list[str], bool]:
        """Ids of its cases behind one of them, in an order of its own, and whether there are more."""
        partition = keys.incident(brand, incident_id).pk
        start = keys.grouped(brand, incident_id, after)._asdict() if after else None
        items, more = self.table.query(
            partition, prefix=keys.GROUPED_PREFIX, start=start, limit=limit, consistent=True
        )  # fmt: skip
        return [str(item["case"]) for item in items], more is not None

    def cases(self, brand: str, ids: Sequence[str]) -> list[Case]:
        """Those of at most 100 cases that exist, in the order of their ids given."""
        return Cases(self.table).many(brand, ids)

    # --- broadcasts ---

    def broadcast(self, key: Key) -> Broadcast | None:
        item = self.table.get(key)
        return Broadcast.model_validate(item) if item else None

    def broadcasts(self, brand: str, incident_id: str) -> list[Broadcast]:
        """All of an incident, oldest first."""
        items = self.table.query_all(keys.incident(brand, incident_id).pk, prefix=keys.BROADCAST_PREFIX)
        return sorted((Broadcast.model_validate(item) for item in items), key=lambda each: (each.at, each.id))

    def broadcast_writes(self, old: Broadcast | None, new: Broadcast) -> tuple[Broadcast, Write]:
        """The write that turns `old` into `new`, if it is still as it was."""
        new = new.model_copy(update={"version": (old.version if old else 0) + 1})
        key = self.key(new)
        values: Item = {**new.model_dump(mode="json"), **_work(new.id, new.look_at)}
        if old is None:
            return new, Put(key, values)
        was = {"version": old.version, "public_on_x": old.public_on_x}
        return new, Change(key, values, _no_work(new.look_at), when=was)

    def posts_on_x(self, broadcast: Broadcast) -> Write:
        """The write that a broadcast makes one more public post on X."""
        was = {"version": broadcast.version, "public_on_x": broadcast.public_on_x}
        return Change(self.key(broadcast), {"public_on_x": broadcast.public_on_x + 1}, when=was)

    @staticmethod
    def key(broadcast: Broadcast) -> Key:
        return keys.broadcast(broadcast.brand, broadcast.incident, broadcast.id)

    def tells(self, broadcast: Broadcast, case_id: str, now: str, **became: Any) -> Write:
        """The write that a case was told, or why not: once for each broadcast and case."""
        key = keys.told(broadcast.brand, broadcast.incident, broadcast.id, case_id)
        return Put(key, {"case": case_id, "broadcast": broadcast.id, "at": now, **became})

    def told(self, brand: str, incident_id: str, broadcast_id: str) -> list[Item]:
        """What became of a broadcast at each case, as far as it has come."""
        prefix = keys.told(brand, incident_id, broadcast_id, "").sk
        return list(self.table.query_all(keys.incident(brand, incident_id).pk, prefix=prefix))

    def told_already(self, broadcast: Broadcast, ids: Sequence[str]) -> set[str]:
        """Which of at most 100 cases this broadcast has dealt with."""
        wanted = [keys.told(broadcast.brand, broadcast.incident, broadcast.id, each) for each in ids]
        return {str(item["case"]) for item in self.table.get_many(wanted).values()} if wanted else set()


def _work(item_id: str, look_at: str) -> Item:
    return {"work_pk": keys.work(keys.shard(item_id)), "work_sk": look_at} if look_at else {}


def _no_work(look_at: str) -> tuple[str, ...]:
    return () if look_at else ("work_pk", "work_sk")

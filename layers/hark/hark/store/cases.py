"""Cases, their history, and the views an agent pages through."""

from __future__ import annotations

import heapq
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from hark.domain.case import Case, Line, look_at
from hark.domain.changes import Entry
from hark.domain.facts import told as told_to_reports
from hark.domain.retention import is_removed
from hark.domain.time import FAR
from hark.store import facts, keys
from hark.store.keys import Key
from hark.store.table import Change, Check, ConditionFailed, Conflict, Item, Put, Table, Write

# Held by the workflow itself, with updates of its own: never written from a case that was read before.
WORKFLOWS_OWN = frozenset({"wf_token", "wf_wait"})
# Words of customers stay out of the history (I29).
NOT_IN_HISTORY = frozenset(
    {"snippet", "stamp", "look_at", "updated_at", "version", "wf_token", "wf_wait", "signal", "reference", "evidence"}
)


class Stale(Exception):
    """The case has moved on since it was read; read it again."""


def indexes(case: Case) -> dict[str, str]:
    """In which lists a case stands, by its state; sparse, so that a list holds only what belongs there."""
    order = keys.queue_order(case.due_at, case.last_at, case.id)
    part = keys.shard(case.id)
    if case.status == "snoozed":
        order = f"{case.snoozed_until}#{case.id}"
    elif case.status == "closed":
        order = f"{case.closed_at}#{case.id}"
    lists = {"list_pk": keys.view(case.brand, case.status, part), "list_sk": order}
    if is_removed(case):
        lists = {}  # nobody looks through what says nothing; by its address it is still found
    if case.status == "open":
        mine = keys.owner(case.brand, case.owner) if case.owner else keys.nobodys(case.brand, part)
        lists |= {"owner_pk": mine, "owner_sk": order}
    if case.look_at:
        lists |= {"work_pk": keys.work(part), "work_sk": case.look_at}
    return lists


def values_of(case: Case) -> Item:
    """A case as its item holds it, but for lists; without what only a removed one has, for the queue reads it all."""
    absent = {"removed_at", "removed_after"} if not case.removed_at else set[str]()
    return case.model_dump(mode="json", exclude=absent | (set() if case.erased_at else {"erased_at"}))


_ALL_INDEX_KEYS = ("list_pk", "list_sk", "owner_pk", "owner_sk", "work_pk", "work_sk")


class Cases:
    def __init__(self, table: Table) -> None:
        self.table = table

    def get(self, brand: str, case_id: str) -> Case | None:
        item = self.table.get(keys.case(brand, case_id))
        return Case.model_validate(item) if item else None

    def many(self, brand: str, ids: Sequence[str]) -> list[Case]:
        """Those of at most 100 cases that exist, in the order of their ids given."""
        found = self.table.get_many([keys.case(brand, each) for each in ids]) if ids else {}
        wanted = [found.get(keys.case(brand, each)) for each in ids]
        return [Case.model_validate(item) for item in wanted if item]

    # --- writing ---

    def writes(self, old: Case | None, new: Case, lines: Sequence[Line], now: str) -> tuple[Case, list[Write]]:
        """The writes that turn `old` into `new`, with the history lines that say so (I38) and what reports count.

        Only what differs is set, under the condition that nobody else has changed the case since.
        """
        version = (old.version if old else 0) + 1
        new = new.model_copy(update={"version": version, "look_at": look_at(new, now), "stamp": secrets.token_hex(8)})
        key, after = keys.case(new.brand, new.id), values_of(new)
        before = values_of(old) if old else {}
        changed = {name: value for name, value in after.items() if before.get(name) != value}
        place = {"change_pk": keys.changed(new.brand), "change_sk": keys.change_order(now, version)}
        writes: list[Write] = []
        if old is None:
            writes.append(Put(key, {**after, **indexes(new), **place}))
        else:
            was, now_in = indexes(old), indexes(new)
            sets = {n: v for n, v in changed.items() if n not in WORKFLOWS_OWN or v == ""}
            sets |= {n: v for n, v in now_in.items() if was.get(n) != v} | place
            removes = [n for n in _ALL_INDEX_KEYS if n in was and n not in now_in]
            writes.append(Change(key, sets, removes, when={"version": old.version}))
        told = {name: value for name, value in changed.items() if name not in NOT_IN_HISTORY}
        for number, line in enumerate(lines):
            values: dict[str, Any] = {
                **line.model_dump(mode="json"), "brand": new.brand, "case": new.id, "gen": new.gen, "number": version,
            }  # fmt: skip
            if number == 0:
                values["changes"] = told
            writes.append(Put(keys.history(new.brand, new.id, version, number), values))
        return new, [*writes, *facts.writes(new.brand, told_to_reports(old, new, lines, now))]

    def commit(self, old: Case | None, new: Case, lines: Sequence[Line], now: str, also: Iterable[Write] = ()) -> Case:
        """Write a change of a case together with what belongs to it.

        Raises:
            Stale: somebody else changed the case first, or it exists already. `ConditionFailed`: one of `also` did
            not hold.
        """
        new, writes = self.writes(old, new, lines, now)
        extra = list(also)
        try:
            self.table.transact([*writes, *extra])
        except ConditionFailed as clash:
            if self._is_ours(new):
                return new
            if clash.index < len(writes):
                raise Stale from clash
            raise ConditionFailed(clash.item, clash.index - len(writes)) from clash
        except Conflict as clash:
            raise Stale from clash
        return new

    def _is_ours(self, new: Case) -> bool:
        """Whether the write did happen and only its answer was lost (I16)."""
        item = self.table.get(keys.case(new.brand, new.id))
        return item is not None and item.get("stamp") == new.stamp

    def before(self, brand: str, case_id: str) -> Item:
        """What is known of a conversation that has no case yet; empty when nothing is."""
        return self.table.get(keys.before(brand, case_id)) or {}

    def learns(self, brand: str, case_id: str, known: Item, **learnt: Any) -> list[Write]:
        """The writes that remember something of a conversation, while it has no case."""
        rev = known.get("rev")
        note = Change(
            keys.before(brand, case_id), {"rev": (rev or 0) + 1, **learnt}, when={"rev": rev}, exists=False
        )  # fmt: skip
        return [note, Check(keys.case(brand, case_id), {"pk": None}, exists=False)]

    def opens_with(self, brand: str, case_id: str, known: Item) -> Write:
        """The write that a case is opened with all that was learnt before it."""
        return Check(keys.before(brand, case_id), {"rev": known.get("rev")}, exists=False)

    def seen_up_to(self, case: Case, at: str, now: str) -> Write:
        """The write that the customer has seen what we wrote up to then. No change to collide with, but one to show."""
        place = {"change_pk": keys.changed(case.brand), "change_sk": keys.change_order(now, case.version)}
        return Change(keys.case(case.brand, case.id), {"seen_at": at, **place})

    def workflow_runs(self, case: Case, now: str) -> None:
        """The execution of this generation was started. No history: nothing happened to the case.

        Raises:
            Stale: the case is in another generation, or has a signal to deliver by now: when to look at it again would
            be wrong, and nobody would look until long after its deadline.
        """
        running = case.model_copy(update={"workflow": "running"})
        when = {"gen": case.gen, "workflow": "starting", "signal": case.signal}
        self._technical(running, now, {"workflow": "running"}, when)

    def signal_delivered(self, case: Case, now: str) -> None:
        """The workflow knows. A closed case has nothing left to wait for."""
        fresh: dict[str, str] = {"signal": ""}
        if case.status == "closed":
            fresh["workflow"] = "ended"
        self._technical(case.model_copy(update=fresh), now, fresh, {"gen": case.gen, "version": case.version})

    def looked_at(self, case: Case, look_again_at: str) -> None:
        """The sweeper saw that all is well; when to look again."""
        self.table.change(
            Change(keys.case(case.brand, case.id), {"look_at": look_again_at, "work_sk": look_again_at},
                   when={"version": case.version, "work_sk": case.look_at})
        )  # fmt: skip

    def _technical(self, case: Case, now: str, fresh: dict[str, str], when: dict[str, Any]) -> None:
        again = look_at(case, now)
        key = keys.case(case.brand, case.id)
        if again:
            part = keys.shard(case.id)
            change = Change(key, {**fresh, "look_at": again, "work_pk": keys.work(part), "work_sk": again}, when=when)
        else:
            change = Change(key, {**fresh, "look_at": ""}, ("work_pk", "work_sk"), when=when)
        try:
            self.table.change(change)
        except ConditionFailed as clash:
            raise Stale from clash

    # --- reading ---

    def history(self, brand: str, case_id: str) -> list[Item]:
        """Every line, oldest first."""
        return list(self.table.query_all(keys.case(brand, case_id).pk, prefix=keys.HISTORY_PREFIX))

    def of_view(
        self, brand: str, view: str, member: str, start: dict[str, Item], limit: int
    ) -> tuple[list[Case], dict[str, Item]]:
        """One page of a view in its order, and per part of the index the key to go on from (empty: no more).

        A page costs the same however long the view is: one short query per part.
        """
        status = {"mine": "open", "unassigned": "open", "open": "open", "snoozed": "snoozed", "done": "closed"}[view]
        newest_first = view == "done"
        if view == "mine":
            partitions = {"m": (keys.owner(brand, member), keys.OWNERS)}
        elif view == "unassigned":
            partitions = {str(n): (keys.nobodys(brand, n), keys.OWNERS) for n in range(keys.SHARDS)}
        else:
            partitions = {str(n): (keys.view(brand, status, n), keys.LISTS) for n in range(keys.SHARDS)}
        pages: list[list[tuple[str, str, Item]]] = []
        more: dict[str, bool] = {}
        for name, (partition, index) in partitions.items():
            if start and name not in start:
                continue  # this part was read to its end on an earlier page
            items, rest = self.table.query(
                partition, index=index, start=start.get(name) or None, limit=limit, newest_first=newest_first
            )
            order = "owner_sk" if index == keys.OWNERS else "list_sk"
            pages.append([(item[order], name, item) for item in items])
            more[name] = rest is not None
        merged = heapq.merge(*pages, key=lambda entry: entry[0], reverse=newest_first)
        taken: list[Case] = []
        last: dict[str, Item] = {}
        used: dict[str, int] = dict.fromkeys(more, 0)
        for _, name, item in merged:
            if len(taken) == limit:
                break
            taken.append(Case.model_validate(item))
            used[name] += 1
            last[name] = self._start_key(item, partitions[name][1])
        following: dict[str, Item] = {}
        for page_name, has_more in more.items():
            page = next((p for p in pages if p and p[0][1] == page_name), [])
            if used[page_name] < len(page) or has_more:
                following[page_name] = last.get(page_name) or start.get(page_name) or {}
        return taken, following

    def ended(
        self, brand: str, part: int, up_to: str, start: Item | None, limit: int
    ) -> tuple[list[Case], Item | None]:
        """Some of the cases in a part of the index that were closed up to a time, the oldest first, and the key to go
        on from. From an index, which may lag behind by a moment: read a case again before it is written."""
        items, more = self.table.query(
            keys.view(brand, "closed", part), index=keys.LISTS, up_to=f"{up_to}#\uffff", start=start, limit=limit
        )
        return [Case.model_validate(item) for item in items], more

    def walk(self, brand: str, since: str, place: Item, limit: int) -> tuple[list[Case], Item]:
        """Some of a brand's cases, and where to go on: `{"part": 0}` begins, an empty place is the end.

        Part by part of the index, so that a pass costs what there is to see; of the closed cases only those closed
        since then. A case that moves from one view to another meanwhile may be missed or met twice.
        """
        parts = [(status, n) for status in ("open", "snoozed", "closed") for n in range(keys.SHARDS)]
        status, number = parts[place["part"]]
        items, more = self.table.query(
            keys.view(brand, status, number), index=keys.LISTS, start=place.get("key"), limit=limit,
            newest_first=status == "closed",
        )  # fmt: skip
        cases = [Case.model_validate(item) for item in items]
        if status == "closed":
            recent = [case for case in cases if case.closed_at >= since]
            cases, more = recent, more if len(recent) == len(cases) else None
        if more:
            return cases, {"part": place["part"], "key": more}
        following = place["part"] + 1
        return cases, {"part": following} if following < len(parts) else {}

    @staticmethod
    def _start_key(item: Item, index: str) -> Item:
        names = ("owner_pk", "owner_sk") if index == keys.OWNERS else ("list_pk", "list_sk")
        return {name: item[name] for name in ("pk", "sk", *names)}

    def open_of(self, brand: str, member: str, limit: int = 100) -> int:
        """How many open cases an agent has, counted up to `limit`."""
        return self.table.count(keys.owner(brand, member), index=keys.OWNERS, limit=limit)

    def in_hand(self, brand: str, member: str, limit: int = 100) -> list[Case]:
        """An agent's open cases that wait for us, due first, up to `limit`.

        From an index, which may lag behind by a moment. What waits for the customer stands behind all that is due.
        """
        return list(islice(self._owed(keys.owner(brand, member), limit), limit))

    def waiting(self, brand: str) -> Iterator[Case]:
        """Open cases of nobody that wait for us, due first, a page at a time.

        From an index, which may lag behind by a moment: read a case again before it is written.
        """
        parts = [self._owed(keys.nobodys(brand, n), 25) for n in range(keys.SHARDS)]
        return heapq.merge(*parts, key=lambda case: keys.queue_order(case.due_at, case.last_at, case.id))

    def of_owner(self, brand: str, member: str) -> Iterator[Case]:
        """All cases of an agent that are not closed. Reads every case of the brand that is put off."""
        yield from map(Case.model_validate, self.table.query_all(keys.owner(brand, member), index=keys.OWNERS))
        for number in range(keys.SHARDS):
            put_off = self.table.query_all(keys.view(brand, "snoozed", number), index=keys.LISTS)
            yield from (case for case in map(Case.model_validate, put_off) if case.owner == member)

    def any_of_nobody(self, brand: str) -> bool:
        """Whether any open case is nobody's."""
        parts = (keys.nobodys(brand, number) for number in range(keys.SHARDS))
        return any(self.table.count(part, index=keys.OWNERS, limit=1) for part in parts)

    def _owed(self, partition: str, page: int) -> Iterator[Case]:
        start: Item | None = None
        while True:
            items, start = self.table.query(partition, index=keys.OWNERS, up_to=FAR, start=start, limit=page)
            yield from (case for case in map(Case.model_validate, items) if case.awaiting == "us")
            if start is None:
                return

    def changed(self, brand: str, since: str, limit: int) -> list[Entry]:
        """The brand's cases that changed last, the latest first: not before `since` (empty: however long ago).

        From an index, which may lag behind by a moment.
        """
        items, _ = self.table.query(
            keys.changed(brand), index=keys.CHANGES, since=since, limit=limit, newest_first=True
        )
        return [
            Entry(keys.case_of(Key(item["pk"], item["sk"])), *item["change_sk"].split("#")) for item in items
        ]  # fmt: skip

    def counts(self, brand: str, member: str, limit: int = 100) -> dict[str, int]:
        """How long each view is, counted up to `limit`."""

        def parts(partition_of: Callable[[int], str], index: str) -> int:
            total = 0
            for number in range(keys.SHARDS):
                if total < limit:
                    total += self.table.count(partition_of(number), index=index, limit=limit - total)
            return total

        return {
            "mine": self.open_of(brand, member, limit),
            "unassigned": parts(lambda n: keys.nobodys(brand, n), keys.OWNERS),
            "open": parts(lambda n: keys.view(brand, "open", n), keys.LISTS),
            "snoozed": parts(lambda n: keys.view(brand, "snoozed", n), keys.LISTS),
        }

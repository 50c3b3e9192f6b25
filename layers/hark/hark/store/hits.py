"""What listening found, and how far each of its queries has come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from hark.domain.hits import Hit, Review
from hark.store import keys
from hark.store.table import Change, Item, Put, Table, Write


class Hits:
    def __init__(self, table: Table) -> None:
        self.table = table

    def get(self, brand: str, hit_id: str) -> Hit | None:
        item = self.table.get(keys.hit(brand, hit_id))
        return Hit.model_validate(item) if item else None

    def of_post(self, brand: str, platform: str, message_id: str) -> Hit | None:
        """The hit that a post is, if a query found it."""
        return self.get(brand, keys.hit_id(platform, message_id))

    def page(
        self, brand: str, state: Review, query_id: str, start: Item | None, limit: int
    ) -> tuple[list[Hit], Item | None]:
        """One page of a state, of all queries or ("" for all) of one, and where the next begins. What waits is told the
        oldest first, what was decided the newest first; the order is that of the platform's times."""
        newest_first = state != "waiting"
        if query_id:
            partition, index = keys.hits_of_query(brand, state, query_id), keys.OWNERS
        else:
            partition, index = keys.hits_of(brand, state), keys.LISTS
        items, more = self.table.query(partition, index=index, start=start, limit=limit, newest_first=newest_first)
        return [Hit.model_validate(item) for item in items], more

    def lately(self, brand: str, state: Review, since: str, limit: int) -> list[Hit]:
        """Those of a state that were written since then, oldest first."""
        items, _ = self.table.query(keys.hits_of(brand, state), index=keys.LISTS, since=since, limit=limit)
        return [Hit.model_validate(item) for item in items]

    def of_person(self, brand: str, platform: str, person_id: str) -> Iterator[Hit]:
        """Every hit by this person. Reads all that the brand's listening still keeps."""
        for state in get_args(Review):
            for item in self.table.query_all(keys.hits_of(brand, state), index=keys.LISTS):
                hit = Hit.model_validate(item)
                if (hit.platform, hit.person) == (platform, person_id):
                    yield hit

    def new(self, hit: Hit) -> Write:
        return Put(keys.hit(hit.brand, hit.id), {**hit.model_dump(mode="json"), **_lists(hit)})

    def write(self, old: Hit, new: Hit) -> Write:
        """The write that turns `old` into `new`, if nobody has written it since."""
        before, after = old.model_dump(mode="json"), new.model_dump(mode="json")
        values: dict[str, Any] = {name: value for name, value in after.items() if before[name] != value}
        fresh = {**values, **_lists(new), "rev": old.rev + 1}
        return Change(keys.hit(old.brand, old.id), fresh, when={"rev": old.rev})

    # --- queries ---

    def listened(self, brand: str, query_id: str) -> Item:
        """What is kept of a query (`desk.listening`); empty before it asked for the first time."""
        return self.table.get(keys.listened(brand, query_id)) or {}

    def all_listened(self, brand: str) -> dict[str, Item]:
        """By query."""
        return {str(item["sk"]): item for item in self.table.query_all(keys.listened(brand, "").pk)}

    def move(self, brand: str, query_id: str, state: Mapping[str, Any]) -> None:
        """Only after every post that the state stands for is durable (I8)."""
        self.table.put(keys.listened(brand, query_id), state)


def _lists(hit: Hit) -> Item:
    order = f"{hit.at}#{hit.id}"
    return {
        "list_pk": keys.hits_of(hit.brand, hit.state), "list_sk": order,
        "owner_pk": keys.hits_of_query(hit.brand, hit.state, hit.query), "owner_sk": order,
    }  # fmt: skip

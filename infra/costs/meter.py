"""Counts what a DynamoDB client consumes, by the rules of `capacity`, from the items as they really are.

moto's ConsumedCapacity is a constant, so the client's calls are watched through botocore's own events: before a
write the items are read (by a client that is not watched), after it they are read again, and the difference is
charged. Reads are charged by what they return; an index entry is as big as its projection.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from infra.costs.capacity import Index, Item, change_units, indexes, item_bytes, read_units

_KEYS = ("pk", "sk")


@dataclass
class Consumed:
    """Units of somebody: reads, writes of items, writes of index entries, and how often each operation was called."""

    read: float = 0.0
    table_write: int = 0
    index_write: int = 0
    calls: Counter[str] = field(default_factory=Counter)

    @property
    def write(self) -> int:
        """All write units."""
        return self.table_write + self.index_write

    def as_json(self) -> dict[str, Any]:
        """For a file."""
        return {
            "read": self.read,
            "table_write": self.table_write,
            "index_write": self.index_write,
            "calls": dict(sorted(self.calls.items())),
        }


class Meter:
    """Watches one client on one table.

    Args:
        client: a boto3 DynamoDB client; every call of it from now on is charged to whoever is set with `charge`.
        other: another client of the same table, to look with.
        table: its name.
    """

    def __init__(self, client: Any, other: Any, table: str) -> None:
        self._client, self._other, self._table = client, other, table
        self.indexes: dict[str, Index] = {
            index.name: index for index in indexes(other.describe_table(TableName=table)["Table"])
        }
        self.consumed: dict[str, Consumed] = {}
        self._who: str | None = None
        events = client.meta.events
        events.register("before-parameter-build.dynamodb", self._before)
        events.register("after-call.dynamodb", self._after)

    def close(self) -> None:
        """Watch no longer."""
        self._client.meta.events.unregister("before-parameter-build.dynamodb", self._before)
        self._client.meta.events.unregister("after-call.dynamodb", self._after)

    @contextmanager
    def charge(self, who: str) -> Iterator[Consumed]:
        """What is consumed inside goes to `who`; outside nothing is counted."""
        self._who, was = who, self._who
        try:
            yield self.consumed.setdefault(who, Consumed())
        finally:
            self._who = was

    @contextmanager
    def paused(self) -> Iterator[None]:
        """What is consumed inside is nobody's."""
        self._who, was = None, self._who
        try:
            yield
        finally:
            self._who = was

    # --- botocore's events ---

    def _before(self, params: Mapping[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        if self._who is None:
            return
        keys = _written(model.name, params)
        context["meter"] = {"params": params, "before": [self._look(key) for key in keys], "keys": keys}

    def _after(
        self, http_response: Any, parsed: Mapping[str, Any], model: Any, context: dict[str, Any], **_: Any
    ) -> None:
        kept = context.pop("meter", None)
        if self._who is None or kept is None:
            return
        consumed = self.consumed[self._who]
        consumed.calls[model.name] += 1
        if http_response.status_code >= 300:
            self._refused(consumed, model.name, kept)
            return
        charge: Callable[[Consumed, Mapping[str, Any], Mapping[str, Any]], None] | None = {
            "GetItem": self._got, "BatchGetItem": self._got_many, "Query": self._queried,
        }.get(model.name)  # fmt: skip
        if charge:
            charge(consumed, kept["params"], parsed)
        elif kept["keys"]:
            self._wrote(consumed, kept, transactional=model.name == "TransactWriteItems")
        else:
            raise ValueError(f"no rule for what {model.name} consumes")

    def _look(self, key: Item) -> Item:
        found: Item = self._other.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item", {})
        return found

    # --- charges ---

    @staticmethod
    def _got(consumed: Consumed, params: Mapping[str, Any], parsed: Mapping[str, Any]) -> None:
        size = item_bytes(parsed.get("Item", {}))
        consumed.read += read_units(size, consistent=params.get("ConsistentRead", False))

    @staticmethod
    def _got_many(consumed: Consumed, params: Mapping[str, Any], parsed: Mapping[str, Any]) -> None:
        """Each item is rounded up by itself; a key without an item costs as the smallest item."""
        for table, asked in params["RequestItems"].items():
            consistent = asked.get("ConsistentRead", False)
            found = parsed["Responses"].get(table, [])
            absent: list[Item] = [{}] * (len(asked["Keys"]) - len(found))
            consumed.read += sum(read_units(item_bytes(item), consistent=consistent) for item in [*found, *absent])

    def _queried(self, consumed: Consumed, params: Mapping[str, Any], parsed: Mapping[str, Any]) -> None:
        """All items of a page together are rounded up. A counting query reads the same items."""
        items = parsed.get("Items")
        if items is None:  # Select=COUNT: the same page again, by the client that is not watched
            items = self._other.query(**{k: v for k, v in params.items() if k != "Select"})["Items"]
        if index := self.indexes.get(params.get("IndexName", "")):
            items = [index.entry(item) for item in items]
        size = sum(item_bytes(item) for item in items)
        consumed.read += read_units(size, consistent=params.get("ConsistentRead", False))

    def _wrote(self, consumed: Consumed, kept: Mapping[str, Any], *, transactional: bool) -> None:
        for key, before in zip(kept["keys"], kept["before"], strict=True):
            table, index = change_units(before, self._look(key), self.indexes.values(), transactional=transactional)
            consumed.table_write += table
            consumed.index_write += index

    @staticmethod
    def _refused(consumed: Consumed, operation: str, kept: Mapping[str, Any]) -> None:
        """A write whose condition fails costs what it would have cost the item that stands there."""
        twice = operation == "TransactWriteItems"
        for before in kept["before"]:
            consumed.table_write += change_units(before, before, (), transactional=twice)[0]


def _written(operation: str, params: Mapping[str, Any]) -> Sequence[Item]:
    """Keys of the items an operation writes (or checks in a transaction, which costs as much)."""
    match operation:
        case "PutItem":
            return [_key(params["Item"])]
        case "UpdateItem" | "DeleteItem":
            return [params["Key"]]
        case "TransactWriteItems":
            actions = [next(iter(action.values())) for action in params["TransactItems"]]
            return [action["Key"] if "Key" in action else _key(action["Item"]) for action in actions]
        case _:
            return []


def _key(item: Item) -> Item:
    return {name: item[name] for name in _KEYS}

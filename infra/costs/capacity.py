"""Item sizes and capacity units by DynamoDB's rules. Items are in DynamoDB's own typed form.

Sources: DynamoDB developer guide, "Item sizes and formats", "Read and write request units" and "Using global
secondary indexes: write capacity units". Sizes of numbers are the guide's approximation.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Item = Mapping[str, Mapping[str, Any]]
"""Attribute → `{"S": …}` and the like."""

WRITE_BYTES, READ_BYTES = 1024, 4096
STORED_OVERHEAD_BYTES = 100
"""Added to each item, and to each index entry, where storage is billed."""


def _utf8(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _number(text: str) -> int:
    digits = Decimal(text).normalize().as_tuple()
    return math.ceil(len(digits.digits) / 2) + 1 + digits.sign


def value_bytes(value: Mapping[str, Any]) -> int:
    """Size of one typed value.

    Raises:
        ValueError: a type DynamoDB does not have.
    """
    [(kind, content)] = value.items()
    match kind:
        case "S":
            return _utf8(content)
        case "N":
            return _number(content)
        case "B":
            return len(content)
        case "BOOL" | "NULL":
            return 1
        case "SS":
            return sum(_utf8(one) for one in content)
        case "NS":
            return sum(_number(one) for one in content)
        case "BS":
            return sum(len(one) for one in content)
        case "L":
            return 3 + sum(1 + value_bytes(one) for one in content)
        case "M":
            return 3 + sum(1 + _utf8(name) + value_bytes(one) for name, one in content.items())
        case _:
            raise ValueError(kind)


def item_bytes(item: Item) -> int:
    """Size of an item: names and values of its attributes. 0 for no item."""
    return sum(_utf8(name) + value_bytes(value) for name, value in item.items())


def write_units(size: int) -> int:
    """Units of one standard write of so many bytes; at least 1."""
    return max(1, math.ceil(size / WRITE_BYTES))


def read_units(size: int, *, consistent: bool) -> float:
    """Units of one read of so many bytes in all; at least 1, or 0.5 when eventually consistent."""
    return max(1, math.ceil(size / READ_BYTES)) * (1.0 if consistent else 0.5)


@dataclass(frozen=True, slots=True)
class Index:
    """A global secondary index: its own keys, and whether it holds whole items or keys only."""

    name: str
    keys: tuple[str, str]
    whole: bool

    def entry(self, item: Item) -> Item:
        """What the index holds of an item; empty when the item does not stand in it (sparse)."""
        if any(key not in item for key in self.keys):
            return {}
        return item if self.whole else {name: item[name] for name in ("pk", "sk", *self.keys)}

    def write_units(self, before: Item, after: Item) -> int:
        """Units that a change of an item costs in this index: 0 when its entry stays the same, two writes when the
        entry moves to another index key, else one."""
        old, new = self.entry(before), self.entry(after)
        if old == new:
            return 0
        if old and new and any(old[key] != new[key] for key in self.keys):
            return write_units(item_bytes(old)) + write_units(item_bytes(new))
        return write_units(max(item_bytes(old), item_bytes(new)))


def indexes(table: Mapping[str, Any]) -> tuple[Index, ...]:
    """The indexes of a table, from its template properties or from DescribeTable."""
    found = []
    for index in table.get("GlobalSecondaryIndexes", []):
        kind = {key["KeyType"]: key["AttributeName"] for key in index["KeySchema"]}
        projection = index["Projection"]["ProjectionType"]
        if projection not in ("ALL", "KEYS_ONLY"):
            raise ValueError(f"{index['IndexName']}: no rule for projection {projection}")
        found.append(Index(index["IndexName"], (kind["HASH"], kind["RANGE"]), projection == "ALL"))
    return tuple(found)


def change_units(before: Item, after: Item, of: Iterable[Index], *, transactional: bool) -> tuple[int, int]:
    """Units a change costs in the table and in all its indexes together.

    The table's write counts twice in a transaction (prepare and commit). The indexes are written afterwards, from
    what was committed, so theirs are counted once: AWS says what a transaction costs per item, not per index entry.
    """
    table = write_units(max(item_bytes(before), item_bytes(after))) * (2 if transactional else 1)
    return table, sum(index.write_units(before, after) for index in of)


def stored_bytes(items: Iterable[Item], of: tuple[Index, ...]) -> int:
    """Bytes that storage is billed for: items and index entries, each with its overhead."""
    total = 0
    for item in items:
        total += item_bytes(item) + STORED_OVERHEAD_BYTES
        total += sum(item_bytes(i.entry(item)) + STORED_OVERHEAD_BYTES for i in of if i.entry(item))
    return total

"""DynamoDB in memory, as far as the desk speaks to it: every call is atomic, and nothing has to be sent anywhere.

Takes and gives what stands in the bodies of DynamoDB's JSON protocol (API version 2012-08-10). What the desk never
asks for is refused with `NotImplementedError`, never guessed. Beyond what moto knows: a transaction's client token, the
item behind each failed condition, and the limits of an item, of a key and of a transaction.

Source of the rules: the Amazon DynamoDB Developer Guide (expressions; constraints; transactions).
"""

from __future__ import annotations

import json
import re
import threading
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from botocore import xform_name

Value = dict[str, Any]
"""`{"S": "text"}` and the like."""
Item = dict[str, Value]
Body = Mapping[str, Any]
Place = tuple[str, str]
"""Partition and sort key."""

LARGEST_ITEM = 400 * 1024
LARGEST_TRANSACTION, LARGEST_TRANSACTION_BYTES = 100, 4 * 1024 * 1024
LARGEST_PAGE = 1024 * 1024
LARGEST_PARTITION_KEY, LARGEST_SORT_KEY = 2048, 1024


class Refused(Exception):
    """What DynamoDB answers with 400: the error's name, its sentence, and what it carries beside them."""

    def __init__(self, code: str, message: str, **more: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.more = more


def _invalid(message: str) -> Refused:
    return Refused("ValidationException", message)


# --- expressions --------------------------------------------------------------------------------

Holds = Callable[[Item, "Terms"], bool]

_TOKEN = re.compile(r"\s*(#\w+|:\w+|\w+|<=|>=|<>|[=<>(),+])")
_CLAUSE = re.compile(r"\b(SET|REMOVE|ADD)\b")


class Terms:
    """The names and values that a request puts into its expressions. Each has to be used, and to be there."""

    def __init__(self, body: Body) -> None:
        self.names: Mapping[str, str] = body.get("ExpressionAttributeNames", {})
        self.values: Mapping[str, Value] = body.get("ExpressionAttributeValues", {})

    def name(self, written: str) -> str:
        if not written.startswith("#"):
            return written
        if written not in self.names:
            raise _invalid(f"An expression attribute name used in an expression is not defined: {written}")
        return self.names[written]

    def value(self, written: str) -> Value:
        if written not in self.values:
            raise _invalid(f"An expression attribute value used in expression is not defined: {written}")
        return self.values[written]

    def all_used_in(self, *expressions: str) -> None:
        used = {token for expression in expressions for token in _TOKEN.findall(expression)}
        for kind, given in (("Names", self.names), ("Values", self.values)):
            if unused := [one for one in given if one not in used]:
                raise _invalid(f"Value provided in ExpressionAttribute{kind} unused in expressions: {unused}")


def _tokens(expression: str) -> list[str]:
    found, at = [], 0
    expression = expression.strip()
    while at < len(expression):
        match = _TOKEN.match(expression, at)
        if match is None:
            raise NotImplementedError(expression)
        found.append(match[1])
        at = match.end()
    return found


@cache
def condition(expression: str) -> Holds:
    """The meaning of a condition: comparisons under AND and OR, with parentheses. AND binds closer than OR."""
    tokens = _tokens(expression)
    holds = _any_of(tokens)
    if tokens:
        raise NotImplementedError(expression)
    return holds


def _any_of(tokens: list[str]) -> Holds:
    parts = [_all_of(tokens)]
    while tokens and tokens[0] == "OR":
        del tokens[0]
        parts.append(_all_of(tokens))
    return parts[0] if len(parts) == 1 else lambda item, terms: any(part(item, terms) for part in parts)


def _all_of(tokens: list[str]) -> Holds:
    parts = [_one_of(tokens)]
    while tokens and tokens[0] == "AND":
        del tokens[0]
        parts.append(_one_of(tokens))
    return parts[0] if len(parts) == 1 else lambda item, terms: all(part(item, terms) for part in parts)


def _one_of(tokens: list[str]) -> Holds:
    match tokens:
        case ["(", *_]:
            del tokens[0]
            inner = _any_of(tokens)
            if tokens[:1] != [")"]:
                raise NotImplementedError("a parenthesis that stays open")
            del tokens[0]
            return inner
        case ["attribute_exists", "(", name, ")", *_]:
            del tokens[:4]
            return lambda item, terms: terms.name(name) in item
        case ["attribute_not_exists", "(", name, ")", *_]:
            del tokens[:4]
            return lambda item, terms: terms.name(name) not in item
        case [name, "=", value, *_] if value.startswith(":"):
            del tokens[:3]
            return lambda item, terms: _same(item.get(terms.name(name)), terms.value(value))
        case [name, "<>", value, *_] if value.startswith(":"):
            del tokens[:3]
            return lambda item, terms: not _same(item.get(terms.name(name)), terms.value(value))
    raise NotImplementedError(" ".join(tokens))


def _same(one: Value | None, other: Value) -> bool:
    """Whether two values are equal; the members of a set have no order."""
    if one is None or one == other:
        return one is not None
    ((kind, said),) = one.items()
    return kind in ("SS", "NS", "BS") and kind in other and set(said) == set(other[kind])


@dataclass(frozen=True)
class Alteration:
    """One part of an update: `SET name = :value`, `REMOVE name` or `ADD name :value`."""

    clause: str
    name: str
    value: str = ""

    def apply(self, item: Item, terms: Terms) -> None:
        """Do it to a copy of an item that nobody else has yet."""
        name = terms.name(self.name)
        if self.clause == "REMOVE":
            item.pop(name, None)
        elif self.clause == "SET":
            item[name] = terms.value(self.value)
        else:
            before = int(item[name]["N"]) if name in item else 0
            item[name] = {"N": str(before + int(terms.value(self.value)["N"]))}


@cache
def update(expression: str) -> Sequence[Alteration]:
    """The parts of an update expression."""
    _, *pieces = _CLAUSE.split(expression)
    return [
        _alteration(clause, part)
        for clause, said in zip(pieces[::2], pieces[1::2], strict=True)
        for part in said.split(",")
    ]


def _alteration(clause: str, written: str) -> Alteration:
    match clause, _tokens(written):
        case "SET", [name, "=", value] if value.startswith(":"):
            return Alteration(clause, name, value)
        case "REMOVE", [name]:
            return Alteration(clause, name)
        case "ADD", [name, value] if value.startswith(":"):
            return Alteration(clause, name, value)
    raise NotImplementedError(f"{clause} {written}")


@cache
def _key_condition(expression: str) -> tuple[str, str, tuple[str, ...]]:
    """The shape of a key condition: its partition's value, how the sort key is asked for, and by which values."""
    match _tokens(expression):
        case [_, "=", value]:
            return value, "", ()
        case [_, "=", value, "AND", "begins_with", "(", _, ",", prefix, ")"]:
            return value, "begins", (prefix,)
        case [_, "=", value, "AND", _, "BETWEEN", low, "AND", high]:
            return value, "between", (low, high)
        case [_, "=", value, "AND", _, "<=", high]:
            return value, "up to", (high,)
        case [_, "=", value, "AND", _, ">=", low]:
            return value, "since", (low,)
        case [_, "=", value, "AND", _, "=", same]:
            return value, "between", (same, same)
    raise NotImplementedError(expression)


# --- the table ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Index:
    """A key schema, and what of an item can be seen through it."""

    partition: str
    sort: str
    whole: bool = True


@dataclass
class Stored:
    """A table: its items, and the places of them in the order of each index."""

    said: Mapping[str, Any]
    """What it was made with."""
    main: Index
    indexes: Mapping[str, Index]
    items: dict[Place, Item] = field(default_factory=dict)
    order: dict[tuple[str, str], list[tuple[str, str, str]]] = field(default_factory=dict)
    """(index, partition) → sorted (sort key, place)."""
    weights: dict[Place, int] = field(default_factory=dict)
    """Of the items that were weighed since they changed."""

    def copy(self) -> Stored:
        """As it is now; items are never changed in place."""
        order = {key: list(rows) for key, rows in self.order.items()}
        return Stored(self.said, self.main, self.indexes, dict(self.items), order)

    def put(self, place: Place, item: Item | None) -> None:
        """Let `item` stand there, or nothing."""
        old = self.items.get(place)
        self.weights.pop(place, None)
        for name, index in (("", self.main), *self.indexes.items()):
            before, after = self._seat(index, old), self._seat(index, item)
            if before == after:
                continue
            if before is not None:
                rows = self.order[name, before[0]]
                del rows[bisect_left(rows, (before[1], *place))]
            if after is not None:
                insort(self.order.setdefault((name, after[0]), []), (after[1], *place))
        if item is None:
            self.items.pop(place, None)
        else:
            self.items[place] = item

    def weight_at(self, place: Place) -> int:
        """Bytes of what stands there."""
        if place not in self.weights:
            self.weights[place] = weight(self.items[place])
        return self.weights[place]

    @staticmethod
    def _seat(index: Index, item: Item | None) -> Place | None:
        if item is None or index.partition not in item or index.sort not in item:
            return None
        return item[index.partition]["S"], item[index.sort]["S"]

    def seen(self, index: Index, item: Item) -> Item:
        """What a query through the index is given of an item."""
        if index.whole:
            return item
        names = {self.main.partition, self.main.sort, index.partition, index.sort}
        return {name: value for name, value in item.items() if name in names}


def weight(item: Item) -> int:
    """Bytes of an item as DynamoDB counts them, near enough for its limit."""
    return sum(len(name.encode()) + _weight(value) for name, value in item.items())


def _weight(value: Value) -> int:
    ((kind, said),) = value.items()
    match kind:
        case "S":
            return len(said.encode())
        case "N":
            return len(said) // 2 + 1
        case "B":
            return len(said)
        case "L":
            return 3 + sum(1 + _weight(each) for each in said)
        case "M":
            return 3 + sum(1 + len(name.encode()) + _weight(each) for name, each in said.items())
        case "SS" | "NS" | "BS":
            return sum(len(each) for each in said)
    return 1


class DynamoDB:
    """The service: tables by name, and one method, `answer`. Safe to call from several threads."""

    def __init__(self) -> None:
        self.tables: dict[str, Stored] = {}
        self.watch: Callable[[Stored, Place, Item | None, Item | None], None] | None = None
        """Told of each change: where, what stood there, and what does now."""
        self._done: dict[str, str] = {}
        self._lock = threading.RLock()

    def answer(self, operation: str, body: Body) -> dict[str, Any]:
        """What DynamoDB answers to an operation (`PutItem`).

        Raises:
            Refused: what it answers with an error.
            NotImplementedError: the desk has not asked for this yet.
        """
        with self._lock:
            known: Callable[[Body], dict[str, Any]] | None = getattr(self, f"_{xform_name(operation)}", None)
            if known is None:
                raise NotImplementedError(operation)
            return known(body)

    def table(self, name: str) -> Stored:
        """A table by its name."""
        if name not in self.tables:
            raise Refused("ResourceNotFoundException", "Requested resource not found")
        return self.tables[name]

    # --- tables ---

    def _create_table(self, body: Body) -> dict[str, Any]:
        def index(keys: Sequence[Mapping[str, str]], whole: bool) -> Index:
            by_kind = {key["KeyType"]: key["AttributeName"] for key in keys}
            return Index(by_kind["HASH"], by_kind["RANGE"], whole)

        if any(each["AttributeType"] != "S" for each in body["AttributeDefinitions"]):
            raise NotImplementedError("a key that is no text")
        indexes = {
            each["IndexName"]: index(each["KeySchema"], each["Projection"]["ProjectionType"] == "ALL")
            for each in body.get("GlobalSecondaryIndexes", ())
        }
        said = {"TableName": body["TableName"], "KeySchema": body["KeySchema"], "TableStatus": "ACTIVE",
                "GlobalSecondaryIndexes": body.get("GlobalSecondaryIndexes", [])}  # fmt: skip
        self.tables[body["TableName"]] = Stored(said, index(body["KeySchema"], True), indexes)
        return {"TableDescription": said}

    def _describe_table(self, body: Body) -> dict[str, Any]:
        return {"Table": self.table(body["TableName"]).said}

    def _delete_table(self, body: Body) -> dict[str, Any]:
        gone = self.table(body["TableName"])
        del self.tables[body["TableName"]]
        return {"TableDescription": {**gone.said, "TableStatus": "DELETING"}}

    # --- reading ---

    def _get_item(self, body: Body) -> dict[str, Any]:
        table = self.table(body["TableName"])
        item = table.items.get(self._place(table, body["Key"]))
        return {} if item is None else {"Item": item}

    def _batch_get_item(self, body: Body) -> dict[str, Any]:
        found = {}
        for name, wanted in body["RequestItems"].items():
            table = self.table(name)
            places = [self._place(table, key) for key in wanted["Keys"]]
            if len(places) > 100:
                raise _invalid("Too many items requested for the BatchGetItem call")
            if len(set(places)) != len(places):
                raise _invalid("Provided list of item keys contains duplicates")
            found[name] = [table.items[place] for place in places if place in table.items]
        return {"Responses": found, "UnprocessedKeys": {}}

    def _query(self, body: Body) -> dict[str, Any]:
        table, terms = self.table(body["TableName"]), Terms(body)
        name = body.get("IndexName", "")
        index = table.indexes[name] if name else table.main
        if name and body.get("ConsistentRead"):
            raise _invalid("Consistent reads are not supported on global secondary indexes")
        terms.all_used_in(body["KeyConditionExpression"])
        value, how, bounds = _key_condition(body["KeyConditionExpression"])
        rows = table.order.get((name, terms.value(value)["S"]), [])
        low, high = _bounds(rows, how, [terms.value(bound)["S"] for bound in bounds])
        forward = body.get("ScanIndexForward", True)
        if start := body.get("ExclusiveStartKey"):
            seat = (start[index.sort]["S"], *self._place(table, {n: start[n] for n in _names(table.main)}))
            low, high = (bisect_right(rows, seat), high) if forward else (low, bisect_left(rows, seat))
        limit, taken, size = body.get("Limit"), [], 0
        numbers = range(low, high) if forward else range(high - 1, low - 1, -1)
        last: tuple[str, str, str] | None = None
        for number in numbers:
            last = rows[number]
            taken.append(item := table.seen(index, table.items[last[1], last[2]]))
            size += table.weight_at(last[1:]) if index.whole else weight(item)
            if len(taken) == limit or size > LARGEST_PAGE:
                break
        else:
            last = None
        answer: dict[str, Any] = {"Count": len(taken), "ScannedCount": len(taken)}
        if body.get("Select") != "COUNT":
            answer["Items"] = taken
        if last is not None:
            item = table.items[last[1], last[2]]
            answer["LastEvaluatedKey"] = {n: item[n] for n in {*_names(table.main), *_names(index)}}
        return answer

    # --- writing ---

    def _put_item(self, body: Body) -> dict[str, Any]:
        return self._one("Put", body)

    def _update_item(self, body: Body) -> dict[str, Any]:
        return self._one("Update", body)

    def _delete_item(self, body: Body) -> dict[str, Any]:
        return self._one("Delete", body)

    def _one(self, kind: str, body: Body) -> dict[str, Any]:
        table = self.table(body["TableName"])
        place, old, new = self._outcome(kind, body)
        self._put(table, place, new)
        wanted = body.get("ReturnValues", "NONE")
        if wanted == "NONE":
            return {}
        if wanted == "UPDATED_NEW" and new is not None:
            terms = Terms(body)
            names = {terms.name(part.name) for part in update(body["UpdateExpression"])}
            return {"Attributes": {name: value for name, value in new.items() if name in names}}
        shown = {"ALL_OLD": old, "ALL_NEW": new}[wanted]
        return {"Attributes": shown} if shown else {}

    def _batch_write_item(self, body: Body) -> dict[str, Any]:
        writes = [
            (name, *next(iter(write.items()))) for name, several in body["RequestItems"].items() for write in several
        ]
        if len(writes) > 25:
            raise _invalid("Too many items requested for the BatchWriteItem call")
        for name, kind, said in writes:
            self._one(kind.removesuffix("Request"), {"TableName": name, **said})
        return {"UnprocessedItems": {}}

    def _transact_write_items(self, body: Body) -> dict[str, Any]:
        writes = [next(iter(write.items())) for write in body["TransactItems"]]
        if len(writes) > LARGEST_TRANSACTION:
            raise _invalid(f"Member must have length less than or equal to {LARGEST_TRANSACTION}")
        token, said = body.get("ClientRequestToken"), json.dumps(body["TransactItems"], sort_keys=True, default=str)
        if token is not None and token in self._done:
            if self._done[token] != said:
                raise Refused("IdempotentParameterMismatchException", "The token was used for something else")
            return {}
        outcomes: list[tuple[str, Place, Item | None]] = []
        reasons: list[dict[str, Any]] = []
        for kind, each in writes:
            try:
                place, _, new = self._outcome(kind, each)
            except Refused as refused:
                if refused.code == "ResourceNotFoundException":
                    raise
                code = refused.code.removesuffix("Exception").replace("Validation", "ValidationError")
                reasons.append({"Code": code, "Message": refused.message, **refused.more})
                continue
            reasons.append({"Code": "None"})
            outcomes.append((each["TableName"], place, new))
        if len({(name, place) for name, place, _ in outcomes}) != len(outcomes):
            raise _invalid("Transaction request cannot include multiple operations on one item")
        if len(outcomes) != len(writes):
            codes = ", ".join(reason["Code"] for reason in reasons)
            message = f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
            raise Refused("TransactionCanceledException", message, CancellationReasons=reasons)
        if sum(weight(new) for _, _, new in outcomes if new) > LARGEST_TRANSACTION_BYTES:
            raise _invalid("Transaction request is too large")
        for name, place, new in outcomes:
            self._put(self.tables[name], place, new)
        if token is not None:
            self._done[token] = said
        return {}

    def _put(self, table: Stored, place: Place, new: Item | None) -> None:
        old = table.items.get(place)
        if new is old:
            return
        table.put(place, new)
        if self.watch is not None:
            self.watch(table, place, old, new)

    def _outcome(self, kind: str, body: Body) -> tuple[Place, Item | None, Item | None]:
        """Where something is written, what stands there, and what will: the same object where nothing changes.

        Raises:
            Refused: the condition does not hold, or what is written may not be.
        """
        table, terms = self.table(body["TableName"]), Terms(body)
        given, wanted = body.get("UpdateExpression", ""), body.get("ConditionExpression", "")
        terms.all_used_in(given, wanted)
        place = self._place(table, body["Item"] if kind == "Put" else body["Key"], whole=kind == "Put")
        old = table.items.get(place)
        if wanted and not condition(wanted)(old or {}, terms):
            shown = old is not None and body.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
            raise Refused(
                "ConditionalCheckFailedException", "The conditional request failed", **({"Item": old} if shown else {})
            )
        match kind:
            case "Put":
                new: Item | None = dict(body["Item"])
            case "Update":
                main = _names(table.main)
                new = dict(old) if old is not None else {name: body["Key"][name] for name in main}
                names = [terms.name(part.name) for part in update(given)]
                if len(set(names)) != len(names):
                    raise _invalid("Invalid UpdateExpression: Two document paths overlap with each other")
                if set(names) & set(main):
                    raise _invalid("Cannot update attribute. This attribute is part of the key")
                for part in update(given):
                    part.apply(new, terms)
            case "Delete":
                new = None
            case "ConditionCheck":
                new = old
            case _:
                raise NotImplementedError(kind)
        if new is not None and new is not old:
            self._check(table, new)
        return place, old, new

    @staticmethod
    def _place(table: Stored, key: Item, whole: bool = False) -> Place:
        names = _names(table.main)
        if (not whole and set(key) != set(names)) or any("S" not in key.get(name, {}) for name in names):
            raise _invalid("The provided key element does not match the schema")
        partition, sort = (key[name]["S"] for name in names)
        for said, most in ((partition, LARGEST_PARTITION_KEY), (sort, LARGEST_SORT_KEY)):
            if not said:
                raise _invalid("One or more parameter values are not valid. The AttributeValue for a key attribute "
                               "cannot contain an empty string value.")  # fmt: skip
            if len(said.encode()) > most:
                raise _invalid("One or more parameter values were invalid: Size of key has exceeded the limit")
        return partition, sort

    @staticmethod
    def _check(table: Stored, item: Item) -> None:
        """An item may be written: not too big, its numbers short enough, its keys of indexes texts that are not empty.

        Raises:
            Refused: it may not.
        """
        if weight(item) > LARGEST_ITEM:
            raise _invalid("Item size has exceeded the maximum allowed size")
        for number in _numbers(item.values()):
            if len(number.lstrip("-").replace(".", "").strip("0")) > 38:
                raise _invalid("Attempting to store more than 38 significant digits in a Number")
        for index in table.indexes.values():
            for name in _names(index):
                if name in item and not item[name].get("S"):
                    raise _invalid(f"One or more parameter values are not valid. A value specified for a secondary "
                                   f"index key is not supported: {name}")  # fmt: skip


def _names(index: Index) -> Place:
    return index.partition, index.sort


def _numbers(values: Any) -> Iterator[str]:
    for value in values:
        if "N" in value:
            yield value["N"]
        elif "NS" in value:
            yield from value["NS"]
        elif "M" in value:
            yield from _numbers(value["M"].values())
        elif "L" in value:
            yield from _numbers(value["L"])


def _bounds(rows: list[tuple[str, str, str]], how: str, values: Sequence[str]) -> tuple[int, int]:
    """The numbers of the first row wanted and of the first one not wanted any more."""
    match how:
        case "begins":
            (prefix,) = values
            return bisect_left(rows, (prefix,)), bisect_right(rows, prefix, key=lambda row: row[0][: len(prefix)])
        case "between":
            return bisect_left(rows, (values[0],)), bisect_right(rows, values[1], key=lambda row: row[0])
        case "up to":
            return 0, bisect_right(rows, values[0], key=lambda row: row[0])
        case "since":
            return bisect_left(rows, (values[0],)), len(rows)
    return 0, len(rows)

"""The desk table, spoken to in plain Python values. Standard library and botocore only."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from hark.store.keys import Key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Item = dict[str, Any]
T = TypeVar("T")

FORMAT = 1
"""Version of the items written. Readers take this one and the one before, and refuse later ones (I36)."""

_TRANSIENT = ("TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded")


_PASSING = ("Throttling", "ThroughputExceeded", "RequestLimitExceeded", "InternalServerError", "InternalFailure",
            "ServiceUnavailable", "TransactionInProgress", "TransactionConflict")  # fmt: skip


def passes(trouble: Exception) -> bool:
    """Whether an error of an AWS call says that the service is in trouble, and nothing about what was asked of it."""
    if isinstance(trouble, ClientError):
        return any(word in trouble.response.get("Error", {}).get("Code", "") for word in _PASSING)
    return isinstance(trouble, BotoCoreError) and not isinstance(trouble, ParamValidationError)


CONFLICT_TRIES = 4
CONFLICT_PAUSE_SECONDS = 0.02
"""Longest first pause before a write that met somebody else's transaction is asked for again; it doubles."""


def _met_another(error: ClientError) -> bool:
    """Whether a write had no effect only because other writes held the same items at that moment.

    The SDK's own retries do not cover it. Each reason of a cancelled transaction is looked at: with one condition that
    does not hold, to ask again is of no use.
    """
    code = error.response.get("Error", {}).get("Code", "")
    if code != "TransactionCanceledException":
        return code == "TransactionConflictException"
    reasons: Any = error.response.get("CancellationReasons", ())
    codes = {reason.get("Code", "None") for reason in reasons} - {"None"}
    return bool(codes) and codes <= set(_TRANSIENT)


def _past_conflicts(ask: Callable[[], T]) -> T:
    """Make a write, again while it only meets others.

    Raises:
        ClientError: as the write does; the conflict itself when it stays.
    """
    for tried in range(CONFLICT_TRIES - 1):
        try:
            return ask()
        except ClientError as error:
            if not _met_another(error):
                raise
        time.sleep(random.uniform(0, CONFLICT_PAUSE_SECONDS * 2**tried))
    return ask()


class ConditionFailed(Exception):
    """A condition did not hold; `item` is what stands there instead, where the service said so."""

    def __init__(self, item: Item | None = None, index: int = 0) -> None:
        super().__init__(f"condition {index} failed")
        self.item = item
        self.index = index


class Conflict(Exception):
    """Somebody else is writing the same items at this moment; read again and try again."""


class FormatTooNew(Exception):
    """An item was written by a later version of the code. Refused loudly rather than read wrongly."""


class _Reader(TypeDeserializer):
    """Numbers as int and binaries as bytes: the table holds no fractions."""

    def _deserialize_n(self, value: str) -> int:
        return int(value)

    def _deserialize_b(self, value: bytes) -> bytes:
        return value


_serialize = TypeSerializer().serialize
_deserialize = _Reader().deserialize


def to_item(values: Mapping[str, Any]) -> dict[str, Any]:
    """DynamoDB's typed form of a plain dictionary. Empty index keys have to be left out by the caller."""
    return {name: _serialize(value) for name, value in values.items()}


def from_item(item: Mapping[str, Any]) -> Item:
    """A plain dictionary.

    Raises:
        FormatTooNew: written by a later version of the code.
    """
    plain = {name: _deserialize(value) for name, value in item.items()}
    if plain.get("v", FORMAT) > FORMAT:
        raise FormatTooNew(plain.get("sk", ""))
    return plain


@dataclass(frozen=True)
class Put:
    """Write a whole item; with `new` only where none stands."""

    key: Key
    values: Mapping[str, Any]
    new: bool = True


@dataclass(frozen=True)
class Change:
    """Set and remove attributes of an item, when `when` holds: attribute → value it must have.

    A `when` value of None means that the attribute must not exist; `exists` asks that the item does.
    """

    key: Key
    set: Mapping[str, Any]
    remove: Sequence[str] = ()
    when: Mapping[str, Any] | None = None
    exists: bool = True


@dataclass(frozen=True)
class Check:
    """Only look: the transaction holds when this does. A `when` value of None: the attribute must not exist."""

    key: Key
    when: Mapping[str, Any]
    exists: bool = True


Write = Put | Change | Check


def _condition(when: Mapping[str, Any] | None, exists: bool, names: dict[str, str], values: Item) -> str:
    parts = ["attribute_exists(pk)"] if exists else []
    for number, (name, value) in enumerate((when or {}).items()):
        names[f"#w{number}"] = name
        if value is None:
            parts.append(f"attribute_not_exists(#w{number})")
        else:
            values[f":w{number}"] = value
            parts.append(f"#w{number} = :w{number}")
    return " AND ".join(parts)


class Table:
    """One DynamoDB table.

    Every method may raise botocore's `ClientError` for throttling that outlasts the SDK's retries, and its
    connection errors; callers let them pass, and the function fails or answers 503.
    """

    def __init__(self, client: DynamoDBClient, name: str) -> None:
        self.client = client
        self.name = name

    # --- reading ---

    def get(self, key: Key, *, consistent: bool = True) -> Item | None:
        answer = self.client.get_item(TableName=self.name, Key=to_item(key._asdict()), ConsistentRead=consistent)
        return from_item(answer["Item"]) if "Item" in answer else None

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Item]:
        """Those of the items that exist, read consistently. At most 100 keys."""
        found: dict[Key, Item] = {}
        wanted: Any = {self.name: {"Keys": [to_item(k._asdict()) for k in dict.fromkeys(keys)], "ConsistentRead": True}}
        while wanted:
            answer = self.client.batch_get_item(RequestItems=wanted)
            for item in answer["Responses"].get(self.name, []):
                plain = from_item(item)
                found[Key(plain["pk"], plain["sk"])] = plain
            wanted = answer.get("UnprocessedKeys") or None
        return found

    def query(
        self,
        partition: str,
        *,
        index: str | None = None,
        prefix: str = "",
        up_to: str = "",
        since: str = "",
        start: Item | None = None,
        limit: int = 100,
        newest_first: bool = False,
        consistent: bool = False,
    ) -> tuple[list[Item], Item | None]:
        """One page of a partition in sort order, and the key to go on from, if there is more.

        `prefix` keeps sort keys that begin with it; `up_to` keeps those not behind it, `since` those not before it.
        One of the three at most.
        """
        hash_name, range_name = {
            None: ("pk", "sk"),
            "lists": ("list_pk", "list_sk"),
            "owners": ("owner_pk", "owner_sk"),
            "work": ("work_pk", "work_sk"),
            "changes": ("change_pk", "change_sk"),
        }[index]
        condition, values = "#h = :h", {":h": partition}
        names = {"#h": hash_name}
        if prefix:
            condition += " AND begins_with(#r, :r)"
            names["#r"], values[":r"] = range_name, prefix
        elif since:
            condition += " AND #r BETWEEN :s AND :r"
            names["#r"], values[":s"], values[":r"] = range_name, since, up_to or "\uffff"
        elif up_to:
            condition += " AND #r <= :r"
            names["#r"], values[":r"] = range_name, up_to
        elif since:
            condition += " AND #r >= :r"
            names["#r"], values[":r"] = range_name, since
        request: dict[str, Any] = {
            "TableName": self.name,
            "KeyConditionExpression": condition,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": to_item(values),
            "Limit": limit,
            "ScanIndexForward": not newest_first,
        }
        if index:
            request["IndexName"] = index
        elif consistent:
            request["ConsistentRead"] = True
        if start:
            request["ExclusiveStartKey"] = to_item(start)
        answer = self.client.query(**request)
        more = answer.get("LastEvaluatedKey")
        return [from_item(item) for item in answer["Items"]], (
            {k: _deserialize(v) for k, v in more.items()} if more else None
        )

    def query_all(self, partition: str, *, index: str | None = None, prefix: str = "") -> Iterator[Item]:
        """Every item of a partition that is known to be small."""
        start: Item | None = None
        while True:
            items, start = self.query(partition, index=index, prefix=prefix, start=start, consistent=index is None)
            yield from items
            if start is None:
                return

    def count(self, partition: str, *, index: str, limit: int) -> int:
        """How many items a partition of an index has, counted up to `limit`."""
        hash_name = {"lists": "list_pk", "owners": "owner_pk"}[index]
        answer = self.client.query(
            TableName=self.name,
            IndexName=index,
            Select="COUNT",
            Limit=limit,
            KeyConditionExpression="#h = :h",
            ExpressionAttributeNames={"#h": hash_name},
            ExpressionAttributeValues=to_item({":h": partition}),
        )
        return answer["Count"]

    # --- writing ---

    def put(self, key: Key, values: Mapping[str, Any], *, new: bool = False) -> None:
        """Write one item.

        Raises:
            ConditionFailed: `new` was asked for and one stands there; it carries that item.
        """
        request: dict[str, Any] = {
            "TableName": self.name,
            "Item": to_item({"v": FORMAT, **values, **key._asdict()}),
        }
        if new:
            request["ConditionExpression"] = "attribute_not_exists(pk)"
            request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        try:
            _past_conflicts(lambda: self.client.put_item(**request))
        except self.client.exceptions.ConditionalCheckFailedException as error:
            old = error.response.get("Item")
            raise ConditionFailed(from_item(cast("Item", old)) if old else None) from error

    def change(self, change: Change) -> None:
        """Change one item.

        Raises:
            ConditionFailed: with the item that stands there.
        """
        try:
            _past_conflicts(
                lambda: self.client.update_item(
                    TableName=self.name, **self._update(change), ReturnValuesOnConditionCheckFailure="ALL_OLD"
                )
            )
        except self.client.exceptions.ConditionalCheckFailedException as error:
            old = error.response.get("Item")
            raise ConditionFailed(from_item(cast("Item", old)) if old else None) from error

    def add(self, key: Key, name: str, expires: int) -> int:
        """Add one to a number that is forgotten at `expires` (epoch seconds); the number afterwards."""
        answer = _past_conflicts(
            lambda: self.client.update_item(
                TableName=self.name,
                Key=to_item(key._asdict()),
                UpdateExpression="ADD #n :one SET #e = :e",
                ExpressionAttributeNames={"#n": name, "#e": "expires"},
                ExpressionAttributeValues=to_item({":one": 1, ":e": expires}),
                ReturnValues="UPDATED_NEW",
            )
        )
        return int(answer["Attributes"][name]["N"])

    def take(self, key: Key) -> Item | None:
        """Delete an item and say what it was: of two who take it at once, one gets it."""
        answer = _past_conflicts(
            lambda: self.client.delete_item(TableName=self.name, Key=to_item(key._asdict()), ReturnValues="ALL_OLD")
        )
        return from_item(answer["Attributes"]) if answer.get("Attributes") else None

    def delete(self, key: Key) -> None:
        _past_conflicts(lambda: self.client.delete_item(TableName=self.name, Key=to_item(key._asdict())))

    def transact(self, writes: Sequence[Write]) -> None:
        """All of the writes or none.

        All attempts carry one client token, those that botocore makes after a lost answer too: nothing is done twice.

        Raises:
            ConditionFailed: the first write whose condition did not hold, with the item that stands there.
            Conflict: others held one of the items at each attempt.
        """
        actions: Any = [self._action(write) for write in writes]
        token = str(uuid.uuid4())
        try:
            _past_conflicts(lambda: self.client.transact_write_items(TransactItems=actions, ClientRequestToken=token))
        except self.client.exceptions.TransactionCanceledException as error:
            reasons = error.response.get("CancellationReasons", [])
            for index, reason in enumerate(reasons):
                if reason.get("Code") == "ConditionalCheckFailed":
                    old = reason.get("Item")
                    raise ConditionFailed(from_item(old) if old else None, index) from error
            if any(reason.get("Code") in _TRANSIENT for reason in reasons):
                raise Conflict from error
            raise

    def _update(self, change: Change) -> dict[str, Any]:
        names: dict[str, str] = {}
        values: Item = {}
        sets = []
        for number, (name, value) in enumerate(change.set.items()):
            names[f"#s{number}"], values[f":s{number}"] = name, value
            sets.append(f"#s{number} = :s{number}")
        removes = []
        for number, name in enumerate(change.remove):
            names[f"#r{number}"] = name
            removes.append(f"#r{number}")
        expression = f"SET {', '.join(sets)}" if sets else ""
        if removes:
            expression += f" REMOVE {', '.join(removes)}"
        condition = _condition(change.when, change.exists, names, values)
        request: dict[str, Any] = {
            "Key": to_item(change.key._asdict()),
            "UpdateExpression": expression.strip(),
            "ExpressionAttributeNames": names,
        }
        if values:
            request["ExpressionAttributeValues"] = to_item(values)
        if condition:
            request["ConditionExpression"] = condition
        return request

    def _action(self, write: Write) -> dict[str, Any]:
        shared = {"TableName": self.name, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
        match write:
            case Put():
                put: dict[str, Any] = {
                    **shared,
                    "Item": to_item({"v": FORMAT, **write.values, **write.key._asdict()}),
                }
                if write.new:
                    put["ConditionExpression"] = "attribute_not_exists(pk)"
                return {"Put": put}
            case Change():
                return {"Update": {**shared, **self._update(write)}}
            case Check():
                names: dict[str, str] = {}
                values: Item = {}
                condition = _condition(write.when, write.exists, names, values)
                check: dict[str, Any] = {} if not values else {"ExpressionAttributeValues": to_item(values)}
                return {
                    "ConditionCheck": {
                        **shared,
                        "Key": to_item(write.key._asdict()),
                        "ConditionExpression": condition,
                        "ExpressionAttributeNames": names,
                        **check,
                    }
                }

"""moto does much work that no answer needs, and these tests ask it more than anything else: here it does without.

What a test can see stays the same: the store's own tests and every test of a refused transaction run on it.
"""

from __future__ import annotations

import base64
import copy
from collections import defaultdict
from collections.abc import Iterator
from contextvars import ContextVar
from functools import cache
from typing import Any

from moto.core import responses
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.dynamodb.models.utilities import dynamo_to_dict
from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser, Node
from moto.dynamodb.parsing.validators import ActionCountValidator, OverlappingPathsValidator

LONG = 1000
"""Characters of a value from which on an item is weighed."""
_transaction: ContextVar[list[dict[str, Any]]] = ContextVar("the transaction whose tables are kept for a way back")


def rows(table: str, sk: str | None = None) -> Iterator[dict[str, Any]]:
    """What a Scan would answer, without its way through request and answer; tests look at the whole table often."""
    stored = dynamodb_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].tables[table].items
    for part in list(stored.values()):
        for row in list(part.values()):
            if sk is None or row.range_key.value == sk:
                yield dynamo_to_dict(dict(row.attrs))


def install() -> None:
    """Once per process; there is no way back."""
    DynamoType.__deepcopy__ = _shared
    LimitedSizeDict.__setitem__ = _weighed_if_long
    BaseJSONSerializer._serialize_type_structure = _as_it_stands
    DynamoDBBackend.transact_write_items = _transact
    Table.__deepcopy__ = _touched_alone
    responses.method_names_from_class = cache(responses.method_names_from_class)
    Node.__deepcopy__ = _twin
    DepthFirstTraverser.traverse_node_recursively = _walked
    for validator in (ActionCountValidator, OverlappingPathsValidator):
        validator.traverse = validator.process  # each part of an expression is a part of the whole, looked at anyway


_copied, _weighed = DynamoType.__deepcopy__, LimitedSizeDict.__setitem__
_looked_for, _transacted = BaseJSONSerializer._serialize_type_structure, DynamoDBBackend.transact_write_items


def _shared(self: Any, memo: dict[int, Any]) -> Any:
    """Texts and numbers are never changed in place."""
    return _copied(self, memo) if isinstance(self.value, dict | list) else self


def _weighed_if_long(self: Any, key: str, value: Any) -> None:
    """moto weighs the whole item again for each attribute it gets."""
    put = _weighed if not isinstance(value, DynamoType) or len(str(value.value)) > LONG else dict.__setitem__
    put(self, key, value)


def _as_it_stands(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
    """moto looks for each of an AttributeValue's ten members under half a dozen names; it has one."""
    if shape.name == "AttributeValue":
        serialized[key] = _on_the_wire(value)
    else:
        _looked_for(self, serialized, value, shape, key)


def _on_the_wire(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {name: _on_the_wire(part) for name, part in value.items()}
    return [_on_the_wire(part) for part in value] if isinstance(value, list) else value


def _transact(self: Any, transact_items: list[dict[str, Any]]) -> None:
    token = _transaction.set(transact_items)
    try:
        _transacted(self, transact_items)
    finally:
        _transaction.reset(token)


def _touched_alone(self: Any, memo: dict[int, Any]) -> Any:
    """For its way back moto copies the whole table, once for each part of a transaction; the parts name what can
    change."""
    twin = copy.copy(self)
    twin.items = defaultdict(dict, {partition: dict(rows) for partition, rows in self.items.items()})
    for part in _transaction.get():
        (said,) = part.values()
        key = said.get("Key") or said["Item"]
        partition, row = (DynamoType(key[name]) for name in (self.hash_key_attr, self.range_key_attr))
        if (item := self.items.get(partition, {}).get(row)) is not None:
            twin.items[partition][row] = copy.deepcopy(item, memo)
    return twin


def _twin(self: Any, memo: dict[int, Any]) -> Any:
    """An expression's tree is copied before it is looked at; what hangs in it besides nodes never changes."""
    twin = object.__new__(type(self))
    twin.__dict__.update(self.__dict__)
    if isinstance(self.children, list):
        twin.children = [_twin(child, memo) if hasattr(child, "children") else child for child in self.children]
        for child in twin.children:
            if hasattr(child, "children"):
                child.parent = twin
    return twin


def _walked(self: Any, node: Any, child_id: int = -1) -> Any:
    """moto asks of every node whether it is of one of some abstract classes, and makes the list of them each time."""
    processing = self._processing_map()
    chosen: dict[type, Any] = {}
    prepare = self.pre_processing_of_child

    def walk(node: Any, place: int) -> Any:
        parent = node.parent
        for i, child in enumerate(node.children or ()):
            prepare(node, i)
            if hasattr(child, "children"):
                walk(child, i)
        kind = type(node)
        if kind not in chosen:
            chosen[kind] = next((done for of, done in processing.items() if issubclass(kind, of)), None)
        if (process := chosen[kind]) is not None:
            node = process(node)
            node.parent = parent
            if parent:
                parent.children[place] = node
        return node

    return walk(node, child_id)

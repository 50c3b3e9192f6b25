"""The `fields` parameter of the Graph API: `id,from{id,name},messages.limit(20){id}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hark.providers.meta.fake.errors import bad_parameter

_TOKEN = re.compile(r"[a-z_0-9]+|[{},.]|\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Field:
    """One field asked for; `args` are its dotted calls, `inner` what is asked of what it holds."""

    name: str
    args: Mapping[str, str] = field(default_factory=dict)
    inner: tuple[Field, ...] = ()


Node = Mapping[str, Any]
"""All fields of an object. None is a field without a value; a function takes the `Field` and gives the value."""

Edge = Callable[[Field], Any]


def parse(text: str) -> tuple[Field, ...]:
    """Read an expression.

    Raises:
        GraphError: 100, it is malformed.
    """
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != text.replace(" ", ""):
        raise bad_parameter("Syntax error in the fields parameter")
    found = _list(tokens)
    if tokens or not found:
        raise bad_parameter("Syntax error in the fields parameter")
    return found


def select(node: Node, wanted: tuple[Field, ...]) -> dict[str, Any]:
    """What of an object was asked for; its `id` always comes.

    Raises:
        GraphError: 100, there is no such field.
    """
    chosen: dict[str, Any] = {}
    for asked in (*wanted, Field("id")):
        if asked.name not in node:
            raise bad_parameter(f"Tried accessing nonexisting field ({asked.name})")
        value = node[asked.name]
        if callable(value):
            value = value(asked)
        elif asked.inner and isinstance(value, Mapping):
            value = _inside(value, asked.inner)
        if value is not None:
            chosen[asked.name] = value
    return chosen


def _inside(value: Node, wanted: tuple[Field, ...]) -> dict[str, Any]:
    # What is asked of a list is asked of each of its rows.
    if isinstance(value.get("data"), list):
        return {**value, "data": [select(row, wanted) for row in value["data"]]}
    return select(value, wanted)


def _list(tokens: list[str]) -> tuple[Field, ...]:
    found = [_one(tokens)]
    while tokens and tokens[0] == ",":
        tokens.pop(0)
        found.append(_one(tokens))
    return tuple(found)


def _one(tokens: list[str]) -> Field:
    name = _word(tokens)
    args: dict[str, str] = {}
    while tokens and tokens[0] == ".":
        tokens.pop(0)
        call = _word(tokens)
        if not tokens or not tokens[0].startswith("("):
            raise bad_parameter("Syntax error in the fields parameter")
        args[call] = tokens.pop(0)[1:-1]
    inner: tuple[Field, ...] = ()
    if tokens and tokens[0] == "{":
        tokens.pop(0)
        inner = _list(tokens)
        if not tokens or tokens.pop(0) != "}":
            raise bad_parameter("Syntax error in the fields parameter")
    return Field(name, args, inner)


def _word(tokens: list[str]) -> str:
    if not tokens or not re.fullmatch(r"[a-z_0-9]+", tokens[0]):
        raise bad_parameter("Syntax error in the fields parameter")
    return tokens.pop(0)

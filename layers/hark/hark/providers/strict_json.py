"""JSON as a hostile sender might write it, read so strictly that no two readers can disagree.

Rows H11 to H14 of the hostile inputs: everything refused here is valid for some JSON reader and means
something else for another one, or breaks what comes after (DynamoDB takes numbers of 38 digits).
Standard library only: the webhook function imports this.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

MAX_DEPTH = 64
MAX_DIGITS = 30


class NotStrictJson(ValueError):
    """The bytes are no strict JSON. The message names the rule, never the input."""


def loads(raw: bytes) -> Any:
    """Read one JSON document from UTF-8 bytes.

    Raises:
        NotStrictJson: not UTF-8, a byte order mark, not JSON, anything after the document, a key given
            twice, NaN or an infinity (also as 1e999), an integer of more than 30 digits, nesting deeper
            than 64.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise NotStrictJson("not UTF-8") from None
    try:
        value = json.loads(
            text,
            object_pairs_hook=_no_key_twice,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_short,
        )
    except NotStrictJson:
        raise
    except RecursionError:
        raise NotStrictJson("nested too deeply") from None
    except ValueError:
        raise NotStrictJson("not JSON") from None
    _shallow(value)
    return value


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise NotStrictJson("a key is given twice")
    return made


def _no_constant(_: str) -> NoReturn:
    raise NotStrictJson("not a number of JSON")


def _finite(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise NotStrictJson("a number out of range")
    return value


def _short(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        raise NotStrictJson("an integer out of range")
    return int(digits)


def _shallow(value: Any) -> None:
    # A stack of our own: recursion is what deep nesting attacks.
    open_values = [(value, 1)]
    while open_values:
        inner, depth = open_values.pop()
        if isinstance(inner, dict):
            children = list(inner.values())
        elif isinstance(inner, list):
            children = inner
        else:
            continue
        if depth > MAX_DEPTH:
            raise NotStrictJson("nested too deeply")
        open_values.extend((child, depth + 1) for child in children)

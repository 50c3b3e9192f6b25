"""One call to the fake Graph API after its token was accepted, with its parameters from query and body as one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from hark.providers.meta.fake.errors import bad_parameter
from hark.providers.meta.fake.guard import Token
from hark.providers.strict_json import NotStrictJson, loads
from hark.testkit.http_server import Call


@dataclass(frozen=True, slots=True)
class Ask:
    """`node` is an id and `edge` what of it is meant, or empty; `params` have JSON values."""

    method: str
    node: str
    edge: str
    params: Mapping[str, Any]
    token: Token

    def text(self, name: str) -> str:
        """A parameter that is a string.

        Raises:
            GraphError: 100, it is missing, empty or of another type.
        """
        value = self.params.get(name)
        if not isinstance(value, str) or not value.strip():
            raise bad_parameter(f"The parameter {name} is required")
        return value

    def given(self, name: str) -> str:
        """A parameter as text; empty when it is missing."""
        return str(self.params.get(name, ""))

    def flag(self, name: str) -> bool:
        """A parameter that is true or false, also as a word.

        Raises:
            GraphError: 100, it is neither.
        """
        value = self.params.get(name)
        if value in (True, "true", "1"):
            return True
        if value in (False, "false", "0"):
            return False
        raise bad_parameter(f"Param {name} must be a boolean")

    def structure(self, name: str) -> Mapping[str, Any]:
        """A parameter that is an object, in a form also as JSON.

        Raises:
            GraphError: 100, it is none.
        """
        value = self.params.get(name)
        if isinstance(value, str):
            try:
                value = loads(value.encode())
            except (NotStrictJson, UnicodeEncodeError):
                value = None
        if not isinstance(value, dict):
            raise bad_parameter(f"The parameter {name} is required")
        return value


def parameters(call: Call) -> dict[str, Any]:
    """Query and body of a call as one; the body is a form or a JSON object.

    Raises:
        GraphError: 100, the body is neither.
    """
    params: dict[str, Any] = dict(call.params)
    if not call.body:
        return params
    if not call.headers.get("content-type", "").startswith("application/json"):
        return params | dict(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        body = loads(call.body)
        json.dumps(body, ensure_ascii=False).encode()
    except (NotStrictJson, UnicodeEncodeError):
        raise bad_parameter("The body is no JSON") from None
    if not isinstance(body, dict):
        raise bad_parameter("The body is no JSON object")
    return params | body

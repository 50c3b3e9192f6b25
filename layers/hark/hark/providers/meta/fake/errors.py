"""The fake Meta's refusals: the Graph API's error JSON and the codes of contract section 8."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from hark.testkit.http_server import Answer, json_answer

TOO_MANY: Mapping[str, int] = {"pages": 80001, "instagram": 80002, "messenger": 80006}
"""Kind of use → the code of its limit."""


class GraphError(Exception):
    """The Graph API refuses. `code` and `subcode` are Meta's; the text is what its `message` says."""

    def __init__(self, code: int, message: str, subcode: int = 0, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.subcode = subcode
        self.status = status

    def answer(self) -> Answer:
        """The answer, with HTTP 400 also for what has a status of its own elsewhere."""
        return json_answer(self.status, error_value(self.code, self.subcode, str(self)))


def error_value(code: int, subcode: int = 0, message: str = "An error occurred") -> dict[str, Any]:
    """The body of an error."""
    error: dict[str, Any] = {
        "message": f"(#{code}) {message}",
        "type": "GraphMethodException" if subcode == 33 else "OAuthException",
        "code": code,
        "is_transient": code in (1, 2),
        "fbtrace_id": secrets.token_urlsafe(9),
    }
    if subcode:
        error |= {"error_subcode": subcode, "error_user_title": "Refused", "error_user_msg": message}
    return {"error": error}


def bad_parameter(why: str, subcode: int = 0) -> GraphError:
    """Code 100: the request is wrong as it is."""
    return GraphError(100, why, subcode)


def does_not_exist(node_id: str) -> GraphError:
    """What Meta says of a removed object, one that never was, and one the token may not see: all the same."""
    why = f"Object with ID '{node_id}' does not exist, cannot be loaded due to missing permissions"
    return GraphError(100, f"Unsupported request. {why}, or does not support this operation.", 33)


def permission(name: str) -> GraphError:
    """Code 200: the app lacks a permission."""
    if name == "allow_messages":
        return GraphError(200, "The owner has switched access to messages off", 2534041)
    return GraphError(200, f"Requires {name} permission to manage the object")

"""What a function may do is what its policy in the template says. moto asks nobody's leave, so the tests do."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from infra.expand import read
from infra.lint.rules import possible

_IN_A_TRANSACTION = {
    "Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem",
}  # fmt: skip
_SERVICE = {"stepfunctions": "states", "sesv2": "ses"}
_NAMED_OTHERWISE = {("lambda", "Invoke"): "InvokeFunction", ("s3", "ListObjectsV2"): "ListBucket"}


@cache
def allowed(function: str) -> frozenset[tuple[str, str]]:
    """Actions with what they may be done to: `table`, `index:<name or *>` or `*` for all else."""
    logical = "".join(part.capitalize() for part in function.split("_")) + "Function"
    properties = read()["Resources"][logical]["Properties"]
    return frozenset(
        (action, where)
        for policy in possible(properties["Policies"])
        for statement in policy["Statement"]
        for action in _listed(statement["Action"])
        for resource in _listed(statement["Resource"])
        for where in [_where(action, resource)]
    )


def needed(service: str, operation: str, given: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The permissions one call of the SDK takes. Source: DynamoDB's and Step Functions' service authorization pages."""
    if service != "dynamodb":
        yield f"{_SERVICE.get(service, service)}:{_action(service, operation)}", "*"
        return
    if operation == "TransactWriteItems":
        for item in given["TransactItems"]:
            (kind,) = item
            yield f"dynamodb:{_IN_A_TRANSACTION[kind]}", "table"
        return
    index = given.get("IndexName")
    yield f"dynamodb:{operation}", f"index:{index}" if index else "table"


def missing(function: str, service: str, operation: str, given: dict[str, Any]) -> list[str]:
    """The permissions that the call takes and the function does not have."""
    have = allowed(function)
    return [
        f"{function}: {action} on {where}"
        for action, where in needed(service, operation, given)
        if (action, where) not in have and not (where.startswith("index:") and (action, "index:*") in have)
    ]


def _action(service: str, operation: str) -> str:
    return _NAMED_OTHERWISE.get((service, operation), operation)


def _where(action: str, resource: Any) -> str:
    if not action.startswith("dynamodb:"):
        return "*"
    written = str(resource)
    return f"index:{written.split('/index/')[1].rstrip(chr(39) + '}]')}" if "/index/" in written else "table"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

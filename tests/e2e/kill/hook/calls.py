"""Names for the writes a function makes, read off the wire.

A write is named by what it means (`Transact case.opened`), not by its place in an invocation: streams and the
sweeper hand many cases to one invocation in batches that differ from run to run, so places do not last.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple


class Call(NamedTuple):
    """One call. `name` is empty when it only reads; `nameless` when nothing in it says which case it is about."""

    name: str
    text: str
    nameless: bool = False


_READS = ("Get", "BatchGet", "Query", "Scan", "Describe", "List")
_TELLING = ("state", "workflow", "signal")


def describe(method: str, url: str, body: Any, headers: Mapping[str, Any]) -> Call:
    """The call with this method, path, body and headers."""
    text = body.decode("utf-8", "replace") if isinstance(body, bytes | bytearray) else str(body or "")
    target = headers.get("X-Amz-Target", b"")
    operation = (target.decode() if isinstance(target, bytes) else str(target)).rpartition(".")[2]
    if operation.startswith(_READS):
        return Call("", text)
    if operation:
        return Call(_aws(operation, json.loads(text)), text, nameless=operation.startswith("SendTask"))
    if "/functions/" in url and url.endswith("/invocations"):
        return Call(f"Invoke {url.split('/functions/')[1].split('-')[1].removesuffix('Function')}", text)
    if method == "GET":
        return Call("", text)
    return Call(f"{method} {url.partition('?')[0]}", text)


def _aws(operation: str, request: dict[str, Any]) -> str:
    match operation:
        case "PutItem":
            item = request["Item"]
            return f"Put {_kind(item)} {item.get('kind', {}).get('S', '')}".rstrip()
        case "UpdateItem":
            return f"Update {_kind(request['Key'])} {_telling(request)}".rstrip()
        case "DeleteItem":
            return f"Delete {_kind(request['Key'])}"
        case "TransactWriteItems":
            return f"Transact {_transaction(request['TransactItems'])}"
        case "StartExecution":
            return f"StartExecution of generation {'1' if json.loads(request['input'])['gen'] == 1 else 'n'}"
    return operation


def _kind(key: dict[str, Any]) -> str:
    kind = key["pk"]["S"].split("#")[1] if key["sk"]["S"] == "RATE" else key["sk"]["S"].split("#")[0]
    return str({"5550001": "ACCOUNT"}.get(kind, kind))


def _telling(request: dict[str, Any]) -> str:
    names = request.get("ExpressionAttributeNames", {})
    values = request.get("ExpressionAttributeValues", {})
    set_to = {name: values[f":{short[1:]}"] for short, name in names.items() if short.startswith("#s")}
    return " ".join(f"{name}={set_to[name].get('S', '')}" for name in _TELLING if name in set_to)


def _transaction(actions: list[dict[str, Any]]) -> str:
    """By its last history line; without any, by the kinds of its items."""
    items = [action["Put"]["Item"] for action in actions if "Put" in action]
    lines = [item["code"]["S"] for item in items if item["sk"]["S"].startswith("EVT#")]
    if lines:
        return str(lines[-1])
    keys = [value.get("Item") or value["Key"] for action in actions for value in action.values()]
    return " ".join(sorted({_kind(key) for key in keys}))

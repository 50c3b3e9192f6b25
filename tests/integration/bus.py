"""The desk's event bus with the rules of the real template: what relay puts on it comes to whom a rule sends it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import boto3
from hark import aws
from hark.store.table import Item, to_item

from infra.expand import read

from .conftest import Desk

ON_THE_STREAM = ("EVT#", "LINE#")
"""What relay makes events of."""


class Bus:
    """Takes lines of histories from the table to the function that tells people."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.entries: list[dict[str, Any]] = []
        self.passed: set[tuple[str, str]] = set()
        events = read()["Resources"]["NotifyFunction"]["Properties"]["Events"]
        self.patterns = [event["Properties"]["Pattern"] for event in events.values()]

    def relay(self) -> list[dict[str, Any]]:
        """What relay puts on the bus of the lines that are new."""
        fresh = [
            item for item in self.desk.items()
            if item["sk"].startswith(ON_THE_STREAM) and (item["pk"], item["sk"]) not in self.passed
        ]  # fmt: skip
        self.passed |= {(item["pk"], item["sk"]) for item in fresh}
        before = len(self.entries)
        for item in fresh:
            assert self.desk.call("relay", {"Records": [_inserted(item)]}) == {"batchItemFailures": []}
        return [_event(entry) for entry in self.entries[before:]]

    def deliver(self, times: int = 1) -> list[str]:
        """Codes of the lines that a rule sent to the function, each as often as said."""
        told = []
        for event in self.relay():
            if any(matches(pattern, event) for pattern in self.patterns):
                told.append(event["detail-type"])
                for _ in range(times):
                    self.desk.call("notify", event)
        return told


@contextmanager
def bus_of(desk: Desk) -> Iterator[Bus]:
    """The bus, on which everything is heard that relay puts there."""
    client = boto3.client("events")
    with suppress(client.exceptions.ResourceAlreadyExistsException):  # a longer fixture of this process may hold one
        client.create_event_bus(Name="hark")
    bus = Bus(desk)

    def hear(params: dict[str, Any], **_: Any) -> None:
        bus.entries += params["Entries"]

    hooks = aws.events().meta.events
    hooks.register("before-parameter-build.events.PutEvents", hear)
    try:
        yield bus
    finally:
        hooks.unregister("before-parameter-build.events.PutEvents", hear)


def matches(pattern: dict[str, Any], event: dict[str, Any]) -> bool:
    """As EventBridge does, as far as our rules go: equal, `prefix`, `anything-but`. Source: EventBridge user guide,
    "Comparison operators"."""
    for name, wanted in pattern.items():
        if isinstance(wanted, dict):
            if not matches(wanted, event.get(name, {})):
                return False
        elif name not in event or not any(_fits(one, event[name]) for one in wanted):
            return False
    return True


def _fits(wanted: Any, value: str) -> bool:
    if not isinstance(wanted, dict):
        return bool(wanted == value)
    tests: dict[str, Callable[[str], bool]] = {
        "prefix": lambda prefix: value.startswith(prefix), "anything-but": lambda other: value != other,
    }  # fmt: skip
    return all(tests[name](given) for name, given in wanted.items())


def _event(entry: dict[str, Any]) -> dict[str, Any]:
    return {"source": entry["Source"], "detail-type": entry["DetailType"], "detail": json.loads(entry["Detail"])}


def _inserted(item: Item) -> dict[str, Any]:
    return {
        "eventID": f"{item['pk']}{item['sk']}", "eventName": "INSERT", "eventSource": "aws:dynamodb",
        "dynamodb": {
            "Keys": to_item({"pk": item["pk"], "sk": item["sk"]}), "NewImage": to_item(item), "SequenceNumber": "1",
            "StreamViewType": "NEW_IMAGE",
        },
    }  # fmt: skip

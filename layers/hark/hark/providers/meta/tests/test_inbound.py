"""What Meta's events mean, from every example of its documentation and of captures: one file each, and what it says."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from hark.domain.events import Event, UnreadableEvent
from hark.providers.contract import Request, UnreadableDelivery
from hark.providers.meta.door import split
from hark.providers.meta.inbound import parse

from .deliveries import ARRIVED, delivered

FIXTURES = Path(__file__).parent.parent / "fixtures"
NAMES = sorted(p.name.removesuffix(".expected.json") for p in FIXTURES.glob("*.expected.json"))


def as_json(event: Event) -> dict[str, Any]:
    shown = {"event": type(event).__name__, **dataclasses.asdict(event)}
    made = json.loads(json.dumps(shown, default=lambda at: at.isoformat().replace("+00:00", "Z")))
    assert isinstance(made, dict)
    return made


def test_every_delivery_has_a_file_that_says_what_it_means() -> None:
    assert sorted(p.name.removesuffix(".json") for p in FIXTURES.glob("*.json") if ".expected." not in p.name) == NAMES
    assert len(NAMES) >= 70


@pytest.mark.parametrize("name", NAMES)
def test_a_delivery_means_what_its_file_says(name: str) -> None:
    expected = json.loads((FIXTURES / f"{name}.expected.json").read_text(encoding="utf-8"))
    arrived = datetime.fromisoformat(expected["arrived"])
    found = []
    for raw in split(delivered((FIXTURES / f"{name}.json").read_bytes())):
        try:
            events = [as_json(e) for e in parse(raw, frozenset((raw.kind,)), raw.account_id, arrived)]
        except UnreadableEvent:
            events = [{"event": "UnreadableEvent"}]
        found.append({"key": raw.key, "kind": raw.kind, "account_id": raw.account_id, "events": events})
    assert found == expected["raw"]


@pytest.mark.parametrize("name", NAMES)
def test_no_truncated_delivery_makes_the_door_fall_over(name: str) -> None:
    body = (FIXTURES / f"{name}.json").read_bytes()
    for end in range(0, len(body), 11):
        with pytest.raises(UnreadableDelivery):
            split(delivered(body[:end]))


@pytest.mark.parametrize("name", NAMES)
def test_a_field_of_any_form_is_read_or_refused_but_never_a_crash(name: str) -> None:
    original = (FIXTURES / f"{name}.json").read_bytes()
    odd: list[object] = [None, 7, -1, 1.5, "x", "", "../a", [], {}, [None], [{}], {"id": None}, True, "9" * 600]
    for path, value in itertools.product(list(leaves(json.loads(original))), odd):
        changed = json.loads(original)
        holder = changed
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = value
        read_or_refused(json.dumps(changed).encode())


def read_or_refused(body: bytes) -> None:
    try:
        raws = split(Request("POST", {}, "", body))
    except UnreadableDelivery:
        return
    assert raws, "a delivery that is read has at least one event to keep"
    for raw in raws:
        try:
            assert parse(raw, frozenset((raw.kind,)), raw.account_id, ARRIVED)
        except UnreadableEvent:
            continue


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in children:
        yield (*path, step)
        yield from leaves(inner, (*path, step))

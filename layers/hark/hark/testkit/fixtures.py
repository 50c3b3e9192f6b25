"""Recorded deliveries: `<kind>.json` as the platform sends it, `<kind>.expected.json` with what is made of it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hark.domain.events import Event, RawEvent, UnreadableEvent

Parse = Callable[[RawEvent, frozenset[str], str, datetime], Collection[Event]]
"""A provider's `parse`: takes an event, the kinds its key came with, the account, and when it arrived."""
_EXPECTED = ".expected.json"


@dataclass(frozen=True, slots=True)
class Fixtures:
    """The recorded deliveries in a folder."""

    folder: Path

    @property
    def names(self) -> list[str]:
        """All that say what they mean, in the order of the alphabet."""
        return sorted(path.name.removesuffix(_EXPECTED) for path in self.folder.glob(f"*{_EXPECTED}"))

    def body(self, name: str) -> bytes:
        """The bytes that the platform sends."""
        return (self.folder / f"{name}.json").read_bytes()

    def expected(self, name: str) -> tuple[datetime, list[Any]]:
        """When it arrived, and what is made of it in the form of `told`."""
        said = json.loads((self.folder / f"{name}{_EXPECTED}").read_text(encoding="utf-8"))
        return datetime.fromisoformat(said["arrived"]), said["raw"]


def told(raws: Iterable[RawEvent], parse: Parse, arrived: datetime) -> list[dict[str, Any]]:
    """What a delivery means, as its file says it."""
    return [
        {
            "key": raw.key,
            "kind": raw.kind,
            "account_id": raw.account_id,
            "events": _events(raw, parse, arrived),
        }
        for raw in raws
    ]


def _events(raw: RawEvent, parse: Parse, arrived: datetime) -> list[dict[str, Any]]:
    try:
        return [_as_json(event) for event in parse(raw, frozenset((raw.kind,)), raw.account_id, arrived)]
    except UnreadableEvent:
        return [{"event": "UnreadableEvent"}]


def _as_json(event: Event) -> dict[str, Any]:
    shown = {"event": type(event).__name__, **dataclasses.asdict(event)}
    if shown.get("sought") == "":
        del shown["sought"]  # nothing that a platform tells of by itself was looked for
    plain: dict[str, Any] = json.loads(json.dumps(shown, default=lambda at: at.isoformat().replace("+00:00", "Z")))
    return plain


def truncated(body: bytes, step: int) -> Iterator[bytes]:
    """A delivery broken off after nothing, and after every so many bytes."""
    return (body[:end] for end in range(0, len(body), step))


def distorted(body: bytes, odd: Collection[object]) -> Iterator[bytes]:
    """A delivery with each of its fields in turn, on every level, replaced by each of the odd values."""
    for *before, last in list(_paths(json.loads(body))):
        for value in odd:
            changed = holder = json.loads(body)
            for step in before:
                holder = holder[step]
            holder[last] = value
            yield json.dumps(changed).encode()


def _paths(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in children:
        yield (*before, step)
        yield from _paths(inner, (*before, step))

"""Deliveries as Meta writes them, and what became of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hark.domain.events import Event, MessageSeen, RawEvent
from hark.providers.contract import Request
from hark.providers.meta.door import split
from hark.providers.meta.inbound import parse

PAGE, INSTAGRAM = "100200300400", "17841400000000001"
ANA, POST, COMMENT = "9001", "100200300400_555", "555_777"
SENT = 1795219201
"""Epoch seconds: 2026-11-21T00:00:01Z."""
ARRIVED = datetime(2026, 11, 21, 0, 12, tzinfo=UTC)


def delivered(body: bytes, **headers: str) -> Request:
    return Request("POST", headers, "", body)


def page(field: str, value: object, time: object = SENT) -> dict[str, Any]:
    """A delivery with one change of our Page."""
    return {"object": "page", "entry": [{"id": PAGE, "time": time, "changes": [{"field": field, "value": value}]}]}


def comment(**other: object) -> dict[str, Any]:
    """Ana's comment under our post, as the field `feed` has it."""
    return {
        "item": "comment",
        "verb": "add",
        "comment_id": COMMENT,
        "post_id": POST,
        "parent_id": POST,
        "from": {"id": ANA, "name": "Ana Pop"},
        "created_time": SENT - 1,
        "message": "Where is my parcel?",
    } | other


def item(what: str, content: object, **other: object) -> dict[str, Any]:
    """An item of `messaging` that Messenger's user 7001 causes."""
    around = {"sender": {"id": "7001"}, "recipient": {"id": PAGE}, "timestamp": SENT * 1000}
    return {**around, what: content, **other}


def messaging(*items: object, section: str = "messaging", object_: str = "page", account: str = PAGE) -> dict[str, Any]:
    return {"object": object_, "entry": [{"id": account, "time": (SENT + 1) * 1000, section: list(items)}]}


def instagram(field: str, value: object, time: object = SENT) -> dict[str, Any]:
    entry = {"id": INSTAGRAM, "time": time, "changes": [{"field": field, "value": value}]}
    return {"object": "instagram", "entry": [entry]}


def cut(delivery: Mapping[str, Any]) -> list[RawEvent]:
    return split(delivered(json.dumps(delivery).encode()))


def told(delivery: Mapping[str, Any], *kinds: str, account: str = "") -> Event:
    """The one event of a delivery with one item."""
    (raw,) = cut(delivery)
    (event,) = parse(raw, frozenset((raw.kind, *kinds)), account or raw.account_id, ARRIVED)
    return event


def seen(delivery: Mapping[str, Any], *kinds: str, account: str = "") -> MessageSeen:
    event = told(delivery, *kinds, account=account)
    assert isinstance(event, MessageSeen)
    return event

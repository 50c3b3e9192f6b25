"""Bodies as Viber posts them. Numbers are written with all their digits, text as plain UTF-8."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hark.providers.viber.fake.world import Message, Person
from hark.testkit.control import Refused

CHAT_HOST = "SN-CHAT-01_"

_TYPES: Mapping[str, str] = {
    "image": "picture", "video": "video", "file": "file", "sticker": "sticker", "link": "url", "location": "location",
    "contact": "contact", "unsupported": "poll",
}  # fmt: skip


def message(said: Message, *, name: bool, photo: bool) -> bytes:
    """A person's message."""
    sender = {**_user(said.person, name=name, photo=photo), "country": "LV", "api_version": 10}
    return _event("message", said.at, said.token, sender=sender, message=said.content, silent=False)


def subscribed(person: Person, at: datetime, token: str, *, name: bool, photo: bool) -> bytes:
    """A person subscribes without writing."""
    return _event("subscribed", at, token, user=_user(person, name=name, photo=photo))


def unsubscribed(person: Person, at: datetime, token: str) -> bytes:
    """A person wants no more messages."""
    return _event("unsubscribed", at, token, user_id=person.id)


def started(person: Person, at: datetime, token: str, context: str, *, name: bool, photo: bool) -> bytes:
    """A person opens the chat."""
    beside = {"type": "open", "subscribed": person.subscribed} | ({"context": context} if context else {})
    return _event("conversation_started", at, token, **beside, user=_user(person, name=name, photo=photo))


def receipt(kind: str, said: Message, at: datetime, why: str = "") -> bytes:
    """News of a message of the bot: `delivered`, `seen` or `failed`."""
    return _event(kind, at, said.token, user_id=said.person.id, **({"desc": why} if why else {}))


def webhook(at: datetime, token: str) -> bytes:
    """What a new address is tried with. The two numbers stand in each other's place, as in captures."""
    swapped = {"event": "webhook", "timestamp": int(token), "chat_hostname": CHAT_HOST, "message_token": _ms(at)}
    return _bytes(swapped)


def content(text: str, media: list[Any]) -> dict[str, Any]:
    """The `message` object of a text with at most one thing beside it, given as `{kind, url?, name?, size?, value?}`.

    Raises:
        Refused: more than one thing, or one that Viber does not have.
    """
    if not media:
        return {"type": "text", "text": text}
    thing = media[0]
    if len(media) > 1 or not isinstance(thing, dict) or thing.get("kind") not in _TYPES:
        raise Refused(400, f"one thing per message, of a kind among {', '.join(_TYPES)}")
    made: dict[str, Any] = {"type": _TYPES[thing["kind"]]} | ({"text": text} if text else {})
    value = str(thing.get("value", ""))
    match made["type"]:
        case "location":
            north, _, east = value.partition(",")
            try:
                return made | {"location": {"lat": float(north), "lon": float(east)}}
            except ValueError:
                raise Refused(400, 'the value of a location is "56.95,24.11"') from None
        case "contact":
            return made | {"contact": {"name": str(thing.get("name", "")), "phone_number": value}}
        case "sticker":
            made["sticker_id"] = int(value) if value.isdigit() else value
        case "file" | "picture":
            made["file_name"] = str(thing.get("name", "")) or "file"
    if thing.get("size"):
        made["size"] = thing["size"]
    return made | {"media": str(thing.get("url", ""))}


def _user(person: Person, *, name: bool, photo: bool) -> dict[str, Any]:
    made = {"id": person.id} | ({"name": person.name} if name else {})
    if photo:
        made["avatar"] = f"https://media-direct.cdn.viber.com/download_photo?dlid={person.username}"
    return made | {"language": person.language}


def _event(kind: str, at: datetime, token: str, **beside: Any) -> bytes:
    head = {"event": kind, "timestamp": _ms(at), "chat_hostname": CHAT_HOST, "message_token": int(token)}
    return _bytes(head | beside)


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _bytes(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

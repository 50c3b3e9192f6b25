"""One direct message of X, read from any of its shapes: activity payload, old envelope, REST object.

A conversation of two is named by both ids, the smaller number first; X itself does so in REST, and webhooks name none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hark.domain.events import Media, UnreadableEvent
from hark.providers.clean_text import clean
from hark.providers.x import media, posts
from hark.providers.x.door import ID

_PAIR = re.compile(r"([0-9]{1,25})[-:]([0-9]{1,25})")


@dataclass(frozen=True, slots=True)
class DirectMessage:
    """A message between two. `text` is unescaped and cleaned; `raw_text` is as X wrote it."""

    id: str
    sender_id: str
    recipient_id: str
    text: str
    raw_text: str
    cleaned: bool
    said_at: tuple[datetime, ...]
    media: tuple[Media, ...]

    @property
    def conversation_id(self) -> str:
        return conversation(self.sender_id, self.recipient_id)


def conversation(one: str, other: str) -> str:
    """X's id of the conversation of two users: both ids, compared as numbers, the smaller one first."""
    first, second = sorted((one, other), key=int)
    return f"{first}-{second}"


def partners(conversation_id: object) -> tuple[str, str] | None:
    """The two users a conversation's id names, in its order; None for a group's id."""
    pair = _PAIR.fullmatch(conversation_id) if isinstance(conversation_id, str) else None
    return (pair[1], pair[2]) if pair else None


def from_webhook(entry: Mapping[str, Any]) -> DirectMessage | None:
    """Read an entry of `direct_message_events`, of either envelope. None when it is no message between two.

    Raises:
        UnreadableEvent: a field is missing or not of its documented form.
    """
    if entry.get("type", "message_create") != "message_create":
        return None
    message = entry.get("message_create")
    if not isinstance(message, dict):
        raise UnreadableEvent("no message_create")
    data, target = message.get("message_data"), message.get("target")
    if not isinstance(data, dict) or not isinstance(target, dict):
        raise UnreadableEvent("no message_data or no target")
    recipient = posts.id_of(target, "recipient_id")
    if not recipient:
        return None
    entities = [e] if isinstance(e := data.get("entities"), dict) else []
    hanging = media.of_direct_message(data)
    raw_text = _text(data.get("text"), bool(hanging))
    text, cleaned = clean(posts.unescape(raw_text))
    return DirectMessage(
        id=_needed(entry, "id"),
        sender_id=_needed(message, "sender_id"),
        recipient_id=recipient,
        text=posts.with_urls(text, entities),
        raw_text=raw_text,
        cleaned=cleaned,
        said_at=tuple(t for t in (posts.time_from_ms(entry.get("created_timestamp")),) if t),
        media=hanging,
    )


def from_rest(payload: Mapping[str, Any], included: Iterable[Mapping[str, Any]] = ()) -> DirectMessage | None:
    """Read a REST DM event. `included` is `includes.media`. None when it is no message between two.

    Raises:
        UnreadableEvent: as `from_webhook`.
    """
    pair = partners(payload.get("dm_conversation_id"))
    if payload.get("event_type") != "MessageCreate" or pair is None:
        return None
    own_id, sender = _needed(payload, "id"), _needed(payload, "sender_id")
    if sender not in pair:
        raise UnreadableEvent("the sender is not in the conversation")
    hanging = media.of_post(payload, included)
    raw_text = _text(payload.get("text"), bool(hanging))
    text, cleaned = clean(posts.unescape(raw_text))
    return DirectMessage(
        id=own_id,
        sender_id=sender,
        recipient_id=pair[1] if sender == pair[0] else pair[0],
        text=text,
        raw_text=raw_text,
        cleaned=cleaned,
        said_at=posts.iso_times(payload.get("created_at")),
        media=hanging,
    )


def _needed(holder: Mapping[str, Any], name: str) -> str:
    value = holder.get(name)
    if not isinstance(value, str) or not ID.fullmatch(value):
        raise UnreadableEvent("an id is not 1 to 25 digits")
    return value


def _text(value: object, something_hangs: bool) -> str:
    if value is None and something_hangs:
        return ""
    if not isinstance(value, str):
        raise UnreadableEvent("a message without text")
    return value

"""What is sent along with a private message of Messenger or Instagram."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from hark.domain.events import Media, MediaKind
from hark.providers.meta.reading import by_reference

MAX_ATTACHMENTS = 50

_KINDS: Mapping[str, MediaKind] = {
    "image": MediaKind.IMAGE,
    "audio": MediaKind.AUDIO,
    "video": MediaKind.VIDEO,
    "file": MediaKind.FILE,
    "sticker": MediaKind.STICKER,
    "reel": MediaKind.VIDEO,
    "ig_reel": MediaKind.VIDEO,
}
"""Everything else that has an address (posts, shares, stories, whatever comes next) is a link a person may open."""


def sent_along(message: Mapping[str, Any]) -> tuple[Media, ...]:
    """The attachments of a message, and the story it answers. An unknown type is never an error."""
    listed = message.get("attachments")
    made = [_one(each) for each in listed[:MAX_ATTACHMENTS]] if isinstance(listed, list) else []
    answered = message.get("reply_to")
    story = answered.get("story") if isinstance(answered, dict) else None
    if isinstance(story, dict):
        made.insert(0, by_reference(MediaKind.LINK, story.get("url"), "story"))
    return tuple(made)


def _one(attachment: object) -> Media:
    if not isinstance(attachment, dict):
        return Media(MediaKind.UNSUPPORTED)
    kind = attachment.get("type")
    # A fallback's payload may be a string; its address and title then stand beside it.
    payload = attachment.get("payload")
    inside: Mapping[str, Any] = payload if isinstance(payload, dict) else {}
    if kind == "location":
        return _location(inside)
    url = inside.get("url") or attachment.get("url")
    title = inside.get("title") or attachment.get("title") or inside.get("name")
    if kind == "image" and inside.get("sticker_id"):
        return by_reference(MediaKind.STICKER, url)
    if isinstance(kind, str) and kind in _KINDS:
        return by_reference(_KINDS[kind], url, title)
    return by_reference(MediaKind.LINK, url, title or kind)


def _location(payload: Mapping[str, Any]) -> Media:
    place = payload.get("coordinates")
    if isinstance(place, dict):
        where = [place.get("lat"), place.get("long")]
        if all(isinstance(x, int | float) and not isinstance(x, bool) and math.isfinite(x) for x in where):
            return Media(MediaKind.LOCATION, value=f"{where[0]},{where[1]}")
    return Media(MediaKind.UNSUPPORTED)

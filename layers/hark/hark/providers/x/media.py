"""Pictures, videos and files of X: where they may be fetched, and what a payload tells of them.

The words of the payloads are X's own: `attachments.media_keys` with `includes.media` (REST and the Activity API),
`extended_entities.media` (the old envelope), `message_data.attachment` (direct messages).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hark.domain.events import Media, MediaKind

HOSTS = frozenset(("pbs.twimg.com", "video.twimg.com", "ton.x.com", "ton.twitter.com"))
"""Hosts of X's pictures, avatars and videos. Those of direct messages lie on ton.x.com, which wants a signed call."""

_KINDS: Mapping[object, MediaKind] = {
    "photo": MediaKind.IMAGE,
    "animated_gif": MediaKind.VIDEO,
    "video": MediaKind.VIDEO,
}


def of_post(payload: Mapping[str, Any], included: Iterable[Mapping[str, Any]]) -> tuple[Media, ...]:
    """What hangs on a post, in X's order. `included` is `includes.media`, unwrapped.

    A key that nothing explains is told as `UNSUPPORTED`: a person should know that there is something to see.
    """
    attachments = payload.get("attachments")
    keys = attachments.get("media_keys") if isinstance(attachments, dict) else None
    known = {key: item for item in included if isinstance(key := item.get("media_key"), str)}
    found = [
        _item(known[key]) if key in known else Media(MediaKind.UNSUPPORTED)
        for key in (keys if isinstance(keys, list) else [])
        if isinstance(key, str)
    ]
    return tuple(found) or _extended(payload)


def of_old_post(body: Mapping[str, Any]) -> tuple[Media, ...]:
    """What hangs on a post of the old envelope."""
    return _extended(body)


def of_direct_message(message_data: Mapping[str, Any]) -> tuple[Media, ...]:
    """What hangs on a direct message as the webhooks bring it; X allows one thing."""
    attachment = message_data.get("attachment")
    if not isinstance(attachment, dict):
        return ()
    item = attachment.get("media")
    if attachment.get("type") != "media" or not isinstance(item, dict):
        return (Media(MediaKind.UNSUPPORTED),)
    return (_item({"type": "photo", **item}),)


def _extended(body: Mapping[str, Any]) -> tuple[Media, ...]:
    entities = body.get("extended_entities")
    listed = entities.get("media") if isinstance(entities, dict) else None
    return tuple(_item(item) for item in (listed if isinstance(listed, list) else []) if isinstance(item, dict))


def _item(item: Mapping[str, Any]) -> Media:
    kind = _KINDS.get(item.get("type") if isinstance(item.get("type"), str) else None)
    picture = web_address(item.get("media_url_https")) or web_address(item.get("url"))
    if kind is MediaKind.VIDEO:
        film = _best_variant(item)
        if film:
            return Media(MediaKind.VIDEO, film)
        # Only the still is told: it is a picture, whatever it is of.
        still = web_address(item.get("preview_image_url")) or picture
        return Media(MediaKind.IMAGE, still) if still else Media(MediaKind.UNSUPPORTED)
    return Media(kind, picture) if kind and picture else Media(MediaKind.UNSUPPORTED)


def _best_variant(item: Mapping[str, Any]) -> str:
    info = item.get("video_info")
    listed = info.get("variants") if isinstance(info, dict) else item.get("variants")
    best = (-1, "")
    for variant in listed if isinstance(listed, list) else []:
        if not isinstance(variant, dict) or variant.get("content_type") != "video/mp4":
            continue
        rate = variant.get("bitrate", variant.get("bit_rate", 0))
        address = web_address(variant.get("url"))
        if address and isinstance(rate, int):
            best = max(best, (rate, address))
    return best[1]


def web_address(value: object) -> str:
    """`value` if it is an https address of sensible length without spaces or controls, else ""."""
    if not isinstance(value, str) or not value.startswith("https://") or len(value) > 2_000:
        return ""
    return value if value.isascii() and value.isprintable() and " " not in value else ""

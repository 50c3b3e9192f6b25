"""What comes with a message of Viber beside its text: one thing per message, by reference."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from hark.domain.events import Media, MediaKind
from hark.providers.clean_text import clean

_KINDS: Mapping[str, MediaKind] = {
    "picture": MediaKind.IMAGE,
    "video": MediaKind.VIDEO,
    "file": MediaKind.FILE,
    "sticker": MediaKind.STICKER,
    "url": MediaKind.LINK,
    "location": MediaKind.LOCATION,
    "contact": MediaKind.CONTACT,
}
_LONGEST_ADDRESS = 4096
_LONGEST_NAME = 255
_EPOCH = re.compile(r"[0-9]{9,11}")


def attachment(message: Mapping[str, Any]) -> Media:
    """The attachment of a message that is no mere text; `UNSUPPORTED` for a type we do not know.

    A part of another form than Viber's is left out; it never makes the message unreadable.
    """
    kind = _KINDS.get(str(message.get("type")), MediaKind.UNSUPPORTED)
    url = web_address(message.get("media"))
    name, value = _short(message.get("file_name")), ""
    match kind:
        case MediaKind.LOCATION:
            value = _coordinates(message.get("location"))
        case MediaKind.CONTACT:
            contact = message.get("contact")
            known = contact if isinstance(contact, dict) else {}
            name, value = _short(known.get("name")), _short(known.get("phone_number"))
        case MediaKind.STICKER:
            value = _sticker(message.get("sticker_id"))
        case MediaKind.LINK if not url:
            # Never a link for a page to follow, but what the person sent stays readable (hostile row H17).
            value = _short(message.get("media"))
    return Media(kind, url, name, _size(message.get("size")), value, expires(url))


def web_address(value: object) -> str:
    """An address of the web as it is, "" for anything else."""
    if not isinstance(value, str) or len(value) > _LONGEST_ADDRESS or not value.isprintable():
        return ""
    return value if value.startswith(("https://", "http://")) else ""


def expires(url: str) -> datetime | None:
    """When a signed address ends: its parameter `Expires`, in seconds since 1970."""
    try:
        given = dict(parse_qsl(urlsplit(url).query, max_num_fields=50)).get("Expires", "")
    except ValueError:
        return None
    return datetime.fromtimestamp(0, UTC) + timedelta(seconds=int(given)) if _EPOCH.fullmatch(given) else None


def _coordinates(location: object) -> str:
    place = location if isinstance(location, dict) else {}
    north, east = place.get("lat"), place.get("lon")
    return f"{_degrees(north)},{_degrees(east)}" if _within(north, 90) and _within(east, 180) else ""


def _within(degrees: object, most: int) -> bool:
    return isinstance(degrees, int | float) and not isinstance(degrees, bool) and -most <= degrees <= most


def _degrees(value: Any) -> str:
    # Seven decimals are a centimetre; an exponent would be no coordinate.
    return f"{value:.7f}".rstrip("0").rstrip(".")


def _sticker(value: object) -> str:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else _short(value)


def _size(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _short(value: object) -> str:
    return clean(value)[0][:_LONGEST_NAME] if isinstance(value, str) else ""

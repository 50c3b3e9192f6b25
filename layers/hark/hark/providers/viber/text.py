"""Counting and comparing text as Viber does."""

from __future__ import annotations

import unicodedata

from hark.providers.viber.door import TEXT

LIMIT = TEXT
"""The longest text of one message, in characters (Viber's libraries; its pages name no number)."""


def length(counting: str, text: str) -> int:
    """The length of `text`, counted in `characters` (Unicode code points) or in `utf8_bytes`.

    Raises:
        ValueError: another way of counting; Viber has none.
    """
    match counting:
        case "characters":
            return len(text)
        case "utf8_bytes":
            return len(text.encode("utf-8"))
        case _:
            raise ValueError("Viber does not count so")


def fingerprint(text: str) -> str:
    """What makes two texts the same for a reader: white space and the composition of characters do not count."""
    return " ".join(unicodedata.normalize("NFC", text).split())

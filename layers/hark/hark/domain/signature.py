"""Initials under a reply (`^AB`): which person of the team wrote it (capabilities E7, I6)."""

from __future__ import annotations

import re
import unicodedata

_SIGNED = re.compile(r"(?:^|\s)\u200e?\^[^\W\d_]{1,4}\s*$")
LEFT_TO_RIGHT_MARK = "\u200e"


def is_signed(text: str) -> bool:
    """Whether initials stand under the text already, whosever they are."""
    return _SIGNED.search(text) is not None


def signed(text: str, initials: str) -> str:
    """The text with initials under it; as it is when it has some, or there are none.

    Behind right-to-left text a mark (U+200E) keeps `^` in front of the letters; it counts in the length.
    """
    if not initials or is_signed(text):
        return text
    return f"{text.rstrip()} {mark(text, initials)}"


def mark(text: str, initials: str) -> str:
    """The initials as they stand under this text."""
    behind = LEFT_TO_RIGHT_MARK if _ends_right_to_left(text) else ""
    return f"{behind}^{initials}"


def _ends_right_to_left(text: str) -> bool:
    strong = (unicodedata.bidirectional(c) for c in reversed(text))
    return next((kind for kind in strong if kind in ("L", "R", "AL")), "L") != "L"

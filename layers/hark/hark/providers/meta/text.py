"""Counting and comparing text the way Meta's platforms do."""

from __future__ import annotations

import unicodedata


def length(counting: str, text: str) -> int:
    """The length of `text` in "characters" (code points) or "utf8_bytes" (Instagram messages).

    Raises:
        ValueError: Meta counts nothing that way.
    """
    plain = text.replace("\r\n", "\n")
    if counting == "characters":
        return len(plain)
    if counting == "utf8_bytes":
        # A lone surrogate leaves us as U+FFFD, which takes as many bytes.
        return len(plain.encode("utf-8", "surrogatepass"))
    raise ValueError(counting)


def fingerprint(text: str) -> str:
    """What stays the same between a text we sent and the same text as the platform shows it.

    The platforms compose characters, trim white space and shorten runs of empty lines.
    """
    return " ".join(unicodedata.normalize("NFC", text).split())

"""Counting and comparing text the way X does."""

from __future__ import annotations

import re
import unicodedata

from twitter_text import extract_urls_with_indices, parse_tweet

from hark.providers.x.posts import unescape

LIMIT = 280
"""The longest public post, in X's weighted characters."""
DIRECT_LIMIT = 10_000
"""The longest direct message, in characters."""

_LEADING_HANDLES = re.compile(r"\A(?:@[A-Za-z0-9_]{1,20}\s+)+")


def weighted_length(text: str) -> int:
    """The length of `text` as X counts it: 23 for any link, 2 for an emoji and for most scripts of Asia, else 1.

    The handles X itself puts before a reply are free and not part of `text`; handles typed by the author count.
    """
    return int(parse_tweet(_composed(text)).weightedLength)


def length(counting: str, text: str) -> int:
    """The length of `text` in the unit `counting`: `x_weighted` for posts, `characters` (code points) for messages.

    Raises:
        ValueError: X counts nothing in that unit.
    """
    if counting == "x_weighted":
        return weighted_length(text)
    if counting == "characters":
        return len(_composed(text))
    raise ValueError(f"X does not count {counting}")


def fingerprint(text: str) -> str:
    """What stays the same between a text we sent and the same text as X shows it.

    X puts the handles of the conversation in front, rewrites links to t.co, composes characters and trims
    white space. `text` must be unescaped (`seen_fingerprint` does that).
    """
    plain = _LEADING_HANDLES.sub("", _composed(text).lstrip())
    kept, end = [], 0
    for link in extract_urls_with_indices(plain):
        begin, after = link["indices"]
        kept += [plain[end:begin], "\N{LINK SYMBOL}"]
        end = after
    return " ".join("".join([*kept, plain[end:]]).split())


def seen_fingerprint(text: str) -> str:
    """The fingerprint of a text in X's own, HTML-escaped writing."""
    return fingerprint(unescape(text))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))

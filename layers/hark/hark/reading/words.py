"""A text as the reader sees it: words, smileys and marks with their places, folded so that spellings meet."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

Kind = Literal["word", "number", "emoji", "smiley", "mark", "handle", "link", "tag"]

LONGEST = 4000
"""Code points that are read; the rest of a longer text changes nothing (platforms stop at 10,000)."""

_SOFT = "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u200b-\u200f\u2060\ufe0e\ufe0f"
"""What may stand inside a word without changing it: accents, vowel points, joiners, direction marks."""

_TOKEN = re.compile(
    r"(?P<link>(?:https?://|www\.)\S+)"
    r"|(?P<handle>@[\w.]+)"
    r"|(?P<tag>#\w+)"
    r"|(?P<smiley><3|(?<!\w)[:;=8]['’]?-?[)(DPpOo/\\|\]\[*]+(?!\w)|(?<!\w)[xX]D+(?!\w)|\){2,}|\({2,}|(?<=\s)\)|(?<=\s)\()"
    rf"|(?P<word>[^\W\d_](?:[^\W\d_]|[{_SOFT}]|['’׳״\"](?=[^\W\d_]))*)"
    r"|(?P<number>\d+)"
    r"|(?P<mark>[!?؟！？]+|\.{2,}|…)"
    r"|(?P<emoji>[^\w\s])"
)
_RUN = re.compile(r"(.)\1{2,}")
_ARABIC = str.maketrans({"ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك", "’": "'", "׳": "'", "״": '"'})


@dataclass(frozen=True)
class Token:
    """One piece of the text. `folded` is how it is looked up; places are code points of the text."""

    kind: Kind
    folded: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def folded(word: str) -> str:
    """Small letters without accents, vowel points, hamza seats and stretched letters.

    Writers leave these out, in Latvian and Arabic above all, so that both spellings have to be one word.
    """
    small = word.casefold()
    if not small.isascii():
        parts = unicodedata.normalize("NFKD", small)
        kept = "".join(c for c in parts if unicodedata.category(c) not in ("Mn", "Cf", "Lm"))
        small = unicodedata.normalize("NFC", kept).translate(_ARABIC)
    return _RUN.sub(r"\1\1", small)


def _is_emoji(char: str) -> bool:
    return unicodedata.category(char) in ("So", "Sk") or "\U0001f000" <= char <= "\U0001faff" or char in "‼⁉"


def tokens(text: str) -> list[Token]:
    """All pieces of the first `LONGEST` code points, in order. Never raises, whatever the text is made of."""
    found = []
    for match in _TOKEN.finditer(text[:LONGEST]):
        kind, said = cast("Kind", match.lastgroup), match.group()  # its groups are named after the kinds
        if kind == "emoji" and not _is_emoji(said):
            continue
        if kind == "smiley":
            said = said.replace("-", "").replace("’", "'")
            said = "(" if "(" in said else ")" if ")" in said else said[:2]
        elif kind == "mark":
            asks = any(mark in said for mark in "?؟？")
            said = "?" if asks else "!" * min(len(said), 2) if "!" in said else "…"
        elif kind == "number":
            said = "0"
        elif kind in ("word", "tag"):
            said = folded(said.lstrip("#"))
        found.append(Token(kind, said, match.start(), match.end()))
    return found


def script(text: str) -> str:
    """The script most letters are of: Latn, Cyrl, Hebr, Arab, Zyyy (another one), or empty without letters."""
    counts: dict[str, int] = {}
    for char in text[:LONGEST]:
        if char.isalpha():
            code = ord(char)
            if code < 0x250 or 0x1E00 <= code < 0x1F00:
                name = "Latn"
            elif 0x400 <= code < 0x530:
                name = "Cyrl"
            elif 0x590 <= code < 0x600:
                name = "Hebr"
            elif 0x600 <= code < 0x780 or 0xFB50 <= code < 0xFF00:
                name = "Arab"
            else:
                name = "Zyyy"
            counts[name] = counts.get(name, 0) + 1
    return max(counts, key=lambda name: (counts[name], name)) if counts else ""

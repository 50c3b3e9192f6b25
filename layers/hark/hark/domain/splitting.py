"""A text that is too long for one post, in numbered parts (capability E1)."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

_WHOLE = re.compile(
    r"(?:https?://|www\.)\S+|(?<!\w)[\w.%+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w@])(?:[\w-]+\.)+[^\W\d_]{2,}(?:[/?#]\S*)?"
)
"""What is of no use in two halves, and no link any more: links, bare domains, e-mail addresses."""
_SENTENCE = re.compile(r"[.!?…؟۔]+[\"'”’»)\]]*\s+|[。！？]+\s*|\n+\s*")
_BLANK = re.compile(r"\s+")
MOST_PARTS = 99


class CannotSplit(Exception):
    """No part could hold one of the pieces that have to stay whole, or there would be more than 99 parts."""


@dataclass(frozen=True)
class Part:
    """One of the parts. All `body` in a row are the text itself; `shown` is what is sent, with its number."""

    body: str
    shown: str


def split(text: str, limit: int, measure: Callable[[str], int], behind: str = "") -> tuple[Part, ...]:
    """The text in parts, each of which is at most `limit` long by `measure`, its number and `behind` included.

    Cut after a sentence where that leaves the part at least half full, else between words, else between characters
    as people see them (Unicode's grapheme clusters). `behind` stands under each part: initials. A text that fits
    stays one part without a number.

    Raises:
        CannotSplit
    """
    tail = f" {behind}" if behind else ""
    if measure(text + tail) <= limit:
        return (Part(text, text + tail),)
    places = _Places(text)
    for most in (9, MOST_PARTS):
        room = f" ({most}/{most}){tail}"

        def fits(body: str, room: str = room) -> bool:
            return measure(_shown(body) + room) <= limit

        bodies = _bodies(text, places, fits, most)
        if bodies:
            count = len(bodies)
            return tuple(Part(b, f"{_shown(b)} ({n}/{count}){tail}") for n, b in enumerate(bodies, 1))
    raise CannotSplit


class _Places:
    """Where a text may be cut: after sentences, between words, between characters. Each list rises."""

    def __init__(self, text: str) -> None:
        import regex

        whole = [(m.start(), m.end()) for m in _WHOLE.finditer(text)]
        inside = {at for start, end in whole for at in range(start + 1, end)}
        # No mark of a cluster begins a part: `\X` is a cluster by the current Unicode.
        self.characters = [m.end() for m in regex.finditer(r"\X", text) if m.end() not in inside]
        known = set(self.characters)
        self.words = [m.end() for m in _BLANK.finditer(text) if m.end() in known]
        self.sentences = [m.end() for m in _SENTENCE.finditer(text) if m.end() in known]


def _bodies(text: str, places: _Places, fits: Callable[[str], bool], most: int) -> list[str]:
    """The bodies of the parts; empty when there would be more than `most`.

    Raises:
        CannotSplit
    """
    bodies: list[str] = []
    start = 0
    while start < len(text):
        if len(bodies) == most:
            return []
        end = _cut(text, places, start, fits)
        bodies.append(text[start:end])
        start = end
    return bodies


def _cut(text: str, places: _Places, start: int, fits: Callable[[str], bool]) -> int:
    farthest = _farthest(text, places.characters, start, fits)
    if farthest == len(text):
        return farthest
    half = start + (farthest - start) // 2
    for candidates, lowest in ((places.sentences, half), (places.words, start)):
        for at in reversed(candidates[bisect_right(candidates, lowest) : bisect_right(candidates, farthest)]):
            # A shorter beginning may be longer by the platform's count: what was a link, is one no more.
            if fits(text[start:at]):
                return at
    return farthest


def _farthest(text: str, places: list[int], start: int, fits: Callable[[str], bool]) -> int:
    """The last of the places behind `start` up to which it fits.

    Raises:
        CannotSplit: there is none.
    """
    first = low = bisect_right(places, start)
    step = 64
    while low + step < len(places) and fits(text[start : places[low + step]]):
        low += step
        step *= 2
    high = min(low + step, len(places))
    while low < high:
        middle = (low + high) // 2
        if fits(text[start : places[middle]]):
            low = middle + 1
        else:
            high = middle
    for at in reversed(places[first:low]):
        if fits(text[start:at]):
            return at
    raise CannotSplit


def _shown(body: str) -> str:
    """A body without the blanks around it; one that carries a mark is no blank."""
    bare = body.lstrip()
    if bare and len(bare) < len(body) and unicodedata.category(bare[0]) in ("Mn", "Me", "Mc", "Cf"):
        bare = body[len(body) - len(bare) - 1] + bare
    return bare.rstrip()

"""A text as rules look at it: one form for what people write in many, with the way back to the places in the text."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_DASHES = frozenset("\u2212\u00ad\u30fc\uff0d\u02d7")
"""What looks like a dash and is none by its category."""


@dataclass(frozen=True)
class Folded:
    """`text` is lower case, without marks, direction signs and zero-width characters; digits are 0 to 9, dashes `-`,
    and every blank but a line break is a space. `places[i]` says where `text[i]` stands in the original."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original of `text[start:end]`, which must not be empty."""
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    """The folded form of a text (Unicode NFKD, case folding, and what `Folded` says)."""
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for c in _forms(character):
            folded.append(c)
            places.append(place)
    return Folded("".join(folded), tuple(places))


def plain(text: str) -> str:
    """Only the folded text."""
    return "".join(c for character in text for c in _forms(character))


def _forms(character: str) -> str:
    if character.isascii():
        if character in "\r\n":
            return "\n"
        return character.lower() if character.isprintable() else " "
    if character in _DASHES:
        return "-" if character != "\u00ad" else ""
    kept = ""
    for c in unicodedata.normalize("NFKD", character.casefold()).casefold():
        category = unicodedata.category(c)
        if category == "Nd":
            kept += str(unicodedata.decimal(c))
        elif category == "Pd":
            kept += "-"
        elif category in ("Zl", "Zp"):
            kept += "\n"
        elif category == "Zs":
            kept += " "
        elif category not in ("Mn", "Me", "Cf", "Cc"):
            kept += c
    return kept

"""Spellings of a name that people are likely to write: proposals for a lead to choose from (A2).

Nothing is learnt and nothing is asked of anybody: slips of the finger, letters that sound alike, parts written together
or apart, and the name in Cyrillic letters. Best guesses come first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hark.domain.folding import plain

MOST = 24
"""Proposals for one name. A query of X has room for about 40 words."""
SHORTEST = 4
"""Of shorter names a slip is mostly another word."""

_SOUNDS = (
    ("ph", "f"), ("f", "ph"), ("ck", "k"), ("qu", "kv"), ("x", "ks"), ("ks", "x"), ("c", "k"), ("k", "c"), ("z", "s"),
    ("s", "z"), ("y", "i"), ("i", "y"), ("w", "v"), ("v", "w"), ("ee", "i"), ("oo", "u"), ("ou", "u"),
)  # fmt: skip
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_CYRILLIC = {
    "shch": "щ", "sch": "щ", "zh": "ж", "kh": "х", "ch": "ч", "sh": "ш", "yu": "ю", "ya": "я", "ts": "ц", "ph": "ф",
    "a": "а", "b": "б", "c": "к", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и", "j": "й", "k": "к",
    "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р", "s": "с", "t": "т", "u": "у", "v": "в",
    "w": "в", "x": "кс", "y": "и", "z": "з",
}  # fmt: skip
_LATIN_GROUP = re.compile("|".join(sorted(_CYRILLIC, key=len, reverse=True)))


def proposals(name: str) -> tuple[str, ...]:
    """At most `MOST` other spellings, in small letters; none of them is the name itself, none comes twice."""
    base = " ".join(plain(name).split())
    seen = {base}
    kept: list[str] = []
    for one in map(plain, _all(base)):
        if one not in seen and len(one.replace(" ", "")) >= SHORTEST - 1:
            seen.add(one)
            kept.append(one)
    return tuple(kept[:MOST])


def _all(base: str) -> Iterator[str]:
    if re.search(r"[ -]", base):
        yield re.sub(r"[ -]", "", base)
        yield re.sub(r"[ -]+", " ", base)
    if len(re.sub(r"\W", "", base)) < SHORTEST:
        return
    yield from _doubled(base)
    yield from _sounds(base)
    yield from _swapped(base)
    yield from _dropped(base)
    if base.isascii() and base.replace(" ", "").isalpha():
        yield _LATIN_GROUP.sub(lambda group: _CYRILLIC[group[0]], base)
    yield from _neighbours(base)


def _doubled(base: str) -> Iterator[str]:
    """One letter of a pair only; or a consonant between vowels written twice."""
    for at in range(1, len(base)):
        if base[at] == base[at - 1]:
            yield base[:at] + base[at + 1 :]
    for at in range(1, len(base) - 1):
        if base[at] in "bcdfglmnprst" and base[at - 1] in "aeiou" and base[at + 1] in "aeiou":
            yield base[:at] + base[at] + base[at:]


def _sounds(base: str) -> Iterator[str]:
    for written, heard in _SOUNDS:
        at = base.find(written)
        if at >= 0:
            yield base[:at] + heard + base[at + len(written) :]


def _swapped(base: str) -> Iterator[str]:
    """Two letters in the wrong order; the first one is mostly right."""
    for at in range(1, len(base) - 1):
        if base[at].isalnum() and base[at + 1].isalnum():
            yield base[:at] + base[at + 1] + base[at] + base[at + 2 :]


def _dropped(base: str) -> Iterator[str]:
    for at in range(1, len(base)):
        if base[at].isalnum():
            yield base[:at] + base[at + 1 :]


def _neighbours(base: str) -> Iterator[str]:
    """The key beside the right one, on a Latin keyboard."""
    for at in range(1, len(base)):
        for row in _ROWS:
            place = row.find(base[at])
            if place >= 0:
                yield from (base[:at] + row[beside] + base[at + 1 :] for beside in (place - 1, place + 1)
                            if 0 <= beside < len(row))  # fmt: skip

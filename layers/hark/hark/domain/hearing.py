"""What the customer's word after our answer says: thanks, solved, not solved, or something a person has to read.

A pure function of the text. What is not known to the last word is something else: no complaint is taken for thanks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Literal

from hark.domain import closing_words as words
from hark.domain.folding import plain

Word = Literal["thanks", "solved", "not_solved", "else"]

LONGEST_CLOSING = 300
"""Characters; who writes more than that wants more than to say thanks."""
LONGEST_READ = 2000
"""Characters that are looked through for a word that it is not solved."""

Phrase = tuple[str, ...]

_HANDLES = re.compile(r"@[\w.]+")
_LINKS = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_SMILEYS = re.compile(r"(?:[:;=]-?[)D]+|<3|\^\^|(?<!\w)[xX]D)")
_BARE_BRACKETS = re.compile(r"(?<=[\w\s!.])\)+")
"""Closing brackets alone are smiles in Russian."""
_APOSTROPHES = re.compile("['\u2019\u02bc`\u00b4]")
_CALM_MARKS = frozenset(".,!…~-–—:;،؛")
_DRAWN_OUT = re.compile(r"(.)\1+")
_ARABIC = str.maketrans({"ة": "ه", "ى": "ي", "ـ": ""})
_AND = ("و", "ו")
"""Written together with the word behind it, in Arabic and Hebrew."""
_SKIN_TONES = frozenset("🏻🏼🏽🏾🏿")


def heard(text: str, *, asked: bool = False) -> Word:
    """What a message of the customer says about what we answered.

    `asked`: our own question whether it is solved is the last thing we said, so that a mere yes or no is an answer.
    """
    calm, rest = _calm(text)
    tokens = _tokens(rest)
    if asked and calm and tokens and _covered(tokens, _phrases("NO"), _phrases("MANNERS", "UNSOLVED")):
        return "not_solved"
    if _contains(_tokens(_LINKS.sub(" ", _HANDLES.sub(" ", text))[:LONGEST_READ]), _phrases("UNSOLVED")):
        return "not_solved"
    if not calm:
        return "else"
    if not tokens:
        return _marks_alone(text, asked=asked)
    solved = _phrases("SOLVED", "YES") if asked else _phrases("SOLVED")
    if _covered(tokens, solved, _phrases("MANNERS", "THANKS")):
        return "solved"
    return "thanks" if _covered(tokens, _phrases("THANKS"), _phrases("MANNERS")) else "else"


def _marks_alone(text: str, *, asked: bool) -> Word:
    marks = {c for c in _HANDLES.sub(" ", text) if unicodedata.category(c) == "So"}
    if asked and marks & {"👎", "❌"}:
        return "not_solved"
    if asked and marks and marks <= {"👍", "✅", "👌"}:
        return "solved"
    return "thanks" if marks & words.GLAD_ALONE and marks <= words.GLAD else "else"


def _calm(text: str) -> tuple[bool, str]:
    """Whether there is nothing but words, calm marks and glad faces, and the text without the latter.

    A question mark, a link, a hashtag, words in quotes or a face that is not glad may each turn the meaning round.
    """
    if len(text) > LONGEST_CLOSING or _LINKS.search(text):
        return False, text
    rest = _BARE_BRACKETS.sub(" ", _SMILEYS.sub(" ", _APOSTROPHES.sub("", _HANDLES.sub(" ", text))))
    for c in rest:
        if c.isalnum() or c.isspace() or c in _CALM_MARKS or c in words.GLAD or c in _SKIN_TONES:
            continue
        if c in "👎❌" or unicodedata.category(c) in ("Mn", "Cf"):
            continue
        return False, rest
    return True, rest


@cache
def _phrases(*names: str) -> frozenset[Phrase]:
    rows = [row for name in names for row in getattr(words, name).values()]
    return frozenset(tokens for row in rows for phrase in row.split("|") if (tokens := _tokens(phrase)))


@cache
def _longest(phrases: frozenset[Phrase]) -> int:
    return max(map(len, phrases))


def _tokens(text: str) -> Phrase:
    """Words in one form: lower case, without marks, and each letter once, for joy draws them out."""
    folded = plain(_APOSTROPHES.sub("", text)).translate(_ARABIC)
    return tuple(_DRAWN_OUT.sub(r"\1", word) for word in re.findall(r"[^\W_]+", folded))


def _starts(tokens: Phrase, place: int, phrases: frozenset[Phrase]) -> Iterator[int]:
    """Where phrases end that begin at a place."""
    for length in range(1, min(_longest(phrases), len(tokens) - place) + 1):
        part = tokens[place : place + length]
        bare = (part[0][1:], *part[1:]) if part[0].startswith(_AND) and len(part[0]) > 3 else part
        if part in phrases or bare in phrases:
            yield place + length


def _covered(tokens: Phrase, wanted: frozenset[Phrase], allowed: frozenset[Phrase]) -> bool:
    """Whether the words are nothing but phrases of both lists, and at least one of them is wanted."""
    reached: set[tuple[int, bool]] = {(0, False)}
    for place in range(len(tokens)):
        for found in (False, True):
            if (place, found) in reached:
                reached |= {(end, True) for end in _starts(tokens, place, wanted)}
                reached |= {(end, found) for end in _starts(tokens, place, allowed)}
    return (len(tokens), True) in reached


def _contains(tokens: Phrase, phrases: frozenset[Phrase]) -> bool:
    return any(next(_starts(tokens, place, phrases), 0) for place in range(len(tokens)))

"""Where words of a listening query stand in a text: whole words, whatever their case and accents. As X does it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hark.domain.folding import fold, plain
from hark.domain.listening import Query

_PIECE = re.compile(r"\w+")


def found(text: str, words: Iterable[str]) -> tuple[str, ...]:
    """The words as they stand in the text, each spelling once, in the order of the text. A word that begins with `@` or
    `#` is found with that sign only; blanks and signs between the parts of a name may be others in the text."""
    folded = fold(text)
    spans: list[tuple[int, int]] = []
    for word in words:
        pattern = _pattern(word)
        if pattern is not None:
            spans += [match.span() for match in pattern.finditer(folded.text)]
    spelled: dict[str, None] = {}
    for start, end in sorted(spans):
        begin, behind = folded.span(start, end)
        spelled[text[begin:behind]] = None
    return tuple(spelled)


def matches(text: str, query: Query) -> bool:
    """Whether a text is a hit of a query, by its words alone: who wrote it, and in which language, is not asked."""
    return bool(found(text, query.words())) and not found(text, query.without)


def _pattern(word: str) -> re.Pattern[str] | None:
    pieces = _PIECE.findall(plain(word))
    if not pieces:
        return None
    sign = re.escape(word[0]) if word[0] in "@#" else ""
    before = r"(?<!\w)" if sign else r"(?<![\w@])"
    return re.compile(before + sign + r"[^\w\n]{1,3}".join(map(re.escape, pieces)) + r"(?!\w)")

"""What the decision tree wants to know of a text beside its reading: pure functions, of words and patterns only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from hark.domain import account_words
from hark.domain.folding import plain
from hark.domain.reading import Intent

_HANDLES = re.compile(r"@[\w.]+")
_LINKS = re.compile(r"https?://\S+")
_QUESTION_MARKS = frozenset("?؟？")
_WORD = re.compile(r"\w+(?:['’-]\w+)*")

_PREFIXES = {"א": "והבלכמש", "ا": "وبلفك"}
"""What is written onto the front of a word, by script; in Arabic before the article."""


def bare(text: str) -> str:
    """What the author says besides calling somebody; a hashtag is a word."""
    return " ".join(_LINKS.sub(" ", _HANDLES.sub(" ", text)).split())


def says_something(text: str) -> bool:
    """Whether there is more than handles and links: a word, a digit, a face or a question mark."""
    return any(c.isalnum() or unicodedata.category(c) == "So" or c in _QUESTION_MARKS for c in bare(text))


def names(text: str, known: Iterable[str]) -> bool:
    """Whether one of the brand's names stands in the text as a whole word, however it is cased or accented."""
    folded = plain(text)
    return any(
        re.search(rf"(?<!\w){re.escape(name)}(?!\w)", folded) for name in map(plain, known) if name.strip()
    )  # fmt: skip


def wants_account(text: str, intent: Intent, named: str = "") -> bool:
    """Whether the answer needs to know who the customer is: it is about their order, delivery, bill or login (C12).

    A complaint or a wish about such a thing is about one's own; a question or a statement only if it says so. What else
    is said (praise, mockery, a crisis) is answered without it. `named` is a number of another system in the text.
    """
    if intent not in ("complaint", "request", "question", "statement", "unsure"):
        return False
    if named:
        return True
    words = {form for word in _WORD.findall(plain(_LINKS.sub(" ", _HANDLES.sub(" ", text)))) for form in _forms(word)}
    return _any(words, _THINGS) and (intent in ("complaint", "request") or _any(words, _MINE) or _any(words, _OWN))


def _forms(word: str) -> Iterable[str]:
    """A word, and in Hebrew and Arabic the same without what is written onto its front."""
    yield word
    script = "א" if "\u05d0" <= word[0] <= "\u05ea" else "ا" if "\u0621" <= word[0] <= "\u064a" else ""
    if not script:
        return
    forms = {word}
    for prefixes in (_PREFIXES[script], _PREFIXES[script]):
        forms |= {form[1:] for form in forms if len(form) > 3 and form[0] in prefixes}
    if script == "ا":
        forms |= {form[2:] for form in forms if len(form) > 4 and form.startswith(("ال", "لل"))}
    yield from forms


def _listed(table: dict[str, str]) -> tuple[frozenset[str], tuple[str, ...]]:
    every = [plain(word) for row in table.values() for word in row.split()]
    return (
        frozenset(word for word in every if not word.endswith("~")),
        tuple(sorted({word[:-1] for word in every if word.endswith("~")})),
    )


def _any(words: set[str], listed: tuple[frozenset[str], tuple[str, ...]]) -> bool:
    whole, beginnings = listed
    return not words.isdisjoint(whole) or any(word.startswith(beginnings) for word in words)


_THINGS, _MINE, _OWN = (
    _listed(table) for table in (account_words.THINGS, account_words.MINE, account_words.OWN)
)  # fmt: skip

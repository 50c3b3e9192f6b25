"""Our own lists of words and phrases for each language, and where a text matches them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hark.reading.words import Token, folded

LANGUAGES = ("lv", "ru", "ms", "he", "ar", "en")
"""What the built-in reader has lists for. Malay stands for Indonesian too."""

LISTS = Path(__file__).parent / "lists"
NEGATES_WITHIN = 3
"""Words a negation reaches forward, inside one clause."""

_GAP = ".."
_LONGEST_GAP = 2
_CLAUSE_END = re.compile(r"[.,;:!?…؟،؛\n]")
_ATTACHED = {
    "he": ("וה", "ול", "וב", "ומ", "וש", "שה", "של", "מה", "כש", "ה", "ו", "ב", "ל", "ש", "מ", "כ"),
    "ar": ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ف", "ب", "ل"),
}
"""What these languages write onto the front of a word; longest first."""
_SHORTEST_STEM = 3
_REMEMBERED = 5_000


@dataclass(frozen=True)
class Hit:
    """One entry of a list found in a text. `first` and `last` count words; places are code points."""

    list: str
    first: int
    last: int
    start: int
    end: int
    negated: bool


@dataclass(frozen=True)
class _Entry:
    list: str
    rest: tuple[str, ...]


@dataclass(frozen=True)
class Said:
    """The words of a text, in order, and which of them begin a clause."""

    words: tuple[Token, ...]
    begins: tuple[bool, ...]

    @classmethod
    def of(cls, text: str, tokens: list[Token]) -> Said:
        words = tuple(token for token in tokens if token.kind in ("word", "tag", "number"))
        ends = (0, *(word.end for word in words))[: len(words)]
        begins = (_CLAUSE_END.search(text, end, word.start) is not None for word, end in zip(words, ends, strict=True))
        return cls(words, tuple(begins))


class Cues:
    """The lists of one language, ready to be looked up."""

    def __init__(self, language: str) -> None:
        with (LISTS / f"{language}.toml").open("rb") as file:
            found = tomllib.load(file)
        self.language = language
        self.negators = frozenset(folded(word) for word in _entries(found["negators"]))
        self.amplifiers = frozenset(folded(word) for word in _entries(found["amplifiers"]))
        self._telling = self.negators | {folded(word) for word in _entries(found.get("common", ""))}
        self._whole: dict[str, list[_Entry]] = {}
        self._stems: dict[str, list[_Entry]] = {}
        self._known: dict[str, tuple[tuple[str, ...], tuple[_Entry, ...]]] = {}
        for part in ("sentiment", "intent", "urgency"):
            for name, text in found[part].items():
                for entry in _entries(text):
                    self._keep(name, entry)

    def _keep(self, name: str, entry: str) -> None:
        first, *rest = _parts(entry)
        into = self._stems if first.endswith("*") else self._whole
        kept = into.setdefault(first.rstrip("*"), [])
        if (made := _Entry(name, tuple(rest))) not in kept:
            kept.append(made)

    def known(self, said: Said) -> set[int]:
        """Which words, counted from 0, stand in these lists, or say of themselves which language they are of."""
        listed = {at for hit in self.find(said) for at in range(hit.first, hit.last + 1)}
        return listed | {at for at, word in enumerate(said.words) if word.folded in self._telling}

    def find(self, said: Said) -> list[Hit]:
        """Every entry that matches somewhere. Of one list the longest match at a place counts."""
        hits: list[Hit] = []
        looked_up = [self._look_up(token.folded) for token in said.words]
        spellings = [found for found, _ in looked_up]
        for at, (_, entries) in enumerate(looked_up):
            if not entries:
                continue
            best: dict[str, int] = {}
            for entry in entries:
                last = _follow(spellings, at, entry.rest) if entry.rest else at
                if last is not None and last > best.get(entry.list, -1):
                    best[entry.list] = last
            hits += [self._hit(name, said, at, last) for name, last in best.items()]
        return hits

    def _look_up(self, word: str) -> tuple[tuple[str, ...], tuple[_Entry, ...]]:
        """Spellings of a word and the entries that begin with one of them. Most words come again and again."""
        if (known := self._known.get(word)) is not None:
            return known
        spellings = _spellings(word, self.language)
        entries = [entry for spelling in spellings for entry in self._starting(spelling)]
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[word] = made = spellings, tuple(dict.fromkeys(entries))
        return made

    def _starting(self, word: str) -> list[_Entry]:
        found = list(self._whole.get(word, ()))
        for length in range(2, len(word) + 1):
            found += self._stems.get(word[:length], ())
        return found

    def _hit(self, name: str, said: Said, first: int, last: int) -> Hit:
        start, end = said.words[first].start, said.words[last].end
        return Hit(name, first, last, start, end, self._negated(said, first, last))

    def _negated(self, said: Said, first: int, last: int) -> bool:
        at = first
        for _ in range(NEGATES_WITHIN):
            if at == 0 or said.begins[at]:
                break
            at -= 1
            if said.words[at].folded in self.negators:
                return True
        after = last + 1  # «lacks nothing» is rare; «bagus tak» and «worth it? no» ask or answer, and are left alone
        return after < len(said.words) and not said.begins[after] and said.words[after].folded in ("nav", "нет")


def _entries(text: str) -> list[str]:
    return [entry for part in text.split(",") if (entry := " ".join(part.split()))]


def _parts(entry: str) -> list[str]:
    """The words of an entry as they are looked up; a number stands for any."""
    parts: list[str] = []
    for word in entry.split():
        if word == _GAP:
            parts.append(word)
            continue
        for piece in re.split(r"[-.#%]+", word):
            if piece:
                star = "*" if piece.endswith("*") else ""
                parts.append("0" if piece.isdigit() else folded(piece.rstrip("*")) + star)
    return parts


@cache
def cues(language: str) -> Cues:
    """The lists of a language of `LANGUAGES`."""
    return Cues(language)


def _spellings(word: str, language: str) -> tuple[str, ...]:
    fronts = (front for front in _ATTACHED.get(language, ()) if word.startswith(front))
    return (word, *(word[len(front) :] for front in fronts if len(word) - len(front) >= _SHORTEST_STEM))


def _follow(spellings: list[tuple[str, ...]], at: int, rest: tuple[str, ...]) -> int | None:
    """Where the last word of an entry stands whose first is at `at`; None when the rest does not follow."""
    if not rest:
        return at
    wanted, *more = rest
    if wanted == _GAP:
        for skipped in range(_LONGEST_GAP + 1):
            last = _follow(spellings, at + skipped, tuple(more)) if at + skipped < len(spellings) else None
            if last is not None:
                return last
        return None
    if at + 1 >= len(spellings):
        return None
    stem = wanted.rstrip("*")
    for word in spellings[at + 1]:
        if word == stem or (wanted.endswith("*") and word.startswith(stem)):
            return _follow(spellings, at + 1, tuple(more))
    return None


@dataclass(frozen=True)
class Pictures:
    """The mood of emoji and smileys, which is the same in every language."""

    positive: frozenset[str]
    negative: frozenset[str]
    mocking: frozenset[str]
    burning: frozenset[str]


@cache
def pictures() -> Pictures:
    with (LISTS / "emoji.toml").open("rb") as file:
        found = tomllib.load(file)
    return Pictures(
        frozenset(found["positive"]) | frozenset(found["glad_smileys"].split()),
        frozenset(found["negative"]) | frozenset(found["sad_smileys"].split()),
        frozenset(found["mocking"]), frozenset(found["burning"]),
    )  # fmt: skip

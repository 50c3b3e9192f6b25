"""Which known question a message asks: cosine of weighted character runs, as measured in docs/bot.md.

Runs of two to four characters within words, weighted by how rare they are among the known questions (tf-idf); the
same for every language, so that endings, missing marks and slips of the pen matter little. Words alone found less.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hark.domain.folding import plain

SHORTEST, LONGEST = 2, 4

_NOT_SAID = re.compile(r"https?://\S+|[@#]\w+")
_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Match:
    """The best entry, and how much better it is than the next. Likeness from 0 to 1."""

    entry: str
    likeness: float
    margin: float


def runs(text: str) -> Counter[str]:
    """The runs of a text, each word with a blank around it. Handles, hashtags and links do not count."""
    found: Counter[str] = Counter()
    for word in _NOT_WORDS.sub(" ", _NOT_SAID.sub(" ", plain(text))).split():
        padded = f" {word} "
        for size in range(SHORTEST, LONGEST + 1):
            found.update(padded[at : at + size] for at in range(len(padded) - size + 1))
    return found


def best(text: str, questions: Mapping[str, Sequence[str]]) -> Match | None:
    """The entry whose known questions are most like the text; None when there is none at all.

    `questions` are the known ways of asking, by entry, all in the language of the text.
    """
    known = [(entry, runs(question)) for entry, asked in questions.items() for question in asked]
    known = [(entry, found) for entry, found in known if found]
    if not known:
        return None
    seen = Counter(run for _, found in known for run in found)
    rarity = {run: math.log((1 + len(known)) / (1 + count)) + 1 for run, count in seen.items()}
    unseen = math.log(1 + len(known)) + 1
    asked = _vector(runs(text), rarity, unseen)
    scores: dict[str, float] = {}
    for entry, found in known:
        vector = _vector(found, rarity, unseen)
        alike = sum(weight * vector.get(run, 0.0) for run, weight in asked.items())
        scores[entry] = max(scores.get(entry, 0.0), alike)
    first, second = [*sorted(scores.values(), reverse=True), 0.0][:2]
    entry = min(name for name, score in scores.items() if score == first)
    return Match(entry, min(first, 1.0), first - second)


def _vector(found: Counter[str], rarity: Mapping[str, float], unseen: float) -> dict[str, float]:
    weights = {run: (1 + math.log(count)) * rarity.get(run, unseen) for run, count in found.items()}
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {run: weight / length for run, weight in weights.items()}

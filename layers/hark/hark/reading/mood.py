"""Sentiment: a linear model over hashed pieces of words, and our own lists, which it weighs as well.

The model was chosen by measuring (docs/triage.md). It is logistic regression, made by `infra.reading.train`: each
language has a table of weights, one signed byte a bucket and class, and is read by adding numbers up.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from hark.reading.cues import Hit, Pictures, Said
from hark.reading.words import Token

WEIGHTS = Path(__file__).parent / "weights"
CLASSES: tuple[Literal["negative", "neutral", "positive"], ...] = ("negative", "neutral", "positive")
SHORTEST, LONGEST = 3, 5
"""Letters of the pieces a word is cut into, its two ends included."""
DENSE = 8
"""Numbers that go in beside the hashed pieces: see `measures`."""


def pieces(tokens: Iterable[Token], negated: Sequence[bool]) -> set[bytes]:
    """What the model sees of a text: words, pairs, pieces of words, marks and pictures.

    `negated` says of each word whether a negation reaches it; a negated word is a piece of its own.
    """
    found: set[str] = set()
    before, count = "^", 0
    for token in tokens:
        if token.kind in ("word", "tag"):
            word = token.folded
            found.add(f"w{word}")
            found.add(f"p{before} {word}")
            if negated[count]:
                found.add(f"n{word}")
            whole = f"<{word}>"
            for size in range(SHORTEST, LONGEST + 1):
                found.update(f"c{whole[at : at + size]}" for at in range(len(whole) - size + 1))
            before = word
        elif token.kind in ("emoji", "smiley", "mark"):
            found.add(f"e{token.folded}")
        if token.kind in ("word", "tag", "number"):
            count += 1
    return {piece.encode("utf-8", "replace") for piece in found}


def measures(hits: Iterable[Hit], tokens: Iterable[Token], shown: Pictures) -> tuple[float, ...]:
    """`DENSE` numbers from 0 to about 2: what our own lists say of words, pictures and marks."""
    good = bad = turned = eased = 0
    for hit in hits:
        if hit.list == "positive":
            good, turned = good + (not hit.negated), turned + hit.negated
        elif hit.list == "negative":
            bad, eased = bad + (not hit.negated), eased + hit.negated
    glad = sad = mocking = marks = 0
    for token in tokens:
        if token.kind in ("emoji", "smiley"):
            glad += token.folded in shown.positive
            sad += token.folded in shown.negative
            mocking += token.folded in shown.mocking
        elif token.kind == "mark":
            marks += token.folded in ("!!", "?")
    counts = (good, bad, turned, eased, glad, sad, mocking, marks)
    return tuple(min(count, 4) / 2 for count in counts)


def negations(said: Said, negators: frozenset[str], within: int) -> list[bool]:
    """Of each word, whether a negation stands at most `within` words before it, inside its clause."""
    found, left = [], 0
    for token, begins in zip(said.words, said.begins, strict=True):
        if begins:
            left = 0
        found.append(left > 0)
        left = within if token.folded in negators else max(0, left - 1)
    return found


@dataclass(frozen=True)
class Model:
    """One language's weights. `tables` holds one signed byte for each bucket, a table a class."""

    version: str
    mask: int
    scales: tuple[float, ...]
    bias: tuple[float, ...]
    dense: tuple[tuple[float, ...], ...]
    tables: tuple[memoryview, ...]
    apart: float
    """How far the likeliest class has to be before the next one to be believed."""

    def shares(self, seen: set[bytes], measured: tuple[float, ...]) -> tuple[float, ...]:
        """How likely each of `CLASSES` is; they sum up to 1."""
        buckets = {zlib.crc32(piece) & self.mask for piece in seen}
        share = 1 / math.sqrt(len(buckets)) if buckets else 0.0
        sums = []
        for table, scale, bias, dense in zip(self.tables, self.scales, self.bias, self.dense, strict=True):
            hashed = sum(table[bucket] for bucket in buckets) * scale * share
            sums.append(bias + hashed + sum(w * m for w, m in zip(dense, measured, strict=True)))
        top = max(sums)
        parts = [math.exp(value - top) for value in sums]
        return tuple(part / sum(parts) for part in parts)


@cache
def model(language: str) -> Model:
    """The weights of a language of `LANGUAGES`.

    Raises:
        FileNotFoundError: there are no weights for it.
    """
    head, _, body = (WEIGHTS / f"{language}.bin").read_bytes().partition(b"\n")
    said = json.loads(head)
    raw = memoryview(zlib.decompress(body)).cast("b")
    size = said["buckets"]
    return Model(
        said["version"], size - 1, tuple(said["scales"]), tuple(said["bias"]),
        tuple(tuple(row) for row in said["dense"]),
        tuple(raw[n * size : (n + 1) * size] for n in range(len(CLASSES))), said["apart"],
    )  # fmt: skip

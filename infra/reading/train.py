"""Makes the reader's weights: `python -m infra.reading.train <data folder> [language …]`.

One logistic regression a language, of the train splits whose licence allows weights to be passed on. Texts that also
stand in a dev or test split are left out. Then the three classes are weighed against each other on the dev splits: two
numbers a language. The same data give the same weights.
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
from hark.reading.mood import CLASSES, DENSE, WEIGHTS, measures, model, negations, pieces
from hark.reading.words import tokens
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, f1_score

from infra.reading.corpora import CORPORA

VERSION = "1"
BUCKETS = {"en": 1 << 18, "ar": 1 << 17, "he": 1 << 17, "lv": 1 << 17, "ms": 1 << 17, "ru": 1 << 16}
STRENGTH = {"en": 1.0, "ar": 1.0, "he": 1.0, "lv": 1.0, "ms": 0.5, "ru": 0.5}
"""C of the regression: the smaller, the less it believes single pieces. Chosen on the dev splits."""
SILENT = 0.01
"""A weight so small was never taught."""
STEPS, GLADDER, DEV_AT_MOST = 8, 3, 600
"""How far, in tenths, the neutral class may be moved against the negative, and how far the positive one: less, for to
see joy where there is none does harm. And on how many texts of a set that is tried."""
ENOUGH = 100
"""A class with fewer dev texts is not moved: it would be moved by chance."""
LEFT_UNSURE = 0.05
"""The least clear texts, as a share, that are left unsure."""
SEEN_AT_LEAST = 2
"""Texts a bucket has to be seen in; what is seen once teaches nothing of the next text."""


def plain(text: str) -> str:
    """What two copies of a text have in common."""
    return re.sub(r"\W+", " ", re.sub(r"https?://\S+|@\w+", " ", text.casefold())).strip()


def row(text: str, language: str, buckets: int) -> tuple[list[int], tuple[float, ...]]:
    """A text as the reader sees it: its buckets, and the measures of our own lists."""
    seen, measured = _seen(text, language)
    return sorted({zlib.crc32(piece) & (buckets - 1) for piece in seen}), measured


def matrix(rows: Iterable[tuple[list[int], tuple[float, ...]]], buckets: int) -> sp.csr_matrix:
    rows = list(rows)
    ends = np.cumsum([0, *(len(seen) for seen, _ in rows)])
    columns = np.concatenate([np.array(seen, dtype=np.int32) for seen, _ in rows])
    values = np.concatenate([np.full(len(seen), 1 / math.sqrt(len(seen)) if seen else 0.0) for seen, _ in rows])
    hashed = sp.csr_matrix((values, columns, ends), shape=(len(rows), buckets))
    dense = sp.csr_matrix(np.array([measured for _, measured in rows]))
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
        "dense": [[round(float(w), 4) for w in line] for line in dense], "apart": 0.0,
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
    size = write(language, full[:, :buckets], full[:, buckets:], made.intercept_, len(rows))
    print(f"{language}: {len(rows)} texts {dict(Counter(label for _, label in rows))}, {size} bytes", flush=True)


def finish(data: Path, language: str) -> None:
    """Borrows what the data cannot teach, and weighs the classes on the dev splits."""
    path = WEIGHTS / f"{language}.bin"
    head, _, body = path.read_bytes().partition(b"\n")
    said = json.loads(head)
    if language != "en":
        said["dense"] = _borrowed(
            said["dense"], json.loads((WEIGHTS / "en.bin").read_bytes().partition(b"\n")[0])["dense"]
        )
        path.write_bytes(json.dumps(said).encode() + b"\n" + body)
    model.cache_clear()
    sets = _dev(data, language)
    offsets = _offsets(language, sets)
    said["bias"] = [round(float(b), 4) for b in np.array(said["bias"]) + offsets]
    said["apart"] = round(_apart([np.exp(logs + offsets) for logs, _ in sets]), 4)
    path.write_bytes(json.dumps(said).encode() + b"\n" + body)
    model.cache_clear()


def _borrowed(dense: list[list[float]], english: list[list[float]]) -> list[list[float]]:
    """Where a language's data hold no smileys or pictures, English tells what these are worth."""
    silent = [all(abs(line[column]) < SILENT for line in dense) for column in range(DENSE)]
    return [
        [there if quiet else here for quiet, here, there in zip(silent, line, other, strict=True)]
        for line, other in zip(dense, english, strict=True)
    ]


def _apart(sets: list[np.ndarray]) -> float:
    """How far the likeliest class has to be before the next, so that of the dev splits a twentieth is left unsure."""
    gaps = []
    for shares in sets:
        ordered = np.sort(shares / shares.sum(axis=1, keepdims=True), axis=1)
        gaps.append(np.quantile(ordered[:, -1] - ordered[:, -2], LEFT_UNSURE))
    return float(np.mean(gaps))


def _dev(data: Path, language: str) -> list[tuple[np.ndarray, np.ndarray]]:
    """Of each dev split, the logarithms of the shares and the labels."""
    made, sets = model(language), []
    for corpus in CORPORA:
        rows = corpus.read(data).get("dev") if corpus.language == language else None
        if rows:
            rows = rows[:: -(-len(rows) // DEV_AT_MOST)]
            shares = np.array([made.shares(*_seen(text, language)) for text, _ in rows])
            sets.append((np.log(shares), np.array([CLASSES.index(label) for _, label in rows])))
    return sets


def _offsets(language: str, sets: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """What to add to the classes so that F1 and recall on the dev splits are best; each set weighs the same."""
    steps = np.arange(-STEPS, STEPS + 1) / 10

    def worth(pair: tuple[float, float]) -> float:
        added = np.array([0.0, *pair])
        found = [(y, (logs + added).argmax(axis=1)) for logs, y in sets]
        both = sum(
            f1_score(y, said, average="macro", labels=sorted(set(y)), zero_division=0.0)
            + balanced_accuracy_score(y, said)
            for y, said in found
        )
        return float(both)

    labels = np.concatenate([y for _, y in sets])
    neutral = steps if (labels == 1).sum() >= ENOUGH else np.zeros(1)
    positive = np.arange(-GLADDER, GLADDER + 1) / 10
    best = max(((worth((n, p)), -abs(n) - abs(p), (n, p)) for n in neutral for p in positive), key=lambda row: row[:2])
    print(f"{language}: neutral {best[2][0]:+.1f}, positive {best[2][1]:+.1f} on dev", flush=True)
    return np.array([0.0, *best[2]])


def _seen(text: str, language: str) -> tuple[set[bytes], tuple[float, ...]]:
    found = tokens(text)
    said = Said.of(text, found)
    listed = cues(language)
    return pieces(found, negations(said, listed.negators, NEGATES_WITHIN)), measures(
        listed.find(said), found, pictures()
    )


def main() -> None:
    data, *languages = sys.argv[1:]
    for language in languages or BUCKETS:
        train(Path(data), language)
        finish(Path(data), language)


if __name__ == "__main__":
    main()

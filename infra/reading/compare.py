"""What else was tried for sentiment: `python -m infra.reading.compare <data folder> [language …]`.

Trains, on the rows the reader's weights are made of, fastText (words and pieces of three to five letters, the smallest
useful size) and the reader's own regression without our lists, and measures both on the test splits, never unsure.
Writes `choice` into results.json.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import fasttext
import numpy as np
from hark.reading.mood import CLASSES, DENSE
from hark.reading.words import tokens
from sklearn.linear_model import LogisticRegression

from infra.reading.corpora import CORPORA, Row
from infra.reading.measure import AT_MOST, RESULTS, UNSURE, by_lists, scores
from infra.reading.train import BUCKETS, STRENGTH, matrix, row, training_rows


def _folded(text: str) -> str:
    return " ".join(t.folded for t in tokens(text) if t.kind not in ("handle", "link"))


def fast_text(rows: list[Row]) -> Callable[[str], str]:
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        lines: list[str] = []
        for label in CLASSES:  # each class weighs the same, as in the regression
            of_label = [text for text, said in rows if said == label]
            most = max(sum(said == other for _, said in rows) for other in CLASSES)
            lines += [f"__label__{label} {_folded(of_label[n % len(of_label)])}\n" for n in range(most)]
        random.Random(1).shuffle(lines)  # it learns in the order of the file
        file.writelines(lines)
        file.flush()
        made = fasttext.train_supervised(
            file.name,
            dim=32,
            epoch=10,
            lr=0.3,
            wordNgrams=2,
            minn=3,
            maxn=5,
            bucket=200_000,
            thread=1,
            seed=1,
            verbose=0,
        )
    return lambda text: str(made.f.predict(_folded(text) + "\n", 1, 0.0, "")[0][1]).removeprefix("__label__")


def regression(rows: list[Row], language: str) -> Callable[[str], str]:
    buckets = BUCKETS[language]

    def seen(texts: list[str]) -> object:
        return matrix((row(text, language, buckets) for text in texts), buckets)[:, :-DENSE]

    x = seen([text for text, _ in rows])
    y = np.array([CLASSES.index(label) for _, label in rows])
    made = LogisticRegression(C=STRENGTH[language], max_iter=100, tol=1e-4, class_weight="balanced").fit(x, y)
    return lambda text: CLASSES[int(made.predict(seen([text]))[0])]


def compared(data: Path, language: str) -> list[dict[str, object]]:
    rows = training_rows(data, language)
    ways = {
        "lists": lambda text: by_lists(text, language),
        "fasttext": fast_text(rows),
        "without_lists": regression(rows, language),
    }
    found = []
    for corpus in CORPORA:
        test = corpus.read(data).get("test", []) if corpus.language == language else []
        if test:
            test = test[:: -(-len(test) // AT_MOST)]
            truth = [label for _, label in test]
            line: dict[str, object] = {"language": language, "set": corpus.name, "texts": len(test)}
            for name, way in ways.items():
                said = [way(text) for text, _ in test]
                if "neutral" not in truth:
                    said = [UNSURE if s == "neutral" else s for s in said]
                line[name] = scores(truth, said)["recall"]
            found.append(line)
            print(json.dumps(line, ensure_ascii=False), flush=True)
    return found


def main() -> None:
    data, *languages = sys.argv[1:]
    for language in languages or BUCKETS:
        lines = compared(Path(data), language)
        kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
        others = [line for line in kept.get("choice", ()) if line["language"] != language]
        kept["choice"] = sorted([*others, *lines], key=lambda line: str(line["language"]))
        RESULTS.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

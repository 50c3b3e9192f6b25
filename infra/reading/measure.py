"""Measures the reader on public data: `python -m infra.reading.measure <data folder> [language …]`.

Writes `results.json` beside this file, from which `infra.reading.page` makes the tables of docs/triage.md. The reader
is asked as the desk asks it, but for the hint of the platform: the six languages are expected. With `speed` for a
language only sizes and times are taken anew.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from hark.reading.builtin import ENGINE, Builtin
from hark.reading.cues import LANGUAGES, LISTS, NEGATES_WITHIN, Said, cues, pictures
from hark.reading.mood import CLASSES, WEIGHTS, measures, model, negations, pieces
from hark.reading.words import tokens

from infra.reading.corpora import CORPORA, LABELS, Corpus, Row

RESULTS = Path(__file__).with_name("results.json")
UNSURE = "unsure"
AT_MOST = 1_000
"""Of a larger set every so many-th text is read; of TweetEval, on which others are compared too, every one."""


def scores(truth: Sequence[str], said: Sequence[str]) -> dict[str, float]:
    """Macro F1 and macro recall over the classes the set has, abstentions counted as wrong and left out."""
    answered = [(t, s) for t, s in zip(truth, said, strict=True) if s != UNSURE]
    all_f1, all_recall = _macro(truth, said)
    f1, recall = _macro([t for t, _ in answered], [s for _, s in answered], sorted(set(truth)))
    return {
        "f1": all_f1, "recall": all_recall, "f1_answered": f1, "recall_answered": recall,
        "unsure": round(1 - len(answered) / len(truth), 4),
    }  # fmt: skip


def _macro(truth: Sequence[str], said: Sequence[str], classes: Sequence[str] = ()) -> tuple[float, float]:
    f1s, recalls = [], []
    for label in classes or sorted(set(truth)):
        right = sum(t == s == label for t, s in zip(truth, said, strict=True))
        wanted, given = truth.count(label), said.count(label)
        recalls.append(right / wanted if wanted else 0.0)
        f1s.append(2 * right / (wanted + given) if wanted + given else 0.0)
    return round(sum(f1s) / len(f1s), 4), round(sum(recalls) / len(recalls), 4)


def majority(truth: Sequence[str]) -> dict[str, float]:
    most = max(sorted(set(truth)), key=truth.count)
    return scores(truth, [most] * len(truth))


def by_lists(text: str, language: str) -> str:
    """The plainest reader: what our lists call good against what they call bad."""
    found = tokens(text)
    said = Said.of(text, found)
    good, bad, turned, _, glad, sad, *_ = measures(cues(language).find(said), found, pictures())
    left = good + glad - bad - sad - turned
    return "positive" if left > 0 else "negative" if left < 0 else "neutral"


def by_model(text: str, language: str, classes: set[str]) -> str:
    """The linear model alone, told the language and which classes there are, and never unsure."""
    found = tokens(text)
    said = Said.of(text, found)
    listed = cues(language)
    negated = negations(said, listed.negators, NEGATES_WITHIN)
    shares = model(language).shares(pieces(found, negated), measures(listed.find(said), found, pictures()))
    return max((share, name) for share, name in zip(shares, CLASSES, strict=True) if name in classes)[1]


def vader(rows: Sequence[Row]) -> dict[str, float]:
    """VADER with the bounds its authors give: 0.05 and -0.05 of the compound score."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyser = SentimentIntensityAnalyzer()
    compounds = [analyser.polarity_scores(text)["compound"] for text, _ in rows]
    said = ["positive" if c >= 0.05 else "negative" if c <= -0.05 else "neutral" for c in compounds]
    return scores([label for _, label in rows], said)


def measured(corpus: Corpus, rows: Sequence[Row]) -> dict[str, object]:
    """One set. Where it has no neutral texts, a neutral answer says as little as an abstention and counts as one."""
    if corpus.name != "TweetEval":
        rows = rows[:: -(-len(rows) // AT_MOST)]
    reader, truth = Builtin(), [label for _, label in rows]
    readings = [reader.read(text, "", LANGUAGES) for text, _ in rows]
    said: list[str] = [reading.sentiment for reading in readings]
    listed = [by_lists(text, corpus.language) for text, _ in rows]
    forced = [by_model(text, corpus.language, set(truth)) for text, _ in rows]
    if "neutral" not in truth:
        said, listed = ([UNSURE if s == "neutral" else s for s in line] for line in (said, listed))
    told = [reading.language for reading in readings]
    found: dict[str, object] = {
        "set": corpus.name, "language": corpus.language, "texts": len(rows),
        "labels": {label: truth.count(label) for label in LABELS}, "learned_from": corpus.trains,
        "built_in": scores(truth, said), "forced": scores(truth, forced), "lists": scores(truth, listed),
        "majority": majority(truth),
        "language_right": round(told.count(corpus.language) / len(rows), 4),
        "language_unsure": round(told.count("und") / len(rows), 4),
    }  # fmt: skip
    if corpus.language == "en":
        found["vader"] = vader(rows)
    return found


_LOAD = """
import sys, time
start = time.process_time()
from hark.reading.builtin import Builtin
reader = Builtin()
imported = time.process_time()
reader.read(sys.argv[1], "", ("lv", "ru", "ms", "he", "ar", "en"))
print(imported - start, time.process_time() - imported)
"""

_SENTENCE = {
    "en": "My parcel has not arrived and nobody answers me. ", "lv": "Mans sūtījums vēl nav pienācis, gaidu jau. ",
    "ru": "Посылка до сих пор не пришла, никто не отвечает. ", "ms": "Barang saya masih belum sampai, tiada jawapan. ",
    "he": "החבילה שלי עדיין לא הגיעה ואף אחד לא עונה. ", "ar": "لم يصل طلبي حتى الآن ولا أحد يرد على الهاتف. ",
}  # fmt: skip


def speed() -> dict[str, dict[str, float]]:
    """Milliseconds of processor time, medians: a new process's import and first text, and a text of 280 when warm.

    Processor time, because the machine may have other work; a function of Lambda has its share of a core to itself.
    """
    found = {}
    for language, sentence in _SENTENCE.items():
        text = (sentence * 8)[:280]
        runs = [
            subprocess.run(
                [sys.executable, "-c", _LOAD, text], capture_output=True, text=True, check=True
            ).stdout.split()
            for _ in range(3)
        ]
        imports, firsts = sorted(float(run[0]) for run in runs), sorted(float(run[1]) for run in runs)
        reader, times = Builtin(), []
        for _ in range(100):
            start = time.process_time()
            reader.read(text, "", LANGUAGES)
            times.append(time.process_time() - start)
        found[language] = {
            "import_ms": round(imports[1] * 1000, 1), "first_ms": round(firsts[1] * 1000, 1),
            "warm_ms": round(sorted(times)[50] * 1000, 2),
        }  # fmt: skip
    return found


def main() -> None:
    data, *languages = sys.argv[1:]
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    sets = [found for found in kept.get("sets", ()) if languages and found["language"] not in languages]
    for corpus in CORPORA:
        rows = corpus.read(Path(data)).get("test") if corpus.language in (languages or LANGUAGES) else None
        if rows:
            sets.append(measured(corpus, rows))
            print(json.dumps(sets[-1], ensure_ascii=False), flush=True)
    order = [(corpus.language, corpus.name) for corpus in CORPORA]
    sets.sort(key=lambda found: order.index((str(found["language"]), str(found["set"]))))
    sizes = {path.stem: path.stat().st_size for path in sorted(WEIGHTS.glob("*.bin"))}
    kept |= {
        "engine": ENGINE, "python": platform.python_version(), "sets": sets, "weights_bytes": sizes,
        "lists_bytes": sum(path.stat().st_size for path in LISTS.glob("*.toml")), "speed": speed(),
    }  # fmt: skip
    RESULTS.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

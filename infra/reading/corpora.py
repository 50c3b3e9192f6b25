"""The public data the reader is trained and measured on: where it is, what it may be used for, how a file is read.

Nothing of it is kept in this repository. `docs/triage.md` has the commands that fill the data folder: one clone per
repository, each in a folder of the repository's own name.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

Row = tuple[str, str]
"""Text and label: negative, neutral or positive."""

LABELS = ("negative", "neutral", "positive")


@dataclass(frozen=True)
class Corpus:
    """One set of labelled texts. Weights are made only of what `trains`: the licence has to allow passing them on."""

    name: str
    language: str
    url: str
    licence: str
    trains: bool
    read: Callable[[Path], dict[str, list[Row]]]
    """Rows of each split: train, dev, test. A set that only measures has only `test`."""


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").rstrip("\n").split("\n")


def _table(path: Path, delimiter: str = ",") -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        if delimiter == "\t":
            yield from csv.DictReader(file, delimiter=delimiter, quoting=csv.QUOTE_NONE)
        else:
            yield from csv.DictReader(file)


def _cardiff(folder: Path, split: str) -> list[Row]:
    texts, labels = _lines(folder / f"{split}_text.txt"), _lines(folder / f"{split}_labels.txt")
    return [(text, LABELS[int(label)]) for text, label in zip(texts, labels, strict=True)]


def _tweeteval(root: Path) -> dict[str, list[Row]]:
    folder = root / "tweeteval/datasets/sentiment"
    return {"dev": _cardiff(folder, "val"), "test": _cardiff(folder, "test")}


def _semeval(root: Path) -> dict[str, list[Row]]:
    """The years 2013 to 2016, of which the test of 2017, which is TweetEval's, holds nothing."""
    folder = root / "datastories-semeval2017-task4/dataset/Subtask_A/downloaded"
    rows = []
    for path in sorted(folder.glob("twitter-201*-A.tsv")):
        for line in _lines(path):
            parts = line.split("\t")
            if len(parts) >= 3 and parts[1] in LABELS:
                text = parts[2].replace("\\u2019", "’").replace("\\u002c", ",").replace('""', '"').strip('"')
                rows.append((text, parts[1]))
    return {"train": rows}


def _umsab(language: str) -> Callable[[Path], dict[str, list[Row]]]:
    def read(root: Path) -> dict[str, list[Row]]:
        folder = root / "xlm-t/data/sentiment" / language
        return {
            "train": _cardiff(folder, "train"), "dev": _cardiff(folder, "val"), "test": _cardiff(folder, "test"),
        }  # fmt: skip

    return read


def _airline(root: Path) -> dict[str, list[Row]]:
    path = root / "Twitter-Airline-Sentiment/Tweets.csv"
    return {"test": [(row["text"], row["airline_sentiment"]) for row in _table(path)]}


def _afrisenti(code: str) -> Callable[[Path], dict[str, list[Row]]]:
    def read(root: Path) -> dict[str, list[Row]]:
        folder = root / "afrisent-semeval-2023/SubtaskA"
        return {
            split: [
                (row["tweet"], row["label"])
                for row in _table(folder / split / f"{code}_{split}.tsv", "\t")
                if _arabic(row["tweet"])
            ]
            for split in ("train", "dev", "test")
        }

    return read


def _arabic(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return sum("\u0600" <= c <= "\u06ff" for c in letters) * 2 > len(letters)


def _astd(root: Path) -> dict[str, list[Row]]:
    names = {"NEG": "negative", "POS": "positive", "OBJ": "neutral"}
    parts = [line.rstrip("\r").rsplit("\t", 1) for line in _lines(root / "ASTD/data/Tweets.txt")]
    return {"test": [(part[0], names[part[1]]) for part in parts if len(part) == 2 and part[1] in names]}


_HEBREW = {"0": "positive", "1": "negative", "2": "neutral"}


def _hebrew(root: Path) -> dict[str, list[Row]]:
    folder = root / "Hebrew-Sentiment-Data/Sentiment_Data/token"
    found = {}
    for split, file in (("train", "train.tsv"), ("dev", "dev.tsv"), ("test", "test_gold.tsv")):
        pairs = [line.rstrip("\r").split("\t") for line in _lines(folder / file)]
        rows = [(max(pair, key=len), _HEBREW[min(pair, key=len)]) for pair in pairs if _is_pair(pair)]
        found[split] = rows
    return found


def _is_pair(parts: list[str]) -> bool:
    return len(parts) == 2 and min(parts, key=len) in _HEBREW


_XED_BAD, _XED_GOOD = frozenset("1346"), frozenset("58")


def _xed(code: str) -> Callable[[Path], dict[str, list[Row]]]:
    """Emotions of film subtitles. Anger, disgust, fear and sadness count as negative, joy and trust as positive."""

    def read(root: Path) -> dict[str, list[Row]]:
        rows: list[Row] = []
        for line in _lines(root / f"XED/Projections/{code}-projections.tsv"):
            text, _, marks = line.partition("\t")
            found = {mark.strip() for mark in marks.split(",")}
            bad, good = bool(found & _XED_BAD), bool(found & _XED_GOOD)
            if bad != good:
                rows.append((text, "negative" if bad else "positive"))
            elif not bad:
                rows.append((text, "neutral"))
        return {"train": rows}

    return read


def _rusentitweet(root: Path) -> dict[str, list[Row]]:
    def split(name: str) -> list[Row]:
        rows = _table(root / f"rusentitweet/rusentitweet_{name}.csv")
        return [(row["text"], row["label"]) for row in rows if row["label"] in LABELS]

    return {"dev": split("train"), "test": split("test")}


def _eater(root: Path) -> dict[str, list[Row]]:
    names = {"neg": "negative", "neu": "neutral", "pos": "positive"}
    folder = root / "Latvian-Twitter-Eater-Corpus/sub-corpora/sentiment-analysis"

    def split(name: str) -> list[Row]:
        found = json.loads((folder / f"ltec-sentiment-annotated-{name}.json").read_text(encoding="utf-8"))
        return [(row["tweet_text"], names[row["sentiment"]]) for row in found]

    train = split("train")
    return {"train": [r for n, r in enumerate(train) if n % 10], "dev": train[::10], "test": split("test")}


_LATVIAN = {"NEG": "negative", "NEU": "neutral", "POZ": "positive", "POS": "positive"}


def _peisenieks(root: Path) -> dict[str, list[Row]]:
    """One object a line; some hold bare quotation marks, so that it is no JSON to a strict reader."""
    text = (root / "latvian-tweet-sentiment-corpus/tweet_corpus.json").read_text(encoding="utf-8")
    found = re.findall(r'"text":"(.*?)","sentiment":"(NEG|NEU|POZ)"', text)
    return {"train": [(said.replace("\\/", "/"), _LATVIAN[label]) for said, label in found]}


def _nicemanis(root: Path) -> dict[str, list[Row]]:
    found = json.loads((root / "LV-twitter-sentiment-corpus/tweet_corpus.json").read_text(encoding="utf-8"))
    rows = [row for part in found.values() for row in part] if isinstance(found, dict) else found
    return {"test": [(row["text"], _LATVIAN[row["sentiment"]]) for row in rows if row.get("sentiment") in _LATVIAN]}


def _viksna(root: Path) -> dict[str, list[Row]]:
    parts = [line.split("\t") for line in _lines(root / "sikzinu_analize/viksna.tsv")]
    return {"test": [(p[1], _LATVIAN[p[2].strip()]) for p in parts if len(p) == 3 and p[2].strip() in _LATVIAN]}


def _nusax(root: Path) -> dict[str, list[Row]]:
    folder = root / "nusax/datasets/sentiment/indonesian"
    files = {"train": "train.csv", "dev": "valid.csv", "test": "test.csv"}
    return {split: [(r["text"], r["label"]) for r in _table(folder / file)] for split, file in files.items()}


def _smsa(root: Path) -> dict[str, list[Row]]:
    folder = root / "indonlu/dataset/smsa_doc-sentiment-prosa"
    found = {}
    for split, file in (("train", "train"), ("dev", "valid"), ("test", "test")):
        parts = [line.rsplit("\t", 1) for line in _lines(folder / f"{file}_preprocess.tsv")]
        found[split] = [(part[0], part[1].strip()) for part in parts]
    return found


def _malay_news(root: Path) -> dict[str, list[Row]]:
    """Sentences about politics, with no neutral ones. Every other text chooses, the rest tests."""
    found = _table(root / "malay-dataset/sentiment/news-sentiment/sentiment-data-v2.csv")
    rows = [(row["text"], row["label"].lower()) for row in found if row["label"].lower() in LABELS]
    return {"dev": rows[::2], "test": rows[1::2]}


def _malay_tweets(kind: str) -> Callable[[Path], dict[str, list[Row]]]:
    """Posts of Malaysia, some of them Indonesian. Every other text chooses, the rest tests."""

    def read(root: Path) -> dict[str, list[Row]]:
        found = _table(root / f"malay-dataset/sentiment/{kind}/data.csv", "\t")
        rows = [(row["text"], row["sentiment"].lower()) for row in found if (row["sentiment"] or "").lower() in LABELS]
        return {"dev": rows[::2], "test": rows[1::2]}

    return read


_CC_BY, _CC_BY_SA = "CC BY 4.0", "CC BY-SA 4.0"
_MALAY = "huseinzol05/malay-dataset"

CORPORA: tuple[Corpus, ...] = (
    Corpus("TweetEval", "en", "cardiffnlp/tweeteval", "of SemEval-2017 (CC BY 3.0)", False, _tweeteval),
    Corpus("SemEval 2013-2016", "en", "cbaziotis/datastories-semeval2017-task4", "CC BY 3.0", True, _semeval),
    Corpus("UMSAB", "en", "cardiffnlp/xlm-t", "Apache 2.0", True, _umsab("english")),
    Corpus("US airlines", "en", "AyushDhatwalia/Twitter-Airline-Sentiment", "CC BY-NC-SA 4.0", False, _airline),
    Corpus("UMSAB", "ar", "cardiffnlp/xlm-t", "Apache 2.0", True, _umsab("arabic")),
    Corpus("AfriSenti Morocco", "ar", "afrisenti-semeval/afrisent-semeval-2023", _CC_BY, True, _afrisenti("ma")),
    Corpus("AfriSenti Algeria", "ar", "afrisenti-semeval/afrisent-semeval-2023", _CC_BY, True, _afrisenti("dz")),
    Corpus("ASTD", "ar", "mahmoudnabil/ASTD", "GPL 2", False, _astd),
    Corpus("OMILab, cleaned", "he", "OnlpLab/Hebrew-Sentiment-Data", "MIT (of OMILab)", True, _hebrew),
    Corpus("XED", "he", "Helsinki-NLP/XED", _CC_BY, True, _xed("he")),
    Corpus("XED", "ru", "Helsinki-NLP/XED", _CC_BY, True, _xed("ru")),
    Corpus("XED", "ar", "Helsinki-NLP/XED", _CC_BY, True, _xed("ar")),
    Corpus("RuSentiTweet", "ru", "sismetanin/rusentitweet", "none stated", False, _rusentitweet),
    Corpus("Twitter Eater", "lv", "Usprogis/Latvian-Twitter-Eater-Corpus", "MIT", True, _eater),
    Corpus("Peisenieks", "lv", "FnTm/latvian-tweet-sentiment-corpus", "MIT", True, _peisenieks),
    Corpus("Nicemanis", "lv", "nicemanis/LV-twitter-sentiment-corpus", "GPL 3", False, _nicemanis),
    Corpus("Vīksna", "lv", "RinaldsViksna/sikzinu_analize", "none stated", False, _viksna),
    Corpus("NusaX Indonesian", "ms", "IndoNLP/nusax", _CC_BY_SA, True, _nusax),
    Corpus("SmSA Indonesian", "ms", "IndoNLP/indonlu", "Apache 2.0", True, _smsa),
    Corpus("XED", "ms", "Helsinki-NLP/XED", _CC_BY, True, _xed("ms")),
    Corpus("XED Indonesian", "ms", "Helsinki-NLP/XED", _CC_BY, True, _xed("id")),
    Corpus("Malay tweets", "ms", _MALAY, "not for business", False, _malay_tweets("supervised-twitter")),
    Corpus("Malay politics", "ms", _MALAY, "not for business", False, _malay_tweets("supervised-twitter-politics")),
    Corpus("Malay news", "ms", _MALAY, "not for business", False, _malay_news),
)

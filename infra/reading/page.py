"""`python -m infra.reading.page`: writes the section "Reading" of docs/triage.md; `--print` only shows it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from infra.expand import ROOT
from infra.reading.corpora import CORPORA
from infra.reading.measure import RESULTS

PAGE = ROOT / "docs" / "triage.md"
SOURCE = RESULTS.with_name("reading.md.in")
HEADING = "## Reading\n"
_NAMES = {"en": "English", "lv": "Latvian", "ru": "Russian", "ms": "Malay", "he": "Hebrew", "ar": "Arabic"}


def section() -> str:
    """The section, with its heading. The text is `reading.md.in`; its tables and figures are computed here."""
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    text = SOURCE.read_text(encoding="utf-8")
    for name, value in _values(results).items():
        text = text.replace("{{" + name + "}}", value)
    if "{{" in text:
        raise ValueError(f"nothing is computed for {text[text.index('{{') :][:40]}")
    return HEADING + "\n" + text.strip() + "\n"


def page(before: str) -> str:
    """The whole page with the section put in the place of the one it has, or at its end."""
    if HEADING not in before:
        return before.rstrip() + "\n\n" + section()
    start = before.index(HEADING)
    end = before.find("\n## ", start + len(HEADING))
    return before[:start] + section() + (before[end:] if end >= 0 else "")


def _values(results: dict[str, Any]) -> dict[str, str]:
    tweeteval = next(found for found in results["sets"] if found["set"] == "TweetEval")
    malay = next(found for found in results["sets"] if found["set"] == "Malay news")
    slowest = max(row["warm_ms"] for row in results["speed"].values())
    return {
        "sentiment": _table(_SENTIMENT, (_sentiment(found) for found in results["sets"])),
        "choice": _table(["Language", "Set", "Lists alone", "fastText", "Linear without lists", "Built-in"],
                         (_choice(row, results["sets"]) for row in results["choice"] if row["set"] != "Malay news")),
        "told": _table(["Language", "Set", "Right", "Unsure", "Wrong"], (_told(found) for found in results["sets"])),
        "golden": _table(["Messages in", "Texts", "Language", "Sentiment", "Intent", "Urgency"],
                         (_golden(row) for row in results["golden"])),
        "speed": _table(["Language", "Import, ms", "First text, ms", "Warm, 280 characters, ms", "Weights, KB"],
                        (_speed(code, row, results["weights_bytes"]) for code, row in results["speed"].items())),
        "sources": _table(["Set", "Language", "Repository", "Licence", "Weights made of it"], _sources()),
        "clones": "\n".join(f"git clone https://github.com/{url}" for url in dict.fromkeys(c.url for c in CORPORA)),
        "tweeteval": _three(tweeteval["built_in"]["recall"]), "vader": _three(tweeteval["vader"]["recall"]),
        "ending": str(sum(row["ending"] for row in results["golden"])),
        "ending_right": str(sum(row["ending_right"] for row in results["golden"])),
        "malay_two": _three(malay["forced"]["recall"]),
        "weights_kb": f"{sum(results['weights_bytes'].values()) / 1024:,.0f}",
        "lists_kb": f"{results['lists_bytes'] / 1024:,.0f}", "slowest_ms": f"{slowest:.1f}",
        "engine": results["engine"], "python": results["python"],
    }  # fmt: skip


_SENTIMENT = [
    "Language", "Set", "Texts", "F1", "F1 of the answered", "Recall", "Recall of the answered", "Unsure",
    "Majority: F1", "Majority: recall", "VADER: recall",
]  # fmt: skip


def _sentiment(found: dict[str, Any]) -> list[str]:
    built_in, majority = found["built_in"], found["majority"]
    return [
        _NAMES[found["language"]], found["set"] + ("" if found["learned_from"] else " *"), f"{found['texts']:,}",
        _three(built_in["f1"]), _three(built_in["f1_answered"]), _three(built_in["recall"]),
        _three(built_in["recall_answered"]), _percent(built_in["unsure"]), _three(majority["f1"]),
        _three(majority["recall"]), _three(found["vader"]["recall"]) if "vader" in found else "",
    ]  # fmt: skip


def _choice(row: dict[str, Any], sets: list[dict[str, Any]]) -> list[str]:
    same = (each for each in sets if (each["language"], each["set"]) == (row["language"], row["set"]))
    built_in = next(same)["forced"]["recall"]
    figures = (row["lists"], row["fasttext"], row["without_lists"], built_in)
    return [_NAMES[row["language"]], row["set"], *(_three(figure) for figure in figures)]


def _told(found: dict[str, Any]) -> list[str]:
    right, unsure = found["language_right"], found["language_unsure"]
    wrong = max(0.0, 1 - right - unsure)
    return [_NAMES[found["language"]], found["set"], _percent(right), _percent(unsure), _percent(wrong)]


def _golden(row: dict[str, Any]) -> list[str]:
    def cell(field: str) -> str:
        found = row[field]
        return f"{_percent(found['agrees'])} ({_percent(found['unsure'])} unsure)"

    fields = ("language", "sentiment", "intent", "urgency")
    return [_NAMES[row["file"]], str(row["texts"]), *(cell(field) for field in fields)]


def _speed(code: str, row: dict[str, float], weights: dict[str, int]) -> list[str]:
    times = [f"{row['import_ms']:.0f}", f"{row['first_ms']:.0f}", f"{row['warm_ms']:.1f}"]
    return [_NAMES[code], *times, f"{weights[code] / 1024:.0f}"]


def _sources() -> Iterable[list[str]]:
    for corpus in CORPORA:
        yield [
            corpus.name, _NAMES[corpus.language], f"[{corpus.url}](https://github.com/{corpus.url})", corpus.licence,
            "yes" if corpus.trains else "no, measured only",
        ]  # fmt: skip


def _three(figure: float) -> str:
    return f"{figure:.3f}"


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main() -> None:
    if "--print" in sys.argv:
        print(section())
    else:
        PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()

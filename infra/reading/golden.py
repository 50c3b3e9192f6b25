"""How the reader agrees with the golden set: `python -m infra.reading.golden`. Nothing is tuned on it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from hark.domain.reading import Reading
from hark.reading.builtin import Builtin
from hark.reading.cues import LANGUAGES

from infra.reading.measure import RESULTS
from tests.golden.labelled import Labelled, messages

SURE = 0.8
"""The tree's bound for what ends by itself."""
FIELDS = ("language", "sentiment", "intent", "urgency")


def agreement(labelled: Sequence[Labelled], readings: Sequence[Reading]) -> dict[str, object]:
    """Of each field: how often the reader says what the label says, how often something else, how often nothing.

    Where the label itself is unsure, only an unsure reading agrees.
    """
    found: dict[str, object] = {"texts": len(labelled)}
    for field in FIELDS:
        pairs = [
            (getattr(one.reading, field), getattr(read, field)) for one, read in zip(labelled, readings, strict=True)
        ]
        same = sum(label == said for label, said in pairs)
        silent = sum(label != said and said in ("unsure", "und") for label, said in pairs)
        share = {"agrees": same, "unsure": silent, "differs": len(pairs) - same - silent}
        found[field] = {name: round(count / len(pairs), 4) for name, count in share.items()}
    return found


def ending(labelled: Sequence[Labelled], readings: Sequence[Reading]) -> dict[str, int]:
    """Of what may end a case by itself, thanks and spam and taunts it is sure of: how many, and how many are right."""
    ends = [
        (one.reading.intent, read.intent)
        for one, read in zip(labelled, readings, strict=True)
        if read.intent == "thanks" or (read.intent in ("spam", "taunt") and read.confidence >= SURE)
    ]
    return {"ending": len(ends), "ending_right": sum(label == said for label, said in ends)}


def measured() -> list[dict[str, object]]:
    reader, rows = Builtin(), []
    for language in LANGUAGES:
        said = [one for one in messages(language) if one.text]
        readings = [reader.read(one.text, "", LANGUAGES) for one in said]
        rows.append({"file": language, **agreement(said, readings), **ending(said, readings)})
    return rows


def main() -> None:
    kept = json.loads(RESULTS.read_text(encoding="utf-8"))
    kept["golden"] = measured()
    RESULTS.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(kept["golden"], indent=1))


if __name__ == "__main__":
    main()

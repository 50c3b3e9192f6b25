"""How often the bot would answer, and how often rightly: `python -m infra.bench.matching [folder of BANKING77]`.

Our own questions are in tests/golden/faq.toml. BANKING77 (PolyAI, CC BY 4.0: train.csv and test.csv of the repository
task-specific-datasets) has 77 kinds of questions to one bank, near to each other. Of them 20 drawn ones are known,
with five ways of asking each; all 77 are asked, so that three messages of four have no answer. Three draws.
"""

from __future__ import annotations

import csv
import random
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from hark.domain.matching import Match, best

FAQ = Path(__file__).parents[2] / "tests" / "golden" / "faq.toml"
GATES = (0.6, 0.65, 0.7, 0.75, 0.8)
MARGIN = 0.1
KNOWN, WAYS, ASKED, DRAWS = 20, 5, 600, 3

Row = tuple[str, Match | None]
"""What would have been right (empty: nothing), and what was found."""


def own() -> Iterator[Row]:
    for said in tomllib.loads(FAQ.read_text()).values():
        known = {entry["id"]: entry["known"] for entry in said["entry"]}
        yield from ((entry["id"], best(text, known)) for entry in said["entry"] for text in entry["asked"])
        yield from (("", best(text, known)) for text in said["other"])


def banking(folder: Path) -> Iterator[Row]:
    ways = defaultdict(list)
    for row in _rows(folder / "train.csv"):
        ways[row["category"]].append(row["text"])
    asked = list(_rows(folder / "test.csv"))
    for draw in range(DRAWS):
        chance = random.Random(draw)
        known = {kind: chance.sample(ways[kind], WAYS) for kind in chance.sample(sorted(ways), KNOWN)}
        for row in chance.sample(asked, ASKED):
            yield row["category"] if row["category"] in known else "", best(row["text"], known)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def report(name: str, rows: Iterable[Row]) -> None:
    all_rows = list(rows)
    answerable = sum(bool(right) for right, _ in all_rows)
    print(f"{name}: {len(all_rows)} messages, {answerable} of them with an answer")
    for gate in GATES:
        said = [(right, m.entry) for right, m in all_rows if m and m.likeness >= gate and m.margin >= MARGIN]
        rightly = sum(right == entry for right, entry in said)
        without = sum(not right for right, _ in said)
        print(
            f"  gate {gate}: {len(said)} answered, {len(said) - rightly} wrongly; {rightly / answerable:.0%} of those "
            f"with an answer, {without / max(1, len(all_rows) - answerable):.1%} of those without"
        )


if __name__ == "__main__":
    report("own", own())
    if len(sys.argv) > 1:
        report("BANKING77", banking(Path(sys.argv[1])))

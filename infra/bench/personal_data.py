"""What is taken for personal data in public texts: `python -m infra.bench.personal_data <file of texts> …`.

One text per line; of a .csv the column `text`. Prints how many of each kind were found, and with `-v` each of them, to
be read by a person. The findings are people's data: keep them nowhere.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from hark.domain.personal_data import found


def texts(path: Path) -> Iterator[str]:
    with path.open(newline="", encoding="utf-8", errors="replace") as file:
        if path.suffix == ".csv":
            yield from (row["text"] for row in csv.DictReader(file))
        else:
            yield from file


if __name__ == "__main__":
    for name in (argument for argument in sys.argv[1:] if argument != "-v"):
        read, kinds = 0, Counter[str]()
        for text in texts(Path(name)):
            read += 1
            for finding in found(text):
                kinds[finding.kind] += 1
                if "-v" in sys.argv:
                    print(f"  {finding.kind}: {text[finding.start : finding.end]} | {text.strip()}")
        print(f"{name}: {read} texts, {sum(kinds.values())} findings {dict(kinds)}")

"""`python -m infra.reliability.page`: writes docs/reliability.md, which test shows what.

A test shows a line of rows.toml by carrying its number in its name: `test_h39_h40_…`, `…_f18_to_f20`.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from infra.expand import ROOT

PAGE = ROOT / "docs" / "reliability.md"
FOLDERS = ("tests", "layers/hark/hark/providers")
TITLES = {
    "invariants": "What must always hold", "faults": "What goes wrong by itself",
    "door": "What is sent to the webhook's door", "desk": "What is sent to the desk's API",
    "fetched": "What we fetch ourselves",
}  # fmt: skip
_NUMBERS = re.compile(r"(?<![a-z0-9])([hif])(\d{1,2})(?:_to_([hif])(\d{1,2}))?(?![a-z0-9])")

TOP = """# Never lost, never twice, nobody in who does not belong

Each line is something that must hold, a fault, or something hostile, and the tests that show what becomes of it.
Written by `python -m infra.reliability.page` from `infra/reliability/rows.toml` and the tests: a test shows
a line by carrying its number in its name. The gate fails when a line has no test and does not say what is missing, and
when this page is not the one that would be written."""

SIMULATED = Path(__file__).parent / "simulated.md"
"""Our words about the simulation, and the report of its last campaign (`make simulate REPORT=1`)."""

Rows = Mapping[str, Mapping[str, str]]


def rows() -> Rows:
    """The lines by chapter; under `open` what is missing where a line has no test."""
    return tomllib.loads((Path(__file__).parent / "rows.toml").read_text())


def numbers_in(name: str) -> Iterator[str]:
    """The numbers of lines that a test's name carries.

    >>> list(numbers_in("test_h39_h40_what_is_asked_for")), list(numbers_in("test_doubt_f18_to_f20"))
    (['H39', 'H40'], ['F18', 'F19', 'F20'])
    """
    for letter, first, _, last in _NUMBERS.findall(name):
        for number in range(int(first), int(last or first) + 1):
            yield f"{letter.upper()}{number}"


@cache
def shown() -> Mapping[str, list[str]]:
    """Paths with names of the tests, by the numbers that their names carry."""
    found: dict[str, list[str]] = defaultdict(list)
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("test_*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                    for number in numbers_in(node.name):
                        found[number].append(f"{path.relative_to(ROOT)}::{node.name}")
    return found


def text() -> str:
    """The page."""
    chapters, by_test = rows(), shown()
    parts = [TOP]
    for chapter, title in TITLES.items():
        lines = [f"## {title}", "", "| | | Shown by |", "| --- | --- | --- |"]
        for number, said in chapters[chapter].items():
            names = "<br>".join(f"`{test}`" for test in by_test.get(number, ()))
            missing = chapters["open"].get(number)
            by = "<br>".join(filter(None, (names, missing and f"**open:** {missing}")))
            lines.append(f"| {number} | {said} | {by} |")
        parts.append("\n".join(lines))
    return "\n\n".join([*parts, SIMULATED.read_text().strip()]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(text())
    print(f"written: {PAGE.relative_to(ROOT)}")

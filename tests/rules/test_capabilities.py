"""docs/capabilities.md: each capability of the care workflow is one row, and what a row names is there."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import NamedTuple

import pytest

from infra.expand import ROOT

PAGE = (ROOT / "docs/capabilities.md").read_text()
LISTENING = (1, 2, 5, 7, 8, 9, 19, 21, 22)
"""Rows of group A: of what comes in, those that listening answers."""
RANGES = {"C": 20, "D": 13, "E": 37, "G": 18, "H": 9, "I": 7, "K": 9}
"""Groups of capabilities, and the last number of each."""
PARTLY, NOT_BUILT = "partly, ", "not built, because "


class Row(NamedTuple):
    id: str
    asked: str
    where: str
    test: str

    @property
    def state(self) -> str:
        starts = {PARTLY: "partly", NOT_BUILT: "not built"}
        return next((state for start, state in starts.items() if self.where.startswith(start)), "built")

    @property
    def paths(self) -> list[str]:
        """The files and folders that `where` names."""
        return [name for name in re.findall(r"`([^`]+)`", self.where) if "/" in name]

    @property
    def tests(self) -> list[str]:
        return re.findall(r"`([^`]+)`", self.test)


ROWS = [Row(*(cell.strip() for cell in line.strip("| ").split(" | "))) for line in PAGE.splitlines() if
        re.match(r"\| [A-Z]\d+ ", line)]  # fmt: skip


@cache
def functions(path: str) -> frozenset[str]:
    """The names of the tests that pytest would collect from a file."""
    return frozenset(
        node.name for node in ast.parse((ROOT / path).read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )  # fmt: skip


def exists(test: str) -> bool:
    path, _, name = test.partition("::")
    return path.startswith("tests/") and (ROOT / path).is_file() and name in functions(path)


def test_every_capability_is_one_row_in_its_order() -> None:
    expected = [f"A{n}" for n in LISTENING]
    expected += [f"{group}{n}" for group, last in RANGES.items() for n in range(1, last + 1)]
    assert [row.id for row in ROWS] == expected
    groups = re.findall(r"^## ([A-Z])\. ", PAGE, re.MULTILINE)
    assert groups == ["A", *RANGES], "one table for each group"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_says_what_is_asked_where_it_lives_and_what_shows_it(row: Row) -> None:
    assert row.asked
    if row.state == "not built":
        assert len(row.where) > len(NOT_BUILT) and row.test == "–"
        return
    assert row.paths and [path for path in row.paths if not (ROOT / path).exists()] == []
    assert row.tests and [test for test in row.tests if not exists(test)] == []
    if row.state == "partly":
        assert len(row.where.partition(": ")[0]) > len(PARTLY), "first what is missing, then where the rest lives"


def test_the_counts_are_those_of_the_rows() -> None:
    states = [row.state for row in ROWS]
    built, partly, missing = (states.count(state) for state in ("built", "partly", "not built"))
    assert f"\n{len(ROWS)} rows: {built} built, {partly} partly, {missing} not built.\n" in PAGE
    assert len(re.findall(r"\d+ rows:", PAGE)) == 1


def test_a_test_that_is_not_there_is_noticed() -> None:
    here = "tests/rules/test_capabilities.py"
    assert exists(f"{here}::test_a_test_that_is_not_there_is_noticed")
    assert not exists(f"{here}::test_of_nothing") and not exists(f"{here}::exists")
    assert not exists("tests/rules/test_nothing.py::test_of_nothing") and not exists("infra/expand.py::read")

"""Tables for spreadsheets: what a customer wrote is never a formula (H46), and nothing of it is lost."""

from __future__ import annotations

import csv
import io

from hark.desk.spreadsheet import BYTE_ORDER_MARK, as_csv
from hypothesis import given
from hypothesis import strategies as st

FORMULAS = "=+-@\t\r"
CELLS = st.text(st.sampled_from('=+-@\t\r\n";, a1אж😀')) | st.text() | st.none() | st.integers()


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_h46_no_cell_begins_as_a_formula_and_every_word_comes_back(rows: list[tuple[object, object]]) -> None:
    said = as_csv(("a", "b"), [{"a": first, "b": second} for first, second in rows])
    assert said.startswith(BYTE_ORDER_MARK)
    names, *read = csv.reader(io.StringIO(said.removeprefix(BYTE_ORDER_MARK), newline=""))
    assert names == ["a", "b"] and len(read) == len(rows)
    for cells, given_cells in zip(read, rows, strict=True):
        for cell, value in zip(cells, given_cells, strict=True):
            plain = "" if value is None else str(value)
            assert cell[:1] not in FORMULAS or not cell
            assert cell == (f"'{plain}" if plain and plain[0] in FORMULAS else plain)

"""docs/reliability.md: each line of what must hold has a test that carries its number, or says what is missing."""

from __future__ import annotations

from infra.reliability.page import PAGE, TITLES, numbers_in, rows, shown, text

LINES = {number for chapter in TITLES for number in rows()[chapter]}
OPEN = rows()["open"]


def test_every_line_is_there() -> None:
    assert {f"I{n}" for n in range(1, 40)} | {f"F{n}" for n in range(1, 35)} == {n for n in LINES if n[0] in "IF"}
    assert {f"H{n}" for n in (*range(1, 27), *range(30, 49), *range(50, 54))} == {n for n in LINES if n[0] == "H"}


def test_every_line_is_shown_by_a_test_or_says_what_is_missing() -> None:
    assert set(shown()) | set(OPEN) == LINES
    assert not set(OPEN) & set(shown()), "shown by now: take it out of [open]"


def test_what_is_sent_to_the_desk_is_shown_row_by_row() -> None:
    assert not {f"H{n}" for n in range(1, 54)} & set(OPEN)


def test_the_page_is_the_one_that_would_be_written() -> None:
    assert PAGE.read_text() == text(), "python -m infra.reliability.page"


def test_a_number_is_read_where_it_stands_alone() -> None:
    assert list(numbers_in("test_h39_h40_what_is_asked")) == ["H39", "H40"]
    assert list(numbers_in("test_after_an_unclear_end_f18_to_f20")) == ["F18", "F19", "F20"]
    assert list(numbers_in("test_half1_of_h264_is_utf8_and_i1a")) == []

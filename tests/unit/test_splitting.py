"""A long text in parts: nothing lost, nothing too long, nothing torn."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate

import pytest
import regex
from hark.domain.splitting import CannotSplit, split
from hark.providers.meta import text as meta_text
from hark.providers.x import text as x_text
from hypothesis import assume, given, settings
from hypothesis import strategies as st

Measure = Callable[[str], int]

MEASURES: dict[str, Measure] = {
    "x_weighted": lambda text: x_text.length("x_weighted", text),
    "characters": lambda text: meta_text.length("characters", text),
    "utf8_bytes": lambda text: meta_text.length("utf8_bytes", text),
}

PIECES = st.sampled_from(
    (
        "Sorry about that.", "Paldies! ", "Мы проверим. ", "سنعود إليك قريبا. ", "נחזור אליך. ", "…",
        "\U0001f469\u200d\U0001f469\u200d\U0001f467", "\U0001f1f1\U0001f1fb\U0001f1f1\U0001f1fb", "e\u0301", "\r\n",
        " ", "\n\n", "word", "a", "見てください。", "क्षि", "acme.example", "anna@acme.example",
        "https://acme.example/a/very/long?way=1",
    )
)  # fmt: skip
TEXTS = st.one_of(
    st.lists(PIECES, min_size=1, max_size=60).map("".join),
    st.text(alphabet=st.characters(codec="utf-8"), max_size=300),
)


def borders(text: str) -> set[int]:
    return {0, *(m.end() for m in regex.finditer(r"\X", text))}


@settings(deadline=None, max_examples=150)
@given(TEXTS, st.integers(30, 120), st.sampled_from(sorted(MEASURES)), st.sampled_from(["", "^AB"]))
def test_parts_are_the_text_each_within_the_limit_and_no_character_torn(
    text: str, limit: int, counting: str, behind: str
) -> None:
    measure = MEASURES[counting]
    try:
        parts = split(text, limit, measure, behind)
    except CannotSplit:
        assume(False)
        return
    assert "".join(part.body for part in parts) == text
    assert all(measure(part.shown) <= limit for part in parts)
    ends = set(accumulate(len(part.body) for part in parts))
    assert ends <= borders(text)
    assert all(part.shown.endswith(behind) for part in parts)


@settings(deadline=None, max_examples=100)
@given(st.lists(PIECES, min_size=1, max_size=60).map(" ".join), st.integers(70, 140))
def test_pieces_that_fit_are_never_refused_and_links_stay_whole(text: str, limit: int) -> None:
    parts = split(text, limit, len)
    links = [m.span() for m in regex.finditer(r"https://acme\.example/a/very/long\?way=1", text)]
    for cut in list(accumulate(len(part.body) for part in parts))[:-1]:
        assert not any(start < cut < end for start, end in links)


def test_a_text_that_fits_is_left_as_it_is() -> None:
    (only,) = split("  Thanks!  ", 280, len)
    assert only.shown == only.body == "  Thanks!  "


def test_parts_are_numbered_and_end_with_sentences() -> None:
    text = "We are sorry that it is late. It left Riga this morning. You will have it tomorrow before noon. Thank you!"
    assert [part.shown for part in split(text, 70, len, "^AB")] == [
        "We are sorry that it is late. It left Riga this morning. (1/2) ^AB",
        "You will have it tomorrow before noon. Thank you! (2/2) ^AB",
    ]


def test_without_sentences_words_stay_whole() -> None:
    parts = split("one two three four five six", 16, len)
    assert [word for part in parts for word in part.body.split()] == ["one", "two", "three", "four", "five", "six"]


def test_more_than_nine_parts_have_room_for_their_number() -> None:
    parts = split("word " * 100, 30, len)
    assert len(parts) > 9
    assert parts[-1].shown.endswith(f"({len(parts)}/{len(parts)})")
    assert all(len(part.shown) <= 30 for part in parts)


@pytest.mark.parametrize(
    "text", ["https://acme.example/" + "a" * 100, "\U0001f469" + "\u200d\U0001f469" * 60, "word " * 5000]
)
def test_what_fits_into_no_part_is_refused(text: str) -> None:
    with pytest.raises(CannotSplit):
        split(text, 40, len)

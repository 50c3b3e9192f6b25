"""Counting as the verb table asks for it, and comparing what came back with what was sent."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hark.providers.meta.text import fingerprint, length


@pytest.mark.parametrize(
    ("text", "characters", "utf8_bytes"),
    [("", 0, 0), ("abc", 3, 3), ("naïve", 5, 6), ("Πόσο", 4, 8), ("😀", 1, 4), ("a\r\nb", 3, 3), ("\ud83d", 1, 3)],
)
def test_a_text_is_counted_in_characters_and_in_bytes(text: str, characters: int, utf8_bytes: int) -> None:
    assert length("characters", text) == characters
    assert length("utf8_bytes", text) == utf8_bytes


def test_another_way_of_counting_is_refused() -> None:
    with pytest.raises(ValueError, match="x_weighted"):
        length("x_weighted", "abc")


@settings(max_examples=50)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_composition_and_white_space_do_not_change_a_fingerprint(text: str) -> None:
    decomposed = "  " + unicodedata.normalize("NFD", text).replace(" ", "\n ") + "\n"
    assert fingerprint(decomposed) == fingerprint(text)


def test_other_words_have_another_fingerprint() -> None:
    assert fingerprint("We are looking") != fingerprint("We are looking.")
    assert fingerprint("Yes") != fingerprint("yes")

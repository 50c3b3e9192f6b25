"""Counting and comparing text as X does."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hark.providers.x.text import LIMIT, fingerprint, length, seen_fingerprint, weighted_length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("Hello, world! 👋", 16),
        ("ß ä ö ü €", 10),
        ("…", 2),
        ("—", 1),
        ("“quotes”", 8),
        ("日" * 140, 280),
        ("日" * 141, 282),
        ("👨‍👩‍👧‍👦", 2),
        ("example.com", 23),
        ("http://localhost:3000", 21),
        ("a@b.com", 7),
        ("", 0),
        ("a\r\nb\rc", 5),
        ("e\u0301", 1),
    ],
)
def test_text_is_as_long_as_x_says(text: str, length: int) -> None:
    assert weighted_length(text) == length
    assert (1 <= length <= LIMIT) == (text not in ("", "日" * 141))


def test_posts_count_in_x_weight_and_messages_in_characters() -> None:
    assert (length("x_weighted", "日本 example.com"), length("characters", "日本 example.com")) == (28, 14)
    assert length("characters", "👨‍👩‍👧‍👦") == 7
    with pytest.raises(ValueError, match="utf8_bytes"):
        length("utf8_bytes", "a")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Sorry! Order & number <3?", "@kim_l @other Sorry! Order &amp; number &lt;3?"),
        ("See acme.lv/help please", "@kim_l See https://t.co/Ab12Cd34Ef please"),
        ("See https://acme.lv/a?b=1&c=2, thanks", "See https://t.co/Ab12Cd34Ef, thanks"),
        ("cafe\u0301  \r\n open ", "@kim_l café\nopen"),
        ("@kim_l hello", "@kim_l @kim_l hello"),
        ("שלום, ההזמנה בדרך", "@noa_k שלום, ההזמנה בדרך"),
        ("&lt; is not a tag", "&amp;lt; is not a tag"),
    ],
)
def test_our_text_is_known_again_as_x_shows_it(ours: str, theirs: str) -> None:
    assert fingerprint(ours) == seen_fingerprint(theirs)


@pytest.mark.parametrize(
    ("one", "other"), [("It is on its way.", "It is on its way!"), ("yes", "no"), ("see acme.lv", "see"), ("A", "a")]
)
def test_different_texts_stay_different(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)


@given(st.text())
def test_composing_changes_neither_length_nor_fingerprint(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert weighted_length(text) == weighted_length(composed)
    assert fingerprint(text) == fingerprint(composed)

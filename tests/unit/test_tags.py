"""The one spelling of a tag, and what tagging does to a case."""

from __future__ import annotations

import unicodedata

import pytest
from hark.domain.case import Case
from hark.domain.tags import LONGEST, NoTag, tagged, tidy
from hypothesis import given
from hypothesis import strategies as st

CASE = Case(
    id="c1", brand="acme", provider="x", platform="x", account_id="1", thread_id="t", customer_id="k",
    opened_at="a", asked_at="a", updated_at="a", deadline="a", tags=("refund", "late"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("Refund", "refund"),
        ("  lost \t parcel ", "lost parcel"),
        ("ＶＩＰ", "vip"),
        ("Cafe\u0301", "café"),
        ("\u202eReturn\u200b", "return"),
        ("STRASSE", "strasse"),
        ("straße", "strasse"),
        ("Возврат-2", "возврат-2"),
        ("החזר כספי", "החזר כספי"),
        ("إِرجاع", "إِرجاع"),
        ("ķēde_1", "ķēde_1"),
    ],
)
def test_a_tag_has_one_spelling_however_it_is_typed(typed: str, tag: str) -> None:
    assert tidy(typed) == tag


@pytest.mark.parametrize(
    "typed",
    ["", " ", "-", "_a", "a-", "#refund", "a/b", "<b>", "a\u0000b", "💰", "\u0301a", "\u200b", "a" * 31, "a," * 9],
)
def test_what_is_no_word_is_no_tag(typed: str) -> None:
    with pytest.raises(NoTag):
        tidy(typed)


@given(st.text(max_size=40))
def test_no_two_tags_look_the_same(typed: str) -> None:
    try:
        tag = tidy(typed)
    except NoTag:
        return
    assert 1 <= len(tag) <= LONGEST
    assert tidy(tag) == tag == unicodedata.normalize("NFC", tag)
    assert tidy(f" {tag.upper()}\u200d") == tidy(tag.upper())


def test_a_line_tells_of_each_tag_that_came_or_went() -> None:
    after, lines = tagged(CASE, ("vip", "late", "vip"), "dana", "b")
    assert after.tags == ("late", "vip")
    assert [(line.code, line.about, line.by, line.at) for line in lines] == [
        ("tag.removed", "refund", "dana", "b"),
        ("tag.added", "vip", "dana", "b"),
    ]
    assert tagged(CASE, ("late", "refund"), "dana", "b") == (CASE, ())

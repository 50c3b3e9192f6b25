"""What a message is about: the brand's words in the shapes people write them, then a hashtag, then perhaps a word."""

from __future__ import annotations

import pytest
from hark.domain.incident_choices import IncidentChoices
from hark.domain.topics import named, topic
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

CHOICES = IncidentChoices(
    watch=True,
    keywords=True,
    topics={
        "internet": {
            "en": ("internet", "wi-fi"), "lv": ("internet*", "nav signāla"), "ru": ("интернет*",), "ms": ("line",),
            "he": ("*אינטרנט",), "ar": ("*إنترنت", "النت"),
        },
        "app": {"en": ("app",)},
    },
)  # fmt: skip


def about(text: str) -> str:
    found = topic(text, CHOICES)
    return found.id if found else ""


@pytest.mark.parametrize(
    "text",
    [
        "no internet AGAIN", "my WI-FI is dead", "kas noticis ar internetu?", "man nav signala jau no rita",
        "Опять интернета нет", "line down lagi", "האינטרנט נפל שוב", "الانترنت مقطوع من الصبح", "وين النت",
        "#Internet down",
    ],
)  # fmt: skip
def test_the_brands_words_are_found_in_every_language_and_spelling(text: str) -> None:
    assert about(text) == "internet"


@pytest.mark.parametrize("text", ["the online shop", "happy birthday", "applause for you"])
def test_a_word_inside_another_is_not_that_word(text: str) -> None:
    assert about(text) not in ("internet", "app")


def test_the_first_topic_that_fits_is_taken() -> None:
    assert about("the app and the internet") == "internet"


def test_a_handle_or_a_link_tells_nothing() -> None:
    assert about("@internet https://example.com/app") == ""


def test_a_hashtag_is_a_topic_whatever_its_letters() -> None:
    first, second = topic("so #DeadLine", CHOICES), topic("#deadline it is", CHOICES)
    assert first and second and first == second and first.label == "#deadline"
    assert topic("win #2026", CHOICES.model_copy(update={"keywords": False})) is None


def test_endings_make_no_other_word() -> None:
    assert about("liftā smird") == about("liftā")
    assert about("escalator stuck") == about("Escalators are stuck")
    assert about("escalator stuck").startswith("k_")


def test_keywords_are_looked_for_only_where_the_brand_wants_it() -> None:
    assert topic("escalator stuck", IncidentChoices(watch=True)) is None


def test_a_lead_names_a_topic_as_the_brand_does_or_by_a_hashtag_or_a_word() -> None:
    assert named("internet", CHOICES) == topic("no internet", CHOICES)
    assert named("#DeadLine", CHOICES) == topic("so #deadline", CHOICES)
    assert named("Escalators", CHOICES) == topic("escalator stuck", CHOICES)
    assert [named(written, CHOICES) for written in ("", "##", "two words", "no")] == [None] * 4


@pytest.mark.parametrize("topics", [{"The Net": {"en": ("net",)}}, {"net": {"en": ("*",)}}, {"net": {"en": ("",)}}])
def test_a_topic_that_cannot_work_is_refused(topics: object) -> None:
    with pytest.raises(ValidationError):
        IncidentChoices.model_validate({"topics": topics})


@given(st.text(max_size=300))
def test_any_text_has_one_topic_or_none_and_its_id_holds_none_of_it(text: str) -> None:
    found = topic(text, CHOICES)
    assert found == topic(text, CHOICES)
    if found:
        assert found.id in CHOICES.topics or (found.id[:2] in ("h_", "k_") and len(found.id) == 26)
        assert found.id.isascii()

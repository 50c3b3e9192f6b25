"""Which known question a message asks, on our own questions in six languages (tests/golden/faq.toml)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hark.domain.bot_choices import BotChoices
from hark.domain.matching import Match, best
from hypothesis import given, settings
from hypothesis import strategies as st

FAQ: dict[str, Any] = tomllib.loads((Path(__file__).parents[1] / "golden" / "faq.toml").read_text())
CHOICES = BotChoices()


def questions(language: str) -> dict[str, list[str]]:
    return {entry["id"]: entry["known"] for entry in FAQ[language]["entry"]}


def answered(language: str, text: str, choices: BotChoices = CHOICES) -> str:
    """The entry the bot would answer with, empty for none."""
    match = best(text, questions(language))
    good = match is not None and match.likeness >= choices.gate and match.margin >= choices.margin
    return match.entry if match and good else ""


@pytest.mark.parametrize("language", FAQ)
def test_a_known_question_is_found_however_it_is_decorated(language: str) -> None:
    for entry in FAQ[language]["entry"]:
        for known in entry["known"]:
            for text in (known, f"@acme {known.upper()} https://acme.example/x #help", known.rstrip("?؟") + " 🙏"):
                match = best(text, questions(language))
                assert match and match.entry == entry["id"]
                assert match.likeness == pytest.approx(1.0)


@pytest.mark.parametrize("language", FAQ)
def test_nothing_is_answered_wrongly(language: str) -> None:
    for entry in FAQ[language]["entry"]:
        for asked in entry["asked"]:
            assert answered(language, asked) in ("", entry["id"]), asked
    for other in FAQ[language]["other"]:
        assert answered(language, other) == "", other


def test_of_what_is_asked_in_other_words_about_half_is_answered() -> None:
    asked = [(language, e["id"], a) for language, rows in FAQ.items() for e in rows["entry"] for a in e["asked"]]
    found = [(language, entry) for language, entry, text in asked if answered(language, text) == entry]
    assert len(asked) == 72
    assert len(found) >= 36
    assert {language for language, _ in found} == set(FAQ), "in every language"


def test_without_questions_nothing_matches() -> None:
    assert best("anything", {}) is None
    assert best("anything", {"a": ["", "?!"]}) is None


def test_a_message_without_words_is_like_nothing() -> None:
    assert best("👍 @acme https://acme.example", {"a": ["When are you open?"]}) == Match("a", 0.0, 0.0)


def test_two_entries_with_the_same_question_leave_no_margin() -> None:
    match = best("When are you open?", {"b": ["When are you open?"], "a": ["When are you open?"]})
    assert match and match.entry == "a" and match.margin == 0.0


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=100), st.dictionaries(st.sampled_from("abc"), st.lists(st.text(max_size=40), max_size=3)))
def test_likeness_and_margin_stay_in_their_bounds(text: str, known: dict[str, list[str]]) -> None:
    match = best(text, known)
    if match:
        assert match.entry in known
        assert 0.0 <= match.margin <= match.likeness + 1e-9 <= 1.0 + 1e-9
        assert best(text, dict(reversed(known.items()))) == match, "whatever their order"

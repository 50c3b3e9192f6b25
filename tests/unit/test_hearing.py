"""What the customer's word after our answer says, in six languages: thanks, solved, not solved, or something else."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import get_args

import pytest
from hark.domain import closing_words
from hark.domain.hearing import Word, heard
from hypothesis import given, settings
from hypothesis import strategies as st

LANGUAGES = ("ar", "en", "he", "lv", "ms", "ru")
SAID: dict[str, dict[str, list[str]]] = {
    language: tomllib.loads((Path(__file__).parent / "closing_words" / f"{language}.toml").read_text())
    for language in LANGUAGES
}
"""By language and meaning; written as customers write, and not from the lists."""
EVERYTHING = [text for rows in SAID.values() for row in rows.values() for text in row]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("word", get_args(Word))
def test_what_people_write_is_heard_as_it_is_meant(language: str, word: str) -> None:
    phrases = SAID[language][word]
    assert len(set(phrases)) == len(phrases) >= 25
    assert {text: heard(text) for text in phrases} == dict.fromkeys(phrases, word)


@pytest.mark.parametrize(
    ("text", "word"),
    [("Yes", "solved"), ("Jā, paldies!", "solved"), ("да", "solved"), ("Ya, terima kasih", "solved"),
     ("כן תודה", "solved"),
     ("نعم شكرا", "solved"), ("👍", "solved"), ("No", "not_solved"), ("Nē", "not_solved"), ("пока нет", "not_solved"),
     ("Belum lagi", "not_solved"), ("עדיין לא", "not_solved"), ("لا للأسف", "not_solved"), ("👎", "not_solved"),
     ("No thanks", "else"), ("Yes?", "else"), ("yes but the invoice is wrong", "else"), ("Thanks!", "thanks"),
     ("no, still the same error", "not_solved"), ("Nē, paldies", "else")],
)  # fmt: skip
def test_a_mere_yes_or_no_is_an_answer_only_to_our_own_question(text: str, word: str) -> None:
    assert heard(text, asked=True) == word
    if word in ("solved", "not_solved") and heard(text) != "not_solved":
        assert heard(text) in ("else", "thanks"), "nobody had asked"


@pytest.mark.parametrize(
    "no", ["not", "nav", "не", "tak", "tidak", "לא", "ما", "لم", "never", "nebūt", "вовсе не", "if", "when"]
)
def test_no_word_that_turns_the_meaning_round_is_passed_over(no: str) -> None:
    closing = [text for rows in SAID.values() for word in ("thanks", "solved") for text in rows[word]]
    wrong = [f"{no} {text}" for text in closing if any(c.isalpha() for c in text)]
    assert {heard(text) for text in wrong} <= {"else", "not_solved"}


@pytest.mark.parametrize(
    "mark", ["?", "؟", " 🙄", " 😡", " 👏👏", " :(", " #fail", " https://example.com", " (not)", " 😂", " 🙃"]
)
def test_a_question_irony_or_a_link_behind_it_makes_it_something_to_read(mark: str) -> None:
    for rows in SAID.values():
        for text in rows["thanks"] + rows["solved"]:
            assert heard(text + mark) in ("else", "not_solved"), text + mark


def test_no_phrase_of_one_list_is_hidden_in_a_word_that_it_is_not_solved() -> None:
    for rows in (closing_words.THANKS, closing_words.SOLVED):
        for language, row in rows.items():
            for phrase in row.split("|"):
                assert heard(phrase) in ("thanks", "solved"), (language, phrase)


def test_every_phrase_that_it_is_not_solved_is_heard_anywhere_in_a_text() -> None:
    for row in closing_words.UNSOLVED.values():
        for phrase in row.split("|"):
            assert heard(phrase) == "not_solved"
            assert heard(f"@acme Ahoj 12345, {phrase}! Ahoj? #nova https://example.com") == "not_solved"


@settings(deadline=None)
@given(st.text(max_size=400))
def test_no_text_is_too_strange(text: str) -> None:
    assert heard(text) in get_args(Word)
    assert heard(text) == heard(text)


@settings(deadline=None)
@given(st.sampled_from(EVERYTHING), st.sampled_from(["\u200f", "\u200e", "\ufe0f", "\u2066", " ", "\n"]), st.data())
def test_signs_nobody_sees_change_nothing(text: str, sign: str, data: st.DataObject) -> None:
    at = data.draw(st.sampled_from([0, len(text)]))
    assert heard(text[:at] + sign + text[at:]) == heard(text)
    assert heard(f"@acme {text}") == heard(text)


MANNERS = frozenset(
    ("ok", "hello", "🙏", "Labi", "Labdien", "Хорошо", "ок", "Здравствуйте", "И это всё", "Ok", "Baik", "Ya", "Hai",
     "אוקיי", "שלום", "בסדר", "حسنا", "مرحبا", "تمام")
)  # fmt: skip
"""Say nothing by themselves, and so turn no thanks into anything else."""


@settings(deadline=None)
@given(st.sampled_from([t for rows in SAID.values() for t in rows["else"] if t]), st.sampled_from(EVERYTHING))
def test_what_has_to_be_read_has_to_be_read_with_thanks_behind_it(first: str, then: str) -> None:
    if first not in MANNERS:
        assert heard(f"{first}. {then}") in ("else", "not_solved")


@pytest.mark.parametrize(
    "text", ["\ud800 thanks", "thanks " * 2000, "!" * 5000, "\u0301" * 3000, "و" * 900, "a b " * 3000]
)
def test_broken_and_endless_texts_are_something_to_read(text: str) -> None:
    assert heard(text) == "else"

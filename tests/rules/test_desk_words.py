"""The words of the desk: none is missing, left over or lacks what it is told, in any of its languages."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
from hark.domain.notice_words import LANGUAGES
from hark.domain.reasons import SENTENCES

from tests.rules import desk_words
from tests.rules.desk_words import ELSEWHERE, FIRST, FORMS, LABELS, SAYS_ITS_NUMBER, Entry, placeholders

MODULES = desk_words.modules()
ENGLISH = desk_words.words("en") | desk_words.words("en", "later")
OTHERS = [language for language in LANGUAGES if language != "en"]


def texts(entry: Entry) -> dict[str, str]:
    return {"": entry} if isinstance(entry, str) else entry


def gaps(entry: Entry) -> set[str]:
    return {name for text in texts(entry).values() for name in placeholders(text)}


@cache
def matching(pattern: str) -> list[str]:
    return [key for key in ENGLISH if re.fullmatch(pattern, key)]


@cache
def used(module: str) -> set[str]:
    """The keys that a module asks for or hands on."""
    wanted = {pattern for ask in desk_words.asked(module) for pattern in ask.patterns}
    wanted.update(ELSEWHERE.get(module, ()))
    return (desk_words.literals(module) & set(ENGLISH)) | {key for pattern in wanted for key in matching(pattern)}


def test_the_desk_has_the_languages_that_the_server_offers() -> None:
    assert set(FORMS) == set(LANGUAGES)
    for folder in ("", "later"):
        files = {file.stem for file in (desk_words.FRONTEND / "i18n" / folder).glob("*.json")}
        assert files == set(LANGUAGES), folder


def test_every_word_that_is_asked_for_is_there() -> None:
    missing = [
        f"{module}: {pattern}"
        for module in MODULES
        for ask in desk_words.asked(module)
        for pattern in ask.patterns
        if not matching(pattern)
    ]
    assert missing == []


def test_every_word_is_asked_for() -> None:
    assert sorted(set(ENGLISH) - {key for module in MODULES for key in used(module)}) == []


def test_no_word_stands_in_both_files_and_what_is_said_first_is_loaded_first() -> None:
    first, later = set(desk_words.words("en")), set(desk_words.words("en", "later"))
    assert sorted(first & later) == []
    wanted = {key: module for module in desk_words.with_imports(*FIRST) if module in MODULES for key in used(module)}
    assert {key: module for key, module in wanted.items() if key in later and module not in LABELS} == {}


def test_a_word_is_told_all_that_it_says() -> None:
    """Where one string is asked for; of a template's many words each may say less than it is given."""
    untold = [
        f"{module}: {key} lacks {sorted(lacking)}"
        for module in MODULES
        for ask in desk_words.asked(module)
        if ask.given is not None
        for pattern in ask.patterns
        for key in matching(pattern)[: len(matching(pattern)) == 1]
        if len(ask.patterns) == 1 and (lacking := gaps(ENGLISH[key]) - ask.given)
    ]
    assert untold == []


def test_a_word_says_all_that_it_is_told() -> None:
    """What is given to it and never said is a slip of somebody's pen."""
    unsaid = [
        f"{module}: {ask.patterns} do not say {sorted(unsaid)}"
        for module in MODULES
        for ask in desk_words.asked(module)
        if ask.given and ask.patterns
        if (
            unsaid := set(ask.given)
            - {name for p in ask.patterns for key in matching(p) for name in gaps(ENGLISH[key])}
        )
    ]
    assert unsaid == []


def test_english_has_both_forms_wherever_it_counts() -> None:
    for key, entry in ENGLISH.items():
        if isinstance(entry, dict):
            assert set(entry) == set(FORMS["en"]), key


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("folder", ["", "later"])
def test_a_language_has_every_word_in_all_its_forms_with_the_same_gaps(language: str, folder: str) -> None:
    english, own = desk_words.words("en", folder), desk_words.words(language, folder)
    assert sorted(set(english) - set(own)) == [], "missing"
    assert sorted(set(own) - set(english)) == [], "left over"
    for key, entry in english.items():
        assert isinstance(own[key], dict) == isinstance(entry, dict), key
        if isinstance(entry, dict):
            assert set(texts(own[key])) == set(FORMS[language]), key
        for form, text in texts(own[key]).items():
            free = {"n"} if form in SAYS_ITS_NUMBER[language] else set()
            assert gaps(entry) - free <= placeholders(text) <= gaps(entry), f"{key} {form}"
            assert text.strip() == text and text, f"{key} {form}"


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_is_written_in_its_own_letters(language: str) -> None:
    own = desk_words.words(language) | desk_words.words(language, "later")
    letters = {"lv": "āčēģīķļņšūž", "ru": "а-яё", "ms": "a-z", "he": "א-ת", "ar": "ء-ي"}[language]
    same = [key for key, entry in own.items() if entry == ENGLISH[key] and re.search(r"[a-z]{3} [a-z]{3}", str(entry))]
    assert same == [], "still in English"
    if language in ("ru", "he", "ar"):
        latin = [
            key
            for key, entry in own.items()
            for text in texts(entry).values()
            if not re.search(f"[{letters}]", text) and re.search(r"[A-Za-z]{2}", re.sub(r"\{\w+\}", "", text))
        ]
        names = ("platform.", "title", "key.ctrl")
        assert [key for key in latin if not key.startswith(names)] == []


@pytest.mark.parametrize(
    ("script", "patterns", "given"),
    [
        ('t("a.b")', ["a\\.b"], frozenset()),
        ('t(x === "z" ? "a" : `b.${c}`, { n: f(1, 2), name })', ["a", r"b\..*"], frozenset({"n", "name"})),
        ("tNodes(`${kind}.long`, values)", [r".+\.long"], None),
        ("t(label)", [], frozenset()),
        ('t(of("x") ? "a" : "b")', ["a", "b"], frozenset()),
        ('html`${t("a")}${other.t("b")} ${at("c")}`', ["a"], frozenset()),
    ],
)
def test_a_call_is_read_as_it_stands(
    monkeypatch: pytest.MonkeyPatch, script: str, patterns: list[str], given: Any
) -> None:
    monkeypatch.setattr(desk_words, "source", lambda module: script)
    found = desk_words.asked.__wrapped__("any.js")
    assert [pattern for ask in found for pattern in ask.patterns] == patterns
    assert all(ask.given == given for ask in found)


LATER_OR_NEVER = ("check.", "bot.", "automation.", "incident.", "listening.")
"""Beginnings of codes that the desk still tells in the server's English."""


@pytest.mark.parametrize("language", OTHERS)
def test_what_happens_to_every_case_is_told_in_each_language(language: str) -> None:
    """English is what the server says; the other languages have a sentence for each code that an agent sees often."""
    told = desk_words.words(language, "reasons")
    wanted = {code for code in SENTENCES if not code.startswith(LATER_OR_NEVER)}
    assert wanted - set(told) == set(), "missing"
    assert set(told) - set(SENTENCES) == set(), "left over"
    for code, said in told.items():
        assert isinstance(said, str) and said.strip() == said and said.endswith("."), code
        assert said != SENTENCES[code] and not placeholders(said), code

"""The golden set itself: enough of every language, every code in at least three of them, labels that do not contradict
each other or the specification. Where the tree leads is tested elsewhere."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest

from tests.golden.labelled import LANGUAGES, Labelled, golden_set, messages

SET = golden_set()
LEAVES = (
    "withdrawn", "elsewhere", "media", "empty", "crisis", "thanks", "spam", "abuse", "troll", "complaint", "request",
    "question", "praise", "statement", "unsure",
)  # fmt: skip
CALLED = ("addressed", "named", "implied")
AFTER = (
    "policy", "urgent", "reach", "repeat", "vip", "long", "incident", "reference", "personal_data", "language_unsure",
    "no_api_reply",
)  # fmt: skip
RECOMMENDED = {
    "private.already": "private", "private.personal_data": "private", "private.account": "private",
    "public.in_view": "public", "public.no_answer": "",
}  # fmt: skip
BRANDS = (
    "sutnis", "zvanslv", "ozolbanka", "grozs", "dzervair", "kafijnica",
    "posylkin", "svyazka", "berezabank", "lavka24", "zhuravlavia", "penkacafe",
    "hantarlaju", "telkita", "bankcenderawasih", "kedaipantas", "airhelang", "kopisenja",
    "shlichit", "kavkav", "bankalon", "hasalsela", "knafair", "cafetut",
    "mandoub", "etisalak", "bankalwaha", "sallaplus", "alnawrasair", "maqhahail",
    "parcelly", "wavetel", "oakbank", "basketly", "craneair", "dailygrindcafe",
)  # fmt: skip
ENDS = {"elsewhere": "elsewhere", "empty": "empty", "thanks": "thanks", "spam": "spam", "troll": "troll",
        "statement": "policy"}  # fmt: skip


def kinds(message: Labelled) -> list[str]:
    return [code.removeprefix("triage.") for code in message.codes]


def told_by(message: Labelled) -> set[str]:
    """What a fact alone decides to be added."""
    holds = {
        "reach": message.reading.sentiment == "negative" and message.reach >= 5000,
        "repeat": message.contacts >= 3,
        "vip": message.vip,
        "long": message.earlier >= 2 or message.contacts >= 6,
        "incident": message.incident,
        "reference": bool(message.reference),
        "personal_data": bool(message.personal_data) and message.surface != "direct",
        "no_api_reply": not message.may_reply,
        "policy": message.expected.end == "policy",
    }
    return {kind for kind, is_so in holds.items() if is_so}


def languages_by(what: dict[str, list[Labelled]]) -> dict[str, int]:
    return {name: len({m.id[:2] for m in found}) for name, found in what.items()}


def test_ids_are_unique_and_name_their_file() -> None:
    assert len({m.id for m in SET}) == len(SET)
    for language in LANGUAGES:
        assert [m.id for m in messages(language)] == [
            f"{language}-{n:02d}" for n in range(1, len(messages(language)) + 1)
        ]


def test_no_text_stands_twice() -> None:
    said = Counter((m.text, m.surface) for m in SET if m.says_something)
    assert [text for text, times in said.items() if times > 1 and len(text[0]) > 4] == []


def test_there_are_enough_of_every_language() -> None:
    assert len(SET) >= 330
    spoken = Counter(m.reading.language for m in SET)
    assert all(spoken[language] >= 55 for language in LANGUAGES), spoken


@pytest.mark.parametrize("kind", [*LEAVES, *CALLED, *AFTER, *RECOMMENDED])
def test_every_code_occurs_in_three_languages(kind: str) -> None:
    assert len({m.id[:2] for m in SET if kind in kinds(m)}) >= 3


def test_no_other_code_occurs() -> None:
    assert {kind for m in SET for kind in kinds(m)} == {*LEAVES, *CALLED, *AFTER, *RECOMMENDED}


def test_every_end_and_every_refused_end_occurs_in_three_languages() -> None:
    found: dict[str, list[Labelled]] = defaultdict(list)
    for m in SET:
        leaf, kept = m.expected.leaf.removeprefix("triage."), not m.expected.end
        if m.expected.end:
            found[f"{leaf} ends"].append(m)
        if leaf in ("spam", "troll") and kept:
            reasons = {
                "unsure": m.reading.confidence < 0.8, "private": m.surface == "direct",
                "addressed": m.addressing == "addressed" and m.surface != "direct",
                "earlier": leaf == "spam" and m.earlier > 0, "again": leaf == "troll" and m.contacts > 1,
                "incident": m.incident,
            }  # fmt: skip
            held = [reason for reason, is_so in reasons.items() if is_so]
            assert held, m.id
            if len(held) == 1:
                found[f"{leaf} kept: {held[0]}"].append(m)
        if leaf in ("statement", "praise") and not m.answer_all and kept:
            why = (
                "praise" if leaf == "praise" else "addressed" if m.addressing == "addressed"
                else "incident" if m.incident else "negative"
            )  # fmt: skip
            found[f"{leaf} kept: {why}"].append(m)
        if leaf == "thanks" and kept:
            assert m.incident
            found["thanks kept: incident"].append(m)
    wanted = {
        *(f"{leaf} ends" for leaf in ENDS),
        *(f"spam kept: {why}" for why in ("unsure", "private", "addressed", "earlier")),
        *(f"troll kept: {why}" for why in ("unsure", "private", "addressed", "again", "incident")),
        *(f"statement kept: {why}" for why in ("addressed", "incident", "negative")),
        "praise kept: praise", "thanks kept: incident",
    }  # fmt: skip
    assert set(found) == wanted
    assert min(languages_by(found).values()) >= 3, languages_by(found)


def check_labels(message: Labelled) -> None:
    codes, expected = kinds(message), message.expected
    leaf = expected.leaf.removeprefix("triage.")
    assert [k for k in codes if k in LEAVES] == [leaf]
    assert [k for k in codes if k in CALLED] == ([] if message.withdrawn else [message.addressing])
    order = (*CALLED, *LEAVES, *AFTER, *RECOMMENDED)
    assert codes == sorted(codes, key=order.index)
    added = {k for k in codes if k in AFTER}
    assert added - {"urgent", "language_unsure"} == told_by(message)
    assert ("urgent" in added) == (message.reading.urgency == "burning")
    assert ("language_unsure" in added) == (message.reading.language == "und" and message.says_something)
    recommendations = [k for k in codes if k in RECOMMENDED]
    if expected.end:
        assert ENDS[leaf] == expected.end
        assert recommendations == []
        assert (expected.priority, expected.lane, expected.recommended) == (None, None, None)
        assert not message.incident
        assert message.reading.sentiment != "negative" or leaf == "troll"
    else:
        assert expected.priority and expected.lane is not None
        assert len(recommendations) == (0 if message.withdrawn else 1)
        assert expected.recommended == (RECOMMENDED[recommendations[0]] if recommendations else "")
        assert message.withdrawn or (message.surface == "direct") == ("private.already" in codes)
    if leaf not in ("withdrawn", "elsewhere", "media", "empty"):
        assert message.reading.intent == {"troll": "taunt"}.get(leaf, leaf)


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_agree_with_each_other(language: str) -> None:
    for message in messages(language):
        try:
            check_labels(message)
        except AssertionError as wrong:
            wrong.add_note(message.id)
            raise


@pytest.mark.parametrize("message", SET, ids=lambda m: m.id)
def test_what_is_said_of_a_text_stands_in_it(message: Labelled) -> None:
    assert message.reference in message.text
    bare = re.sub(r"@[\w.]+|https?://\S+", "", message.text)
    assert message.says_something == bool(bare.strip())
    assert message.surface != "direct" or message.addressing == "addressed", "who writes in private speaks to the brand"
    called = any(f"@{brand}" in message.text for brand in BRANDS)
    assert not called or message.addressing == "addressed"

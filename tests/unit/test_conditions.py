"""Conditions that people write: what they may say, and that a slip is told and never only answered with no."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

import pytest
from hark.domain.conditions import DEEPEST, LONGEST, ConditionError, Vocabulary
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel


class Surface(StrEnum):
    POST = "post"
    DIRECT = "direct"


@dataclass(frozen=True)
class Facts:
    vip: bool
    reach: int
    confidence: float
    handle: str
    intent: Literal["question", "complaint"]
    surface: Surface
    personal_data: tuple[str, ...]


WORDS = Vocabulary.of(Facts)
GIVEN: dict[str, Any] = {
    "vip": False, "reach": 5000, "confidence": 0.8, "handle": "kim_l", "intent": "complaint",
    "surface": Surface.DIRECT, "personal_data": ("phone",),
}  # fmt: skip


def holds(text: str, **more: Any) -> bool:
    return WORDS.condition("rule 1", text).holds(GIVEN | more)


@pytest.mark.parametrize(
    "text",
    [
        "true", "not vip", "reach >= 5000", "reach > 4999.5 and reach < 5001", "confidence >= 0.8", "reach == 5000",
        'intent == "complaint"', "intent != 'question'", 'surface == "direct"', 'intent in ["question", "complaint"]',
        '"phone" in personal_data', 'not ("iban" in personal_data)', "vip or (reach >= 5000 and not vip)",
        'handle == "kim_l" and vip == false', "not vip and\n reach <= 5000", 'handle in ["for", "kim_l"]',
    ],
)  # fmt: skip
def test_what_a_condition_may_say(text: str) -> None:
    assert holds(text) is True
    assert holds(f"not ({text})") is False


def test_each_fact_counts() -> None:
    assert not holds("confidence >= 0.8", confidence=0.79) and not holds("reach >= 5000", reach=4999)
    assert not holds('"phone" in personal_data', personal_data=())
    assert not holds('surface == "direct"', surface=Surface.POST) and holds("vip", vip=True)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "empty"), ("  ", "empty"), ("reech > 5", "nothing is known by the name 'reech'"),
        ("reach", "it has to say yes or no, but is a number"), ('"phone"', "but is a text"),
        ("personal_data", "but is a list of texts"), ("vip and", "cannot be read"), ("(vip", "cannot be read"),
        ("vip vip", "cannot be read"), ("reach and vip", "'and' joins a yes or no, not a number"),
        ("not reach", "'not' turns round a yes or no, not a number"), ("reach >= '5'", "cannot be read"),
        ("vip >= false", "more and less are of a number, not a yes or no"),
        ('handle > "a"', "more and less are of a number"), ('reach == "5000"', "a number cannot be equal to a text"),
        ("vip == 1", "a yes or no cannot be equal to a number"),
        ('personal_data == ["phone"]', "a list of texts cannot be equal to a list of texts"),
        ('intent == "complain"', "intent is never 'complain'; it is one of complaint, question"),
        ('"complain" != intent', "intent is never 'complain'"), ('surface == "post" or surface == "dm"', "never 'dm'"),
        ('intent in ["question", "request"]', "intent is never 'request'"),
        ('intent in "question"', "'in' looks for a text in a list of texts"), ("reach in [5000]", "a list holds texts"),
        ('handle in []', "a list holds texts, at least one"),
        ('handle =~ "(a+)+$"', "'=~ \"(a+)+$' at character 8 has no meaning here"),
        ("reach ** 9 > 1", "'** 9 > 1' at character 7"), ("reach + 1 > 1", "has no meaning"),
        ("-1 < reach", "character 1"),
        ("handle.length > 1", "has no meaning"), ("$now > reach", "has no meaning"), ("1e9 > reach", "the name 'e9'"),
        ("[x for x in personal_data]", "the name 'x'"), ("vip ? true : false", "has no meaning"),
        ('personal_data["phone"]', "cannot be read"), ('__import__("os")', "the name '__import__'"),
        ("vip # a remark", "has no meaning"), ("null == handle", "the name 'null'"),
        ('"a\\x41" == handle', "character 1"),
        ("(" * (DEEPEST + 1) + "vip" + ")" * (DEEPEST + 1), "brackets are more than 20 deep"),
        ("vip or " * 200 + "vip", f"longer than {LONGEST}"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_the_name_of_the_rule(text: str, problem: str) -> None:
    with pytest.raises(ConditionError) as told:
        WORDS.condition("rule 7", text)
    assert told.value.rule == "rule 7" and str(told.value).startswith("rule 7: ")
    assert problem in told.value.problem


def test_the_same_slip_in_two_rules_names_each() -> None:
    for name in ("first", "second"):
        with pytest.raises(ConditionError, match=rf"^{name}: "):
            WORDS.condition(name, "nobody")


def test_a_condition_is_compiled_once_and_each_vocabulary_has_its_own() -> None:
    first = WORDS.condition("a", "vip")
    assert first.compiled is WORDS.condition("b", "vip").compiled
    other = Vocabulary({"vip": int, "reach": int})
    with pytest.raises(ConditionError, match="but is a number"):
        other.condition("a", "vip")


def test_a_fact_that_is_missing_or_of_another_kind_is_a_mistake_and_no_answer() -> None:
    rule = WORDS.condition("rule 7", "reach > 5")
    for facts in ({}, {"reach": "many"}):
        with pytest.raises(ConditionError, match=r"^rule 7: "):
            rule.holds(facts)


def test_facts_may_be_described_by_a_model_and_must_be_of_known_kinds() -> None:
    class Case(BaseModel):
        platform: str
        tags: frozenset[Literal["legal", "tax"]] = frozenset()

    words = Vocabulary.of(Case)
    assert words.condition("a", 'platform == "x" and "tax" in tags').holds({"platform": "x", "tags": ("tax",)})
    with pytest.raises(ConditionError, match="tags is never 'texas'"):
        words.condition("a", '"texas" in tags')
    with pytest.raises(TypeError, match="cannot speak of"):
        Vocabulary({"odd": dict[str, str]})


PARTS = st.sampled_from(
    ["vip", "reach", "intent", "personal_data", "and", "or", "not", "in", "true", "==", "!=", ">=", "<", "(", ")", "[",
     "]", ",", "5", "0.5", '"complaint"', "'x'", "**", "=~", ".", "$", "é"]
)  # fmt: skip


@given(st.lists(PARTS, max_size=12).map(" ".join) | st.text(max_size=60))
@settings(deadline=None)
def test_whatever_is_written_either_says_yes_or_no_or_is_refused(text: str) -> None:
    try:
        rule = WORDS.condition("rule 7", text)
    except ConditionError:
        return
    assert rule.holds(GIVEN) in (True, False)

"""When a brand wants a reply approved, and by whom."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from hark.domain.approval_choices import TAGS, Approvals, Facts, amount, needed, tags
from hark.domain.people import Member
from hark.domain.policy import Policy
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

FACTS = Facts(
    verb="public_reply", public=True, amount=0, tags=(), length=20, approved_before=3, heated=False, platform="x",
    surface="post", language="lv", priority=3, kind="question", sentiment="neutral", lane="", topic="", reach=0,
    vip=False, contacts=1, in_incident=False,
)  # fmt: skip


def rule(condition: str, number: int = 1, name: str = "a_rule") -> dict[str, Any]:
    return {"name": name, "condition": condition, "number": number}


def choices(**given: Any) -> Approvals:
    return Approvals.model_validate(given)


def test_a_brand_that_sets_nothing_has_nothing_approved() -> None:
    assert not Policy().approvals.asks
    assert needed(Policy().approvals, FACTS).number == 0


@pytest.mark.parametrize("number", [1, 2])
def test_a_brand_may_have_everything_approved(number: int) -> None:
    assert (needed(choices(number=number), FACTS).number, needed(choices(number=number), FACTS).why) == (number, ())


@pytest.mark.parametrize(
    ("condition", "holds", "fails"),
    [
        ("public", {}, {"public": False}),
        ("approved_before < 10", {}, {"approved_before": 10}),
        ("heated", {"heated": True}, {}),
        ('kind in ["complaint", "crisis"]', {"kind": "crisis"}, {}),
        ('"legal" in tags', {"tags": ("legal", "tax")}, {"tags": ("tax",)}),
        ("amount >= 50", {"amount": 50.0}, {"amount": 49.99}),
        ("public and reach > 1000 or vip", {"public": False, "vip": True}, {"public": False, "reach": 5000}),
        ('sentiment == "negative"', {"sentiment": "negative"}, {}),
        ("in_incident", {"in_incident": True}, {}),
    ],
)
def test_a_condition_asks_for_an_approval_where_it_holds_and_its_name_is_the_reason(
    condition: str, holds: dict[str, Any], fails: dict[str, Any]
) -> None:
    policy = choices(when=[rule(condition)])
    assert needed(policy, replace(FACTS, **holds)).number == 1
    assert needed(policy, replace(FACTS, **holds)).why == ("a_rule",)
    assert needed(policy, replace(FACTS, **fails)).number == 0


@given(st.lists(st.tuples(st.sampled_from(["public", "not public", "heated", "reach < 5"]), st.sampled_from([1, 2]))),
       st.sampled_from([0, 1, 2]))  # fmt: skip
def test_conditions_only_ever_ask_for_more(rules: list[tuple[str, int]], number: int) -> None:
    when = [rule(text, many, f"r{n}") for n, (text, many) in enumerate(rules)]
    need = needed(choices(number=number, when=when), FACTS)
    met = [many for text, many in rules if text in ("public", "reach < 5")]
    assert need.number == max([number, *met])
    assert len(need.why) == len(met)


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": 3}, {"number": -1}, {"when": [rule("publik")]}, {"when": [rule("amount == 'much'")]},
        {"when": [rule("")]}, {"when": [rule("public", 0)]}, {"when": [rule("public"), rule("heated")]},
        {"when": [rule("public", name="A rule")]}, {"tags": {"legal": [" "]}}, {"expires_seconds": 59},
        {"surprise": True},
    ],
)  # fmt: skip
def test_choices_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Policy.model_validate({"approvals": wrong})


def test_a_slip_in_a_condition_is_told_by_its_name() -> None:
    with pytest.raises(ValidationError, match=r"loud: nothing is known by the name 'publik'"):
        choices(when=[rule("publik", name="loud")])


def test_every_fact_can_be_spoken_of() -> None:
    samples = {bool: "{}", float: "{} >= 0", int: "{} >= 0", str: '{} == "x"'}
    for fact in fields(Facts):
        value = getattr(FACTS, fact.name)
        sample = '"x" in {}' if isinstance(value, tuple) else samples[type(value)]
        if fact.name != "sentiment":
            choices(when=[rule(sample.format(fact.name))])


@pytest.mark.parametrize(
    ("role", "named", "may"),
    [("agent", False, False), ("agent", True, True), ("lead", False, True), ("operator", False, True),
     ("reader", True, False)],
)  # fmt: skip
def test_leads_approve_and_whom_the_brand_names(role: Any, named: bool, may: bool) -> None:
    member = Member(id="ann", brand="acme", name="Ann", role=role)
    policy = choices(approvers=["ann"] if named else [])
    assert policy.may_approve(member) is may
    assert not policy.may_approve(member.model_copy(update={"removed": True}))


@pytest.mark.parametrize(
    ("text", "sum_"),
    [
        ("We give you back €50", 50), ("50 EUR", 50), ("€ 1,234.50", 1234.5), ("1 234,50 €", 1234.5),
        ("1.234,50 eiro", 1234.5), ("RM1,200", 1200), ("₪ 99", 99), ("٥٠ درهم", 50), ("50,5 руб.", 50.5),
        ("$5 or $700", 700), ("order 12345 comes on 24.12.", 0), ("50 parcels", 0), ("rm -rf", 0), ("", 0),
        ("call 67123456", 0), ("EUROPE 2024", 0), ("120 ש\"ח", 120),
    ],
)  # fmt: skip
def test_the_largest_sum_of_money_is_found(text: str, sum_: float) -> None:
    assert amount(text) == sum_


@given(st.text(max_size=200))
def test_any_text_has_an_amount_and_tags(text: str) -> None:
    assert amount(text) >= 0
    assert set(tags(text, TAGS)) <= set(TAGS)


@given(st.integers(1, 10**9), st.sampled_from(["€{}", "{} EUR", "$ {}", "{} руб"]))
def test_a_plain_sum_is_read_as_it_stands(value: int, form: str) -> None:
    assert amount(f"we pay {form.format(value)} back") == value


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Our lawyer will answer", ("legal",)), ("Mūsu advokāts atbildēs", ("legal",)), ("Peguam kami", ("legal",)),
        ("Наш юрист ответит", ("legal",)), ("עורך דין שלנו", ("legal",)), ("محامي الشركة", ("legal",)),
        ("Your VAT invoice", ("tax",)), ("Rēķins un nodokļi", ("tax",)), ("In court about tax", ("legal", "tax")),
        ("Elevator private syntax", ()), ("Hello Kim", ()),
    ],
)  # fmt: skip
def test_what_a_text_is_about_is_told_by_the_beginnings_of_its_words(text: str, about: tuple[str, ...]) -> None:
    assert tags(text, TAGS) == about


def test_a_brand_may_name_its_own_subjects() -> None:
    policy = choices(tags={"parcels": ["parcel"]})
    assert tags("My PARCELS and a lawyer", policy.tags) == ("parcels",)

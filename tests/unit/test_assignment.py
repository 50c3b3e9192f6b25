"""Who gets a case: each way to an owner or to a queue has its code, and the choice is the same for the same facts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hark.domain.assignment import Assignment, Choice, Facts, Load, Situation, choose
from hark.domain.events import Surface
from hark.domain.people import Member
from hark.domain.policy import Policy
from hark.domain.reasons import SENTENCES
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
FACTS = Facts(
    platform="x", account="1", surface=Surface.POST, public=True, language="lv", kind="complaint",
    sentiment="negative", priority=2, lane="", topic="", reach=0, vip=False, contacts=1, personal_data=(),
    reference="", recommended="", incident=False, reopened=False, hour=12, weekday="wednesday",
)  # fmt: skip
TEAMS = [{"id": "web", "platforms": ["x", "viber"]}, {"id": "shop", "accounts": ["77"]}, {"id": "legal"}]


def member(id_: str, **more: Any) -> Member:
    return Member.model_validate({"id": id_, "brand": "acme", "name": id_, **more})


def pick(
    people: list[Member], rules: dict[str, Any] | None = None, load: dict[str, Load] | None = None, **case: Any
) -> Choice:
    facts = replace(FACTS, **{name: case.pop(name) for name in list(case) if name in Facts.__annotations__})
    loads = {m.id: Load() for m in people} | (load or {})
    return choose(Assignment.model_validate(rules or {}), Situation(facts, **case), people, loads, NOON)


def codes(choice: Choice) -> list[str]:
    return [step.code for step in choice.steps]


A_RULE = {"name": "lawyers", "when": 'kind == "complaint" and reach >= 5000', "to": {"person": "eva", "team": "legal"}}
WITH_TEAMS = {"teams": TEAMS}
RULED = WITH_TEAMS | {"rules": [A_RULE]}
NIGHT = {"shifts": [{"days": [2], "start": "22:00", "end": "06:00"}]}
FULL = Load(cases=12)


@pytest.mark.parametrize(
    ("people", "rules", "load", "case", "owner", "team", "reasons"),
    [
        ([member("a"), member("b")], {}, {"a": Load(1)}, {}, "b", "", ["assign.least_loaded"]),
        ([member("a"), member("b")], {"spread": "round_robin"}, {"a": Load(0, {}, 7), "b": Load(3, {}, 6)}, {},
         "b", "", ["assign.round_robin"]),
        ([member("a"), member("b")], {}, {"b": Load(5)}, {"owner": "b"}, "b", "", ["assign.kept"]),
        ([member("a"), member("b")], {}, {"b": FULL}, {"owner": "b"}, "a", "", ["assign.least_loaded"]),
        ([member("a"), member("b", **NIGHT)], {}, {}, {"owner": "b"}, "a", "", ["assign.least_loaded"]),
        ([member("a"), member("b", **NIGHT)], {}, {"b": FULL}, {"owner": "b", "stays": True}, "b", "", ["assign.kept"]),
        ([member("a"), member("b")], {}, {"b": Load(5)}, {"owner": "b", "declined": ("b",)}, "a", "",
         ["assign.least_loaded"]),
        ([member("a"), member("b", handle="AcmeBea")], {}, {"b": Load(5)}, {"named": {"acmebea"}}, "b", "",
         ["assign.named"]),
        ([member("a"), member("b")], {}, {"b": Load(5)}, {"served_by": "b"}, "b", "", ["assign.same_person"]),
        ([member("a"), member("b")], {}, {"b": FULL}, {"served_by": "b"}, "a", "", ["assign.least_loaded"]),
        ([member("a"), member("b"), member("c")], {}, {}, {"owner": "c", "served_by": "b"}, "c", "", ["assign.kept"]),
        ([member("a"), member("b", handle="AcmeBea", away=True)], {}, {}, {"named": {"acmebea"}}, "a", "",
         ["assign.least_loaded"]),
        ([member("a", teams=["legal"]), member("eva")], RULED, {}, {"reach": 5000}, "eva", "legal",
         ["assign.rule", "assign.rule_person"]),
        ([member("a", teams=["legal"]), member("eva", away=True)], RULED, {}, {"reach": 5000}, "a", "legal",
         ["assign.rule", "assign.rule_person_absent", "assign.least_loaded"]),
        ([member("a", teams=["legal"]), member("w", teams=["web"])], RULED, {}, {"reach": 4999}, "w", "web",
         ["assign.channel_team", "assign.least_loaded"]),
        ([member("s", teams=["shop"]), member("w", teams=["web"])], WITH_TEAMS, {}, {"account": "77"}, "s", "shop",
         ["assign.channel_team", "assign.least_loaded"]),
        ([member("s", teams=["shop"])], WITH_TEAMS, {}, {}, "", "web",
         ["assign.channel_team", "assign.nobody_on_shift"]),
        ([member("s")], WITH_TEAMS, {}, {"platform": "facebook"}, "s", "", ["assign.least_loaded"]),
        ([], {}, {}, {}, "", "", ["assign.nobody_on_shift"]),
        ([member("a", **NIGHT), member("b", role="reader")], {}, {}, {}, "", "", ["assign.nobody_on_shift"]),
        ([member("a")], {}, {"a": FULL}, {}, "", "", ["assign.nobody_has_room"]),
        ([member("a", capacities={"x": 2})], {}, {"a": Load(2, {"x": 2})}, {}, "", "", ["assign.nobody_has_room"]),
        ([member("a", capacities={"x": 2})], {}, {"a": Load(2, {"viber": 2})}, {}, "a", "", ["assign.least_loaded"]),
        ([member("a", languages=["en"]), member("b", languages=["LV-lv"])], {}, {"b": Load(9)}, {}, "b", "",
         ["assign.least_loaded"]),
        ([member("a", languages=["en"]), member("b", languages=["lv"])], {}, {"b": FULL}, {}, "a", "",
         ["assign.no_speaker", "assign.least_loaded"]),
        ([member("a", languages=["en"]), member("b", languages=["lv"])], {"language": "required"}, {"b": FULL}, {}, "",
         "", ["assign.nobody_has_room"]),
        ([member("a", languages=["en"])], {"language": "required"}, {}, {}, "", "", ["assign.nobody_speaks"]),
        ([member("a", languages=["en"])], {"language": "required"}, {}, {"language": "und"}, "a", "",
         ["assign.least_loaded"]),
        ([member("a", languages=["en"]), member("b", languages=["lv"])], {"language": "ignored"}, {"b": Load(1)}, {},
         "a", "", ["assign.least_loaded"]),
        ([member("a", level=1), member("b", level=2)], {}, {"b": Load(5)}, {"level": 2}, "b", "",
         ["assign.least_loaded"]),
        ([member("a", level=1)], {}, {}, {"level": 2}, "", "", ["assign.nobody_able"]),
        ([member("a", level=1), member("b", level=2)], {}, {}, {"level": 2, "owner": "a"}, "b", "",
         ["assign.least_loaded"]),
        ([member("a", skills=["refund"]), member("b", skills=["refund", "tax"])],
         {"rules": [{"name": "money", "when": "true", "to": {"skills": ["tax", "refund"]}}]}, {"b": Load(5)}, {},
         "b", "", ["assign.rule", "assign.least_loaded"]),
    ],
)  # fmt: skip
def test_each_way_to_an_owner_or_a_queue(
    people: list[Member], rules: dict[str, Any], load: dict[str, Load], case: dict[str, Any], owner: str, team: str,
    reasons: list[str],
) -> None:  # fmt: skip
    for order in (people, people[::-1]):
        choice = pick(order, rules, load, **case)
        assert (choice.owner, choice.team, codes(choice)) == (owner, team, reasons)
        assert choice.reason == reasons[-1]
    assert all(code in SENTENCES for code in reasons)


def test_the_first_rule_that_holds_decides() -> None:
    rules = [
        {"name": "night", "when": "hour >= 20 or hour < 8", "to": {"person": "n"}},
        {"name": "vips", "when": 'vip and not (language == "en")', "to": {"person": "v"}},
        {"name": "rest", "when": "true", "to": {"person": "r"}},
    ]
    people = [member("n"), member("v"), member("r")]
    for case, owner, name in (
        ({}, "r", "rest"), ({"vip": True}, "v", "vips"), ({"vip": True, "hour": 20}, "n", "night"),
        ({"vip": True, "language": "en"}, "r", "rest"),
    ):  # fmt: skip
        choice = pick(people, {"rules": rules}, **case)
        assert (choice.owner, choice.steps[0].code, choice.steps[0].about) == (owner, "assign.rule", name)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (WITH_TEAMS | {"rules": [A_RULE | {"when": "reech > 5"}]}, "assignment rule lawyers: nothing is known by"),
        (WITH_TEAMS | {"rules": [A_RULE | {"when": "reach >"}]}, "assignment rule lawyers: it cannot be read"),
        (WITH_TEAMS | {"rules": [A_RULE | {"when": '__import__("os")'}]}, "assignment rule lawyers: nothing is known"),
        ({"rules": [A_RULE]}, "assignment rule lawyers: there is no team legal"),
        (WITH_TEAMS | {"rules": [A_RULE | {"to": {}}]}, "assignment rule lawyers: it leads to nobody"),
        ({"rules": [A_RULE, A_RULE], "teams": TEAMS}, "lawyers is there twice"),
        ({"teams": [TEAMS[0], TEAMS[0]]}, "web is there twice"),
        ({"teams": [{"id": "Web team"}]}, "should match pattern"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_used_is_refused_with_a_sentence(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Policy.model_validate({"assignment": wrong})
    assert said in str(refused.value)


def test_a_stored_rule_that_the_desk_no_longer_understands_is_left_out_and_said() -> None:
    from hark.domain.assignment import STORED

    old = {"rules": [A_RULE | {"when": "a_word_of_yesterday"}, {"name": "rest", "when": "true", "to": {"person": "a"}}],
           "teams": TEAMS}  # fmt: skip
    rules = Policy.model_validate({"assignment": old}, context=STORED).assignment
    choice = choose(rules, Situation(FACTS), [member("a")], {"a": Load()}, NOON)
    assert [(s.code, s.about) for s in choice.steps] == [
        ("assign.rule_broken", "lawyers"), ("assign.rule", "rest"), ("assign.rule_person", "a"),
    ]  # fmt: skip


def test_the_document_shows_a_policy_that_can_be_saved_and_names_every_fact() -> None:
    text = (Path(__file__).parents[2] / "docs/assignment.md").read_text()
    (example,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    assert len(Policy.model_validate_json(example).assignment.rules) == 3
    facts = text.split("and these facts:")[1].split("A rule that cannot be read")[0]
    assert set(re.findall(r"`(\w+)`", facts)) == set(Facts.__annotations__)


def test_loads_are_asked_for_only_of_who_may_get_the_case() -> None:
    class Asked(dict[str, Load]):
        def __getitem__(self, name: str) -> Load:
            asked.append(name)
            return Load()

    asked: list[str] = []
    people = [member("a"), member("b"), member("c", away=True), member("d", teams=["shop"])]
    choose(Assignment(), Situation(FACTS, owner="b"), people, Asked(), NOON)
    assert set(asked) == {"b"}
    asked.clear()
    teams = Assignment.model_validate({"teams": [{"id": "shop", "platforms": ["x"]}]})
    choose(teams, Situation(FACTS), people, Asked(), NOON)
    assert set(asked) == {"d"}


people_of = st.lists(
    st.builds(
        lambda id_, away, capacity, languages, teams, level, handle: member(
            id_, away=away, capacity=capacity, languages=languages, teams=teams, level=level, handle=handle
        ),
        st.sampled_from("abcdef"), st.booleans(), st.integers(0, 4),
        st.lists(st.sampled_from(["lv", "en"]), max_size=2),
        st.lists(st.sampled_from(["web", "shop"]), max_size=2), st.integers(0, 2), st.sampled_from(["", "one", "two"]),
    ),
    max_size=6, unique_by=lambda m: m.id,
)  # fmt: skip


@given(
    people_of, st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 5)),
    st.sampled_from(["least_loaded", "round_robin"]), st.sampled_from(["ignored", "preferred", "required"]),
    st.sampled_from(["", *"abcdef"]), st.booleans(), st.sets(st.sampled_from("abcdef")), st.integers(0, 2),
    st.sets(st.sampled_from(["one", "two"])), st.sampled_from(["x", "facebook"]), st.randoms(),
)  # fmt: skip
@settings(deadline=None)
def test_whatever_the_team_the_choice_is_fit_the_same_in_any_order_and_says_why(
    people: list[Member], cases: dict[str, int], spread: str, language: str, owner: str, stays: bool,
    declined: set[str], level: int, named: set[str], platform: str, chance: Any,
) -> None:  # fmt: skip
    rules = {"teams": TEAMS, "spread": spread, "language": language}
    load = {m.id: Load(cases.get(m.id, 0), {platform: cases.get(m.id, 0)}, len(m.name)) for m in people}
    case = {"owner": owner, "stays": stays, "declined": declined, "level": level, "named": named, "platform": platform}
    choice = pick(people, rules, load, **case)
    shuffled = people[:]
    chance.shuffle(shuffled)
    assert pick(shuffled, rules, load, **case) == choice
    assert all(step.code in SENTENCES for step in choice.steps)
    if stays and owner:
        assert (choice.owner, choice.reason) == (owner, "assign.kept")
        return
    room = {m.id: m for m in people if not m.away and cases.get(m.id, 0) < m.capacity}
    if choice.owner:
        taker = room[choice.owner]
        assert taker.level >= level
        assert choice.owner not in declined
        if choice.reason in ("assign.least_loaded", "assign.round_robin"):
            assert not choice.team or choice.team in taker.teams
            assert language != "required" or taker.speaks("lv")
            fewest = min(
                cases.get(m.id, 0) for m in room.values()
                if m.level >= level and m.id not in declined and (not choice.team or choice.team in m.teams)
                and (language == "ignored" or m.speaks("lv") or "assign.no_speaker" in codes(choice))
            )  # fmt: skip
            assert spread == "round_robin" or cases.get(choice.owner, 0) == fewest
    else:
        fits = [
            m for m in room.values()
            if m.level >= level and m.id not in declined and (platform != "x" or "web" in m.teams)
            and (language != "required" or m.speaks("lv"))
        ]  # fmt: skip
        assert fits == [], "nobody waits in a queue while somebody could take it"

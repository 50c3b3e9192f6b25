"""The decision tree: it leads where the golden set says, every branch of it counts, and a broken one is not walked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hark.domain.clocks import BURNING
from hark.domain.policy import Policy
from hark.domain.reasons import SENTENCES
from hark.domain.tree import Node, Plan, Tree, TreeError, Verdict, shipped
from hark.domain.triage import Facts, given, told, tree, tree_of, walk
from hark.domain.triage_choices import TriageChoices
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from tests.golden import walked
from tests.golden.labelled import LANGUAGES, golden_set

GOLDEN = [(walked.facts(m), walked.policy(m), walked.labelled(m), m.id) for m in golden_set()]
CHOOSY = Policy(answer_all=False)
ASIDE: dict[str, Any] = {"addressing": "named", "language": "en"}
"""A message in English that does not call the brand."""

# What the golden set does not hold: an incident with each ending, and both sides of every threshold.
EDGES: list[tuple[dict[str, Any], Policy, list[str]]] = [
    ({"elsewhere": True, "incident": True, "language": "en"}, Policy(),
     ["addressed", "elsewhere", "incident", "public.in_view", "priority 5", "answer in public"]),
    ({"has_media": True, "intent": "complaint", "language": "en"}, Policy(),
     ["addressed", "complaint", "public.in_view", "priority 2", "answer in public"]),
    ({"says_something": False, "incident": True}, Policy(),
     ["addressed", "empty", "incident", "public.in_view", "priority 5", "answer in public"]),
    ({"intent": "thanks", "incident": True, "language": "en"}, Policy(),
     ["addressed", "thanks", "incident", "public.in_view", "priority 5", "answer in public"]),
    ({"intent": "thanks", "sentiment": "negative", "language": "en"}, Policy(),
     ["addressed", "thanks", "public.in_view", "priority 5", "answer in public"]),
    ({"intent": "thanks", "urgency": "burning", "sentiment": "negative", "language": "en"}, Policy(),
     ["addressed", "thanks", "public.in_view", "priority 5", "answer in public"]),
    ({"intent": "praise", "urgency": "burning", "language": "en"}, Policy(),
     ["addressed", "praise", "public.in_view", "priority 4", "lane praise", "answer in public"]),
    ({"intent": "spam", "urgency": "burning", "language": "en"}, Policy(),
     ["addressed", "spam", "public.no_answer", "priority 5"]),
    ({"intent": "taunt", "urgency": "burning", "language": "en"}, Policy(),
     ["addressed", "troll", "public.no_answer", "priority 5"]),
    ({"intent": "unsure", "urgency": "burning", "language": "en"}, Policy(),
     ["addressed", "unsure", "urgent", "public.in_view", "priority 1", "answer in public"]),
    ({**ASIDE, "intent": "spam", "confidence": 0.8}, Policy(), ["named", "spam", "priority 5", "end spam"]),
    ({**ASIDE, "intent": "spam", "confidence": 0.79}, Policy(),
     ["named", "spam", "public.no_answer", "priority 5"]),
    ({**ASIDE, "intent": "spam", "confidence": 0.9, "earlier": 1}, Policy(),
     ["named", "spam", "public.no_answer", "priority 5"]),
    ({**ASIDE, "intent": "spam", "confidence": 0.9, "incident": True}, Policy(),
     ["named", "spam", "incident", "public.no_answer", "priority 5"]),
    ({**ASIDE, "intent": "spam", "confidence": 0.9, "public": False}, Policy(),
     ["named", "spam", "private.already", "priority 5", "answer in private"]),
    ({**ASIDE, "intent": "taunt", "confidence": 0.8}, Policy(), ["named", "troll", "priority 5", "end troll"]),
    ({**ASIDE, "intent": "taunt", "confidence": 0.79}, Policy(),
     ["named", "troll", "public.no_answer", "priority 5"]),
    ({**ASIDE, "intent": "taunt", "confidence": 0.9, "contacts": 2}, Policy(),
     ["named", "troll", "public.no_answer", "priority 5"]),
    ({**ASIDE, "intent": "taunt", "confidence": 0.9, "public": False}, Policy(),
     ["named", "troll", "private.already", "priority 5", "answer in private"]),
    ({**ASIDE, "intent": "taunt", "confidence": 0.9, "incident": True}, Policy(),
     ["named", "troll", "incident", "public.no_answer", "priority 5"]),
    ({**ASIDE, "intent": "statement", "sentiment": "neutral"}, CHOOSY,
     ["named", "statement", "policy", "priority 5", "end policy"]),
    ({**ASIDE, "intent": "statement", "sentiment": "positive"}, CHOOSY,
     ["named", "statement", "policy", "priority 5", "end policy"]),
    ({**ASIDE, "intent": "statement", "sentiment": "unsure"}, CHOOSY,
     ["named", "statement", "public.in_view", "priority 4", "answer in public"]),
    ({**ASIDE, "intent": "statement", "sentiment": "neutral", "urgency": "burning"}, CHOOSY,
     ["named", "statement", "urgent", "public.in_view", "priority 1", "answer in public"]),
    ({**ASIDE, "intent": "statement", "sentiment": "negative"}, CHOOSY,
     ["named", "statement", "public.in_view", "priority 4", "answer in public"]),
    ({**ASIDE, "intent": "statement", "sentiment": "neutral", "incident": True}, CHOOSY,
     ["named", "statement", "incident", "public.in_view", "priority 4", "answer in public"]),
    ({"intent": "complaint", "sentiment": "negative", "reach": 4999, "language": "en"}, Policy(),
     ["addressed", "complaint", "public.in_view", "priority 2", "answer in public"]),
    ({"intent": "complaint", "sentiment": "negative", "reach": 5000, "language": "en"}, Policy(),
     ["addressed", "complaint", "reach", "public.in_view", "priority 1", "answer in public"]),
    ({"intent": "crisis", "sentiment": "negative", "reach": 5000, "contacts": 3, "vip": True, "language": "en"},
     Policy(), ["addressed", "crisis", "reach", "repeat", "vip", "public.in_view", "priority 1", "answer in public"]),
    ({"intent": "complaint", "sentiment": "neutral", "reach": 5000, "language": "en"}, Policy(),
     ["addressed", "complaint", "public.in_view", "priority 2", "answer in public"]),
    ({"intent": "statement", "contacts": 2, "language": "en"}, Policy(),
     ["addressed", "statement", "public.in_view", "priority 3", "answer in public"]),
    ({"intent": "statement", "contacts": 3, "language": "en"}, Policy(),
     ["addressed", "statement", "repeat", "public.in_view", "priority 2", "answer in public"]),
    ({"intent": "complaint", "contacts": 3, "language": "en"}, Policy(),
     ["addressed", "complaint", "repeat", "public.in_view", "priority 2", "answer in public"]),
    ({"intent": "praise", "contacts": 3, "vip": True, "language": "en"}, Policy(),
     ["addressed", "praise", "repeat", "vip", "public.in_view", "priority 2", "lane praise", "answer in public"]),
    ({"intent": "statement", "contacts": 5, "earlier": 1, "language": "en"}, Policy(),
     ["addressed", "statement", "repeat", "public.in_view", "priority 2", "answer in public"]),
    ({"intent": "statement", "contacts": 6, "language": "en"}, Policy(),
     ["addressed", "statement", "repeat", "long", "public.in_view", "priority 2", "lane long", "answer in public"]),
    ({"intent": "statement", "earlier": 2, "language": "en"}, Policy(),
     ["addressed", "statement", "long", "public.in_view", "priority 3", "lane long", "answer in public"]),
    ({"intent": "complaint", "personal_data": ("phone",), "public": False, "surface": "direct", "language": "en"},
     Policy(), ["addressed", "complaint", "private.already", "priority 2", "answer in private"]),
    ({"intent": "complaint", "personal_data": ("phone",), "wants_account": True, "language": "en"}, Policy(),
     ["addressed", "complaint", "personal_data", "private.personal_data", "priority 2", "answer in private"]),
    ({"intent": "statement", "language": "und", "may_reply": False, "reference": "INC-1"}, Policy(),
     ["addressed", "statement", "reference", "language_unsure", "no_api_reply", "public.in_view", "priority 3",
      "answer in public"]),
]  # fmt: skip


def short(verdict: Verdict) -> list[str]:
    return [mark.removeprefix("triage.") for mark in told(verdict)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tree_leads_where_the_labels_say(language: str) -> None:
    found = {name: (walked.told(walk(f, p)), wanted) for f, p, wanted, name in GOLDEN if name[:2] == language}
    assert {name: pair for name, pair in found.items() if pair[0] != pair[1]} == {}
    assert len(found) >= 55


@pytest.mark.parametrize(("facts", "policy", "wanted"), EDGES)
def test_the_tree_at_its_edges(facts: dict[str, Any], policy: Policy, wanted: list[str]) -> None:
    assert short(walk(Facts(**facts), policy)) == wanted


def test_every_leaf_and_every_code_is_reached() -> None:
    reached = {code for facts, policy, _, _ in GOLDEN for code in walk(facts, policy).codes}
    assert reached == tree().codes
    leaves = {node.code for node in shipped().nodes if node.leaf}
    assert leaves == {f"triage.{walk(facts, policy).kind}" for facts, policy, _, _ in GOLDEN} and len(leaves) == 15


def test_the_same_facts_lead_to_the_same_a_hundred_times() -> None:
    one_of_each = {wanted.codes[:3]: (facts, policy) for facts, policy, wanted, _ in GOLDEN}.values()
    first = [walk(facts, policy) for facts, policy in one_of_each]
    for turn in range(100):
        again = tree_of(shipped()) if turn == 50 else tree()
        assert [walk(facts, policy, again) for facts, policy in one_of_each] == first


def test_what_burns_has_the_priority_that_the_clocks_call_burning() -> None:
    nodes = {node.id: node for node in shipped().nodes}
    assert (nodes["urgent"].priority, nodes["crisis"].priority) == (BURNING, BURNING)


# --- mutations ---


def noticed(plan: Plan) -> bool:
    """Whether a changed tree is refused, or leads anywhere else than the golden set and the edges say."""
    try:
        changed = tree_of(plan)
    except TreeError:
        return True
    return any(walked.told(walk(facts, policy, changed)) != wanted for facts, policy, wanted, _ in GOLDEN) or any(
        short(walk(Facts(**facts), policy, changed)) != wanted for facts, policy, wanted in EDGES
    )


def conjuncts(when: str) -> Iterator[str]:
    """The condition with each of the parts that `and` or `or` joins at its top left out."""
    for word in (" and ", " or "):
        parts = re.split(rf"{word}(?![^(]*\))", when)
        if len(parts) > 1:
            yield from (word.join(parts[:n] + parts[n + 1 :]) for n in range(len(parts)))


def mutations() -> Iterator[tuple[str, Node]]:
    for node in shipped().nodes:

        def changed(what: str, node: Node = node, **values: Any) -> tuple[str, Node]:
            return f"{node.id}: {what}", node.model_copy(update=values)

        if node.when:
            yield changed("negated", when=f"not ({node.when})")
            yield changed("always", when="true")
            yield changed("never", when="false")
            for n, less in enumerate(conjuncts(node.when)):
                yield changed(f"without part {n + 1}", when=less)
            for sign, other in ((">=", ">"), ("==", "!="), ("!=", "==")):
                if sign in node.when:
                    yield changed(f"{sign} is {other}", when=node.when.replace(sign, other, 1))
        if node.no is not None and node.no != node.yes:
            yield changed("ways swapped", yes=node.no, no=node.yes)
        if node.code:
            yield changed("another code", code="triage.vip" if node.code != "triage.vip" else "triage.long")
            yield changed("no code", code="", leaf=False, priority=node.priority)
        if node.priority is not None:
            for other_priority in {node.priority - 1, node.priority + 1} - {0, 6}:
                yield changed(f"priority {other_priority}", priority=other_priority)
        if node.more_urgent:
            yield changed("no step", more_urgent=0)
            yield changed("two steps", more_urgent=node.more_urgent + 1)
            yield changed("another bound", not_above=node.not_above + 1)
        if node.not_above > 1:
            yield changed("a lower bound", not_above=node.not_above - 1)
        if node.less_urgent:
            yield changed("no step down", less_urgent=0)
            yield changed("two steps down", less_urgent=node.less_urgent + 1)
        if node.at_most < 5:
            yield changed("a lower most", at_most=node.at_most - 1)
            yield changed("a higher most", at_most=node.at_most + 1)
        if node.lane:
            yield changed("no lane", lane="")
        if node.recommended:
            yield changed("another place", recommended="public" if node.recommended == "private" else "private")
        if node.end:
            yield changed("does not end", end="")
        if node.leaf:
            yield changed("no leaf", leaf=False)


MUTATIONS = list(mutations())


def test_every_node_is_mutated() -> None:
    assert {name.split(":")[0] for name, _ in MUTATIONS} == set(tree().nodes)
    assert not noticed(shipped()), "an unchanged tree is as it should be"


@pytest.mark.parametrize("mutation", [node for _, node in MUTATIONS], ids=[name for name, _ in MUTATIONS])
def test_a_change_of_any_branch_is_noticed(mutation: Node) -> None:
    assert noticed(shipped().changed("2-mutated", (mutation,)))


# --- properties ---

REACH = st.integers(0, 20_000)
SOME = st.builds(
    Facts,
    withdrawn=st.booleans(), addressing=st.sampled_from(["addressed", "named", "implied"]), elsewhere=st.booleans(),
    has_media=st.booleans(), says_something=st.booleans(), language=st.sampled_from(["en", "lv", "und"]),
    sentiment=st.sampled_from(["negative", "neutral", "positive", "unsure"]),
    intent=st.sampled_from(
        ["question", "complaint", "request", "praise", "thanks", "statement", "spam", "taunt", "abuse", "crisis",
         "unsure"]
    ),
    urgency=st.sampled_from(["burning", "normal", "unsure"]), confidence=st.floats(0, 1), public=st.booleans(),
    may_reply=st.booleans(), personal_data=st.sampled_from([(), ("phone",), ("iban", "email")]),
    wants_account=st.booleans(), reference=st.sampled_from(["", "INC-20391"]), reach=REACH,
    contacts=st.integers(1, 9), earlier=st.integers(0, 4), vip=st.booleans(), incident=st.booleans(),
)  # fmt: skip
POLICIES = st.builds(
    Policy, answer_all=st.booleans(),
    triage=st.builds(TriageChoices, sure=st.floats(0, 1), reach_from=st.integers(1, 20_000),
                     lanes=st.sampled_from([(), ("praise",), ("praise", "long")])),
)  # fmt: skip
few = settings(deadline=None, max_examples=150)


@examples(SOME, POLICIES)
@few
def test_every_walk_ends_at_one_leaf_with_codes_that_have_sentences(facts: Facts, policy: Policy) -> None:
    found = walk(facts, policy)
    assert 1 <= found.priority <= 5 and found.tree == "2"
    assert len(set(found.codes)) == len(found.codes) and set(found.codes) <= set(SENTENCES)
    leaves = {node.code for node in shipped().nodes if node.leaf}
    assert len(leaves & set(found.codes)) == 1 and f"triage.{found.kind}" in leaves
    assert found.lane in {"", *policy.triage.lanes}
    calling = {"triage.addressed", "triage.named", "triage.implied"} & set(found.codes)
    assert len(calling) == (0 if facts.withdrawn else 1)
    places = [code for code in found.codes if code.startswith(("triage.private.", "triage.public."))]
    assert len(places) == (0 if found.end or facts.withdrawn else 1)


@examples(SOME, POLICIES)
@few
def test_nothing_negative_ends_but_a_sure_taunt_or_spam(facts: Facts, policy: Policy) -> None:
    found = walk(replace(facts, sentiment="negative", elsewhere=False, says_something=True), policy)
    if found.end:
        assert found.end in ("spam", "troll")
        assert facts.confidence >= policy.triage.sure and facts.public and facts.addressing != "addressed"


@examples(SOME, POLICIES)
@few
def test_while_an_incident_is_open_nothing_ends(facts: Facts, policy: Policy) -> None:
    found = walk(replace(facts, incident=True), policy)
    assert found.end == "" and ("triage.incident" in found.codes) is not facts.withdrawn


@examples(SOME, POLICIES)
@few
def test_what_is_ended_needs_no_person(facts: Facts, policy: Policy) -> None:
    found = walk(facts, policy)
    if found.end:
        assert found.priority == 5 and not found.recommended and not found.lane
        assert found.kind not in ("crisis", "complaint", "request", "question", "praise", "abuse", "unsure", "media")


@examples(SOME, POLICIES, REACH, st.integers(1, 9))
@few
def test_more_reach_and_more_contacts_are_never_less_urgent(
    facts: Facts, policy: Policy, reach: int, contacts: int
) -> None:
    before, wider = walk(facts, policy), walk(replace(facts, reach=facts.reach + reach), policy)
    assert wider.priority <= before.priority and wider.end == before.end
    oftener = walk(replace(facts, contacts=facts.contacts + contacts), policy)
    assert oftener.priority <= before.priority
    assert walk(replace(facts, vip=True), policy).priority <= before.priority
    if not before.end:
        assert walk(replace(facts, addressing="addressed"), policy).priority <= before.priority


@examples(SOME)
@few
def test_the_names_of_the_vocabulary_are_those_that_are_given(facts: Facts) -> None:
    from hark.domain.triage import vocabulary

    assert set(given(facts, Policy())) == set(vocabulary().facts) - {"kind", "ended"}


# --- trees that are not walked ---


def plan(*nodes: dict[str, Any], start: str = "a") -> Plan:
    return Plan.model_validate(
        {"version": "t", "start": start, "nodes": [{"why": "A test.", **node} for node in nodes]}
    )


LEAF = {"leaf": True, "code": "triage.unsure", "priority": 3, "yes": ""}


@pytest.mark.parametrize(
    ("nodes", "problem"),
    [
        ([{"id": "a", **LEAF}, {"id": "a", **LEAF}], "two nodes have the same id"),
        ([{"id": "a", **LEAF, "yes": "b"}], "a: leads to 'b', which is nowhere"),
        ([{"id": "a", **LEAF}, {"id": "b", **LEAF}], "no walk comes to b"),
        ([{"id": "a", "when": "vip", **LEAF, "no": ""}], "a walk meets 0 or 1 leaves"),
        ([{"id": "a", **LEAF, "yes": "b"}, {"id": "b", **LEAF}], "a walk meets 2 leaves"),
        ([{"id": "a", "when": "vip", "yes": "a", "no": "b"}, {"id": "b", **LEAF}], "a: a walk would come back here"),
        ([{"id": "a", **LEAF, "no": ""}], "a: asks nothing, so it has no other way"),
        ([{"id": "a", **LEAF, "code": ""}], "a: a leaf has a code and a priority"),
        ([{"id": "a", **LEAF, "priority": None}], "a: a leaf has a code and a priority"),
        ([{"id": "a", **LEAF, "code": "triage.unheard"}], "a: there is no sentence for 'triage.unheard'"),
        ([{"id": "a", **LEAF, "code": "case.opened"}], "a: there is no sentence for 'case.opened'"),
        ([{"id": "a", "when": "vup", "yes": "b"}, {"id": "b", **LEAF}], "a: nothing is known by the name 'vup'"),
        ([{"id": "a", "when": "reach", "yes": "b"}, {"id": "b", **LEAF}], "a: it has to say yes or no"),
        ([{"id": "a", "when": 'intent == "rant"', "yes": "b"}, {"id": "b", **LEAF}], "a: intent is never 'rant'"),
    ],
)
def test_a_tree_that_cannot_be_right_is_refused_with_the_node(nodes: list[dict[str, Any]], problem: str) -> None:
    with pytest.raises(TreeError, match=re.escape(problem)):
        tree_of(plan(*nodes))


def test_a_tree_of_one_leaf_is_a_tree() -> None:
    assert tree_of(plan({"id": "a", **LEAF})).walk(given(Facts(), Policy()), frozenset()) == Verdict(
        ("triage.unsure",), 3, kind="unsure", tree="t"
    )


def test_an_end_without_a_sentence_is_refused() -> None:
    from hark.domain.triage import vocabulary

    sentences = {code: said for code, said in SENTENCES.items() if code != "case.closed.spam"}
    with pytest.raises(TreeError, match="closed for 'spam'"):
        Tree(shipped(), vocabulary(), sentences)

"""A prospect is treated like a customer (C18): triage does not ask whether somebody has bought, or was here before."""

from __future__ import annotations

from dataclasses import replace

from hark.domain.policy import Policy
from hark.domain.triage import Facts, told, vocabulary, walk
from hypothesis import given, settings

from .test_tree import POLICIES, SOME


@given(SOME, POLICIES)
@settings(deadline=None, max_examples=150)
def test_who_was_never_here_is_treated_like_who_came_back_unless_it_is_surely_spam(
    facts: Facts, policy: Policy
) -> None:
    new, known = (walk(replace(facts, earlier=rounds), policy) for rounds in (0, 1))
    if new.end == "spam":
        assert facts.intent == "spam" and facts.confidence >= policy.triage.sure
    else:
        assert told(new) == told(known)


def test_no_fact_of_triage_says_whether_somebody_is_a_customer() -> None:
    assert not [name for name in vocabulary().facts if "customer" in name or "prospect" in name or "bought" in name]

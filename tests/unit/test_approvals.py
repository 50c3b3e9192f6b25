"""Drafts and the clocks of their case: what is waited for while one waits, and after."""

from __future__ import annotations

import pytest
from hark.domain import approvals
from hark.domain import case as rules
from hark.domain.approval_choices import Need
from hark.domain.approvals import Draft
from hark.domain.case import Case, Refused
from hark.domain.policy import Policy
from hark.domain.time import after
from hypothesis import given
from hypothesis import strategies as st

NOW = "2026-11-20T09:00:00.000Z"
POLICY = Policy()
BARE = Case(
    id="c1", brand="acme", provider="x", platform="x", account_id="1", thread_id="t", customer_id="u", opened_at=NOW,
    asked_at=NOW, updated_at=NOW, deadline=NOW, workflow="running",
)  # fmt: skip
OURS = BARE.model_copy(update=rules.owed(BARE, NOW, POLICY, NOW))
THEIRS = BARE.model_copy(update={"awaiting": "them", "deadline": after(NOW, 86_400), "due_at": ""})


def draft(which: int, needs: int = 1) -> Draft:
    return Draft(
        id=f"d{which}", brand="acme", case="c1", by="dana", at=NOW, text="Hello", verb="dm", seen=0, number=needs
    )


def submitted(case: Case, one: Draft, now: str = NOW, replaced: tuple[str, ...] = ()) -> Case:
    return approvals.submitted(case, one, POLICY, Need(1), replaced, now)[0]


def test_a_draft_nobody_has_to_answer_for_waits_for_its_own_bell_and_not_for_the_customers_silence() -> None:
    waiting = submitted(THEIRS, draft(1))
    assert waiting.deadline == waiting.approval_due == after(NOW, 2 * 3600)
    _, (back, _) = approvals.ended(waiting, draft(1), "returned", "lee", after(NOW, 60))
    assert back.deadline == THEIRS.deadline


def test_the_workflow_hears_of_a_draft_and_of_its_end_but_what_it_has_to_hear_besides_comes_first() -> None:
    waiting = submitted(OURS, draft(1))
    assert waiting.signal == "drafted"
    _, (back, _) = approvals.ended(waiting.model_copy(update={"signal": ""}), draft(1), "withdrawn", "dana", NOW)
    assert back.signal == "moved"
    assert submitted(OURS.model_copy(update={"signal": "customer"}), draft(1)).signal == "customer"


def test_a_draft_of_a_case_without_an_owner_makes_its_author_the_owner_and_of_another_case_not() -> None:
    assert submitted(OURS, draft(1)).owner == "dana"
    assert submitted(OURS.model_copy(update={"owner": "eve"}), draft(1)).owner == "eve"


def test_replacing_a_draft_over_and_over_keeps_no_lead_from_hearing_of_it() -> None:
    case = submitted(OURS, draft(1))
    again = submitted(case, draft(2), after(NOW, 3600), ("d1",))
    assert (again.approval_due, again.drafts) == (case.approval_due, ("d2",))


def test_a_closed_case_and_a_crowded_one_take_no_draft() -> None:
    with pytest.raises(Refused, match="closed"):
        submitted(OURS.model_copy(update={"status": "closed"}), draft(1))
    crowded = OURS.model_copy(update={"drafts": tuple(f"d{n}" for n in range(5)), "approval": "waiting"})
    with pytest.raises(Refused, match="too_many_drafts"):
        submitted(crowded, draft(9))


@given(st.sampled_from([OURS, THEIRS]), st.integers(60, 7 * 86_400), st.integers(60, 7 * 86_400), st.integers(1, 4))
def test_a_draft_nobody_looks_at_is_told_once_at_most_and_then_over_whatever_the_waits(
    case: Case, escalates: int, expires: int, drafts: int
) -> None:
    policy = Policy.model_validate({"approvals": {"escalate_seconds": escalates, "expires_seconds": expires}})
    for number in range(drafts):
        case, _ = approvals.submitted(case, draft(number), policy, Need(1), (), NOW)
    codes = []
    for _ in range(3):
        assert case.deadline <= case.approval_due
        assert approvals.overdue(case, policy, after(case.approval_due, -0.001)) is None
        now = case.approval_due
        change = approvals.overdue(case, policy, now)
        assert change is not None
        case, lines = change
        codes += [line.code for line in lines]
        if not case.approval:
            break
        assert case.approval_due > now, "never the same moment again"
    assert codes == (["approval.escalated"] if escalates < expires else []) + ["draft.expired"] * drafts
    assert (case.approval, case.drafts, case.approval_due) == ("", (), "")
    assert now == after(NOW, expires)


@given(
    st.lists(st.sampled_from(["ann", "lee", "liz"]), max_size=6),
    st.lists(st.integers(0, 2), min_size=6, max_size=6),
    st.sampled_from([1, 2]),
)
def test_only_approvals_of_what_there_is_now_count_and_only_so_many_people(
    people: list[str], talks: list[int], number: int
) -> None:
    one = draft(1, needs=number)
    talk = 0
    for who, moved in zip(people, talks, strict=False):
        talk += moved
        if any(given_.by == who for given_ in one.counted(talk)):
            continue
        one, enough = approvals.agreed(one, who, talk, NOW)
        counted = {given_.by for given_ in one.approvals if given_.seen == talk}
        assert enough == (len(counted) >= number)
        assert {given_.seen for given_ in one.approvals} == {talk}
        if enough:
            return


def test_other_words_take_back_what_was_approved_and_keep_every_name() -> None:
    one, _ = approvals.agreed(draft(1, needs=2), "ann", 0, NOW)
    one, _ = approvals.edited(OURS, one, "lee", "Hi", Need(1, ("money",)), NOW)
    one, _ = approvals.edited(OURS, one, "dana", "Hi!", Need(0), NOW)
    assert (one.approvals, one.editors, one.edited_by, one.number, one.why) == ((), ("lee",), "dana", 2, ("money",))

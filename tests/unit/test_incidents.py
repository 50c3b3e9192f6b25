"""The rules of an incident: who decides what, which text a customer gets, and what X leaves to people."""

from __future__ import annotations

from typing import Any

import pytest
from hark.domain import incidents as rules
from hark.domain.case import Case, Refused
from hark.domain.incidents import Broadcast, Incident
from hark.domain.policy import Policy
from hypothesis import given
from hypothesis import strategies as st

NOW = "2026-11-20T09:15:00.000Z"
LANGUAGES = ("lv", "ru", "en")
TEXTS = {"en": "Hello {name}, we know.", "lv": "Sveiki, {name}, mēs zinām.", "ms": "{name}, kami tahu. Maaf {name}!"}


def a_case(**changes: Any) -> Case:
    return Case(
        **{
            "id": "c1", "brand": "acme", "provider": "x", "platform": "x", "account_id": "1", "thread_id": "2",
            "customer_id": "3", "handle": "kim_l", "name": "Kim L", "opened_at": NOW, "asked_at": NOW,
            "updated_at": NOW, "deadline": NOW, "language": "lv", **changes,
        }
    )  # fmt: skip


def an_incident(**changes: Any) -> Incident:
    return Incident(id="i1", brand="acme", topic="internet", title="internet", opened_at=NOW).model_copy(update=changes)


def a_broadcast(**changes: Any) -> Broadcast:
    return Broadcast(id="b1", brand="acme", incident="i1", texts=TEXTS, by="ada", at=NOW).model_copy(update=changes)


# --- texts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "Sveiki, Kim L, mēs zinām."),
        ({"language": "en"}, "Hello Kim L, we know."),
        ({"language": "ru"}, "Sveiki, Kim L, mēs zinām."),
        ({"language": "und"}, "Sveiki, Kim L, mēs zinām."),
        ({"language": "en", "name": ""}, "Hello @kim_l, we know."),
        ({"language": "en", "name": "", "handle": ""}, "Hello, we know."),
        ({"language": "lv", "name": "", "handle": ""}, "Sveiki, mēs zinām."),
        ({"language": "ms", "name": "", "handle": ""}, "Kami tahu. Maaf!"),
        ({"language": "en", "name": "Kim\n\u2028 L"}, "Hello Kim L, we know."),
    ],
)
def test_each_is_written_to_in_their_language_and_by_their_name(changes: dict[str, str], text: str) -> None:
    assert rules.text_for(a_case(**changes), TEXTS, LANGUAGES) == text


def test_a_text_in_one_language_only_is_better_than_none() -> None:
    assert rules.text_for(a_case(language="he"), {"ms": "Kami tahu."}, LANGUAGES) == "Kami tahu."


@given(st.sampled_from([*LANGUAGES, "he", "und"]), st.text(max_size=30), st.sampled_from(["", "kim_l"]))
def test_no_place_is_ever_left_unfilled(language: str, name: str, handle: str) -> None:
    said = rules.text_for(a_case(language=language, name=name.replace("{", "("), handle=handle), TEXTS, LANGUAGES)
    assert "{" not in said


# --- X ------------------------------------------------------------------------------------------


def left(case: Case | None = None, texts: dict[str, str] | None = None, **changes: Any) -> str:
    given = {"addressed": True, "told_before": False, "posts": 0, "most": 10} | changes
    return rules.left_to_people(case or a_case(), texts or TEXTS, **given)


@pytest.mark.parametrize(
    ("changes", "code"),
    [({}, ""), ({"addressed": False}, "broadcast.not_addressed"), ({"told_before": True}, "broadcast.told_before"),
     ({"posts": 10}, "broadcast.public_limit"), ({"texts": {"en": "We know."}}, "broadcast.same_words"),
     ({"case": a_case(name="", handle="")}, "broadcast.same_words")],
)  # fmt: skip
def test_what_a_program_may_say_in_public_on_x(changes: dict[str, Any], code: str) -> None:
    assert left(**changes) == code
    assert code in ("", *rules.REFUSALS)


@pytest.mark.parametrize("changes", [{"public": False}, {"platform": "facebook"}])
def test_elsewhere_and_in_private_the_verb_table_alone_decides(changes: dict[str, Any]) -> None:
    refusing = {"addressed": False, "told_before": True, "posts": 99}
    assert left(a_case(**changes), {"en": "We know."}, **refusing) == ""


# --- who decides --------------------------------------------------------------------------------


def test_nobody_approves_what_they_wrote_but_may_take_it_back() -> None:
    with pytest.raises(Refused, match="own_broadcast"):
        rules.decided(a_broadcast(), an_incident(), "ada", NOW, approve=True)
    assert rules.decided(a_broadcast(), an_incident(), "ada", NOW, approve=False)[0].state == "withdrawn"
    assert rules.decided(a_broadcast(), an_incident(), "bob", NOW, approve=True)[0].look_at == NOW


@pytest.mark.parametrize("state", ["approved", "done", "withdrawn"])
def test_what_was_decided_is_not_decided_again(state: str) -> None:
    for approve in (True, False):
        with pytest.raises(Refused, match="decided"):
            rules.decided(a_broadcast(state=state), an_incident(), "bob", NOW, approve=approve)


def test_over_a_closed_incident_nothing_is_said_or_changed() -> None:
    closed = an_incident(state="closed")
    for refused in (
        lambda: rules.closed(closed, "ada", NOW),
        lambda: rules.changed(closed, "ada", NOW, title="x"),
        lambda: rules.proposed("b1", closed, TEXTS, "ada", NOW),
        lambda: rules.decided(a_broadcast(), closed, "bob", NOW, approve=True),
    ):
        with pytest.raises(Refused, match="incident_closed"):
            refused()


def test_what_is_the_same_leaves_no_line() -> None:
    known = an_incident(status={"en": "x"})
    assert rules.changed(known, "ada", NOW, title="internet", status={"en": "x"}, confirm=True) == (known, ())


def test_a_suggestion_that_is_wrong_is_dismissed_and_no_end_of_an_incident() -> None:
    assert rules.closed(an_incident(state="suggested"), "ada", NOW)[1][0].code == "incident.dismissed"
    assert rules.closed(an_incident(), "ada", NOW)[1][0].code == "incident.closed"


# --- its cases ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "status"),
    [("troll", "open"), ("policy", "open"), ("thanks", "closed"), ("spam", "closed"), ("agent", "closed")],
)
def test_only_what_was_ended_as_nothing_to_answer_is_opened_again(reason: str, status: str) -> None:
    ended = a_case(status="closed", close_reason=reason, closed_at=NOW)
    case, lines = rules.grouped(ended, "i1", Policy(), NOW)
    assert (case.status, case.incident) == (status, "i1")
    assert ("incident.reopened" in [line.code for line in lines]) == (status == "open")


def test_who_waits_for_us_is_unanswered_whether_put_off_or_not() -> None:
    assert rules.unanswered(a_case()) and rules.unanswered(a_case(status="snoozed"))
    assert not rules.unanswered(a_case(awaiting="them")) and not rules.unanswered(a_case(status="closed"))

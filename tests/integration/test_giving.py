"""Who gets a case, on the real handlers: by rule, team, handle and language; two runs at once never give it twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hark import aws, wiring
from hark.desk.steps import TryAgain
from hark.domain.case import Case
from hark.domain.people import Member
from hark.store import keys
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import BRAND, Desk, enrolled
from .faults import between
from .town import Towns
from .x_deliveries import mention

Enrol = Callable[..., Member]
TEAMS = [{"id": "web", "platforms": ["x"]}, {"id": "legal"}]


def new_case(desk: Desk, number: int = 0, text: str = "@acme where is my parcel?") -> Case:
    """A case of another person each time."""
    post = str(2123706425275322373 + number)
    desk.take_in(mention(post, text=text, author_id=f"90{number}", conversation_id=post))
    return next(c for c in desk.cases() if c.thread_id == post)


def alike(desk: Desk, number: int) -> list[Case]:
    """So many cases like one that came in."""
    first, cases = new_case(desk), wiring.giving().cases
    more = [first.model_copy(update={"id": f"{first.id[:20]}{n:06}", "version": 0}) for n in range(1, number)]
    return [first, *(cases.commit(None, case, (), case.updated_at) for case in more)]


def again(desk: Desk, case: Case) -> Case:
    found = wiring.giving().cases.get(BRAND, case.id)
    assert found
    return found


def assign(desk: Desk, case: Case) -> Case:
    desk.step("assign", case)
    return again(desk, case)


def told(case: Case) -> list[tuple[str, str]]:
    """Codes of its history after it was opened, with what they are about."""
    lines = wiring.giving().cases.history(BRAND, case.id)
    return [(line["code"], line["about"]) for line in lines if line["code"].startswith(("assign.", "case.passed"))]


def seats(desk: Desk) -> dict[str, Any]:
    return {item["sk"]: item for item in desk.items() if item["pk"] == keys.seat(BRAND, "").pk}


def test_a_rule_sends_a_case_to_a_person_and_says_which_rule(desk: Desk, enrol: Enrol) -> None:
    enrol("dana")
    enrol("noa")
    desk.put_policy(assignment={"rules": [
        {"name": "refunds", "when": 'platform == "x" and not public', "to": {"person": "dana"}},
        {"name": "parcels", "when": 'weekday == "friday" and hour < 12', "to": {"person": "noa"}},
    ]})  # fmt: skip
    case = assign(desk, new_case(desk))
    assert case.owner == "noa"
    assert told(case) == [("assign.rule", "parcels"), ("assign.rule_person", "noa")]


def test_d3_a_channels_team_takes_it_and_else_it_waits_in_that_teams_queue(desk: Desk, enrol: Enrol) -> None:
    desk.put_policy(assignment={"teams": TEAMS})
    enrol("noa", teams=["legal"])
    waiting = assign(desk, new_case(desk))
    assert (waiting.owner, waiting.team) == ("", "web")
    assert told(waiting) == [("assign.channel_team", "web"), ("assign.nobody_on_shift", "")]
    enrol("dana", teams=["web"])
    given_ = assign(desk, new_case(desk, 1))
    assert (given_.owner, given_.team) == ("dana", "web")


def test_d4_a_customer_who_calls_an_agent_by_handle_gets_that_agent(desk: Desk, enrol: Enrol) -> None:
    enrol("dana")
    enrol("robin", handle="AcmeRobin")
    cases = [assign(desk, new_case(desk, n, "@acme @acmerobin. you said it comes today?")) for n in range(3)]
    assert [c.owner for c in cases] == ["robin"] * 3
    enrol("robin", handle="AcmeRobin", away=True)
    assert assign(desk, new_case(desk, 9, "@acme @acmerobin hello?")).owner == "dana"


def test_l5_one_person_has_one_agent_in_all_their_conversations_where_the_brand_wants_it(
    desk: Desk, enrol: Enrol
) -> None:
    def post(number: int) -> Case:
        name = str(2123706425275322373 + number)
        desk.take_in(mention(name, conversation_id=name))
        return assign(desk, next(c for c in desk.cases() if c.thread_id == name))

    for name in ("anna", "bea"):
        enrol(name)
    assert [post(n).owner for n in range(2)] == ["anna", "bea"], "as shipped each conversation is on its own"
    desk.put_policy(assignment={"same_agent_days": 7})
    owner = post(2).owner
    assert [post(n).owner for n in (3, 4)] == [owner] * 2
    assert Counter(code for case in desk.cases() for code, _ in told(case))["assign.same_person"] == 2
    desk.clock.forward(days=7)
    enrol(owner, capacity=4)
    assert told(post(5)) == [("assign.least_loaded", "bea" if owner == "anna" else "anna")]


def test_who_was_helped_in_private_has_the_same_agent_when_they_comment_again(desk: Desk, town_of: Towns) -> None:
    """A private reply links who commented on Facebook with the id they have on Messenger: that one knows the agent."""
    desk.put_policy(assignment={"same_agent_days": 7})
    aws.s3().create_bucket(Bucket="hark-media")
    with town_of("meta") as town:
        for name in ("anna", "bea"):
            enrolled(desk, name)
        enrolled(desk, "dana", away=True)  # who only wrote the private reply
        town.told("meta", "users", username="kim", name="Kim L")
        post = town.say("meta", "acme", "New hours", platform="facebook", surface="post")
        town.say("meta", "kim", "Where is my parcel?", platform="facebook", surface="comment", to=post)
        town.answer("meta", desk.case(), "May we have the number?", "private_reply")
        town.say("meta", "kim", "Thank you, it is 4712", platform="messenger", surface="direct")
        (private,) = [case for case in desk.cases() if case.platform == "messenger"]
        owner = assign(desk, private).owner
        assert owner in ("anna", "bea")
        enrolled(desk, owner, capacity=20)
        other = town.say("meta", "acme", "Open on Sunday", platform="facebook", surface="post")
        town.say("meta", "kim", "At what time?", platform="facebook", surface="comment", to=other)
        (again,) = [case for case in desk.cases() if case.platform == "facebook" and not case.owner]
        assert ("assign.same_person", owner) in told(assign(desk, again))


def test_who_speaks_the_customers_language_comes_first(desk: Desk, enrol: Enrol) -> None:
    enrol("anna", languages=["en"])
    enrol("liga", languages=["lv", "en"])
    for n in range(2):
        assert assign(desk, new_case(desk, n).model_copy()).owner == ("anna", "liga")[n], (
            "the language is not known yet"
        )
    case = new_case(desk, 5)
    wiring.giving().cases.commit(case, case.model_copy(update={"language": "lv"}), (), case.updated_at)
    assert assign(desk, again(desk, case)).owner == "liga"


def test_an_agent_with_no_room_does_not_keep_a_reopened_case(desk: Desk, enrol: Enrol) -> None:
    enrol("dana", capacity=1)
    case = assign(desk, new_case(desk))
    assert case.owner == "dana"
    cases, now = wiring.giving().cases, case.updated_at
    for full in (False, True):
        case = again(desk, case)
        cases.commit(case, case.model_copy(update={"gen": case.gen + 1}), (), now)
        if full:
            other = new_case(desk, 1)
            cases.commit(other, other.model_copy(update={"owner": "dana"}), (), now)
        case = assign(desk, again(desk, case))
        assert case.owner == ("" if full else "dana")
    assert [code for code, _ in told(case)] == ["assign.least_loaded", "assign.kept", "assign.nobody_has_room"]


def test_answered_cases_are_no_load(desk: Desk, enrol: Enrol) -> None:
    enrol("dana", capacity=1)
    first = assign(desk, new_case(desk))
    cases = wiring.giving().cases
    cases.commit(first, first.model_copy(update={"awaiting": "them", "due_at": ""}), (), first.updated_at)
    assert assign(desk, new_case(desk, 1)).owner == "dana"
    assert assign(desk, new_case(desk, 2)).owner == ""


@pytest.mark.parametrize("spread", ["least_loaded", "round_robin"])
def test_cases_are_spread_evenly(desk: Desk, enrol: Enrol, spread: str) -> None:
    desk.put_policy(assignment={"spread": spread})
    for name in ("anna", "bea", "cilla"):
        enrol(name)
    owners = [assign(desk, new_case(desk, n)).owner for n in range(7)]
    assert owners == ["anna", "bea", "cilla", "anna", "bea", "cilla", "anna"]


def test_round_robin_goes_on_behind_who_comes_back(desk: Desk, enrol: Enrol) -> None:
    desk.put_policy(assignment={"spread": "round_robin"})
    for name in ("anna", "bea", "cilla"):
        enrol(name, away=name == "cilla")
    owners = [assign(desk, new_case(desk, n)).owner for n in range(4)]
    enrol("cilla")
    owners += [assign(desk, new_case(desk, n)).owner for n in range(4, 8)]
    assert owners == ["anna", "bea", "anna", "bea", "cilla", "anna", "bea", "cilla"], "no catching up"


def test_i15_the_same_case_given_by_two_runs_at_once_has_one_owner_and_one_line(desk: Desk, enrol: Enrol) -> None:
    enrol("anna")
    enrol("bea")
    case = new_case(desk)
    with between("TransactWriteItems", lambda: desk.step("assign", case)):
        desk.step("assign", case)
    assert again(desk, case).owner == "anna"
    assert told(case) == [("assign.least_loaded", "anna")]
    assert {name: seat["rev"] for name, seat in seats(desk).items()} == {"anna": 1}


def test_two_cases_at_once_do_not_both_take_the_last_place(desk: Desk, enrol: Enrol) -> None:
    enrol("anna", capacity=1)
    enrol("bea", capacity=1)
    one, two = new_case(desk, 1), new_case(desk, 2)
    with between("TransactWriteItems", lambda: desk.step("assign", two)):
        desk.step("assign", one)
    assert {again(desk, one).owner, again(desk, two).owner} == {"anna", "bea"}


def test_a_case_that_the_index_of_owners_does_not_show_yet_counts(
    desk: Desk, enrol: Enrol, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol("anna", capacity=2)
    cases = wiring.giving().cases
    monkeypatch.setattr(type(cases), "in_hand", lambda *_: [])
    owners = [assign(desk, new_case(desk, n)).owner for n in range(3)]
    assert owners == ["anna", "anna", ""]
    closed = again(desk, next(c for c in desk.cases() if c.owner == "anna"))
    cases.commit(closed, closed.model_copy(update={"status": "closed"}), (), closed.updated_at)
    assert assign(desk, new_case(desk, 4)).owner == "anna", "what is closed by now does not"
    desk.clock.forward(seconds=61)
    assert assign(desk, new_case(desk, 5)).owner == "anna", "after a minute the index is believed"


def test_runs_in_parallel_give_each_case_once_and_nobody_too_many(
    desk: Desk, enrol: Enrol, one_call_at_a_time: None
) -> None:
    for name in ("anna", "bea", "cilla"):
        enrol(name, capacity=2)
    cases = alike(desk, 8)

    def run(case: Case) -> None:
        for _ in range(6):  # as the workflow tries a step again
            try:
                desk.step("assign", case)
            except TryAgain:
                continue
            return

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(run, [case for case in cases for _ in range(2)]))
    after = [again(desk, case) for case in cases]
    assert all(case.assigned == case.gen for case in after)
    lines = Counter(code for case in after for code, _ in told(case))
    assert sum(lines.values()) == 8, "each case was given, or put into the queue, once"
    held = Counter(case.owner for case in after if case.owner)
    assert all(number <= 2 for number in held.values())
    assert sum(held.values()) == lines["assign.least_loaded"]
    # Who lost too many races waits; the sweeper gives those out, one after the other.
    desk.call("sweep", {})
    held = Counter(case.owner for case in desk.cases())
    assert held == {"anna": 2, "bea": 2, "cilla": 2, "": 2}


def test_round_robin_in_parallel_is_fair(desk: Desk, enrol: Enrol, one_call_at_a_time: None) -> None:
    desk.put_policy(assignment={"spread": "round_robin"})
    for name in ("anna", "bea", "cilla"):
        enrol(name, capacity=50)
    cases = alike(desk, 9)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda case: desk.step("assign", case), cases))
    desk.call("sweep", {})
    assert Counter(c.owner for c in desk.cases()) == {"anna": 3, "bea": 3, "cilla": 3}


def test_a_crowd_is_left_to_the_queue_and_the_sweeper_serves_it(
    desk: Desk, enrol: Enrol, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hark.store.seats import Seats

    enrol("anna")
    case, taken = new_case(desk), Seats.taken
    with monkeypatch.context() as crowded:
        # Each time somebody else has just taken the seat.
        crowded.setattr(Seats, "taken", lambda self, seat, *more: taken(self, replace(seat, rev=99), *more))
        desk.step("assign", case)
    assert again(desk, case).owner == ""
    assert told(case) == [("assign.crowded", "")]
    desk.call("sweep", {})
    assert again(desk, case).owner == "anna"
    assert told(case)[1:] == [("assign.from_queue", ""), ("assign.least_loaded", "anna")]


@given(st.lists(st.sampled_from(["one", "two", "close"]), min_size=3, max_size=5), st.integers(1, 2))
@settings(
    deadline=None, max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_in_any_order_of_runs_capacity_holds_and_no_case_has_two_owners(
    desk: Desk, enrol: Enrol, order: list[str], capacity: int
) -> None:
    """Two runs for the same case, or for two, one in the middle of the other; and cases that close in between."""
    desk.forget()
    enrol("anna", capacity=capacity)
    enrol("bea", capacity=capacity)
    left, cases = alike(desk, 10), wiring.giving().cases
    for act in order:
        held = [c for c in desk.cases() if c.owner and c.status == "open"]
        if act == "close":
            if held:
                cases.commit(held[0], held[0].model_copy(update={"status": "closed"}), (), held[0].updated_at)
            continue
        first = left.pop()
        second = left.pop() if act == "two" else first
        with between("TransactWriteItems", partial(desk.step, "assign", second)):
            desk.step("assign", first)
        load = Counter(c.owner for c in desk.cases() if c.owner and c.status == "open")
        assert all(number <= capacity for number in load.values())
        assert sum(load.values()) == min(2 * capacity, len(held) + len({first.id, second.id})), "no place stays empty"
    for case in desk.cases():
        assert sum(code == "assign.least_loaded" for code, _ in told(case)) <= 1

"""What waits in a queue goes to whoever has room again: set off by agents' own writes and by beginnings of shifts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hark import wiring
from hark.desk import waiting as waiting_module
from hark.desk.waiting import HEALED_SECONDS
from hark.domain import talk
from hark.domain.case import Case
from hark.domain.people import Member
from hark.domain.policy import Policy
from hark.domain.time import after
from hark.domain.time import text as time_text
from hark.store import keys

from .browser import Answer, Browser
from .conftest import BRAND, Desk
from .one_case import LATER, SignIn
from .test_giving import again, alike, new_case, told

Enrol = Callable[..., Member]


@pytest.fixture
def dana(desk: Desk, sign_in: SignIn) -> Browser:
    """An agent with room for one case."""
    return sign_in("dana", capacity=1)


def given_out(desk: Desk, number: int) -> list[Case]:
    """So many cases, each after the workflow's step: the first with dana, the others in the queue, oldest first."""
    cases = []
    for n, case in enumerate(alike(desk, number)):
        at = after(case.asked_at, n * 60)
        later = case.model_copy(update={"asked_at": at, "due_at": after(at, 3600), "last_at": at})
        cases.append(wiring.giving().cases.commit(case, later, (), at))
        desk.step("assign", cases[-1])
    return [again(desk, case) for case in cases]


def change(dana: Browser, case: Case, **wish: object) -> Answer:
    answer = dana.send("PATCH", f"conversations/{case.id}", {"version": again(dana.desk, case).version, **wish})
    assert answer.status == 200, answer
    return answer


def roster_due(desk: Desk) -> str:
    item = desk.table.get(keys.roster(BRAND))
    return str(item.get("work_sk", "")) if item else ""


def test_nobody_gets_what_fits_before_somebody_has_room(desk: Desk, dana: Browser) -> None:
    cases = given_out(desk, 3)
    assert [c.owner for c in cases] == ["dana", "", ""]
    assert [told(c)[0][0] for c in cases] == ["assign.least_loaded", "assign.nobody_has_room", "assign.nobody_has_room"]
    desk.call("sweep", {})
    assert [again(desk, c).owner for c in cases] == ["dana", "", ""]


@pytest.mark.parametrize(
    "wish", [{"state": "closed"}, {"state": "snoozed", "snoozed_until": LATER}, {"assignee": None}],
    ids=["closed", "put off", "given back"],
)  # fmt: skip
def test_an_agents_own_write_brings_the_oldest_case_that_waits(desk: Desk, dana: Browser, wish: dict[str, str]) -> None:
    first, second, third = given_out(desk, 3)
    change(dana, first, **wish)
    assert again(desk, first).owner == ("" if "assignee" in wish else "dana")
    assert (again(desk, second).owner, again(desk, third).owner) == ("dana", "")
    assert told(again(desk, second))[1:] == [("assign.from_queue", ""), ("assign.least_loaded", "dana")]


def test_an_answer_that_is_out_brings_the_next_case(desk: Desk, dana: Browser) -> None:
    first, second = given_out(desk, 2)
    now = time_text(desk.clock())
    answered, lines = talk.answered(first, Policy(), now, "reply.sent", "dana", "r1")
    out = wiring.giving().cases.commit(first, answered, lines, now)
    wiring.waiting().moved(first, out)
    assert again(desk, second).owner == "dana"


def test_a_case_given_back_does_not_come_round_to_the_same_agent(desk: Desk, dana: Browser, sign_in: SignIn) -> None:
    (only,) = given_out(desk, 1)
    change(dana, only, assignee=None)
    desk.call("sweep", {})
    assert again(desk, only).owner == ""
    sign_in("eve", name="Eve Liepa")
    desk.call("sweep", {})
    assert again(desk, only).owner == "eve"


def test_a_case_before_the_workflows_own_choice_is_not_given(desk: Desk, dana: Browser) -> None:
    (first,) = given_out(desk, 1)
    fresh = new_case(desk, 1)
    change(dana, first, state="closed")
    assert again(desk, fresh).owner == ""


def test_a_case_that_does_not_fit_is_passed_over_and_stays_first_for_others(
    desk: Desk, dana: Browser, enrol: Enrol
) -> None:
    desk.put_policy(assignment={"teams": [{"id": "legal"}], "rules": [
        {"name": "vips", "when": "vip", "to": {"team": "legal"}}]})  # fmt: skip
    first, second, third = given_out(desk, 3)
    wiring.giving().cases.commit(second, second.model_copy(update={"vip": True}), (), second.updated_at)
    change(dana, first, state="closed")
    assert (again(desk, second).owner, again(desk, third).owner) == ("", "dana")
    enrol("lex", teams=["legal"])
    desk.call("sweep", {})
    assert again(desk, second).owner == "lex"


def test_who_is_enrolled_gets_what_waits_with_the_next_sweep(desk: Desk, enrol: Enrol) -> None:
    cases = given_out(desk, 3)
    assert [c.owner for c in cases] == [""] * 3
    enrol("anna", capacity=2)
    desk.call("sweep", {})
    assert [again(desk, c).owner for c in cases] == ["anna", "anna", ""]


def test_a_shift_begins_and_its_people_get_what_waits(desk: Desk, enrol: Enrol) -> None:
    enrol("anna", shifts=[{"days": [4], "start": "11:25", "end": "17:00", "zone": "Europe/Riga"}], capacity=2)
    desk.call("sweep", {})
    assert roster_due(desk) == "2026-11-20T09:25:00.000Z"
    cases = given_out(desk, 3)
    desk.clock.now = datetime(2026, 11, 20, 9, 24, 59, tzinfo=UTC)
    desk.call("sweep", {})
    assert [again(desk, c).owner for c in cases] == [""] * 3
    desk.clock.forward(seconds=1)
    desk.call("sweep", {})
    assert [again(desk, c).owner for c in cases] == ["anna", "anna", ""]
    assert roster_due(desk) == "2026-11-20T09:40:00.000Z", "one still waits: looked at within a quarter of an hour"


def test_a_team_without_shifts_and_with_an_empty_queue_is_never_looked_at(desk: Desk, dana: Browser) -> None:
    given_out(desk, 1)
    desk.call("sweep", {})
    assert roster_due(desk) == ""


def test_a_lost_moment_is_made_up_for_within_a_quarter_of_an_hour(
    desk: Desk, dana: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = given_out(desk, 2)
    desk.call("sweep", {})
    with monkeypatch.context() as broken:

        def dies(*_: object) -> int:
            raise ConnectionError

        broken.setattr(waiting_module.Waiting, "fill", dies)
        change(dana, first, state="closed")
    assert again(desk, second).owner == "", "the close holds, and nobody was told of an error"
    desk.clock.forward(seconds=HEALED_SECONDS)
    desk.call("sweep", {})
    assert again(desk, second).owner == "dana"


def test_a_brand_may_let_its_people_take_cases_themselves(desk: Desk, dana: Browser) -> None:
    desk.put_policy(assignment={"take_waiting": False})
    first, second = given_out(desk, 2)
    change(dana, first, state="closed")
    desk.call("sweep", {})
    assert again(desk, second).owner == ""


def test_i34_a_brand_whose_team_cannot_be_read_does_not_keep_others_from_being_served(
    desk: Desk, enrol: Enrol, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hark.desk.rostering import Rostering

    enrol("anna")
    (case,) = given_out(desk, 1)
    run = Rostering.run
    enrol("zoe", brand="zeta")

    def torn(self: Rostering, brand: str) -> None:
        if brand == "zeta":
            raise ValueError(brand)
        run(self, brand)

    monkeypatch.setattr(Rostering, "run", torn)
    change_of = again(desk, case)
    wiring.giving().cases.commit(change_of, change_of.model_copy(update={"owner": ""}), (), case.updated_at)
    enrol("anna")
    desk.call("sweep", {})
    assert again(desk, case).owner == "anna"
    assert desk.table.get(keys.roster("zeta")), "it stays in the index"


def test_i25_no_brand_is_given_anothers_case(desk: Desk, enrol: Enrol) -> None:
    (case,) = given_out(desk, 1)
    enrol("zoe", brand="zeta")
    desk.call("sweep", {})
    assert again(desk, case).owner == ""

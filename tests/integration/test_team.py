"""The team on the desk: load and overdue, going away, handing back, and what leads decide about their people."""

from __future__ import annotations

from typing import Any

import pytest
from hark import wiring
from hark.domain.case import Case
from hark.domain.time import after
from hark.store import keys
from hark.store.people import People

from .browser import Answer, Browser
from .conftest import BRAND, Desk
from .faults import between
from .one_case import SignIn
from .test_giving import again, alike, new_case, told

TEAMS = {"calendar": {"zone": "Europe/Riga"}, "assignment": {"teams": [{"id": "web"}, {"id": "legal"}]}}


@pytest.fixture
def lead(desk: Desk, sign_in: SignIn) -> Browser:
    return sign_in("noa", name="Noa Levi", role="lead", away=True)


@pytest.fixture
def anna(sign_in: SignIn) -> Browser:
    return sign_in("anna", name="Anna Berga", capacity=3)


def patch(browser: Browser, member: str, key: str | None = None, **said: Any) -> Answer:
    return browser.send("PATCH", f"team/{member}", said, key)


def given(desk: Desk, number: int, owner: str = "") -> list[Case]:
    cases = alike(desk, number)
    for case in cases:
        if owner:
            wiring.giving().cases.commit(
                case, case.model_copy(update={"owner": owner, "assigned": 1}), (), case.asked_at
            )
        else:
            desk.step("assign", case)
    return [again(desk, case) for case in cases]


def shown(browser: Browser, member: str) -> dict[str, Any]:
    found: dict[str, Any] = next(m for m in browser.get("team").said["members"] if m["id"] == member)
    return found


def test_b12_d2_everybody_sees_who_is_there_with_how_much_and_what_is_overdue(
    desk: Desk, lead: Browser, anna: Browser
) -> None:
    cases = given(desk, 3)
    store, now = wiring.giving().cases, cases[0].updated_at
    store.commit(cases[0], cases[0].model_copy(update={"due_at": after(now, -1)}), (), now)
    store.commit(cases[1], cases[1].model_copy(update={"awaiting": "them", "due_at": ""}), (), now)
    seen = anna.get("team").said
    assert set(seen) == {"members", "teams", "now"}
    row = shown(anna, "anna")
    assert set(row) == {
        "id", "name", "initials", "role", "teams", "languages", "skills", "handle", "level", "spend_limit", "on_shift",
        "next_shift", "away", "handing_back", "removed", "shifts", "days", "load", "overdue", "capacity", "capacities",
    }  # fmt: skip
    assert (row["load"], row["overdue"], row["capacity"], row["on_shift"]) == (2, 1, 3, True)
    away = shown(anna, "noa")
    assert (away["load"], away["overdue"], away["away"], away["on_shift"]) == (0, 0, True, False)
    assert "email" not in str(seen)


def test_a_lead_decides_about_people_and_a_shift_without_a_zone_is_in_the_brands(
    desk: Desk, lead: Browser, anna: Browser
) -> None:
    desk.put_policy(**TEAMS)
    wish: dict[str, Any] = {
        "teams": ["web"], "languages": ["lv", "en"], "skills": ["refund"], "handle": "@AcmeAnna", "level": 2,
        "spend_limit": 50, "capacity": 7, "capacities": {"x": 2},
        "shifts": [{"days": [4], "start": "09:00", "end": "17:00"}],
        "days": [{"date": "2026-11-27", "hours": [{"start": "20:00", "end": "02:00"}]}],
    }  # fmt: skip
    answer = patch(lead, "anna", **wish)
    assert answer.status == 200, answer
    member = People(desk.table).member(BRAND, "anna")
    assert member and member.handle == "AcmeAnna" and member.name == "Anna Berga"
    assert member.shifts[0].zone == member.days[0].zone == "Europe/Riga"
    row = shown(anna, "anna")
    assert {name: row[name] for name in wish if name not in ("handle", "shifts", "days")} == {
        name: value for name, value in wish.items() if name not in ("handle", "shifts", "days")
    }
    assert row["on_shift"] and row["next_shift"] == "2026-11-27T18:00:00.000Z"
    assert patch(lead, "anna", capacity=9).status == 200
    assert shown(anna, "anna")["teams"] == ["web"], "what was not named stays"


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"teams": ["sales"]}, (422, "no_such_team")), ({"handle": "acmenoa"}, (422, "handle_taken")),
        ({"shifts": [{"days": [1], "start": "09:00", "end": "17:00", "zone": "Mars/Base"}]}, (422, "no_such_zone")),
        ({"days": [{"date": "2026-11-27", "zone": "../etc"}]}, (422, "no_such_zone")),
        *[(wrong, (400, "invalid")) for wrong in (
            {"role": "operator"}, {"brand": "zeta"}, {"capacity": -1}, {"capacity": 101}, {}, {"hand_back": True},
            {"shifts": [{"days": [7], "start": "09:00", "end": "17:00"}]}, {"note": "x"}, {"handle": "a b"},
        )],
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_changes(
    desk: Desk, lead: Browser, anna: Browser, wish: dict[str, Any], code: tuple[int, str]
) -> None:
    assert patch(lead, "noa", handle="AcmeNoa").status == 200
    before = People(desk.table).member(BRAND, "anna")
    assert patch(lead, "anna", **wish).code == code
    assert People(desk.table).member(BRAND, "anna") == before


def test_agents_say_only_of_themselves_that_they_are_away(desk: Desk, lead: Browser, anna: Browser) -> None:
    assert patch(anna, "noa", away=False).code == (403, "leads_only")
    for wish in ({"capacity": 1}, {"removed": True}, {"away": True, "level": 9}):
        assert patch(anna, "anna", **wish).code == (403, "leads_only")
    assert patch(lead, "noa", removed=True).code == (422, "yourself")
    assert patch(lead, "nobody", away=True).code == (404, "not_found")
    assert patch(anna, "anna", away=True).said["away"] is True


def test_i25_another_brands_people_are_unknown_here(desk: Desk, lead: Browser, sign_in: SignIn) -> None:
    zoe = sign_in("zoe", brand="zeta", role="lead")
    assert patch(zoe, "noa", away=True).code == (404, "not_found")
    assert [m["id"] for m in zoe.get("team").said["members"]] == ["zoe"]


def test_i17_the_same_click_again_changes_nothing_more(desk: Desk, lead: Browser, anna: Browser) -> None:
    assert patch(lead, "anna", "one-click-0001", capacity=5).status == 200
    assert patch(lead, "anna", "one-click-0002", capacity=6).status == 200
    assert patch(lead, "anna", "one-click-0001", capacity=5).said["capacity"] == 6
    assert patch(lead, "anna", "one-click-0001", capacity=4).code == (422, "key_reused")
    with between("TransactWriteItems", lambda: patch(lead, "anna", "one-click-0003", capacity=8)):
        assert patch(lead, "anna", "one-click-0003", capacity=8).said["capacity"] == 8


def test_two_leads_at_once_both_have_their_way(desk: Desk, lead: Browser, anna: Browser, sign_in: SignIn) -> None:
    other = sign_in("ida", name="Ida Kalna", role="lead")
    with between("TransactWriteItems", lambda: patch(other, "anna", skills=["tax"])):
        patch(lead, "anna", capacity=5)
    row = shown(lead, "anna")
    assert (row["skills"], row["capacity"]) == (["tax"], 5)


def test_who_is_away_keeps_the_cases_and_gets_no_new_ones(desk: Desk, lead: Browser, anna: Browser) -> None:
    (case,) = given(desk, 1)
    patch(anna, "anna", away=True)
    desk.call("sweep", {})
    assert again(desk, case).owner == "anna"
    fresh = new_case(desk, 5)
    desk.step("assign", fresh)
    assert again(desk, fresh).owner == ""
    patch(anna, "anna", away=False)
    assert again(desk, fresh).owner == "anna", "coming back brings what waits, at once"


def test_away_and_hand_back_gives_what_waits_for_us_to_colleagues_with_a_note(
    desk: Desk, lead: Browser, anna: Browser, sign_in: SignIn
) -> None:
    first, second, third, fourth = given(desk, 4, owner="anna")
    store = wiring.giving().cases
    store.commit(second, second.model_copy(update={"awaiting": "them", "due_at": ""}), (), second.updated_at)
    store.commit(third, third.model_copy(update={"reply_state": "pending"}), (), third.updated_at)
    sign_in("bea", name="Bea Kalna", capacity=1)
    patch(anna, "anna", away=True, hand_back=True, note="I am ill. The first one wants a call.")
    owners = [again(desk, c).owner for c in (first, second, third, fourth)]
    assert sorted(owners) == ["", "anna", "anna", "bea"] and owners[1] == owners[2] == "anna"
    given_on = again(desk, first if owners[0] == "bea" else fourth)
    assert [code for code, _ in told(given_on)] == [
        "assign.handed_back_away", "assign.from_queue", "assign.least_loaded",
    ]  # fmt: skip
    card = lead.get(f"conversations/{given_on.id}").said["handover"]
    assert (card["note"]["text"], card["note"]["by"]) == ("I am ill. The first one wants a call.", "Anna Berga")
    assert shown(lead, "anna")["handing_back"], "a reply of hers is not out yet"
    desk.call("sweep", {})
    assert again(desk, third).owner == "anna"
    third = again(desk, third)
    store.commit(third, third.model_copy(update={"reply_state": "failed"}), (), third.updated_at)
    desk.clock.forward(minutes=5)
    desk.call("sweep", {})
    assert again(desk, third).owner == ""
    desk.call("sweep", {})
    member = People(desk.table).member(BRAND, "anna")
    assert member and (member.hand_back, member.hand_back_note, member.away) == ("", "", True)


def test_cases_of_who_leaves_go_back_all_of_them(desk: Desk, lead: Browser, anna: Browser) -> None:
    first, second, third = given(desk, 3, owner="anna")
    store = wiring.giving().cases
    store.commit(second, second.model_copy(update={"awaiting": "them", "due_at": ""}), (), second.updated_at)
    later = after(third.asked_at, 90_000)
    store.commit(third, third.model_copy(update={"status": "snoozed", "snoozed_until": later}), (), third.updated_at)
    assert patch(lead, "anna", removed=True).said["removed"] is True
    assert [again(desk, c).owner for c in (first, second, third)] == ["", "", ""]
    assert told(again(desk, first)) == [("assign.handed_back_left", "anna")]
    assert again(desk, third).status == "snoozed"
    assert anna.get("me").code == (403, "not_a_member")
    assert [m["id"] for m in lead.get("team").said["members"]] == ["noa"]


def test_a_hand_back_that_died_in_the_middle_is_finished_by_the_sweeper(
    desk: Desk, lead: Browser, anna: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hark.desk.teamwork import Teamwork

    cases = given(desk, 3, owner="anna")
    with monkeypatch.context() as dying:
        back = Teamwork._back

        def dies(self: Teamwork, case: Case, *more: Any) -> bool:
            if case.id == cases[1].id:
                raise ConnectionError
            return back(self, case, *more)

        dying.setattr(Teamwork, "_back", dies)
        assert patch(anna, "anna", away=True, hand_back=True).status == 200
    assert "anna" in {again(desk, c).owner for c in cases}
    desk.call("sweep", {})
    assert {again(desk, c).owner for c in cases} == {""}


def test_what_is_too_much_for_one_click_goes_back_with_the_next_sweep(
    desk: Desk, lead: Browser, anna: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hark.desk import teamwork

    cases = given(desk, 3, owner="anna")
    monkeypatch.setattr(teamwork, "AT_A_CLICK", 1)
    patch(anna, "anna", away=True, hand_back=True)
    assert sorted(again(desk, c).owner for c in cases) == ["", "anna", "anna"]
    desk.call("sweep", {})
    assert [again(desk, c).owner for c in cases] == [""] * 3


def test_the_note_of_a_hand_back_leaves_the_member_when_it_is_done(desk: Desk, lead: Browser, anna: Browser) -> None:
    given(desk, 1, owner="anna")
    patch(anna, "anna", away=True, hand_back=True, note="Ask the warehouse.")
    desk.call("sweep", {})
    assert desk.table.get(keys.member(BRAND, "anna"))["hand_back_note"] == ""  # type: ignore[index]


def test_a_member_written_before_there_were_teams_still_loads(desk: Desk, lead: Browser) -> None:
    old = {"id": "old", "brand": BRAND, "name": "Old Hand", "email": "", "initials": "OH", "role": "agent",
           "shifts": [], "away": False, "removed": False, "capacity": 12}  # fmt: skip
    desk.table.put(keys.member(BRAND, "old"), old)
    assert shown(lead, "old")["on_shift"]


def test_a_lead_makes_leads_and_readers_of_others_and_nobody_changes_their_own_role(
    desk: Desk, lead: Browser, anna: Browser, sign_in: SignIn
) -> None:
    assert patch(anna, "anna", role="lead").code == (403, "leads_only")
    assert patch(lead, "noa", role="agent").code == (422, "yourself")
    assert patch(lead, "anna", role="operator").code == (400, "invalid")
    assert patch(lead, "anna", role="lead").said["role"] == "lead"
    assert patch(anna, "noa", role="reader").status == 200
    assert patch(lead, "anna", role="agent").code == (403, "read_only"), "it holds from the next request on"
    sign_in("olga", role="operator")
    assert patch(anna, "olga", role="agent").code == (422, "operators_role")

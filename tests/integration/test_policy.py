"""The brand's settings at the API: who may see and change them, what is refused and why, who changed what, dry runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hark import wiring
from hark.domain.policy import Policy
from hark.domain.tree import shipped
from hark.store import keys
from hark.store.keys import Key
from hark.store.people import People
from hark.store.policies import Policies

from .browser import Answer, Browser
from .conftest import BRAND, Desk
from .faults import between, fault
from .one_case import SignIn
from .test_giving import assign, new_case, told
from .test_triage_step import FIRST, codes, triaged
from .x_deliveries import mention

Enrol = Callable[..., Any]
RULES = [{"name": "parcels", "when": 'platform == "x" and weekday == "friday"', "to": {"person": "anna"}}]


@pytest.fixture
def lead(desk: Desk, sign_in: SignIn) -> Browser:
    return sign_in("noa", name="Noa Levi", role="lead", away=True)


def now(browser: Browser) -> dict[str, Any]:
    answer = browser.get("policy")
    assert answer.status == 200, answer
    said: dict[str, Any] = answer.said
    return said


def change(browser: Browser, version: str | None = None, key: str | None = None, **changes: Any) -> Answer:
    version = now(browser)["version"] if version is None else version
    return browser.send("PATCH", "policy", {"version": version, "changes": changes}, key)


def dry_run(browser: Browser, **changes: Any) -> dict[str, Any]:
    answer = browser.send("POST", "policy/dry-run", {"changes": changes})
    assert answer.status == 200, answer
    said: dict[str, Any] = answer.said
    return said


def wrongs(answer: Answer) -> list[tuple[list[str | int], str]]:
    assert answer.code == (422, "unusable")
    return [(wrong["at"], wrong["sentence"]) for wrong in answer.said["errors"]]


def test_who_has_set_nothing_sees_what_is_shipped(lead: Browser) -> None:
    shown = now(lead)
    assert shown["policy"] == Policy().model_dump(mode="json")
    assert (shown["version"], shown["changed"]) == ("", None)
    assert shown["words"]["assignment"]["sentiment"]["values"] == sorted(("negative", "neutral", "positive", "unsure"))
    assert shown["words"]["approvals"]["amount"] == {"kind": "number", "values": []}


@pytest.mark.parametrize(("role", "sees", "changes"), [
    ("agent", 403, 403), ("lead", 200, 200), ("operator", 200, 200), ("reader", 200, 403),
])  # fmt: skip
def test_each_role_sees_and_changes_what_it_may(
    desk: Desk, sign_in: SignIn, role: str, sees: int, changes: int
) -> None:
    who = sign_in("kim", role=role)
    assert [who.get(path).status for path in ("policy", "policy/history")] == [sees, sees]
    assert change(who, "", undo_seconds=10).status == changes
    assert who.send("POST", "policy/dry-run", {"changes": {"answer_all": False}}).status == changes
    assert People(desk.table).policy(BRAND).undo_seconds == (10 if changes == 200 else 0)


def test_a_lead_of_another_brand_neither_sees_nor_changes_ours(desk: Desk, sign_in: SignIn, lead: Browser) -> None:
    assert change(lead, name="Acme", undo_seconds=5).status == 200
    other = sign_in("eve", brand="other", role="lead")
    assert now(other)["policy"]["name"] == ""
    assert change(other, name="Other").status == 200
    assert (now(lead)["policy"]["name"], now(other)["policy"]["name"]) == ("Acme", "Other")
    assert [list(line["after"]) for line in other.get("policy/history").said["items"]] == [["name"]]


def test_of_a_group_only_what_is_named_changes(lead: Browser) -> None:
    assert change(lead, triage={"vips": ["@maya"]}, undo_seconds=10).status == 200
    after = change(lead, triage={"sure": 0.9}).said["policy"]
    assert (after["triage"]["vips"], after["triage"]["sure"], after["undo_seconds"]) == (["@maya"], 0.9, 10)


def test_it_is_told_who_changed_what_and_when(desk: Desk, lead: Browser, sign_in: SignIn) -> None:
    change(lead, first_answer_seconds=1800)
    desk.clock.forward(hours=1)
    olga = sign_in("olga", name="Olga Lead", role="operator")
    changed = change(olga, first_answer_seconds=900, name="Acme").said["changed"]
    assert changed == {"at": "2026-11-20T10:15:00.000Z", "by": "Olga Lead"}
    assert lead.get("policy/history").said["items"] == [
        {"at": "2026-11-20T10:15:00.000Z", "by": "Olga Lead", "before": {"first_answer_seconds": 1800, "name": ""},
         "after": {"first_answer_seconds": 900, "name": "Acme"}, "what": "", "facts": {}},
        {"at": "2026-11-20T09:15:00.000Z", "by": "Noa Levi", "before": {"first_answer_seconds": 3600},
         "after": {"first_answer_seconds": 1800}, "what": "", "facts": {}},
    ]  # fmt: skip


def test_who_has_not_seen_the_newest_settings_is_told_and_changes_nothing(lead: Browser, sign_in: SignIn) -> None:
    olga = sign_in("olga", role="lead")
    seen = now(olga)["version"]
    assert change(lead, undo_seconds=5).status == 200
    assert change(olga, seen, undo_seconds=9).code == (409, "stale")
    assert now(lead)["policy"]["undo_seconds"] == 5
    assert change(olga, undo_seconds=9).status == 200


def test_what_the_operator_puts_in_force_makes_the_screens_stale_too(desk: Desk, lead: Browser) -> None:
    seen = now(lead)["version"]
    desk.put_policy(undo_seconds=3)
    assert change(lead, seen, undo_seconds=9).code == (409, "stale")


def test_of_two_leads_at_the_same_moment_one_is_told(desk: Desk, lead: Browser, sign_in: SignIn) -> None:
    olga, seen = sign_in("olga", role="lead"), now(lead)["version"]
    with between("TransactWriteItems", lambda: change(olga, seen, undo_seconds=7)):
        assert change(lead, seen, undo_seconds=9).code == (409, "stale")
    assert now(lead)["policy"]["undo_seconds"] == 7


def test_the_same_click_twice_changes_once(lead: Browser) -> None:
    first = change(lead, "", key="click-number-one", undo_seconds=5)
    again = change(lead, "", key="click-number-one", undo_seconds=5)
    assert (first.status, again.said) == (200, first.said)
    assert len(lead.get("policy/history").said["items"]) == 1
    assert change(lead, "", key="click-number-one", undo_seconds=6).code == (422, "key_reused")


def test_what_changes_nothing_leaves_no_line(lead: Browser) -> None:
    assert change(lead, undo_seconds=0).status == 200
    assert now(lead)["version"] == ""
    assert lead.get("policy/history").said["items"] == []


@pytest.mark.parametrize(
    ("changes", "at", "words"),
    [
        ({"first_answer_seconds": 0}, ["first_answer_seconds"], "greater than or equal to 1"),
        ({"no_such_thing": 1}, ["no_such_thing"], "not permitted"),
        ({"undo_seconds": "5"}, ["undo_seconds"], "valid integer"),
        ({"calendar": {"zone": "Europe/Rome_"}}, ["calendar"], "no time zone"),
        ({"calendar": {"hours": []}}, ["calendar"], "never opens"),
        ({"calendar": {"country": "QQ"}}, ["calendar"], "holidays of 'QQ' are not known"),
        ({"calendar": {"hours": [{"days": [0], "start": "25:00", "end": "17:00"}]}},
         ["calendar", "hours", 0, "start"], "time"),
        ({"targets": {"rules": [{"platforms": ["x"]}]}}, ["targets", "rules", 0], "at least one target"),
        ({"ladder": [{"after_seconds": 60, "to": "owner"}, {"after_seconds": 60, "to": "lead"}]}, [], "higher"),
        ({"assignment": {"rules": [{"name": "a", "when": "colour == 'red'", "to": {"person": "noa"}}]}},
         ["assignment", "rules", 0], "nothing is known by the name 'colour'"),
        ({"assignment": {"rules": [{"name": "a", "when": 'kind == "x"', "to": {"team": "web"}}]}},
         ["assignment"], "there is no team web"),
        ({"assignment": {"rules": [{"name": "a", "when": 'kind == "x"', "to": {"person": "nobody"}}]}},
         ["assignment", "rules", 0, "to", "person"], "not on the team"),
        ({"approvals": {"approvers": ["noa", "ghost"]}}, ["approvals", "approvers", 1], "not on the team"),
        ({"bot": {"reviewer": "ghost"}}, ["bot", "reviewer"], "not on the team"),
        ({"satisfaction": {"invitation": {"en": "no link"}}}, ["satisfaction", "invitation"], "{link}"),
        ({"triage": {"references": ["++"]}}, ["triage"], ""),
        ({"triage": {"shadow": {"version": "t", "nodes": [{"id": "nowhere", "why": "x", "yes": ""}]}}},
         ["triage", "shadow"], "nowhere"),
        ({"triage": {"vips": ["v" * 200] * 900}}, [], "longer than"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_the_place_and_the_reason(
    lead: Browser, changes: dict[str, Any], at: list[str | int], words: str
) -> None:
    refused = wrongs(change(lead, **changes))
    assert refused[0][0] == at
    assert words.casefold() in refused[0][1].casefold(), refused
    assert now(lead)["version"] == ""


def test_a_colleague_who_left_is_in_the_way_only_of_the_settings_that_name_them(lead: Browser, enrol: Enrol) -> None:
    enrol("anna")
    assert change(lead, assignment={"rules": RULES}).status == 200
    enrol("anna", removed=True)
    assert change(lead, undo_seconds=5).status == 200
    assert wrongs(change(lead, assignment={"spread": "round_robin"})) == [
        (["assignment", "rules", 0, "to", "person"], "This person is not on the team.")
    ]


@pytest.mark.parametrize("body", [
    {}, {"version": ""}, {"changes": {"name": "x"}}, {"version": "", "changes": {}}, {"version": 1, "changes": {}},
    {"version": "", "changes": [], "more": 1},
])  # fmt: skip
def test_a_request_of_another_form_is_refused(lead: Browser, body: dict[str, Any]) -> None:
    assert lead.send("PATCH", "policy", body).code == (400, "invalid")
    assert lead.send("POST", "policy/dry-run", {"changes": {"answer_all": True, "calendar": {}}}).status == 400


def test_settings_hold_from_the_next_step_on(desk: Desk, lead: Browser, enrol: Enrol) -> None:
    enrol("anna")
    enrol("bea")
    change(lead, assignment={"rules": [{**RULES[0], "to": {"person": "bea"}}]}, name="Acme Ltd")
    assert assign(desk, new_case(desk)).owner == "bea"
    assert lead.get("me").said["brand"]["name"] == "Acme Ltd"
    change(lead, assignment={"rules": RULES})
    assert assign(desk, new_case(desk, 1)).owner == "anna"


def test_new_rules_have_waiting_cases_looked_at_by_the_next_sweep(desk: Desk, lead: Browser) -> None:
    wiring.rostering().run(BRAND)
    assert "work_sk" not in desk.items("ROSTER")[0] or desk.items("ROSTER")[0]["work_sk"] != "0"
    change(lead, assignment={"spread": "round_robin"})
    assert desk.items("ROSTER")[0]["work_sk"] == "0"


def test_a_dry_run_of_rules_says_what_the_real_run_then_does(desk: Desk, lead: Browser, enrol: Enrol) -> None:
    enrol("anna", name="Anna Berga")
    enrol("bea", name="Bea Kalna")
    triaged(desk, "@acme where is my parcel?")
    before = desk.items()
    told_before = dry_run(lead, assignment={"rules": [{**RULES[0], "to": {"person": "bea"}}]})
    assert desk.items("CASE") == [item for item in before if item["sk"] == "CASE"], "a dry run writes no case"
    assert (told_before["cases"], told_before["differ"], told_before["more"]) == (1, 1, False)
    (differs,) = told_before["differences"]
    assert (differs["now"]["owner"], differs["then"]["owner"]) == ("Anna Berga", "Bea Kalna")
    change(lead, assignment={"rules": [{**RULES[0], "to": {"person": "bea"}}]})
    case = assign(desk, desk.case())
    names = {"bea": "Bea Kalna"}
    assert case.owner == "bea"
    assert [(step["code"], step["about"]) for step in differs["then"]["steps"]] == [
        (code, names.get(about, about)) for code, about in told(case)
    ]
    assert all(step["sentence"] for step in differs["then"]["steps"])


def test_a_dry_run_of_the_rules_in_force_differs_nowhere(desk: Desk, lead: Browser, enrol: Enrol) -> None:
    enrol("anna")
    triaged(desk, "@acme where is my parcel?")
    change(lead, assignment={"rules": RULES})
    same = dry_run(lead, assignment={"rules": RULES})
    assert (same["cases"], same["agree"], same["differ"], same["differences"]) == (1, 1, 0, [])


def test_a_dry_run_of_triage_says_what_the_real_run_then_finds(desk: Desk, lead: Browser) -> None:
    case = triaged(desk, "@acme where is my parcel INC-77?")
    told_before = dry_run(lead, triage={"vips": [case.handle], "references": ["INC-0+"]})
    (differs,) = told_before["differences"]
    assert "triage.vip" not in [step["code"] for step in differs["now"]["steps"]]
    assert "triage.vip" in [step["code"] for step in differs["then"]["steps"]]
    change(lead, triage={"vips": [case.handle], "references": ["INC-0+"]})
    other = str(FIRST + 7)
    desk.take_in(mention(other, "@acme where is my parcel INC-77?", conversation_id=other))
    desk.step("triage", next(found for found in desk.cases() if found.id != case.id))
    again = next(found for found in desk.cases() if found.id != case.id)
    assert [step["code"].removeprefix("triage.") for step in differs["then"]["steps"]] == codes(again)
    assert differs["then"]["priority"] == again.priority


def keyed(item: dict[str, Any]) -> Key:
    return Key(item["pk"], item["sk"])


def test_a_tree_on_trial_is_walked_where_it_is_what_is_proposed(desk: Desk, lead: Browser) -> None:
    triaged(desk, "@acme where is my parcel?")
    question = next(node for node in shipped().nodes if node.id == "question")
    trial = {"version": "trial", "nodes": [question.model_copy(update={"priority": 1}).model_dump()]}
    change(lead, triage={"shadow": trial})
    assert dry_run(lead, triage={"sure": 0.9})["agree"] == 1, "the tree that decides is the one in force"
    (differs,) = dry_run(lead, triage={"shadow": trial})["differences"]
    assert (differs["now"]["priority"], differs["then"]["priority"]) == (desk.case().priority, 1)


def test_older_cases_are_not_tried(desk: Desk, sign_in: SignIn) -> None:
    triaged(desk, "@acme where is my parcel?")
    desk.clock.forward(hours=25)
    assert dry_run(sign_in("noa", role="lead"), triage={"sure": 0.9})["cases"] == 0


def test_a_message_that_was_taken_away_is_counted_as_unread(desk: Desk, lead: Browser) -> None:
    triaged(desk, "@acme where is my parcel?")
    message = next(item for item in desk.items("MSG") if not item["first_id"])
    desk.table.put(keyed(message), {**message, "gone": True})
    tried = dry_run(lead, triage={"sure": 0.9})
    assert (tried["cases"], tried["unread"], tried["agree"], tried["differ"]) == (1, 1, 0, 0)


def test_proposed_rules_that_cannot_be_read_are_refused_before_anything_is_tried(lead: Browser) -> None:
    answer = lead.send("POST", "policy/dry-run", {"changes": {"assignment": {"rules": [{"name": "a", "when": "("}]}}})
    assert [wrong["at"] for wrong in answer.said["errors"]]
    assert answer.code == (422, "unusable")


def test_a_table_in_trouble_says_so_and_changes_nothing(lead: Browser) -> None:
    seen = now(lead)["version"]
    with fault("TransactWriteItems", "throttled"):
        assert change(lead, seen, undo_seconds=5).code == (503, "failed")
    assert now(lead)["version"] == seen


def test_a_policy_of_an_earlier_desk_is_shown_and_can_be_changed(desk: Desk, lead: Browser) -> None:
    desk.table.put(keys.policy(BRAND), {"policy": Policy(name="Old").model_dump_json()})
    assert (now(lead)["version"], now(lead)["policy"]["name"]) == ("", "Old")
    assert change(lead, undo_seconds=4).status == 200
    assert Policies(desk.table).settled(BRAND).policy.undo_seconds == 4

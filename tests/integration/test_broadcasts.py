"""A status to all cases of an incident: approved by another, once to each, and nobody left out in silence (K6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hark import wiring
from hark.domain import case as rules
from hark.domain.time import text as time_text

from .browser import Browser
from .conftest import BRAND, Desk
from .crowd import TEXT, case_of, crowd, incidents, inside, key, watch
from .faults import Crash, Kind, fault
from .town import Town, Towns

SignIn = Callable[..., Browser]
FEW = {"least_messages": 3, "least_people": 3, "once_in_buckets": 100}
TEXTS = {"en": "{name}, we know of it and are mending it.", "lv": "{name}, mēs to zinām un labojam."}


@pytest.fixture
def ada(sign_in: SignIn) -> Browser:
    return sign_in("ada", name="Ada L", role="lead", seconds=90 * 86400)


@pytest.fixture
def bob(sign_in: SignIn) -> Browser:
    return sign_in("bob", name="Bob M", role="lead", seconds=90 * 86400)


def confirmed(desk: Desk, ada: Browser, people: int = 3, **changes: Any) -> str:
    """An incident with so many cases; its id."""
    watch(desk, **FEW, **changes)
    crowd(desk, *range(people))
    (found,) = incidents(desk)
    assert ada.send("PATCH", f"incidents/{found['id']}", {"version": found["version"], "state": "open"}).status == 200
    return str(found["id"])


def proposed(ada: Browser, incident: str, texts: dict[str, str] | None = None) -> str:
    answer = ada.send("POST", f"incidents/{incident}/broadcasts", {"texts": texts or TEXTS})
    assert answer.status == 201, answer.said
    return f"incidents/{incident}/broadcasts/{answer.said['id']}"


def approved(desk: Desk, ada: Browser, bob: Browser, texts: dict[str, str] | None = None, **more: Any) -> str:
    """A broadcast that runs; the incident's id."""
    incident = confirmed(desk, ada, **more)
    assert bob.send("POST", f"{proposed(ada, incident, texts)}/decision", {"approve": True}).status == 200
    return incident


def run(desk: Desk, times: int = 1) -> None:
    """What the sweeper does, minute after minute."""
    for _ in range(times):
        wiring.sweeping().run(lambda: True)
        desk.clock.forward(minutes=1)


def replies(desk: Desk) -> list[dict[str, Any]]:
    return [i for i in desk.items() if i["sk"].startswith("OUT#")]


def result(ada: Browser, incident: str) -> dict[str, Any]:
    (only,) = ada.get(f"incidents/{incident}").said["broadcasts"]
    return dict(only)


def test_nothing_leaves_before_somebody_else_has_approved_it(
    desk: Desk, ada: Browser, bob: Browser, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "wake", lambda function, keys: None)
    path = proposed(ada, confirmed(desk, ada))
    run(desk)
    assert replies(desk) == []
    assert ada.send("POST", f"{path}/decision", {"approve": True}).code == (409, "own_broadcast")
    assert sign_in("dana").send("POST", f"{path}/decision", {"approve": True}).code == (403, "leads_only")
    assert bob.send("POST", f"{path}/decision", {"approve": True}).said["state"] == "approved"
    assert bob.send("POST", f"{path}/decision", {"approve": True}).code == (409, "decided")
    run(desk)
    assert len(replies(desk)) == 3


def test_the_brands_approver_need_not_be_a_lead(desk: Desk, ada: Browser, sign_in: SignIn) -> None:
    dana = sign_in("dana")
    path = proposed(ada, confirmed(desk, ada, approvers=("dana",)))
    assert dana.send("POST", f"{path}/decision", {"approve": True}).said["state"] == "approved"


def test_a_broadcast_may_be_taken_back_before_it_is_approved(desk: Desk, ada: Browser, bob: Browser) -> None:
    path = proposed(ada, confirmed(desk, ada))
    assert ada.send("POST", f"{path}/decision", {"approve": False}).said["state"] == "withdrawn"
    assert bob.send("POST", f"{path}/decision", {"approve": True}).code == (409, "decided")
    run(desk)
    assert replies(desk) == []


def test_nobody_broadcasts_over_a_mere_suggestion(desk: Desk, ada: Browser) -> None:
    watch(desk, **FEW)
    crowd(desk, 0, 1, 2)
    (found,) = incidents(desk)
    answer = ada.send("POST", f"incidents/{found['id']}/broadcasts", {"texts": TEXTS})
    assert answer.code == (409, "incident_suggested")


@pytest.fixture
def unsent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replies stay in the outbox."""
    monkeypatch.setattr(wiring, "wake", lambda function, keys: None)


def test_each_is_told_by_name_once_marked_automatic_and_still_owed_an_answer(
    desk: Desk, ada: Browser, bob: Browser, unsent: None
) -> None:
    incident = approved(desk, ada, bob)
    run(desk, 3)
    told = replies(desk)
    assert sorted(reply["text"] for reply in told) == [
        f"Person {n}, we know of it and are mending it." for n in range(3)
    ]
    assert all(reply["automatic"].startswith("broadcast.") and not reply["answers"] for reply in told)
    assert {(c.awaiting, c.status, bool(c.due_at)) for c in desk.cases()} == {("us", "open", True)}
    shown = result(ada, incident)
    assert (shown["state"], shown["replies"], shown["for_people"]) == ("done", {"pending": 3}, [])
    assert ada.get(f"incidents/{incident}").said["story"][-1]["code"] == "incident.broadcast_done"


def test_it_goes_a_few_a_minute_and_reaches_who_joins_meanwhile(
    desk: Desk, ada: Browser, bob: Browser, unsent: None
) -> None:
    incident = approved(desk, ada, bob, people=5, per_minute=2)
    seen = []
    for minute in range(5):
        if minute == 1:
            crowd(desk, 7)
        run(desk)
        seen.append(len(replies(desk)))
    assert seen == [2, 4, 6, 6, 6]
    assert result(ada, incident)["state"] == "done"


@pytest.mark.parametrize("kind", ["crash before", "crash after"])
@pytest.mark.parametrize("operation", ["TransactWriteItems", "UpdateItem", "PutItem"])
def test_a_crash_at_any_write_tells_nobody_twice_and_everybody_once(
    desk: Desk, ada: Browser, bob: Browser, unsent: None, operation: str, kind: Kind
) -> None:
    incident = approved(desk, ada, bob)
    before, now, first, struck = desk.items(), desk.clock.now, 0, True
    while struck:
        first += 1
        desk.forget()
        desk.clock.now = now
        for item in before:
            desk.table.put(key(item), item)
        with fault(operation, kind, first=first, times=1) as met, suppress(Crash):
            run(desk)
        struck = met.struck == 1
        run(desk, 3)
        by_case = Counter(reply["case"] for reply in replies(desk))
        assert by_case == {case.id: 1 for case in desk.cases()}, (operation, kind, first)
        assert result(ada, incident)["state"] == "done", (operation, kind, first)
        assert len(inside(desk, "TOLD#")) == 3
    assert operation != "TransactWriteItems" or first > 4, "the fault never struck"


def test_a_case_opened_again_meanwhile_is_not_told_twice(desk: Desk, ada: Browser, bob: Browser, unsent: None) -> None:
    incident = approved(desk, ada, bob)
    broadcast = inside(desk, "CAST#")[0]
    run(desk)
    case, now = case_of(desk, 0), time_text(desk.clock())
    cases = wiring.reminding().cases
    cases.commit(case, *rules.restarted(case, now), now)
    desk.table.put(key(broadcast), {n: v for n, v in broadcast.items() if n not in ("pk", "sk")})  # as if lost
    run(desk, 2)
    assert Counter(reply["case"] for reply in replies(desk))[case.id] == 1
    assert result(ada, incident)["replies"] == {"pending": 3}


def test_closing_the_incident_ends_what_was_not_said_yet(desk: Desk, ada: Browser, bob: Browser, unsent: None) -> None:
    incident = approved(desk, ada, bob, people=4, per_minute=2)
    run(desk)
    version = ada.get(f"incidents/{incident}").said["version"]
    closed = ada.send("PATCH", f"incidents/{incident}", {"version": version, "state": "closed"})
    assert closed.said["unanswered"]["count"] == 4
    run(desk, 3)
    assert len(replies(desk)) == 2
    assert result(ada, incident)["state"] == "withdrawn"


def test_who_is_closed_by_then_is_left_alone_and_listed(desk: Desk, ada: Browser, bob: Browser, unsent: None) -> None:
    incident = approved(desk, ada, bob)
    case, now = case_of(desk, 1), time_text(desk.clock())
    cases = wiring.reminding().cases
    cases.commit(case, *rules.closed(case, "agent", "dana", now), now)
    run(desk, 2)
    assert len(replies(desk)) == 2
    assert [(each["case"], each["code"]) for each in result(ada, incident)["for_people"]] == [
        (case.id, "broadcast.closed")
    ]


# --- what platforms allow -----------------------------------------------------------------------


def listed(ada: Browser, incident: str) -> Counter[str]:
    return Counter(each["code"] for each in result(ada, incident)["for_people"])


def test_the_same_words_go_to_nobody_in_public_on_x(desk: Desk, ada: Browser, bob: Browser, unsent: None) -> None:
    incident = approved(desk, ada, bob, {"en": "We know of it."})
    run(desk, 2)
    assert replies(desk) == []
    assert listed(ada, incident) == {"broadcast.same_words": 3}
    told = [i["code"] for i in desk.items() if i["sk"].startswith("EVT#")]
    assert told.count("incident.not_told") == 3


def test_x_gets_so_many_public_posts_and_no_more(desk: Desk, ada: Browser, bob: Browser, unsent: None) -> None:
    incident = approved(desk, ada, bob, people=4, public_on_x=3)
    run(desk, 2)
    assert len(replies(desk)) == 3
    assert listed(ada, incident) == {"broadcast.public_limit": 1}


def test_nobody_on_x_hears_from_a_program_twice_in_public(desk: Desk, ada: Browser, bob: Browser, unsent: None) -> None:
    incident = approved(desk, ada, bob)
    run(desk, 2)
    bob.send("POST", f"{proposed(ada, incident)}/decision", {"approve": True})
    run(desk, 2)
    assert len(replies(desk)) == 3
    second = ada.get(f"incidents/{incident}").said["broadcasts"][1]
    assert {each["code"] for each in second["for_people"]} <= {"broadcast.told_before", "broadcast.not_addressed"}
    assert len(second["for_people"]) == 3


def test_too_long_a_text_is_a_matter_for_people(desk: Desk, ada: Browser, bob: Browser, unsent: None) -> None:
    incident = approved(desk, ada, bob, {"en": "{name} " + "x" * 400})
    run(desk, 2)
    assert listed(ada, incident) == {"too_long": 3}


def test_in_private_it_leaves_by_the_way_that_is_open_and_arrives_once(
    town_of: Towns, ada: Browser, bob: Browser
) -> None:
    with town_of("meta", "viber") as town:
        crowd_in_private(town)
        desk = town.desk
        (found,) = incidents(desk)
        ada.send("PATCH", f"incidents/{found['id']}", {"version": found["version"], "state": "open"})
        bob.send("POST", f"{proposed(ada, found['id'])}/decision", {"approve": True})
        for _ in range(3):
            wiring.broadcasting().run(key(inside(desk, "CAST#")[0]))
            town.push(minutes=1)
        # Messenger's messages come without names, so nobody is called by one.
        assert [sent["text"] for sent in town.sent("meta")] == ["We know of it and are mending it."] * 3
        assert result(ada, found["id"])["replies"] == {"sent": 3}
        assert {case.awaiting for case in desk.cases()} == {"us"}


def crowd_in_private(town: Town) -> None:
    watch(town.desk, **FEW)
    for n in range(3):
        town.told("meta", "users", username=f"p{n}", name=f"P{n} X")
        town.say("meta", f"p{n}", TEXT.removeprefix("@acme "), platform="messenger", surface="direct")
    for case in town.desk.cases():
        assert case.brand == BRAND
        town.desk.step("triage", case)

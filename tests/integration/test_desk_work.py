"""An agent's day through the API: claim, reply, note, put off, close, open again; and two agents at the same moment."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hark.domain.reasons import SENTENCES

from .browser import Answer, Browser
from .conftest import Desk
from .faults import between, fault
from .one_case import LATER, POST, SignIn, at
from .x_deliveries import deletion, mention

ROW = {
    "id", "platform", "account", "handle", "name", "snippet", "language", "status", "awaiting", "owner", "priority",
    "asked_at", "due_at", "updated_at", "snoozed_until", "close_reason", "escalation", "reminders", "unread", "public",
    "reply_state", "version", "talk", "surface", "team", "transfers", "level", "warnings",
    "approval", "resolve_by", "touched_at", "promise", "kind", "lane", "vip", "incident", "tags",
}  # fmt: skip


@pytest.fixture
def eve(sign_in: SignIn) -> Browser:
    return sign_in("eve", name="Eve Liepa")


def change(browser: Browser, key: str | None = None, **wish: Any) -> Answer:
    version = wish.pop("version", browser.desk.case().version)
    return browser.send("PATCH", at(browser.desk), {"version": version, **wish}, key)


def reply(browser: Browser, text: str = "Hello Kim", key: str | None = None) -> Answer:
    return browser.send("POST", at(browser.desk, "/replies"), {"text": text, "seen": browser.desk.case().talk}, key)


def intents(desk: Desk) -> list[dict[str, Any]]:
    return [item for item in desk.items() if item["sk"].startswith("OUT#")]


# --- what is seen -------------------------------------------------------------------------------


def test_the_screen_of_a_conversation_is_as_the_contract_says(desk: Desk, dana: Browser) -> None:
    shown = dana.get(at(desk)).said
    assert set(shown) == {"case", "customer", "messages", "older", "replies", "notes", "history", "verbs", "now",
                          "elsewhere", "reachable", "seen_at", "handover"}  # fmt: skip
    assert set(shown["case"]) == ROW | {"reasons", "generation", "triage", "satisfaction", "removed"}
    assert shown["customer"] == {"id": "7770002", "handle": "kim_l", "name": "Kim L", "language": "und"}
    (message,) = shown["messages"]
    assert set(message) == {
        "id", "text", "at", "edited", "gone", "own", "by", "language", "public", "media", "link", "surface", "hidden",
        "liked", "reactions", "receipt", "notice", "acts", "automatic",
    }  # fmt: skip
    assert [line["code"] for line in shown["history"]] == ["case.opened"]
    assert shown["now"] == "2026-11-20T09:15:00.000Z"
    me = dana.get("me").said
    assert set(me) == {"agent", "brand", "accounts", "members", "now"}
    assert me["agent"] == {"id": "dana", "name": "Dana Ozola", "initials": "DO", "roles": ["agent"]}
    assert "email" not in json.dumps(me)
    assert [set(account) for account in me["accounts"]] == [
        {"id", "platform", "platforms", "handle", "name", "state", "reason", "since", "problems", "checked_at",
         "expires_at", "last_event_at", "missed", "missed_at", "paused"}
    ]  # fmt: skip


def test_a_deleted_message_leaves_no_word_on_the_screen(desk: Desk, dana: Browser) -> None:
    desk.take_in(deletion(POST))
    shown = dana.get(at(desk))
    assert "parcel" not in shown.body
    assert shown.said["messages"][0]["gone"] and shown.said["messages"][0]["link"] == ""
    assert not shown.said["verbs"][0]["allowed"]
    assert "parcel" not in dana.get("queue").body


def test_the_queue_answers_304_until_something_changes(desk: Desk, dana: Browser) -> None:
    first = dana.get("queue")
    etag = first.headers["etag"]
    again = dana.get("queue", **{"if-none-match": etag})
    assert (again.status, again.body, again.headers["etag"]) == (304, "", etag)
    desk.clock.forward(seconds=30)
    assert dana.get("queue", **{"if-none-match": etag}).status == 304, "time alone changes nothing"
    assert dana.get("queue", **{"if-none-match": '"other"'}).status == 200
    assert change(dana, assignee="me").status == 200
    after = dana.get("queue", **{"if-none-match": etag})
    assert (after.status, after.headers["etag"] != etag) == (200, True)


def test_counts_follow_what_agents_do(desk: Desk, dana: Browser, eve: Browser) -> None:
    def counts(browser: Browser) -> tuple[int, ...]:
        said = browser.get("queue").said["counts"]
        assert set(said) == {"mine", "unassigned", "open", "snoozed"}
        return said["mine"], said["unassigned"], said["open"], said["snoozed"]

    assert counts(dana) == (0, 1, 1, 0)
    change(dana, assignee="me")
    assert (counts(dana), counts(eve)) == ((1, 0, 1, 0), (0, 0, 1, 0))
    change(dana, assignee="eve")
    assert (counts(dana), counts(eve)) == ((0, 0, 1, 0), (1, 0, 1, 0))
    change(dana, state="snoozed", snoozed_until=LATER)
    assert counts(eve) == (0, 0, 0, 1)
    change(dana, state="open")
    assert counts(eve) == (1, 0, 1, 0)
    change(dana, state="closed")
    assert counts(eve) == (0, 0, 0, 0)
    assert [row["id"] for row in dana.get("queue", "view=done").said["items"]] == [desk.case().id]


# --- what is done -------------------------------------------------------------------------------


def test_taking_and_giving_a_case(desk: Desk, dana: Browser, eve: Browser) -> None:
    taken = change(dana, assignee="me").said
    assert set(taken) == ROW
    assert taken["owner"] == {"id": "dana", "name": "Dana Ozola", "initials": "DO"}
    assert change(dana, assignee="eve").said["owner"]["id"] == "eve"
    assert change(eve, assignee=None).said["owner"] is None
    assert change(eve, assignee="dana").said["owner"]["id"] == "dana"
    assert change(eve, assignee="").said["owner"] is None
    history = dana.get(at(desk)).said["history"]
    assert [(line["code"], line["by"]) for line in history] == [
        ("case.opened", ""), ("case.claimed", "Dana Ozola"), ("case.assigned", "Dana Ozola"),
        ("case.released", "Eve Liepa"), ("case.assigned", "Eve Liepa"), ("case.released", "Eve Liepa"),
    ]  # fmt: skip
    assert all(line["sentence"] == SENTENCES[line["code"]] for line in history)


def test_a_removed_colleague_gets_no_case(desk: Desk, dana: Browser, eve: Browser, enrol: Callable[..., Any]) -> None:
    enrol("eve", removed=True)
    assert change(dana, assignee="eve").code == (409, "no_such_member")
    assert [m["id"] for m in dana.get("me").said["members"]] == ["dana"]


def test_a_note_is_for_the_team_and_stays_in_order(desk: Desk, dana: Browser, eve: Browser) -> None:
    texts = ["first", "שלום <b>Kim</b>", "  spaced\nlines  ", "=cmd|x", "👩‍👩‍👧 \u202ertl"]
    for number, text in enumerate(texts):
        desk.clock.forward(seconds=1)
        left = (dana, eve)[number % 2].send("POST", at(desk, "/notes"), {"text": text})
        assert (left.status, left.said["text"]) == (201, text)
        assert set(left.said) == {"id", "text", "at", "by"}
    notes = dana.get(at(desk)).said["notes"]
    assert [note["text"] for note in notes] == texts
    assert [note["by"] for note in notes] == ["Dana Ozola", "Eve Liepa", "Dana Ozola", "Eve Liepa", "Dana Ozola"]
    assert all("first" not in json.dumps(line) for line in dana.get(at(desk)).said["history"]), (
        "no words in the history"
    )


def test_putting_off_and_waking(desk: Desk, dana: Browser) -> None:
    before = desk.case()
    row = change(dana, state="snoozed", snoozed_until="2026-11-20T14:00:00+02:00").said
    assert (row["status"], row["snoozed_until"], row["due_at"]) == ("snoozed", LATER, before.due_at)
    assert change(dana, state="snoozed", snoozed_until="2026-11-20T09:15:00Z").code == (409, "past")
    assert change(dana, state="snoozed", snoozed_until="2020-01-01T00:00:00Z").code == (409, "past")
    woken = change(dana, state="open").said
    assert (woken["status"], woken["snoozed_until"]) == ("open", None)


def test_closing_and_its_undo(desk: Desk, dana: Browser) -> None:
    closed = change(dana, state="closed").said
    assert (closed["status"], closed["close_reason"], closed["due_at"], closed["unread"]) == (
        "closed",
        "agent",
        None,
        0,
    )
    assert change(dana, state="closed").code == (409, "closed")
    assert change(dana, state="snoozed", snoozed_until=LATER).code == (409, "closed")
    assert reply(dana).code == (409, "closed")
    opened = change(dana, state="open").said
    assert (opened["status"], opened["close_reason"]) == ("open", "")
    assert desk.case().gen == 2 and desk.case().workflow == "running"
    assert change(dana, state="open").status == 200, "open already: nothing to do, nothing wrong"
    assert desk.case().gen == 2


def test_a_reply_takes_the_case_and_only_its_owner_may_write(desk: Desk, dana: Browser, eve: Browser) -> None:
    written = reply(dana)
    assert written.status == 202
    assert set(written.said) == {
        "id",
        "text",
        "state",
        "at",
        "by",
        "code",
        "sentence",
        "platform_id",
        "verb",
        "message",
        "automatic",
        "send_at",
        "held_until",
        "approved_by",
        "edited_by",
    }
    assert (written.said["state"], written.said["by"]) == ("pending", "Dana Ozola")
    assert desk.case().owner == "dana"
    assert reply(eve).code == (409, "owned")
    assert reply(dana).code == (409, "busy")
    for wish in ({"assignee": "eve"}, {"state": "closed"}, {"assignee": None}):
        assert change(eve, **wish).code == (409, "busy")
    assert [r["id"] for r in dana.get(at(desk)).said["replies"]] == [written.said["id"]]
    assert len(intents(desk)) == 1


# --- at the same moment -------------------------------------------------------------------------


def test_i15_two_claims_at_once_one_wins_and_the_other_is_told(desk: Desk, dana: Browser, eve: Browser) -> None:
    version = desk.case().version
    eves: list[Answer] = []
    with between("TransactWriteItems", lambda: eves.append(change(eve, assignee="me", version=version))):
        danas = change(dana, assignee="me", version=version)
    assert eves[0].status == 200
    assert danas.code == (409, "stale")
    assert desk.case().owner == "eve"
    assert [line["code"] for line in dana.get(at(desk)).said["history"]] == ["case.opened", "case.claimed"]


def test_i15_two_replies_at_once_one_leaves_and_the_other_is_told(desk: Desk, dana: Browser, eve: Browser) -> None:
    eves: list[Answer] = []
    with between("TransactWriteItems", lambda: eves.append(reply(eve, "from Eve"))):
        danas = reply(dana, "from Dana")
    assert eves[0].status == 202
    assert danas.code == (409, "owned")
    assert [(item["by"], item["text"]) for item in intents(desk)] == [("eve", "from Eve")]


def test_i21_a_claim_between_look_and_send_wins_over_the_reply(desk: Desk, dana: Browser, eve: Browser) -> None:
    with between("TransactWriteItems", lambda: change(eve, assignee="me")):
        assert reply(dana).code == (409, "owned")
    assert intents(desk) == [] and desk.case().reply_state == ""


def test_a_message_between_look_and_send_stops_the_reply(desk: Desk, dana: Browser) -> None:
    came = mention("2123710858654654475", "@acme stop!", conversation_id=POST, in_reply_to_tweet_id=POST)
    with between("TransactWriteItems", lambda: desk.take_in(came)):
        answer = reply(dana)
    assert answer.code == (409, "talked")
    assert [m["text"] for m in answer.said["new"]] == ["@acme stop!"]
    assert intents(desk) == []


@pytest.mark.parametrize("what", ["reply", "claim", "note"])
def test_i17_the_same_click_twice_at_the_same_moment_is_one_click(desk: Desk, dana: Browser, what: str) -> None:
    version = desk.case().version
    acts: dict[str, Callable[[], Answer]] = {
        "reply": lambda: reply(dana, key="one-click-0001"),
        "claim": lambda: change(dana, "one-click-0001", assignee="me", version=version),
        "note": lambda: dana.send("POST", at(desk, "/notes"), {"text": "n"}, "one-click-0001"),
    }
    first: list[Answer] = []
    with between("TransactWriteItems", lambda: first.append(acts[what]())):
        second = acts[what]()
    assert first[0].status in (200, 201, 202)
    assert (second.status, second.said) == (first[0].status, first[0].said)
    assert len(intents(desk)) == int(what == "reply")
    assert len([i for i in desk.items() if i["sk"].startswith("NOTE#")]) == int(what == "note")
    assert desk.case().version == version + 1


@pytest.mark.parametrize("what", ["reply", "claim", "note"])
def test_i16_an_answer_lost_after_the_write_is_a_success(desk: Desk, dana: Browser, what: str) -> None:
    version = desk.case().version
    acts: dict[str, Callable[[], Answer]] = {
        "reply": lambda: reply(dana), "claim": lambda: change(dana, assignee="me"),
        "note": lambda: dana.send("POST", at(desk, "/notes"), {"text": "n"}),
    }  # fmt: skip
    with fault("TransactWriteItems", "lost", times=1) as met:
        answer = acts[what]()
    assert met.struck == 1
    assert answer.status in (200, 201, 202)
    assert desk.case().version == version + 1
    assert len(intents(desk)) == int(what == "reply")

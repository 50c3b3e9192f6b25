"""What the desk's API takes and refuses: rows H34-H38, H40, H41 and H48 of the invariants, section 5B."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hark import wiring
from hark.domain.reply import State
from hark.providers.x.text import weighted_length

from .browser import Answer, Browser
from .conftest import BRAND, Desk
from .faults import fault
from .one_case import LATER, POST, SignIn, at
from .x_deliveries import ACME, mention


def reply_in_doubt(desk: Desk, browser: Browser) -> str:
    """A reply about which a person has to decide; its id."""
    written = browser.send("POST", at(desk, "/replies"), {"text": "Hello Kim", "seen": desk.case().talk})
    reply = wiring.actions().replies.get(BRAND, desk.case().id, written.said["id"])
    assert reply is not None
    human = reply.model_copy(update={"state": State.HUMAN, "look_at": "", "code": "x", "sentence": "Look."})
    wiring.sending()._moved(reply, human, "reply.human")
    return reply.id


def writes(case_id: str, reply_id: str, version: int = 0, talk: int = 1) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every writing route with a body that it would take."""
    case = f"conversations/{case_id}"
    yield "PATCH", case, {"version": version, "assignee": "me"}
    yield "POST", f"{case}/replies", {"text": "Hello Kim", "seen": talk}
    yield "POST", f"{case}/replies/{reply_id}/decision", {"found": True}
    yield "POST", f"{case}/notes", {"text": "a note"}


# --- whose it is --------------------------------------------------------------------------------


def test_h34_i25_another_brands_case_is_as_unknown_as_none(desk: Desk, dana: Browser, sign_in: SignIn) -> None:
    reply_id = reply_in_doubt(desk, dana)
    case = desk.case()
    eve = sign_in("eve", brand="other")
    before = desk.items()
    unknown = "c" + "a" * 25
    answers: dict[str, list[Answer]] = {}
    for case_id in (case.id, unknown, "c", case.id.upper(), case.id + "x"):
        asked = [eve.get(f"conversations/{case_id}")]
        asked += [eve.send(*write) for write in writes(case_id, reply_id, case.version, case.talk)]
        answers[case_id] = asked
    for same in zip(*answers.values(), strict=True):
        assert {answer.code for answer in same} == {(404, "not_found")}
        assert len({answer.body for answer in same}) == 1, "the same words for another's and for none"
        assert len({json.dumps(answer.headers, sort_keys=True) for answer in same}) == 1
    changed = [item for item in desk.items() if item not in before]
    assert [item["sk"] for item in changed] == ["RATE"], "nothing but the count of attempts"
    assert eve.get("queue", "view=open").said["items"] == []
    assert set(eve.get("queue").said["counts"].values()) == {0}
    me = eve.get("me").said
    assert (me["accounts"], [m["id"] for m in me["members"]]) == ([], ["eve"])
    assert "dana" not in json.dumps(me) and ACME not in json.dumps(me)


def test_i25_nobody_gives_a_case_to_another_brands_colleague(desk: Desk, dana: Browser, sign_in: SignIn) -> None:
    sign_in("eve", brand="other")
    for stranger in ("eve", "nobody"):
        answer = dana.send("PATCH", at(desk), {"version": desk.case().version, "assignee": stranger})
        assert answer.code == (409, "no_such_member")
    assert desk.case().owner == ""


def test_h34_a_guessed_reply_is_as_unknown_as_none(desk: Desk, dana: Browser) -> None:
    for guessed in ("r123", "n" * 26, "EVT"):
        answer = dana.send("POST", at(desk, f"/replies/{guessed}/decision"), {"found": True})
        assert answer.code == (404, "not_found"), guessed


# --- what may be in a request -------------------------------------------------------------------


FIELDS = (
    "owner", "brand", "pk", "sk", "v", "gen", "id", "__proto__", "constructor", "priority", "may_reply", "stamp", "by",
    "account_id", "close_reason", "status", "Version", "text ", "", "reply_to",
)  # fmt: skip


def test_h35_i26_a_field_that_is_not_on_the_list_is_refused(desk: Desk, dana: Browser) -> None:
    case = desk.case()
    for field in FIELDS:
        desk.clock.forward(seconds=10)
        for method, path, body in writes(case.id, "r123", case.version, case.talk):
            answer = dana.send(method, path, body | {field: {"admin": True}})
            assert answer.code == (400, "invalid"), (method, path, field)
            assert "admin" not in answer.body
    assert desk.case() == case


def test_i26_a_value_of_another_kind_is_refused(desk: Desk, dana: Browser) -> None:
    case = desk.case()
    wrong: dict[str, list[dict[str, Any]]] = {
        "PATCH": [
            {"version": str(case.version)}, {"version": -1}, {"version": 1.0}, {"version": True}, {"version": None}, {},
            {"version": case.version, "assignee": "a b"}, {"version": case.version, "assignee": "../x"},
            {"version": case.version, "assignee": 5}, {"version": case.version, "state": "merged"},
            {"version": case.version, "state": "closed", "reason": "thanks"},
            {"version": case.version, "state": "snoozed"},
            {"version": case.version, "state": "snoozed", "snoozed_until": "tomorrow"},
            {"version": case.version, "state": "snoozed", "snoozed_until": "2026-11-20T12:00:00"},
        ],
        "POST /replies": [
            {"text": 5, "seen": 1}, {"text": "x", "seen": "1"}, {"text": "x", "seen": True}, {"text": "x"},
            {"text": None, "seen": 1}, {"text": ["x"], "seen": 1}, {"text": "x", "seen": -1},
        ],
        "POST /notes": [{"text": ""}, {"text": None}, {}, {"text": 1}, {"text": "x" * 10_001}],
        "POST /replies/r1/decision": [{"found": "true"}, {"found": 1}, {"found": None}, {}],
    }  # fmt: skip
    for route, bodies in wrong.items():
        method, _, path = route.partition(" ")
        for body in bodies:
            assert dana.send(method, at(desk, path), body).code == (400, "invalid"), (route, body)
    assert desk.case() == case


def test_a_putting_off_without_meaning_is_refused(desk: Desk, dana: Browser) -> None:
    case = desk.case()
    for body in (
        {"state": "closed", "snoozed_until": LATER}, {"state": "open", "snoozed_until": LATER},
        {"snoozed_until": LATER},
        {"state": "snoozed", "snoozed_until": "9999-12-31T23:59:59-23:59"},
        {"state": "snoozed", "snoozed_until": "0001-01-01T00:00:00+14:00"},
        {"state": "snoozed", "snoozed_until": "9999-12-31T23:59:59Z"},
    ):  # fmt: skip
        answer = dana.send("PATCH", at(desk), {"version": case.version, **body})
        assert answer.code == (400, "invalid"), body
    assert desk.case() == case


BROKEN = {
    "nothing": "", "no JSON": "{", "an array": "[]", "null": "null", "a text": '"x"', "garbage behind": "{} x",
    "a key twice": '{"text": "a", "text": "b"}', "not a number": '{"text": NaN}',
    "a long number": '{"seen": ' + "1" * 31 + "}", "an endless number": '{"seen": ' + "1" * 5000 + "}",
    "open for ever": '{"text": ' + "[" * 100_000, "deep": '{"a":' * 65 + "1" + "}" * 65,
    "half a character": '{"text": "\\ud83d", "seen": 1}', "half a character in a name": '{"\\udc00": 1}',
    "byte order mark": "\ufeff{}", "no UTF-8": b"\xff{}", "form": "text=x&seen=1", "XML": "<text/>",
}  # fmt: skip


def test_a_body_that_is_not_one_plain_json_object_is_refused(desk: Desk, dana: Browser) -> None:
    before = desk.case()
    for name, body in BROKEN.items():
        desk.clock.forward(seconds=10)
        for method, path, _ in writes(before.id, "r123"):
            assert dana.send(method, path, body).code == (400, "invalid"), (path, name)
    assert desk.case() == before
    assert not [item for item in desk.items() if item["sk"].startswith("NOTE#")]


def test_a_body_sent_as_base64_is_read_and_a_broken_one_refused(desk: Desk, dana: Browser) -> None:
    assert dana.send("POST", at(desk, "/notes"), b'{"text": "\xc4\x81"}').said["text"] == "ā"
    assert dana.send("POST", at(desk, "/notes"), "x" * 2_000_001).code == (413, "too_large")


def test_h48_another_content_type_is_refused(desk: Desk, dana: Browser) -> None:
    case = desk.case()
    kinds = ("", "text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; a=x",
             "application/jsonp", "application/json+x", "text/json", "application/problem+json", "*/*")  # fmt: skip
    for kind in kinds:
        for method, path, body in writes(case.id, "r123", case.version, case.talk):
            assert dana.send(method, path, body, content_type=kind).code == (415, "not_json"), (kind, path)
    assert desk.case() == case
    fine = dana.send("POST", at(desk, "/notes"), {"text": "n"}, content_type="Application/JSON; charset=utf-8")
    assert fine.status == 201


def test_h48_a_get_with_a_body_is_refused(desk: Desk, dana: Browser) -> None:
    for path in ("me", "queue", at(desk)):
        assert dana.ask("GET", f"/api/v1/{path}", body='{"view": "open"}').code == (415, "no_body")
        assert dana.ask("GET", f"/api/v1/{path}", body=b"").status == 200


def test_h38_an_odd_id_in_the_path_is_unknown(desk: Desk, dana: Browser) -> None:
    good = desk.case().id
    before = desk.case()
    for odd in (
        "%2e%2e%2f", "..", ".", "%00", f"{good}%00", f"{good};v=1", f"{good}\uff0fnotes", f"{good}%2fnotes", "é",
        "a" * 65, "a b", f"{good}\n", f"{good}#x", f"{good}?x", f"{good}%252f", "{}", "<x>", "*", "a:b", "'", "|",
        "\u202e" + good, good + "\u200b",
    ):  # fmt: skip
        desk.clock.forward(seconds=10)  # not to be stopped for the number of attempts
        assert dana.get(f"conversations/{odd}").code == (404, "not_found"), odd
        for write in writes(odd, "r123", before.version, before.talk):
            assert dana.send(*write).code == (404, "not_found"), (odd, write)
        assert dana.send("POST", at(desk, f"/replies/{odd}/decision"), {"found": True}).code == (404, "not_found"), odd
    assert desk.case() == before


def test_h40_what_is_asked_for_comes_from_a_list(desk: Desk, dana: Browser) -> None:
    for path, query in (
        ("me", "x=1"), ("me", "view=open"), ("queue", "sort=pk"), ("queue", "filter=owner"), ("queue", "order=1;drop"),
        ("queue", "view="), ("queue", "view=OPEN"), ("queue", "view=open%27%20OR%201=1"), ("queue", "view=open,mine"),
        ("queue", "view=closed"), ("queue", "%23h=1"), ("queue", "view[]=open"), ("queue", "__proto__=1"),
        (at(desk), "before=x"), (at(desk), "after=x"), (at(desk), "before="), (at(desk), "limit=1"),
    ):  # fmt: skip
        assert dana.get(path, query).status == 400, (path, query)


# --- once per click -----------------------------------------------------------------------------


def test_h37_i17_the_same_key_gives_the_first_result_and_another_body_is_refused(desk: Desk, dana: Browser) -> None:
    case = desk.case()
    other = {"assignee": None, "text": "another", "found": False}
    reply_id = ""
    for number, name in enumerate(("PATCH", "replies", "decision", "notes")):
        if name == "decision":
            dana.desk.clock.forward(seconds=20)
            reply = wiring.actions().replies.get(BRAND, case.id, reply_id)
            assert reply is not None
            wiring.sending()._moved(reply, reply.model_copy(update={"state": State.HUMAN}), "reply.human")
        method, path, body = list(writes(case.id, reply_id, case.version, case.talk))[number]
        key = f"key-{name}-0001"
        first = dana.send(method, path, body, key)
        assert first.status in (200, 201, 202), (name, first)
        reply_id = reply_id or first.said.get("id", "") if name == "replies" else reply_id
        before = [i for i in desk.items() if i["sk"] != "RATE"]
        again = dana.send(method, path, body, key)
        assert (again.status, again.said) == (first.status, first.said), name
        for field in other.keys() & body.keys():
            assert dana.send(method, path, body | {field: other[field]}, key).code == (422, "key_reused"), name
        assert dana.send("POST", f"conversations/{case.id}/notes", {"text": "elsewhere"}, key).code == (
            422,
            "key_reused",
        )
        assert [i for i in desk.items() if i["sk"] != "RATE"] == before, f"{name}: nothing happened twice"


def test_h37_a_write_without_a_key_is_refused(desk: Desk, dana: Browser) -> None:
    case = desk.case()
    for key in ("", "short", "a" * 65, "with space", "ключключ", "a\nbcdefgh", "../../etc/passwd"):
        for write in writes(case.id, "r123", case.version, case.talk):
            assert dana.send(*write, idempotency_key=key).code == (400, "no_key"), (key, write)
    assert desk.case() == case


def test_the_same_key_of_two_agents_is_two_clicks(desk: Desk, dana: Browser, sign_in: SignIn) -> None:
    eve = sign_in("eve")
    first, second = (b.send("POST", at(desk, "/notes"), {"text": b.member}, "the-same-key") for b in (dana, eve))
    assert (first.status, second.status) == (201, 201)
    assert first.said["id"] != second.said["id"]


def test_h36_a_stale_version_is_told_and_changes_nothing(desk: Desk, dana: Browser, sign_in: SignIn) -> None:
    case, eve = desk.case(), sign_in("eve")
    assert eve.send("PATCH", at(desk), {"version": case.version, "assignee": "me"}).status == 200
    taken = desk.case()
    for body in ({"assignee": "me"}, {"state": "closed"}, {"state": "snoozed", "snoozed_until": LATER}):
        assert dana.send("PATCH", at(desk), {"version": case.version, **body}).code == (409, "stale")
    assert dana.send("PATCH", at(desk), {"version": taken.version + 5, "assignee": "me"}).code == (409, "stale")
    assert desk.case() == taken


def test_h36_a_case_is_not_closed_over_words_its_agent_has_not_seen(desk: Desk, dana: Browser) -> None:
    case = desk.case()
    desk.take_in(
        mention("2123710858654654475", "@acme it is on fire!", conversation_id=POST, in_reply_to_tweet_id=POST)
    )
    assert dana.send("PATCH", at(desk), {"version": case.version, "state": "closed"}).code == (409, "stale")


# --- what an author may write -------------------------------------------------------------------


def test_h41_a_reply_is_counted_as_the_platform_counts(desk: Desk, dana: Browser) -> None:
    talk = desk.case().talk
    refused = {
        "": "empty", "   \n\t": "empty", "\u200b\u200c\u200d\u2060\ufeff": "empty", "\u200e\u202e\u2066": "empty",
        "a" * 281: "too_long", "a" * 1_000_000: "too_long", "本" * 141: "too_long", "👍" * 141: "too_long",
        "https://a.lv " * 12: "too_long", "👨‍👩‍👧‍👦" * 141: "too_long", "я" * 281: "too_long",
    }  # fmt: skip
    for text, code in refused.items():
        answer = dana.send("POST", at(desk, "/replies"), {"text": text, "seen": talk})
        assert answer.code == (422, code), text[:20]
        assert not text.strip() or text[:20] not in answer.body, "no echo"
    assert desk.case().reply_state == ""
    for text in ("a" * 280, "本" * 140, "👍" * 140, "👨‍👩‍👧‍👦" * 140, "https://example.com/" + "a" * 400, "я" * 280):
        assert weighted_length(text) <= 280, text[:20]
    assert dana.send("POST", at(desk, "/replies"), {"text": "👍" * 140, "seen": talk}).status == 202


@pytest.mark.parametrize("text", ["\u034f\u034f", "\ufe0f", "\u3164", "\u115f\u1160", "\u2800", "\u0301"])
def test_h41_what_nobody_can_see_is_empty(desk: Desk, dana: Browser, text: str) -> None:
    assert dana.send("POST", at(desk, "/replies"), {"text": text, "seen": desk.case().talk}).code == (422, "empty")


def test_h41_where_the_platform_takes_no_answer_the_reason_is_said(desk: Desk, sign_in: SignIn) -> None:
    implicit: dict[str, Any] = {
        "display_text_range": [6, 24],
        "in_reply_to_tweet_id": "1",
        "event_type": "post.reply.create",
    }
    desk.take_in(mention(**implicit))
    dana = sign_in()
    (verb, _) = dana.get(at(desk)).said["verbs"]
    assert not verb["allowed"]
    answer = dana.send("POST", at(desk, "/replies"), {"text": "Hello", "seen": desk.case().talk})
    assert answer.code == (422, "not_allowed")
    assert answer.said["detail"] == verb["reason"] != ""


def test_409_talked_brings_what_was_said_since(desk: Desk, dana: Browser) -> None:
    seen = desk.case().talk
    desk.take_in(
        mention("2123710858654654475", "@acme hello?", conversation_id=POST, in_reply_to_tweet_id=POST),
        mention("2123710858654654999", "@acme it burns", conversation_id=POST, in_reply_to_tweet_id=POST),
    )
    answer = dana.send("POST", at(desk, "/replies"), {"text": "Hello Kim", "seen": seen})
    assert answer.code == (409, "talked")
    assert [m["text"] for m in answer.said["new"]] == ["@acme hello?", "@acme it burns"]
    assert answer.said["talk"] == desk.case().talk == seen + 2
    assert desk.case().reply_state == ""
    assert dana.send("POST", at(desk, "/replies"), {"text": "Hello Kim", "seen": answer.said["talk"]}).status == 202
    for odd in (0, 10**6):
        assert dana.send("POST", at(desk, "/replies"), {"text": "Hello", "seen": odd}).status == 409


def test_a_failing_table_changes_nothing_and_says_so(desk: Desk, dana: Browser) -> None:
    case = desk.case()
    for method, path, body in writes(case.id, "r123", case.version, case.talk):
        if "decision" in path:
            continue
        with fault("TransactWriteItems", "throttled"):
            answer = dana.send(method, path, body, "the-key-of-it-" + method)
        assert answer.code == (503, "failed")
        assert desk.case() == case

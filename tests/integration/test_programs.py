# ruff: noqa: F811 (fixtures of another test module, which pytest finds by their names)
"""Programs and their tokens: what they open, and that nothing done by one looks as if a person had done it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from hark import wiring
from hark.domain.people import Member
from hark.domain.programs import SCOPES
from hark.domain.reply import State
from hark.store import keys

from .browser import Answer, Browser
from .conftest import BRAND, Desk
from .faults import fault
from .test_outbox import Outbox, fake, outbox  # noqa: F401
from .x_deliveries import mention

SignIn = Callable[..., Browser]
TOMORROW = "2026-11-21T09:15:00.000Z"


class Program:
    """What asks with a token, as `curl` would."""

    def __init__(self, desk: Desk, token: str, cookies: list[str] | None = None) -> None:
        self.browser = Browser(desk, cookies=cookies or [])
        self.authorization = f"Bearer {token}"

    def get(self, path: str, query: str = "", **headers: str) -> Answer:
        return self.browser.get(path, query, authorization=self.authorization, **headers)

    def send(self, method: str, path: str, body: Any, key: str | None = None) -> Answer:
        return self.browser.send(method, path, body, key, authorization=self.authorization, x_desk="", origin="")


@pytest.fixture
def lea(sign_in: SignIn) -> Browser:
    return sign_in("lea", name="Lea Lead", role="lead", seconds=90 * 86400)


def made(lead: Browser, *scopes: str, name: str = "Order system", **more: Any) -> dict[str, Any]:
    until = wiring.clock().replace(year=2027, month=6).isoformat()
    body = {"name": name, "scopes": list(scopes or SCOPES), "ends_at": until} | more
    answer = lead.send("POST", "programs", body)
    assert answer.status == 201, answer.body
    found: dict[str, Any] = answer.said
    return found


def test_a_token_is_told_once_kept_by_its_hash_and_written_into_no_log(
    desk: Desk, lea: Browser, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    new = made(lea, "reports:read", "notes:write")
    token, program = new["token"], new["program"]
    assert token.startswith("hark_") and len(token) == len("hark_") + 43
    assert (program["scopes"], program["made_by"], program["used_at"]) == (
        ["reports:read", "notes:write"], "Lea Lead", None,
    )  # fmt: skip
    crm = Program(desk, token)
    assert crm.get("reports", "from=2026-11-20&to=2026-11-20").status == 200
    assert crm.get("queue").code == (403, "no_scope")
    assert crm.send("POST", "conversations/c123/notes", {"text": "n"}).status == 404
    with fault("GetItem", "throttled"):
        assert crm.get("queue").code == (503, "failed")
    (listed,) = lea.get("programs").said["items"]
    assert listed == {**program, "used_at": "2026-11-20T09:15:00.000Z"}
    logged = "".join(str(vars(record)) for record in caplog.records) + str(capsys.readouterr())
    assert program["id"] in logged
    assert token not in logged + repr(desk.items()) + lea.get("programs").body


def test_a_token_that_is_wrong_ended_taken_away_or_anothers_opens_nothing_and_does_not_say_which(
    desk: Desk, lea: Browser, sign_in: SignIn
) -> None:
    desk.take_in(mention())
    case = f"conversations/{desk.case().id}"
    lou = sign_in("lou", "other", role="operator", seconds=90 * 86400)
    short, gone, others = made(lea, ends_at=TOMORROW), made(lea), made(lou)
    assert Program(desk, short["token"]).get(case).status == 200
    assert Program(desk, others["token"]).get(case).code == (404, "not_found")
    assert Program(desk, others["token"]).get("queue").said["items"] == []
    assert lou.send("DELETE", f"programs/{gone['program']['id']}", {}).code == (404, "not_found")
    assert Program(desk, gone["token"]).get(case).status == 200

    away = lea.send("DELETE", f"programs/{gone['program']['id']}", {})
    assert (away.said["good"], away.said["revoked_by"]) == (False, "Lea Lead")
    again = lea.send("DELETE", f"programs/{gone['program']['id']}", {})
    assert again.said == away.said, "when and by whom stays as it was"
    desk.clock.forward(days=1)
    session = lea.cookies[0].partition("=")[2]
    bad = (
        gone["token"], short["token"], short["token"][:-1], short["token"].removeprefix("hark_"), "hark_", "",
        f"{others['token']}x", f"{others['token']},{others['token']}", session, keys.session_id(session),
    )  # fmt: skip
    refused = {(a.status, a.body, a.headers["www-authenticate"]) for a in (Program(desk, one).get(case) for one in bad)}
    assert len(refused) == 1
    assert next(iter(refused))[0] == 401
    assert [one["good"] for one in lea.get("programs").said["items"]] == [False, False]


def test_a_token_and_a_session_do_not_mix(desk: Desk, lea: Browser) -> None:
    desk.take_in(mention())
    token, path = made(lea)["token"], f"conversations/{desk.case().id}/notes"
    both, bad = Program(desk, token, lea.cookies), Program(desk, "hark_guess", lea.cookies)
    for asker in (both, bad):
        assert asker.get("queue").code == (400, "mixed")
        assert asker.send("POST", path, {"text": "n"}).code == (400, "mixed")
    as_page = lea.send("POST", path, {"text": "n"}, authorization=f"Bearer {token}")
    assert as_page.code == (400, "mixed")
    crm = Program(desk, token)
    assert crm.get("changes", f"open={desk.case().id}&writing=1", **{"x-desk": "1"}).status == 200
    assert desk.items() and not [i for i in desk.items() if i["pk"].endswith("#PRESENCE")], "a program looks at nothing"


def test_what_a_program_does_has_its_name_and_it_is_no_colleague(desk: Desk, lea: Browser, sign_in: SignIn) -> None:
    desk.take_in(mention())
    sign_in("dana", name="Dana Ozola")
    new = made(lea)
    crm, case = Program(desk, new["token"]), f"conversations/{desk.case().id}"
    me = crm.get("me").said
    assert me["agent"]["roles"] == ["program"] and {one["id"] for one in me["members"]} == {"lea", "dana"}
    assert crm.send("POST", f"{case}/notes", {"text": "Order 4711 is paid."}).said["by"] == "Order system"
    version = desk.case().version
    for nobody in ("me", new["program"]["id"]):
        wish = {"version": version, "assignee": nobody}
        assert crm.send("PATCH", case, wish).code == (409, "no_such_member")
        if nobody != "me":
            assert lea.send("PATCH", case, wish).code == (409, "no_such_member")
    assert crm.send("PATCH", case, {"version": version, "assignee": "dana"}).said["owner"]["id"] == "dana"
    closed = crm.send("PATCH", case, {"version": desk.case().version, "state": "closed"})
    assert closed.said["status"] == "closed"
    told = lea.get(case).said
    assert [(line["code"], line["by"]) for line in told["history"]][1:] == [
        ("note.added", "Order system"), ("case.assigned", "Order system"), ("case.closed.agent", "Order system"),
    ]  # fmt: skip
    assert told["notes"][0]["by"] == "Order system"

    assert {one["id"] for one in lea.get("team").said["members"]} == {"lea", "dana"}
    for method, path in (("PATCH", ""), ("POST", "/sign-out")):
        answer = lea.send(method, f"team/{new['program']['id']}{path}", {"away": True} if method == "PATCH" else {})
        assert answer.code == (404, "not_found")
    lea.send("DELETE", f"programs/{new['program']['id']}", {})
    assert lea.get(case).said["notes"][0]["by"] == "Order system", "what it did keeps its name"


def test_a_program_answers_what_nobody_has_taken_and_the_case_stays_the_teams(outbox: Outbox, sign_in: SignIn) -> None:
    desk = outbox.desk
    desk.clock.forward(minutes=5)  # the fake platform lives a little ahead of it
    desk.step("triage", desk.case())
    lea = sign_in("lea", role="lead", seconds=90 * 86400)
    crm, case = Program(desk, made(lea)["token"]), f"conversations/{desk.case().id}"
    hello = {"text": "Hello Kim, your parcel is on its way."}
    first = crm.send("POST", f"{case}/replies", {**hello, "seen": desk.case().talk})
    assert (first.status, first.said["by"]) == (202, "Order system")
    reply = wiring.actions().replies.get(BRAND, desk.case().id, first.said["id"])
    assert reply
    assert outbox.push(reply).state is State.SENT
    assert [post["text"] for post in outbox.posts()] == [hello["text"]]
    assert (desk.case().owner, desk.case().awaiting) == ("", "them")
    told = lea.get(case).said
    assert [message["by"] for message in told["messages"] if message["own"]] == ["Order system"]
    assert {line["by"] for line in told["history"] if line["code"].startswith("reply.")} == {"Order system"}
    (fact,) = [item for item in desk.items() if item["pk"].startswith(f"{BRAND}#FACTS") and "#answered" in item["sk"]]
    assert json.loads(fact["fact"])["author"] == "desk", "the reports count it as no person's"

    desk.clock.forward(minutes=1)
    again = crm.send("POST", f"{case}/replies", {"text": "And one thing more.", "seen": desk.case().talk})
    assert again.code == (422, "not_allowed"), "X takes one answer of a program for each contact"
    assert lea.send("PATCH", case, {"version": desk.case().version, "assignee": "dana"}).status == 200
    taken = crm.send("POST", f"{case}/replies", {"text": "Hello?", "seen": desk.case().talk})
    assert taken.code == (409, "owned")


def test_when_a_token_was_used_is_written_down_once_an_hour_and_a_wild_one_is_stopped(desk: Desk, lea: Browser) -> None:
    crm = Program(desk, made(lea)["token"])
    for minutes, told in ((0, "09:15"), (59, "09:15"), (1, "10:15")):
        desk.clock.forward(minutes=minutes)
        assert crm.get("me").status == 200
        assert lea.get("programs").said["items"][0]["used_at"] == f"2026-11-20T{told}:00.000Z"
    desk.clock.forward(hours=1)
    with fault("UpdateItem", "throttled"):
        assert crm.get("me").status == 200
    answers = [crm.send("POST", "conversations/c1/notes", {"text": "n"}).status for _ in range(61)]
    assert answers == [404] * 60 + [429]
    assert lea.send("POST", "conversations/c1/notes", {"text": "n"}).status == 404, "nobody else is"


def test_who_may_make_a_token_and_for_how_long(desk: Desk, lea: Browser, enrol: Callable[..., Member]) -> None:
    good = {"name": "CRM", "scopes": ["notes:write"], "ends_at": TOMORROW}
    wrongs: tuple[dict[str, Any], ...] = (
        {"name": ""}, {"name": " \n"}, {"name": "x" * 61}, {"name": "a\u0000b"}, {"scopes": []}, {"scopes": ["all"]},
        {"ends_at": "2026-11-21"}, {"ends_at": ""}, {"ends_at": "9999-12-31T23:59:59-23:00"}, {"role": "lead"},
    )  # fmt: skip
    for wrong in wrongs:
        assert lea.send("POST", "programs", good | wrong).code == (400, "invalid"), wrong
    assert lea.send("POST", "programs", good | {"ends_at": "2026-11-20T09:15:00Z"}).code == (422, "past")
    assert lea.send("POST", "programs", good | {"ends_at": "2027-11-22T09:15:00Z"}).code == (422, "too_far")
    first = lea.send("POST", "programs", good, "the-very-same-click")
    assert first.status == 201
    assert lea.send("POST", "programs", good, "the-very-same-click").code == (409, "shown_once")
    for _ in range(49):
        made(lea)
        desk.clock.forward(seconds=1)
    assert lea.send("POST", "programs", good).code == (409, "too_many_programs")
    desk.clock.forward(days=1)
    assert lea.send("POST", "programs", good | {"ends_at": "2026-12-21T09:15:00Z"}).status == 201, "one has ended"

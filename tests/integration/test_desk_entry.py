"""Who is let into the desk, and what every answer carries: rows H33, H44, H45 and H47 of the invariants, section 5B."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from hark import wiring
from hark.web import plain_page
from hark.web.app import HEADERS, app

from infra.expand import read

from .browser import Answer, Browser
from .conftest import Desk
from .faults import fault
from .gateway import request
from .x_deliveries import mention

SignIn = Callable[..., Browser]
WRITING = ("POST", "PATCH", "PUT", "DELETE")


def routes() -> Iterator[tuple[str, str]]:
    """Every route of the resolver, methods and paths, so that none can be forgotten here."""
    for route in [*app._static_routes, *app._dynamic_routes]:
        path = route.path.replace("<digest>", "0" * 16).replace(".+", "app.js")
        for method in [route.method] if isinstance(route.method, str) else route.method:
            yield method, re.sub(r"<\w+>", "c123", path)


def gateway_routes() -> Iterator[tuple[str, str]]:
    """Every route that the template gives to the desk."""
    events = read()["Resources"]["DeskApiFunction"]["Properties"]["Events"]
    for event in events.values():
        assert event["Type"] == "HttpApi"
        properties = event["Properties"]
        method, path = properties["Method"], re.sub(r"{\w+\+?}", "anything", properties["Path"])
        for one in ("GET", "HEAD", "OPTIONS", *WRITING) if method == "ANY" else (method,):
            yield one, path


def body_of(method: str) -> dict[str, str]:
    return {"content-type": "application/json", "x-desk": "1", "origin": "https://desk.example.com",
            "idempotency-key": "k" * 16} if method in WRITING else {}  # fmt: skip


ROUTES = """
GET /                    GET /a/0000000000000000/app.js    GET POST /s/c123
GET /auth/login          GET /auth/callback                POST /auth/sign-out
GET /api/v1/me/sessions  DELETE /api/v1/me/sessions/c123   POST /api/v1/me/sessions/sign-out
POST /api/v1/team/c123/sign-out  GET POST /api/v1/programs  DELETE /api/v1/programs/c123
GET /api/v1/me           GET /api/v1/queue                 GET PATCH /api/v1/notices
GET /api/v1/changes         GET /api/v1/reports               GET /api/v1/reports/cases
POST /api/v1/notices/read
GET /api/v1/tags
GET /api/v1/team         PATCH /api/v1/team/c123           GET /api/v1/shadow
GET PATCH /api/v1/policy  POST /api/v1/policy/dry-run    GET /api/v1/policy/history
GET /api/v1/accounts/c123/waiting  POST /api/v1/accounts/c123/pause  POST /api/v1/accounts/c123/resume
GET /api/v1/ledger
GET PATCH /api/v1/retention  POST /api/v1/retention/dry-run
GET /api/v1/erasures  GET /api/v1/erasures/c123  POST CASE/erasure
GET /api/v1/approvals    GET /api/v1/bot/review            POST /api/v1/bot/review/c123/c123
GET POST /api/v1/canned  PATCH DELETE /api/v1/canned/c123  POST /api/v1/canned/c123/uses
GET /api/v1/canned/page  POST /api/v1/canned/candidates
GET /api/v1/media/c123/c123/c123                           GET /api/v1/avatars/c123/c123
GET POST /api/v1/incidents                                 GET PATCH /api/v1/incidents/c123
GET /api/v1/incidents/c123/cases                           GET /api/v1/incidents/c123/unanswered
GET /api/v1/incidents/c123/export                          POST /api/v1/incidents/c123/broadcasts
POST /api/v1/incidents/c123/broadcasts/c123/decision
GET /api/v1/listening        GET /api/v1/listening/queries     POST /api/v1/listening/trial
GET /api/v1/listening/c123   POST /api/v1/listening/c123/case  POST /api/v1/listening/c123/dismiss
POST /api/v1/listening/c123/undo
GET PATCH CASE           POST CASE/notes                   POST CASE/acts
POST CASE/replies        PATCH DELETE CASE/replies/c123    POST CASE/replies/c123/decision
GET POST CASE/drafts     PATCH DELETE CASE/drafts/c123     POST CASE/drafts/c123/approve
POST CASE/drafts/c123/return                               POST CASE/check
POST CASE/promise        POST CASE/acknowledgement         GET CASE/incident
POST CASE/survey         GET CASE/ratings                  GET CASE/workflow
GET CASE/customer
"""
"""What the desk answers to: verbs, then the path, where every variable is `c123`. A new route is added here too."""


def test_the_resolver_has_the_routes_of_the_contract() -> None:
    verbs: list[str] = []
    contract = set()
    for word in ROUTES.replace("CASE", "/api/v1/conversations/c123").split():
        if word.startswith("/"):
            contract |= {(verb, word) for verb in verbs}
            verbs = []
        else:
            verbs.append(word)
    assert set(routes()) == contract


FORGED: tuple[list[str], ...] = (
    [], ["__Host-desk="], ["__Host-desk=guess"], ["desk=guess"], ["__Host-desk=guess; a=b", "x"], ["\u00fc"],
)  # fmt: skip


def test_without_a_session_only_page_files_and_sign_in_answer(desk: Desk) -> None:
    for method, path in sorted({*routes(), *gateway_routes()}):
        for cookies in FORGED:
            answer = Browser(desk, cookies=cookies).ask(
                method, path, headers=body_of(method), body="{}" * (method in WRITING)
            )
            if path.startswith("/api/"):
                assert answer.code == (401, "signed_out"), (method, path)
            else:
                assert path == "/" or path.startswith(("/a/", "/auth/", "/s/")), "a route that nobody guards"


def test_what_is_not_plainly_open_is_shut_however_it_is_written(desk: Desk) -> None:
    nobody = Browser(desk)
    shut = (
        "/api/v1/me", "/api/v1/", "/api/", "/api", "//api/v1/me", "/API/v1/me", "/api%2fv1/me", "/./api/v1/me",
        "/prod/api/v1/me", "/$default/api/v1/me", "/anything", "", "/a", "/auth", "\\api\\v1\\me",
    )  # fmt: skip
    for path in shut:
        for method in ("GET", "POST"):
            assert nobody.ask(method, path, headers=body_of(method)).status == 401, (method, path)
    for path in ("/a/../api/v1/me", "/auth/../api/v1/me", "/a/%2e%2e/api/v1/me", "/auth/..;/api/v1/me"):
        assert nobody.ask("GET", path).code == (404, "not_found")


def test_a_stage_in_front_of_the_path_opens_nothing(desk: Desk, sign_in: SignIn) -> None:
    dana = sign_in()
    assert dana.get("me").status == 200
    event = request("GET", "/prod/api/v1/me")
    event["requestContext"]["stage"] = "prod"
    answer = Answer.of(desk.call("desk_api", event))
    assert answer.code == (401, "signed_out")


def test_h33_who_is_removed_is_out_at_once(desk: Desk, sign_in: SignIn, enrol: Callable[..., Any]) -> None:
    desk.take_in(mention())
    dana, case = sign_in(), desk.case()
    assert dana.get("me").status == 200
    enrol("dana", removed=True)
    for answer in (
        dana.get("me"), dana.get("queue"), dana.get(f"conversations/{case.id}"),
        dana.send("POST", f"conversations/{case.id}/notes", {"text": "bye"}),
        dana.send("PATCH", f"conversations/{case.id}", {"version": case.version, "assignee": "me"}),
    ):  # fmt: skip
        assert answer.code == (403, "not_a_member")
    assert desk.case() == case
    enrol("dana")
    assert dana.get("me").status == 200


def test_h33_who_signed_out_is_out_though_the_cookie_is_kept(sign_in: SignIn) -> None:
    dana = sign_in()
    foreign = dana.ask("POST", "/auth/sign-out", headers={"origin": "https://evil.example"})
    assert foreign.code == (403, "foreign")
    assert dana.get("me").status == 200
    out = dana.ask("POST", "/auth/sign-out", headers=body_of("POST"))
    assert out.status == 204
    (cookie,) = out.cookies
    assert cookie.startswith("__Host-desk=;") and "Max-Age=0" in cookie
    assert dana.get("me").code == (401, "signed_out")


def test_a_session_ends_when_its_time_is_over(desk: Desk, sign_in: SignIn) -> None:
    dana = sign_in(seconds=3600)
    desk.clock.forward(seconds=3600)
    assert dana.get("me").status == 200
    desk.clock.forward(seconds=1)
    assert dana.get("me").code == (401, "signed_out")


def test_a_session_is_kept_by_its_hash_only(desk: Desk, sign_in: SignIn) -> None:
    token = sign_in().cookies[0].partition("=")[2]
    assert token not in repr(desk.items())


def test_a_reader_reads_and_writes_nothing(desk: Desk, sign_in: SignIn) -> None:
    desk.take_in(mention())
    case, reader = desk.case(), sign_in("rita", role="reader")
    before = desk.items()
    for path in ("me", "queue", f"conversations/{case.id}"):
        assert reader.get(path).status == 200
    for method, path in routes():
        # Where they are signed in themselves is everybody's own business.
        if path.startswith("/api/") and method in WRITING and "/me/sessions" not in path:
            path = path.removeprefix("/api/v1/").replace("c123", case.id)
            assert reader.send(method, path, {}).status == 403, path
    assert [item for item in desk.items() if item["sk"] != "RATE"] == before


def test_a_write_comes_from_our_own_page_or_not_at_all(desk: Desk, sign_in: SignIn) -> None:
    desk.take_in(mention())
    dana, case = sign_in(), desk.case()
    before = desk.items()
    foreign = (
        {"origin": ""}, {"origin": "null"}, {"origin": "https://evil.example"}, {"origin": "http://desk.example.com"},
        {"origin": "https://desk.example.com.evil.example"}, {"origin": "https://desk.example.com:8443"},
        {"origin": "https://desk.example.com/"}, {"origin": "https://evil.example, https://desk.example.com"},
        {"origin": "https://desk.example.com\r\nx: y"}, {"origin": "HTTPS://DESK.EXAMPLE.COM"}, {"x_desk": ""},
        {"x_desk": "0"}, {"x_desk": "true"}, {"x_desk": "1, 1"},
    )  # fmt: skip
    for headers in foreign:
        for method, path in routes():
            if path.startswith("/api/") and method in WRITING:
                path = path.removeprefix("/api/v1/").replace("c123", case.id)
                assert dana.send(method, path, {"text": "x"}, **headers).code == (403, "foreign"), (headers, path)
    assert desk.items() == before


def test_h44_no_foreign_origin_is_allowed_anything(sign_in: SignIn, desk: Desk) -> None:
    dana = sign_in()
    for origin in ("https://evil.example", "null", "https://desk.example.com.evil.example", "https://desk.example.com"):
        asked = {"origin": origin, "access-control-request-method": "POST", "access-control-request-headers": "x-desk"}
        for method, path in (("OPTIONS", "/api/v1/queue"), ("GET", "/api/v1/queue"), ("GET", "/"), ("OPTIONS", "/")):
            for browser in (dana, Browser(desk)):
                answer = browser.ask(method, path, headers=asked)
                assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_h45_a_program_that_runs_wild_is_stopped_and_nobody_else(desk: Desk, sign_in: SignIn) -> None:
    desk.take_in(mention())
    dana, eve, path = sign_in(), sign_in("eve"), f"conversations/{desk.case().id}/notes"
    answers = [dana.send("POST", "conversations/c1/notes", {"text": "n"}).status for _ in range(61)]
    assert answers == [404] * 60 + [429]
    assert dana.send("POST", path, {"text": "n"}).code == (429, "too_many")
    assert dana.get("queue").status == 200, "reading goes on"
    assert eve.send("POST", path, {"text": "n"}).status == 201
    desk.clock.forward(seconds=10)
    assert dana.send("POST", path, {"text": "n"}).status == 201
    assert len([i for i in desk.items() if i["sk"].startswith("NOTE#")]) == 2


def test_h47_forwarded_hosts_are_not_believed(desk: Desk, sign_in: SignIn) -> None:
    desk.take_in(mention())
    evil = {
        "host": "evil.example", "x_forwarded_host": "evil.example", "x_forwarded_proto": "http",
        "forwarded": "host=evil.example", "x_original_url": "/api/v1/me", "x_http_method_override": "DELETE",
    }  # fmt: skip
    dana, path = sign_in(), f"conversations/{desk.case().id}/notes"
    assert dana.send("POST", path, {"text": "n"}, **evil).status == 201
    assert dana.send("POST", path, {"text": "n"}, origin="https://evil.example", **evil).code == (403, "foreign")
    stranger = Browser(desk).ask("GET", "/api/v1/nothing", headers={n.replace("_", "-"): v for n, v in evil.items()})
    assert stranger.code == (401, "signed_out")


def test_every_answer_carries_the_headers_that_protect_who_reads_it(desk: Desk, sign_in: SignIn) -> None:
    desk.take_in(mention())
    dana, case = sign_in(), desk.case()
    etag = dana.get("queue").headers["etag"]
    answers = [
        dana.get("me"), dana.get("queue"), dana.get("queue", **{"if-none-match": etag}), dana.get("queue", "limit=0"),
        dana.get(f"conversations/{case.id}"), dana.get("nothing"), dana.send("POST", "nothing", {}),
        dana.send("POST", f"conversations/{case.id}/notes", {"text": "n"}), Browser(desk).get("me"),
        dana.send("POST", f"conversations/{case.id}/replies", {"text": "", "seen": 1}), dana.ask("GET", "/"),
        dana.ask("GET", "/a/0/app.js"), dana.ask("GET", "/auth/callback"), dana.ask("POST", "/auth/login"),
    ]  # fmt: skip
    with fault("GetItem", "throttled"):
        answers.append(dana.get("me"))
    with fault("Query", "throttled"):
        answers.append(dana.get("queue"))
    assert {answer.status for answer in answers} == {200, 201, 304, 400, 401, 404, 422, 503}
    met = set()
    for answer in answers:
        drawn_here = "<style>" in answer.body
        policy = plain_page.POLICY if drawn_here else HEADERS["content-security-policy"]
        assert (HEADERS | {"content-security-policy": policy}).items() <= answer.headers.items()
        assert answer.headers["cache-control"] in ("no-store", "no-cache")
        met.add(policy)
    assert len(met) == 2
    for policy in met:
        assert "unsafe" not in policy and "*" not in policy and policy.startswith("default-src 'none';")
        assert "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy and "form-action 'self'" in policy
        assert "script-src" not in policy or "require-trusted-types-for 'script'" in policy


def test_a_table_that_does_not_answer_is_503_and_nobody_is_let_in(desk: Desk, sign_in: SignIn) -> None:
    dana = sign_in()
    with fault("GetItem", "throttled"):
        assert dana.get("me").code == (503, "failed")
        assert dana.send("POST", "conversations/c1/notes", {"text": "x"}).code == (503, "failed")
    with fault("UpdateItem", "throttled"):
        assert dana.send("POST", "conversations/c1/notes", {"text": "x"}).code == (503, "failed")
    assert dana.get("me").status == 200
    assert wiring.sessions().member("") is None

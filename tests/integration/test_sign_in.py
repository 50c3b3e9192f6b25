"""Sign-in against a directory over real HTTP: state, PKCE, where one goes afterwards, and what may go wrong."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hark import aws, wiring
from hark.store.people import People

from .browser import Answer, Browser
from .conftest import BRAND, Desk

CLIENT = "client-0001"
CODE = "code-0001"
HERE = "https://desk.example.com"


class Directory:
    """Cognito's two endpoints that the server itself calls. `people` is what userInfo says; `fail` how a step fails."""

    def __init__(self) -> None:
        self.person: Any = {
            "sub": "sub-1", "email": "dana@example.com", "name": "Dana Ozola", "custom:brand": BRAND,
            "custom:role": "lead",
        }  # fmt: skip
        self.fail: dict[str, tuple[int, bytes] | None] = {}
        self.challenge = ""
        self.asked: list[str] = []
        self.used: set[str] = set()
        directory = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
                self._answer(lambda: directory.token({name: values[0] for name, values in form.items()}))

            def do_GET(self) -> None:
                self._answer(lambda: directory.user_info(self.headers.get("authorization", "")))

            def _answer(self, right: Callable[[], tuple[int, Any]]) -> None:
                step = self.path.rpartition("/")[2]
                directory.asked.append(step)
                if step in directory.fail:
                    failure = directory.fail[step]
                    if failure is None:
                        self.connection.close()
                        return
                    status, body = failure
                else:
                    status, said = right()
                    body = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def token(self, form: dict[str, str]) -> tuple[int, Any]:
        """RFC 6749, section 4.1.3, with RFC 7636: a code counts once, and only with the verifier of its challenge."""
        proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        right = {"grant_type": "authorization_code", "client_id": CLIENT, "redirect_uri": f"{HERE}/auth/callback"}
        if (
            not right.items() <= form.items()
            or proof != self.challenge
            or form.get("code") != CODE
            or CODE in self.used
        ):
            return 400, {"error": "invalid_grant"}
        self.used.add(CODE)
        return 200, {"access_token": "access-0001", "token_type": "Bearer", "expires_in": 300}

    def user_info(self, authorization: str) -> tuple[int, Any]:
        return (200, self.person) if authorization == "Bearer access-0001" else (401, {"error": "invalid_token"})


@pytest.fixture
def directory(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Directory]:
    made = Directory()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("SIGN_IN_URL", made.url)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    aws.ssm().put_parameter(Name="/hark/test/sign-in/client", Value=CLIENT, Type="String")
    wiring.sessions.cache_clear()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


class Visit:
    """One attempt to sign in with one browser."""

    def __init__(self, desk: Desk, directory: Directory, to: str = "", **headers: str) -> None:
        self.desk = desk
        self.went = Browser(desk).ask("GET", "/auth/login", f"to={to}" if to else "", headers)
        self.asked = {n: v[0] for n, v in parse_qs(urlsplit(self.went.headers.get("location", "")).query).items()}
        (self.cookie,) = self.went.cookies
        directory.challenge = self.asked["code_challenge"]

    def back(self, code: str = CODE, state: str | None = None, cookie: str | None = None) -> Answer:
        held = self.cookie.partition(";")[0] if cookie is None else cookie
        query = f"code={code}&state={self.asked['state'] if state is None else state}"
        browser = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"}
        return Browser(self.desk, cookies=[held] if held else []).ask("GET", "/auth/callback", query, browser)


def failed(answer: Answer, status: int = 400) -> None:
    assert answer.status == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert not [cookie for cookie in answer.cookies if cookie.startswith("__Host-desk=")]
    assert "<script" not in answer.body and "location" not in answer.headers


def sessions(desk: Desk) -> list[Any]:
    return desk.items("SESSION")


def test_a_sign_in_goes_to_the_directory_with_a_challenge_and_comes_back_as_a_cookie(
    desk: Desk, directory: Directory
) -> None:
    visit = Visit(desk, directory, "/%23/mine/c1")
    assert visit.went.status == 303
    assert visit.went.headers["location"].startswith(f"{directory.url}/oauth2/authorize?")
    asked = visit.asked
    assert (asked["response_type"], asked["client_id"], asked["redirect_uri"]) == (
        "code",
        CLIENT,
        f"{HERE}/auth/callback",
    )
    assert (asked["code_challenge_method"], asked["scope"]) == ("S256", "openid email profile")
    assert len(asked["state"]) >= 32 and len(asked["code_challenge"]) == 43
    assert visit.cookie.startswith(f"__Host-sign-in={asked['state']};")

    back = visit.back()
    assert (back.status, back.headers["location"], back.headers["cache-control"]) == (303, "/#/mine/c1", "no-store")
    desk_cookie, state_cookie = back.cookies
    assert state_cookie.startswith("__Host-sign-in=;") and "Max-Age=0" in state_cookie
    for cookie in (visit.cookie, desk_cookie, state_cookie):
        parts = {part.strip().lower() for part in cookie.split(";")}
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= parts
        assert not any(part.startswith("domain") for part in parts), "__Host- forbids it"
    token = desk_cookie.partition(";")[0].partition("=")[2]
    assert len(token) >= 32 and token not in repr(desk.items()) and "access-0001" not in repr(desk.items())
    me = Browser(desk, cookies=[f"__Host-desk={token}"]).get("me").said
    assert me["agent"] == {"id": "sub-1", "name": "Dana Ozola", "initials": "DO", "roles": ["lead"]}
    assert directory.asked == ["token", "userInfo"]
    (session,) = Browser(desk, cookies=[f"__Host-desk={token}"]).get("me/sessions").said["items"]
    assert (session["browser"], session["system"], session["this"]) == ("Firefox", "Linux", True)
    assert "Mozilla" not in repr(desk.items()), "the words for its owner are kept, no more"


def test_each_attempt_has_a_state_and_a_challenge_of_its_own(desk: Desk, directory: Directory) -> None:
    attempts = [Visit(desk, directory) for _ in range(3)]
    assert len({a.asked["state"] for a in attempts}) == len({a.asked["code_challenge"] for a in attempts}) == 3
    verifiers = [item["verifier"] for item in desk.items("SIGNIN")]
    assert all(43 <= len(verifier) <= 128 for verifier in verifiers), "RFC 7636, section 4.1"
    assert all(a.asked["state"] not in repr(desk.items()) for a in attempts), "kept by its hash"


def test_a_state_counts_once_in_its_own_browser_and_for_ten_minutes(desk: Desk, directory: Directory) -> None:
    visit = Visit(desk, directory)
    other = Visit(desk, directory)
    directory.challenge = visit.asked["code_challenge"]
    for answer in (
        visit.back(cookie=""), visit.back(cookie="__Host-sign-in="), visit.back(cookie="__Host-sign-in=guess"),
        visit.back(cookie=other.cookie.partition(";")[0]), visit.back(state=""), visit.back(state="guess"),
        visit.back(state="", cookie="__Host-sign-in="), visit.back(state="guess", cookie="__Host-sign-in=guess"),
        visit.back(state="%C3%BC", cookie="__Host-sign-in=ü"), visit.back(state=other.asked["state"]),
    ):  # fmt: skip
        failed(answer)
    assert directory.asked == [], "the directory is not even asked"
    assert visit.back().status == 303
    directory.used.clear()
    failed(visit.back())
    assert len(sessions(desk)) == 1

    late = Visit(desk, directory)
    desk.clock.forward(seconds=601)
    failed(late.back())
    assert len(sessions(desk)) == 1


def test_a_stolen_or_used_code_opens_nothing(desk: Desk, directory: Directory) -> None:
    victim, thief = Visit(desk, directory), Visit(desk, directory)
    directory.challenge = victim.asked["code_challenge"]
    failed(thief.back())
    failed(Visit(desk, directory).back(code="guess"))
    failed(Visit(desk, directory).back(code=""))
    failed(Browser(desk).ask("GET", "/auth/callback", "error=access_denied&error_description=%3Cscript%3E"))
    assert sessions(desk) == []


ELSEWHERE = (
    "https://evil.example", "//evil.example", "%2F%2Fevil.example", "/%5Cevil.example", "%5C%5Cevil.example",
    "/%09/evil.example",
    "/%0d%0aset-cookie:x=y", "javascript:alert(1)", "data:text/html,x", "evil.example", "@evil.example", "%20/x",
    "/%00",
    "/a%5Cb", "http:/evil.example", "///evil.example", "/" + "a" * 501, "", "%E2%80%AE/x", "/%E2%80%AE",
)  # fmt: skip


def test_nobody_is_sent_away_from_the_desk(desk: Desk, directory: Directory) -> None:
    for to in ELSEWHERE:
        directory.used.clear()
        back = Visit(desk, directory, to or "%20").back()
        assert (back.status, back.headers["location"]) == (303, "/"), to
    for to, shown in (
        ("/%23/mine", "/#/mine"),
        ("/%23/mine/c1%3Fsort=due%26ch=x", "/#/mine/c1?sort=due&ch=x"),
        ("/", "/"),
    ):
        directory.used.clear()
        assert Visit(desk, directory, to).back().headers["location"] == shown


def test_a_place_is_sent_in_plain_letters(desk: Desk, directory: Directory) -> None:
    location = Visit(desk, directory, "/%23/mine%3Ftag=p%C4%81rs%C5%ABt%C4%ABjums").back().headers["location"]
    assert location == "/#/mine?tag=p%C4%81rs%C5%ABt%C4%ABjums", "headers hold ASCII only"


def test_the_address_to_come_back_to_is_not_taken_from_a_header(desk: Desk, directory: Directory) -> None:
    visit = Visit(
        desk,
        directory,
        **{"host": "evil.example", "x-forwarded-host": "evil.example", "origin": "https://evil.example"},
    )
    assert visit.asked["redirect_uri"] == f"{HERE}/auth/callback"


def test_who_is_of_no_brand_or_was_removed_stays_out(
    desk: Desk, directory: Directory, enrol: Callable[..., Any]
) -> None:
    good = dict(directory.person)
    enrol("gone", removed=True)
    for person in ({"sub": "sub-1"}, good | {"custom:brand": ""}, good | {"sub": ""}, good | {"sub": "gone"}, {}):
        directory.used.clear()
        directory.person = person
        failed(Visit(desk, directory).back(), 403)
    assert sessions(desk) == []
    assert [m.id for m in People(desk.table).members(BRAND)] == ["gone"]


def test_a_first_sign_in_makes_a_member_and_a_later_one_changes_nothing(
    desk: Desk, directory: Directory, enrol: Callable[..., Any]
) -> None:
    directory.person |= {"custom:role": "emperor"}
    assert Visit(desk, directory).back().status == 303
    (member,) = People(desk.table).members(BRAND)
    assert (member.id, member.role, member.email) == ("sub-1", "agent", "dana@example.com"), (
        "an unknown role is the least"
    )
    enrol("sub-1", "Dana O.", role="lead")
    directory.used.clear()
    directory.person |= {"name": "Mallory", "custom:role": "operator"}
    assert Visit(desk, directory).back().status == 303
    (member,) = People(desk.table).members(BRAND)
    assert (member.name, member.role) == ("Dana O.", "lead"), "the desk's own word counts"


FAILURES = (
    (400, b'{"error": "invalid_grant"}'), (500, b"<html>"), (200, b"<html>"), (200, b""), (200, b"null"), (200, b"[]"),
    (200, b'"text"'), (302, b""), (429, b"{}"),
)  # fmt: skip


@pytest.mark.parametrize("step", ["token", "userInfo"])
def test_a_directory_that_fails_ends_the_sign_in_in_a_sentence(desk: Desk, directory: Directory, step: str) -> None:
    for failure in FAILURES:
        directory.used.clear()
        directory.fail[step] = failure
        failed(Visit(desk, directory).back())
        assert sessions(desk) == [] and desk.items("SIGNIN") == [], failure
    directory.fail.clear()
    directory.used.clear()
    assert Visit(desk, directory).back().status == 303


@pytest.mark.parametrize("step", ["token", "userInfo"])
@pytest.mark.parametrize(
    "failure", [None, (200, b"\xff{}"), (200, b"[" * 90_000)], ids=["hangs up", "no UTF-8", "deep"]
)
def test_a_directory_that_fails_in_an_odd_way_ends_the_sign_in_in_a_sentence(
    desk: Desk, directory: Directory, step: str, failure: tuple[int, bytes] | None
) -> None:
    directory.fail[step] = failure
    failed(Visit(desk, directory).back())


def test_a_token_without_a_token_opens_nothing(desk: Desk, directory: Directory) -> None:
    directory.fail["token"] = (200, b'{"id_token": "eyJhbGciOiJub25lIn0.e30."}')
    failed(Visit(desk, directory).back())
    assert sessions(desk) == []


def test_no_directory_no_sign_in(desk: Desk, directory: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit(desk, directory)
    monkeypatch.setenv("SIGN_IN_URL", "http://127.0.0.1:9")
    failed(visit.back())


def test_a_new_sign_in_is_a_new_session_and_a_planted_one_is_not_taken_over(desk: Desk, directory: Directory) -> None:
    visit = Visit(desk, directory)
    held = visit.cookie.partition(";")[0]
    planted = Browser(desk, cookies=["__Host-desk=planted", held])
    back = planted.ask("GET", "/auth/callback", f"code={CODE}&state={visit.asked['state']}")
    assert back.status == 303
    assert not back.cookies[0].startswith("__Host-desk=planted")
    assert planted.get("me").code == (401, "signed_out")

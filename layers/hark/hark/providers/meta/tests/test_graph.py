"""The calls themselves: version, token, proof, pace, and how their answers are read."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Callable
from typing import Any

import pytest

from hark.providers import http
from hark.providers.contract import CallFailed
from hark.providers.meta.graph import FACEBOOK, INSTAGRAM, Graph, by_instagram_login, page, proof
from hark.providers.meta.pace import SLOWEST_SECONDS, Usage, usage
from hark.providers.meta.tests.graph_stub import Reply, Stub, error, serving

SECRET = "0123456789abcdef0123456789abcdef"
TOKEN = "EAAGtesttoken1234567890"
NOW = 1795219200.25


def graph(stub: Stub, clock: Callable[[], float] = lambda: NOW, waits: list[float] | None = None) -> Graph:
    slept = waits if waits is not None else []
    return Graph(
        {"app_secret": SECRET, "access_token": TOKEN}, stub.url, "100200300400", clock=clock, sleep=slept.append
    )


def test_the_proof_is_the_contract_s_in_both_forms() -> None:
    assert proof(SECRET, TOKEN, 1795219200) == "50b3f4708785b2eb77749cc0de9928cb81bcbcc51be1f454c2b7038a0e780e04"
    assert proof(SECRET, TOKEN) == "593cf78c6c50a9ff3747a23e19962e5fab71703c97f96f6e7b07e645486b3b12"


def test_every_call_has_the_version_the_token_in_its_header_and_a_proof_of_the_moment() -> None:
    with serving(Reply(200, {"id": "1"}), Reply(200, {"success": True}), Reply(200, {"id": "2"})) as stub:
        calls = graph(stub)
        calls.get("555_777", fields="id")
        calls.act("DELETE", "555_777")
        calls.say("555_777", "comments", body={"message": "Žluťoučký \ud83d"})
    assert stub.paths == ["GET /v26.0/555_777", "DELETE /v26.0/555_777", "POST /v26.0/555_777/comments"]
    for asked in stub.asked:
        assert asked.headers["authorization"] == f"Bearer {TOKEN}"
        assert asked.query["appsecret_time"] == "1795219200"
        assert asked.query["appsecret_proof"] == proof(SECRET, TOKEN, 1795219200)
        assert TOKEN not in json.dumps(asked.query), "no token in an address"
    assert stub.asked[2].headers["content-type"] == "application/json"
    assert calls.calls == 3


def test_an_account_with_instagram_login_is_called_at_instagram_with_the_secret_of_that_login() -> None:
    credentials = {"app_secret": SECRET, "instagram_app_secret": "ig-secret", "access_token": "IGAAtoken"}
    assert by_instagram_login(credentials)
    assert not by_instagram_login(credentials, {"login": "facebook"})
    assert by_instagram_login({"access_token": TOKEN}, {"login": "instagram"})
    assert not by_instagram_login({"access_token": TOKEN})
    calls = Graph(credentials, FACEBOOK, "17841400000000001", instagram_login=True)
    assert calls.host == INSTAGRAM
    assert Graph(credentials, FACEBOOK + "/", "17841400000000001").host == FACEBOOK
    with serving(Reply(200, {"id": "1"})) as stub:
        Graph(credentials, stub.url, "17841400000000001", instagram_login=True, clock=lambda: NOW).get("me")
    assert stub.asked[0].query["appsecret_proof"] == proof("ig-secret", "IGAAtoken", int(NOW))


@pytest.mark.parametrize("credentials", [{}, {"app_secret": SECRET}, {"access_token": TOKEN, "app_secret": ""}])
def test_without_a_credential_nothing_is_called(credentials: dict[str, str]) -> None:
    with pytest.raises(CallFailed) as failed:
        Graph(credentials, FACEBOOK, "1")
    assert failed.value.code == "not_set_up" and failed.value.paused


@pytest.mark.parametrize("bad", ["", ".", ".."])
def test_an_id_that_would_change_the_route_is_refused(bad: str) -> None:
    with serving() as stub, pytest.raises(CallFailed) as failed:
        graph(stub).get(bad, "comments")
    assert failed.value.code == "invalid"
    assert stub.asked == []


def test_an_id_stays_one_part_of_the_address() -> None:
    with serving(Reply(200, {"id": "1"})) as stub:
        graph(stub).get("../me?fields=x#", fields="id")
    assert stub.paths == ["GET /v26.0/../me?fields=x#"]
    assert stub.asked[0].query["fields"] == "id"


UNCLEAR = [
    pytest.param(Reply(200, b'{"id":"555_9'), "no_answer", id="half JSON"),
    pytest.param(Reply(200, {"id": "1"}, cut=50), "no_answer", id="cut off"),
    pytest.param(Reply(hang_up=True), "no_answer", id="reset"),
    pytest.param(Reply(200, b"<html>login</html>"), "no_answer", id="HTML"),
    pytest.param(Reply(200, ["1"]), "no_answer", id="a list"),
    pytest.param(Reply(200, {"error": {"code": 100}}), "server_error", id="error inside 200"),
    pytest.param(Reply(302, b"", {"location": "/elsewhere"}), "no_answer", id="redirect"),
    pytest.param(Reply(400, b'{"error":', cut=50), "no_answer", id="refusal cut off"),
    pytest.param(Reply(503, b"busy"), "server_error", id="503"),
    pytest.param(Reply(500, {"error": {"code": 2}}, cut=50), "server_error", id="500 cut off"),
    pytest.param(error(1, 1357046), "server_error", id="sent although an error is returned"),
]


@pytest.mark.parametrize(("reply", "code"), UNCLEAR)
def test_what_was_said_without_a_clear_answer_is_unknown_f18_f19(reply: Reply, code: str) -> None:
    with serving(reply) as stub, pytest.raises(CallFailed) as failed:
        graph(stub).say("555_777", "comments", body={"message": "x"})
    assert failed.value.code == code
    assert len(stub.asked) == 1, "and it is not said again"


@pytest.mark.parametrize(
    "reply", [*(case.values[0] for case in UNCLEAR), Reply(200, {}), Reply(200, {"success": False})]
)
def test_what_was_set_or_read_without_a_clear_answer_is_done_again_later(reply: Reply) -> None:
    with serving(reply) as stub, pytest.raises(CallFailed) as failed:
        graph(stub).act("POST", "555_777", "likes")
    assert failed.value.code == "busy" and failed.value.retry_at is not None
    assert len(stub.asked) == 1


def test_what_has_an_effect_goes_over_a_connection_of_its_own() -> None:
    with serving(*[Reply(200, {"id": "1", "success": True})] * 6) as stub:
        calls = graph(stub)
        for _ in range(2):
            calls.get("1")
        for _ in range(2):
            calls.say("1", "comments", body={})
        calls.act("POST", "1", "likes")
        calls.act("DELETE", "1", "likes")
    ports = [asked.connection for asked in stub.asked]
    assert ports[0] == ports[1], "reading may keep one"
    assert len(set(ports)) == 5


def test_silence_is_unknown_f19(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "READ_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"http://127.0.0.1:{silent.getsockname()[1]}"
        calls = Graph({"app_secret": SECRET, "access_token": TOKEN}, host, "1")
        with pytest.raises(CallFailed) as failed:
            calls.say("1", "comments", body={"message": "x"})
    assert failed.value.code == "no_answer"


@pytest.mark.parametrize("host", ["http://127.0.0.1:1", "http://no-such-host.invalid"])
def test_a_connection_that_never_opened_may_be_tried_again_f19(host: str) -> None:
    calls = Graph({"app_secret": SECRET, "access_token": TOKEN}, host, "1")
    with pytest.raises(CallFailed) as failed:
        calls.say("1", "comments", body={"message": "x"})
    assert failed.value.code == "unreachable" and failed.value.retry_at is not None


APP = {"X-App-Usage": '{"call_count":12,"total_cputime":3,"total_time":5}'}


def business(percent: float, minutes: float = 0) -> dict[str, str]:
    row = {"type": "pages", "call_count": percent, "total_cputime": 5, "estimated_time_to_regain_access": minutes}
    return {"X-Business-Use-Case-Usage": json.dumps({"100200300400": [{"type": "messenger", "call_count": 1}, row]})}


def test_usage_is_the_highest_figure_of_both_headers() -> None:
    told = {name.lower(): value for name, value in (APP | business(81, 3)).items()}
    read = usage(told)
    assert read is not None and read.percent == 81 and read.regain is not None
    assert read.regain.total_seconds() == 180
    assert usage({"x-app-usage": APP["X-App-Usage"]}) == Usage(12.0)


@pytest.mark.parametrize(
    "value", ["", "soon", "[]", '{"1":{}}', '{"1":[1]}', '{"call_count":"99"}', '{"1":NaN}', "\xff"]
)
def test_headers_without_sense_are_as_none(value: str) -> None:
    assert usage({"x-app-usage": value, "x-business-use-case-usage": value}) is None


@pytest.mark.parametrize(("percent", "seconds"), [(74, None), (75, None), (85, 0.5), (94.9, 0.995)])
def test_from_75_percent_on_calls_come_more_slowly(percent: float, seconds: float | None) -> None:
    waits: list[float] = []
    with serving(Reply(200, {"id": "1"}, business(percent)), Reply(200, {"id": "1"})) as stub:
        calls = graph(stub, waits=waits)
        calls.get("1")
        calls.get("1")
    assert waits == ([pytest.approx(seconds * SLOWEST_SECONDS)] if seconds else [])


def test_at_95_percent_no_call_is_made_until_meta_lets_us_again() -> None:
    now = [NOW]
    with serving(Reply(200, {"id": "1"}, business(95, 7)), Reply(200, {"id": "2"}, business(10))) as stub:
        calls = graph(stub, lambda: now[0])
        assert calls.say("1", "comments", body={})["id"] == "1", "what went out is out"
        with pytest.raises(CallFailed) as failed:
            graph(stub, lambda: now[0]).say("1", "comments", body={})
        assert failed.value.code == "rate_limited"
        assert failed.value.retry_at is not None and failed.value.retry_at.timestamp() == NOW + 420
        assert len(stub.asked) == 1
        now[0] += 421
        assert calls.say("1", "comments", body={})["id"] == "2"


def test_after_a_refusal_for_a_limit_no_call_is_made_until_it_ends_f17() -> None:
    limited = error(80001)
    with serving(Reply(400, limited.body, business(100, 30))) as stub:
        for _ in range(3):
            with pytest.raises(CallFailed) as failed:
                graph(stub).get("1")
            assert failed.value.code == "rate_limited"
            assert failed.value.retry_at is not None and failed.value.retry_at.timestamp() == NOW + 1800
    assert len(stub.asked) == 1


def test_a_refusal_without_usage_headers_holds_for_a_while_too_f17() -> None:
    with serving(error(4), Reply(200, {"id": "1"})) as stub:
        held = []
        for _ in range(2):
            with pytest.raises(CallFailed) as failed:
                graph(stub).get("1")
            held.append((failed.value.code, failed.value.retry_at))
        assert len(stub.asked) == 1
        assert held[0] == held[1] and held[0][0] == "rate_limited"
        assert graph(stub, lambda: NOW + 3601).get("1") == {"id": "1"}


def test_one_account_s_limit_does_not_stop_another() -> None:
    with serving(Reply(200, {"id": "1"}, business(99)), Reply(200, {"id": "2"})) as stub:
        graph(stub).get("1")
        other = Graph({"app_secret": SECRET, "access_token": TOKEN}, stub.url, "200", clock=lambda: NOW)
        assert other.get("1") == {"id": "2"}


def test_an_edge_is_read_to_its_end_or_not_counted_as_read() -> None:
    def listed(n: int, after: str) -> Reply:
        return Reply(200, {"data": [{"id": str(n)}], "paging": {"cursors": {"after": after}, "next": "https://x/"}})

    last = Reply(200, {"data": [{"id": "3"}], "paging": {"cursors": {"after": "c"}}})
    with serving(listed(1, "a"), listed(2, "b"), last) as stub:
        rows = [row["id"] for rows in graph(stub).pages("1", "comments", most=5) for row in rows]
    assert rows == ["1", "2", "3"]
    assert [asked.query.get("after") for asked in stub.asked] == [None, "a", "b"]
    with serving(listed(1, "a"), listed(2, "b")) as stub, pytest.raises(CallFailed) as failed:
        list(graph(stub).pages("1", "comments", most=2))
    assert (failed.value.code, failed.value.detail) == ("busy", "incomplete")


def test_the_place_of_the_next_page_is_also_taken_from_its_address() -> None:
    assert page({"data": [], "paging": {"next": "https://g/v26.0/1/feed?access_token=t&after=QVF&limit=1"}}) == (
        [],
        "QVF",
    )
    endless: list[dict[str, Any]] = [{}, {"data": {}}, {"data": [], "paging": {"next": "https://g/v26.0/1/feed"}}]
    for answer in endless:
        with pytest.raises(CallFailed):
            page(answer)


def test_no_secret_and_no_text_reaches_the_log_or_an_exception_i28(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    reply = error(190, 463, message=f"Error validating access token {TOKEN}")
    with serving(reply) as stub, pytest.raises(CallFailed) as failed:
        graph(stub).say("1", "comments", body={"message": "order number"})
    seen = caplog.text + repr(failed.value) + str(failed.value.__cause__) + str(failed.value.__context__)
    for secret in (TOKEN, SECRET, "order number"):
        assert secret not in seen

"""What the fakes share keeps its word: faults as planned, deliveries tried again, a strict control plane."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
import urllib3

from hark.testkit.control import ControlPlane, Refused, moment, only
from hark.testkit.deliveries import Deliveries
from hark.testkit.faults import Faults
from hark.testkit.fixtures import distorted, truncated
from hark.testkit.http_server import Answer, Call, ConnectionBroken, HttpServer, json_answer
from hark.testkit.imports import beyond_the_standard_library
from hark.testkit.page import Line, Thread, render
from hark.testkit.waiting import eventually


@dataclass
class Webhook:
    """Keeps what it is sent; `answers` are given first, one each, afterwards 200."""

    bodies: list[bytes] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def answer(self, call: Call) -> Answer:
        self.bodies.append(call.body)
        return Answer(self.answers.pop(0) if self.answers else 200, b"thanks")


@pytest.fixture
def webhook() -> Webhook:
    return Webhook()


@pytest.fixture
def address(webhook: Webhook) -> Iterator[str]:
    server = HttpServer(webhook.answer, 0, "webhook").start()
    yield server.url
    server.stop()


@pytest.fixture
def deliveries(address: str) -> Iterator[Deliveries]:
    made = Deliveries(address, lambda body: {"X-Length": str(len(body))}, retry_after=(0.01, 0.01))
    made.start()
    yield made
    made.stop()


def test_a_refused_delivery_is_tried_again_and_then_given_up(deliveries: Deliveries, webhook: Webhook) -> None:
    webhook.answers = [503, 200, 500, 500, 500]
    deliveries.enqueue("kind", "1", b"one")
    eventually(lambda: deliveries.shown()[0]["done"])
    deliveries.enqueue("kind", "2", b"two")
    eventually(lambda: deliveries.shown()[1]["given_up"])
    assert [d["statuses"] for d in deliveries.shown()] == [[503, 200], [500, 500, 500]]


def test_habits_double_a_delivery_or_keep_it_back(deliveries: Deliveries, webhook: Webhook) -> None:
    deliveries.change_habits({"duplicate": 3, "disorder": 0.05})
    deliveries.enqueue("kind", "1", b"one")
    eventually(lambda: webhook.bodies == [b"one"] * 3)
    deliveries.change_habits({"silent": True})
    deliveries.enqueue("kind", "2", b"two")
    assert len(deliveries.shown()) == 3
    with pytest.raises(Refused):
        deliveries.change_habits({"duplicate": True})


def test_exact_bytes_are_delivered_once_with_the_signature_of_their_own(
    deliveries: Deliveries, webhook: Webhook
) -> None:
    answer = json.loads(deliveries.deliver_exactly({"body_base64": "/wA="}).body)
    assert answer == {"status": 200, "body": "thanks"}
    assert webhook.bodies == [b"\xff\x00"]


def test_an_address_that_fails_its_check_gets_nothing_until_it_passes(address: str, webhook: Webhook) -> None:
    passes = threading.Event()
    made = Deliveries(address, lambda _: {}, check=passes.is_set)
    made.start()
    made.enqueue("kind", "1", b"one")
    eventually(lambda: made.state()["valid"] is False)
    assert webhook.bodies == []
    passes.set()
    made.register(address)
    eventually(lambda: webhook.bodies == [b"one"])
    made.stop()


def test_the_answer_to_an_accepted_delivery_is_handed_on(address: str, webhook: Webhook) -> None:
    told: list[tuple[str, bytes]] = []
    webhook.answers = [500]
    made = Deliveries(address, lambda _: {}, answered=lambda d, a: told.append((d.subject, a)), retry_after=(0.01,))
    made.start()
    made.enqueue("kind", "7", b"one")
    eventually(lambda: told == [("7", b"thanks")])
    made.stop()


FAULTS = {"ok": lambda _: json_answer(200, {"id": "1"}), "no_id": lambda _: json_answer(200, {})}


def test_a_fault_takes_effect_only_where_it_is_said_and_only_as_often() -> None:
    faults, done = Faults(("send",), FAULTS), []

    def call() -> Answer:
        done.append(1)
        return json_answer(200, {"id": "12"})

    faults.plan({"on": "send", "answer": "status", "status": 502, "times": 2})
    faults.plan({"on": "send", "answer": "half_json", "effect": True})
    never = threading.Event()
    planned = [faults.take("send") for _ in range(4)]
    answers = [faults.answer(fault, call, never) for fault in planned if fault is not None]
    assert planned[3] is None
    assert [a.status for a in answers] == [502, 502, 200]
    assert b'{"id": "12"}'.startswith(answers[2].body) and len(done) == 1


@pytest.mark.parametrize("answer", ["reset", "hang"])
def test_a_broken_connection_reaches_the_caller_as_one(answer: str) -> None:
    faults = Faults(("send",), FAULTS)
    faults.plan({"on": "send", "answer": answer, "seconds": 0.01})
    server: HttpServer

    def serve(_: Call) -> Answer:
        fault = faults.take("send")
        return faults.answer(fault, lambda: Answer(200), server.stopping) if fault else Answer(200, b"well")

    server = HttpServer(serve, 0, "server").start()
    try:
        with pytest.raises(urllib3.exceptions.ProtocolError):
            urllib3.request("GET", server.url, retries=False)
        assert urllib3.request("GET", server.url, retries=False).data == b"well"
    finally:
        server.stop()


@pytest.mark.parametrize(
    "given",
    [
        {"on": "nowhere", "answer": "html"},
        {"on": "send", "answer": "odd"},
        {"on": "send", "answer": "html", "times": "1"},
    ],
)
def test_a_fault_nobody_knows_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        Faults(("send",), FAULTS).plan(given)


def call_of(method: str, name: str, body: bytes = b"", kind: str = "application/json") -> Call:
    return Call(method, f"/_fake/{name}", "", {"content-type": kind}, body)


def test_the_control_plane_takes_json_objects_for_known_names_only() -> None:
    def say(given: Any) -> Answer:
        only(given, {"text": str}, {"text"})
        return json_answer(201, given)

    plane = ControlPlane({"state": lambda query: json_answer(200, query)}, {"say": say})
    assert plane.answer(call_of("POST", "say", b'{"text":"hi"}')).status == 201
    assert plane.answer(call_of("GET", "state")).status == 200
    refused = [
        call_of("POST", "say", b'{"text":"hi"}', "text/plain"), call_of("POST", "say", b"[]"), call_of("POST", "say"),
        call_of("POST", "say", b'{"text":true}'), call_of("DELETE", "say"), call_of("GET", "nothing"),
    ]  # fmt: skip
    assert [plane.answer(call).status for call in refused] == [415, 400, 400, 400, 404, 404]


def test_a_moment_needs_its_offset_and_is_now_when_absent() -> None:
    assert moment({}, lambda: 0.0) == datetime(1970, 1, 1, tzinfo=UTC)
    assert moment({"at": "2026-11-22T02:00:00+02:00"}, lambda: 0.0) == datetime(2026, 11, 22, tzinfo=UTC)
    for wrong in ("2026-11-22T02:00:00", "soon"):
        with pytest.raises(Refused):
            moment({"at": wrong}, lambda: 0.0)


def test_the_page_escapes_what_people_wrote() -> None:
    line = Line("<b>", "kim", "<script>", datetime(2026, 1, 1, tzinfo=UTC), brand=True, note="<i>")
    shown = render("A fake", "What <all> see.", [Thread("<t>", [line])]).body.decode()
    assert "&lt;script&gt;" in shown and "class='brand'" in shown
    assert not any(raw in shown for raw in ("<script>", "<b>", "<i>", "<t>", "<all>"))


def test_an_answering_function_may_break_the_connection() -> None:
    def broken(_: Call) -> Answer:
        raise ConnectionBroken

    server = HttpServer(broken, 0, "server").start()
    try:
        with pytest.raises(urllib3.exceptions.ProtocolError):
            urllib3.request("GET", server.url, retries=False)
    finally:
        server.stop()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_every_method_of_the_platforms_reaches_the_answering_function_whole(method: str) -> None:
    def seen(call: Call) -> Answer:
        return json_answer(200, [call.method, call.path, call.params, call.body.decode(), call.headers["x-who"]])

    server = HttpServer(seen, 0, "server").start()
    try:
        answer = urllib3.request(method, f"{server.url}/a%20b?c=d%26e", body=b"words", headers={"X-Who": "us"})
    finally:
        server.stop()
    assert answer.json() == [method, "/a%20b", {"c": "d&e"}, "words", "us"]


def test_a_fake_on_the_command_line_says_where_it_is_and_ends_when_told_to() -> None:
    script = """
from hark.testkit.command import command_line, serve
from hark.testkit.http_server import HttpServer, json_answer
from hark.testkit.serving import Serving

class Toy(Serving):
    def __init__(self, given):
        self.server = HttpServer(lambda call: json_answer(200, given.webhook), given.port, "toy")

    def start(self):
        self.server.start()
        return self

    def stop(self):
        self.server.stop()
        print("stopped")

serve("Toy", Toy(command_line("toy", "A toy.", 1).parse_args()))
"""
    with subprocess.Popen(
        [sys.executable, "-c", script, "--port", "0", "--webhook", "http://127.0.0.1:9/webhooks/toy"],
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        text=True,
    ) as toy:
        assert toy.stdout is not None
        try:
            said, _, url = toy.stdout.readline().strip().rpartition(" ")
            assert said == "fake Toy:"
            assert urllib3.request("GET", url).json() == "http://127.0.0.1:9/webhooks/toy"
        finally:
            toy.terminate()
        assert (toy.communicate(timeout=20)[0], toy.returncode) == ("stopped\n", 0)


def test_what_an_import_loads_beyond_the_standard_library_is_told() -> None:
    assert beyond_the_standard_library("json") == set()
    assert beyond_the_standard_library("urllib3") >= {"urllib3"}


def test_a_delivery_is_broken_off_and_distorted_everywhere() -> None:
    body = b'{"a": [1, {"b": 2}], "c": 3}'
    assert list(truncated(body, 10)) == [b"", body[:10], body[:20]]
    assert [json.loads(made) for made in distorted(body, ["odd"])] == [
        {"a": "odd", "c": 3},
        {"a": ["odd", {"b": 2}], "c": 3},
        {"a": [1, "odd"], "c": 3},
        {"a": [1, {"b": "odd"}], "c": 3},
        {"a": [1, {"b": 2}], "c": "odd"},
    ]


def test_waiting_ends_when_it_holds_and_says_when_it_does_not() -> None:
    answers = iter([False, False, True])
    eventually(lambda: next(answers))
    with pytest.raises(AssertionError, match="in time"):
        eventually(lambda: False, seconds=0.02)

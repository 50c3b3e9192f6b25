"""The demo day: enough of everything, all of it within X's limits, and delivered."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from hark.providers.x.door import challenge
from hark.providers.x.fake import LAB_CREDENTIALS, FakeX
from hark.providers.x.text import LIMIT, weighted_length

from infra.local.day import load, main, play

BODIES: list[bytes] = []


class _Webhook(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer(challenge(self.path.partition("?")[2], LAB_CREDENTIALS).body.encode())

    def do_POST(self) -> None:
        BODIES.append(self.rfile.read(int(self.headers["content-length"])))
        self._answer(b"")

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet."""


@pytest.fixture
def webhook() -> Iterator[str]:
    BODIES.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Webhook)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/webhooks/x"
    server.shutdown()
    server.server_close()


def test_the_day_has_enough_of_everything() -> None:
    people, steps = load()
    assert len(steps) >= 60
    languages = Counter(s.lang for s in steps if s.by != "acme" and s.lang)
    assert set(languages) == {"lv", "ru", "ms", "he", "ar", "en"}
    assert min(languages.values()) >= 6
    assert {s.by for s in steps if s.act == "say"} == {*people, "acme"}, "everybody has something to say"
    assert sum(s.act == "edit" for s in steps) >= 3
    assert sum(s.act == "drop" for s in steps) >= 3
    assert sum(s.to == "outage" for s in steps) >= 12, "a pile-on"
    assert any(s.by == "acme" and s.to for s in steps), "a colleague answers in the X app"
    assert sum(s.times > 1 for s in steps) >= 3
    assert sum(s.quiet for s in steps) >= 2
    assert max(s.ago for s in steps) <= 180
    assert min(s.ago for s in steps) < 1


def test_nobody_writes_more_than_x_allows() -> None:
    assert all(weighted_length(s.text) <= LIMIT for s in load()[1])


def test_the_day_is_played_and_delivered(webhook: str) -> None:
    lines: list[str] = []
    with FakeX(webhook_url=webhook) as x:
        summary = play(x.url, seconds=0, progress=lines.append)
        posts = requests.get(f"{x.url}/_fake/posts", timeout=5).json()
        habits = requests.get(f"{x.url}/_fake/state", timeout=5).json()["webhook"]["habits"]
    assert len(lines) == summary.events == len(load()[1])
    assert (summary.undelivered, summary.delivered) == (0, len(BODIES))
    assert summary.repeats > 0
    assert len(BODIES) - len(set(BODIES)) >= summary.repeats
    texts = [p["text"] for p in posts]
    arrived = {json.loads(body)["data"]["payload"]["id"] for body in BODIES}
    assert sum(p["id"] not in arrived for p in posts if p["author"] != "acme") == summary.quiet
    assert any("срочно" in text for text in texts)
    assert habits == {"duplicate": 1, "disorder": 0.0, "delay": 0.0, "silent": False}, "as it was before"


def test_the_day_can_be_played_again(webhook: str) -> None:
    with FakeX(webhook_url=webhook) as x:
        first = play(x.url, seconds=0, progress=lambda _: None)
        second = play(x.url, seconds=0, progress=lambda _: None)
    assert first.delivered == second.delivered > 0


@pytest.mark.parametrize(
    "day",
    [
        pytest.param("[{say: hi, ago: 1, by: nobody}]", id="unknown person"),
        pytest.param("[{say: hi, ago: 1, by: acme, to: later}, {say: hi, ago: 0, by: acme, name: later}]", id="order"),
        pytest.param("[{edit: nothing, text: hi, ago: 1}]", id="edit of nothing"),
        pytest.param("[{say: hi, by: acme}]", id="no time"),
        pytest.param("[{say: hi, by: acme, ago: 1, mood: bad}]", id="unknown field"),
    ],
)
def test_a_broken_script_is_refused(tmp_path: Path, day: str) -> None:
    script = tmp_path / "day.yaml"
    script.write_text(f"people: {{}}\nday: {day}\n", "utf-8")
    with pytest.raises(ValueError, match=r"not a step|nobody knows|has not happened"):
        load(script)


def test_without_a_fake_x_the_player_says_how_to_start_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--fake", "http://127.0.0.1:1"]) == 1
    assert "make run" in capsys.readouterr().err

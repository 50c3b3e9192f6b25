"""The demo day: enough of everything, on every platform, within their limits, and delivered."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from hark.providers import contract
from hark.providers.x.text import length

from infra.local.day import load, main, play

BODIES: list[bytes] = []


class _Webhook(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        provider = path.split("/")[2]
        fake, door = contract.load(provider, "fake"), contract.load(provider, "door")
        (secrets, *_) = fake.SECRETS.values()
        asked = contract.Request("GET", {}, query, b"")
        self._answer(door.challenge(asked, secrets).body.encode())

    def do_POST(self) -> None:
        BODIES.append(self.rfile.read(int(self.headers["content-length"])))
        self._answer(b"")

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *said: object) -> None:
        """Quiet."""


@pytest.fixture
def webhook() -> Iterator[str]:
    BODIES.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Webhook)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/webhooks"
    server.shutdown()
    server.server_close()


def test_the_day_has_enough_of_everything() -> None:
    people, steps = load()
    assert len(steps) >= 60
    languages = Counter(s.lang for s in steps if s.by != "acme" and s.lang)
    assert set(languages) == {"lv", "ru", "ms", "he", "ar", "en"}
    assert min(languages.values()) >= 6
    assert all(s.text or s.media for s in steps if s.act == "say")
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
    assert all(length("x_weighted", s.text) <= 280 for s in load()[1] if s.where == "x" and s.surface == "post")


def test_the_day_is_played_on_every_platform_and_delivered(webhook: str) -> None:
    lines: list[str] = []
    with ExitStack() as running:
        fakes = started(running, webhook)
        summary = play(fakes, seconds=0, progress=lines.append)
        silent = {name: requests.get(f"{url}/_fake/deliveries", timeout=5).json() for name, url in fakes.items()}
    steps = load()[1]
    assert len(lines) == summary.events == len(steps)
    assert set(summary.platforms) == {"x", "facebook", "messenger", "instagram", "viber"}
    assert (summary.undelivered, summary.delivered) == (0, sum(len(told) for told in silent.values()))
    assert len(BODIES) >= summary.delivered - len(fakes)
    assert summary.repeats == sum(step.times - 1 for step in steps) > 0
    assert summary.quiet == sum(step.quiet for step in steps) > 0
    assert any("срочно" in json.dumps(json.loads(body), ensure_ascii=False) for body in BODIES)


def test_the_day_can_be_played_again(webhook: str) -> None:
    with ExitStack() as running:
        fakes = started(running, webhook)
        first = play(fakes, seconds=0, progress=lambda _: None)
        second = play(fakes, seconds=0, progress=lambda _: None)
    assert first.delivered == second.delivered > 0


def started(running: ExitStack, webhook: str) -> dict[str, str]:
    return {
        name: running.enter_context(contract.load(name, "fake").Fake(0, f"{webhook}/{name}")).url
        for name in sorted(contract.names())
    }


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


def test_without_fakes_the_player_says_how_to_start_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--fakes-port", "1"]) == 1
    assert "make run" in capsys.readouterr().err

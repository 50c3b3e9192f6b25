"""A fake Viber per test, and a webhook behind the real door that keeps what it is sent."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

import pytest

from hark.domain.events import Event
from hark.providers import http
from hark.providers.contract import Request, SignatureRefused
from hark.providers.viber import door
from hark.providers.viber.fake import ACCOUNTS, SECRETS, Fake
from hark.providers.viber.inbound import parse


@dataclass
class Receiver:
    """A webhook. `answers` are given first, one each; afterwards 200."""

    url: str = ""
    requests: list[Request] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    @property
    def kinds(self) -> list[str]:
        return [raw.kind for made in list(self.requests) for raw in door.split(made)]

    @property
    def keys(self) -> list[str]:
        return [raw.key for made in list(self.requests) for raw in door.split(made)]

    def events(self) -> list[Event]:
        return [
            event
            for made in list(self.requests)
            for raw in door.split(made)
            for event in parse(raw, frozenset((raw.kind,)), raw.account_id, datetime.now(UTC))
        ]


class _Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        path, _, query = self.path.partition("?")
        headers = {k.lower(): v for k, v in self.headers.items()}
        made = Request("POST", headers, query, body, unquote(path).removeprefix("/webhooks/viber/"))
        try:
            door.verify(made, SECRETS["b1"])
        except SignatureRefused as refused:
            self.receiver.refused.append(refused.metric)
            return self._answer(401, b"")
        self.receiver.requests.append(made)
        status = self.receiver.answers.pop(0) if self.receiver.answers else 200
        said = door.reply(made, door.split(made), ACCOUNTS[0])
        return self._answer(status, said.body.encode() if said else b"")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    kept = Receiver()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"receiver": kept}))
    kept.url = f"http://127.0.0.1:{server.server_address[1]}/webhooks/viber"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield kept
    server.shutdown()
    server.server_close()


@pytest.fixture
def viber(receiver: Receiver) -> Iterator[Fake]:
    """A fake Viber that delivers to `receiver`; zoe is on it and has not written yet."""
    with Fake(webhook_url=receiver.url) as fake:
        fake.world.add_person("zoe", "Zoe")
        yield fake


def control(fake: Fake, method: str, path: str, value: object = None) -> Any:
    """One call of the control plane that has to succeed."""
    status, answer = controlled(fake, method, path, value)
    assert status < 300, answer
    return answer


def controlled(fake: Fake, method: str, path: str, value: object = None) -> tuple[int, Any]:
    body = b"" if value is None else json.dumps(value).encode()
    answer = http.call(method, f"{fake.url}/_fake/{path}", body, {"content-type": "application/json"})
    return answer.status, json.loads(answer.body)


def eventually(holds: Callable[[], bool], seconds: float = 8) -> None:
    """Wait until it holds.

    Raises:
        AssertionError: it does not in time.
    """
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)

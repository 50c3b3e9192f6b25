"""A fake X per test, and a webhook that keeps what it is sent."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from hark.providers.contract import SignatureRefused
from hark.providers.x.door import challenge, verify
from hark.providers.x.fake import SECRETS, Fake

from .signing import check, delivery


@dataclass
class Receiver:
    """A webhook with the real door. `answers` are given first, one each; afterwards 200."""

    url: str = ""
    bodies: list[bytes] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    checks: int = 0
    wrong_token: bool = False


class _Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_GET(self) -> None:
        self.receiver.checks += 1
        body = challenge(check(self.path.partition("?")[2]), SECRETS["5550001"]).body.encode()
        self._answer(200, body if not self.receiver.wrong_token else b'{"response_token":"sha256=no"}')

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            verify(delivery(body, {k.lower(): v for k, v in self.headers.items()}), SECRETS["5550001"])
        except SignatureRefused as refused:
            self.receiver.refused.append(refused.metric)
            return self._answer(401, b"")
        self.receiver.bodies.append(body)
        return self._answer(self.receiver.answers.pop(0) if self.receiver.answers else 200, b"")

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
    kept.url = f"http://127.0.0.1:{server.server_address[1]}/webhooks/x"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield kept
    server.shutdown()
    server.server_close()


@pytest.fixture
def x(receiver: Receiver) -> Iterator[Fake]:
    """A fake X that delivers to `receiver`; kim_l is on it."""
    with Fake(webhook_url=receiver.url) as fake:
        fake.world.add_user("kim_l", "Kim L", "7770002")
        yield fake


def eventually(holds: Callable[[], bool], seconds: float = 8) -> None:
    """Wait until it holds.

    Raises:
        AssertionError: it does not in time.
    """
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)

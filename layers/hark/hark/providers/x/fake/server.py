"""The HTTP server of the fake X: X's routes, the control plane under `/_fake/`, and the public page at `/`."""

from __future__ import annotations

import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from hark.providers.x.fake import page
from hark.providers.x.fake.control import Control
from hark.providers.x.fake.limits import Fault, Faults, RateWindows, Signatures
from hark.providers.x.fake.rest import Reply, Rest, problem
from hark.providers.x.fake.webhooks import Webhooks
from hark.providers.x.fake.world import User, World

LAB_CREDENTIALS: Mapping[str, str] = {
    "consumer_key": "lab-consumer-key-01",
    "consumer_secret": "lab-consumer-secret-01",
    "access_token": "5550001-lab-access-token-01",
    "access_token_secret": "lab-access-token-secret-01",
    "oauth2_client_secret": "lab-oauth2-client-secret-01",
}
"""What the fake X accepts and signs with unless told otherwise. They open nothing but a fake X."""

_ROUTE = re.compile(r"/2/users/([0-9]{1,19})/(mentions|tweets)")
_MAX_BODY = 16_000_000


class FakeX:
    """A fake X on 127.0.0.1. Use as a context manager, or `start` and `stop`.

    `port` 0 takes a free one (`url` tells). `webhook_url` "" delivers nothing. `clock` gives seconds since 1970.
    """

    def __init__(
        self,
        port: int = 0,
        webhook_url: str = "",
        credentials: Mapping[str, str] = LAB_CREDENTIALS,
        brand: tuple[str, str, str] = ("5550001", "acme", "Acme"),
        seed: int = 1,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.clock = clock
        self.world = World(User(*brand))
        self.faults = Faults()
        self.windows = RateWindows(clock)
        self.signatures = Signatures(credentials, clock)
        self.webhooks = Webhooks(webhook_url, credentials, seed)
        self.control = Control(self)
        self.rest = Rest(self.world, clock, self.control.announce)
        self.stopping = threading.Event()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.fake = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="fake-x", daemon=True)

    @property
    def url(self) -> str:
        """The address, without a slash at its end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> Self:
        """Begin to answer and to deliver."""
        self._thread.start()
        self.webhooks.start()
        return self

    def stop(self) -> None:
        """End; the port is free afterwards."""
        self.stopping.set()
        self.webhooks.stop()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    fake: FakeX


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    timeout = 60
    # Head and body are two writes: with Nagle's algorithm the second one waits 40 ms on a kept connection.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet: what matters is on the control plane."""

    def _answer(self) -> None:
        length = self.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > _MAX_BODY:
            self.close_connection = True
            return self._write(problem(413, "Too Large", "The body is too large."))
        body = self.rfile.read(int(length))
        path, _, query = self.path.partition("?")
        fake = self.server.fake
        if path == "/" and self.command == "GET":
            return self._send(
                200,
                page.render(fake.world),
                {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": page.POLICY},
            )
        if path.startswith("/_fake/"):
            # A web page elsewhere can send only "simple" types without asking first.
            if self.command == "POST" and not self.headers.get("content-type", "").startswith("application/json"):
                return self._write(problem(415, "Unsupported Media Type", "Send application/json."))
            return self._write(fake.control.answer(self.command, path.removeprefix("/_fake/"), query, body))
        return self._platform(path, query, body)

    def _platform(self, path: str, query: str, body: bytes) -> None:
        fake, found = self.server.fake, _ROUTE.fullmatch(path)
        call: Callable[[], Reply]
        if path == "/2/tweets" and self.command == "POST":
            route, call = "send", lambda: fake.rest.send(body)
        elif found and self.command == "GET":
            user_id = found[1]
            if found[2] == "mentions":
                route, call = "mentions", lambda: fake.rest.mentions(user_id, query)
            else:
                route, call = "timeline", lambda: fake.rest.timeline(user_id, query)
        else:
            return self._write(problem(404, "Not Found", "There is nothing here."))
        own_url = f"http://{self.headers.get('host', '')}{path}"
        if not fake.signatures.accept(self.command, own_url, query, self.headers.get("authorization", "")):
            return self._write(problem(401, "Unauthorized", "Unauthorized"))
        fault = fake.faults.take(route)
        if fault is not None:
            return self._misbehave(fault, call)
        allowed, headers = fake.windows.count(route)
        reply = call() if allowed else problem(429, "Too Many Requests", "Too Many Requests")
        reply.headers |= headers
        return self._write(reply)

    def _misbehave(self, fault: Fault, call: Callable[[], Reply]) -> None:
        reply = call() if fault.effect else None
        if fault.answer == "hang":
            self.server.fake.stopping.wait(fault.seconds)
        if fault.answer in ("reset", "hang"):
            return self._break()
        if fault.answer == "rate_limited":
            reset = str(int(self.server.fake.clock() + fault.seconds))
            headers = {"x-rate-limit-limit": "100", "x-rate-limit-remaining": "0", "x-rate-limit-reset": reset}
            return self._write(Reply(429, problem(429, "Too Many Requests", "Too Many Requests").value, headers))
        if fault.answer == "status":
            kind = {"Content-Type": "application/json"}
            return self._send(fault.status, fault.body.encode(), kind | fault.headers)
        if fault.answer == "html":
            return self._send(200, b"<html><body>Something went wrong.</body></html>", {"Content-Type": "text/html"})
        good = reply.body() if reply is not None else b'{"data":{"id":"2123706425275322373","text":"cut"}}'
        if fault.answer == "half_json":
            return self._send(201, good[: len(good) // 2], {"Content-Type": "application/json"})
        values = {
            "errors": {"errors": [{"title": "Not Found Error", "detail": "…", "type": "about:blank"}]},
            "no_id": {"data": {"text": "posted"}},
            "wrong_id": {"data": {"id": "20", "text": "just setting up"}},
        }
        return self._write(Reply(200, values[fault.answer]))

    def _break(self) -> None:
        # Lingering for zero seconds turns the close into a reset, as a broken network does.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def _write(self, reply: Reply) -> None:
        self._send(reply.status, reply.body(), {"Content-Type": "application/json; charset=utf-8"} | reply.headers)

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

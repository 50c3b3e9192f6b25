"""An HTTP server on 127.0.0.1 for a fake: every call goes to one function, which may also break the connection."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl

MAX_BODY = 16_000_000
"""Bytes; a longer request is answered with 413."""


class ConnectionBroken(Exception):
    """Raised by an answering function: the caller gets a reset connection instead of an answer."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `path` and `query` are as they came, still URL-encoded; `headers` have lower-case names."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def params(self) -> dict[str, str]:
        """The query, decoded; of a name given twice the last value."""
        return dict(parse_qsl(self.query, keep_blank_values=True))


@dataclass(slots=True)
class Answer:
    """What the caller gets."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def json_answer(status: int, value: Any, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer in JSON, as UTF-8."""
    kind = {"Content-Type": "application/json; charset=utf-8"}
    return Answer(status, json.dumps(value, ensure_ascii=False).encode(), kind | dict(headers or {}))


class HttpServer:
    """Serves `answer` from threads of its own, one per connection; `answer` has to be safe for that.

    `port` 0 takes a free one. An exception of `answer` other than `ConnectionBroken` is a mistake in the fake: it is
    printed, and the connection closes without an answer.
    """

    def __init__(self, answer: Callable[[Call], Answer], port: int, name: str) -> None:
        self.stopping = threading.Event()
        """Set when the server ends; whoever makes a caller wait waits on this."""
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.answer = answer
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name=name, daemon=True)

    @property
    def url(self) -> str:
        """The address, without a slash at its end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """End, also before it began; the port is free afterwards."""
        self.stopping.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join(5)
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    answer: Callable[[Call], Answer]


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

    def do_PUT(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def log_message(self, *said: object) -> None:
        """Quiet: what matters is on the control plane."""

    def _answer(self) -> None:
        length = self.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MAX_BODY:
            self.close_connection = True
            return self._write(Answer(413))
        body = self.rfile.read(int(length))
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            answer = self.server.answer(Call(self.command, path, query, headers, body))
        except ConnectionBroken:
            return self._break()
        return self._write(answer)

    def _break(self) -> None:
        # Lingering for zero seconds turns the close into a reset, as a broken network does.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def _write(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

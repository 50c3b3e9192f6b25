"""A small HTTP server that answers what a test tells it to and keeps what it was asked.

Not a fake of Meta: it knows no rule of the platform. It is for answers no well-behaved fake gives, and for looking at
a request byte by byte.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    connection: int
    """The caller's port: the same one means the same connection."""


@dataclass(frozen=True)
class Reply:
    """`body` is sent as it is when it is bytes, else as JSON. `cut` announces that many bytes more than it sends."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int = 0
    hang_up: bool = False


@dataclass
class Stub:
    """`replies` are given in their order; a path with replies of its own in `by_path` gets those."""

    url: str = ""
    replies: list[Reply] = field(default_factory=list)
    by_path: dict[str, list[Reply]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def next(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        own = self.by_path.get(asked.path)
        if own:
            return own.pop(0) if len(own) > 1 else own[0]
        return self.replies.pop(0) if self.replies else Reply(404, {"error": {"code": 100, "error_subcode": 33}})

    @property
    def paths(self) -> list[str]:
        return [f"{one.method} {one.path}" for one in self.asked]


class _Handler(BaseHTTPRequestHandler):
    stub: Stub
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        size = int(self.headers.get("content-length", 0))
        body = self.rfile.read(size)
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(
            self.command,
            unquote(url.path),
            dict(parse_qsl(url.query, keep_blank_values=True)),
            headers,
            json.loads(body) if body else None,
            self.client_address[1],
        )
        reply = self.stub.next(asked)
        if reply.hang_up:
            self.close_connection = True
            self.connection.close()
            return
        raw = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(raw) + reply.cut))
        self.end_headers()
        self.wfile.write(raw)
        if reply.cut:
            self.close_connection = True

    def do_POST(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
        self.do_GET()

    def log_message(self, *said: object) -> None:
        """Quiet."""


@contextmanager
def serving(*replies: Reply) -> Iterator[Stub]:
    stub = Stub(replies=list(replies))
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"stub": stub}))
    server.daemon_threads = True
    stub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def error(code: int, subcode: int = 0, status: int = 400, **more: Any) -> Reply:
    """An error as the Graph API words it."""
    inner = {"message": "said by a test", "type": "OAuthException", "code": code, "fbtrace_id": "x", **more}
    return Reply(status, {"error": inner | ({"error_subcode": subcode} if subcode else {})})

"""The web port: the HTTP API under the paths it has behind a domain, with the gateway's own limits.

The engine's data plane is called directly, not through its AWS port, which would read AWS protocol headers and add
CORS headers of its own. Body, query string and headers reach the function as they were sent.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs

from infra.local import engine_gaps
from infra.local.asgi import App, Receive, Scope, Send

MAX_BODY_BYTES = 10 * 1024 * 1024
"""Payload limit of an HTTP API. Source: API Gateway quotas."""
MAX_HEADER_BYTES = 10_240
"""Limit of request line and header values together. Source: API Gateway quotas."""

Headers = dict[str, str]
Response = tuple[int, dict[str, Any], bytes]
log = logging.getLogger("hark.local.web")


class TooLarge(Exception):
    """The request's body is larger than the gateway takes."""


@dataclass
class Throttle:
    """A route's token bucket: `rate` tokens a second, at most `burst` of them."""

    rate: float
    burst: float
    clock: Callable[[], float] = time.monotonic
    _tokens: float = field(init=False)
    _at: float = field(init=False)

    def __post_init__(self) -> None:
        self._tokens, self._at = self.burst, self.clock()

    def take(self) -> bool:
        """Whether one more request may pass now."""
        now = self.clock()
        self._tokens = min(self.burst, self._tokens + (now - self._at) * self.rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Web:
    """ASGI app of the web port. Answers 503 until `serve_api` has told which API it serves.

    Args:
        development: app for the paths under `/dev/`, which the deployed API does not have.
    """

    def __init__(self, development: App) -> None:
        self._development = development
        self._api: str | None = None
        self._throttles: dict[str, Throttle] = {}
        self._default = Throttle(0, 0)

    def serve_api(self, api_id: str, stage: dict[str, Any]) -> None:
        """Begin to serve.

        Args:
            api_id: of the HTTP API in the engine.
            stage: its stage's properties with parameters resolved, for the throttle of each route.
        """
        self._throttles = {key: _throttle(limits) for key, limits in stage.get("RouteSettings", {}).items()}
        self._default = _throttle(stage["DefaultRouteSettings"])
        self._api = api_id

    def stop(self) -> None:
        """Answer 503 again."""
        self._api = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _no_lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        if scope["path"].startswith("/dev/"):
            await self._development(scope, receive, send)
            return
        try:
            response = await self._answer(scope, receive)
        except TooLarge:
            response = _message(413, "Request Entity Too Large")
        await respond(send, response)

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        if self._api is None:
            return _message(503, "The local cloud is starting")
        headers = read_headers(scope)
        query = scope["query_string"].decode("latin-1")
        if _head_bytes(scope) > MAX_HEADER_BYTES:
            return _message(431, "Request Header Fields Too Large")
        from ministack.services import apigateway

        path = apigateway.decode_http_api_path(scope["raw_path"].decode("latin-1"))
        if not self._throttle(scope["method"], path).take():
            return _message(429, "Too Many Requests")
        body = await read_body(receive)
        status, sent, content = await apigateway.handle_execute(
            self._api,
            "$default",
            path,
            engine_gaps.route_method(scope["method"]),
            headers,
            body,
            parse_qs(query, keep_blank_values=True),
            raw_query_string=query,
        )
        return status, sent, content

    def _throttle(self, method: str, path: str) -> Throttle:
        from ministack.services import apigateway

        route = apigateway._match_route(self._api, method, path)
        key = route["routeKey"] if route else "no route"
        return self._throttles.setdefault(key, replace(self._default))


def read_headers(scope: Scope) -> Headers:
    """Headers as the HTTP API hands them on: names in lower case, repeated ones joined by a comma."""
    headers: Headers = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers


async def read_body(receive: Receive) -> bytes:
    """The whole body.

    Raises:
        TooLarge: more than `MAX_BODY_BYTES` came.
    """
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return bytes(body)
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            raise TooLarge
        if not message.get("more_body"):
            return bytes(body)


async def respond(send: Send, response: Response) -> None:
    """Send one whole response; a header whose value is a list is sent once per item."""
    status, headers, body = response
    lines = [(b"content-length", str(len(body)).encode())]
    for name, value in headers.items():
        if name.lower() == "content-length":
            continue
        items = value if isinstance(value, list) else [value]
        lines.extend((name.lower().encode(), str(item).encode("latin-1")) for item in items)
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": body})


def _throttle(limits: dict[str, Any]) -> Throttle:
    return Throttle(float(limits["ThrottlingRateLimit"]), float(limits["ThrottlingBurstLimit"]))


def _message(status: int, text: str) -> Response:
    return status, {"content-type": "application/json"}, json.dumps({"message": text}).encode()


def _head_bytes(scope: Scope) -> int:
    line = len(scope["method"]) + len(scope["raw_path"]) + len(scope["query_string"])
    return line + sum(len(name) + len(value) for name, value in scope["headers"])


async def _no_lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return

"""The desk's page in a browser: what it asks of the API, and what it is answered."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from infra.openapi.answers import broken_promise

from .gateway import request

if TYPE_CHECKING:
    from .conftest import Desk


@dataclass
class Answer:
    """What the desk answered to a browser."""

    status: int
    headers: dict[str, str]
    body: str
    cookies: list[str]

    @classmethod
    def of(cls, answer: dict[str, Any]) -> Answer:
        body = answer["body"]
        if answer.get("isBase64Encoded"):
            body = base64.b64decode(body).decode("latin-1")
        headers = {name.lower(): value for name, value in answer["headers"].items()}
        assert len(headers) == len(answer["headers"]), "no header twice in different letters"
        return cls(answer["statusCode"], headers, body, answer.get("cookies", []))

    @property
    def said(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> tuple[int, str]:
        """Status and code of a refusal."""
        assert self.headers["content-type"] == "application/problem+json", self
        assert self.said["status"] == self.status
        return self.status, self.said["code"]


@dataclass
class Browser:
    """The desk's page in the browser of one member, or of nobody. Every answer has to be one its route promises."""

    desk: Desk
    member: str = ""
    cookies: list[str] = field(default_factory=list)

    def ask(self, method: str, path: str, query: str = "", headers: dict[str, str] | None = None,
            body: str | bytes = "") -> Answer:  # fmt: skip
        event = request(method, path, body, headers or {}, query, self.cookies)
        answer = Answer.of(self.desk.call("desk_api", event))
        kind = answer.headers.get("content-type", "")
        wrong = broken_promise(method, path, answer.status, kind, answer.body)
        assert not wrong, wrong
        return answer

    def get(self, path: str, query: str = "", **headers: str) -> Answer:
        return self.ask("GET", f"/api/v1/{path}", query, headers)

    def send(self, method: str, path: str, body: Any, key: str | None = None, **headers: str) -> Answer:
        """A write as the page sends it; `headers` override, with `_` for `-`, and an empty one is left out."""
        sent = {
            "x-desk": "1", "origin": "https://desk.example.com", "content-type": "application/json",
            "idempotency-key": key or secrets.token_hex(8),
        } | {name.replace("_", "-"): value for name, value in headers.items()}  # fmt: skip
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.ask(method, f"/api/v1/{path}", "", {n: v for n, v in sent.items() if v}, text)

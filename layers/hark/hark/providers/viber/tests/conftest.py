"""A fake Viber per test, and a webhook behind the real door that keeps what it is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import pytest

from hark.domain.events import Event
from hark.providers import http
from hark.providers.contract import Request, SignatureRefused
from hark.providers.viber import door
from hark.providers.viber.fake import ACCOUNTS, SECRETS, Fake
from hark.providers.viber.inbound import parse
from hark.testkit.http_server import Answer, Call, HttpServer


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

    def answer(self, call: Call) -> Answer:
        bot = unquote(call.path).removeprefix("/webhooks/viber/")
        made = Request(call.method, call.headers, call.query, call.body, bot)
        try:
            door.verify(made, SECRETS["b1"])
        except SignatureRefused as refused:
            self.refused.append(refused.metric)
            return Answer(401)
        self.requests.append(made)
        status = self.answers.pop(0) if self.answers else 200
        said = door.reply(made, door.split(made), ACCOUNTS[0])
        return Answer(status, said.body.encode() if said else b"")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    kept = Receiver()
    server = HttpServer(kept.answer, 0, "webhook").start()
    kept.url = f"{server.url}/webhooks/viber"
    yield kept
    server.stop()


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

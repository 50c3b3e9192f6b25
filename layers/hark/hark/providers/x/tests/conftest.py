"""A fake X per test, and a webhook that keeps what it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from hark.providers.contract import SignatureRefused
from hark.providers.x.door import challenge, verify
from hark.providers.x.fake import SECRETS, Fake
from hark.testkit.http_server import Answer, Call, HttpServer

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

    def answer(self, call: Call) -> Answer:
        if call.method == "GET":
            self.checks += 1
            right = challenge(check(call.query), SECRETS["5550001"]).body.encode()
            return Answer(200, b'{"response_token":"sha256=no"}' if self.wrong_token else right)
        try:
            verify(delivery(call.body, call.headers), SECRETS["5550001"])
        except SignatureRefused as refused:
            self.refused.append(refused.metric)
            return Answer(401)
        self.bodies.append(call.body)
        return Answer(self.answers.pop(0) if self.answers else 200)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    kept = Receiver()
    server = HttpServer(kept.answer, 0, "webhook").start()
    kept.url = f"{server.url}/webhooks/x"
    yield kept
    server.stop()


@pytest.fixture
def x(receiver: Receiver) -> Iterator[Fake]:
    """A fake X that delivers to `receiver`; kim_l is on it."""
    with Fake(webhook_url=receiver.url) as fake:
        fake.world.add_user("kim_l", "Kim L", "7770002")
        yield fake

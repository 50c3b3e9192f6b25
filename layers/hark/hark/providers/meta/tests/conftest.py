"""A fake Meta per test, a webhook it delivers to, and a clock to move.

What one test has used up of an account's limits is no business of the next one.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hark.providers.meta import pace
from hark.providers.meta.fake import Fake
from hark.testkit.http_server import HttpServer

from .fake_calls import Receiver, Time


@pytest.fixture(autouse=True)
def _fresh_pace() -> None:
    pace.forget()


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def meta(receiver: Receiver, clock: Time) -> Iterator[Fake]:
    """A fake Meta that delivers to `receiver`; ana is on it."""
    server = HttpServer(receiver.answer, 0, "webhook").start()
    with Fake(webhook_url=f"{server.url}/webhooks/meta", clock=clock) as fake:
        fake.world.add_person("ana", "Ana Pop")
        yield fake
    server.stop()

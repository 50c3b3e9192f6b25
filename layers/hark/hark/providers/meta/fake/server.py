"""The fake Meta: the Graph API, the control plane under `/_fake/`, and the public page at `/`, on one port."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Self

from hark.providers.meta.fake import graph, page
from hark.providers.meta.fake.acts import Acts
from hark.providers.meta.fake.content import Content
from hark.providers.meta.fake.control import Control
from hark.providers.meta.fake.graph import Graph
from hark.providers.meta.fake.guard import Permissions, Tokens, Usage
from hark.providers.meta.fake.identity import PAGE_ID, SECRETS
from hark.providers.meta.fake.messages import Messages
from hark.providers.meta.fake.setup import Setup
from hark.providers.meta.fake.webhooks import Webhooks
from hark.providers.meta.fake.world import World
from hark.testkit.control import PREFIX
from hark.testkit.faults import Faults
from hark.testkit.http_server import Answer, Call, HttpServer
from hark.testkit.serving import Serving


class Fake(Serving):
    """A fake Meta on 127.0.0.1. Use as a context manager, or `start` and `stop`.

    `port` 0 takes a free one (`url` tells). `webhook_url` "" delivers nothing. `clock` gives seconds since 1970: by
    it windows close, tokens end and hours roll. Proofs are checked by `proof_clock`, so that a test which moves
    `clock` by a day can go on calling.
    """

    def __init__(
        self,
        port: int = 0,
        webhook_url: str = "",
        secrets: Mapping[str, Mapping[str, str]] = SECRETS,
        seed: int = 1,
        clock: Callable[[], float] = time.time,
        proof_clock: Callable[[], float] = time.time,
    ) -> None:
        self.world = World()

        def now() -> datetime:
            return datetime.fromtimestamp(clock(), UTC)

        self.webhooks = Webhooks(webhook_url, secrets[PAGE_ID], seed, now)
        self.tokens = Tokens(secrets, clock)
        self.permissions = Permissions()
        self.usage = Usage(clock)
        self.faults = Faults(graph.ROUTES, graph.DIALECT)
        self.acts = Acts(self.world, clock, self.webhooks.tell)
        content = Content(self.world, self.permissions, now, self.webhooks.tell, self._record)
        messages = Messages(self.world, self.permissions, now, self.webhooks.tell, self._record)
        setup = Setup(self.world, self.permissions, self.tokens, self.webhooks, clock)
        guard = (self.tokens, self.permissions, self.usage)
        self.control = Control(self.world, self.acts, self.webhooks, guard, self.faults, messages, clock)
        parts = (content, messages, setup)
        app_secret = secrets[PAGE_ID]["app_secret"]
        self._graph = Graph(self.world, self.tokens, self.usage, self.faults, parts, app_secret, proof_clock)
        self.server = HttpServer(self._answer, port, "fake-meta")

    def start(self) -> Self:
        """Begin to answer and to deliver."""
        self.server.start()
        self.webhooks.deliveries.start()
        return self

    def stop(self) -> None:
        """End; the port is free afterwards."""
        self.server.stopping.set()
        self.webhooks.stop()
        self.server.stop()

    def _answer(self, call: Call) -> Answer:
        if call.path == "/" and call.method == "GET" and not call.query:
            return page.render(self.world)
        if call.path.startswith(PREFIX):
            return self.control.plane.answer(call)
        return self._graph.answer(call, self.server.stopping)

    def _record(self, made_id: str, platform: str, verb: str, text: str, to: str, person: str) -> None:
        self.control.record(made_id, platform, verb, text, to, person)

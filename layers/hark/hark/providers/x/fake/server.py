"""The HTTP server of the fake X: X's routes, the control plane under `/_fake/`, and the public page at `/`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Self

from hark.providers.x.fake import page
from hark.providers.x.fake.content import User
from hark.providers.x.fake.control import Control
from hark.providers.x.fake.direct import Direct
from hark.providers.x.fake.limits import WINDOWS, RateWindows, Signatures
from hark.providers.x.fake.management import Management
from hark.providers.x.fake.rest import Reply, Rest, problem
from hark.providers.x.fake.routes import dialect, find
from hark.providers.x.fake.webhooks import Webhooks
from hark.providers.x.fake.world import World
from hark.testkit.control import PREFIX
from hark.testkit.faults import Faults
from hark.testkit.http_server import Answer, Call, HttpServer
from hark.testkit.serving import Serving

ACCOUNTS: tuple[Mapping[str, Any], ...] = (
    {
        "provider": "x",
        "id": "5550001",
        "platform": "x",
        "platforms": ("x",),
        "handle": "acme",
        "name": "Acme",
        "settings": {},
    },
)
"""The account the fake plays, with the fields of `domain.account.Account` except the brand."""
SECRETS: Mapping[str, Mapping[str, str]] = {
    "5550001": {
        "consumer_key": "lab-consumer-key-01",
        "consumer_secret": "lab-consumer-secret-01",
        "oauth2_client_secret": "lab-oauth2-client-secret-01",
        "bearer_token": "lab-bearer-token-01",
        "access_token": "5550001-lab-access-token-01",
        "access_token_secret": "lab-access-token-secret-01",
    }
}
"""Account id → what the fake accepts and signs with unless told otherwise. They open nothing but a fake X."""


class Fake(Serving):
    """A fake X on 127.0.0.1. Use as a context manager, or `start` and `stop`.

    `port` 0 takes a free one (`url` tells). With a `webhook_url` the webhook is registered and subscribed to from the
    start; without one ("") X knows of none. `clock` gives seconds since 1970.
    """

    def __init__(
        self,
        port: int = 0,
        webhook_url: str = "",
        credentials: Mapping[str, str] = SECRETS["5550001"],
        brand: tuple[str, str, str] = ("5550001", "acme", "Acme"),
        seed: int = 1,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.clock = clock
        self.world: World = World(User(*brand))
        self.faults = Faults(tuple(WINDOWS), dialect(self))
        self.windows = RateWindows(clock)
        self.signatures = Signatures(credentials, clock)
        self.webhooks = Webhooks(webhook_url, credentials, brand[0], seed, clock)
        self.control = Control(self)
        self.rest: Rest = Rest(self.world, clock, self.control.announce, self.control.announce_deletion)
        self.direct: Direct = Direct(self.world, clock, self.control.announce_message, lambda: self.rest.new_words)
        self.management: Management = Management(self)
        self.server = HttpServer(self.answer, port, "fake-x")

    def start(self) -> Self:
        """Begin to answer and to deliver."""
        self.server.start()
        self.webhooks.deliveries.start()
        return self

    def stop(self) -> None:
        """End; the port is free afterwards."""
        self.server.stopping.set()
        self.webhooks.deliveries.stop()
        self.server.stop()

    def answer(self, call: Call) -> Answer:
        """Answer one call, whoever makes it.

        Raises:
            ConnectionBroken: a fault wants the caller to get no answer.
        """
        if call.path == "/" and call.method == "GET":
            return page.render(self.world)
        if call.path.startswith(PREFIX):
            # A web page elsewhere can send only "simple" types without asking first.
            if call.method == "POST" and not call.headers.get("content-type", "").startswith("application/json"):
                return problem(415, "Unsupported Media Type", "Send application/json.").answer()
            name = call.path.removeprefix(PREFIX)
            return self.control.answer(call.method, name, call.query, call.body).answer()
        return self._platform(call)

    def _platform(self, call: Call) -> Answer:
        found = find(call)
        if found is None:
            return problem(404, "Not Found", "There is nothing here.").answer()
        route, parts = found
        who = self._caller(call)
        if route.asks and not who:
            return problem(401, "Unauthorized", "Unauthorized").answer()
        if route.asks and who not in route.asks:
            kind = "https://api.x.com/2/problems/unsupported-authentication"
            return problem(403, "Unsupported Authentication", "Use another kind of access.", kind).answer()

        def carried_out() -> Answer:
            made = route.handle(self, parts, call, who)
            return made.answer() if isinstance(made, Reply) else made

        fault = self.faults.take(route.name)
        if fault is not None:
            return self.faults.answer(fault, carried_out, self.server.stopping)
        allowed, headers = self.windows.count(route.name)
        answer = carried_out() if allowed else problem(429, "Too Many Requests", "Too Many Requests").answer()
        answer.headers |= headers
        return answer

    def _caller(self, call: Call) -> str:
        authorization = call.headers.get("authorization", "")
        if self.signatures.is_app(authorization):
            return "app"
        own_url = f"http://{call.headers.get('host', '')}{call.path}"
        return "user" if self.signatures.accept(call.method, own_url, call.query, authorization) else ""

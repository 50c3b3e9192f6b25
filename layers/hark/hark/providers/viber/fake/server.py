"""The fake Viber: the bot's calls, deliveries to its address, the control plane under `/_fake/`, a page at `/`."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Self

from hark.providers.signature import hmac_sha256
from hark.providers.viber.door import HEADER
from hark.providers.viber.fake import bot_api, shapes
from hark.providers.viber.fake.control import Control
from hark.providers.viber.fake.receipts import Receipts
from hark.providers.viber.fake.world import Message, State, World
from hark.testkit.control import PREFIX
from hark.testkit.deliveries import Deliveries, Delivery
from hark.testkit.faults import Faults
from hark.testkit.http_server import Answer, Call, HttpServer
from hark.testkit.page import Line, Thread, render
from hark.testkit.serving import Serving

ACCOUNTS: tuple[Mapping[str, Any], ...] = (
    {
        "provider": "viber",
        "id": "b1",
        "platform": "viber",
        "platforms": ("viber",),
        "handle": "acme",
        "name": "Acme",
        "settings": {"welcome": "Hello! How can we help?"},
    },
)
"""The one bot the fake plays, with the fields of `domain.account.Account`."""

SECRETS: Mapping[str, Mapping[str, str]] = {
    "b1": {"auth_token": "4a1b2c3d4e5f6071-1a2b3c4d5e6f7081-2b3c4d5e6f708192"},
}
"""What the fake accepts and signs with, by account. It opens nothing but a fake Viber."""

RETRY_AFTER = (1, 2, 4, 8, 15, 30, 60, 120, 300, 600, 1200, 1200)
"""Seconds between the tries of one delivery: an hour in all, and nobody can ask for it afterwards."""


def signed(body: bytes, account_id: str) -> tuple[dict[str, str], str]:
    """The headers with which Viber posts a body to a bot, and the rest of the address it posts to."""
    digest = hmac_sha256(SECRETS[account_id]["auth_token"], body).hex()
    return {"Content-Type": "application/json", HEADER: digest}, account_id


class Fake(Serving):
    """A fake Viber on 127.0.0.1. Use as a context manager, or `start` and `stop`.

    `port` 0 takes a free one (`url` tells). `webhook_url` is the door's address without the bot's id; "" sets no
    webhook, as before the first `set_webhook`. `clock` gives seconds since 1970, `price_usd` is what a message
    outside of a session costs.
    """

    def __init__(
        self,
        port: int = 0,
        webhook_url: str = "",
        seed: int = 1,
        clock: Callable[[], float] = time.time,
        price_usd: float = 0.05,
    ) -> None:
        self.account = ACCOUNTS[0]
        self.token = SECRETS["b1"]["auth_token"]
        self.clock = clock
        self.price_usd = price_usd
        self.names = self.photos = True
        """Whether events tell people's names and pictures; as asked for with the webhook."""
        self.event_types = frozenset(bot_api.EVENT_TYPES)
        self.world = World()
        self.api = bot_api.BotApi(self)
        self.faults = Faults(tuple(bot_api.ROUTES.values()), self.api.dialect)
        self.receipts = Receipts(self._moved)
        self.deliveries = Deliveries(
            self.address(webhook_url),
            self._signed,
            seed,
            check=self._known_or_proven,
            accepted=lambda status: status == 200,
            answered=self._answered,
            retry_after=RETRY_AFTER,
        )
        self._good_url = ""
        self._control = Control(self).plane()
        self.server = HttpServer(self._answer, port, "fake-viber")

    def address(self, webhook_url: str) -> str:
        """Where this bot's events go, below the door's address; "" for none."""
        return f"{webhook_url.rstrip('/')}/{self.account['id']}" if webhook_url else ""

    def now(self) -> datetime:
        """The fake's present time in UTC."""
        return datetime.fromtimestamp(self.clock(), UTC)

    def proven(self, url: str) -> bool:
        """Try an address with the `webhook` event: whether it answers 200, as `set_webhook` demands."""
        body = shapes.webhook(self.now(), self.world.new_token())
        try:
            status, _ = self.deliveries.call("POST", url, body, self._signed(body))
        except OSError:
            return False
        if status == 200:
            self._good_url = url
        return status == 200

    def tell(self, kind: str, subject: str, body: bytes) -> None:
        """Deliver an event, if the bot has asked for its kind; messages need no asking."""
        if kind == "message" or kind in self.event_types:
            self.deliveries.enqueue(kind, subject, body)

    def start(self) -> Self:
        """Begin to answer and to deliver."""
        self.server.start()
        self.deliveries.start()
        self.receipts.start()
        return self

    def stop(self) -> None:
        """End; the port is free afterwards."""
        self.receipts.stop()
        self.deliveries.stop()
        self.server.stop()

    def _known_or_proven(self) -> bool | None:
        url = self.deliveries.url
        return url == self._good_url or self.proven(url) or None

    def _signed(self, body: bytes) -> Mapping[str, str]:
        return signed(body, str(self.account["id"]))[0]

    def _moved(self, message: Message, state: State) -> None:
        message.state = state
        why = "client version not supported" if state == "failed" else ""
        self.tell(state, message.token, shapes.receipt(state, message, self.now(), why))

    def _answered(self, delivery: Delivery, answer: bytes) -> None:
        # The one event whose answer Viber reads. What is no message is passed over.
        if delivery.kind != "conversation_started" or not answer:
            return
        person = self.world.by_id(delivery.subject)
        try:
            said = json.loads(answer)
            text = bot_api.message_text(said)
        except (ValueError, AttributeError, bot_api.Denied):
            return
        if person is not None:
            made = self.world.answered(person, {"type": "text", "text": text}, self.now(), welcome=True)
            self.receipts.expect(made)

    def _answer(self, call: Call) -> Answer:
        if call.path.startswith(PREFIX):
            return self._control.answer(call)
        if call.path.startswith(bot_api.PREFIX):
            return self.api.answer(call)
        return self._page() if call.path == "/" and call.method == "GET" else Answer(404)

    def _page(self) -> Answer:
        threads: dict[str, list[Message]] = {}
        for message in self.world.messages():
            threads.setdefault(message.person.id, []).append(message)
        latest_first = sorted(threads.values(), key=lambda said: said[-1].token, reverse=True)
        name = str(self.account["name"])
        return render(
            "The fake Viber",
            f"What each person sees in the chat with {name}: {len(threads)} chats.",
            [Thread(f"{said[0].person.name} and {name}", [self._line(m) for m in said]) for said in latest_first],
        )

    def _line(self, message: Message) -> Line:
        brand = message.source != "person"
        kind = str(message.content.get("type"))
        return Line(
            author=str(self.account["name"]) if brand else message.person.name,
            handle=str(self.account["handle"]) if brand else message.person.username,
            text="" if message.gone else message.text,
            at=message.at,
            brand=brand,
            reply=brand,
            note="deleted" if message.gone else kind if kind != "text" else "",
            mark=message.state if brand else "edited" if message.edited else "",
        )

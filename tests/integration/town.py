"""All platforms' fakes over real HTTP, the door they deliver to, and an agent at the desk."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from hark import operator, wiring
from hark.domain.account import Account
from hark.domain.case import Case
from hark.domain.message import Message
from hark.domain.reply import Reply
from hark.providers import contract, http
from hark.store import keys
from hark.testkit.http_server import Answer, Call, HttpServer

from .browser import Browser
from .conftest import BRAND, Desk, clear_caches
from .gateway import request

PATIENCE = 15
"""Seconds a fake may take to deliver what it has to tell."""


class Town:
    """What happens on the platforms, what the functions do about it, and what the desk then shows."""

    def __init__(self, desk: Desk, fakes: dict[str, Any], door: str, dana: Browser) -> None:
        self.desk, self.fakes, self.door, self.dana = desk, fakes, door, dana

    # --- the platforms ---

    def told(self, provider: str, what: str, **given: Any) -> Any:
        """A call of a fake's control plane."""
        return self._control(provider, what, json.dumps(given).encode())

    def seen(self, provider: str, what: str) -> Any:
        return self._control(provider, what, None)

    def _control(self, provider: str, what: str, body: bytes | None) -> Any:
        url, kind = f"{self.fakes[provider].url}/_fake/{what}", {"content-type": "application/json"}
        answer = http.call("GET" if body is None else "POST", url, body or b"", kind, fresh=True)
        assert answer.status in (200, 201), answer.body
        return json.loads(answer.body)

    def say(self, provider: str, by: str, text: str, **more: Any) -> str:
        """Somebody says something, a second passes, and the desk has taken it in. The platform's id of it."""
        self.desk.clock.forward(seconds=1)
        made = str(self.told(provider, "say", by=by, text=text, **more)["id"])
        self.arrive(provider)
        return made

    def arrive(self, provider: str) -> None:
        """Wait until the fake has delivered all it has to tell, and fold it."""
        self.until(lambda: all(d["done"] for d in self.seen(provider, "deliveries")))
        self.fold()

    def fold(self) -> None:
        for _ in range(3):
            self.desk.fold()

    def control(self, provider: str, what: str, **given: Any) -> Any:
        """The same, and whatever follows from it has arrived."""
        answer = self.told(provider, what, **given)
        self.arrive(provider)
        return answer

    @staticmethod
    def until(holds: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < end, "it never happened"
            time.sleep(0.02)

    def sent(self, provider: str) -> list[dict[str, Any]]:
        """What our product did there, oldest first."""
        return list(self.seen(provider, "sent"))

    # --- the desk ---

    def minutely(self, provider: str) -> dict[str, Any]:
        """What the schedule does, after a minute."""
        self.desk.clock.forward(minutes=1)
        return dict(self.desk.call("poll", {"provider": provider}))

    def account(self, provider: str, account_id: str = "") -> Account:
        account_id = account_id or contract.load(provider, "fake").ACCOUNTS[0]["id"]
        found = wiring.intake().accounts.find(provider, account_id)
        assert found
        return Account.model_validate(found)

    def connect(self, provider: str, brand: str = BRAND, **changes: Any) -> None:
        """What the operator does, for the first time or once more."""
        fake = contract.load(provider, "fake")
        for known in fake.ACCOUNTS:
            account = Account(brand=brand, **{**known, **changes})
            operator.connect(self.desk.table, "/hark/test", account, fake.SECRETS[account.id])

    def write(self, case: Case, text: str, verb: str = "") -> Reply:
        """The agent answers on the desk; it has not left yet."""
        self.desk.clock.forward(seconds=1)
        given = {"text": text, "seen": case.talk} | ({"verb": verb} if verb else {})
        written = self.dana.send("POST", f"conversations/{case.id}/replies", given)
        assert written.status == 202, written.said
        return self.reply(case.id, written.said["id"])

    def act(self, case: Case, message_id: str, verb: str) -> Any:
        self.desk.clock.forward(seconds=1)
        return self.dana.send("POST", f"conversations/{case.id}/acts", {"message": message_id, "verb": verb})

    def reply(self, case_id: str, reply_id: str) -> Reply:
        found = wiring.actions().replies.get(BRAND, case_id, reply_id)
        assert found
        return found

    def replies(self) -> list[Reply]:
        return [Reply.model_validate(i) for i in self.desk.items() if i["sk"].startswith(keys.REPLY_PREFIX)]

    def push(self, **later: float) -> None:
        """What the sweeper does after a while: every reply has its turn."""
        self.desk.clock.forward(**later)
        waiting = [{"pk": i["pk"], "sk": i["sk"]} for i in self.desk.items() if i["sk"].startswith(keys.REPLY_PREFIX)]
        if waiting:
            self.desk.call("send_reply", {"keys": waiting})

    def answer(self, provider: str, case: Case, text: str, verb: str = "") -> Reply:
        """The agent answers, the sender sends it, and whatever the platform then tells arrives."""
        reply = self.write(case, text, verb)
        self.push()
        self.arrive(provider)
        return self.reply(case.id, reply.id)

    def messages(self, case: Case) -> list[Message]:
        """All that stands in a case, in the order of the platform's times."""
        shown = [m for m in self.desk.messages() if m.conversation == case.id]
        return sorted(shown, key=lambda m: (m.at, m.id))

    def lines(self, case: Case) -> list[str]:
        """The codes of a case's history, oldest first."""
        history = sorted(wiring.intake().cases.history(BRAND, case.id), key=lambda line: line["number"])
        return [str(line["code"]) for line in history]


@contextmanager
def town_with(
    desk: Desk, dana: Browser, monkeypatch: pytest.MonkeyPatch, *providers: str, connected: bool = True
) -> Iterator[Town]:
    """A town with the fakes of these providers, their accounts connected.

    X's fake lives in real time, for it checks the time of our signatures; the others live in the desk's.
    """
    desk.clock.now = datetime.now(UTC).replace(microsecond=0)

    def door(call: Call) -> Answer:
        answer = desk.call("webhook", request(call.method, call.path, call.body, dict(call.headers), call.query))
        return Answer(answer["statusCode"], answer["body"].encode(), dict(answer["headers"]))

    server = HttpServer(door, 0, "door").start()
    url = f"{server.url}/webhooks"
    monkeypatch.setenv("WEBHOOK_URL", url)
    with ExitStack() as open_ones:
        open_ones.callback(server.stop)
        fakes: dict[str, Any] = {}
        town = Town(desk, fakes, url, dana)
        if connected:
            for provider in providers:
                town.connect(provider)
        for provider in providers:
            own_time = {} if provider == "x" else {"clock": lambda: desk.clock().timestamp()}
            fake = contract.load(provider, "fake").Fake(webhook_url=f"{url}/{provider}", **own_time)
            fakes[provider] = open_ones.enter_context(fake)
        monkeypatch.setenv("PROVIDER_ENDPOINTS", " ".join(f"{p}={fake.url}" for p, fake in fakes.items()))
        clear_caches()  # secrets read before the accounts were connected
        yield town


Towns = Callable[..., AbstractContextManager[Town]]
"""Opens a town with the fakes of the providers it is given (the fixture `town_of`)."""

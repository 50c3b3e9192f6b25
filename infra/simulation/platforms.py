"""Meta and Viber: the fakes of the local cloud, asked in virtual time, with what goes wrong on the way to them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hark.providers import contract, http
from hark.testkit.control import PREFIX
from hark.testkit.http_server import Answer, Call

from infra.simulation.scheduler import Crash

if TYPE_CHECKING:
    from infra.simulation.world import World

HOSTS = {"meta": "https://meta.example", "viber": "https://viber.example"}
RETRY_SECONDS = (5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 28800)
"""Waits between the tries of one delivery."""
NOT_LISTED = (b'"edited"', b'"remove"', b'"hide')
"""What no poll can find: it has to be told until it is heard."""
LAG_SECONDS = 45.0
"""How far the platform's lists may be behind; the settle time has to be longer."""


@dataclass
class Told:
    """A delivery of the platform: something happened there."""

    provider: str
    kind: str
    subject: str
    body: bytes
    acknowledged: bool = False
    tries: int = 0


@dataclass
class Platform:
    """One provider's fake without its threads."""

    world: World
    provider: str
    fake: Any = field(init=False)
    told: list[Told] = field(default_factory=list)
    dead: bool = False
    """The webhook reaches nobody."""

    def __post_init__(self) -> None:
        clock: Callable[[], float] = lambda: self.world.scheduler.now  # noqa: E731 - one line says it
        made = contract.load(self.provider, "fake").Fake
        own = {"proof_clock": clock} if self.provider == "meta" else {}
        self.fake = made(webhook_url=f"https://desk.example.com/webhooks/{self.provider}", clock=clock, **own)
        self.fake.server.stop()
        deliveries = self.fake.webhooks.deliveries if self.provider == "meta" else self.fake.deliveries
        deliveries.enqueue = self._deliver
        if self.provider == "viber":
            self.fake.receipts.expect = lambda message: None
            self.fake.webhooks = None

    @property
    def account(self) -> str:
        """The account that deliveries name."""
        return str(contract.load(self.provider, "fake").ACCOUNTS[0]["id"])

    def control(self, what: str, **given: Any) -> Any:
        """Something people do there.

        Raises:
            LookupError: it is not possible (any more).
        """
        plane = self.fake.control.plane if self.provider == "meta" else self.fake._control
        body = json.dumps(given).encode()
        answer = plane.answer(Call("POST", PREFIX + what, "", {"content-type": "application/json"}, body))
        if answer.status not in (200, 201):
            raise LookupError(f"{what}: {answer.body!r}")
        return json.loads(answer.body)

    def posts(self) -> list[tuple[str, str]]:
        """What our product said there: id and text, oldest first."""
        if self.provider == "meta":
            return [(each["id"], each["text"]) for each in self.fake.control.sent if each["text"]]
        return [(m.token, m.text) for m in self.fake.world.messages() if m.source == "api"]

    # --- from us to the platform ---

    def ask(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> http.Answer:
        """A call of its API, with all that can happen to one.

        Raises:
            http.NeverSent, http.NoAnswer, Crash.
        """
        world, weather, random = self.world, self.world.weather, self.world.scheduler.random
        parts = urlsplit(url)
        call = Call(method, parts.path, parts.query, {n.lower(): v for n, v in headers.items()}, body)
        world.scheduler.note(f"{world.who()} {method} {parts.path}")
        if weather.strikes("crash_before"):
            raise Crash
        if method != "GET" and weather.strikes("stall"):
            world.scheduler.pause(random.uniform(20, 150) if not world.no_time_limits else random.uniform(20, 3600))
        world.scheduler.pause(random.uniform(0.05, 0.4))
        if weather.strikes("closed"):
            raise http.NeverSent
        if weather.strikes("refused_turn"):
            soon = format_datetime(world.clock(random.uniform(60, 1800)), usegmt=True)
            return _limited(self.provider, random.choice(("", "30", soon, "soon")))
        if weather.strikes("broken"):
            return self._broken(call, random.random() < 0.6)
        with self._behind(method == "GET" and weather.strikes("lag")):
            answer = self._effect(call)
        if weather.strikes("crash_after"):
            raise Crash
        world.scheduler.pause(random.uniform(0.02, 0.3))
        return answer

    def _broken(self, call: Call, done: bool) -> http.Answer:
        """The call ends badly; perhaps it had its effect all the same."""
        scheduler, random = self.world.scheduler, self.world.scheduler.random
        if call.method == "GET":
            done = False
        good = self._effect(call) if done else None
        match random.randrange(6):
            case 0:
                return http.Answer(random.choice((500, 502, 503)), {}, b"<html>busy</html>")
            case 1:
                scheduler.pause(15.0)
                raise http.NoAnswer
            case 2:
                raise http.NoAnswer(200)
            case 3:
                return http.Answer(200, {"content-type": "text/html"}, b"<html>Something went wrong.</html>")
            case 4:
                body = good.body if good else b'{"id": "1", "message_id": "m", "status": 0}'
                return http.Answer(200, {}, body[: len(body) // 2])
        return http.Answer(200, {}, b'{"success": true}')

    def _effect(self, call: Call) -> http.Answer:
        answer: Answer = self.fake._answer(call)
        self.world.checks.posted(self)
        return http.Answer(answer.status, {n.lower(): v for n, v in answer.headers.items()}, answer.body)

    @contextmanager
    def _behind(self, lags: bool) -> Iterator[None]:
        """What we said lately is not listed yet."""
        hidden: list[Any] = []
        if lags and self.provider == "meta":
            since = self.world.scheduler.now - self.world.scheduler.random.uniform(0, LAG_SECONDS)
            world = self.fake.world
            fresh = [*world.items.values(), *world.messages.values()]
            hidden = [each for each in fresh if each.by_api and not each.gone and each.at.timestamp() > since]
            for each in hidden:
                each.gone = True
        try:
            yield
        finally:
            for each in hidden:
                each.gone = False

    # --- from the platform to us ---

    def _deliver(self, kind: str, subject: str, body: bytes) -> None:
        world, weather = self.world, self.world.weather
        told = Told(self.provider, kind, subject, body)
        self.told.append(told)
        found_by_poll = self.provider == "meta" and not any(word in told.body for word in NOT_LISTED)
        if self.dead or (found_by_poll and weather.strikes("delivery_dropped")):
            return
        for _ in range(2 if weather.strikes("delivery_twice") else 1):
            late = world.scheduler.random.uniform(1, 900) if weather.strikes("delivery_late") else 0.0
            wait = late + world.scheduler.random.uniform(0.05, 2.0)
            world.scheduler.spawn(f"delivery {self.provider} {len(self.told)}", lambda: self._tries(told), wait)

    def again(self) -> None:
        """The newest delivery is made once more, whatever became of it."""
        if self.told and not self.dead:
            told = self.told[-1]
            self.world.scheduler.spawn(f"delivery {self.provider} once more", lambda: self._tries(told))

    def _tries(self, told: Told) -> None:
        for wait in (*RETRY_SECONDS, None):
            told.tries += 1
            if self._once(told) and not self.world.weather.strikes("answer_missed"):
                return
            if wait is None:
                return
            self.world.scheduler.pause(wait * self.world.scheduler.random.uniform(0.5, 1.5))

    def _once(self, told: Told) -> bool:
        headers, path = contract.load(self.provider, "fake").signed(told.body, self.account)
        address = "/".join(("/webhooks", self.provider, *filter(None, [path.lstrip("/")])))
        status, _, _ = self.world.functions.http("webhook", gateway("POST", address, told.body, headers))
        if status == 200:
            told.acknowledged = True
        return status == 200


def _limited(provider: str, after: str) -> http.Answer:
    if provider == "viber":
        return http.Answer(200, {}, json.dumps({"status": 12, "status_message": "tooManyRequests"}).encode())
    value = {"error": {"message": "too many calls", "type": "OAuthException", "code": 32, "fbtrace_id": "A"}}
    return http.Answer(400, {"retry-after": after} if after else {}, json.dumps(value).encode())


def gateway(
    method: str, path: str, body: bytes | str = b"", headers: Mapping[str, str] | None = None, query: str = "",
    cookies: list[str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What the HTTP API hands to a function (payload format 2.0)."""
    return {
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query, "cookies": cookies or [],
        "headers": dict(headers or {}),
        "queryStringParameters": dict(pair.split("=", 1) for pair in query.split("&") if pair),
        "requestContext": {
            "domainName": "desk.example.com", "stage": "$default", "requestId": "r",
            "http": {"method": method, "path": path, "sourceIp": "192.0.2.1", "userAgent": "s", "protocol": "HTTP/1.1"},
        },
        "pathParameters": dict(zip(("provider", "account"), path.split("/")[2:4], strict=False)),
        "body": base64.b64encode(body).decode() if isinstance(body, bytes) else body,
        "isBase64Encoded": isinstance(body, bytes),
    }  # fmt: skip

"""Deliveries of a fake to one webhook: signed, tried again, doubled, disordered, late or not at all."""

from __future__ import annotations

import base64
import binascii
import heapq
import http.client
import itertools
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from hark.testkit.control import Fields, Refused, only
from hark.testkit.http_server import Answer, json_answer

ANSWER_SECONDS = 10.0
RETRY_AFTER = (1, 2, 4, 8, 15, 30, 60, 60, 60)
"""Seconds between the tries of one delivery: four minutes, then it is given up and only a poll finds what it told."""

HABITS: Fields = {"duplicate": int, "disorder": (int, float), "delay": (int, float), "silent": bool}

_CHECK_EVERY = 0.5
_WORKERS = 8

Headers = Callable[[bytes], Mapping[str, str]]
"""The headers for a body, its signature among them."""


@dataclass(slots=True)
class Habits:
    """How deliveries behave. All of them may be changed while running."""

    duplicate: int = 1
    """How often each event is delivered, at the same time."""
    disorder: float = 0.0
    """Each delivery waits a random time up to so many seconds."""
    delay: float = 0.0
    """Each delivery waits so many seconds."""
    silent: bool = False
    """Nothing is delivered at all; what happens can still be polled."""


@dataclass(slots=True)
class Delivery:
    """One POST to the webhook, with the answers to its tries. `statuses` has 0 where no answer came."""

    id: int
    kind: str
    subject: str
    body: bytes
    statuses: list[int] = field(default_factory=list)
    done: bool = False
    given_up: bool = False

    def shown(self) -> dict[str, Any]:
        """For the control plane."""
        return {"id": self.id, "kind": self.kind, "subject": self.subject, "bytes": len(self.body)} | {
            "statuses": list(self.statuses),
            "done": self.done,
            "given_up": self.given_up,
        }


class Deliveries:
    """Delivers bodies to one webhook, from threads of its own.

    `check` is the platform's test of an address, before the first delivery to it: True delivers, False disables the
    address, None (no answer) asks again later; without it every address is good. `accepted` tells which statuses end
    the tries. `answered` is told of every accepted delivery and the body of the answer, for platforms that read it.
    """

    def __init__(
        self,
        url: str,
        headers: Headers,
        seed: int = 1,
        *,
        check: Callable[[], bool | None] | None = None,
        accepted: Callable[[int], bool] = lambda status: 200 <= status < 300,
        answered: Callable[[Delivery, bytes], None] | None = None,
        retry_after: Sequence[float] = RETRY_AFTER,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self.habits = Habits()
        self.deliveries: list[Delivery] = []
        self.headers = headers
        self.random = random.Random(seed)
        self._url = url
        self._check = check
        self._accepted = accepted
        self._answered = answered
        self._retry_after = retry_after
        self._answer_seconds = answer_seconds
        self._valid: bool | None = None if check else True
        self._order = itertools.count()
        self._waiting: list[tuple[float, int, Delivery]] = []
        self._change = threading.Condition()
        self._stopping = False
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="fake-delivery")
        self._thread = threading.Thread(target=self._run, name="fake-deliveries", daemon=True)

    @property
    def url(self) -> str:
        """Where deliveries go now; empty when nowhere."""
        with self._change:
            return self._url

    def start(self) -> None:
        """Begin: first the check, again and again until it is answered; then deliveries."""
        self._thread.start()

    def stop(self) -> None:
        """End after the deliveries that are under way; waiting ones are dropped."""
        with self._change:
            self._stopping = True
            self._change.notify_all()
        self._thread.join(self._answer_seconds + 1)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def enqueue(self, kind: str, subject: str, body: bytes) -> None:
        """Deliver a body as the habits say. `kind` and `subject` are for people who read the list of deliveries."""
        with self._change:
            if self.habits.silent or not self._url:
                return
            for _ in range(max(1, self.habits.duplicate)):
                delivery = Delivery(len(self.deliveries) + 1, kind, subject, body)
                self.deliveries.append(delivery)
                wait = self.habits.delay + self.random.uniform(0, self.habits.disorder)
                heapq.heappush(self._waiting, (time.monotonic() + wait, next(self._order), delivery))
            self._change.notify_all()

    def register(self, url: str) -> None:
        """Deliver to another address from now on, after a new check."""
        with self._change:
            self._url = url
            self._valid = None if self._check else True
            self._change.notify_all()

    def change_habits(self, given: Mapping[str, Any]) -> None:
        """Set habits from the control plane's JSON.

        Raises:
            Refused: an unknown habit or a value of the wrong type.
        """
        only(given, HABITS, set())
        with self._change:
            for name, value in given.items():
                setattr(self.habits, name, value)

    def state(self) -> dict[str, Any]:
        """For the control plane. `valid` is null while the check has not been answered."""
        with self._change:
            return {
                "url": self._url,
                "valid": self._valid,
                "waiting": len(self._waiting),
                "delivered": sum(d.done for d in self.deliveries),
                "habits": asdict(self.habits),
            }

    def shown(self) -> list[dict[str, Any]]:
        """All deliveries so far, oldest first, for the control plane."""
        with self._change:
            return [d.shown() for d in self.deliveries]

    def deliver_exactly(self, given: Mapping[str, Any]) -> Answer:
        """`{body | body_base64, headers?}` → `{status, body}`: POST these very bytes once, signed unless headers come.

        Raises:
            Refused: no such bytes, or the webhook gave no answer.
        """
        only(given, {"body": str, "body_base64": str, "headers": dict}, set())
        try:
            body = base64.b64decode(given.get("body_base64", ""), validate=True) or given.get("body", "").encode()
        except (binascii.Error, UnicodeEncodeError):
            raise Refused(400, "body_base64 is no base64, or body no Unicode") from None
        try:
            status, answer = self.call("POST", self.url, body, given.get("headers", self.headers(body)))
        except OSError as broken:
            raise Refused(502, f"the webhook gave no answer: {type(broken).__name__}") from None
        return json_answer(200, {"status": status, "body": answer.decode("utf-8", "replace")})

    def call(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """One call to any address, now; status and body of the answer.

        Raises:
            OSError: no answer in time, or no connection.
        """
        parts = urlsplit(url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.netloc, timeout=self._answer_seconds)
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(method, target, body if method == "POST" else None, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read()
        except http.client.HTTPException as broken:
            raise ConnectionError(type(broken).__name__) from broken
        finally:
            connection.close()

    def _run(self) -> None:
        while True:
            with self._change:
                if self._stopping:
                    return
                url, valid = self._url, self._valid
            if valid is None and url and self._check is not None:
                answer = self._check()
                with self._change:
                    if self._url == url:
                        self._valid = answer
                    if answer is None:
                        self._change.wait(_CHECK_EVERY)
                continue
            with self._change:
                now = time.monotonic()
                if valid and self._waiting and self._waiting[0][0] <= now:
                    delivery = heapq.heappop(self._waiting)[2]
                else:
                    self._change.wait(min(self._waiting[0][0] - now, 1) if valid and self._waiting else 1)
                    continue
                if not self._stopping:
                    self._pool.submit(self._deliver, delivery)

    def _deliver(self, delivery: Delivery) -> None:
        try:
            status, answer = self.call("POST", self.url, delivery.body, self.headers(delivery.body))
        except OSError:
            status, answer = 0, b""
        accepted = self._accepted(status)
        with self._change:
            delivery.statuses.append(status)
            tries = len(delivery.statuses)
            if accepted:
                delivery.done = True
            elif tries > len(self._retry_after):
                delivery.given_up = True
            else:
                again = time.monotonic() + self._retry_after[tries - 1]
                heapq.heappush(self._waiting, (again, next(self._order), delivery))
            self._change.notify_all()
        if accepted and self._answered is not None:
            self._answered(delivery, answer)

"""Deliveries of the fake X: endpoint check, both signatures, retries, and the ways in which they go wrong."""

from __future__ import annotations

import base64
import heapq
import http.client
import itertools
import json
import random
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from hark.providers.signature import hmac_sha256
from hark.providers.x.door import LEGACY_HEADER, OAUTH2_HEADER

ANSWER_SECONDS = 10
RETRY_AFTER = (1, 2, 4, 8, 15, 30, 60, 60, 60)
"""Seconds between the tries of one delivery: four minutes, then X gives up and only the poll finds the post."""

_CHECK_EVERY = 0.5
_WORKERS = 8


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
    """Nothing is delivered at all; posts are still on the timelines."""


@dataclass(slots=True)
class Delivery:
    """One POST to the webhook, with the answers to its tries. `statuses` has 0 where no answer came."""

    id: int
    kind: str
    post_id: str
    body: bytes
    statuses: list[int] = field(default_factory=list)
    done: bool = False
    given_up: bool = False

    def shown(self) -> dict[str, Any]:
        """For the control plane."""
        return {"id": self.id, "kind": self.kind, "post_id": self.post_id} | {
            "statuses": list(self.statuses),
            "done": self.done,
            "given_up": self.given_up,
            "bytes": len(self.body),
        }


class Webhooks:
    """Delivers bodies to one webhook, from threads of its own."""

    def __init__(self, url: str, secrets: Mapping[str, str], seed: int) -> None:
        self.habits = Habits()
        self.deliveries: list[Delivery] = []
        self._url = url
        self._secrets = secrets
        self._valid: bool | None = None
        self._random = random.Random(seed)
        self._order = itertools.count()
        self._waiting: list[tuple[float, int, Delivery]] = []
        self._change = threading.Condition()
        self._stopping = False
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="fake-x-delivery")
        self._thread = threading.Thread(target=self._run, name="fake-x-webhooks", daemon=True)

    def start(self) -> None:
        """Begin: first the endpoint check, again and again until the webhook answers it; then deliveries."""
        self._thread.start()

    def stop(self) -> None:
        """End after the deliveries that are under way; waiting ones are dropped."""
        with self._change:
            self._stopping = True
            self._change.notify_all()
        self._thread.join(ANSWER_SECONDS + 1)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def enqueue(self, kind: str, post_id: str, body: bytes) -> None:
        """Deliver a body as the habits say."""
        with self._change:
            if self.habits.silent or not self._url:
                return
            for _ in range(max(1, self.habits.duplicate)):
                delivery = Delivery(len(self.deliveries) + 1, kind, post_id, body)
                self.deliveries.append(delivery)
                wait = self.habits.delay + self._random.uniform(0, self.habits.disorder)
                heapq.heappush(self._waiting, (time.monotonic() + wait, next(self._order), delivery))
            self._change.notify_all()

    def register(self, url: str) -> None:
        """Deliver to another address from now on, after a new endpoint check."""
        with self._change:
            self._url = url
            self._valid = None
            self._change.notify_all()

    def new_uuid(self) -> str:
        """X's opaque event id: sometimes negative."""
        with self._change:
            return str(self._random.randrange(-(2**63), 2**63))

    def state(self) -> dict[str, Any]:
        """What the control plane shows. `valid` is null while the endpoint check has not been answered."""
        with self._change:
            return {
                "url": self._url,
                "valid": self._valid,
                "waiting": len(self._waiting),
                "delivered": sum(d.done for d in self.deliveries),
                "habits": asdict(self.habits),
            }

    def headers(self, body: bytes) -> dict[str, str]:
        """The headers of a delivery, with both signatures as far as the secrets are set."""
        made = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "fake-x"}
        for header, name in ((OAUTH2_HEADER, "oauth2_client_secret"), (LEGACY_HEADER, "consumer_secret")):
            if key := self._secrets.get(name):
                made[header] = _signed(key, body)
        return made

    def send(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """POST once, now; status and body of the answer.

        Raises:
            OSError: no answer in ten seconds, or no connection.
        """
        return self._call("POST", self._url, body, headers)

    def check(self) -> bool | None:
        """X's endpoint check. False when the webhook answers wrongly (X then disables it), None when it does not."""
        token = base64.b32encode(self._random.randbytes(20)).decode().rstrip("=") + "+/="
        joint = "&" if "?" in self._url else "?"
        try:
            status, body = self._call("GET", f"{self._url}{joint}{urlencode({'crc_token': token})}", b"", {})
        except OSError:
            return None
        if status >= 400:
            return None
        key = self._secrets.get("oauth2_client_secret") or self._secrets["consumer_secret"]
        try:
            answer = json.loads(body)
        except ValueError:
            return False
        return isinstance(answer, dict) and answer.get("response_token") == _signed(key, token.encode())

    def _call(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        parts = urlsplit(url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.netloc, timeout=ANSWER_SECONDS)
        try:
            target = parts.path + (f"?{parts.query}" if parts.query else "")
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
            if valid is None and url:
                answer = self.check()
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
            status, _ = self.send(delivery.body, self.headers(delivery.body))
        except OSError:
            status = 0
        with self._change:
            delivery.statuses.append(status)
            tries = len(delivery.statuses)
            if 200 <= status < 300:
                delivery.done = True
            elif tries > len(RETRY_AFTER):
                delivery.given_up = True
            else:
                again = time.monotonic() + RETRY_AFTER[tries - 1]
                heapq.heappush(self._waiting, (again, next(self._order), delivery))
            self._change.notify_all()


def _signed(key: str, message: bytes) -> str:
    return "sha256=" + base64.b64encode(hmac_sha256(key, message)).decode("ascii")

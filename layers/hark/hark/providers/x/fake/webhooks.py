"""Webhooks of the fake X: endpoint check, both signatures, subscriptions, and replaying what was not delivered."""

from __future__ import annotations

import base64
import itertools
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from hark.providers.signature import hmac_sha256
from hark.providers.x.door import LEGACY_HEADER, OAUTH2_HEADER
from hark.providers.x.fake.shapes import as_bytes
from hark.testkit.deliveries import Deliveries

WEBHOOK_ID = "9001"
KINDS = (
    "post.create", "post.delete", "post.mention.create", "post.reply.create", "post.quote.create", "dm.received",
    "dm.sent", "oauth.revoke",
)  # fmt: skip
"""What the brand's account is subscribed to from the start, when there is a webhook from the start."""

_CHECK_SECONDS = 12.0


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing X would have delivered, whether it did or not."""

    at: float
    kind: str
    subject: str
    body: bytes


class Webhooks:
    """The one webhook of the application, its subscriptions, and the deliveries to it."""

    def __init__(
        self, url: str, secrets: Mapping[str, str], brand_id: str, seed: int, clock: Callable[[], float]
    ) -> None:
        self.deliveries = Deliveries(url, self.headers, seed, check=self.check)
        self.subscriptions: dict[str, dict[str, Any]] = {}
        """By id, in X's words."""
        self._secrets = secrets
        self._clock = clock
        self._lock = threading.RLock()
        self._ids = itertools.count(9_100)
        self._known = bool(url)
        self._disabled = False
        self._happened: list[Happened] = []
        if url:
            for kind in KINDS:
                narrowed = {} if kind == "oauth.revoke" else {"user_id": brand_id}
                self.subscribe(kind, narrowed, "hark-" + kind.split(".")[1], WEBHOOK_ID)

    def tell(self, kind: str, user_id: str, subject: str, body: bytes) -> None:
        """Deliver a body, if somebody is subscribed to this kind of this user and the webhook is valid."""
        with self._lock:
            if not self.subscribed(kind, user_id):
                return
            self._happened.append(Happened(self._clock(), kind, subject, body))
            if self._disabled or self.deliveries.state()["valid"] is False:
                return
        self.deliveries.enqueue(kind, subject, body)

    def subscribed(self, kind: str, user_id: str) -> bool:
        """Whether a subscription leads to our webhook. Deletions by customers are taken as followed (by tag)."""
        with self._lock:
            return self._known and any(
                s["event_type"] == kind
                and s.get("webhook_id") == WEBHOOK_ID
                and (kind == "post.delete" or s["filter"].get("user_id", user_id) == user_id)
                for s in self.subscriptions.values()
            )

    def subscribe(self, kind: str, narrowed: Mapping[str, Any], tag: str, webhook_id: str) -> dict[str, Any]:
        """A new subscription, in X's words."""
        with self._lock:
            own_id = str(next(self._ids))
            made = {"subscription_id": own_id, "event_type": kind, "filter": dict(narrowed), "tag": tag}
            self.subscriptions[own_id] = made | {"webhook_id": webhook_id}
            return self.subscriptions[own_id]

    def listed(self) -> list[dict[str, Any]]:
        """The webhooks as X lists them."""
        with self._lock:
            if not self._known:
                return []
            return [{"id": WEBHOOK_ID, "url": self.deliveries.url, "valid": self.valid, "created_at": "2026-11-01"}]

    @property
    def valid(self) -> bool:
        """Whether the last endpoint check was answered rightly."""
        return not self._disabled and self.deliveries.state()["valid"] is True

    def register(self, url: str, *, wait: bool = False) -> bool:
        """Deliver to an address from now on, after a new endpoint check; with `wait`, whether it passed."""
        with self._lock:
            self._known, self._disabled = bool(url), False
        self.deliveries.register(url)
        until = time.monotonic() + _CHECK_SECONDS
        while wait and url and self.deliveries.state()["valid"] is None and time.monotonic() < until:
            time.sleep(0.02)
        return self.valid

    def forget(self) -> None:
        """There is no webhook any more; its subscriptions lead nowhere."""
        with self._lock:
            self._known = False
        self.deliveries.register("")

    def disable(self) -> None:
        """The webhook turns invalid, as after a wrong answer to a check."""
        with self._lock:
            self._disabled = True

    def replay(self, begin: datetime, end: datetime, job_id: str) -> None:
        """Deliver again what happened from `begin` to before `end`, and then tell that it is done."""
        with self._lock:
            again = [h for h in self._happened if begin.timestamp() <= h.at < end.timestamp()]
        state = "Complete" if self.valid else "Incomplete"
        for event in again if self.valid else []:
            self.deliveries.enqueue(event.kind, event.subject, event.body)
        told = {"webhook_id": WEBHOOK_ID, "job_state": state, "job_state_description": "…", "job_id": job_id}
        self.deliveries.enqueue("replay_job_status", job_id, as_bytes({"replay_job_status": told}))

    def new_uuid(self) -> str:
        """X's opaque event id: sometimes negative."""
        with self._lock:
            return str(self.deliveries.random.randrange(-(2**63), 2**63))

    def state(self) -> dict[str, Any]:
        """What the control plane shows. `valid` is null while the endpoint check has not been answered."""
        return self.deliveries.state() | ({"valid": False} if self._disabled else {})

    def headers(self, body: bytes) -> dict[str, str]:
        """The headers of a delivery, with both signatures as far as the secrets are set."""
        return signature_headers(body, self._secrets) | {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "fake-x",
        }

    def check(self) -> bool | None:
        """X's endpoint check. False when the webhook answers wrongly (X then disables it), None when it does not."""
        url = self.deliveries.url
        token = base64.b32encode(self.deliveries.random.randbytes(20)).decode().rstrip("=") + "+/="
        joint = "&" if "?" in url else "?"
        try:
            status, body = self.deliveries.call("GET", f"{url}{joint}{urlencode({'crc_token': token})}", b"", {})
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


def signature_headers(body: bytes, secrets: Mapping[str, str]) -> dict[str, str]:
    """X's two signatures of a body, under as many secrets as there are."""
    pairs = ((OAUTH2_HEADER, "oauth2_client_secret"), (LEGACY_HEADER, "consumer_secret"))
    return {header: _signed(key, body) for header, name in pairs if (key := secrets.get(name))}


def _signed(key: str, message: bytes) -> str:
    return "sha256=" + base64.b64encode(hmac_sha256(key, message)).decode("ascii")

"""How the fake Meta delivers: its own escapes, signed, one by one or many in one POST; verification; data deletion."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from hark.providers.meta.fake.identity import INSTAGRAM_FIELDS, INSTAGRAM_ID, PAGE_FIELDS, PAGE_ID
from hark.providers.meta.fake.shapes import Notice, milliseconds, seconds
from hark.providers.signature import hmac_sha256
from hark.testkit.control import Refused, only
from hark.testkit.deliveries import HABITS, Deliveries

SIGNATURE = "X-Hub-Signature-256"
CHANGES_PER_ENTRY = 3
"""With batches, so many changes share an entry; the next ones go into another entry of the same POST."""
WAIT_SECONDS = 0.3
"""So long a batch waits for more before it goes out as it is."""


def as_bytes(value: object) -> bytes:
    """JSON as Meta sends it: compact, non-ASCII as lower-case escapes, slashes escaped (contract 2.2)."""
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def signature(secret: str, body: bytes) -> str:
    """The value of `X-Hub-Signature-256` for these bytes."""
    return "sha256=" + hmac_sha256(secret, body).hex()


def signed_request(secret: str, value: Mapping[str, Any]) -> str:
    """What a data deletion or deauthorize callback carries (contract 10)."""
    payload = _unpadded(json.dumps(value, separators=(",", ":")).encode())
    return f"{_unpadded(hmac_sha256(secret, payload.encode()))}.{payload}"


class Webhooks:
    """Tells the webhook what is subscribed to.

    Habits beside those of `Deliveries`: `batch` collects so many things for one POST; `flat` writes Instagram's changes
    without `changes`, as with Instagram Login; `under_page` gives their entries the Page's id, as seen with Facebook
    Login.
    """

    def __init__(self, url: str, secrets: Mapping[str, str], seed: int, now: Callable[[], datetime]) -> None:
        self.subscribed: dict[str, set[str]] = {PAGE_ID: set(PAGE_FIELDS), INSTAGRAM_ID: set(INSTAGRAM_FIELDS)}
        self.deliveries = Deliveries(url, self._headers, seed, accepted=lambda status: status == 200)
        self._secrets = secrets
        self._now = now
        self._batch = 1
        self._flat = False
        self._under_page = False
        self._lock = threading.Lock()
        self._held: list[Notice] = []
        self._timer: threading.Timer | None = None

    def stop(self) -> None:
        """End; what is held back for a batch is dropped."""
        with self._lock:
            self._held.clear()
            if self._timer is not None:
                self._timer.cancel()
        self.deliveries.stop()

    def tell(self, *notices: Notice) -> None:
        """Deliver, as far as it is subscribed to and the habits allow."""
        with self._lock:
            self._held += [n for n in notices if self._wanted(n)]
            full = len(self._held) >= self._batch
            if not full and self._held and self._timer is None:
                self._timer = threading.Timer(WAIT_SECONDS, self.flush)
                self._timer.daemon = True
                self._timer.start()
        if full:
            self.flush()

    def flush(self) -> None:
        """Send what is held back for a batch."""
        with self._lock:
            held, self._held = self._held, []
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            size = self._batch
        for kind in ("page", "instagram"):
            mine = [n for n in held if _object(n) == kind]
            for begin in range(0, len(mine), size):
                self._send(kind, mine[begin : begin + size])

    def change_habits(self, given: Mapping[str, Any]) -> None:
        """Take `batch`, `flat`, `under_page`, and what `Deliveries` knows.

        Raises:
            Refused: an unknown habit or a value of the wrong type.
        """
        only(given, {**HABITS, "batch": int, "flat": bool, "under_page": bool}, set())
        with self._lock:
            self._batch = max(1, given.get("batch", self._batch))
            self._flat = given.get("flat", self._flat)
            self._under_page = given.get("under_page", self._under_page)
        self.deliveries.change_habits({name: value for name, value in given.items() if name in HABITS})

    def state(self) -> dict[str, Any]:
        """For the control plane."""
        with self._lock:
            held = {"held": len(self._held), "batch": self._batch, "flat": self._flat}
            held["under_page"] = self._under_page
            fields = {account: sorted(names) for account, names in self.subscribed.items()}
        return self.deliveries.state() | held | {"subscribed_fields": fields}

    def verify(self, token: str) -> dict[str, Any]:
        """Make the verification call (contract 2.1), and tell whether the answer is right.

        Raises:
            Refused: the webhook gave no answer.
        """
        challenge = str(self.deliveries.random.randrange(10**9, 10**10))
        asked = {
            "hub.mode": "subscribe",
            "hub.challenge": challenge,
            "hub.verify_token": token or self._secrets["verify_token"],
        }
        status, body = self._call("GET", f"{self.deliveries.url}?{urlencode(asked)}", b"", {})
        passed = status == 200 and body == challenge.encode()
        return {"status": status, "body": body.decode("utf-8", "replace"), "passed": passed}

    def ask(self, what: str, user_id: str) -> dict[str, Any]:
        """Send a signed request about a person to `<webhook>/<what>` (data-deletion, deauthorize); the answer.

        Raises:
            Refused: the webhook gave no answer.
        """
        asked = {"user_id": user_id, "algorithm": "HMAC-SHA256", "issued_at": seconds(self._now())}
        form = urlencode({"signed_request": signed_request(self._secrets["app_secret"], asked)}).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        status, body = self._call("POST", f"{self.deliveries.url}/{what}", form, kind)
        return {"status": status, "body": body.decode("utf-8", "replace")}

    def _call(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        try:
            return self.deliveries.call(method, url, body, headers)
        except OSError as broken:
            raise Refused(502, f"the webhook gave no answer: {type(broken).__name__}") from None

    def _send(self, kind: str, notices: list[Notice]) -> None:
        entries: list[dict[str, Any]] = []
        for (account_id, channel), group in groupby(notices, key=lambda n: (n.account_id, n.channel)):
            told = list(group)
            size = 1 if self._flat else CHANGES_PER_ENTRY
            begins = range(0, len(told), size)
            entries += [self._entry(account_id, channel, told[begin : begin + size]) for begin in begins]
        fields = "+".join(dict.fromkeys(n.field for n in notices))
        subjects = " ".join(n.subject for n in notices)
        self.deliveries.enqueue(fields, subjects, as_bytes({"object": kind, "entry": entries}))

    def _entry(self, account_id: str, channel: str, told: list[Notice]) -> dict[str, Any]:
        if channel != "changes":
            return {"id": account_id, "time": milliseconds(self._now()), channel: [n.value for n in told]}
        shown = PAGE_ID if self._under_page else account_id
        head = {"id": shown, "time": seconds(self._now())}
        changes = [{"field": n.field, "value": n.value} for n in told]
        return head | (changes[0] if self._flat and account_id == INSTAGRAM_ID else {"changes": changes})

    def _wanted(self, notice: Notice) -> bool:
        # Meta's own pages write some names with and without a plural s.
        plain = {name.rstrip("s") for name in self.subscribed[notice.account_id]}
        return {notice.field.rstrip("s"), *(["standby"] if notice.channel == "standby" else [])} <= plain

    def _headers(self, body: bytes) -> dict[str, str]:
        kind = {"Content-Type": "application/json", "User-Agent": "fake-meta"}
        return kind | {SIGNATURE: signature(self._secrets["app_secret"], body)}


def _object(notice: Notice) -> str:
    return "instagram" if notice.account_id == INSTAGRAM_ID else "page"


def _unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")

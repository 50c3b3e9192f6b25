"""The webhook door: who sent this, and is all of it stored? Only then 200 (I1, I3, I7, I27).

Standard library and botocore only, so that it starts fast. Answers are constant text and never say which part of a
signature was wrong (invariants, section 5).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from hark import log
from hark.domain.events import RawEvent
from hark.providers import contract
from hark.settings import settings
from hark.store.accounts import Accounts
from hark.store.ledger import Ledger, TooBig
from hark.store.secrets import Secrets, SecretUnavailable
from hark.store.table import FormatTooNew

MAX_BODY_BYTES = 1_000_000
ACCOUNT_KEPT = timedelta(seconds=60)
ACCOUNT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
HANDS = 8
"""Writes of one delivery under way at the same time."""

Answer = dict[str, Any]


def _answer(status: int, body: str = "", content_type: str = "text/plain; charset=utf-8", **headers: str) -> Answer:
    common = {
        "content-type": content_type, "cache-control": "no-store", "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "strict-transport-security": "max-age=31536000; includeSubDomains",
    }  # fmt: skip
    return {"statusCode": status, "headers": {**common, **headers}, "body": body}


class _Refused(Exception):
    def __init__(self, status: int, metric: str) -> None:
        super().__init__(metric)
        self.status = status
        self.metric = metric


@dataclass
class Door:
    ledger: Ledger
    accounts: Accounts
    secrets: Secrets
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    own_brand: Callable[[], str] = lambda: settings().brand
    """Whose events are that concern the provider's application and no single account."""
    _known: dict[tuple[str, str], tuple[datetime, Mapping[str, Any]]] = field(default_factory=dict)

    def answer(self, request: Mapping[str, Any]) -> Answer:
        """Answer one request of the HTTP API (payload format 2.0)."""
        provider = str((request.get("pathParameters") or {}).get("provider", ""))
        if provider not in contract.names():
            return _answer(404)
        method = request["requestContext"]["http"]["method"]
        try:
            if method == "GET":
                return self._challenge(provider, request)
            if method == "POST":
                return self._delivery(provider, request)
        except _Refused as refused:
            log.count(refused.metric, provider)
            log.warning("webhook.refused", provider=provider, why=refused.metric, status=refused.status)
            return _answer(refused.status)
        except contract.SecretMissing:
            log.count("no_secret", provider)
            log.error("webhook.no_secret", provider=provider)
            return _answer(500)
        except (SecretUnavailable, FormatTooNew, ClientError, BotoCoreError) as trouble:
            # Not stored, so not acknowledged: the platform comes again, and the poll fills what it does not bring.
            log.error("webhook.not_stored", trouble, provider=provider)
            return _answer(503, **{"retry-after": "5"})
        return _answer(405, allow="GET, POST")

    def _challenge(self, provider: str, request: Mapping[str, Any]) -> Answer:
        door, asked = contract.load(provider, "door"), self._request(request, b"")
        if hasattr(door, "asks_after") and (key := door.asks_after(asked)):
            page = door.page_of(self.ledger.state(self.own_brand(), provider, key))
            return _answer(page.status, page.body, page.content_type)
        try:
            wanted = door.challenge(asked, self._secrets(provider, asked.path))
        except contract.ChallengeRefused as refused:
            raise _Refused(refused.status, refused.metric) from refused
        return _answer(wanted.status, wanted.body, wanted.content_type)

    def _delivery(self, provider: str, request: Mapping[str, Any]) -> Answer:
        door = contract.load(provider, "door")
        asked = self._request(request, b"")
        asked = replace(asked, body=self._body(request, asked.headers))
        if door.SIGNED_PER_ACCOUNT and self._account(provider, asked.path, self.clock()) is None:
            # Nobody we know could have signed it. The same answer as for a provider that is not there (H19).
            raise _Refused(404, "unknown_account")
        try:
            door.verify(asked, self._secrets(provider, asked.path))
        except contract.SignatureRefused as refused:
            raise _Refused(401, refused.metric) from refused
        now = self.clock()
        try:
            events = door.split(asked)
        except contract.UnreadableDelivery as broken:
            return self._quarantine(provider, asked.body, broken, now)
        stored = {"new": 0, "seen": 0, "again": 0, "dropped": 0}
        try:
            for outcome in self._all(provider, events, now):
                stored[outcome] += 1
        except TooBig as big:
            raise _Refused(413, "too_big") from big
        if stored["seen"]:
            log.count("dup", provider, stored["seen"])
        log.info("webhook.stored", provider=provider, **stored)
        return self._said(door, asked, events)

    def _all(self, provider: str, events: list[RawEvent], now: datetime) -> Iterator[str]:
        """Store every event of a delivery; the first failure is raised, and then nothing is acknowledged.

        A large batch is stored by several hands at once: platforms want their answer within five seconds.
        """
        if len(events) <= HANDS:
            yield from (self._store(provider, event, now) for event in events)
            return
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(HANDS) as hands:
            yield from hands.map(lambda event: self._store(provider, event, now), events)

    def _said(self, door: ModuleType, asked: contract.Request, events: list[RawEvent]) -> Answer:
        """What the platform is told: usually nothing but that all is stored."""
        if not hasattr(door, "reply") or not events:
            return _answer(200)
        provider, account_id = door.__name__.split(".")[-2], events[0].account_id
        known = self._account(provider, account_id, self.clock()) if account_id != contract.OF_THE_APP else {}
        wanted = door.reply(asked, events, known or {})
        if wanted and (self.accounts.find(provider, account_id, consistent=True) or {}).get("paused_at"):
            wanted = None  # a lead has paused the account: nothing leaves through it, a welcome neither
        return _answer(wanted.status, wanted.body, wanted.content_type) if wanted else _answer(200)

    @staticmethod
    def _request(request: Mapping[str, Any], body: bytes) -> contract.Request:
        return contract.Request(
            method=request["requestContext"]["http"]["method"],
            headers={str(k).lower(): str(v) for k, v in (request.get("headers") or {}).items()},
            query=str(request.get("rawQueryString", "")),
            body=body,
            path=str((request.get("pathParameters") or {}).get("account", "")),
        )

    def _secrets(self, provider: str, path: str) -> contract.Credentials:
        """The secrets that prove a delivery: of the application, or of the account that the path names.

        A parameter that holds no JSON object holds no secret (I27).
        """
        try:
            if contract.load(provider, "door").SIGNED_PER_ACCOUNT:
                return self.secrets.signing(provider, path) if ACCOUNT_ID.fullmatch(path) else {}
            return self.secrets.app(provider)
        except (ValueError, AttributeError):
            # Not chained: the parser's exception carries the whole parameter.
            raise contract.SecretMissing(provider) from None

    @staticmethod
    def _body(request: Mapping[str, Any], headers: Mapping[str, str]) -> bytes:
        encoded = request.get("body") or ""
        if len(encoded) > MAX_BODY_BYTES * 4 // 3 + 4:
            raise _Refused(413, "too_big")
        if request.get("isBase64Encoded"):
            try:
                body = base64.b64decode(encoded, validate=True)
            except (binascii.Error, ValueError) as wrong:
                raise _Refused(400, "bad_body") from wrong
        else:
            body = encoded.encode("utf-8", "surrogatepass")
        if len(body) > MAX_BODY_BYTES:
            raise _Refused(413, "too_big")
        if headers.get("content-encoding", "identity").lower() != "identity":
            raise _Refused(415, "encoded_body")
        return body

    def _quarantine(self, provider: str, body: bytes, broken: Exception, now: datetime) -> Answer:
        try:
            self.ledger.quarantine(self.own_brand(), provider, body, type(broken).__name__, now)
        except TooBig as big:
            raise _Refused(413, "too_big") from big
        log.count("poison", provider)
        log.warning("webhook.quarantined", provider=provider, bytes=len(body))
        return _answer(200)

    def _store(self, provider: str, event: RawEvent, now: datetime) -> str:
        if not event.account_id:
            # Of no account, so of no brand: kept for the operator, who learns of it by the counter.
            self.ledger.quarantine(self.own_brand(), provider, event.body, f"no account: {event.kind}", now)
            log.count("unrouted", provider)
            return "dropped"
        if event.account_id == contract.OF_THE_APP:
            return self.ledger.store(self.own_brand(), provider, event, now, "webhook")
        account = self._account(provider, event.account_id, now)
        if account is None:
            log.count("unknown_account", provider)
            return "dropped"
        return self.ledger.store(str(account["brand"]), provider, event, now, "webhook")

    def _account(self, provider: str, account_id: str, now: datetime) -> Mapping[str, Any] | None:
        """The account a delivery names. A stranger's is asked for again each time: it may be connected any moment."""
        kept = self._known.get((provider, account_id))
        if kept and now - kept[0] < ACCOUNT_KEPT:
            return kept[1]
        if not ACCOUNT_ID.fullmatch(account_id):
            return None
        found = self.accounts.find(provider, account_id)
        if found is not None:
            self._known[provider, account_id] = (now, found)
        return found

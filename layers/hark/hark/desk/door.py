"""The webhook door: who sent this, and is all of it stored? Only then 200 (I1, I3, I7, I27).

Standard library and botocore only, so that it starts fast. Answers are constant text and never say which part of a
signature was wrong (invariants, section 5).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from hark import log
from hark.domain.events import RawEvent
from hark.providers import contract
from hark.store.accounts import Accounts
from hark.store.ledger import Ledger, TooBig
from hark.store.secrets import Secrets, SecretUnavailable

MAX_BODY_BYTES = 1_000_000
ACCOUNT_KEPT = timedelta(seconds=60)

Answer = dict[str, Any]


def _answer(status: int, body: str = "", content_type: str = "text/plain; charset=utf-8", **headers: str) -> Answer:
    common = {"content-type": content_type, "cache-control": "no-store", "x-content-type-options": "nosniff"}
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
    _known: dict[tuple[str, str], tuple[datetime, str]] = field(default_factory=dict)

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
        except (SecretUnavailable, ClientError, BotoCoreError) as trouble:
            # Not stored, so not acknowledged: the platform comes again, and the poll fills what it does not bring.
            log.error("webhook.not_stored", trouble, provider=provider)
            return _answer(503, **{"retry-after": "5"})
        return _answer(405, allow="GET, POST")

    def _challenge(self, provider: str, request: Mapping[str, Any]) -> Answer:
        door = contract.load(provider, "door")
        try:
            wanted = door.challenge(str(request.get("rawQueryString", "")), self._secrets(provider))
        except contract.ChallengeRefused as refused:
            raise _Refused(400, "crc") from refused
        return _answer(wanted.status, wanted.body, wanted.content_type)

    def _delivery(self, provider: str, request: Mapping[str, Any]) -> Answer:
        door = contract.load(provider, "door")
        headers = {str(k).lower(): str(v) for k, v in (request.get("headers") or {}).items()}
        body = self._body(request, headers)
        try:
            door.verify(headers, body, self._secrets(provider))
        except contract.SignatureRefused as refused:
            raise _Refused(401, refused.metric) from refused
        now = self.clock()
        try:
            events = door.split(body)
        except contract.UnreadableDelivery as broken:
            return self._quarantine(provider, body, broken, now)
        stored = {"new": 0, "seen": 0, "again": 0, "dropped": 0}
        try:
            for event in events:
                stored[self._store(provider, event, now)] += 1
        except TooBig as big:
            raise _Refused(413, "too_big") from big
        if stored["seen"]:
            log.count("dup", provider, stored["seen"])
        log.info("webhook.stored", provider=provider, **stored)
        return _answer(200)

    def _secrets(self, provider: str) -> contract.Credentials:
        """The provider's secrets. A parameter that holds no JSON object holds no secret (I27)."""
        try:
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
            self.ledger.quarantine(provider, body, type(broken).__name__, now)
        except TooBig as big:
            raise _Refused(413, "too_big") from big
        log.count("poison", provider)
        log.warning("webhook.quarantined", provider=provider, bytes=len(body))
        return _answer(200)

    def _store(self, provider: str, event: RawEvent, now: datetime) -> str:
        if not event.account_id:
            # Of no account, so of no brand: kept for the operator, who learns of it by the counter.
            self.ledger.quarantine(provider, event.body, f"no account: {event.kind}", now)
            log.count("unrouted", provider)
            return "dropped"
        brand = self._brand(provider, event.account_id, now)
        if brand is None:
            log.count("unknown_account", provider)
            return "dropped"
        return self.ledger.store(brand, provider, event, now, "webhook")

    def _brand(self, provider: str, account_id: str, now: datetime) -> str | None:
        """Whose account it is. A stranger's is asked for again each time: it may be connected any moment."""
        kept = self._known.get((provider, account_id))
        if kept and now - kept[0] < ACCOUNT_KEPT:
            return kept[1]
        found = self.accounts.find(provider, account_id)
        if found is None:
            return None
        self._known[provider, account_id] = (now, str(found["brand"]))
        return str(found["brand"])

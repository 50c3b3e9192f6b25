"""The secrets and the signed bytes of the contract's vectors."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from hark.domain.events import RawEvent
from hark.providers.contract import Request
from hark.providers.signature import hmac_sha256
from hark.providers.x import door

OAUTH2 = "lab-oauth2-client-secret-01"
CONSUMER = "lab-consumer-secret-01"
BOTH = {"consumer_secret": CONSUMER, "oauth2_client_secret": OAUTH2}
H2 = "x-twitter-webhooks-signature-oauth2"
H1 = "x-twitter-webhooks-signature"
BODY = (
    b'{"data":{"event_uuid":"-42","event_type":"dm.received","payload":'
    b'{"text":"Gr\xc3\xbc\xc3\x9fe \xf0\x9f\x91\x8b \\/ok"}}}'
)
S1 = "sha256=6SRAGdC2cHUvdK6vQcBo1Yl/ZDylZFeqiXahjpqxZ/U="
S2 = "sha256=9y31LY/lZBoDICka3Okiznolr+vDLuwZRePzBO199Ho="


def signed(key: str, body: bytes) -> str:
    return "sha256=" + base64.b64encode(hmac_sha256(key, body)).decode("ascii")


def delivery(body: bytes, headers: Mapping[str, str] | None = None) -> Request:
    return Request("POST", headers or {}, "", body)


def check(query: str) -> Request:
    return Request("GET", {}, query, b"")


def split(body: bytes) -> list[RawEvent]:
    return door.split(delivery(body))

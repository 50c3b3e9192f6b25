"""The contract's vectors, and how to sign other bytes."""

from __future__ import annotations

from collections.abc import Mapping

from hark.providers.contract import Request
from hark.providers.signature import hmac_sha256
from hark.providers.viber.door import HEADER

TOKEN = "4a1b2c3d4e5f6071-8293a4b5c6d7e8f9-0a1b2c3d4e5f6071"
SECRETS = {"auth_token": TOKEN}
V1_BODY = (
    b'{"event":"delivered","timestamp":1795219200123,"chat_hostname":"SN-CHAT-01_",'
    b'"message_token":6012345678901234567,"user_id":"Qm9iSm9uZXMwMQ=="}'
)
V1 = "e46db016d76ee0172eac26eea75890cbae152507286650b2b06d82eaf353d753"
V2_BODY = (
    '{"event":"message","timestamp":1795219200456,"chat_hostname":"SN-CHAT-01_","message_token":6012345678901234568,'
    '"sender":{"id":"Qm9iSm9uZXMwMQ==","name":"Зоя","language":"uk","country":"UA","api_version":10},'
    '"message":{"text":"Доброго дня 👋","type":"text"},"silent":false}'
).encode()
V2 = "d3c08557c9e5cd3b1645ec16a0705fb83ea89cae5a689ef2dfd456c8fdd2a730"
V2_OF_COMPACT_ASCII = "8a39c5dc842905b96d15f7e3a8de5d6ad64a062585dc6843391a89c35d3e7ec6"
V2_OF_DEFAULT_DUMP = "5326ac8acaf8a23655282a196f4d496e3d173789ad430d3ebdee2bb18c5b4168"


def signed(body: bytes, key: str = TOKEN) -> str:
    return hmac_sha256(key, body).hex()


def request(
    body: bytes, signature: str | None = None, query: str = "", path: str = "b1", headers: Mapping[str, str] = {}
) -> Request:
    """A delivery to the bot `path`; without `signature` there is no header of that name."""
    given = {**headers, **({HEADER: signature} if signature is not None else {})}
    return Request("POST", given, query, body, path)

"""Deliveries as the X Activity API sends and signs them, about the account `ACME` and the customer `KIM`."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

ACME, KIM = "5550001", "7770002"
SECRET = "lab-oauth2-client-secret-01"
OAUTH2_HEADER = "x-twitter-webhooks-signature-oauth2"


def signature(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def mention(post_id: str = "2123706425275322373", text: str = "@acme my parcel is late", **more: Any) -> dict[str, Any]:
    """A mention by kim_l as the X Activity API sends it; `more` goes into the payload."""
    payload = {
        "id": post_id, "text": text, "author_id": KIM, "created_at": "2026-11-20T09:14:03.000Z",
        "conversation_id": post_id, "in_reply_to_user_id": ACME, "edit_history_tweet_ids": [post_id],
        "display_text_range": [0, len(text)], "lang": "en",
        "entities": {"mentions": [{"start": 0, "end": 5, "username": "acme", "id": ACME}]},
    } | more  # fmt: skip
    kind = payload.pop("event_type", "post.mention.create")
    users = [{"id": ACME, "username": "acme", "name": "Acme"}, {"id": KIM, "username": "kim_l", "name": "Kim L"}]
    return {
        "data": {
            "event_uuid": f"u{post_id}{kind}", "filter": {"user_id": ACME}, "event_type": kind, "payload": payload,
            "includes": {"users": users},
        }
    }  # fmt: skip


def deletion(post_id: str) -> dict[str, Any]:
    return {
        "data": {
            "event_uuid": f"d{post_id}", "filter": {"user_id": KIM}, "event_type": "post.delete",
            "tag": f"account:{ACME}", "payload": {"id": post_id, "author_id": KIM},
        }
    }  # fmt: skip

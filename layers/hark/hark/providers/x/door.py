"""X's webhook door: endpoint check, signature, and cutting deliveries into events.

Source of every rule: X's developer pages on webhooks and the X Activity API, as of autumn 2026.
Standard library only: the webhook function imports this and must start fast.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from hark.domain.events import RawEvent
from hark.providers.contract import (
    OF_THE_APP,
    Answer,
    ChallengeRefused,
    Credentials,
    Request,
    SecretMissing,
    SignatureRefused,
    UnreadableDelivery,
)
from hark.providers.signature import hmac_sha256, keys, matches
from hark.providers.strict_json import NotStrictJson, loads

FIELDS = (
    "consumer_key",
    "consumer_secret",
    "consumer_secret_previous",
    "oauth2_client_secret",
    "oauth2_client_secret_previous",
    "bearer_token",
    "access_token",
    "access_token_secret",
)
"""Names of the secret values an X account may have in the parameter store. `_previous` ones are accepted
for incoming signatures while a secret is being rotated, and are never used to sign anything."""
APP_FIELDS = FIELDS[:-2]
"""Those that belong to the application; the rest belongs to the account."""
SIGNED_PER_ACCOUNT = False
"""X signs with the application's secret, whoever the account is."""

OAUTH2_HEADER = "x-twitter-webhooks-signature-oauth2"
LEGACY_HEADER = "x-twitter-webhooks-signature"
ID = re.compile(r"[0-9]{1,25}")

_MAX_CRC_TOKEN = 1024
# 32 bytes make 43 digits and one "="; the last digit carries four bits only.
_SIGNATURE = re.compile(r"sha256=([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)")
_CHAT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_KIND = re.compile(r"[A-Za-z0-9_.-]{1,64}")
# A subscription on a customer's own posts has the customer in its filter; we tag it with the account it serves.
_TAG = re.compile(r"account:([0-9]{1,25})")
POLL_KIND = "poll.mention"
"""The kind under which the poll files a post that names us. Not X's word: X has no event for it."""
NESTED_KIND = "poll.nested"
"""The kind of such a post that names us only because it stands below one that did: X has no activity for those, and
only the list of mentions brings them."""
SEARCH_KIND = "poll.search"
"""The kind of a post that a search has found. It speaks to us only if its own text or its parent does."""
DIRECT_POLL_KIND = "poll.dm"
"""The kind of a direct message that the poll has found."""
RECHECK_KIND = "recheck.gone"
"""The kind of a line of a compliance job: a post is gone, or not to be shown any more."""

# Only these are known to carry the post or message itself. A new kind must not take the key of one it merely names.
_KEYED: Mapping[str, str] = {
    "post.create": "post",
    "post.mention.create": "post",
    "post.reply.create": "post",
    "post.quote.create": "post",
    "post.repost.create": "post",
    POLL_KIND: "post",
    NESTED_KIND: "post",
    SEARCH_KIND: "post",
    DIRECT_POLL_KIND: "dm",
    "post.delete": "del",
    RECHECK_KIND: "del",
}
"""Kind → what stands before `payload.id` in its business key."""


def verify(request: Request, secrets: Credentials) -> None:
    """Check that X signed the body of this request.

    The newer header counts whenever it is present and we hold its key; a wrong one is never excused by a
    right older one.

    Raises:
        SecretMissing: no secret is configured.
        SignatureRefused: `sig_form` when no signature of the right form is there, `sig_bad` when it is of
            other bytes or another key.
    """
    newer = keys(secrets, "oauth2_client_secret", "oauth2_client_secret_previous")
    older = keys(secrets, "consumer_secret", "consumer_secret_previous")
    if not newer and not older:
        raise SecretMissing("x")
    if newer and OAUTH2_HEADER in request.headers:
        given, candidates = request.headers[OAUTH2_HEADER], newer
    elif older and LEGACY_HEADER in request.headers:
        given, candidates = request.headers[LEGACY_HEADER], older
    else:
        raise SignatureRefused("sig_form")
    form = _SIGNATURE.fullmatch(given)
    if form is None:
        raise SignatureRefused("sig_form")
    if not matches(base64.b64decode(form[1]), request.body, candidates):
        raise SignatureRefused("sig_bad")


def challenge(request: Request, secrets: Credentials) -> Answer:
    """Answer X's endpoint check (CRC).

    Raises:
        ChallengeRefused: `crc_token` is missing, empty, given twice, longer than 1024 or not plain text.
        SecretMissing: no secret is configured. A 200 with a wrong token would disable the webhook at once.
    """
    try:
        pairs = parse_qsl(request.query, keep_blank_values=True, errors="strict", max_num_fields=20)
    except ValueError:
        raise ChallengeRefused("crc") from None
    tokens = [value for name, value in pairs if name == "crc_token"]
    if len(tokens) != 1 or not 1 <= len(tokens[0]) <= _MAX_CRC_TOKEN or not tokens[0].isprintable():
        raise ChallengeRefused("crc")
    # X signs with the OAuth2 client secret as soon as the app has one.
    usable = keys(secrets, "oauth2_client_secret", "consumer_secret")
    if not usable:
        raise SecretMissing("x")
    token = base64.b64encode(hmac_sha256(usable[0], tokens[0].encode("utf-8"))).decode("ascii")
    return Answer(200, json.dumps({"response_token": f"sha256={token}"}))


def split(request: Request) -> list[RawEvent]:
    """Cut a signed delivery into its events, without trying to understand them.

    Reads the X Activity API's envelope and the older one of the Account Activity API. A delivery of one
    event keeps its bytes; of several, each event is written anew inside a copy of the envelope. Kinds of the
    old envelope begin with `aaa.`. An event without an id of its own is named after its content, and so is an entry
    of a list whose id is none of X's: `parse` refuses that one alone.

    Raises:
        UnreadableDelivery: no strict JSON, no envelope of X, or an id of it is not 1 to 25 digits.
    """
    body = request.body
    try:
        delivery = loads(body)
    except NotStrictJson as refused:
        raise UnreadableDelivery(str(refused)) from None
    if not isinstance(delivery, dict):
        raise UnreadableDelivery("not an object")
    if isinstance(delivery.get("data"), dict):
        return _activity(delivery, delivery["data"], body)
    if isinstance(delivery.get("replay_job_status"), dict):
        return [RawEvent(_content_key(body), "replay_job_status", OF_THE_APP, body)]
    return _account_activity(delivery, body)


def _activity(delivery: dict[str, Any], data: dict[str, Any], body: bytes) -> list[RawEvent]:
    kind = data.get("event_type")
    payload = data.get("payload")
    if not isinstance(kind, str) or not _KIND.fullmatch(kind) or not isinstance(payload, dict):
        raise UnreadableDelivery("no event type or no payload")
    account_id = _activity_account(kind, data, payload)
    if kind in _KEYED:
        return [RawEvent(f"{_KEYED[kind]}:{_id(payload.get('id'))}", kind, account_id or _missing(), body)]
    if kind in ("dm.received", "dm.sent"):
        entries = _entries(payload.get("direct_message_events"))
        cut = []
        for entry in entries:
            alone = {**delivery, "data": {**data, "payload": {**payload, "direct_message_events": [entry]}}}
            own = body if len(entries) == 1 else _bytes(alone)
            key = _key_of_one(_direct_message_key, entry, own)
            cut.append(RawEvent(key, kind, account_id or _missing(), own))
        return cut
    chat_id = payload.get("id")
    if kind == "chat.received" and isinstance(chat_id, str) and _CHAT_ID.fullmatch(chat_id):
        return [RawEvent(f"chat:{chat_id}", kind, account_id or _missing(), body)]
    return [RawEvent(_content_key(body), kind, account_id, body)]


def _activity_account(kind: str, data: dict[str, Any], payload: dict[str, Any]) -> str:
    tag = data.get("tag")
    if isinstance(tag, str) and (tagged := _TAG.fullmatch(tag)):
        return tagged[1]
    narrowed = data.get("filter")
    if isinstance(narrowed, dict) and "user_id" in narrowed:
        return _id(narrowed["user_id"])
    if kind in ("post.create", "post.delete") and "author_id" in payload:
        return _id(payload["author_id"])
    if kind == "oauth.revoke" and "user_id" in payload:
        return _id(payload["user_id"])
    return ""


def _account_activity(delivery: dict[str, Any], body: bytes) -> list[RawEvent]:
    if isinstance(delivery.get("user_event"), dict):
        return [RawEvent(_content_key(body), "aaa.user_event", _revoking_user(delivery["user_event"]), body)]
    lists = [name for name in delivery if name.endswith("_events") and _KIND.fullmatch(name)]
    if not lists:
        raise UnreadableDelivery("no known envelope")
    account_id = _id(delivery.get("for_user_id"))
    rest = {name: value for name, value in delivery.items() if name not in lists}
    cut = [(name, entry) for name in lists for entry in _entries(delivery[name])]
    events = []
    for name, entry in cut:
        own = body if len(cut) == 1 else _bytes({**rest, name: [entry]})
        kind = "aaa." + name.removesuffix("_events")
        key_of = _ACCOUNT_ACTIVITY_KEYS.get(kind)
        key = _key_of_one(key_of, entry, own) if key_of else _content_key(own)
        events.append(RawEvent(key, kind, account_id, own))
    return events


def _key_of_one(key_of: Callable[[dict[str, Any]], str], entry: object, own: bytes) -> str:
    try:
        return key_of(entry if isinstance(entry, dict) else {})
    except UnreadableDelivery:
        # One broken item must not stop the others of its delivery (I34).
        return _content_key(own)


def _post_key(entry: dict[str, Any]) -> str:
    return f"post:{_id(entry.get('id_str'))}"


def _deletion_key(entry: dict[str, Any]) -> str:
    status = entry.get("status")
    return f"del:{_id(status.get('id') if isinstance(status, dict) else None)}"


def _direct_message_key(entry: dict[str, Any]) -> str:
    return f"dm:{_id(entry.get('id'))}"


_ACCOUNT_ACTIVITY_KEYS: Mapping[str, Callable[[dict[str, Any]], str]] = {
    "aaa.tweet_create": _post_key,
    "aaa.tweet_delete": _deletion_key,
    "aaa.direct_message": _direct_message_key,
}


def _revoking_user(event: dict[str, Any]) -> str:
    revoke = event.get("revoke")
    source = revoke.get("source") if isinstance(revoke, dict) else None
    return _id(source["user_id"]) if isinstance(source, dict) and "user_id" in source else ""


def _entries(listed: object) -> list[Any]:
    if not isinstance(listed, list) or not any(isinstance(entry, dict) for entry in listed):
        raise UnreadableDelivery("no list of events")
    return listed


def _id(value: object) -> str:
    if not isinstance(value, str) or not ID.fullmatch(value):
        raise UnreadableDelivery("an id is not 1 to 25 digits")
    return value


def _missing() -> str:
    raise UnreadableDelivery("no account in the envelope")


def _content_key(body: bytes) -> str:
    return "other:" + hashlib.sha256(body).hexdigest()


def _bytes(value: object) -> bytes:
    # ASCII on purpose: a lone surrogate has an escape in JSON but no UTF-8.
    return json.dumps(value, separators=(",", ":")).encode("ascii")

"""What X's private messages mean for the desk: messages between two, and encrypted ones that only X's app can read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hark.domain.events import Event, MessageSeen, Notice, Receipt, Receipted, SetAside, Surface
from hark.providers.x import direct, posts
from hark.providers.x.direct import DirectMessage
from hark.providers.x.stored import Stored, bare, entry, inner, profile, unreadable, unwrap

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


def activity_message(stored: Stored) -> Event:
    """`dm.received` and `dm.sent`."""
    payload = inner(inner(stored.envelope, "data"), "payload")
    return _message(direct.from_webhook(entry(payload, "direct_message_events")), payload.get("users"), stored)


def old_message(stored: Stored) -> Event:
    """An entry of the old envelope."""
    message = direct.from_webhook(entry(stored.envelope, "direct_message_events"))
    return _message(message, stored.envelope.get("users"), stored)


def polled_message(stored: Stored) -> Event:
    """A DM event as the poll files it."""
    data = inner(stored.envelope, "data")
    includes = data.get("includes")
    included: Mapping[str, Any] = includes if isinstance(includes, dict) else {}
    message = direct.from_rest(inner(data, "payload"), bare(included.get("media")))
    users = {user["id"]: user for user in bare(included.get("users")) if isinstance(user.get("id"), str)}
    return _message(message, users, stored)


def old_read(stored: Stored) -> Event:
    """`direct_message_mark_read_events` of the old envelope."""
    seen = entry(stored.envelope, "direct_message_mark_read_events")
    reader = posts.id_of(seen, "sender_id") or unreadable("nobody read it")
    if reader == stored.account_id:
        return SetAside("x.own_read")
    said = posts.time_from_ms(seen.get("created_timestamp"))
    at, _ = posts.when([said] if said else [], "0", stored.arrived)
    return Receipted(Receipt.SEEN, reader, at)


def encrypted(stored: Stored) -> Event:
    """`chat.received`: a notice in the thread of the two, since nothing but X's own app can read it."""
    payload = inner(inner(stored.envelope, "data"), "payload")
    message_id, sender = payload.get("id"), posts.id_of(payload, "sender_id")
    if not isinstance(message_id, str) or not _NAME.fullmatch(message_id) or not sender:
        unreadable("an encrypted message without an id or a sender")
    if sender == stored.account_id:
        return SetAside("x.own_encrypted")
    pair = direct.partners(payload.get("conversation_id"))
    if pair is None or set(pair) != {sender, stored.account_id}:
        return SetAside("x.group_message")
    said = posts.time_from_ms(payload.get("created_at_msec"))
    at, _ = posts.when([said] if said else [], "0", stored.arrived)
    return Notice(message_id, direct.conversation(*pair), profile(sender, {}), "x.encrypted", at)


def _message(message: DirectMessage | None, users: object, stored: Stored) -> Event:
    if message is None:
        return SetAside("x.group_message")
    account_id = stored.account_id
    if account_id not in (message.sender_id, message.recipient_id):
        unreadable("a message between others")
    if message.sender_id == message.recipient_id:
        return SetAside("x.note_to_self")
    own = message.sender_id == account_id
    customer = message.recipient_id if own else message.sender_id
    known = users.get(customer) if isinstance(users, dict) else None
    at, doubtful = posts.when(message.said_at, message.id, stored.arrived)
    return MessageSeen(
        message_id=message.id,
        version=int(message.id),
        versions=(message.id,),
        thread_id=message.conversation_id,
        customer=profile(customer, unwrap(known)),
        text=message.text,
        at=at,
        surface=Surface.DIRECT,
        own=own,
        public=False,
        addressed=not own,
        may_reply=not own,
        link=f"https://x.com/messages/{message.conversation_id}",
        media=message.media,
        time_is_doubtful=doubtful,
        cleaned=message.cleaned,
    )

"""Private messages of Messenger and Instagram, and what happens around them.

Source: Meta's references of the Messenger and Instagram messaging webhooks. A person's id here (PSID, IGSID) holds for
this account and application only; it is not the id of the same person's comments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hark.domain.events import (
    AccountChanged,
    Event,
    MessageGone,
    MessageSeen,
    Profile,
    Reaction,
    Receipt,
    Receipted,
    SetAside,
    Surface,
    ThreadControl,
    UnreadableEvent,
)
from hark.providers.meta.attachments import sent_along
from hark.providers.meta.envelope import id_of, inner, message_id_of, message_key, word_of
from hark.providers.meta.naming import postback_id
from hark.providers.meta.reading import NOTHING_READABLE, Told, milliseconds, text_of

Content = Mapping[str, Any]

# What we send along is ASCII and short; what other programs send along is not ours to keep.
_MARKER = re.compile(r"[ -~]{1,80}")


def read(told: Told) -> list[Event]:
    """The events of one item of `messaging` or `standby`.

    Raises:
        UnreadableEvent: the item breaks the contract.
    """
    content = told.item.content
    if not isinstance(content, dict):
        raise UnreadableEvent("not an object")
    what = message_key(content)
    if what in _SET_ASIDE:
        return [SetAside(_SET_ASIDE[what])]
    reader = _READERS.get(what)
    return reader(told, content) if reader else [SetAside("meta.unknown_kind")]


@dataclass(frozen=True, slots=True)
class _Talk:
    """Who the item's conversation is with, and whether the item is of our making."""

    customer_id: str
    own: bool


def _talk(told: Told, content: Content, *, echo: bool = False) -> _Talk:
    sender = id_of(inner(content, "sender"), "id")
    recipient = id_of(inner(content, "recipient", optional=True) or {}, "id")
    own = echo or told.is_us(sender)
    customer_id = recipient if own else sender
    if not customer_id:
        raise UnreadableEvent("nobody to talk with")
    return _Talk(customer_id, own)


def _named(told: Told, mid: str) -> str:
    # How far a message id is unique is not documented: within the account it is.
    if not mid:
        raise UnreadableEvent("a message without an id")
    return f"{told.account_id}#{mid}"


def _message(told: Told, content: Content) -> list[Event]:
    message = inner(content, "message")
    message_id = _named(told, message_id_of(message))
    if message.get("is_deleted") is True:
        return [MessageGone(message_id, told.when(content.get("timestamp"))[0], told.platform)]
    if True in (content.get("is_self"), message.get("is_self")):
        return [SetAside("meta.message_to_self")]
    talk = _talk(told, content, echo=message.get("is_echo") is True)
    answered = inner(message, "reply_to", optional=True) or {}
    marker = message.get("metadata")
    seen = _private(told, content, message_id, talk, text_of(message, "text"))
    shown = sent_along(message)
    return [
        replace(
            seen,
            in_reply_to=_named(told, mid) if (mid := message_id_of(answered)) else "",
            marker=marker if talk.own and isinstance(marker, str) and _MARKER.fullmatch(marker) else "",
            media=shown or (() if seen.text else NOTHING_READABLE),
        )
    ]


def _edit(told: Told, content: Content) -> list[Event]:
    edit = inner(content, "message_edit")
    message_id = _named(told, message_id_of(edit))
    seen = _private(told, content, message_id, _talk(told, content), text_of(edit, "text"))
    return [replace(seen, version=milliseconds(seen.at), edit_only=True)]


def _postback(told: Told, content: Content) -> list[Event]:
    """Somebody pressed a button: its title is what they say by it, and it counts as writing to us."""
    postback = inner(content, "postback")
    message_id = _named(told, postback_id(content))
    seen = _private(told, content, message_id, _talk(told, content), text_of(postback, "title", "payload"))
    return [replace(seen, media=() if seen.text else NOTHING_READABLE)]


def _private(told: Told, content: Content, message_id: str, talk: _Talk, said: tuple[str, bool]) -> MessageSeen:
    """A private message in its first version; `said` is its text, and whether that was cleaned."""
    text, cleaned = said
    at, doubtful = told.when(content.get("timestamp"))
    return MessageSeen(
        message_id=message_id,
        version=0,
        versions=(message_id,),
        thread_id=talk.customer_id,
        customer=Profile(talk.customer_id),
        text=text,
        at=at,
        platform=told.platform,
        surface=Surface.DIRECT,
        own=talk.own,
        public=False,
        addressed=not talk.own,
        may_reply=not talk.own,
        elsewhere=_elsewhere(told),
        time_is_doubtful=doubtful,
        cleaned=cleaned,
    )


def _elsewhere(told: Told) -> bool:
    """Another program holds the conversation, unless the same message also came to us as its holder."""
    return all(kind.startswith("standby.") for kind in told.kinds)


def _reaction(told: Told, content: Content) -> list[Event]:
    reaction = inner(content, "reaction")
    message_id = _named(told, message_id_of(reaction))
    actor = id_of(inner(content, "sender"), "id")
    if not actor:
        raise UnreadableEvent("a reaction of nobody")
    word, emoji = word_of(reaction, "reaction"), text_of(reaction, "emoji")[0][:16]
    at, _ = told.when(content.get("timestamp"))
    match word_of(reaction, "action"):
        case "react":
            return [
                Reaction(message_id, actor, word if word not in ("", "other") else emoji or "other", at, told.platform)
            ]
        case "unreact":
            return [Reaction(message_id, actor, "", at, told.platform)]
    return [SetAside("meta.unknown_kind")]


def _delivered(told: Told, content: Content) -> list[Event]:
    return _receipts(told, content, "delivery", Receipt.DELIVERED)


def _seen(told: Told, content: Content) -> list[Event]:
    return _receipts(told, content, "read", Receipt.SEEN)


def _receipts(told: Told, content: Content, name: str, receipt: Receipt) -> list[Event]:
    """Messenger tells up to when (`watermark`); Instagram, and Messenger as an extra, which ones."""
    news = inner(content, name)
    talk = _talk(told, content)
    if talk.own:
        return [SetAside("meta.own_receipt")]
    up_to = told.believed(news.get("watermark"))
    if up_to is not None:
        return [Receipted(receipt, talk.customer_id, up_to, platform=told.platform)]
    several = news.get("mids")
    listed = several if isinstance(several, list) else [news.get("mid")]
    at, _ = told.when(content.get("timestamp"))
    mids = [message_id_of({"mid": mid}) for mid in listed]
    made = [Receipted(receipt, talk.customer_id, at, _named(told, mid), told.platform) for mid in mids if mid]
    return list(made) or [SetAside("meta.receipt_for_nothing")]


def _control(told: Told, content: Content) -> list[Event]:
    """The conversation changed hands.

    Who is told depends on who holds it: `pass_thread_control` comes in `messaging` to the application that has it from
    now on, `take_thread_control` to the one that has lost it. Whatever comes in `standby` is between others.
    """
    talk = _talk(told, content)
    at, _ = told.when(content.get("timestamp"))
    ours = told.item.section == "messaging" and message_key(content) == "pass_thread_control"
    return [ThreadControl(talk.customer_id, talk.customer_id, ours, at, told.platform)]


def _policy(told: Told, content: Content) -> list[Event]:
    action = word_of(inner(content, message_key(content)), "action")
    if action in ("block", "unblock"):
        return [AccountChanged(action == "block", f"meta.policy_{action}")]
    return [SetAside("meta.policy_notice")]


_READERS: Mapping[str, Callable[[Told, Content], list[Event]]] = {
    "message": _message,
    "message_edit": _edit,
    "postback": _postback,
    "reaction": _reaction,
    "delivery": _delivered,
    "read": _seen,
    "pass_thread_control": _control,
    "take_thread_control": _control,
    "policy_enforcement": _policy,
    "policy-enforcement": _policy,
}

_SET_ASIDE: Mapping[str, str] = {
    "referral": "meta.referral",
    "optin": "meta.optin",
    "request_thread_control": "meta.thread_requested",
    "app_roles": "meta.app_roles",
    "account_linking": "meta.account_linking",
}

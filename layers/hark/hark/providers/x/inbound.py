"""What an event of X means for the desk: a message, a message taken away, or nothing for now."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hark.domain.events import (
    AccountChanged,
    Event,
    MessageGone,
    MessageSeen,
    Profile,
    RawEvent,
    SetAside,
    Surface,
    UnreadableEvent,
)
from hark.providers.clean_text import clean
from hark.providers.strict_json import NotStrictJson, loads
from hark.providers.x import posts
from hark.providers.x.posts import Post

POLL_KIND = "poll.mention"
"""The kind under which the poll files a post. Not X's word: X has no event for it."""

_HANDLE = re.compile(r"[A-Za-z0-9_]{1,20}")


def parse(raw: RawEvent, kinds: frozenset[str], account_id: str, arrived: datetime) -> list[Event]:
    """Read one stored event of the account `account_id`, which arrived (first) at `arrived`, in UTC.

    `kinds` are all kinds under which this business key has come so far. They matter: X's own judgement that a
    post mentions or quotes us comes as a kind, and perhaps in a later delivery than the text.

    Raises:
        UnreadableEvent: the event breaks X's contract.
    """
    try:
        envelope = loads(raw.body)
    except NotStrictJson as refused:
        raise UnreadableEvent(str(refused)) from None
    if not isinstance(envelope, dict):
        raise UnreadableEvent("not an object")
    if raw.kind in _SET_ASIDE:
        return [SetAside(_SET_ASIDE[raw.kind])]
    reader = _READERS.get(raw.kind)
    if reader is None:
        return [SetAside("x.unknown_kind")]
    return [reader(_Stored(envelope, kinds | {raw.kind}, account_id, arrived))]


@dataclass(frozen=True, slots=True)
class _Stored:
    envelope: Mapping[str, Any]
    kinds: frozenset[str]
    account_id: str
    arrived: datetime


def _post(stored: _Stored) -> Event:
    data = _inner(stored.envelope, "data")
    post = posts.from_v2(_inner(data, "payload"))
    includes = data.get("includes")
    included: Mapping[str, Any] = includes if isinstance(includes, dict) else {}
    ours = {
        posts.id_of(other, "id")
        for name in ("tweets", "posts")
        for other in _bare(included.get(name))
        if posts.id_of(other, "author_id") == stored.account_id
    }
    quotes_us = "post.quote.create" in stored.kinds or not ours.isdisjoint(post.quoted_ids)
    profiles = {posts.id_of(user, "id"): user for user in _bare(included.get("users"))}
    return _message(
        post,
        stored,
        named="post.mention.create" in stored.kinds or stored.account_id in post.named_ids,
        quotes_us=quotes_us and bool(post.quoted_ids),
        profile=lambda user_id: _profile(user_id, profiles.get(user_id, {}), "username"),
    )


def _old_post(stored: _Stored) -> Event:
    entry = _entry(stored.envelope, "tweet_create_events")
    post = posts.from_account_activity(entry)
    quoted = entry.get("quoted_status")
    author = quoted.get("user") if isinstance(quoted, dict) else None
    user = entry.get("user")
    return _message(
        post,
        stored,
        named="post.mention.create" in stored.kinds or stored.account_id in post.named_ids,
        quotes_us=isinstance(author, dict) and posts.id_of(author, "id_str") == stored.account_id,
        profile=lambda user_id: _profile(
            user_id, user if isinstance(user, dict) and user.get("id_str") == user_id else {}, "screen_name"
        ),
    )


def _message(post: Post, stored: _Stored, *, named: bool, quotes_us: bool, profile: Callable[[str], Profile]) -> Event:
    account_id = stored.account_id
    own = post.author_id == account_id
    if not post.author_id:
        raise UnreadableEvent("a post without an author")
    if post.is_repost:
        return SetAside("x.own_repost" if own else "x.repost")
    if own and not post.parent_author_id:
        return SetAside("x.own_post")
    if own and post.parent_author_id == account_id:
        return SetAside("x.own_thread")
    at, doubtful = posts.when(post.said_at, post.id, stored.arrived)
    return MessageSeen(
        message_id=post.versions[0],
        version=int(post.id),
        versions=post.versions,
        thread_id=post.conversation_id or post.parent_id or post.versions[0],
        customer=profile(post.parent_author_id if own else post.author_id),
        text=post.text,
        at=at,
        surface=Surface.POST,
        own=own,
        in_reply_to=post.parent_id,
        addressed=not own and (named or quotes_us or bool(post.parent_id and post.parent_author_id == account_id)),
        # X lets the API answer only those who called us by handle or quoted us ("summoned").
        may_reply=not own and (named or quotes_us),
        link=f"https://x.com/i/status/{post.id}",
        language_hint=post.language,
        time_is_doubtful=doubtful,
        cleaned=post.cleaned,
    )


def _gone(stored: _Stored) -> Event:
    payload = _inner(_inner(stored.envelope, "data"), "payload")
    return MessageGone(posts.id_of(payload, "id") or _unreadable("a deletion without an id"), stored.arrived)


def _old_gone(stored: _Stored) -> Event:
    entry = _entry(stored.envelope, "tweet_delete_events")
    said = posts.time_from_ms(entry.get("timestamp_ms"))
    message_id = posts.id_of(_inner(entry, "status"), "id") or _unreadable("a deletion without an id")
    # A deletion has no id of its own to take a time from; the post's would be that of its writing.
    at, _ = posts.when([said] if said else [], "0", stored.arrived)
    return MessageGone(message_id, at)


def _revoked(_: _Stored) -> Event:
    return AccountChanged(paused=True, reason="x.access_revoked")


def _replay(stored: _Stored) -> Event:
    state = _inner(stored.envelope, "replay_job_status").get("job_state")
    return SetAside("x.replay_complete" if state == "Complete" else "x.replay_incomplete")


def _profile(user_id: str, user: Mapping[str, Any], handle_name: str) -> Profile:
    handle, name = user.get(handle_name), user.get("name")
    return Profile(
        id=user_id,
        handle=handle if isinstance(handle, str) and _HANDLE.fullmatch(handle) else "",
        name=clean(posts.unescape(name))[0][:100] if isinstance(name, str) else "",
        protected=user.get("protected") is True,
    )


def _bare(listed: object) -> list[Mapping[str, Any]]:
    # X sends included objects bare or wrapped in {"data": …}, without a rule.
    found: list[Mapping[str, Any]] = []
    for item in listed if isinstance(listed, list) else []:
        bare = item.get("data", item) if isinstance(item, dict) else None
        if isinstance(bare, dict):
            found.append(bare)
    return found


def _inner(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = holder.get(name)
    return inner if isinstance(inner, dict) else _unreadable(f"no {name}")


def _entry(envelope: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    listed = envelope.get(name)
    if not isinstance(listed, list) or len(listed) != 1 or not isinstance(listed[0], dict):
        raise UnreadableEvent("not one entry")
    return listed[0]


def _unreadable(why: str) -> Any:
    raise UnreadableEvent(why)


_READERS: Mapping[str, Callable[[_Stored], Event]] = {
    "oauth.revoke": _revoked,
    "aaa.user_event": _revoked,
    "post.mention.create": _post,
    "post.reply.create": _post,
    "post.quote.create": _post,
    "post.create": _post,
    "post.repost.create": _post,
    POLL_KIND: _post,
    "post.delete": _gone,
    "replay_job_status": _replay,
    "aaa.tweet_create": _old_post,
    "aaa.tweet_delete": _old_gone,
}

_SET_ASIDE: Mapping[str, str] = {
    "dm.received": "x.dm_not_yet",
    "dm.sent": "x.dm_not_yet",
    "dm.read": "x.dm_not_yet",
    "dm.indicate_typing": "x.dm_not_yet",
    "chat.received": "x.encrypted_chat",
    "chat.sent": "x.encrypted_chat",
    "like.create": "x.like",
    "follow.follow": "x.follow",
    "follow.unfollow": "x.follow",
    "profile.update.bio": "x.profile_changed",
    "profile.update.picture": "x.profile_changed",
    "profile.update.banner": "x.profile_changed",
    "profile.update.screenname": "x.profile_changed",
    "profile.update.handle": "x.profile_changed",
    "profile.update.geo": "x.profile_changed",
    "profile.update.url": "x.profile_changed",
    "profile.update.verified_badge": "x.profile_changed",
    "profile.update.affiliate_badge": "x.profile_changed",
    "aaa.direct_message": "x.dm_not_yet",
    "aaa.direct_message_indicate_typing": "x.dm_not_yet",
    "aaa.direct_message_mark_read": "x.dm_not_yet",
    "aaa.favorite": "x.like",
    "aaa.follow": "x.follow",
}

"""What an event of X means for the desk: a message, a message taken away, or nothing for now."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from hark.domain.events import (
    AccountChanged,
    Event,
    MessageGone,
    MessageSeen,
    RawEvent,
    SetAside,
    Surface,
    UnreadableEvent,
)
from hark.providers.strict_json import NotStrictJson, loads
from hark.providers.x import posts, private
from hark.providers.x.door import DIRECT_POLL_KIND, NESTED_KIND, POLL_KIND, RECHECK_KIND, SEARCH_KIND
from hark.providers.x.posts import Post
from hark.providers.x.stored import Stored, bare, entry, inner, profile, unreadable

QUERY_ID = re.compile(r"[a-z0-9-]{1,40}")


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
    return [reader(Stored(envelope, kinds | {raw.kind}, account_id, arrived))]


def _post(stored: Stored) -> Event:
    data = inner(stored.envelope, "data")
    includes = data.get("includes")
    included: Mapping[str, Any] = includes if isinstance(includes, dict) else {}
    post = posts.from_v2(inner(data, "payload"), bare(included.get("media")))
    ours = {
        posts.id_of(other, "id")
        for name in ("tweets", "posts")
        for other in bare(included.get(name))
        if posts.id_of(other, "author_id") == stored.account_id
    }
    quotes_us = "post.quote.create" in stored.kinds or not ours.isdisjoint(post.quoted_ids)
    return _message(
        post,
        stored,
        named="post.mention.create" in stored.kinds or stored.account_id in post.named_ids,
        quotes_us=quotes_us and bool(post.quoted_ids),
        users={posts.id_of(user, "id"): user for user in bare(included.get("users"))},
        sought=_query(data),
    )


def _query(data: Mapping[str, Any]) -> str:
    """The listening query that found it: what the search wrote down beside it."""
    tag = data.get("tag")
    return tag if data.get("event_type") == SEARCH_KIND and isinstance(tag, str) and QUERY_ID.fullmatch(tag) else ""


def _old_post(stored: Stored) -> Event:
    told = entry(stored.envelope, "tweet_create_events")
    post = posts.from_account_activity(told)
    quoted = told.get("quoted_status")
    author = quoted.get("user") if isinstance(quoted, dict) else None
    user = told.get("user")
    return _message(
        post,
        stored,
        named="post.mention.create" in stored.kinds or stored.account_id in post.named_ids,
        quotes_us=isinstance(author, dict) and posts.id_of(author, "id_str") == stored.account_id,
        users={user["id_str"]: user} if isinstance(user, dict) and isinstance(user.get("id_str"), str) else {},
    )


def _message(
    post: Post, stored: Stored, *, named: bool, quotes_us: bool, users: Mapping[str, Mapping[str, Any]],
    sought: str = "",
) -> Event:  # fmt: skip
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
    at, doubtful = _written(post, stored.arrived)
    customer = post.parent_author_id if own else post.author_id
    return MessageSeen(
        message_id=post.versions[0],
        version=int(post.id),
        versions=post.versions,
        thread_id=post.conversation_id or post.parent_id or post.versions[0],
        customer=profile(customer, users.get(customer, {})),
        text=post.text,
        at=at,
        surface=Surface.POST,
        own=own,
        in_reply_to=post.parent_id,
        addressed=not own and (named or quotes_us or bool(post.parent_id and post.parent_author_id == account_id)),
        # X lets the API answer only those who called us by handle or quoted us ("summoned").
        may_reply=not own and (named or quotes_us),
        link=f"https://x.com/i/status/{post.versions[0]}",
        language_hint=post.language,
        shares=post.shares,
        media=post.media,
        time_is_doubtful=doubtful,
        sought=sought,
        cleaned=post.cleaned,
    )


def _written(post: Post, arrived: datetime) -> tuple[datetime, bool]:
    """When the first version was written: an edit may be heard of before it, and the clock runs from the first."""
    first = post.versions[0]
    inside = posts.snowflake_time(first) if first != post.id else None
    # X tells times of posts in whole seconds.
    said = post.said_at if inside is None else (inside.replace(microsecond=0), *post.said_at)
    return posts.when(said, first, arrived)


def _gone(stored: Stored) -> Event:
    payload = inner(inner(stored.envelope, "data"), "payload")
    return MessageGone(posts.id_of(payload, "id") or unreadable("a deletion without an id"), stored.arrived)


def _old_gone(stored: Stored) -> Event:
    told = entry(stored.envelope, "tweet_delete_events")
    said = posts.time_from_ms(told.get("timestamp_ms"))
    message_id = posts.id_of(inner(told, "status"), "id") or unreadable("a deletion without an id")
    # A deletion has no id of its own to take a time from; the post's would be that of its writing.
    at, _ = posts.when([said] if said else [], "0", stored.arrived)
    return MessageGone(message_id, at)


def _rechecked(stored: Stored) -> Event:
    payload = inner(inner(stored.envelope, "data"), "payload")
    message_id = posts.id_of(payload, "id") or unreadable("a deletion without an id")
    at, _ = posts.when(posts.iso_times(payload.get("redacted_at")), "0", stored.arrived)
    return MessageGone(message_id, at)


def _revoked(_: Stored) -> Event:
    return AccountChanged(paused=True, reason="x.access_revoked")


def _replay(stored: Stored) -> Event:
    state = inner(stored.envelope, "replay_job_status").get("job_state")
    return SetAside("x.replay_complete" if state == "Complete" else "x.replay_incomplete")


_READERS: Mapping[str, Callable[[Stored], Event]] = {
    "oauth.revoke": _revoked,
    "aaa.user_event": _revoked,
    "post.mention.create": _post,
    "post.reply.create": _post,
    "post.quote.create": _post,
    "post.create": _post,
    "post.repost.create": _post,
    POLL_KIND: _post,
    NESTED_KIND: _post,
    SEARCH_KIND: _post,
    "dm.received": private.activity_message,
    "dm.sent": private.activity_message,
    DIRECT_POLL_KIND: private.polled_message,
    "chat.received": private.encrypted,
    "post.delete": _gone,
    "replay_job_status": _replay,
    "aaa.tweet_create": _old_post,
    "aaa.tweet_delete": _old_gone,
    "aaa.direct_message": private.old_message,
    "aaa.direct_message_mark_read": private.old_read,
    RECHECK_KIND: _rechecked,
}

_SET_ASIDE: Mapping[str, str] = {
    "dm.read": "x.read",
    "dm.indicate_typing": "x.typing",
    "chat.sent": "x.own_encrypted",
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
    "aaa.direct_message_indicate_typing": "x.typing",
    "aaa.favorite": "x.like",
    "aaa.follow": "x.follow",
}

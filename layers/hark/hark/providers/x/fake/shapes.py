"""How the fake X writes a post down: activity payloads, and REST objects in the old or the new vocabulary."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from hark.providers.x.fake.content import Post, User
from hark.providers.x.fake.world import World

_RENAMED = {
    "edit_history_tweet_ids": "edit_history_post_ids",
    "referenced_tweets": "referenced_posts",
    "note_tweet": "note_post",
}


def activity_payload(post: Post) -> dict[str, Any]:
    """The payload of a `post.*.create` activity."""
    payload = _full(post)
    if post.parent is not None:
        payload["in_reply_to_tweet_id"] = post.parent.id
    if post.media:
        payload["attachments"] = {"media_keys": [f"3_{post.id}_{n}" for n in range(len(post.media))]}
    return payload | {
        "reply_settings": "everyone",
        "possibly_sensitive": False,
        "edit_controls": {"edits_remaining": 6 - len(post.versions), "is_edit_eligible": True},
    }


def rest_object(post: Post, fields: Iterable[str], new_words: bool) -> dict[str, Any]:
    """A REST object with the fields asked for, beside those that always come. It never has the parent's id."""
    wanted = {"id", "text", *fields}
    if not new_words:
        wanted.add("edit_history_tweet_ids")
    whole = {(_RENAMED.get(name, name) if new_words else name): value for name, value in _full(post).items()}
    return {name: value for name, value in whole.items() if name in wanted}


def activities(post: Post, world: World) -> list[str]:
    """The kinds of activity this post makes for the brand. A reply that names us only by X's own hand makes none."""
    if post.author.id == world.brand.id:
        return ["post.create"]
    if post.author.protected:
        return []
    kinds = []
    if post.calls(world.brand):
        kinds.append("post.mention.create")
    if post.parent is not None and post.parent.author.id == world.brand.id:
        kinds.append("post.reply.create")
    if post.quoted is not None and post.quoted.author.id == world.brand.id:
        kinds.append("post.quote.create")
    return kinds


def envelope(kind: str, post: Post, world: World, event_uuid: str) -> bytes:
    """The body of an activity delivery."""
    users = {u.id: u for u in (world.brand, post.author, *((post.parent.author,) if post.parent else ()))}
    return as_bytes(
        {
            "data": {
                "event_uuid": event_uuid,
                "filter": {"user_id": world.brand.id},
                "event_type": kind,
                "tag": "hark-" + kind.split(".")[1],
                "payload": activity_payload(post),
                "includes": _includes(post, list(users.values()), wrapped=kind == "post.reply.create"),
            }
        }
    )


def deletion(post: Post, world: World, event_uuid: str) -> bytes:
    """The body of a `post.delete`. A customer's comes by a subscription on the customer, tagged with our account."""
    own = post.author.id == world.brand.id
    return as_bytes(
        {
            "data": {
                "event_uuid": event_uuid,
                "filter": {"user_id": post.author.id},
                "event_type": "post.delete",
                "tag": "hark-delete" if own else f"account:{world.brand.id}",
                "payload": {"id": post.versions[0], "author_id": post.author.id},
                "includes": {"users": [_shown(post.author, wrapped=True)]},
            }
        }
    )


def as_bytes(value: object) -> bytes:
    """JSON the way X sends it: UTF-8, with slashes escaped."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/").encode()


def revocation(world: World, at: datetime, event_uuid: str) -> bytes:
    """The body of an `oauth.revoke`."""
    payload = {"date_time": at.isoformat(timespec="seconds"), "user_id": world.brand.id, "app_id": "31337"}
    return as_bytes(
        {"data": {"event_uuid": event_uuid, "filter": {}, "event_type": "oauth.revoke", "payload": payload}}
    )


def _includes(post: Post, users: list[User], *, wrapped: bool) -> dict[str, Any]:
    made: dict[str, Any] = {"users": [_shown(user, wrapped) for user in users]}
    if post.media:
        made["media"] = [
            {"media_key": f"3_{post.id}_{n}", "type": item.kind, "url": item.url} for n, item in enumerate(post.media)
        ]
    return made


def _shown(user: User, wrapped: bool) -> dict[str, Any]:
    return {"data": user.shown()} if wrapped else user.shown()


def _full(post: Post) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "id": post.id,
        "text": html.escape(post.text, quote=False),
        "author_id": post.author.id,
        "created_at": post.at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{post.at.microsecond // 1000:03}Z",
        "conversation_id": post.conversation_id,
        "display_text_range": [post.visible_from, len(post.text)],
        "edit_history_tweet_ids": list(post.versions),
        "lang": post.language or "und",
        "public_metrics": {"retweet_count": 0, "reply_count": 0, "like_count": 0, "quote_count": 0},
    }
    entities = {name: found for name, found in (("mentions", post.mentions), ("urls", post.urls)) if found}
    if entities:
        whole["entities"] = entities
    references = []
    if post.parent is not None:
        references.append({"type": "replied_to", "id": post.parent.id})
        whole["in_reply_to_user_id"] = post.parent.author.id
    elif post.mentions and post.mentions[0]["start"] == 0:
        # As on X: a post that begins with a handle names a user it replies to, but no post.
        whole["in_reply_to_user_id"] = post.mentions[0]["id"]
    if post.quoted is not None:
        references.append({"type": "quoted", "id": post.quoted.id})
    if references:
        whole["referenced_tweets"] = references
    return whole

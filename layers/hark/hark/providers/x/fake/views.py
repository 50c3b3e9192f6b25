"""How the control plane of the fake X shows what happened."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hark.providers.x.fake.content import Post
from hark.providers.x.fake.world import World


def shown_post(post: Post) -> dict[str, Any]:
    """One version of a post; `text` is without the handles X put before it."""
    return {
        "id": post.id,
        "author": post.author.username,
        "author_id": post.author.id,
        "text": post.text[post.visible_from :],
        "whole_text": post.text,
        "at": _text(post.at),
        "in_reply_to": post.parent.id if post.parent else None,
        "quote_of": post.quoted.id if post.quoted else None,
        "conversation_id": post.conversation_id,
        "versions": list(post.versions),
        "newest": post.is_newest,
        "gone": post.gone,
        "hidden": post.hidden,
        "source": post.source,
    }


def done_by_us(world: World) -> list[dict[str, Any]]:
    """What came through the API, oldest first: replies and messages, and which posts are hidden now."""
    made = [
        {
            "id": post.id, "platform": "x", "verb": "public_reply", "text": post.text[post.visible_from :],
            "to": post.parent.id if post.parent else "", "person": post.parent.author.id if post.parent else "",
            "at": _text(post.at),
        }
        for post in world.posts()
        if post.source == "api"
    ]  # fmt: skip
    made += [
        {
            "id": message.id, "platform": "x", "verb": "dm", "text": message.text, "to": "",
            "person": message.recipient.id, "at": _text(message.at),
        }
        for message in world.messages()
        if message.source == "api"
    ]  # fmt: skip
    made += [
        {"id": "", "platform": "x", "verb": "hide", "text": "", "to": post.id, "person": post.author.id, "at": ""}
        for post in world.posts()
        if post.hidden
    ]
    return sorted(made, key=lambda one: int(one["id"] or one["to"]))


def _text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")

"""Instagram's public side: comments under our media, on our live videos, and mentions elsewhere.

Source: Meta's reference of the Instagram webhook's fields `comments`, `live_comments` and `mentions`. There is no verb
and no time of writing: only new comments are told, never an edit or a deletion.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hark.domain.events import Event, MessageGone, MessageSeen, Profile, SetAside, Surface, UnreadableEvent
from hark.providers.meta.envelope import id_of, inner
from hark.providers.meta.lookup import wanted_instagram_mention
from hark.providers.meta.reading import NOTHING_READABLE, Told, profile, stranger, text_of, url_of

FIELDS = frozenset(("comments", "live_comments", "mentions"))
"""Fields that are Instagram's whatever the delivery's `object` says."""


def read(told: Told, field: str, value: Mapping[str, Any]) -> list[Event]:
    """The events of one change of an Instagram account.

    Raises:
        UnreadableEvent: the value breaks the contract.
    """
    if field == "mentions":
        media_id = id_of(value, "media_id")
        if not media_id:
            raise UnreadableEvent("a mention of nothing")
        return [wanted_instagram_mention(media_id, id_of(value, "comment_id"))]
    return [_comment(told, value)]


def gone(told: Told) -> Event:
    """A comment that `recheck` did not find any more: Meta does not tell of deletions.

    Raises:
        UnreadableEvent: it names none.
    """
    comment_id = id_of(told.item.content, "id") if isinstance(told.item.content, dict) else ""
    if not comment_id:
        raise UnreadableEvent("nothing is gone")
    return MessageGone(comment_id, told.sent_at, told.platform)


def _comment(told: Told, value: Mapping[str, Any]) -> Event:
    comment_id = id_of(value, "id", "comment_id")
    if not comment_id:
        raise UnreadableEvent("a comment without an id")
    named = inner(value, "from", optional=True) or {}
    author = profile(id_of(named, "id"), named.get("username"), named.get("name"))
    # Instagram marks the account's own comments by one more id of the author, and only those.
    own = told.is_us(author.id) or named.get("self_ig_scoped_id") is not None
    parent_id = id_of(value, "parent_id")
    if own and not parent_id:
        return SetAside("meta.own_comment")
    media_id = id_of(inner(value, "media", optional=True) or {}, "id")
    text, cleaned = text_of(value, "text")
    at, doubtful = told.when(value.get("timestamp"))
    return MessageSeen(
        message_id=comment_id,
        version=0,
        versions=(comment_id,),
        thread_id=media_id or parent_id or comment_id,
        customer=Profile("") if own else author if author.id else stranger(comment_id),
        text=text,
        at=at,
        platform=told.platform,
        surface=Surface.LIVE_COMMENT if "live_comments" in told.kinds else Surface.COMMENT,
        own=own,
        in_reply_to=parent_id,
        addressed=not own,
        may_reply=not own,
        link=url_of(value.get("permalink")),
        media=() if text else NOTHING_READABLE,
        time_is_doubtful=doubtful,
        cleaned=cleaned,
    )

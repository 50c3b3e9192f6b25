"""Events that come without their words: what the poll is to ask for, and how its answer reads.

`wanted_*` name the thing as JSON text, `{"what": …, ids}`; `poll.look_up` answers with an event of the kind
`looked_up`, whose entry has under `looked_up` `{"what", "id", "text", "from": {"id", "name" or "username"},
"created_time", "post_id" or "media_id", "permalink_url"}`. All but `what` and `id` may be missing. Of a person it holds
`{"what", "id", "platform", "from", "picture"}`.
"""

from __future__ import annotations

import json
from dataclasses import replace

from hark.domain.events import (
    Event,
    MessageSeen,
    PersonSeen,
    Profile,
    SetAside,
    Surface,
    UnreadableEvent,
    Wanted,
)
from hark.providers.meta.envelope import id_of, inner, word_of
from hark.providers.meta.reading import NOTHING_READABLE, Told, profile, stranger, text_of, url_of

PAGE_MENTION = "page_mention"
COMMENT_MENTION = "ig_comment_mention"
MEDIA_MENTION = "ig_media_mention"
PROFILE = "profile"


def wanted_page_mention(post_id: str, comment_id: str) -> Wanted:
    """A foreign post, or a comment under one, that names our Page; one of the ids may be empty."""
    return _wanted(PAGE_MENTION, post_id=post_id, comment_id=comment_id)


def wanted_instagram_mention(media_id: str, comment_id: str) -> Wanted:
    """A foreign medium whose caption names us, or a comment under one."""
    return _wanted(COMMENT_MENTION if comment_id else MEDIA_MENTION, media_id=media_id, comment_id=comment_id)


def wanted_profile(platform: str, person_id: str) -> Wanted:
    """The name of who writes in private: messages of Messenger and Instagram carry an id and nothing else."""
    reference = json.dumps({"what": PROFILE, "platform": platform, "person_id": person_id}, sort_keys=True)
    return Wanted(reference, platform)


def read(told: Told) -> list[Event]:
    """The mention, or the person, that was looked up.

    Raises:
        UnreadableEvent: it has no id, or is of a kind that nobody asks for.
    """
    found = told.item.content
    if not isinstance(found, dict):
        raise UnreadableEvent("not an object")
    if word_of(found, "what") == PROFILE:
        return [_person(found)]
    if word_of(found, "what") not in (PAGE_MENTION, COMMENT_MENTION, MEDIA_MENTION):
        raise UnreadableEvent("nobody asks for this")
    message_id = id_of(found, "id")
    if not message_id:
        raise UnreadableEvent("no id")
    author = _author(inner(found, "from", optional=True) or {})
    if told.is_us(author.id):
        return [SetAside("meta.own_mention")]
    text, cleaned = text_of(found, "text")
    at, doubtful = told.when(found.get("created_time"))
    return [
        MessageSeen(
            message_id=message_id,
            version=0,
            versions=(message_id,),
            thread_id=id_of(found, "post_id", "media_id") or message_id,
            customer=author if author.id else stranger(message_id),
            text=text,
            at=at,
            platform=told.platform,
            surface=Surface.MENTION,
            addressed=True,
            may_reply=True,
            link=url_of(found.get("permalink_url")),
            media=() if text else NOTHING_READABLE,
            time_is_doubtful=doubtful,
            cleaned=cleaned,
        )
    ]


def _person(found: dict[str, object]) -> PersonSeen:
    person_id = id_of(found, "id")
    if not person_id:
        raise UnreadableEvent("no id")
    named = inner(found, "from", optional=True) or {}
    known = profile(person_id, named.get("username"), named.get("name"))
    platform = "instagram" if word_of(found, "platform") == "instagram" else "messenger"
    return PersonSeen(person_id, replace(known, avatar=url_of(found.get("picture"))), platform)


def _author(named: dict[str, object]) -> Profile:
    # Instagram gives the author of a medium by name only. The name can change hands; it is better than nobody.
    by_name = profile("", named.get("username")).handle
    return profile(id_of(named, "id") or (f"@{by_name}" if by_name else ""), named.get("username"), named.get("name"))


def _wanted(what: str, **ids: str) -> Wanted:
    reference = json.dumps({"what": what} | {k: v for k, v in ids.items() if v}, sort_keys=True)
    return Wanted(reference, "facebook" if what == PAGE_MENTION else "instagram")

"""Events of a Facebook Page: comments, visitors' posts, reactions, mentions, reviews.

Source: Meta's reference of the Page webhook's fields `feed`, `mention` and `ratings`, and captured deliveries where
they differ from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hark.domain.events import (
    Event,
    Media,
    MediaKind,
    MessageGone,
    MessageHidden,
    MessageSeen,
    Profile,
    Reaction,
    SetAside,
    Surface,
    UnreadableEvent,
)
from hark.providers.meta.envelope import id_of, inner, word_of
from hark.providers.meta.lookup import wanted_page_mention
from hark.providers.meta.naming import POST_ITEMS, VERBS
from hark.providers.meta.reading import (
    NOTHING_READABLE,
    Told,
    by_reference,
    milliseconds,
    profile,
    stranger,
    text_of,
)

Value = Mapping[str, Any]

_SITE = "https://www.facebook.com/"


def read(told: Told, field: str, value: Value) -> list[Event]:
    """The events of one change of a Page.

    Raises:
        UnreadableEvent: the value breaks the contract.
    """
    what, verb = word_of(value, "item"), VERBS.get(word_of(value, "verb"), "")
    if field == "mention":
        return [_mention(told, value, verb)]
    if what == "comment":
        return [_comment(told, value, verb)]
    if field == "ratings":
        return [_review(told, value, verb)] if what == "rating" else _unknown()
    if what in POST_ITEMS:
        return [_post(told, value, verb)]
    if what == "reaction":
        return [_reaction(told, value, verb)]
    return [SetAside("meta.like")] if what == "like" else _unknown()


def _unknown() -> list[Event]:
    return [SetAside("meta.unknown_kind")]


def _comment(told: Told, value: Value, verb: str) -> Event:
    comment_id = id_of(value, "comment_id") or _missing("a comment without an id")
    # A comment under a review names the review's story instead of a post.
    post_id = id_of(value, "post_id", "open_graph_story_id")
    parent_id = id_of(value, "parent_id")
    if verb not in ("add", "edit"):
        return _taken_or_hidden(told, comment_id, verb)
    author = _author(value)
    own = told.is_us(author.id)
    return _message(
        told,
        value,
        verb,
        message_id=comment_id,
        thread_id=post_id or parent_id or comment_id,
        in_reply_to=parent_id or post_id,
        author=Profile("") if own else author,
        own=own,
        surface=Surface.COMMENT,
    )


def _post(told: Told, value: Value, verb: str) -> Event:
    post_id = id_of(value, "post_id") or _missing("a post without an id")
    if verb not in ("add", "edit"):
        # Also of our own: nothing is known of those, and a deletion of something unknown changes nothing.
        return _taken_or_hidden(told, post_id, verb)
    author = _author(value)
    if told.is_us(author.id):
        return SetAside("meta.own_post")
    return _message(told, value, verb, message_id=post_id, thread_id=post_id, author=author, surface=Surface.POST)


def _review(told: Told, value: Value, verb: str) -> Event:
    review_id = id_of(value, "open_graph_story_id") or _missing("a review without an id")
    if verb not in ("add", "edit"):
        return _taken_or_hidden(told, review_id, verb)
    author = _author(value)
    words, _ = text_of(value, "review_text")
    # A recommendation may come without a word; what it recommends is then all it says.
    said = value if words else {**value, "review_text": _verdict(value)}
    return _message(
        told,
        said,
        verb,
        message_id=review_id,
        thread_id=review_id,
        author=author,
        surface=Surface.REVIEW,
    )


def _verdict(value: Value) -> str:
    rating = value.get("rating")
    stars = f"{rating}/5" if isinstance(rating, int) and not isinstance(rating, bool) else ""
    return word_of(value, "recommendation_type").upper() or stars


def _message(
    told: Told,
    value: Value,
    verb: str,
    *,
    message_id: str,
    thread_id: str,
    author: Profile,
    surface: Surface,
    in_reply_to: str = "",
    own: bool = False,
) -> MessageSeen:
    text, cleaned = text_of(value, "message", "review_text")
    shown = _media(value)
    at, doubtful = told.when(value.get("created_time"))
    return MessageSeen(
        message_id=message_id,
        version=milliseconds(told.within_the_second(told.sent_at, 1, text)) if verb == "edit" else 0,
        versions=(message_id,),
        thread_id=thread_id,
        customer=author if author.id or own else stranger(message_id),
        text=text,
        at=at,
        platform=told.platform,
        surface=surface,
        own=own,
        in_reply_to=in_reply_to,
        addressed=not own,
        may_reply=not own,
        link=_SITE + message_id,
        media=shown or (() if text else NOTHING_READABLE),
        time_is_doubtful=doubtful,
        cleaned=cleaned,
    )


_LINK_IS: Mapping[str, MediaKind] = {
    "photo": MediaKind.IMAGE,
    "video": MediaKind.VIDEO,
    "share": MediaKind.LINK,
    "link": MediaKind.LINK,
}
"""What the key `link` of a post holds, by its item."""


def _media(value: Value) -> tuple[Media, ...]:
    several = value.get("photos")
    given = [(MediaKind.IMAGE, value.get("photo")), (MediaKind.VIDEO, value.get("video"))]
    given += [(MediaKind.IMAGE, url) for url in several] if isinstance(several, list) else []
    if (item := word_of(value, "item")) in _LINK_IS:
        given.append((_LINK_IS[item], value.get("link")))
    # The same address stands under several keys when a post has several photos.
    found: dict[str, Media] = {}
    for kind, url in given:
        made = by_reference(kind, url)
        if made.url:
            found.setdefault(made.url, made)
    return tuple(found.values())


def _taken_or_hidden(told: Told, message_id: str, verb: str) -> Event:
    match verb:
        case "remove":
            return MessageGone(message_id, told.sent_at, told.platform)
        case "hide" | "unhide":
            return MessageHidden(message_id, verb == "hide", told.sent_at, told.platform)
    return SetAside("meta.unknown_kind")


def _reaction(told: Told, value: Value, verb: str) -> Event:
    message_id = id_of(value, "comment_id", "post_id") or _missing("a reaction to nothing")
    actor = _author(value).id
    if not actor:
        return SetAside("meta.reaction_of_nobody")
    if verb not in ("add", "edit", "remove"):
        return SetAside("meta.unknown_kind")
    reaction = "" if verb == "remove" else word_of(value, "reaction_type") or "like"
    at, _ = told.when(value.get("created_time"))
    rank = {"add": 0, "edit": 1, "remove": 2}[verb]
    return Reaction(message_id, actor, reaction, told.within_the_second(at, rank, reaction), told.platform)


def _mention(told: Told, value: Value, verb: str) -> Event:
    post_id, comment_id = id_of(value, "post_id"), id_of(value, "comment_id")
    message_id = comment_id or post_id or _missing("a mention of nothing")
    if verb not in ("add", "edit"):
        return _taken_or_hidden(told, message_id, verb)
    author = _author(value)
    if not author.id:
        return wanted_page_mention(post_id, comment_id)
    if told.is_us(author.id):
        return SetAside("meta.own_mention")
    return _message(
        told,
        value,
        verb,
        message_id=message_id,
        thread_id=post_id or message_id,
        author=author,
        surface=Surface.MENTION,
    )


def _author(value: Value) -> Profile:
    """Who did it: `from`, or what older captures and reviews have instead. An empty id when nobody is named."""
    named = inner(value, "from", optional=True) or {}
    id_ = id_of(named, "id") or id_of(value, "sender_id", "reviewer_id")
    names = (named.get("name"), value.get("sender_name"), value.get("reviewer_name"))
    return profile(id_, name=next((name for name in names if name), None))


def _missing(why: str) -> str:
    raise UnreadableEvent(why)

"""Under which business key an event of Meta is stored, and as what kind.

An event has the same key however often, in whichever batch and with whichever `entry.time` it comes: that is the time
of sending and may change with a retry. Only hiding and showing have nothing else to tell one from the next.

Standard library only: the webhook function imports this.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from hark.domain.events import UnreadableEvent
from hark.providers.meta.envelope import (
    GONE,
    OURS,
    Item,
    change_of,
    id_of,
    inner,
    message_id_of,
    message_key,
    word_of,
)

POST_ITEMS = frozenset(("post", "status", "photo", "video", "share", "link", "album", "note", "reel"))
"""Items of the field `feed` that are a post, whoever wrote it."""

VERBS: Mapping[str, str] = {
    "add": "add",
    "edit": "edit",
    "edited": "edit",
    "update": "edit",
    "remove": "remove",
    "delete": "remove",
    "hide": "hide",
    "unhide": "unhide",
}
"""Meta's verbs → what they mean. Both spellings of a row are documented or were seen."""

SHOWN = ("message", "photo", "photos", "video", "link")
"""What of a comment or post can be edited; two edits with the same of all are one."""
REVIEWED = ("review_text", "rating", "recommendation_type", "has_rating", "has_review")


def name(item: Item) -> tuple[str, str]:
    """Key and kind of an item. An item that breaks the contract is named after its content; `parse` refuses it."""
    try:
        return _name(item)
    except UnreadableEvent:
        return _by_content(item), f"{item.section or 'entry'}.unreadable"


def postback_id(content: Mapping[str, Any]) -> str:
    """The id of a postback within its account: Meta's, or made of who pressed what and when.

    Raises:
        UnreadableEvent: an id in it is none.
    """
    postback = inner(content, "postback")
    sender = id_of(inner(content, "sender"), "id")
    pressed = [sender, content.get("timestamp"), postback.get("payload")]
    return message_id_of(postback) or "postback." + digest(pressed)[:32]


def digest(value: object) -> str:
    """64 hexadecimal digits, the same for the same JSON value whatever the order of its keys."""
    plain = json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")
    return hashlib.sha256(plain).hexdigest()


def _name(item: Item) -> tuple[str, str]:
    if item.section == "changes":
        return _change(item)
    if item.section in OURS:
        return _of_ours(item), item.section
    if item.section:
        return _message(item)
    if isinstance(item.content, dict) and "changed_fields" in item.content:
        return _by_content(item), "entry.changed_fields"
    return _by_content(item), "entry.empty" if isinstance(item.content, dict) else "entry.unreadable"


def _change(item: Item) -> tuple[str, str]:
    field, value = change_of(item.content)
    if value is None:
        return _by_content(item), field
    if field in ("feed", "ratings", "mention"):
        what, verb = word_of(value, "item"), word_of(value, "verb")
        return _page_key(item, field, what, VERBS.get(verb, ""), value), ".".join(filter(None, (field, what, verb)))
    if field in ("comments", "live_comments"):
        return f"ig-comment:{_needed(id_of(value, 'id', 'comment_id'))}", field
    if field == "mentions":
        return f"ig-mention:{item.account_id}/{_needed(id_of(value, 'media_id'))}/{id_of(value, 'comment_id')}", field
    return _by_content(item), field


def _page_key(item: Item, field: str, what: str, verb: str, value: Mapping[str, Any]) -> str:
    if field == "mention":
        post, comment = id_of(value, "post_id"), id_of(value, "comment_id")
        named = f"mention:{item.account_id}/{post}/{comment}"
        return named if verb == "add" and _needed(post or comment) else _by_content(item)
    if what == "comment":
        return _key(item, "comment", _needed(id_of(value, "comment_id")), verb, value, SHOWN)
    if field == "ratings" and what == "rating":
        return _key(item, "review", _needed(id_of(value, "open_graph_story_id")), verb, value, REVIEWED)
    if field == "feed" and what in POST_ITEMS:
        return _key(item, "post", _needed(id_of(value, "post_id")), verb, value, SHOWN)
    return _by_content(item)


def _key(item: Item, noun: str, id_: str, verb: str, value: Mapping[str, Any], shown: tuple[str, ...]) -> str:
    match verb:
        case "add":
            return f"{noun}:{id_}"
        case "edit":
            return f"{noun}.edit:{id_}/{digest([value.get(part) for part in shown])}"
        case "remove":
            return f"{noun}.remove:{id_}"
        case "hide" | "unhide":
            return f"{noun}.{verb}:{id_}/{json.dumps(item.time)}"
    return _by_content(item)


def _message(item: Item) -> tuple[str, str]:
    if not isinstance(item.content, dict):
        raise UnreadableEvent("not an object")
    content, what = item.content, message_key(item.content)
    kind = what or "unknown"
    key = ""
    if what == "message":
        message = inner(content, "message")
        named = f"{item.account_id}#{_needed(message_id_of(message))}"
        if message.get("is_deleted") is True:
            key, kind = f"message.gone:{named}", "message.deleted"
        else:
            key, kind = f"message:{named}", "message.echo" if message.get("is_echo") is True else "message"
    elif what == "message_edit":
        edit = inner(content, "message_edit")
        told = digest([edit.get("num_edit"), edit.get("text")])
        key = f"message.edit:{item.account_id}#{_needed(message_id_of(edit))}/{told}"
    elif what == "postback":
        key = f"message:{item.account_id}#{postback_id(content)}"
    return key or _by_content(item), f"standby.{kind}" if item.section == "standby" else kind


def _of_ours(item: Item) -> str:
    found = item.content if isinstance(item.content, dict) else {}
    id_ = _needed(id_of(found, "id"))
    if item.section == GONE:
        return f"ig-comment.gone:{id_}"
    return f"looked-up:{item.account_id}/{word_of(found, 'what')}/{id_}"


def _by_content(item: Item) -> str:
    around: list[object] = [item.topic, item.entry_id, item.section]
    return f"other:{digest([*around, item.content if item.section else _timeless(item.content)])}"


def _timeless(entry: object) -> object:
    return {k: v for k, v in entry.items() if k != "time"} if isinstance(entry, dict) else entry


def _needed(id_: str) -> str:
    if not id_:
        raise UnreadableEvent("an id is missing")
    return id_

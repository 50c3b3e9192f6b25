"""How the fake Meta tells what happened: the values of webhook changes and the items of `messaging` (contract 4-6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hark.providers.meta.fake.identity import APP_ID, HANDLE, INBOX_APP_ID, INSTAGRAM_ID, NAME, PAGE_ID
from hark.providers.meta.fake.world import Item, Message, Person

_REACTIONS = {"love": "❤️", "like": "👍", "wow": "😮", "haha": "😆", "sorry": "😢", "anger": "😠", "care": "🥰"}


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to be told. `channel` is changes, messaging or standby; `field` what has to be subscribed to."""

    account_id: str
    channel: str
    field: str
    value: Mapping[str, Any]
    subject: str


def seconds(at: datetime) -> int:
    """Seconds since 1970."""
    return int(at.timestamp())


def milliseconds(at: datetime) -> int:
    """Milliseconds since 1970."""
    return round(at.timestamp() * 1000)


def public(verb: str, item: Item, now: datetime) -> list[Notice]:
    """What is told when an item is added, edited, removed, hidden or shown again.

    Instagram tells of new comments and mentions only, and a foreign place tells nothing but the mention.
    """
    if item.platform == "instagram":
        return _instagram(item) if verb == "add" else []
    if item.foreign:
        return [_mention(item)] if verb == "add" and item.author is not None else []
    if item.kind == "review":
        return [_review(verb, item)]
    value = _comment(verb, item) if item.kind == "comment" else _post(verb, item)
    if verb in ("hide", "unhide"):
        value["created_time"] = seconds(now)
    return [Notice(PAGE_ID, "changes", "feed", value, item.id)]


def reaction(verb: str, item: Item, actor_id: str, actor_name: str, kind: str, now: datetime) -> Notice:
    """A reaction to a post or comment on the Page; `verb` is add, edit or remove."""
    post = item.post or item
    value: dict[str, Any] = {"item": "reaction", "verb": verb, "reaction_type": kind, "post_id": post.id}
    value["parent_id"] = (item.parent or post).id
    if item.kind == "comment":
        value["comment_id"] = item.id
    value |= {"from": {"id": actor_id, "name": actor_name}, "created_time": seconds(now)}
    return Notice(PAGE_ID, "changes", "feed", value, item.id)


def message(sent: Message, standby: bool) -> Notice:
    """A new private message, a postback, or the echo of an own message."""
    said: dict[str, Any] = {"mid": sent.id}
    if sent.payload:
        tapped = {"title": sent.text} if standby else {"title": sent.text, "payload": sent.payload}
        return _private(sent, "messaging_postbacks", {"postback": said | tapped}, standby)
    if sent.text:
        said["text"] = sent.text
    if sent.reply_to:
        said["reply_to"] = {"mid": sent.reply_to}
    if sent.story:
        said["reply_to"] = {"story": {"id": f"1790{sent.id[-6:]}", "url": sent.story}}
    if any(m["kind"] == "unsupported" for m in sent.media):
        said["is_unsupported"] = True
    elif sent.media:
        said["attachments"] = [{"type": m["kind"], "payload": {"url": m["url"]}} for m in sent.media]
    if sent.own:
        said["is_echo"] = True
        if sent.platform == "messenger":
            said["app_id"] = int(sent.app_id or INBOX_APP_ID)
            said |= {"metadata": sent.metadata} if sent.metadata else {}
    field = "message_echoes" if sent.own and sent.platform == "messenger" else "messages"
    return _private(sent, field, {"message": said}, standby)


def message_edit(sent: Message, now: datetime, standby: bool) -> Notice:
    """A private message has other words now."""
    count = str(sent.edits) if sent.platform == "messenger" else sent.edits
    edit = {"mid": sent.id, "text": sent.text, "num_edit": count}
    return _private(sent, "message_edits", {"message_edit": edit}, standby, now)


def unsent(sent: Message, now: datetime, standby: bool) -> Notice:
    """An Instagram message was taken back."""
    return _private(sent, "messages", {"message": {"mid": sent.id, "is_deleted": True}}, standby, now)


def message_reaction(sent: Message, kind: str, now: datetime, standby: bool) -> Notice:
    """The person reacts to a private message, or takes that back (`kind` empty)."""
    given: dict[str, Any] = {"mid": sent.id, "action": "react" if kind else "unreact"}
    if kind:
        given |= {"reaction": kind if kind in _REACTIONS else "other", "emoji": _REACTIONS.get(kind, kind)}
    item = _frame(sent.platform, sent.person, own=False) | {"timestamp": milliseconds(now), "reaction": given}
    return Notice(_account(sent.platform), "standby" if standby else "messaging", "message_reactions", item, sent.id)


def read(platform: str, person: Person, last: Message, now: datetime) -> Notice:
    """The person has seen what we wrote: Messenger says until when, Instagram which message."""
    seen = {"watermark": milliseconds(last.at)} if platform == "messenger" else {"mid": last.id}
    item = _frame(platform, person, own=False) | {"timestamp": milliseconds(now), "read": seen}
    field = "message_reads" if platform == "messenger" else "messaging_seen"
    return Notice(_account(platform), "messaging", field, item, last.id)


def delivered(person: Person, last: Message) -> Notice:
    """Messenger has brought our messages to the person's device. The item has no time of its own."""
    told = {"mids": [last.id], "watermark": milliseconds(last.at)}
    item = _frame("messenger", person, own=False) | {"delivery": told}
    return Notice(PAGE_ID, "messaging", "message_deliveries", item, last.id)


def thread_control(platform: str, person: Person, ours: bool, now: datetime) -> Notice:
    """Another app took the thread, or gave it to us."""
    owners = (INBOX_APP_ID, APP_ID) if ours else (APP_ID, INBOX_APP_ID)
    told = {"previous_owner_app_id": owners[0], "new_owner_app_id": owners[1], "metadata": "lab"}
    key = "pass_thread_control" if ours else "take_thread_control"
    item = _frame(platform, person, own=False) | {"timestamp": milliseconds(now), key: told}
    return Notice(_account(platform), "messaging", "messaging_handovers", item, person.private_id(platform))


def _comment(verb: str, item: Item) -> dict[str, Any]:
    post = item.post or item
    value: dict[str, Any] = {"item": "comment", "verb": verb, "comment_id": item.id, "post_id": post.id}
    value["parent_id"] = (item.parent or post).id
    if verb in ("hide", "unhide"):
        value |= {"sender_id": int(item.author_id), "sender_name": item.author_name, "message": item.text}
        return value
    value["from"] = {"id": item.author_id, "name": item.author_name}
    if verb == "remove":
        return value
    value |= {"created_time": seconds(item.at), **_words(item)}
    if verb == "add":
        value["post"] = {
            "id": post.id,
            "status_type": "mobile_status_update",
            "is_published": True,
            "updated_time": graph_time(post.changed_at or post.at),
            "permalink_url": permalink(post),
            "promotion_status": "inactive",
        }
    return value


def _post(verb: str, item: Item) -> dict[str, Any]:
    kinds = {m["kind"] for m in item.media}
    plain = "status" if item.author is None else "post"
    what = "photo" if "image" in kinds else "video" if "video" in kinds else plain
    author = {"id": item.author_id, "name": item.author_name}
    value: dict[str, Any] = {"item": what, "verb": verb, "post_id": item.id}
    if verb in ("hide", "unhide"):
        return value | {"sender_id": int(item.author_id), "sender_name": item.author_name}
    if verb == "remove":
        return value | {"recipient_id": PAGE_ID, "from": author}
    value |= {"from": author, "created_time": seconds(item.at), **_words(item)}
    return value | ({"published": 1} if item.author is None else {"is_hidden": item.hidden})


def _words(item: Item) -> dict[str, Any]:
    words: dict[str, Any] = {"message": item.text} if item.text else {}
    for medium in item.media:
        words["video" if medium["kind"] == "video" else "photo"] = medium["url"]
    return words


def _mention(item: Item) -> Notice:
    # As captured: no author, and a post id whose first half is not our Page.
    value: dict[str, Any] = {"item": item.kind, "verb": "add", "post_id": (item.post or item).id}
    if item.kind == "comment":
        value["comment_id"] = item.id
    value |= {"created_time": seconds(item.at), "message": item.text}
    return Notice(PAGE_ID, "changes", "mention", value, item.id)


def _review(verb: str, item: Item) -> Notice:
    value: dict[str, Any] = {"item": "rating", "verb": verb, "open_graph_story_id": item.id}
    value |= {"reviewer_id": item.author_id}
    if verb != "remove":
        value |= {
            "reviewer_name": item.author_name,
            "recommendation_type": "POSITIVE" if item.recommends else "NEGATIVE",
            "review_text": item.text,
            "comment_id": None,
            "created_time": seconds(item.at),
        }
    return Notice(PAGE_ID, "changes", "ratings", value, item.id)


def _instagram(item: Item) -> list[Notice]:
    post = item.post or item
    if item.foreign:
        if item.author is None:
            return []
        ids = {"media_id": post.id} | ({"comment_id": item.id} if item.kind == "comment" else {})
        return [Notice(INSTAGRAM_ID, "changes", "mentions", ids, item.id)]
    if item.kind != "comment":
        return []
    author = {"id": item.author_id, "username": item.author_handle}
    if item.author is None:
        author["self_ig_scoped_id"] = f"69{INSTAGRAM_ID[-6:]}"
    value: dict[str, Any] = {"id": item.id, "text": item.text, "from": author}
    if item.parent is not None:
        value["parent_id"] = item.parent.id
    value["media"] = {"id": post.id, "media_product_type": "LIVE" if post.live else "FEED"}
    return [Notice(INSTAGRAM_ID, "changes", "live_comments" if post.live else "comments", value, item.id)]


def _private(
    sent: Message, field: str, content: Mapping[str, Any], standby: bool, now: datetime | None = None
) -> Notice:
    item = _frame(sent.platform, sent.person, sent.own) | {"timestamp": milliseconds(now or sent.at), **content}
    return Notice(_account(sent.platform), "standby" if standby else "messaging", field, item, sent.id)


def _frame(platform: str, person: Person, own: bool) -> dict[str, Any]:
    ends = [{"id": person.private_id(platform)}, {"id": _account(platform)}]
    sender, recipient = reversed(ends) if own else ends
    return {"sender": sender, "recipient": recipient}


def _account(platform: str) -> str:
    return INSTAGRAM_ID if platform == "instagram" else PAGE_ID


def graph_time(at: datetime) -> str:
    """A time as the Graph API writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S+0000")


def permalink(item: Item) -> str:
    """Where a person would see it."""
    post = item.post or item
    if item.platform == "instagram":
        return f"https://www.instagram.com/p/{post.id}/" + (f"c/{item.id}/" if item.post else "")
    owner, _, number = post.id.rpartition("_")
    address = f"https://www.facebook.com/{owner}/posts/{number}"
    return address + (f"?comment_id={item.id.rpartition('_')[2]}" if item.post else "")


def brand(platform: str) -> dict[str, str]:
    """The brand as the Graph API names an author."""
    if platform == "instagram":
        return {"id": INSTAGRAM_ID, "username": HANDLE}
    return {"id": PAGE_ID, "name": NAME}

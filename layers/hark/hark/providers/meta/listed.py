"""What the Graph API lists, written as the webhook would have told it (sections 4 to 6 of the contract).

Every row is read without trust: what has no id is left out, what is odd stays as it is, for `parse` to judge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hark.providers.contract import Connection
from hark.providers.meta.graph import time_of

POST = "id,from{id,name},message,created_time,updated_time,permalink_url,full_picture"
COMMENT = "id,message,created_time,from{id,name},parent{id},permalink_url,attachment"
IG_COMMENT = "id,text,timestamp,from{id,username},parent_id"
CONVERSATION = "id,updated_time,participants,messages.limit(20){id,message,created_time,from,to,attachments}"

Row = Mapping[str, Any]

MESSAGES = 20
"""The Conversations API shows no more of a thread."""
_PICTURES = ("photo", "sticker", "animated_image_share", "animated_image_video")


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found: `content` as it stands under `section` of an entry of the object `topic`."""

    topic: str
    section: str
    content: Mapping[str, Any]


def seconds(value: object, otherwise: int) -> int:
    """A time of the Graph API as epoch seconds; `otherwise` when it is none."""
    moment = time_of(value)
    return otherwise if moment is None else int(moment.timestamp())


def is_named(row: Row) -> bool:
    """Whether the row has an id."""
    return isinstance(row.get("id"), str) and bool(row["id"])


def visitor_post(row: Row, account_id: str, since: int) -> Found | None:
    """A post of a visitor on the Page; None for one of our own, of nobody known, or older than `since`."""
    author = row.get("from")
    by = author.get("id") if isinstance(author, dict) else None
    if not is_named(row) or not by or by == account_id or seconds(row.get("created_time"), since) < since:
        return None
    return _feed(
        item="post",
        verb="add",
        post_id=row["id"],
        message=row.get("message"),
        created_time=_epoch(row.get("created_time")),
        photo=row.get("full_picture"),
        **{"from": author},
    )


def comment(row: Row, post_id: str) -> Found:
    """A comment under a post of the Page."""
    parent = row.get("parent")
    return _feed(
        item="comment",
        verb="add",
        comment_id=row["id"],
        post_id=post_id,
        parent_id=(parent.get("id") if isinstance(parent, dict) else None) or post_id,
        message=row.get("message"),
        created_time=_epoch(row.get("created_time")),
        **_attached(row.get("attachment")),
        **{"from": row.get("from")},
    )


def _attached(attachment: object) -> dict[str, Any]:
    """A comment's picture or film, as the webhook names it; a link's preview is neither."""
    if not isinstance(attachment, dict):
        return {}
    kind, media = str(attachment.get("type")), attachment.get("media")
    inside = media if isinstance(media, dict) else {}
    image = inside.get("image")
    if kind.startswith("video"):
        return {"video": inside.get("source") or attachment.get("url")}
    if kind in _PICTURES and isinstance(image, dict):
        return {"photo": image.get("src")}
    return {}


def instagram_comments(rows: list[Any], media_id: str, product: str, since: int) -> tuple[list[Found], list[list[str]]]:
    """The comments under a medium with the replies they show, and what is to be asked for the rest of the replies.

    `product` is the `media_product_type` of the medium.
    """
    found: list[Found] = []
    more: list[list[str]] = []
    for row in rows:
        if not is_named(row):
            continue
        found += _instagram_comment(row, media_id, "", since, product)
        below = row.get("replies")
        replies = below.get("data") if isinstance(below, dict) else None
        if not isinstance(replies, list):
            continue
        found += instagram_replies(replies, media_id, row["id"], since)
        if len(replies) >= 50:
            more.append(["ig_replies", row["id"], media_id, ""])
    return found, more


def instagram_replies(rows: list[Any], media_id: str, parent_id: str, since: int) -> list[Found]:
    """The replies under a comment."""
    named = [row for row in rows if isinstance(row, dict) and is_named(row)]
    return [found for row in named for found in _instagram_comment(row, media_id, parent_id, since)]


def messages(rows: list[Any], platform: str, connection: Connection, since: int, own_until: int) -> list[Found]:
    """The private messages of these threads, newest first as listed.

    Own ones only up to `own_until`: their echo brings what we sent along with them, which no list shows, and it must
    be here first.
    """
    us = {connection.account_id, connection.linked} - {""}
    made: list[Found] = []
    for thread in rows:
        person = next((one for one in _ids(thread.get("participants")) if one not in us), "")
        below = thread.get("messages")
        said = below.get("data") if isinstance(below, dict) else None
        for row in said if isinstance(said, list) else []:
            if not isinstance(row, dict) or not is_named(row):
                continue
            author = row.get("from")
            by = author.get("id") if isinstance(author, dict) else None
            at = seconds(row.get("created_time"), since)
            own = by in us
            receiver = next((one for one in _ids(row.get("to")) if one not in us), person)
            if at < since or not by or (own and (at > own_until or not receiver)):
                continue
            made.append(_message(row, platform, connection.account_id, str(receiver if own else by), own))
    return made


def is_cut(rows: list[Any], since: int) -> bool:
    """Whether a thread shows nothing but what is new: there may be more of it that no list shows."""
    for thread in rows:
        said = _rows(thread.get("messages"))
        if len(said) >= MESSAGES and all(seconds(row.get("created_time"), since) > since for row in said):
            return True
    return False


def looked_up(id_: str, row: Row, *, text: str, at: str, link: str) -> dict[str, Any]:
    """A mention as `lookup.read` wants it; `text`, `at` and `link` are the names these have in the row."""
    owner = row.get("owner")
    author = row.get("from") or {
        "id": owner.get("id") if isinstance(owner, dict) else None,
        "username": row.get("username"),
    }
    return _given(
        {
            "id": id_,
            "text": row.get(text),
            "from": _given(author) if isinstance(author, dict) else None,
            "created_time": row.get(at),
            "permalink_url": row.get(link) if link else None,
        }
    )


def _message(row: Row, platform: str, account_id: str, person: str, own: bool) -> Found:
    message = {"mid": row["id"], "text": row.get("message") or None, "attachments": _attachments(row) or None}
    if own:
        message["is_echo"] = True
    at = time_of(row.get("created_time"))
    content = {
        "sender": {"id": account_id if own else person},
        "recipient": {"id": person if own else account_id},
        "timestamp": None if at is None else round(at.timestamp() * 1000),
        "message": _given(message),
    }
    return Found("page" if platform == "messenger" else "instagram", "messaging", _given(content))


def _attachments(row: Row) -> list[dict[str, Any]]:
    listed = row.get("attachments")
    made = []
    for one in _rows(listed):
        for name, kind in (("image_data", "image"), ("video_data", "video"), ("file_url", "file")):
            data = one.get(name)
            url = data.get("url") if isinstance(data, dict) else data
            if isinstance(url, str):
                mime = one.get("mime_type")
                audio = kind == "file" and isinstance(mime, str) and mime.startswith("audio/")
                made.append({"type": "audio" if audio else kind, "payload": {"url": url}})
                break
    return made


def _instagram_comment(row: Row, media_id: str, parent_id: str, since: int, product: str = "") -> list[Found]:
    if seconds(row.get("timestamp"), since) < since:
        return []
    value = {
        "id": row["id"],
        "text": row.get("text"),
        "from": row.get("from"),
        "parent_id": row.get("parent_id") or parent_id or None,
        "media": {"id": media_id},
        "created_time": _epoch(row.get("timestamp")),
    }
    field = "live_comments" if product == "LIVE" else "comments"
    return [Found("instagram", "changes", {"field": field, "value": _given(value)})]


def _feed(**value: Any) -> Found:
    return Found("page", "changes", {"field": "feed", "value": _given(value)})


def _given(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: given for name, given in value.items() if given is not None}


def _epoch(value: object) -> int | None:
    moment = time_of(value)
    return None if moment is None else int(moment.timestamp())


def _ids(value: object) -> list[str]:
    return [one["id"] for one in _rows(value) if isinstance(one.get("id"), str)]


def _rows(value: object) -> list[Mapping[str, Any]]:
    inside = value.get("data") if isinstance(value, dict) else None
    return [one for one in inside if isinstance(one, dict)] if isinstance(inside, list) else []

"""The objects of the fake Graph API, with all the fields that can be asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from hark.providers.meta.fake import shapes
from hark.providers.meta.fake.errors import bad_parameter, does_not_exist
from hark.providers.meta.fake.fields import Edge, Field, Node, parse, select
from hark.providers.meta.fake.identity import HANDLE, INSTAGRAM_ID, NAME, PAGE_ID
from hark.providers.meta.fake.shapes import graph_time, permalink
from hark.providers.meta.fake.world import Item, Message, Person, World

PRIVATE_REPLY_DAYS = timedelta(days=7)
THREAD_MESSAGES = 20
"""The Conversations API shows no more of a thread."""
MOST = 100

DEFAULTS: Mapping[str, tuple[Field, ...]] = {
    "comment": parse("id,created_time,from,message"),
    "post": parse("id,created_time,message"),
    "ig_comment": parse("id,text,timestamp"),
    "ig_media": parse("id"),
    "message": parse("id,created_time"),
    "conversation": parse("id,updated_time"),
    "person": parse("id,name"),
    "account": parse("id,name"),
}
"""What comes when nothing is asked for."""


def listed(nodes: Iterable[Node], asked: Field, kind: str, most: int = MOST) -> dict[str, Any]:
    """One page of an edge, with the cursor of the next one. `args` of the field are limit and after.

    Raises:
        GraphError: 100, a limit or cursor of the wrong form, or a field that does not exist.
    """
    limit, after = asked.args.get("limit", "25"), asked.args.get("after", "0")
    if not (limit + after).isdigit() or not (limit + after).isascii() or int(limit) < 1:
        raise bad_parameter("limit and after are numbers")
    rows, begin, size = list(nodes), int(after), min(int(limit), most)
    page = rows[begin : begin + size]
    answer: dict[str, Any] = {"data": [select(node, asked.inner or DEFAULTS[kind]) for node in page]}
    if page:
        answer["paging"] = {"cursors": {"before": str(begin), "after": str(begin + len(page))}}
        if len(rows) > begin + len(page):
            # As on Meta the address holds all parameters; a client that only compares cursors needs none of them.
            answer["paging"]["next"] = f"https://graph.facebook.com/next?limit={size}&after={begin + len(page)}"
    return answer


class Nodes:
    """Makes objects of what is in the world. `shows_authors` tells whether visitors' names and words may be read."""

    def __init__(self, world: World) -> None:
        self._world = world

    def item(self, item: Item, now: Any, shows_authors: bool = True) -> tuple[str, Node]:
        """A post, medium or comment, and which of `DEFAULTS` it is."""
        if item.platform == "instagram":
            return ("ig_comment", self._ig_comment(item)) if item.kind == "comment" else ("ig_media", self._media(item))
        made = self._comment(item, now) if item.kind == "comment" else self._post(item, now)
        if not shows_authors and item.author is not None:
            made = {**made, "from": None, "message": None}
        return item.kind if item.kind == "comment" else "post", made

    def comments(self, item: Item, flat: bool) -> list[Item]:
        """The comments below, oldest first: direct ones, or with `flat` also the replies to them."""
        below = self._world.comments(item.post or item)
        if item.kind != "comment":
            return [c for c in below if flat or c.parent is None]
        return [c for c in below if c.parent is item or (flat and c.parent is not None and c.parent.parent is item)]

    def message(self, sent: Message) -> Node:
        """A private message of the Conversations API."""
        brand = shapes.brand(sent.platform)
        person = person_reference(sent.platform, sent.person)
        author, receiver = (brand, person) if sent.own else (person, brand)
        attached = [
            {"image_data": {"url": m["url"]}} if m["kind"] == "image" else {"file_url": m["url"]} for m in sent.media
        ]
        return {
            "id": sent.id,
            "created_time": graph_time(sent.at),
            "from": author,
            "to": {"data": [receiver]},
            "message": sent.text,
            "attachments": {"data": attached} if attached else None,
            "reply_to": {"mid": sent.reply_to} if sent.reply_to else None,
            "is_unsupported": any(m["kind"] == "unsupported" for m in sent.media) or None,
        }

    def conversation(self, platform: str, person: Person, thread: list[Message]) -> Node:
        """A private thread; its messages newest first."""
        said = [m for m in reversed(thread) if not m.gone and not m.payload][:THREAD_MESSAGES]

        def messages(asked: Field) -> dict[str, Any]:
            return listed([self.message(m) for m in said], asked, "message", THREAD_MESSAGES)

        return {
            "id": conversation_id(platform, person),
            "updated_time": graph_time(thread[-1].at),
            "participants": {"data": [person_reference(platform, person), shapes.brand(platform)]},
            "message_count": len(thread),
            "snippet": said[0].text if said else None,
            "messages": messages,
        }

    def account(self, account_id: str) -> Node:
        """The Page or the Instagram account."""
        if account_id == PAGE_ID:
            linked = {"id": INSTAGRAM_ID, "username": HANDLE}
            return {
                "id": PAGE_ID, "name": NAME, "username": HANDLE, "link": f"https://www.facebook.com/{HANDLE}",
                "instagram_business_account": linked, "connected_instagram_account": linked,
            }  # fmt: skip
        return {
            "id": INSTAGRAM_ID, "user_id": INSTAGRAM_ID, "username": HANDLE, "name": NAME,
            "account_type": "BUSINESS", "mentioned_comment": self._mentioned("comment_id"),
            "mentioned_media": self._mentioned("media_id"),
        }  # fmt: skip

    def _mentioned(self, kind: str) -> Edge:
        def find(asked: Field) -> dict[str, Any]:
            wanted = asked.args.get(kind, "")
            item = self._world.items.get(wanted)
            if (
                item is None
                or not item.visible
                or not item.foreign
                or (item.kind == "comment") != (kind == "comment_id")
            ):
                raise does_not_exist(wanted)
            node = self._ig_comment(item) if item.kind == "comment" else self._media(item)
            return select(node, asked.inner or DEFAULTS["ig_comment" if item.kind == "comment" else "ig_media"])

        return find

    def _comment(self, item: Item, now: Any) -> Node:
        ours = item.author is None
        picture = next(iter(item.media), None)
        return {
            "id": item.id,
            "message": item.text,
            "created_time": graph_time(item.at),
            "from": {"id": item.author_id, "name": item.author_name},
            "parent": {"id": item.parent.id, "message": item.parent.text} if item.parent else None,
            "object": {"id": item.post.id} if item.post else None,
            "is_hidden": item.hidden,
            "can_hide": not ours,
            "can_remove": True,
            "can_comment": True,
            "can_like": True,
            "can_reply_privately": not ours and not item.privately_answered and now - item.at < PRIVATE_REPLY_DAYS,
            "permalink_url": permalink(item),
            "attachment": {"type": "photo", "media": {"image": {"src": picture["url"]}}} if picture else None,
            "comment_count": len(self.comments(item, flat=False)),
            "like_count": len(item.reactions),
            "user_likes": PAGE_ID in item.reactions,
            "comments": self._below(item, now),
        }

    def _post(self, item: Item, now: Any) -> Node:
        visitor = item.author is not None
        return {
            "id": item.id,
            "message": item.text,
            "created_time": graph_time(item.at),
            # The last comment counts as a change too.
            "updated_time": graph_time(max(c.changed_at or c.at for c in (item, *self._world.comments(item)))),
            "from": {"id": item.author_id, "name": item.author_name},
            "permalink_url": permalink(item),
            "is_hidden": item.hidden,
            "is_published": True,
            "status_type": "wall_post" if visitor else "mobile_status_update",
            "full_picture": next((m["url"] for m in item.media), None),
            "can_reply_privately": visitor and not item.privately_answered and now - item.at < PRIVATE_REPLY_DAYS,
            "comments": self._below(item, now),
        }

    def _below(self, item: Item, now: Any) -> Edge:
        def comments(asked: Field) -> dict[str, Any]:
            flat = asked.args.get("filter") == "stream"
            return listed((self._comment(c, now) for c in self.comments(item, flat)), asked, "comment")

        return comments

    def _ig_comment(self, item: Item) -> Node:
        post = item.post or item

        def replies(asked: Field) -> dict[str, Any]:
            return listed((self._ig_comment(c) for c in self.comments(item, flat=False)), asked, "ig_comment", 50)

        return {
            "id": item.id,
            "text": item.text,
            "timestamp": graph_time(item.at),
            "username": item.author_handle,
            "from": {"id": item.author_id, "username": item.author_handle},
            "hidden": item.hidden,
            "like_count": len(item.reactions),
            "parent_id": item.parent.id if item.parent else None,
            "media": self._media(post),
            "replies": replies,
        }

    def _media(self, item: Item) -> Node:
        def comments(asked: Field) -> dict[str, Any]:
            newest = reversed(self.comments(item, flat=False))
            return listed((self._ig_comment(c) for c in newest), asked, "ig_comment", 50)

        return {
            "id": item.id,
            "caption": item.text,
            "timestamp": graph_time(item.at),
            "username": item.author_handle,
            "owner": {"id": item.author_id},
            "permalink": permalink(item),
            "media_type": "IMAGE",
            "media_product_type": "LIVE" if item.live else "FEED",
            "media_url": next((m["url"] for m in item.media), None),
            "comments_count": len(self._world.comments(item)),
            "is_comment_enabled": not item.comments_off,
            "comments": comments,
        }


def person_reference(platform: str, person: Person) -> dict[str, str]:
    """A person as the Conversations API names them."""
    shown = "name" if platform == "messenger" else "username"
    return {"id": person.private_id(platform), shown: person.name if platform == "messenger" else person.username}


def person_node(platform: str, person: Person) -> Node:
    """The profile of somebody who wrote to us in private."""
    first, _, last = person.name.partition(" ")
    return {
        "id": person.private_id(platform),
        "name": person.name,
        "first_name": first,
        "last_name": last or None,
        "username": person.username if platform == "instagram" else None,
        "profile_pic": f"https://scontent.xx.fbcdn.net/lab/{person.private_id(platform)}.jpg",
    }


def conversation_id(platform: str, person: Person) -> str:
    """The id of a private thread."""
    return f"t_{person.private_id(platform)}" if platform == "messenger" else f"aWdt{person.private_id(platform)}"

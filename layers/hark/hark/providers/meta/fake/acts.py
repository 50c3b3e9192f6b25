"""What people do on the fake Meta, in its own apps: write, edit, take back, react, read, block, hand threads over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from hark.providers.meta.fake import shapes
from hark.providers.meta.fake.identity import HANDLE, INBOX_APP_ID, INSTAGRAM_ID, NAME, PAGE_ID
from hark.providers.meta.fake.shapes import Notice
from hark.providers.meta.fake.world import OTHERS, US, Item, Message, Person, World
from hark.testkit.control import Fields, Refused, moment, only, unicode_text

SAY: Fields = {
    "platform": str, "surface": str, "by": str, "text": str, "lang": str, "at": str, "to": str, "quotes": str,
    "media": list, "silent": bool, "recommends": bool,
}  # fmt: skip
_PUBLIC = {
    "facebook": ("post", "comment", "mention", "review"),
    "instagram": ("post", "comment", "live_comment", "mention"),
}
_PRIVATE = {"messenger": ("direct",), "instagram": ("direct", "story_mention")}
_PLATFORMS = {"facebook": "facebook", "messenger": "facebook", "instagram": "instagram"}


class Acts:
    """`tell` is called with what webhooks are told."""

    def __init__(self, world: World, clock: Callable[[], float], tell: Callable[..., None]) -> None:
        self._world = world
        self._clock = clock
        self._tell = tell

    def say(self, given: Mapping[str, Any]) -> str:
        """Somebody says something; the id of it.

        Raises:
            Refused: that is not possible there.
        """
        only(given, SAY, {"platform", "surface", "by", "text"})
        platform, surface = given["platform"], given["surface"]
        if surface == "reaction" and platform in _PLATFORMS:
            return self._react(given)
        at, author = moment(given, self._clock), self._actor(given["by"])
        with self._world.lock:
            if surface in _PUBLIC.get(platform, ()):
                made = self._public(given, author, at)
                notices = shapes.public("add", made, self._now())
            elif surface in _PRIVATE.get(platform, ()):
                said = self._private(given, author, at)
                notices, made_id = [shapes.message(said, self._standby(said))], said.id
                return self._told(given, notices, made_id)
            else:
                raise Refused(400, f"there is no {surface} on {platform}")
        return self._told(given, notices, made.id)

    def edit(self, given: Mapping[str, Any]) -> str:
        """The author changes the words. Instagram knows that of private messages only."""
        only(given, {"id": str, "text": str, "at": str, "silent": bool}, {"id", "text"})
        text, at = unicode_text(given["text"]), moment(given, self._clock)
        if given["id"] in self._world.messages:
            said = self._world.message(given["id"])
            said.text, said.edits = text, said.edits + 1
            return self._told(given, [shapes.message_edit(said, at, self._standby(said))], said.id)
        item = self._world.item(given["id"])
        if item.platform == "instagram":
            raise Refused(400, "comments of Instagram cannot be edited")
        item.text, item.changed_at, item.edits = text, at, item.edits + 1
        return self._told(given, shapes.public("edited", item, at), item.id)

    def drop(self, given: Mapping[str, Any]) -> str:
        """The author takes it away. Instagram tells that of private messages only, Messenger knows no such thing."""
        only(given, {"id": str, "silent": bool}, {"id"})
        if given["id"] in self._world.messages:
            said = self._world.message(given["id"])
            if said.platform == "messenger":
                raise Refused(400, "Messenger does not tell of unsent messages")
            said.gone = True
            return self._told(given, [shapes.unsent(said, self._now(), self._standby(said))], said.id)
        item = self._world.item(given["id"])
        item.gone = True
        return self._told(given, shapes.public("remove", item, self._now()), item.id)

    def hide(self, given: Mapping[str, Any]) -> str:
        """Staff hides a visitor's comment in Meta's app, or with `hidden` false shows it again."""
        only(given, {"id": str, "hidden": bool, "silent": bool}, {"id"})
        item, hidden = self._world.item(given["id"]), given.get("hidden", True)
        if item.author is None or item.foreign:
            raise Refused(400, "only what visitors wrote at ours can be hidden")
        item.hidden = hidden
        return self._told(given, shapes.public("hide" if hidden else "unhide", item, self._now()), item.id)

    def read(self, given: Mapping[str, Any]) -> str:
        """A person sees what we wrote; the id of our last message. With `delivered` their device only got it."""
        only(given, {"by": str, "platform": str, "delivered": bool}, {"by", "platform"})
        person, platform = self._world.person(given["by"]), given["platform"]
        ours = [m for m in self._world.thread(platform, person) if m.own]
        if not ours:
            raise Refused(409, "there is nothing of ours to be read")
        if given.get("delivered"):
            if platform != "messenger":
                raise Refused(400, "Instagram has no delivery receipts")
            return self._told(given, [shapes.delivered(person, ours[-1])], ours[-1].id)
        return self._told(given, [shapes.read(platform, person, ours[-1], self._now())], ours[-1].id)

    def tap(self, given: Mapping[str, Any]) -> str:
        """A person taps a button with a `title` and a `payload`; this opens the window like a message."""
        only(given, {"by": str, "platform": str, "title": str, "payload": str, "at": str}, {"by", "platform", "title"})
        if given["platform"] not in _PRIVATE:
            raise Refused(400, "buttons are on messenger and instagram")
        payload = given.get("payload", "") or given["title"].upper()
        said = self._world.add_message(
            Message(
                self._world.message_id(given["platform"]),
                given["platform"],
                self._world.person(given["by"]),
                False,
                given["title"],
                moment(given, self._clock),
                payload=payload,
            )
        )
        return self._told(given, [shapes.message(said, self._standby(said))], said.id)

    def take_thread(self, given: Mapping[str, Any]) -> str:
        """Another app takes a private thread, or with `ours` gives it to us; the person's id there."""
        only(given, {"by": str, "platform": str, "ours": bool}, {"by", "platform"})
        person, platform, ours = self._world.person(given["by"]), given["platform"], given.get("ours", False)
        if platform not in _PRIVATE:
            raise Refused(400, "threads are on messenger and instagram")
        with self._world.lock:
            self._world.holders[platform, person.username] = US if ours else OTHERS
        notice = shapes.thread_control(platform, person, ours, self._now())
        return self._told(given, [notice], person.private_id(platform))

    def block(self, given: Mapping[str, Any]) -> str:
        """A person wants no messages from us, or with `blocked` false wants them again."""
        only(given, {"by": str, "blocked": bool}, {"by"})
        person = self._world.person(given["by"])
        person.blocked = given.get("blocked", True)
        return person.page_user_id

    def end_live(self, given: Mapping[str, Any]) -> str:
        """A live video is over."""
        only(given, {"id": str}, {"id"})
        item = self._world.item(given["id"])
        (item.post or item).ended = True
        return (item.post or item).id

    def _public(self, given: Mapping[str, Any], author: Person | None, at: datetime) -> Item:
        platform, surface, text = given["platform"], given["surface"], unicode_text(given["text"])
        media = _media(given)
        if surface == "review":
            if author is None:
                raise Refused(400, "the brand does not review itself")
            number = str(880_000 + self._world.number())
            review = Item(number, platform, "review", author, text, at, media=media, language=given.get("lang", ""))
            review.recommends = given.get("recommends", False)
            return self._world.add_item(review)
        if surface == "post":
            if platform == "instagram" and author is not None:
                raise Refused(400, "nobody posts on another one's Instagram account")
            return self._post(platform, author, text, at, media, given)
        if surface == "mention":
            return self._mention(given, author, text, at, media)
        return self._comment(given, author, text, at, media)

    def _comment(
        self, given: Mapping[str, Any], author: Person | None, text: str, at: datetime, media: tuple[Any, ...]
    ) -> Item:
        platform, live = given["platform"], given["surface"] == "live_comment"
        if given.get("to"):
            target = self._world.item(given["to"])
            if target.platform != platform or target.kind == "review":
                raise Refused(400, "comments stand under posts and comments of the same platform")
        else:
            ours = (p for p in self._world.posts(platform) if p.author is None and p.live == live and not p.ended)
            target = next(ours, None) or self._post(platform, None, "Our news", at, (), {"live": live})
        parent = target if target.kind == "comment" else None
        if platform == "instagram" and parent is not None:
            parent = parent.parent or parent
        post = target.post or target
        if live != post.live:
            raise Refused(400, "a live_comment stands under a live video, and nothing else does")
        made = Item(
            self._world.comment_id(post), platform, "comment", author, text, at, post=post, parent=parent,
            media=media, foreign=post.foreign, language=given.get("lang", ""),
        )  # fmt: skip
        return self._world.add_item(made)

    def _mention(
        self, given: Mapping[str, Any], author: Person | None, text: str, at: datetime, media: tuple[Any, ...]
    ) -> Item:
        """In a foreign comment; with pictures, in the post or caption itself."""
        if author is None:
            raise Refused(400, "the brand does not mention itself")
        platform, lang = given["platform"], given.get("lang", "")
        post = Item(
            self._world.post_id(platform, author.page_user_id), platform, "post", author,
            text if media else "Out and about", at, media=media, foreign=True, language=lang,
        )  # fmt: skip
        self._world.add_item(post)
        if media:
            return post
        made = Item(
            self._world.comment_id(post), platform, "comment", author, text, at, post=post, foreign=True, language=lang
        )
        return self._world.add_item(made)

    def _post(
        self, platform: str, author: Person | None, text: str, at: datetime, media: tuple[Any, ...], given: Any
    ) -> Item:
        made = Item(
            self._world.post_id(platform, PAGE_ID), platform, "post", author, text, at, media=media,
            live=bool(given.get("live")), language=given.get("lang", ""),
        )  # fmt: skip
        return self._world.add_item(made)

    def _private(self, given: Mapping[str, Any], author: Person | None, at: datetime) -> Message:
        platform, media, quotes = given["platform"], _media(given), given.get("quotes", "")
        person = author or self._partner(platform, given.get("to", ""))
        if given["surface"] == "story_mention":
            media = ({"kind": "story_mention", "url": media[0]["url"] if media else _STORY},)
        story = _STORY if quotes == "story" and platform == "instagram" else ""
        if quotes and not story:
            self._world.message(quotes)
        text = "" if given["surface"] == "story_mention" else unicode_text(given["text"])
        said = Message(
            self._world.message_id(platform), platform, person, author is None, text, at, media=media,
            reply_to="" if story else quotes, story=story, app_id=INBOX_APP_ID, language=given.get("lang", ""),
        )  # fmt: skip
        return self._world.add_message(said)

    def _partner(self, platform: str, to: str) -> Person:
        if to in self._world.messages:
            return self._world.messages[to].person
        if not to:
            raise Refused(400, "say to whom: a username, a private id, or a message")
        return self._world.person(to)

    def _react(self, given: Mapping[str, Any]) -> str:
        author, kind, target = self._actor(given["by"]), given["text"], given.get("to", "")
        now = moment(given, self._clock)
        if target in self._world.messages:
            said = self._world.message(target)
            if author is not said.person:
                raise Refused(400, "only the person of the thread can react here")
            said.reaction = kind
            return self._told(given, [shapes.message_reaction(said, kind, now, self._standby(said))], said.id)
        item = self._world.item(target)
        actor_id, name = (PAGE_ID, NAME) if author is None else (author.page_user_id, author.name)
        if item.platform == "instagram":
            actor_id = INSTAGRAM_ID if author is None else author.igsid
        before = item.reactions.pop(actor_id, "")
        if kind:
            item.reactions[actor_id] = kind
        verb = ("edit" if before else "add") if kind else "remove"
        told = item.platform == "facebook" and not item.foreign and item.kind != "review"
        notice = shapes.reaction(verb, item, actor_id, name, kind or before, now)
        return self._told(given, [notice] if told else [], item.id)

    def _told(self, given: Mapping[str, Any], notices: list[Notice], made_id: str) -> str:
        if not given.get("silent"):
            self._tell(*notices)
        return made_id

    def _actor(self, name: str) -> Person | None:
        return None if name.lower().removeprefix("@") == HANDLE else self._world.person(name)

    def _standby(self, said: Message) -> bool:
        return self._world.held_elsewhere(said.platform, said.person)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)


_STORY = "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1"


def _media(given: Mapping[str, Any]) -> tuple[Mapping[str, str], ...]:
    media = given.get("media", [])
    for one in media:
        if not isinstance(one, dict) or not isinstance(one.get("kind"), str) or not isinstance(one.get("url"), str):
            raise Refused(400, "media are objects with kind and url")
    return tuple(media)

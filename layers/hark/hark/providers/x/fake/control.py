"""The control plane of the fake X: make people speak, look at what happened, and plan misbehaviour.

All under `/_fake/`, JSON in and out. What every fake of Hark has:

GET    state                       counts, webhook state, habits, planned faults
GET    sent                        what our product did through the API, oldest first
GET    deliveries                  webhook deliveries with the answers to their tries
POST   users                       {username, name?, id?, protected?} → user
POST   say                         {platform, surface, by, text, lang?, at?, to?, quotes?, media?, silent?} → {id}
POST   edit                        {id, text, at?, silent?} → {id}: a new one, as X does
POST   drop                        {id, silent?}: the author takes a post away
POST   habits                      any of {duplicate, disorder, delay, silent, echo, new_words, timeline_lag}
POST   faults, DELETE faults       one `testkit.faults.Fault` more; none at all
POST   deliver                     {body or body_base64, headers?} → {status, body}: POST these very bytes

What only X has:

POST   posts                       {author, text, in_reply_to?, quote_of?, at?, lang?, silent?} → post
POST   posts/<id>/edit             {text, at?, silent?} → post (a new id)
DELETE posts/<id>                  the author takes the post away; ?silent=1 without a webhook
GET    posts                       every version of every post, newest first; ?author=acme
GET    replies                     what the brand posted through the API, oldest first
POST   token                       {valid, of?: user|app, revoke?}: X takes our access, or takes it back; `revoke` tells
POST   standing                    {username, reason}: deactivated, suspended, protected, or "" for none
POST   block                       {username, closed}: takes no messages from the brand
POST   webhook                     {url}: deliver there from now on, after a new endpoint check
POST   disable                     {}: the webhook turns invalid
POST   unsubscribe                 {event_type}: its subscriptions are gone
POST   windows                     begin all rate windows anew
POST   reset                       forget everything but the webhook

In `say`, `surface` is `post`, `direct` or `encrypted`; `by` and `to` may be ids or handles; of a post, `to` is the post
answered; of a message, the person written to (or a message of theirs). `at` is RFC 3339.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from hark.providers.x.fake import direct
from hark.providers.x.fake.content import Attached, DirectMessage, Post, User
from hark.providers.x.fake.moods import MOODS
from hark.providers.x.fake.rest import Reply
from hark.providers.x.fake.shapes import activities, deletion, envelope
from hark.providers.x.fake.views import done_by_us, shown_post
from hark.testkit.control import Refused, moment, only, read, unicode_text
from hark.testkit.deliveries import HABITS

if TYPE_CHECKING:
    from hark.providers.x.fake.server import Fake

_REST_HABITS: Mapping[str, type | tuple[type, ...]] = {"new_words": bool, "timeline_lag": (int, float)}
_MEDIA = {"image": "photo", "video": "video"}


class Control:
    """Answers the calls of the control plane, and tells the webhook what happens on the fake X."""

    def __init__(self, fake: Fake) -> None:
        self._fake = fake
        self.echo = True
        """The brand's own posts and messages are delivered too, as on X."""

    def announce(self, post: Post) -> None:
        """Deliver the activities a post makes."""
        hooks, brand = self._fake.webhooks, self._fake.world.brand
        for kind in activities(post, self._fake.world):
            if kind != "post.create" or self.echo:
                hooks.tell(kind, brand.id, post.id, envelope(kind, post, self._fake.world, hooks.new_uuid()))

    def announce_deletion(self, post: Post) -> None:
        """Deliver that a post is gone."""
        hooks = self._fake.webhooks
        body = deletion(post, self._fake.world, hooks.new_uuid())
        hooks.tell("post.delete", post.author.id, post.versions[0], body)

    def announce_message(self, message: DirectMessage) -> None:
        """Deliver a private message."""
        hooks, world = self._fake.webhooks, self._fake.world
        kind = direct.kind_of(message, world)
        if kind != "dm.sent" or self.echo:
            hooks.tell(kind, world.brand.id, message.id, direct.activity(message, world, hooks.new_uuid()))

    def answer(self, method: str, path: str, query: str, body: bytes) -> Reply:
        """Carry out one call. `path` is what follows `/_fake/`."""
        name, _, rest = path.partition("/")
        params = dict(parse_qsl(query))
        try:
            if method == "GET":
                return self._look(name if not rest else "", params)
            if method == "DELETE":
                return self._remove(name, rest, params)
            return self._change(name, rest, read(body))
        except Refused as refused:
            return Reply(refused.status, {"error": str(refused)})

    def _look(self, name: str, params: Mapping[str, str]) -> Reply:
        fake = self._fake
        if name == "state":
            return Reply(200, self._state())
        if name == "posts":
            author = fake.world.user(params["author"]).id if "author" in params else None
            return Reply(200, [shown_post(p) for p in fake.world.posts() if author in (None, p.author.id)])
        if name == "replies":
            return Reply(200, [shown_post(p) for p in reversed(fake.world.posts()) if p.source == "api"])
        if name == "sent":
            return Reply(200, done_by_us(fake.world))
        if name == "deliveries":
            return Reply(200, fake.webhooks.deliveries.shown())
        raise Refused(404, "no such view")

    def _remove(self, name: str, rest: str, params: Mapping[str, str]) -> Reply:
        if (name, rest) == ("faults", ""):
            self._fake.faults.clear()
            return Reply(200, [])
        if name != "posts":
            raise Refused(404, "nothing to delete there")
        return self._drop({"id": rest} | ({"silent": True} if params.get("silent") else {}))

    def _change(self, name: str, rest: str, given: Mapping[str, Any]) -> Reply:
        if name == "posts" and rest:
            post_id, _, verb = rest.partition("/")
            if verb != "edit" or "id" in given:
                raise Refused(404, "no such call")
            return self._edit({**given, "id": post_id})
        changes: Mapping[str, Callable[[Mapping[str, Any]], Reply]] = {
            "users": self._user, "say": self._say, "edit": self._edit, "drop": self._drop, "posts": self._post,
            "faults": self._fault, "habits": self._habits, "deliver": self._deliver, "webhook": self._webhook,
            "windows": self._windows, "reset": self._reset,
        }  # fmt: skip
        if not rest and name in MOODS:
            return MOODS[name](self._fake, given)
        if rest or name not in changes:
            raise Refused(404, "no such call")
        return changes[name](given)

    def _state(self) -> dict[str, Any]:
        fake = self._fake
        posts = fake.world.posts()
        return {
            "posts": sum(p.is_newest and not p.gone for p in posts),
            "versions": len(posts),
            "messages": len(fake.world.messages()),
            "replies": sum(p.source == "api" for p in posts),
            "webhook": fake.webhooks.state(),
            "subscriptions": list(fake.webhooks.subscriptions.values()),
            "faults": fake.faults.shown(),
            "echo": self.echo,
            "new_words": fake.rest.new_words,
            "timeline_lag": fake.rest.timeline_lag,
        }

    # --- people and what they say ---

    def _user(self, given: Mapping[str, Any]) -> Reply:
        only(given, {"username": str, "name": str, "id": str, "protected": bool}, {"username"})
        user = self._fake.world.add_user(
            given["username"], given.get("name", ""), given.get("id", ""), given.get("protected", False)
        )
        return Reply(201, user.shown())

    def _say(self, given: Mapping[str, Any]) -> Reply:
        texts = dict.fromkeys(("platform", "surface", "by", "text", "lang", "at", "to", "quotes"), str)
        only(given, {**texts, "media": list, "silent": bool}, {"by", "text"})
        if given.get("platform", "x") != "x":
            raise Refused(400, "this is X")
        surface = given.get("surface", "post")
        if surface == "post":
            post = self._published(given["by"], given["text"], given, given.get("to"), given.get("quotes"))
            return Reply(201, {"id": post.id})
        author, addressee = self._pair(given)
        if surface == "encrypted":
            return self._encrypted(author, addressee, given)
        if surface != "direct":
            raise Refused(400, "surface is post, direct or encrypted")
        message = self._fake.world.add_message(
            author, addressee, unicode_text(given["text"]), self._at(given), self._fake.clock(), media=_media(given)
        )
        if not given.get("silent"):
            self.announce_message(message)
        return Reply(201, {"id": message.id})

    def _pair(self, given: Mapping[str, Any]) -> tuple[User, User]:
        world = self._fake.world
        author = world.user(given["by"])
        if author.id != world.brand.id:
            return author, world.brand
        known = {m.id: m for m in world.messages()}.get(given.get("to", ""))
        if known is not None:
            return author, known.sender if known.sender.id != world.brand.id else known.recipient
        return author, world.user(given.get("to", ""))

    def _encrypted(self, author: User, addressee: User, given: Mapping[str, Any]) -> Reply:
        hooks = self._fake.webhooks
        own_id = str(uuid.UUID(int=hooks.deliveries.random.getrandbits(128)))
        if addressee.id == self._fake.world.brand.id and not given.get("silent"):
            body = direct.encrypted(author.id, addressee.id, own_id, self._at(given), hooks.new_uuid())
            hooks.tell("chat.received", addressee.id, own_id, body)
        return Reply(201, {"id": own_id})

    def _post(self, given: Mapping[str, Any]) -> Reply:
        fields = {"author": str, "text": str, "in_reply_to": str, "quote_of": str, "at": str, "lang": str}
        only(given, {**fields, "silent": bool}, {"author", "text"})
        post = self._published(given["author"], given["text"], given, given.get("in_reply_to"), given.get("quote_of"))
        return Reply(201, shown_post(post))

    def _published(self, author: str, text: str, given: Mapping[str, Any], to: str | None, quotes: str | None) -> Post:
        world = self._fake.world
        post = world.add_post(
            world.user(author),
            unicode_text(text),
            self._at(given),
            self._fake.clock(),
            parent=world.post(to) if to else None,
            quoted=world.post(quotes) if quotes else None,
            language=given.get("lang", ""),
            media=_media(given),
        )
        if not given.get("silent"):
            self.announce(post)
        return post

    def _edit(self, given: Mapping[str, Any]) -> Reply:
        only(given, {"id": str, "text": str, "at": str, "silent": bool}, {"id", "text"})
        world = self._fake.world
        post = world.edit(world.post(given["id"]), unicode_text(given["text"]), self._at(given), self._fake.clock())
        if not given.get("silent"):
            self.announce(post)
        return Reply(201, shown_post(post))

    def _drop(self, given: Mapping[str, Any]) -> Reply:
        only(given, {"id": str, "silent": bool}, {"id"})
        post = self._fake.world.post(given["id"])
        self._fake.world.remove(post)
        if not given.get("silent"):
            self.announce_deletion(post)
        return Reply(200, {"deleted": True})

    # --- X's moods ---

    def _fault(self, given: Mapping[str, Any]) -> Reply:
        self._fake.faults.plan(given)
        return Reply(201, self._fake.faults.shown())

    def _habits(self, given: Mapping[str, Any]) -> Reply:
        only(given, {**HABITS, **_REST_HABITS, "echo": bool}, set())
        self._fake.webhooks.deliveries.change_habits({n: v for n, v in given.items() if n in HABITS})
        for name, value in given.items():
            if name not in HABITS:
                setattr(self if name == "echo" else self._fake.rest, name, value)
        return Reply(200, self._state())

    def _deliver(self, given: Mapping[str, Any]) -> Reply:
        answer = self._fake.webhooks.deliveries.deliver_exactly(given)
        return Reply(answer.status, dict(read(answer.body)))

    def _webhook(self, given: Mapping[str, Any]) -> Reply:
        only(given, {"url": str}, {"url"})
        self._fake.webhooks.register(given["url"])
        return Reply(200, self._fake.webhooks.state())

    def _windows(self, given: Mapping[str, Any]) -> Reply:
        only(given, {}, set())
        self._fake.windows.clear()
        return Reply(200, self._state())

    def _reset(self, given: Mapping[str, Any]) -> Reply:
        only(given, {}, set())
        self._fake.world.clear()
        self._fake.faults.clear()
        self._fake.windows.clear()
        return Reply(200, self._state())

    def _at(self, given: Mapping[str, Any]) -> datetime:
        return moment(given, self._fake.clock).astimezone(UTC)


def _media(given: Mapping[str, Any]) -> tuple[Attached, ...]:
    made = []
    for item in given.get("media", ()):
        kind = item.get("kind") if isinstance(item, dict) else None
        if kind not in _MEDIA or not isinstance(item.get("url"), str):
            raise Refused(400, "media are {kind: image or video, url}")
        made.append(Attached(_MEDIA[kind], item["url"]))
    return tuple(made)

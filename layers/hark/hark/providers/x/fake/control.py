"""The control plane of the fake X: make people post, look at what happened, and plan misbehaviour.

All under `/_fake/`, JSON in and out:

GET    state                       counts, webhook state, habits, planned faults
POST   users                       {username, name?, id?, protected?} → user
POST   posts                       {author, text, in_reply_to?, quote_of?, at?, lang?, silent?} → post
POST   posts/<id>/edit             {text, at?, silent?} → post (a new id)
DELETE posts/<id>                  the author takes the post away; ?silent=1 without a webhook
GET    posts                       every version of every post, newest first; ?author=acme
GET    replies                     what the brand posted through the API, oldest first
GET    deliveries                  webhook deliveries with the answers to their tries
POST   deliver                     {body or body_base64, headers?} → {status, body}: POST these very bytes, signed
                                   rightly unless headers are given
POST   faults, DELETE faults       one `limits.Fault` more; none at all
POST   habits                      any of {duplicate, disorder, delay, silent, echo, new_words, timeline_lag}
POST   webhook                     {url}: deliver there from now on, after a new endpoint check
POST   windows                     begin all rate windows anew
POST   reset                       forget everything but the webhook

`at` is RFC 3339. `author`, `in_reply_to` and `quote_of` may be ids, `author` also a handle.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from hark.providers.strict_json import NotStrictJson, loads
from hark.providers.x.fake.limits import Fault
from hark.providers.x.fake.rest import Reply
from hark.providers.x.fake.shapes import activities, deletion, envelope
from hark.providers.x.fake.world import Post, Refused

if TYPE_CHECKING:
    from hark.providers.x.fake.server import FakeX

_HABITS: Mapping[str, type | tuple[type, ...]] = {
    "duplicate": int,
    "disorder": (int, float),
    "delay": (int, float),
    "silent": bool,
}
_REST_HABITS: Mapping[str, type | tuple[type, ...]] = {"new_words": bool, "timeline_lag": (int, float)}


class Control:
    """Answers the calls of the control plane, and tells the webhook what happens on the fake X."""

    def __init__(self, fake: FakeX) -> None:
        self._fake = fake
        self.echo = True
        """The brand's own posts are delivered too, as on X."""

    def announce(self, post: Post) -> None:
        """Deliver the activities a post makes."""
        fake = self._fake
        for kind in activities(post, fake.world):
            if kind != "post.create" or self.echo:
                fake.webhooks.enqueue(kind, post.id, envelope(kind, post, fake.world, fake.webhooks.new_uuid()))

    def answer(self, method: str, path: str, query: str, body: bytes) -> Reply:
        """Carry out one call. `path` is what follows `/_fake/`."""
        name, _, rest = path.partition("/")
        params = dict(parse_qsl(query))
        try:
            if method == "GET":
                return self._look(name if not rest else "", params)
            if method == "DELETE":
                return self._remove(name, rest, params)
            return self._change(name, rest, self._read(body))
        except Refused as refused:
            return Reply(refused.status, {"error": str(refused)})

    def _look(self, name: str, params: Mapping[str, str]) -> Reply:
        fake = self._fake
        if name == "state":
            return Reply(200, self._state())
        if name == "posts":
            author = fake.world.user(params["author"]).id if "author" in params else None
            return Reply(200, [_shown(p) for p in fake.world.posts() if author in (None, p.author.id)])
        if name == "replies":
            made = (p for p in reversed(fake.world.posts()) if p.source == "api")
            return Reply(200, [_shown(p) for p in made])
        if name == "deliveries":
            return Reply(200, [d.shown() for d in list(fake.webhooks.deliveries)])
        raise Refused(404, "no such view")

    def _remove(self, name: str, rest: str, params: Mapping[str, str]) -> Reply:
        fake = self._fake
        if (name, rest) == ("faults", ""):
            fake.faults.clear()
            return Reply(200, [])
        if name != "posts":
            raise Refused(404, "nothing to delete there")
        post = fake.world.post(rest)
        fake.world.remove(post)
        if not params.get("silent"):
            body = deletion(post, fake.world, fake.webhooks.new_uuid())
            fake.webhooks.enqueue("post.delete", post.versions[0], body)
        return Reply(200, {"deleted": True})

    def _change(self, name: str, rest: str, given: Mapping[str, Any]) -> Reply:
        if name == "posts" and rest:
            return self._edit(rest, given)
        changes: Mapping[str, Callable[[Mapping[str, Any]], Reply]] = {
            "users": self._user,
            "posts": self._post,
            "faults": self._fault,
            "habits": self._habits,
            "deliver": self._deliver,
            "webhook": self._webhook,
            "windows": self._windows,
            "reset": self._reset,
        }
        if rest or name not in changes:
            raise Refused(404, "no such call")
        return changes[name](given)

    def _state(self) -> dict[str, Any]:
        fake = self._fake
        posts = fake.world.posts()
        return {
            "posts": sum(p.is_newest and not p.gone for p in posts),
            "versions": len(posts),
            "replies": sum(p.source == "api" for p in posts),
            "webhook": fake.webhooks.state(),
            "faults": fake.faults.shown(),
            "echo": self.echo,
            "new_words": fake.rest.new_words,
            "timeline_lag": fake.rest.timeline_lag,
        }

    def _user(self, given: Mapping[str, Any]) -> Reply:
        _only(given, {"username": str, "name": str, "id": str, "protected": bool}, {"username"})
        user = self._fake.world.add_user(
            given["username"], given.get("name", ""), given.get("id", ""), given.get("protected", False)
        )
        return Reply(201, user.shown())

    def _post(self, given: Mapping[str, Any]) -> Reply:
        fields = {"author": str, "text": str, "in_reply_to": str, "quote_of": str, "at": str, "lang": str}
        _only(given, {**fields, "silent": bool}, {"author", "text"})
        world = self._fake.world
        post = world.add_post(
            world.user(given["author"]),
            _text(given["text"]),
            self._at(given),
            self._fake.clock(),
            parent=world.post(given["in_reply_to"]) if given.get("in_reply_to") else None,
            quoted=world.post(given["quote_of"]) if given.get("quote_of") else None,
            language=given.get("lang", ""),
        )
        if not given.get("silent"):
            self.announce(post)
        return Reply(201, _shown(post))

    def _edit(self, rest: str, given: Mapping[str, Any]) -> Reply:
        post_id, _, verb = rest.partition("/")
        if verb != "edit":
            raise Refused(404, "no such call")
        _only(given, {"text": str, "at": str, "silent": bool}, {"text"})
        world = self._fake.world
        post = world.edit(world.post(post_id), _text(given["text"]), self._at(given), self._fake.clock())
        if not given.get("silent"):
            self.announce(post)
        return Reply(201, _shown(post))

    def _fault(self, given: Mapping[str, Any]) -> Reply:
        self._fake.faults.plan(Fault.read(given))
        return Reply(201, self._fake.faults.shown())

    def _habits(self, given: Mapping[str, Any]) -> Reply:
        _only(given, {**_HABITS, **_REST_HABITS, "echo": bool}, set())
        for name, value in given.items():
            holder: object = self._fake.webhooks.habits if name in _HABITS else self._fake.rest
            setattr(self if name == "echo" else holder, name, value)
        return Reply(200, self._state())

    def _deliver(self, given: Mapping[str, Any]) -> Reply:
        _only(given, {"body": str, "body_base64": str, "headers": dict}, set())
        try:
            body = base64.b64decode(given.get("body_base64", ""), validate=True) or given.get("body", "").encode()
        except (binascii.Error, UnicodeEncodeError):
            raise Refused(400, "body_base64 is no base64, or body no Unicode") from None
        headers = given["headers"] if "headers" in given else self._fake.webhooks.headers(body)
        try:
            status, answer = self._fake.webhooks.send(body, headers)
        except OSError as broken:
            raise Refused(502, f"the webhook gave no answer: {type(broken).__name__}") from None
        return Reply(200, {"status": status, "body": answer.decode("utf-8", "replace")})

    def _webhook(self, given: Mapping[str, Any]) -> Reply:
        _only(given, {"url": str}, {"url"})
        self._fake.webhooks.register(given["url"])
        return Reply(200, self._fake.webhooks.state())

    def _windows(self, given: Mapping[str, Any]) -> Reply:
        _only(given, {}, set())
        self._fake.windows.clear()
        return Reply(200, self._state())

    def _reset(self, given: Mapping[str, Any]) -> Reply:
        _only(given, {}, set())
        self._fake.world.clear()
        self._fake.faults.clear()
        self._fake.windows.clear()
        return Reply(200, self._state())

    def _at(self, given: Mapping[str, Any]) -> datetime:
        if "at" not in given:
            return datetime.fromtimestamp(self._fake.clock(), UTC)
        try:
            at = datetime.fromisoformat(given["at"])
        except ValueError:
            raise Refused(400, "at is no RFC 3339 time") from None
        if at.tzinfo is None:
            raise Refused(400, "at has no offset")
        return at

    @staticmethod
    def _read(body: bytes) -> Mapping[str, Any]:
        try:
            given = loads(body or b"{}")
        except NotStrictJson as refused:
            raise Refused(400, str(refused)) from None
        if not isinstance(given, dict):
            raise Refused(400, "not an object")
        return given


def _only(given: Mapping[str, Any], fields: Mapping[str, type | tuple[type, ...]], needed: set[str]) -> None:
    for name, value in given.items():
        if name not in fields or not isinstance(value, fields[name]):
            raise Refused(400, f"unknown field or wrong type; known are {', '.join(sorted(fields)) or 'none'}")
    if not needed <= set(given):
        raise Refused(400, f"needed are {', '.join(sorted(needed))}")


def _text(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise Refused(400, "text is no Unicode; use deliver for broken bodies") from None
    return text


def _shown(post: Post) -> dict[str, Any]:
    return {
        "id": post.id,
        "author": post.author.username,
        "author_id": post.author.id,
        "text": post.text[post.visible_from :],
        "whole_text": post.text,
        "at": post.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "in_reply_to": post.parent.id if post.parent else None,
        "quote_of": post.quoted.id if post.quoted else None,
        "conversation_id": post.conversation_id,
        "versions": list(post.versions),
        "newest": post.is_newest,
        "gone": post.gone,
        "source": post.source,
    }

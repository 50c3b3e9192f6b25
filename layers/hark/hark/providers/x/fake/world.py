"""Who is on the fake X and what was posted: users, posts, versions, and what X makes of a text."""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from twitter_text import extract_urls_with_indices

from hark.providers.x.direct import conversation
from hark.providers.x.posts import snowflake_at
from hark.testkit.control import Refused

_HANDLE = re.compile(r"(?<![A-Za-z0-9_@/])@([A-Za-z0-9_]{1,20})")


@dataclass(frozen=True, slots=True)
class User:
    """A person, or the brand."""

    id: str
    username: str
    name: str
    protected: bool = False

    def shown(self) -> dict[str, Any]:
        """As X's user object."""
        return {"id": self.id, "username": self.username, "name": self.name, "protected": self.protected}


@dataclass(frozen=True, slots=True)
class Attached:
    """A picture or a video beside a text."""

    kind: str
    """X's word: `photo` or `video`."""
    url: str


@dataclass(slots=True)
class Post:
    """One version of a post. `text` is plain, with links rewritten and with the handles X puts before a reply."""

    id: str
    author: User
    text: str
    visible_from: int
    at: datetime
    conversation_id: str
    parent: Post | None
    quoted: Post | None
    versions: list[str]
    """Ids of all versions, shared by all of them, oldest first."""
    urls: list[dict[str, Any]]
    mentions: list[dict[str, Any]]
    language: str = ""
    source: str = "app"
    """`api` when it was posted through X's API, else `app`."""
    gone: bool = False
    seen_at: float = field(default=0.0)
    """Real time of its making, in seconds; timelines lag behind it."""
    hidden: bool = False
    """The brand has hidden it under its own post."""
    media: tuple[Attached, ...] = ()

    @property
    def is_newest(self) -> bool:
        return self.versions[-1] == self.id

    def calls(self, user: User) -> bool:
        """Whether the author wrote the handle of `user` (X calls that an explicit mention)."""
        return any(m["id"] == user.id and m["start"] >= self.visible_from for m in self.mentions)

    def names(self, user: User) -> bool:
        """Whether the handle is anywhere in the text, also where X put it."""
        return any(m["id"] == user.id for m in self.mentions)


@dataclass(slots=True)
class DirectMessage:
    """A private message between two. `text` has its links rewritten."""

    id: str
    sender: User
    recipient: User
    text: str
    at: datetime
    urls: list[dict[str, Any]]
    source: str = "app"
    media: tuple[Attached, ...] = ()
    seen_at: float = 0.0

    @property
    def conversation_id(self) -> str:
        return conversation(self.sender.id, self.recipient.id)


class World:
    """All users, posts and messages, in memory, safe for threads."""

    def __init__(self, brand: User) -> None:
        self.lock = threading.RLock()
        self.brand = brand
        self._users: dict[str, User] = {brand.id: brand}
        self._posts: dict[str, Post] = {}
        self._messages: dict[str, DirectMessage] = {}
        self._counter = itertools.count(7_770_001)
        self.standing: dict[str, str] = {}
        """User id → `deactivated`, `suspended` or `protected`, for those who are."""
        self.closed: set[str] = set()
        """Ids of users who take no messages from the brand."""

    def add_user(self, username: str, name: str, user_id: str = "", protected: bool = False) -> User:
        """A new user; an id is made up when none is given.

        Raises:
            Refused: the handle or the id is taken, or no handle or id of X.
        """
        with self.lock:
            if not re.fullmatch(r"[A-Za-z0-9_]{1,15}", username) or self.find_user(username) is not None:
                raise Refused(409, "this handle is taken or no handle")
            chosen = user_id or next(str(n) for n in self._counter if str(n) not in self._users)
            if not re.fullmatch(r"[0-9]{1,19}", chosen) or chosen in self._users:
                raise Refused(409, "this id is taken or no id")
            self._users[chosen] = User(chosen, username, name or username, protected)
            return self._users[chosen]

    def find_user(self, name_or_id: str) -> User | None:
        """The user of that id or handle (in any case)."""
        with self.lock:
            wanted = name_or_id.lower().removeprefix("@")
            return self._users.get(name_or_id) or next(
                (u for u in self._users.values() if u.username.lower() == wanted), None
            )

    def user(self, name_or_id: str) -> User:
        """As `find_user`.

        Raises:
            Refused: there is no such user.
        """
        found = self.find_user(name_or_id)
        if found is None:
            raise Refused(404, "no such user")
        return found

    def find_post(self, post_id: str) -> Post | None:
        with self.lock:
            return self._posts.get(post_id)

    def post(self, post_id: str) -> Post:
        """The newest version of a post, by the id of any version.

        Raises:
            Refused: there is none, or it was deleted.
        """
        with self.lock:
            found = self._posts.get(post_id)
            if found is None or found.gone:
                raise Refused(404, "no such post")
            return self._posts[found.versions[-1]]

    def add_post(
        self,
        author: User,
        text: str,
        at: datetime,
        made_at: float,
        parent: Post | None = None,
        quoted: Post | None = None,
        language: str = "",
        source: str = "app",
        media: tuple[Attached, ...] = (),
    ) -> Post:
        """Publish a text. Links become t.co, a quoted post becomes a link, a reply gets the handles of its parent."""
        with self.lock:
            typed = f"{text} https://x.com/{quoted.author.username}/status/{quoted.id}" if quoted else text
            before = self._handles_before(author, parent)
            made = self._publish(author, before, typed, at, made_at, parent, quoted, [], language, source)
            made.media = media
            return made

    def add_message(
        self, sender: User, recipient: User, text: str, at: datetime, made_at: float, source: str = "app",
        media: tuple[Attached, ...] = (),
    ) -> DirectMessage:  # fmt: skip
        """Send a private message."""
        with self.lock:
            short, urls = with_short_links(text)
            own_id = self._new_id(at)
            message = DirectMessage(own_id, sender, recipient, short, at.astimezone(UTC), urls, source, media, made_at)
            self._messages[own_id] = message
            return message

    def messages(self) -> list[DirectMessage]:
        """Every private message, newest first."""
        with self.lock:
            return sorted(self._messages.values(), key=lambda m: int(m.id), reverse=True)

    def may_write_to(self, user: User) -> bool:
        """Whether the brand may send this user a message: they wrote one before and took no step back."""
        with self.lock:
            wrote = any(m.sender.id == user.id and m.recipient.id == self.brand.id for m in self._messages.values())
            return wrote and user.id not in self.closed

    def edit(self, post: Post, text: str, at: datetime, made_at: float) -> Post:
        """A new version with a new id; the old ids stay in its history."""
        with self.lock:
            before = post.text[: post.visible_from]
            return self._publish(
                post.author,
                before,
                text,
                at,
                made_at,
                post.parent,
                post.quoted,
                post.versions,
                post.language,
                post.source,
            )

    def remove(self, post: Post) -> None:
        """Take a post away, with all its versions."""
        with self.lock:
            for version in post.versions:
                self._posts[version].gone = True

    def posts(self) -> list[Post]:
        """Every version of every post, newest first."""
        with self.lock:
            return sorted(self._posts.values(), key=lambda p: int(p.id), reverse=True)

    def newest(self) -> Iterator[Post]:
        """What a timeline holds: newest versions that are still there, newest first."""
        return (p for p in self.posts() if p.is_newest and not p.gone)

    def clear(self) -> None:
        """Forget all posts and all users but the brand."""
        with self.lock:
            self._posts.clear()
            self._messages.clear()
            self.standing.clear()
            self.closed.clear()
            self._users = {self.brand.id: self.brand}

    def _publish(
        self,
        author: User,
        before: str,
        typed: str,
        at: datetime,
        made_at: float,
        parent: Post | None,
        quoted: Post | None,
        versions: list[str],
        language: str,
        source: str,
    ) -> Post:
        text, urls = with_short_links(before + typed)
        own_id = self._new_id(at)
        versions.append(own_id)
        conversation = parent.conversation_id if parent else versions[0]
        post = Post(
            id=own_id,
            author=author,
            text=text,
            visible_from=len(before),
            at=at.astimezone(UTC),
            conversation_id=conversation,
            parent=parent,
            quoted=quoted,
            versions=versions,
            urls=urls,
            mentions=self._mentions(text),
            language=language,
            source=source,
            seen_at=made_at,
        )
        self._posts[own_id] = post
        return post

    def _new_id(self, at: datetime) -> str:
        own_id = int(snowflake_at(at))
        while str(own_id) in self._posts or str(own_id) in self._messages:
            own_id += 1
        return str(own_id)

    def _handles_before(self, author: User, parent: Post | None) -> str:
        if parent is None:
            return ""
        inherited = (m["username"] for m in parent.mentions if m["start"] < parent.visible_from)
        handles = dict.fromkeys([parent.author.username, *inherited])
        handles.pop(author.username, None)
        return "".join(f"@{handle} " for handle in handles)

    def _mentions(self, text: str) -> list[dict[str, Any]]:
        return [
            {"start": m.start(), "end": m.end(), "username": user.username, "id": user.id}
            for m in _HANDLE.finditer(text)
            if (user := self.find_user(m[1])) is not None
        ]


def with_short_links(text: str) -> tuple[str, list[dict[str, Any]]]:
    """The text with every link as X's own short one, and the entities that tell what they stand for."""
    kept, urls, end = "", [], 0
    for found in extract_urls_with_indices(text):
        begin, after = found["indices"]
        full = found["url"] if "://" in found["url"] else f"http://{found['url']}"
        short = "https://t.co/" + sha256(full.encode()).hexdigest()[:10]
        kept += text[end:begin]
        shown = full.partition("://")[2]
        urls.append(
            {
                "start": len(kept),
                "end": len(kept) + len(short),
                "url": short,
                "expanded_url": full,
                "display_url": shown if len(shown) <= 26 else shown[:26] + "…",
            }
        )
        kept += short
        end = after
    return kept + text[end:], urls

"""Who is on the fake X and what was posted: users, posts, versions, and what X makes of a text."""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from hark.providers.x.fake.content import Attached, DirectMessage, Post, User, with_short_links
from hark.providers.x.posts import snowflake_at
from hark.testkit.control import Refused

_HANDLE = re.compile(r"(?<![A-Za-z0-9_@/])@([A-Za-z0-9_]{1,20})")


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

"""What is on the fake Meta: people with all their ids, posts and comments, and private messages. In memory."""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hark.providers.meta.fake.identity import HANDLE, INSTAGRAM_ID, NAME, PAGE_ID
from hark.testkit.control import Refused

US = "us"
OTHERS = "others"


@dataclass(slots=True)
class Person:
    """A visitor. The same person has another id wherever Meta shows them, and no event links those ids."""

    username: str
    name: str
    page_user_id: str
    """`from.id` of what they do on the Page."""
    psid: str
    igsid: str
    app_user_id: str
    """What a request to delete their data calls them."""
    blocked: bool = False
    """They do not want messages from us."""
    consents: bool = True
    """Their profile may be read."""

    def private_id(self, platform: str) -> str:
        """Their id in private messages."""
        return self.psid if platform == "messenger" else self.igsid

    def shown(self) -> dict[str, Any]:
        """For the control plane. `id` is what comments on the Page say."""
        return {
            "id": self.page_user_id,
            "username": self.username,
            "name": self.name,
            "page_user_id": self.page_user_id,
            "psid": self.psid,
            "igsid": self.igsid,
            "app_user_id": self.app_user_id,
        }


@dataclass(slots=True, eq=False)
class Item:
    """Something public: a post, an Instagram medium, a comment, a review. `author` is None when it is the brand."""

    id: str
    platform: str
    kind: str
    """post, comment or review."""
    author: Person | None
    text: str
    at: datetime
    post: Item | None = None
    """What a comment stands under."""
    parent: Item | None = None
    """The comment it answers, if any."""
    media: tuple[Mapping[str, str], ...] = ()
    foreign: bool = False
    """Not on our Page or account: we are a guest there."""
    live: bool = False
    ended: bool = False
    """A live video that is over."""
    comments_off: bool = False
    hidden: bool = False
    gone: bool = False
    edits: int = 0
    changed_at: datetime | None = None
    language: str = ""
    privately_answered: bool = False
    recommends: bool = False
    """Of a review: whether its author recommends the Page."""
    by_api: bool = False
    reactions: dict[str, str] = field(default_factory=dict)
    """Actor's id → reaction."""

    @property
    def author_id(self) -> str:
        if self.author is None:
            return PAGE_ID if self.platform == "facebook" else INSTAGRAM_ID
        return self.author.page_user_id if self.platform == "facebook" else self.author.igsid

    @property
    def author_name(self) -> str:
        return NAME if self.author is None else self.author.name

    @property
    def author_handle(self) -> str:
        return HANDLE if self.author is None else self.author.username

    @property
    def visible(self) -> bool:
        """Whether it and all it stands under are still there."""
        above = (self.post, self.parent)
        return not self.gone and all(item is None or item.visible for item in above)


@dataclass(slots=True, eq=False)
class Message:
    """A private message or a tap on a button (`postback`). `own` when the brand wrote it."""

    id: str
    platform: str
    person: Person
    own: bool
    text: str
    at: datetime
    media: tuple[Mapping[str, str], ...] = ()
    reply_to: str = ""
    payload: str = ""
    """Of a postback."""
    metadata: str = ""
    app_id: str = ""
    story: str = ""
    """URL of the story it answers."""
    gone: bool = False
    edits: int = 0
    by_api: bool = False
    reaction: str = ""
    language: str = ""


class World:
    """All people, items, messages and who holds each thread. `lock` guards what takes several steps."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.clear()

    def clear(self) -> None:
        """Forget everything and everybody."""
        with self.lock:
            self.people: dict[str, Person] = {}
            self.items: dict[str, Item] = {}
            self.messages: dict[str, Message] = {}
            self.holders: dict[tuple[str, str], str] = {}
            self._numbers = itertools.count(1)

    def number(self) -> int:
        """A number nobody had before."""
        with self.lock:
            return next(self._numbers)

    def add_person(self, username: str, name: str) -> Person:
        """Somebody new, with four ids that have nothing in common.

        Raises:
            Refused: the name is taken, or none.
        """
        with self.lock:
            if not re.fullmatch(r"[A-Za-z0-9_.]{1,30}", username) or username.lower() in (*self.people, HANDLE):
                raise Refused(409, "this username is taken or none")
            n = self.number()
            ids = (f"9{n:09}", f"7{n * 31:09}", f"6{n * 17:09}", f"218{n * 7:06}")
            self.people[username.lower()] = Person(username, name or username, *ids)
            return self.people[username.lower()]

    def person(self, name_or_id: str) -> Person:
        """By username or any of their ids.

        Raises:
            Refused: there is nobody of that name.
        """
        with self.lock:
            wanted = name_or_id.lower().removeprefix("@")
            for person in self.people.values():
                ids = (person.page_user_id, person.psid, person.igsid, person.app_user_id)
                if person.username.lower() == wanted or name_or_id in ids:
                    return person
        raise Refused(404, "nobody of that name")

    def by_private_id(self, platform: str, private_id: str) -> Person | None:
        """Who has that PSID or IGSID."""
        with self.lock:
            return next((p for p in self.people.values() if p.private_id(platform) == private_id), None)

    def item(self, item_id: str) -> Item:
        """An item that is still there.

        Raises:
            Refused: there is none of that id, or it was removed.
        """
        with self.lock:
            found = self.items.get(item_id)
            if found is None or not found.visible:
                raise Refused(404, "no such item")
            return found

    def message(self, message_id: str) -> Message:
        """A message that was not unsent.

        Raises:
            Refused: there is none of that id, or it was unsent.
        """
        with self.lock:
            found = self.messages.get(message_id)
            if found is None or found.gone:
                raise Refused(404, "no such message")
            return found

    def add_item(self, item: Item) -> Item:
        with self.lock:
            self.items[item.id] = item
            return item

    def add_message(self, message: Message) -> Message:
        with self.lock:
            self.messages[message.id] = message
            return message

    def post_id(self, platform: str, owner: str) -> str:
        """An id for a new post of `owner` or an Instagram medium."""
        number = 555_000 + self.number()
        return f"{owner}_{number}" if platform == "facebook" else f"180{number:014}"

    def comment_id(self, post: Item) -> str:
        """An id for a new comment."""
        if post.platform == "facebook":
            return f"{post.id.rpartition('_')[2]}_{777_000 + self.number()}"
        return f"179{777_000 + self.number():014}"

    def message_id(self, platform: str) -> str:
        """A `mid`."""
        return f"{'m_' if platform == 'messenger' else 'aWdf'}Lab{self.number():08}"

    def comments(self, post: Item) -> list[Item]:
        """All comments under a post that are still there, oldest first."""
        with self.lock:
            return sorted(
                (i for i in self.items.values() if i.kind == "comment" and i.post is post and i.visible),
                key=lambda i: (i.at, i.id),
            )

    def posts(self, platform: str) -> list[Item]:
        """Posts on our Page, or our Instagram media, newest first."""
        with self.lock:
            mine = (i for i in self.items.values() if i.platform == platform and i.kind == "post")
            return sorted((i for i in mine if i.visible and not i.foreign), key=lambda i: (i.at, i.id), reverse=True)

    def thread(self, platform: str, person: Person) -> list[Message]:
        """The private messages with a person, oldest first."""
        with self.lock:
            mine = (m for m in self.messages.values() if m.platform == platform and m.person is person)
            return sorted(mine, key=lambda m: m.at)

    def threads(self, platform: str) -> Iterator[tuple[Person, list[Message]]]:
        """All private threads of a platform, the one written in last first."""
        with self.lock:
            full = [(p, found) for p in self.people.values() if (found := self.thread(platform, p))]
        return iter(sorted(full, key=lambda pair: pair[1][-1].at, reverse=True))

    def last_inbound(self, platform: str, person: Person) -> datetime | None:
        """When the person last wrote or tapped a button; this opens the window."""
        return max((m.at for m in self.thread(platform, person) if not m.own), default=None)

    def held_elsewhere(self, platform: str, person: Person) -> bool:
        """Whether another app holds the thread."""
        with self.lock:
            return self.holders.get((platform, person.username), US) == OTHERS

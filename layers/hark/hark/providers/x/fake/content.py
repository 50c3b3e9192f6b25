"""What there is on the fake X: users, posts in their versions, private messages, and what X makes of links."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from twitter_text import extract_urls_with_indices

from hark.providers.x.direct import conversation


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

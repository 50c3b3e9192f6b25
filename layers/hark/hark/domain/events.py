"""What a provider's parser makes of one stored event.

Standard library only: the webhook function imports the provider contract, and through it this
module, and must start fast.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RawEvent:
    """One event cut out of a delivery, before anybody tried to understand it.

    `key` is the business key: the same post arriving by webhook, by another subscription or by poll
    has the same key, and so the same ledger entry. `kind` is the provider's own word for it.
    """

    key: str
    kind: str
    account_id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as one platform shows them. `id` is the platform's id, always a string."""

    id: str
    handle: str = ""
    name: str = ""
    protected: bool = False


@dataclass(frozen=True, slots=True)
class MessageSeen:
    """A message exists, in this version.

    `message_id` names the message for ever; when a platform gives every edit a new id, it is the
    id of the first version and `versions` lists all ids known so far, oldest first. `version` orders
    versions of one message: the higher one wins, whatever the order of arrival.
    """

    message_id: str
    version: int
    versions: tuple[str, ...]
    thread_id: str
    """The platform's own id of the thread (a post's comment thread, a DM thread)."""
    customer: Profile
    """The person the conversation is with: the author, or for our own message its addressee."""
    text: str
    at: datetime
    """When the author wrote it (the platform's word, UTC)."""
    own: bool = False
    """True when the brand itself wrote it. Own messages never open a case."""
    public: bool = True
    in_reply_to: str = ""
    addressed: bool = False
    """The author spoke to the brand: by handle, by a direct reply to us, or by quoting us."""
    may_reply: bool = False
    """The platform lets us answer this message through its API."""
    language_hint: str = ""
    media: tuple[str, ...] = ()
    time_is_doubtful: bool = False
    """The platform's time was absent or absurd; `at` is then the time of arrival."""
    cleaned: bool = False
    """Characters that no store or page can hold were replaced by U+FFFD in `text`."""


@dataclass(frozen=True, slots=True)
class MessageGone:
    """The author or the platform took the message away; `message_id` may name any version of it."""

    message_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SetAside:
    """Understood well enough to know that nothing is to be done now. `reason` is a dotted code."""

    reason: str


@dataclass(frozen=True, slots=True)
class AccessRevoked:
    """The account withdrew our access: it cannot act until it is connected again. `reason` is a dotted code."""

    reason: str


Event = MessageSeen | MessageGone | SetAside | AccessRevoked


class UnreadableEvent(ValueError):
    """The event does not follow its provider's contract; it is kept and quarantined."""


@dataclass(frozen=True, slots=True)
class ReplyTarget:
    """Where a public reply goes and how to find it again after a lost answer."""

    account_id: str
    in_reply_to: str
    text: str
    asked_at: datetime = field(kw_only=True)
    """When the answered message was written: the read-back needs nothing older."""

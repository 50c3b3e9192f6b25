"""What a provider's parser makes of one stored event.

Standard library only: the webhook function imports the provider contract, and through it this
module, and must start fast.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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


class Surface(StrEnum):
    """Where something was said; what may be done about it depends on this."""

    POST = "post"
    """A public post of the person's own (X; a visitor's post on our Facebook Page)."""
    COMMENT = "comment"
    """A comment under a post of ours, or under a visitor's post on our Page."""
    LIVE_COMMENT = "live_comment"
    """A comment on a live video."""
    MENTION = "mention"
    """The brand named where it is a guest: in a foreign post, comment or caption."""
    REVIEW = "review"
    DIRECT = "direct"
    """A private message."""
    ENCRYPTED = "encrypted"
    """A private message nobody but the platform's own app can read: we only know that it came."""


class MediaKind(StrEnum):
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    FILE = "file"
    STICKER = "sticker"
    LINK = "link"
    LOCATION = "location"
    CONTACT = "contact"
    UNSUPPORTED = "unsupported"
    """Something was sent that the platform does not hand to programs."""


@dataclass(frozen=True, slots=True)
class Media:
    """Something beside the text, by reference. `url` is the platform's and ends at `expires` (UTC), if known.

    A location has its coordinates as "56.95,24.11" and a contact its telephone number in `value`. `size` is in bytes.
    """

    kind: MediaKind
    url: str = ""
    name: str = ""
    size: int = 0
    value: str = ""
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as one platform shows them. `id` is the platform's id, always a string."""

    id: str
    handle: str = ""
    name: str = ""
    protected: bool = False
    avatar: str = ""
    """Where the platform shows the person's picture."""
    followers: int = 0
    """How many follow the person, where the platform says so."""


@dataclass(frozen=True, slots=True)
class MessageSeen:
    """A message exists, in this version.

    `message_id` names the message for ever; when a platform gives every edit a new id, it is the
    id of the first version and `versions` lists all ids known so far, oldest first. `version` orders
    versions of one message: the higher one wins, whatever the order of arrival.

    Uniqueness: `message_id` is unique within the platform and the brand. Where the platform promises that only within
    an account or thread, the parser makes it so (prefix with the account's id and `#`).
    """

    message_id: str
    version: int
    versions: tuple[str, ...]
    thread_id: str
    """The platform's own id of the thread: a post's comment thread; for private messages the person's id or, where
    there is one, the conversation's. Empty when only `in_reply_to` tells (see `customer`)."""
    customer: Profile
    """The person the conversation is with: the author, or for our own message its addressee. For an own message whose
    addressee the event does not name, `Profile("")`: it belongs to the conversation of the message `in_reply_to`, and
    waits until that has come."""
    text: str
    at: datetime
    """When the author wrote it (the platform's word, UTC)."""
    platform: str = ""
    """Where it was said, for providers with several platforms; empty means the account's only one."""
    surface: Surface = Surface.POST
    own: bool = False
    """True when the brand itself wrote it. Own messages never open a case."""
    public: bool = True
    in_reply_to: str = ""
    addressed: bool = False
    """The author spoke to the brand: by handle, by a direct reply to us, by quoting us, on our Page or in private."""
    may_reply: bool = False
    """The platform lets us answer this very message through its API (X: we were summoned). Where the platform asks
    nothing of the kind, True for every message of a customer."""
    edit_only: bool = False
    """The event tells of a later version of a message and is no proof that we may show it: until the message itself
    comes, nothing is shown and no case is opened."""
    elsewhere: bool = False
    """Another program holds the conversation at this moment; we only listen (Messenger's standby)."""
    link: str = ""
    """Where a person can see it on the platform, if the event or the id tells."""
    marker: str = ""
    """What we sent along with our own message, given back (`contract.Order.marker`)."""
    language_hint: str = ""
    shares: int = 0
    """How often it was passed on by others, as far as the event tells."""
    media: tuple[Media, ...] = ()
    time_is_doubtful: bool = False
    """The platform's time was absent or absurd; `at` is then the time of arrival."""
    sought: str = ""
    """Id of the listening query that found it, where a search did."""
    cleaned: bool = False
    """Characters that no store or page can hold were replaced by U+FFFD in `text`."""


@dataclass(frozen=True, slots=True)
class MessageGone:
    """The author or the platform took the message away; `message_id` may name any version of it."""

    message_id: str
    at: datetime
    platform: str = ""


@dataclass(frozen=True, slots=True)
class MessageHidden:
    """A message was hidden from the public, or shown again. The latest `at` wins."""

    message_id: str
    hidden: bool
    at: datetime
    platform: str = ""


@dataclass(frozen=True, slots=True)
class Reaction:
    """Somebody set, changed or took back (`reaction` empty) a reaction to a message. The latest `at` wins per actor."""

    message_id: str
    actor_id: str
    reaction: str
    at: datetime
    platform: str = ""


class Receipt(StrEnum):
    DELIVERED = "delivered"
    SEEN = "seen"
    REJECTED = "rejected"
    """Accepted by the platform, but the customer's device refused it."""


@dataclass(frozen=True, slots=True)
class Receipted:
    """News of messages of ours: of one (`message_id`), or of all written to `customer_id` up to `at`."""

    receipt: Receipt
    customer_id: str
    at: datetime
    message_id: str = ""
    platform: str = ""


@dataclass(frozen=True, slots=True)
class ThreadControl:
    """Who holds the private conversation with a person: we (`ours`) or another program. The latest `at` wins."""

    thread_id: str
    customer_id: str
    ours: bool
    at: datetime
    platform: str = ""


@dataclass(frozen=True, slots=True)
class Reachable:
    """Whether a person may be written to from now on (subscribed, unsubscribed). The latest `at` wins."""

    customer: Profile
    reachable: bool
    at: datetime
    platform: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something came that cannot be read or answered here, and a person should know: an encrypted message.

    It stands in the thread as a line without words. `reason` is a dotted code.
    """

    message_id: str
    thread_id: str
    customer: Profile
    reason: str
    at: datetime
    platform: str = ""


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """What the platform says of a person, by itself: their private messages had come without a name."""

    thread_id: str
    customer: Profile
    platform: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something came without its words or its author; the poll asks for it (`poll.look_up`) by this reference."""

    reference: str
    platform: str = ""


@dataclass(frozen=True, slots=True)
class SetAside:
    """Understood well enough to know that nothing is to be done now. `reason` is a dotted code."""

    reason: str


@dataclass(frozen=True, slots=True)
class AccountChanged:
    """The platform says whether the account can act: it was blocked or lost its access, or has it again.

    `reason` is a dotted code. A paused account goes on receiving.
    """

    paused: bool
    reason: str


@dataclass(frozen=True, slots=True)
class DeletionAsked:
    """A person asked the platform to have our data about them deleted. `code` is what they can ask after it with."""

    subject_id: str
    code: str


Event = (
    MessageSeen
    | MessageGone
    | MessageHidden
    | Reaction
    | Receipted
    | ThreadControl
    | Reachable
    | Notice
    | PersonSeen
    | Wanted
    | SetAside
    | AccountChanged
    | DeletionAsked
)


class UnreadableEvent(ValueError):
    """The event does not follow its provider's contract; it is kept and quarantined."""

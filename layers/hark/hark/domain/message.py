"""A message, and how the events about it fold into it in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from hark.domain.events import Media, MessageHidden, MessageSeen, Notice, Reaction, Receipt, Surface
from hark.domain.time import text as time_text

if TYPE_CHECKING:
    from hark.domain.case import Case
    from hark.domain.reply import Reply

REACTIONS_KEPT = 200
"""People whose reactions to one message are remembered one by one; an item has to stay small (I33)."""

WAITING_KEPT = 500
"""Ledger entries that may wait for one message. Comments of ours under a post of ours wait for ever: the post never
comes as a message."""

_RECEIPTS = {"": 0, Receipt.DELIVERED: 1, Receipt.SEEN: 2, Receipt.REJECTED: 3}


class Message(BaseModel):
    """One message of a conversation. `at` is the platform's time in text form.

    `gone` is sticky: a tombstone never speaks again, whatever arrives later (I5, I6).
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    brand: str
    platform: str
    version: int = -1
    media_version: int = -1
    """The version whose media these are: what tells only of edited words says nothing of media."""
    versions: tuple[str, ...] = ()
    first_id: str = ""
    """Set on the alias of a later version of a message: the id under which the message is kept."""
    conversation: str = ""
    """Empty until the message itself has come: before that, only things about it are known."""
    author_id: str = ""
    text: str = ""
    at: str = ""
    surface: Surface = Surface.POST
    own: bool = False
    by: str = ""
    """The agent whose reply this is; empty for customers and for what staff wrote on the platform itself."""
    public: bool = True
    in_reply_to: str = ""
    addressed: bool = False
    may_reply: bool = False
    link: str = ""
    language: str = ""
    reach: int = 0
    """Followers of the author and shares, the most that was ever told."""
    media: tuple[dict[str, Any], ...] = ()
    """As `events.Media`, with `expires` in text form."""
    notice: str = ""
    """Dotted code of why there are no words: something that only the platform's own app can show."""
    edited: bool = False
    gone: bool = False
    removed_at: str = ""
    """When it was taken out of its conversation, which had come to its end. Nothing that is told later changes it."""
    hidden: bool = False
    hidden_at: str = ""
    liked: bool = False
    """We liked it."""
    reactions: dict[str, tuple[str, str]] = Field(default_factory=dict)
    """Mark of the actor (`keys.person_mark`) → what they set last (empty: taken back) and when."""
    receipt: str = ""
    """What became of our message at the customer's: delivered, seen, rejected."""
    rev: int = 0
    """Counts writes of this item, for optimistic locking."""
    raws: tuple[str, ...] = ()
    """Ledger entries that hold this message's raw text; blanked with it."""
    waiting: tuple[str, ...] = ()
    """Ledger entries of answers of ours that came before this message: they are folded once it is there."""

    @property
    def reaction_counts(self) -> dict[str, int]:
        """How often each reaction stands."""
        counts: dict[str, int] = {}
        for reaction, _ in self.reactions.values():
            if reaction:
                counts[reaction] = counts.get(reaction, 0) + 1
        return dict(sorted(counts.items()))


def kept_media(media: Media) -> dict[str, Any]:
    """A reference to media as an item holds it."""
    kept = {"kind": media.kind.value, "url": media.url, "name": media.name, "size": media.size, "value": media.value}
    return kept | {"expires": time_text(media.expires) if media.expires else ""}


def seen(old: Message | None, event: MessageSeen, brand: str, platform: str, conversation: str) -> Message:
    """The message after `event`, the same for every order and number of events about it."""
    base = old or Message(id=event.message_id, brand=brand, platform=platform)
    if base.removed_at:
        return base
    versions = tuple(sorted({*base.versions, *event.versions}, key=lambda v: (len(v), v)))
    newest = event.version >= base.version
    shown = base.conversation or ("" if event.edit_only else conversation)
    facts = {
        "versions": versions,
        "conversation": shown,
        "author_id": event.customer.id if not event.own else "",
        "own": event.own,
        "public": event.public,
        "surface": event.surface,
        "in_reply_to": (newest and event.in_reply_to) or base.in_reply_to or event.in_reply_to,
        "addressed": base.addressed or event.addressed,
        "may_reply": base.may_reply or event.may_reply,
        "reach": 0 if event.own else max(base.reach, event.customer.followers + event.shares),
        "link": (newest and event.link) or base.link or event.link,
        "at": min(filter(None, (base.at, time_text(event.at)))),
        "edited": base.edited or len(versions) > 1 or event.edit_only or 0 <= min(base.version, event.version)
        != max(base.version, event.version),
    }  # fmt: skip
    if base.gone:
        # What it was stays known, what it said does not: the same tombstone whichever came first.
        return base.model_copy(update={**facts, "version": max(base.version, event.version)})
    if base.by:
        # A reply of ours: its words are the agent's, without the handles the platform puts in front.
        facts |= {"version": max(base.version, event.version)}
    else:
        if event.version > base.version:
            facts |= {"version": event.version, "text": event.text, "language": event.language_hint}
        if event.version > base.media_version and not event.edit_only:
            facts |= {"media_version": event.version, "media": tuple(kept_media(m) for m in event.media)}
    return base.model_copy(update=facts)


def noticed(old: Message | None, event: Notice, brand: str, platform: str, conversation: str) -> Message:
    """A line without words: something came that only the platform's own app can show."""
    base = old or Message(id=event.message_id, brand=brand, platform=platform)
    return base.model_copy(
        update={
            "conversation": conversation, "author_id": event.customer.id, "surface": Surface.ENCRYPTED,
            "public": False, "addressed": True, "notice": event.reason, "versions": (event.message_id,),
            "at": min(filter(None, (base.at, time_text(event.at)))), "version": max(base.version, 0),
        }
    )  # fmt: skip


def own(reply: Reply, case: Case, at: str) -> Message:
    """A reply of ours that is out, as the thread of its case shows it: in the agent's own words.

    A private reply to a comment stands in a thread of its own; what stands under the comment is a copy with its own id,
    for on Instagram both are of one platform.
    """
    private = reply.verb == "private_reply"
    id_ = f"{reply.platform_id}>{reply.in_reply_to}" if private else reply.platform_id
    return Message(
        id=id_, brand=reply.brand, platform=reply.platform, versions=(id_,), conversation=case.id, text=reply.text,
        at=at, own=True, by=reply.signed_by, surface=Surface.DIRECT if private else reply.surface,
        public=reply.verb == "public_reply", in_reply_to=reply.in_reply_to,
    )  # fmt: skip


def signed(old: Message | None, reply: Reply) -> Message:
    """A message of ours as the platform told of it, or will: whose words they are. Those of a tombstone stay away."""
    base = old or Message(id=reply.platform_id, brand=reply.brand, platform=reply.platform, own=True)
    return base.model_copy(update={"by": reply.signed_by, **({} if base.gone else {"text": reply.text})})


def gone(old: Message | None, message_id: str, brand: str, platform: str) -> Message:
    """The tombstone of a message: nothing of what it said is left."""
    base = old or Message(id=message_id, brand=brand, platform=platform)
    nothing = {"text": "", "media": (), "media_version": -1, "language": "", "reactions": {}}
    return base.model_copy(update={"gone": True, **nothing})


def removed(message: Message, now: str) -> Message:
    """The tombstone of a message of a conversation that has come to its end; where it led and who wrote it go too."""
    tombstone = gone(message, message.id, message.brand, message.platform)
    nobody = {"author_id": "", "link": "", "reach": 0, "raws": (), "waiting": ()}
    return tombstone.model_copy(update={"removed_at": now, **nobody})


def waited_for(old: Message | None, message_id: str, brand: str, platform: str, entry: str) -> Message:
    """A message that is not there yet, and the ledger entry that waits for it."""
    base = old or Message(id=message_id, brand=brand, platform=platform)
    if len(base.waiting) >= WAITING_KEPT:
        return base
    return base.model_copy(update={"waiting": tuple(sorted({*base.waiting, entry}))})


def hidden(old: Message | None, event: MessageHidden, brand: str, platform: str) -> Message:
    """Hidden from the public, or not: the later word of the platform wins."""
    base = old or Message(id=event.message_id, brand=brand, platform=platform)
    at = time_text(event.at)
    if (at, event.hidden) < (base.hidden_at, base.hidden):
        return base
    return base.model_copy(update={"hidden": event.hidden, "hidden_at": at})


def acted(message: Message, verb: str, now: str) -> Message:
    """A message after we hid, showed, liked, unliked or deleted it."""
    match verb:
        case "hide" | "unhide":
            return message.model_copy(update={"hidden": verb == "hide", "hidden_at": max(now, message.hidden_at)})
        case "like" | "unlike":
            return message.model_copy(update={"liked": verb == "like"})
        case "delete":
            return gone(message, message.id, message.brand, message.platform)
        case _:
            raise ValueError(verb)


def reacted(old: Message | None, event: Reaction, brand: str, platform: str) -> Message:
    """The reactions after one more; the later word of each person wins, and past the limit only known ones change."""
    base = old or Message(id=event.message_id, brand=brand, platform=platform)
    at, known = time_text(event.at), base.reactions.get(event.actor_id)
    if base.gone or (known and (at, event.reaction) <= (known[1], known[0])):
        return base
    if known is None and len(base.reactions) >= REACTIONS_KEPT:
        return base
    return base.model_copy(update={"reactions": {**base.reactions, event.actor_id: (event.reaction, at)}})


def receipted(message: Message, receipt: Receipt) -> Message:
    """News only go forward: accepted, delivered, seen. Rejected is said only of what was not delivered."""
    if receipt is Receipt.REJECTED and message.receipt in (Receipt.DELIVERED, Receipt.SEEN):
        return message
    if _RECEIPTS[receipt] <= _RECEIPTS.get(message.receipt, 0):
        return message
    return message.model_copy(update={"receipt": receipt.value})

"""A message, and how the events about it fold into it in any order."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from hark.domain.events import MessageSeen
from hark.domain.time import text as time_text


class Message(BaseModel):
    """One message of a conversation. `at` is the platform's time in text form.

    `gone` is sticky: a tombstone never speaks again, whatever arrives later (I5, I6).
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    brand: str
    platform: str
    version: int = -1
    versions: tuple[str, ...] = ()
    first_id: str = ""
    """Set on the alias of a later version of a message: the id under which the message is kept."""
    conversation: str = ""
    author_id: str = ""
    text: str = ""
    at: str = ""
    own: bool = False
    by: str = ""
    """The agent whose reply this is; empty for customers and for what staff wrote on the platform itself."""
    public: bool = True
    in_reply_to: str = ""
    addressed: bool = False
    may_reply: bool = False
    language: str = ""
    media: tuple[str, ...] = ()
    edited: bool = False
    gone: bool = False
    rev: int = 0
    """Counts writes of this item, for optimistic locking."""
    raws: tuple[str, ...] = ()
    """Ledger entries that hold this message's raw text; blanked with it."""


def seen(old: Message | None, event: MessageSeen, brand: str, platform: str, conversation: str) -> Message:
    """The message after `event`, the same for every order and number of events about it."""
    base = old or Message(id=event.message_id, brand=brand, platform=platform)
    versions = tuple(sorted({*base.versions, *event.versions}, key=lambda v: (len(v), v)))
    facts = {
        "versions": versions,
        "conversation": conversation,
        "author_id": event.customer.id if not event.own else "",
        "own": event.own,
        "public": event.public,
        "in_reply_to": event.in_reply_to or base.in_reply_to,
        "addressed": base.addressed or event.addressed,
        "may_reply": base.may_reply or event.may_reply,
        "at": min(filter(None, (base.at, time_text(event.at)))),
        "edited": len(versions) > 1,
    }
    if base.gone:
        # What it was stays known, what it said does not: the same tombstone whichever came first.
        return base.model_copy(update={**facts, "version": max(base.version, event.version)})
    if base.by:
        # A reply of ours: its words are the agent's, without the handles the platform puts in front.
        facts |= {"version": max(base.version, event.version)}
    elif event.version > base.version:
        facts |= {
            "version": event.version,
            "text": event.text,
            "media": event.media,
            "language": event.language_hint,
        }
    return base.model_copy(update=facts)


def gone(old: Message | None, message_id: str, brand: str, platform: str) -> Message:
    """The tombstone of a message: nothing of what it said is left."""
    base = old or Message(id=message_id, brand=brand, platform=platform)
    return base.model_copy(update={"gone": True, "text": "", "media": (), "language": ""})

"""What a note means."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hark.domain.events import Event, MessageSeen, Profile, RawEvent, SetAside, Surface, UnreadableEvent


def parse(raw: RawEvent, kinds: frozenset[str], account_id: str, arrived: datetime) -> list[Event]:
    """One message per note; `at` is in seconds since 1970.

    Raises:
        UnreadableEvent: a field is missing or of another type.
    """
    if raw.kind != "note":
        return [SetAside("pigeon.unknown_kind")]
    (note,) = json.loads(raw.body)["notes"]
    try:
        at = datetime.fromtimestamp(int(note["at"]), UTC)
        words, sender, to = str(note["text"]), str(note["from"]), str(note.get("to", ""))
    except (KeyError, TypeError, ValueError):
        raise UnreadableEvent("a note lacks something") from None
    own = sender == account_id
    return [
        MessageSeen(
            message_id=note["id"], version=0, versions=(note["id"],), thread_id=to if own else sender,
            customer=Profile(to if own else sender, name="" if own else str(note.get("name", ""))), text=words, at=at,
            surface=Surface.COMMENT, own=own, addressed=True, may_reply=not own, in_reply_to=str(note.get("on", "")),
        )
    ]  # fmt: skip

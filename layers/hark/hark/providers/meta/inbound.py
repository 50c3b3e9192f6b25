"""What an event of Meta means for the desk: which surface reads it, and for which platform."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from hark.domain.events import DeletionAsked, Event, RawEvent, SetAside, UnreadableEvent, Wanted
from hark.providers.meta import envelope, feed, instagram, lookup, messaging
from hark.providers.meta.door import DEAUTHORIZE, DELETION
from hark.providers.meta.envelope import Item, change_of, items
from hark.providers.meta.reading import Told
from hark.providers.strict_json import NotStrictJson, loads

PAGE_FIELDS = frozenset(("feed", "mention", "ratings"))

_INSTAGRAM_ACCOUNT = re.compile(r"17841[0-9]{12}")
"""How every id of a professional Instagram account looks; those of Pages are shorter."""


def parse(raw: RawEvent, kinds: frozenset[str], account_id: str, arrived: datetime) -> list[Event]:
    """Read one stored event for the account `account_id`, which arrived (first) at `arrived`, in UTC.

    `kinds` are all kinds under which this business key has come so far: a message seen while another program held the
    conversation may come once more to us as its holder. `account_id` may differ from the entry's: events of an
    Instagram account may come under its Page.

    Raises:
        UnreadableEvent: the event breaks Meta's contract.
    """
    try:
        body = loads(raw.body)
    except NotStrictJson as refused:
        raise UnreadableEvent(str(refused)) from None
    if raw.kind == DELETION:
        return [_deletion(body)]
    if raw.kind == DEAUTHORIZE:
        # Access that came from this person ends; the check of the account finds out whether ours is among it.
        return [SetAside("meta.deauthorized")]
    found = items(body)
    if len(found) != 1:
        raise UnreadableEvent("not one item")
    told = Told(found[0], account_id, kinds | {raw.kind}, arrived, _platform(found[0]))
    match told.item.section:
        case "changes":
            return _change(told)
        case "messaging" | "standby":
            return messaging.read(told)
        case envelope.LOOKED_UP:
            return lookup.read(told)
        case envelope.GONE:
            return [instagram.gone(told)]
    if not isinstance(told.item.content, dict):
        raise UnreadableEvent("an entry that is no object")
    values_are_off = "changed_fields" in told.item.content
    return [SetAside("meta.values_not_included" if values_are_off else "meta.empty_entry")]


def ask_profile(platform: str, person_id: str) -> Wanted | None:
    """How to ask who writes; None where the events say it themselves.

    Source: User Profile API of the Messenger Platform and of Instagram messaging. Meta answers once the person has
    written to us in private.
    """
    return lookup.wanted_profile(platform, person_id) if platform in ("messenger", "instagram") else None


def _change(told: Told) -> list[Event]:
    field, value = change_of(told.item.content)
    known = field in PAGE_FIELDS or field in instagram.FIELDS
    if known and value is None:
        return [SetAside("meta.values_not_included")]
    if value is not None and field in PAGE_FIELDS:
        return feed.read(told, field, value)
    if value is not None and field in instagram.FIELDS:
        return instagram.read(told, field, value)
    return [SetAside("meta.unknown_kind")]


def _platform(item: Item) -> str:
    """Where it happened: by the field or what was looked up; private messages by the account they came under.

    Meta sends some events of Instagram with the object `page`, so the object alone does not tell.
    """
    if item.section == envelope.GONE:
        return "instagram"
    if item.section == envelope.LOOKED_UP:
        what = item.content.get("what") if isinstance(item.content, dict) else None
        return "facebook" if what == lookup.PAGE_MENTION else "instagram"
    if item.section == "changes":
        field = item.content.get("field") if isinstance(item.content, dict) else None
        return "instagram" if field in tuple(instagram.FIELDS) else "facebook"
    of_instagram = item.topic == "instagram" or _INSTAGRAM_ACCOUNT.fullmatch(item.account_id)
    return "instagram" if of_instagram else "messenger"


def _deletion(body: Any) -> DeletionAsked:
    user, code = (body.get("user_id"), body.get("code")) if isinstance(body, dict) else (None, None)
    if not isinstance(user, str) or not isinstance(code, str):
        raise UnreadableEvent("no person or no code")
    return DeletionAsked(user, code)

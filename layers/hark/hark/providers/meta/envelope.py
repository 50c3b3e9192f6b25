"""The frame around Meta's events: which account, which list, which item.

Source: Meta's pages on webhooks for Pages, Messenger and Instagram (Graph API v26.0), and captured deliveries.
Standard library only: the webhook function imports this.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hark.domain.events import UnreadableEvent

LISTS = ("changes", "messaging", "standby")
LOOKED_UP, GONE = "looked_up", "gone"
"""Not Meta's: what `poll.look_up` found out about an event that came without its words, and what `recheck` found to be
no longer there, stand under these names. Both are single objects."""
OURS = (LOOKED_UP, GONE)

MESSAGE_KEYS = (
    "message",
    "message_edit",
    "postback",
    "reaction",
    "read",
    "delivery",
    "referral",
    "optin",
    "pass_thread_control",
    "take_thread_control",
    "request_thread_control",
    "app_roles",
    "account_linking",
    "policy_enforcement",
    "policy-enforcement",
)
"""Which of them is present says what a message item is; the first one counts."""

# Opaque, but never a path, a separator of ours or a sentence (row H18). Message ids use more of the alphabet.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:=-]{0,127}")
_MESSAGE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:=$+-]{0,511}")
_WORD = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a delivery with what stands around it.

    `topic` is what Meta calls `object`; `entry_id` and `time` are as written. `section` is one of `LISTS` or
    `OURS`; empty for an entry without any item, which is then itself the `content`. The flat form of an entry
    reads as one of `changes`.
    """

    topic: str
    entry_id: object
    time: object
    section: str
    content: Any

    @property
    def account_id(self) -> str:
        """The Page's or Instagram account's id; empty when there is none that can be one."""
        try:
            return id_of({"id": self.entry_id}, "id")
        except UnreadableEvent:
            return ""


def items(delivery: object) -> list[Item]:
    """Every item of a delivery, in its order.

    Raises:
        UnreadableEvent: it is not `{"object": <word>, "entry": [<at least one>]}`.
    """
    if not isinstance(delivery, dict):
        raise UnreadableEvent("not an object")
    what, entries = delivery.get("object"), delivery.get("entry")
    if not isinstance(what, str) or not _WORD.fullmatch(what):
        raise UnreadableEvent("no object")
    if not isinstance(entries, list) or not entries:
        raise UnreadableEvent("no entries")
    return [item for entry in entries for item in _of_entry(what, entry)]


def _of_entry(what: str, entry: object) -> Iterator[Item]:
    if not isinstance(entry, dict):
        yield Item(what, None, None, "", entry)
        return
    found = False
    for section in LISTS:
        listed = entry.get(section)
        for content in listed if isinstance(listed, list) else [listed] if listed is not None else []:
            found = True
            yield Item(what, entry.get("id"), entry.get("time"), section, content)
    if "field" in entry:
        found = True
        flat = {name: entry[name] for name in ("field", "value") if name in entry}
        yield Item(what, entry.get("id"), entry.get("time"), "changes", flat)
    for section in OURS:
        if section in entry:
            found = True
            yield Item(what, entry.get("id"), entry.get("time"), section, entry[section])
    if not found:
        yield Item(what, entry.get("id"), entry.get("time"), "", entry)


def body_of(item: Item) -> bytes:
    """A delivery with nothing but this item, in ASCII JSON: a lone surrogate has an escape there but no UTF-8."""
    if item.section:
        around = {"id": item.entry_id} | ({} if item.time is None else {"time": item.time})
        content = item.content if item.section in OURS else [item.content]
        entry: object = {**around, item.section: content}
    else:
        entry = item.content
    return json.dumps({"object": item.topic, "entry": [entry]}, separators=(",", ":")).encode("ascii")


def message_key(content: Mapping[str, Any]) -> str:
    """What a message item is, by the key it has; empty when it has none of `MESSAGE_KEYS`."""
    return next((name for name in MESSAGE_KEYS if name in content), "")


def change_of(content: object) -> tuple[str, Mapping[str, Any] | None]:
    """Field and value of one of `changes`; the value may be missing.

    Raises:
        UnreadableEvent: no field, or a value that is no object.
    """
    if not isinstance(content, dict):
        raise UnreadableEvent("not an object")
    field = word_of(content, "field")
    if not field:
        raise UnreadableEvent("no field")
    return field, inner(content, "value", optional=True)


def inner(holder: Mapping[str, Any], name: str, *, optional: bool = False) -> Any:
    """The object under `name`; None when it may be missing and is.

    Raises:
        UnreadableEvent: something else is there, or nothing that must be.
    """
    value = holder.get(name)
    if value is None and optional:
        return None
    if not isinstance(value, dict):
        raise UnreadableEvent(f"{name} is no object")
    return value


def word_of(holder: Mapping[str, Any], name: str) -> str:
    """A word of Meta's own vocabulary, "" when it is absent or null.

    Raises:
        UnreadableEvent: it is no word of up to 64 ASCII letters, digits, `_`, `.`, `-`.
    """
    value = holder.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or not _WORD.fullmatch(value):
        raise UnreadableEvent(f"{name} is no word")
    return value


def id_of(holder: Mapping[str, Any], *names: str) -> str:
    """The first id there is under `names`, as a string, "" when all are absent or null.

    Old captures have integers; new ones strings.

    Raises:
        UnreadableEvent: it is outside the alphabet of ids, or too long.
    """
    return _matching(_ID, holder, names)


def message_id_of(holder: Mapping[str, Any], name: str = "mid") -> str:
    """The id of a private message, "" when it is absent or null; unique only within an account.

    Raises:
        UnreadableEvent: it is outside the alphabet of ids, or too long.
    """
    return _matching(_MESSAGE_ID, holder, (name,))


def _matching(form: re.Pattern[str], holder: Mapping[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = holder.get(name)
        if value is None or value == "":
            continue
        written = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(written, str) or not form.fullmatch(written):
            raise UnreadableEvent(f"{name} is no id")
        return written
    return ""

"""What an event of Viber means for the desk: a message, news of ours, or whether a person takes messages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Never

from hark.domain.events import (
    Event,
    MessageSeen,
    Profile,
    RawEvent,
    Reachable,
    Receipt,
    Receipted,
    SetAside,
    Surface,
    UnreadableEvent,
)
from hark.providers.clean_text import clean
from hark.providers.strict_json import NotStrictJson, loads
from hark.providers.viber import tokens
from hark.providers.viber.attachments import attachment, web_address

_FIRST_BOT = datetime(2016, 1, 1, tzinfo=UTC)
_CLOCK_SKEW = timedelta(minutes=10)
_LANGUAGE = re.compile(r"[a-z]{2,3}([-_][A-Za-z]{2,8})*")
_LONGEST_NAME = 100


def parse(raw: RawEvent, kinds: frozenset[str], account_id: str, arrived: datetime) -> list[Event]:
    """Read one stored event of the bot `account_id`, which arrived (first) at `arrived`, in UTC.

    `kinds` do not matter here: each event of Viber has one name.

    Raises:
        UnreadableEvent: the event breaks Viber's contract.
    """
    try:
        event = loads(raw.body)
    except NotStrictJson as refused:
        raise UnreadableEvent(str(refused)) from None
    if not isinstance(event, dict):
        raise UnreadableEvent("not an object")
    if raw.kind in _SET_ASIDE:
        return [SetAside(_SET_ASIDE[raw.kind])]
    reader = _READERS.get(raw.kind)
    if reader is None:
        return [SetAside("viber.unknown_kind")]
    return [reader(_Stored(event, account_id, arrived))]


@dataclass(frozen=True, slots=True)
class _Stored:
    event: Mapping[str, Any]
    account_id: str
    arrived: datetime

    @property
    def at(self) -> datetime | None:
        """The time Viber gives, None when it cannot be (hostile row H22)."""
        ms = self.event.get("timestamp")
        if isinstance(ms, bool) or not isinstance(ms, int):
            return None
        try:
            said = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=ms)
        except OverflowError:
            return None
        return said if _FIRST_BOT <= said <= self.arrived + _CLOCK_SKEW else None

    @property
    def message_id(self) -> str:
        token = tokens.message_token(self.event.get("message_token"))
        return tokens.message_id(self.account_id, token) if token else _unreadable("no message_token")


def _message(stored: _Stored) -> Event:
    sender, message = stored.event.get("sender"), stored.event.get("message")
    if not isinstance(sender, dict) or not isinstance(message, dict):
        raise UnreadableEvent("a message without sender or content")
    said = message.get("text")
    if message.get("type") == "text" and not isinstance(said, str):
        raise UnreadableEvent("a text without words")
    text, cleaned = clean(said) if isinstance(said, str) else ("", False)
    customer = _profile(sender)
    return MessageSeen(
        message_id=stored.message_id,
        version=1,  # Viber tells of no edits
        versions=(stored.message_id,),
        thread_id=customer.id,
        customer=customer,
        text=text,
        at=stored.at or stored.arrived,
        surface=Surface.DIRECT,
        public=False,
        addressed=True,
        may_reply=True,
        language_hint=_language(sender.get("language")),
        media=() if message.get("type") == "text" else (attachment(message),),
        time_is_doubtful=stored.at is None,
        cleaned=cleaned,
    )


def _subscribed(stored: _Stored) -> Event:
    user = stored.event.get("user")
    if not isinstance(user, dict):
        raise UnreadableEvent("no user")
    return Reachable(_profile(user), reachable=True, at=stored.at or stored.arrived)


def _unsubscribed(stored: _Stored) -> Event:
    return Reachable(Profile(_person(stored.event, "user_id")), reachable=False, at=stored.at or stored.arrived)


def _receipt(receipt: Receipt) -> Callable[[_Stored], Event]:
    def read(stored: _Stored) -> Event:
        customer_id = _person(stored.event, "user_id")
        return Receipted(receipt, customer_id, stored.at or stored.arrived, stored.message_id)

    return read


def _profile(user: Mapping[str, Any]) -> Profile:
    name = user.get("name")
    return Profile(
        id=_person(user, "id"),
        name=clean(name)[0][:_LONGEST_NAME] if isinstance(name, str) else "",
        avatar=web_address(user.get("avatar")),
    )


def _person(holder: Mapping[str, Any], name: str) -> str:
    return tokens.person(holder.get(name)) or _unreadable("no person")


def _language(value: object) -> str:
    # The language of the person's telephone, not of the message.
    return value.replace("_", "-") if isinstance(value, str) and _LANGUAGE.fullmatch(value) else ""


def _unreadable(why: str) -> Never:
    raise UnreadableEvent(why)


_READERS: Mapping[str, Callable[[_Stored], Event]] = {
    "message": _message,
    "subscribed": _subscribed,
    "unsubscribed": _unsubscribed,
    "delivered": _receipt(Receipt.DELIVERED),
    "seen": _receipt(Receipt.SEEN),
    "failed": _receipt(Receipt.REJECTED),
}

_SET_ASIDE: Mapping[str, str] = {
    "webhook": "viber.webhook",
    # The chat was opened, nothing was said, and it is no subscription. The welcome is the door's business.
    "conversation_started": "viber.conversation_started",
}

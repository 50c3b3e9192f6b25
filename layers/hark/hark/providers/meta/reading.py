"""What all of Meta's surfaces have in common: one item with its circumstances, times, texts, people, media."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from hark.domain.events import Media, MediaKind, Profile, UnreadableEvent
from hark.providers.clean_text import clean
from hark.providers.meta.envelope import Item
from hark.providers.meta.naming import digest

MAX_NAME = 100
MAX_URL = 4096

_OLDEST = datetime(2004, 2, 4, tzinfo=UTC)
"""Facebook's first day: no event of Meta is older."""
_CLOCK_SKEW = timedelta(minutes=10)
_SECONDS_BELOW = 10**11
"""A number below is in seconds, else in milliseconds: as milliseconds it would be early in 1973, as seconds in 5138."""
_DIGITS = re.compile(r"[0-9]{1,20}")
_HANDLE = re.compile(r"[A-Za-z0-9._]{1,64}")
_URL = re.compile(r"https://[^\s\x00-\x20\x7f-\x9f\ud800-\udfff\"<>\\^`{|}]+")


@dataclass(frozen=True, slots=True)
class Told:
    """One item of a stored event, the account it is read for, the kinds it has come by, and when it came."""

    item: Item
    account_id: str
    kinds: frozenset[str]
    arrived: datetime
    platform: str

    def is_us(self, id_: str) -> bool:
        """Whether an id is the account's. The entry may name the Page an Instagram account is linked to."""
        return bool(id_) and id_ in (self.account_id, self.item.account_id)

    @property
    def sent_at(self) -> datetime:
        """When Meta says that it sent the event (`entry.time`), or the time of arrival."""
        return self.believed(self.item.time) or self.arrived

    def within_the_second(self, moment: datetime, rank: int, words: str = "") -> datetime:
        """`moment` with milliseconds that put the events of one second into an order that never depends on arrival.

        Meta writes whole seconds for Pages. Of one second's events those of `rank` 0 come first, those of 2 last, and
        those of 1 lie between, placed by a digest of their words. A time with milliseconds stays as it is.
        """
        if moment.microsecond:
            return moment
        return moment + timedelta(milliseconds=(0, 1 + int(digest(words)[:8], 16) % 998, 999)[rank])

    def when(self, said: object) -> tuple[datetime, bool]:
        """When something happened, by Meta's word `said`, and whether that is doubtful.

        Without a word the time of sending counts (Instagram's comments have no other). An absurd word, before
        Facebook or more than ten minutes after the arrival, gives way to the time of arrival (row H22).
        """
        if said is None:
            said = self.item.time
        moment = self.believed(said)
        return (self.arrived, True) if moment is None else (moment, False)

    def believed(self, said: object) -> datetime | None:
        """The time Meta wrote, None when there is none or an absurd one."""
        moment = moment_of(said)
        return moment if moment is not None and _OLDEST <= moment <= self.arrived + _CLOCK_SKEW else None


def moment_of(said: object) -> datetime | None:
    """The time of an epoch in seconds or milliseconds, as a number or digits, or of an ISO time with its zone."""
    if isinstance(said, str) and not _DIGITS.fullmatch(said):
        try:
            moment = datetime.fromisoformat(said)
        except ValueError:
            return None
        return moment.astimezone(UTC) if moment.tzinfo is not None else None
    if isinstance(said, bool) or not isinstance(said, int | str):
        return None
    number = int(said)
    try:
        return datetime.fromtimestamp(0, UTC) + timedelta(
            milliseconds=number if number >= _SECONDS_BELOW else number * 1000
        )
    except OverflowError:
        return None


def milliseconds(moment: datetime) -> int:
    """The epoch in milliseconds."""
    return (moment - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1)


def text_of(holder: Mapping[str, Any], *names: str) -> tuple[str, bool]:
    """The first text there is under `names`, fit for every store, and whether it had to be cleaned (row H15).

    Raises:
        UnreadableEvent: something is there that is no text.
    """
    for name in names:
        value = holder.get(name)
        if value is None:
            continue
        if not isinstance(value, str):
            raise UnreadableEvent(f"{name} is no text")
        return clean(value)
    return "", False


def profile(id_: str, handle: object = None, name: object = None) -> Profile:
    """A person as Meta shows them. An odd name or handle is left out; a person is known by the id."""
    return Profile(
        id=id_,
        handle=handle if isinstance(handle, str) and _HANDLE.fullmatch(handle) else "",
        name=clean(name)[0].strip()[:MAX_NAME] if isinstance(name, str) else "",
    )


def stranger(message_id: str) -> Profile:
    """The author of a message whose author Meta does not name (permission or privacy).

    One for each message, so that the words of two people never end up in one conversation.
    """
    return Profile(f"unknown:{message_id}")


def url_of(value: object) -> str:
    """A web address as Meta gives it, "" when it is none: https only, nothing that breaks out of a page (row H17)."""
    return value if isinstance(value, str) and len(value) <= MAX_URL and _URL.fullmatch(value) else ""


def by_reference(kind: MediaKind, url: object, name: object = None) -> Media:
    """A picture, file or link by reference. Without an address it is only known that something was sent."""
    address = url_of(url)
    shown = clean(name)[0].strip()[:MAX_NAME] if isinstance(name, str) else ""
    return Media(kind if address else MediaKind.UNSUPPORTED, address, shown, expires=ends(address))


def ends(url: str) -> datetime | None:
    """When a signed address of Meta's picture hosts ends: its parameter `oe`, hexadecimal seconds since 1970 [seen in
    captures, not documented]. None where there is none."""
    try:
        given = dict(parse_qsl(urlsplit(url).query, max_num_fields=50)).get("oe", "")
    except ValueError:
        return None
    return datetime.fromtimestamp(int(given, 16), UTC) if re.fullmatch(r"[0-9A-Fa-f]{1,9}", given) else None


NOTHING_READABLE = (Media(MediaKind.UNSUPPORTED),)
"""A message without words or anything else: there was something that Meta does not hand to programs."""

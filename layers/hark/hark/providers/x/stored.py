"""A stored event on its way to being understood, and the parts of X's envelopes that every reader needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from hark.domain.events import Profile, UnreadableEvent
from hark.providers.clean_text import clean
from hark.providers.x import media, posts

_HANDLE = re.compile(r"[A-Za-z0-9_]{1,20}")


@dataclass(frozen=True, slots=True)
class Stored:
    """One event with what is known around it. `kinds` are all ways in which it has come; `arrived` is UTC."""

    envelope: Mapping[str, Any]
    kinds: frozenset[str]
    account_id: str
    arrived: datetime


def inner(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object under `name`.

    Raises:
        UnreadableEvent: there is none.
    """
    found = holder.get(name)
    return found if isinstance(found, dict) else unreadable(f"no {name}")


def entry(envelope: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The only item of the list under `name`.

    Raises:
        UnreadableEvent: there is no list, or not one object in it.
    """
    listed = envelope.get(name)
    if not isinstance(listed, list) or len(listed) != 1 or not isinstance(listed[0], dict):
        raise UnreadableEvent("not one entry")
    return listed[0]


def bare(listed: object) -> list[Mapping[str, Any]]:
    """The objects of a list. X sends included ones bare or wrapped in {"data": …}, without a rule."""
    return [unwrapped for item in (listed if isinstance(listed, list) else []) if (unwrapped := unwrap(item))]


def unwrap(item: object) -> Mapping[str, Any]:
    """An object without the {"data": …} around it; empty when it is none."""
    found = item.get("data", item) if isinstance(item, dict) else None
    return found if isinstance(found, dict) else {}


def profile(user_id: str, user: Mapping[str, Any]) -> Profile:
    """A user as X shows them, in any of X's three vocabularies."""
    handle, name = user.get("username", user.get("screen_name")), user.get("name")
    picture = media.web_address(user.get("profile_image_url")) or media.web_address(user.get("profile_image_url_https"))
    return Profile(
        id=user_id,
        handle=handle if isinstance(handle, str) and _HANDLE.fullmatch(handle) else "",
        name=clean(posts.unescape(name))[0][:100] if isinstance(name, str) else "",
        protected=user.get("protected") is True,
        avatar=picture,
        followers=posts.count(user.get("public_metrics"), "followers_count") or posts.count(user, "followers_count"),
    )


def unreadable(why: str) -> NoReturn:
    """Refuse the event.

    Raises:
        UnreadableEvent: always.
    """
    raise UnreadableEvent(why)

"""What people send beside words, and their pictures: fetched once from the platform, kept for a while, shown by us.

A browser of an agent never asks a stranger's server: that would tell it who looks, and when.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from botocore.exceptions import BotoCoreError, ClientError

from hark import log
from hark.desk.actions import NotFound
from hark.domain.account import Account
from hark.domain.events import MediaKind
from hark.domain.message import Message
from hark.domain.time import text as time_text
from hark.fetch.address import Blocked
from hark.fetch.guarded import Fetched, Fetcher, Gone, OutOfReach
from hark.fetch.kind import Unfit, kind_of
from hark.store import media as places
from hark.store.accounts import Accounts
from hark.store.cases import Cases
from hark.store.media import MediaStore
from hark.store.messages import Messages

FETCHED = frozenset({MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.AUDIO, MediaKind.FILE, MediaKind.STICKER})
"""Kinds that have bytes on the platform. A link leads anywhere and is for the agent to follow, or not."""
SOON = timedelta(days=1)
"""What is gone by then is fetched when it comes, and not when somebody looks."""
KEEPING_SECONDS = 15.0
"""For all media of one message together, while other messages wait."""


class NotThere(Exception):
    """There is nothing to show. `code`: `gone` for good, `unfit` to be shown or too large, `later` perhaps."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Shown:
    """Bytes with what they are, and the name that the sender gave them, which may be anything."""

    file: Fetched
    name: str = ""


@dataclass(frozen=True)
class Copies:
    """`hosts` are those of a provider's media, by the provider's name."""

    messages: Messages
    cases: Cases
    accounts: Accounts
    kept: MediaStore
    fetcher: Fetcher
    hosts: Callable[[str], Collection[str]]
    clock: Callable[[], datetime]

    # --- shown ---

    def of_message(self, brand: str, case_id: str, message_id: str, number: int) -> Shown:
        """The `number`-th thing (from 0) that came with a message of a case.

        Raises:
            NotFound: no such message in this case of the brand, or nothing of that number with bytes (H34, H43).
            NotThere
        """
        case = self.cases.get(brand, case_id)
        message = self.messages.get(brand, case.platform, message_id) if case else None
        if case is None or message is None:
            raise NotFound(message_id)
        item = _item(message, case_id, number)
        place = places.of_message(brand, message.platform, message.id)
        body = self.kept.get(place, item["url"])
        if body is None:
            if item["expires"] and item["expires"] <= time_text(self.clock()):
                raise NotThere("gone")
            body = self._fetch(case.provider, item["url"], self.fetcher).body
            self.kept.put(place, item["url"], body)
            now = self.messages.get(brand, case.platform, message_id)
            if now is None or now.gone:
                # Deleted while we fetched it. Whoever deleted it may have looked for copies before ours was there.
                self.kept.delete(place)
                raise NotFound(message_id)
        return Shown(_known(body), item["name"])

    def of_person(self, brand: str, platform: str, person_id: str) -> Shown:
        """A person's picture.

        Raises:
            NotThere: also for a person whom the brand does not know, as for one without a picture.
        """
        url = str(self.messages.who(brand, platform, person_id).get("avatar", ""))
        if not url:
            raise NotThere("gone")
        place = places.of_person(brand, platform, person_id)
        body = self.kept.get(place, url)
        if body is None:
            body = self._fetch(self._provider(brand, platform), url, self.fetcher).body
            self.kept.put(place, url, body)
            if not self.messages.who(brand, platform, person_id):
                self.kept.delete(place)
                raise NotThere("gone")
        shown = _known(body)
        if not shown.kind.picture:
            raise NotThere("unfit")
        return Shown(shown)

    # --- kept and forgotten ---

    def keep(self, provider: str, message: Message, seconds: float = KEEPING_SECONDS) -> None:
        """Fetch what will soon be gone from the platform, while it is there. To be called once the message is stored.

        Never raises for trouble of the platform or the bucket: what could not be had is counted as `media_lost`, and
        tried once more when somebody looks.
        """
        until = time.monotonic() + seconds
        soon = time_text(self.clock() + SOON)
        for number, item in enumerate(message.media):
            if item["kind"] not in FETCHED or not item["url"] or not item["expires"] or item["expires"] > soon:
                continue
            try:
                self._keep(provider, message, item["url"], until)
            except (NotThere, ClientError, BotoCoreError) as trouble:
                log.count("media_lost", provider)
                code = trouble.code if isinstance(trouble, NotThere) else "store"
                log.warning("media.lost", provider=provider, case=message.conversation, number=number, code=code)

    def _keep(self, provider: str, message: Message, url: str, until: float) -> None:
        left = until - time.monotonic()
        if left <= 0:
            raise NotThere("later")
        limits = self.fetcher.limits
        hurried = replace(self.fetcher, limits=replace(limits, whole=min(limits.whole, left)))
        place = places.of_message(message.brand, message.platform, message.id)
        self.kept.put(place, url, self._fetch(provider, url, hurried).body)
        now = self.messages.get(message.brand, message.platform, message.id)
        if now is None or now.gone:
            self.kept.delete(place)

    def forget(self, message: Message) -> None:
        """Delete all copies of a message's media (I6). To be called once its tombstone is stored.

        Raises:
            botocore's errors: then it has to be called again.
        """
        self.kept.delete(places.of_message(message.brand, message.platform, message.id))

    def forget_person(self, brand: str, platform: str, person_id: str) -> None:
        """Delete all copies of a person's pictures (I30). To be called once the identity is gone.

        Raises:
            botocore's errors: then it has to be called again.
        """
        self.kept.delete(places.of_person(brand, platform, person_id))

    # --- small things ---

    def _provider(self, brand: str, platform: str) -> str:
        for item in self.accounts.of_brand(brand):
            account = Account.model_validate(item)
            if account.carries(platform):
                return account.provider
        raise NotThere("gone")

    def _fetch(self, provider: str, url: str, fetcher: Fetcher) -> Fetched:
        try:
            return fetcher.fetch(url, self.hosts(provider))
        except Blocked as blocked:
            log.count("ssrf_block", provider)
            log.warning("media.blocked", provider=provider, code=blocked.reason)
            raise NotThere("unfit") from None
        except Unfit as unfit:
            log.info("media.unfit", provider=provider, code=unfit.reason)
            raise NotThere("unfit") from None
        except Gone as gone:
            log.info("media.gone", provider=provider, status=gone.status)
            raise NotThere("gone") from None
        except OutOfReach:
            log.warning("media.out_of_reach", provider=provider)
            raise NotThere("later") from None


def _item(message: Message, case_id: str, number: int) -> dict[str, str]:
    if message.gone or message.conversation != case_id or number >= len(message.media):
        raise NotFound(message.id)
    item = message.media[number]
    if item["kind"] not in FETCHED:
        raise NotFound(message.id)
    if not item["url"]:
        raise NotThere("gone")
    return item


def _known(body: bytes) -> Fetched:
    """A file of the bucket is looked at again: rules may have become stricter since it was kept."""
    try:
        return Fetched(body, kind_of(body))
    except Unfit:
        raise NotThere("unfit") from None

"""Filing a message: what it is after an event, where it belongs, and the writes that say so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hark.domain import message as folding
from hark.domain import talk
from hark.domain.account import Account
from hark.domain.case import Case, Change
from hark.domain.events import Event, MessageSeen, Notice, RawEvent, Wanted
from hark.domain.message import Message
from hark.domain.policy import Policy
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.erasures import Erasures
from hark.store.keys import Key
from hark.store.ledger import Ledger, Story
from hark.store.messages import Messages
from hark.store.table import Item, Write


class OfTheErased(Exception):
    """It was said by, or to, somebody who has been erased since: nothing of it is taken in (I30)."""


class Parse(Protocol):
    def __call__(self, raw: RawEvent, kinds: frozenset[str], account_id: str, arrived: datetime) -> list[Event]: ...


@dataclass(frozen=True)
class Reading:
    """How one provider's events are read: its parser, and what makes two texts the same after the platform's edits."""

    parse: Parse
    normalised: Callable[[str], str]
    ask_profile: Callable[[str, str], Wanted | None] = lambda platform, person_id: None
    """How to ask who writes, by platform and person id, where private messages come without a name."""
    hit_kind: str = ""
    """The kind under which hits of a search are filed; empty where nothing can be searched."""


@dataclass(frozen=True)
class Filing:
    ledger: Ledger
    messages: Messages
    erasures: Erasures
    clock: Callable[[], datetime]

    def begins_with(
        self, brand: str, platform: str, person_id: str, said_at: str, *, doubtful: bool
    ) -> tuple[str, Write]:
        """When a person with whom something begins was erased before (empty: never), and the write that holds only
        while that is so.

        Raises:
            OfTheErased: it was said before that.
        """
        erased_at = self.erasures.forgotten_at(brand, platform, person_id)
        if erased_at and (doubtful or said_at <= erased_at):
            raise OfTheErased
        return erased_at, self.erasures.still(brand, platform, person_id, erased_at)

    def message(
        self, story: Story, account: Account, event: MessageSeen | Notice
    ) -> tuple[Message | None, Message, list[Write]]:
        """The message before and after, and the writes: its own first, then its aliases' and the ledger's."""
        platform, entry = event.platform or account.platform, story.entry
        versions = event.versions if isinstance(event, MessageSeen) else ()
        known = self.messages.versions(account.brand, platform, versions or (event.message_id,))
        old = known.get(event.message_id)
        conversation = keys.case_id(account.brand, platform, account.id, event.thread_id, event.customer.id)
        if isinstance(event, Notice):
            message = folding.noticed(old, event, account.brand, platform, conversation)
        else:
            message = folding.seen(old, event, account.brand, platform, conversation)
        if any(m.gone for m in known.values()):
            # A delete may name any version and may come before all of them (I5).
            message = folding.gone(message, message.id, account.brand, platform)
        message = message.model_copy(update={"raws": tuple(sorted({*message.raws, entry.key.pk}))})
        released: list[Write] = []
        if message.conversation and message.waiting:
            again = [self.ledger.again(Key(pk, "RAW"), time_text(self.clock())) for pk in message.waiting]
            released = self.ledger.in_parts(again)
            message = message.model_copy(update={"waiting": ()})
        ending = story.end("folded", message=message.id, blank=message.gone)
        writes: list[Write] = [self.messages.write(old, message), *ending, *released]
        writes += [
            self.messages.alias(message, version)
            for version in versions
            if version != message.id and version not in known
        ]
        return old, message, writes

    def seed(
        self, account: Account, event: MessageSeen | Notice, message: Message, before: Item, now: str, erased_at: str
    ) -> Case:
        """The case to open, with what was learnt of the person and the conversation before there was one."""
        known = self.messages.who(account.brand, message.platform, event.customer.id)
        learnt: Item = {n: known[n] for n in ("reachable", "reachable_at") if n in known}
        learnt |= {n: before[n] for n in ("outside_at", "elsewhere", "elsewhere_at", "seen_at") if n in before}
        return Case(
            id=message.conversation, brand=account.brand, provider=account.provider, platform=message.platform,
            account_id=account.id, thread_id=event.thread_id, customer_id=event.customer.id,
            handle=event.customer.handle, name=event.customer.name, public=message.public,
            opened_at=message.at, asked_at=message.at, updated_at=now,
            deadline=message.at, erased_at=erased_at, **learnt,
        )  # fmt: skip

    @staticmethod
    def back(case: Case, event: MessageSeen | Notice) -> Case:
        """The case of somebody who was erased and writes to us again."""
        person = event.customer
        known = {"customer_id": person.id, "thread_id": event.thread_id, "handle": person.handle, "name": person.name}
        return case.model_copy(update=known)

    @staticmethod
    def held(change: Change, event: MessageSeen | Notice, message: Message, policy: Policy, now: str) -> Change:
        """A message also tells who holds its thread: another program (standby) or we."""
        if message.public or isinstance(event, Notice):
            return change
        held = talk.held_elsewhere(change[0], event.elsewhere, message.at, policy, now)
        return (held[0], (*change[1], *held[1])) if held else change

"""From a stored event to message, conversation and case: one transaction per event, the same however often it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from hark import log
from hark.desk.aftermath import Aftermath
from hark.desk.workflow import Workflow
from hark.domain import message as folding
from hark.domain import talk
from hark.domain.account import Account
from hark.domain.case import Case, Change
from hark.domain.events import (
    Event,
    MessageSeen,
    Notice,
    Profile,
    RawEvent,
    SetAside,
    UnreadableEvent,
    Wanted,
)
from hark.domain.message import Message
from hark.domain.policy import Policy
from hark.domain.reply import Reply, State
from hark.domain.time import parse as parse_time
from hark.domain.time import text as time_text
from hark.providers.contract import OF_THE_APP
from hark.store import keys
from hark.store.accounts import Accounts
from hark.store.cases import Cases, Stale
from hark.store.keys import Key
from hark.store.ledger import Entry, Ledger, Story
from hark.store.messages import Messages
from hark.store.people import People
from hark.store.replies import Replies
from hark.store.table import ConditionFailed, Conflict, Item, Write

ATTEMPTS = 8
"""How often one fold is begun anew because somebody else wrote the same items first."""
HEARD_EVERY = timedelta(minutes=5)
"""How exactly an account knows when anything last came in; each such note costs a write."""


class Parse(Protocol):
    def __call__(self, raw: RawEvent, kinds: frozenset[str], account_id: str, arrived: datetime) -> list[Event]: ...


@dataclass(frozen=True)
class Reading:
    """How one provider's events are read: its parser, and what makes two texts the same after the platform's edits."""

    parse: Parse
    normalised: Callable[[str], str]
    ask_profile: Callable[[str, str], Wanted | None] = lambda platform, person_id: None
    """How to ask who writes, by platform and person id, where private messages come without a name."""


@dataclass(frozen=True)
class Intake:
    ledger: Ledger
    accounts: Accounts
    messages: Messages
    cases: Cases
    replies: Replies
    people: People
    workflow: Workflow
    aftermath: Aftermath
    reading: Callable[[str], Reading]
    clock: Callable[[], datetime]
    came_with_media: list[tuple[str, Message]] = field(default_factory=list)
    """Provider and message, for `media_that_came`."""

    def fold(self, key: Key) -> str:
        """Fold one ledger entry; the state it is in afterwards.

        Raises:
            Stale: others kept writing the same items; try later. Every botocore error.
        """
        for _ in range(ATTEMPTS):
            entry = self.ledger.entry(key)
            if entry is None or entry.state != "received":
                return entry.state if entry else "unknown"
            try:
                return self._fold(entry)
            except (Stale, Conflict, ConditionFailed):
                continue
        raise Stale

    def failed(self, key: Key, reason: str) -> str:
        """Count an attempt that raised; after the last one the entry is quarantined (I34)."""
        entry = self.ledger.entry(key)
        if entry is None or entry.state != "received":
            return "moved"
        state = self.ledger.failed(entry, reason, self.clock())
        if state == "quarantined":
            log.count("poison", entry.provider)
        return state

    def _fold(self, entry: Entry) -> str:
        account = self._account(entry.provider, entry.event.account_id, entry.brand)
        if account is None or account.brand != entry.brand:
            # Another brand may have connected it meanwhile: what came before that is none of theirs (I25).
            return self._end(entry, "set_aside", "account.unknown")
        if not entry.event.body:
            return self._end(entry, "folded", "message.gone")  # blanked with its message, and now told of once more
        try:
            account, events = self._read(entry, account)
        except UnreadableEvent as broken:
            log.count("poison", entry.provider)
            log.error("intake.unreadable", broken, entry=entry.key.pk)
            return self._end(entry, "quarantined", "unreadable")
        if account is None:
            return self._end(entry, "set_aside", "account.unknown")
        self._heard(entry, account)
        if not events:
            return self._end(entry, "set_aside", "event.empty")
        state = "set_aside"
        for number, event in enumerate(events, 1):
            story = self.ledger.story(entry, time_text(self.clock()), last=number == len(events))
            state = self._one(story, account, event)
        return state

    def _one(self, story: Story, account: Account, event: Event) -> str:
        match event:
            case SetAside():
                if event.reason.endswith(".unknown_kind"):
                    log.count("unknown_kind", story.entry.provider)
                return self._end(story.entry, "set_aside", event.reason)
            case Wanted():
                self.accounts.want(account.provider, account.id, event.reference, story.entry.event.key)
                return self._end(story.entry, "set_aside", "looked_up_later")
            case MessageSeen() if event.own:
                return self._own(story, account, event)
            case MessageSeen() | Notice():
                return self._customers(story, account, event)
            case _:
                return self.aftermath.fold(story, account, event)

    def _account(self, provider: str, account_id: str, brand: str) -> Account | None:
        if account_id == OF_THE_APP:
            return Account(provider=provider, id=OF_THE_APP, brand=brand, platform="", handle="")
        found = self.accounts.find(provider, account_id)
        return Account.model_validate(found) if found else None

    def _read(self, entry: Entry, account: Account) -> tuple[Account | None, list[Event]]:
        """The events, and whose they are: another account of the provider may carry the platform they are from."""
        parse = self.reading(entry.provider).parse
        arrived = parse_time(entry.arrived)
        events = parse(entry.event, entry.kinds, account.id, arrived)
        platform = next((p for e in events if (p := getattr(e, "platform", ""))), "")
        if not platform or account.carries(platform):
            return account, events
        other = self._account(entry.provider, account.linked, entry.brand) if account.linked else None
        if other is None or other.brand != entry.brand or not other.carries(platform):
            return None, []
        return other, parse(entry.event, entry.kinds, other.id, arrived)

    def _heard(self, entry: Entry, account: Account) -> None:
        """Note that the account's webhooks work: something came this way (the freshness clock)."""
        if entry.source != "webhook" or account.id == OF_THE_APP:
            return
        if not account.last_event_at or parse_time(entry.arrived) - parse_time(account.last_event_at) >= HEARD_EVERY:
            self.accounts.note(account.provider, account.id, last_event_at=entry.arrived)

    def _end(self, entry: Entry, state: str, reason: str) -> str:
        self.ledger.table.change(self.ledger.finished(entry, state, time_text(self.clock()), reason))
        return state

    # --- a customer's message ---

    def _customers(self, story: Story, account: Account, event: MessageSeen | Notice) -> str:
        old, message, writes = self._message(story, account, event)
        if isinstance(event, MessageSeen):
            self._count(event, account.provider)
        policy, now = self.people.policy(account.brand), time_text(self.clock())
        case = self.cases.get(account.brand, message.conversation) if message.conversation else None
        change: Change | None = None
        if message.gone or not message.conversation:
            pass
        elif old is None or not old.conversation:
            seed = case
            if seed is None:
                before = self.cases.before(account.brand, message.conversation)
                seed = self._seed(account, event, message, before, now)
                writes.append(self.cases.opens_with(account.brand, message.conversation, before))
                self._ask_who(account, event, message)
            change = talk.customer_wrote(case, message, seed, policy, now)
            change = self._held(change, event, message, policy, now)
        elif case and message.version > old.version:
            change = talk.customer_edited(case, message, now)
        elif case and message.may_reply and not old.may_reply and case.reply_to == message.id:
            change = talk.may_reply_now(case, message, now)
        if case and old and old.conversation and message.at < old.at:
            earlier = talk.written_earlier(change[0] if change else case, message, policy, now)
            change = (earlier, change[1] if change else ())
        profile = event.customer
        if change is None and case and not (case.handle or case.name) and (profile.handle or profile.name):
            change = (case, ())  # the first telling did not say who they are
        if change is None:
            self.ledger.table.transact(writes)
            return "folded"
        if profile.handle or profile.name:
            known = {"handle": profile.handle or change[0].handle, "name": profile.name or change[0].name}
            change = (change[0].model_copy(update=known), change[1])
            writes.append(self.messages.identity(account.brand, message.platform, profile))
        after = self.cases.commit(case, *change, now, also=writes)
        if message.media:
            self.came_with_media.append((account.provider, message))
        self.workflow.move(after)
        return "folded"

    def media_that_came(self) -> list[tuple[str, Message]]:
        """Messages with media that were folded since the last time of asking, by provider.

        Some of what they point at is gone within the hour; whoever has time left fetches it.
        """
        came = list(self.came_with_media)
        self.came_with_media.clear()
        return came

    def _ask_who(self, account: Account, event: MessageSeen | Notice, message: Message) -> None:
        """Have the poll ask for a name that no message brings. Asked for in vain, should the fold fail after it."""
        person = event.customer
        if message.public or person.name or person.handle:
            return
        wanted = self.reading(account.provider).ask_profile(message.platform, person.id)
        if wanted is not None and not self.messages.who(account.brand, message.platform, person.id).get("name"):
            self.accounts.want(account.provider, account.id, wanted.reference, "")

    @staticmethod
    def _count(event: MessageSeen, provider: str) -> None:
        if event.time_is_doubtful:
            log.count("bad_time", provider)
        if event.cleaned:
            log.count("cleaned", provider)

    @staticmethod
    def _held(change: Change, event: MessageSeen | Notice, message: Message, policy: Policy, now: str) -> Change:
        """A message also tells who holds its thread: another program (standby) or we."""
        if message.public or isinstance(event, Notice):
            return change
        held = talk.held_elsewhere(change[0], event.elsewhere, message.at, policy, now)
        return (held[0], (*change[1], *held[1])) if held else change

    def _message(
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

    def _seed(self, account: Account, event: MessageSeen | Notice, message: Message, before: Item, now: str) -> Case:
        """The case to open, with what was learnt of the person and the conversation before there was one."""
        known = self.messages.who(account.brand, message.platform, event.customer.id)
        learnt: Item = {n: known[n] for n in ("reachable", "reachable_at") if n in known}
        learnt |= {n: before[n] for n in ("outside_at", "elsewhere", "elsewhere_at", "seen_at") if n in before}
        return Case(
            id=message.conversation, brand=account.brand, provider=account.provider, platform=message.platform,
            account_id=account.id, thread_id=event.thread_id, customer_id=event.customer.id,
            handle=event.customer.handle, name=event.customer.name, public=message.public,
            opened_at=message.at, asked_at=message.at, updated_at=now,
            deadline=message.at, **learnt,
        )  # fmt: skip

    # --- our own message ---

    def _own(self, story: Story, account: Account, event: MessageSeen) -> str:
        """An echo proves a reply of ours; anything else was written by staff on the platform. Never a new case."""
        log.count("echo", account.provider)
        platform = event.platform or account.platform
        if not event.customer.id:
            addressed = self._addressed(story, account, event, platform)
            if addressed is None:
                return "set_aside"
            event = addressed
        old, message, writes = self._message(story, account, event)
        policy, now = self.people.policy(account.brand), time_text(self.clock())
        first = not (old and old.conversation) and bool(message.conversation)
        case = self.cases.get(account.brand, message.conversation) if message.conversation else None
        signed = bool(old and old.by)
        reply = self._reply_behind(account, case, event) if first and not message.gone and not signed else None
        if reply is not None:
            written = message.model_copy(update={"by": reply.by, "text": reply.text})
            writes[0] = self.messages.write(old, written)
            if reply.state is State.SENT:
                return self._known(reply, written, writes)
            return self._proven(reply, written, writes, policy, now)
        if message.gone or not first or signed:
            self.ledger.table.transact(writes)
            return "folded"
        if case is None:
            self.ledger.table.transact([*writes, *self._early(account.brand, event, message)])
            return "folded"
        change = talk.answered_outside(case, policy, now, message, self.messages.written_after(case, message.at))
        change = self._held(change, event, message, policy, now)
        after = self.cases.commit(case, *change, now, also=writes)
        self.workflow.move(after)
        return "folded"

    def _early(self, brand: str, event: MessageSeen, message: Message) -> list[Write]:
        """Our message has overtaken what it answers: remember when it was written, for the case that may come."""
        known = self.cases.before(brand, message.conversation)
        learnt: dict[str, Any] = {"outside_at": max(known.get("outside_at", ""), message.at)}
        held = (message.at, event.elsewhere)
        if not message.public and held > (known.get("elsewhere_at", ""), known.get("elsewhere", False)):
            learnt |= {"elsewhere_at": message.at, "elsewhere": event.elsewhere}
        return self.cases.learns(brand, message.conversation, known, **learnt)

    def _addressed(self, story: Story, account: Account, event: MessageSeen, platform: str) -> MessageSeen | None:
        """Whom our message is for: the person whose message it answers. None when that has not come yet; then this
        event waits on it, in the very item that a later fold of it has to change."""
        parent = self.messages.resolved(account.brand, platform, event.in_reply_to) if event.in_reply_to else None
        if parent and parent.conversation:
            case = self.cases.get(account.brand, parent.conversation)
            if case is not None:
                return replace(event, customer=Profile(case.customer_id), thread_id=case.thread_id)
        writes = story.end("set_aside", "parent.unknown")
        if event.in_reply_to and (parent is None or not parent.conversation):
            waiting = folding.waited_for(parent, event.in_reply_to, account.brand, platform, story.entry.key.pk)
            writes.append(self.messages.write(parent, waiting))
        self.ledger.table.transact(writes)
        return None

    def _reply_behind(self, account: Account, case: Case | None, event: MessageSeen) -> Reply | None:
        """The reply of ours this echo is of: by the mark we sent along, else in flight or doubtful, to the same
        message and in the same words."""
        named = keys.marked(event.marker)
        marked = self.replies.get(account.brand, *named) if named else None
        if marked is not None:
            return marked
        if case is None:
            return None
        normalised = self.reading(account.provider).normalised
        for reply in self.replies.of_case(case.brand, case.id):
            in_flight = reply.state in (State.SENDING, State.UNKNOWN, State.HUMAN) or reply.resend
            found_by_hand = (
                reply.state is State.SENT and not reply.platform_id and time_text(event.at) < reply.not_after
            )
            if not (reply.says and (in_flight or found_by_hand)) or normalised(reply.text) != normalised(event.text):
                continue
            if not event.public or event.in_reply_to in self._places(account.brand, reply):
                return reply
        return None

    def _places(self, brand: str, reply: Reply) -> Iterator[str]:
        """Where a platform may put a public answer: under its message or, that being an answer itself, beside it."""
        yield reply.in_reply_to
        target = self.messages.get(brand, reply.platform, reply.in_reply_to)
        if target is not None and target.in_reply_to:
            yield target.in_reply_to

    def _known(self, reply: Reply, message: Message, writes: list[Write]) -> str:
        """The reply was known to be out: nothing happens to any case. One found by hand learns what the platform
        calls it; a private one to a comment is shown in its own thread, too."""
        if not reply.platform_id:
            named = reply.model_copy(update={"platform_id": message.id})
            writes = [*writes, self.replies.write(reply, named)]
        self.ledger.table.transact(writes)
        return "folded"

    def _proven(self, reply: Reply, message: Message, writes: list[Write], policy: Policy, now: str) -> str:
        """The reply is out. A private reply to a comment stands in the comment's case too, not only in its own
        thread."""
        case = self.cases.get(reply.brand, reply.case)
        if case is None:
            raise LookupError(f"reply {reply.id} of no case")
        sent = reply.model_copy(
            update={"state": State.SENT, "platform_id": message.id, "look_at": "", "code": "reply.seen"}
        )
        writes = [*writes, self.replies.write(reply, sent)]
        if message.conversation != case.id:
            copy = folding.own(sent, case, message.at)
            if self.messages.get(reply.brand, reply.platform, copy.id) is None:
                writes.append(self.messages.write(None, copy))
        later = self.messages.written_after(case, reply.heard_at)
        change = talk.answered(case, policy, now, "reply.seen", reply.by, reply.id, later)
        if reply.verb == "private_reply":
            change = (change[0].model_copy(update={"private_reply_at": now}), change[1])
        after = self.cases.commit(case, *change, now, also=writes)
        self.workflow.move(after)
        return "folded"

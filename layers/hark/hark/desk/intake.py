"""From a stored event to message, conversation and case: one transaction per event, the same however often it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hark import log
from hark.desk.workflow import Workflow
from hark.domain import case as cases_rules
from hark.domain import message as folding
from hark.domain.account import Account
from hark.domain.case import Case
from hark.domain.events import AccessRevoked, Event, MessageGone, MessageSeen, RawEvent, SetAside, UnreadableEvent
from hark.domain.message import Message
from hark.domain.policy import Policy
from hark.domain.reply import Reply, State
from hark.domain.time import parse as parse_time
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.accounts import Accounts
from hark.store.cases import Cases, Stale
from hark.store.keys import Key
from hark.store.ledger import Entry, Ledger
from hark.store.messages import Messages
from hark.store.people import People
from hark.store.replies import Replies
from hark.store.table import ConditionFailed, Conflict, Write

ATTEMPTS = 8
"""How often one fold is begun anew because somebody else wrote the same items first."""


class Parse(Protocol):
    def __call__(self, raw: RawEvent, kinds: frozenset[str], account_id: str, arrived: datetime) -> list[Event]: ...


@dataclass(frozen=True)
class Reading:
    """How one provider's events are read: its parser, and what makes two texts the same after the platform's edits."""

    parse: Parse
    normalised: Callable[[str], str]


@dataclass(frozen=True)
class Intake:
    ledger: Ledger
    accounts: Accounts
    messages: Messages
    cases: Cases
    replies: Replies
    people: People
    workflow: Workflow
    reading: Callable[[str], Reading]
    clock: Callable[[], datetime]

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
        found = self.accounts.find(entry.provider, entry.event.account_id)
        if found is None:
            return self._end(entry, "set_aside", "account.unknown")
        account = Account.model_validate(found)
        if not entry.event.body:
            return self._end(entry, "folded", "message.gone")  # blanked with its message, and now told of once more
        try:
            events = self.reading(entry.provider).parse(entry.event, entry.kinds, account.id, parse_time(entry.arrived))
        except UnreadableEvent as broken:
            log.count("poison", entry.provider)
            log.error("intake.unreadable", broken, entry=entry.key.pk)
            return self._end(entry, "quarantined", "unreadable")
        state = "set_aside"
        for event in events:
            match event:
                case SetAside():
                    if event.reason.endswith(".unknown_kind"):
                        log.count("unknown_kind", entry.provider)
                    return self._end(entry, "set_aside", event.reason)
                case AccessRevoked():
                    now = time_text(self.clock())
                    self.accounts.set_state(account.provider, account.id, "paused", event.reason, now)
                    log.error("account.paused", provider=account.provider, account=account.id, code=event.reason)
                    return self._end(entry, "folded", event.reason)
                case MessageGone():
                    state = self._gone(entry, account, event)
                case MessageSeen() if event.own:
                    state = self._own(entry, account, event)
                case MessageSeen():
                    state = self._customers(entry, account, event)
        return state if events else self._end(entry, "set_aside", "event.empty")

    def _end(self, entry: Entry, state: str, reason: str) -> str:
        self.ledger.table.change(self.ledger.finished(entry, state, time_text(self.clock()), reason))
        return state

    # --- a customer's message ---

    def _customers(self, entry: Entry, account: Account, event: MessageSeen) -> str:
        old, message, writes = self._message(entry, account, event)
        if event.time_is_doubtful:
            log.count("bad_time", entry.provider)
        if event.cleaned:
            log.count("cleaned", entry.provider)
        policy, now = self.people.policy(account.brand), time_text(self.clock())
        case = self.cases.get(account.brand, message.conversation)
        change: cases_rules.Change | None = None
        if message.gone:
            pass
        elif old is None or not old.conversation:
            seed = self._seed(account, event, message, policy, now)
            change = cases_rules.customer_wrote(case, message, seed, policy, now)
        elif case and message.version > old.version:
            change = cases_rules.customer_edited(case, message, now)
        elif case and message.may_reply and not old.may_reply and case.reply_to == message.id:
            change = cases_rules.may_reply_now(case, message, now)
        who = {"id": event.customer.id, "handle": event.customer.handle, "name": event.customer.name}
        if change:
            if who["handle"] or who["name"]:
                changed = change[0].model_copy(
                    update={"handle": who["handle"] or change[0].handle, "name": who["name"] or change[0].name}
                )
                change = (changed, change[1])
                writes.append(self.messages.identity(account.brand, account.platform, who))
            after = self.cases.commit(case, *change, now, also=writes)
            self.workflow.move(after)
        else:
            self.ledger.table.transact(writes)
        return "folded"

    def _message(
        self, entry: Entry, account: Account, event: MessageSeen
    ) -> tuple[Message | None, Message, list[Write]]:
        """The message before and after, and the writes for it, its aliases and the ledger."""
        known = self.messages.versions(account.brand, account.platform, event.versions or (event.message_id,))
        old = known.get(event.message_id)
        conversation = keys.case_id(account.brand, account.platform, account.id, event.thread_id, event.customer.id)
        message = folding.seen(old, event, account.brand, account.platform, conversation)
        if any(m.gone for m in known.values()):
            # A delete may name any version and may come before all of them (I5).
            message = folding.gone(message, message.id, account.brand, account.platform)
        message = message.model_copy(update={"raws": tuple(sorted({*message.raws, entry.key.pk}))})
        writes: list[Write] = [
            self.ledger.finished(entry, "folded", time_text(self.clock()), message=message.id),
            self.messages.write(old, message),
        ]
        writes += [
            self.messages.alias(message, version)
            for version in event.versions
            if version != message.id and version not in known
        ]
        if message.gone:
            writes[0] = self._blank(writes[0])
        return old, message, writes

    @staticmethod
    def _blank(write: Write) -> Write:
        """The same end of the event's story, without its words."""
        from dataclasses import replace

        from hark.store.table import Change

        if not isinstance(write, Change):
            raise TypeError(write)
        return replace(write, set={**write.set, "blanked": True}, remove=(*write.remove, "body"))

    def _seed(self, account: Account, event: MessageSeen, message: Message, policy: Policy, now: str) -> Case:
        return Case(
            id=message.conversation, brand=account.brand, provider=account.provider, platform=account.platform,
            account_id=account.id, thread_id=event.thread_id, customer_id=event.customer.id,
            handle=event.customer.handle, name=event.customer.name, public=event.public,
            opened_at=message.at, asked_at=message.at, updated_at=now,
            deadline=message.at,
        )  # fmt: skip

    # --- our own message ---

    def _own(self, entry: Entry, account: Account, event: MessageSeen) -> str:
        """An echo proves a reply of ours; anything else was written by staff on the platform. Never a new case."""
        log.count("echo", entry.provider)
        old, message, writes = self._message(entry, account, event)
        policy, now = self.people.policy(account.brand), time_text(self.clock())
        case = self.cases.get(account.brand, message.conversation)
        if case is None or message.gone or (old and old.conversation):
            self.ledger.table.transact(writes)
            return "folded"
        reply = self._reply_behind(case, event, self.reading(entry.provider).normalised)
        if reply is None:
            after = self.cases.commit(case, *cases_rules.answered_outside(case, policy, now, message), now, also=writes)
        else:
            writes[1] = self.messages.write(old, message.model_copy(update={"by": reply.by, "text": reply.text}))
            sent = reply.model_copy(
                update={"state": State.SENT, "platform_id": message.id, "look_at": "", "code": "reply.seen"}
            )
            writes.append(self.replies.write(reply, sent))
            change = cases_rules.answered(case, policy, now, "reply.seen", reply.by, reply.id)
            after = self.cases.commit(case, *change, now, also=writes)
        self.workflow.move(after)
        return "folded"

    def _reply_behind(self, case: Case, event: MessageSeen, normalised: Callable[[str], str]) -> Reply | None:
        """The reply of ours this echo proves: in flight or doubtful, same parent, same words."""
        for reply in self.replies.of_case(case.brand, case.id):
            in_flight = reply.state in (State.SENDING, State.UNKNOWN, State.HUMAN)
            same = reply.in_reply_to == event.in_reply_to and normalised(reply.text) == normalised(event.text)
            if in_flight and same:
                return reply
        return None

    # --- a message taken away ---

    def _gone(self, entry: Entry, account: Account, event: MessageGone) -> str:
        named = self.messages.get(account.brand, account.platform, event.message_id)
        target = named.first_id if named and named.first_id else event.message_id
        old = self.messages.get(account.brand, account.platform, target) if target != event.message_id else named
        if old and old.gone:
            return self._end(entry, "folded", "message.gone")
        message = folding.gone(old, target, account.brand, account.platform)
        now = time_text(self.clock())
        writes: list[Write] = [
            self.ledger.finished(entry, "folded", now, message=target),
            self.messages.write(old, message),
        ]
        writes += [self.ledger.blanked(Key(pk, "RAW")) for pk in message.raws if pk != entry.key.pk]
        case = self.cases.get(account.brand, message.conversation) if message.conversation else None
        if case is None:
            self.ledger.table.transact(writes)
        else:
            self.cases.commit(case, *cases_rules.message_gone(case, message, now), now, also=writes)
        return "folded"

"""From a stored event to message, conversation and case: one transaction per event, the same however often it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hark import log
from hark.desk.aftermath import Aftermath
from hark.desk.echoes import Echoes
from hark.desk.filing import Filing, OfTheErased, Reading
from hark.desk.found import Found
from hark.desk.workflow import Workflow
from hark.domain import erasure as rules
from hark.domain import talk
from hark.domain.account import Account
from hark.domain.case import Change
from hark.domain.events import (
    Event,
    MessageGone,
    MessageSeen,
    Notice,
    SetAside,
    UnreadableEvent,
    Wanted,
)
from hark.domain.hits import Hit
from hark.domain.message import Message
from hark.domain.time import parse as parse_time
from hark.domain.time import text as time_text
from hark.providers.contract import OF_THE_APP
from hark.store.accounts import Accounts
from hark.store.cases import Cases, Stale
from hark.store.keys import Key
from hark.store.ledger import Entry, Ledger, Story, without_body
from hark.store.messages import Messages
from hark.store.people import People
from hark.store.table import ConditionFailed, Conflict, passes

ATTEMPTS = 8
"""How often one fold is begun anew because somebody else wrote the same items first."""
HEARD_EVERY = timedelta(minutes=5)
"""How exactly an account knows when anything last came in; each such note costs a write."""


@dataclass(frozen=True)
class Intake:
    ledger: Ledger
    accounts: Accounts
    messages: Messages
    cases: Cases
    people: People
    workflow: Workflow
    filing: Filing
    echoes: Echoes
    aftermath: Aftermath
    found: Found
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

    def failed(self, key: Key, trouble: Exception) -> str:
        """Count an attempt that raised; after the last one the entry is quarantined (I34), if it is to blame."""
        entry = self.ledger.entry(key)
        if entry is None or entry.state != "received":
            return "moved"
        poison = not (isinstance(trouble, Stale) or passes(trouble))
        state = self.ledger.failed(entry, type(trouble).__name__, self.clock(), poison=poison)
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
        try:
            return self._what(story, account, event)
        except OfTheErased:
            log.count("of_the_erased", story.entry.provider)
            if ends := story.erased(rules.LINE):
                self.ledger.table.transact(ends)
            return "set_aside"

    def _what(self, story: Story, account: Account, event: Event) -> str:
        match event:
            case SetAside() if event.reason.endswith(".unknown_kind"):
                log.count("unknown_kind", story.entry.provider)
                return self._end(story.entry, "set_aside", event.reason)
            case SetAside():
                return self._end(story.entry, "set_aside", event.reason, blank=True)  # understood, and of no use
            case Wanted():
                self.accounts.want(account.provider, account.id, event.reference, story.entry.event.key)
                return self._end(story.entry, "set_aside", "looked_up_later")
            case MessageSeen() if (kind := self.reading(story.entry.provider).hit_kind) and kind in story.entry.kinds:
                return self._hit(story, account, event, alone=story.entry.kinds == {kind})
            case MessageSeen() if event.own:
                return self.echoes.fold(story, account, event)
            case MessageSeen() | Notice():
                return self._customers(story, account, event)
            case _:
                if isinstance(event, MessageGone) and self.reading(story.entry.provider).hit_kind:
                    self.found.gone(account, event)
                return self.aftermath.fold(story, account, event)

    def _hit(self, story: Story, account: Account, event: MessageSeen, *, alone: bool) -> str:
        """What a search has found. `alone`: nothing else has told of it, so that somebody has to look first."""
        known = self.found.known(account, event)
        if alone and (state := self.found.fold(story, account, event, known)) is not None:
            return state
        if event.own:
            return self.echoes.fold(story, account, event)
        return self._customers(story, account, event, known)

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

    def _end(self, entry: Entry, state: str, reason: str, *, blank: bool = False) -> str:
        now = time_text(self.clock())
        done, late = self.ledger.finished(entry, state, now, reason), self.ledger.late(entry, state, now, reason)
        done = without_body(done) if blank else done
        if late:
            self.ledger.table.transact([done, *late])
        else:
            self.ledger.table.change(done)
        return state

    # --- a customer's message ---

    def _customers(
        self, story: Story, account: Account, event: MessageSeen | Notice, hit: Hit | None = None
    ) -> str:  # fmt: skip
        old, message, writes = self.filing.message(story, account, event)
        if isinstance(event, MessageSeen):
            self._count(event, account.provider)
        policy, now = self.people.policy(account.brand), time_text(self.clock())
        reviewed, lines = self.found.opens(hit, now) if hit else ([], ())
        writes += reviewed
        case = self.cases.get(account.brand, message.conversation) if message.conversation else None
        doubtful = isinstance(event, MessageSeen) and event.time_is_doubtful
        if rules.too_late(case, message.at, doubtful=doubtful):
            raise OfTheErased
        if case and not case.customer_id:
            case = self.filing.back(case, event)
        change: Change | None = None
        if message.gone:
            pass
        elif not message.conversation:
            said_by = account.brand, message.platform, event.customer.id
            writes.append(self.filing.begins_with(*said_by, message.at, doubtful=doubtful)[1])
        elif old is None or not old.conversation:
            seed = case
            if seed is None:
                before = self.cases.before(account.brand, message.conversation)
                erased_at, still = self.filing.begins_with(
                    account.brand, message.platform, event.customer.id, message.at, doubtful=doubtful
                )
                writes.append(still)
                seed = self.filing.seed(account, event, message, before, now, erased_at)
                writes.append(self.cases.opens_with(account.brand, message.conversation, before))
                writes.append(self.messages.begins(seed))
                self._ask_who(account, event, message)
            change = talk.customer_wrote(case, message, seed, policy, now)
            change = self.filing.held(change, event, message, policy, now)
            change = (change[0], (*lines, *change[1]))
        elif case and message.version > old.version:
            change = talk.customer_edited(case, old, message, policy, now)
        elif case and message.may_reply and not old.may_reply and case.reply_to == message.id:
            change = talk.may_reply_now(case, message, now)
        if case and old and old.conversation and message.at < old.at:
            earlier = talk.written_earlier(change[0] if change else case, message, old.at, policy, now)
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

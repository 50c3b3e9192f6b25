"""What happens to messages and people besides writing: deletions, hiding, reactions, receipts, who holds a thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from hark import log
from hark.desk.erasing import Erasing
from hark.desk.filing import OfTheErased
from hark.desk.media import Copies
from hark.desk.workflow import Workflow
from hark.domain import message as folding
from hark.domain import talk
from hark.domain.account import Account
from hark.domain.case import Case, Change
from hark.domain.events import (
    AccountChanged,
    DeletionAsked,
    Event,
    MessageGone,
    MessageHidden,
    PersonSeen,
    Reachable,
    Reaction,
    Receipt,
    Receipted,
    ThreadControl,
)
from hark.domain.message import Message
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.accounts import Accounts
from hark.store.cases import Cases
from hark.store.erasures import Erasures
from hark.store.keys import Key
from hark.store.ledger import Ledger, Story
from hark.store.messages import Messages
from hark.store.people import People
from hark.store.table import Put, Write


@dataclass(frozen=True)
class Aftermath:
    """Folds events that are no messages. Every method ends its part of the ledger entry in its own transaction."""

    ledger: Ledger
    accounts: Accounts
    messages: Messages
    cases: Cases
    people: People
    workflow: Workflow
    copies: Callable[[], Copies]
    """Made only when there is something to forget: most deletions are of words."""
    erasing: Callable[[], Erasing]
    erasures: Erasures
    passed_on: Callable[[str, list[str], str, str, str], list[Write]]
    """The writes with which a person begins to be erased (`desk.forgetting`)."""
    clock: Callable[[], datetime]

    def fold(self, story: Story, account: Account, event: Event) -> str:
        """The entry's state afterwards. What these events said is of no use once they are folded: it goes."""
        story = replace(story, forgets=True)
        match event:
            case MessageGone():
                return self._gone(story, account, event)
            case MessageHidden():
                return self._hidden(story, account, event)
            case Reaction():
                return self._reacted(story, account, event)
            case Receipted():
                return self._receipted(story, account, event)
            case ThreadControl():
                return self._held(story, account, event)
            case PersonSeen():
                return self._named(story, account, event)
            case Reachable():
                return self._reachable(story, account, event)
            case AccountChanged():
                return self._account_changed(story, account, event)
            case DeletionAsked():
                return self._deletion(story, account, event)
            case _:
                raise TypeError(type(event).__name__)

    # --- messages ---

    def _gone(self, story: Story, account: Account, event: MessageGone) -> str:
        platform = event.platform or account.platform
        named = self.messages.get(account.brand, platform, event.message_id)
        target = named.first_id if named and named.first_id else event.message_id
        old = self.messages.get(account.brand, platform, target) if target != event.message_id else named
        if old and old.gone:
            return self._alone(story, "message.gone")
        message = folding.gone(old, target, account.brand, platform)
        writes = [*story.end("folded", message=target), self.messages.write(old, message)]
        others = [Key(pk, "RAW") for pk in message.raws if pk != story.entry.key.pk]
        writes += self.ledger.in_parts([self.ledger.blanked(key) for key in others])
        if old and old.media:
            self.copies().forget(old)  # now, so that none is left if we die behind the tombstone
        state = self._with_case(writes, message, lambda case, now: talk.message_gone(case, message, now))
        if old and old.media:
            self.copies().forget(old)  # and again: somebody may have looked, and so fetched, in between
        return state

    def _hidden(self, story: Story, account: Account, event: MessageHidden) -> str:
        platform = event.platform or account.platform
        old = self.messages.resolved(account.brand, platform, event.message_id)
        message = folding.hidden(old, event, account.brand, platform)
        if message == old:
            return self._alone(story, "nothing.new")
        writes = [*story.end("folded", message=message.id), self.messages.write(old, message)]
        if old is None or old.hidden == message.hidden:
            self.ledger.table.transact(writes)
            return "folded"
        return self._with_case(writes, message, lambda case, now: talk.message_hidden(case, message, now))

    def _reacted(self, story: Story, account: Account, event: Reaction) -> str:
        platform = event.platform or account.platform
        old = self.messages.resolved(account.brand, platform, event.message_id)
        event = replace(event, actor_id=keys.person_mark(platform, event.actor_id))  # to count them, not to name them
        message = folding.reacted(old, event, account.brand, platform)
        if message == old:
            return self._alone(story, "nothing.new")
        self.ledger.table.transact([*story.end("folded", message=message.id), self.messages.write(old, message)])
        return "folded"

    # --- receipts ---

    def _receipted(self, story: Story, account: Account, event: Receipted) -> str:
        platform = event.platform or account.platform
        if not event.message_id:
            return self._seen_up_to(story, account, event, platform)
        old = self.messages.get(account.brand, platform, event.message_id)
        if old and old.conversation and not old.own:
            return self._alone(story, "receipt.of_nothing_ours", "set_aside")  # Viber tells of the customer's own too
        if old is None or not old.conversation:
            return self._wait(story, account.brand, platform, event.message_id, old)
        message = folding.receipted(old, event.receipt)
        if message == old:
            return self._alone(story, "nothing.new")
        writes = [*story.end("folded", message=message.id), self.messages.write(old, message)]
        if event.receipt is not Receipt.REJECTED:
            self.ledger.table.transact(writes)
            return "folded"
        log.count("reply_rejected", account.provider)
        policy = self.people.policy(account.brand)
        return self._with_case(writes, message, lambda case, now: talk.answer_rejected(case, policy, now, message.id))

    def _wait(self, story: Story, brand: str, platform: str, message_id: str, old: Message | None) -> str:
        """The news of our message has overtaken the note that it is out: it is folded again once that is there."""
        if not story.last:
            return "set_aside"
        waiting = folding.waited_for(old, message_id, brand, platform, story.entry.key.pk)
        writes = [*story.end("set_aside", "not_there_yet"), self.messages.write(old, waiting)]
        self.ledger.table.transact(writes)
        return "set_aside"

    def _seen_up_to(self, story: Story, account: Account, event: Receipted, platform: str) -> str:
        at, case_id = time_text(event.at), self._case_id(account, platform, event.customer_id, event.customer_id)
        case = self.cases.get(account.brand, case_id)
        if event.receipt is not Receipt.SEEN or (case and case.seen_at >= at):
            return self._alone(story, "nothing.new", "folded")
        if case is None:
            known = self.cases.before(account.brand, case_id)
            learnt = self.cases.learns(account.brand, case_id, known, seen_at=max(known.get("seen_at", ""), at))
            self.ledger.table.transact([*story.end("folded"), *learnt])
        else:
            # No line and no version for it: nothing happened that anybody has to know, or could collide with.
            seen = self.cases.seen_up_to(case, at, time_text(self.clock()))
            self.ledger.table.transact([*story.end("folded"), seen])
        return "folded"

    # --- people and threads ---

    def _held(self, story: Story, account: Account, event: ThreadControl) -> str:
        platform, at, elsewhere = event.platform or account.platform, time_text(event.at), not event.ours
        case_id = self._case_id(account, platform, event.thread_id, event.customer_id)
        case, now = self.cases.get(account.brand, case_id), time_text(self.clock())
        if case is not None:
            change = talk.held_elsewhere(case, elsewhere, at, self.people.policy(account.brand), now)
            return self._person(story.end("folded"), case, change, now)
        known = self.cases.before(account.brand, case_id)
        if (at, elsewhere) <= (known.get("elsewhere_at", ""), known.get("elsewhere", False)):
            return self._alone(story, "nothing.new")
        learnt = self.cases.learns(account.brand, case_id, known, elsewhere=elsewhere, elsewhere_at=at)
        self.ledger.table.transact([*story.end("folded"), *learnt])
        return "folded"

    def _reachable(self, story: Story, account: Account, event: Reachable) -> str:
        platform, at = event.platform or account.platform, time_text(event.at)
        person = event.customer
        erased_at = self.erasures.forgotten_at(account.brand, platform, person.id)
        if erased_at and at <= erased_at:
            raise OfTheErased
        known = self.messages.who(account.brand, platform, person.id)
        learnt: list[Write] = []
        if (at, event.reachable) > (known.get("reachable_at", ""), known.get("reachable", False)):
            learnt.append(
                self.messages.identity(account.brand, platform, person, reachable=event.reachable, reachable_at=at)
            )
            learnt.append(self.erasures.still(account.brand, platform, person.id, erased_at))
        case = self.cases.get(account.brand, self._case_id(account, platform, person.id, person.id))
        now = time_text(self.clock())
        change = talk.reachable(case, event.reachable, at, now) if case else None
        return self._person([*story.end("folded"), *learnt], case, change, now)

    def _named(self, story: Story, account: Account, event: PersonSeen) -> str:
        platform, person = event.platform or account.platform, event.customer
        learnt = self.messages.identity(account.brand, platform, person)
        case = self.cases.get(account.brand, self._case_id(account, platform, event.thread_id, person.id))
        erased_at = self.erasures.forgotten_at(account.brand, platform, person.id)
        if erased_at and not (case and case.customer_id):
            raise OfTheErased  # asked for before that
        still = self.erasures.still(account.brand, platform, person.id, erased_at)
        now = time_text(self.clock())
        known = {n: getattr(person, n) for n in ("handle", "name") if getattr(person, n)}
        change = (case.model_copy(update={**known, "updated_at": now}), ()) if case and known else None
        return self._person([*story.end("folded"), learnt, still], case, change, now)

    def _person(self, writes: list[Write], case: Case | None, change: Change | None, now: str) -> str:
        if case is None or change is None:
            self.ledger.table.transact(writes)
        else:
            self.workflow.move(self.cases.commit(case, *change, now, also=writes))
        return "folded"

    # --- the account, the application ---

    def _account_changed(self, story: Story, account: Account, event: AccountChanged) -> str:
        state = "paused" if event.paused else "ok"
        self.accounts.set_state(
            account.provider, account.id, state, event.reason if event.paused else "", time_text(self.clock())
        )
        told = log.error if event.paused else log.info
        told(f"account.{state}", provider=account.provider, account=account.id, code=event.reason)
        return self._alone(story, event.reason)

    def _deletion(self, story: Story, account: Account, event: DeletionAsked) -> str:
        """Recorded for ever by a hash; who the person is under this very id goes at once, all they said within minutes
        (`desk.forgetting`), and the request itself is blanked, for it names them."""
        now = time_text(self.clock())
        mark = Put(
            keys.deletion(account.brand, account.provider, event.subject_id), {"at": now, "code": event.code}, new=False
        )
        platforms = sorted({p for a in self._of_provider(account) for p in (*a.platforms, a.platform)})
        for platform in platforms:
            self.erasing().person(account.brand, platform, event.subject_id)
        begins = self.passed_on(account.brand, platforms, event.subject_id, event.code, now) if platforms else []
        self.ledger.table.transact([*story.end("folded", "deletion.recorded", blank=True), mark, *begins])
        log.count("deletion_asked", account.provider)
        return "folded"

    def _of_provider(self, account: Account) -> list[Account]:
        found = [Account.model_validate(item) for item in self.accounts.of_provider(account.provider)]
        return [one for one in found if one.brand == account.brand]

    # --- small things ---

    @staticmethod
    def _case_id(account: Account, platform: str, thread_id: str, person_id: str) -> str:
        return keys.case_id(account.brand, platform, account.id, thread_id, person_id)

    def _with_case(self, writes: list[Write], message: Message, change: Callable[[Case, str], Change]) -> str:
        case = self.cases.get(message.brand, message.conversation) if message.conversation else None
        if case is None:
            self.ledger.table.transact(writes)
            return "folded"
        now = time_text(self.clock())
        self.workflow.move(self.cases.commit(case, *change(case, now), now, also=writes))
        return "folded"

    def _alone(self, story: Story, reason: str, state: str = "folded") -> str:
        for write in story.end(state, reason, blank=True):
            self.ledger.table.transact([write])
        return state

"""The outbox: a reply leaves at most once, and what is in doubt is looked up, never repeated."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hark import log
from hark.desk.workflow import Workflow
from hark.domain import case as rules
from hark.domain import message as folding
from hark.domain.account import Account
from hark.domain.case import Case
from hark.domain.events import MessageSeen, Profile, ReplyTarget
from hark.domain.reply import Reply, State
from hark.domain.time import after
from hark.domain.time import parse as parse_time
from hark.domain.time import text as time_text
from hark.providers.contract import Failure, NotSent, Outcome, PollFailed, Sent
from hark.store import keys
from hark.store.accounts import Accounts
from hark.store.cases import Cases, Stale
from hark.store.keys import Key
from hark.store.messages import Messages
from hark.store.people import People
from hark.store.replies import Replies
from hark.store.secrets import Secrets, SecretUnavailable
from hark.store.table import ConditionFailed, Write

LOOKS = 3
"""How often a doubtful reply is looked up before a person is asked; the waits double."""
PAUSED_RETRY_SECONDS = 300
TRIES = 8
"""Attempts that were proven not to have happened, before a person is asked."""


class Sender(Protocol):
    def reply(self, target: ReplyTarget) -> Outcome: ...
    def read_back(self, target: ReplyTarget) -> Sent | None: ...


@dataclass(frozen=True)
class Sending:
    replies: Replies
    cases: Cases
    messages: Messages
    accounts: Accounts
    people: People
    secrets: Secrets
    workflow: Workflow
    sender: Callable[[str, dict[str, str]], Sender]
    """Makes a provider's sender from its name and an account's credentials."""
    clock: Callable[[], datetime]
    lease_seconds: Callable[[], int]
    settle_seconds: Callable[[], int]

    def push(self, key: Key) -> str:
        """Do what is next for a reply: send it, look it up, or leave it. A word for the log."""
        reply = self.replies.at(key)
        if reply is None or not reply.look_at or reply.look_at > self._now():
            return "nothing"
        try:
            return self._next(reply)
        except ConditionFailed:
            return "moved"  # the echo, an agent or another sender was first

    def _next(self, reply: Reply) -> str:
        match reply.state:
            case State.PENDING:
                return self._send(reply)
            case State.SENDING:
                # The lease is over: whoever held it died, before or after posting.
                return self._doubt(reply, "send.lost", "The sender stopped in the middle.", look_now=False)
            case State.UNKNOWN:
                return self._look(reply)
            case _:
                return "nothing"

    # --- sending ---

    def _send(self, reply: Reply) -> str:
        case, account = self._case(reply), self._account(reply)
        refusal = self._why_not(reply, case, account)
        if refusal:
            state, code, sentence = refusal
            return self._ended(reply, state, code, sentence)
        if account is None or account.state == "paused":
            return self._later(reply, "account.paused", "The account is paused; the reply waits for it.",
                               after(self._now(), PAUSED_RETRY_SECONDS), burnt=False)  # fmt: skip
        try:
            credentials = self.secrets.account(reply.provider, reply.account_id)
        except SecretUnavailable:
            return self._later(reply, "secret.unavailable", "The account's key cannot be read at the moment.",
                               after(self._now(), 60), burnt=False)  # fmt: skip
        if not credentials:
            return self._later(reply, "secret.missing", "The account has no key; the operator has to connect it.",
                               after(self._now(), PAUSED_RETRY_SECONDS), burnt=False)  # fmt: skip
        sender = self.sender(reply.provider, credentials)
        claim = secrets.token_hex(8)
        held = reply.model_copy(
            update={
                "state": State.SENDING, "claim": claim, "tries": reply.tries + 1, "resend": False,
                "look_at": after(self._now(), self.lease_seconds()),
            }
        )  # fmt: skip
        try:
            self.replies.table.change(self.replies.write(reply, held))
        except ConditionFailed as clash:
            if not (clash.item and clash.item.get("claim") == claim):
                return "taken"
        outcome = sender.reply(self._target(reply))
        log.info("reply.outcome", reply=reply.id, case=reply.case, tries=held.tries,
                 outcome="sent" if isinstance(outcome, Sent) else outcome.code)  # fmt: skip
        if isinstance(outcome, Sent):
            return self.proven(held, outcome.platform_id, "reply.sent")
        return self._not_sent(held, outcome)

    def _why_not(self, reply: Reply, case: Case, account: Account | None) -> tuple[State, str, str] | None:
        """Everything that may have changed since the click is asked once more, last (I21, I22)."""
        if reply.not_after < self._now() and not reply.resend:
            return State.HUMAN, "reply.too_late", "It could not leave for too long. Send it still?"
        if case.owner != reply.by:
            return State.FAILED, "reply.reassigned", "The case was given to somebody else before the reply left."
        if case.status == "closed":
            return State.FAILED, "reply.closed", "The case was closed before the reply left."
        message = self.messages.get(reply.brand, reply.platform, reply.in_reply_to)
        if message is None or message.gone:
            return State.FAILED, "reply.message_gone", "The customer took the message away before the reply left."
        if reply.tries >= TRIES:
            return State.HUMAN, "reply.tries_used_up", "The platform kept putting us off. Send it still?"
        return None

    def _not_sent(self, reply: Reply, outcome: NotSent) -> str:
        soon = after(self._now(), min(30 * 2**reply.tries, 3600))
        match outcome.failure:
            case Failure.LATER:
                at = time_text(outcome.retry_at) if outcome.retry_at else soon
                return self._later(reply, outcome.code, outcome.sentence, at, burnt=True)
            case Failure.PAUSED:
                self.accounts.set_state(reply.provider, reply.account_id, "paused", outcome.code, self._now())
                log.error("account.paused", provider=reply.provider, account=reply.account_id, code=outcome.code)
                return self._later(reply, outcome.code, outcome.sentence,
                                   after(self._now(), PAUSED_RETRY_SECONDS), burnt=False)  # fmt: skip
            case Failure.NEVER:
                return self._ended(reply, State.FAILED, outcome.code, outcome.sentence)
            case Failure.UNKNOWN:
                return self._doubt(reply, outcome.code, outcome.sentence, look_now=False)

    # --- looking ---

    def _look(self, reply: Reply) -> str:
        """Read our own posts back. Finding the reply proves it; not finding it proves nothing on X, whose lists lag
        behind by a time nobody states, so in the end a person looks (invariants, section 2)."""
        try:
            found = self.sender(reply.provider, self.secrets.account(reply.provider, reply.account_id)).read_back(
                self._target(reply)
            )
        except (PollFailed, SecretUnavailable) as trouble:
            log.warning("reply.read_back_failed", reply=reply.id, code=str(trouble))
            found = None
        if found:
            return self.proven(reply, found.platform_id, "reply.seen")
        if reply.looks + 1 >= LOOKS:
            return self._ended(reply, State.HUMAN, reply.code, "Look on the platform whether the reply is there.")
        return self._doubt(reply, reply.code, reply.sentence, look_now=True)

    def proven(self, reply: Reply, platform_id: str, code: str, by: str = "", mark: Sequence[Write] = ()) -> str:
        """The reply is out: it, our message in the thread and the case change together, and `mark` with them."""
        sent = reply.model_copy(
            update={"state": State.SENT, "platform_id": platform_id, "look_at": "", "code": code, "sentence": ""}
        )
        for _ in range(8):
            case, now = self._case(reply), self._now()
            also: list[Write] = [self.replies.write(reply, sent)]
            if platform_id:
                also += self._own_message(case, sent, now)
            also += mark
            policy = self.people.policy(reply.brand)
            change = rules.answered(case, policy, now, code, by or reply.by, reply.id)
            try:
                after_commit = self.cases.commit(case, *change, now, also=also)
            except Stale:
                continue
            except ConditionFailed as clash:
                if clash.index == 0:
                    return "moved"  # the echo, or another sender's outcome, was first
                continue  # our own message came in by another way at this moment: read it again
            self.workflow.move(after_commit)
            return "sent"
        raise Stale

    def _own_message(self, case: Case, reply: Reply, now: str) -> list[Write]:
        """Our message as the thread shows it. If the platform told us of it first, it only learns its author."""
        old = self.messages.get(reply.brand, reply.platform, reply.platform_id)
        if old and old.conversation:
            return [self.messages.write(old, old.model_copy(update={"by": reply.by, "text": reply.text}))]
        event = MessageSeen(
            message_id=reply.platform_id, version=-1, versions=(reply.platform_id,), thread_id=case.thread_id,
            customer=Profile(case.customer_id), text=reply.text, at=parse_time(now), own=True, public=case.public,
            in_reply_to=reply.in_reply_to,
        )  # fmt: skip
        message = folding.seen(old, event, reply.brand, reply.platform, case.id)
        if not message.gone:
            message = message.model_copy(update={"text": reply.text, "by": reply.by})
        return [self.messages.write(old, message)]

    # --- a person decides ---

    def decided(
        self, brand: str, case_id: str, reply_id: str, member: str, found: bool, mark: Sequence[Write] = ()
    ) -> str:
        """An agent looked: the reply is there, or is to be sent again. Both are recorded with the agent's name.

        `mark` is written along with it: that this click was carried out.

        Raises:
            rules.Refused: `not_human`: nobody is asked about this reply (any more).
        """
        reply = self.replies.get(brand, case_id, reply_id)
        if reply is None or reply.state is not State.HUMAN:
            raise rules.Refused("not_human")
        if found:
            return self.proven(reply, "", "reply.found_by_hand", member, mark)
        again = reply.model_copy(
            update={
                "state": State.PENDING, "resend": True, "tries": 0, "looks": 0, "look_at": self._now(),
                "claim": secrets.token_hex(8), "code": "", "sentence": "",
                "not_after": after(self._now(), self.people.policy(brand).reply_valid_seconds),
            }
        )  # fmt: skip
        return self._moved(reply, again, "reply.resend_by_hand", member, mark)

    # --- changes without a sent reply ---

    def _later(self, reply: Reply, code: str, sentence: str, at: str, *, burnt: bool) -> str:
        tries = reply.tries if burnt or reply.state is State.PENDING else reply.tries - 1
        waiting = reply.model_copy(
            update={
                "state": State.PENDING, "code": code, "sentence": sentence, "look_at": at, "tries": tries,
                "claim": secrets.token_hex(8),
            }
        )  # fmt: skip
        if reply.code == code and reply.state is State.PENDING:
            self.replies.table.change(self.replies.write(reply, waiting))  # still waiting for the same: no new line
            return "later"
        return self._moved(reply, waiting, "reply.later")

    def _doubt(self, reply: Reply, code: str, sentence: str, *, look_now: bool) -> str:
        looks = reply.looks + 1 if look_now else reply.looks
        at = after(self._now(), self.settle_seconds() * 2**looks)
        unknown = reply.model_copy(
            update={"state": State.UNKNOWN, "code": code, "sentence": sentence, "looks": looks, "look_at": at}
        )
        if reply.state is State.UNKNOWN:
            self.replies.table.change(self.replies.write(reply, unknown))
            return "unknown"
        return self._moved(reply, unknown, "reply.unknown")

    def _ended(self, reply: Reply, state: State, code: str, sentence: str) -> str:
        ended = reply.model_copy(update={"state": state, "code": code, "sentence": sentence, "look_at": ""})
        return self._moved(reply, ended, f"reply.{state.value}")

    def _moved(self, old: Reply, new: Reply, line: str, by: str = "", mark: Sequence[Write] = ()) -> str:
        for _ in range(8):
            case, now = self._case(old), self._now()
            change = rules.reply_moved(case, new.state.value, line, by, new.id, now)
            try:
                self.cases.commit(case, *change, now, also=[self.replies.write(old, new), *mark])
            except Stale:
                continue
            except ConditionFailed:
                return "moved"
            return new.state.value
        raise Stale

    # --- small things ---

    def _case(self, reply: Reply) -> Case:
        case = self.cases.get(reply.brand, reply.case)
        if case is None:
            raise LookupError(f"reply {reply.id} of no case")
        return case

    def _account(self, reply: Reply) -> Account | None:
        found = self.accounts.find(reply.provider, reply.account_id)
        return Account.model_validate(found) if found else None

    @staticmethod
    def _target(reply: Reply) -> ReplyTarget:
        return ReplyTarget(reply.account_id, reply.in_reply_to, reply.text, asked_at=parse_time(reply.asked_at))

    def _now(self) -> str:
        return time_text(self.clock())


def key_of(pk: str, sk: str) -> Key:
    """The key of a reply named in an invocation.

    Raises:
        ValueError: it names something else.
    """
    if not sk.startswith(keys.REPLY_PREFIX):
        raise ValueError(sk)
    return Key(pk, sk)

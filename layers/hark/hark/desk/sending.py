"""The outbox: a reply leaves at most once, and what is in doubt is looked up, never repeated.

Acts on a message (hide, like, delete) go the same way; they may be repeated, and count as no answer.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hark import log
from hark.desk.connecting import refused
from hark.desk.standing import standing, subject
from hark.desk.waiting import Waiting
from hark.desk.workflow import Workflow
from hark.domain import message as folding
from hark.domain import talk
from hark.domain.account import PAUSED_BY_HAND, Account
from hark.domain.case import Case, Refused
from hark.domain.events import Profile
from hark.domain.failures import Effect, sentence
from hark.domain.message import Message
from hark.domain.people import is_program
from hark.domain.reply import UNFINISHED, Reply, State
from hark.domain.time import after
from hark.domain.time import parse as parse_time
from hark.domain.time import text as time_text
from hark.domain.verbs import Verb, dm_is_of, verbs
from hark.providers.contract import CallFailed, CannotLook, NotSent, Order, Outcome, Sent
from hark.store import keys
from hark.store.accounts import Accounts
from hark.store.cases import Cases, Stale
from hark.store.keys import Key
from hark.store.ledger import Ledger
from hark.store.messages import Messages
from hark.store.people import People
from hark.store.replies import Replies
from hark.store.secrets import Secrets, SecretUnavailable
from hark.store.table import ConditionFailed, Write

LOOKS = 3
"""How often a doubtful reply is looked up before a person is asked; the waits double."""
PAUSED_RETRY_SECONDS = 300
STANDS_STILL = "The account is paused; it waits for it."
CHANGED_RETRY_SECONDS = 30
"""How long a reply waits that met access which was renewed at this moment."""
HOLDS_ALREADY = frozenset({"message.hidden", "message.shown", "message.liked", "message.not_liked"})
"""Why the verb table refuses an act: what it was to bring about is so."""
LOOK_YOURSELF = "Look on the platform whether it is there."
ECHO_SECONDS = 24 * 3600
"""How long an echo may take; after that our own words, unmarked, count as written on the platform itself."""
TRIES = 8
"""Attempts that were proven not to have happened, before a person is asked."""


class Sender(Protocol):
    def send(self, order: Order) -> Outcome: ...
    def read_back(self, order: Order) -> Sent | None: ...


@dataclass(frozen=True)
class Sending:
    ledger: Ledger
    replies: Replies
    cases: Cases
    messages: Messages
    accounts: Accounts
    people: People
    secrets: Secrets
    workflow: Workflow
    waiting: Callable[[], Waiting]
    sender: Callable[[str, dict[str, str]], Sender]
    """Makes a provider's sender from its name and an account's credentials."""
    normalised: Callable[[str], Callable[[str], str]]
    """From a provider to what it leaves of a text so that ours and the platform's version are the same."""
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
            case State.PENDING | State.HELD:
                return self._send(reply)
            case State.SENDING if not reply.says:
                # An act does no harm when it is done twice, and nothing could be looked up that would prove it.
                return self._later(reply, "send.lost", "The sender stopped in the middle.", self._now(), burnt=True)
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
        message = self.messages.get(reply.brand, reply.platform, reply.in_reply_to)
        verb = self._verb(reply, case, message, account)
        if verb and not reply.says and verb.code in HOLDS_ALREADY:
            return self._acted(reply)
        refusal = self._why_not(reply, case, message, verb)
        if refusal:
            state, code, why = refusal
            return self._ended(reply, state, code, why)
        if account is None or account.stopped:
            by_hand = account is not None and account.stopped == PAUSED_BY_HAND
            why = "We have paused the account; it waits until a lead resumes it." if by_hand else STANDS_STILL
            return self._later(reply, PAUSED_BY_HAND if by_hand else "account.paused", why,
                               after(self._now(), PAUSED_RETRY_SECONDS), burnt=False, parked=True)  # fmt: skip
        try:
            credentials = self.secrets.account(reply.provider, reply.account_id)
        except SecretUnavailable:
            return self._later(reply, "secret.unavailable", "The account's key cannot be read at the moment.",
                               after(self._now(), 60), burnt=False)  # fmt: skip
        if not credentials:
            return self._later(reply, "secret.missing", "The account has no key; the operator has to connect it.",
                               after(self._now(), PAUSED_RETRY_SECONDS), burnt=False)  # fmt: skip
        sender = self.sender(reply.provider, credentials)
        if reply.says:
            # First the note, then the claim: an echo may be here before the platform's answer is.
            until = int(self.clock().timestamp()) + ECHO_SECONDS
            self.replies.takes_off(reply, self.normalised(reply.provider)(reply.text), until)
        claim = secrets.token_hex(8)
        held = reply.model_copy(
            update={
                "state": State.SENDING, "claim": claim, "tries": reply.tries + 1, "resend": False, "parked": False,
                "look_at": after(self._now(), self.lease_seconds()),
            }
        )  # fmt: skip
        try:
            self.replies.table.change(self.replies.write(reply, held))
        except ConditionFailed as clash:
            if not (clash.item and clash.item.get("claim") == claim):
                return "taken"
        outcome = sender.send(self._order(reply, verb.tag if verb else "", account))
        log.info("reply.outcome", reply=reply.id, case=reply.case, verb=reply.verb, tries=held.tries,
                 outcome="sent" if isinstance(outcome, Sent) else outcome.code)  # fmt: skip
        if isinstance(outcome, Sent):
            return self._sent(held, outcome)
        return self._not_sent(held, outcome, account, credentials)

    def _sent(self, reply: Reply, outcome: Sent) -> str:
        if not reply.says:
            return self._acted(reply)
        return self.proven(reply, outcome.platform_id, "reply.sent", person=outcome.person)

    def _verb(self, reply: Reply, case: Case, message: Message | None, account: Account | None) -> Verb | None:
        """What the table says of this verb now. There is no way to a platform beside it."""
        may = standing(account, automatic=bool(reply.automatic) or is_program(reply.by))
        return next((v for v in verbs(subject(case, message), may, self.clock()) if v.verb == reply.verb), None)

    def _why_not(
        self, reply: Reply, case: Case, message: Message | None, verb: Verb | None
    ) -> tuple[State, str, str] | None:
        """Everything that may have changed since the click is asked once more, last (I21, I22)."""
        # Of an act there is nothing to decide: whoever still wants it, asks for it again.
        in_doubt, still = (State.HUMAN, " Send it still?") if reply.says and not reply.automatic else (State.FAILED, "")
        if reply.not_after < self._now() and not reply.resend:
            return in_doubt, "reply.too_late", f"It could not leave for too long.{still}"
        if reply.automatic and (case.gen != reply.gen or (case.last_at > reply.heard_at and not reply.stands)):
            return State.FAILED, "automatic.overtaken", "The customer wrote before this left; a person reads it first."
        if reply.says and not reply.automatic and case.owner != reply.owner:
            return State.FAILED, "reply.reassigned", "The case was given to somebody else before the reply left."
        if reply.says and case.status == "closed" and not (reply.automatic and reply.at >= case.closed_at):
            return State.FAILED, "reply.closed", "The case was closed before the reply left."
        if reply.send_at and not reply.resend and case.talk != reply.seen:
            return State.FAILED, "reply.overtaken", "Somebody wrote before its time came; its author reads that first."
        if reply.verb != "dm" and (message is None or message.gone):
            return State.FAILED, "reply.message_gone", "The message was taken away before this left."
        if verb is None:
            return State.FAILED, "not_supported", sentence("not_supported", reply.platform)
        if not verb.allowed and verb.code != "account.not_connected":
            # Written in time and late through no fault of its author: a person decides what to do instead. Once they
            # have said "send it again", there is nothing left to decide.
            asks = reply.says and not reply.resend and not reply.automatic
            state = State.HUMAN if asks else State.FAILED
            return state, verb.code or "not_allowed", verb.reason
        if reply.tries >= TRIES:
            return in_doubt, "reply.tries_used_up", f"The platform kept putting us off.{still}"
        return None

    def _not_sent(self, reply: Reply, outcome: NotSent, account: Account, used: dict[str, str]) -> str:
        soon = after(self._now(), min(30 * 2**reply.tries, 3600))
        why = sentence(outcome.code, reply.platform)
        reply = reply.model_copy(update={"detail": outcome.detail})
        match outcome.effect:
            case Effect.LATER:
                at = time_text(outcome.retry_at) if outcome.retry_at else soon
                return self._later(reply, outcome.code, why, at, burnt=True)
            case Effect.PAUSED:
                paused = refused(self.accounts, self.secrets, account, used, outcome.code, self.clock())
                wait = PAUSED_RETRY_SECONDS if paused else CHANGED_RETRY_SECONDS
                return self._later(
                    reply, outcome.code, why, after(self._now(), wait), burnt=False, parked=paused
                )  # fmt: skip
            case Effect.NEVER:
                return self._ended(reply, State.FAILED, outcome.code, why)
            case Effect.UNKNOWN if not reply.says:
                return self._later(reply, outcome.code, why, soon, burnt=True)
            case Effect.UNKNOWN:
                return self._doubt(reply, outcome.code, why, look_now=False)

    def restored(self, key: Key) -> bool:
        """A reply that was on its way when its table was exported may have left since: it is looked up, never sent.
        Whether it was so; an act may be done twice, and what a person is asked about waits for that person."""
        reply = self.replies.at(key)
        if reply is None or not reply.says or reply.state not in UNFINISHED - {State.HUMAN}:
            return False
        unknown = {
            "state": State.UNKNOWN, "looks": 0, "claim": secrets.token_hex(8), "look_at": self._now(), "parked": False,
            "code": "send.restored", "sentence": "It was on its way when the desk was restored; it may be out.",
        }  # fmt: skip
        self._moved(reply, reply.model_copy(update=unknown), "reply.unknown")
        return True

    # --- looking ---

    def _look(self, reply: Reply) -> str:
        """Read our own posts back. Finding the reply proves it; not finding it proves nothing, for the platforms'
        lists lag behind by a time nobody states. So in the end a person looks (invariants, section 2)."""
        try:
            found = self.sender(reply.provider, self.secrets.account(reply.provider, reply.account_id)).read_back(
                self._order(reply, "", self._account(reply))
            )
        except CannotLook:
            return self._ended(reply, State.HUMAN, reply.code, LOOK_YOURSELF)
        except (CallFailed, SecretUnavailable) as trouble:
            log.warning("reply.read_back_failed", reply=reply.id, code=str(trouble))
            found = None
        if found:
            return self.proven(reply, found.platform_id, "reply.seen", person=found.person)
        if reply.looks + 1 >= LOOKS:
            return self._ended(reply, State.HUMAN, reply.code, LOOK_YOURSELF)
        return self._doubt(reply, reply.code, reply.sentence, look_now=True)

    def proven(
        self, reply: Reply, platform_id: str, code: str, by: str = "", mark: Sequence[Write] = (), person: str = ""
    ) -> str:
        """The reply is out: it, our message in the thread and the case change together, and `mark` with them.

        `person` is the id under which the platform knows the customer in the thread a private reply has opened.
        """
        sent = reply.model_copy(
            update={"state": State.SENT, "platform_id": platform_id, "look_at": "", "code": code, "sentence": ""}
        )
        for _ in range(8):
            case, now = self._case(reply), self._now()
            also: list[Write] = [self.replies.write(reply, sent)]
            if platform_id:
                also += self._own_message(case, sent, now)
            if person and person != case.customer_id:
                also.append(self._linked(case, person))
            also += mark
            policy = self.people.policy(reply.brand)
            later = self.messages.written_after(case, reply.heard_at)
            changed, lines = talk.is_out(case, policy, now, code, by or reply.by, reply, later)
            if reply.verb == "private_reply":
                changed = changed.model_copy(update={"private_reply_at": now})
            try:
                after_commit = self.cases.commit(case, changed, lines, now, also=also)
            except Stale:
                continue
            except ConditionFailed as clash:
                if clash.index == 0:
                    return "moved"  # the echo, or another sender's outcome, was first
                continue  # our own message came in by another way at this moment: read it again
            self.workflow.move(after_commit)
            self.waiting().moved(case, after_commit)
            return "sent"
        raise Stale

    def _own_message(self, case: Case, reply: Reply, now: str) -> list[Write]:
        """Our message as the thread shows it. If the platform told us of it first, it only learns its author."""
        message = folding.own(reply, case, now)
        signed: list[Write] = []
        if message.id != reply.platform_id and dm_is_of(reply.platform):
            # Its echo will put it into the person's own thread; that it is ours, it may not say.
            told = self.messages.get(reply.brand, reply.platform, reply.platform_id)
            signed.append(self.messages.write(told, folding.signed(told, reply)))
        old = self.messages.get(reply.brand, reply.platform, message.id)
        if old and old.conversation:
            return [self.messages.write(old, folding.signed(old, reply)), *signed]
        if old and old.gone:
            message = folding.gone(message, message.id, message.brand, message.platform)
        if old:
            known = {n: getattr(old, n) for n in ("rev", "raws", "gone", "reactions", "hidden", "hidden_at")}
            message = message.model_copy(update=known)
        released = [self.ledger.again(Key(pk, "RAW"), now) for pk in old.waiting] if old else []
        return [self.messages.write(old, message), *released, *signed]

    def _linked(self, case: Case, person: str) -> Write:
        """Who commented and who is written to in private are two ids of one person: the platform just said so."""
        return self.messages.identity(
            case.brand, case.platform, Profile(case.customer_id), private_id=person, private_id_basis="private_reply"
        )

    def _acted(self, reply: Reply) -> str:
        """An act was carried out; the message shows it."""
        done = reply.model_copy(update={"state": State.SENT, "look_at": "", "code": "act.done", "sentence": ""})
        for _ in range(8):
            case, now = self._case(reply), self._now()
            message = self.messages.get(reply.brand, reply.platform, reply.in_reply_to)
            also: list[Write] = [self.replies.write(reply, done)]
            if message is not None:
                also.append(self.messages.write(message, folding.acted(message, reply.verb, now)))
                if reply.verb == "delete":
                    blanked = [self.ledger.blanked(Key(pk, "RAW")) for pk in message.raws]
                    also += self.ledger.in_parts(blanked)
            change = talk.acted(case, "act.done", reply.by, reply.id, now)
            try:
                self.cases.commit(case, *change, now, also=also)
            except Stale:
                continue
            except ConditionFailed as clash:
                if clash.index == 0:
                    return "moved"
                continue
            return "sent"
        raise Stale

    # --- a person decides ---

    def decided(
        self, brand: str, case_id: str, reply_id: str, member: str, found: bool, mark: Sequence[Write] = ()
    ) -> str:
        """An agent looked: the reply is there, or is to be sent again. Both are recorded with the agent's name.

        `mark` is written along with it: that this click was carried out.

        Raises:
            Refused: `not_human`: nobody is asked about this reply (any more).
        """
        reply = self.replies.get(brand, case_id, reply_id)
        if reply is None or reply.state is not State.HUMAN:
            raise Refused("not_human")
        if found:
            return self.proven(reply, "", "reply.found_by_hand", member, mark)
        again = reply.model_copy(
            update={
                "state": State.PENDING, "resend": True, "tries": 0, "looks": 0, "look_at": self._now(),
                "claim": secrets.token_hex(8), "code": "", "sentence": "", "parked": False,
                "not_after": after(self._now(), self.people.policy(brand).reply_valid_seconds),
            }
        )  # fmt: skip
        return self._moved(reply, again, "reply.resend_by_hand", member, mark)

    # --- changes without a sent reply ---

    def _later(self, reply: Reply, code: str, sentence: str, at: str, *, burnt: bool, parked: bool = False) -> str:
        tries = reply.tries if burnt or reply.state in (State.PENDING, State.HELD) else reply.tries - 1
        waiting = reply.model_copy(
            update={
                "state": State.PENDING, "code": code, "sentence": sentence, "look_at": at, "tries": tries,
                "claim": secrets.token_hex(8), "parked": parked,
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
            if new.says and not new.answers:
                change = talk.acted(case, line, by, new.id, now)
            elif new.says:
                change = talk.reply_moved(case, new.state.value, line, by, new.id, now)
            else:
                acted = "act.failed" if new.state is State.FAILED else "act.later"
                change = talk.acted(case, acted, by, new.id, now)
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
        found = self.accounts.find(reply.provider, reply.account_id, consistent=True)  # it may be paused just now
        return Account.model_validate(found) if found else None

    @staticmethod
    def _order(reply: Reply, tag: str, account: Account | None) -> Order:
        return Order(
            verb=reply.verb, platform=reply.platform, account_id=reply.account_id, target=reply.in_reply_to,
            surface=reply.surface.value, person=reply.person, thread=reply.thread, text=reply.text,
            asked_at=parse_time(reply.asked_at), marker=keys.marker(reply.case, reply.id) if reply.says else "",
            tag=tag, sender_name=account.name or account.handle if account else "",
        )  # fmt: skip

    def _now(self) -> str:
        return time_text(self.clock())

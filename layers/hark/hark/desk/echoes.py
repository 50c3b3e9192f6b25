"""Our own messages as the platforms tell of them: proofs of our replies, or what staff wrote on the platform itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hark import log
from hark.desk.filing import Filing, OfTheErased, Reading
from hark.desk.workflow import Workflow
from hark.domain import message as folding
from hark.domain import talk
from hark.domain.account import Account
from hark.domain.case import Case
from hark.domain.erasure import too_late
from hark.domain.events import MessageSeen, Profile
from hark.domain.message import Message
from hark.domain.policy import Policy
from hark.domain.reply import Reply, State
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.cases import Cases
from hark.store.ledger import Ledger, Story
from hark.store.messages import Messages
from hark.store.people import People
from hark.store.replies import Replies
from hark.store.table import Write


@dataclass(frozen=True)
class Echoes:
    ledger: Ledger
    messages: Messages
    cases: Cases
    replies: Replies
    people: People
    workflow: Workflow
    filing: Filing
    reading: Callable[[str], Reading]
    clock: Callable[[], datetime]

    def fold(self, story: Story, account: Account, event: MessageSeen) -> str:
        """An echo proves a reply of ours; anything else was written by staff on the platform. Never a new case."""
        log.count("echo", account.provider)
        platform = event.platform or account.platform
        flying = self._flying(account, event)
        if flying is not None and not event.customer.id:
            # The platform may name the top of the thread as what we answered: that is another person's comment.
            asked = self.cases.get(account.brand, flying.case)
            if asked is not None:
                if not asked.customer_id:
                    raise OfTheErased
                event = replace(event, customer=Profile(asked.customer_id), thread_id=asked.thread_id)
        if not event.customer.id:
            addressed = self._addressed(story, account, event, platform)
            if addressed is None:
                return "set_aside"
            event = addressed
        old, message, writes = self.filing.message(story, account, event)
        policy, now = self.people.policy(account.brand), time_text(self.clock())
        first = not (old and old.conversation) and bool(message.conversation)
        case = self.cases.get(account.brand, message.conversation) if message.conversation else None
        if too_late(case, message.at, doubtful=event.time_is_doubtful):
            raise OfTheErased
        signed = bool(old and old.by)
        reply = None
        if first and not message.gone and not signed:
            reply = flying or self._reply_behind(account, case, event)
        if reply is not None:
            written = message.model_copy(update={"by": reply.signed_by, "text": reply.text})
            writes[0] = self.messages.write(old, written)
            if reply.state is State.SENT:
                return self._known(reply, written, writes)
            return self._proven(reply, written, writes, policy, now)
        if message.gone or not first or signed:
            self.ledger.table.transact(writes)
            return "folded"
        if case is None:
            _, still = self.filing.begins_with(
                account.brand, platform, event.customer.id, message.at, doubtful=event.time_is_doubtful
            )
            self.ledger.table.transact([*writes, still, *self._early(account.brand, event, message)])
            return "folded"
        if not case.customer_id:
            case = self.filing.back(case, event)
        change = talk.answered_outside(
            case, policy, now, message, self.messages.written_after(case, message.at, or_then=True)
        )
        change = self.filing.held(change, event, message, policy, now)
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
                if not case.customer_id:
                    raise OfTheErased
                return replace(event, customer=Profile(case.customer_id), thread_id=case.thread_id)
        writes = story.end("set_aside", "parent.unknown")
        if event.in_reply_to and (parent is None or not parent.conversation):
            waiting = folding.waited_for(parent, event.in_reply_to, account.brand, platform, story.entry.key.pk)
            writes.append(self.messages.write(parent, waiting))
        self.ledger.table.transact(writes)
        return None

    def _flying(self, account: Account, event: MessageSeen) -> Reply | None:
        """The reply this echo is of: by the mark we sent along, else one that is on its way or in doubt, in the same
        words and to this very place. None for a message that is known already."""
        named = keys.marked(event.marker)
        marked = self.replies.get(account.brand, *named) if named else None
        if marked is not None:
            return marked
        words = self.reading(account.provider).normalised(event.text)
        noted = self.replies.in_flight(account.brand, account.id, words) if words else []
        flying = [reply for reply in noted if self._open(reply, event)]
        here = next((reply for reply in flying if self._fits(account.brand, reply, event)), None)
        if here is None and not event.public:
            # The thread that a private reply to a comment opens may know its person by an id of its own.
            opening = [reply for reply in flying if reply.verb == "private_reply"]
            here = opening[0] if len(opening) == 1 else None
        return here

    def _reply_behind(self, account: Account, case: Case | None, event: MessageSeen) -> Reply | None:
        """The same of a reply whose note is no longer kept: among those of the conversation."""
        if case is None:
            return None
        normalised = self.reading(account.provider).normalised
        for reply in self.replies.of_case(case.brand, case.id):
            same = reply.says and self._open(reply, event) and normalised(reply.text) == normalised(event.text)
            if same and (not event.public or event.in_reply_to in self._places(account.brand, reply)):
                return reply
        return None

    @staticmethod
    def _open(reply: Reply, event: MessageSeen) -> bool:
        """Whether nobody knows yet what the platform calls the reply."""
        in_flight = reply.state in (State.SENDING, State.UNKNOWN, State.HUMAN) or reply.resend
        by_hand = reply.state is State.SENT and not reply.platform_id and time_text(event.at) < reply.not_after
        return in_flight or by_hand

    def _fits(self, brand: str, reply: Reply, event: MessageSeen) -> bool:
        """Whether the echo stands where the platform would put the reply: a public one under what it answers, a private
        one in the thread of its person."""
        if event.public:
            return reply.verb == "public_reply" and event.in_reply_to in self._places(brand, reply)
        return reply.verb != "public_reply" and event.customer.id == reply.person

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
        change = talk.is_out(case, policy, now, "reply.seen", reply.by, reply, later)
        if reply.verb == "private_reply":
            change = (change[0].model_copy(update={"private_reply_at": now}), change[1])
        after = self.cases.commit(case, *change, now, also=writes)
        self.workflow.move(after)
        return "folded"

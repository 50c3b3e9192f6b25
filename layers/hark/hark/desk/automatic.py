"""What the desk says by itself: the bot's answer, the question whether it is solved, the status of an incident.

It goes through the same outbox as a person's reply and is held to more: only what the verb table allows to programs,
only in the generation of the case it was meant for, and once for each occasion.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hark.desk.standing import standing, subject
from hark.domain import talk
from hark.domain.account import Account
from hark.domain.case import Case, Change, Line
from hark.domain.message import Message
from hark.domain.reply import Reply
from hark.domain.time import after
from hark.domain.time import text as time_text
from hark.domain.verbs import SAYING, Verb, verbs
from hark.store import keys
from hark.store.accounts import Accounts
from hark.store.messages import Messages
from hark.store.people import People
from hark.store.replies import Replies
from hark.store.table import Write


class CannotSay(Exception):
    """The desk may not say this by itself, here and now. `code` is the verb table's, or `too_long`, `busy`."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True)
class Automatic:
    messages: Messages
    replies: Replies
    accounts: Accounts
    people: People
    measure: Callable[[str, str, str], int]
    """From provider, counting rule and text to its length in that rule's units."""
    clock: Callable[[], datetime]

    def intent(
        self, case: Case, text: str, why: str, *, answers: bool = False, stands: bool = False, verb: str = ""
    ) -> tuple[Change, list[Write]] | None:
        """The change of the case and the writes that put an automatic reply into the outbox; commit them together.

        `why` names the occasion (`follow_up.1`): the same one in the same generation of a case is the same reply, and
        None is returned when it was asked for already. `answers`: it counts as our answer, as the bot's does; else
        nothing that is owed changes. `stands`: it leaves even if the customer writes meanwhile. `verb` picks one way;
        empty takes the first that is allowed.

        Raises:
            CannotSay
        """
        reply_id = keys.automatic_id(case.id, case.gen, why)
        if self.replies.get(case.brand, case.id, reply_id) is not None:
            return None
        message = self.messages.get(case.brand, case.platform, case.reply_to) if case.reply_to else None
        chosen = self._allowed(case, message, verb)
        if chosen.counting and chosen.limit is not None:
            length = self.measure(case.provider, chosen.counting, text)
            if length > chosen.limit:
                raise CannotSay("too_long", f"{length} of {chosen.limit} characters: {length - chosen.limit} too many.")
        now = time_text(self.clock())
        reply = Reply(
            id=reply_id, brand=case.brand, case=case.id, provider=case.provider, platform=case.platform,
            account_id=case.account_id, verb=chosen.verb, surface=message.surface if message else case.surface,
            in_reply_to=message.id if message else case.reply_to, person=case.customer_id, thread=case.thread_id,
            asked_at=message.at if message and message.at else case.asked_at, heard_at=case.last_at, text=text,
            by="", automatic=why, answers=answers, stands=stands, gen=case.gen, at=now, look_at=now,
            not_after=after(now, self.people.policy(case.brand).reply_valid_seconds),
        )  # fmt: skip
        return self._change(case, reply, now), [self.replies.new(reply)]

    def _allowed(self, case: Case, message: Message | None, verb: str) -> Verb:
        found = self.accounts.find(case.provider, case.account_id)
        account = Account.model_validate(found) if found else None
        offered = verbs(subject(case, message), standing(account, automatic=True), self.clock())
        saying = [v for v in offered if v.verb in SAYING and verb in ("", v.verb)]
        chosen = next((v for v in saying if v.allowed), None)
        if chosen is None:
            first = saying[0] if saying else None
            raise CannotSay(
                (first.code if first else "") or "not_allowed",
                first.reason if first else "The platform does not know this way of answering here.",
            )
        return chosen

    @staticmethod
    def _change(case: Case, reply: Reply, now: str) -> Change:
        line = Line(code="reply.automatic", at=now, about=reply.id)
        if not reply.answers:
            return case.model_copy(update={"updated_at": now}), (line,)
        if case.reply_state in talk.UNFINISHED:
            raise CannotSay("busy", "Another reply is not finished yet.")
        return case.model_copy(update={"reply_state": "pending", "updated_at": now}), (line,)

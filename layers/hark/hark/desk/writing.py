"""What a text has to pass before it becomes a reply: a way that is open, long enough; the platform's own length."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hark.desk.standing import standing, subject
from hark.domain.account import Account
from hark.domain.case import Case
from hark.domain.message import Message
from hark.domain.policy import Policy
from hark.domain.reply import Reply, State
from hark.domain.time import after, parse
from hark.domain.time import text as time_text
from hark.domain.verbs import SAYING, Verb, verbs
from hark.store.accounts import Accounts
from hark.store.messages import Messages

FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters by their category, blank on every screen (Hangul fillers, the empty Braille cell)."""
LONGEST_HOLD_SECONDS = 30
FARTHEST = timedelta(days=7)
"""How far ahead a reply can be told to leave."""


class Unacceptable(Exception):
    """The text cannot be sent: `empty`, `too_long`, `not_allowed`, `past`, `too_far`, `window_over`. `sentence` is for
    the author."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence


class Forbidden(Exception):
    """The member may not do this (403). `sentence` says who may."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True)
class Words:
    """What somebody wants to say in a conversation, by which way and when.

    `verb` is one of `verbs.SAYING`; empty takes the first that is open then. `hold`: for how many seconds it can be
    taken back; None is the brand's own number. `send_at`: when it is to leave, in text form; empty: at once.
    """

    text: str
    verb: str = ""
    hold: int | None = None
    send_at: str = ""
    by_program: bool = False
    """No person wrote it: what a platform keeps for people is then closed."""


Measure = Callable[[str, str, str], int]
"""From provider, counting rule and text to its length in that rule's units."""


def _seen(c: str) -> bool:
    """Whether a reader sees the character by itself: no mark, filler, space or control."""
    return unicodedata.category(c)[0] not in "MZC" and c not in FILLERS


@dataclass(frozen=True)
class Writing:
    messages: Messages
    accounts: Accounts
    measure: Measure
    clock: Callable[[], datetime]

    def allowed(self, case: Case, message: Message | None, *, automatic: bool = False) -> tuple[Verb, ...]:
        """What may be done about a message of a case now; `automatic`: by no person."""
        found = self.accounts.find(case.provider, case.account_id)
        account = Account.model_validate(found) if found else None
        return verbs(subject(case, message), standing(account, automatic=automatic), self.clock())

    def answered(self, case: Case) -> Message | None:
        """The message a reply goes to; None when it was taken away, or is not known."""
        return self.messages.get(case.brand, case.platform, case.reply_to) if case.reply_to else None

    def way(self, case: Case, message: Message | None, words: Words) -> str:
        """The verb by which the text may leave at its time.

        Raises:
            Unacceptable
        """
        if not any(_seen(c) for c in words.text):
            raise Unacceptable("empty", "There is nothing to send.")
        self._in_time(words.send_at)
        offered = self.allowed(case, message, automatic=words.by_program)
        saying = [v for v in offered if v.verb in SAYING and words.verb in ("", v.verb)]
        open_now = [v for v in saying if v.allowed]
        chosen = next((v for v in open_now if not v.until or v.until > words.send_at), None)
        if chosen is None and open_now:
            raise Unacceptable(
                "window_over", "At that time the platform does not allow this way of answering any more."
            )
        if chosen is None:
            why = next((v.reason for v in saying), "The platform does not know this way of answering here.")
            raise Unacceptable("not_allowed", why)
        if chosen.counting and chosen.limit is not None:
            length = self.measure(case.provider, chosen.counting, words.text)
            if length > chosen.limit:
                over = length - chosen.limit
                raise Unacceptable("too_long", f"{length} of {chosen.limit} characters: {over} too many.")
        return chosen.verb

    def _in_time(self, send_at: str) -> None:
        if send_at and send_at <= time_text(self.clock()):
            raise Unacceptable("past", "The time to send it at has to lie in the future.")
        if send_at and parse(send_at) > self.clock() + FARTHEST:
            raise Unacceptable("too_far", f"A reply can wait {FARTHEST.days} days at most.")

    @staticmethod
    def leaves_at(words: Words, policy: Policy, now: str) -> str:
        """Before when nobody may send it."""
        hold = policy.undo_seconds if words.hold is None else min(words.hold, LONGEST_HOLD_SECONDS)
        return words.send_at or after(now, hold)

    def intent(
        self, case: Case, message: Message | None, by: str, reply_id: str, verb: str, words: Words, policy: Policy
    ) -> Reply:
        """The reply to be stored: held until it may leave, and no longer of use so long after that (I22)."""
        now = time_text(self.clock())
        leaves = self.leaves_at(words, policy, now)
        return Reply(
            id=reply_id, brand=case.brand, case=case.id, provider=case.provider, platform=case.platform,
            account_id=case.account_id, verb=verb, surface=message.surface if message else case.surface,
            in_reply_to=message.id if message else case.reply_to, person=case.customer_id, thread=case.thread_id,
            asked_at=message.at if message and message.at else case.asked_at, heard_at=case.last_at,
            text=words.text, by=by, at=now, state=State.HELD if leaves > now else State.PENDING, look_at=leaves,
            send_at=words.send_at, seen=case.talk, before=case.reply_state,
            not_after=after(leaves, policy.reply_valid_seconds),
        )  # fmt: skip

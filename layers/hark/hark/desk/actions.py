"""What an agent does to a case: reply, act on a message, claim, assign, note, snooze, close. Each once per click."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from hark.desk.standing import standing, subject
from hark.desk.workflow import Workflow
from hark.domain import case as rules
from hark.domain import talk
from hark.domain.account import Account
from hark.domain.case import Case, Line, Refused
from hark.domain.message import Message
from hark.domain.people import Member
from hark.domain.reply import Reply
from hark.domain.time import after
from hark.domain.time import text as time_text
from hark.domain.verbs import ACTING, SAYING, Verb, verbs
from hark.store import keys
from hark.store.accounts import Accounts
from hark.store.cases import Cases, Stale
from hark.store.messages import Messages
from hark.store.people import People
from hark.store.replies import Replies
from hark.store.table import ConditionFailed, Item, Put, Write

FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters by their category, blank on every screen (Hangul fillers, the empty Braille cell)."""
DONE_KEPT_SECONDS = 24 * 3600
"""How long the same idempotency key gives the first result again."""


def _seen(c: str) -> bool:
    """Whether a reader sees the character by itself: no mark, filler, space or control."""
    return unicodedata.category(c)[0] not in "MZC" and c not in FILLERS


class NotFound(Exception):
    """No such case in this brand. The same for another brand's case and for one that never was (H34)."""


class KeyReused(Exception):
    """The idempotency key was used for another request (422)."""


class Talked(Exception):
    """Somebody wrote since the author looked (409)."""


class Unacceptable(Exception):
    """The text cannot be sent: `empty`, `too_long`, `not_allowed`. `sentence` is for the author."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True)
class Click:
    """One write of one agent: who, and the key and digest that make a repetition of it harmless (I17)."""

    member: Member
    key: str
    digest: str

    @classmethod
    def of(cls, member: Member, key: str, path: str, body: object) -> Click:
        canonical = json.dumps([path, body], sort_keys=True, ensure_ascii=True)
        return cls(member, key, sha256(canonical.encode()).hexdigest())


@dataclass(frozen=True)
class Wish:
    """What a PATCH may ask for; what is not asked for is None. `assignee` empty releases the case."""

    assignee: str | None = None
    state: str | None = None
    snoozed_until: str | None = None
    reason: str = "agent"


Measure = Callable[[str, str, str], int]
"""From provider, counting rule and text to its length in that rule's units."""


@dataclass(frozen=True)
class Actions:
    cases: Cases
    messages: Messages
    replies: Replies
    accounts: Accounts
    people: People
    workflow: Workflow
    measure: Measure
    clock: Callable[[], datetime]

    def case(self, member: Member, case_id: str) -> Case:
        """The case, if it is the member's brand's.

        Raises:
            NotFound
        """
        case = self.cases.get(member.brand, case_id)
        if case is None:
            raise NotFound(case_id)
        return case

    def change(self, click: Click, case_id: str, version: int, wish: Wish) -> Case:
        """Assign, snooze, close or re-open.

        Raises:
            NotFound, KeyReused. Stale: somebody changed the case since `version`; what the desk does by itself,
            such as triage a moment after the case came in, does not count. Refused: the state does not allow it.
        """
        case = self.case(click.member, case_id)
        if self.was_done(click, case_id):
            return case
        if case.version != version and self._somebody_since(case, version, words=wish.state is not None):
            raise Stale
        now, by = self._now(), click.member.id
        policy = self.people.policy(case.brand)
        start, lines = case, tuple[Line, ...]()
        if wish.assignee is not None and wish.assignee != case.owner:
            if wish.assignee and self._absent(case.brand, wish.assignee):
                raise Refused("no_such_member")
            if case.reply_state in talk.UNFINISHED:
                raise Refused("busy")
            code = "case.claimed" if wish.assignee == by else "case.assigned" if wish.assignee else "case.released"
            case, more = rules.given(case, wish.assignee, by, code, now)
            lines += more
        if wish.state == "snoozed" or wish.snoozed_until:
            case, more = rules.snoozed(case, wish.snoozed_until or "", by, now)
            lines += more
        elif wish.state == "closed":
            case, more = rules.closed(case, "agent", by, now)
            lines += more
        elif wish.state == "open" and case.status != "open":
            opened = rules.woken if case.status == "snoozed" else rules.reopened
            case, more = opened(case, policy, by, now)
            lines += more
        if not lines:
            return start
        changed = self._commit(start, case, lines, now, click)
        self.workflow.move(changed)
        return changed

    def reply(self, click: Click, case_id: str, text: str, seen: int, verb: str = "") -> Reply:
        """Write a reply: intent, owner and case in one transaction. The sender takes it from there.

        `verb` is one of `verbs.SAYING`; empty takes the first one that is allowed now.

        Raises:
            NotFound, KeyReused, Talked, Unacceptable. Refused: `closed`, `owned`, `busy`.
        """
        reply_id = keys.reply_id(click.member.id, click.key)
        for _ in range(8):
            case = self.case(click.member, case_id)
            if self.was_done(click, case_id):
                known = self.replies.get(case.brand, case_id, reply_id)
                if known:
                    return known
            now = self._now()
            changed, lines = talk.replying(case, click.member.id, reply_id, now)
            if case.talk != seen:
                raise Talked
            message = self._answered(case)
            chosen = self._acceptable(case, message, text, verb)
            reply = self._intent(case, message, click, reply_id, chosen, text, now)
            try:
                self._commit(case, changed, lines, now, click, [self.replies.new(reply)])
            except Stale:
                continue
            return reply
        raise Stale

    def act(self, click: Click, case_id: str, message_id: str, verb: str) -> Reply:
        """Have something done to a message: one of `verbs.ACTING`. It goes through the outbox as a reply does.

        Raises:
            NotFound: no such case, or no such message in it. KeyReused. Unacceptable: `not_allowed`.
        """
        act_id = keys.reply_id(click.member.id, click.key)
        for _ in range(8):
            case = self.case(click.member, case_id)
            if self.was_done(click, case_id):
                known = self.replies.get(case.brand, case_id, act_id)
                if known:
                    return known
            message = self.messages.get(case.brand, case.platform, message_id)
            if message is None or message.conversation != case.id:
                raise NotFound(message_id)
            offered = next((v for v in self.allowed(case, message) if v.verb == verb and verb in ACTING), None)
            if offered is None or not offered.allowed:
                why = offered.reason if offered else "The platform does not know this here."
                raise Unacceptable("not_allowed", why)
            now = self._now()
            intent = self._intent(case, message, click, act_id, verb, "", now)
            change = talk.acted(case, "act.asked", click.member.id, act_id, now)
            try:
                self._commit(case, *change, now, click, [self.replies.new(intent)])
            except Stale:
                continue
            return intent
        raise Stale

    def allowed(self, case: Case, message: Message | None) -> tuple[Verb, ...]:
        """What may be done about a message of a case now."""
        found = self.accounts.find(case.provider, case.account_id)
        account = Account.model_validate(found) if found else None
        return verbs(subject(case, message), standing(account), self.clock())

    def _answered(self, case: Case) -> Message | None:
        return self.messages.get(case.brand, case.platform, case.reply_to) if case.reply_to else None

    def _intent(
        self, case: Case, message: Message | None, click: Click, reply_id: str, verb: str, text: str, now: str
    ) -> Reply:
        valid = self.people.policy(case.brand).reply_valid_seconds
        return Reply(
            id=reply_id, brand=case.brand, case=case.id, provider=case.provider, platform=case.platform,
            account_id=case.account_id, verb=verb, surface=message.surface if message else case.surface,
            in_reply_to=message.id if message else case.reply_to, person=case.customer_id, thread=case.thread_id,
            asked_at=message.at if message and message.at else case.asked_at, heard_at=case.last_at,
            text=text, by=click.member.id, at=now, not_after=after(now, valid), look_at=now,
        )  # fmt: skip

    def note(self, click: Click, case_id: str, text: str) -> Item:
        """Leave a note for the team.

        Raises:
            NotFound, KeyReused.
        """
        note_id = keys.note_id(click.member.id, click.key)
        for _ in range(8):
            case = self.case(click.member, case_id)
            if self.was_done(click, case_id):
                return next(note for note in self.notes(case) if note["id"] == note_id)
            now = self._now()
            values = {"id": note_id, "text": text, "at": now, "by": click.member.id}
            line = Line(code="note.added", at=now, by=click.member.id, about=note_id)
            changed = case.model_copy(update={"updated_at": now})
            try:
                self._commit(
                    case, changed, (line,), now, click, [Put(keys.note(case.brand, case.id, now, note_id), values)]
                )
            except Stale:
                continue
            return values
        raise Stale

    def notes(self, case: Case) -> list[Item]:
        return list(self.cases.table.query_all(keys.case(case.brand, case.id).pk, prefix=keys.NOTE_PREFIX))

    def was_done(self, click: Click, case_id: str) -> bool:
        """Whether this very click was carried out before; its answer was lost on the way to the browser.

        Raises:
            KeyReused: it was another one.
        """
        known = self.people.done(click.member.brand, click.member.id, click.key)
        if known is None:
            return False
        if known["digest"] != click.digest or known["about"] != case_id:
            raise KeyReused
        return True

    def mark(self, click: Click, case: Case) -> Write:
        """The write that goes along with what a click does, and makes `was_done` true of it."""
        expires = int(self.clock().timestamp()) + DONE_KEPT_SECONDS
        return self.people.doing(case.brand, click.member.id, click.key, click.digest, case.id, expires)

    # --- inside ---

    def _acceptable(self, case: Case, message: Message | None, text: str, verb: str) -> str:
        """The verb by which the text may leave.

        Raises:
            Unacceptable
        """
        if not any(_seen(c) for c in text):
            raise Unacceptable("empty", "There is nothing to send.")
        saying = [v for v in self.allowed(case, message) if v.verb in SAYING and verb in ("", v.verb)]
        chosen = next((v for v in saying if v.allowed), None)
        if chosen is None:
            why = next((v.reason for v in saying), "The platform does not know this way of answering here.")
            raise Unacceptable("not_allowed", why)
        if chosen.counting and chosen.limit is not None:
            length = self.measure(case.provider, chosen.counting, text)
            if length > chosen.limit:
                over = length - chosen.limit
                raise Unacceptable("too_long", f"{length} of {chosen.limit} characters: {over} too many.")
        return chosen.verb

    def _somebody_since(self, case: Case, version: int, *, words: bool) -> bool:
        """Whether a person did something to the case since `version`; with `words`, also whether anybody wrote:
        nobody closes or puts off a case over words they have not seen."""
        later = [line for line in self.cases.history(case.brand, case.id) if line["number"] > version]
        return version > case.version or any(line["by"] or (words and line["code"] in talk.WORDS) for line in later)

    def _absent(self, brand: str, member_id: str) -> bool:
        member = self.people.member(brand, member_id)
        return member is None or member.removed

    def _commit(
        self, old: Case, new: Case, lines: tuple[Line, ...], now: str, click: Click, also: Sequence[Write] = ()
    ) -> Case:
        try:
            return self.cases.commit(old, new, lines, now, also=[self.mark(click, old), *also])
        except ConditionFailed as clash:
            raise Stale from clash  # the same click at the same moment: look again and find it done

    def _now(self) -> str:
        return time_text(self.clock())

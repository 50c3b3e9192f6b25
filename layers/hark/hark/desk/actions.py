"""What an agent does to a case: reply, act on a message, claim, assign, note, snooze, close. Each once per click."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hark.desk.clicks import Click, mark, was_done
from hark.desk.composing import Composing
from hark.desk.manners import unmannerly
from hark.desk.passing import Passing
from hark.desk.workflow import Workflow
from hark.desk.writing import Unacceptable, Words, Writing
from hark.domain import case as rules
from hark.domain import satisfaction, talk
from hark.domain.approval_choices import Need
from hark.domain.case import Case, Change, Line
from hark.domain.people import Member
from hark.domain.reasons import sentence
from hark.domain.reply import Reply
from hark.domain.tags import tagged
from hark.domain.time import text as time_text
from hark.domain.verbs import ACTING
from hark.store import keys
from hark.store.cases import Cases, Stale
from hark.store.messages import Messages
from hark.store.people import People
from hark.store.replies import Replies
from hark.store.table import ConditionFailed, Item, Put, Write
from hark.store.tags import Tags


class NotFound(Exception):
    """No such case in this brand. The same for another brand's case and for one that never was (H34)."""


class ApprovalNeeded(Exception):
    """Others have to agree to it first: it has to be submitted as a draft (409)."""

    def __init__(self, need: Need) -> None:
        super().__init__(str(need.number))
        self.need = need


class Talked(Exception):
    """Somebody wrote since the author looked (409)."""


@dataclass(frozen=True)
class Wish:
    """What a PATCH may ask for; what is not asked for is None. `assignee` empty releases the case, `level` passes it up
    to somebody with that authority; `note` is for whoever gets it."""

    assignee: str | None = None
    level: int | None = None
    note: str = ""
    state: str | None = None
    snoozed_until: str | None = None
    reason: str = "agent"
    tags: tuple[str, ...] | None = None
    """All that shall stand on it, each in its one spelling."""


@dataclass(frozen=True)
class Actions:
    cases: Cases
    messages: Messages
    replies: Replies
    people: People
    workflow: Workflow
    writing: Writing
    composing: Composing
    passing: Passing
    tags: Tags
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
        """Assign, snooze, close, re-open or tag.

        Raises:
            NotFound, KeyReused. Stale: somebody changed the case since `version`; what the desk does by itself,
            such as triage a moment after the case came in, does not count. Refused: the state does not allow it.
        """
        case = self.case(click.member, case_id)
        if was_done(self.people, click, case_id):
            return case
        if case.version != version and self._somebody_since(case, version, words=wish.state is not None):
            raise Stale
        now, by = self.now(), click.member.id
        policy = self.people.policy(case.brand)
        start, lines = case, tuple[Line, ...]()
        also: list[Write] = []
        if wish.level is not None:
            case, more, also = self.passing.up(case, policy, click.member, click.key, wish.level, wish.note)
            lines += more
        elif wish.assignee is not None and wish.assignee != case.owner:
            case, more, also = self.passing.to(case, policy, click.member, click.key, wish.assignee, wish.note)
            lines += more
        if wish.state == "snoozed" or wish.snoozed_until:
            case, more = rules.snoozed(case, wish.snoozed_until or "", by, now)
            lines += more
        elif wish.state == "closed":
            case, more = rules.closed(case, "agent", by, now)
            case = satisfaction.due(case, policy)
            lines += more
        elif wish.state == "open" and case.status != "open":
            opened = rules.woken if case.status == "snoozed" else rules.reopened
            case, more = opened(case, policy, by, now)
            lines += more
        if wish.tags is not None:
            case, more = tagged(case, wish.tags, by, now)
            lines += more
            also = [*also, *self.tags.counting(start.brand, start.tags, case.tags, self.clock())]
        if not lines:
            return start
        changed = self.commit(start, case, lines, now, click, also)
        self.workflow.move(changed)
        self.passing.after(start, changed)
        return changed

    def reply(
        self, click: Click, case_id: str, text: str, seen: int, verb: str = "", *, hold: int | None = None,
        send_at: str = "", confirmed: Sequence[str] = (),
    ) -> Reply:  # fmt: skip
        """Write a reply: intent, owner and case in one transaction. The sender takes it from there, when it is due.

        `seen` is the count of the conversation its author had in view; the rest as in `Words`.

        Raises:
            NotFound, KeyReused, Talked, Unacceptable, Questionable. Refused: `closed`, `owned`, `busy`. ApprovalNeeded.
        """
        words = Words(text, verb, hold, send_at, by_program=click.member.role == "program")
        reply_id = keys.reply_id(click.member.id, click.key)
        for _ in range(8):
            case = self.case(click.member, case_id)
            if was_done(self.people, click, case_id):
                known = self.replies.get(case.brand, case_id, reply_id)
                if known:
                    return known
            now, by = self.now(), click.member.id
            talk.replying(case, by, reply_id, now)  # whether they may at all is said first
            if case.talk != seen:
                raise Talked
            policy = self.people.policy(case.brand)
            if words.by_program and (why := unmannerly(case, self.messages, self.replies)):
                raise Unacceptable("not_allowed", sentence(why))
            made = self.composing.ready(case, click.member, words, policy, confirmed)
            if (need := self.composing.need(case, by, made.words, policy)).number:
                raise ApprovalNeeded(need)
            reply = self.writing.intent(case, made.message, by, reply_id, made.words.verb, made.words, policy)
            try:
                self.commit(case, *self.asked(case, reply, now), now, click, [self.replies.new(reply)])
            except Stale:
                continue
            self.composing.taken(case, reply)
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
            if was_done(self.people, click, case_id):
                known = self.replies.get(case.brand, case_id, act_id)
                if known:
                    return known
            message = self.messages.get(case.brand, case.platform, message_id)
            if message is None or message.conversation != case.id:
                raise NotFound(message_id)
            offered = next((v for v in self.writing.allowed(case, message) if v.verb == verb and verb in ACTING), None)
            if offered is None or not offered.allowed:
                why = offered.reason if offered else "The platform does not know this here."
                raise Unacceptable("not_allowed", why)
            now = self.now()
            policy = self.people.policy(case.brand)
            intent = self.writing.intent(case, message, click.member.id, act_id, verb, Words("", hold=0), policy)
            change = talk.acted(case, "act.asked", click.member.id, act_id, now)
            try:
                self.commit(case, *change, now, click, [self.replies.new(intent)])
            except Stale:
                continue
            return intent
        raise Stale

    @staticmethod
    def asked(case: Case, reply: Reply, now: str) -> Change:
        """The case with a reply that was just written.

        Raises:
            Refused: `closed`, `owned`, `busy`.
        """
        code = "reply.scheduled" if reply.send_at else "reply.asked"
        return talk.replying(case, reply.by, reply.id, now, reply.state.value, code)

    def note(self, click: Click, case_id: str, text: str) -> Item:
        """Leave a note for the team.

        Raises:
            NotFound, KeyReused.
        """
        note_id = keys.note_id(click.member.id, click.key)
        for _ in range(8):
            case = self.case(click.member, case_id)
            if was_done(self.people, click, case_id):
                return next(note for note in self.notes(case) if note["id"] == note_id)
            now = self.now()
            values = {"id": note_id, "text": text, "at": now, "by": click.member.id}
            line = Line(code="note.added", at=now, by=click.member.id, about=note_id)
            changed = case.model_copy(update={"updated_at": now})
            try:
                self.commit(
                    case, changed, (line,), now, click, [Put(keys.note(case.brand, case.id, now, note_id), values)]
                )
            except Stale:
                continue
            return values
        raise Stale

    def notes(self, case: Case) -> list[Item]:
        return list(self.cases.table.query_all(keys.case(case.brand, case.id).pk, prefix=keys.NOTE_PREFIX))

    def commit(
        self, old: Case, new: Case, lines: tuple[Line, ...], now: str, click: Click, also: Sequence[Write] = ()
    ) -> Case:
        """What a click does, with the mark that it was done.

        Raises:
            Stale: something that was read is otherwise by now; look again.
        """
        try:
            return self.cases.commit(old, new, lines, now, also=[mark(self.people, click, old.id, self.clock()), *also])
        except ConditionFailed as clash:
            raise Stale from clash  # the same click at the same moment: look again and find it done

    # --- inside ---

    def _somebody_since(self, case: Case, version: int, *, words: bool) -> bool:
        """Whether a person did something to the case since `version`; with `words`, also whether anybody wrote:
        nobody closes or puts off a case over words they have not seen."""
        later = [line for line in self.cases.history(case.brand, case.id) if line["number"] > version]
        return version > case.version or any(line["by"] or (words and line["code"] in talk.WORDS) for line in later)

    def now(self) -> str:
        return time_text(self.clock())

"""Replies that have not left yet: taken back, changed, and sent when their time has come.

Nobody's browser is needed for them to leave: the sweeper finds them in the work index within a minute. A look at the
conversation only makes it sooner.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hark import log
from hark.desk.actions import Actions, ApprovalNeeded, NotFound
from hark.desk.clicks import Click, was_done
from hark.desk.sweeping import Wake
from hark.desk.writing import Forbidden, Words
from hark.domain import talk
from hark.domain.approval_choices import Need
from hark.domain.case import Case, Refused
from hark.domain.people import Member, is_program
from hark.domain.reply import Reply, State
from hark.domain.time import after
from hark.domain.time import text as time_text
from hark.store.cases import Stale

NOT_LEFT = (State.HELD, State.PENDING)
"""Nobody has claimed it: until then, and not a moment longer, it can be taken back."""


@dataclass(frozen=True)
class Holding:
    actions: Actions
    wake: Wake
    clock: Callable[[], datetime]

    def withdraw(self, click: Click, case_id: str, reply_id: str) -> Reply:
        """Take a reply back. Of this and a sender that claims it at the same moment exactly one wins, for both write
        the reply on the condition that nobody else has.

        The case stays with whoever wrote it: else somebody else would get it while they mend a word.

        Raises:
            NotFound, KeyReused. Forbidden: it is somebody else's. Refused: `left`.
        """

        def take_back(case: Case, reply: Reply, now: str) -> Reply:
            return reply.model_copy(
                update={
                    "state": State.WITHDRAWN,
                    "look_at": "",
                    "claim": secrets.token_hex(8),
                    "code": "",
                    "sentence": "",
                }
            )

        return self._changed(click, case_id, reply_id, "reply.withdrawn", take_back)

    def change(
        self, click: Click, case_id: str, reply_id: str, send_at: str, text: str | None = None,
        confirmed: Sequence[str] = (),
    ) -> Reply:  # fmt: skip
        """Another time for a reply that has one, or other words. None leaves the words as they are.

        Raises:
            NotFound, KeyReused, Unacceptable, Questionable. Forbidden: it is somebody else's. Refused: `left`;
            `not_scheduled`. ApprovalNeeded: other words need one, or the old ones had one.
        """

        def changed(case: Case, reply: Reply, now: str) -> Reply:
            if not reply.send_at or reply.state is not State.HELD:
                raise Refused("not_scheduled")
            words = Words(
                reply.text if text is None else text, reply.verb, send_at=send_at or reply.send_at,
                by_program=is_program(reply.by),
            )  # fmt: skip
            if text is not None and click.member.id != reply.by:
                raise Forbidden("not_author", "Only its author changes the words of a reply.")
            policy = self.actions.people.policy(case.brand)
            message = self.actions.messages.get(case.brand, case.platform, reply.in_reply_to)
            if text is None:
                self.actions.writing.way(case, message, words)
            else:
                words = self.actions.composing.ready(
                    case, click.member, words, policy, confirmed, message=message
                ).words
                if reply.approvers or (need := self.actions.composing.need(case, reply.by, words, policy)).number:
                    raise ApprovalNeeded(Need(1) if reply.approvers else need)
            return reply.model_copy(
                update={"text": words.text, "send_at": words.send_at, "look_at": words.send_at,
                        "not_after": after(words.send_at, policy.reply_valid_seconds), "claim": secrets.token_hex(8)}
            )  # fmt: skip

        return self._changed(click, case_id, reply_id, "reply.rescheduled", changed)

    def look(self, case: Case) -> None:
        """Somebody looks at the conversation: have what is due in it sent now, at best."""
        if case.reply_state != State.HELD:
            return
        now = time_text(self.clock())
        replies = self.actions.replies
        due = [r for r in replies.of_case(case.brand, case.id) if r.state is State.HELD and r.look_at <= now]
        if not due:
            return
        try:
            self.wake("send_reply", [replies.key(reply) for reply in due])
        except Exception as trouble:  # the sweeper sends it within a minute; what was asked for is a look at the case
            log.error("holding.wake_failed", trouble, case=case.id)

    # --- inside ---

    def _changed(
        self, click: Click, case_id: str, reply_id: str, code: str, change: Callable[[Case, Reply, str], Reply]
    ) -> Reply:
        actions = self.actions
        for _ in range(8):
            case = actions.case(click.member, case_id)
            reply = actions.replies.get(case.brand, case_id, reply_id)
            if reply is None or not reply.says or reply.automatic:
                raise NotFound(reply_id)
            if was_done(actions.people, click, case_id):
                return reply
            _may(click.member, case, reply)
            if reply.state not in NOT_LEFT:
                raise Refused("left")
            now = time_text(self.clock())
            new = change(case, reply, now)
            state = reply.before if new.state is State.WITHDRAWN else new.state.value
            moved = talk.reply_moved(case, state, code, click.member.id, reply.id, now)
            try:
                actions.commit(case, *moved, now, click, [actions.replies.write(reply, new)])
            except Stale:
                continue
            return new
        raise Stale


def _may(member: Member, case: Case, reply: Reply) -> None:
    """Its author, whoever approved it, the owner of the case, and leads.

    Raises:
        Forbidden
    """
    if member.id not in (reply.by, case.owner, *reply.approvers) and member.role not in ("lead", "operator"):
        raise Forbidden("not_yours", "Only its author, those who approved it, and a lead can take a reply back.")

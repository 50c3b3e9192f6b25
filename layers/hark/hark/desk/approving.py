"""Drafts: submitted, changed, approved by one or two others, sent back, taken back, too late.

Of whatever two people do to the drafts of a case at the same moment, one is first: every write asks that the case is
still as it was read. The reply a draft becomes has an id of its own, so that there is never a second one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hark.desk.actions import Actions, NotFound, Talked
from hark.desk.clicks import Click, was_done
from hark.desk.composing import Composing
from hark.desk.writing import Forbidden, Words
from hark.domain import approvals as rules
from hark.domain.approvals import Draft
from hark.domain.case import Case, Change, Line, Refused, owned
from hark.domain.message import Message
from hark.domain.people import Member
from hark.domain.policy import Policy
from hark.domain.reply import Reply
from hark.store import keys
from hark.store.cases import Stale
from hark.store.drafts import Drafts
from hark.store.table import Item, Write

WHY_NOT = {
    "not_approver": "Leads approve, and whom the brand has named for it.",
    "own_draft": "Somebody else has to approve what you wrote.",
    "own_words": "You changed its words; somebody else has to approve those.",
    "approved_already": "You have approved it. Somebody else has to, as well.",
}
ATTEMPTS = 8


class Drafted(Exception):
    """Drafts wait in this conversation already; their author has to say what becomes of them (409)."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        super().__init__("drafted")
        self.drafts = tuple(drafts)


@dataclass(frozen=True)
class Approving:
    actions: Actions
    composing: Composing
    drafts: Drafts

    def submit(
        self, click: Click, case_id: str, words: Words, seen: int, competing: str = "", confirmed: Sequence[str] = ()
    ) -> Draft:
        """Have a reply approved, also where the brand does not ask for it: a second pair of eyes never hurts (E15).

        `competing` says what becomes of drafts that wait already: `replace` one's own, or `beside`, and whoever
        approves chooses.

        Raises:
            NotFound, KeyReused, Talked, Unacceptable, Questionable. Drafted: some wait, and `competing` does not say
            what becomes of them. Refused: `closed`, `too_many_drafts`.
        """
        draft_id = keys.draft_id(click.member.id, click.key)
        for _ in range(ATTEMPTS):
            case = self.actions.case(click.member, case_id)
            if was_done(self.actions.people, click, case_id) and (
                known := self.drafts.get(case.brand, case_id, draft_id)
            ):
                return known
            if case.status == "closed":
                raise Refused("closed")
            if case.talk != seen:
                raise Talked
            waiting = self._waiting(case)
            mine = [draft for draft in waiting if draft.by == click.member.id]
            if waiting and not (competing == "beside" or (competing == "replace" and mine)):
                raise Drafted(waiting)
            replaced = mine if competing == "replace" else []
            policy, now = self.actions.people.policy(case.brand), self.actions.now()
            made = self.composing.ready(case, click.member, words, policy, confirmed).words
            need = self.composing.need(case, click.member.id, made, policy)
            draft = Draft(
                id=draft_id, brand=case.brand, case=case.id, by=click.member.id, at=now, text=made.text,
                verb=made.verb, hold=made.hold, send_at=made.send_at, seen=seen, number=max(1, need.number),
                why=need.why,
            )  # fmt: skip
            change = rules.submitted(case, draft, policy, need, tuple(old.id for old in replaced), now)
            gone = [self._ended(old, "superseded", click.member.id, now) for old in replaced]
            if self._written(case, change, now, click, [self.drafts.new(draft), *gone]):
                return draft
        raise Stale

    def edit(
        self, click: Click, case_id: str, draft_id: str, rev: int, text: str, confirmed: Sequence[str] = ()
    ) -> Draft:
        """Change the words of a draft that waits. Whoever had approved the old ones has to approve these.

        Raises:
            NotFound, KeyReused, Unacceptable, Questionable. Forbidden: neither its author nor an approver. Refused:
            `decided`. Stale: it was changed since `rev`.
        """
        for _ in range(ATTEMPTS):
            case, draft, policy, done = self._open(click, case_id, draft_id)
            if done:
                return draft
            member = click.member
            if member.id != draft.by and not policy.approvals.may_approve(member):
                raise Forbidden("not_approver", "Its author changes a draft, and who may approve it.")
            if draft.rev != rev:
                raise Stale
            now, author = self.actions.now(), self._author(draft, member)
            words = Words(text, draft.verb, draft.hold, draft.send_at)
            made = self.composing.ready(case, author, words, policy, confirmed).words
            need = self.composing.need(case, draft.by, made, policy)
            changed, change = rules.edited(case, draft, member.id, made.text, need, now)
            if self._written(case, change, now, click, [self.drafts.write(draft, changed)]):
                return changed.model_copy(update={"rev": draft.rev + 1})
        raise Stale

    def approve(
        self, click: Click, case_id: str, draft_id: str, rev: int, seen: int, *, assign: bool = False
    ) -> tuple[Draft, Reply | None]:
        """Agree to the words as they were at `rev`, in a conversation as it was at `seen`. With the last approval that
        is needed they become a reply, at once and in the same transaction, and what else was drafted is superseded.

        `assign` gives the case to the draft's author, where somebody else has it: only an owner's reply leaves (I21).

        Raises:
            NotFound, KeyReused, Unacceptable. Talked: somebody wrote since. Forbidden. Refused: `decided`,
            `not_owner`, `closed`, `busy`. Stale: its words were changed since `rev`.
        """
        reply_id = keys.reply_of_draft(draft_id)
        for _ in range(ATTEMPTS):
            case, draft, policy, done = self._open(click, case_id, draft_id)
            if done:
                return draft, self.actions.replies.get(case.brand, case_id, reply_id)
            if why := rules.refusal(draft, policy.approvals, click.member, case.talk):
                raise Forbidden(why, WHY_NOT[why])
            if case.talk != seen:
                raise Talked
            if draft.rev != rev:
                raise Stale
            now = self.actions.now()
            agreed, enough = rules.agreed(draft, click.member.id, case.talk, now)
            if not enough:
                change = rules.approved_once(case, draft, click.member.id, now)
                if self._written(case, change, now, click, [self.drafts.write(draft, agreed)]):
                    return agreed.model_copy(update={"rev": draft.rev + 1}), None
                continue
            approved = agreed.model_copy(
                update={"state": "approved", "ended_at": now, "ended_by": click.member.id, "reply": reply_id}
            )
            reply, change = self._released(case, approved, policy, click.member.id, now, assign)
            others = [one for one in self._waiting(case) if one.id != draft.id]
            count = self.drafts.approved_of(case.brand, draft.by)
            writes = [
                self.drafts.write(draft, approved), self.actions.replies.new(reply),
                *(self._ended(one, "superseded", click.member.id, now) for one in others),
                self.drafts.one_more_approved(case.brand, draft.by, count),
            ]  # fmt: skip
            if self._written(case, change, now, click, writes):
                self.composing.taken(case, reply)
                return approved.model_copy(update={"rev": draft.rev + 1}), reply
        raise Stale

    def give_back(self, click: Click, case_id: str, draft_id: str, reason: str) -> Draft:
        """Send a draft back to its author, with a word for them.

        Raises:
            NotFound, KeyReused. Forbidden: not an approver, or its author. Refused: `decided`.
        """

        def may(draft: Draft, policy: Policy) -> None:
            if not rules.may_end(draft, policy.approvals, click.member):
                raise Forbidden("not_approver", "Who may approve a draft sends it back; its author takes it back.")

        return self._over(click, case_id, draft_id, "returned", reason, may)

    def withdraw(self, click: Click, case_id: str, draft_id: str) -> Draft:
        """Take a draft back.

        Raises:
            NotFound, KeyReused. Forbidden: neither its author nor a lead. Refused: `decided`.
        """

        def may(draft: Draft, policy: Policy) -> None:
            if not rules.may_withdraw(draft, click.member):
                raise Forbidden("not_author", "Its author takes a draft back, or a lead.")

        return self._over(click, case_id, draft_id, "withdrawn", "", may)

    def page(self, member: Member, start: Item | None, limit: int) -> tuple[list[tuple[Draft, Case]], Item | None]:
        """Drafts of the brand that wait, the oldest first, each with its case, and where to go on."""
        drafts, more = self.drafts.waiting(member.brand, start, limit)
        found = self.actions.cases.table.get_many([keys.case(d.brand, d.case) for d in drafts]) if drafts else {}
        cases = {key: Case.model_validate(item) for key, item in found.items()}
        return [(d, cases[key]) for d in drafts if (key := keys.case(d.brand, d.case)) in cases], more

    def answered(self, cases: Iterable[Case]) -> dict[str, Message]:
        """What a reply in each case would answer now, by the case's id; none where that was taken away."""
        asked: dict[tuple[str, str], dict[str, str]] = {}
        for case in cases:
            if case.reply_to:
                asked.setdefault((case.brand, case.platform), {})[case.id] = case.reply_to
        found: dict[str, Message] = {}
        for (brand, platform), ids in asked.items():
            known = self.actions.messages.versions(brand, platform, sorted(set(ids.values())))
            found |= {case_id: known[one] for case_id, one in ids.items() if one in known}
        return found

    # --- inside ---

    def _open(self, click: Click, case_id: str, draft_id: str) -> tuple[Case, Draft, Policy, bool]:
        """Case, draft and policy; and whether this click was carried out already."""
        case = self.actions.case(click.member, case_id)
        draft = self.drafts.get(case.brand, case_id, draft_id)
        if draft is None:
            raise NotFound(draft_id)
        done = was_done(self.actions.people, click, case_id)
        if not done and draft.state != "waiting":
            raise Refused("decided")
        return case, draft, self.actions.people.policy(case.brand), done

    def _over(
        self, click: Click, case_id: str, draft_id: str, state: rules.Ended, reason: str, may: rules.May
    ) -> Draft:
        for _ in range(ATTEMPTS):
            case, draft, policy, done = self._open(click, case_id, draft_id)
            if done:
                return draft
            may(draft, policy)
            now = self.actions.now()
            ended, change = rules.ended(case, draft, state, click.member.id, now, reason)
            if self._written(case, change, now, click, [self.drafts.write(draft, ended)]):
                return ended.model_copy(update={"rev": draft.rev + 1})
        raise Stale

    def _released(
        self, case: Case, draft: Draft, policy: Policy, by: str, now: str, assign: bool
    ) -> tuple[Reply, Change]:
        """The reply a draft becomes, and its case then."""
        lines: tuple[Line, ...] = ()
        if case.owner not in ("", draft.by):
            if not assign:
                raise Refused("not_owner")
            case = case.model_copy(update=owned(case, draft.by, now))
            lines = (Line(code="case.assigned", at=now, by=by, about=draft.by),)
        message = self.composing.writing.answered(case)
        words = Words(draft.text, draft.verb, draft.hold, draft.send_at)
        verb = self.composing.writing.way(case, message, words)
        reply = self.composing.writing.intent(case, message, draft.by, draft.reply, verb, words, policy)
        approvers = tuple(one.by for one in draft.approvals)
        reply = reply.model_copy(update={"draft": draft.id, "approvers": approvers, "editors": draft.editors})
        freed, told = rules.released(case, draft, by, now)
        changed, asked = self.actions.asked(freed, reply, now)
        return reply, (changed, (*lines, *told, *asked))

    def _waiting(self, case: Case) -> list[Draft]:
        found = [self.drafts.get(case.brand, case.id, draft_id) for draft_id in case.drafts]
        return [draft for draft in found if draft is not None and draft.state == "waiting"]

    def _ended(self, draft: Draft, state: rules.Ended, by: str, now: str) -> Write:
        return self.drafts.write(draft, draft.model_copy(update={"state": state, "ended_at": now, "ended_by": by}))

    def _author(self, draft: Draft, member: Member) -> Member:
        """Whose name is under it: its author's, whoever changes the words."""
        return (self.actions.people.member(draft.brand, draft.by) if draft.by != member.id else member) or member

    def _written(self, case: Case, change: Change, now: str, click: Click, also: Sequence[Write]) -> bool:
        """Whether it was written; else somebody was faster, and all has to be looked at again."""
        try:
            changed = self.actions.commit(case, *change, now, click, also)
        except Stale:
            return False
        self.actions.workflow.move(changed)
        return True

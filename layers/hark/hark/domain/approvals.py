"""Drafts that wait for those who have to approve them: pure functions from a draft and its case to the next ones.

Everything that happens to a draft happens to its case in the same write, so that whatever two people do at once is
decided by the version of the case: one of them was first, and the other one looks again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict

from hark.domain.approval_choices import LEADING, Approvals, Need
from hark.domain.bells import soonest
from hark.domain.case import Case, Change, Line, Refused, nudged, owned
from hark.domain.clocks import promised
from hark.domain.people import Member
from hark.domain.policy import Policy
from hark.domain.time import after

Ended = Literal["approved", "returned", "withdrawn", "expired", "superseded"]
ENDINGS: dict[Ended, str] = {
    "approved": "draft.approved", "returned": "draft.returned", "withdrawn": "draft.withdrawn",
    "expired": "draft.expired", "superseded": "draft.superseded",
}  # fmt: skip
State = Literal["waiting", "approved", "returned", "withdrawn", "expired", "superseded", "sent"]
"""`sent` is never stored: it is an approved one whose reply is out."""
May = Callable[["Draft", Policy], None]
"""Raises where somebody may not do it."""
MOST = 5
"""Drafts that may wait in one conversation."""


class Approval(BaseModel):
    model_config = ConfigDict(frozen=True)

    by: str
    at: str
    seen: int
    """What they had in view of the conversation: a word that came later was not approved with it."""


class Draft(BaseModel):
    """What somebody wants to say, and who agrees. Everybody on the team may read it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    brand: str
    case: str
    by: str
    at: str
    text: str
    verb: str
    seen: int
    hold: int | None = None
    send_at: str = ""
    number: int
    """Approvals it needs."""
    why: tuple[str, ...] = ()
    """Names of the brand's conditions that ask for them."""
    state: State = "waiting"
    approvals: tuple[Approval, ...] = ()
    editors: tuple[str, ...] = ()
    """Who changed the words besides its author, in order."""
    edited_by: str = ""
    """Who changed them last; the author may be."""
    reason: str = ""
    """What whoever sent it back has to say, for its author."""
    ended_at: str = ""
    ended_by: str = ""
    reply: str = ""
    """The reply it became."""
    rev: int = 1

    def counted(self, talk: int) -> tuple[Approval, ...]:
        """Approvals that hold while nobody has said anything more."""
        return tuple(one for one in self.approvals if one.seen == talk)


def refusal(draft: Draft, policy: Approvals, member: Member, talk: int) -> str:
    """The code of why the member may not approve it now; "" if they may. Its author never may."""
    if member.id == draft.by:
        return "own_draft"
    if not policy.may_approve(member):
        return "not_approver"
    if any(one.by == member.id for one in draft.counted(talk)):
        return "approved_already"
    if policy.edited_needs_another and draft.edited_by == member.id:
        return "own_words"
    return ""


def submitted(case: Case, draft: Draft, policy: Policy, need: Need, replaced: tuple[str, ...], now: str) -> Change:
    """A draft waits. A case without an owner becomes its author's.

    Raises:
        Refused: `closed`, `too_many_drafts`.
    """
    if case.status == "closed":
        raise Refused("closed")
    drafts = (*(one for one in case.drafts if one not in replaced), draft.id)
    if len(drafts) > MOST:
        raise Refused("too_many_drafts")
    lines = [Line(code="draft.submitted", at=now, by=draft.by, about=draft.id)]
    lines += [Line(code="draft.superseded", at=now, by=draft.by, about=one) for one in replaced]
    lines += [Line(code="approval.asked_by_rule", at=now, about=name) for name in need.why]
    if not need.why:
        code = "approval.asked_of_all" if need.number else "approval.asked_by_author"
        lines.append(Line(code=code, at=now, by=draft.by, about=draft.id))
    fresh: dict[str, object] = {"drafts": drafts, "updated_at": now}
    if not case.owner:
        fresh |= owned(case, draft.by, now)
        lines.append(Line(code="case.claimed", at=now, by=draft.by))
    if case.approval != "waiting":
        fresh |= _begun(case, policy, now)
    return case.model_copy(update=fresh), tuple(lines)


def _begun(case: Case, policy: Policy, now: str) -> dict[str, object]:
    choices = policy.approvals
    due = promised(policy, case.priority, now, min(choices.escalate_seconds, choices.expires_seconds))
    changed = case.model_copy(update={"approval_due": due})
    return {
        "approval": "waiting", "approval_due": due, "approval_since": now, "approval_told": False,
        "approval_resumes": case.deadline, "deadline": waiting_until(changed), "signal": case.signal or "drafted",
    }  # fmt: skip


def waiting_until(case: Case) -> str:
    """What the workflow waits for while a draft waits: what else is to ring, but for the customer's silence, or the
    approval's own bell. The customer's clock does not stop for our approvals."""
    if case.awaiting == "us" or case.status == "snoozed":
        return soonest(case, case.bells) if _rings(case) else min(case.deadline, case.approval_due)
    promises = [case.bells["promise"]] if case.bells.get("promise") else []
    return min([case.approval_due, *promises])


def _rings(case: Case) -> bool:
    return any(case.bells.values()) or case.status == "snoozed"


def over(case: Case) -> dict[str, object]:
    """Nothing waits for an approval any more: what else was waited for is waited for again."""
    if not case.approval:
        return {}
    fresh: dict[str, object] = {
        "approval": "", "approval_due": "", "approval_since": "", "approval_told": False, "approval_resumes": "",
        "drafts": (),
    }  # fmt: skip
    changed = case.model_copy(update=fresh)
    us = case.awaiting == "us" or case.status == "snoozed"
    deadline = soonest(changed, case.bells) if us and _rings(changed) else case.approval_resumes or case.deadline
    return fresh | {"deadline": deadline}


def _without(case: Case, draft_ids: tuple[str, ...], now: str) -> Case:
    """The case without some of its drafts."""
    left = tuple(one for one in case.drafts if one not in draft_ids)
    if left or not case.approval:
        return case.model_copy(update={"drafts": left, "updated_at": now})
    changed = case.model_copy(update={**over(case), "updated_at": now})
    return changed.model_copy(update={"signal": nudged(changed)}) if case.status != "closed" else changed


def ended(case: Case, draft: Draft, state: Ended, by: str, now: str, reason: str = "") -> tuple[Draft, Change]:
    """A draft is given back to its author, taken back by them, or has waited too long."""
    done = draft.model_copy(update={"state": state, "ended_at": now, "ended_by": by, "reason": reason})
    return done, (_without(case, (draft.id,), now), (Line(code=ENDINGS[state], at=now, by=by, about=draft.id),))


def edited(case: Case, draft: Draft, by: str, text: str, need: Need, now: str) -> tuple[Draft, Change]:
    """Other words: nobody has approved those yet. They can need more approvals than the old ones, never fewer."""
    editors = draft.editors if by in (draft.by, *draft.editors) else (*draft.editors, by)
    changed = draft.model_copy(
        update={"text": text, "editors": editors, "edited_by": by, "approvals": (),
                "number": max(draft.number, need.number), "why": tuple(dict.fromkeys((*draft.why, *need.why)))}
    )  # fmt: skip
    return changed, (case.model_copy(update={"updated_at": now}),
                     (Line(code="draft.edited", at=now, by=by, about=draft.id),))  # fmt: skip


def agreed(draft: Draft, by: str, talk: int, now: str) -> tuple[Draft, bool]:
    """The draft with one more approval, and whether it was the last one it needs."""
    approvals = (*draft.counted(talk), Approval(by=by, at=now, seen=talk))
    return draft.model_copy(update={"approvals": approvals}), len(approvals) >= draft.number


def approved_once(case: Case, draft: Draft, by: str, now: str) -> Change:
    """One of two agrees."""
    return case.model_copy(update={"updated_at": now}), (
        Line(code="draft.approved_once", at=now, by=by, about=draft.id),
    )


def released(case: Case, draft: Draft, by: str, now: str) -> Change:
    """All agree: nothing waits any more, for it supersedes what else was drafted. It becomes a reply by its own change
    of the case (`talk.replying`)."""
    others = tuple(one for one in case.drafts if one != draft.id)
    lines = [Line(code="draft.approved", at=now, by=by, about=draft.id)]
    lines += [Line(code="draft.superseded", at=now, by=by, about=one) for one in others]
    return case.model_copy(update={**over(case), "updated_at": now}), tuple(lines)


def overdue(case: Case, policy: Policy, now: str) -> Change | None:
    """The approval's own bell has rung: the leads hear of it, once; then all drafts go back to their authors. None when
    it has not.

    Its drafts are to be written along with the second (`desk.overdue_drafts`).
    """
    if case.approval != "waiting" or case.approval_due > now:
        return None
    expires = promised(policy, case.priority, case.approval_since, policy.approvals.expires_seconds)
    if not case.approval_told and expires > now:
        told = case.model_copy(update={"approval_told": True, "approval_due": max(expires, after(now, 1))})
        fresh = {"deadline": waiting_until(told), "updated_at": now}
        return told.model_copy(update=fresh), (Line(code="approval.escalated", at=now, about=case.owner),)
    lines = tuple(Line(code="draft.expired", at=now, about=one) for one in case.drafts)
    return case.model_copy(update={**over(case), "updated_at": now}), lines


def may_end(draft: Draft, policy: Approvals, member: Member) -> bool:
    """Whether the member may send it back: whoever may approve, but for its author, who takes it back instead."""
    return policy.may_approve(member) and member.id != draft.by


def may_withdraw(draft: Draft, member: Member) -> bool:
    return member.id == draft.by or member.role in LEADING

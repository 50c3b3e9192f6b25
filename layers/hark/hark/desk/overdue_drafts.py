"""The bell of an approval, for the workflow's step `Remind`: the leads hear of a draft, then it goes back."""

from __future__ import annotations

from hark.domain import approvals as rules
from hark.domain.case import Case, Change
from hark.domain.policy import Policy
from hark.store.drafts import Drafts
from hark.store.table import Write


def rang(drafts: Drafts, case: Case, policy: Policy, now: str) -> tuple[Change, list[Write]] | None:
    """What the bell brings about, to be committed together; None when it has not rung."""
    change = rules.overdue(case, policy, now)
    if change is None:
        return None
    if change[0].approval:
        return change, []
    found = [drafts.get(case.brand, case.id, draft_id) for draft_id in case.drafts]
    waiting = [draft for draft in found if draft is not None and draft.state == "waiting"]
    ended = {"state": "expired", "ended_at": now}
    return change, [drafts.write(draft, draft.model_copy(update=ended)) for draft in waiting]

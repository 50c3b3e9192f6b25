"""Who hears of what: reminders, warnings, missed targets, promises, a case that is given to somebody.

Nothing here says what a customer wrote: a notice is a code, a case and a time.
"""

from __future__ import annotations

from datetime import datetime

from hark.domain.case import Case
from hark.domain.notice_choices import who
from hark.domain.people import Member
from hark.domain.policy import Policy


def audience(
    code: str, case: Case | None, about: str, by: str, members: list[Member], policy: Policy, now: datetime
) -> tuple[Member, ...]:
    """The people who hear of a line, each once; never who brought it about.

    Whose case has no owner, or one who left, is the team's; of the team and of the leads those on shift hear it, or
    where nobody is, all leads: a reminder that nobody hears is none.
    """
    here = [m for m in members if not m.removed and m.role != "reader"]
    leads = [m for m in here if m.role in ("lead", "operator")]
    on_shift_leads = [m for m in leads if m.on_shift(now)] or leads
    owner = [m for m in here if case is not None and m.id == case.owner]
    of_team = [m for m in here if case is None or not case.team or case.team in m.teams]
    team = [m for m in of_team if m.on_shift(now)] or on_shift_leads
    match who(code):
        case "owner":
            heard = owner or team
        case "team":
            heard = [*owner, *team]
        case "leads":
            heard = on_shift_leads
        case "owner_and_leads":
            heard = [*(owner or team), *on_shift_leads]
        case "approvers":
            others = [m for m in here if m.id != by and policy.approvals.may_approve(m)]
            heard = [m for m in others if m.on_shift(now)] or others
        case "about":
            heard = [m for m in here if m.id == about]
        case _:
            heard = []
    return tuple(m for m in {m.id: m for m in heard}.values() if m.id != by)

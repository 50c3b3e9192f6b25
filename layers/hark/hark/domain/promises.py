"""A time by which we said that we would be back (E32, H5): made, changed, taken back, kept or missed.

Kept by an answer that comes after it was made and before its time (`domain.bells.answer_out`); missed when its time
goes by (`domain.case.reminded`), which makes the case ours again. Times are in text form (`domain.time`).
"""

from __future__ import annotations

from hark.domain import bells as ringing
from hark.domain.case import Case, Change, Line, Refused, sooner
from hark.domain.clocks import silent_until
from hark.domain.policy import Policy


def made(case: Case, policy: Policy, by_when: str, by: str, now: str, told_by: str = "") -> Change:
    """A member promises an answer by a time, or another time than before.

    `told_by` is the member or the reply whose answer will tell the customer of it: that one does not keep it.

    Raises:
        Refused: `closed`, `owned` (by somebody else), `promise_past` when the time is not in the future.
    """
    _may(case, by)
    if by_when <= now:
        raise Refused("promise_past")
    code = "promise.changed" if case.promise == "open" else "promise.made"
    bells = {name: at for name, at in case.bells.items() if name not in ringing.PROMISE}
    fresh = {
        "promise": "open", "promised_by": by_when, "promise_made_at": now, "promise_of": by, "promise_told": told_by,
        "bells": bells | ringing.of_promise(case, policy, by_when, now), "updated_at": now,
    }  # fmt: skip
    changed = _waiting(case.model_copy(update=fresh), case.deadline)
    return sooner(changed, case), (Line(code=code, at=now, by=by),)


def withdrawn(case: Case, policy: Policy, by: str, now: str) -> Change:
    """The promise is taken back; the clocks are as if it had not been made.

    Raises:
        Refused: `closed`, `owned`, `no_promise`.
    """
    _may(case, by)
    if case.promise != "open":
        raise Refused("no_promise")
    bells = {name: at for name, at in case.bells.items() if name not in ringing.PROMISE}
    changed = case.model_copy(update={"promise": "withdrawn", "promise_told": "", "bells": bells, "updated_at": now})
    changed = _waiting(changed, silent_until(policy, case.priority, now, policy.follow_up_seconds))
    return sooner(changed, case), (Line(code="promise.withdrawn", at=now, by=by),)


def acknowledging(case: Case, by: str, now: str) -> Change:
    """The next reply of a member only says that the message was seen: a first touch and no answer (E36).

    Raises:
        Refused: `closed`, `owned`, `answered` when nothing is owed.
    """
    _may(case, by)
    if case.awaiting != "us":
        raise Refused("answered")
    changed = case.model_copy(update={"acknowledging": by, "updated_at": now})
    return changed, (Line(code="reply.acknowledging", at=now, by=by),)


def _may(case: Case, by: str) -> None:
    if case.status == "closed":
        raise Refused("closed")
    if case.owner not in ("", by):
        raise Refused("owned")


def _waiting(case: Case, silence: str) -> Case:
    """The case with what it waits for and what presses most, its bells as they are now."""
    if case.awaiting == "them" and case.status == "open":
        return case.model_copy(update=ringing.theirs(case, silence))
    deadline = ringing.soonest(case, case.bells)
    if case.awaiting == "us" and case.status == "open" and "rung" not in case.bells:
        deadline = min(deadline, case.deadline)  # kept before there were bells
    answer = case.next_due_at if case.first_answered_at else case.first_due_at
    promised = case.promised_by if case.promise == "open" else ""
    owing = (answer, case.resolve_by, promised) if case.awaiting == "us" else (promised,)
    return case.model_copy(update={"deadline": deadline, "due_at": min((at for at in owing if at), default="")})

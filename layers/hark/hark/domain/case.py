"""A case and what is done with it: pure functions from a case to the next one and its history lines.

What is said in its conversation, by the customer and by us, is in `domain.talk`.

No function here looks at a clock; `now` is given. Times are in text form (`domain.time`).
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from hark.domain.clocks import BURNING, promised, rings, silent_until
from hark.domain.events import Surface
from hark.domain.policy import Policy
from hark.domain.time import after

Status = Literal["open", "snoozed", "closed"]
Signal = Literal["", "answered", "customer", "drafted", "moved", "closed"]
"""What the waiting workflow has to hear. `drafted`: a draft has to be approved. `moved`: look anew, for instance because
the deadline has come nearer."""

START_GRACE_SECONDS = 20
"""A workflow that was not started, or a signal not delivered, after so long is the sweeper's."""
WATCH_MARGIN_SECONDS = 300
"""A workflow that has not moved so long after its deadline is looked at."""


class Reason(BaseModel):
    model_config = ConfigDict(frozen=True)
    code: str
    at: str


class Line(BaseModel):
    """One line of a case's history. `by` is a member id, or empty for the desk itself. Never any text."""

    model_config = ConfigDict(frozen=True)
    code: str
    at: str
    by: str = ""
    about: str = ""
    """An id: of the message, the reply or the member it speaks of."""


class Case(BaseModel):
    """The unit of work: one per conversation, re-opened in generations."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    brand: str
    provider: str
    platform: str
    account_id: str
    thread_id: str
    customer_id: str
    handle: str = ""
    name: str = ""
    public: bool = True
    surface: Surface = Surface.POST
    """What the message is that a reply goes to."""
    window_at: str = ""
    """When the customer last wrote to us in private, in this thread; windows for private messages begin here."""
    private_reply_at: str = ""
    """When the one private reply to the public message was used."""
    elsewhere: bool = False
    """Another program holds the conversation at this moment."""
    elsewhere_at: str = ""
    reachable: bool = True
    """False once the person unsubscribed or the platform said that they cannot be written to."""
    reachable_at: str = ""
    outside_at: str = ""
    """When the brand last wrote on the platform itself: what the customer had said before that, was answered there."""
    seen_at: str = ""
    """Up to when the customer has seen what we wrote."""

    status: Status = "open"
    awaiting: Literal["us", "them"] = "us"
    owner: str = ""
    priority: int = 3
    language: str = "und"
    reasons: tuple[Reason, ...] = ()
    triaged: int = 0
    """Generation for which triage is done."""
    assigned: int = 0
    """Generation for which assignment is done."""

    opened_at: str
    asked_at: str
    """When the oldest message without an answer was written."""
    updated_at: str
    answered_at: str = ""
    closed_at: str = ""
    close_reason: str = ""
    snoozed_until: str = ""
    due_at: str = ""
    """By when the customer was to be answered; empty when nothing is owed."""
    deadline: str
    """What the workflow waits for next."""
    reminders: int = 0
    escalation: Literal["", "owner", "team", "lead"] = ""
    followed_up: bool = False

    # --- approvals ---
    approval: Literal["", "waiting"] = ""

    snippet: str = ""
    snippet_of: str = ""
    last_at: str = ""
    reply_to: str = ""
    """The message a reply goes to: the newest of the customer's that is still there."""
    may_reply: bool = False
    unread: int = 0
    reply_state: str = ""
    talk: int = 0
    """Counts what was said; a reply names the count its author has seen."""

    gen: int = 1
    version: int = 0
    workflow: Literal["starting", "running", "ended"] = "starting"
    signal: Signal = ""
    wf_token: str = ""
    wf_wait: str = ""
    look_at: str = ""
    stamp: str = ""
    """Random mark of the last writer, so that a lost answer is not a lost write (I16)."""


class Refused(Exception):
    """The case is not in a state in which this can be done. `code` is for programs."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


Change = tuple[Case, tuple[Line, ...]]


def look_at(case: Case, now: str) -> str:
    """When the sweeper has to look at the case if nobody else moved it; empty when nothing is open."""
    if case.workflow == "starting" or case.signal:
        return after(now, START_GRACE_SECONDS)
    if case.status == "closed":
        return ""
    if case.status == "snoozed":
        return case.snoozed_until
    return after(max(case.deadline, now), WATCH_MARGIN_SECONDS)


def owed(case: Case, asked_at: str, policy: Policy, now: str) -> dict[str, object]:
    """The clocks while the customer waits for us, counted from the oldest unanswered message."""
    return {
        "awaiting": "us",
        "asked_at": asked_at,
        "due_at": promised(policy, case.priority, asked_at, policy.first_answer_seconds),
        "deadline": rings(policy, case.priority, asked_at, policy.rung(case.reminders)[0], now),
    }


def nudged(case: Case) -> Signal:
    """The signal of a case whose workflow has to look anew; what it has to hear besides comes first."""
    return case.signal or "moved"


def given(case: Case, owner: str, by: str, code: str, now: str) -> Change:
    """The case has another owner, or none."""
    return case.model_copy(update={"owner": owner, "updated_at": now}), (Line(code=code, at=now, by=by, about=owner),)


def triaged(
    case: Case, policy: Policy, codes: tuple[str, ...], priority: int, language: str, end: str, now: str
) -> Change:
    """Triage has read the case. `end` is a close reason when nothing is wanted from a person, else empty.

    What turns out to be burning, or not to be any more, has other clocks from now on.
    """
    reasons = tuple(Reason(code=code, at=now) for code in codes)
    fresh: dict[str, object] = {
        "reasons": reasons, "priority": priority, "language": language, "triaged": case.gen, "updated_at": now,
    }  # fmt: skip
    lines = tuple(Line(code=code, at=now) for code in codes)
    if not end:
        changed = case.model_copy(update=fresh)
        turned = (priority == BURNING) != (case.priority == BURNING) and not policy.calendar.always
        if turned and case.awaiting == "us":
            clocks = owed(changed, case.asked_at, policy, now)
            if case.status == "snoozed":
                clocks["deadline"] = case.deadline
            changed = changed.model_copy(update=clocks)
        return changed, lines
    fresh |= {
        "status": "closed", "close_reason": end, "closed_at": now, "due_at": "", "workflow": "ended",
        "signal": "", "unread": 0,
    }  # fmt: skip
    return case.model_copy(update=fresh), (*lines, Line(code=f"case.closed.{end}", at=now))


def assigned(case: Case, owner: str, code: str, now: str) -> Change:
    """The desk has chosen an owner, or found nobody (`owner` empty)."""
    fresh = {"owner": owner, "assigned": case.gen, "updated_at": now}
    return case.model_copy(update=fresh), (Line(code=code, at=now, about=owner),)


def postponed(case: Case, policy: Policy, now: str) -> Change:
    """Silence would close the case, but a reply is not finished: wait as long once more."""
    deadline = silent_until(policy, case.priority, now, policy.silence_closes_seconds)
    return case.model_copy(update={"deadline": deadline, "updated_at": now}), (
        Line(code="case.close_postponed", at=now, about=case.owner),
    )


def reminded(case: Case, policy: Policy, now: str) -> Change:
    """The deadline passed without an answer: the next level hears of it, once (I32)."""
    _, level = policy.rung(case.reminders)
    seconds, _ = policy.rung(case.reminders + 1)
    # A rung that has already gone by (a message found late) is not skipped, but does not come in the same second.
    soon = after(now, 1)
    deadline = max(rings(policy, case.priority, case.asked_at, seconds, soon), soon)
    fresh = {
        "reminders": case.reminders + 1, "escalation": level, "updated_at": now, "deadline": deadline,
    }  # fmt: skip
    return case.model_copy(update=fresh), (Line(code=f"remind.{level}", at=now, about=case.owner),)


def followed_up(case: Case, policy: Policy, now: str) -> Change:
    """Silence since our answer: the owner is asked to ask."""
    deadline = silent_until(policy, case.priority, now, policy.silence_closes_seconds)
    fresh = {
        "followed_up": True, "deadline": deadline, "updated_at": now,
    }  # fmt: skip
    return case.model_copy(update=fresh), (Line(code="follow_up.asked", at=now, about=case.owner),)


def closed(case: Case, reason: str, by: str, now: str) -> Change:
    """Closed with a reason. `by` empty: the workflow closes it itself and needs no signal.

    Raises:
        Refused: `closed` already, or `busy` with a reply that is not finished.
    """
    if case.status == "closed":
        raise Refused("closed")
    if case.reply_state in ("pending", "sending", "unknown", "human"):
        raise Refused("busy")
    fresh: dict[str, object] = {
        "status": "closed", "close_reason": reason, "closed_at": now, "updated_at": now, "due_at": "",
        "snoozed_until": "", "escalation": "", "unread": 0,
    }  # fmt: skip
    if by:
        fresh |= {"signal": "closed"}
    else:
        fresh |= {"workflow": "ended", "signal": ""}
    return case.model_copy(update=fresh), (Line(code=f"case.closed.{reason}", at=now, by=by),)


def reopened(case: Case, policy: Policy, by: str, now: str) -> Change:
    """An agent takes a closing back. Nothing new was said, so nothing is owed by the clock of the old question."""
    if case.status != "closed":
        raise Refused("open")
    fresh: dict[str, object] = {
        "status": "open", "gen": case.gen + 1, "workflow": "starting", "signal": "", "closed_at": "",
        "close_reason": "", "wf_token": "", "wf_wait": "", "updated_at": now, "followed_up": False, "reminders": 0,
        "triaged": case.gen + 1,
    }  # fmt: skip
    changed = case.model_copy(update=fresh)
    if case.awaiting == "us":
        changed = changed.model_copy(update=owed(changed, now, policy, now))
    else:
        deadline = silent_until(policy, case.priority, now, policy.follow_up_seconds)
        changed = changed.model_copy(update={"deadline": deadline})
    return changed, (Line(code="case.reopened.agent", at=now, by=by),)


def snoozed(case: Case, until: str, by: str, now: str) -> Change:
    """Out of sight until a time. The promise to the customer stands: `due_at` does not move.

    Raises:
        Refused: `closed`, or `past` when `until` is not in the future.
    """
    if case.status == "closed":
        raise Refused("closed")
    if until <= now:
        raise Refused("past")
    fresh = {
        "status": "snoozed", "snoozed_until": until, "deadline": until, "updated_at": now,
    }  # fmt: skip
    return case.model_copy(update=fresh), (Line(code="case.snoozed", at=now, by=by),)


def woken(case: Case, policy: Policy, by: str, now: str) -> Change:
    """Back in sight, by its time or by an agent. The next reminder comes a whole first rung later."""
    if case.status != "snoozed":
        raise Refused(case.status)
    if case.awaiting == "us":
        deadline = rings(policy, case.priority, now, policy.rung(0)[0], now)
    else:
        deadline = silent_until(policy, case.priority, now, policy.follow_up_seconds)
    fresh = {
        "status": "open", "snoozed_until": "", "deadline": deadline, "updated_at": now,
    }  # fmt: skip
    return case.model_copy(update=fresh), (Line(code="case.woken", at=now, by=by),)


def restarted(case: Case, now: str) -> Change:
    """The workflow is dead: the next generation takes over (I13)."""
    fresh = {
        "gen": case.gen + 1, "workflow": "starting", "signal": "", "wf_token": "", "wf_wait": "",
        "triaged": case.gen + 1 if case.triaged == case.gen else case.triaged, "updated_at": now,
    }  # fmt: skip
    return case.model_copy(update=fresh), (Line(code="workflow.restarted", at=now),)

"""A case and what is done with it: pure functions from a case to the next one and its history lines.

What is said in its conversation, by the customer and by us, is in `domain.talk`.

No function here looks at a clock; `now` is given. Times are in text form (`domain.time`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from pydantic import BaseModel, ConfigDict

from hark.domain import bells as ringing
from hark.domain.clocks import BURNING, silent_until
from hark.domain.events import Surface
from hark.domain.policy import Policy
from hark.domain.reading import Evidence, Sentiment
from hark.domain.targets import Clock
from hark.domain.time import after
from hark.domain.tree import Lane, Place, Verdict

if TYPE_CHECKING:
    from hark.domain.triage import Facts

Status = Literal["open", "snoozed", "closed"]
Signal = Literal["", "answered", "customer", "drafted", "moved", "closed"]
"""What the waiting workflow has to hear. `drafted`: a draft has to be approved. `moved`: look anew, perhaps because the
deadline has come nearer."""

START_GRACE_SECONDS = 20
"""A workflow that was not started, or a signal not delivered, after so long is the sweeper's."""
UNSOLVED = "message.not_solved"
UNSOLVED_PRIORITY = 2
"""At least as urgent as a complaint is who tells us that our answer was none."""
SURVEY_AFTER_SECONDS = 60
"""So long after a closing it is asked how satisfied the customer was; who closes by mistake can take it back."""
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
    """An id: of the message, the reply or the member it speaks of; or the tag."""


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
    tags: tuple[str, ...] = ()
    """As agents put them on it (`domain.tags`)."""
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

    removed_at: str = ""
    """When what had been said up to then was removed by the brand's rule of retention."""
    removed_after: int = 0
    """Months of that rule; 0 when it was removed for the customer's sake."""
    erased_at: str = ""
    """When the customer was erased. What was said up to then is taken in no more; who writes again later is new."""

    # --- follow-up and satisfaction ---
    follow_ups: int = 0
    """How often it was asked whether all is solved, since our last answer; says something while `followed_up`."""
    question_at: str = ""
    """When the desk itself put that question to the customer last; a mere yes or no after it is an answer."""
    said_at: str = ""
    """When the customer's newest word was written that says more than thanks or that it is solved."""
    said_of: str = ""
    """That word's message: what triage reads, for thanks behind a question do not answer it."""
    solved_at: str = ""
    """The same of the newest word that it is solved, unless we answered after reading it."""
    asks_nothing: bool = False
    """It was opened by thanks, or by a word that it is solved, and nothing else has been said yet."""
    survey: Literal["", "due", "asked", "offered", "rated"] = ""
    """How far the question is how satisfied the customer was: to be asked, by the desk or by an agent, answered."""
    rating: int = 0
    """From 1 to 5; 0 when there is none."""
    rated_at: str = ""
    rated_gen: int = 0
    """The generation that was rated."""
    rated_place: Place = ""
    """Where the customer had been answered."""

    # --- triage ---
    kind: str = ""
    """What the message is: the leaf of the tree, `complaint` and the like."""
    sentiment: Sentiment = "unsure"
    lane: Lane = ""
    topic: str = ""
    reach: int = 0
    """Followers and shares, as the platform last told."""
    reference: str = ""
    """A number of another system that the customer named, as it was written (L2)."""
    recommended: Place = ""
    """Where the tree says to answer; its reason is among `reasons`."""
    personal_data: tuple[str, ...] = ()
    """Kinds of personal data in the message."""
    vip: bool = False
    tree: str = ""
    """Version of the tree that was walked."""
    contacts: int = 0
    """Messages of the customer since our last answer (C16)."""
    read_of: str = ""
    """The message that triage read."""
    evidence: tuple[Evidence, ...] = ()
    """What of the text spoke for what: places and names of rules, no words."""

    # --- incidents ---
    incident: str = ""
    """The incident it belongs to, or belonged to."""

    # --- assignment ---
    team: str = ""
    """In whose queue it stands, or stood; empty: everybody's."""
    owner_since: str = ""
    had: str = ""
    """Who had it before."""
    transfers: int = 0
    """How often the customer got somebody else (D10)."""
    settled: int = 0
    """Generation in which a person said whose it is."""
    declined: tuple[str, ...] = ()
    """Who gave it back to the queue in that generation."""
    level: int = 0
    """The authority it needs (D8)."""
    handover: str = ""
    """Id of the newest hand-over note."""

    # --- clocks ---
    bells: dict[str, str] = {}
    """When what rings, by name (`domain.bells`); empty for what has rung."""
    first_due_at: str = ""
    """By when the first answer of this generation was to be there."""
    first_answered_at: str = ""
    """When we first answered; what is owed after that is a next answer."""
    first_mark: Literal["", "met", "missed"] = ""
    next_due_at: str = ""
    next_answers: int = 0
    """How many answers after the first were owed and given, and how many of them late."""
    next_missed: int = 0
    acknowledging: str = ""
    """The member whose next reply only says that we have seen it (E36)."""
    touched_at: str = ""
    """When it was first acknowledged, apart from being answered."""
    resolve_by: str = ""
    """By when it is to be solved; empty while we wait for the customer, or where there is no such target."""
    resolve_left_ms: int = -1
    """What is left of that target while it stands; -1 while it runs or there is none."""
    resolution_mark: Literal["", "met", "missed"] = ""
    ours_ms: int = 0
    """Our time so far, in which the customer waited for us: milliseconds of the calendar up to `ours_to`."""
    ours_since: str = ""
    """Since when it runs again; empty while it stands."""
    ours_to: str = ""
    promise: Literal["", "open", "kept", "missed", "withdrawn"] = ""
    promised_by: str = ""
    """By when we said that we would be back (E32, H5)."""
    promise_made_at: str = ""
    promise_of: str = ""
    """The member who made it."""
    promise_told: str = ""
    """The member or the reply that still has to tell the customer of it; that answer does not keep the promise."""
    fees_micro: int = 0
    """What the platform took for what we wrote in this round, in millionths of a US dollar."""

    # --- bot ---
    bot: Literal["", "answered", "handed_over"] = ""
    """What the bot did when it last looked."""
    bot_gen: int = 0
    """Generation it last looked at."""
    bot_stopped: bool = False
    """The customer asked for a person, or asked us to stop: nothing is written automatically any more."""

    # --- approvals ---
    approval: Literal["", "waiting"] = ""
    approval_due: str = ""
    """When those who have to approve a draft are reminded, or it goes back to its author."""
    approval_since: str = ""
    approval_told: bool = False
    """The leads were told that it still waits."""
    approval_resumes: str = ""
    """What was waited for before it, where that was the customer's silence."""
    drafts: tuple[str, ...] = ()
    """Ids of the drafts that wait."""

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

    @property
    def to_read(self) -> str:
        """The message that says what the case is about; empty when that was taken away before we knew it."""
        return self.said_of or self.reply_to


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
        return after(now, SURVEY_AFTER_SECONDS) if case.survey == "due" else ""
    watched = after(max(case.deadline, now), WATCH_MARGIN_SECONDS)
    if warns_at := ringing.warns_at(case):
        watched = min(watched, max(warns_at, now))
    if case.status == "snoozed":
        return min(case.snoozed_until, watched)
    return watched


def owed(case: Case, asked_at: str, policy: Policy, now: str, *, anew: bool = False) -> dict[str, object]:
    """The clocks while the customer waits for us, counted from the oldest unanswered message.

    `anew`: it is another question than the one owed before.
    """
    return ringing.ours(case, policy, asked_at, now, anew=anew)


def sooner(case: Case, before: Case) -> Case:
    """The case, with word for its workflow where that waits too long now."""
    if case.status == "closed" or case.workflow != "running" or case.deadline >= before.deadline:
        return case
    return case.model_copy(update={"signal": nudged(case)})


def nudged(case: Case) -> Signal:
    """The signal of a case whose workflow has to look anew; what it has to hear besides comes first."""
    return case.signal or "moved"


def owned(case: Case, owner: str, now: str) -> dict[str, object]:
    """What changes when a case has this owner, or none. Passed on more than once, it says so (D10)."""
    if owner == case.owner:
        return {}
    last = case.owner or case.had
    fresh: dict[str, object] = {"owner": owner, "owner_since": now if owner else "", "had": last}
    if owner and last and owner != last:
        fresh["transfers"] = case.transfers + 1
        if case.transfers == 1:
            fresh["reasons"] = (*case.reasons, Reason(code="case.passed_on", at=now))
    return fresh


def given(case: Case, owner: str, by: str, code: str, now: str) -> Change:
    """A person gives the case another owner, or none. Who had it and gives it back, does not get it by itself again."""
    declined = case.declined if case.settled == case.gen else ()
    if not owner:
        declined = (*declined, case.owner)
    fresh = owned(case, owner, now) | {
        "settled": case.gen, "declined": tuple(one for one in declined if one != owner), "updated_at": now,
    }  # fmt: skip
    return case.model_copy(update=fresh), (Line(code=code, at=now, by=by, about=owner),)


def triaged(
    case: Case, policy: Policy, verdict: Verdict, facts: Facts, now: str, evidence: tuple[Evidence, ...] = ()
) -> Change:
    """Triage has read the case. Where the tree ends it nothing is wanted from a person.

    What turns out to be burning, or not to be any more, has other clocks from now on.
    """
    codes, unsolved = verdict.codes, tuple(reason for reason in case.reasons if reason.code == UNSOLVED)
    fresh: dict[str, object] = {
        "reasons": (*(Reason(code=code, at=now) for code in codes), *unsolved),
        "priority": min(verdict.priority, UNSOLVED_PRIORITY) if unsolved and not verdict.end else verdict.priority,
        "language": facts.language, "triaged": case.gen, "updated_at": now,
        "kind": verdict.kind, "sentiment": facts.sentiment, "lane": verdict.lane, "topic": facts.topic,
        "reach": facts.reach, "reference": facts.reference, "recommended": verdict.recommended,
        "personal_data": facts.personal_data, "vip": facts.vip, "tree": verdict.tree,
        "read_of": case.to_read, "evidence": evidence,
    }  # fmt: skip
    lines = tuple(Line(code=code, at=now) for code in codes)
    if not verdict.end:
        changed = case.model_copy(update=fresh)
        return retimed(case, changed, policy, now), lines
    fresh |= {
        "status": "closed", "close_reason": verdict.end, "closed_at": now, "due_at": "", "workflow": "ended",
        "signal": "", "unread": 0, **ringing.over(case, now),
    }  # fmt: skip
    return case.model_copy(update=fresh), (*lines, Line(code=f"case.closed.{verdict.end}", at=now))


def retimed(case: Case, changed: Case, policy: Policy, now: str) -> Case:
    """The case as it was changed, with the clocks that go with it: what burns, or is of another kind than it was
    thought to be, has other ones."""
    if changed.awaiting != "us" or changed.status == "closed":
        return changed
    turned = (changed.priority == BURNING) != (case.priority == BURNING) and not policy.calendar.always
    if not turned and _targets(policy, changed) == _targets(policy, case):
        return changed
    # What has passed of our time went by the clock that held then.
    changed = changed.model_copy(update=ringing.counted(case, policy, now))
    return changed.model_copy(update=owed(changed, case.asked_at, policy, now))


def _targets(policy: Policy, case: Case) -> list[int | None]:
    return [ringing.target(policy, case, clock) for clock in get_args(Clock)]


def postponed(case: Case, policy: Policy, now: str) -> Change:
    """Silence would close the case, but a reply is not finished: wait as long once more."""
    deadline = silent_until(policy, case.priority, now, policy.silence_closes_seconds)
    return case.model_copy(update={"deadline": deadline, "updated_at": now}), (
        Line(code="case.close_postponed", at=now, about=case.owner),
    )


def reminded(case: Case, policy: Policy, now: str) -> Change:
    """All bells that are due have rung, each once (I32): warnings, targets, the ladder's next level, a promise.

    A promise that was not kept makes the case ours again, also where it was put off.
    """
    if case.awaiting == "us" and case.status == "open" and "rung" not in case.bells:
        case = case.model_copy(update=owed(case, case.asked_at, policy, now))  # kept before there were bells
    fresh, codes = ringing.rang(case, policy, now)
    changed = case.model_copy(update={"updated_at": now, **fresh})
    if "promise.missed" in codes and (case.awaiting == "them" or case.status == "snoozed"):
        changed = changed.model_copy(update={"status": "open", "snoozed_until": ""})
        if case.awaiting == "them":
            changed = changed.model_copy(update={"reminders": 0, "followed_up": False})
            changed = changed.model_copy(update=owed(changed, case.promised_by, policy, now, anew=True))
        else:
            changed = changed.model_copy(update=ringing.awake(changed, policy, now))
    return changed, tuple(Line(code=code, at=now, about=case.owner) for code in codes)


def closed(case: Case, reason: str, by: str, now: str) -> Change:
    """Closed with a reason. `by` empty: the workflow closes it itself and needs no signal.

    Raises:
        Refused: `closed` already, `busy` with a reply that is not finished, or `draft_waits` for approval.
    """
    if case.status == "closed":
        raise Refused("closed")
    if case.reply_state in ("held", "pending", "sending", "unknown", "human"):
        raise Refused("busy")
    if case.approval:
        raise Refused("draft_waits")
    fresh: dict[str, object] = {
        "status": "closed", "close_reason": reason, "closed_at": now, "updated_at": now, "due_at": "",
        "snoozed_until": "", "escalation": "", "unread": 0, **ringing.over(case, now),
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
    if case.erased_at and not case.customer_id:
        raise Refused("erased")
    fresh: dict[str, object] = {
        "status": "open", "gen": case.gen + 1, "workflow": "starting", "signal": "", "closed_at": "",
        "close_reason": "", "wf_token": "", "wf_wait": "", "updated_at": now, "followed_up": False, "reminders": 0,
        "triaged": case.gen + 1, "survey": "", "solved_at": "",
    }  # fmt: skip
    changed = case.model_copy(update=fresh | ringing.again(case, policy, now))
    if case.awaiting == "us":
        changed = changed.model_copy(update=owed(changed, now, policy, now, anew=True))
    else:
        silence = silent_until(policy, case.priority, now, policy.follow_up_seconds)
        changed = changed.model_copy(update=ringing.theirs(changed, silence))
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
    changed = case.model_copy(update={"status": "snoozed", "snoozed_until": until, "updated_at": now})
    bells = ringing.muted(case.bells)
    changed = changed.model_copy(update={"bells": bells, "deadline": ringing.soonest(changed, bells)})
    return changed, (Line(code="case.snoozed", at=now, by=by),)


def woken(case: Case, policy: Policy, by: str, now: str) -> Change:
    """Back in sight, by its time or by an agent. The next reminder comes a whole first rung later."""
    if case.status != "snoozed":
        raise Refused(case.status)
    changed = case.model_copy(update={"status": "open", "snoozed_until": "", "updated_at": now})
    if case.awaiting == "us":
        changed = changed.model_copy(update=ringing.awake(changed, policy, now))
    else:
        silence = silent_until(policy, case.priority, now, policy.follow_up_seconds)
        changed = changed.model_copy(update=ringing.theirs(changed, silence))
    return changed, (Line(code="case.woken", at=now, by=by),)


def restarted(case: Case, now: str) -> Change:
    """The workflow is dead: the next generation takes over (I13)."""
    fresh = {
        "gen": case.gen + 1, "workflow": "starting", "signal": "", "wf_token": "", "wf_wait": "",
        "triaged": case.gen + 1 if case.triaged == case.gen else case.triaged, "updated_at": now,
        "settled": case.gen + 1 if case.settled == case.gen else case.settled,
    }  # fmt: skip
    return case.model_copy(update=fresh), (Line(code="workflow.restarted", at=now),)

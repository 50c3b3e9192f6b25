"""What is said in a conversation, and what it does to the case: pure functions, as in `domain.case`.

The outcome does not depend on the order in which messages arrive: times are minima and maxima, and where something
is switched on and off, the later time of the platform wins.
"""

from __future__ import annotations

from collections.abc import Sequence

from hark.domain import bells as ringing
from hark.domain import closing
from hark.domain.case import UNSOLVED, Case, Change, Line, Refused, owed, owned, reopened
from hark.domain.chasing import chased
from hark.domain.clocks import silent_until
from hark.domain.events import Surface
from hark.domain.fees import fee_micro
from hark.domain.message import Message
from hark.domain.people import is_program
from hark.domain.policy import Policy
from hark.domain.reply import Reply

WORDS = frozenset(
    (
        "message.came",
        "message.thanks",
        "message.solved",
        "message.not_solved",
        "message.edited",
        "message.gone",
        "message.own_outside",
        "case.reopened",
        "case.opened_anew",
        "reply.sent",
        "reply.seen",
    )
)
"""Lines that say that somebody wrote, or took back, something."""

SNIPPET_CHARACTERS = 140

UNFINISHED = ("held", "pending", "sending", "unknown", "human")
"""States of a case's reply in which no other one may be begun."""


def _snippet(message: Message) -> str:
    words = " ".join(message.text.split())[:SNIPPET_CHARACTERS]
    return words or (f"[{message.media[0]['kind']}]" if message.media else "")


def customer_wrote(case: Case | None, message: Message, seed: Case, policy: Policy, now: str) -> Change:
    """A message of the customer is there for the first time. `seed` is the case to open when there is none.

    Thanks, or that it is solved, ask for nothing: they never open a case again, and nothing is owed for them.
    """
    case, opening = (case, False) if case else (seed, True)
    asks = closing.asks(case, message)
    code = "case.opened" if opening else closing.LINES[closing.word(case, message)]
    if asks and case.status == "closed" and message.at >= case.outside_at:
        code = "case.reopened"
        if closing.is_too_old(case, message, policy):
            case, code = closing.anew(case, message), "case.opened_anew"
    fresh: dict[str, object] = {
        "unread": case.unread + asks, "talk": case.talk + 1, "contacts": case.contacts + asks,
        **closing.noted(case, message, now),
    }  # fmt: skip
    if (message.at, message.id) > (case.last_at, case.snippet_of):
        fresh |= {"snippet": _snippet(message), "snippet_of": message.id, "last_at": message.at}
        fresh |= {"reply_to": message.id, "may_reply": message.may_reply}
        fresh |= {"surface": message.surface, "public": message.public}
        if message.public:
            # Each public message may be answered once in private; this one was not yet.
            fresh |= {"private_reply_at": ""}
    if not message.public:
        fresh |= {"window_at": max(case.window_at, message.at)}
        if message.at >= case.reachable_at:
            # Who writes to us can be written to: a first message subscribes (Viber).
            fresh |= {"reachable": True, "reachable_at": message.at}
    line = Line(code=code, at=now, about=message.id)
    if message.at < case.outside_at or (opening and not asks and case.outside_at):
        # Whoever of the brand wrote later on the platform had it before their eyes. Of the same second nobody knows.
        fresh |= {"unread": case.unread, "opened_at": min(case.opened_at, message.at), "updated_at": now}
        fresh |= {"contacts": case.contacts}
        changed = case.model_copy(update=fresh)
        if changed.awaiting == "them":
            changed = changed.model_copy(update={"asked_at": changed.last_at})
        if opening:
            changed = changed.model_copy(update=owed(changed, message.at, policy, now))
            changed, _ = answered(changed, policy, now, code, "", message.id, at=case.outside_at)
            # Its workflow begins with the customer's turn: there is no wait that a signal could end.
            changed = changed.model_copy(update={"talk": case.talk + 1, "reply_state": "", "signal": ""})
        else:
            changed = changed.model_copy(update=ringing.first_question(changed, policy, message.at))
        return closing.settled(changed, (line,), policy, now)
    if not asks:
        return closing.settled(_unasked(case, fresh, message, policy, now, opening=opening), (line,), policy, now)
    same = case.awaiting == "us" and case.status != "closed" and not case.asks_nothing
    asked = min(case.asked_at, message.at) if same else message.at
    if opening:
        case = case.model_copy(update={"first_answered_at": case.outside_at})
    elif case.asks_nothing:
        fresh |= {"asks_nothing": False, "ours_since": ""}
    if case.status == "closed":
        if closing.word(case, message) != "not_solved":
            fresh["reasons"] = tuple(reason for reason in case.reasons if reason.code != UNSOLVED)
        case = case.model_copy(update={"reminders": 0, "escalation": "", "fees_micro": 0, **ringing.afresh()})
        fresh |= {
            "status": "open", "gen": case.gen + 1, "workflow": "starting", "signal": "", "closed_at": "",
            "close_reason": "", "wf_token": "", "wf_wait": "", "followed_up": False, "survey": "",
        }  # fmt: skip
    elif case.awaiting == "them":
        case = case.model_copy(update={"reminders": 0, "escalation": ""})
        fresh |= {"signal": "customer", "followed_up": False}
    fresh |= {"status": "open", "snoozed_until": "", "opened_at": min(case.opened_at, message.at)}
    fresh |= {"reminders": case.reminders, "escalation": case.escalation, "updated_at": now}
    changed = case.model_copy(update=fresh)
    changed = changed.model_copy(update=owed(changed, asked, policy, now, anew=not same))
    return chased(changed, (line,), policy, now)


def _unasked(
    case: Case, fresh: dict[str, object], message: Message, policy: Policy, now: str, *, opening: bool
) -> Case:
    """The case after a word that asks for nothing. One that begins with it waits for us until triage has read it."""
    fresh |= {"opened_at": min(case.opened_at, message.at), "updated_at": now}
    changed = case.model_copy(update=fresh)
    if opening or (case.asks_nothing and case.awaiting == "us" and case.status != "closed"):
        changed = changed.model_copy(update={"asks_nothing": True})
        return changed.model_copy(update=owed(changed, min(case.asked_at, message.at), policy, now))
    if changed.awaiting == "them":
        changed = changed.model_copy(update={"asked_at": changed.last_at})
    return changed


def customer_edited(case: Case, old: Message, message: Message, policy: Policy, now: str) -> Change:
    """A message says something else now. Who reads it has to look again; thanks may have become a question."""
    if closing.asks(case, message) and not closing.asks(case, old):
        changed, lines = customer_wrote(case, message, case, policy, now)
    else:
        fresh = {"talk": case.talk + 1, "updated_at": now, **closing.noted(case, message, now)}
        changed, lines = case.model_copy(update=fresh), ()
    if case.snippet_of == message.id:
        changed = changed.model_copy(update={"snippet": _snippet(message), "may_reply": message.may_reply})
    if case.read_of == message.id:
        # The places are those of the words before.
        changed = changed.model_copy(update={"evidence": ()})
    return closing.settled(changed, (Line(code="message.edited", at=now, about=message.id), *lines), policy, now)


def written_earlier(case: Case, message: Message, was: str, policy: Policy, now: str) -> Case:
    """A known message was written earlier than at `was`, as we had been told: an edit of it had come first."""
    fresh: dict[str, object] = {"opened_at": min(case.opened_at, message.at), "updated_at": now}
    if case.snippet_of == message.id:
        fresh["last_at"] = message.at
    if case.said_of == message.id:
        fresh["said_at"] = message.at
    if case.solved_at == was and closing.word(case, message) == "solved":
        fresh["solved_at"] = message.at
    changed = case.model_copy(update=fresh)
    owing = case.awaiting == "us" and case.status != "closed" and message.at >= case.outside_at
    owing = owing and (closing.asks(case, message) or case.asks_nothing)
    if owing and message.at < case.asked_at:
        changed = changed.model_copy(update=owed(changed, message.at, policy, now))
    return changed


def message_gone(case: Case, message: Message, now: str) -> Change:
    """A message was taken away: no trace of its words stays on the case.

    In a private thread an answer does not hang on one message, so it stays possible.
    """
    fresh: dict[str, object] = {"talk": case.talk + 1, "updated_at": now}
    private = case.surface is Surface.DIRECT
    if case.snippet_of == message.id:
        fresh |= {"snippet": "", "may_reply": private and case.may_reply}
    if case.read_of == message.id:
        fresh |= {"reference": "", "personal_data": (), "evidence": ()}
    if case.reply_to == message.id and not private:
        fresh |= {"reply_to": "", "may_reply": False}
    return case.model_copy(update=fresh), (Line(code="message.gone", at=now, about=message.id),)


def may_reply_now(case: Case, message: Message, now: str) -> Change:
    """The same message arrived once more, by a way that proves we were called: now it may be answered."""
    return case.model_copy(update={"may_reply": True, "updated_at": now}), (
        Line(code="triage.addressed", at=now, about=message.id),
    )


def message_hidden(case: Case, message: Message, now: str) -> Change:
    """A message was hidden from the public, or shown again, here or on the platform."""
    code = "message.hidden" if message.hidden else "message.shown"
    return case.model_copy(update={"updated_at": now}), (Line(code=code, at=now, about=message.id),)


def held_elsewhere(case: Case, elsewhere: bool, at: str, policy: Policy, now: str) -> Change | None:
    """Another program holds the conversation at that time, or we do. None when a later word is known already.

    A case that triage had closed because another program held it is opened again when it becomes ours. Without a
    line, and so of no interest to anybody, when only the time is news.
    """
    if (at, elsewhere) <= (case.elsewhere_at, case.elsewhere):
        return None
    news = elsewhere != case.elsewhere
    if not elsewhere and case.status == "closed" and case.close_reason == "elsewhere":
        case, _ = reopened(case, policy, "", now)
    lines = (Line(code="thread.elsewhere" if elsewhere else "thread.ours", at=now),) if news else ()
    return case.model_copy(update={"elsewhere": elsewhere, "elsewhere_at": at, "updated_at": now}), lines


def reachable(case: Case, is_reachable: bool, at: str, now: str) -> Change | None:
    """The person may be written to from that time on, or not any more. None when a later word is known already."""
    if (at, is_reachable) <= (case.reachable_at, case.reachable and bool(case.reachable_at)):
        return None
    news = is_reachable != case.reachable
    lines = (Line(code="person.reachable" if is_reachable else "person.unreachable", at=now),) if news else ()
    return case.model_copy(update={"reachable": is_reachable, "reachable_at": at, "updated_at": now}), lines


def is_out(
    case: Case, policy: Policy, now: str, code: str, by: str, reply: Reply, later: Sequence[Message] = ()
) -> Change:
    """A reply of ours is proven to be out. What is no answer changes nothing that is owed."""
    case = case.model_copy(update={"fees_micro": case.fees_micro + fee_micro(reply)})
    if reply.answers:
        changed, lines = answered(case, policy, now, code, by, reply.id, later)
        changed = changed.model_copy(update=closing.after_our_answer(case, later))
        return closing.settled(changed, lines, policy, now)
    return case.model_copy(update={"talk": case.talk + 1, "updated_at": now}), (
        Line(code=code, at=now, by=by, about=reply.id),
    )


def answered(
    case: Case, policy: Policy, now: str, code: str, by: str, about: str, later: Sequence[Message] = (), at: str = ""
) -> Change:
    """Our answer is out. The customer's turn: wait, then follow up.

    `later` are the customer's messages that were written after it, while it was under way: those are still owed.
    `at` is when it was there, where that is not now.
    """
    line = Line(code=code, at=now, by=by, about=about)
    later = [message for message in later if closing.asks(case, message)]
    fresh: dict[str, object] = {
        "reply_state": "sent", "talk": case.talk + 1, "unread": 0, "updated_at": now, "answered_at": now,
        "contacts": 0, "asks_nothing": False,
    }  # fmt: skip
    if by and by == case.acknowledging and case.awaiting == "us":
        return _acknowledged(case, fresh, line)
    marks, codes = ringing.answer_out(case, policy, at or now, by, about)
    marked = case.model_copy(update=marks)
    fresh |= marks
    if later and case.status != "closed" and case.awaiting == "us":
        fresh |= _still_owed(marked, later, policy, now)
    elif case.status != "closed":
        fresh |= {
            "awaiting": "them", "reminders": 0, "escalation": "", "followed_up": False,
            "status": "open", "snoozed_until": "", "asked_at": case.last_at or case.asked_at,
            **ringing.theirs(marked, silent_until(policy, case.priority, now, policy.follow_up_seconds)),
        }  # fmt: skip
        if case.awaiting == "us":
            fresh["signal"] = "answered"
    return case.model_copy(update=fresh), (line, *(Line(code=more, at=now, by=by) for more in codes))


def _acknowledged(case: Case, fresh: dict[str, object], line: Line) -> Change:
    """What is out says only that we have seen it: the first touch, and the answer is owed as before (E36)."""
    told = "" if case.promise_told in (line.by, line.about) else case.promise_told
    fresh |= {"answered_at": case.answered_at, "acknowledging": "", "touched_at": case.touched_at or line.at,
              "promise_told": told, "contacts": case.contacts}  # fmt: skip
    return case.model_copy(update=fresh), (line, Line(code="reply.acknowledged", at=line.at, by=line.by))


def answered_outside(case: Case, policy: Policy, now: str, message: Message, later: Sequence[Message] = ()) -> Change:
    """Somebody of the brand wrote on the platform itself. It answers what was asked before it, nothing later.

    `later` are the customer's messages that were written after it, however late we hear of either.
    """
    line = Line(code="message.own_outside", at=now, about=message.id)
    later = [one for one in later if closing.asks(case, one)]
    if message.at <= case.outside_at:
        first = ringing.first_answer(case, message.at)
        return case.model_copy(update={"talk": case.talk + 1, "updated_at": now, **first}), (line,)
    lines: tuple[Line, ...] = (line,)
    if not later and case.status != "closed" and case.awaiting == "us":
        changed, lines = answered(case, policy, now, line.code, "", message.id, at=message.at)
        changed = changed.model_copy(update={"reply_state": case.reply_state})
    else:
        changed = case.model_copy(update={"talk": case.talk + 1, "updated_at": now})
        if later and case.status != "closed" and case.awaiting == "us":
            marks, codes = ringing.answer_out(case, policy, message.at, "", message.id)
            lines += tuple(Line(code=code, at=now) for code in codes)
            changed = changed.model_copy(update=marks)
            changed = changed.model_copy(update=_still_owed(changed, later, policy, now))
        elif case.status != "closed" and case.awaiting == "them":
            marks, codes = ringing.promise_settled(case, message.at, "", message.id)
            lines += tuple(Line(code=code, at=now) for code in codes)
            if codes:
                changed = changed.model_copy(update=marks)
                silence = silent_until(policy, case.priority, now, policy.follow_up_seconds)
                changed = changed.model_copy(update=ringing.theirs(changed, silence))
    # Also over a closing it is our last answer, from which they count.
    said = {"outside_at": message.at, "contacts": min(changed.contacts, len(later))}
    return closing.settled(changed.model_copy(update=said), lines, policy, now)


def _still_owed(case: Case, later: Sequence[Message], policy: Policy, now: str) -> dict[str, object]:
    """Part of what is owed was answered: the oldest of the rest counts from now on."""
    left = {"unread": min(case.unread, len(later)), "contacts": min(case.contacts, len(later))}
    return left | owed(case, min(m.at for m in later), policy, now, anew=True)


def answer_rejected(case: Case, policy: Policy, now: str, about: str) -> Change:
    """What we had sent was refused by the customer's device after all: the answer is still owed."""
    line = Line(code="reply.rejected", at=now, about=about)
    # Another reply may be under way by now: its state is the case's, or a third could be begun beside it.
    state = case.reply_state if case.reply_state in UNFINISHED else "failed"
    fresh: dict[str, object] = {"reply_state": state, "talk": case.talk + 1, "updated_at": now}
    if case.status == "closed" or case.awaiting == "us":
        return case.model_copy(update=fresh), (line,)
    # The workflow waits for the customer; it has to look anew, as it does when the customer writes.
    changed = case.model_copy(update=fresh | {"signal": "customer", "followed_up": False, "reminders": 0})
    return changed.model_copy(update=owed(changed, now, policy, now, anew=True)), (line,)


def replying(case: Case, by: str, reply_id: str, now: str, state: str = "pending", code: str = "reply.asked") -> Change:
    """A reply was written. Only the owner may; a case without one becomes the author's (I21), unless that is a
    program: it has no shift and sees no reminder, so the case stays the team's.

    `state` is the reply's: `held` while it can be taken back or its time has not come.

    Raises:
        Refused: `closed`, `owned` (by somebody else), `busy` (another reply is not finished yet).
    """
    if case.status == "closed":
        raise Refused("closed")
    if case.owner not in ("", by):
        raise Refused("owned")
    if case.reply_state in UNFINISHED:
        raise Refused("busy")
    claims = not case.owner and not is_program(by)
    claim = (Line(code="case.claimed", at=now, by=by),) if claims else ()
    # A yes or no after it may be meant for what the agent asks in it.
    fresh = {"reply_state": state, "updated_at": now, "question_at": ""}
    changed = case.model_copy(update={**(owned(case, by, now) if claims else {}), **fresh})
    return changed, (*claim, Line(code=code, at=now, by=by, about=reply_id))


def reply_moved(case: Case, state: str, code: str, by: str, reply_id: str, now: str) -> Change:
    """A reply changed its state without being out."""
    return case.model_copy(update={"reply_state": state, "updated_at": now}), (
        Line(code=code, at=now, by=by, about=reply_id),
    )


def acted(case: Case, code: str, by: str, about: str, now: str) -> Change:
    """Something was done to a message, or is to be, or failed: hidden, liked, deleted. No answer to anybody."""
    return case.model_copy(update={"updated_at": now}), (Line(code=code, at=now, by=by, about=about),)

"""What is said in a conversation, and what it does to the case: pure functions, as in `domain.case`.

The outcome does not depend on the order in which messages arrive: times are minima and maxima, and where something
is switched on and off, the later time of the platform wins.
"""

from __future__ import annotations

from collections.abc import Sequence

from hark.domain.case import Case, Change, Line, Refused, owed, reopened
from hark.domain.clocks import silent_until
from hark.domain.events import Surface
from hark.domain.message import Message
from hark.domain.policy import Policy
from hark.domain.reply import Reply

WORDS = frozenset(
    (
        "message.came",
        "message.edited",
        "message.gone",
        "message.own_outside",
        "case.reopened",
        "reply.sent",
        "reply.seen",
    )
)
"""Lines that say that somebody wrote, or took back, something."""

SNIPPET_CHARACTERS = 140

UNFINISHED = ("pending", "sending", "unknown", "human")
"""States of a case's reply in which no other one may be begun."""


def _snippet(message: Message) -> str:
    words = " ".join(message.text.split())[:SNIPPET_CHARACTERS]
    return words or (f"[{message.media[0]['kind']}]" if message.media else "")


def customer_wrote(case: Case | None, message: Message, seed: Case, policy: Policy, now: str) -> Change:
    """A message of the customer is there for the first time. `seed` is the case to open when there is none."""
    code = "message.came"
    if case is None:
        case, code = seed, "case.opened"
    fresh: dict[str, object] = {"unread": case.unread + 1, "talk": case.talk + 1}
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
    if message.at < case.outside_at:
        # Whoever of the brand wrote later on the platform had it before their eyes. Of the same second nobody knows.
        fresh |= {"unread": case.unread, "opened_at": min(case.opened_at, message.at), "updated_at": now}
        changed = case.model_copy(update=fresh)
        if changed.awaiting == "them":
            changed = changed.model_copy(update={"asked_at": changed.last_at})
        if code == "case.opened":
            changed, _ = answered(changed, policy, now, code, "", message.id)
            # Its workflow begins with the customer's turn: there is no wait that a signal could end.
            changed = changed.model_copy(update={"talk": case.talk + 1, "reply_state": "", "signal": ""})
        return changed, (line,)
    asked = min(case.asked_at, message.at) if case.awaiting == "us" and case.status != "closed" else message.at
    if case.status == "closed":
        line = Line(code="case.reopened", at=now, about=message.id)
        case = case.model_copy(update={"reminders": 0, "escalation": ""})
        fresh |= {
            "status": "open", "gen": case.gen + 1, "workflow": "starting", "signal": "", "closed_at": "",
            "close_reason": "", "wf_token": "", "wf_wait": "", "followed_up": False,
        }  # fmt: skip
    elif case.awaiting == "them":
        case = case.model_copy(update={"reminders": 0, "escalation": ""})
        fresh |= {"signal": "customer", "followed_up": False}
    fresh |= {"status": "open", "snoozed_until": "", "opened_at": min(case.opened_at, message.at)}
    fresh |= {"reminders": case.reminders, "escalation": case.escalation, "updated_at": now}
    changed = case.model_copy(update=fresh)
    changed = changed.model_copy(update=owed(changed, asked, policy, now))
    return changed, (line,)


def customer_edited(case: Case, message: Message, now: str) -> Change:
    """A message says something else now. Who reads it has to look again."""
    fresh: dict[str, object] = {"talk": case.talk + 1, "updated_at": now}
    if case.snippet_of == message.id:
        fresh |= {"snippet": _snippet(message), "may_reply": message.may_reply}
    return case.model_copy(update=fresh), (Line(code="message.edited", at=now, about=message.id),)


def written_earlier(case: Case, message: Message, policy: Policy, now: str) -> Case:
    """A known message was written earlier than we had been told: an edit of it had come first."""
    fresh: dict[str, object] = {"opened_at": min(case.opened_at, message.at), "updated_at": now}
    if case.snippet_of == message.id:
        fresh["last_at"] = message.at
    changed = case.model_copy(update=fresh)
    owing = case.awaiting == "us" and case.status != "closed" and message.at >= case.outside_at
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
    if reply.answers:
        return answered(case, policy, now, code, by, reply.id, later)
    return case.model_copy(update={"talk": case.talk + 1, "updated_at": now}), (
        Line(code=code, at=now, by=by, about=reply.id),
    )


def answered(
    case: Case, policy: Policy, now: str, code: str, by: str, about: str, later: Sequence[Message] = ()
) -> Change:
    """Our answer is out. The customer's turn: wait, then follow up.

    `later` are the customer's messages that were written after it, while it was under way: those are still owed.
    """
    fresh: dict[str, object] = {
        "reply_state": "sent", "talk": case.talk + 1, "unread": 0, "updated_at": now, "answered_at": now,
    }  # fmt: skip
    if later and case.status != "closed" and case.awaiting == "us":
        fresh |= _still_owed(case, later, policy, now)
    elif case.status != "closed":
        fresh |= {
            "awaiting": "them", "due_at": "", "reminders": 0, "escalation": "", "followed_up": False,
            "status": "open", "snoozed_until": "", "asked_at": case.last_at or case.asked_at,
            "deadline": silent_until(policy, case.priority, now, policy.follow_up_seconds),
        }  # fmt: skip
        if case.awaiting == "us":
            fresh["signal"] = "answered"
    return case.model_copy(update=fresh), (Line(code=code, at=now, by=by, about=about),)


def answered_outside(case: Case, policy: Policy, now: str, message: Message, later: Sequence[Message] = ()) -> Change:
    """Somebody of the brand wrote on the platform itself. It answers what was asked before it, nothing later.

    `later` are the customer's messages that were written after it, however late we hear of either.
    """
    line = Line(code="message.own_outside", at=now, about=message.id)
    if message.at <= case.outside_at:
        return case.model_copy(update={"talk": case.talk + 1, "updated_at": now}), (line,)
    if not later and case.status != "closed" and case.awaiting == "us":
        changed, _ = answered(case, policy, now, line.code, "", message.id)
        changed = changed.model_copy(update={"reply_state": case.reply_state})
    else:
        changed = case.model_copy(update={"talk": case.talk + 1, "updated_at": now})
        if later and case.status != "closed" and case.awaiting == "us":
            changed = changed.model_copy(update=_still_owed(changed, later, policy, now))
    return changed.model_copy(update={"outside_at": message.at}), (line,)


def _still_owed(case: Case, later: Sequence[Message], policy: Policy, now: str) -> dict[str, object]:
    """Part of what is owed was answered: the oldest of the rest counts from now on."""
    return {"unread": min(case.unread, len(later))} | owed(case, min(m.at for m in later), policy, now)


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
    return changed.model_copy(update=owed(changed, now, policy, now)), (line,)


def replying(case: Case, by: str, reply_id: str, now: str) -> Change:
    """A reply was written. Only the owner may; a case without one becomes the author's (I21).

    Raises:
        Refused: `closed`, `owned` (by somebody else), `busy` (another reply is not finished yet).
    """
    if case.status == "closed":
        raise Refused("closed")
    if case.owner not in ("", by):
        raise Refused("owned")
    if case.reply_state in UNFINISHED:
        raise Refused("busy")
    claim = (Line(code="case.claimed", at=now, by=by),) if not case.owner else ()
    changed = case.model_copy(update={"owner": by, "reply_state": "pending", "updated_at": now})
    return changed, (*claim, Line(code="reply.asked", at=now, by=by, about=reply_id))


def reply_moved(case: Case, state: str, code: str, by: str, reply_id: str, now: str) -> Change:
    """A reply changed its state without being out."""
    return case.model_copy(update={"reply_state": state, "updated_at": now}), (
        Line(code=code, at=now, by=by, about=reply_id),
    )


def acted(case: Case, code: str, by: str, about: str, now: str) -> Change:
    """Something was done to a message, or is to be, or failed: hidden, liked, deleted. No answer to anybody."""
    return case.model_copy(update={"updated_at": now}), (Line(code=code, at=now, by=by, about=about),)

"""What the customer's last word does to a case, and what the desk does when there is none: pure functions.

Whether something is owed does not depend on the order in which words arrive: it is, as long as there is a word after
our answer that says more than thanks or that it is solved. Where nothing is owed, and the last word besides thanks was
that it is solved, the case closes. A closing happens when we hear of it; what is heard of later opens the case again.
"""

from __future__ import annotations

from collections.abc import Sequence

from hark.domain import case as rules
from hark.domain import satisfaction
from hark.domain.case import Case, Change, Line, Reason
from hark.domain.clocks import silent_until
from hark.domain.hearing import Word, heard
from hark.domain.message import Message
from hark.domain.policy import Policy
from hark.domain.time import after

LINES: dict[Word, str] = {
    "thanks": "message.thanks", "solved": "message.solved", "not_solved": rules.UNSOLVED, "else": "message.came",
}  # fmt: skip
KEPT = frozenset(
    (
        "id", "brand", "provider", "platform", "account_id", "thread_id", "customer_id", "handle", "name", "public",
        "surface", "window_at", "private_reply_at", "elsewhere", "elsewhere_at", "reachable", "reachable_at",
        "outside_at", "seen_at", "status", "language", "triaged", "assigned", "snippet", "snippet_of", "last_at",
        "reply_to", "may_reply", "unread", "talk", "gen", "version", "workflow", "signal", "wf_token", "wf_wait",
        "look_at", "stamp",
    )
)  # fmt: skip
"""What a case that begins anew keeps: where and with whom the conversation is. All else was of the old matter."""


def word(case: Case, message: Message) -> Word:
    """What a message of the customer says. What came with a picture, or without words, has to be looked at."""
    if message.media or message.notice:
        return "else"
    return heard(message.text, asked=bool(case.question_at) and message.at > case.question_at)


def asks(case: Case, message: Message) -> bool:
    """Whether somebody has to answer it."""
    return word(case, message) in ("else", "not_solved")


def noted(case: Case, message: Message, now: str) -> dict[str, object]:
    """What is remembered of a word, the same whatever else is said before or after it."""
    match word(case, message):
        case "thanks":
            return {}
        case "solved":
            return {"solved_at": max(case.solved_at, message.at)}
        case "else":
            return _said(case, message)
        case "not_solved":
            fresh = _said(case, message)
            if not any(reason.code == rules.UNSOLVED for reason in case.reasons):
                fresh["reasons"] = (*case.reasons, Reason(code=rules.UNSOLVED, at=now))
            return fresh | {"priority": min(case.priority, rules.UNSOLVED_PRIORITY)}


def _said(case: Case, message: Message) -> dict[str, object]:
    newer = (message.at, message.id) > (case.said_at, case.said_of)
    return {"said_at": message.at, "said_of": message.id} if newer else {}


def says_solved(case: Case) -> bool:
    """Nothing is owed, and the customer's last word besides thanks was that it is solved."""
    return case.awaiting == "them" and case.solved_at > case.said_at


def settled(case: Case, lines: tuple[Line, ...], policy: Policy, now: str) -> Change:
    """The change goes on: what is solved is closed, unless something of ours is still under way."""
    if not says_solved(case) or case.approval:
        return case, lines
    try:
        over, more = rules.closed(case, "solved", "", now)
    except rules.Refused:
        return case, lines  # closed already, or a reply of ours is not finished: the follow-up looks at it again
    if case.version:
        # Its workflow waits and has to hear of it. A case that begins closed has none.
        over = over.model_copy(update={"workflow": case.workflow, "signal": "closed"})
    return satisfaction.due(over, policy), (*lines, *more)


def after_our_answer(case: Case, later: Sequence[Message]) -> dict[str, object]:
    """An answer of ours is out: that it is solved counts on only where its author could not have read it."""
    unread = (m.at for m in later if word(case, m) == "solved")
    return {"solved_at": max(unread, default=""), "question_at": "", "asks_nothing": False}


def is_too_old(case: Case, message: Message, policy: Policy) -> bool:
    """Whether a word comes so long after the closing that it is another matter."""
    days = policy.follow_up.reopen_days
    return bool(days and case.closed_at and message.at > after(case.closed_at, days * 86400))


def anew(case: Case, message: Message) -> Case:
    """The case as if there had been none before: its history stays, nobody's name and no promise does."""
    kept = {name: value for name, value in case if name in KEPT}
    times = dict.fromkeys(("opened_at", "asked_at", "updated_at", "deadline"), message.at)
    return Case.model_validate(kept | times)


def follow_ups(case: Case) -> int:
    """How often it was asked since our last answer."""
    return max(1, case.follow_ups) if case.followed_up else 0


def asked(case: Case, policy: Policy, now: str, *, customer: bool) -> Change:
    """Silence since our answer: it is asked whether all is solved. Of the customer by the desk, or by the owner."""
    fresh: dict[str, object] = {
        "followed_up": True, "follow_ups": follow_ups(case) + 1, "updated_at": now,
        "deadline": silent_until(policy, case.priority, now, policy.silence_closes_seconds),
    }  # fmt: skip
    if customer:
        fresh["question_at"] = now
    line = Line(code="follow_up.question" if customer else "follow_up.asked", at=now, about=case.owner)
    return case.model_copy(update=fresh), (line,)


def question_lost(case: Case, policy: Policy, now: str) -> Change:
    """The desk's question is not out and will not be: now its owner is to ask, and the silence begins anew."""
    fresh = {
        "question_at": "", "updated_at": now,
        "deadline": silent_until(policy, case.priority, now, policy.silence_closes_seconds),
    }  # fmt: skip
    return case.model_copy(update=fresh), (Line(code="follow_up.question_lost", at=now, about=case.owner),)

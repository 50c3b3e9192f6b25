"""How a case changes hands: what the choice of an owner looks at, and what becomes of the case. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from hark.domain.assignment import WEEKDAYS, Choice, Facts, Situation, Step
from hark.domain.case import Case, Change, Line, owned
from hark.domain.policy import Policy
from hark.domain.talk import UNFINISHED
from hark.domain.time import after

_HANDLE = re.compile(r"@([\w.]{1,60})")


def in_hand(case: Case) -> bool:
    """Whether the case is work of its owner: it waits for us."""
    return case.status == "open" and case.awaiting == "us"


def waits(case: Case) -> bool:
    """Whether the case waits in a queue for somebody to have room. Before the workflow's own choice it does not."""
    return in_hand(case) and not case.owner and case.assigned == case.gen


def frees(old: Case, new: Case) -> bool:
    """Whether this change gave the old owner room for another case."""
    return bool(old.owner) and in_hand(old) and not (in_hand(new) and new.owner == old.owner)


def called(text: str) -> frozenset[str]:
    """Handles that a message calls, in lower case, without the dot that ends the sentence."""
    return frozenset(handle.rstrip(".").lower() for handle in _HANDLE.findall(text))


def situation(
    case: Case, policy: Policy, called_handles: frozenset[str], now: datetime, served_by: str = ""
) -> Situation:
    """What the choice of an owner looks at. `served_by` has the customer's other conversations."""
    settled = case.settled == case.gen
    return Situation(
        facts=facts(case, policy, now), owner=case.owner, stays=settled or case.reply_state in UNFINISHED,
        served_by=served_by, named=called_handles, declined=case.declined if settled else (), level=case.level,
    )  # fmt: skip


def facts(case: Case, policy: Policy, now: datetime) -> Facts:
    """What a rule's condition may speak of."""
    local = now.astimezone(ZoneInfo(policy.calendar.zone))
    return Facts(
        platform=case.platform, account=case.account_id, surface=case.surface, public=case.public,
        language=case.language, kind=case.kind, sentiment=case.sentiment, priority=case.priority, lane=case.lane,
        topic=case.topic, reach=case.reach, vip=case.vip, contacts=case.contacts, personal_data=case.personal_data,
        reference=case.reference, recommended=case.recommended, incident=bool(case.incident), reopened=case.gen > 1,
        hour=local.hour, weekday=WEEKDAYS[local.weekday()],
    )  # fmt: skip


def assigned(case: Case, choice: Choice, now: str, before: Sequence[Step] = ()) -> Change:
    """The desk has chosen an owner, or found nobody. `before` are steps that led to the choice."""
    fresh = owned(case, choice.owner, now) | {"team": choice.team, "assigned": case.gen, "updated_at": now}
    lines = tuple(Line(code=step.code, at=now, about=step.about) for step in (*before, *choice.steps))
    return case.model_copy(update=fresh), lines


def handed_back(case: Case, why: str, by: str, now: str) -> Change:
    """The owner cannot go on with it: back to the team's queue. `why` is `away` or `left`.

    In this generation the desk's choice is made: it waits for whoever has room.
    """
    code = {"away": "assign.handed_back_away", "left": "assign.handed_back_left"}[why]
    fresh = owned(case, "", now) | {"assigned": case.gen, "settled": 0, "declined": (), "updated_at": now}
    return case.model_copy(update=fresh), (Line(code=code, at=now, by=by, about=case.owner),)


def passed_up(case: Case, level: int, by: str, now: str) -> Change:
    """It needs somebody with more authority (D8): out of its owner's hands, for whoever has it."""
    fresh = owned(case, "", now) | {
        "level": level, "settled": 0, "declined": (), "assigned": case.gen, "updated_at": now,
    }  # fmt: skip
    return case.model_copy(update=fresh), (Line(code="case.escalated", at=now, by=by, about=case.owner),)


def needs_note(case: Case, policy: Policy, to: str, now: str) -> bool:
    """Whether whoever gets the case next would not know what was done about it (D6). Who had it a moment ago, knows."""
    if not case.owner:
        return False
    had_long = bool(case.owner_since) and now > after(case.owner_since, policy.assignment.note_after_seconds)
    return had_long or (bool(case.answered_at) and (not to or to != case.had))

"""What rings for a case, and when: the warning before a target passes, the target itself, the ladder of reminders, the
ceiling, a promise. Computed when something happens to the case and kept on it; nothing else moves a clock.

`Case.bells` holds by name when each rings. One that has rung is empty, or stands at its next time: that is its mark,
written in the same conditional write as what it brought about, so that each fires once (I32).

Functions here give changes of fields and codes for the history; `domain.case`, `domain.talk` and `domain.promises` make
of them what is written. Times are in text form (`domain.time`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hark.domain.clocks import passed, promised, rings, silent_until
from hark.domain.policy import Policy
from hark.domain.targets import Clock
from hark.domain.time import after, parse

if TYPE_CHECKING:
    from hark.domain.case import Case

Fresh = dict[str, Any]
"""New values of fields of a case."""

RUNG = ""
"""In the place of a time: it has rung and does not do so again for what is owed now."""
ANSWER = ("rung", "warn", "late", "ceiling")
RESOLUTION = ("resolution_warn", "resolution")
PROMISE = ("promise_warn", "promise")
WARNINGS = ("warn", "resolution_warn", "promise_warn")
"""Rung by the sweeper, to the minute: leaving its wait for them would cost the workflow three transitions."""
HARD = (*PROMISE, "ceiling")
"""What rings for a case that is put off, too: what was promised, and that somebody waits longer than anybody may."""
A_DAY = 86400


def target(policy: Policy, case: Case, clock: Clock) -> int | None:
    """Seconds that a clock gives to this case."""
    return policy.target(clock, case.platform, case.priority, case.lane, case.sentiment)


def ours(case: Case, policy: Policy, asked_at: str, now: str, *, anew: bool = False) -> Fresh:
    """The clocks while the customer waits for us, counted from the oldest message without an answer.

    `anew`: it is another question than the one that was owed before, so everything may ring again.
    """
    clock: Clock = "next" if case.first_answered_at else "first"
    seconds = target(policy, case, clock) or policy.first_answer_seconds
    due = promised(policy, case.priority, asked_at, seconds)
    old = {name: at for name, at in case.bells.items() if not (anew and name in ANSWER)}
    bells = {name: old[name] for name in PROMISE if name in old}

    def ring(name: str, at: str) -> None:
        bells[name] = RUNG if old.get(name) == RUNG else at

    def in_working_time(span: int) -> str:
        return rings(policy, case.priority, asked_at, span, now)

    ring("rung", in_working_time(policy.rung(case.reminders)[0]))
    ring("late", rings(policy, case.priority, due, 0, now))
    warned = policy.targets.warns_after(seconds)
    if warned is not None and (at := in_working_time(warned)) < bells["late"]:
        ring("warn", at)
    ceiling = in_working_time(policy.targets.ceiling_seconds)
    # Once it has rung it stands at the next day, which comes after the time at which it was to ring first.
    ring("ceiling", max(ceiling, old.get("ceiling", "")) if ceiling <= now else ceiling)
    fresh: Fresh = {
        "awaiting": "us", "asked_at": asked_at, "first_due_at": due if clock == "first" else case.first_due_at,
        "next_due_at": due if clock == "next" else "",
        **_resolution(case, policy, asked_at, now, ring),
    }  # fmt: skip
    if case.status == "snoozed":
        bells = muted(bells)
    owing = [due, fresh["resolve_by"], case.promised_by if case.promise == "open" else ""]
    return fresh | {"bells": bells, "due_at": min(at for at in owing if at), "deadline": soonest(case, bells)}


def _resolution(case: Case, policy: Policy, asked_at: str, now: str, ring: Callable[[str, str], None]) -> Fresh:
    """The clock until all is solved goes on from what is left of it; it stands while we wait for the customer."""
    since = max(min(case.ours_since or asked_at, asked_at), case.ours_to)
    aim = target(policy, case, "resolution")
    if aim is None:
        return {"ours_since": since, "resolve_by": "", "resolve_left_ms": -1}
    left = max(0, aim * 1000 - case.ours_ms)
    ring("resolution", rings(policy, case.priority, since, left / 1000, now))
    warned = policy.targets.warns_after(aim)
    if warned is not None:
        ring("resolution_warn", rings(policy, case.priority, since, max(0, warned * 1000 - case.ours_ms) / 1000, now))
    return {"ours_since": since, "resolve_by": promised(policy, case.priority, since, left / 1000),
            "resolve_left_ms": -1}  # fmt: skip


def muted(bells: dict[str, str]) -> dict[str, str]:
    """What is left of the bells of a case that is put off."""
    return {name: at for name, at in bells.items() if name in HARD or at == RUNG}


def soonest(case: Case, bells: dict[str, str]) -> str:
    """What the workflow waits for while the customer waits for us: the first bell, or the end of a snooze."""
    times = [at for name, at in bells.items() if at and name not in WARNINGS]
    if case.status == "snoozed":
        times.append(case.snoozed_until)
    if case.approval_due:
        times.append(case.approval_due)
    return min(times)


def theirs(case: Case, silence: str) -> Fresh:
    """The clocks while we wait for the customer: their silence, or a promise of ours, which goes before it."""
    bells = {name: at for name, at in case.bells.items() if name in PROMISE or (name in RESOLUTION and at == RUNG)}
    times = [bells["promise"]] if case.promise == "open" and bells.get("promise") else []
    # Whoever drafts something does not wait for the customer: their silence counts again when that is over.
    drafted = {"approval_resumes": silence} if case.approval_due else {}
    times += [case.approval_due] if case.approval_due else []
    return {
        "bells": bells, "due_at": case.promised_by if case.promise == "open" else "",
        "deadline": min(times) if times else silence, **drafted,
    }  # fmt: skip


def counted(case: Case, policy: Policy, at: str) -> Fresh:
    """Our time up to a moment is added up, and what is left of the resolution clock is kept; it stands from then on."""
    if not case.ours_since:
        return {}
    spent = case.ours_ms + passed(policy, case.priority, case.ours_since, at)
    aim = target(policy, case, "resolution")
    left = -1 if aim is None else max(0, aim * 1000 - spent)
    missed = aim is not None and spent > aim * 1000
    return {
        "ours_ms": spent, "ours_since": "", "ours_to": max(case.ours_since, at), "resolve_by": "",
        "resolve_left_ms": left, "resolution_mark": "missed" if missed else case.resolution_mark,
    }  # fmt: skip


def answer_out(case: Case, policy: Policy, at: str, by: str, about: str) -> tuple[Fresh, tuple[str, ...]]:
    """An answer of ours was there at that time: what it was in time for, and what it was too late for."""
    fresh: Fresh = {"bells": {name: time for name, time in case.bells.items() if name not in ANSWER}}
    owing = case.awaiting == "us" and case.status != "closed"
    if not case.first_answered_at:
        fresh["first_answered_at"] = at
        if owing and at < case.asked_at:
            fresh["first_due_at"] = ""  # the brand wrote first: what is owed is a next answer
        elif owing and case.first_due_at:
            fresh["first_mark"] = _mark(at, case.first_due_at)
    elif owing and case.next_due_at:
        late = at > case.next_due_at
        fresh |= {"next_answers": case.next_answers + 1, "next_missed": case.next_missed + late, "next_due_at": ""}
    if owing:
        fresh |= counted(case, policy, at)
    settled, codes = promise_settled(case, at, by, about)
    if "bells" in settled:
        settled["bells"] = _without(fresh["bells"], PROMISE)
    return fresh | settled, codes


def promise_settled(case: Case, at: str, by: str, about: str) -> tuple[Fresh, tuple[str, ...]]:
    """What an answer of that time does to a promise: nothing, where there is none, or it was made after that."""
    if case.promise != "open" or at < case.promise_made_at:
        return {}, ()
    if case.promise_told and case.promise_told in (by, about):
        return {"promise_told": ""}, ()  # this is the answer that makes the promise
    bells = _without(case.bells, PROMISE)
    if at > case.promised_by:
        return {"promise": "missed", "bells": bells}, ("promise.missed",)
    return {"promise": "kept", "bells": bells}, ("promise.kept",)


def again(case: Case, policy: Policy, now: str) -> Fresh:
    """A closing is taken back: while it was closed nobody waited, and what had ended with it stays ended."""
    fresh = counted(case, policy, case.closed_at) | {"ours_to": max(case.ours_to, now)}
    if fresh.get("resolution_mark", case.resolution_mark) == "met":
        fresh["resolution_mark"] = ""  # it is not solved after all
    return fresh


def first_question(case: Case, policy: Policy, at: str) -> Fresh:
    """A message from before our first answer is heard of late: perhaps that was the first question."""
    if case.gen > 1 or not case.first_answered_at or at > case.first_answered_at:
        return {}
    seconds = target(policy, case, "first") or policy.first_answer_seconds
    due_at = promised(policy, case.priority, at, seconds)
    if case.first_mark and due_at >= case.first_due_at:
        return {}
    return {"first_due_at": due_at, "first_mark": _mark(case.first_answered_at, due_at)}


def first_answer(case: Case, at: str) -> Fresh:
    """An answer from before the others is heard of late: perhaps that was the first one."""
    if case.gen > 1 or not case.first_due_at or not case.opened_at <= at < case.first_answered_at:
        return {}
    return {"first_answered_at": at, "first_mark": _mark(at, case.first_due_at)}


def _mark(at: str, due_at: str) -> str:
    return "met" if at <= due_at else "missed"


def over(case: Case, now: str) -> Fresh:
    """The case is closed: nothing rings any more, and what was not answered in time by then never will be."""
    fresh: Fresh = {"bells": {}}
    if case.awaiting == "us" and case.first_due_at and not case.first_answered_at and now > case.first_due_at:
        fresh["first_mark"] = "missed"
    if not case.resolution_mark and (case.resolve_by or case.resolve_left_ms >= 0):
        fresh["resolution_mark"] = "missed" if case.resolve_by and now > case.resolve_by else "met"
    if case.promise == "open":
        fresh["promise"] = "withdrawn" if now <= case.promised_by else "missed"
    return fresh


def afresh() -> Fresh:
    """The clocks of a case that begins again."""
    return {
        "first_due_at": "", "first_answered_at": "", "first_mark": "", "next_due_at": "", "next_answers": 0,
        "next_missed": 0, "touched_at": "", "acknowledging": "", "resolve_by": "", "resolve_left_ms": -1,
        "resolution_mark": "", "ours_ms": 0, "ours_since": "", "ours_to": "", "bells": {}, "promise": "",
        "promised_by": "", "promise_made_at": "", "promise_of": "", "promise_told": "",
    }  # fmt: skip


def warns_at(case: Case) -> str:
    """When the next warning of a case rings; empty when none does."""
    return min((at for name, at in case.bells.items() if at and name in WARNINGS), default="")


def due(case: Case, now: str) -> frozenset[str]:
    """Names of the bells that ring now or should have rung."""
    return frozenset(name for name, at in case.bells.items() if at and at <= now)


def rang(case: Case, policy: Policy, now: str) -> tuple[Fresh, tuple[str, ...]]:
    """All bells that are due ring, each once; codes of what is to be told, what was missed first.

    The next level hears once: a target that passes at the time of a rung is told by the rung, a ceiling by the lead's.
    """
    ringing, bells = due(case, now), dict(case.bells)
    fresh: Fresh = {}
    codes: list[str] = []
    told: list[str] = []
    if "promise" in ringing:
        fresh["promise"] = "missed"
        bells = _without(bells, PROMISE)
        codes.append("promise.missed")
    elif "promise_warn" in ringing:
        bells["promise_warn"] = RUNG
        codes.append("promise.soon")
    for warn, late, warning, missed in (
        ("warn", "late", "warn.answer", "clock.answer_missed"),
        ("resolution_warn", "resolution", "warn.resolution", "clock.resolution_missed"),
    ):
        if late in ringing:
            bells |= {late: RUNG, **({warn: RUNG} if warn in bells else {})}
            codes.append(missed)
            told = ["remind.late"]
        elif warn in ringing:
            bells[warn] = RUNG
            codes.append(warning)
    if "resolution" in ringing:
        fresh["resolution_mark"] = "missed"
    level = ""
    if "rung" in ringing:
        _, level = policy.rung(case.reminders)
        fresh |= {"reminders": case.reminders + 1, "escalation": level}
        bells["rung"] = _next_rung(case, policy, now)
        told = [f"remind.{level}"]
    if "ceiling" in ringing:
        bells["ceiling"] = silent_until(policy, case.priority, now, A_DAY)
        told += ["remind.ceiling"] if level != "lead" else []
    fresh["bells"] = bells
    if any(bells.values()) and (case.awaiting == "us" or case.promise == "open"):
        fresh["deadline"] = soonest(case, bells)
    return fresh, (*codes, *told)


def _next_rung(case: Case, policy: Policy, now: str) -> str:
    seconds, _ = policy.rung(case.reminders + 1)
    # A rung that has already gone by (a message found late) is not skipped, but does not come in the same second.
    soon = after(now, 1)
    return max(rings(policy, case.priority, case.asked_at, seconds, soon), soon)


def awake(case: Case, policy: Policy, now: str) -> Fresh:
    """A case that was put off is in sight again: what went by meanwhile stays quiet, and the next reminder comes a
    whole first rung later."""
    fresh = ours(case, policy, case.asked_at, now)
    quiet = {"late": fresh["next_due_at"] or fresh["first_due_at"]}
    seconds = target(policy, case, "next" if case.first_answered_at else "first") or policy.first_answer_seconds
    quiet["warn"] = promised(policy, case.priority, case.asked_at, policy.targets.warns_after(seconds) or 0)
    bells = {name: RUNG if quiet.get(name, now) < now else at for name, at in fresh["bells"].items()}
    bells["rung"] = rings(policy, case.priority, now, policy.rung(0)[0], now)
    return fresh | {"bells": bells, "deadline": soonest(case, bells)}


def of_promise(case: Case, policy: Policy, by_when: str, now: str) -> dict[str, str]:
    """When a promise rings: before its time, as long as somebody works until then, and once it is over."""
    span = passed(policy, case.priority, now, by_when)
    bells = {"promise": rings(policy, case.priority, by_when, 0, now)}
    if not span:
        # Made for a time at which nobody works: whoever does that is there now, so the wall counts.
        span = round((parse(by_when) - parse(now)).total_seconds() * 1000)
        warned = policy.targets.warns_after(span // 1000)
        return bells | ({"promise_warn": after(now, warned)} if warned else {})
    warned = policy.targets.warns_after(span // 1000)
    if warned:
        bells["promise_warn"] = rings(policy, case.priority, now, warned, now)
    return bells


def _without(bells: dict[str, str], names: tuple[str, ...]) -> dict[str, str]:
    return {name: at for name, at in bells.items() if name not in names}

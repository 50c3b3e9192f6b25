"""The clocks of a case in a brand that has working hours: Riga, Monday to Friday, 9 to 17, which is 7 to 15 UTC."""

from __future__ import annotations

import pytest
from hark.domain import case as rules
from hark.domain import closing, talk
from hark.domain.calendar import Calendar, is_open
from hark.domain.case import Case
from hark.domain.message import Message
from hark.domain.policy import Policy
from hark.domain.targets import Targets
from hark.domain.time import after, parse
from hark.domain.tree import Verdict
from hark.domain.triage import Facts
from hypothesis import given, settings
from hypothesis import strategies as st

OFFICE = Policy.model_validate(
    {
        "calendar": {"zone": "Europe/Riga", "hours": [{"start": "09:00", "end": "17:00"}], "country": "LV"},
        "targets": {"warn_percent": 0},
    }
)
"""Without warnings, so that the ladder is heard by itself; those are in test_bells.py."""
FRIDAY, MONDAY = "2026-11-20", "2026-11-23"
NOBODY = Case(
    id="c", brand="acme", provider="x", platform="x", account_id="1", thread_id="t", customer_id="9",
    opened_at=FRIDAY, asked_at=FRIDAY, updated_at=FRIDAY, deadline=FRIDAY,
)  # fmt: skip


def at(day: str, clock: str) -> str:
    return f"{day}T{clock}:00.000Z"


def asked(when: str, policy: Policy = OFFICE, now: str = "", priority: int = 3) -> Case:
    seed = NOBODY.model_copy(
        update={"opened_at": when, "asked_at": when, "deadline": when, "priority": priority},
    )
    message = Message(id="m", brand="acme", platform="x", at=when, text="Where is my parcel?")
    case, _ = talk.customer_wrote(None, message, seed, policy, now or when)
    return case


def answered(case: Case, now: str) -> Case:
    return talk.answered(case, OFFICE, now, "reply.sent", "dana", "r")[0]


def triaged(case: Case, priority: int, now: str) -> Case:
    return rules.triaged(case, OFFICE, Verdict(("triage.addressed",), priority), Facts(language="en"), now)[0]


def test_a_question_before_the_weekend_is_owed_on_monday() -> None:
    case = asked(at(FRIDAY, "14:30"))
    assert (case.due_at, case.deadline) == (at(MONDAY, "07:30"), at(MONDAY, "07:30"))


def test_a_promise_may_end_with_the_day_but_nobody_is_rung_for_when_leaving() -> None:
    case = asked(at(FRIDAY, "14:00"))
    assert (case.due_at, case.deadline) == (at(FRIDAY, "15:00"), at(MONDAY, "07:00"))


def test_the_ladder_climbs_in_working_time() -> None:
    case = asked(at(FRIDAY, "14:30"))
    rung = []
    for _ in range(5):
        now = case.deadline
        case, _ = rules.reminded(case, OFFICE, now)
        rung.append((now, case.escalation))
    assert rung == [
        (at(MONDAY, "07:30"), "owner"), (at(MONDAY, "08:30"), "team"), (at(MONDAY, "10:30"), "lead"),
        # 24 working hours are three days of eight, and the next round begins an hour later
        (at("2026-11-25", "14:30"), "lead"), (at("2026-11-26", "07:30"), "owner"),
    ]  # fmt: skip


def test_a_question_found_at_night_long_after_it_was_asked_rings_in_the_morning() -> None:
    night = at("2026-11-24", "22:00")
    case = asked(at(FRIDAY, "10:00"), now=night)
    assert (case.due_at, case.deadline) == (at(FRIDAY, "11:00"), at("2026-11-25", "07:00"))
    by_day = asked(at(FRIDAY, "10:00"), now=at(MONDAY, "09:00"))
    assert by_day.deadline == at(FRIDAY, "11:00"), "somebody is there: at once"


def test_a_rung_that_went_by_does_not_ring_after_closing_time() -> None:
    case = asked(at(MONDAY, "09:00"))
    case, _ = rules.reminded(case, OFFICE, "2026-11-23T14:59:59.500Z")
    assert case.deadline == at("2026-11-24", "07:00")
    again, _ = rules.reminded(case, OFFICE, at("2026-11-24", "08:00"))
    assert again.deadline == "2026-11-24T08:00:01.000Z"


def test_what_turns_out_to_burn_does_not_wait_until_monday() -> None:
    night = at(FRIDAY, "22:00")
    case = triaged(asked(night), 1, night)
    assert (case.due_at, case.deadline) == (at(FRIDAY, "23:00"), at(FRIDAY, "23:00"))
    case, _ = rules.reminded(case, OFFICE, case.deadline)
    assert case.deadline == at("2026-11-21", "00:00")


def test_what_does_not_burn_any_more_waits_for_the_morning_again() -> None:
    night = at(FRIDAY, "22:00")
    case = asked(night, priority=1)
    assert case.deadline == at(FRIDAY, "23:00")
    calm = triaged(case, 3, night)
    assert (calm.due_at, calm.deadline) == (at(MONDAY, "08:00"), at(MONDAY, "08:00"))


def test_triage_that_finds_nothing_new_moves_no_clock() -> None:
    night = at(FRIDAY, "22:00")
    case = asked(night)
    moved = case.model_copy(update={"deadline": at(MONDAY, "12:00"), "due_at": at(MONDAY, "11:00")})
    after_triage = triaged(moved, 4, night)
    assert (after_triage.due_at, after_triage.deadline) == (moved.due_at, moved.deadline)


def test_triage_of_a_snoozed_or_an_answered_case_leaves_its_wait() -> None:
    night = at(FRIDAY, "22:00")
    asleep, _ = rules.snoozed(asked(night), at(MONDAY, "12:00"), "dana", night)
    burning = triaged(asleep, 1, night)
    assert burning.due_at == at(FRIDAY, "23:00")
    assert burning.deadline == at("2026-11-21", "22:00"), "put off or not: nobody waits longer than a day unseen"
    done = answered(asked(night), night)
    assert triaged(done, 1, night).deadline == done.deadline


def test_silence_is_the_customers_own_but_somebody_has_to_be_there_to_see_it() -> None:
    case = answered(asked(at(FRIDAY, "10:00")), at(FRIDAY, "11:00"))
    assert (case.due_at, case.deadline) == ("", at(MONDAY, "07:00"))
    case, _ = closing.asked(case, OFFICE, case.deadline, customer=False)
    assert case.deadline == at("2026-11-24", "07:00"), "a day by the wall, not three of eight hours"
    waiting, _ = rules.postponed(case, OFFICE, at("2026-11-26", "10:00"))
    assert waiting.deadline == at("2026-11-27", "10:00")


def test_a_snooze_ends_when_it_was_asked_to_and_the_next_reminder_comes_a_working_hour_later() -> None:
    saturday = at("2026-11-21", "12:00")
    case, _ = rules.snoozed(asked(at(FRIDAY, "10:00")), saturday, "dana", at(FRIDAY, "10:30"))
    assert case.deadline == saturday
    awake, _ = rules.woken(case, OFFICE, "", saturday)
    assert awake.deadline == at(MONDAY, "08:00")
    asleep, _ = rules.snoozed(answered(case, at(FRIDAY, "10:40")), saturday, "dana", at(FRIDAY, "10:50"))
    theirs, _ = rules.woken(asleep, OFFICE, "", saturday)
    assert theirs.deadline == at(MONDAY, "07:00")


def test_a_closing_taken_back_at_night_rings_nobody_before_the_morning() -> None:
    night = at(MONDAY, "22:00")
    case, _ = rules.closed(asked(at(FRIDAY, "10:00")), "agent", "dana", night)
    ours, _ = rules.reopened(case, OFFICE, "dana", night)
    assert (ours.due_at, ours.deadline) == (at("2026-11-24", "08:00"), at("2026-11-24", "08:00"))
    done, _ = rules.closed(answered(asked(at(FRIDAY, "10:00")), night), "agent", "dana", night)
    theirs, _ = rules.reopened(done, OFFICE, "dana", at(FRIDAY, "10:00"))
    assert theirs.deadline == at(MONDAY, "07:00")


moments = st.integers(0, 60 * 86400).map(lambda seconds: after(at("2026-10-01", "00:00"), seconds))


@settings(max_examples=50, deadline=None)
@given(asked_at=moments, late=st.integers(0, 3 * 86400), delays=st.lists(st.integers(0, 7200), min_size=6, max_size=6))
def test_i32_every_reminder_falls_into_working_time_and_after_the_one_before(
    asked_at: str, late: int, delays: list[int]
) -> None:
    """Whenever it was asked and found, and however late each timer goes off."""
    now = after(asked_at, late)
    case = asked(asked_at, now=now)
    for delay in delays:
        rang = case.deadline
        assert is_open(OFFICE.calendar, parse(rang))
        now = max(after(rang, delay), now)
        case, _ = rules.reminded(case, OFFICE, now)
        assert case.deadline > now


@settings(max_examples=50, deadline=None)
@given(asked_at=moments, late=st.integers(0, 3 * 86400), priority=st.integers(1, 5), reminders=st.integers(0, 9))
def test_without_working_hours_every_clock_is_plain_addition(
    asked_at: str, late: int, priority: int, reminders: int
) -> None:
    shipped = Policy(calendar=Calendar(zone="Europe/Riga"), targets=Targets(warn_percent=0))
    now = after(asked_at, late)
    case = asked(asked_at, shipped, now, priority)
    assert (case.due_at, case.deadline) == (after(asked_at, 3600), after(asked_at, 3600))
    case = case.model_copy(update={"reminders": reminders, "bells": {"rung": now}})
    rung, _ = rules.reminded(case, shipped, now)
    assert rung.deadline == max(after(asked_at, shipped.rung(reminders + 1)[0]), after(now, 1))
    assert closing.asked(case, shipped, now, customer=False)[0].deadline == after(now, 24 * 3600)
    assert talk.answered(case, shipped, now, "reply.sent", "dana", "r")[0].deadline == after(now, 24 * 3600)
    verdict = Verdict(("triage.addressed",), 6 - priority)
    burning = rules.triaged(rung, shipped, verdict, Facts(language="en"), now)[0]
    assert (burning.due_at, burning.deadline) == (rung.due_at, rung.deadline)


@pytest.mark.parametrize("priority", [2, 3, 4, 5])
def test_only_what_burns_has_no_closing_time(priority: int) -> None:
    assert asked(at(FRIDAY, "22:00"), priority=priority).deadline == at(MONDAY, "08:00")
    assert asked(at(FRIDAY, "22:00"), priority=1).deadline == at(FRIDAY, "23:00")

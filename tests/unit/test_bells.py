"""Warnings, targets, the ladder, the ceiling and promises of one case: each rings once, at its time, and nothing rings
that is not owed any more. Riga, Monday to Friday, 9 to 17, which is 7 to 15 UTC; shipped targets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hark.domain import bells, promises, talk
from hark.domain import case as rules
from hark.domain.case import Case, Refused
from hark.domain.message import Message
from hark.domain.policy import Policy
from hark.domain.time import FAR, after
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

HOURS = {"zone": "Europe/Riga", "hours": [{"start": "09:00", "end": "17:00"}], "country": "LV"}
OFFICE = Policy.model_validate({"calendar": HOURS})
SHIPPED = Policy()
MONDAY, TUESDAY, FRIDAY, NEXT = "2026-11-23", "2026-11-24", "2026-11-27", "2026-11-30"
SEED = Case(
    id="c", brand="acme", provider="x", platform="x", account_id="1", thread_id="t", customer_id="9", owner="dana",
    opened_at=MONDAY, asked_at=MONDAY, updated_at=MONDAY, deadline=MONDAY, workflow="running",
)  # fmt: skip


def at(day: str, clock: str) -> str:
    return f"{day}T{clock}:00.000Z"


def wrote(case: Case | None, when: str, policy: Policy = OFFICE, now: str = "", name: str = "m") -> Case:
    message = Message(id=name + when, brand="acme", platform="x", at=when, text="Where is my parcel?")
    seed = SEED.model_copy(update={"opened_at": when, "asked_at": when, "deadline": when})
    return talk.customer_wrote(case, message, seed, policy, now or when)[0]


def answers(case: Case, now: str, policy: Policy = OFFICE, by: str = "dana", about: str = "r") -> Case:
    return talk.answered(case, policy, now, "reply.sent", by, about)[0]


def next_bell(case: Case) -> str:
    """When something rings next: for the workflow, or before that a warning, for the sweeper."""
    return min(case.deadline, bells.warns_at(case) or FAR)


def ring(case: Case, policy: Policy = OFFICE, now: str = "") -> tuple[Case, list[str]]:
    changed, lines = rules.reminded(case, policy, now or next_bell(case))
    return changed, [line.code for line in lines]


def day_of(case: Case, times: int, policy: Policy = OFFICE) -> list[tuple[str, list[str]]]:
    """What rings, and when, if nobody does anything."""
    heard = []
    for _ in range(times):
        when = next_bell(case)
        case, codes = ring(case, policy, when)
        heard.append((when, codes))
    return heard


# --- targets ------------------------------------------------------------------------------------


def test_a_day_nobody_answers_as_shipped() -> None:
    assert day_of(wrote(None, at(MONDAY, "07:00"), SHIPPED), 7, SHIPPED) == [
        (at(MONDAY, "07:48"), ["warn.answer"]),
        (at(MONDAY, "08:00"), ["clock.answer_missed", "remind.owner"]),
        (at(MONDAY, "09:00"), ["remind.team"]),
        (at(MONDAY, "11:00"), ["remind.lead"]),
        (at(TUESDAY, "07:00"), ["remind.lead"]),  # the ceiling, too: the lead hears once
        (at(TUESDAY, "08:00"), ["remind.owner"]),
        (at(TUESDAY, "09:00"), ["remind.team"]),
    ]


def test_a_target_between_two_rungs_rings_by_itself() -> None:
    policy = Policy.model_validate({"targets": {"rules": [{"platforms": ["x"], "first_answer_seconds": 600}]}})
    assert day_of(wrote(None, at(MONDAY, "07:00"), policy), 3, policy) == [
        (at(MONDAY, "07:08"), ["warn.answer"]),
        (at(MONDAY, "07:10"), ["clock.answer_missed", "remind.late"]),
        (at(MONDAY, "08:00"), ["remind.owner"]),
    ]


def test_the_ceiling_is_told_to_the_leads_once_each_working_day() -> None:
    lonely = {"calendar": HOURS, "targets": {"ceiling_seconds": 4 * 3600, "warn_percent": 0},
              "ladder": [{"after_seconds": 90 * 86400, "to": "owner"}]}  # fmt: skip
    policy = Policy.model_validate(lonely)
    heard = day_of(wrote(None, at("2026-11-26", "10:00"), policy), 5, policy)
    assert heard == [
        (at("2026-11-26", "11:00"), ["clock.answer_missed", "remind.late"]),
        (at("2026-11-26", "14:00"), ["remind.ceiling"]),
        (at(FRIDAY, "14:00"), ["remind.ceiling"]),
        (at(NEXT, "07:00"), ["remind.ceiling"]),  # Saturday's falls to Monday morning
        (at("2026-12-01", "07:00"), ["remind.ceiling"]),
    ]


@pytest.mark.parametrize(
    ("platform", "priority", "lane", "first", "then"),
    [("x", 2, "", 900, 1800), ("facebook", 1, "", 300, 300), ("facebook", 3, "praise", 600, 600),
     ("viber", 3, "", 3600, 7200), ("x", 1, "praise", 900, 1800)],
)  # fmt: skip
def test_the_first_rule_that_fits_and_sets_a_clock_counts(
    platform: str, priority: int, lane: str, first: int, then: int
) -> None:
    ruled = [
        {"platforms": ["x"], "first_answer_seconds": 900, "next_answer_seconds": 1800},
        {"platforms": ["x"], "priorities": [1], "first_answer_seconds": 60},
        {"priorities": [1], "first_answer_seconds": 300, "next_answer_seconds": 300},
        {"lanes": ["praise"], "first_answer_seconds": 600, "next_answer_seconds": 600},
    ]
    policy = Policy.model_validate({"targets": {"rules": ruled, "next_answer_seconds": 7200}})
    assert policy.target("first", platform, priority, lane) == first
    assert policy.target("next", platform, priority, lane) == then
    assert policy.target("resolution", platform, priority, lane) is None


def test_heated_threads_are_rung_for_first_where_a_brand_says_so() -> None:
    policy = Policy.model_validate({"targets": {"rules": [{"sentiments": ["negative"], "first_answer_seconds": 900}]}})
    case = wrote(None, at(MONDAY, "07:00"), policy)
    heated = rules.retimed(case, case.model_copy(update={"sentiment": "negative"}), policy, at(MONDAY, "07:01"))
    assert (case.due_at, heated.due_at) == (at(MONDAY, "08:00"), at(MONDAY, "07:15"))


def test_a_brand_that_sets_nothing_answers_within_the_hour_and_praise_within_ten_minutes() -> None:
    assert SHIPPED.target("first", "x", 3, "") == SHIPPED.target("next", "x", 3, "") == 3600
    assert SHIPPED.target("first", "x", 4, "praise") == SHIPPED.target("next", "x", 4, "praise") == 600
    assert Policy(first_answer_seconds=60).target("next", "x", 3, "") == 60


def test_a_rule_that_sets_nothing_is_refused() -> None:
    with pytest.raises(ValidationError, match="at least one target"):
        Policy.model_validate({"targets": {"rules": [{"platforms": ["x"]}]}})


@pytest.mark.parametrize(
    ("targets", "seconds", "warned"),
    [({}, 3600, 2880), ({"warn_percent": 0}, 3600, None), ({"warn_before_seconds": 300}, 3600, 3300),
     ({"warn_before_seconds": 300}, 300, None), ({}, 1, None), ({"warn_percent": 50}, 7, 3)],
)  # fmt: skip
def test_a_warning_comes_after_a_part_of_the_target_or_so_long_before_its_end(
    targets: dict[str, Any], seconds: int, warned: int | None
) -> None:
    assert Policy.model_validate({"targets": targets}).targets.warns_after(seconds) == warned


def test_the_next_answer_has_a_clock_of_its_own() -> None:
    policy = Policy.model_validate({"targets": {"next_answer_seconds": 7200}})
    case = answers(wrote(None, at(MONDAY, "07:00"), policy), at(MONDAY, "07:30"), policy)
    assert (case.first_mark, case.due_at) == ("met", "")
    case = wrote(case, at(MONDAY, "08:00"), policy)
    assert (case.next_due_at, case.due_at) == (at(MONDAY, "10:00"), at(MONDAY, "10:00"))
    late = answers(case, at(MONDAY, "10:01"), policy)
    assert (late.next_answers, late.next_missed, late.first_mark) == (1, 1, "met")
    in_time = answers(wrote(late, at(MONDAY, "11:00"), policy), at(MONDAY, "13:00"), policy)
    assert (in_time.next_answers, in_time.next_missed) == (2, 1), "at the last moment is in time"


def test_a_first_answer_that_comes_late_is_marked_so() -> None:
    assert answers(wrote(None, at(MONDAY, "07:00")), at(MONDAY, "08:01")).first_mark == "missed"
    closed, _ = rules.closed(wrote(None, at(MONDAY, "07:00")), "agent", "dana", at(MONDAY, "09:00"))
    assert (closed.first_mark, closed.bells) == ("missed", {})


def test_a_case_that_comes_back_begins_its_clocks_again() -> None:
    case = answers(wrote(None, at(MONDAY, "07:00")), at(MONDAY, "09:00"))
    case, _ = rules.closed(case, "agent", "dana", at(MONDAY, "10:00"))
    again = wrote(case, at(TUESDAY, "07:00"))
    assert (again.gen, again.first_mark, again.first_due_at, again.ours_ms) == (2, "", at(TUESDAY, "08:00"), 0)


def test_praise_is_owed_sooner_once_triage_has_heard_it() -> None:
    case = wrote(None, at(MONDAY, "07:00"))
    praised = rules.retimed(case, case.model_copy(update={"lane": "praise"}), OFFICE, at(MONDAY, "07:01"))
    assert (praised.first_due_at, praised.deadline) == (at(MONDAY, "07:10"), at(MONDAY, "07:10"))
    assert bells.warns_at(praised) == at(MONDAY, "07:08")
    same = rules.retimed(case, case.model_copy(update={"priority": 2}), OFFICE, at(MONDAY, "07:01"))
    assert same.bells == case.bells


def test_what_has_rung_does_not_ring_again_when_the_customer_writes_once_more() -> None:
    case, codes = ring(wrote(None, at(MONDAY, "07:00")))
    assert codes == ["warn.answer"]
    more = wrote(case, at(MONDAY, "07:50"), name="n")
    assert more.bells["warn"] == bells.RUNG and more.deadline == at(MONDAY, "08:00")
    asleep, _ = rules.snoozed(more, at(MONDAY, "12:00"), "dana", at(MONDAY, "07:51"))
    assert wrote(asleep, at(MONDAY, "07:52"), name="o").bells["warn"] == bells.RUNG


def test_what_was_only_seen_is_touched_and_still_owed() -> None:
    case = wrote(None, at(MONDAY, "07:00"))
    marked, _ = promises.acknowledging(case, "dana", at(MONDAY, "07:05"))
    seen, lines = talk.answered(marked, OFFICE, at(MONDAY, "07:06"), "reply.sent", "dana", "r1")
    assert [line.code for line in lines] == ["reply.sent", "reply.acknowledged"]
    assert (seen.awaiting, seen.touched_at, seen.first_mark, seen.signal) == ("us", at(MONDAY, "07:06"), "", "")
    assert (seen.due_at, seen.deadline, seen.bells) == (case.due_at, case.deadline, case.bells)
    done = answers(seen, at(MONDAY, "07:40"))
    assert (done.awaiting, done.first_mark, done.touched_at) == ("them", "met", at(MONDAY, "07:06"))


def test_a_case_kept_before_there_were_bells_rings_all_the_same() -> None:
    old = wrote(None, at(MONDAY, "07:00")).model_copy(
        update={"bells": {}, "first_due_at": "", "deadline": at(MONDAY, "08:00")}
    )
    changed, codes = ring(old)
    assert codes == ["clock.answer_missed", "remind.owner"] and changed.deadline == at(MONDAY, "09:00")


# --- promises -----------------------------------------------------------------------------------


def promised(case: Case, by_when: str, now: str, told_by: str = "") -> Case:
    return promises.made(case, OFFICE, by_when, "dana", now, told_by)[0]


def test_a_promise_is_reminded_of_and_then_missed_and_the_case_is_ours_again() -> None:
    done = answers(wrote(None, at(MONDAY, "07:00")), at(MONDAY, "07:30"))
    case = promised(done, at(MONDAY, "12:30"), at(MONDAY, "07:30"))
    assert (case.due_at, case.deadline, case.signal) == (at(MONDAY, "12:30"), at(MONDAY, "12:30"), "answered")
    assert bells.warns_at(case) == at(MONDAY, "11:30")
    case, codes = ring(case)
    assert (codes, case.deadline, case.awaiting) == (["promise.soon"], at(MONDAY, "12:30"), "them")
    assert bells.warns_at(case) == ""
    case, codes = ring(case)
    assert (codes, case.promise, case.awaiting) == (["promise.missed"], "missed", "us")
    assert (case.asked_at, case.next_due_at) == (at(MONDAY, "12:30"), at(MONDAY, "13:30"))
    assert [codes for _, codes in day_of(case, 2)] == [["warn.answer"], ["clock.answer_missed", "remind.owner"]]


def test_an_answer_after_it_keeps_the_promise_and_the_one_that_makes_it_does_not() -> None:
    case = promised(wrote(None, at(MONDAY, "07:00")), at(MONDAY, "12:00"), at(MONDAY, "07:10"), told_by="dana")
    told, lines = talk.answered(case, OFFICE, at(MONDAY, "07:11"), "reply.sent", "dana", "r1")
    assert [line.code for line in lines] == ["reply.sent"]
    assert (told.promise, told.awaiting, told.due_at) == ("open", "them", at(MONDAY, "12:00"))
    kept, lines = talk.answered(told, OFFICE, at(MONDAY, "11:00"), "reply.sent", "dana", "r2")
    assert [line.code for line in lines] == ["reply.sent", "promise.kept"]
    assert (kept.promise, kept.due_at, kept.deadline) == ("kept", "", at(TUESDAY, "11:00"))


def test_an_answer_that_comes_too_late_misses_it() -> None:
    case = promised(wrote(None, at(MONDAY, "07:00")), at(MONDAY, "07:20"), at(MONDAY, "07:10"))
    changed, lines = talk.answered(case, OFFICE, at(MONDAY, "07:21"), "reply.sent", "dana", "r1")
    assert [line.code for line in lines] == ["reply.sent", "promise.missed"] and changed.promise == "missed"


def test_a_promise_made_sooner_than_what_is_waited_for_moves_the_workflow() -> None:
    case = wrote(None, at(MONDAY, "07:00"))
    assert promised(case, at(MONDAY, "07:20"), at(MONDAY, "07:10")).signal == "moved"
    assert promised(case, at(TUESDAY, "12:00"), at(MONDAY, "07:10")).signal == ""
    begun = case.model_copy(update={"workflow": "starting"})
    assert promised(begun, at(MONDAY, "07:20"), at(MONDAY, "07:10")).signal == "", "it reads the deadline as it begins"


def test_a_case_that_is_put_off_rings_for_its_promise_and_wakes_when_it_is_missed() -> None:
    case = promised(wrote(None, at(MONDAY, "07:00")), at(MONDAY, "12:00"), at(MONDAY, "07:00"))
    asleep, _ = rules.snoozed(case, at(TUESDAY, "12:00"), "dana", at(MONDAY, "07:30"))
    assert (asleep.deadline, bells.warns_at(asleep)) == (at(MONDAY, "12:00"), at(MONDAY, "11:00"))
    asleep, codes = ring(asleep)
    assert (codes, asleep.status, asleep.deadline) == (["promise.soon"], "snoozed", at(MONDAY, "12:00"))
    awake, codes = ring(asleep)
    assert (codes, awake.status, awake.snoozed_until) == (["promise.missed"], "open", "")
    assert awake.deadline == at(MONDAY, "13:00"), "and what went by meanwhile stays quiet"


def test_a_promise_for_the_next_morning_is_reminded_of_while_somebody_is_there() -> None:
    case = promised(wrote(None, at(FRIDAY, "13:00")), at(NEXT, "07:00"), at(FRIDAY, "14:00"))
    assert case.bells["promise_warn"] == at(FRIDAY, "14:48")
    at_night = promised(wrote(None, at(FRIDAY, "13:00")), at(FRIDAY, "21:00"), at(FRIDAY, "20:00"))
    assert at_night.bells["promise_warn"] == at(FRIDAY, "20:48"), "who promises at night is there at night"
    assert at_night.bells["promise"] == at(NEXT, "07:00")


def test_a_promise_is_changed_taken_back_and_refused() -> None:
    case = promised(answers(wrote(None, at(MONDAY, "07:00")), at(MONDAY, "07:30")), at(MONDAY, "12:30"),
                    at(MONDAY, "07:30"))  # fmt: skip
    later, lines = promises.made(case, OFFICE, at(MONDAY, "14:00"), "dana", at(MONDAY, "08:00"))
    assert lines[0].code == "promise.changed" and later.due_at == at(MONDAY, "14:00")
    gone, lines = promises.withdrawn(later, OFFICE, "dana", at(MONDAY, "09:00"))
    assert (lines[0].code, gone.promise, gone.due_at) == ("promise.withdrawn", "withdrawn", "")
    assert gone.deadline == at(TUESDAY, "09:00") and "promise" not in gone.bells
    attempts: dict[str, Callable[[], object]] = {
        "promise_past": lambda: promises.made(case, OFFICE, at(MONDAY, "08:00"), "dana", at(MONDAY, "08:00")),
        "owned": lambda: promises.made(case, OFFICE, at(MONDAY, "14:00"), "eve", at(MONDAY, "08:00")),
        "no_promise": lambda: promises.withdrawn(gone, OFFICE, "dana", at(MONDAY, "10:00")),
        "answered": lambda: promises.acknowledging(gone, "dana", at(MONDAY, "10:00")),
    }
    for refusal, attempt in attempts.items():
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == refusal


# --- whatever happens ---------------------------------------------------------------------------

deeds = st.lists(
    st.tuples(
        st.integers(60, 30 * 3600),
        st.sampled_from(["wrote", "answered", "ring", "ring", "ring", "snooze", "wake", "promise", "close", "burn"]),
    ),
    max_size=14,
)


def did(case: Case, deed: str, now: str, policy: Policy) -> tuple[Case, tuple[str, ...]]:
    match deed:
        case "wrote":
            return wrote(case, now, policy, name="w"), ()
        case "answered" if case.status != "closed":
            changed, lines = talk.answered(case, policy, now, "reply.sent", "dana", "r" + now)
        case "ring" if case.status != "closed":
            changed, lines = rules.reminded(case, policy, now)
        case "snooze" if case.status == "open":
            changed, lines = rules.snoozed(case, after(now, 5 * 3600), "dana", now)
        case "wake" if case.status == "snoozed":
            changed, lines = rules.woken(case, policy, "dana", now)
        case "promise" if case.status != "closed":
            changed, lines = promises.made(case, policy, after(now, 7 * 3600), "dana", now)
        case "close" if case.status != "closed":
            changed, lines = rules.closed(case.model_copy(update={"reply_state": ""}), "agent", "dana", now)
        case "burn" if case.status == "open":
            other = case.model_copy(update={"priority": 1 if case.priority != 1 else 3})
            return rules.retimed(case, other, policy, now), ()
        case _:
            return case, ()
    return changed, tuple(line.code for line in lines)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([OFFICE, SHIPPED, Policy.model_validate({"calendar": HOURS, "targets": {
    "resolution_seconds": 5 * 3600, "next_answer_seconds": 600, "ceiling_seconds": 3600}})]), deeds)  # fmt: skip
@example(OFFICE, [(60, "answered"), (60, "promise"), (86280, "ring")])
def test_i32_whatever_happens_a_bell_that_rang_is_quiet_and_the_workflow_waits_for_the_next(
    policy: Policy, told: list[tuple[int, str]]
) -> None:
    now = at(MONDAY, "07:00")
    case = wrote(None, now, policy)
    for seconds, deed in told:
        now = after(now, seconds)
        case, codes = did(case, deed, now, policy)
        if case.status == "closed":
            assert case.bells == {} and case.due_at == ""
            continue
        if case.awaiting == "us" and case.status == "open":
            assert next_bell(case) == min(time for time in case.bells.values() if time)
            assert case.deadline == min(t for name, t in case.bells.items() if t and name not in bells.WARNINGS)
            assert case.due_at
        if deed == "ring":
            if "promise.missed" in codes:  # found late, what is owed since then may be late, too: it is told next
                case, _ = did(case, deed, now, policy)
            assert bells.due(case, now) == frozenset()
            again, codes = did(case, "ring", now, policy)
            assert codes == () and (again.bells, again.deadline) == (case.bells, case.deadline)
        if case.promise == "open":
            assert case.deadline <= max(case.bells["promise"], now) and case.due_at <= case.promised_by
        assert Case.model_validate(case.model_dump(mode="json")) == case


def test_a_customer_who_chases_brings_the_bells_nearer_and_the_workflow_hears_of_it() -> None:
    ruled = [{"priorities": [2], "first_answer_seconds": 600}]
    policy = Policy.model_validate({"targets": {"rules": ruled}})
    case = wrote(None, at(MONDAY, "07:00"), policy).model_copy(update={"triaged": 1})
    second = wrote(case, at(MONDAY, "07:01"), policy, name="n")
    assert (second.priority, second.signal) == (3, "")
    third = wrote(second, at(MONDAY, "07:02"), policy, name="o")
    assert (third.priority, third.deadline, third.signal) == (2, at(MONDAY, "07:10"), "moved")
    assert bells.warns_at(third) == at(MONDAY, "07:08")


def outside(case: Case, when: str, now: str) -> tuple[Case, list[str]]:
    said = Message(id="own" + when, brand="acme", platform="x", at=when, text="Here it is.", own=True)
    changed, lines = talk.answered_outside(case, OFFICE, now, said)
    return changed, [line.code for line in lines]


def test_an_answer_on_the_platform_itself_keeps_a_promise_too_and_one_from_before_it_does_not() -> None:
    done = answers(wrote(None, at(MONDAY, "07:00")), at(MONDAY, "07:30"))
    case = promised(done, at(MONDAY, "12:30"), at(MONDAY, "08:00"))
    kept, codes = outside(case, at(MONDAY, "11:00"), at(MONDAY, "11:01"))
    assert (codes, kept.promise, kept.due_at) == (["message.own_outside", "promise.kept"], "kept", "")
    assert kept.deadline == at(TUESDAY, "11:01")
    before, codes = outside(case, at(MONDAY, "07:45"), at(MONDAY, "11:01"))
    assert (codes, before.promise, before.deadline) == (["message.own_outside"], "open", case.deadline)
    late, codes = outside(case, at(MONDAY, "12:31"), at(MONDAY, "12:32"))
    assert (codes, late.promise) == (["message.own_outside", "promise.missed"], "missed")

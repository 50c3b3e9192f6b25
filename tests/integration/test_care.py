"""The steps of the workflow, each repeated as Step Functions may repeat it (F13, I13, I14, I32)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hark import wiring
from hark.desk.steps import MovedOn, Superseded
from hark.domain import case as rules
from hark.domain import talk
from hark.domain.people import Member
from hark.domain.policy import Policy, Rung
from hark.domain.time import after

from .conftest import BRAND, Desk
from .x_deliveries import mention

Enrol = Callable[..., Member]


def codes(desk: Desk) -> list[str]:
    return [line["code"] for line in wiring.reminding().cases.history(BRAND, desk.case().id)]


def answer_is_out(desk: Desk) -> None:
    case, now = desk.case(), rules_now(desk)
    cases = wiring.reminding().cases
    cases.commit(case, *talk.answered(case, Policy(), now, "reply.sent", "dana", "r1"), now)


def rules_now(desk: Desk) -> str:
    from hark.domain.time import text

    return text(desk.clock())


def test_f13_triage_gives_its_reasons_and_a_second_run_changes_nothing(desk: Desk) -> None:
    desk.take_in(mention(text="@acme where is my parcel?"))
    assert desk.step("triage", desk.case()) == {"next": "assign"}
    first = desk.case()
    assert [r.code for r in first.reasons] == ["triage.addressed", "triage.question", "triage.private.account"]
    assert (first.priority, first.language) == (2, "en")
    assert desk.step("triage", first) == {"next": "assign"}
    assert desk.case() == first


def test_thanks_alone_ends_the_case_with_that_reason(desk: Desk) -> None:
    desk.take_in(mention(text="@acme Liels paldies! 🙏", lang="lv"))
    assert desk.step("triage", desk.case()) == {"next": "end"}
    case = desk.case()
    assert (case.status, case.close_reason, case.workflow, case.look_at) == ("closed", "thanks", "ended", "")


def test_a_message_deleted_before_triage_is_still_seen_by_a_person(desk: Desk) -> None:
    from .x_deliveries import deletion

    desk.take_in(mention(), deletion("2123706425275322373"))
    assert desk.step("triage", desk.case()) == {"next": "assign"}
    assert [r.code for r in desk.case().reasons] == ["triage.withdrawn"]


def test_the_least_loaded_agent_on_shift_gets_the_case(desk: Desk, enrol: Enrol) -> None:
    enrol("busy", "Busy Bee")
    enrol("away", "A Way", away=True)
    enrol("free", "Free Ly")
    desk.take_in(mention())
    desk.step("assign", desk.case())
    owners = [desk.case().owner]
    for n in range(1, 6):
        post = str(2123706425275322373 + n)
        desk.take_in(mention(post, author_id=f"90{n}", conversation_id=post))
        newest = next(c for c in desk.cases() if c.thread_id == post)
        desk.step("assign", newest)
        owners.append(next(c for c in desk.cases() if c.thread_id == post).owner)
    assert sorted(owners) == ["busy"] * 3 + ["free"] * 3


def test_f13_assigning_twice_gives_one_owner_and_one_line(desk: Desk, enrol: Enrol) -> None:
    enrol("dana")
    desk.take_in(mention())
    first = desk.step("assign", desk.case())
    assert desk.step("assign", desk.case()) == first
    assert codes(desk).count("assign.least_loaded") == 1
    assert first["key"]["sk"] == "CASE" and first["deadline"] == desk.case().deadline


def test_nobody_on_shift_leaves_the_case_to_the_team(desk: Desk) -> None:
    desk.take_in(mention())
    desk.step("assign", desk.case())
    assert desk.case().owner == "" and "assign.nobody_on_shift" in codes(desk)


def test_i32_each_rung_of_the_ladder_rings_once(desk: Desk) -> None:
    desk.put_policy(ladder=(Rung(after_seconds=60, to="owner"), Rung(after_seconds=120, to="team")))
    desk.take_in(mention())
    case = desk.case()
    seen = []
    desk.clock.forward(hours=1)
    for _ in range(4):
        rang = desk.case().deadline
        while rules_now(desk) < rang:
            desk.clock.forward(seconds=1)
        for _ in range(2):  # Step Functions may call a step again whose answer was lost
            said = desk.step("remind", case, deadline=rang)
        seen.append((desk.case().reminders, desk.case().escalation, said["next"]))
    assert seen == [(1, "owner", "answer"), (2, "team", "answer"), (3, "owner", "answer"), (4, "team", "answer")]


def test_i14_an_old_timer_of_an_earlier_generation_does_nothing(desk: Desk) -> None:
    desk.take_in(mention())
    old = desk.case()
    closed, lines = rules.closed(old, "silence", "", rules_now(desk))
    wiring.reminding().cases.commit(old, closed, lines, rules_now(desk))
    desk.take_in(mention("2123710858654654475", conversation_id="2123706425275322373"))
    before = desk.case()
    assert before.gen == 2
    for function, more in (("triage", {}), ("assign", {}), ("remind", {"deadline": old.deadline}),
                           ("follow_up", {"step": "ask"}), ("follow_up", {"step": "close"})):  # fmt: skip
        with pytest.raises(Superseded):
            desk.step(function, old, **more)
    assert desk.case() == before


def test_a_timer_that_rings_after_the_answer_reminds_nobody(desk: Desk) -> None:
    desk.take_in(mention())
    case = desk.case()
    answer_is_out(desk)
    desk.clock.forward(hours=2)
    said = desk.step("remind", case, deadline=case.deadline)
    assert said["next"] == "customer" and desk.case().reminders == 0


def test_follow_up_asks_once_and_silence_closes(desk: Desk) -> None:
    desk.take_in(mention())
    answer_is_out(desk)
    case = desk.case()
    with pytest.raises(MovedOn):
        desk.step("follow_up", case, step="ask")
    desk.clock.forward(hours=24, seconds=1)
    deadline = desk.step("follow_up", case, step="ask")["deadline"]
    assert desk.step("follow_up", case, step="ask")["deadline"] == deadline
    assert codes(desk).count("follow_up.asked") == 1
    with pytest.raises(MovedOn):
        desk.step("follow_up", case, step="close")
    desk.clock.forward(hours=24, seconds=1)
    for _ in range(2):
        desk.step("follow_up", case, step="close")
    after_all = desk.case()
    assert (after_all.status, after_all.close_reason, after_all.look_at) == ("closed", "silence", "")


def test_silence_does_not_close_over_a_reply_in_doubt(desk: Desk) -> None:
    desk.take_in(mention())
    answer_is_out(desk)
    case = desk.case()
    now = rules_now(desk)
    wiring.reminding().cases.commit(case, *talk.reply_moved(case, "human", "reply.human", "", "r2", now), now)
    desk.clock.forward(hours=49)
    with pytest.raises(MovedOn):
        desk.step("follow_up", case, step="close")
    assert desk.case().status == "open"
    assert desk.case().deadline > rules_now(desk), "looked at again later, not at every second"


@pytest.mark.parametrize(
    ("change", "wait", "sent"),
    [("answered", "AwaitAnswer", True), ("answered", "AwaitCustomer", False), ("closed", "AwaitAnswer", True),
     ("closed", "AwaitSolved", True), ("customer", "AwaitAnswer", False), ("customer", "AwaitSolved", True)],
)  # fmt: skip
def test_a_signal_ends_only_the_wait_it_is_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, change: str, wait: str, sent: bool
) -> None:
    desk.take_in(mention())
    case, cases, now = desk.case(), wiring.reminding().cases, rules_now(desk)
    if change == "customer":
        answer_is_out(desk)
        wiring.workflow().deliver(BRAND, case.id)
    told: list[str] = []
    client = wiring.workflow().client()
    monkeypatch.setattr(client, "send_task_success", lambda **given: told.append(given["taskToken"]))
    monkeypatch.setattr(client, "send_task_failure", lambda **given: told.append(given["error"]))
    desk.table.client.update_item(
        TableName=desk.table.name, Key={"pk": {"S": f"{BRAND}#CASE#{case.id}"}, "sk": {"S": "CASE"}},
        UpdateExpression="SET wf_token = :t, wf_wait = :w",
        ExpressionAttributeValues={":t": {"S": "the-token"}, ":w": {"S": wait}},
    )  # fmt: skip
    case = desk.case()
    made: dict[str, Callable[[], rules.Change]] = {
        "answered": lambda: talk.answered(case, Policy(), now, "reply.sent", "dana", "r1"),
        "closed": lambda: rules.closed(case, "agent", "dana", now),
        "customer": lambda: talk.customer_wrote(case, desk.messages()[0], case, Policy(), now),
    }
    after_change, lines = made[change]()
    cases.commit(case, after_change, lines, now)
    for _ in range(2):
        wiring.workflow().deliver(BRAND, case.id)
    assert len(told) == int(sent)
    assert desk.case().signal == ""


def test_f16_a_snoozed_case_wakes_by_the_sweeper_even_if_its_timer_is_lost(desk: Desk) -> None:
    desk.take_in(mention())
    case, now = desk.case(), rules_now(desk)
    wiring.reminding().cases.commit(case, *rules.snoozed(case, after(now, 3600), "dana", now), now)
    assert wiring.reminding().cases.of_view(BRAND, "open", "", {}, 25)[0] == []
    desk.clock.forward(seconds=3601)
    wiring.sweeping().run(lambda: True)
    assert desk.case().status == "open" and "case.woken" in codes(desk)


def test_a_deadline_that_passes_during_a_snooze_reminds_nobody(desk: Desk) -> None:
    desk.take_in(mention())
    case, now = desk.case(), rules_now(desk)
    wiring.reminding().cases.commit(case, *rules.snoozed(case, after(now, 7200), "dana", now), now)
    desk.clock.forward(seconds=3700)
    said = desk.step("remind", case, deadline=case.deadline)
    assert said == {"next": "answer", "deadline": after(now, 7200)}
    assert desk.case().reminders == 0

"""After our answer: the question whether all is solved, by the desk or by the owner, and what silence does (H1, H2).

The steps are repeated as Step Functions may repeat them, die in the middle, and come from generations long over (F13,
I14, I32).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hark import wiring
from hark.desk.steps import MovedOn, Superseded
from hark.domain import case as rules
from hark.domain.case import Case
from hark.domain.follow_up import SOLVED_QUESTION, FollowUp
from hark.domain.people import Member
from hark.domain.reply import State
from hark.domain.time import after
from hark.domain.time import text as time_text
from hark.store import keys

from .conftest import BRAND, Desk
from .faults import Crash, between, fault
from .test_care import answer_is_out, codes, rules_now
from .town import Town, Towns
from .x_deliveries import mention

HOUR = 3600
ASKING = {"follow_up_seconds": 2 * HOUR, "silence_closes_seconds": 3 * HOUR}
BY_THE_DESK = {**ASKING, "follow_up": FollowUp(ask="customer")}


@pytest.fixture
def town(town_of: Towns) -> Iterator[Town]:
    with town_of("meta") as town:
        town.told("meta", "users", username="kim", name="Kim L")
        yield town


def says(town: Town, text: str) -> None:
    town.desk.clock.forward(seconds=5)
    town.say("meta", "kim", text, platform="messenger", surface="direct")


def answered(town: Town, **policy: Any) -> Case:
    """A case on the desk that was answered, and whose customer has been silent for long enough."""
    town.desk.put_policy(**policy)
    says(town, "Where is my parcel?")
    town.answer("meta", town.desk.case(), "It comes tomorrow.")
    town.desk.clock.forward(hours=2, seconds=10)
    return town.desk.case()


def ask(desk: Desk) -> Any:
    return desk.step("follow_up", desk.case(), step="ask")


def close(desk: Desk) -> Any:
    return desk.step("follow_up", desk.case(), step="close")


def test_the_desk_asks_the_customer_once_and_owes_nothing_by_it(town: Town) -> None:
    before = answered(town, **BY_THE_DESK)
    first = ask(town.desk)
    assert ask(town.desk) == first
    town.push()
    town.arrive("meta")
    assert [one["text"] for one in town.sent("meta")] == ["It comes tomorrow.", SOLVED_QUESTION["en"]]
    case = town.desk.case()
    assert (case.awaiting, case.answered_at, case.first_answered_at) == (
        "them",
        before.answered_at,
        before.first_answered_at,
    )
    assert case.deadline == first["deadline"]
    assert codes(town.desk).count("follow_up.question") == 1 and "follow_up.asked" not in codes(town.desk)


@pytest.mark.parametrize(
    ("text", "status", "reason", "awaiting"),
    [("Yes", "closed", "solved", "them"), ("Yes, thank you!", "closed", "solved", "them"),
     ("👍", "closed", "solved", "them"),
     ("No", "open", "", "us"), ("Thanks", "open", "", "them"), ("No thanks", "open", "", "us")],
)  # fmt: skip
def test_the_customers_answer_to_it_is_understood(
    town: Town, text: str, status: str, reason: str, awaiting: str
) -> None:
    answered(town, **BY_THE_DESK)
    ask(town.desk)
    says(town, text)
    case = town.desk.case()
    assert (case.status, case.close_reason, case.awaiting) == (status, reason, awaiting)
    assert case.gen == 1


def test_a_crash_while_asking_asks_neither_twice_nor_not_at_all(town: Town) -> None:
    answered(town, **BY_THE_DESK)
    for kind in ("crash before", "crash after"):
        with fault("TransactWriteItems", kind, times=1), pytest.raises(Crash):
            ask(town.desk)
    ask(town.desk)
    town.push()
    assert [one["text"] for one in town.sent("meta")].count(SOLVED_QUESTION["en"]) == 1
    assert town.desk.case().follow_ups == 1


def test_in_public_the_desk_asks_only_where_the_brand_wants_it(desk: Desk) -> None:
    for number, public in enumerate((False, True), 1):
        desk.put_policy(**ASKING, follow_up=FollowUp(ask="customer", ask_in_public=public, reminders=2))
        if number == 1:
            desk.take_in(mention())
        answer_is_out(desk)
        desk.clock.forward(hours=25)
        ask(desk)
        assert bool(desk.case().question_at) is public
    assert [code for code in codes(desk) if code.startswith("follow_up")] == ["follow_up.asked", "follow_up.question"]


def test_a_word_that_comes_while_it_is_asked_is_not_asked_over(desk: Desk) -> None:
    desk.put_policy(**ASKING, follow_up=FollowUp(ask="customer", ask_in_public=True))
    desk.take_in(mention())
    answer_is_out(desk)
    desk.clock.forward(hours=25)
    later = mention("2123710858654654475", conversation_id="2123706425275322373", text="@acme and when exactly?")
    with between("TransactWriteItems", lambda: desk.take_in(later)), pytest.raises(MovedOn):
        ask(desk)
    assert desk.case().awaiting == "us"
    assert [item for item in desk.items() if item["sk"].startswith(keys.REPLY_PREFIX)] == []


@pytest.mark.parametrize("why", ["public", "window is over", "an agent writes", "the brand does not want it"])
def test_where_the_desk_may_not_ask_the_owner_is_reminded(town: Town, why: str) -> None:
    given = ASKING if why == "the brand does not want it" else BY_THE_DESK
    answered(town, **given)
    case, now = town.desk.case(), time_text(town.desk.clock())
    if why == "public":
        town.desk.table.client.update_item(
            TableName=town.desk.table.name, Key={"pk": {"S": f"{BRAND}#CASE#{case.id}"}, "sk": {"S": "CASE"}},
            UpdateExpression="SET #p = :t", ExpressionAttributeNames={"#p": "public"},
            ExpressionAttributeValues={":t": {"BOOL": True}},
        )  # fmt: skip
    if why == "window is over":
        town.desk.clock.forward(hours=24)
    if why == "an agent writes":
        busy = case.model_copy(update={"reply_state": "pending"})
        wiring.reminding().cases.commit(case, busy, (), now)
    ask(town.desk)
    assert [r for r in town.replies() if r.automatic] == []
    assert codes(town.desk)[-1] == "follow_up.asked"
    assert town.desk.case().question_at == ""


def test_a_question_that_never_leaves_is_made_up_for_by_the_owner_before_silence_closes(town: Town) -> None:
    answered(town, **BY_THE_DESK)
    ask(town.desk)
    says(town, "Thanks")
    town.push()
    (question,) = (r for r in town.replies() if r.automatic)
    assert question.state is State.FAILED, "it is held back when the customer writes before it leaves"
    assert town.desk.case().awaiting == "them"
    town.desk.clock.forward(hours=3, seconds=10)
    with pytest.raises(MovedOn):
        close(town.desk)
    assert codes(town.desk).count("follow_up.question_lost") == 1
    assert town.desk.case().deadline == after(time_text(town.desk.clock()), 3 * HOUR)
    town.desk.clock.forward(hours=3, seconds=10)
    assert ask(town.desk)["deadline"] == town.desk.case().deadline, "nothing is asked again"
    assert close(town.desk) == {"next": "end"}
    assert town.desk.case().close_reason == "silence"


def test_silence_closes_after_as_many_reminders_as_the_brand_wants(desk: Desk) -> None:
    desk.put_policy(**ASKING, follow_up=FollowUp(reminders=3))
    desk.take_in(mention())
    answer_is_out(desk)
    desk.clock.forward(hours=25)
    for number in (1, 2, 3):
        for _ in range(2):
            ask(desk)
        assert codes(desk).count("follow_up.asked") == number == desk.case().follow_ups
        with pytest.raises(MovedOn):
            close(desk)
        desk.clock.forward(hours=3, seconds=1)
        if number < 3:
            with pytest.raises(MovedOn):
                close(desk)
            said = desk.step("remind", desk.case(), deadline=desk.case().deadline)
            assert said["next"] == "customer", "back to the wait that leads to the next follow-up"
    for _ in range(2):
        assert close(desk) == {"next": "end"}
    assert (desk.case().status, desk.case().close_reason) == ("closed", "silence")
    assert codes(desk).count("case.closed.silence") == 1


def test_i14_old_timers_after_a_reopening_ask_and_close_nothing(desk: Desk) -> None:
    desk.take_in(mention())
    answer_is_out(desk)
    old = desk.case()
    desk.clock.forward(hours=25)
    ask(desk)
    closed, lines = rules.closed(desk.case(), "agent", "dana", rules_now(desk))
    wiring.reminding().cases.commit(desk.case(), closed, lines, rules_now(desk))
    desk.take_in(
        mention("2123710858654654475", conversation_id="2123706425275322373", text="@acme it broke again, why?")
    )
    now = desk.case()
    assert now.gen == 2
    desk.clock.forward(hours=48)
    for step in ("ask", "close"):
        with pytest.raises(Superseded):
            desk.step("follow_up", old, step=step)
    assert desk.case() == now


def test_what_was_said_to_be_solved_under_a_reply_in_doubt_closes_as_solved_and_not_as_silence(desk: Desk) -> None:
    desk.take_in(mention())
    answer_is_out(desk)
    case = desk.case()
    heard = case.model_copy(update={"solved_at": after(rules_now(desk), 5), "said_at": case.last_at})
    wiring.reminding().cases.commit(case, heard, (), rules_now(desk))
    desk.clock.forward(hours=25)
    with pytest.raises(MovedOn):
        ask(desk)
    assert (desk.case().status, desk.case().close_reason) == ("closed", "solved")
    assert close(desk) == {"next": "end"}


# --- the case after its closing ---


def shut(desk: Desk) -> Case:
    desk.take_in(mention(text="@acme where is my parcel?"))
    desk.step("triage", desk.case())
    desk.step("assign", desk.case())
    answer_is_out(desk)
    closed, lines = rules.closed(desk.case(), "agent", "dana", rules_now(desk))
    return wiring.reminding().cases.commit(desk.case(), closed, lines, rules_now(desk))


def comes_back(desk: Desk, text: str, days: int) -> Case:
    desk.clock.forward(days=days)
    later = desk.clock().strftime("%Y-%m-%dT%H:%M:%S.000Z")
    post = "2123710858654654475"
    desk.take_in(mention(post, conversation_id="2123706425275322373", text=text, created_at=later))
    return desk.case()


def test_within_the_window_a_word_joins_the_same_case(desk: Desk, enrol: Any) -> None:
    member: Member = enrol("dana")
    desk.put_policy(follow_up=FollowUp(reopen_days=30))
    before = shut(desk)
    assert before.owner == member.id
    case = comes_back(desk, "@acme it broke again, why?", 29)
    assert (case.gen, case.owner, case.opened_at) == (2, "dana", before.opened_at)
    assert codes(desk)[-1] == "case.reopened"


def test_after_it_the_case_begins_anew_with_its_history(desk: Desk, enrol: Any) -> None:
    enrol("dana")
    desk.put_policy(follow_up=FollowUp(reopen_days=30))
    before = shut(desk)
    passed = before.model_copy(update={"transfers": 4, "promise": "kept", "reminders": 3, "rating": 2, "rated_gen": 1})
    wiring.reminding().cases.commit(before, passed, (), rules_now(desk))
    lines = len(codes(desk))
    case = comes_back(desk, "@acme how do I change my address?", 31)
    assert (case.gen, case.status, case.awaiting, case.unread, case.contacts) == (2, "open", "us", 1, 1)
    assert (case.owner, case.reasons, case.transfers, case.promise, case.reminders, case.rating) == (
        "",
        (),
        0,
        "",
        0,
        0,
    )
    assert case.opened_at == case.asked_at > before.closed_at
    assert codes(desk)[lines:] == ["case.opened_anew"] and case.workflow in ("starting", "running")
    assert (case.customer_id, case.thread_id, case.talk) == (before.customer_id, before.thread_id, before.talk + 1)


@pytest.mark.parametrize("text", ["@acme Thank you!", "@acme Paldies 🙏", "@acme it works now, thanks"])
@pytest.mark.parametrize("days", [1, 400])
def test_thanks_and_good_news_never_open_a_closed_case(desk: Desk, text: str, days: int) -> None:
    desk.put_policy(follow_up=FollowUp(reopen_days=30))
    before = shut(desk)
    case = comes_back(desk, text, days)
    assert (case.status, case.gen, case.unread, case.signal, case.due_at) == ("closed", 1, 0, "", "")
    assert case.snippet.startswith("@acme") and case.talk == before.talk + 1, "but they are shown"
    assert codes(desk)[-1] in ("message.thanks", "message.solved")

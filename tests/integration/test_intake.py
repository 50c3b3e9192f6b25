"""From a signed delivery to message, conversation and case (I1-I11)."""

from __future__ import annotations

import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError
from hark import wiring
from hark.desk.filing import Parse
from hark.domain.events import RawEvent
from hark.store.ledger import TRIES

from .conftest import Clock, Desk
from .x_deliveries import ACME, KIM, deletion, mention

POST = "2123706425275322373"
EDIT = "2123706500000000000"
LATER = "2123710858654654475"


def edited(text: str = "@acme my parcel 4711 is late") -> dict[str, Any]:
    return mention(EDIT, text, edit_history_tweet_ids=[POST, EDIT], conversation_id=POST)


def reply_of_kim(post_id: str, text: str, at: str = "2026-11-20T09:31:40.000Z") -> dict[str, Any]:
    return mention(post_id, text, event_type="post.reply.create", conversation_id=POST, created_at=at,
                   in_reply_to_tweet_id=POST)  # fmt: skip


def own_post(post_id: str, text: str, parent: str, at: str = "2026-11-20T09:20:30.000Z") -> dict[str, Any]:
    return mention(
        post_id, text, event_type="post.create", author_id=ACME, conversation_id=POST, in_reply_to_user_id=KIM,
        in_reply_to_tweet_id=parent, created_at=at, entities={},
    )  # fmt: skip


def essence(desk: Desk) -> list[tuple[Any, ...]]:
    """What has to be the same for every order of arrival: not the times at which we happened to hear of it."""
    cases = [
        ("case", c.id, c.status, c.awaiting, c.asked_at, c.due_at, c.reply_to, c.snippet, c.unread, c.handle, c.gen)
        for c in desk.cases()
    ]
    messages = [("message", m.id, m.text, m.at, m.gone, m.own, m.conversation) for m in desk.messages()]
    return sorted(cases) + sorted(messages)


def test_a_mention_becomes_one_case_that_waits_for_us(desk: Desk) -> None:
    desk.take_in(mention())
    case = desk.case()
    assert (case.status, case.awaiting, case.customer_id, case.handle) == ("open", "us", KIM, "kim_l")
    assert case.reply_to == POST and case.may_reply
    assert case.due_at == "2026-11-20T10:14:03.000Z", "60 minutes after the customer wrote, not after we heard of it"
    assert case.workflow == "running"


def test_i2_the_same_delivery_many_times_is_one_event_and_one_case(desk: Desk, one_call_at_a_time: None) -> None:
    body = mention()
    with ThreadPoolExecutor(5) as pool:
        assert set(pool.map(lambda _: desk.deliver(body), range(5))) == {200}
    desk.fold()
    desk.fold()
    assert len(desk.items("RAW")) == len(desk.cases()) == len(desk.messages()) == 1
    assert desk.case().unread == 1


def test_i2_one_post_as_mention_and_reply_and_poll_is_one_event(desk: Desk) -> None:
    desk.take_in(mention(event_type="post.reply.create"), mention())
    ledger = wiring.intake().ledger
    polled = json.dumps({"data": {"event_type": "poll.mention", "payload": {"id": POST}}}).encode()
    ledger.store("acme", "x", RawEvent(f"post:{POST}", "poll.mention", ACME, polled), desk.clock(), "poll")
    desk.fold()
    assert len(desk.items("RAW")) == 1
    assert len(desk.cases()) == 1 and desk.case().unread == 1


def test_a_reply_that_also_comes_as_a_mention_may_then_be_answered(desk: Desk) -> None:
    implicit: dict[str, Any] = {"display_text_range": [6, 24], "conversation_id": POST, "in_reply_to_tweet_id": LATER}
    desk.take_in(mention(event_type="post.reply.create", **implicit))
    assert not desk.case().may_reply
    desk.take_in(mention(**implicit))
    assert desk.case().may_reply


@pytest.fixture(autouse=True)
def afternoon(clock: Clock) -> None:
    """Later than everything these customers write."""
    clock.forward(hours=6)


def test_i4_any_order_of_messages_edits_and_deletes_ends_the_same(desk: Desk) -> None:
    events = [mention(), edited(), reply_of_kim(LATER, "@acme hello?"), deletion(LATER)]
    for order in itertools.permutations(events):
        desk.take_in(*order, order[0])
        assert_one_edited_and_one_silent_message(desk)
        desk.forget()


def assert_one_edited_and_one_silent_message(desk: Desk) -> None:
    (kept, gone) = sorted(desk.messages(), key=lambda m: m.id)
    assert (kept.text, kept.gone, kept.edited) == ("@acme my parcel 4711 is late", False, True)
    assert (gone.text, gone.gone) == ("", True)
    case = desk.case()
    assert case.asked_at == "2026-11-20T09:14:03.000Z"
    if case.snippet_of == POST:
        assert case.snippet == "@acme my parcel 4711 is late"
    else:
        assert case.snippet == ""


def test_i4_messages_in_any_order_make_the_same_table(desk: Desk) -> None:
    events = [
        mention(),
        reply_of_kim("2123710858654654475", "@acme second", "2026-11-20T09:31:40.000Z"),
        reply_of_kim("2123710858654654999", "@acme third", "2026-11-20T09:32:40.000Z"),
    ]
    outcomes = set()
    for order in itertools.permutations(events):
        desk.take_in(*order, order[0])
        outcomes.add(repr(essence(desk)))
        desk.forget()
    assert len(outcomes) == 1


def test_i5_a_delete_before_its_create_keeps_the_message_silent(desk: Desk) -> None:
    desk.take_in(deletion(POST), mention())
    (message,) = desk.messages()
    assert message.gone and message.text == ""
    assert desk.cases() == []


def test_i6_deleted_words_are_found_nowhere(desk: Desk) -> None:
    desk.take_in(mention(text="@acme canary-words-4711"), edited("@acme canary-words-4711 again"), deletion(EDIT))
    everything = repr(desk.items())
    assert "canary-words" not in everything
    from gzip import decompress

    bodies = [decompress(i["body"]) for i in desk.items("RAW") if "body" in i]
    assert not any(b"canary-words" in body for body in bodies)


def test_i9_many_first_messages_at_once_are_one_conversation(desk: Desk, one_call_at_a_time: None) -> None:
    album = [reply_of_kim(str(int(LATER) + n), f"@acme picture {n}") for n in range(5)]
    for body in album:
        assert desk.deliver(body) == 200
    keys = [{"pk": i["pk"], "sk": "RAW"} for i in desk.items("RAW")]
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda key: desk.call("ingest", {"keys": [key]}), keys))
    desk.fold()
    assert desk.case().unread == 5
    assert len(desk.messages()) == 5


def test_i10_our_own_post_never_opens_a_case(desk: Desk) -> None:
    desk.take_in(own_post(LATER, "@kim_l We are on it.", POST))
    assert desk.cases() == []
    (message,) = desk.messages()
    assert message.own


def test_i10_staff_answering_in_the_app_answers_the_case(desk: Desk) -> None:
    desk.take_in(mention(), own_post(LATER, "@kim_l We are on it.", POST))
    case = desk.case()
    assert case.awaiting == "them" and case.due_at == ""
    history = [line["code"] for line in wiring.intake().cases.history("acme", case.id)]
    assert "message.own_outside" in history


def test_an_own_post_older_than_the_question_answers_nothing(desk: Desk) -> None:
    desk.take_in(mention(), own_post("2123700000000000000", "@kim_l Welcome!", POST, "2026-11-20T08:50:00.000Z"))
    assert desk.case().awaiting == "us"


def test_a_customer_who_writes_after_closing_opens_the_same_case_in_a_new_generation(desk: Desk) -> None:
    desk.take_in(mention())
    first = desk.case()
    from hark.domain import case as rules

    closed, lines = rules.closed(first, "silence", "", "2026-11-20T12:00:00.000Z")
    wiring.intake().cases.commit(first, closed, lines, "2026-11-20T12:00:00.000Z")
    desk.take_in(reply_of_kim(LATER, "@acme still nothing", "2026-11-20T13:00:00.000Z"))
    again = desk.case()
    assert (again.status, again.gen, again.id) == ("open", 2, first.id)
    assert again.asked_at == "2026-11-20T13:00:00.000Z"


def test_i12_an_entry_the_stream_lost_is_folded_by_sweep_and_ingest(desk: Desk) -> None:
    assert desk.deliver(mention()) == 200
    woken: list[Any] = []
    sweeping = wiring.sweeping()
    object.__setattr__(sweeping, "wake", lambda function, keys: woken.append((function, keys)))
    assert sweeping.run(lambda: True)["events"] == 0, "the stream has its time first"
    desk.clock.forward(seconds=21)
    assert sweeping.run(lambda: True)["events"] == 1
    ((function, keys),) = woken
    desk.call(function, {"keys": [key._asdict() for key in keys]})
    assert len(desk.cases()) == 1
    assert sweeping.run(lambda: True)["events"] == 0


def test_i13_a_case_whose_workflow_was_never_started_is_started_by_the_sweeper(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow = wiring.workflow()
    monkeypatch.setattr(type(workflow), "move", lambda *_: None)  # the process died after the commit
    desk.take_in(mention())
    assert desk.case().workflow == "starting"
    desk.clock.forward(seconds=21)
    wiring.sweeping().run(lambda: True)
    assert desk.case().workflow == "running"
    (execution,) = workflow.client().list_executions(stateMachineArn=workflow.state_machine())["executions"]
    assert execution["name"] == f"{desk.case().id}-g1"


def test_f14_an_execution_of_that_name_that_ended_makes_the_next_generation(desk: Desk) -> None:
    desk.take_in(mention())
    workflow, case = wiring.workflow(), desk.case()
    arn = workflow.client().list_executions(stateMachineArn=workflow.state_machine())["executions"][0]["executionArn"]
    workflow.client().stop_execution(executionArn=arn)
    desk.clock.forward(hours=3)
    wiring.sweeping().run(lambda: True)
    again = desk.case()
    assert (again.gen, again.workflow) == (2, "running")
    assert "workflow.restarted" in [line["code"] for line in wiring.intake().cases.history("acme", case.id)]


def test_f15_word_of_a_dead_execution_restarts_it_at_once(desk: Desk) -> None:
    desk.take_in(mention())
    workflow, case = wiring.workflow(), desk.case()
    arn = workflow.client().list_executions(stateMachineArn=workflow.state_machine())["executions"][0]["executionArn"]
    workflow.client().stop_execution(executionArn=arn)
    told = {"brand": case.brand, "case": case.id, "gen": case.gen}
    desk.call("sweep", {"source": "aws.states", "detail": {"input": json.dumps(told)}})
    assert desk.case().gen == 2
    desk.call("sweep", {"source": "aws.states", "detail": {"input": json.dumps(told)}})
    assert desk.case().gen == 2, "the same word a second time changes nothing (F16)"


def test_i34_one_bad_entry_is_quarantined_after_five_tries_and_stops_no_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = wiring.intake()
    reading = intake.reading("x")

    def explodes_on_one(raw: RawEvent, *more: Any) -> Any:
        if POST in raw.key:
            raise RuntimeError
        return reading.parse(raw, *more)

    broken = type(reading)(cast("Parse", explodes_on_one), reading.normalised)
    object.__setattr__(intake, "reading", lambda _: broken)
    assert desk.deliver(mention()) == desk.deliver(mention(LATER)) == 200
    for _ in range(TRIES):
        desk.fold()
    states = {i["event"]: i["state"] for i in desk.items("RAW")}
    assert states == {f"post:{POST}": "quarantined", f"post:{LATER}": "folded"}
    assert len(desk.cases()) == 1


def test_a_store_in_trouble_quarantines_nothing_however_long_it_lasts(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = wiring.intake()
    reading = intake.reading("x")

    def throttled(raw: RawEvent, *more: Any) -> Any:
        raise ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "TransactWriteItems")

    object.__setattr__(intake, "reading", lambda _: type(reading)(cast("Parse", throttled), reading.normalised))
    assert desk.deliver(mention()) == 200
    for _ in range(TRIES + 3):
        desk.fold()
    assert [i["state"] for i in desk.items("RAW")] == ["received"]
    object.__setattr__(intake, "reading", lambda _: reading)
    desk.fold()
    assert [i["state"] for i in desk.items("RAW")] == ["folded"]


def test_i38_the_history_replayed_is_the_case(desk: Desk) -> None:
    desk.take_in(
        mention(), edited(), reply_of_kim(LATER, "@acme more"), own_post("2123711000000000000", "@kim_l x", POST)
    )
    case = desk.case()
    replayed: dict[str, Any] = {}
    lines = wiring.intake().cases.history("acme", case.id)
    for line in lines:
        replayed |= line.get("changes", {})
    now = case.model_dump(mode="json")
    differing = {name for name, value in replayed.items() if now[name] != value}
    assert differing <= {"workflow"}, "whether the workflow was started is no event of the case"
    assert [line["number"] for line in lines] == sorted(line["number"] for line in lines)
    assert {line["number"] for line in lines} == set(range(1, case.version + 1))

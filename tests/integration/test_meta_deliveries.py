"""Batches of Meta: stored whole or not acknowledged (I1, I3), one poisoned item alone in quarantine (I34), and many
messages of one person at once are one conversation in the order in which they were written (I9)."""

from __future__ import annotations

import json
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hark import wiring
from hark.store import keys

from . import provider_fixtures as given
from .conftest import BRAND, Desk
from .faults import Crash, Kind, fault
from .gateway import request

PAGE, PERSON = "100200300400", "7001"
BATCH = 5
(FIXTURE,) = (fixture for fixture in given.fixtures("meta") if fixture.name == "batch")
SECOND = 1_795_219_200_000
"""The first of fifty messages, in milliseconds since 1970."""


@pytest.fixture
def meta(desk: Desk) -> Desk:
    desk.clock.now = FIXTURE.arrived
    given.connect(desk.table, "meta", BRAND, "/hark/test")
    return desk


def post(desk: Desk, body: bytes) -> int:
    headers, path = given.signed("meta", body, PAGE)
    assert path == ""
    return int(desk.call("webhook", request("POST", "/webhooks/meta", body, headers))["statusCode"])


def ledger(desk: Desk) -> set[str]:
    return {str(item["event"]) for item in desk.items("RAW")}


EVENTS = {raw["key"] for raw in FIXTURE.expected}


def ends_with_four_cases_and_one_in_quarantine(desk: Desk) -> None:
    desk.fold()
    assert ledger(desk) == EVENTS and len(EVENTS) == BATCH
    assert sorted(item["state"] for item in desk.items("RAW")) == ["folded"] * 4 + ["quarantined"]
    assert sorted(case.snippet for case in desk.cases()) == ["Four", "One", "Three", "Two"]
    assert {case.account_id for case in desk.cases()} == {PAGE, "100200300401"}
    assert all(case.unread == 1 and case.gen == 1 for case in desk.cases())


def forget_everything() -> None:
    """The process died: the next one starts with nothing in memory."""
    for made in (wiring.door, wiring.secrets, wiring.table, wiring.intake):
        made.cache_clear()


def test_i34_five_changes_in_two_entries_one_poisoned_are_four_cases_and_one_quarantined(meta: Desk) -> None:
    body = json.loads(FIXTURE.body)
    assert [len(entry["changes"]) for entry in body["entry"]] == [3, 2]
    assert post(meta, FIXTURE.body) == 200
    assert ledger(meta) == EVENTS, "all five are durable before the 200"
    ends_with_four_cases_and_one_in_quarantine(meta)


@pytest.mark.parametrize("kind", ["throttled", "lost"])
def test_i3_when_the_nth_write_fails_it_is_503_and_redelivery_loses_nothing(meta: Desk, kind: Kind) -> None:
    for nth in range(1, BATCH + 1):
        meta.forget()
        with fault("PutItem", kind, first=nth) as met:
            assert post(meta, FIXTURE.body) == 503
        assert met.struck
        assert nth - 1 <= len(ledger(meta)) <= nth, "what was durable before it failed stays"
        assert post(meta, FIXTURE.body) == 200
        assert ledger(meta) == EVENTS
    ends_with_four_cases_and_one_in_quarantine(meta)


@pytest.mark.parametrize("kind", ["crash before", "crash after"])
def test_i3_when_the_process_dies_at_the_nth_write_there_is_no_answer_and_redelivery_loses_nothing(
    meta: Desk, kind: Kind
) -> None:
    for nth in range(1, BATCH + 1):
        meta.forget()
        with fault("PutItem", kind, first=nth), pytest.raises(Crash):
            post(meta, FIXTURE.body)
        assert len(ledger(meta)) == nth - (kind == "crash before")
        forget_everything()
        assert post(meta, FIXTURE.body) == 200
        assert ledger(meta) == EVENTS
    ends_with_four_cases_and_one_in_quarantine(meta)


def test_i3_a_lost_answer_that_the_sdk_asks_for_again_is_no_loss_and_no_second_event(meta: Desk) -> None:
    for nth in range(1, BATCH + 1):
        meta.forget()
        with fault("PutItem", "lost", first=nth, times=1) as met:
            assert post(meta, FIXTURE.body) == 200
        assert met.struck == 1
        assert ledger(meta) == EVENTS
    ends_with_four_cases_and_one_in_quarantine(meta)


@pytest.mark.parametrize("kind", ["throttled", "lost"])
@pytest.mark.parametrize("nth", [1, 2, 4])
def test_i34_a_fold_that_fails_at_its_nth_transaction_is_made_up_for_by_the_next(
    meta: Desk, nth: int, kind: Kind
) -> None:
    assert post(meta, FIXTURE.body) == 200
    with fault("TransactWriteItems", kind, first=nth, times=1) as met:
        meta.fold()
    assert met.struck == 1
    meta.fold()
    ends_with_four_cases_and_one_in_quarantine(meta)


# --- fifty at once ------------------------------------------------------------------------------


def said(number: int) -> dict[str, Any]:
    """The message `number` of the person, on Messenger; a hundred milliseconds after the one before."""
    return {
        "sender": {"id": PERSON}, "recipient": {"id": PAGE}, "timestamp": SECOND + 100 * number,
        "message": {"mid": f"m_{(number * 37) % 50:02}", "text": f"message {number}"},
    }  # fmt: skip


@pytest.mark.timeout(300)
def test_i9_fifty_messages_of_one_person_parallel_and_shuffled_are_one_conversation_in_platform_order(
    meta: Desk, one_call_at_a_time: None
) -> None:
    rng = random.Random(50)
    messages = [said(number) for number in range(50)]
    rng.shuffle(messages)
    bodies = []
    while messages:
        size = rng.choice((1, 1, 2, 5))
        bodies.append(envelope(messages[:size]))
        messages = messages[size:]
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda body: post(meta, body), bodies)) == {200}
        work = [{"pk": item["pk"], "sk": item["sk"]} for item in meta.items("RAW")]
        assert len(work) == 50
        rng.shuffle(work)
        list(pool.map(lambda key: meta.call("ingest", {"keys": [key]}), work))
    for _ in range(5):
        meta.fold()
    assert {item["state"] for item in meta.items("RAW")} == {"folded"}
    case = meta.case()
    assert (case.platform, case.customer_id, case.unread, case.gen) == ("messenger", PERSON, 50, 1)
    assert (case.snippet, case.asked_at) == ("message 49", "2026-11-21T00:00:00.000Z")
    assert case.reply_to == f"{PAGE}#m_{(49 * 37) % 50:02}"
    shown, more = wiring.views().messages.thread(BRAND, case.id, None, limit=60)
    assert more is None
    assert [message.text for message in shown] == [f"message {number}" for number in range(50)]
    histories = meta.table.query_all(keys.case(BRAND, case.id).pk)
    opened = [item for item in histories if item.get("code") == "case.opened"]
    assert len(opened) == 1, "one conversation, opened once"


def envelope(items: list[dict[str, Any]]) -> bytes:
    entry = {"id": PAGE, "time": SECOND + 60_000, "messaging": items}
    return json.dumps({"object": "page", "entry": [entry]}).encode()

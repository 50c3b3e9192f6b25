"""Sizes around every limit: a size is refused with 413, or its flow goes on (F27, I33). Everything else that leaves us,
to queues, workflows and buses, carries ids and stays small whatever people write."""

from __future__ import annotations

import base64
import gzip
import json
import random
from typing import Any

import pytest
from hark import aws
from hark.desk import sweeping
from hark.desk.door import MAX_BODY_BYTES
from hark.providers.clean_text import CUT, LONGEST_BYTES
from hark.store.ledger import ITEM_LIMIT
from hark.web.gate import MAX_BODY_CHARACTERS

from infra.simulation.dynamodb import LARGEST_ITEM, weight

from .browser import Browser
from .bus import bus_of
from .conftest import Desk, Door
from .one_case import at
from .x_deliveries import mention

KIB = 1024
INVOKE_BYTES, WORKFLOW_BYTES, BUS_BYTES, ANSWER_BYTES = 256 * KIB, 256 * KIB, 256 * KIB, 6 * KIB * KIB
"""What Lambda takes of a call nobody waits for, Step Functions of an input, EventBridge of a batch; and what Lambda
gives of an answer. Sources: the quota pages of their developer guides."""
POST = 2123706425275322373


def padded(size: int, number: int = 0) -> bytes:
    """A delivery of exactly so many bytes."""
    bare = json.dumps(mention(str(POST + number), padding="")).encode()
    return json.dumps(mention(str(POST + number), padding="x" * (size - len(bare)))).encode()


def packing_to(size: int) -> bytes:
    """A delivery that is exactly so many bytes when it is packed."""
    noise = base64.b64encode(random.Random(27).randbytes(size)).decode()
    low, high = 0, len(noise)
    while low < high:
        middle = (low + high) // 2
        body = json.dumps(mention(padding=noise[:middle])).encode()
        low, high = (middle + 1, high) if len(gzip.compress(body, mtime=0)) < size else (low, middle)
    for length in range(low - 40, low + 40):
        body = json.dumps(mention(padding=noise[:length])).encode()
        if len(gzip.compress(body, mtime=0)) == size:
            return body
    raise AssertionError(size)


def test_f27_i33_a_delivery_of_the_largest_size_is_stored_and_folded_and_one_byte_more_is_413(door: Door) -> None:
    for number, (size, status) in enumerate(((-1, 200), (0, 200), (1, 413))):
        body = padded(MAX_BODY_BYTES + size, number)
        assert len(body) == MAX_BODY_BYTES + size
        assert door.post(body)["statusCode"] == status
    door.desk.fold()
    assert [entry["state"] for entry in door.ledger()] == ["folded"] * 2
    assert len(door.desk.messages()) == 2


def test_f27_i33_what_an_item_just_holds_is_stored_and_one_byte_more_is_413_and_kept_nowhere(door: Door) -> None:
    assert door.post(packing_to(ITEM_LIMIT + 1))["statusCode"] == 413
    assert door.ledger() == []
    assert door.post(packing_to(ITEM_LIMIT))["statusCode"] == 200
    door.desk.fold()
    assert [entry["state"] for entry in door.ledger()] == ["folded"]


SIGNS = ("a", "あ", "\U0001f4e6")
"""Of one byte, three and four."""


def test_f27_i33_the_longest_text_is_kept_whole_and_a_longer_one_is_cut_and_can_be_answered(
    desk: Desk, dana: Browser
) -> None:
    """Around our limit, around that of an item, and as long as a delivery can be."""
    number = 1
    for sign in SIGNS:
        each = len(sign.encode())
        for size in (LONGEST_BYTES - each, LONGEST_BYTES, LONGEST_BYTES + each, LARGEST_ITEM, 900_000):
            text = (sign * (size // each + 1))[: size // each]
            body = json.dumps(mention(str(POST + number), text, author_id=f"7771{number:03}"), ensure_ascii=False)
            assert desk.deliver(body.encode()) == 200
            desk.fold()
            message = next(m for m in desk.messages() if m.id == str(POST + number))
            whole = len(text.encode()) <= LONGEST_BYTES
            assert message.text == (text if whole else text[: LONGEST_BYTES // each] + CUT)
            number += 1
    assert {entry["state"] for entry in desk.items("RAW")} == {"folded"}
    assert all(weight(item) <= LARGEST_ITEM for item in desk.dynamodb.tables["desk"].items.values())
    for case in desk.cases():
        shown = dana.get(f"conversations/{case.id}")
        assert shown.status == 200


def test_f27_i33_a_thread_of_the_longest_texts_is_shown_in_pages_that_lambda_can_give(
    desk: Desk, dana: Browser
) -> None:
    chance = random.Random(6)
    for number in range(1, 15):
        text = "".join(chr(chance.randrange(0x1F300, 0x1F5FF)) for _ in range(LONGEST_BYTES // 4))
        more = {"conversation_id": str(POST), "in_reply_to_tweet_id": str(POST)}
        assert desk.deliver(json.dumps(mention(str(POST + number), text, **more), ensure_ascii=False).encode()) == 200
    desk.fold()
    path, seen, pages = at(desk), 0, 0
    shown = dana.get(path)
    while True:
        assert shown.status == 200 and len(shown.body.encode()) < ANSWER_BYTES
        seen, pages = seen + len(shown.said["messages"]), pages + 1
        older = shown.said["older"]
        if not older:
            break
        shown = dana.get(path, f"before={older}")
    assert seen == 15 and pages > 1


def test_f27_i33_what_the_desk_is_sent_is_413_over_its_limit_and_answered_below_it(desk: Desk, dana: Browser) -> None:
    for size, status in ((-1, 400), (0, 400), (1, 413)):
        bare = len(json.dumps({"text": "", "seen": 1}))
        body = json.dumps({"text": "x" * (MAX_BODY_CHARACTERS + size - bare), "seen": 1})
        assert dana.send("POST", at(desk, "/replies"), body).status == status, size


def test_f27_i33_calls_inputs_and_bus_entries_carry_ids_and_stay_small(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full batch of the longest texts there are, and not a hundredth of what the services take."""
    sent: list[bytes] = []

    class Calls:
        def invoke(self, **given: Any) -> None:
            sent.append(given["Payload"])

    monkeypatch.setattr(aws, "lambda_", Calls)
    for number in range(3):
        assert desk.deliver(mention(str(POST + number), "x" * 20_000, author_id="9" * 19)) == 200
    with bus_of(desk) as bus:
        desk.fold()
        bus.relay()
        assert bus.entries
        assert 10 * max(len(json.dumps(entry).encode()) for entry in bus.entries) < BUS_BYTES / 10
    executions = aws.stepfunctions().list_executions(stateMachineArn=machine_of(desk))["executions"]
    inputs = [aws.stepfunctions().describe_execution(executionArn=e["executionArn"])["input"] for e in executions]
    assert inputs and max(map(len, inputs)) < WORKFLOW_BYTES / 1000
    for number in range(3, 130):
        assert desk.deliver(mention(str(POST + number), "x" * 20_000, author_id="9" * 19)) == 200
    desk.clock.forward(minutes=5)
    desk.call("sweep", {})
    assert max(len(json.loads(payload)["keys"]) for payload in sent) == sweeping.BATCH
    assert max(map(len, sent)) < INVOKE_BYTES / 10


def machine_of(desk: Desk) -> str:
    (machine,) = aws.stepfunctions().list_state_machines()["stateMachines"]
    return machine["stateMachineArn"]

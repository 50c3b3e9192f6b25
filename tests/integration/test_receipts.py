"""What Viber tells after it took a message: delivered, seen, refused by the device after all; and its welcome."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hark import wiring
from hark.domain.case import Case
from hark.domain.message import Message
from hark.providers import contract
from hark.providers.viber.outbound import Sender
from hark.store.keys import Key

from .conftest import running
from .gateway import request
from .town import Town, Towns

KIM = {"platform": "viber", "surface": "direct"}


@pytest.fixture
def town(town_of: Towns) -> Iterator[Town]:
    with town_of("viber") as town:
        town.told("viber", "users", username="kim", name="Kim L")
        yield town


def ours(town: Town) -> Message:
    (only,) = [m for m in town.desk.messages() if m.own]
    return only


def told_of(town: Town, kind: str) -> bool:
    return any(d["kind"] == kind and d["done"] for d in town.seen("viber", "deliveries"))


def answered(town: Town) -> Case:
    town.say("viber", "kim", "Where is my parcel?", **KIM)
    town.answer("viber", town.desk.case(), "It comes tomorrow.")
    return town.desk.case()


def test_our_message_is_delivered_and_then_seen(town: Town) -> None:
    town.told("viber", "receipts", seen=False)
    case = answered(town)
    assert (case.awaiting, case.reply_state) == ("them", "sent")
    town.until(lambda: told_of(town, "delivered"))
    town.fold()
    assert ours(town).receipt == "delivered"
    town.told("viber", "receipts", seen=True)
    second = town.answer("viber", town.desk.case(), "Before noon.")
    town.until(lambda: told_of(town, "seen"))
    town.fold()
    assert {m.id: m.receipt for m in town.desk.messages() if m.own}[second.platform_id] == "seen"
    assert town.desk.case().awaiting == "them" and town.desk.case().unread == 0


def test_what_a_device_refuses_after_viber_took_it_is_owed_again(town: Town) -> None:
    town.told("viber", "device", by="kim", old=True)
    town.say("viber", "kim", "Where is my parcel?", **KIM)
    town.write(town.desk.case(), "It comes tomorrow.")
    town.push()
    assert town.desk.case().awaiting == "them", "nothing that came meanwhile is folded yet"
    town.until(lambda: told_of(town, "failed"))
    town.fold()
    after = town.desk.case()
    assert (after.awaiting, after.reply_state, after.status) == ("us", "failed", "open")
    assert after.due_at, "the clock runs again"
    assert ours(town).receipt == "rejected"
    assert town.lines(after)[-1] == "reply.rejected"
    town.told("viber", "device", by="kim", old=False)
    town.answer("viber", after, "It comes tomorrow, once more.")
    assert town.desk.case().awaiting == "them", "and it can be answered again"


@pytest.mark.parametrize("kind", ["delivered", "failed"])
def test_a_receipt_that_overtakes_our_own_note_of_the_answer_counts_once_the_answer_is_there(
    town: Town, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.told("viber", "device", by="kim", old=kind == "failed")
    town.told("viber", "receipts", seen=False)
    send = Sender.send

    def sends_and_is_overtaken(self: Sender, order: contract.Order) -> contract.Outcome:
        outcome = send(self, order)
        running.set("")  # the sender's own permissions are not what the test itself needs
        town.until(lambda: told_of(town, kind))
        town.fold()
        running.set("send_reply")
        return outcome

    monkeypatch.setattr(Sender, "send", sends_and_is_overtaken)
    town.say("viber", "kim", "Where is my parcel?", **KIM)
    town.write(town.desk.case(), "It comes tomorrow.")
    town.push()
    town.fold()
    message = ours(town)
    case = town.desk.case()
    if kind == "delivered":
        assert (message.receipt, case.awaiting, case.reply_state) == ("delivered", "them", "sent")
    else:
        assert (message.receipt, case.awaiting, case.reply_state) == ("rejected", "us", "failed")
        assert [line for line in town.lines(case) if line.startswith("reply.")][-1] == "reply.rejected"
    assert [i for i in town.desk.items("RAW") if i["state"] == "received"] == []


def test_receipts_told_twice_and_late_change_nothing(town: Town) -> None:
    town.told("viber", "habits", duplicate=3)
    case = answered(town)
    town.until(lambda: told_of(town, "seen"))
    town.arrive("viber")
    assert ours(town).receipt == "seen"
    lines = town.lines(case)
    for item in town.desk.items("RAW"):
        if item["kind"] == "delivered":
            town.desk.table.change(wiring.intake().ledger.again(Key(item["pk"], item["sk"]), case.updated_at))
    town.fold()
    assert ours(town).receipt == "seen", "news only go forward"
    assert town.lines(case) == lines


def test_who_opens_the_chat_is_welcomed_by_the_webhooks_very_answer(town: Town) -> None:
    town.told("viber", "open", by="kim")
    town.arrive("viber")
    welcome = town.account("viber").settings["welcome"]
    town.until(lambda: any(s == "delivered" for s in town.seen("viber", "state")["states"].values()))
    shown = [m.text for m in town.fakes["viber"].world.messages()]
    assert shown == [welcome]
    assert town.desk.cases() == [], "a chat that was opened asks nothing"
    body = json.dumps({"event": "message", "timestamp": 1, "message_token": 5}).encode()
    headers, path = contract.load("viber", "fake").signed(body, "b1")
    answer = town.desk.call(
        "webhook", request("POST", f"/webhooks/viber/{path}", body, {n.lower(): v for n, v in headers.items()})
    )
    assert (answer["statusCode"], answer["body"]) == (200, ""), "no other event is answered with words"


def test_a_bot_without_a_welcome_text_or_paused_by_a_lead_says_nothing(town: Town) -> None:
    town.connect("viber", settings={})
    town.desk.clock.forward(minutes=2)
    town.told("viber", "open", by="kim")
    town.arrive("viber")
    assert town.fakes["viber"].world.messages() == []
    town.connect("viber")
    accounts = wiring.intake().accounts
    known = accounts.find("viber", town.account("viber").id) or {}
    accounts.table.change(accounts.pausing(known, "lea", "2026-11-20T09:00:00.000Z", "planned work"))
    town.desk.clock.forward(minutes=2)
    town.told("viber", "open", by="kim")
    town.arrive("viber")
    assert town.fakes["viber"].world.messages() == []

"""Found by review: what a transaction cannot hold, what is left of words taken away, whose an account's events are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hark import operator, wiring
from hark.desk.sending import Sending
from hark.domain.account import Account
from hark.domain.events import RawEvent
from hark.domain.message import waited_for
from hark.domain.reply import State
from hark.providers import contract
from hark.store.keys import Key

from .conftest import BRAND, Desk
from .test_order_of_arrival import FIRST, raws, ready
from .test_provider_orders import take_in
from .town import Town, Towns

PAGE = "100200300400"
MANY = 130
"""More than a transaction holds."""


def feed(verb: str, **value: Any) -> RawEvent:
    told = {"item": "comment", "verb": verb, "post_id": f"{PAGE}_555", "created_time": 1795219200} | value
    entry = {"id": PAGE, "time": 1795219201, "changes": [{"field": "feed", "value": told}]}
    body = json.dumps({"object": "page", "entry": [entry]}).encode()
    (raw,) = contract.load("meta", "door").split(contract.Request("POST", {}, "", body))
    assert isinstance(raw, RawEvent)
    return raw


def comment(verb: str = "add", text: str = "Where is my parcel?") -> RawEvent:
    author = {"from": {"id": "9001", "name": "Ana"}}
    return feed(verb, comment_id="555_777", parent_id=f"{PAGE}_555", message=text, **author)


def ours(number: int) -> RawEvent:
    """Typed by a colleague under the customer's comment."""
    return feed(
        "add", comment_id=f"555_9{number}", parent_id="555_777", message=f"Soon, {number}",
        **{"from": {"id": PAGE, "name": "Acme"}},
    )  # fmt: skip


def test_i6_a_message_told_of_more_often_than_a_transaction_holds_can_still_be_deleted(desk: Desk) -> None:
    ready(desk)
    take_in(desk, "meta", [[comment()]])
    intake, now = wiring.intake(), desk.clock()
    for number in range(MANY):
        intake.ledger.store(BRAND, "meta", comment("edited", f"secret {number}"), now, "webhook")
    entries = tuple(i["pk"] for i in desk.items("RAW"))
    assert len(entries) == MANY + 1
    (told,) = desk.messages()
    desk.table.transact([intake.messages.write(told, told.model_copy(update={"raws": entries}))])
    take_in(desk, "meta", [[feed("remove", comment_id="555_777", **{"from": {"id": "9001", "name": "Ana"}})]])
    (message,) = desk.messages()
    assert message.gone
    assert [i["pk"] for i in desk.items("RAW") if i.get("body") and i["pk"] in entries] == []


def test_a_comment_that_more_answers_waited_for_than_a_transaction_holds_is_there_with_all_of_them(desk: Desk) -> None:
    ready(desk)
    take_in(desk, "meta", [[ours(0)]])
    intake, entries = wiring.intake(), []
    for number in range(1, MANY):
        raw = ours(number)
        intake.ledger.store(BRAND, "meta", raw, desk.clock(), "webhook")
    for item in desk.items("RAW"):
        entry = intake.ledger.entry(Key(item["pk"], "RAW"))
        assert entry
        entries.append(item["pk"])
        if entry.state == "received":
            desk.table.change(intake.ledger.finished(entry, "set_aside", entry.arrived, "parent.unknown"))
    stub = intake.messages.get(BRAND, "facebook", "555_777")
    assert stub and stub.waiting
    waiting = stub
    for pk in entries:
        waiting = waited_for(waiting, stub.id, BRAND, "facebook", pk)
    desk.table.transact([intake.messages.write(stub, waiting)])
    intake.ledger.store(BRAND, "meta", comment(), desk.clock(), "webhook")
    desk.fold()
    there = intake.messages.get(BRAND, "facebook", "555_777")
    assert there and there.conversation and there.waiting == ()
    assert sorted(i["pk"] for i in desk.items("RAW") if i["state"] == "received") == sorted(entries)
    desk.call("ingest", {"keys": [{"pk": pk, "sk": "RAW"} for pk in entries[:2]]})
    assert len([m for m in desk.messages() if m.own and m.conversation == there.conversation]) == 2


def test_i25_what_came_for_one_brand_is_not_shown_to_another_that_has_the_account_now(desk: Desk) -> None:
    ready(desk)
    (raw,) = raws(FIRST)
    wiring.intake().ledger.store(BRAND, "meta", raw, desk.clock(), "webhook")
    fake = contract.load("meta", "fake")
    for known in fake.ACCOUNTS:
        operator.connect(desk.table, "/hark/test", Account(brand="zeta", **known), fake.SECRETS[known["id"]])
    desk.fold()
    assert desk.cases() == [] and desk.messages() == []
    (entry,) = desk.items("RAW")
    assert (entry["state"], entry["reason"]) == ("set_aside", "account.unknown")


@pytest.fixture
def town(town_of: Towns) -> Iterator[Town]:
    with town_of("meta") as opened:
        opened.told("meta", "users", username="kim", name="Kim L")
        yield opened


def test_i6_what_we_delete_ourselves_is_in_the_ledger_no_longer(town: Town) -> None:
    post = town.say("meta", "acme", "New hours", platform="facebook", surface="post")
    town.say("meta", "kim", "Where is my parcel?", platform="facebook", surface="comment", to=post)
    case = town.desk.case()
    town.answer("meta", case, "It comes tomorrow.", "public_reply")
    (own,) = [m for m in town.desk.messages() if m.own]
    assert own.raws
    assert town.act(town.desk.case(), own.id, "delete").status == 202
    town.push(seconds=1)
    assert [i for i in town.desk.items("RAW") if i["pk"] in own.raws and i.get("body")] == []


def test_an_answer_below_an_answer_is_known_by_its_echo_alone(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = town.say("meta", "acme", "New hours", platform="instagram", surface="post")
    first = town.say("meta", "kim", "Where is my parcel?", platform="instagram", surface="comment", to=picture)
    town.say("meta", "kim", "Hello?", platform="instagram", surface="comment", to=first)
    case = town.desk.case()
    assert case.reply_to != first
    reply = town.write(case, "It comes tomorrow.", "public_reply")

    def dies(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(Sending, "proven", dies)
        with pytest.raises(KeyboardInterrupt):
            town.push()
    town.arrive("meta")
    case = town.desk.case()
    assert town.reply(case.id, reply.id).state is State.SENT
    assert "message.own_outside" not in town.lines(case) and case.awaiting == "them"

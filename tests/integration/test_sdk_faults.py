"""Connections that close (F5) and transactions that conflict (F6) below every call, with the SDK's own retries live."""

from __future__ import annotations

import itertools
import json
import secrets
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError
from hark.store import table as store
from hark.store.keys import Key
from hark.store.table import CONFLICT_TRIES, Change, Check, ConditionFailed, Conflict, Put

from .browser import Browser
from .conftest import Clock, Desk, a_desk, signed_in
from .faults import Kind, conflicting, each_call, fault
from .one_case import SignIn
from .x_deliveries import mention

WRITES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems")
Before = Callable[[str, Any], tuple[int, dict[str, str], bytes] | None]


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "CONFLICT_PAUSE_SECONDS", 0)


def a_day(desk: Desk, agent: Browser) -> None:
    """A mention is taken in, its workflow's first steps run, an agent takes the case, writes and leaves a note."""
    desk.take_in(mention())
    for step in ("triage", "assign"):
        desk.step(step, desk.case())
    path = f"conversations/{desk.case().id}"
    asked: tuple[tuple[str, str, Any], ...] = (
        ("PATCH", path, {"version": desk.case().version, "assignee": "me"}),
        ("POST", f"{path}/replies", {"text": "Hello Kim", "seen": desk.case().talk}),
        ("POST", f"{path}/notes", {"text": "rang the carrier"}),
    )
    for number, (method, where, body) in enumerate(asked):
        said = agent.send(method, where, body, f"the-click-{number:04}")
        assert said.status in (200, 201, 202), said.body


def table_after(clock: Clock, before: Before) -> list[Any]:
    """Everything in the table after the day, where each call of AWS met that first. Marks are counted, not drawn."""
    numbers = itertools.count(1)
    with pytest.MonkeyPatch.context() as patch, a_desk(clock, patch) as desk:
        for draw in ("token_hex", "token_urlsafe"):
            patch.setattr(secrets, draw, lambda size=32: f"{next(numbers):0{2 * size}x}")
        agent = signed_in(desk)
        with each_call(before):
            a_day(desk, agent)
        return sorted(desk.items(), key=lambda item: (item["pk"], item["sk"]))


def test_f5_each_call_whose_connection_closes_twice_is_made_again_and_the_day_ends_the_same(clock: Clock) -> None:
    closed: Counter[str] = Counter()

    def twice(operation: str, request: Any) -> None:
        closed[operation] += 1
        if closed[operation] % 3:
            raise ConnectionClosedError(endpoint_url=request.url)

    assert table_after(clock, twice) == table_after(clock, lambda operation, request: None)
    assert {"GetParameter", "GetItem", "Query", *WRITES[:2], "TransactWriteItems", "StartExecution"} <= set(closed)


@pytest.mark.parametrize("kind", ["closed", "throttled"])
def test_f5_where_no_connection_holds_the_door_and_the_desk_say_so_and_do_it_later(
    desk: Desk, dana: Browser, kind: Kind
) -> None:
    case, body = desk.case(), mention("2123706425275329999", "@acme and another")
    claim = ("PATCH", f"conversations/{case.id}", {"version": case.version, "assignee": "me"}, "the-one-click")
    with fault("PutItem", kind) as met:
        assert desk.deliver(body) == 503
    assert met.struck == 3, "three attempts of the SDK's, and no other layer's (I24)"
    for operation in ("GetItem", "TransactWriteItems"):
        with fault(operation, kind) as met:
            assert dana.send(*claim).code == (503, "failed")
        assert met.struck == 3
    assert desk.case() == case
    assert desk.deliver(body) == 200
    assert dana.send(*claim).status == 200
    assert desk.case().owner == "dana"


def test_f6_every_write_meets_another_transaction_and_the_day_ends_the_same(clock: Clock) -> None:
    """A cancelled transaction is asked for again under the token it had; so is a single write that met one."""
    met: Counter[str] = Counter()
    tokens: list[str] = []

    def conflict(operation: str, request: Any) -> tuple[int, dict[str, str], bytes] | None:
        if operation not in WRITES:
            return None
        met[operation] += 1
        body = json.loads(request.body)
        if operation == "TransactWriteItems":
            tokens.append(body["ClientRequestToken"])
        return conflicting(operation, body) if met[operation] % CONFLICT_TRIES else None

    assert table_after(clock, conflict) == table_after(clock, lambda operation, request: None)
    assert len(met) >= 3 and met["TransactWriteItems"] >= 5 * CONFLICT_TRIES
    each = [tokens[at : at + CONFLICT_TRIES] for at in range(0, len(tokens), CONFLICT_TRIES)]
    assert [len(set(several)) for several in each] == [1] * len(each), "all attempts of one bear one token"
    assert len(set(tokens)) == len(each), "and no two transactions the same"


def test_f6_a_conflict_that_stays_is_told_and_has_changed_nothing(desk: Desk, sign_in: SignIn) -> None:
    desk.take_in(mention())
    case, dana = desk.case(), sign_in()
    with fault("TransactWriteItems", "conflict") as met:
        said = dana.send("PATCH", f"conversations/{case.id}", {"version": case.version, "assignee": "me"})
        with pytest.raises(Conflict):
            desk.table.transact([Put(Key("a", "1"), {})])
    assert said.code == (409, "stale") and met.struck % CONFLICT_TRIES == 0
    assert desk.case() == case
    with fault("PutItem", "conflict") as met, pytest.raises(ClientError):
        desk.table.put(Key("a", "1"), {})
    assert met.struck == CONFLICT_TRIES


def test_f6_the_reasons_of_a_cancelled_transaction_are_read_one_by_one(desk: Desk) -> None:
    """One condition that does not hold decides, wherever it stands and whatever else the transaction met."""
    there, free = Key("a", "there"), Key("a", "free")
    desk.table.put(there, {"gen": 3})
    many = [Put(Key("b", str(number)), {}) for number in range(5)]
    for place in range(6):
        for failing in (Put(there, {}), Change(there, {"n": 1}, when={"gen": 2}), Check(there, {"gen": None})):
            with pytest.raises(ConditionFailed) as failed:
                desk.table.transact([*many[:place], failing, *many[place:]])
            assert failed.value.index == place
            assert failed.value.item and failed.value.item["gen"] == 3, "what stands there comes with it"
    both = [{"Code": "TransactionConflict"}, {"Code": "None"}, {"Code": "ConditionalCheckFailed"}]
    asked = 0

    def mixed(operation: str, request: Any) -> tuple[int, dict[str, str], bytes]:
        nonlocal asked
        asked += 1
        said = {"__type": "x#TransactionCanceledException", "CancellationReasons": both}
        return 400, {"x-amzn-requestid": "r"}, json.dumps(said).encode()

    with each_call(mixed), pytest.raises(ConditionFailed) as failed:
        desk.table.transact([Put(free, {}), *many[:2]])
    assert (failed.value.index, asked) == (2, 1), "to ask again would be of no use"
    for code in ("ValidationError", "ItemCollectionSizeLimitExceeded", "SomethingNew"):
        both[:] = [{"Code": "TransactionConflict"}, {"Code": code}]
        with each_call(mixed), pytest.raises((ClientError, Conflict)):
            desk.table.transact([Put(free, {}), many[0]])
    assert desk.table.get(free) is None

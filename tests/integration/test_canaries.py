"""A secret is nowhere but in the parameter store, and what a customer said nowhere but in the table (I28, I29)."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.client import BaseClient
from hark import aws, wiring
from hark.store import keys

from .browser import Browser
from .conftest import Desk
from .erasure_scene import kept, where, written
from .faults import fault
from .town import Town, Towns
from .x_deliveries import mention

TOKEN, SAID, ANSWER = "canarysecrettoken0123456789", "canarywordsofacustomer", "canarywordsofanagent"


class Spy:
    """Every call that leaves a function, by service; what functions answer; and what they print and log."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.pieces: list[tuple[str, bytes]] = []
        self.told: list[dict[str, Any]] = []
        """What the bus was told."""
        real = vars(BaseClient)["_make_api_call"]

        def asked(client: Any, operation: str, given: Any) -> Any:
            service = client.meta.service_model.service_name
            self.note(f"{service}.{operation}", given)
            if operation == "PutEvents":
                self.told += [json.loads(entry["Detail"]) for entry in given["Entries"]]
            if operation == "StartExecution":
                return {"executionArn": f"{given['stateMachineArn']}:{given['name']}"}
            if operation in ("Invoke", "PutEvents", "SendEmail", "SendTaskSuccess", "SendTaskFailure"):
                return {"StatusCode": 202, "FailedEntryCount": 0, "Entries": [{}]}
            return real(client, operation, given)

        patch.setattr(BaseClient, "_make_api_call", asked)

    def note(self, place: str, said: Any) -> None:
        self.pieces.append((place, json.dumps(said, default=_plain, ensure_ascii=False).encode()))


def _plain(value: Any) -> str:
    if isinstance(value, bytes | bytearray):
        return "".join(p.decode("utf-8", "replace") for p in _unpacked(bytes(value)))
    return repr(value)


def _unpacked(value: bytes) -> Iterator[bytes]:
    yield value
    if value[:2] == b"\x1f\x8b":
        yield gzip.decompress(value)


def in_the_table(desk: Desk) -> list[tuple[str, bytes]]:
    return [(f"{key[0]} {key[1]}", b"\0".join(written({"M": item}))) for key, item in kept(desk)]


def lived_through(town: Town, lea: Browser, spy: Spy) -> None:
    """A day: said, read, given, noted, answered, unreadable, exported, swept, told to others, and some trouble."""
    desk, dana = town.desk, town.dana
    town.told("x", "users", username="kim", name="Kim L")
    town.say("x", "kim", f"@acme where is it? {SAID}")
    case = desk.case()
    for step in ("triage", "assign", "remind"):
        spy.note(f"step.{step}", desk.step(step, desk.case(), level="owner"))
    case = desk.case()
    taken = {"version": case.version, "assignee": "me"}
    assert dana.send("PATCH", f"conversations/{case.id}", taken).status == 200
    assert dana.send("POST", f"conversations/{case.id}/notes", {"text": SAID}).status == 201
    sent = town.answer("x", desk.case(), f"Sorry! {ANSWER}")
    assert sent.state == "sent"
    town.say("x", "kim", f"@acme still: {SAID}")
    assert desk.deliver(json.dumps(mention("1", SAID)).encode()[:-7]) == 200, "nobody can read it"
    with fault("TransactWriteItems", "lost", times=1):
        town.say("x", "kim", f"@acme once more {SAID}")
    for path in ("reports", "reports/cases", "incidents", "erasures", "policy/history"):
        spy.note(f"export.{path}", lea.get(path).body)
    for function, event in (("sweep", {}), ("poll", {"provider": "x"})):
        spy.note(f"answer.{function}", desk.call(function, event))
    spy.note("answer.relay", desk.call("relay", {"Records": list(streamed(desk))}))
    assert spy.told
    for detail in spy.told:
        spy.note("answer.notify", desk.call("notify", {"detail": detail}))


def streamed(desk: Desk) -> Iterator[dict[str, Any]]:
    """What the table's stream hands to the relay: new replies and lines of histories."""
    for number, ((pk, sk), item) in enumerate(kept(desk)):
        if sk.startswith((keys.REPLY_PREFIX, keys.HISTORY_PREFIX)):
            place = {"pk": {"S": pk}, "sk": {"S": sk}}
            change = {"Keys": place, "NewImage": item, "SequenceNumber": str(number)}
            yield {"eventName": "INSERT", "eventSource": "aws:dynamodb", "dynamodb": change}


def test_i28_i29_canaries_are_found_nowhere_but_where_they_belong(
    town_of: Towns, sign_in: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level("DEBUG", logger="hark")
    aws.s3().create_bucket(Bucket="hark-media")
    with town_of("x") as town:
        lea = sign_in("lea", name="Lea", role="lead", seconds=90 * 86400)
        with monkeypatch.context() as patch:
            spy = Spy(patch)
            lived_through(town, lea, spy)
            table = in_the_table(town.desk)
    spy.pieces += [("log", json.dumps(record.__dict__, default=str).encode()) for record in caplog.records]
    spy.pieces += [("output", line.encode()) for line in "".join(capfd.readouterr()).splitlines()]
    assert len(spy.pieces) > 100 and {"log", "stepfunctions.StartExecution"} <= {place for place, _ in spy.pieces}

    belongs = where(table, SAID, ANSWER)
    assert {place.split("#")[1] for place in belongs[SAID]} >= {"RAW", "MSG", "CASE"} and belongs[ANSWER]
    outside = [one for one in spy.pieces if not one[0].startswith("dynamodb.")]
    assert where(outside, SAID, ANSWER) == {}
    secret = secrets_of(town)
    assert len(secret) >= 4
    handed_over = [one for one in spy.pieces if one[0] != "ssm.PutParameter"]
    assert where([*handed_over, *table], *secret) == {}


def secrets_of(town: Town) -> set[str]:
    """Every secret of the accounts that are connected, as the parameter store holds them."""
    known = wiring.secrets().account("x", town.account("x").id)
    return {value for value in known.values() if len(value) > 7}

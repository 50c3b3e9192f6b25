"""No 200 without the write (I1-I3, I27): faults F1, F3, F4, F29 and F30 at every call the webhook function makes."""

from __future__ import annotations

import base64
import json
import random
import types
from typing import Any

import pytest
from hark import aws, wiring
from hark.store import secrets as secrets_store

from .conftest import Clock, Door
from .faults import Crash, Kind, fault
from .x_deliveries import ACME, KIM, OAUTH2_HEADER, SECRET, mention, signature

POST = 2123706425275322373


def body_of(**more: Any) -> bytes:
    return json.dumps(mention(**more)).encode()


def batch(first: int, entries: int) -> bytes:
    """One delivery of the Account Activity API with several posts."""
    return json.dumps(
        {
            "for_user_id": ACME,
            "tweet_create_events": [
                {
                    "id_str": str(POST + first + number), "text": f"@acme {number}", "timestamp_ms": "1795166043000",
                    "user": {"id_str": KIM, "screen_name": "kim_l", "name": "Kim"},
                    "entities": {"user_mentions": [{"id_str": ACME, "indices": [0, 5]}]},
                }
                for number in range(entries)
            ],
        }
    ).encode()  # fmt: skip


def forget_everything() -> None:
    """The process died: the next one starts with nothing in memory."""
    for made in (wiring.door, wiring.secrets, wiring.table):
        made.cache_clear()


@pytest.mark.parametrize("kind", ["crash before", "crash after"])
@pytest.mark.parametrize("operation", ["GetParameter", "GetItem", "PutItem"])
def test_i1_f1_a_crash_at_any_call_gives_no_200_and_redelivery_stores_once(
    door: Door, operation: str, kind: Kind
) -> None:
    forget_everything()
    with fault(operation, kind) as met, pytest.raises(Crash):
        door.post(body_of())
    assert met.struck == 1
    assert len(door.ledger()) == int((operation, kind) == ("PutItem", "crash after"))
    forget_everything()
    assert door.post(body_of())["statusCode"] == 200
    assert len(door.ledger()) == 1


@pytest.mark.parametrize("operation", ["GetParameter", "GetItem", "PutItem"])
def test_i1_i24_f3_throttling_is_outlasted_or_answered_with_503(door: Door, operation: str) -> None:
    for number, times in enumerate((1, 2, 3, 10**9)):
        forget_everything()
        body = body_of(post_id=str(POST + number))
        with fault(operation, "throttled", times=times) as met:
            answer = door.post(body)
        if times < 3:
            assert answer["statusCode"] == 200
            assert met.calls == times + 1, "the SDK tries again"
        else:
            assert (answer["statusCode"], answer["body"], answer["headers"]["retry-after"]) == (503, "", "5")
            assert met.struck == 3, "and no layer above it does (I24)"
            assert len(door.ledger()) == number
            assert door.post(body)["statusCode"] == 200
        assert len(door.ledger()) == number + 1


def test_f4_an_answer_lost_after_the_write_is_a_stored_event(door: Door) -> None:
    for number, times in enumerate((1, 3)):
        body = body_of(post_id=str(POST + number))
        with fault("PutItem", "lost", times=times):
            assert door.post(body)["statusCode"] == (200 if times == 1 else 503)
        assert len(door.ledger()) == number + 1
        assert door.post(body)["statusCode"] == 200
        assert len(door.ledger()) == number + 1


ENTRIES = 4


@pytest.mark.parametrize("kind", ["throttled", "crash before", "crash after"])
def test_i3_a_delivery_is_acknowledged_only_when_all_of_it_is_stored(door: Door, kind: Kind) -> None:
    for broken in range(1, ENTRIES + 1):
        body = batch(broken * 100, ENTRIES)
        before = len(door.ledger())
        with fault("PutItem", kind, first=broken):
            if kind == "throttled":
                assert door.post(body)["statusCode"] == 503, f"write {broken}"
            else:
                with pytest.raises(Crash):
                    door.post(body)
        stored = broken - 1 if kind != "crash after" else broken
        assert len(door.ledger()) == before + stored
        door.counted()
        assert door.post(body)["statusCode"] == 200
        assert len(door.ledger()) == before + ENTRIES
        assert door.counted() == ({"dup": stored} if stored else {})


def test_i3_each_entry_of_a_delivery_is_folded_by_itself(door: Door) -> None:
    assert door.post(batch(0, ENTRIES))["statusCode"] == 200
    door.desk.fold()
    assert sorted(m.text for m in door.desk.messages()) == [f"@acme {number}" for number in range(ENTRIES)]
    assert {entry["state"] for entry in door.ledger()} == {"folded"}


def test_i7_a_body_that_cannot_be_quarantined_now_is_not_acknowledged(door: Door) -> None:
    with fault("PutItem", "throttled"):
        assert door.post(b"garbage")["statusCode"] == 503
    assert door.quarantine() == set()
    assert door.post(b"garbage")["statusCode"] == 200
    assert door.quarantine() == {b"garbage"}


@pytest.fixture
def uptime(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """The clock by which secrets grow old follows the test's clock."""
    monkeypatch.setattr(secrets_store, "time", types.SimpleNamespace(monotonic=lambda: clock.now.timestamp()))


@pytest.mark.usefixtures("uptime")
def test_f29_without_the_parameter_store_the_door_says_503_or_uses_what_it_knows_for_five_minutes(door: Door) -> None:
    forget_everything()
    forged = {OAUTH2_HEADER: signature(body_of(), "")}
    with fault("GetParameter", "throttled"):
        assert door.post(body_of())["statusCode"] == 503, "cold: nothing is known"
        assert door.post(body_of(), forged)["statusCode"] == 503
        assert door.get("crc_token=a")["statusCode"] == 503
    assert door.ledger() == []
    assert door.post(body_of())["statusCode"] == 200
    with fault("GetParameter", "throttled"):
        door.desk.clock.forward(seconds=299)
        assert door.post(body_of(post_id=str(POST + 1)))["statusCode"] == 200, "warm: still young enough"
        assert door.post(body_of(), forged)["statusCode"] == 401
        door.desk.clock.forward(seconds=2)
        assert door.post(body_of(post_id=str(POST + 2)))["statusCode"] == 503
    assert len(door.ledger()) == 2


def put_secrets(**values: str) -> None:
    aws.ssm().put_parameter(
        Name="/hark/test/x/app", Value=json.dumps(values), Type="SecureString", Overwrite=True
    )  # fmt: skip


@pytest.mark.usefixtures("uptime")
def test_f30_while_a_secret_is_rotated_both_are_accepted_and_then_only_the_new_one(door: Door) -> None:
    def answers(secret: str) -> int:
        body = body_of()
        return int(door.post(body, {OAUTH2_HEADER: signature(body, secret)})["statusCode"])

    assert (answers(SECRET), answers("new")) == (200, 401)
    put_secrets(oauth2_client_secret="new", oauth2_client_secret_previous=SECRET)
    door.desk.clock.forward(seconds=301)
    assert (answers(SECRET), answers("new")) == (200, 200)
    token = door.get("crc_token=abc")["body"]
    put_secrets(oauth2_client_secret="new")
    door.desk.clock.forward(seconds=301)
    assert (answers(SECRET), answers("new")) == (401, 200)
    assert door.get("crc_token=abc")["body"] == token, "only the new one signs, from the first moment"


def test_f30_a_secret_taken_away_closes_the_door(door: Door) -> None:
    put_secrets(oauth2_client_secret="")
    forget_everything()
    assert door.post(body_of())["statusCode"] == 500
    assert door.counted() == {"no_secret": 1}


def test_a_stranger_connected_a_moment_later_is_let_in(door: Door) -> None:
    stranger = mention()
    stranger["data"]["filter"]["user_id"] = "666"
    body = json.dumps(stranger).encode()
    assert door.post(body)["statusCode"] == 200
    assert door.ledger() == []
    account = {"provider": "x", "id": "666", "brand": "other", "platform": "x", "handle": "other"}
    wiring.door().accounts.save(account)
    assert door.post(body)["statusCode"] == 200
    assert [entry["brand"] for entry in door.ledger()] == ["other"]


@pytest.mark.parametrize("kept", ["not JSON", "[]", '"secret"', "null", ""])
def test_h4_a_secret_nobody_can_read_keeps_the_door_shut_and_calls_for_help(door: Door, kept: str) -> None:
    aws.ssm().put_parameter(Name="/hark/test/x/app", Value=kept or " ", Type="SecureString", Overwrite=True)
    forget_everything()
    answer = door.post(body_of(), {OAUTH2_HEADER: signature(body_of(), "")})
    assert (answer["statusCode"], answer["body"]) == (500, "")
    assert door.counted() == {"no_secret": 1}
    assert door.get("crc_token=abc")["statusCode"] == 500


def test_i27_a_secret_that_is_null_is_no_secret(door: Door) -> None:
    aws.ssm().put_parameter(
        Name="/hark/test/x/app", Value='{"oauth2_client_secret": null}', Type="SecureString", Overwrite=True
    )
    forget_everything()
    assert door.post(body_of(), {OAUTH2_HEADER: signature(body_of(), "None")})["statusCode"] == 500


def test_h8_signed_and_of_no_account_but_too_big_to_keep_is_refused_in_so_many_words(door: Door) -> None:
    noise = base64.b64encode(random.Random(1).randbytes(600_000)).decode()
    body = json.dumps({"replay_job_status": {"job_state": "Complete", "job_state_description": noise}}).encode()
    assert door.post(body)["statusCode"] == 413
    assert door.counted() == {"too_big": 1}

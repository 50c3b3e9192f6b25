"""One of a thousand customers is erased: nothing readable is left of them, and nothing else has changed (I30, F32)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hark import aws, wiring
from hark.domain import erasure as rules
from hark.domain.erasure import Receipt
from hark.store import keys

from .browser import Browser
from .conftest import BRAND, Desk
from .erasure_scene import (
    CANARY,
    HANDLE,
    LATE_POST,
    NAME,
    OTHER_POST,
    PERSON,
    by_her,
    crowded,
    everywhere,
    of_others,
    privately,
    recorded,
    stored,
    where,
)  # fmt: skip
from .x_deliveries import deletion

WORDS = (PERSON, HANDLE, NAME, CANARY)
OTHERS = 999


def test_i30_one_of_a_thousand_is_erased_and_the_rest_is_as_it_was(
    desk: Desk, sign_in: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level("INFO")
    with recorded(monkeypatch) as outside:
        lea = sign_in("lea", name="Lea", role="lead", seconds=90 * 86400)
        crowded(desk, OTHERS)
        case = everywhere(desk, lea)[0]
        others = of_others(desk, OTHERS)
        assert len(others) > 5 * OTHERS
        before = where(stored(desk), *WORDS)
        assert set(before) == set(WORDS) and len(before[PERSON]) > 20, "the search finds what is there"

        refused = lea.send("POST", f"conversations/{case.id}/erasure", {"typed": "kim"})
        assert refused.code == (409, "not_them")
        asked = lea.send("POST", f"conversations/{case.id}/erasure", {"typed": f"@{HANDLE}"})
        assert (asked.status, asked.said["state"], asked.said["receipt"]) == (202, "asked", None)
        desk.clock.forward(minutes=1)
        desk.call("sweep", {})
        desk.fold()  # and what was not folded when it was asked for
        assert where(stored(desk), *WORDS) == {}

        (done,) = lea.get("erasures").said["items"]
        receipt = Receipt.model_validate(done["receipt"])
        assert done == lea.get(f"erasures/{asked.said['id']}").said and done["state"] == "done"
        assert receipt.asked_by == "lea" and receipt.erased["cases"] == 3 and receipt.erased["replies"] == 1
        assert all(receipt.erased[kind] for kind in ("messages", "events", "hits", "names", "unread", "copies"))
        keys_known = wiring.secrets().signing_receipts()
        assert rules.holds(receipt, keys_known)
        for change in ({"erased_at": receipt.asked_at}, {"erased": receipt.erased | {"cases": 4}}, {"number": 2}):
            assert not rules.holds(receipt.model_copy(update=change), keys_known)

        after = of_others(desk, OTHERS)
        assert after == others, "not a byte of anybody else's is another one"

        cases = {one.id for one in desk.cases()}
        late = by_her(LATE_POST, f"@acme {CANARY}"), by_her("2123706425275888001"), privately(2, CANARY)
        edited = ["2123706425275888001", "2123706425275888009"]
        for body in (*late, privately(1, CANARY), by_her(edited[1], CANARY, edit_history_tweet_ids=edited)):
            desk.take_in(body)
        desk.call("sweep", {})
        assert where(stored(desk), *WORDS) == {}, "what comes late recreates nothing"
        assert {one.id for one in desk.cases()} == cases
        assert of_others(desk, OTHERS) == others

    told = [("log", json.dumps(record.__dict__, default=str).encode()) for record in caplog.records]
    told += [("output", line.encode()) for line in "".join(capfd.readouterr()).splitlines()]
    told += [(f"{service}.{operation}", given.encode()) for service, operation, given in outside.calls]
    assert len(told) > OTHERS
    stray = where([one for one in told if one[0] != "s3.PutObject"], *WORDS)
    assert stray == {}


def test_f32_who_is_erased_while_all_is_under_way_is_erased_all_the_same(
    desk: Desk, sign_in: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reply is being held, an event waits to be folded, and a message arrives between the wish and its end."""
    with recorded(monkeypatch):
        lea = sign_in("lea", name="Lea", role="lead", seconds=90 * 86400)
        case = everywhere(desk, lea)[0]
        assert lea.send("POST", f"conversations/{case.id}/erasure", {"typed": NAME}).status == 202
        desk.take_in(by_her(LATE_POST, f"@acme {CANARY}"))
        desk.clock.forward(minutes=1)
        desk.call("sweep", {})
        desk.take_in(by_her(OTHER_POST, f"@acme one more {CANARY}"))
        desk.clock.forward(minutes=11)
        desk.call("sweep", {})
        assert where(stored(desk), *WORDS) == {}
        assert {reply["state"] for reply in desk.items() if reply["sk"].startswith(keys.REPLY_PREFIX)} == {"failed"}
        desk.clock.forward(minutes=30)
        again: dict[str, Any] = {"created_at": "2026-11-20T09:40:00.000Z"}
        desk.take_in(by_her("2123706425275999009", "@acme hello, I am new here", **again))
        (new,) = [one for one in desk.cases() if one.customer_id]
        assert (new.handle, new.erased_at > "", new.status) == (HANDLE, True, "open"), "who writes anew is a customer"
        assert wiring.forgetting().all(BRAND)[0]["receipt"]["number"] == 1


def test_i6_a_deletion_on_the_platform_is_honoured_within_minutes_though_the_stream_is_dead(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody hands the event to ingest but the sweeper, which looks each minute."""
    with recorded(monkeypatch) as outside:
        aws.s3().create_bucket(Bucket="hark-media")
        desk.take_in(by_her(LATE_POST))
        assert desk.deliver(deletion(LATE_POST)) == 200
        assert CANARY in where(stored(desk), CANARY)
        for _ in range(2):
            desk.clock.forward(minutes=1)
            desk.call("sweep", {})
        handed_over = [call for call in outside.invoked if call[0] == "ingest"]
        desk.call("ingest", handed_over[0][1])
        assert where(stored(desk), CANARY) == {}

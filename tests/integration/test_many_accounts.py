"""Several accounts per platform, of one brand and of another: each event goes to its own, and trouble stays there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hark import operator, wiring
from hark.domain.account import Account
from hark.domain.reply import State
from hark.providers import contract
from hark.providers.signature import hmac_sha256
from hark.providers.viber.door import HEADER

from . import provider_fixtures as given
from .conftest import BRAND, clear_caches
from .gateway import request
from .town import Town, Towns

OTHER = "umbra"
FIRST = {"x": "5550001", "meta": "100200300400", "viber": "b1"}
SECOND = {"x": "5550000", "meta": "100200300399", "viber": "b0"}
"""More accounts of the same brand. Their ids come first in every list, so that their trouble meets the others' turn."""
THIRD = {"x": "5550009", "meta": "100200300499", "viber": "b9"}
"""Of the other brand."""
PLATFORM = {"x": ("x",), "meta": ("facebook", "messenger"), "viber": ("viber",)}

each_provider = pytest.mark.parametrize("provider", ["x", "meta", "viber"])


def secrets_of(provider: str, account_id: str) -> dict[str, str]:
    """Those of the fake's application, and access of the account's own, which the fake does not accept."""
    fake, door = contract.load(provider, "fake"), contract.load(provider, "door")
    known = fake.SECRETS[FIRST[provider]]
    if account_id == FIRST[provider]:
        return dict(known)
    return {
        name: value if name in door.APP_FIELDS else f"{value[:-3]}{account_id[-3:]:0>3}"
        for name, value in known.items()
    }


def connect_more(town: Town, provider: str) -> None:
    for brand, account_id in ((BRAND, SECOND[provider]), (OTHER, THIRD[provider])):
        account = Account(
            provider=provider, id=account_id, brand=brand, platform=PLATFORM[provider][0],
            platforms=PLATFORM[provider], handle=f"acme_{account_id}",
        )  # fmt: skip
        operator.connect(town.desk.table, "/hark/test", account, secrets_of(provider, account_id))


def written_to(town: Town, provider: str, account_id: str, number: int) -> bytes:
    """A delivery of one private message to an account."""
    words, at = f"to {account_id}", int(town.desk.clock().timestamp() * 1000) + number
    if provider == "x":
        (fixture,) = (f for f in given.fixtures("x") if f.name == "dm.received")
        body = json.loads(fixture.body.replace(FIRST["x"].encode(), account_id.encode()))
        (event,) = body["data"]["payload"]["direct_message_events"]
        event |= {"id": str(int(event["id"]) + number)}
        event["message_create"]["message_data"] = {"text": words}
        return json.dumps(body).encode()
    if provider == "meta":
        sent = {
            "sender": {"id": "7001"}, "recipient": {"id": account_id}, "timestamp": at,
            "message": {"mid": f"m_{account_id}{number}", "text": words},
        }  # fmt: skip
        return json.dumps({"object": "page", "entry": [{"id": account_id, "time": at, "messaging": [sent]}]}).encode()
    said = {
        "event": "message", "timestamp": at, "message_token": 5_990_000_000 + number,
        "sender": {"id": "kim==", "name": "Kim"}, "message": {"type": "text", "text": words},
    }  # fmt: skip
    return json.dumps(said).encode()


def deliver(town: Town, provider: str, account_id: str, number: int) -> int:
    """As the platform does for that account."""
    body = written_to(town, provider, account_id, number)
    if provider == "viber":
        digest = hmac_sha256(secrets_of("viber", account_id)["auth_token"], body).hex()
        headers, path = {HEADER: digest}, f"/{account_id}"
    else:
        headers, path = contract.load(provider, "fake").signed(body, FIRST[provider])
    sent = request("POST", f"/webhooks/{provider}{path}", body, {n.lower(): v for n, v in headers.items()})
    return int(town.desk.call("webhook", sent)["statusCode"])


def test_a_stolen_address_opens_nobody_elses_door(town_of: Towns) -> None:
    with town_of("viber") as town:
        connect_more(town, "viber")
        body = written_to(town, "viber", SECOND["viber"], 1)
        digest = hmac_sha256(secrets_of("viber", THIRD["viber"])["auth_token"], body).hex()
        sent = request("POST", f"/webhooks/viber/{SECOND['viber']}", body, {HEADER: digest})
        assert town.desk.call("webhook", sent)["statusCode"] == 401
        assert [item for item in town.desk.items("RAW") if item["account"] != FIRST["viber"]] == []


@each_provider
def test_each_account_gets_its_own_events_and_each_brand_its_own_cases(town_of: Towns, provider: str) -> None:
    with town_of(provider) as town:
        connect_more(town, provider)
        for number, account_id in enumerate((FIRST[provider], SECOND[provider], THIRD[provider])):
            assert deliver(town, provider, account_id, number) == 200
            assert deliver(town, provider, account_id, number) == 200
        town.fold()
        found = {(c.brand, c.account_id, c.snippet) for c in town.desk.cases()}
        assert found == {
            (BRAND, FIRST[provider], f"to {FIRST[provider]}"),
            (BRAND, SECOND[provider], f"to {SECOND[provider]}"),
            (OTHER, THIRD[provider], f"to {THIRD[provider]}"),
        }
        foreign = next(c for c in town.desk.cases() if c.brand == OTHER)
        assert town.dana.get(f"conversations/{foreign.id}").status == 404


@each_provider
def test_the_trouble_of_one_account_does_not_reach_the_others(town_of: Towns, provider: str) -> None:
    with town_of(provider) as town:
        connect_more(town, provider)
        town.told(provider, "users", username="kim", name="Kim L")
        private = {"platform": "messenger" if provider == "meta" else provider, "surface": "direct"}
        town.say(provider, "kim", "hello", **private)
        assert deliver(town, provider, SECOND[provider], 1) == 200
        town.fold()
        town.minutely(provider)
        states = {n: town.account(provider, ids[provider]).state for n, ids in
                  (("first", FIRST), ("second", SECOND), ("third", THIRD))}  # fmt: skip
        assert states == {"first": "ok", "second": "paused", "third": "paused"}, "X, Meta and Viber know the first only"
        mine = next(c for c in town.desk.cases() if c.account_id == FIRST[provider])
        theirs = next(c for c in town.desk.cases() if c.account_id == SECOND[provider])
        waiting = town.write(theirs, "It waits.", "dm")
        sent = town.answer(provider, mine, "It leaves.", "dm")
        assert sent.state is State.SENT
        assert town.reply(theirs.id, waiting.id).state is State.PENDING
        assert [one["text"] for one in town.sent(provider)] == ["It leaves."]


@each_provider
@pytest.mark.parametrize("task", ["poll", "health"])
def test_a_run_that_breaks_at_one_account_still_looks_after_the_others(
    town_of: Towns, provider: str, task: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not contract.has(provider, task):
        pytest.skip("Viber has no history to ask")
    with town_of(provider) as town:
        connect_more(town, provider)
        module = contract.load(provider, task)
        name = "poll" if task == "poll" else "check"
        real, asked = getattr(module, name), []

        def breaks_at_the_first(connection: Any, *more: Any) -> Any:
            asked.append(connection.account_id)
            if len(asked) == 1:
                raise ZeroDivisionError
            return real(connection, *more)

        monkeypatch.setattr(module, name, breaks_at_the_first)
        with pytest.raises(ExceptionGroup):
            town.minutely(provider)
        assert set(asked) >= {FIRST[provider], SECOND[provider], THIRD[provider]}
        assert town.account(provider, FIRST[provider]).state == "ok"


def test_connecting_one_account_leaves_the_applications_other_secrets_as_they_are(town_of: Towns) -> None:
    with town_of("meta") as town:
        account = Account(provider="meta", id="100200300399", brand=BRAND, platform="facebook", handle="second")
        operator.connect(
            town.desk.table, "/hark/test", account, {"instagram_app_secret": "s" * 32, "access_token": "t"}
        )
        clear_caches()
        assert deliver(town, "meta", FIRST["meta"], 1) == 200, "signed with the secret of the application"
        operator.connect(town.desk.table, "/hark/test", account, {"instagram_app_secret": "", "access_token": "t"})
        clear_caches()
        assert "instagram_app_secret" not in wiring.secrets().app("meta"), "an empty one takes it away"

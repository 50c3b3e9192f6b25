"""What comes to the door of any provider: proven, it is stored and answered with 200, whatever it is; not proven, it is
401 and nothing is stored (I1, I2, I7, H1, H3, H6). No provider is named here."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hark.domain.events import SetAside
from hark.providers import contract
from hark.store import keys

from . import provider_fixtures as given
from .conftest import BRAND, Desk, Door
from .gateway import request
from .provider_fixtures import PROVIDERS, Fixture
from .test_provider_fixtures import is_json, read, unheard_of

each_provider = pytest.mark.parametrize("provider", PROVIDERS)


@pytest.fixture
def connected(desk: Desk, provider: str) -> Desk:
    """The desk with every account of the provider, at a time after all of its fixtures."""
    desk.clock.now = max(fixture.arrived for fixture in given.fixtures(provider))
    given.connect(desk.table, provider, BRAND, "/hark/test")
    return desk


def post(desk: Desk, fixture: Fixture, body: bytes | None = None, signed_for: bytes | None = None) -> int:
    """The status of a delivery, as `Fixture.request` makes it."""
    made = fixture.request(body, signed_for)
    return send(desk, fixture.provider, made.body, dict(made.headers), made.path)


def send(desk: Desk, provider: str, body: bytes, headers: dict[str, str], path: str) -> int:
    address = f"/webhooks/{provider}" + (f"/{path}" if path else "")
    answer: dict[str, Any] = desk.call("webhook", request("POST", address, body, headers))
    return int(answer["statusCode"])


def stored(desk: Desk) -> int:
    return len(desk.items("RAW")) + len(desk.items("QUARANTINE"))


@each_provider
def test_a_delivery_that_is_not_proven_is_401_and_nothing_is_stored(connected: Desk, provider: str) -> None:
    for fixture in given.fixtures(provider):
        others = b'{"another":"body"}'
        assert post(connected, fixture, signed_for=others) == 401
        assert post(connected, fixture, signed_for=fixture.body + b"\n") == 401
        made = fixture.request()
        assert send(connected, provider, fixture.body, {}, made.path) == 401
    assert stored(connected) == 0


@each_provider
def test_every_fixture_is_200_once_all_of_it_is_stored_and_once_more_stores_nothing(
    connected: Desk, provider: str
) -> None:
    for fixture in given.fixtures(provider):
        assert post(connected, fixture) == 200, fixture
        for raw in fixture.raws():
            if raw.account_id:
                item = connected.table.get(keys.raw(BRAND, provider, raw.key))
                assert item and item["event"] == raw.key, fixture
    first = stored(connected)
    for fixture in given.fixtures(provider):
        assert post(connected, fixture) == 200
    assert stored(connected) == first


@each_provider
def test_half_a_body_that_is_proven_is_kept_byte_for_byte_and_answered_200(
    connected: Desk, provider: str, capsys: pytest.CaptureFixture[str]
) -> None:
    door = Door(connected, capsys)
    halves = {f.body[: len(f.body) // 2] for f in given.fixtures(provider) if is_json(f.body)}
    for fixture in given.fixtures(provider):
        if is_json(fixture.body):
            assert post(connected, fixture, fixture.body[: len(fixture.body) // 2]) == 200, fixture
    assert door.quarantine() == halves
    assert door.counted()["poison"] == sum(is_json(f.body) for f in given.fixtures(provider))
    assert connected.items("RAW") == []


@each_provider
def test_what_nobody_has_heard_of_is_stored_set_aside_counted_and_answered_200(
    connected: Desk, provider: str, capsys: pytest.CaptureFixture[str]
) -> None:
    door, split = Door(connected, capsys), contract.load(provider, "door").split
    tried = 0
    for fixture in given.fixtures(provider):
        for document in unheard_of(json.loads(fixture.body)) if is_json(fixture.body) else ():
            body = json.dumps(document).encode()
            try:
                raws = split(fixture.request(body))
            except contract.UnreadableDelivery:
                continue
            if tried < 5 and [unknown(event) for raw in raws for event in read(fixture, raw)] == [True]:
                tried += 1
                assert post(connected, fixture, body) == 200
                break
    assert tried
    connected.fold()
    ends = {(item["state"], item["reason"].rpartition(".")[2]) for item in connected.items("RAW")}
    assert ends == {("set_aside", "unknown_kind")}
    assert door.counted()["unknown_kind"] == len(connected.items("RAW"))
    assert not connected.cases() and not connected.messages()


def unknown(event: object) -> bool:
    return isinstance(event, SetAside) and event.reason.endswith(".unknown_kind")

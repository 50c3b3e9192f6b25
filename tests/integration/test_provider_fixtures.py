"""Every provider's fixtures mean what their files say, and no word in them can be changed into a crash. No provider is
named here."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hark.domain.events import RawEvent, SetAside, Surface, UnreadableEvent
from hark.providers import contract

from . import provider_fixtures as given
from .provider_fixtures import PROVIDERS, Fixture

UNHEARD_OF = "unheard.of"

each_provider = pytest.mark.parametrize("provider", PROVIDERS)
each_fixture = pytest.mark.parametrize("fixture", given.all_fixtures(), ids=str)


@each_provider
def test_there_are_fixtures_and_each_has_its_expectation(provider: str) -> None:
    folder = given.folder(provider) / "fixtures"
    expected = {path.name.removesuffix(".expected.json") for path in folder.glob("*.expected.json")}
    deliveries = {path.stem for path in folder.iterdir() if not path.name.endswith(".expected.json")}
    assert expected == deliveries
    assert len(expected) >= 3


@each_fixture
def test_a_fixture_is_cut_and_read_as_its_file_says(fixture: Fixture) -> None:
    raws = fixture.raws()
    assert [(r.key, r.kind, r.account_id) for r in raws] == [
        (e["key"], e["kind"], e["account_id"]) for e in fixture.expected
    ]
    for raw, expected in zip(raws, fixture.expected, strict=True):
        events = read(fixture, raw)
        assert len(events) == len(expected["events"]), events
        for event, wanted in zip(events, expected["events"], strict=True):
            if isinstance(event, UnreadableEvent):
                assert wanted["event"] == type(event).__name__
            else:
                assert given.differences(event, wanted) == []


@each_fixture
def test_a_fixture_speaks_of_platforms_and_surfaces_that_exist(fixture: Fixture) -> None:
    for raw in fixture.raws():
        for event in read(fixture, raw):
            assert getattr(event, "platform", "") in {"", *given.platforms(fixture.provider)}
            assert getattr(event, "surface", Surface.POST) in Surface


@each_provider
def test_most_fixtures_are_of_accounts_the_fake_plays(provider: str) -> None:
    played = {account["id"] for account in given.accounts(provider)}
    assert played <= given.named(provider)


def read(fixture: Fixture, raw: RawEvent) -> list[Any]:
    """The events, or the one refusal: a poisoned item stops nobody but itself (I34)."""
    parse = contract.load(fixture.provider, "inbound").parse
    try:
        return list(parse(raw, frozenset((raw.kind,)), raw.account_id, fixture.arrived))
    except UnreadableEvent as refused:
        return [refused]


@each_fixture
def test_cutting_a_fixture_twice_gives_the_same_keys_each_once(fixture: Fixture) -> None:
    first, second = fixture.raws(), fixture.raws()
    assert first == second
    assert len({raw.key for raw in first}) == len(first)


@each_fixture
def test_one_of_several_can_be_read_alone_and_alone_it_is_the_same(fixture: Fixture) -> None:
    """An event's bytes are a delivery in themselves: cut once more they are that one event."""
    if not is_json(fixture.body):
        return  # a form is one event and its own proof
    split = contract.load(fixture.provider, "door").split
    for raw in fixture.raws():
        assert split(fixture.request(raw.body)) == [raw]


def is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def unheard_of(document: Any) -> Iterator[Any]:
    """Copies of a JSON document, in each one word of it another: a kind nobody knows is among them."""
    for holder, step in list(places(document, ())):
        for renamed in (False, True):
            changed = copy.deepcopy(document)
            at = changed
            for name in holder:
                at = at[name]
            if renamed and isinstance(at, dict):
                at[UNHEARD_OF] = at.pop(step)
            elif not renamed and isinstance(at[step], str):
                at[step] = UNHEARD_OF
            else:
                continue
            yield changed


def places(node: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    steps = node.keys() if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for step in steps:
        yield path, step
        yield from places(node[step], (*path, step))


@each_provider
def test_a_word_nobody_knows_is_set_aside_or_refused_and_never_a_crash(provider: str) -> None:
    reasons = set()
    split = contract.load(provider, "door").split
    for fixture in given.fixtures(provider):
        for document in unheard_of(json.loads(fixture.body)) if is_json(fixture.body) else ():
            try:
                raws = split(fixture.request(json.dumps(document).encode()))
            except contract.UnreadableDelivery:
                continue
            assert raws, "what is signed is stored, whatever it is"
            for raw in raws:
                reasons |= {event.reason for event in read(fixture, raw) if isinstance(event, SetAside)}
    assert any(reason.endswith(".unknown_kind") for reason in reasons), reasons

"""What Meta's events mean, from every example of its documentation and of captures: one file each, and what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from hark.domain.events import UnreadableEvent
from hark.providers.contract import Request, UnreadableDelivery
from hark.providers.meta.door import split
from hark.providers.meta.inbound import parse
from hark.testkit.fixtures import Fixtures, distorted, truncated
from hark.testkit.fixtures import told as meaning

from .deliveries import ARRIVED, delivered

FIXTURES = Fixtures(Path(__file__).parent.parent / "fixtures")
NAMES = FIXTURES.names


def test_every_delivery_has_a_file_that_says_what_it_means() -> None:
    assert (
        sorted(p.name.removesuffix(".json") for p in FIXTURES.folder.glob("*.json") if ".expected." not in p.name)
        == NAMES
    )
    assert len(NAMES) >= 70


@pytest.mark.parametrize("name", NAMES)
def test_a_delivery_means_what_its_file_says(name: str) -> None:
    arrived, expected = FIXTURES.expected(name)
    assert meaning(split(delivered(FIXTURES.body(name))), parse, arrived) == expected


@pytest.mark.parametrize("name", NAMES)
def test_no_truncated_delivery_makes_the_door_fall_over(name: str) -> None:
    for broken in truncated(FIXTURES.body(name), 11):
        with pytest.raises(UnreadableDelivery):
            split(delivered(broken))


@pytest.mark.parametrize("name", NAMES)
def test_a_field_of_any_form_is_read_or_refused_but_never_a_crash(name: str) -> None:
    odd: list[object] = [None, 7, -1, 1.5, "x", "", "../a", [], {}, [None], [{}], {"id": None}, True, "9" * 600]
    for body in distorted(FIXTURES.body(name), odd):
        assert_read_or_refused(body)


def assert_read_or_refused(body: bytes) -> None:
    try:
        raws = split(Request("POST", {}, "", body))
    except UnreadableDelivery:
        return
    assert raws, "a delivery that is read has at least one event to keep"
    for raw in raws:
        try:
            assert parse(raw, frozenset((raw.kind,)), raw.account_id, ARRIVED)
        except UnreadableEvent:
            continue

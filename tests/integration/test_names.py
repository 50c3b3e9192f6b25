"""Who writes in private on Messenger and Instagram: the messages carry an id, the poll asks for the name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from hark.providers import contract

from .conftest import Desk


@pytest.fixture
def meta(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with contract.load("meta", "fake").Fake() as fake:
        monkeypatch.setenv("PROVIDER_ENDPOINTS", f"meta={fake.url}")
        desk.clock.now = datetime.now(UTC)  # the fake and the poll live by the real one
        desk.connect("meta")
        act(fake.url, "users", username="ana", name="Ana Pop")
        yield fake.url


def act(url: str, deed: str, **given: Any) -> Any:
    answer = requests.post(f"{url}/_fake/{deed}", json=given, timeout=5)
    answer.raise_for_status()
    return answer.json()


@pytest.mark.parametrize(("platform", "handle"), [("messenger", ""), ("instagram", "ana")])
def test_a_private_message_without_a_name_gets_it_by_the_next_poll(
    desk: Desk, meta: str, platform: str, handle: str
) -> None:
    act(meta, "say", platform=platform, surface="direct", by="ana", text="Hello")
    desk.call("poll", {"provider": "meta"})
    desk.fold()
    nameless = desk.case()
    assert (nameless.platform, nameless.name, nameless.handle) == (platform, "", "")
    desk.call("poll", {"provider": "meta"})
    desk.fold()
    case = desk.case()
    assert (case.name, case.handle) == ("Ana Pop", handle)
    assert case.talk == nameless.talk, "nobody said anything"
    (who,) = desk.items("WHO")
    assert who["name"] == "Ana Pop" and who["avatar"].startswith("https://")
    assert not [item for item in desk.items() if item["pk"].startswith("~#WANTED")], "asked once"


def test_who_does_not_show_a_profile_stays_without_a_name_and_is_not_asked_for_ever(desk: Desk, meta: str) -> None:
    wiring_want(desk)
    for _ in range(12):
        assert [i for i in desk.items() if i["pk"].startswith("~#WANTED")]
        desk.call("poll", {"provider": "meta"})
    assert not [i for i in desk.items() if i["pk"].startswith("~#WANTED")]


def wiring_want(desk: Desk) -> None:
    """A person of whom Meta says nothing."""
    from hark import wiring

    reference = contract.load("meta", "inbound").ask_profile("messenger", "999999").reference
    wiring.intake().accounts.want("meta", "100200300400", reference, "")

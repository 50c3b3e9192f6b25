"""Deletions nobody tells of: asked after once a day, and then gone from everywhere (I6)."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from hark.desk import rechecking
from hark.providers import contract
from hark.providers.contract import CallFailed

from .conftest import Door
from .town import Town, Towns

SECRET = "my card number is 4711"
PLATFORM = {"x": "x", "meta": "instagram"}

each_provider = pytest.mark.parametrize("provider", ["x", "meta"])


def writes(town: Town, provider: str, text: str) -> str:
    """Kim writes in public, where we can see it."""
    town.desk.clock.forward(seconds=1)
    if provider == "x":
        made = town.told("x", "posts", author="kim", text=f"@acme {text}")["id"]
    else:
        made = town.told("meta", "say", platform="instagram", surface="comment", by="kim", text=text)["id"]
    town.arrive(provider)
    return str(made)


def opened(town: Town, provider: str) -> None:
    town.told(provider, "users", username="kim", name="Kim L")


def passes(town: Town, provider: str, minutes: int = 4) -> dict[str, int]:
    """Some minutes of the schedule. How many were asked after and found gone."""
    total = {"asked": 0, "gone": 0}
    for _ in range(minutes):
        done = town.minutely(provider)["recheck"]
        total = {name: total[name] + done[name] for name in total}
    town.fold()
    return total


def everything(town: Town) -> str:
    """All that is stored, unpacked."""
    values = [v for item in town.desk.items() for v in item.values()]
    return "\n".join(gzip.decompress(v).decode() if isinstance(v, bytes) and v else str(v) for v in values)


@each_provider
def test_i6_what_was_deleted_in_silence_is_gone_from_message_case_and_ledger(
    town_of: Towns, provider: str, door: Door
) -> None:
    with town_of(provider) as town:
        opened(town, provider)
        stays, goes = writes(town, provider, "where is my parcel?"), writes(town, provider, SECRET)
        assert SECRET in everything(town) and any(SECRET in case.snippet for case in town.desk.cases())
        assert passes(town, provider) == {"asked": 2, "gone": 0}
        town.told(provider, "drop", id=goes, silent=True)
        town.desk.clock.forward(hours=24)
        door.counted()
        assert passes(town, provider) == {"asked": 2, "gone": 1}
        assert door.counted()["deleted_untold"] == 1
        messages = {m.id: m for m in town.desk.messages()}
        assert (messages[goes].gone, messages[goes].text) == (True, "")
        assert not messages[stays].gone and "parcel" in messages[stays].text
        assert SECRET not in everything(town), "no copy of the words is left"
        town.desk.clock.forward(hours=24)
        assert passes(town, provider) == {"asked": 1, "gone": 0}, "what is gone is not asked after again"


@each_provider
def test_a_message_is_asked_after_once_a_day_and_no_more(town_of: Towns, provider: str) -> None:
    with town_of(provider) as town:
        opened(town, provider)
        for n in range(3):
            writes(town, provider, f"question {n}")
        assert passes(town, provider, 4)["asked"] == 3
        for _ in range(5):
            town.desk.clock.forward(hours=4)
            assert passes(town, provider, 2)["asked"] == 0
        town.desk.clock.forward(hours=4)
        assert passes(town, provider, 4)["asked"] == 3


def test_x_may_take_its_time_over_a_job(town_of: Towns) -> None:
    with town_of("x") as town:
        town.fakes["x"].management.slow = 5
        opened(town, "x")
        goes = writes(town, "x", SECRET)
        town.told("x", "drop", id=goes, silent=True)
        assert passes(town, "x", 3)["gone"] == 0 and SECRET in everything(town)
        assert passes(town, "x", 8)["gone"] == 1
        assert SECRET not in everything(town)


@each_provider
def test_long_threads_are_asked_after_to_their_beginning(
    town_of: Towns, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rechecking, "MESSAGES_A_PAGE", 3)
    with town_of(provider) as town:
        opened(town, provider)
        if provider == "x":
            first = writes(town, "x", "one")
            for n in range(6):
                town.told("x", "posts", author="kim", text=f"@acme {n}", in_reply_to=first)
        else:
            post = town.told("meta", "say", platform="instagram", surface="post", by="acme", text="News")["id"]
            for n in range(7):
                town.told("meta", "say", platform="instagram", surface="comment", by="kim", text=f"{n}", to=post)
        town.arrive(provider)
        assert len(town.desk.cases()) == 1
        assert passes(town, provider, 4)["asked"] == 7


@each_provider
def test_a_pass_that_is_interrupted_goes_on_and_asks_nothing_twice(
    town_of: Towns, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with town_of(provider) as town:
        opened(town, provider)
        for n in range(4):
            writes(town, provider, f"question {n}")
        module = contract.load(provider, "recheck")
        real, asked = module.recheck, list[str]()
        monkeypatch.setattr(module, "BATCH", 2)

        def sometimes(connection: Any, ids: Any, state: Any) -> Any:
            if len(asked) == 2 and not state and ids:
                asked.append("")
                raise CallFailed("rate_limited")
            asked.extend(ids)
            return real(connection, ids, state)

        monkeypatch.setattr(module, "recheck", sometimes)
        passes(town, provider, 4)
        counted = [one for one in asked if one]
        assert sorted(counted) == sorted(set(counted)) and len(counted) == 4

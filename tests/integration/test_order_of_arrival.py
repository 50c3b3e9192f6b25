"""One person's thread, told in any order: the case ends the same (I4). The words, the answers typed in the platform's
own app, who holds the thread and what was seen are events of one conversation, and each may overtake the others."""

from __future__ import annotations

import itertools
import json
import random
from datetime import UTC, datetime
from typing import Any

import pytest
from hark.domain.events import RawEvent
from hark.providers import contract

from .conftest import Desk
from .test_provider_orders import final, take_in, unlike

PAGE, ANA = "100200300400", "7001"
SAID = 1795219200000
"""When the thread begins, in milliseconds since 1970."""


def item(seconds: int, **what: Any) -> dict[str, Any]:
    return {"sender": {"id": ANA}, "recipient": {"id": PAGE}, "timestamp": SAID + 1000 * seconds, **what}


def wrote(seconds: int, mid: str, text: str) -> dict[str, Any]:
    return item(seconds, message={"mid": mid, "text": text})


def staff(seconds: int, mid: str, text: str) -> dict[str, Any]:
    """Typed by a colleague in Meta's own inbox."""
    answer = item(seconds, message={"mid": mid, "text": text, "is_echo": True})
    return answer | {"sender": {"id": PAGE}, "recipient": {"id": ANA}}


FIRST, ANSWER, SECOND, THIRD = (
    wrote(10, "m_1", "Where is my parcel?"), staff(20, "m_b", "On its way."), wrote(30, "m_2", "Still nothing"),
    wrote(40, "m_3", "Hello?"),
)  # fmt: skip
READ = item(50, read={"watermark": SAID + 20_000})
LATER_READ = item(60, read={"watermark": SAID + 45_000})
TAKEN = item(35, take_thread_control={"previous_owner_app_id": "440011", "new_owner_app_id": "263902037430900"})
GIVEN = item(38, pass_thread_control={"previous_owner_app_id": "263902037430900", "new_owner_app_id": "440011"})
LAST_WORD = staff(70, "m_c", "It is there now.")


def raws(*items: dict[str, Any]) -> list[RawEvent]:
    door = contract.load("meta", "door")
    entries = [{"id": PAGE, "time": SAID, "messaging": [one]} for one in items]

    body = json.dumps({"object": "page", "entry": entries}).encode()
    return list(door.split(contract.Request("POST", {}, "", body)))


def ready(desk: Desk) -> None:
    desk.clock.now = datetime.fromtimestamp(SAID / 1000 + 600, UTC)
    desk.connect("meta")


def differences(desk: Desk, told: list[RawEvent], orders: list[tuple[RawEvent, ...]]) -> list[str]:
    ready(desk)
    take_in(desk, "meta", [[raw] for raw in told])
    expected = final(desk)
    found = []
    for order in orders:
        desk.forget()
        take_in(desk, "meta", [[raw] for raw in order])
        found += unlike(expected, final(desk))
    return sorted(set(found))


STORIES = {
    "answered and asked again": (FIRST, ANSWER, SECOND),
    "answered for good": (FIRST, ANSWER, SECOND, LAST_WORD),
    "read in between": (FIRST, ANSWER, READ, LATER_READ),
    "an answer to nothing we know": (ANSWER, READ),
    "taken and given back": (FIRST, TAKEN, GIVEN, SECOND),
    "asked in the second of the answer": (FIRST, ANSWER, wrote(20, "m_2", "And the other one?")),
    "taken for good": (FIRST, SECOND, TAKEN),
}


@pytest.mark.parametrize("story", STORIES)
def test_every_order_of_one_persons_thread_ends_in_the_same_case(desk: Desk, story: str) -> None:
    told = raws(*STORIES[story])
    assert differences(desk, told, list(itertools.permutations(told))[1:]) == []


def test_a_long_thread_told_a_dozen_times_in_chance_orders_ends_in_the_same_case(desk: Desk) -> None:
    told = raws(FIRST, ANSWER, SECOND, THIRD, READ, LATER_READ, TAKEN, GIVEN, LAST_WORD)
    chance = random.Random(4711)
    orders = [tuple(chance.sample(told, len(told))) for _ in range(12)]
    assert differences(desk, told, orders) == []


def test_what_is_owed_counts_from_the_oldest_word_after_the_answer(desk: Desk) -> None:
    ready(desk)
    take_in(desk, "meta", [raws(FIRST, SECOND, THIRD), raws(ANSWER)])
    case = desk.case()
    assert (case.awaiting, case.unread, case.reply_to) == ("us", 2, f"{PAGE}#m_3")
    assert case.asked_at == next(m.at for m in desk.messages() if m.id == f"{PAGE}#m_2")

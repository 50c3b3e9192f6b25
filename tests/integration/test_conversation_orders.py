"""The few events of one conversation in every order there is: always the same table (I4, I5, I10).

The stories are small and mean: answers before their questions, receipts before what they are about, and who holds a
thread told in disorder. `test_provider_orders` does the same with all fixtures of a provider.
"""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hark.domain.events import RawEvent
from hark.providers import contract
from hark.store import keys

from . import provider_fixtures as given
from .conftest import BRAND, Desk
from .test_provider_orders import Table, final, take_in, unlike

PAGE, INSTAGRAM, PERSON, BOT = "100200300400", "17841400000000001", "7001", "b1"
NOON = 1_795_262_400
"""Seconds since 1970 at which the stories begin."""

Story = list[RawEvent]


def cut(provider: str, account_id: str, delivery: dict[str, Any]) -> RawEvent:
    body = json.dumps(delivery).encode()
    headers, path = given.signed(provider, body, account_id)
    (raw,) = contract.load(provider, "door").split(contract.Request("POST", headers, "", body, path))
    assert isinstance(raw, RawEvent)
    return raw


def messenger(second: int, part: str = "messaging", *, ours: bool = False, **item: Any) -> RawEvent:
    """One thing in the private thread with the person, so many seconds after the story began."""
    people = [{"id": PERSON}, {"id": PAGE}]
    sender, recipient = reversed(people) if ours else people
    told = {"sender": sender, "recipient": recipient, "timestamp": (NOON + second) * 1000, **item}
    entry = {"id": PAGE, "time": (NOON + 600) * 1000, part: [told]}
    return cut("meta", PAGE, {"object": "page", "entry": [entry]})


def asks(second: int, text: str, part: str = "messaging") -> RawEvent:
    return messenger(second, part, message={"mid": f"m_{second}", "text": text})


def staff(second: int, text: str) -> RawEvent:
    return messenger(second, ours=True, message={"mid": f"m_{second}", "text": text, "is_echo": True})


def thread(second: int, word: str) -> RawEvent:
    control: dict[str, Any] = {f"{word}_thread_control": {"previous_owner_app_id": "1", "new_owner_app_id": "2"}}
    return messenger(second, **control)


def comment(second: int, verb: str, by: str = "9001", comment_id: str = "555_1", **more: Any) -> RawEvent:
    value = {
        "item": "comment", "verb": verb, "comment_id": comment_id, "post_id": f"{PAGE}_555",
        "parent_id": f"{PAGE}_555", "from": {"id": by, "name": "Ana"}, "created_time": NOON + second, **more,
    }  # fmt: skip
    entry = {"id": PAGE, "time": NOON + second, "changes": [{"field": "feed", "value": value}]}
    return cut("meta", PAGE, {"object": "page", "entry": [entry]})


def viber(second: int, event: str, **more: Any) -> RawEvent:
    told = {"event": event, "timestamp": (NOON + second) * 1000, "message_token": 6012345678901230000 + second, **more}
    return cut("viber", BOT, told)


ZOE = {"id": "Qm9iSm9uZXMwMQ==", "name": "Zoe"}

STORIES: dict[str, tuple[str, Story, dict[str, Any]]] = {
    "an answer typed in the app stands between two questions": (
        "meta",
        [asks(1, "Where is it?"), staff(2, "On its way."), asks(3, "Since when?")],
        {"awaiting": "us", "asked_at": "2026-11-21T12:00:03.000Z", "unread": 1, "snippet": "Since when?"},
    ),
    "an answer typed in the app is the last word": (
        "meta",
        [asks(1, "Where is it?"), asks(2, "Hello?"), staff(3, "On its way.")],
        {"awaiting": "them", "due_at": "", "unread": 0},
    ),
    "another program has the thread in the end": (
        "meta",
        [thread(9, "take"), thread(10, "pass"), asks(17, "Is a person there?", "standby")],
        {"elsewhere": True, "elsewhere_at": "2026-11-21T12:00:17.000Z"},
    ),
    "we have the thread in the end": (
        "meta",
        [asks(7, "Is a person there?", "standby"), thread(9, "take"), thread(10, "pass"), asks(11, "Hello?")],
        {"elsewhere": False},
    ),
    "what we wrote was seen": (
        "meta",
        [asks(1, "Where?"), staff(2, "There."), messenger(3, read={"watermark": (NOON + 2) * 1000})],
        {"awaiting": "them", "seen_at": "2026-11-21T12:00:02.000Z"},
    ),
    "a comment is edited, hidden and shown again": (
        "meta",
        [
            comment(1, "add", message="First words"), comment(2, "edited", message="Last words"),
            comment(3, "hide"), comment(4, "unhide"),
        ],
        {"snippet": "Last words", "asked_at": "2026-11-21T12:00:01.000Z"},
    ),
    "the Page answers a comment, which names nobody": (
        "meta",
        [
            comment(1, "add", message="Price?"),
            comment(2, "add", PAGE, "555_2", parent_id="555_1", message="Ten euros."),
            comment(3, "add", comment_id="555_3", message="Thanks?"),
        ],
        {"awaiting": "us", "asked_at": "2026-11-21T12:00:03.000Z", "unread": 1},
    ),
    "somebody subscribes, writes and leaves": (
        "viber",
        [
            viber(1, "subscribed", user=ZOE), viber(2, "message", sender=ZOE, message={"type": "text", "text": "Hi"}),
            viber(3, "unsubscribed", user_id=ZOE["id"]),
        ],
        {"reachable": False, "reachable_at": "2026-11-21T12:00:03.000Z"},
    ),
    "somebody leaves, comes back and writes": (
        "viber",
        [
            viber(1, "message", sender=ZOE, message={"type": "text", "text": "Hi"}),
            viber(2, "unsubscribed", user_id=ZOE["id"]), viber(3, "subscribed", user=ZOE),
        ],
        {"reachable": True, "reachable_at": "2026-11-21T12:00:03.000Z"},
    ),
}  # fmt: skip


@pytest.mark.timeout(240)
@pytest.mark.parametrize("title", STORIES)
def test_every_order_of_a_conversations_events_ends_the_same(desk: Desk, title: str) -> None:
    provider, story, expected = STORIES[title]
    desk.clock.now = max(f.arrived for f in given.fixtures(provider)).replace(day=21, hour=12, minute=20)
    first: Table = {}
    found: dict[str, tuple[int, ...]] = {}
    for order in itertools.permutations(range(len(story))):
        for item in desk.items():
            desk.table.delete(keys.Key(item["pk"], item["sk"]))
        given.connect(desk.table, provider, BRAND, "/hark/test")
        take_in(desk, provider, [[story[number]] for number in order])
        table, case = final(desk), desk.case().model_dump()
        first = first or table
        lines = [
            f"case {name} {case[name]!r}, not {right!r}" for name, right in expected.items() if case[name] != right
        ]
        for line in lines + unlike(first, table):
            found.setdefault(line, order)
    assert not found, "\n".join(f"{order}: {line}" for line, order in found.items())

"""Whatever the order, the number and the grouping in which a provider's events come, the table ends the same (I2, I4,
I5). Asked of all fixtures of every provider, naming none."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from hark import wiring
from hark.domain.events import RawEvent
from hark.store import keys

from . import provider_fixtures as given
from .conftest import BRAND, Desk
from .provider_fixtures import PROVIDERS

TECHNICAL = frozenset({"v", "rev", "version", "stamp", "talk", "look_at", "work_pk", "work_sk", "workflow", "signal"})
"""Counts of writes, and what the sweeper and the workflow keep for themselves."""
CLOCKS = frozenset(
    {
        "updated_at", "answered_at", "closed_at", "list_sk", "owner_sk", "arrived", "finished", "look_at",
        "change_sk", "first_answered_at", "next_answers", "next_missed", "ours_ms", "ours_since", "ours_to",
    }
)  # fmt: skip
"""When we happened to hear of it, the places in lists that follow from that, and what is measured for reports: an
answer that is heard of before its question was no answer to it then."""
OF_WORDS = frozenset(
    {
        "asked_at", "opened_at", "due_at", "deadline", "last_at", "unread", "contacts", "snippet", "snippet_of",
        "reply_to", "may_reply", "surface", "public", "awaiting", "owner_pk", "private_reply_at",
        "bells", "first_due_at", "first_mark", "next_due_at",
    }
)  # fmt: skip
"""What a case has from the words of its messages."""
COMPARED = ("MSG", "CASE", "WHO")

Table = dict[tuple[str, str], dict[str, Any]]


def raws_of(provider: str) -> list[RawEvent]:
    return [raw for fixture in given.fixtures(provider) for raw in fixture.raws()]


def take_in(desk: Desk, provider: str, batches: Iterable[Sequence[RawEvent]]) -> None:
    """Store and fold one batch after another; then what had waited for something, until nothing does."""
    ledger = wiring.intake().ledger
    for batch in batches:
        for raw in batch:
            ledger.store(BRAND, provider, raw, desk.clock(), "webhook")
        folded = dict.fromkeys(keys.raw(BRAND, provider, raw.key) for raw in batch)
        desk.call("ingest", {"keys": [key._asdict() for key in folded]})
    for _ in range(len(PROVIDERS) + 5):
        if not (waiting := [i for i in desk.items("RAW") if i["state"] == "received"]):
            return
        desk.call("ingest", {"keys": [{"pk": i["pk"], "sk": i["sk"]} for i in waiting]})
    raise AssertionError(f"never folded: {waiting}")


def final(desk: Desk) -> Table:
    """What has to be the same: every message, case and person, and what became of every event."""
    table: Table = {}
    for item in desk.items():
        if item["sk"] in COMPARED:
            told = {name: value for name, value in item.items() if name not in TECHNICAL | CLOCKS}
            if told.get("awaiting") == "them":
                del told["asked_at"]  # since when the customer waits: they do not
            table[item["pk"], item["sk"]] = told
        elif item["sk"] == "RAW":
            told = {name: item.get(name) for name in ("event", "kinds", "account", "state", "blanked")}
            table[item["pk"], item["sk"]] = told
    return without_what_was_taken_away(table)


def without_what_was_taken_away(table: Table) -> Table:
    """A case is opened, counts and runs its clock for words that can be read. Of words that are taken away it depends
    on the order whether anybody could have read them in between, and that is right: what follows from them is not
    compared, the tombstones themselves are."""
    messages = [told for key, told in table.items() if key[1] == "MSG"]
    left = {m["conversation"] for m in messages if not m["gone"]}
    touched = {m["conversation"] for m in messages if m["gone"]}
    people = {(m["platform"], m["author_id"]) for m in messages if not m["gone"]}
    kept: Table = {}
    for key, told in table.items():
        if key[1] == "CASE" and told["id"] not in left:
            continue
        if key[1] == "WHO" and (told["platform"], told["id"]) not in people:
            continue
        if key[1] == "CASE" and told["id"] in touched:
            told = {name: value for name, value in told.items() if name not in OF_WORDS}
        kept[key] = told
    return kept


def unlike(one: Table, other: Table) -> list[str]:
    found = []
    for key in sorted(one.keys() | other.keys()):
        a, b = one.get(key), other.get(key)
        if a is None or b is None:
            found.append(f"{key}: {'missing' if b is None else 'not expected'}: {a or b}")
            continue
        found += [
            f"{key} {name}: {b.get(name)!r} instead of {a.get(name)!r}"
            for name in sorted(a.keys() | b.keys())
            if a.get(name) != b.get(name)
        ]
    return found


def in_turn(raws: list[RawEvent]) -> list[list[RawEvent]]:
    return [[raw] for raw in raws]


def backwards_and_twice(raws: list[RawEvent]) -> list[list[RawEvent]]:
    return [[raw] for raw in reversed(raws) for _ in range(2)]


def shuffled_in_other_batches(raws: list[RawEvent]) -> list[list[RawEvent]]:
    rng = random.Random(len(raws))
    mixed = [*raws, *rng.sample(raws, len(raws) // 3)]
    rng.shuffle(mixed)
    batches = []
    while mixed:
        size = rng.randint(1, 7)
        batches.append(mixed[:size])
        mixed = mixed[size:]
    return batches


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_order_number_and_grouping_of_a_providers_events_ends_in_the_same_table(
    desk: Desk, provider: str
) -> None:
    raws = raws_of(provider)
    desk.clock.now = max(fixture.arrived for fixture in given.fixtures(provider))
    expected = table_after(desk, provider, in_turn(raws))
    assert any(key[1] == "MSG" for key in expected) and any(key[1] == "CASE" for key in expected)
    every_story_has_ended_and_no_case_is_about_ourselves(desk)
    found = []
    for order in (backwards_and_twice, shuffled_in_other_batches):
        after = table_after(desk, provider, order(raws))
        found += [f"{order.__name__}: {difference}" for difference in unlike(expected, after)]
    assert not found, "\n".join(found)


def every_story_has_ended_and_no_case_is_about_ourselves(desk: Desk) -> None:
    ended = {"folded", "set_aside", "quarantined", "review"}
    assert {item["state"] for item in desk.items("RAW")} <= ended
    waiting = [item["message"] for item in desk.items("RAW") if item["state"] == "review"]
    assert sorted(waiting) == sorted(item["message"] for item in desk.items("HIT") if item["state"] == "waiting")
    own = {message.id for message in desk.messages() if message.own}
    for case in desk.cases():
        assert any(m.conversation == case.id and not m.own for m in desk.messages()), "a case of our own making"
        assert case.customer_id and case.customer_id != case.account_id
        assert not {case.reply_to, case.snippet_of} & own


def table_after(desk: Desk, provider: str, batches: list[list[RawEvent]]) -> Table:
    """The table after these deliveries, from an empty one."""
    for item in desk.items():
        desk.table.delete(keys.Key(item["pk"], item["sk"]))
    given.connect(desk.table, provider, BRAND, "/hark/test")
    take_in(desk, provider, batches)
    return final(desk)

"""The same final table for every order of arrival, every repeat, and every way to cut the events into deliveries.

The ledger is played by a dictionary with its rules: the first body of a key is kept, a new kind folds it again. What
the events do to messages is the desk's own fold.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby, permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hark.domain import message as folding
from hark.domain.events import (
    Event,
    MessageGone,
    MessageHidden,
    MessageSeen,
    RawEvent,
    Reaction,
    Receipted,
    ThreadControl,
    UnreadableEvent,
)
from hark.domain.message import Message
from hark.domain.time import text as time_text
from hark.providers.meta import naming
from hark.providers.meta.door import split
from hark.providers.meta.envelope import Item, items
from hark.providers.meta.inbound import parse

from .deliveries import ARRIVED, COMMENT, INSTAGRAM, PAGE, SENT, comment, delivered, item, messaging, page

FIXTURES = sorted(
    p for p in (Path(__file__).parent.parent / "fixtures").glob("*.json") if not p.name.endswith(".expected.json")
)
EVERYTHING = [cut for path in FIXTURES for cut in items(json.loads(path.read_bytes()))]


@dataclass
class Table:
    """What the desk knows after some deliveries."""

    ledger: dict[str, tuple[RawEvent, frozenset[str]]] = field(default_factory=dict)
    messages: dict[tuple[str, str], Message] = field(default_factory=dict)
    latest: dict[object, tuple[str, str]] = field(default_factory=dict)
    beside: set[str] = field(default_factory=set)

    def deliver(self, body: bytes) -> None:
        for raw in split(delivered(body)):
            first, kinds = self.ledger.get(raw.key, (raw, frozenset()))
            if raw.kind in kinds:
                continue
            self.ledger[raw.key] = (first, kinds | {raw.kind})
            try:
                events = parse(first, kinds | {raw.kind}, first.account_id, ARRIVED)
            except UnreadableEvent:
                self.beside.add(f"quarantined {raw.key}")
                continue
            for event in events:
                self.fold(event)

    def fold(self, event: Event) -> None:
        match event:
            case MessageSeen():
                conversation = f"{event.platform} {event.thread_id} {event.customer.id}"
                old = self._message(event.platform, event.message_id)
                self._keep(folding.seen(old, event, "acme", event.platform, conversation))
            case MessageGone():
                old = self._message(event.platform, event.message_id)
                self._keep(folding.gone(old, event.message_id, "acme", event.platform))
            case MessageHidden():
                old = self._message(event.platform, event.message_id)
                self._keep(folding.hidden(old, event, "acme", event.platform))
            case Reaction():
                old = self._message(event.platform, event.message_id)
                self._keep(folding.reacted(old, event, "acme", event.platform))
            case ThreadControl():
                self._later((event.platform, event.thread_id), time_text(event.at), str(event.ours))
            case Receipted():
                about = (event.platform, event.receipt, event.customer_id, event.message_id)
                self._later(about, time_text(event.at), "")
            case _:
                self.beside.add(repr(event))

    def _message(self, platform: str, message_id: str) -> Message | None:
        return self.messages.get((platform, message_id))

    def _keep(self, message: Message) -> None:
        self.messages[message.platform, message.id] = message

    def _later(self, about: object, at: str, what: str) -> None:
        self.latest[about] = max(self.latest.get(about, ("", "")), (at, what))

    @property
    def final(self) -> object:
        return self.messages, self.latest, self.beside


def table_of(bodies: Iterable[bytes]) -> Table:
    table = Table()
    for body in bodies:
        table.deliver(body)
    return table


def batches(cut: Sequence[Item], sizes: Iterable[int]) -> list[bytes]:
    """The items in deliveries of these sizes; what stands together in one entry stays one entry."""
    bodies, rest = [], list(cut)
    for size in sizes:
        for topic, batch in groupby(rest[:size], key=lambda one: one.topic):
            entries: list[Any] = []
            for (id_, time, section), together in groupby(batch, key=lambda one: (one.entry_id, one.time, one.section)):
                if section in ("changes", "messaging", "standby"):
                    entries.append({"id": id_, "time": time, section: [one.content for one in together]})
                else:
                    entries += [
                        {"id": id_, "time": time, section: one.content} if section else one.content for one in together
                    ]
            bodies.append(json.dumps({"object": topic, "entry": entries}).encode())
        rest = rest[size:]
    return bodies


@settings(max_examples=50, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, len(EVERYTHING)))
def test_any_order_repetition_and_cutting_of_all_events_ends_in_the_same_table(rng: random.Random, most: int) -> None:
    expected = table_of(batches(EVERYTHING, [1] * len(EVERYTHING))).final
    arriving = EVERYTHING + rng.sample(EVERYTHING, len(EVERYTHING) // 3)
    rng.shuffle(arriving)
    sizes = [rng.randint(1, most) for _ in arriving]
    assert table_of(batches(arriving, sizes)).final == expected


@pytest.mark.parametrize("path", FIXTURES, ids=lambda p: p.name)
def test_every_delivery_twice_reversed_split_or_merged_is_the_same(path: Path) -> None:
    cut = items(json.loads(path.read_bytes()))
    once = table_of([path.read_bytes()]).final
    assert table_of([path.read_bytes()] * 2).final == once
    assert table_of(batches(cut[::-1], [1] * len(cut))).final == once
    assert table_of(batches(cut + cut, [len(cut) * 2])).final == once


@pytest.mark.parametrize("cut", EVERYTHING, ids=lambda one: naming.name(one)[1])
def test_the_time_of_sending_names_nothing_but_hiding_and_showing(cut: Item) -> None:
    later = Item(cut.topic, cut.entry_id, 1795219999, cut.section, cut.content)
    if cut.section == "" and isinstance(cut.content, dict):
        later = Item(cut.topic, cut.entry_id, 1795219999, "", {**cut.content, "time": 1795219999})
    same = naming.name(cut) == naming.name(later)
    assert same is not naming.name(cut)[1].endswith(("hide", "unhide"))


# --- one comment's life -------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(st.sampled_from(["edited", "hide", "unhide"]), st.integers(1, 30), st.sampled_from(["a", "b", "c", "d"])),
    max_size=6,
)


@settings(max_examples=50, deadline=None)
@given(STEPS, st.booleans(), st.randoms(use_true_random=False))
def test_a_comments_life_ends_the_same_in_every_order(
    steps: list[tuple[str, int, str]], removed: bool, rng: random.Random
) -> None:
    told = [page("feed", comment(message="first"))]
    words = {text for verb, _, text in steps if verb == "edited"}
    # An edit back to words of an earlier edit has that edit's key; it is told of once.
    edits = {text: max(at for verb, at, other in steps if (verb, other) == ("edited", text)) for text in words}
    told += [page("feed", comment(verb="edited", message=text), SENT + at) for text, at in edits.items()]
    told += [page("feed", comment(verb=verb), SENT + at) for verb, at, _ in steps if verb != "edited"]
    if removed:
        gone = {"item": "comment", "verb": "remove", "comment_id": COMMENT, "post_id": f"{PAGE}_555"}
        told.append(page("feed", gone, SENT + 40))
    bodies = [json.dumps(delivery).encode() for delivery in told]
    shuffled = bodies * 2
    rng.shuffle(shuffled)
    (made,) = table_of(shuffled).messages.values()
    assert made == table_of(bodies).messages["facebook", COMMENT]
    assert made.gone is removed
    if removed:
        assert made.text == ""
    else:
        last = max(edits.values(), default=0)
        assert made.text in ({text for text, at in edits.items() if at == last} or {"first"})
        assert made.edited is bool(edits)
    hidings = sorted((at, verb == "hide") for verb, at, _ in steps if verb != "edited")
    assert made.hidden is (hidings[-1][1] if hidings else False)


def test_an_edit_before_its_message_shows_nothing_and_an_unsent_message_stays_silent() -> None:
    message = messaging(item("message", {"mid": "m_1", "text": "Hello"}))
    edit = messaging(
        item("message_edit", {"mid": "m_1", "text": "Hello there", "num_edit": 1}, timestamp=SENT * 1000 + 9)
    )
    unsent = messaging(item("message", {"mid": "m_1", "is_deleted": True}, timestamp=SENT * 1000 + 99))
    bodies = [json.dumps(delivery).encode() for delivery in (message, edit, unsent)]
    (early,) = table_of(bodies[1:2]).messages.values()
    assert early.conversation == ""
    for order in permutations(bodies[:2]):
        (made,) = table_of(order).messages.values()
        assert (made.text, made.conversation) == ("Hello there", "messenger 7001 7001")
    for order in permutations(bodies):
        (made,) = table_of(order).messages.values()
        assert (made.text, made.gone) == ("", True)


def test_fifty_messages_of_one_person_are_one_conversation_in_the_platforms_order() -> None:
    shuffled = [item("message", {"mid": f"m_{n}", "text": str(n)}, timestamp=SENT * 1000 + n) for n in range(50)]
    random.Random(3).shuffle(shuffled)
    table = table_of(json.dumps(messaging(*shuffled[at : at + 7])).encode() for at in range(0, 50, 7))
    assert len({m.conversation for m in table.messages.values()}) == 1
    in_order = sorted(table.messages.values(), key=lambda m: m.at)
    assert [m.text for m in in_order] == [str(n) for n in range(50)]


def test_what_we_wrote_never_becomes_a_customers_message_whatever_told_of_it_h25() -> None:
    ends = {"sender": {"id": PAGE}, "recipient": {"id": "7001"}}
    own = [
        page("feed", comment(comment_id="555_9", **{"from": {"id": PAGE}})),
        messaging(item("message", {"mid": "m_1", "text": "Hi", "is_echo": True}, **ends)),
        messaging(item("message", {"mid": "m_1", "text": "Hi", "is_echo": True}, **ends), section="standby"),
        messaging(item("message", {"mid": "m_1", "text": "Hi"}, **ends)),
        {
            "object": "instagram",
            "entry": [
                {
                    "id": INSTAGRAM,
                    "time": SENT,
                    "field": "comments",
                    "value": {"id": "1", "parent_id": "2", "from": {"id": INSTAGRAM}, "text": "Thanks!"},
                }
            ],
        },
    ]
    for order in permutations(own):
        made = table_of(json.dumps(delivery).encode() for delivery in order).messages.values()
        assert [m.own for m in made] == [True] * 3
        assert not any(m.may_reply or m.addressed for m in made)

"""However the platform repeats and shuffles what happened to a message, the same message comes out (I4-I6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Literal

from hark.domain import message as folding
from hark.domain.events import (
    Media,
    MediaKind,
    MessageHidden,
    MessageSeen,
    Profile,
    Reaction,
    Receipt,
    Surface,
)
from hark.domain.message import Message
from hypothesis import given
from hypothesis import strategies as st

BRAND, PLATFORM, CONVERSATION = "acme", "x", "c1"
WRITTEN = datetime(2026, 11, 20, 9, 14, 3, tzinfo=UTC)
Delete = Literal["delete"]


def version(number: int, *, knows: int, called: bool, at: datetime) -> MessageSeen:
    """Version `number` of one message, told with the ids of the `knows` first versions."""
    ids = tuple(str(100 + n) for n in range(max(knows, number) + 1))
    return MessageSeen(
        message_id=ids[0], version=100 + number, versions=ids, thread_id="100", customer=Profile("7"), at=at,
        text=f"text {number}", in_reply_to="50" if called else "", addressed=called, may_reply=called,
        language_hint=("en", "lv", "he")[number % 3], media=(Media(MediaKind.IMAGE, f"https://example.com/{number}.png"),),
    )  # fmt: skip


events = st.builds(
    version, st.integers(0, 4), knows=st.integers(0, 4), called=st.booleans(),
    at=st.integers(0, 3600).map(lambda seconds: WRITTEN + timedelta(seconds=seconds)),
)  # fmt: skip


def fold(told: Sequence[MessageSeen | Delete]) -> Message | None:
    message: Message | None = None
    for event in told:
        if event == "delete":
            message = folding.gone(message, "100", BRAND, PLATFORM)
        else:
            message = folding.seen(message, event, BRAND, PLATFORM, CONVERSATION)
    return message


def order(event: MessageSeen | Delete) -> tuple[bool, int, datetime, str]:
    """As it would come from a platform that told everything once and in order."""
    return (True, 0, WRITTEN, "") if event == "delete" else (False, event.version, event.at, repr(event))


@st.composite
def tellings(draw: st.DrawFn, with_delete: bool) -> tuple[list[MessageSeen | Delete], list[MessageSeen | Delete]]:
    """The same happenings twice: in order, and as a platform may tell them."""
    happened: list[MessageSeen | Delete] = list(draw(st.lists(events, min_size=1, max_size=6)))
    if with_delete:
        happened.append("delete")
    told = draw(st.permutations(happened + draw(st.lists(st.sampled_from(happened), max_size=6))))
    return sorted(happened, key=order), told


@given(tellings(with_delete=False))
def test_i4_any_order_and_number_of_tellings_gives_the_same_message(
    pair: tuple[list[MessageSeen | Delete], list[MessageSeen | Delete]],
) -> None:
    in_order, told = pair
    assert fold(told) == fold(in_order)


@given(tellings(with_delete=True))
def test_i5_i6_a_deleted_message_says_nothing_whatever_came_before_and_after(
    pair: tuple[list[MessageSeen | Delete], list[MessageSeen | Delete]],
) -> None:
    in_order, told = pair
    for message in (fold(told), fold(in_order)):
        assert message is not None
        assert message.gone
        assert (message.text, message.media, message.language) == ("", (), "")
        assert "text " not in message.model_dump_json()


@given(tellings(with_delete=True))
def test_i5_a_delete_before_its_create_leaves_the_same_tombstone(
    pair: tuple[list[MessageSeen | Delete], list[MessageSeen | Delete]],
) -> None:
    in_order, told = pair
    assert fold(told) == fold(in_order)


@given(st.lists(events, min_size=1, max_size=6))
def test_the_newest_version_speaks_and_the_oldest_time_counts(told: list[MessageSeen]) -> None:
    message = fold(told)
    assert message is not None
    newest = max(told, key=lambda event: event.version)
    assert (message.text, message.version) == (newest.text, newest.version)
    assert message.at == min(event.at for event in told).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    told_of_several = len({v for event in told for v in event.versions}) > 1
    assert message.edited == (told_of_several or len({event.version for event in told}) > 1)
    assert message.may_reply == any(event.may_reply for event in told)


def test_a_delete_alone_is_a_tombstone_without_a_conversation() -> None:
    tombstone = fold(["delete", "delete"])
    assert tombstone is not None
    assert (tombstone.id, tombstone.gone, tombstone.conversation, tombstone.text) == ("100", True, "", "")


# --- hiding, reactions, receipts, edits that tell only of themselves ------------------------------

HIDDEN = st.builds(
    lambda hidden, seconds: MessageHidden("100", hidden, WRITTEN + timedelta(seconds=seconds)),
    st.booleans(), st.integers(0, 5),
)  # fmt: skip
REACTIONS = st.builds(
    lambda actor, reaction, seconds: Reaction("100", actor, reaction, WRITTEN + timedelta(seconds=seconds)),
    st.sampled_from("ab"), st.sampled_from(["like", "love", ""]), st.integers(0, 5),
)  # fmt: skip


def after(told: Sequence[MessageHidden | Reaction]) -> Message:
    message: Message | None = None
    for event in told:
        if isinstance(event, Reaction):
            message = folding.reacted(message, event, BRAND, PLATFORM)
        else:
            message = folding.hidden(message, event, BRAND, PLATFORM)
    assert message is not None
    return message


@given(st.lists(HIDDEN | REACTIONS, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_hiding_and_reactions_end_the_same_in_any_order(told: list[MessageHidden | Reaction], chance: Random) -> None:
    again = [*told, *chance.choices(told, k=3)]
    chance.shuffle(again)
    assert after(again) == after(told)


def test_a_reaction_taken_back_is_not_counted() -> None:
    said = [Reaction("100", who, what, WRITTEN + timedelta(seconds=at)) for who, what, at in
            [("a", "love", 1), ("b", "love", 1), ("c", "like", 1), ("a", "", 2)]]  # fmt: skip
    assert after(said).reaction_counts == {"like": 1, "love": 1}


def edit(number: int) -> MessageSeen:
    return MessageSeen(
        message_id="p#m1", version=number, versions=("p#m1",), thread_id="7", customer=Profile("7"), public=False,
        text=f"text {number}", at=WRITTEN + timedelta(seconds=number), surface=Surface.DIRECT, edit_only=number > 0,
        media=(Media(MediaKind.IMAGE, "https://example.com/1.png"),) if number == 0 else (),
    )  # fmt: skip


@given(st.permutations([0, 1, 2, 2, 0]))
def test_an_edit_shows_nothing_before_its_message_and_keeps_what_came_with_it(order_told: list[int]) -> None:
    message: Message | None = None
    for count, number in enumerate(order_told, 1):
        message = folding.seen(message, edit(number), BRAND, "messenger", CONVERSATION)
        assert (message.conversation == CONVERSATION) == (0 in order_told[:count])
    assert message is not None
    assert (message.text, message.edited, [m["kind"] for m in message.media]) == ("text 2", True, ["image"])


def test_news_of_our_message_only_go_forward() -> None:
    ours = Message(id="1", brand=BRAND, platform="viber", own=True)
    seen = folding.receipted(folding.receipted(ours, Receipt.SEEN), Receipt.DELIVERED)
    assert seen.receipt == "seen"
    assert folding.receipted(seen, Receipt.REJECTED).receipt == "seen", "what was seen cannot be refused any more"
    assert folding.receipted(ours, Receipt.REJECTED).receipt == "rejected"

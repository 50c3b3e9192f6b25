"""What Viber's events mean, from the contract's examples and from hostile ones (rows H15 to H18, H22, H25)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hark.domain.events import (
    Event,
    Media,
    MediaKind,
    MessageSeen,
    Profile,
    RawEvent,
    Reachable,
    Receipt,
    Receipted,
    SetAside,
    Surface,
    UnreadableEvent,
)
from hark.providers.contract import UnreadableDelivery
from hark.providers.viber.door import split
from hark.providers.viber.inbound import parse
from hark.testkit.fixtures import Fixtures, distorted, truncated
from hark.testkit.fixtures import told as meaning
from hark.testkit.texts import ODD_BUT_LAWFUL

from .signing import request

FIXTURES = Fixtures(Path(__file__).parent.parent / "fixtures")
NAMES = FIXTURES.names
ARRIVED = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
SAID = datetime(2026, 11, 21, 0, 0, 0, 456_000, tzinfo=UTC)
ZOE = "Qm9iSm9uZXMwMQ=="
TOKEN = 6012345678901234568


def told(event: dict[str, Any], account_id: str = "b1") -> Event:
    whole = {"event": "message", "timestamp": 1795219200456, "message_token": TOKEN} | event
    (raw,) = split(request(json.dumps(whole).encode(), path=account_id))
    (made,) = parse(raw, frozenset((raw.kind,)), account_id, ARRIVED)
    return made


def seen(message: dict[str, Any], sender: dict[str, Any] | None = None, **event: Any) -> MessageSeen:
    who = {"id": ZOE, "name": "Zoe"} | (sender or {})
    made = told({"sender": who, "message": {"type": "text", "text": "hello"} | message} | event)
    assert isinstance(made, MessageSeen)
    return made


def media(message: dict[str, Any]) -> Media:
    (made,) = seen(message).media
    return made


def test_every_example_of_the_contract_is_here() -> None:
    kinds = {name.partition(".")[0] for name in NAMES}
    assert kinds == {
        "message", "subscribed", "unsubscribed", "conversation_started", "delivered", "seen", "failed", "webhook",
        "unknown_kind",
    }  # fmt: skip
    types = {json.loads(FIXTURES.body(n))["message"]["type"] for n in NAMES if n[:8] == "message."}
    assert types >= {"text", "picture", "video", "file", "location", "contact", "sticker", "url"}


@pytest.mark.parametrize("name", NAMES)
def test_an_example_of_the_contract_means_what_its_file_says(name: str) -> None:
    arrived, expected = FIXTURES.expected(name)
    assert meaning(split(request(FIXTURES.body(name))), parse, arrived) == expected


def test_no_two_examples_are_the_same_thing() -> None:
    keys = [raw.key for name in NAMES for raw in split(request(FIXTURES.body(name)))]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("name", NAMES)
def test_no_truncated_example_makes_the_parser_fall_over(name: str) -> None:
    for broken in truncated(FIXTURES.body(name), 7):
        with pytest.raises(UnreadableDelivery):
            split(request(broken))


@pytest.mark.parametrize("name", NAMES)
def test_a_field_of_any_form_is_read_or_refused_but_never_a_crash(name: str) -> None:
    odd: list[object] = [None, 7, -1, 2.5, 10**29, "x", "", [], {}, [None], {"id": None}, True]
    for body in distorted(FIXTURES.body(name), odd):
        try:
            for raw in split(request(body)):
                assert len(parse(raw, frozenset((raw.kind,)), raw.account_id, ARRIVED)) == 1
        except (UnreadableDelivery, UnreadableEvent):
            continue


# --- messages -----------------------------------------------------------------------------------


def test_a_message_is_a_private_one_to_the_bot_and_may_be_answered() -> None:
    event = seen({}, {"avatar": "https://media-direct.cdn.viber.com/a", "language": "en"})
    assert event.customer == Profile(ZOE, "", "Zoe", avatar="https://media-direct.cdn.viber.com/a")
    assert (event.message_id, event.versions, event.thread_id) == (f"b1#{TOKEN}", (f"b1#{TOKEN}",), ZOE)
    assert (event.surface, event.public, event.addressed, event.may_reply) == (Surface.DIRECT, False, True, True)
    assert (event.own, event.text, event.at, event.language_hint, event.media) == (False, "hello", SAID, "en", ())


def test_the_same_token_under_two_bots_is_two_messages() -> None:
    content = {"sender": {"id": ZOE}, "message": {"type": "text", "text": "hello"}}
    first, second = told(content, "b1"), told(content, "b2")
    assert isinstance(first, MessageSeen)
    assert isinstance(second, MessageSeen)
    assert first.message_id != second.message_id


@settings(max_examples=50, deadline=None)
@given(st.integers(2**53, 2**64 - 1))
def test_a_token_reaches_the_desk_as_text_with_all_its_digits(token: int) -> None:
    event = seen({}, message_token=token)
    assert event.message_id == f"b1#{token}"
    receipt = told({"event": "seen", "message_token": token, "user_id": ZOE})
    assert isinstance(receipt, Receipted)
    assert receipt.message_id == event.message_id


@pytest.mark.parametrize(
    ("language", "hint"),
    [("uk", "uk"), ("zh-Hans", "zh-Hans"), ("pt_BR", "pt-BR"), ("", ""), (None, ""), (7, ""), ("<b>", ""), ("EN", "")],
)
def test_the_language_of_the_telephone_is_only_a_hint(language: object, hint: str) -> None:
    assert seen({}, {"language": language}).language_hint == hint


def test_a_picture_brings_its_caption_and_the_end_of_its_link() -> None:
    url = "https://dl-media.viber.com/1/x.jpg?a=1&Expires=1795222800&Signature=x"
    event = seen({"type": "picture", "media": url, "file_name": "x.jpg", "text": "broken"})
    ends = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
    assert event.text == "broken"
    assert event.media == (Media(MediaKind.IMAGE, url, "x.jpg", expires=ends),)


@pytest.mark.parametrize("given_end", ["", "soon", "-5", "1e9", "9" * 30, "١٧٩٥٢٢٢٨٠٠"])
def test_an_odd_end_of_a_link_is_none(given_end: str) -> None:
    assert media({"type": "picture", "media": f"https://dl-media.viber.com/x?Expires={given_end}"}).expires is None


def test_video_and_file_have_a_size_and_a_name() -> None:
    video = media({"type": "video", "media": "https://dl-media.viber.com/v.mp4", "size": 812345, "duration": 7})
    assert (video.kind, video.size) == (MediaKind.VIDEO, 812345)
    bill = media({"type": "file", "media": "https://dl-media.viber.com/f", "file_name": "bill.pdf", "size": 20480})
    assert (bill.kind, bill.name, bill.size) == (MediaKind.FILE, "bill.pdf", 20480)
    assert media({"type": "file", "size": True}).size == media({"type": "file", "size": -5}).size == 0


@pytest.mark.parametrize(
    ("lat", "lon", "value"),
    [
        (37.98, 23.72, "37.98,23.72"),
        (-33, 151.2, "-33,151.2"),
        (0, 0.0, "0,0"),
        (0.0000001, 1e-9, "0.0000001,0"),
        (91, 0, ""),
        (0, 181, ""),
        ("37.98", "23.72", ""),
        (None, None, ""),
        (True, False, ""),
    ],
)
def test_a_place_is_two_plain_numbers_or_nothing(lat: object, lon: object, value: str) -> None:
    assert media({"type": "location", "location": {"lat": lat, "lon": lon}}) == Media(MediaKind.LOCATION, value=value)


def test_a_contact_has_a_name_and_a_number() -> None:
    contact = {"name": "Bob\x00", "phone_number": "+302100000000", "avatar": "https://media.example/b"}
    made = media({"type": "contact", "contact": contact})
    assert (made.kind, made.name, made.value) == (MediaKind.CONTACT, "Bob\ufffd", "+302100000000")


@pytest.mark.parametrize("sticker", [40133, "40133"])
def test_a_sticker_is_named_by_a_number_or_by_text(sticker: object) -> None:
    made = media({"type": "sticker", "sticker_id": sticker, "media": "https://stickers.example/40133.png"})
    assert made == Media(MediaKind.STICKER, "https://stickers.example/40133.png", value="40133")


def test_a_link_is_kept_as_one() -> None:
    assert media({"type": "url", "media": "https://shop.example/p/1"}) == Media(
        MediaKind.LINK, "https://shop.example/p/1"
    )


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//a.example", "HTTPS ://a", "file:///etc"])
def test_what_is_no_web_address_stays_readable_but_is_no_link_h17(url: str) -> None:
    made = media({"type": "url", "media": url})
    assert (made.url, made.value) == ("", url)
    assert media({"type": "picture", "media": url}).url == ""


@pytest.mark.parametrize("kind", ["poll", "rich_media", "", None, 7, "Picture"])
def test_a_type_nobody_has_heard_of_is_shown_as_unsupported_with_its_words(kind: object) -> None:
    event = seen({"type": kind, "text": "Which one?"})
    assert (event.text, event.media) == ("Which one?", (Media(MediaKind.UNSUPPORTED),))


def test_a_message_without_words_is_no_text() -> None:
    for text in (None, 7, ["a"]):
        with pytest.raises(UnreadableEvent):
            seen({"text": text})
    assert seen({"type": "picture", "text": None}).text == ""


# --- hostile ------------------------------------------------------------------------------------


def test_text_that_no_store_can_hold_is_cleaned_h15() -> None:
    event = seen({"text": "a\x00b\ud83dc\x1bd\u0085e\r\nf\tg"}, {"name": "Z\x00oe"})
    assert event.text == "a\ufffdb\ufffdc\ufffdd\ufffde\nf\tg"
    assert event.cleaned
    assert event.customer.name == "Z\ufffdoe"


@pytest.mark.parametrize("text", ODD_BUT_LAWFUL.values(), ids=ODD_BUT_LAWFUL.keys())
def test_odd_but_lawful_text_stays_as_it_is_h16_h17(text: str) -> None:
    event = seen({"text": text})
    assert (event.text, event.cleaned) == (text, False)


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_any_text_can_be_stored_afterwards(text: str) -> None:
    made = seen({"text": text}).text
    assert "\x00" not in made
    made.encode("utf-8")


@pytest.mark.parametrize("bad", ["../../b2", "a#b", "a b", "a" * 10_000, {"id": "a"}, 7, None, "", "é"])
def test_a_person_of_no_form_is_nobody_h18(bad: object) -> None:
    events: list[dict[str, Any]] = [
        {"sender": {"id": bad}, "message": {"type": "text", "text": "hello"}},
        {"event": "subscribed", "user": {"id": bad}},
        {"event": "unsubscribed", "user_id": bad},
        {"event": "delivered", "user_id": bad},
    ]
    for event in events:
        with pytest.raises(UnreadableEvent):
            told(event)


@pytest.mark.parametrize(
    "event",
    [
        {"message_token": 6.012345678901235e18, "sender": {"id": ZOE}, "message": {"type": "text", "text": "hi"}},
        {"sender": None, "message": {"type": "text", "text": "hi"}},
        {"sender": {"id": ZOE}, "message": "hi"},
        {"sender": {"id": ZOE}},
        {"event": "subscribed", "user": ZOE},
        {"event": "seen", "message_token": None, "user_id": ZOE},
    ],
)
def test_an_event_that_breaks_the_contract_is_unreadable(event: dict[str, Any]) -> None:
    with pytest.raises(UnreadableEvent):
        told(event)


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff"])
def test_a_stored_body_that_is_no_object_is_unreadable(body: bytes) -> None:
    with pytest.raises(UnreadableEvent):
        parse(RawEvent("viber#b1#1", "message", "b1", body), frozenset(), "b1", ARRIVED)


@pytest.mark.parametrize(
    "timestamp", [0, -1, 253402300799000, 10**29, "soon", "1795219200456", None, 1.5, True, 6012345678901230000]
)
def test_an_absurd_time_gives_way_to_the_arrival_and_is_flagged_h22(timestamp: object) -> None:
    event = seen({}, timestamp=timestamp)
    assert (event.at, event.time_is_doubtful) == (ARRIVED, True)
    receipt = told({"event": "seen", "user_id": ZOE, "timestamp": timestamp})
    assert isinstance(receipt, Receipted)
    assert receipt.at == ARRIVED


def test_a_clock_ten_minutes_ahead_is_believed_f25() -> None:
    ahead = ARRIVED + timedelta(minutes=10)
    event = seen({}, timestamp=round(ahead.timestamp() * 1000))
    assert (event.at, event.time_is_doubtful) == (ahead, False)
    assert seen({}, timestamp=round(ahead.timestamp() * 1000) + 1).time_is_doubtful


# --- people and receipts ------------------------------------------------------------------------


def test_subscribing_and_unsubscribing_say_whether_a_person_may_be_written_to() -> None:
    assert told({"event": "subscribed", "user": {"id": ZOE, "name": "Zoe"}}) == Reachable(
        Profile(ZOE, "", "Zoe"), reachable=True, at=SAID
    )
    assert told({"event": "unsubscribed", "user_id": ZOE}) == Reachable(Profile(ZOE), reachable=False, at=SAID)


def test_a_person_is_the_same_wherever_the_id_stands() -> None:
    message, subscribed = seen({}), told({"event": "subscribed", "user": {"id": ZOE}})
    gone, receipt = told({"event": "unsubscribed", "user_id": ZOE}), told({"event": "seen", "user_id": ZOE})
    assert isinstance(subscribed, Reachable)
    assert isinstance(gone, Reachable)
    assert isinstance(receipt, Receipted)
    assert {message.customer.id, subscribed.customer.id, gone.customer.id, receipt.customer_id} == {ZOE}
    assert message.thread_id == ZOE


def test_opening_the_chat_is_no_subscription_and_no_message() -> None:
    started = {"event": "conversation_started", "type": "open", "user": {"id": ZOE}, "subscribed": False}
    assert told(started) == SetAside("viber.conversation_started")


@pytest.mark.parametrize(
    ("kind", "receipt"),
    [("delivered", Receipt.DELIVERED), ("seen", Receipt.SEEN), ("failed", Receipt.REJECTED)],
)
def test_a_receipt_is_news_of_one_message_of_ours_and_never_a_message_h25(kind: str, receipt: Receipt) -> None:
    made = told({"event": kind, "user_id": ZOE, "message_token": 6012345678901234590, "desc": "no"})
    assert made == Receipted(receipt, ZOE, SAID, "b1#6012345678901234590")


def test_the_event_of_a_new_webhook_means_nothing_whatever_its_numbers() -> None:
    for timestamp, token in ((6012345678901230000, 1795219200000), (None, None), ("a", {})):
        event: dict[str, Any] = {"event": "webhook", "timestamp": timestamp, "message_token": token}
        assert told(event) == SetAside("viber.webhook")


def test_what_nobody_has_heard_of_is_set_aside_and_counted() -> None:
    assert told({"event": "client_status"}) == SetAside("viber.unknown_kind")

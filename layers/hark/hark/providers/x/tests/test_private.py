"""Direct messages in: from webhooks, from the poll and from the old envelope; and encrypted ones."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hark.domain.events import (
    Event,
    Media,
    MediaKind,
    MessageSeen,
    Notice,
    RawEvent,
    Receipt,
    Receipted,
    SetAside,
    Surface,
    UnreadableEvent,
)
from hark.providers.x import direct
from hark.providers.x.inbound import parse

ARRIVED = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
BRAND, KIM, DM = "5550001", "7770002", "2123721879108735007"


def told(kind: str, payload: dict[str, Any], **includes: object) -> Event:
    data = {"event_type": kind, "filter": {"user_id": BRAND}, "payload": payload, "includes": includes}
    raw = RawEvent(f"dm:{DM}", kind, BRAND, json.dumps({"data": data}).encode())
    (event,) = parse(raw, frozenset((kind,)), BRAND, ARRIVED)
    return event


def webhook(sender: str = KIM, recipient: str = BRAND, users: object = None, **changes: Any) -> Event:
    data = {"text": "hello", "entities": {}} | changes
    create = {"target": {"recipient_id": recipient}, "sender_id": sender, "message_data": data}
    entry = {"type": "message_create", "id": DM, "created_timestamp": "1795169727481", "message_create": create}
    return told("dm.received", {"direct_message_events": [entry], "users": users or {}})


def polled(**changes: Any) -> Event:
    listed = {
        "id": DM,
        "event_type": "MessageCreate",
        "text": "hello",
        "sender_id": KIM,
        "dm_conversation_id": "5550001-7770002",
        "created_at": "2026-11-20T10:15:27.481Z",
    }
    whole = {name: value for name, value in (listed | changes).items() if value is not None}
    return told("poll.dm", whole, users=[{"data": {"id": KIM, "username": "kim_l", "name": "Kim L"}}])


def seen(event: Event) -> MessageSeen:
    assert isinstance(event, MessageSeen)
    return event


def test_a_message_means_the_same_by_webhook_and_by_poll() -> None:
    users = {KIM: {"data": {"id": KIM, "username": "kim_l", "name": "Kim L"}}}
    assert webhook(users=users) == polled()


def test_a_customers_message_is_private_spoken_to_us_and_may_be_answered() -> None:
    event = seen(webhook())
    assert (event.surface, event.public, event.own) == (Surface.DIRECT, False, False)
    assert (event.addressed, event.may_reply, event.thread_id) == (True, True, "5550001-7770002")
    assert event.link == "https://x.com/messages/5550001-7770002"


def test_our_own_message_belongs_to_the_person_it_went_to() -> None:
    event = seen(webhook(BRAND, KIM, {KIM: {"id": KIM, "username": "kim_l"}}))
    assert (event.own, event.addressed, event.may_reply) == (True, False, False)
    assert (event.customer.id, event.customer.handle, event.thread_id) == (KIM, "kim_l", "5550001-7770002")


def test_a_conversation_is_named_by_its_ids_as_numbers() -> None:
    assert direct.conversation("1072250532645998596", "750362064426721281") == "750362064426721281-1072250532645998596"
    assert direct.conversation("9", "10") == "9-10"


@settings(max_examples=50)
@given(st.integers(1, 10**19), st.integers(1, 10**19))
def test_both_sides_name_the_conversation_alike(one: int, other: int) -> None:
    name = direct.conversation(str(one), str(other))
    assert name == direct.conversation(str(other), str(one))
    pair = direct.partners(name)
    assert pair is not None
    assert [int(p) for p in pair] == sorted((one, other))


def test_text_is_unescaped_once_links_are_written_out_and_the_rest_cleaned() -> None:
    urls = {"urls": [{"url": "https://t.co/a", "expanded_url": "https://acme.example/?a=1&b=2"}]}
    event = seen(webhook(text="a &amp;lt; b\x00 https://t.co/a", entities=urls))
    assert event.text == "a &lt; b\ufffd https://acme.example/?a=1&b=2"
    assert event.cleaned


@pytest.mark.parametrize(
    ("attachment", "media"),
    [
        ({"type": "media", "media": {"media_url_https": "https://ton.x.com/i/a.jpg"}}, MediaKind.IMAGE),
        (
            {"type": "media", "media": {"media_url_https": "https://ton.x.com/i/a.jpg", "type": "photo"}},
            MediaKind.IMAGE,
        ),
        ({"type": "media", "media": {"media_url_https": "javascript:alert(1)"}}, MediaKind.UNSUPPORTED),
        ({"type": "media", "media": {"media_url_https": "http://ton.x.com/i/a.jpg"}}, MediaKind.UNSUPPORTED),
        ({"type": "media"}, MediaKind.UNSUPPORTED),
        ({"type": "sticker"}, MediaKind.UNSUPPORTED),
    ],
)
def test_what_hangs_on_a_message_is_told(attachment: dict[str, Any], media: MediaKind) -> None:
    (item,) = seen(webhook(attachment=attachment)).media
    assert item.kind is media
    assert bool(item.url) == (media is MediaKind.IMAGE)


def test_a_picture_that_the_poll_only_names_is_told_without_an_address() -> None:
    event = seen(polled(text=None, attachments={"media_keys": ["3_1"]}))
    assert (event.text, event.media) == ("", (Media(MediaKind.UNSUPPORTED),))


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        pytest.param(lambda: polled(dm_conversation_id="99001122"), "x.group_message", id="a group"),
        pytest.param(lambda: polled(event_type="ParticipantsJoin"), "x.group_message", id="somebody joins"),
        pytest.param(lambda: webhook(BRAND, BRAND), "x.note_to_self", id="to ourselves"),
    ],
)
def test_what_is_no_message_between_two_is_set_aside(event: Any, reason: str) -> None:
    assert event() == SetAside(reason)


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(lambda: polled(sender_id=None), id="no sender"),
        pytest.param(lambda: polled(sender_id="7770009"), id="a sender from elsewhere"),
        pytest.param(lambda: polled(dm_conversation_id="1-2", sender_id="1"), id="between others"),
        pytest.param(lambda: polled(id="../1"), id="H18"),
        pytest.param(lambda: polled(text=None), id="neither text nor anything else"),
        pytest.param(lambda: webhook("1", "2"), id="a webhook between others"),
        pytest.param(lambda: webhook(text=7), id="a number as text"),
        pytest.param(lambda: webhook(sender="x" * 10_000), id="an absurd sender"),
    ],
)
def test_a_message_that_breaks_the_contract_is_unreadable(broken: Any) -> None:
    with pytest.raises(UnreadableEvent):
        broken()


def encrypted(**changes: Any) -> Event:
    payload = {"id": "0f8e-uuid", "created_at_msec": "1795169800000", "sender_id": KIM}
    return told("chat.received", payload | {"conversation_id": f"{KIM}:{BRAND}"} | changes)


def test_an_encrypted_message_is_a_notice_in_the_thread_of_the_two() -> None:
    event = encrypted()
    assert isinstance(event, Notice)
    assert (event.message_id, event.thread_id, event.reason) == ("0f8e-uuid", "5550001-7770002", "x.encrypted")
    assert event.customer.id == KIM
    assert event.at == datetime(2026, 11, 20, 10, 16, 40, tzinfo=UTC)


def test_an_encrypted_message_of_ours_or_of_a_group_is_set_aside() -> None:
    assert encrypted(sender_id=BRAND) == SetAside("x.own_encrypted")
    assert encrypted(conversation_id="g123") == SetAside("x.group_message")
    assert encrypted(conversation_id="1:2") == SetAside("x.group_message")


def test_an_encrypted_message_without_a_name_is_unreadable() -> None:
    for broken in ({"id": None}, {"id": "a b"}, {"sender_id": None}):
        with pytest.raises(UnreadableEvent):
            encrypted(**broken)


def test_the_old_envelope_tells_that_a_customer_has_read() -> None:
    entry = {"created_timestamp": "1795169950000", "last_read_event_id": "1"}
    cases: list[tuple[str, Event]] = [
        (KIM, Receipted(Receipt.SEEN, KIM, datetime(2026, 11, 20, 10, 19, 10, tzinfo=UTC))),
        (BRAND, SetAside("x.own_read")),
    ]
    for sender, wanted in cases:
        body = {"for_user_id": BRAND, "direct_message_mark_read_events": [entry | {"sender_id": sender}]}
        raw = RawEvent("other:1", "aaa.direct_message_mark_read", BRAND, json.dumps(body).encode())
        assert parse(raw, frozenset((raw.kind,)), BRAND, ARRIVED) == [wanted]

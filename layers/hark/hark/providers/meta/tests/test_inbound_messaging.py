"""Private messages of Messenger and Instagram where they are not as in the examples (H15, H18, H22, H25)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hark.domain.events import (
    AccountChanged,
    MediaKind,
    MessageGone,
    MessageSeen,
    Reaction,
    Receipt,
    Receipted,
    SetAside,
    Surface,
    ThreadControl,
    UnreadableEvent,
)
from hark.providers.meta.inbound import parse

from .deliveries import ARRIVED, INSTAGRAM, PAGE, SENT, cut, item, messaging, seen, told

SENT_AT = datetime.fromtimestamp(SENT, UTC)


def said(**message: object) -> dict[str, Any]:
    return messaging(item("message", {"mid": "m_1", **message}))


def of_instagram(what: str, content: object, **other: object) -> dict[str, Any]:
    ends = {"sender": {"id": "6001"}, "recipient": {"id": INSTAGRAM}}
    return messaging(item(what, content, **ends | other), object_="instagram", account=INSTAGRAM)


def test_a_private_message_is_known_by_account_and_id_and_its_thread_by_the_person() -> None:
    event = seen(said(text="Hello"))
    assert (event.message_id, event.thread_id, event.customer.id) == (f"{PAGE}#m_1", "7001", "7001")
    assert (event.surface, event.public, event.platform) == (Surface.DIRECT, False, "messenger")
    assert (event.addressed, event.may_reply, event.own, event.elsewhere) == (True, True, False, False)
    assert (event.at, event.link, event.language_hint) == (SENT_AT, "", "")


def test_an_instagram_message_under_its_page_is_read_for_the_instagram_account() -> None:
    event = seen(messaging(item("message", {"mid": "m_1", "text": "x"}), object_="instagram"), account=INSTAGRAM)
    assert (event.platform, event.message_id) == ("instagram", f"{INSTAGRAM}#m_1")


def test_an_instagram_message_in_a_delivery_for_pages_is_still_instagrams() -> None:
    assert seen(messaging(item("message", {"mid": "m_1", "text": "x"}), account=INSTAGRAM)).platform == "instagram"


def test_an_echo_is_ours_and_belongs_to_its_addressee_h25() -> None:
    ends = {"sender": {"id": PAGE}, "recipient": {"id": "7001"}}
    for told_by in ({"is_echo": True}, {}):
        content = {"mid": "m_2", "text": "Hi", "metadata": "hark:1", **told_by}
        event = seen(messaging(item("message", content, **ends)))
        assert (event.own, event.customer.id, event.thread_id, event.marker) == (True, "7001", "7001", "hark:1")
        assert (event.addressed, event.may_reply) == (False, False)


@pytest.mark.parametrize("metadata", [None, 7, "", "x" * 81, "ünser", "a\nb"])
def test_what_other_programs_send_along_is_no_marker_of_ours(metadata: object) -> None:
    ends = {"sender": {"id": PAGE}, "recipient": {"id": "7001"}}
    content = {"mid": "m_2", "text": "Hi", "is_echo": True, "metadata": metadata}
    assert seen(messaging(item("message", content, **ends))).marker == ""


def test_a_customer_cannot_send_a_marker() -> None:
    assert seen(said(text="Hi", metadata="hark:1")).marker == ""


def test_a_message_to_oneself_is_nobodys_question() -> None:
    ends = {"sender": {"id": INSTAGRAM}, "recipient": {"id": INSTAGRAM}}
    for delivery in (
        of_instagram("message", {"mid": "m_1", "text": "x"}, is_self=True, **ends),
        of_instagram("message", {"mid": "m_1", "text": "x", "is_self": True}, **ends),
    ):
        assert told(delivery) == SetAside("meta.message_to_self")


def test_an_answer_names_the_message_and_an_answer_to_a_story_shows_the_story() -> None:
    assert seen(said(text="x", reply_to={"mid": "m_0"})).in_reply_to == f"{PAGE}#m_0"
    event = seen(
        of_instagram("message", {"mid": "m_1", "text": "x", "reply_to": {"story": {"url": "https://a.example/s"}}})
    )
    assert event.in_reply_to == ""
    assert [(m.kind, m.url, m.name) for m in event.media] == [(MediaKind.LINK, "https://a.example/s", "story")]


@pytest.mark.parametrize(
    ("attachment", "kind", "url"),
    [
        ({"type": "image", "payload": {"url": "https://a.example/i"}}, MediaKind.IMAGE, "https://a.example/i"),
        (
            {"type": "image", "payload": {"url": "https://a.example/i", "sticker_id": 1}},
            MediaKind.STICKER,
            "https://a.example/i",
        ),
        ({"type": "image", "payload": {}}, MediaKind.UNSUPPORTED, ""),
        ({"type": "image", "payload": {"url": "javascript:alert(1)"}}, MediaKind.UNSUPPORTED, ""),
        ({"type": "fallback", "payload": "text", "url": "https://a.example/f"}, MediaKind.LINK, "https://a.example/f"),
        ({"type": "share", "payload": {"url": "https://a.example/s"}}, MediaKind.LINK, "https://a.example/s"),
        ({"type": "hologram", "payload": {"url": "https://a.example/h"}}, MediaKind.LINK, "https://a.example/h"),
        ({"type": "hologram"}, MediaKind.UNSUPPORTED, ""),
        ({"type": ["image"]}, MediaKind.UNSUPPORTED, ""),
        ({"type": "location", "payload": {"coordinates": {"lat": "x", "long": 1}}}, MediaKind.UNSUPPORTED, ""),
        ({"type": "location"}, MediaKind.UNSUPPORTED, ""),
        ({}, MediaKind.UNSUPPORTED, ""),
        ("image", MediaKind.UNSUPPORTED, ""),
        (None, MediaKind.UNSUPPORTED, ""),
    ],
)
def test_no_attachment_is_an_error_whatever_its_type(attachment: object, kind: MediaKind, url: str) -> None:
    good = {"type": "file", "payload": {"url": "https://a.example/bill.pdf"}}
    event = seen(said(attachments=[attachment, good]))
    assert [(m.kind, m.url) for m in event.media] == [(kind, url), (MediaKind.FILE, "https://a.example/bill.pdf")]


@pytest.mark.parametrize("attachments", [None, {}, "x", []])
def test_a_message_with_nothing_readable_is_still_shown(attachments: object) -> None:
    (only,) = seen(said(attachments=attachments)).media
    assert only.kind is MediaKind.UNSUPPORTED


def test_an_edit_shows_nothing_until_its_message_has_come() -> None:
    event = seen(messaging(item("message_edit", {"mid": "m_1", "text": "Hello there", "num_edit": "1"})))
    assert (event.message_id, event.text, event.edit_only) == (f"{PAGE}#m_1", "Hello there", True)
    assert event.version == SENT * 1000


def test_a_message_taken_back_is_gone_on_both_platforms() -> None:
    assert told(said(is_deleted=True)) == MessageGone(f"{PAGE}#m_1", SENT_AT, "messenger")
    gone = told(of_instagram("message", {"mid": "m_1", "is_deleted": True}))
    assert gone == MessageGone(f"{INSTAGRAM}#m_1", SENT_AT, "instagram")


def test_a_pressed_button_says_its_title() -> None:
    assert seen(messaging(item("postback", {"mid": "m_1", "title": "Track", "payload": "T"}))).text == "Track"
    assert seen(messaging(item("postback", {"payload": "T"}))).text == "T"


def test_a_button_without_an_id_pressed_twice_is_two_messages() -> None:
    presses = [messaging(item("postback", {"payload": "T"}, timestamp=SENT * 1000 + n)) for n in (0, 0, 1)]
    ids = [seen(press).message_id for press in presses]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize(
    ("content", "reaction"),
    [
        ({"action": "react", "reaction": "love", "emoji": "❤️"}, "love"),
        ({"action": "react", "reaction": "other", "emoji": "🦊"}, "🦊"),
        ({"action": "react", "emoji": "🦊"}, "🦊"),
        ({"action": "react"}, "other"),
        ({"action": "unreact"}, ""),
        ({"action": "unreact", "reaction": "love"}, ""),
    ],
)
def test_a_reaction_is_set_or_taken_back(content: dict[str, object], reaction: str) -> None:
    event = told(messaging(item("reaction", {"mid": "m_9", **content})))
    assert event == Reaction(f"{PAGE}#m_9", "7001", reaction, SENT_AT, "messenger")


def test_receipts_reach_up_to_a_time_or_name_a_message() -> None:
    up_to = {"watermark": (SENT - 5) * 1000, "mids": ["m_1"]}
    before = datetime.fromtimestamp(SENT - 5, UTC)
    assert told(messaging(item("delivery", up_to))) == Receipted(
        Receipt.DELIVERED, "7001", before, platform="messenger"
    )
    one = Receipted(Receipt.SEEN, "6001", SENT_AT, f"{INSTAGRAM}#m_1", "instagram")
    assert told(of_instagram("read", {"mid": "m_1"})) == one


@pytest.mark.parametrize("watermark", [0, -1, 10**14, "soon", None, {}])
def test_an_absurd_watermark_claims_nothing_h22(watermark: object) -> None:
    assert told(messaging(item("read", {"watermark": watermark}))) == SetAside("meta.receipt_for_nothing")
    named = told(messaging(item("delivery", {"watermark": watermark, "mids": ["m_1"]})))
    assert named == Receipted(Receipt.DELIVERED, "7001", SENT_AT, f"{PAGE}#m_1", "messenger")


@pytest.mark.parametrize(
    ("what", "section", "ours"),
    [
        ("pass_thread_control", "messaging", True),
        ("pass_thread_control", "standby", False),
        ("take_thread_control", "messaging", False),
        ("take_thread_control", "standby", False),
    ],
)
def test_who_holds_the_thread_is_told_by_who_is_told(what: str, section: str, ours: bool) -> None:
    content = {"previous_owner_app_id": "1", "new_owner_app_id": "2"}
    event = told(messaging(item(what, content), section=section))
    assert event == ThreadControl("7001", "7001", ours, SENT_AT, "messenger")


def test_a_message_is_elsewhere_unless_it_also_came_to_us_as_the_holder() -> None:
    standing_by = messaging(item("message", {"mid": "m_1", "text": "x"}), section="standby")
    assert seen(standing_by).elsewhere
    assert not seen(standing_by, "standby.message", "message").elsewhere
    assert not seen(said(text="x"), "standby.message").elsewhere


@pytest.mark.parametrize("key", ["policy_enforcement", "policy-enforcement"])
def test_a_block_pauses_the_account_and_its_end_frees_it(key: str) -> None:
    blocked, freed, warned = (told(messaging({key: {"action": a}})) for a in ("block", "unblock", "warning"))
    assert blocked == AccountChanged(True, "meta.policy_block")
    assert freed == AccountChanged(False, "meta.policy_unblock")
    assert warned == SetAside("meta.policy_notice")


def test_what_nobody_has_heard_of_is_set_aside_and_counted() -> None:
    assert told(messaging(item("game_play", {"game_id": "1"}))) == SetAside("meta.unknown_kind")
    assert told(messaging(item("reaction", {"mid": "m_1", "action": "shake"}))) == SetAside("meta.unknown_kind")


def test_one_bad_item_does_not_stop_the_others_i34() -> None:
    raws = cut(
        messaging(item("message", {"mid": "m_1", "text": "a"}), item("message", {"mid": {}}), "x", item("read", 7))
    )
    read = []
    for raw in raws:
        try:
            read.append(parse(raw, frozenset((raw.kind,)), PAGE, ARRIVED))
        except UnreadableEvent:
            read.append([])
    assert [len(events) for events in read] == [1, 0, 0, 0]
    assert {raw.account_id for raw in raws} == {PAGE}


@pytest.mark.parametrize("timestamp", [0, -1, "soon", 10**14, True, {}])
def test_an_absurd_time_gives_way_to_the_arrival_and_is_flagged_h22(timestamp: object) -> None:
    event = seen(messaging(item("message", {"mid": "m_1", "text": "x"}, timestamp=timestamp)))
    assert (event.at, event.time_is_doubtful) == (ARRIVED, True)


def test_without_a_time_the_time_of_sending_counts() -> None:
    event = seen(messaging(item("message", {"mid": "m_1", "text": "x"}, timestamp=None)))
    assert (event.at, event.time_is_doubtful) == (datetime.fromtimestamp(SENT + 1, UTC), False)


def test_a_time_in_seconds_is_read_as_such() -> None:
    assert seen(messaging(item("message", {"mid": "m_1", "text": "x"}, timestamp=SENT))).at == SENT_AT


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=60))
def test_any_text_can_be_stored_afterwards_h15(text: str) -> None:
    for delivery in (said(text=text), messaging(item("postback", {"mid": "m_1", "title": text}))):
        event = seen(delivery)
        event.text.encode("utf-8")
        assert "\x00" not in event.text
        assert event.cleaned == (event.text != text.replace("\r\n", "\n").replace("\r", "\n"))


@pytest.mark.parametrize(
    "given_",
    [
        pytest.param(item("message", {}), id="no id"),
        pytest.param(item("message", {"mid": "a/../b"}), id="path"),
        pytest.param(item("message", {"mid": "a#b"}), id="our separator"),
        pytest.param(item("message", {"mid": "m" * 513}), id="long"),
        pytest.param(item("message", {"mid": "m_1", "text": {}}), id="text is an object"),
        pytest.param(item("message", "hello"), id="message is a text"),
        pytest.param(item("message", {"mid": "m_1"}, sender=None), id="no sender"),
        pytest.param(item("message", {"mid": "m_1"}, sender={"id": ""}), id="empty sender"),
        pytest.param(item("message", {"mid": "m_1", "reply_to": "m_0"}), id="answer to a text"),
        pytest.param(item("message", {"mid": "m_1", "is_echo": True}, recipient=None), id="echo to nobody"),
        pytest.param(item("reaction", {"action": "react"}), id="reaction to nothing"),
        pytest.param(item("delivery", {"mids": [{}]}), id="receipt for an object"),
    ],
)
def test_an_item_that_breaks_the_contract_is_unreadable_h18(given_: dict[str, object]) -> None:
    with pytest.raises(UnreadableEvent):
        told(messaging(given_))


def test_long_real_ids_are_ids() -> None:
    for mid in (
        "mid.$cAAJsujCd2ORkXXpOOFcyBc-ZnH2j",
        "mid.1457764197618:41d102a3e1ae206a38",
        "aWdfZAG1f" + "ZA" * 80 + "==",
    ):
        assert isinstance(told(messaging(item("message", {"mid": mid, "text": "x"}))), MessageSeen)

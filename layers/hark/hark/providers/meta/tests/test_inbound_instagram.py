"""Instagram's comments and mentions, and what a look-up brings, where they are not as in the examples."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from hark.domain.events import MediaKind, MessageGone, Profile, SetAside, Surface, UnreadableEvent, Wanted

from .deliveries import ARRIVED, INSTAGRAM, PAGE, SENT, instagram, seen, told

SENT_AT = datetime.fromtimestamp(SENT, UTC)
OWN = {"id": INSTAGRAM, "username": "shop", "self_ig_scoped_id": "6999"}


def comment(**other: object) -> dict[str, Any]:
    return {
        "id": "17900000000000001",
        "text": "Price?",
        "from": {"id": "6001", "username": "maria_k"},
        "media": {"id": "18000000000000001", "media_product_type": "FEED"},
    } | other


def looked_up(found: dict[str, Any], account: str = INSTAGRAM) -> dict[str, Any]:
    return {"object": "instagram", "entry": [{"id": account, "time": SENT, "looked_up": found}]}


def test_a_comment_under_our_media_speaks_to_us() -> None:
    event = seen(instagram("comments", comment()))
    assert (event.platform, event.surface, event.public) == ("instagram", Surface.COMMENT, True)
    assert (event.message_id, event.thread_id, event.in_reply_to) == ("17900000000000001", "18000000000000001", "")
    assert (event.addressed, event.may_reply, event.link) == (True, True, "")
    assert event.customer == Profile("6001", "maria_k")
    assert (event.at, event.time_is_doubtful) == (SENT_AT, False), "Instagram tells no other time"


@pytest.mark.parametrize("as_", ["id", "comment_id"])
def test_the_id_of_a_comment_has_two_names(as_: str) -> None:
    value = {k: v for k, v in comment().items() if k != "id"} | {as_: "17900000000000009"}
    assert seen(instagram("comments", value)).message_id == "17900000000000009"


def test_the_flat_form_and_the_nested_one_are_the_same_event() -> None:
    flat = {"object": "instagram", "entry": [{"id": INSTAGRAM, "time": SENT, "field": "comments", "value": comment()}]}
    assert seen(flat) == seen(instagram("comments", comment()))


def test_a_comment_in_a_delivery_for_pages_is_still_instagrams() -> None:
    delivery = instagram("comments", comment()) | {"object": "page"}
    assert seen(delivery).platform == "instagram"


@pytest.mark.parametrize("author", [OWN, {"id": INSTAGRAM}, {"id": "6555", "self_ig_scoped_id": "6999"}])
def test_our_own_answer_names_what_it_answers_and_no_customer_h25(author: dict[str, str]) -> None:
    event = seen(instagram("comments", comment(parent_id="17900000000000000", **{"from": author})))
    assert (event.own, event.customer, event.in_reply_to) == (True, Profile(""), "17900000000000000")
    assert (event.addressed, event.may_reply) == (False, False)


def test_our_own_comment_under_our_own_media_answers_nobody() -> None:
    assert told(instagram("comments", comment(**{"from": OWN}))) == SetAside("meta.own_comment")


def test_a_live_comment_is_one_whichever_field_brought_it_first() -> None:
    assert seen(instagram("live_comments", comment())).surface is Surface.LIVE_COMMENT
    assert seen(instagram("comments", comment()), "live_comments").surface is Surface.LIVE_COMMENT


@pytest.mark.parametrize("left_out", ["text", "from", "media"])
def test_whatever_is_optional_may_be_missing(left_out: str) -> None:
    event = seen(instagram("comments", {k: v for k, v in comment().items() if k != left_out}))
    assert event.thread_id
    assert event.customer.id
    assert bool(event.text) != any(m.kind is MediaKind.UNSUPPORTED for m in event.media)


def test_a_mention_is_asked_for_by_its_ids() -> None:
    caption = told(instagram("mentions", {"media_id": "18000000000000007"}))
    remark = told(instagram("mentions", {"media_id": "18000000000000007", "comment_id": "17900000000000006"}))
    assert isinstance(caption, Wanted)
    assert isinstance(remark, Wanted)
    assert json.loads(caption.reference) == {"what": "ig_media_mention", "media_id": "18000000000000007"}
    assert json.loads(remark.reference) == {
        "what": "ig_comment_mention",
        "media_id": "18000000000000007",
        "comment_id": "17900000000000006",
    }


def test_what_was_looked_up_is_a_mention_to_be_answered() -> None:
    found: dict[str, Any] = {
        "what": "ig_comment_mention",
        "id": "179",
        "text": "@shop?",
        "media_id": "180",
        "created_time": SENT - 9,
    }
    event = seen(looked_up(found | {"from": {"id": "6003", "username": "nora"}}))
    assert (event.surface, event.platform, event.thread_id) == (Surface.MENTION, "instagram", "180")
    assert (event.addressed, event.may_reply, event.customer) == (True, True, Profile("6003", "nora"))
    assert event.at == datetime.fromtimestamp(SENT - 9, UTC)


def test_an_author_known_by_name_only_is_the_same_person_each_time() -> None:
    found = {"what": "ig_media_mention", "text": "@shop", "from": {"username": "nora"}}
    first, second = (seen(looked_up(found | {"id": id_})).customer for id_ in ("1", "2"))
    assert first == second == Profile("@nora", "nora")


def test_an_author_not_told_is_nobody_else() -> None:
    first, second = (
        seen(looked_up({"what": "page_mention", "id": id_, "text": "x"}, PAGE)).customer for id_ in ("1", "2")
    )
    assert first.id != second.id


def test_we_do_not_mention_ourselves() -> None:
    assert told(looked_up({"what": "ig_media_mention", "id": "1", "from": {"id": INSTAGRAM}})) == SetAside(
        "meta.own_mention"
    )


@pytest.mark.parametrize("link", ["http://www.instagram.com/p/1", "javascript:alert(1)", 7, "https://a b"])
def test_only_a_web_address_is_a_link_h17(link: object) -> None:
    assert seen(looked_up({"what": "ig_media_mention", "id": "1", "text": "x", "permalink_url": link})).link == ""


@pytest.mark.parametrize("time", [None, 0, -1, 10**14, "soon"])
def test_without_a_believable_time_the_arrival_counts_and_is_flagged_h22(time: object) -> None:
    event = seen(instagram("comments", comment(), time))
    assert (event.at, event.time_is_doubtful) == (ARRIVED, True)


@pytest.mark.parametrize(
    "delivery",
    [
        pytest.param(instagram("comments", comment(id=None)), id="no id"),
        pytest.param(instagram("comments", comment(id="../1")), id="path"),
        pytest.param(instagram("comments", comment(media="180")), id="media is a text"),
        pytest.param(instagram("comments", comment(text=7)), id="text is a number"),
        pytest.param(instagram("mentions", {}), id="mention of nothing"),
        pytest.param(instagram("mentions", {"media_id": "1 2"}), id="mention of no id"),
        pytest.param(looked_up({"what": "ig_media_mention"}), id="found nothing"),
        pytest.param(looked_up({"what": "weather", "id": "1"}), id="nobody asked"),
        pytest.param(looked_up({"id": "1"}), id="found no kind"),
    ],
)
def test_what_breaks_the_contract_is_unreadable_h18(delivery: dict[str, Any]) -> None:
    with pytest.raises(UnreadableEvent):
        told(delivery)


def test_a_field_nobody_has_heard_of_is_set_aside_and_counted() -> None:
    assert told(instagram("story_insights", {"media_id": "1"})) == SetAside("meta.unknown_kind")


@pytest.mark.parametrize("field", ["comments", "live_comments", "mentions", "feed", "ratings", "mention"])
def test_a_known_field_without_its_value_says_that_values_are_switched_off(field: str) -> None:
    delivery = instagram(field, None)
    assert told(delivery) == SetAside("meta.values_not_included")
    del delivery["entry"][0]["changes"][0]["value"]
    assert told(delivery) == SetAside("meta.values_not_included")


def test_a_comment_that_a_recheck_did_not_find_is_gone() -> None:
    entry = {"id": INSTAGRAM, "time": SENT, "gone": {"id": "17900000000000001"}}
    assert told({"object": "instagram", "entry": [entry]}) == MessageGone("17900000000000001", SENT_AT, "instagram")
    odd: list[object] = [{}, {"id": {}}, None, "17900000000000001"]
    for nothing in odd:
        with pytest.raises(UnreadableEvent):
            told({"object": "instagram", "entry": [entry | {"gone": nothing}]})

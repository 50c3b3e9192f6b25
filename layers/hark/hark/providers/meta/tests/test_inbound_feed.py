"""A Page's comments, posts, reactions, mentions and reviews where they are not as in the examples (H15 to H18, H22)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hark.domain.events import (
    MediaKind,
    MessageGone,
    MessageHidden,
    Profile,
    Reaction,
    SetAside,
    Surface,
    UnreadableEvent,
    Wanted,
)
from hark.providers.meta.reading import ends

from .deliveries import ANA, ARRIVED, COMMENT, PAGE, POST, SENT, comment, page, seen, told

SENT_AT = datetime.fromtimestamp(SENT, UTC)


def without(*names: str, **other: object) -> dict[str, object]:
    return {k: v for k, v in comment(**other).items() if k not in names}


def test_a_comment_on_our_page_speaks_to_us_and_may_be_answered() -> None:
    event = seen(page("feed", comment()))
    assert (event.surface, event.platform, event.public) == (Surface.COMMENT, "facebook", True)
    assert (event.addressed, event.may_reply, event.own) == (True, True, False)
    assert (event.message_id, event.thread_id, event.in_reply_to) == (COMMENT, POST, POST)
    assert event.customer == Profile(ANA, name="Ana Pop")
    assert event.link == f"https://www.facebook.com/{COMMENT}"


def test_our_own_comment_names_what_it_answers_and_no_customer_h25() -> None:
    event = seen(page("feed", comment(parent_id="555_700", **{"from": {"id": PAGE, "name": "Shop"}})))
    assert (event.own, event.addressed, event.may_reply) == (True, False, False)
    assert (event.customer, event.in_reply_to) == (Profile(""), "555_700")


def test_our_own_comment_is_ours_also_when_it_is_read_for_the_linked_account() -> None:
    event = seen(page("feed", comment(**{"from": {"id": PAGE}})), account="17841400000000001")
    assert event.own


@pytest.mark.parametrize(
    "left_out", [("message",), ("created_time",), ("post_id",), ("parent_id",), ("from",), ("post_id", "parent_id")]
)
def test_whatever_is_optional_may_be_missing(left_out: tuple[str, ...]) -> None:
    event = seen(page("feed", without(*left_out)))
    assert event.message_id == COMMENT
    assert event.thread_id
    assert event.customer.id


def test_two_authors_whom_meta_does_not_name_are_not_one_person() -> None:
    first = seen(page("feed", without("from")))
    second = seen(page("feed", without("from", comment_id="555_778")))
    assert first.customer.id != second.customer.id
    assert not first.own


def test_a_comment_without_anything_readable_is_still_shown() -> None:
    (only,) = seen(page("feed", without("message"))).media
    assert only.kind is MediaKind.UNSUPPORTED


def test_a_picture_or_film_comes_by_reference() -> None:
    event = seen(page("feed", comment(photo="https://scontent.example/a.jpg", video="https://scontent.example/a.mp4")))
    assert [(m.kind, m.url[-3:]) for m in event.media] == [(MediaKind.IMAGE, "jpg"), (MediaKind.VIDEO, "mp4")]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "http://a.example/", "https://a b", 'https://a"b', {}, 7, ""]
)
def test_what_is_no_web_address_is_no_picture_h17(url: object) -> None:
    assert seen(page("feed", comment(photo=url))).media == ()


@pytest.mark.parametrize("what", ["post", "status", "photo", "video", "share", "link", "album"])
def test_a_visitors_post_is_a_message_whatever_it_holds(what: str) -> None:
    value = {"item": what, "verb": "add", "post_id": f"{PAGE}_9", "from": {"id": "9002"}, "created_time": SENT}
    event = seen(page("feed", value | {"link": "https://scontent.example/x"}))
    assert (event.surface, event.message_id, event.thread_id) == (Surface.POST, f"{PAGE}_9", f"{PAGE}_9")
    assert (event.addressed, event.may_reply, event.in_reply_to) == (True, True, "")
    kinds = {"photo": MediaKind.IMAGE, "video": MediaKind.VIDEO, "share": MediaKind.LINK, "link": MediaKind.LINK}
    assert [m.kind for m in event.media] == [kinds.get(what, MediaKind.UNSUPPORTED)]


def test_several_photos_are_shown_once_each() -> None:
    urls = [f"https://scontent.example/{n}.jpg" for n in range(3)]
    value = {"item": "status", "verb": "add", "post_id": f"{PAGE}_9", "from": {"id": "9002"}, "photos": urls}
    assert [
        m.url for m in seen(page("feed", {**value, "photo": urls[0], "item": "photo", "link": urls[0]})).media
    ] == urls


@pytest.mark.parametrize("verb", ["add", "edit", "edited"])
def test_our_own_posts_answer_nobody(verb: str) -> None:
    value = {"item": "status", "verb": verb, "post_id": POST, "from": {"id": PAGE}, "message": "New hours"}
    assert told(page("feed", value)) == SetAside("meta.own_post")


@pytest.mark.parametrize("verb", ["edit", "edited", "update"])
def test_an_edit_is_a_later_version_of_the_same_comment(verb: str) -> None:
    event = seen(page("feed", comment(verb=verb, message="4711?"), SENT + 60))
    assert (event.message_id, event.text, event.edit_only) == (COMMENT, "4711?", False)
    assert event.version // 1000 == SENT + 60
    assert event.version > seen(page("feed", comment())).version == 0
    assert event.at == SENT_AT - timedelta(seconds=1), "it was written when the comment was"


@pytest.mark.parametrize("verb", ["remove", "delete"])
@pytest.mark.parametrize("what", ["comment", "post", "photo"])
def test_what_was_removed_is_gone_though_nothing_but_its_id_is_told(verb: str, what: str) -> None:
    value = {"item": what, "verb": verb, "post_id": POST, "comment_id": COMMENT}
    assert told(page("feed", value)) == MessageGone(COMMENT if what == "comment" else POST, SENT_AT, "facebook")


@pytest.mark.parametrize(("verb", "hidden"), [("hide", True), ("unhide", False)])
def test_hiding_is_ordered_by_when_meta_told_of_it(verb: str, hidden: bool) -> None:
    hiding = comment(verb=verb, created_time=SENT - 60)
    assert told(page("feed", hiding)) == MessageHidden(COMMENT, hidden, SENT_AT, "facebook")


def test_a_reaction_is_to_the_comment_else_to_the_post() -> None:
    value = {"item": "reaction", "verb": "add", "reaction_type": "haha", "post_id": POST, "from": {"id": ANA}}
    to_post, to_comment = (told(page("feed", value | more)) for more in ({}, {"comment_id": COMMENT}))
    assert to_post == Reaction(POST, ANA, "haha", SENT_AT, "facebook")
    assert to_comment == Reaction(COMMENT, ANA, "haha", SENT_AT, "facebook")


def test_a_reaction_taken_back_in_the_second_it_was_set_is_taken_back() -> None:
    value = {"item": "reaction", "reaction_type": "haha", "post_id": POST, "from": {"id": ANA}, "created_time": SENT}
    events = [told(page("feed", value | {"verb": verb})) for verb in ("remove", "edit", "add")]
    reactions = [e for e in events if isinstance(e, Reaction)]
    assert [r.reaction for r in sorted(reactions, key=lambda r: r.at)] == ["haha", "haha", ""]


def test_a_reaction_of_nobody_counts_for_nothing() -> None:
    value = {"item": "reaction", "verb": "add", "reaction_type": "haha", "post_id": POST}
    assert told(page("feed", value)) == SetAside("meta.reaction_of_nobody")


@pytest.mark.parametrize(
    "value",
    [
        {"item": "comment", "verb": "block", "comment_id": COMMENT},
        {"item": "comment", "comment_id": COMMENT},
        {"item": "post", "verb": "mute", "post_id": POST},
        {"item": "reaction", "verb": "hide", "post_id": POST, "from": {"id": ANA}},
        {"item": "event", "verb": "add", "event_id": "1"},
        {"item": "something_new", "verb": "add"},
        {},
    ],
)
def test_what_nobody_has_heard_of_is_set_aside_and_counted(value: dict[str, object]) -> None:
    assert told(page("feed", value)) == SetAside("meta.unknown_kind")


def test_a_mention_without_its_author_is_asked_for() -> None:
    value = {"item": "comment", "verb": "add", "post_id": "222_333", "comment_id": "333_444", "message": "Ask Shop"}
    wanted = told(page("mention", value))
    assert wanted == Wanted('{"comment_id": "333_444", "post_id": "222_333", "what": "page_mention"}', "facebook")
    assert told(page("mention", {"item": "post", "verb": "add", "post_id": "222_333"})) == Wanted(
        '{"post_id": "222_333", "what": "page_mention"}', "facebook"
    )


def test_a_mention_with_its_author_needs_no_asking() -> None:
    value = {"item": "post", "verb": "add", "post_id": "222_333", "message": "Ask Shop", "sender_id": 9010}
    event = seen(page("mention", value))
    assert (event.surface, event.message_id, event.thread_id) == (Surface.MENTION, "222_333", "222_333")
    assert (event.customer.id, event.addressed) == ("9010", True)
    assert told(page("mention", value | {"sender_id": int(PAGE)})) == SetAside("meta.own_mention")


def test_a_mention_that_was_removed_is_gone() -> None:
    value = {"item": "comment", "verb": "remove", "post_id": "222_333", "comment_id": "333_444"}
    assert told(page("mention", value)) == MessageGone("333_444", SENT_AT, "facebook")


@pytest.mark.parametrize(
    ("given_", "text"),
    [
        ({"review_text": "Slow", "recommendation_type": "NEGATIVE"}, "Slow"),
        ({"recommendation_type": "negative"}, "NEGATIVE"),
        ({"review_text": "", "rating": 2}, "2/5"),
    ],
)
def test_a_review_says_what_its_author_wrote_or_at_least_gave(given_: dict[str, object], text: str) -> None:
    value = {"item": "rating", "verb": "add", "open_graph_story_id": "880", "reviewer_id": "9003", **given_}
    event = seen(page("ratings", value))
    assert (event.surface, event.text, event.message_id, event.customer.id) == (Surface.REVIEW, text, "880", "9003")


def test_a_comment_under_a_review_is_a_comment_in_its_thread() -> None:
    value = {"item": "comment", "verb": "add", "open_graph_story_id": "880", "comment_id": "880_1", "message": "Same"}
    event = seen(page("ratings", value | {"sender_id": "9004"}))
    assert (event.surface, event.thread_id, event.in_reply_to) == (Surface.COMMENT, "880", "880")


# --- text and time ------------------------------------------------------------------------------


def test_text_that_no_store_can_hold_is_cleaned_h15() -> None:
    event = seen(page("feed", comment(message="a\x00b\ud83dc\x1bd\r\ne")))
    assert (event.text, event.cleaned) == ("a\ufffdb\ufffdc\ufffdd\ne", True)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\u202etxet\u202c", id="bidi override"),
        pytest.param("a\u200b\u200db", id="zero width"),
        pytest.param("e" + "\u0301" * 10_000, id="combining marks"),
        pytest.param("<script>alert(1)</script> [x](javascript:alert(1))", id="H17"),
        pytest.param("&lt;b&gt;", id="no unescaping: Meta does not escape"),
    ],
)
def test_odd_but_lawful_text_stays_as_it_is_h16_h17(text: str) -> None:
    event = seen(page("feed", comment(message=text)))
    assert (event.text, event.cleaned) == (text, False)


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=60))
def test_any_text_and_any_name_can_be_stored_afterwards(text: str) -> None:
    event = seen(page("feed", comment(message=text, **{"from": {"id": ANA, "name": text}})))
    for made in (event.text, event.customer.name):
        assert "\x00" not in made
        made.encode("utf-8")


@pytest.mark.parametrize(
    "written",
    [0, -1, 1, "1970", 10**14, 10**29, "9" * 20, "9" * 21, "soon", "", True, 1.5, {}, [], "9999-12-31T23:59:59Z"],
)
def test_an_absurd_time_gives_way_to_the_arrival_and_is_flagged_h22(written: object) -> None:
    event = seen(page("feed", comment(created_time=written)))
    assert (event.at, event.time_is_doubtful) == (ARRIVED, True)


@pytest.mark.parametrize("time", [0, -5, "x", None, {}, 10**25])
def test_an_absurd_time_of_sending_never_orders_anything_before_the_message_h22(time: object) -> None:
    event = seen(page("feed", comment(verb="edited"), time))
    assert event.version >= int(ARRIVED.timestamp()) * 1000
    assert told(page("feed", comment(verb="remove"), time)) == MessageGone(COMMENT, ARRIVED, "facebook")


@settings(max_examples=50, deadline=None)
@given(st.datetimes(datetime(2010, 1, 1), ARRIVED.replace(tzinfo=None)))  # noqa: DTZ001 - hypothesis wants them naive
def test_seconds_milliseconds_digits_and_iso_are_the_same_time(naive: datetime) -> None:
    moment = naive.replace(tzinfo=UTC, microsecond=0)
    epoch = int(moment.timestamp())
    written = [epoch, epoch * 1000, str(epoch), str(epoch * 1000), moment.strftime("%Y-%m-%dT%H:%M:%S+0000")]
    events = [seen(page("feed", comment(created_time=each))) for each in written]
    assert [(e.at, e.time_is_doubtful) for e in events] == [(moment, False)] * len(written)


def test_a_clock_ten_minutes_ahead_is_believed_and_no_more() -> None:
    ahead = int(ARRIVED.timestamp()) + 599
    assert not seen(page("feed", comment(created_time=ahead))).time_is_doubtful
    assert seen(page("feed", comment(created_time=ahead + 2))).time_is_doubtful


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(comment(comment_id="../1"), id="id"),
        pytest.param(comment(post_id="a b"), id="thread"),
        pytest.param(comment(parent_id="1#2"), id="parent"),
        pytest.param(comment(**{"from": {"id": "x" * 10_000}}), id="long author"),
        pytest.param(comment(**{"from": {"id": {}}}), id="author id is an object"),
        pytest.param(comment(**{"from": "Ana"}), id="author is a text"),
        pytest.param(comment(message=["a"]), id="text is a list"),
        pytest.param(comment(item=7), id="item is a number"),
        pytest.param(comment(verb={}), id="verb is an object"),
        pytest.param({"item": "reaction", "verb": "add"}, id="reaction to nothing"),
        pytest.param({"item": "post", "verb": "remove"}, id="no post"),
    ],
)
def test_a_change_that_breaks_the_contract_is_unreadable_h18(value: dict[str, object]) -> None:
    with pytest.raises(UnreadableEvent):
        told(page("feed", value))


def test_a_signed_address_tells_when_it_ends() -> None:
    assert ends("https://scontent.xx.fbcdn.net/v/a.jpg?oh=1&oe=6B00DF00") == datetime(2026, 11, 21, 0, 0, tzinfo=UTC)
    for url in ("https://scontent.xx.fbcdn.net/a.jpg", "https://scontent.xx.fbcdn.net/a.jpg?oe=soon", ""):
        assert ends(url) is None

"""What X's events mean, from the contract's examples and from hostile ones (rows H15 to H18, H22, H25)."""

from __future__ import annotations

import html
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hark.domain.events import Event, MessageGone, MessageSeen, RawEvent, SetAside, UnreadableEvent
from hark.providers.contract import UnreadableDelivery
from hark.providers.x import posts
from hark.providers.x.inbound import parse
from hark.testkit.fixtures import Fixtures, distorted, truncated
from hark.testkit.fixtures import told as meaning
from hark.testkit.texts import ODD_BUT_LAWFUL

from .signing import split

FIXTURES = Fixtures(Path(__file__).parent.parent / "fixtures")
NAMES = FIXTURES.names
ARRIVED = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
BRAND, KIM = "5550001", "7770002"
ROOT, POST = "2123702889477047049", "2123706425275322373"


def told(payload: dict[str, Any], *kinds: str, **beside: object) -> Event:
    kind = kinds[0] if kinds else "post.reply.create"
    whole = {"id": POST, "text": "hello", "author_id": KIM, "created_at": "2026-11-20T09:14:03.000Z"} | payload
    data = {"event_type": kind, "filter": {"user_id": BRAND}, "payload": whole} | beside
    raw = RawEvent(f"post:{POST}", kind, BRAND, json.dumps({"data": data}).encode())
    (event,) = parse(raw, frozenset(kinds), BRAND, ARRIVED)
    return event


def seen(payload: dict[str, Any], *kinds: str, **beside: object) -> MessageSeen:
    event = told(payload, *kinds, **beside)
    assert isinstance(event, MessageSeen)
    return event


def test_every_example_of_the_contract_is_here() -> None:
    assert len(NAMES) == 38


@pytest.mark.parametrize("name", NAMES)
def test_an_example_of_the_contract_means_what_its_file_says(name: str) -> None:
    arrived, expected = FIXTURES.expected(name)
    assert meaning(split(FIXTURES.body(name)), parse, arrived) == expected


@pytest.mark.parametrize("name", NAMES)
def test_no_truncated_example_makes_the_parser_fall_over(name: str) -> None:
    for broken in truncated(FIXTURES.body(name), 7):
        with pytest.raises(UnreadableDelivery):
            split(broken)


@pytest.mark.parametrize(
    "name",
    [n for n in NAMES if n.startswith(("post.", "aaa.tweet", "aaa.direct", "dm.", "chat.", "poll.", "recheck."))],
)
def test_a_field_of_any_form_is_read_or_refused_but_never_a_crash(name: str) -> None:
    odd: list[object] = [None, 7, "x", [], {}, [None], [{}], {"data": None}, True]
    for body in distorted(FIXTURES.body(name), odd):
        try:
            for raw in split(body):
                assert parse(raw, frozenset((raw.kind,)), raw.account_id, ARRIVED)
        except (UnreadableDelivery, UnreadableEvent):
            continue


def test_a_name_before_the_visible_text_is_x_own_and_calls_nobody() -> None:
    mention = {"entities": {"mentions": [{"start": 0, "end": 5, "username": "acme", "id": BRAND}]}}
    reply = {"in_reply_to_tweet_id": ROOT, "in_reply_to_user_id": BRAND, **mention}
    assert not seen({**reply, "display_text_range": [6, 24]}).may_reply
    assert seen({**reply, "display_text_range": [0, 24]}).may_reply
    assert seen(reply).may_reply, "without a range all of it is visible"
    assert seen({**reply, "display_text_range": [6, 24]}, "post.reply.create", "post.mention.create").may_reply


def test_a_reply_to_us_speaks_to_us_even_where_x_lets_us_not_answer() -> None:
    event = seen({"in_reply_to_tweet_id": ROOT, "in_reply_to_user_id": BRAND})
    assert (event.addressed, event.may_reply, event.in_reply_to) == (True, False, ROOT)
    aside = seen({"in_reply_to_tweet_id": ROOT, "in_reply_to_user_id": "7770003"}, "poll.mention")
    assert (aside.addressed, aside.may_reply) == (False, False)


def test_a_post_that_begins_with_our_name_is_no_reply() -> None:
    event = seen({"in_reply_to_user_id": BRAND}, "post.mention.create")
    assert (event.in_reply_to, event.addressed, event.may_reply) == ("", True, True)


@pytest.mark.parametrize("word", ["referenced_tweets", "referenced_posts"])
def test_a_quote_may_be_answered_when_it_is_of_ours(word: str) -> None:
    quote = {word: [{"type": "quoted", "id": ROOT}]}
    assert seen(quote, "post.quote.create").may_reply
    assert not seen(quote, "poll.mention").may_reply
    included = {"tweets": [{"data": {"id": ROOT, "author_id": BRAND}}]}
    assert seen(quote, "poll.mention", includes=included).may_reply


@pytest.mark.parametrize("word", ["retweeted", "reposted"])
def test_a_repost_is_nobodys_question(word: str) -> None:
    assert told({"referenced_tweets": [{"type": word, "id": ROOT}]}) == SetAside("x.repost")
    own = {"author_id": BRAND, "referenced_posts": [{"type": word, "id": ROOT}]}
    assert told(own, "post.repost.create") == SetAside("x.own_repost")


def test_the_parent_is_found_in_the_reference_when_rest_names_no_parent() -> None:
    event = seen({"referenced_posts": [{"type": "replied_to", "id": ROOT}], "conversation_id": ROOT}, "poll.mention")
    assert (event.in_reply_to, event.thread_id) == (ROOT, ROOT)


def test_our_own_post_belongs_to_the_person_it_answers_h25() -> None:
    users = {"users": [{"data": {"id": KIM, "username": "kim_l", "name": "Kim &amp; Co"}}]}
    event = seen(
        {"author_id": BRAND, "in_reply_to_user_id": KIM, "in_reply_to_tweet_id": ROOT}, "post.create", includes=users
    )
    assert (event.own, event.may_reply, event.addressed) == (True, False, False)
    assert (event.customer.id, event.customer.handle, event.customer.name) == (KIM, "kim_l", "Kim & Co")


def test_our_own_posts_to_nobody_are_set_aside() -> None:
    assert told({"author_id": BRAND}, "post.create") == SetAside("x.own_post")
    assert told({"author_id": BRAND, "in_reply_to_user_id": BRAND}, "post.create") == SetAside("x.own_thread")


def test_the_author_is_looked_up_by_id_never_by_place() -> None:
    users = [{"id": BRAND, "username": "acme"}, {"id": KIM, "username": "kim_l", "protected": True}, None, {"data": 1}]
    customer = seen({}, includes={"users": users}).customer
    assert (customer.id, customer.handle, customer.protected) == (KIM, "kim_l", True)


@pytest.mark.parametrize("word", ["edit_history_tweet_ids", "edit_history_post_ids"])
def test_an_edit_keeps_the_first_name_and_has_a_higher_version(word: str) -> None:
    first = seen({"id": "100", word: ["100"]})
    second = seen({"id": "205", word: ["205", "100"]})
    assert first.message_id == second.message_id == "100"
    assert second.versions == ("100", "205")
    assert second.version > first.version
    assert second.thread_id == "100", "without a conversation id the first version names the thread"


def test_an_edit_was_written_when_its_first_version_was() -> None:
    later = str(int(POST) + (5 * 60_000 << 22))
    first = seen({"id": POST, "edit_history_tweet_ids": [POST]})
    edit = seen({"id": later, "edit_history_tweet_ids": [POST, later], "created_at": "2026-11-20T09:19:03.000Z"})
    assert (edit.at, edit.link, edit.time_is_doubtful) == (first.at, first.link, False)


def test_versions_are_ordered_as_numbers_not_as_words() -> None:
    assert seen({"id": "1000", "edit_history_tweet_ids": ["1000", "999"]}).message_id == "999"


@pytest.mark.parametrize("word", ["note_tweet", "note_post"])
def test_a_long_post_is_read_whole(word: str) -> None:
    note = {"text": "@acme all of it &lt;3", "entities": {"mentions": [{"start": 0, "id": BRAND, "username": "acme"}]}}
    event = seen({"text": "@acme all…", word: note})
    assert (event.text, event.may_reply) == ("@acme all of it <3", True)


def test_links_are_written_out_once_and_only_web_links() -> None:
    urls = [
        {"url": "https://t.co/a", "expanded_url": "https://acme.example/track?id=1&x=https://t.co/ab"},
        {"url": "https://t.co/ab", "expanded_url": "http://example.lv/"},
        {"url": "https://t.co/js", "expanded_url": "javascript:alert(1)"},
        {"url": "https://t.co/no"},
    ]
    text = seen({"text": "https://t.co/a https://t.co/ab https://t.co/js", "entities": {"urls": urls}}).text
    assert text == "https://acme.example/track?id=1&x=https://t.co/ab http://example.lv/ https://t.co/js"


def test_text_is_unescaped_once() -> None:
    assert seen({"text": "a &amp;lt;b&amp;gt; &lt;c&gt; &quot; &amp;amp;"}).text == "a &lt;b&gt; <c> &quot; &amp;"


@given(st.text())
def test_unescaping_undoes_x_escaping_for_any_text(text: str) -> None:
    assert posts.unescape(html.escape(text, quote=False)) == text


def test_text_that_no_store_can_hold_is_cleaned_h15() -> None:
    event = seen({"text": "a\x00b\ud83dc\x1bd\u0085e\r\nf\tg"})
    assert event.text == "a\ufffdb\ufffdc\ufffdd\ufffde\nf\tg"
    assert event.cleaned
    event.text.encode("utf-8")


@pytest.mark.parametrize("text", ODD_BUT_LAWFUL.values(), ids=ODD_BUT_LAWFUL.keys())
def test_odd_but_lawful_text_stays_as_it_is_h16_h17(text: str) -> None:
    event = seen({"text": text})
    assert (event.text, event.cleaned) == (text, False)


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_any_text_can_be_stored_afterwards(text: str) -> None:
    made = seen({"text": text}).text
    assert "\x00" not in made
    made.encode("utf-8")


@pytest.mark.parametrize(
    "written", ["1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "-1", "soon", "", None, 0, 7.5, {}, "2026-11-20"]
)
def test_an_absurd_time_gives_way_to_the_one_in_the_id_h22(written: object) -> None:
    event = seen({"created_at": written})
    assert event.at.replace(microsecond=0) == datetime(2026, 11, 20, 9, 14, 3, tzinfo=UTC)
    assert not event.time_is_doubtful


@pytest.mark.parametrize("own_id", ["1", "20", "9" * 25, "9223372036854775807"])
def test_without_any_believable_time_the_arrival_counts_and_is_flagged_h22(own_id: str) -> None:
    event = seen({"id": own_id, "created_at": "1970-01-01T00:00:00Z"})
    assert (event.at, event.time_is_doubtful) == (ARRIVED, True)


def test_a_clock_ten_minutes_ahead_is_believed() -> None:
    assert seen({"created_at": "2026-11-20T12:39:59+00:00"}).at > ARRIVED


@given(st.integers(1_300_000_000_000, 2_800_000_000_000))
def test_an_id_holds_its_time_to_the_millisecond(ms: int) -> None:
    moment = datetime.fromtimestamp(ms / 1000, UTC)
    inside = posts.snowflake_time(posts.snowflake_at(moment))
    assert inside is not None
    assert abs((inside - moment).total_seconds()) <= 0.0006


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param({"id": "../1"}, id="id"),
        pytest.param({"id": {}}, id="id is an object"),
        pytest.param({"conversation_id": "a b"}, id="thread"),
        pytest.param({"in_reply_to_tweet_id": 12}, id="parent is a number"),
        pytest.param({"edit_history_tweet_ids": ["1#2"]}, id="version"),
        pytest.param({"referenced_tweets": [{"type": "quoted", "id": "x" * 10_000}]}, id="quoted"),
        pytest.param({"text": None}, id="no text"),
        pytest.param({"text": ["a"]}, id="text is a list"),
        pytest.param({"author_id": None}, id="no author"),
    ],
)
def test_a_post_that_breaks_the_contract_is_unreadable_h18(payload: dict[str, Any]) -> None:
    with pytest.raises(UnreadableEvent):
        told(payload)


def test_a_deletion_names_the_post_whoever_took_it_away() -> None:
    assert told({}, "post.delete") == MessageGone(POST, ARRIVED)


def test_what_nobody_has_heard_of_is_set_aside_and_counted() -> None:
    assert told({}, "post.bookmark.create") == SetAside("x.unknown_kind")


@pytest.mark.parametrize(
    ("code", "language"), [("iw", "he"), ("in", "id"), ("lv", "lv"), ("und", ""), ("qme", ""), ("zxx", ""), (7, "")]
)
def test_the_language_is_a_hint_in_todays_codes(code: object, language: str) -> None:
    assert seen({"lang": code}).language_hint == language

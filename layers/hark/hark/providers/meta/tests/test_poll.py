"""Reading what webhooks left out, in the same words and under the same keys; looking up mentions."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hark.domain.events import MediaKind, MessageSeen, RawEvent, Surface, Wanted
from hark.providers.contract import CallFailed, Connection, Page, Request
from hark.providers.meta import door, listed, poll
from hark.providers.meta.fake import Fake
from hark.providers.meta.fake.identity import INSTAGRAM_ID, PAGE_ID
from hark.providers.meta.inbound import parse
from hark.providers.meta.tests.graph_stub import Reply, Stub, error, serving
from hark.providers.meta.tests.meta_accounts import instagram, instagram_through_page, page, say


@pytest.fixture
def meta() -> Iterator[Fake]:
    with Fake() as fake:
        fake.world.add_person("kim_l", "Kim L")
        fake.world.add_person("ben_i", "Ben I")
        yield fake


def ago(**span: float) -> str:
    return (datetime.now(UTC) - timedelta(**span)).isoformat(timespec="seconds")


def a_round(connection: Connection, cursor: dict[str, Any] | None = None) -> list[Page]:
    pages = list(poll.poll(connection, cursor or {}, 50))
    assert pages[-1].done and not any(one.done for one in pages[:-1])
    return pages


def found(pages: list[Page]) -> list[RawEvent]:
    return [event for one in pages for event in one.events]


def read(events: list[RawEvent]) -> dict[str, MessageSeen]:
    made = [e for raw in events for e in parse(raw, frozenset({raw.kind}), raw.account_id, datetime.now(UTC))]
    seen = [e for e in made if isinstance(e, MessageSeen)]
    return {e.message_id: e for e in seen}


def delivered(stub: Stub, count: int) -> list[RawEvent]:
    until = time.monotonic() + 8
    events: list[RawEvent] = []
    while len(events) < count:
        assert time.monotonic() < until, f"only {len(events)} came"
        time.sleep(0.02)
        posts = [one for one in stub.asked if one.method == "POST"]
        events = [e for one in posts for e in door.split(Request("POST", {}, "", json.dumps(one.body).encode()))]
    return events


def test_a_poll_tells_what_the_webhook_told_under_the_same_key_with_the_same_meaning() -> None:
    with serving() as hook:
        hook.by_path["/hook"] = [Reply(200, {})]
        with Fake(webhook_url=f"{hook.url}/hook") as fake:
            fake.world.add_person("kim_l", "Kim L")

            def told(platform: str, surface: str, by: str, text: str, **more: Any) -> str:
                return say(fake, platform, surface, by, text, silent=False, at=ago(minutes=15), **more)

            comment = told("facebook", "comment", "kim_l", "Where is my parcel 4711? 😀 https://shop.example/x")
            told("facebook", "comment", "acme", "We are looking.", to=comment)
            told("facebook", "post", "kim_l", "Great shop!")
            told("messenger", "direct", "kim_l", "Hello", media=[{"kind": "image", "url": "https://a.fbcdn.net/1.jpg"}])
            told("messenger", "direct", "acme", "Hi Kim", to="kim_l")
            top = told("instagram", "comment", "kim_l", "Πόσο κάνει;")
            told("instagram", "comment", "acme", "5 €", to=top)
            told("instagram", "direct", "kim_l", "In stock?")
            told("instagram", "direct", "acme", "Yes", to="kim_l")
            hooked = {event.key: event for event in delivered(hook, 9)}
            polled = found(a_round(page(fake))) + found(a_round(instagram(fake)))
    assert {event.key for event in polled} == set(hooked)
    for event in polled:
        twin = hooked[event.key]
        assert (event.kind, event.account_id) == (twin.kind, twin.account_id)
        arrived = datetime.now(UTC)
        (ours,), (theirs,) = (parse(e, frozenset({e.kind}), e.account_id, arrived) for e in (event, twin))
        assert isinstance(ours, MessageSeen) and isinstance(theirs, MessageSeen)
        if event.kind == "comments":
            # Instagram's webhook does not say when a comment was written; the list does.
            theirs = replace(theirs, at=ours.at)
        assert replace(ours, at=ours.at.replace(microsecond=0)) == replace(theirs, at=theirs.at.replace(microsecond=0))


def test_what_no_webhook_told_is_found(meta: Fake) -> None:
    post = say(meta, "facebook", "post", "acme", "News", at=ago(days=20))
    comment = say(meta, "facebook", "comment", "kim_l", "Under an old post", to=post, at=ago(hours=2))
    reply = say(meta, "facebook", "comment", "ben_i", "Me too", to=comment, at=ago(hours=1))
    visitor = say(meta, "facebook", "post", "ben_i", "Great shop!", at=ago(hours=3))
    direct = say(meta, "messenger", "direct", "kim_l", "Hello", at=ago(minutes=5))
    seen = read(found(a_round(page(meta))))
    assert set(seen) == {comment, reply, visitor, f"{PAGE_ID}#{direct}"}
    assert (seen[comment].thread_id, seen[comment].in_reply_to) == (post, post)
    assert (seen[reply].thread_id, seen[reply].in_reply_to) == (post, comment)
    assert seen[visitor].surface is Surface.POST and seen[visitor].customer.name == "Ben I"
    media = say(meta, "instagram", "post", "acme", "Spring", at=ago(days=20))
    old = say(meta, "instagram", "comment", "kim_l", "Price?", to=media, at=ago(days=10))
    under = say(meta, "instagram", "comment", "ben_i", "Yes, the price?", to=old, at=ago(hours=1))
    live = say(meta, "instagram", "live_comment", "ben_i", "Hi!", at=ago(hours=1))
    seen = read(found(a_round(instagram(meta))))
    assert set(seen) == {under, live}, "a reply under an old comment is new, the comment is not"
    assert (seen[under].thread_id, seen[under].in_reply_to) == (media, old)
    assert seen[live].surface is Surface.LIVE_COMMENT


def test_a_round_that_is_cut_anywhere_goes_on_where_it_was(meta: Fake) -> None:
    for n in range(3):
        post = say(meta, "facebook", "post", "acme", f"News {n}", at=ago(days=n + 1))
        say(meta, "facebook", "comment", "kim_l", f"Question {n}", to=post, at=ago(hours=1))
    whole = [event.key for event in found(a_round(page(meta)))]
    cursor: dict[str, Any] = {}
    events: list[str] = []
    for _ in range(20):
        (one,) = poll.poll(page(meta), json.loads(json.dumps(cursor)), 1)
        cursor, events = dict(one.cursor), events + [event.key for event in one.events]
        if one.done:
            break
    assert sorted(events) == sorted(whole) and len(whole) == 3
    assert set(cursor) == {"since"}


def test_the_next_round_begins_a_little_before_this_one_began(meta: Fake) -> None:
    say(meta, "facebook", "comment", "kim_l", "Early", at=ago(hours=2))
    cursor = dict(a_round(page(meta))[-1].cursor)
    assert abs(cursor["since"] - (time.time() - 600)) < 5
    late = say(meta, "facebook", "comment", "kim_l", "Listed late", at=ago(minutes=8))
    assert [event.key for event in found(a_round(page(meta), cursor))] == [f"comment:{late}"]


def test_an_own_private_message_is_left_to_its_echo_for_a_while(meta: Fake) -> None:
    say(meta, "messenger", "direct", "kim_l", "Hello", at=ago(minutes=5))
    own = say(meta, "messenger", "direct", "acme", "Hi", to="kim_l", at=ago(minutes=4))
    first = a_round(page(meta))
    assert [event.kind for event in found(first)] == ["message"]
    later = dict(first[-1].cursor) | {"began": int(time.time()) + 700, "todo": [["conversations", "messenger", "", ""]]}
    (event,) = (e for e in found(a_round(page(meta), later)) if e.kind == "message.echo")
    assert event.key == f"message:{PAGE_ID}#{own}"


def test_long_lists_are_read_to_their_end(meta: Fake) -> None:
    post = say(meta, "facebook", "post", "acme", "News", at=ago(days=1))
    wanted = {say(meta, "facebook", "comment", "kim_l", f"n {n}", to=post, at=ago(minutes=n)) for n in range(130)}
    assert set(read(found(a_round(page(meta))))) == wanted
    media = say(meta, "instagram", "post", "acme", "Spring", at=ago(days=1))
    top = say(meta, "instagram", "comment", "kim_l", "Price?", to=media, at=ago(hours=1))
    below = {say(meta, "instagram", "comment", "ben_i", f"r {n}", to=top, at=ago(minutes=n)) for n in range(60)}
    assert set(read(found(a_round(instagram(meta))))) == below | {top}


def test_a_thread_with_more_news_than_is_shown_is_told_as_a_problem(meta: Fake) -> None:
    for n in range(25):
        say(meta, "messenger", "direct", "kim_l", f"n {n}", at=ago(minutes=60 - n))
    pages = a_round(page(meta))
    assert len(found(pages)) == 20
    assert pages[-1].problems == ("meta.conversation_cut",)


@pytest.mark.parametrize(
    ("attachment", "kinds"),
    [
        ({"type": "photo", "media": {"image": {"src": "https://a.fbcdn.net/1.jpg"}}}, [MediaKind.IMAGE]),
        ({"type": "video_inline", "media": {"source": "https://a.fbcdn.net/1.mp4"}}, [MediaKind.VIDEO]),
        ({"type": "video_inline", "url": "https://www.facebook.com/1"}, [MediaKind.VIDEO]),
        ({"type": "share", "media": {"image": {"src": "https://a.fbcdn.net/preview.jpg"}}}, []),
        ({"type": "photo", "media": "odd"}, []),
        ("odd", []),
    ],
)
def test_what_is_attached_to_a_comment_is_named_as_the_webhook_does(attachment: object, kinds: list[MediaKind]) -> None:
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
    row = {"id": "3_1", "message": "look", "created_time": at, "from": {"id": "9001"}, "attachment": attachment}
    seen = read(list(poll._events(Connection({}, "", PAGE_ID, ("facebook",)), [listed.comment(row, "1_1")], 0)))
    assert [media.kind for media in seen["3_1"].media] == kinds


def test_an_instagram_account_behind_a_page_is_read_with_the_page_s_token(meta: Fake) -> None:
    comment = say(meta, "instagram", "comment", "kim_l", "Price?", at=ago(hours=1))
    direct = say(meta, "instagram", "direct", "kim_l", "In stock?", at=ago(hours=1))
    seen = read(found(a_round(instagram_through_page(meta))))
    assert set(seen) == {comment, f"{INSTAGRAM_ID}#{direct}"}


def test_messages_that_the_owner_keeps_closed_do_not_stop_the_comments(meta: Fake) -> None:
    comment = say(meta, "instagram", "comment", "kim_l", "Price?", at=ago(hours=1))
    say(meta, "instagram", "direct", "kim_l", "In stock?", at=ago(hours=1))
    for missing in (["allow_messages"], ["instagram_manage_messages"]):
        meta.permissions.set_missing(INSTAGRAM_ID, missing)
        pages = a_round(instagram(meta))
        assert set(read(found(pages))) == {comment}
        assert pages[-1].problems == ("meta.conversations_closed",)


def test_words_by_nobody_we_may_know_are_found_and_told_as_a_problem(meta: Fake) -> None:
    meta.permissions.set_missing(PAGE_ID, ["pages_read_user_content"])
    comment = say(meta, "facebook", "comment", "kim_l", "Hello?", at=ago(hours=1))
    pages = a_round(page(meta))
    assert comment in read(found(pages))
    assert "meta.author_not_shown" in {problem for one in pages for problem in one.problems}


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"answer": "rate_limited", "seconds": 300}, "rate_limited"),
        ({"answer": "status", "status": 503}, "busy"),
        ({"answer": "reset"}, "busy"),
        ({"answer": "half_json"}, "busy"),
        ({"answer": "html"}, "busy"),
        ({"answer": "errors", "code": 100}, "busy"),
        ({"answer": "error", "code": 190, "subcode": 463}, "token_refused"),
        ({"answer": "error", "code": 200}, "permission_missing"),
    ],
)
def test_a_poll_that_fails_leaves_the_cursor_where_it_was_i8(meta: Fake, fault: dict[str, Any], code: str) -> None:
    comment = say(meta, "facebook", "comment", "kim_l", "Hello?", at=ago(hours=1))
    meta.faults.plan({"on": "poll", **fault})
    with pytest.raises(CallFailed) as failed:
        a_round(page(meta))
    assert failed.value.code == code
    if code != "rate_limited":
        assert comment in read(found(a_round(page(meta))))


def listing(*rows: object) -> Reply:
    return Reply(200, {"data": list(rows)})


def test_one_post_that_cannot_be_read_stops_only_itself() -> None:
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
    posts = [{"id": f"1_{n}", "updated_time": at, "created_time": at, "from": {"id": PAGE_ID}} for n in range(3)]
    comment = {"id": "3_1", "message": "hi", "created_time": at, "from": {"id": "9001", "name": "Ana"}}
    with serving() as stub:
        stub.by_path = {
            f"/v26.0/{PAGE_ID}/feed": [listing(*posts)],
            "/v26.0/1_0/comments": [error(100, 33)],
            "/v26.0/1_1/comments": [error(100)],
            "/v26.0/1_2/comments": [listing(comment, "odd", {"message": "no id", "from": {"id": "9001"}})],
        }
        connection = Connection({"app_secret": "s", "access_token": "EAA"}, stub.url, PAGE_ID, ("facebook",))
        pages = a_round(connection)
    assert [event.key for event in found(pages)] == ["comment:3_1"]
    assert [problem for one in pages for problem in one.problems] == ["meta.unreadable.comments"]


def wanted(events: list[RawEvent]) -> str:
    (event,) = (e for raw in events for e in parse(raw, frozenset(), raw.account_id, datetime.now(UTC)))
    assert isinstance(event, Wanted)
    return event.reference


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
@pytest.mark.parametrize("media", [[], [{"kind": "image", "url": "https://a.fbcdn.net/1.jpg"}]])
def test_a_mention_without_words_is_looked_up(platform: str, media: list[dict[str, str]]) -> None:
    with serving() as hook:
        hook.by_path["/hook"] = [Reply(200, {})]
        with Fake(webhook_url=f"{hook.url}/hook") as fake:
            fake.world.add_person("kim_l", "Kim L")
            made = say(fake, platform, "mention", "kim_l", "Ask @acme about it", silent=False, media=media)
            reference = wanted(delivered(hook, 1))
            account = page(fake) if platform == "facebook" else instagram(fake)
            event = poll.look_up(account, reference)
            assert event is not None and event.kind == "looked_up"
            again = poll.look_up(account, reference)
            assert again is not None and again.key == event.key
            seen = read([event])[made]
            assert (seen.text, seen.surface, seen.platform) == ("Ask @acme about it", Surface.MENTION, platform)
            assert seen.customer.id and not seen.customer.id.startswith("unknown:")
            fake.acts.drop({"id": made, "silent": True})
            assert poll.look_up(account, reference) is None


def test_a_mention_in_a_place_that_is_closed_to_us_does_not_stop_the_account() -> None:
    reference = json.dumps({"what": "page_mention", "post_id": "222_333", "comment_id": "333_444"})
    for reply, code in ((error(10), ""), (error(200), ""), (error(100), ""), (error(190), "token_refused")):
        with serving(reply) as stub:
            connection = Connection({"app_secret": "s", "access_token": "EAA"}, stub.url, PAGE_ID, ("facebook",))
            if not code:
                assert poll.look_up(connection, reference) is None
                continue
            with pytest.raises(CallFailed) as failed:
                poll.look_up(connection, reference)
            assert failed.value.code == code


def test_a_mention_is_asked_for_with_what_is_sure_when_a_field_is_refused() -> None:
    reference = json.dumps({"what": "ig_comment_mention", "media_id": "180", "comment_id": "179"})
    row = {"id": "179", "text": "@acme hi", "timestamp": "2026-11-21T00:00:00+0000"}
    with serving(error(100), Reply(200, {"mentioned_comment": row, "id": INSTAGRAM_ID})) as stub:
        connection = Connection({"app_secret": "s", "access_token": "EAA"}, stub.url, INSTAGRAM_ID, ("instagram",))
        event = poll.look_up(connection, reference)
    assert event is not None
    seen = read([event])["179"]
    assert (seen.text, seen.thread_id, seen.customer.id) == ("@acme hi", "180", "unknown:179")
    assert "username" not in stub.asked[1].query["fields"]


def test_nobody_wants_anything_else(meta: Fake) -> None:
    with pytest.raises(ValueError, match="nobody wants"):
        poll.look_up(page(meta), '{"what":"a pony"}')

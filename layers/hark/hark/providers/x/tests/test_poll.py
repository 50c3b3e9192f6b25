"""The mentions poll against the fake X: every post once stored, whatever the order of posts, pages and crashes (I8)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hark.domain.events import MessageSeen, UnreadableEvent
from hark.providers.contract import CallFailed, Connection, Page
from hark.providers.x import api, posts
from hark.providers.x.fake import SECRETS, Fake
from hark.providers.x.fake.content import Post
from hark.providers.x.fake.shapes import envelope
from hark.providers.x.inbound import parse
from hark.providers.x.poll import UNTOLD, poll
from hark.providers.x.rounds import FIRST_REACH, OVERLAP

from .signing import split

BRAND = "5550001"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
MENTIONS_ONLY = {"dm_poll_minutes": 0}


def say(x: Fake, text: str = "@acme hello", ago: timedelta = timedelta(0), **more: Any) -> Post:
    return x.world.add_post(x.world.user("kim_l"), text, datetime.now(UTC) - ago, x.clock(), **more)


def connection(x: Fake) -> Connection:
    return Connection(SECRETS[BRAND], x.url, BRAND, ("x",), "acme", settings=MENTIONS_ONLY)


def rounds(x: Fake, cursor: Mapping[str, Any], pages: int = 50) -> list[Page]:
    return list(poll(connection(x), cursor, pages))


def keys(pages: list[Page]) -> list[str]:
    return [event.key for page in pages for event in page.events]


def test_a_polled_post_has_the_key_and_the_meaning_of_the_delivered_one(x: Fake) -> None:
    question = say(x, "@acme 1 < 2 & https://example.lv/a")
    ((polled,),) = (page.events for page in rounds(x, {}))
    (delivered,) = split(envelope("post.mention.create", question, x.world, "1"))
    assert polled.key == delivered.key
    assert split(polled.body) == [polled], "the door cuts what we write down as it cuts what X sends"
    now = datetime.now(UTC)
    both = frozenset((polled.kind, delivered.kind))
    (one,), (other,) = (parse(raw, both, BRAND, now) for raw in (polled, delivered))
    assert one == other
    assert isinstance(one, MessageSeen)
    assert one.customer.handle == "kim_l"


def test_the_parent_of_a_polled_reply_is_the_one_of_the_delivered_reply(x: Fake) -> None:
    ours = x.world.add_post(x.world.brand, "Delays today.", datetime.now(UTC), x.clock())
    reply = say(x, "again?", parent=ours)
    (polled,) = rounds(x, {})[0].events
    (event,) = parse(polled, frozenset((polled.kind,)), BRAND, datetime.now(UTC))
    assert isinstance(event, MessageSeen)
    assert (event.in_reply_to, event.thread_id, event.message_id) == (ours.id, ours.id, reply.id)
    assert (event.addressed, event.may_reply) == (True, False)


def test_a_round_over_many_pages_commits_the_newest_id_of_its_first_page(x: Fake) -> None:
    made = [say(x, f"@acme {n}", ago=OVERLAP + timedelta(minutes=1)) for n in range(250)]
    pages = rounds(x, {})
    assert [len(p.events) for p in pages] == [100, 100, 50]
    assert [p.done for p in pages] == [False, False, True]
    assert len({p.cursor["since_id"] for p in pages[:2]}) == 1, "the cursor does not move before the last page"
    assert pages[-1].cursor == {"since_id": made[-1].id, "words": "tweet"}
    assert sorted(keys(pages)) == sorted(f"post:{p.id}" for p in made)


def test_a_spent_budget_goes_on_where_it_stopped_and_then_sees_what_came_meanwhile(x: Fake) -> None:
    made = [say(x, f"@acme {n}", ago=OVERLAP + timedelta(minutes=1)) for n in range(250)]
    (first,) = rounds(x, {}, pages=1)
    assert first.cursor["candidate"] == made[-1].id
    late = say(x, "@acme one more")
    rest = rounds(x, first.cursor)
    assert f"post:{late.id}" not in keys(rest)
    assert len(keys([first, *rest])) == 250
    assert rest[-1].cursor["since_id"] == made[-1].id
    assert f"post:{late.id}" in keys(rounds(x, rest[-1].cursor))


@pytest.mark.parametrize("late_by", [timedelta(seconds=1), OVERLAP - timedelta(seconds=5)])
def test_a_post_that_x_lists_late_is_found_by_the_next_round(x: Fake, late_by: timedelta) -> None:
    say(x)
    cursor = rounds(x, {})[-1].cursor
    late = say(x, "@acme late", ago=late_by)
    assert f"post:{late.id}" in keys(rounds(x, cursor))


def test_what_is_older_than_the_overlap_is_read_and_paid_for_once(x: Fake) -> None:
    old = say(x, ago=OVERLAP + timedelta(minutes=1))
    first = rounds(x, {})
    assert keys(first) == [f"post:{old.id}"]
    assert first[-1].cursor["since_id"] == old.id
    assert keys(rounds(x, first[-1].cursor)) == []


def test_the_cursor_never_moves_back(x: Fake) -> None:
    cursor = rounds(x, {})[-1].cursor
    ahead = {**cursor, "since_id": posts.snowflake_at(datetime.now(UTC) - timedelta(minutes=1))}
    say(x)
    assert rounds(x, ahead)[-1].cursor["since_id"] == ahead["since_id"]


def test_a_quiet_account_keeps_its_cursor(x: Fake) -> None:
    (first,) = rounds(x, {})
    reach = posts.snowflake_time(first.cursor["since_id"])
    assert reach is not None
    assert abs(datetime.now(UTC) - FIRST_REACH - reach) < timedelta(seconds=10)
    (second,) = rounds(x, first.cursor)
    assert (first.events, second.events, second.done, second.calls) == ((), (), True, 1)
    assert second.cursor == first.cursor


def test_the_first_round_reaches_one_day_back(x: Fake) -> None:
    say(x, "@acme old", ago=FIRST_REACH + timedelta(minutes=1))
    recent = say(x, "@acme recent", ago=FIRST_REACH - timedelta(minutes=1))
    assert keys(rounds(x, {})) == [f"post:{recent.id}"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 130), st.integers(1, 3), st.booleans()), min_size=1, max_size=5),
)
def test_no_post_is_missed_in_any_order_of_posts_budgets_and_crashes(
    x: Fake, turns: list[tuple[int, int, bool]]
) -> None:
    x.world.clear()
    x.windows.clear()
    x.world.add_user("kim_l", "Kim L", "7770002")
    cursor: Mapping[str, Any] = {}
    stored: set[str] = set()
    for count, budget, crash in turns:
        for n in range(count):
            say(x, f"@acme {n}")
        for page in poll(connection(x), cursor, budget):
            stored.update(e.key for e in page.events)
            if crash:
                break  # The events are durable, the cursor is not.
            cursor = page.cursor
    for page in rounds(x, cursor):
        stored.update(e.key for e in page.events)
        cursor = page.cursor
    for page in rounds(x, cursor):
        stored.update(e.key for e in page.events)
    assert stored == {f"post:{p.id}" for p in x.world.newest()}


def test_the_new_words_of_x_are_learnt_once_and_remembered(x: Fake) -> None:
    ours = x.world.add_post(x.world.brand, "Delays today.", datetime.now(UTC), x.clock())
    reply = say(x, "@acme again?", parent=ours)
    x.rest.new_words = True
    (page,) = rounds(x, {})
    assert (page.calls, page.cursor["words"]) == (2, "post")
    (event,) = parse(page.events[0], frozenset((page.events[0].kind,)), BRAND, datetime.now(UTC))
    assert isinstance(event, MessageSeen)
    assert (event.message_id, event.in_reply_to, event.customer.handle) == (reply.id, ours.id, "kim_l")
    (again,) = rounds(x, page.cursor)
    assert again.calls == 1


def test_a_place_x_has_forgotten_begins_the_round_again(x: Fake) -> None:
    made = [say(x, f"@acme {n}") for n in range(120)]
    (first,) = rounds(x, {}, pages=1)
    late = say(x, "@acme one more")
    pages = rounds(x, {**first.cursor, "token": "expired"})
    assert len(keys(pages)) == len(made) + 1
    assert f"post:{late.id}" in keys(pages)
    assert pages[0].calls == 2


@pytest.mark.parametrize(
    ("fault", "paused", "code"),
    [
        ({"answer": "rate_limited", "seconds": 600}, False, "rate_limited"),
        ({"answer": "status", "status": 503, "body": "<html>"}, False, "server_error"),
        ({"answer": "reset"}, False, "no_answer"),
        ({"answer": "html"}, False, "no_answer"),
        ({"answer": "half_json"}, False, "no_answer"),
        ({"answer": "errors"}, False, "no_answer"),
        ({"answer": "status", "status": 401}, True, "token_refused"),
        ({"answer": "status", "status": 402}, True, "credits_depleted"),
        ({"answer": "status", "status": 403}, True, "refused"),
    ],
)
def test_a_poll_that_fails_says_whether_to_wait_or_to_pause(
    x: Fake, fault: dict[str, Any], paused: bool, code: str
) -> None:
    say(x)
    x.faults.plan({"on": "mentions", **fault})
    with pytest.raises(CallFailed) as failed:
        rounds(x, {})
    assert (failed.value.paused, failed.value.code) == (paused, code)
    assert (failed.value.retry_at is not None) == (code == "rate_limited")
    assert len(keys(rounds(x, {}))) == 1


def test_a_failure_on_a_later_page_keeps_the_pages_before_it(x: Fake) -> None:
    for n in range(150):
        say(x, f"@acme {n}")
    turn = poll(connection(x), {}, 10)
    first = next(turn)
    x.faults.plan({"on": "mentions", "answer": "status", "status": 503})
    with pytest.raises(CallFailed):
        next(turn)
    assert len(keys([first, *rounds(x, first.cursor)])) == 150


class Canned:
    """Stands in for X where the fake is too well-behaved: gives one answer to every call."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **answer: Any) -> None:
        self.asked: list[Mapping[str, str]] = []

        def get(
            client: object, route: str, params: Mapping[str, str], words: Mapping[str, str], *, as_user: bool
        ) -> Any:
            self.asked.append(params)
            return answer, words

        monkeypatch.setattr(api, "get_posts", get)

    def round(self, cursor: Mapping[str, Any]) -> Page:
        (page,) = poll(
            Connection(SECRETS[BRAND], "http://127.0.0.1:1", BRAND, ("x",), settings=MENTIONS_ONLY),
            cursor,
            1,
            lambda: NOW,
        )
        return page


POST = "2123710858654654475"
EXAMPLE = {
    "data": [
        {
            "id": POST,
            "text": "@acme still nothing here",
            "author_id": "7770002",
            "created_at": "2026-11-20T09:31:40.000Z",
            "conversation_id": "2123702889477047049",
            "in_reply_to_user_id": BRAND,
            "referenced_tweets": [{"type": "replied_to", "id": "2123702889477047049"}],
            "edit_history_tweet_ids": [POST],
        }
    ],
    "includes": {"users": [{"id": "1"}, {"id": "7770002", "username": "kim_l", "name": "Kim L"}]},
    "errors": [{"title": "Not Found Error", "type": "https://api.x.com/2/problems/resource-not-found"}],
    "meta": {"newest_id": POST, "oldest_id": POST, "result_count": 1},
}


def test_the_example_of_the_contract_is_one_post_and_one_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Canned(monkeypatch, **EXAMPLE).round({"since_id": "2123702889477047049"})
    assert page.problems == ("x.partial.resource-not-found",)
    assert page.cursor["since_id"] == POST
    (event,) = page.events
    assert json.loads(event.body)["data"]["includes"] == {
        "users": [{"id": "7770002", "username": "kim_l", "name": "Kim L"}]
    }


@pytest.mark.parametrize(
    ("parent", "begins", "told"),
    [("5550001", 6, True), ("7770003", 6, False), ("7770003", 0, True)],
    ids=["an answer to us", "our handle put in front of an answer to others", "our handle written to others"],
)
def test_what_only_the_list_of_mentions_brings_says_nothing_about_the_webhooks(
    parent: str, begins: int, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = {
        "id": POST, "text": "@acme same here", "author_id": "7770002", "in_reply_to_user_id": parent,
        "referenced_tweets": [{"type": "replied_to", "id": "2123702889477047049"}], "display_text_range": [begins, 15],
        "entities": {"mentions": [{"start": 0, "end": 5, "username": "acme", "id": BRAND}]},
    }  # fmt: skip
    page = Canned(monkeypatch, data=[post], meta={"newest_id": POST}).round({"since_id": "2123702889477047049"})
    (event,) = page.events
    assert (event.kind not in UNTOLD) == told


@pytest.mark.parametrize("newest", ["9" * 19, "9" * 25, "../1", {}, None, 7])
def test_an_absurd_newest_id_cannot_carry_the_cursor_away(monkeypatch: pytest.MonkeyPatch, newest: object) -> None:
    page = Canned(monkeypatch, data=EXAMPLE["data"], meta={"newest_id": newest}).round({"since_id": "20"})
    moved = posts.snowflake_time(page.cursor["since_id"])
    assert moved is not None
    assert moved <= NOW - OVERLAP


def test_a_post_nobody_can_name_is_kept_for_the_parser_to_refuse_h18(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Canned(monkeypatch, data=[{"id": "../1", "text": "x"}, None, 7], meta={}).round({"since_id": POST})
    assert page.cursor["since_id"] == POST
    assert all(event.key.startswith("other:") for event in page.events)
    for event in page.events:
        with pytest.raises(UnreadableEvent):
            parse(event, frozenset((event.kind,)), BRAND, datetime.now(UTC))


def test_a_post_without_an_author_is_kept_under_its_own_key(monkeypatch: pytest.MonkeyPatch) -> None:
    (event,) = Canned(monkeypatch, data=[{"id": POST, "text": "x"}], meta={}).round({"since_id": "20"}).events
    assert event.key == f"post:{POST}"


def test_ids_are_compared_as_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Canned(monkeypatch, data=[], meta={"newest_id": "999999999999999999"}).round({"since_id": POST})
    assert page.cursor["since_id"] == POST

"""The search for brand names nobody tagged, against the fake X: cursor, seven days, and what a hit means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hark.domain.events import MessageSeen, RawEvent
from hark.domain.listening import Query
from hark.providers.contract import CallFailed, Connection, Found
from hark.providers.x import posts
from hark.providers.x.fake import SECRETS, Fake
from hark.providers.x.fake.content import Post
from hark.providers.x.fake.search import NotAQuery, matches
from hark.providers.x.inbound import parse
from hark.providers.x.query import LONGEST, written
from hark.providers.x.rounds import FIRST_REACH, OVERLAP
from hark.providers.x.search import search

BRAND = "5550001"
QUERY = '(acme OR akme OR "ac me") -from:acme -@acme -is:retweet'
LONG_AGO = OVERLAP + timedelta(minutes=1)


def say(x: Fake, text: str = "my acme parcel", ago: timedelta = LONG_AGO, **more: Any) -> Post:
    return x.world.add_post(x.world.user("kim_l"), text, datetime.now(UTC) - ago, x.clock(), **more)


def run(
    x: Fake, state: Mapping[str, Any], query: str = QUERY, most: int = 5000, later: timedelta = timedelta(0),
    **credentials: str,
) -> list[Found]:  # fmt: skip
    connection = Connection({**SECRETS[BRAND], **credentials}, x.url, BRAND, ("x",), "acme")
    return list(search(connection, query, "brand", state, most, lambda: datetime.now(UTC) + later))


def hits(pages: list[Found]) -> list[RawEvent]:
    return [event for page in pages for event in page.events]


def read(event: RawEvent, *more: str) -> MessageSeen:
    (seen,) = parse(event, frozenset((event.kind, *more)), BRAND, datetime.now(UTC))
    assert isinstance(seen, MessageSeen)
    return seen


def test_a_hit_has_the_key_of_its_post_and_speaks_to_nobody(x: Fake) -> None:
    post = say(x, "akme lost my parcel again")
    (hit,) = hits(run(x, {}))
    assert (hit.key, hit.account_id) == (f"post:{post.id}", BRAND)
    seen = read(hit)
    assert (seen.addressed, seen.may_reply, seen.own, seen.customer.handle) == (False, False, False, "kim_l")
    assert seen.sought == "brand"


def test_a_hit_that_later_comes_as_a_mention_means_what_x_says_then(x: Fake) -> None:
    say(x)
    (hit,) = hits(run(x, {}))
    seen = read(hit, "post.mention.create")
    assert (seen.addressed, seen.may_reply) == (True, True)


def test_what_names_us_by_handle_or_is_ours_is_no_hit(x: Fake) -> None:
    say(x, "@acme my acme parcel")
    x.world.add_post(x.world.brand, "acme is here for you", datetime.now(UTC) - LONG_AGO, x.clock())
    say(x, "acmeology is a science")
    assert hits(run(x, {})) == []


def test_a_round_goes_through_all_pages_and_then_only_what_is_new(x: Fake) -> None:
    made = [say(x, f"acme {n}") for n in range(230)]
    first = run(x, {}, most=200)
    assert (len(hits(first)), [page.done for page in first]) == (200, [False, False])
    second = run(x, first[-1].state)
    assert {e.key for e in hits([*first, *second])} == {f"post:{p.id}" for p in made}
    assert (second[-1].state["since_id"], second[-1].done) == (made[-1].id, True)
    assert sum(page.read for page in (*first, *second)) == 230
    assert hits(run(x, second[-1].state)) == []
    late = say(x, "acme, late", ago=timedelta(0))
    (found,) = run(x, second[-1].state)
    assert ([e.key for e in found.events], found.read) == ([f"post:{late.id}"], 1)


def test_what_is_read_again_within_the_overlap_is_billed_once_on_a_day_and_once_more_on_the_next(x: Fake) -> None:
    fresh = say(x, "acme just now", ago=timedelta(0))
    (first,) = run(x, {})
    (again,) = run(x, first.state)
    assert ([e.key for e in again.events], first.read, again.read) == ([f"post:{fresh.id}"], 1, 0)
    (tomorrow,) = run(x, {**again.state, "day": "2000-01-01"})
    assert tomorrow.read == 1


@pytest.mark.parametrize(("most", "read"), [(9, 0), (99, 99), (150, 100)])
def test_never_more_posts_are_read_than_are_allowed(x: Fake, most: int, read: int) -> None:
    for n in range(110):
        say(x, f"acme {n}")
    assert sum(page.read for page in run(x, {}, most=most)) == read


def test_the_first_search_reaches_one_day_back(x: Fake) -> None:
    say(x, "acme old", ago=FIRST_REACH + timedelta(minutes=1))
    recent = say(x, "acme recent", ago=FIRST_REACH - timedelta(minutes=1))
    assert [e.key for e in hits(run(x, {}))] == [f"post:{recent.id}"]


def test_another_query_does_not_go_on_in_the_pages_of_the_old_one(x: Fake) -> None:
    for n in range(130):
        say(x, f"acme {n}")
    first = run(x, {}, most=100)
    assert "token" in first[-1].state
    other = say(x, "umbrella corporation")
    pages = run(x, first[-1].state, "umbrella")
    assert [e.key for e in hits(pages)] == [f"post:{other.id}"]


@pytest.mark.parametrize("days", [7, 8, 30])
def test_after_more_than_seven_days_the_search_says_that_there_is_a_gap(x: Fake, days: int) -> None:
    state = {"since_id": posts.snowflake_at(datetime.now(UTC) - timedelta(days=days))}
    made = [say(x, f"acme {n}", ago=timedelta(days=6)) for n in range(120)]
    pages = run(x, state)
    assert {e.key for e in hits(pages)} == {f"post:{p.id}" for p in made}
    assert [p.problems for p in pages] == [("x.search_gap",), ()]
    assert "start_time" in pages[0].state, "the later pages are asked for as the first one was"
    assert pages[-1].state["since_id"] == made[-1].id
    assert run(x, pages[-1].state)[-1].problems == ()


def test_a_place_that_x_calls_too_old_is_given_up_even_if_we_thought_otherwise(x: Fake) -> None:
    post = say(x, "acme")
    message = "'since_id' must be a tweet id created after [2026-11-20T00:00Z]."
    body = json.dumps({"errors": [{"message": message, "parameters": {"since_id": ["1"]}}], "title": "Invalid Request"})
    x.faults.plan({"on": "search", "answer": "status", "status": 400, "body": body})
    (page,) = run(x, {})
    assert page.problems == ("x.search_gap",)
    assert [e.key for e in page.events] == [f"post:{post.id}"]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"answer": "rate_limited"}, "rate_limited"),
        ({"answer": "status", "status": 503}, "server_error"),
        ({"answer": "status", "status": 401}, "token_refused"),
        ({"answer": "status", "status": 403}, "refused"),
        ({"answer": "status", "status": 402}, "credits_depleted"),
    ],
)
def test_a_search_that_fails_says_why(x: Fake, fault: dict[str, Any], code: str) -> None:
    post = say(x)
    x.faults.plan({"on": "search", **fault})
    with pytest.raises(CallFailed) as failed:
        run(x, {})
    assert failed.value.code == code
    assert [e.key for e in hits(run(x, {}))] == [f"post:{post.id}"]


def test_without_a_bearer_token_there_is_no_search_and_we_say_so(x: Fake) -> None:
    say(x)
    with pytest.raises(CallFailed) as failed:
        run(x, {}, bearer_token="")
    assert failed.value.code == "not_set_up"


def test_the_search_learns_the_new_words_of_x(x: Fake) -> None:
    post = say(x)
    x.rest.new_words = True
    (hit,) = hits(run(x, {}))
    assert read(hit).message_id == post.id


@pytest.mark.parametrize(
    ("query", "text", "hit"),
    [
        ("acme", "my ACME parcel", True),
        ("acme parcel", "acme only", False),
        ("acme OR akme", "akme only", True),
        ('"ac me"', "at ac me today", True),
        ('"ac me"', "ac is not me", False),
        ("acme -@acme", "@acme acme", False),
        ("acme -from:kim_l", "acme", False),
        ("#acme", "love #acme", True),
        ("acme", "my Ácme parcel", True),
        ("(acme OR akme) parcel", "akme parcel", True),
        ("(acme OR akme) parcel", "akme only", False),
        ("parcel acme OR late", "late", True),
    ],
)
def test_the_fake_searches_as_x_does(x: Fake, query: str, text: str, hit: bool) -> None:
    assert matches(query, say(x, text)) is hit


@pytest.mark.parametrize(
    "query", ["lang:en", "(lang:en OR lang:lv) -is:retweet", "acme lang:ms", "(acme", "acme )", "()"]
)
def test_the_fake_refuses_what_x_refuses(x: Fake, query: str) -> None:
    with pytest.raises(NotAQuery):
        matches(query, say(x, "acme"))


def test_a_query_is_written_as_x_reads_it(x: Fake) -> None:
    query = Query(
        id="brand", name="Brand", names=("Acme", "Ac me", "or"), aliases=("akme", "Acme-X"), hashtags=("acme",),
        handles=("AcmeFans",), without=("stock",), languages=("en", "ms", "he"), account=BRAND,
    )  # fmt: skip
    asked = written(query, ("acme", "acme_uk"))
    assert asked == (
        '(@AcmeFans OR #acme OR Acme OR "Ac me" OR "or" OR akme OR "Acme-X") (lang:en OR lang:id OR lang:he) -stock '
        "-from:acme -from:acme_uk -@acme -@acme_uk -is:retweet"
    )
    assert len(asked) < LONGEST
    assert matches(asked, say(x, "AKME never answers", language="en"))
    assert matches(asked, say(x, "at ac me today", language="iw"))
    assert not matches(asked, say(x, "AKME stock is up", language="en"))
    assert not matches(asked, say(x, "AKME never answers", language="fr"))
    assert not matches(asked, say(x, "@acme akme never answers", language="en"))

"""The poll of direct messages against the fake X: every message once stored, as few read as can be (I8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hark.domain.events import MessageSeen
from hark.providers.contract import CallFailed, Connection, Page
from hark.providers.x.direct_poll import EVERY_MINUTES, interval
from hark.providers.x.fake import SECRETS, Fake
from hark.providers.x.fake.content import DirectMessage
from hark.providers.x.fake.direct import activity
from hark.providers.x.inbound import parse
from hark.providers.x.poll import poll
from hark.providers.x.rounds import FIRST_REACH, OVERLAP

from .signing import split

BRAND = "5550001"
LONG_AGO = OVERLAP + timedelta(minutes=1)


def write(x: Fake, text: str = "hello", ago: timedelta = LONG_AGO, own: bool = False) -> DirectMessage:
    kim, brand = x.world.user("kim_l"), x.world.brand
    return x.world.add_message(
        brand if own else kim, kim if own else brand, text, datetime.now(UTC) - ago, x.clock() - ago.total_seconds()
    )


def run(
    x: Fake, cursor: Mapping[str, Any], later: timedelta = timedelta(0), pages: int = 50, **given_settings: Any
) -> list[Page]:
    connection = Connection(SECRETS[BRAND], x.url, BRAND, ("x",), "acme", settings=given_settings)
    return list(poll(connection, cursor, pages, lambda: datetime.now(UTC) + later))


def keys(pages: list[Page]) -> list[str]:
    return [event.key for page in pages for event in page.events if event.kind == "poll.dm"]


def asked(x: Fake) -> int:
    allowed, headers = x.windows.count("dm_events")
    assert allowed
    return int(headers["x-rate-limit-limit"]) - int(headers["x-rate-limit-remaining"]) - 1


def test_a_polled_message_has_the_key_and_the_meaning_of_the_delivered_one(x: Fake) -> None:
    for message in (write(x, "1 < 2 & 3"), write(x, "yes", own=True)):
        (delivered,) = split(activity(message, x.world, "1"))
        polled = next(e for p in run(x, {}) for e in p.events if e.key == delivered.key)
        assert split(polled.body) == [polled]
        now = datetime.now(UTC)
        (one,), (other,) = (parse(raw, frozenset((raw.kind,)), BRAND, now) for raw in (polled, delivered))
        assert isinstance(one, MessageSeen)
        assert isinstance(other, MessageSeen)
        assert (one.message_id, one.text, one.own, one.thread_id) == (
            other.message_id, other.text, other.own, other.thread_id,
        )  # fmt: skip
        assert abs(one.at - other.at) < timedelta(milliseconds=1.1)


def test_a_round_reads_pages_of_five_until_the_first_message_it_knows(x: Fake) -> None:
    old = [write(x, str(n)) for n in range(7)]
    first = run(x, {})
    assert keys(first) == [f"dm:{m.id}" for m in reversed(old)]
    assert asked(x) == 2
    x.windows.clear()
    new = write(x, "new", ago=timedelta(0))
    second = run(x, first[-1].cursor, timedelta(hours=1, minutes=1))
    assert keys(second) == [f"dm:{new.id}"]
    assert asked(x) == 1, "the rest is known, and each message read costs money"


def test_within_the_interval_nothing_is_read(x: Fake) -> None:
    cursor = run(x, {})[-1].cursor
    write(x, ago=timedelta(0))
    before = asked(x)
    assert keys(run(x, cursor, timedelta(minutes=59))) == []
    assert asked(x) == before + 1, "asking for this number is a call of its own"
    assert len(keys(run(x, cursor, timedelta(minutes=61)))) == 1


@pytest.mark.parametrize(
    ("given_settings", "minutes"),
    [
        ({}, EVERY_MINUTES), ({"dm_poll_minutes": 5}, 5), ({"dm_poll_minutes": -1}, EVERY_MINUTES),
        ({"dm_poll_minutes": "soon"}, EVERY_MINUTES), ({"dm_poll_minutes": True}, EVERY_MINUTES),
    ],
)  # fmt: skip
def test_the_interval_is_the_operators_choice_or_an_hour(given_settings: dict[str, Any], minutes: int) -> None:
    assert interval(given_settings) == timedelta(minutes=minutes)


def test_an_operator_may_want_no_poll_of_messages_at_all(x: Fake) -> None:
    write(x)
    pages = run(x, {}, dm_poll_minutes=0)
    assert keys(pages) == []
    assert "dm" not in pages[-1].cursor


def test_the_first_round_reaches_one_day_back(x: Fake) -> None:
    write(x, "old", ago=FIRST_REACH + timedelta(minutes=1))
    recent = write(x, "recent", ago=FIRST_REACH - timedelta(minutes=1))
    assert keys(run(x, {})) == [f"dm:{recent.id}"]


def test_a_spent_budget_goes_on_in_the_next_run_without_waiting_for_the_hour(x: Fake) -> None:
    made = [write(x, str(n)) for n in range(32)]
    first = run(x, {})
    assert len(keys(first)) == 20
    assert not first[-1].done
    late = write(x, "meanwhile", ago=timedelta(0))
    x.windows.clear()
    second = run(x, first[-1].cursor, timedelta(minutes=5))
    assert sorted(keys([*first, *second])) == sorted(f"dm:{m.id}" for m in made)
    x.windows.clear()
    assert keys(run(x, second[-1].cursor, timedelta(minutes=66))) == [f"dm:{late.id}"]


def test_a_message_that_x_lists_late_is_found_by_the_next_round(x: Fake) -> None:
    write(x, ago=timedelta(0))
    cursor = run(x, {})[-1].cursor
    late = write(x, "late", ago=OVERLAP - timedelta(seconds=5))
    assert f"dm:{late.id}" in keys(run(x, cursor, timedelta(hours=1)))


def hours_from_now(hours: int) -> datetime:
    return datetime.now(UTC) + timedelta(hours=hours)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 4), st.booleans()), min_size=1, max_size=4))
def test_no_message_is_missed_in_any_order_of_messages_budgets_and_crashes(
    x: Fake, turns: list[tuple[int, int, bool]]
) -> None:
    x.world.clear()
    x.world.add_user("kim_l", "Kim L", "7770002")
    cursor: Mapping[str, Any] = {}
    stored: set[str] = set()
    connection = Connection(SECRETS[BRAND], x.url, BRAND, ("x",), "acme")
    for hours, (count, budget, crash) in enumerate([*turns, *[(0, 4, False)] * 8]):
        for n in range(count):
            write(x, str(n), ago=timedelta(0))
        x.windows.clear()
        for page in poll(connection, cursor, budget, partial(hours_from_now, hours)):
            stored.update(e.key for e in page.events)
            if crash and page.events:
                break  # The events are durable, the cursor is not.
            cursor = page.cursor
    assert stored >= {f"dm:{m.id}" for m in x.world.messages()}


def test_the_new_words_of_x_are_learnt_once_and_remembered(x: Fake) -> None:
    message = write(x)
    x.rest.new_words = True
    pages = run(x, {})
    assert (pages[-1].calls, pages[-1].cursor["dm"]["words"]) == (2, "post")
    (event,) = (e for e in pages[-1].events)
    (seen,) = parse(event, frozenset((event.kind,)), BRAND, datetime.now(UTC))
    assert isinstance(seen, MessageSeen)
    assert (seen.message_id, seen.customer.id) == (message.id, "7770002")
    assert run(x, pages[-1].cursor, timedelta(hours=2))[-1].calls == 1


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"answer": "rate_limited"}, "rate_limited"),
        ({"answer": "reset"}, "no_answer"),
        ({"answer": "html"}, "no_answer"),
        ({"answer": "errors"}, "no_answer"),
        ({"answer": "status", "status": 503}, "server_error"),
    ],
)
def test_trouble_that_passes_is_told_and_the_next_run_tries_again(x: Fake, fault: dict[str, Any], code: str) -> None:
    message = write(x)
    x.faults.plan({"on": "dm_events", **fault})
    pages = run(x, {})
    assert pages[-1].problems == (f"x.poll_dm.{code}",)
    assert pages[-1].events == ()
    assert keys(run(x, pages[-1].cursor, timedelta(minutes=5))) == [f"dm:{message.id}"]


def test_without_the_right_to_read_messages_the_mentions_still_come(x: Fake) -> None:
    x.world.add_post(x.world.user("kim_l"), "@acme hello", datetime.now(UTC), x.clock())
    x.faults.plan({"on": "dm_events", "answer": "status", "status": 403})
    pages = run(x, {})
    assert [len(p.events) for p in pages] == [1, 0]
    assert pages[-1].problems == ("x.poll_dm.refused",)
    before = asked(x)
    run(x, pages[-1].cursor, timedelta(minutes=5))
    assert asked(x) == before + 1, "what stays wrong is not asked for at every run"


@pytest.mark.parametrize(("status", "code"), [(401, "token_refused"), (402, "credits_depleted")])
def test_trouble_of_the_whole_account_is_raised(x: Fake, status: int, code: str) -> None:
    x.faults.plan({"on": "dm_events", "answer": "status", "status": status})
    with pytest.raises(CallFailed) as failed:
        run(x, {})
    assert (failed.value.code, failed.value.paused) == (code, True)


def test_a_place_x_has_forgotten_begins_the_round_again_an_hour_later(x: Fake) -> None:
    for n in range(30):
        write(x, str(n))
    first = run(x, {})
    broken = {**first[-1].cursor, "dm": {**first[-1].cursor["dm"], "token": "expired"}}
    x.windows.clear()
    pages = run(x, broken, timedelta(minutes=5))
    assert pages[-1].problems == ("x.poll_dm.invalid",)
    assert "token" not in pages[-1].cursor["dm"]
    x.windows.clear()
    assert len(keys(run(x, pages[-1].cursor, timedelta(hours=2)))) == 20

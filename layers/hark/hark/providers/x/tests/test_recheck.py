"""Compliance jobs against the fake X: which posts are gone, told to nobody else (F19)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hark.domain.events import MessageGone
from hark.providers.contract import CallFailed, Connection, Rechecked
from hark.providers.x.door import RECHECK_KIND
from hark.providers.x.fake import SECRETS, Fake
from hark.providers.x.fake.content import Post
from hark.providers.x.inbound import parse
from hark.providers.x.recheck import PATIENCE, recheck

from .signing import split

BRAND = "5550001"


def connection(x: Fake, **changes: str) -> Connection:
    return Connection({**SECRETS[BRAND], **changes}, x.url, BRAND, ("x",), "acme")


def say(x: Fake, author: str, text: str = "@acme hello") -> Post:
    return x.world.add_post(x.world.user(author), text, datetime.now(UTC), x.clock())


def whole(x: Fake, ids: list[str]) -> Rechecked:
    """A job from its beginning to its end."""
    made = recheck(connection(x), ids, {})
    while made.state:
        assert made.gone == ()
        made = recheck(connection(x), [], made.state)
    return made


def test_what_is_deleted_or_not_to_be_shown_any_more_is_told(x: Fake) -> None:
    posts = {}
    for name in ("there", "suspended", "deactivated", "protected"):
        x.world.add_user(name, name)
        posts[name] = say(x, name)
        if name != "there":
            x.world.standing[x.world.user(name).id] = name
    deleted = say(x, "kim_l")
    x.world.remove(deleted)
    made = whole(x, [deleted.id, *(p.id for p in posts.values())])
    expected = {deleted.id, *(p.id for name, p in posts.items() if name != "there")}
    assert {event.key for event in made.gone} == {f"del:{own_id}" for own_id in expected}
    now = datetime.now(UTC)
    for event in made.gone:
        assert (event.kind, event.account_id) == (RECHECK_KIND, BRAND)
        assert split(event.body) == [event], "the door cuts what we write down as it cuts what X sends"
        (gone,) = parse(event, frozenset((event.kind,)), BRAND, now)
        assert isinstance(gone, MessageGone)
        assert gone.message_id in expected
        assert abs(gone.at - now) < timedelta(seconds=10)


def test_what_is_still_there_is_left_alone(x: Fake) -> None:
    assert whole(x, [say(x, "kim_l").id]).gone == ()


def test_a_job_that_takes_time_is_asked_after_until_it_is_done(x: Fake) -> None:
    x.management.slow = 3
    post = say(x, "kim_l")
    x.world.remove(post)
    made, looks = recheck(connection(x), [post.id], {}), 0
    assert (made.state["job"], made.calls) == (next(iter(x.management.jobs)), 2)
    while made.state:
        made, looks = recheck(connection(x), [], made.state), looks + 1
    assert looks == 3
    assert [event.key for event in made.gone] == [f"del:{post.id}"]


def test_each_id_goes_once_and_what_is_no_id_of_x_does_not_go_at_all(x: Fake) -> None:
    recheck(connection(x), ["1", "2", "1", "../3", "b1#4", ""], {})
    (job,) = x.management.jobs.values()
    assert job.ids == ["1", "2"]
    assert recheck(connection(x), ["../3"], {}) == Rechecked(), "nothing to ask, so nothing is asked"
    assert len(x.management.jobs) == 1


def test_while_another_job_is_under_way_we_wait(x: Fake) -> None:
    recheck(connection(x), ["1"], {})
    with pytest.raises(CallFailed) as failed:
        recheck(connection(x), ["2"], {})
    assert (failed.value.code, failed.value.paused) == ("busy", False)
    assert failed.value.retry_at is not None


def test_a_job_that_failed_or_never_ends_is_let_go(x: Fake) -> None:
    state = recheck(connection(x), ["1"], {}).state
    (job,) = x.management.jobs.values()
    job.looks = 99
    late = datetime.now(UTC) + PATIENCE
    assert recheck(connection(x), [], state, lambda: late) == Rechecked(calls=1)
    job.failed = True
    assert recheck(connection(x), [], state) == Rechecked(calls=1)


def test_only_the_four_reasons_take_a_post_away(x: Fake) -> None:
    state = recheck(connection(x), ["1"], {}).state
    lines = [
        '{"id":"11","action":"delete","redacted_at":"2026-11-20T12:00:00.000Z","reason":"deleted"}',
        '{"id":"12","action":"delete","reason":"scrub_geo"}',
        '{"id":"13","action":"delete","reason":"bounced"}',
        '{"id":"14","action":"delete"}',
        "",
    ]
    (job,) = x.management.jobs.values()
    job.looks = 1
    x.faults.plan({"on": "ids", "answer": "status", "status": 200, "body": "\n".join(lines)})
    (event,) = recheck(connection(x), [], state).gone
    assert event.key == "del:11"
    assert parse(event, frozenset((event.kind,)), BRAND, datetime(2026, 11, 21, tzinfo=UTC)) == [
        MessageGone("11", datetime(2026, 11, 20, 12, tzinfo=UTC))
    ]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"on": "compliance", "answer": "rate_limited"}, "rate_limited"),
        ({"on": "compliance", "answer": "status", "status": 401}, "token_refused"),
        ({"on": "compliance", "answer": "html"}, "no_answer"),
        ({"on": "compliance", "answer": "no_id"}, "no_answer"),
        ({"on": "ids", "answer": "reset"}, "no_answer"),
        ({"on": "ids", "answer": "status", "status": 503}, "busy"),
    ],
)
def test_a_job_that_cannot_be_begun_is_no_job(x: Fake, fault: dict[str, Any], code: str) -> None:
    x.faults.plan(fault)
    with pytest.raises(CallFailed) as failed:
        recheck(connection(x), ["1"], {})
    assert failed.value.code == code


@pytest.mark.parametrize(
    "fault",
    [
        {"on": "ids", "answer": "reset"},
        {"on": "ids", "answer": "html"},
        {"on": "ids", "answer": "status", "status": 403},
        {"on": "ids", "answer": "status", "status": 200, "body": '{"id":"../1","reason":"deleted"}'},
        {"on": "compliance", "answer": "status", "status": 503},
    ],
)
def test_a_result_that_cannot_be_read_whole_is_asked_for_again(x: Fake, fault: dict[str, Any]) -> None:
    post = say(x, "kim_l")
    x.world.remove(post)
    state = recheck(connection(x), [post.id], {}).state
    x.faults.plan(fault)
    with pytest.raises(CallFailed) as failed:
        recheck(connection(x), [], state)
    assert not failed.value.paused
    assert [event.key for event in recheck(connection(x), [], state).gone] == [f"del:{post.id}"]


@pytest.mark.parametrize("address", ["http://10.0.0.1/ids", "file:///etc/passwd", "", None, 7])
def test_ids_go_to_no_address_but_a_secure_one(x: Fake, address: object) -> None:
    body = json.dumps({"data": {"id": "44", "status": "created", "upload_url": address}})
    x.faults.plan({"on": "compliance", "answer": "status", "status": 200, "body": body})
    with pytest.raises(CallFailed, match="compliance/address"):
        recheck(connection(x), ["1"], {})


def test_without_a_bearer_token_we_say_so(x: Fake) -> None:
    with pytest.raises(CallFailed) as failed:
        recheck(connection(x, bearer_token=""), ["1"], {})
    assert failed.value.code == "not_set_up"

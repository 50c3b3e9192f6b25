"""Instagram's silent deletions: what is gone is found, and nothing else is taken for gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from hark.domain.events import MessageGone
from hark.providers.contract import CallFailed, Connection
from hark.providers.meta import recheck
from hark.providers.meta.fake import Fake
from hark.providers.meta.fake.identity import INSTAGRAM_ID
from hark.providers.meta.inbound import parse
from hark.providers.meta.tests.graph_stub import Reply, error, serving
from hark.providers.meta.tests.meta_accounts import instagram, instagram_through_page, say


@pytest.fixture
def meta() -> Iterator[Fake]:
    with Fake() as fake:
        fake.world.add_person("kim_l", "Kim L")
        yield fake


def gone(connection: Connection, *ids: str) -> list[str]:
    found = recheck.recheck(connection, ids, {})
    assert found.state == {}
    return [json.loads(event.body)["entry"][0]["gone"]["id"] for event in found.gone]


def drop(fake: Fake, id_: str) -> None:
    fake.acts.drop({"id": id_, "silent": True})


def test_a_deleted_comment_is_found_and_reads_as_gone(meta: Fake) -> None:
    kept, deleted = (say(meta, "instagram", "comment", "kim_l", text) for text in ("Price?", "Oops"))
    drop(meta, deleted)
    for connection in (instagram(meta), instagram_through_page(meta)):
        found = recheck.recheck(connection, [kept, deleted], {})
        (event,) = found.gone
        assert (event.kind, event.account_id) == ("gone", INSTAGRAM_ID)
        now = datetime.now(UTC)
        (read,) = parse(event, frozenset({event.kind}), INSTAGRAM_ID, now)
        assert isinstance(read, MessageGone)
        assert (read.message_id, read.platform) == (deleted, "instagram")
        assert abs(read.at - now) < timedelta(seconds=5)


def test_each_deletion_has_one_key_however_often_it_is_found(meta: Fake) -> None:
    first, second = (say(meta, "instagram", "comment", "kim_l", text) for text in ("a", "b"))
    drop(meta, first)
    drop(meta, second)
    found = [recheck.recheck(instagram(meta), [first, second], {}) for _ in range(2)]
    assert len({event.key for one in found for event in one.gone}) == 2


def test_the_only_comment_asked_about_may_be_the_one_that_is_gone(meta: Fake) -> None:
    deleted = say(meta, "instagram", "comment", "kim_l", "Oops")
    drop(meta, deleted)
    assert gone(instagram(meta), deleted) == [deleted]


def test_a_mention_elsewhere_is_not_gone_because_it_is_read_in_another_way() -> None:
    def answers(found: Reply) -> dict[str, list[Reply]]:
        return {"/v26.0/179": [error(100, 33)], f"/v26.0/{INSTAGRAM_ID}": [found]}

    connection = Connection({"app_secret": "s", "access_token": "IGAA"}, "", INSTAGRAM_ID, ("instagram",))
    for field in ("mentioned_comment", "mentioned_media"):
        with serving() as stub:
            stub.by_path = answers(Reply(200, {field: {"id": "179"}, "id": INSTAGRAM_ID}))
            there = Connection(connection.credentials, stub.url, INSTAGRAM_ID, ("instagram",))
            assert gone(there, "179") == []


def test_a_mention_elsewhere_that_was_deleted_is_gone(meta: Fake) -> None:
    mention = say(meta, "instagram", "mention", "kim_l", "Ask @acme")
    assert gone(instagram(meta), mention) == []
    drop(meta, mention)
    assert gone(instagram(meta), mention) == [mention]


def test_nothing_is_taken_for_gone_while_comments_cannot_be_read_at_all() -> None:
    with serving() as stub:
        stub.by_path = {
            f"/v26.0/{INSTAGRAM_ID}": [error(100, 33)],
            f"/v26.0/{INSTAGRAM_ID}/media": [Reply(200, {"data": [{"id": "180"}]})],
            "/v26.0/180/comments": [error(10)],
        }
        there = Connection({"app_secret": "s", "access_token": "IGAA"}, stub.url, INSTAGRAM_ID, ("instagram",))
        with pytest.raises(CallFailed) as failed:
            recheck.recheck(there, ["1", "2"], {})
    assert failed.value.code == "permission_missing"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"answer": "error", "code": 190, "subcode": 460}, "token_refused"),
        ({"answer": "error", "code": 200}, "permission_missing"),
        ({"answer": "rate_limited", "code": 80002}, "rate_limited"),
        ({"answer": "status", "status": 503}, "busy"),
        ({"answer": "html"}, "busy"),
        ({"answer": "errors", "code": 100}, "busy"),
    ],
)
def test_no_other_answer_means_gone(meta: Fake, fault: dict[str, object], code: str) -> None:
    comment = say(meta, "instagram", "comment", "kim_l", "Price?")
    meta.faults.plan({"on": "read", **fault})
    with pytest.raises(CallFailed) as failed:
        recheck.recheck(instagram(meta), [comment], {})
    assert failed.value.code == code


def test_private_messages_and_more_than_a_batch_are_not_asked_about(meta: Fake) -> None:
    comment = say(meta, "instagram", "comment", "kim_l", "Price?")
    found = recheck.recheck(instagram(meta), [f"{INSTAGRAM_ID}#aWdA1", *[comment] * 60], {})
    assert found.gone == () and found.calls == recheck.BATCH - 1
    assert frozenset({"instagram"}) == recheck.PLATFORMS

"""Looking for what was said after its answer got lost: what proves it, what disproves it, what does neither (F21)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hark.providers.contract import CallFailed, CannotLook, Order, Sent
from hark.providers.meta.outbound import Sender
from hark.providers.meta.tests.graph_stub import Reply, error, serving
from hark.providers.meta.tests.orders import (
    ASKED,
    COMMENT,
    CREDENTIALS,
    DM,
    IG,
    IG_COMMENT,
    IG_DM,
    IG_MENTION,
    IG_PRIVATE,
    PAGE,
    POST,
    PRIVATE,
    TEXT,
)


def row(
    id_: str = "555_900", text: str = TEXT, by: str = PAGE, later: float = 60, parent: str = "555_777", **more: Any
) -> dict[str, Any]:
    at = (ASKED + timedelta(seconds=later)).strftime("%Y-%m-%dT%H:%M:%S+0000")
    return {
        "id": id_,
        "message": text,
        "text": text,
        "from": {"id": by},
        "created_time": at,
        "timestamp": at,
        "parent": {"id": parent},
        **more,
    }


def listing(*rows: object, after: str = "") -> Reply:
    paging = {"paging": {"cursors": {"after": after}, "next": "https://graph.example/next"}} if after else {}
    return Reply(200, {"data": list(rows), **paging})


def looked(order: Order, by_path: Mapping[str, Reply | list[Reply]]) -> Sent | None:
    with serving() as stub:
        stub.by_path = {f"/v26.0/{path}": r if isinstance(r, list) else [r] for path, r in by_path.items()}
        return Sender(CREDENTIALS, stub.url).read_back(order)


TOP = Reply(200, {"id": "555_777"})
FOREIGN = row("555_901", by="9001")
OLD = row("555_902", later=-5)
OTHER = row("555_903", text="We are looking.")


def test_a_comment_of_ours_is_found_where_it_was_to_be() -> None:
    there = listing(OTHER, FOREIGN, row(text=TEXT + "\n"), OLD)
    assert looked(COMMENT, {"555_777": TOP, "555_777/comments": there}) == Sent("555_900")
    assert looked(POST, {f"{PAGE}_556/comments": listing(row("556_1", parent=""))}) == Sent("556_1")


def test_another_s_an_older_and_another_text_are_not_ours_f21() -> None:
    assert looked(COMMENT, {"555_777": TOP, "555_777/comments": listing(OTHER, FOREIGN, OLD)}) is None
    assert looked(COMMENT, {"555_777": TOP, "555_777/comments": listing()}) is None


def test_the_same_words_to_somebody_else_in_the_same_thread_are_not_this_answer_f21() -> None:
    elsewhere = listing(row(parent="555_778"))
    assert looked(COMMENT, {"555_777": TOP, "555_777/comments": elsewhere}) is None
    assert looked(POST, {f"{PAGE}_556/comments": listing(row("556_2", parent="556_1"))}) is None


def test_a_comment_of_the_same_second_as_the_question_counts() -> None:
    assert looked(COMMENT, {"555_777": TOP, "555_777/comments": listing(row(later=0))}) == Sent("555_900")


def test_an_answer_to_a_reply_is_looked_for_under_the_comment_above_too() -> None:
    reply = Reply(200, {"id": "555_777", "parent": {"id": "555_700"}})
    found = {"555_777": reply, "555_777/comments": listing(), "555_700/comments": listing(row(parent="555_700"))}
    assert looked(COMMENT, found) == Sent("555_900")
    above = Reply(200, {"id": "17900000000000001", "parent_id": "17900000000000000"})
    ig = {"17900000000000001": above, "17900000000000000/replies": listing(row("179", by=IG))}
    assert looked(IG_COMMENT, ig) == Sent("179")


def test_looking_goes_through_the_pages_and_more_pages_than_we_read_are_no_proof_f21() -> None:
    pages = [listing(OTHER, after="a"), listing(row())]
    assert looked(COMMENT, {"555_777": TOP, "555_777/comments": pages}) == Sent("555_900")
    with pytest.raises(CallFailed) as failed:
        looked(COMMENT, {"555_777": TOP, "555_777/comments": listing(OTHER, after="a")})
    assert failed.value.code == "busy"


@pytest.mark.parametrize("odd", [{"from": None}, {"created_time": None}, {"created_time": "soon"}, {"id": None}])
def test_our_words_by_nobody_or_at_no_time_are_for_a_person_to_judge_f21(odd: dict[str, Any]) -> None:
    with pytest.raises(CannotLook):
        looked(COMMENT, {"555_777": TOP, "555_777/comments": listing(row(**odd))})


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (error(190), "token_refused"),
        (error(4), "rate_limited"),
        (error(100, 33), "target_gone"),
        (Reply(503), "busy"),
        (Reply(200, b"<html>"), "busy"),
        (Reply(200, {"data": None}), "busy"),
        (listing("x"), "busy"),
    ],
)
def test_not_being_able_to_look_is_not_the_same_as_not_there(reply: Reply, code: str) -> None:
    with pytest.raises(CallFailed) as failed:
        looked(COMMENT, {"555_777": TOP, "555_777/comments": reply})
    assert failed.value.code == code


def thread(*rows: object) -> Reply:
    return Reply(200, {"data": [{"id": "t_1", "messages": {"data": list(rows)}}]})


def test_a_private_message_is_found_among_the_last_of_its_thread() -> None:
    question = row("m_A1", "Hello", "7001", later=0)
    assert looked(DM, {f"{PAGE}/conversations": thread(row("m_B2"), question)}) == Sent(f"{PAGE}#m_B2")
    assert looked(DM, {f"{PAGE}/conversations": thread(question)}) is None
    assert looked(IG_DM, {"me/conversations": thread(row("aWdB1", by=IG), question)}) == Sent(f"{IG}#aWdB1")


def test_a_thread_that_is_not_shown_far_enough_back_is_no_proof() -> None:
    newer = [row(f"m_C{n}", "Anything else?", later=60 + n) for n in range(20)]
    for answer in (thread(*newer), thread(), Reply(200, {"data": []}), Reply(200, {"data": [{"id": "t_1"}]})):
        with pytest.raises(CannotLook):
            looked(DM, {f"{PAGE}/conversations": answer})


def test_a_private_reply_that_is_still_to_be_had_was_not_sent() -> None:
    assert looked(PRIVATE, {"555_777": Reply(200, {"id": "555_777", "can_reply_privately": True})}) is None
    for answer in ({"id": "555_777", "can_reply_privately": False}, {"id": "555_777"}):
        with pytest.raises(CannotLook):
            looked(PRIVATE, {"555_777": Reply(200, answer)})


@pytest.mark.parametrize("order", [IG_MENTION, IG_PRIVATE, replace(COMMENT, surface="mention")])
def test_where_the_platform_shows_too_little_a_person_looks(order: Order) -> None:
    with pytest.raises(CannotLook):
        looked(order, {})

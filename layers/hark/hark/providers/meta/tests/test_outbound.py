"""What is said and done, and every way in which it can end: F17 to F23, I18."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hark.domain.failures import FAILINGS, Effect
from hark.providers.contract import NotSent, Order, Sent
from hark.providers.meta.outbound import Sender
from hark.providers.meta.tests.graph_stub import Reply, Stub, error, serving
from hark.providers.meta.tests.orders import (
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

MESSAGE = {"text": TEXT}
MARKED = {"text": TEXT, "metadata": "hark:1"}


def sender(stub: Stub, **changes: str) -> Sender:
    return Sender(CREDENTIALS | changes, stub.url)


def sent(order: Order, reply: Reply, **changes: str) -> tuple[Sent | NotSent, Stub]:
    with serving(reply) as stub:
        return sender(stub, **changes).send(order), stub


SAID: list[Any] = [
    pytest.param(COMMENT, "555_777/comments", {"message": TEXT}, {"id": "555_900"}, Sent("555_900"), id="comment"),
    pytest.param(POST, f"{PAGE}_556/comments", {"message": TEXT}, {"id": "556_1"}, Sent("556_1"), id="visitor post"),
    pytest.param(
        replace(COMMENT, surface="mention", target="333_444", thread="222_333"),
        "333_444/comments",
        {"message": TEXT},
        {"id": "333_445"},
        Sent("333_445"),
        id="mention of the Page",
    ),
    pytest.param(
        PRIVATE,
        f"{PAGE}/messages",
        {"recipient": {"comment_id": "555_777"}, "messaging_type": "RESPONSE", "message": MARKED},
        {"recipient_id": "7001", "message_id": "m_B1"},
        Sent(f"{PAGE}#m_B1", "7001"),
        id="private reply to a comment",
    ),
    pytest.param(
        replace(PRIVATE, target=f"{PAGE}_556", surface="post", tag="HUMAN_AGENT"),
        f"{PAGE}/messages",
        {"recipient": {"post_id": f"{PAGE}_556"}, "messaging_type": "RESPONSE", "message": MARKED},
        {"recipient_id": "7001", "message_id": "m_B1"},
        Sent(f"{PAGE}#m_B1", "7001"),
        id="private reply to a post, which knows no tag",
    ),
    pytest.param(
        DM,
        f"{PAGE}/messages",
        {
            "recipient": {"id": "7001"},
            "messaging_type": "RESPONSE",
            "message": {"text": TEXT, "metadata": "hark:2"},
        },
        {"recipient_id": "7001", "message_id": "m_B2"},
        Sent(f"{PAGE}#m_B2"),
        id="Messenger",
    ),
    pytest.param(
        replace(DM, tag="HUMAN_AGENT", marker=""),
        f"{PAGE}/messages",
        {"recipient": {"id": "7001"}, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT", "message": MESSAGE},
        {"recipient_id": "7001", "message_id": "m_B2"},
        Sent(f"{PAGE}#m_B2"),
        id="Messenger after a day",
    ),
    pytest.param(
        IG_COMMENT, "17900000000000001/replies", {"message": TEXT}, {"id": "179"}, Sent("179"), id="Instagram comment"
    ),
    pytest.param(
        IG_MENTION,
        f"{IG}/mentions",
        {"media_id": "18000000000000007", "comment_id": "17900000000000006", "message": TEXT},
        {"id": "179"},
        Sent("179"),
        id="mention in an Instagram comment",
    ),
    pytest.param(
        replace(IG_MENTION, target="18000000000000007"),
        f"{IG}/mentions",
        {"media_id": "18000000000000007", "message": TEXT},
        {"id": "179"},
        Sent("179"),
        id="mention in an Instagram caption",
    ),
    pytest.param(
        IG_PRIVATE,
        f"{IG}/messages",
        {"recipient": {"comment_id": "17900000000000001"}, "message": MESSAGE},
        {"recipient_id": "6001", "message_id": "aWdB1"},
        Sent(f"{IG}#aWdB1", "6001"),
        id="Instagram private reply",
    ),
    pytest.param(
        IG_DM,
        "me/messages",
        {"recipient": {"id": "6001"}, "message": MESSAGE},
        {"recipient_id": "6001", "message_id": "aWdB1"},
        Sent(f"{IG}#aWdB1"),
        id="Instagram message through the Page",
    ),
    pytest.param(
        replace(IG_DM, tag="HUMAN_AGENT"),
        "me/messages",
        {"recipient": {"id": "6001"}, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT", "message": MESSAGE},
        {"recipient_id": "6001", "message_id": "aWdB1"},
        Sent(f"{IG}#aWdB1"),
        id="Instagram message after a day",
    ),
]


@pytest.mark.parametrize(("order", "path", "body", "answer", "outcome"), SAID)
def test_what_is_said_goes_where_meta_wants_it(
    order: Order, path: str, body: dict[str, Any], answer: dict[str, str], outcome: Sent
) -> None:
    got, stub = sent(order, Reply(200, answer))
    assert got == outcome
    assert stub.paths == [f"POST /v26.0/{path}"]
    assert stub.asked[0].body == body


def test_an_instagram_account_with_its_own_login_sends_as_itself() -> None:
    _, stub = sent(IG_DM, Reply(200, {"recipient_id": "6001", "message_id": "aWdB1"}), access_token="IGAAtoken")
    assert stub.paths == [f"POST /v26.0/{IG}/messages"]


@pytest.mark.parametrize(
    ("order", "call", "body"),
    [
        (replace(COMMENT, verb="like"), "POST /v26.0/555_777/likes", None),
        (replace(COMMENT, verb="unlike"), "DELETE /v26.0/555_777/likes", None),
        (replace(COMMENT, verb="hide"), "POST /v26.0/555_777", {"is_hidden": True}),
        (replace(COMMENT, verb="unhide"), "POST /v26.0/555_777", {"is_hidden": False}),
        (replace(COMMENT, verb="delete"), "DELETE /v26.0/555_777", None),
        (replace(IG_COMMENT, verb="hide"), "POST /v26.0/17900000000000001", {"hide": True}),
        (replace(IG_COMMENT, verb="unhide"), "POST /v26.0/17900000000000001", {"hide": False}),
        (replace(IG_COMMENT, verb="delete"), "DELETE /v26.0/17900000000000001", None),
    ],
)
def test_an_act_is_one_call_that_may_be_repeated(order: Order, call: str, body: object) -> None:
    got, stub = sent(order, Reply(200, {"success": True}))
    assert got == Sent()
    assert stub.paths == [call]
    assert stub.asked[0].body == body
    for reply in (Reply(hang_up=True), Reply(503), Reply(200, {"success": False}), error(1, 1357046)):
        got, _ = sent(order, reply)
        assert isinstance(got, NotSent) and got.code == "busy" and got.effect is Effect.LATER


def test_what_is_gone_already_counts_as_deleted() -> None:
    assert sent(replace(COMMENT, verb="delete"), error(100, 33))[0] == Sent()
    got, _ = sent(replace(COMMENT, verb="hide"), error(100, 33))
    assert isinstance(got, NotSent) and got.code == "target_gone"


def test_a_comment_that_cannot_be_hidden_is_told_from_a_missing_permission() -> None:
    hide = replace(COMMENT, verb="hide")
    for may, code in ((False, "refused"), (True, "permission_missing")):
        with serving(error(200), Reply(200, {"id": "555_777", "can_hide": may})) as stub:
            got = sender(stub).send(hide)
        assert isinstance(got, NotSent) and got.code == code
        assert stub.asked[1].query["fields"] == "can_hide"
    got, _ = sent(replace(IG_COMMENT, verb="hide"), error(200))
    assert isinstance(got, NotSent) and got.code == "permission_missing"


@pytest.mark.parametrize(
    "order",
    [
        replace(IG_COMMENT, verb="like"),
        replace(IG_COMMENT, surface="live_comment"),
        replace(COMMENT, surface="review"),
        replace(DM, verb="like"),
        replace(DM, verb="delete"),
        replace(DM, person=""),
        replace(DM, platform="viber"),
    ],
)
def test_what_the_platform_cannot_do_is_not_tried(order: Order) -> None:
    got, stub = sent(order, Reply(200, {"id": "1", "success": True}))
    assert isinstance(got, NotSent) and got.code == "not_supported"
    assert stub.asked == []


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_is_not_said(text: str) -> None:
    got, stub = sent(replace(DM, text=text), Reply(200, {"message_id": "m_1"}))
    assert isinstance(got, NotSent) and got.code == "too_long"
    assert stub.asked == []


@pytest.mark.parametrize("order", [COMMENT, PRIVATE, DM, IG_COMMENT, IG_MENTION, IG_PRIVATE, IG_DM])
@pytest.mark.parametrize(
    ("reply", "code"),
    [
        pytest.param(Reply(503, b""), "server_error", id="F18 503"),
        pytest.param(Reply(hang_up=True), "no_answer", id="F19 reset"),
        pytest.param(Reply(200, b'{"id":"5'), "no_answer", id="F19 half JSON"),
        pytest.param(Reply(200, b"<html>"), "no_answer", id="F19 HTML"),
        pytest.param(Reply(200, {"error": {"code": 100}}), "server_error", id="F19 error inside 200"),
        pytest.param(Reply(200, {}), "no_answer", id="F20 no id"),
        pytest.param(Reply(200, {"id": 5, "message_id": None}), "no_answer", id="F20 an id that is none"),
        pytest.param(Reply(200, {"success": True}), "no_answer", id="F20 success without an id"),
        pytest.param(error(1, 1357046), "server_error", id="sent although an error is returned"),
        pytest.param(error(2, is_transient=True), "server_error", id="temporary"),
        pytest.param(error(506), "duplicate_text", id="F22 same text"),
    ],
)
def test_what_may_have_been_said_is_unknown_i18(order: Order, reply: Reply, code: str) -> None:
    got, stub = sent(order, reply)
    assert isinstance(got, NotSent)
    assert (got.code, got.effect) == (code, Effect.UNKNOWN)
    assert len(stub.asked) == 1


def test_an_id_that_cannot_be_ours_is_no_proof_f20() -> None:
    for made in ("555_777", f"{PAGE}_555", PAGE):
        got, _ = sent(COMMENT, Reply(200, {"id": made}))
        assert isinstance(got, NotSent) and got.code == "wrong_id" and got.effect is Effect.UNKNOWN
    got, _ = sent(DM, Reply(200, {"recipient_id": "7002", "message_id": "m_B1"}))
    assert isinstance(got, NotSent) and got.code == "wrong_id"


@pytest.mark.parametrize(
    ("order", "reply", "code"),
    [
        pytest.param(DM, error(10, 2018278), "window_closed", id="window"),
        pytest.param(IG_DM, error(10, 2534022), "window_closed", id="window on Instagram"),
        pytest.param(PRIVATE, error(10900), "already_replied", id="private reply sent already"),
        pytest.param(COMMENT, error(100, 33), "target_gone", id="gone"),
        pytest.param(DM, error(551, 1545041), "person_unreachable", id="person"),
        pytest.param(COMMENT, error(190, 463), "token_refused", id="F23 expired"),
        pytest.param(COMMENT, error(190, 458), "token_refused", id="F23 app removed"),
        pytest.param(COMMENT, error(200), "permission_missing", id="F23 scope lost"),
        pytest.param(COMMENT, error(368), "policy_block", id="F23 blocked"),
        pytest.param(COMMENT, error(32), "rate_limited", id="F17 limit"),
        pytest.param(COMMENT, Reply(429, b""), "rate_limited", id="F17 429"),
    ],
)
def test_a_refusal_proves_that_nothing_was_said(order: Order, reply: Reply, code: str) -> None:
    got, _ = sent(order, reply)
    assert isinstance(got, NotSent)
    assert got.code == code
    assert FAILINGS[code].effect is not Effect.UNKNOWN
    assert (got.retry_at is not None) == (FAILINGS[code].effect is Effect.LATER)


def test_a_foreign_place_that_is_closed_to_us_does_not_stop_the_account() -> None:
    got, _ = sent(replace(COMMENT, surface="mention"), error(10))
    assert isinstance(got, NotSent) and got.code == "refused" and got.effect is Effect.NEVER


def test_a_missing_credential_waits_for_an_operator() -> None:
    got, stub = sent(COMMENT, Reply(200, {"id": "1"}), access_token="")
    assert isinstance(got, NotSent) and got.code == "not_set_up" and got.effect is Effect.PAUSED
    assert stub.asked == []

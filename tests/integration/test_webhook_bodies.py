"""What a signed delivery may hold: rows H10-H18, H22 and H25 of the invariants, section 5A."""

from __future__ import annotations

import gzip
import json
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from hark import wiring
from hark.desk.clicks import Click
from hark.domain.reply import State

from .conftest import BRAND, Door
from .x_deliveries import ACME, KIM, mention

POST = "2123706425275322373"


def body_of(**more: Any) -> bytes:
    return json.dumps(mention(**more)).encode()


def assert_poisoned(door: Door, bodies: dict[str, bytes]) -> None:
    """Each body is kept byte for byte, once, acknowledged and counted; nothing of it reaches the ledger."""
    for name, body in bodies.items():
        for _ in range(2):
            assert door.post(body)["statusCode"] == 200, name
            assert door.counted() == {"poison": 1}, name
    assert door.quarantine() == set(bodies.values())
    assert len(door.desk.items("QUARANTINE")) == len(set(bodies.values()))
    assert door.ledger() == []


def test_h10_signed_gzip_bytes_go_to_quarantine(door: Door) -> None:
    bomb = gzip.compress(bytes(50_000_000), mtime=0)
    assert len(bomb) < 100_000
    began = time.process_time()
    assert_poisoned(door, {"a bomb": bomb, "a packed delivery": gzip.compress(body_of(), mtime=0)})
    assert time.process_time() - began < 3, "it was not unpacked"


def nested(depth: int) -> bytes:
    return b'{"data": ' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


def test_h11_what_is_no_strict_json_of_an_object_goes_to_quarantine(door: Door) -> None:
    body = body_of()
    assert_poisoned(
        door,
        {
            "not JSON": b"hello", "trailing garbage": body + b"x", "two documents": body + body,
            "byte order mark": b"\xef\xbb\xbf" + body, "UTF-16": body.decode().encode("utf-16"), "empty": b"",
            "blank": b" ", "array": b"[" + body + b"]", "null": b"null", "string": b'"data"', "number": b"1",
            "true": b"true", "single quotes": b"{'data': {}}", "comment": b"/* */" + body, "trailing comma": b"{,}",
            "form": b"data=1&event_type=post.mention.create", "XML": b"<data/>", "depth 65": nested(65),
            "depth 100,000": nested(100_000), "open for ever": b"[" * 200_000, "objects": b'{"a":' * 100_000,
            "no data": b"{}", "data is a list": b'{"data": []}',
            "no payload": b'{"data": {"event_type": "post.create"}}',
            "kind is a number": b'{"data": {"event_type": 1, "payload": {}}}',
            "kind is long": json.dumps({"data": {"event_type": "a" * 65, "payload": {}}}).encode(),
        },
    )  # fmt: skip


def with_number(number: str) -> bytes:
    return body_of().replace(b'"payload": {', b'"payload": {"odd": ' + number.encode() + b", ", 1)


def test_h12_numbers_that_readers_disagree_about_go_to_quarantine(door: Door) -> None:
    odd = ("NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1" * 31, "-" + "9" * 31, "1" * 5000, "9" * 400_000)
    assert_poisoned(door, {number[:12]: with_number(number) for number in odd})
    for number in ("1" * 30, "-" + "1" * 30, "1e308", "1e-999", "0.1"):
        assert door.post(with_number(number))["statusCode"] == 200
    assert len(door.ledger()) == 1


def test_h13_a_key_given_twice_goes_to_quarantine(door: Door) -> None:
    body = body_of()
    assert_poisoned(
        door,
        {
            "data": body[:-1] + b', "data": {}}',
            "id": body.replace(b'"id": "2123', b'"id": "1", "id": "2123', 1),
            "escaped": body.replace(b'"text": ', b'"te\\u0078t": "other", "text": ', 1),
        },
    )


def test_h14_invalid_utf8_is_kept_as_bytes(door: Door) -> None:
    body = body_of(text="@acme MARK")
    broken = {
        "ff": b"\xff", "overlong": b"\xc0\xaf", "a surrogate": b"\xed\xa0\x80", "too high": b"\xf4\x90\x80\x80",
        "cut": b"\xe2\x82", "Latin-1": "ü".encode("latin-1"),
    }  # fmt: skip
    assert_poisoned(door, {name: body.replace(b"MARK", odd) for name, odd in broken.items()})


def test_h15_characters_nothing_can_hold_are_replaced_in_the_text_and_kept_in_the_ledger(door: Door) -> None:
    body = body_of(text="@acme a\ud83db\x00c\x1bd\x9fe\r\nf")
    assert b"\\ud83d" in body and b"\\u0000" in body
    assert door.post(body)["statusCode"] == 200
    door.desk.fold()
    (message,) = door.desk.messages()
    assert message.text == "@acme a\ufffdb\ufffdc\ufffdd\ufffde\nf"
    (entry,) = door.ledger()
    assert (entry["state"], gzip.decompress(entry["body"])) == ("folded", body)


def test_h15_cleaned_text_is_counted(door: Door) -> None:
    door.post(body_of(text="@acme a\ud83db"))
    door.desk.fold()
    assert door.counted() == {"cleaned": 1}


def test_h16_h17_text_that_attacks_readers_is_kept_as_it_is(door: Door) -> None:
    texts = [
        "@acme \u202egnp.exe\u202c \u2066x\u2069", "@аcme hоmоglyph", "@acme zero\u200bwidth\u200d\ufeff",
        "@acme Z" + "\u0301" * 10_000, "@acme <script>alert(1)</script><img src=x onerror=alert(1)>",
        "@acme javascript:alert(1) data:text/html,<b> [click](javascript:alert(1)) ![](http://x)",
        "@acme ' OR 1=1 -- ${jndi:ldap://x} {{7*7}} %00 \\u0000", "@acme =cmd|' /C calc'!A0",
    ]  # fmt: skip
    for number, text in enumerate(texts):
        assert door.post(body_of(post_id=f"{int(POST) + number}", text=text))["statusCode"] == 200
    door.desk.fold()
    assert sorted(m.text for m in door.desk.messages()) == sorted(texts)
    assert {entry["state"] for entry in door.ledger()} == {"folded"}
    assert len(door.desk.cases()) == len(texts)
    assert all(len(case.snippet) <= 140 for case in door.desk.cases())
    assert door.counted() == {}


ODD_IDS: tuple[Any, ...] = (
    "../../etc", "a#b", "1 2", "", "1" * 26, "1" * 10_000, {"$ne": 1}, ["1"], 2123706425275322373, None, True,
    "１２３", "12\n", "-5", "1.0", "1e5", "0x10", "٣",
)  # fmt: skip


def test_h18_an_odd_id_of_the_event_goes_to_quarantine(door: Door) -> None:
    def odd_at(place: str, value: Any) -> bytes:
        body = mention()
        if place == "id":
            body["data"]["payload"]["id"] = value
        else:
            body["data"]["filter"]["user_id"] = value
        return json.dumps(body).encode()

    assert_poisoned(
        door, {f"{place} {value!r}"[:40]: odd_at(place, value) for place in ("id", "user") for value in ODD_IDS}
    )


def test_h18_an_odd_id_inside_an_event_is_quarantined_by_the_fold_and_stops_nothing(door: Door) -> None:
    bad = [value for value in ODD_IDS if value is not None]
    for number, value in enumerate(bad):
        assert door.post(body_of(post_id=str(int(POST) + number), conversation_id=value))["statusCode"] == 200
    assert door.post(body_of(post_id="1"))["statusCode"] == 200
    door.desk.fold()
    assert Counter(entry["state"] for entry in door.ledger()) == {"quarantined": len(bad), "folded": 1}
    assert door.counted()["poison"] == len(bad)
    assert len(door.desk.cases()) == 1


def test_h22_an_absurd_time_never_moves_a_clock(door: Door) -> None:
    times: tuple[Any, ...] = (
        "1970-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z", "-5", "yesterday", -1, 1e300, None, {}, "", [1],
        "0000-00-00T00:00:00Z", "2026-11-20T09:14:03", "9999-12-31T23:59:59-23:59",
    )  # fmt: skip
    for number, at in enumerate(times):
        # Ids from before X wrote the time into them.
        assert door.post(body_of(post_id=str(1000 + number), created_at=at))["statusCode"] == 200
    door.desk.fold()
    assert door.counted() == {"bad_time": len(times)}
    assert {m.at for m in door.desk.messages()} == {"2026-11-20T09:15:00.000Z"}, "the time of arrival"
    assert {case.due_at for case in door.desk.cases()} == {"2026-11-20T10:15:00.000Z"}


def test_h22_a_time_inside_the_id_is_better_than_an_absurd_one(door: Door) -> None:
    assert door.post(body_of(created_at="9999-12-31T23:59:59.999Z"))["statusCode"] == 200
    door.desk.fold()
    (message,) = door.desk.messages()
    assert "2026-11-20T09:00" < message.at < "2026-11-20T09:15:01"


def test_h25_the_echo_of_our_reply_proves_it_and_opens_nothing(door: Door, enrol: Callable[..., Any]) -> None:
    dana = enrol("dana")
    door.desk.take_in(mention())
    case, text = door.desk.case(), "Sorry! It comes tomorrow & early. ^DO"
    reply = wiring.actions().reply(Click.of(dana, "click-0001", "reply", text), case.id, text, case.talk)
    held = reply.model_copy(update={"state": State.SENDING})
    door.desk.table.change(wiring.actions().replies.write(reply, held))  # the sender died between post and commit
    door.counted()
    echo = body_of(
        post_id="2123708048470967506", text="@kim_l " + text.replace("&", "&amp;"), author_id=ACME,
        event_type="post.create", conversation_id=POST, in_reply_to_tweet_id=POST, in_reply_to_user_id=KIM,
        created_at="2026-11-20T09:20:30.000Z", display_text_range=[7, 53], entities={},
    )  # fmt: skip
    for _ in range(2):
        assert door.post(echo)["statusCode"] == 200
        door.desk.fold()
    assert door.counted() == {"echo": 1, "dup": 1}
    linked = wiring.actions().replies.get(BRAND, case.id, reply.id)
    assert linked is not None
    assert (linked.state.value, linked.platform_id) == ("sent", "2123708048470967506")
    assert (door.desk.case().awaiting, len(door.desk.cases())) == ("them", 1)


def test_h25_what_our_own_account_says_by_itself_opens_nothing(door: Door) -> None:
    said: tuple[dict[str, Any], ...] = (
        {"event_type": "post.create", "in_reply_to_user_id": None},
        {"event_type": "post.mention.create"},
        {"event_type": "post.create", "in_reply_to_user_id": ACME, "in_reply_to_tweet_id": "1"},
        {"event_type": "post.quote.create", "in_reply_to_user_id": None},
        {"event_type": "post.repost.create", "referenced_tweets": [{"type": "retweeted", "id": "1"}]},
    )
    for number, more in enumerate(said):
        assert door.post(body_of(post_id=str(int(POST) + number), author_id=ACME, **more))["statusCode"] == 200
    door.desk.fold()
    assert door.desk.cases() == []

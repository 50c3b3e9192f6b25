"""Every hostile body of the door through the whole walk, between neighbours whose flow nothing stops (F26)."""

from __future__ import annotations

import gzip
import json
from collections import Counter

from hark import wiring

from .conftest import Door
from .test_deliveries_again import record
from .test_webhook_bodies import ODD_IDS, body_of, nested, with_number
from .x_deliveries import ACME, mention

POST = 2123706425275322373


def of_id(number: int) -> str:
    return str(POST + 1000 + number)


def hostile() -> list[tuple[str, bytes, str]]:
    """Row, body, and what becomes of it: `kept` aside as bytes, `quarantined` by the fold, `folded`, or `dropped`."""
    body, number = body_of(), iter(range(10_000))

    def fresh(text: str = "@acme hello", **more: object) -> bytes:
        return body_of(post_id=of_id(next(number)), text=text, **more)

    unreadable: dict[str, list[bytes]] = {
        "H10": [gzip.compress(bytes(1_000_000), mtime=0), gzip.compress(body, mtime=0)],
        "H11": [nested(65), nested(100_000), b"hello", body + b"x", b"\xef\xbb\xbf" + body, b"", b"null", b'"data"',
                b"[" + body + b"]", b"{'data': {}}", b"[" * 200_000],
        "H12": [with_number(odd) for odd in ("NaN", "Infinity", "1e999", "1" * 31)],
        "H13": [body[:-1] + b', "data": {}}'],
        "H14": [body.replace(b"parcel", odd) for odd in (b"\xff", b"\xc0\xaf", b"\xed\xa0\x80")],
    }  # fmt: skip
    for value in ODD_IDS:
        unread = mention()
        unread["data"]["payload"]["id"] = value
        unreadable.setdefault("H18", []).append(json.dumps(unread).encode())
    found = [(row, each, "kept") for row, bodies in unreadable.items() for each in bodies]
    found += [("H18", fresh(conversation_id=value), "quarantined") for value in ODD_IDS if value is not None]
    for row, texts in {
        "H15": ["@acme a\ud83db\x00c\x1bd"],
        "H16": ["@acme \u202egnp.exe\u202c", "@acme zero\u200bwidth\ufeff", "@acme Z" + "\u0301" * 10_000],
        "H17": ["@acme <script>alert(1)</script>", "@acme [click](javascript:alert(1))", "@acme ' OR 1=1 -- {{7*7}}"],
    }.items():
        found += [(row, fresh(text), "folded") for text in texts]
    found += [("H22", fresh(created_at=at), "folded") for at in ("1970-01-01T00:00:00.000Z", "-5", -1, 1e300, None)]
    found += [("H25", fresh(author_id=ACME, event_type="post.create", in_reply_to_user_id=None), "own")]
    stranger = mention(of_id(next(number)))
    stranger["data"]["filter"]["user_id"] = "666"
    return [*found, ("H19", json.dumps(stranger).encode(), "dropped")]


def test_f26_each_hostile_body_ends_where_it_belongs_and_those_before_and_after_it_flow(door: Door) -> None:
    bodies = hostile()
    for number, (row, body, _) in enumerate(bodies):
        assert door.post(body_of(post_id=str(POST + number), text=f"@acme neighbour {number}"))["statusCode"] == 200
        assert door.post(body)["statusCode"] == 200, row
    last = len(bodies)
    assert door.post(body_of(post_id=str(POST + last), text=f"@acme neighbour {last}"))["statusCode"] == 200
    records = [record(item, number) for number, item in enumerate(door.ledger(), 1)]
    for start in range(0, len(records), 25):
        batch = {"Records": records[start : start + 25]}
        assert door.desk.call("ingest", batch) == {"batchItemFailures": []}, "nothing has to come again"
    states = {item["event"]: item["state"] for item in door.ledger()}
    wanted = Counter(end for _, _, end in bodies)
    assert {states[f"post:{POST + number}"] for number in range(last + 1)} == {"folded"}
    assert Counter(states.values())["quarantined"] == wanted["quarantined"]
    assert "received" not in states.values(), "all has come to its end"
    assert door.quarantine() == {body for _, body, end in bodies if end == "kept"}
    said = {message.text for message in door.desk.messages()}
    assert said >= {f"@acme neighbour {number}" for number in range(last + 1)}
    assert len(door.desk.messages()) == last + 1 + wanted["folded"], "an own post opens nothing"
    for case in door.desk.cases():
        assert wiring.triaging().triage(case.brand, case.id, case.gen)["next"] in ("assign", "bot", "end")

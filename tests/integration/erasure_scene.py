"""A desk of many customers, one of whom is everywhere something can be; and a search through all that is kept."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.client import BaseClient
from hark import aws, wiring
from hark.domain.case import Case
from hark.domain.events import Media, MediaKind, Profile, RawEvent
from hark.domain.message import kept_media
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store import media as places

from .browser import Browser
from .conftest import BRAND, Desk
from .crowd import FIRST_POST, said_by
from .table_in_memory import without_the_wire
from .x_deliveries import ACME, mention

PERSON, HANDLE, NAME, CANARY = "9777000123", "canary_kim", "Ķīrija Čānari", "canarywords"
AT = "2026-11-20T09:14:30.000Z"
LATE_POST, OTHER_POST, HIT_POST = "2123706425275999001", "2123706425275999002", "2123706425275999003"


def by_her(post: str, text: str = f"@acme my {CANARY} are late", **more: Any) -> dict[str, Any]:
    """Something that the person says who will be erased."""
    body = mention(post, text, author_id=PERSON, **({"created_at": AT} | more))
    users = body["data"]["includes"]["users"]
    users[1:] = [{"id": PERSON, "username": HANDLE, "name": NAME}]
    return body


def privately(number: int, text: str) -> dict[str, Any]:
    """A direct message of hers."""
    payload = {
        "direct_message_events": [
            {
                "type": "message_create", "id": f"19{number:017d}", "created_timestamp": "1795166070000",
                "message_create": {
                    "target": {"recipient_id": ACME}, "sender_id": PERSON, "message_data": {"text": text},
                },
            }
        ],
        "users": {PERSON: {"data": {"id": PERSON, "username": HANDLE, "name": NAME}}},
    }  # fmt: skip
    return {
        "data": {
            "event_uuid": f"dm{number}", "filter": {"user_id": ACME}, "event_type": "dm.received", "payload": payload,
        }
    }  # fmt: skip


@dataclass
class Outside:
    """What left the functions for anything but the table, and what they logged."""

    calls: list[tuple[str, str, str]] = field(default_factory=list)
    """Service, operation, parameters."""
    invoked: list[tuple[str, Any]] = field(default_factory=list)
    """Functions that were started, and with what."""


@contextmanager
def recorded(monkeypatch: pytest.MonkeyPatch) -> Iterator[Outside]:
    """Every call of an AWS service other than DynamoDB. Executions and functions that are started are
    only noted: what they do is called by the test."""
    outside, real = Outside(), vars(BaseClient)["_make_api_call"]

    def asked(self: Any, operation: str, given: Any) -> Any:
        service = self.meta.service_model.service_name
        if service != "dynamodb":
            outside.calls.append((service, operation, repr(given)))
        if operation == "StartExecution":
            return {"executionArn": f"{given['stateMachineArn']}:{given['name']}"}
        if operation == "Invoke":
            outside.invoked.append((given["FunctionName"], json.loads(given["Payload"])))
            return {"StatusCode": 202}
        return real(self, operation, given)

    with monkeypatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", asked)
        yield outside


def crowded(desk: Desk, people: int) -> None:
    """So many others, each with a message and a case, by the real door and the real fold."""
    with without_the_wire(desk.dynamodb):
        for number in range(people):
            assert desk.deliver(said_by(number)) == 200
        desk.fold()


def everywhere(desk: Desk, lea: Browser) -> list[Case]:
    """She writes in public twice and in private, is answered, noted, rated, pictured, found by listening, and stands
    in what nobody could read; a reply to her is on its way, a draft waits, and one event is not folded yet."""
    aws.s3().create_bucket(Bucket="hark-media")
    desk.take_in(by_her("2123706425275888001"), by_her("2123706425275888002", f"@acme and the {CANARY} again"))
    desk.take_in(privately(1, f"my number is {CANARY}"))
    table, now = desk.table, time_text(desk.clock())
    cases = [case for case in desk.cases() if case.customer_id == PERSON]
    first = next(case for case in cases if case.public)
    assert len(cases) == 3 and {case.public for case in cases} == {True, False}
    lines = {"version": first.version, "assignee": "me"}
    assert lea.send("PATCH", f"conversations/{first.id}", lines).status == 200
    assert lea.send("POST", f"conversations/{first.id}/notes", {"text": f"{NAME} wants {CANARY}"}).status == 201
    seen = wiring.actions().cases.get(BRAND, first.id)
    assert seen
    words = {"text": f"Dear {HANDLE}, your {CANARY} come", "seen": seen.talk, "hold": 20}
    answered = lea.send("POST", f"conversations/{first.id}/replies", words)
    assert answered.status == 202, answered.said
    table.put(keys.rating(BRAND, first.id, 1), {"at": now, "gen": 1, "comment": CANARY, "stars": 5, "place": "public"})
    messages = wiring.copies().messages
    table.change(messages.identity(BRAND, "x", Profile(PERSON, HANDLE, NAME, avatar=f"https://x/{CANARY}.png")))  # type: ignore[arg-type]
    old = messages.get(BRAND, "x", seen.reply_to)
    assert old
    media = kept_media(Media(MediaKind.IMAGE, f"https://pictures.example/{CANARY}.png", name=f"{CANARY}.png"))
    table.transact([messages.write(old, old.model_copy(update={"media": (media,)}))])
    for place in (places.of_message(BRAND, "x", old.id), places.of_person(BRAND, "x", PERSON)):
        aws.s3().put_object(Bucket="hark-media", Key=place + "1", Body=CANARY.encode())
    found = by_her(HIT_POST, f"akme and its {CANARY}", event_type="poll.search", entities={})
    event = RawEvent(f"post:{HIT_POST}", "poll.search", ACME, json.dumps(found).encode())
    assert wiring.intake().ledger.store(BRAND, "x", event, desk.clock(), "search") == "new"
    desk.fold()
    unknown = {"event_uuid": "u1", "filter": {"user_id": ACME}, "event_type": "post.admired", "payload": {"by": PERSON}}
    desk.take_in({"data": unknown})
    assert desk.deliver(b'{"broken": "' + NAME.encode() + b'", ' + PERSON.encode()) == 200
    wiring.intake().accounts.want("x", ACME, f"profile:{PERSON}", "")
    assert desk.deliver(by_her(OTHER_POST, f"@acme one more {CANARY}")) == 200, "it waits to be folded"
    return [first, *(case for case in cases if case.id != first.id)]


# --- searching ---


def written(value: Any) -> Iterator[bytes]:
    """A value of an item as DynamoDB holds it, with all names in it, unpacked and taken out of base64 too."""
    for kind, said in value.items():
        match kind, said:
            case "B", str():
                yield from unpacked(base64.b64decode(said))
            case "S" | "N", str():
                yield said.encode("utf-8", "surrogatepass")
                if len(said) > 15 and ENCODED.fullmatch(said):
                    yield decoded(said)
            case "M", dict():
                for name, part in said.items():
                    yield name.encode()
                    yield from written(part)
            case "L", list():
                for part in said:
                    yield from written(part)
            case _:
                yield json.dumps(said, ensure_ascii=False).encode()


def unpacked(said: bytes) -> Iterator[bytes]:
    yield said
    if said[:2] == b"\x1f\x8b":
        yield from unpacked(gzip.decompress(said))


ENCODED = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")


def decoded(said: str) -> bytes:
    """What stands in something that looks like base64, and may be none."""
    padded = said.replace("-", "+").replace("_", "/").rstrip("=")
    return base64.b64decode(padded + "A" * (len(padded) % 4 == 1) + "=" * (-len(padded) % 4 % 3))


def forms(word: str) -> set[bytes]:
    """A word as it is, in lower case, as JSON escapes it, percent-encoded, and in base64 at each of three places."""
    plain = word.encode()
    found = {plain, word.lower().encode(), json.dumps(word)[1:-1].encode()}
    found.add("".join(f"%{b:02X}" if b > 127 else chr(b) for b in plain).encode())
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + plain)
        found.add(whole[4 if before else 0 : len(whole) - 4])
    return {form for form in found if len(form) > 5}


def stored(desk: Desk) -> Iterator[tuple[str, bytes]]:
    """All that is kept: every item with its keys (so every index), every object with its name; and where it lies."""
    for (pk, sk), item in list(kept(desk)):
        yield f"{pk} {sk}", b"\0".join(written({"M": item}))
    for found in aws.s3().list_objects_v2(Bucket="hark-media").get("Contents", []):
        body = aws.s3().get_object(Bucket="hark-media", Key=found["Key"])["Body"].read()
        yield found["Key"], b"\0".join((found["Key"].encode(), *unpacked(body)))


def where(pieces: Iterable[tuple[str, bytes]], *words: str) -> dict[str, set[str]]:
    """In which places any of the words stands: word → places."""
    all_of_it = list(pieces)
    at_once = b"\0".join(piece for _, piece in all_of_it)
    found: dict[str, set[str]] = {}
    for word in words:
        for form in forms(word):
            if form in at_once:
                found.setdefault(word, set()).update(place for place, piece in all_of_it if form in piece)
    return found


def kept(desk: Desk) -> Iterable[tuple[tuple[str, str], dict[str, Any]]]:
    """Every item with its key, as the table holds it."""
    return desk.dynamodb.tables[desk.table.name].items.items()


def of_others(desk: Desk, people: int) -> dict[tuple[str, str], str]:
    """Every item that is about somebody else of the crowd: ledger, message, person, case and all with it, as text."""
    threads = [str(FIRST_POST + n) for n in range(people)]
    theirs = {f"{BRAND}#MSG#x#{thread}" for thread in threads} | {f"{BRAND}#WHO#x#9{n:06d}" for n in range(people)}
    theirs |= {keys.raw(BRAND, "x", f"post:{thread}").pk for thread in threads}
    for n, thread in enumerate(threads):
        theirs.add(keys.case(BRAND, keys.case_id(BRAND, "x", ACME, thread, f"9{n:06d}")).pk)
    return {key: json.dumps(item, sort_keys=True, default=sorted) for key, item in kept(desk) if key[0] in theirs}

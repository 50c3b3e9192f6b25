"""Erasing a person: what is left of their cases, and the receipt that proves it (I30).

A receipt is signed with a key of the stack (HMAC-SHA256) over its canonical JSON, and names the hash of the receipt
before it: who has the keys can check one offline, and sees when one is missing. It names nobody.
"""

from __future__ import annotations

import hmac
import json
import re
import zlib
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, ConfigDict

from hark.domain.case import Case, Change, Line
from hark.domain.retention import PERSONAL

LINE, CLOSING, CLOSED = "person.erased", "case.closed.erased", "erased"
"""Codes in a case's history, and why it was closed if it was open."""
WHO = frozenset({"customer_id", "thread_id", "person", "thread"})
"""What says who the customer is in a case, its history and what lies with it."""
KINDS = ("cases", "messages", "events", "replies", "drafts", "said_with", "hits", "names", "wanted", "unread", "copies")
"""What a receipt counts: conversations, messages, entries of the ledger, replies and drafts that were stopped, items
beside them (history, notes, replies that are over, ratings), finds of listening, items on the person, profiles that
were to be asked for, entries nobody could read, copies of media."""
_LARGEST_UNPACKED = 8 * 1024 * 1024


class Person(BaseModel):
    """Whom to look for. `platform` and `id` as in `Case`; the names as far as they are known."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    platform: str
    id: str
    handle: str = ""
    name: str = ""


class Subject(BaseModel):
    """A person by the hash under which the list of the forgotten knows them (`keys.subject`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    platform: str
    hash: str


class Receipt(BaseModel):
    """What was erased, and when. Times are in text form (`domain.time`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    brand: str
    number: int
    """Of the brand's receipts, from 1."""
    subjects: tuple[Subject, ...]
    asked_at: str
    asked_by: str
    """A member's id; empty when the platform passed the wish on."""
    erased_at: str
    erased: dict[str, int]
    """By kind (`KINDS`)."""
    previous: str
    """Hash of the receipt before it (`digest`); empty for the first."""
    key: str
    """Name of the key it is signed with."""
    signature: str = ""


def canonical(receipt: Receipt) -> bytes:
    """What is signed: all but the signature, with sorted names, no spaces and only ASCII."""
    said = receipt.model_dump(mode="json", exclude={"signature"})
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def signed(receipt: Receipt, keys: Mapping[str, str]) -> Receipt:
    """The receipt with its signature. `keys`: hexadecimal keys by name."""
    proof = hmac.new(bytes.fromhex(keys[receipt.key]), canonical(receipt), sha256).hexdigest()
    return receipt.model_copy(update={"signature": proof})


def holds(receipt: Receipt, keys: Mapping[str, str]) -> bool:
    """Whether a receipt is what we signed, by whichever of our keys; False for a key we do not have."""
    if receipt.key not in keys:
        return False
    return hmac.compare_digest(signed(receipt, keys).signature.encode(), receipt.signature.encode())


def digest(receipt: Receipt) -> str:
    """By what the next receipt names this one: SHA-256 over what is signed and the signature."""
    return sha256(canonical(receipt) + b"." + receipt.signature.encode()).hexdigest()


def erased(case: Case, by: str, now: str) -> Change:
    """The case without a word of the customer, and without who it was. If it was open it is closed: there is nobody
    left to answer. What counts stays: times, codes, figures."""
    fresh: dict[str, object] = dict.fromkeys((*PERSONAL, "customer_id", "thread_id"), "")
    fresh |= {
        "evidence": (), "personal_data": (), "tags": (), "drafts": (), "approval": "", "approval_due": "",
        "reply_state": "", "reply_to": "", "snippet_of": "", "said_of": "", "read_of": "", "may_reply": False,
        "unread": 0, "survey": "", "removed_at": now, "removed_after": 0, "erased_at": now, "updated_at": now,
        "due_at": "", "bells": {}, "snoozed_until": "", "escalation": "", "promise_told": "",
        "acknowledging": "", "awaiting": "them",
    }  # fmt: skip
    if case.promise == "open":
        fresh |= {"promise": "withdrawn"}
    if case.status == "closed":
        return case.model_copy(update=fresh), (Line(code=LINE, at=now, by=by),)
    fresh |= {"status": "closed", "close_reason": CLOSED, "closed_at": now}
    # Even where the workflow has not begun: it is told, so that what waits for an answer ends.
    fresh |= {"signal": "closed", "workflow": "running" if case.workflow == "starting" else case.workflow}
    lines = (Line(code=CLOSING, at=now, by=by), Line(code=LINE, at=now, by=by))
    return case.model_copy(update=fresh), lines


def too_late(case: Case | None, said_at: str, *, doubtful: bool = False) -> bool:
    """Whether something was said by (or to) an erased customer before they were erased, and only now arrives. With a
    doubtful time nobody can say that it was not."""
    return case is not None and bool(case.erased_at) and (doubtful or said_at <= case.erased_at)


def mentions(body: bytes, people: Iterable[Person]) -> bool:
    """Whether bytes that nobody could read name one of these people: by id, handle or a name of several words; as
    they are, escaped as JSON does it, or compressed."""
    said = "\n".join(_readings(body)).casefold()
    return any(re.search(rf"(?<!\w){re.escape(word.casefold())}(?!\w)", said) for p in people for word in _words(p))


def _words(person: Person) -> list[str]:
    return [person.id, *([person.handle] if person.handle else []), *([person.name] if " " in person.name else [])]


def _readings(body: bytes) -> list[str]:
    """Bytes as text in each way in which a name might stand in them."""
    found = [body.decode("utf-8", "replace")]
    if body[:2] == b"\x1f\x8b":
        try:
            found.append(zlib.decompressobj(31).decompress(body, _LARGEST_UNPACKED).decode("utf-8", "replace"))
        except zlib.error:
            found.append("")  # it only begins like compressed bytes
    unescaped = [re.sub(r"\\u([0-9a-fA-F]{4})", lambda u: chr(int(u[1], 16)), text) for text in found]
    return [*found, *unescaped]


def shape(receipt: Receipt) -> dict[str, Any]:
    """The receipt as it is handed out."""
    return receipt.model_dump(mode="json")

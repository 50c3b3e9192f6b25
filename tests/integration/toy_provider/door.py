"""The loft's webhook: one sealed body with any number of notes. Standard library only."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Never

from hark.domain.events import RawEvent
from hark.providers.contract import ChallengeRefused, Credentials, Request, SecretMissing, SignatureRefused
from hark.providers.contract import UnreadableDelivery as Unreadable
from hark.providers.signature import keys, matches
from hark.providers.strict_json import NotStrictJson, loads

FIELDS = ("seal_key", "landing_key")
APP_FIELDS = ("seal_key",)
SIGNED_PER_ACCOUNT = False

HEADER = "x-pigeon-seal"


def verify(request: Request, secrets: Credentials) -> None:
    """Check the seal.

    Raises:
        SecretMissing, SignatureRefused: as the contract says.
    """
    candidates = keys(secrets, "seal_key")
    if not candidates:
        raise SecretMissing("pigeon")
    try:
        seal = bytes.fromhex(request.headers.get(HEADER, ""))
    except ValueError:
        raise SignatureRefused("sig_form") from None
    if len(seal) != hashlib.sha256().digest_size:
        raise SignatureRefused("sig_form")
    if not matches(seal, request.body, candidates):
        raise SignatureRefused("sig_bad")


def challenge(request: Request, secrets: Credentials) -> Never:
    """Refuse: a loft asks nothing.

    Raises:
        ChallengeRefused: always.
    """
    raise ChallengeRefused("method", 405)


def split(request: Request) -> list[RawEvent]:
    """One event per note.

    Raises:
        Unreadable: no strict JSON, or no list of notes.
    """
    try:
        told: Any = loads(request.body)
    except NotStrictJson as refused:
        raise Unreadable(str(refused)) from None
    if not isinstance(told, dict) or not isinstance(told.get("notes"), list) or not told["notes"]:
        raise Unreadable("no notes")
    loft = told.get("loft")
    return [_event(loft if isinstance(loft, str) else "", note) for note in told["notes"]]


def _event(loft: str, note: object) -> RawEvent:
    body = json.dumps({"loft": loft, "notes": [note]}, separators=(",", ":")).encode("ascii")
    named = isinstance(note, dict) and isinstance(note.get("id"), str)
    key = f"note:{note['id']}" if named and isinstance(note, dict) else f"other:{hashlib.sha256(body).hexdigest()}"
    kind = "note" if named and isinstance(note, dict) and "text" in note else "unheard_of"
    return RawEvent(key, kind, loft, body)

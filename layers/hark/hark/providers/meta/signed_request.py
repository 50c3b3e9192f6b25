"""Meta's second way to sign: `signed_request`, of its callbacks about a person's data.

Source: Meta's page on the data deletion callback. Another encoding and another input than a webhook's signature, under
the same secret.

Standard library only: the webhook function imports this.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from typing import Any
from urllib.parse import parse_qsl

from hark.providers.contract import SignatureRefused, UnreadableDelivery
from hark.providers.signature import matches
from hark.providers.strict_json import NotStrictJson, loads

CODE = re.compile(r"[0-9a-f]{32}")
"""A confirmation code: letters and digits, nothing that says who asked."""

# 32 bytes make 43 digits; the last one carries four bits only.
_SIGNED = re.compile(r"([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])\.([A-Za-z0-9_-]{2,8000})")
_USER = re.compile(r"[0-9]{1,30}")


def verify(body: bytes, candidates: list[str]) -> None:
    """Check a form whose field `signed_request` is to be signed by one of the keys.

    Raises:
        SignatureRefused: `del_bad`, whatever is wrong (row H26).
    """
    signature, payload = _parts(body)
    if not matches(base64.urlsafe_b64decode(signature + "="), payload.encode("ascii"), candidates):
        raise SignatureRefused("del_bad")
    try:
        told = _payload(payload)
    except UnreadableDelivery:
        return  # signed, so it is kept (I7); `read` says why it cannot be read
    algorithm = told.get("algorithm")
    if not isinstance(algorithm, str) or algorithm.upper() != "HMAC-SHA256":
        raise SignatureRefused("del_bad")


def read(body: bytes) -> tuple[str, str]:
    """The person's id within our application, and the code of this request, of a verified form.

    The code is the same when the same request comes again. It is made of the signature: nobody without the
    application's secret can compute it from an id.

    Raises:
        UnreadableDelivery: the payload names no person.
    """
    try:
        signature, payload = _parts(body)
    except SignatureRefused:
        raise UnreadableDelivery("no signed request") from None
    user = _payload(payload).get("user_id")
    written = str(user) if isinstance(user, int) and not isinstance(user, bool) else user
    if not isinstance(written, str) or not _USER.fullmatch(written):
        raise UnreadableDelivery("no user id")
    return written, hashlib.sha256(f"{signature}.{payload}".encode("ascii")).hexdigest()[:32]


def stored(user: str, code: str) -> bytes:
    """What the ledger keeps of a request: not the signature, which could be shown again."""
    return json.dumps({"user_id": user, "code": code}, separators=(",", ":")).encode("ascii")


def _parts(body: bytes) -> tuple[str, str]:
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=20)
    except ValueError:
        raise SignatureRefused("del_bad") from None
    given = [value for name, value in pairs if name == "signed_request"]
    form = _SIGNED.fullmatch(given[0]) if len(given) == 1 else None
    if form is None:
        raise SignatureRefused("del_bad")
    return form[1], form[2]


def _payload(written: str) -> dict[str, Any]:
    try:
        told = loads(base64.b64decode(written + "=" * (-len(written) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, NotStrictJson):
        raise UnreadableDelivery("a payload that is no JSON") from None
    if not isinstance(told, dict):
        raise UnreadableDelivery("a payload that is no object")
    return told

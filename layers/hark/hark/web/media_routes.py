"""What people sent beside words, and their pictures, from our own origin and in no way that could harm it (H17, H42).

An answer without content (204) says that we know of it and have nothing to show; its header `x-media` says why.
"""

import re
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from urllib.parse import quote

from aws_lambda_powertools.event_handler import Response

from hark import wiring
from hark.desk.media import NotThere, Shown
from hark.fetch.kind import Kind
from hark.web import gate
from hark.web.contract import ANY_BYTES, Contract
from hark.web.errors import not_found
from hark.web.router import Router

router = Router()

PLATFORM_ID = re.compile(r"[A-Za-z0-9_-]{1,1400}")
"""A platform's id in base64url; the longest ones are those of Messenger's messages."""
NUMBER = re.compile(r"[0-9]{1,2}")
LONGEST_NAME = 100
HARMLESS = {
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
"""Whatever a browser makes of the bytes: no script, no origin, nobody else's page around it."""
LASTING = {"gone", "unfit"}
"""Reasons that are the same when asked again."""


def platform_id(written: str) -> str:
    """A platform's id from its only form in base64url.

    Raises:
        Problem: 404 for anything else.
    """
    if not PLATFORM_ID.fullmatch(written):
        raise not_found()
    try:
        plain = urlsafe_b64decode(written + "=" * (-len(written) % 4))
        found = plain.decode()
    except ValueError:
        raise not_found() from None
    if urlsafe_b64encode(plain).decode().rstrip("=") != written:
        raise not_found()
    return found


@router.get("/api/v1/media/<case_id>/<message>/<number>")
@router.keeps(Contract("A file of a message", {200: ANY_BYTES, 204: ""}, scope="conversations:read"))
def of_message(case_id: str, message: str, number: str) -> Response[bytes]:
    gate.query(router.event)
    if not NUMBER.fullmatch(number):
        raise not_found()
    try:
        shown = wiring.copies().of_message(
            router.asker.member.brand, gate.known_id(case_id), platform_id(message), int(number)
        )
    except NotThere as absent:
        return _absent(absent)
    return _given(shown, 3600)


@router.get("/api/v1/avatars/<platform>/<person>")
@router.keeps(Contract("A person's picture", {200: ANY_BYTES, 204: ""}, scope="conversations:read"))
def of_person(platform: str, person: str) -> Response[bytes]:
    gate.query(router.event)
    try:
        shown = wiring.copies().of_person(router.asker.member.brand, gate.known_id(platform), platform_id(person))
    except NotThere as absent:
        return _absent(absent)
    return _given(shown, 86_400)


def _absent(absent: NotThere) -> Response[bytes]:
    keep = "private, max-age=3600" if absent.code in LASTING else "no-store"
    return Response(204, headers={"x-media": absent.code, "cache-control": keep})


def _given(shown: Shown, seconds: int) -> Response[bytes]:
    kind = shown.file.kind
    headers = {
        **HARMLESS,
        # In lower case: the resolver would make JSON of the bytes of what it takes for JSON.
        "content-type": kind.mime,
        "cache-control": f"private, max-age={seconds}",
        "content-disposition": "inline" if kind.picture else attachment(shown.name, kind),
    }
    return Response(200, body=shown.file.body, headers=headers)


def attachment(name: str, kind: Kind) -> str:
    """The header for a file to be saved, under its sender's name as far as that is only a name (RFC 6266).

    Folders, controls and direction marks go; the ending becomes one of what the file really is.
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '"<>:|?*%;').rstrip(" .")
    stem, dot, ending = plain.rpartition(".")
    if not dot or ending.lower() not in kind.endings:
        stem, ending = plain, kind.endings[0]
    stem = stem[:LONGEST_NAME].strip(" .") or "file"
    ascii_stem = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().strip(" .") or "file"
    whole = f"{stem}.{ending.lower()}"
    return f"attachment; filename=\"{ascii_stem}.{ending.lower()}\"; filename*=UTF-8''{quote(whole, safe='')}"

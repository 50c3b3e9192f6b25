"""Who is asking, and is the request one our own page would make? Asked before any route is looked at."""

import hmac
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from hark import wiring
from hark.desk.clicks import Click
from hark.desk.sessions import NotAMember
from hark.domain.people import Member
from hark.domain.programs import Scope
from hark.providers import strict_json
from hark.settings import settings
from hark.web.errors import Problem, not_found

COOKIE = "__Host-desk"
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
IDEMPOTENCY_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
MAX_BODY_CHARACTERS = 2_000_000
WRITES_PER_WINDOW, WINDOW_SECONDS = 60, 10
"""More than any hand does; a program that runs wild is stopped (H45)."""


@dataclass(frozen=True)
class Asker:
    member: Member
    token: str
    scopes: frozenset[Scope] | None = None
    """Of a program's token; None for people."""


def origin(event: dict[str, Any]) -> str:
    """The desk's own origin: as configured, else the API's own address. Never from a header (H47)."""
    return settings().desk_origin or f"https://{event['requestContext']['domainName']}"


def cookie(event: dict[str, Any], name: str) -> str:
    for pair in event.get("cookies") or []:
        key, _, value = str(pair).partition("=")
        if key.strip() == name:
            return value
    return ""


def header(event: dict[str, Any], name: str) -> str:
    return str({str(k).lower(): v for k, v in (event.get("headers") or {}).items()}.get(name, ""))


def enter(event: dict[str, Any]) -> Asker:
    """Let a member in, by the cookie of the desk's page, or a program, by its token.

    Raises:
        Problem: 401 without a session, 403 for who is no member (any more), 415 for a question with a body, 429, and
            whatever `own_page` raises.
    """
    scheme, _, bearer = header(event, "authorization").partition(" ")
    asker = _program(event, bearer.strip()) if scheme.lower() == "bearer" else _person(event)
    if _reads(event):
        if event.get("body"):
            raise Problem(415, "no_body", "A question has no body.")
    elif wiring.sessions().people.writes_lately(asker.member, wiring.clock(), WINDOW_SECONDS) > WRITES_PER_WINDOW:
        raise Problem(429, "too_many", "That was a lot at once. Wait a few seconds.")
    return asker


def _reads(event: dict[str, Any]) -> bool:
    return event["requestContext"]["http"]["method"] in ("GET", "HEAD")


def _program(event: dict[str, Any], token: str) -> Asker:
    """No page of anybody else's can make a browser send a token, so there is nothing to ask of where it comes from."""
    if cookie(event, COOKIE):
        raise Problem(400, "mixed", "Ask with a token or with a session, not with both.")
    program = wiring.access().enter(token)
    if program is None:
        raise Problem(401, "signed_out", "Sign in first.")
    return Asker(program.member, token, frozenset(program.scopes))


def _person(event: dict[str, Any]) -> Asker:
    token = cookie(event, COOKIE)
    try:
        member = wiring.sessions().member(token)
    except NotAMember:
        raise Problem(403, "not_a_member", "You are not on the team of this desk. Ask your lead.") from None
    if member is None:
        raise Problem(401, "signed_out", "Sign in first.")
    if not _reads(event):
        own_page(event)
    return Asker(member, token)


def own_page(event: dict[str, Any]) -> None:
    """Only our own page sends this header and origin; a foreign page cannot (no CORS answer allows it)."""
    if header(event, "x-desk") != "1" or header(event, "origin") != origin(event):
        raise Problem(403, "foreign", "This request did not come from the desk.")


def body(event: dict[str, Any]) -> dict[str, Any]:
    """The JSON object of a request.

    Raises:
        Problem: 413, 415, or 400 when it is not one JSON object.
    """
    if header(event, "content-type").split(";")[0].strip().lower() != "application/json":
        raise Problem(415, "not_json", "Send application/json.")
    text = event.get("body") or ""
    if len(text) > MAX_BODY_CHARACTERS:
        raise Problem(413, "too_large", "That is too much at once.")
    if event.get("isBase64Encoded"):
        try:
            text = urlsafe_b64decode(text.replace("+", "-").replace("/", "_")).decode()
        except ValueError:
            raise Problem(400, "invalid", "That is not readable.") from None
    try:
        # As strict as the webhook: no key twice, no depth that eats the stack, no number that nothing can hold.
        said = strict_json.loads(text.encode())
    except ValueError:
        raise Problem(400, "invalid", "That is not JSON.") from None
    if not isinstance(said, dict):
        raise Problem(400, "invalid", "Send one JSON object.")
    return said


def click(event: dict[str, Any], member: Member, said: dict[str, Any]) -> Click:
    """The mark of this very click, from its idempotency key.

    Raises:
        Problem: 400 without one.
    """
    key = header(event, "idempotency-key")
    if not IDEMPOTENCY_KEY.fullmatch(key):
        raise Problem(400, "no_key", "Every write needs an Idempotency-Key of 8 to 64 letters or digits.")
    return Click.of(member, key, f"{event['requestContext']['http']['method']} {event['rawPath']}", said)


def known_id(value: str) -> str:
    if not ID.fullmatch(value):
        raise not_found()
    return value


def query(event: dict[str, Any], *allowed: str) -> dict[str, str]:
    """The query's values.

    Raises:
        Problem: 400 for a name that this route does not know (H40).
    """
    given = {str(k): str(v) for k, v in (event.get("queryStringParameters") or {}).items()}
    if not set(given) <= set(allowed):
        raise Problem(400, "unknown_parameter", "The address asks for something that does not exist.")
    return given


def seal(asker: Asker, purpose: str, state: dict[str, Any]) -> str:
    """A cursor: opaque to the browser, bound to the session, the brand and what it pages through (H39)."""
    plain = json.dumps(state, separators=(",", ":"), sort_keys=True).encode()
    return f"{urlsafe_b64encode(plain).decode().rstrip('=')}.{_mac(asker, purpose, plain)}"


def unseal(asker: Asker, purpose: str, cursor: str) -> dict[str, Any]:
    """The state in a cursor of ours.

    Raises:
        Problem: 400 for any other.
    """
    encoded, _, mac = cursor.partition(".")
    try:
        plain = urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
        genuine = hmac.compare_digest(mac.encode(), _mac(asker, purpose, plain).encode())
    except (ValueError, UnicodeError):
        genuine = False
    if not genuine:
        raise Problem(400, "bad_cursor", "This page can no longer be found. Start at the top.")
    state: dict[str, Any] = json.loads(plain)
    return state


def _mac(asker: Asker, purpose: str, plain: bytes) -> str:
    said = f"{asker.member.brand}\x1f{purpose}\x1f".encode() + plain
    return hmac.new(sha256(f"cursor {asker.token}".encode()).digest(), said, sha256).hexdigest()

"""Viber's webhook door: signature, naming the one event of a delivery, and the welcome message.

Source of every rule: Viber's REST bot API pages, and captures where they are silent (README.md says which).
Standard library only: the webhook function imports this and must start fast.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Never
from urllib.parse import parse_qsl

from hark.domain.events import RawEvent
from hark.providers.contract import (
    Answer,
    ChallengeRefused,
    Credentials,
    Request,
    SecretMissing,
    SignatureRefused,
    UnreadableDelivery,
)
from hark.providers.signature import keys, matches
from hark.providers.strict_json import NotStrictJson, loads
from hark.providers.viber.tokens import message_token, person

FIELDS = ("auth_token", "auth_token_previous")
"""Names of the secret values a bot has in the parameter store. The previous token is accepted for incoming signatures
while Viber's support changes it, and is never used for a call."""
APP_FIELDS: tuple[str, ...] = ()
"""Viber knows no application beside the bot."""
SIGNED_PER_ACCOUNT = True
"""Each bot signs with its own token. The body does not name the bot, so its id is the path: `request.path`."""

HEADER = "x-viber-content-signature"
SENDER_NAME = 28
"""Longest name of a sender, in characters."""
TEXT = 7000
"""Longest text of a message, in characters."""

_SIGNATURE = re.compile(r"[0-9A-Fa-f]{64}")
_KIND = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_ACCOUNT = re.compile(r"[A-Za-z0-9_-]{1,64}")
_OF_A_PERSON = frozenset(("message", "subscribed", "unsubscribed", "conversation_started"))
_OF_OUR_MESSAGE = frozenset(("delivered", "seen", "failed"))


def verify(request: Request, secrets: Credentials) -> None:
    """Check that Viber signed these bytes with the bot's token.

    The signature stands in the header, in the query as `sig`, or in both; then both must be the same. Hexadecimal
    digits count in either case.

    Raises:
        SecretMissing: the bot has no token here.
        SignatureRefused: `sig_form` when there is no signature of 64 hexadecimal digits, `sig_bad` when it is of
            other bytes or another token, or when header and query differ.
    """
    candidates = keys(secrets, *FIELDS)
    if not candidates:
        raise SecretMissing("viber")
    given = [_digest(value) for value in _signatures(request)]
    if not given:
        raise SignatureRefused("sig_form")
    agreed = hmac.compare_digest(given[0], given[-1])
    if not matches(given[0], request.body, candidates) or not agreed:
        raise SignatureRefused("sig_bad")


def challenge(request: Request, secrets: Credentials) -> Never:
    """Refuse: Viber checks an address by posting an event to it, and asks nothing by GET.

    Raises:
        ChallengeRefused: always, with 405.
    """
    raise ChallengeRefused("method", 405)


def split(request: Request) -> list[RawEvent]:
    """The one event of a signed delivery; its account is the bot in the address.

    Nothing but the name of the event and what its key is made of is looked at: in two captures the numbers of the
    `webhook` event stood in each other's place. What cannot be named by Viber's numbers, and every kind that is not
    known, is named after its content: a new kind must not take the place of a message it merely mentions.

    Raises:
        UnreadableDelivery: no strict JSON object, no name of an event, or no bot in the address.
    """
    account_id = request.path
    if not _ACCOUNT.fullmatch(account_id):
        raise UnreadableDelivery("no account in the address")
    try:
        event = loads(request.body)
    except NotStrictJson as refused:
        raise UnreadableDelivery(str(refused)) from None
    kind = event.get("event") if isinstance(event, dict) else None
    if not isinstance(kind, str) or not _KIND.fullmatch(kind):
        raise UnreadableDelivery("no event of Viber")
    return [RawEvent(f"viber#{account_id}#{_name(kind, event, request.body)}", kind, account_id, request.body)]


def reply(request: Request, events: Sequence[RawEvent], account: Mapping[str, Any]) -> Answer | None:
    """The welcome message, when a person opens the chat and the account's settings have one; else None.

    The answer's body to this one event is shown to the person, free of charge. `account` has the fields of
    `domain.account.Account`; the text is `settings["welcome"]`.
    """
    settings = account.get("settings")
    welcome = settings.get("welcome") if isinstance(settings, Mapping) else None
    if not isinstance(welcome, str) or not welcome.strip():
        return None
    if not any(event.kind == "conversation_started" for event in events):
        return None
    name = sender_name(str(account.get("name") or account.get("handle") or ""))
    message = {"sender": {"name": name}, "type": "text", "text": welcome[:TEXT], "tracking_data": "welcome"}
    return Answer(200, json.dumps(message, ensure_ascii=False))


def sender_name(name: str) -> str:
    """A brand's name as long as Viber allows."""
    return name.strip()[:SENDER_NAME].rstrip()


def _signatures(request: Request) -> list[str]:
    try:
        pairs = parse_qsl(request.query, keep_blank_values=True, errors="strict", max_num_fields=20)
    except ValueError:
        raise SignatureRefused("sig_form") from None
    in_query = [value for name, value in pairs if name == "sig"]
    if len(in_query) > 1:
        raise SignatureRefused("sig_form")
    return [request.headers[HEADER], *in_query] if HEADER in request.headers else in_query


def _digest(given: str) -> bytes:
    if not _SIGNATURE.fullmatch(given):
        raise SignatureRefused("sig_form")
    return bytes.fromhex(given)


def _name(kind: str, event: Mapping[str, Any], body: bytes) -> str:
    token = message_token(event.get("message_token"))
    if token and kind in _OF_A_PERSON:
        return token
    if token and kind in _OF_OUR_MESSAGE and (user_id := person(event.get("user_id"))):
        return f"{token}#{kind}#{user_id}"
    return f"other#{hashlib.sha256(body).hexdigest()}"

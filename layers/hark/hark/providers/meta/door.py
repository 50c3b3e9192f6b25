"""Meta's webhook door: endpoint check, signatures, cutting deliveries into events, answers to its data callbacks.

Source of every rule: Meta's pages on webhooks for Pages, Messenger and Instagram and on its data deletion callback,
Graph API v26.0. Standard library only: the webhook function imports this and must start fast.
"""

from __future__ import annotations

import hmac
import json
import re
from urllib.parse import parse_qsl, urlencode

from hark.domain.events import RawEvent, UnreadableEvent
from hark.providers.contract import (
    OF_THE_APP,
    Answer,
    ChallengeRefused,
    Credentials,
    Request,
    SecretMissing,
    SignatureRefused,
    UnreadableDelivery,
)
from hark.providers.meta import naming, signed_request
from hark.providers.meta.envelope import body_of, items
from hark.providers.signature import keys, matches
from hark.providers.strict_json import NotStrictJson, loads

APP_FIELDS = (
    "app_secret",
    "app_secret_previous",
    "instagram_app_secret",
    "instagram_app_secret_previous",
    "verify_token",
    "app_id",
)
"""Values of the application; all but its id are secret. `_previous` ones are accepted for incoming signatures while a
secret is being rotated, and are never used to sign anything."""

FIELDS = (*APP_FIELDS, "access_token")
"""Names of all secret values; `access_token` is the Page's, or the Instagram account's where it has its own login."""

SIGNED_PER_ACCOUNT = False

DELETION, DEAUTHORIZE = "data-deletion", "deauthorize"
"""Further addresses, under `/webhooks/meta/`."""

SIGNATURE_HEADER = "x-hub-signature-256"

_SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})")
_CHALLENGE = re.compile(r"[0-9]{1,256}")
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?")


def verify(request: Request, secrets: Credentials) -> None:
    """Check that Meta signed these bytes.

    Which of the application's two secrets signs the events of an application with Instagram Login is not documented:
    all are tried.

    Raises:
        SecretMissing: no secret is configured.
        SignatureRefused: `sig_form` when there is no signature of the right form, `sig_bad` when it is of other bytes
            or another key; `del_bad` for whatever is wrong with a request about a person's data.
    """
    candidates = keys(
        secrets, "app_secret", "app_secret_previous", "instagram_app_secret", "instagram_app_secret_previous"
    )
    if not candidates:
        raise SecretMissing("meta")
    if request.path in (DELETION, DEAUTHORIZE):
        signed_request.verify(request.body, candidates)
        return
    form = _SIGNATURE.fullmatch(request.headers.get(SIGNATURE_HEADER, ""))
    if form is None:
        raise SignatureRefused("sig_form")
    if not matches(bytes.fromhex(form[1]), request.body, candidates):
        raise SignatureRefused("sig_bad")


def challenge(request: Request, secrets: Credentials) -> Answer:
    """Answer Meta's endpoint check with its own digits, as plain text.

    Raises:
        ChallengeRefused: `verify_bad`, 403: another mode, a wrong token, or a challenge that is not 1 to 256 digits.
        SecretMissing: no verify token is configured.
    """
    expected = secrets.get("verify_token", "")
    if not expected:
        raise SecretMissing("meta")
    try:
        pairs = parse_qsl(request.query, keep_blank_values=True, errors="strict", max_num_fields=20)
    except ValueError:
        raise ChallengeRefused("verify_bad", 403) from None
    asked = dict(pairs)
    told = [asked.get(f"hub.{name}", "") for name in ("mode", "verify_token", "challenge")]
    right = hmac.compare_digest(told[1].encode("utf-8"), expected.encode("utf-8"))
    if len(asked) != len(pairs) or told[0] != "subscribe" or not right or not _CHALLENGE.fullmatch(told[2]):
        raise ChallengeRefused("verify_bad", 403)
    return Answer(200, told[2], "text/plain")


def split(request: Request) -> list[RawEvent]:
    """Cut a signed delivery into its events, without trying to understand them.

    A delivery of one item keeps its bytes; of several, each item is written anew inside a copy of its envelope. An item
    that breaks the contract is named after its content, and `parse` refuses it alone (I34). One whose entry names no
    account has an empty `account_id`.

    Raises:
        UnreadableDelivery: no strict JSON, no envelope of Meta, or a signed request that names no person.
    """
    if request.path in (DELETION, DEAUTHORIZE):
        user, code = signed_request.read(request.body)
        return [RawEvent(f"{request.path}:{code}", request.path, OF_THE_APP, signed_request.stored(user, code))]
    try:
        cut = items(loads(request.body))
    except (NotStrictJson, UnreadableEvent) as refused:
        raise UnreadableDelivery(str(refused)) from None
    return [
        RawEvent(*naming.name(item), item.account_id, request.body if len(cut) == 1 else body_of(item)) for item in cut
    ]


def reply(request: Request, events: list[RawEvent], account: object) -> Answer | None:
    """Where a person can ask after the deletion just requested, in the form Meta reads; None for everything else."""
    del account
    host = request.headers.get("host", "")
    if request.path != DELETION or not events or not _HOST.fullmatch(host):
        return None
    code = events[0].key.removeprefix(f"{DELETION}:")
    url = f"https://{host}/webhooks/meta/{DELETION}?{urlencode({'code': code})}"
    return Answer(200, json.dumps({"url": url, "confirmation_code": code}))


def asks_after(request: Request) -> str:
    """The ledger key of the deletion a person asks after with their code, or ""."""
    try:
        asked = parse_qsl(request.query, errors="strict", max_num_fields=20)
    except ValueError:
        return ""
    codes = [value for name, value in asked if name == "code"]
    if request.path != DELETION or len(codes) != 1 or not signed_request.CODE.fullmatch(codes[0]):
        return ""
    return f"{DELETION}:{codes[0]}"


def page_of(state: str) -> Answer:
    """What a person reads about their request; nothing they typed comes back. `state` is the ledger's word."""
    if not state:
        return Answer(404, "We know of no request with this code.\n", "text/plain; charset=utf-8")
    if state == "folded":
        return Answer(200, "Your request has been carried out.\n", "text/plain; charset=utf-8")
    return Answer(200, "Your request has arrived and is being worked on.\n", "text/plain; charset=utf-8")

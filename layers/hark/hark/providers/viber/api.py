"""Calls of Viber's REST bot API: always a POST of JSON, always with the token in a header."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hark.providers import http
from hark.providers.contract import Credentials, NotSent
from hark.providers.strict_json import NotStrictJson, loads
from hark.providers.viber import failures

ENDPOINT = "https://chatapi.viber.com"
MAX_BYTES = 30_000
"""Viber takes 30 KB per request and does not say which kilobyte."""


class Refused(Exception):
    """A call that did not end in `status` 0. `why` says what that means for a message; `status` is Viber's, if any."""

    def __init__(self, why: NotSent, status: int = 0) -> None:
        super().__init__(f"{why.code} {why.detail}".strip())
        self.why = why
        self.status = status


def encoded(content: Mapping[str, Any]) -> bytes:
    """The body of a call: UTF-8, at most `MAX_BYTES`.

    Raises:
        Refused: `invalid`, there is half of a surrogate pair in it; `too_long`.
    """
    try:
        body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    except UnicodeEncodeError:
        raise Refused(NotSent("invalid", detail="surrogate")) from None
    if len(body) > MAX_BYTES:
        raise Refused(NotSent("too_long", detail="bytes"))
    return body


def call(credentials: Credentials, endpoint: str, route: str, body: bytes, now: datetime) -> Mapping[str, Any]:
    """Make one call and give its answer, whose `status` is 0. `endpoint` is scheme, host and port.

    Raises:
        Refused: anything else happened, whatever it was. A missing token is `not_set_up`.
    """
    token = credentials.get("auth_token", "")
    if not token or not token.isascii() or not token.isprintable():
        raise Refused(NotSent("not_set_up", detail="auth_token"))
    headers = {"content-type": "application/json; charset=utf-8", "x-viber-auth-token": token}
    try:
        answer = http.call("POST", f"{endpoint.rstrip('/')}/pa/{route}", body, headers, fresh=True)
    except http.NeverSent:
        raise Refused(failures.never_sent(now)) from None
    except http.NoAnswer as cut:
        # A refusal is known by its status, whatever becomes of its body.
        why = failures.http_refusal(cut.status, {}, now) if 400 <= cut.status < 500 else failures.no_answer("cut off")
        raise Refused(why) from None
    if answer.status != 200:
        raise Refused(failures.http_refusal(answer.status, answer.headers, now))
    return _good(answer.body, now)


def _good(body: bytes, now: datetime) -> Mapping[str, Any]:
    try:
        said = loads(body)
    except NotStrictJson:
        raise Refused(failures.no_answer("unreadable")) from None
    status = said.get("status") if isinstance(said, dict) else None
    if isinstance(status, bool) or not isinstance(status, int):
        raise Refused(failures.no_answer("no status"))
    if status != 0:
        raise Refused(failures.refusal(status, now), status)
    return dict(said)

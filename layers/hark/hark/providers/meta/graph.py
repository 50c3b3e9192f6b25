"""Calls to Meta's Graph API as one account: version, token, proof, pace, and the reading of every answer.

Source: Graph API reference (versioning, secure requests, rate limits). The root multi-id read is not used: it is an
error since v26.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from hark.providers import http
from hark.providers.contract import CallFailed, Connection, Credentials
from hark.providers.meta import failures, pace
from hark.providers.meta.failures import Purpose
from hark.providers.strict_json import NotStrictJson, loads

VERSION = "v26.0"
FACEBOOK = "https://graph.facebook.com"
INSTAGRAM = "https://graph.instagram.com"
"""The host for accounts connected by Instagram Login, without a Page."""

_NEEDED = ("app_secret", "access_token")
_INSTAGRAM_PREFIX = "IG"


def proof(app_secret: str, access_token: str, at: int | None = None) -> str:
    """`appsecret_proof`: that the caller holds the app's secret. With `at` (epoch seconds) it is good for 5 minutes."""
    signed = access_token if at is None else f"{access_token}|{at}"
    return hmac.new(app_secret.encode(), signed.encode(), hashlib.sha256).hexdigest()


def by_instagram_login(credentials: Credentials, settings: Mapping[str, Any] | None = None) -> bool:
    """Whether the account was connected by Instagram Login: as the operator set `login`, else as its token shows.

    Tokens of Instagram Login begin with IG, those of Facebook Login with EAA.
    """
    told = (settings or {}).get("login")
    if told in ("facebook", "instagram"):
        return bool(told == "instagram")
    return credentials.get("access_token", "").startswith(_INSTAGRAM_PREFIX)


class Graph:
    """Makes calls with the account's own token. `calls` counts them."""

    def __init__(
        self,
        credentials: Credentials,
        endpoint: str,
        account_id: str,
        *,
        instagram_login: bool = False,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`credentials` hold access_token, app_secret and, for Instagram Login, instagram_app_secret if it has its own.

        `endpoint` is scheme and host.

        Raises:
            CallFailed: "not_set_up", a credential is missing.
        """
        if any(not credentials.get(name) for name in _NEEDED):
            raise CallFailed("not_set_up")
        self._token = credentials["access_token"]
        # An application has a second secret for its Instagram Login.
        self._secret = (instagram_login and credentials.get("instagram_app_secret")) or credentials["app_secret"]
        self.host = endpoint.rstrip("/")
        if instagram_login and self.host == FACEBOOK:
            self.host = INSTAGRAM
        self.instagram_login = instagram_login
        self._pace = pace.of(self.host, account_id)
        self._clock = clock
        self._sleep = sleep
        self.calls = 0
        # It writes whole addresses when somebody turns on DEBUG, and the check of a token has that token in one.
        logging.getLogger("urllib3").setLevel(logging.INFO)

    @classmethod
    def of(cls, connection: Connection) -> Graph:
        """For an account.

        Raises:
            CallFailed: "not_set_up", a credential is missing.
        """
        return cls(
            connection.credentials,
            connection.endpoint,
            connection.account_id,
            instagram_login=by_instagram_login(connection.credentials, connection.settings),
        )

    def now(self) -> datetime:
        """The present time (UTC)."""
        return datetime.fromtimestamp(self._clock(), UTC)

    def get(self, *path: str, **params: str) -> dict[str, Any]:
        """Read an object or an edge. The parts of `path` are ids and names, unquoted.

        Raises:
            CallFailed: with "busy" for every unclear end, since reading may be repeated.
        """
        return self._call("GET", (VERSION, *path), params, None, Purpose.ACT)

    def get_without_version(self, path: str, **params: str) -> dict[str, Any]:
        """Read the one route that has no version: the refreshing of an Instagram token.

        Raises:
            CallFailed: as `get`.
        """
        return self._call("GET", (path,), params, None, Purpose.ACT)

    def pages(self, *path: str, most: int, **params: str) -> Iterator[list[Any]]:
        """Read an edge page by page, at most `most` of them.

        Raises:
            CallFailed: as `get`; "busy" with the detail "incomplete" when there are more pages than that.
        """
        for _ in range(most):
            rows, after = page(self.get(*path, **params))
            yield rows
            if not after:
                return
            params = {**params, "after": after}
        raise CallFailed("busy", None, "incomplete")

    def act(self, method: str, *path: str, body: Mapping[str, Any] | None = None, **params: str) -> None:
        """Set something that may be set again without harm.

        Raises:
            CallFailed: "busy" for every unclear end, also when Meta does not say that it succeeded.
        """
        answer = self._call(method, (VERSION, *path), params, body, Purpose.ACT)
        if answer.get("success") is not True:
            raise CallFailed("busy", self.now() + failures.SHORTLY, "no success")

    def say(self, *path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """POST what somebody will read.

        Raises:
            CallFailed: with an UNKNOWN code unless it is proven that nothing was said.
        """
        return self._call("POST", (VERSION, *path), {}, body, Purpose.SAY)

    def _call(
        self,
        method: str,
        path: tuple[str, ...],
        params: Mapping[str, str],
        body: Mapping[str, Any] | None,
        purpose: Purpose,
    ) -> dict[str, Any]:
        if not all(path) or any(part in (".", "..") for part in path):
            raise CallFailed("invalid", None, "empty id")
        wait = self._pace.pause(self.now())
        if wait:
            self._sleep(wait)
        at = int(self._clock())
        signed = {**params, "appsecret_proof": proof(self._secret, self._token, at), "appsecret_time": str(at)}
        url = f"{self.host}/{'/'.join(quote(part, safe='') for part in path)}?{urlencode(signed)}"
        headers = {"authorization": f"Bearer {self._token}"}
        data = b""
        if body is not None:
            data = json.dumps(body).encode("ascii")
            headers["content-type"] = "application/json"
        self.calls += 1
        try:
            answer = http.call(method, url, data, headers, fresh=method != "GET")
        except http.NeverSent:
            raise failures.never_sent(self.now()) from None
        except http.NoAnswer as lost:
            raise failures.no_answer(lost.status, purpose, self.now()) from None
        return self._read(answer, purpose)

    def _read(self, answer: http.Answer, purpose: Purpose) -> dict[str, Any]:
        now = self.now()
        told = pace.usage(answer.headers)
        self._pace.note(told, now)
        try:
            content = loads(answer.body)
        except NotStrictJson:
            content = None
        if not 200 <= answer.status < 300 or (isinstance(content, dict) and "error" in content):
            failed = failures.refusal(
                answer.status, answer.headers, content, purpose, told.regain if told else None, now
            )
            if failed.code == "rate_limited" and failed.retry_at is not None:
                self._pace.close(failed.retry_at)
            raise failed
        if not isinstance(content, dict):
            raise failures.no_answer(answer.status, purpose, now)
        return content


def page(answer: Mapping[str, Any]) -> tuple[list[Any], str]:
    """The rows of an edge, and where its next page begins; empty when this is the last.

    Raises:
        CallFailed: "busy", it is no list, or there is more and no telling where.
    """
    rows = answer.get("data")
    if not isinstance(rows, list):
        raise CallFailed("busy", None, "no data")
    paging = answer.get("paging")
    if not isinstance(paging, dict) or not paging.get("next"):
        return rows, ""
    cursors = paging.get("cursors")
    after = cursors.get("after") if isinstance(cursors, dict) else None
    if not isinstance(after, str) or not after:
        # Some edges name the place only inside the address of the next page, which also holds the token.
        after = dict(parse_qsl(urlsplit(str(paging["next"])).query)).get("after", "")
    if not after:
        raise CallFailed("busy", None, "no place")
    return rows, after


def time_of(value: object) -> datetime | None:
    """A time of the Graph API, such as 2026-11-21T00:00:00+0000, in UTC; None when it is none."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment is not None and moment.tzinfo else None

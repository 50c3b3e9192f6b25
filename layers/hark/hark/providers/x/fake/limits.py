"""What guards the fake X's API: who calls, and how often."""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from urllib.parse import unquote

from oauthlib.oauth1.rfc5849.signature import (
    collect_parameters,
    verify_hmac_sha1,
)

_QUARTER, _DAY = 900, 86_400
WINDOWS: Mapping[str, tuple[tuple[str, int, int], ...]] = {
    "send": (("x-rate-limit", 100, _QUARTER), ("x-app-limit-24hour", 10_000, _DAY)),
    "dm": (("x-rate-limit", 15, _QUARTER), ("x-user-limit-24hour", 1_440, _DAY)),
    "hide": (("x-rate-limit", 50, _QUARTER),),
    "delete": (("x-rate-limit", 50, _QUARTER),),
    "mentions": (("x-rate-limit", 300, _QUARTER),),
    "timeline": (("x-rate-limit", 900, _QUARTER),),
    "search": (("x-rate-limit", 450, _QUARTER),),
    "dm_events": (("x-rate-limit", 15, _QUARTER),),
    "dm_conversation": (("x-rate-limit", 15, _QUARTER),),
    "webhooks": (("x-rate-limit", 450, _QUARTER),),
    "replay": (("x-rate-limit", 100, _QUARTER),),
    "subscriptions": (("x-rate-limit", 500, _QUARTER),),
    "compliance": (("x-rate-limit", 150, _QUARTER),),
    "ids": (),
}
"""Route → its rate windows: the name in X's headers, calls allowed, seconds."""
_STALE_SECONDS = 300
_FIELD = re.compile(r'(oauth_[a-z_]+)="([^"]*)"')


class RateWindows:
    """X's rolling budgets, as fixed windows from the first call on."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._used: dict[tuple[str, str], tuple[int, int]] = {}

    def count(self, route: str) -> tuple[bool, dict[str, str]]:
        """Count a call: whether it is within all windows, and X's headers about them."""
        with self._lock:
            now, allowed = int(self._clock()), True
            headers: dict[str, str] = {}
            for name, limit, seconds in WINDOWS[route]:
                used, reset = self._used.get((route, name), (0, 0))
                if now >= reset:
                    used, reset = 0, now + seconds
                allowed &= used < limit
                used = min(used + 1, limit)
                self._used[route, name] = used, reset
                headers |= {f"{name}-limit": str(limit), f"{name}-remaining": str(limit - used)}
                headers[f"{name}-reset"] = str(reset)
            return allowed, headers

    def clear(self) -> None:
        with self._lock:
            self._used.clear()


class Signatures:
    """Checks who calls: OAuth 1.0a user context (form, keys, time, nonce, signature), or the application's bearer."""

    def __init__(self, credentials: Mapping[str, str], clock: Callable[[], float]) -> None:
        self._credentials = credentials
        self._clock = clock
        self._lock = threading.Lock()
        self._nonces: deque[str] = deque(maxlen=10_000)
        self.user_valid = True
        """False once the user has withdrawn our access."""
        self.bearer_valid = True

    def is_app(self, authorization: str) -> bool:
        """Whether the application itself calls."""
        return self.bearer_valid and authorization == f"Bearer {self._credentials['bearer_token']}"

    def accept(self, method: str, url: str, query: str, authorization: str) -> bool:
        """Whether the request is signed by the account. `url` has no query; a JSON body is not signed."""
        if not self.user_valid:
            return False
        given = {name: unquote(value) for name, value in _FIELD.findall(authorization)}
        needed = {"oauth_consumer_key", "oauth_token", "oauth_nonce", "oauth_timestamp", "oauth_signature"}
        if not authorization.startswith("OAuth ") or not needed <= set(given):
            return False
        if given.get("oauth_signature_method") != "HMAC-SHA1" or not given["oauth_timestamp"].isascii():
            return False
        if not given["oauth_timestamp"].isdigit():
            return False
        if abs(self._clock() - int(given["oauth_timestamp"])) > _STALE_SECONDS:
            return False
        if given["oauth_consumer_key"] != self._credentials["consumer_key"]:
            return False
        if given["oauth_token"] != self._credentials["access_token"]:
            return False
        with self._lock:
            if given["oauth_nonce"] in self._nonces:
                return False
            self._nonces.append(given["oauth_nonce"])
        signed = SimpleNamespace(
            params=collect_parameters(uri_query=query, headers={"Authorization": authorization}),
            uri=url,
            http_method=method,
            signature=given["oauth_signature"],
        )
        verified = verify_hmac_sha1(
            signed, self._credentials["consumer_secret"], self._credentials["access_token_secret"]
        )
        return bool(verified)

"""What guards the fake X's API: OAuth 1.0a signatures, rate windows, and planned misbehaviour."""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

from oauthlib.oauth1.rfc5849.signature import (  # type: ignore[import-untyped]
    collect_parameters,
    verify_hmac_sha1,
)

from hark.providers.x.fake.world import Refused

ROUTES = ("send", "mentions", "timeline")
ANSWERS = ("status", "rate_limited", "reset", "hang", "html", "half_json", "errors", "no_id", "wrong_id")

_QUARTER, _DAY = 900, 86_400
_WINDOWS: Mapping[str, tuple[tuple[str, int, int], ...]] = {
    "send": (("x-rate-limit", 100, _QUARTER), ("x-app-limit-24hour", 10_000, _DAY)),
    "mentions": (("x-rate-limit", 300, _QUARTER),),
    "timeline": (("x-rate-limit", 900, _QUARTER),),
}
_STALE_SECONDS = 300
_FIELD = re.compile(r'(oauth_[a-z_]+)="([^"]*)"')


@dataclass(slots=True)
class Fault:
    """One planned misbehaviour of a route.

    `answer` says what the caller gets: `status` (that one, with `body` and `headers`), `rate_limited` (429 with
    X's headers), `reset` (the connection breaks), `hang` (nothing for `seconds`, then the connection breaks),
    `html` (a page at 200), `half_json` (a body cut in the middle), `errors` (200 without data), `no_id`,
    `wrong_id`. `effect` says whether the call is carried out all the same.
    """

    on: str
    answer: str
    times: int = 1
    effect: bool = False
    status: int = 503
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 30.0

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Fault:
        """From the control plane's JSON.

        Raises:
            Refused: an unknown field, route or answer.
        """
        if not set(given) <= {f.name for f in fields(cls)}:
            raise Refused(400, "unknown field of a fault")
        if given.get("on") not in ROUTES or given.get("answer") not in ANSWERS:
            raise Refused(400, f"on is one of {', '.join(ROUTES)}; answer one of {', '.join(ANSWERS)}")
        return cls(**given)


class Faults:
    """The faults still to come, in order, each route on its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: list[Fault] = []

    def plan(self, fault: Fault) -> None:
        with self._lock:
            self._planned.append(fault)

    def take(self, route: str) -> Fault | None:
        """The fault for this call, if one is planned."""
        with self._lock:
            for fault in self._planned:
                if fault.on == route:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._planned.remove(fault)
                    return fault
            return None

    def clear(self) -> None:
        with self._lock:
            self._planned.clear()

    def shown(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(f) for f in self._planned]


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
            for name, limit, seconds in _WINDOWS[route]:
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
    """Checks OAuth 1.0a user context: form, keys, time, nonce and signature."""

    def __init__(self, credentials: Mapping[str, str], clock: Callable[[], float]) -> None:
        self._credentials = credentials
        self._clock = clock
        self._lock = threading.Lock()
        self._nonces: deque[str] = deque(maxlen=10_000)

    def accept(self, method: str, url: str, query: str, authorization: str) -> bool:
        """Whether the request is signed by the account. `url` has no query; a JSON body is not signed."""
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

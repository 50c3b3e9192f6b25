"""What the fake Graph API asks of every call: a token that lives, the app's proof, permissions, and no haste."""

from __future__ import annotations

import hmac
import json
import math
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hark.providers.meta.fake.errors import TOO_MANY, GraphError, bad_parameter, permission
from hark.providers.meta.fake.identity import (
    APP_ID,
    INSTAGRAM_ID,
    INSTAGRAM_PERMISSIONS,
    PAGE_ID,
    PAGE_PERMISSIONS,
)
from hark.providers.signature import hmac_sha256
from hark.testkit.control import Refused

PROOF_SECONDS = 300
DAY = 86_400
RENEWED_SECONDS = 60 * DAY
RENEWABLE_AFTER_SECONDS = DAY
CALLS_PER_HOUR = 4800
"""What 100 % in the usage headers stands for."""


@dataclass(slots=True)
class Token:
    """One access token. `expires` (epoch seconds) is 0 when it has no fixed end; `subcode` says why it is dead."""

    value: str
    account_id: str
    issued: float
    expires: float = 0
    subcode: int = 0


class Tokens:
    """Which tokens live, and what they reach."""

    def __init__(self, secrets: Mapping[str, Mapping[str, str]], clock: Callable[[], float]) -> None:
        self.renewals = 0
        self.rotate = False
        """A renewal ends the token it was made with at once (F24)."""
        self._clock = clock
        self._lock = threading.Lock()
        self.app_token = f"{APP_ID}|{secrets[PAGE_ID]['app_secret']}"
        now = clock()
        page, instagram = secrets[PAGE_ID]["access_token"], secrets[INSTAGRAM_ID]["access_token"]
        self._tokens = {page: Token(page, PAGE_ID, now - 30 * DAY)}
        if instagram not in self._tokens:
            self._tokens[instagram] = Token(instagram, INSTAGRAM_ID, now - 2 * DAY, now + 58 * DAY)

    def accept(self, value: str) -> Token:
        """The living token of that value.

        Raises:
            GraphError: 190, with the subcode of its end where it once lived.
        """
        with self._lock:
            found = self._tokens.get(value)
            if found is None:
                raise GraphError(190, "Invalid OAuth access token - Cannot parse access token")
            if found.subcode:
                raise GraphError(190, "Error validating access token", found.subcode)
            if found.expires and found.expires <= self._clock():
                raise GraphError(190, "Error validating access token: Session has expired", 463)
            return found

    def find(self, value: str) -> Token | None:
        """The token of that value, alive or not."""
        with self._lock:
            return self._tokens.get(value)

    def set_state(self, account_id: str, subcode: int) -> None:
        """End all tokens of an account, or with 0 bring them back.

        Raises:
            Refused: there is no such account.
        """
        with self._lock:
            mine = [t for t in self._tokens.values() if t.account_id == account_id]
            for token in mine:
                token.subcode = subcode
        if not mine:
            raise Refused(404, "no such account")

    def set_expiry(self, account_id: str, expires: float) -> None:
        """Let all tokens of an account end then (epoch seconds; 0 never)."""
        with self._lock:
            for token in self._tokens.values():
                if token.account_id == account_id:
                    token.expires = expires

    def renew(self, token: Token) -> Token:
        """A new token of Instagram Login for a living one that is at least a day old.

        Raises:
            GraphError: it is too young, or of another kind.
        """
        now = self._clock()
        if token.account_id != INSTAGRAM_ID or not token.expires:
            raise GraphError(190, "Only long-lived tokens of Instagram Login are refreshed")
        with self._lock:
            if now - token.issued < RENEWABLE_AFTER_SECONDS:
                raise bad_parameter("The token is less than 24 hours old")
            self.renewals += 1
            value = f"{token.value.partition('-')[0]}-{self.renewals}"
            made = Token(value, token.account_id, now, now + RENEWED_SECONDS)
            self._tokens[value] = made
            if self.rotate:
                token.subcode = 467
            return made

    def shown(self) -> list[dict[str, Any]]:
        """For the control plane, without their values."""
        with self._lock:
            return [
                {"account": t.account_id, "issued": t.issued, "expires": t.expires, "subcode": t.subcode}
                for t in self._tokens.values()
            ]


def check_proof(secret: str, token: str, params: Mapping[str, str], now: float) -> None:
    """Check `appsecret_proof` (contract 9), with its time or in the old form without.

    Raises:
        GraphError: 100, it is missing, too old or wrong.
    """
    given, at = params.get("appsecret_proof", ""), params.get("appsecret_time", "")
    if not given:
        raise bad_parameter("API calls from the server require an appsecret_proof argument")
    if at and (not (at.isascii() and at.isdigit()) or abs(now - int(at)) > PROOF_SECONDS):
        raise bad_parameter("Invalid appsecret_time provided in the API argument")
    wanted = hmac_sha256(secret, (f"{token}|{at}" if at else token).encode()).hex()
    if not hmac.compare_digest(wanted.encode(), given.encode()):
        raise bad_parameter("Invalid appsecret_proof provided in the API argument")


class Permissions:
    """What was granted to the app for each account."""

    def __init__(self) -> None:
        self._all = {PAGE_ID: PAGE_PERMISSIONS, INSTAGRAM_ID: INSTAGRAM_PERMISSIONS}
        self._missing: dict[str, frozenset[str]] = {}

    def set_missing(self, account_id: str, names: list[str]) -> None:
        """Take these away from an account, and give all others back.

        Raises:
            Refused: no such account or permission.
        """
        known = self._all.get(account_id, frozenset())
        if not set(names) <= known:
            raise Refused(400, f"the account has {', '.join(sorted(known)) or 'never been'}")
        self._missing[account_id] = frozenset(names)

    def has(self, account_id: str, name: str) -> bool:
        """Whether it is granted."""
        return name not in self._missing.get(account_id, frozenset())

    def need(self, account_id: str, name: str) -> None:
        """Go on only if it is granted.

        Raises:
            GraphError: 200.
        """
        if not self.has(account_id, name):
            raise permission(name)

    def granted(self, account_id: str) -> list[str]:
        """The names, sorted."""
        return sorted(self._all[account_id] - self._missing.get(account_id, frozenset()))


class Usage:
    """Counts calls per account and kind in a rolling hour, and tells of it in the headers."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """Begin anew."""
        with self._lock:
            self._calls: dict[tuple[str, str], deque[float]] = {}
            self._told: dict[str, tuple[int, int]] = {}

    def set_told(self, account_id: str, percent: int, minutes: int) -> None:
        """Tell this percentage from now on, and the minutes until access comes back; at 100 calls are refused."""
        with self._lock:
            self._told[account_id] = (percent, minutes)

    def count(self, account_id: str, kind: str) -> tuple[dict[str, str], GraphError | None]:
        """Count one call. Its headers, and the refusal when it is one too many; refused calls count too."""
        with self._lock:
            now = self._clock()
            calls = self._calls.setdefault((account_id, kind), deque())
            calls.append(now)
            while calls and calls[0] <= now - 3600:
                calls.popleft()
            counted = math.floor(100 * len(calls) / CALLS_PER_HOUR)
            percent, minutes = self._told.get(account_id, (counted, 0))
            minutes = minutes or (math.ceil((calls[0] + 3600 - now) / 60) if percent >= 100 else 0)
        refused = (
            GraphError(TOO_MANY[kind], "There have been too many calls to this account") if percent >= 100 else None
        )
        return usage_headers(account_id, kind, percent, minutes), refused


def usage_headers(account_id: str, kind: str, percent: int, minutes: int) -> dict[str, str]:
    """`X-App-Usage` and `X-Business-Use-Case-Usage`, percentages of a rolling hour."""
    app = {"call_count": min(percent, 100), "total_cputime": 3, "total_time": 5}
    case = {"type": kind, "call_count": percent, "total_cputime": 5, "total_time": 7}
    case["estimated_time_to_regain_access"] = minutes
    return {
        "X-App-Usage": json.dumps(app),
        "X-Business-Use-Case-Usage": json.dumps({account_id: [case]}),
    }

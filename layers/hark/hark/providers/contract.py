"""What a provider offers, and the closed list of ways in which a send can fail.

A provider is a folder `providers/<name>/` with these modules:

``door``      `FIELDS`, `verify`, `challenge`, `split`. Standard library only: the webhook imports it.
``inbound``   `parse(raw, kinds, account_id, arrived)` → list of `domain.events.Event`.
``outbound``  `Sender(credentials, endpoint)` with `reply(target)` and `read_back(target)`.
``poll``      `poll(credentials, endpoint, account_id, cursor, pages)` → iterator of `Page`.
``fake``      a real HTTP server that behaves like the platform, for the local cloud and the tests.

Modules are found by name (`load`), so that a new provider needs no line here.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from types import ModuleType
from typing import Any

from hark.domain.events import RawEvent

Credentials = Mapping[str, str]
"""Secret values by name, as stored in the parameter store. Never logged, never in an exception."""


@cache
def names() -> frozenset[str]:
    """The names of all providers, one per folder."""
    package = importlib.import_module("hark.providers")
    return frozenset(m.name for m in pkgutil.iter_modules(package.__path__) if m.ispkg)


def load(provider: str, part: str) -> ModuleType:
    """The module `part` of a provider.

    Raises:
        KeyError: there is no such provider. `provider` may come from a URL.
    """
    if provider not in names():
        raise KeyError(provider)
    return importlib.import_module(f"hark.providers.{provider}.{part}")


# --- in -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer a provider wants given: to a challenge, for instance."""

    status: int
    body: str
    content_type: str = "application/json"


class SignatureRefused(Exception):
    """The delivery is not proven to come from the provider.

    `metric` is `sig_form` (missing, malformed or of another scheme) or `sig_bad` (well-formed, wrong).
    """

    def __init__(self, metric: str) -> None:
        super().__init__(metric)
        self.metric = metric


class SecretMissing(Exception):
    """No usable secret is configured, so nothing can be checked: fail closed, and loudly."""


class ChallengeRefused(Exception):
    """The provider's endpoint check cannot be answered as asked (400)."""


class UnreadableDelivery(ValueError):
    """Signed, but not what the contract describes. The bytes are kept in quarantine (I7)."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a poll: its events, and the cursor to store once they are all durable.

    `cursor` is opaque JSON-able state; `calls` counts what the platform bills or limits.
    `done` says that nothing newer is left. `problems` are partial errors, as dotted codes.
    """

    events: tuple[RawEvent, ...]
    cursor: Mapping[str, Any]
    calls: int
    done: bool
    problems: tuple[str, ...] = ()


# --- out ----------------------------------------------------------------------------------------


class Failure(StrEnum):
    """Every way a call to a platform can end other than well."""

    LATER = "later"
    """Proven not to have happened; try again at `retry_at`. Nobody's fault."""
    PAUSED = "paused"
    """The account cannot act (token, scope, credit). Nothing is burnt; the account is paused."""
    NEVER = "never"
    """The platform refuses this reply for a reason that will not go away."""
    UNKNOWN = "unknown"
    """It may have happened. Never send again before looking (I18)."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform named what it made."""

    platform_id: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """A send that did not end in `Sent`. `code` is dotted; `sentence` is for the agent to read."""

    failure: Failure
    code: str
    sentence: str
    retry_at: datetime | None = None


Outcome = Sent | NotSent


class PollFailed(Exception):
    """A poll could not go on. `failure` is LATER or PAUSED; the cursor must not move."""

    def __init__(self, failure: Failure, code: str, retry_at: datetime | None = None) -> None:
        super().__init__(code)
        self.failure = failure
        self.code = code
        self.retry_at = retry_at

"""What a provider offers to the desk. `docs/adding-a-provider.md` walks through it with Viber as the example.

A provider is a folder `providers/<name>/`. Its modules are found by name (`load`), so that a new provider needs no
line anywhere else in the code; the stanza it needs in the template is its schedule.

``door``      `FIELDS`, `APP_FIELDS`, `verify(request, secrets)`, `challenge(request, secrets)`, `split(request)`, and,
              where the platform reads our answer to a delivery, `reply(request, events, account)`. Standard library
              only: the webhook imports it. `SIGNED_PER_ACCOUNT` says whose secret signs.
``inbound``   `parse(raw, kinds, account_id, arrived)` → list of `domain.events.Event`.
              Where private messages come without a name, `ask_profile(platform, person_id)` → `Wanted | None`.
``outbound``  `ENDPOINT`, `Sender(credentials, endpoint)` with `send(order)` and `read_back(order)`.
``text``      `length(counting, text)` and `fingerprint(text)`.
``health``    `EVERY`, `check(connection, now)` → `Report`; where access can be renewed, `renew(connection, now)`.
``media``     `HOSTS`: the hosts from which the platform's pictures and files may be fetched; one that begins with a
              dot stands for every host below it.
``poll``      `poll(connection, cursor, pages)` → iterator of `Page`; `UNTOLD`, the kinds of events no webhook
              ever brings (default: none); where events come without their words,
              `look_up(connection, reference)` → `RawEvent | None`. Only where the platform has a history to ask.
``query``     `KIND`, the kind under which hits of a search are filed; `LONGEST`, characters of what may be asked;
              `written(query, ours)` → what the platform is asked for a listening query of the desk. No SDK.
``search``    `LEAST`, posts that have to be left of a limit for a page to be asked for; and
              `search(connection, asked, tag, state, most)` → iterator of `Found`. These two only where everybody's
              public posts can be searched; a provider without them cannot listen, and the desk says so.
``recheck``   `BATCH`, `PLATFORMS`, `recheck(connection, ids, state)` → `Rechecked`. Only where deletions are not told.
``fake``      `Fake(port, webhook_url)`, a real HTTP server that behaves like the platform, for the local cloud and the
              tests, with the `ACCOUNTS` it plays and the `SECRETS` it accepts.

`door` may further have `asks_after(request)` → the key of the event whose fate a GET asks after, or "", and
`page_of(state)` → `Answer` for it, `state` being the ledger's word or "" for none.

`fake` further has `signed(body, account_id)` → the headers and the path with which the platform would deliver it.

Everything else of a provider (README, icon.svg, fixtures/, tests/) stays in its folder too. Limits, windows and prices
of what may be done are rules in its `verbs.toml`, written as `domain/verbs.toml` explains.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from types import ModuleType
from typing import Any

from hark.domain.events import RawEvent
from hark.domain.failures import FAILINGS, Effect

Credentials = Mapping[str, str]
"""Secret values by name, as stored in the parameter store. Never logged, never in an exception."""

OF_THE_APP = "*"
"""The `account_id` of an event that concerns the provider's application and no single account."""


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


def has(provider: str, part: str) -> bool:
    """Whether a provider has the module `part`."""
    return provider in names() and importlib.util.find_spec(f"hark.providers.{provider}.{part}") is not None


# --- in -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Request:
    """One call at the door, as the platform made it.

    `headers` have lower-case names; `query` is the raw query string, still URL-encoded; `body` the exact bytes.
    `path` is what follows `/webhooks/<provider>/`, URL-decoded: an account's id where the provider has one address
    per account, else the name of one of its further addresses, else empty. Whoever calls chose it.
    """

    method: str
    headers: Mapping[str, str]
    query: str
    body: bytes
    path: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer a provider wants given: to a challenge, for instance."""

    status: int
    body: str
    content_type: str = "application/json"


class SignatureRefused(Exception):
    """The delivery is not proven to come from the provider.

    `metric` is `sig_form` (missing, malformed or of another scheme), `sig_bad` (well-formed, wrong) or `del_bad`
    (of a request to delete somebody's data).
    """

    def __init__(self, metric: str) -> None:
        super().__init__(metric)
        self.metric = metric


class SecretMissing(Exception):
    """No usable secret is configured, so nothing can be checked: fail closed, and loudly."""


class ChallengeRefused(Exception):
    """The provider's endpoint check cannot be answered as asked. `status` is what to say, `metric` what to count."""

    def __init__(self, metric: str, status: int = 400) -> None:
        super().__init__(metric)
        self.metric = metric
        self.status = status


class UnreadableDelivery(ValueError):
    """Signed, but not what the contract describes. The bytes are kept in quarantine (I7).

    For a whole delivery that cannot be cut. An item of a batch that can be cut out but not understood is a `RawEvent`
    like any other, named after its content; `parse` refuses it later, alone (I34).
    """


@dataclass(frozen=True, slots=True)
class Connection:
    """An account as its provider sees it: which one, what it may use, and where.

    `settings` are the operator's own choices for this account, such as a welcome text. `webhook_url` is the
    public address of `/webhooks/<provider>` without a slash at the end; empty when the desk does not know it.
    """

    credentials: Credentials = field(repr=False)
    endpoint: str
    account_id: str
    platforms: tuple[str, ...]
    handle: str = ""
    linked: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    webhook_url: str = ""


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


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search: its hits, and the opaque JSON-able `state` to store once they are all durable.

    `read` is how many posts of the page the platform bills, as far as its price list says. `done` and `problems` are as
    in `Page`.
    """

    events: tuple[RawEvent, ...]
    state: Mapping[str, Any]
    read: int
    done: bool
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rechecked:
    """Which of the messages asked about are gone, as events to be stored; at most `BATCH` are asked about at once.

    A platform that takes time answers with a non-empty JSON-able `state`: it is handed to the next call, with no ids,
    until it comes back empty.
    """

    gone: tuple[RawEvent, ...] = ()
    state: Mapping[str, Any] = field(default_factory=dict)
    calls: int = 0


# --- out ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Order:
    """What the desk wants done on a platform, after the verb table has allowed it.

    Verbs that say something (`public_reply`, `private_reply`, `dm`) have a text. The others (`like`, `unlike`, `hide`,
    `unhide`, `delete`) act on `target` and may be repeated without harm.
    """

    verb: str
    platform: str
    account_id: str
    target: str
    """The platform's id of the message that is answered or acted on."""
    surface: str = ""
    """What the target is (`domain.events.Surface`)."""
    person: str = ""
    """The customer's id on the platform."""
    thread: str = ""
    text: str = ""
    asked_at: datetime = field(kw_only=True)
    """When the target was written: a read-back needs nothing older."""
    marker: str = ""
    """Ours, to be sent along where the platform gives it back with the echo. At most 80 ASCII characters."""
    tag: str = ""
    """What the platform wants named for this sending, such as HUMAN_AGENT; from the verb table."""
    sender_name: str = ""
    """The brand as the customer sees it, where a platform wants it said with each message."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform named what it made; empty where an act makes nothing.

    `person` is the id under which the platform knows the person in the thread it was sent to, where that is another
    one (a private reply to a commenter opens a thread with its own ids).
    """

    platform_id: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class NotSent:
    """It did not end in `Sent`. `code` is one of `domain.failures.FAILINGS`.

    `detail` is the platform's own code for people who debug ("190/463"); never text. `retry_at` (UTC) is when the
    platform says, or we guess, that another try makes sense.
    """

    code: str
    retry_at: datetime | None = None
    detail: str = ""

    def __post_init__(self) -> None:
        if self.code not in FAILINGS:
            raise ValueError(f"{self.code} is not on the closed list of failures")

    @property
    def effect(self) -> Effect:
        return FAILINGS[self.code].effect


Outcome = Sent | NotSent


class CannotLook(Exception):
    """The platform has no way to read back what we sent: in doubt, a person looks."""


class CallFailed(Exception):
    """A call that only reads or sets up could not be made. `code` is one of `domain.failures.FAILINGS`.

    What it was for has not been done; a cursor must not move.
    """

    def __init__(self, code: str, retry_at: datetime | None = None, detail: str = "") -> None:
        if code not in FAILINGS:
            raise ValueError(f"{code} is not on the closed list of failures")
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.retry_at = retry_at
        self.detail = detail

    @property
    def paused(self) -> bool:
        """Whether the account cannot act until an operator mends it."""
        return FAILINGS[self.code].effect in (Effect.PAUSED, Effect.NEVER)


# --- health -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Report:
    """What a check of an account found and mended.

    `problems` are dotted codes of what is still wrong and does not stop us from acting ("meta.field_missing");
    what does stop us is raised as `CallFailed`. `repaired` are codes of what was wrong and was put right.
    `expires` is when our access ends unless it is renewed (UTC), if it does; `renewable` whether `renew` can do it.
    `state` is kept with the account and handed to the next check in `Connection.settings["health"]`.
    """

    problems: tuple[str, ...] = ()
    repaired: tuple[str, ...] = ()
    expires: datetime | None = None
    renewable: bool = False
    state: Mapping[str, Any] = field(default_factory=dict)
    calls: int = 0


@dataclass(frozen=True, slots=True)
class Renewed:
    """New values for some of the account's secrets, to be stored before anything else happens."""

    values: Credentials = field(repr=False)
    expires: datetime | None = None

"""The one place where things are put together. Each function asks for the one use-case it is for.

Imports are inside the functions, so that a Lambda loads only what it uses: the webhook must not load pydantic, and
only the sender and the poll load a platform's SDK.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from hark import aws
from hark.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from hark.desk.actions import Actions
    from hark.desk.aftermath import Aftermath
    from hark.desk.assigning import Assigning
    from hark.desk.automatic import Automatic
    from hark.desk.connecting import Connecting
    from hark.desk.door import Door
    from hark.desk.filing import Reading
    from hark.desk.following import Following
    from hark.desk.health import Health
    from hark.desk.intake import Intake
    from hark.desk.media import Copies
    from hark.desk.polling import Polling
    from hark.desk.rechecking import Rechecking
    from hark.desk.reminding import Reminding
    from hark.desk.sending import Sending
    from hark.desk.sessions import Sessions
    from hark.desk.sweeping import Sweeping
    from hark.desk.triaging import Triaging
    from hark.desk.views import Views
    from hark.desk.workflow import Workflow
    from hark.store.keys import Key
    from hark.store.secrets import Secrets
    from hark.store.table import Table


def clock() -> datetime:
    """The only clock of the product; tests put theirs here."""
    return datetime.now(UTC)


@cache
def table() -> Table:
    from hark.store.table import Table

    return Table(aws.dynamodb(), settings().table)


@cache
def secrets() -> Secrets:
    from hark.store.secrets import Secrets

    return Secrets(aws.ssm(), settings().secrets_path)


@cache
def door() -> Door:
    from hark.desk.door import Door
    from hark.store.accounts import Accounts
    from hark.store.ledger import Ledger

    return Door(Ledger(table()), Accounts(table()), secrets(), lambda: clock())


@cache
def workflow() -> Workflow:
    from hark.desk.workflow import Workflow
    from hark.store.cases import Cases
    from hark.store.people import People

    return Workflow(
        Cases(table()), People(table()), aws.stepfunctions, lambda: settings().state_machine, lambda: clock()
    )


def _reading(provider: str) -> Reading:
    from hark.desk.filing import Reading
    from hark.providers.contract import load

    inbound = load(provider, "inbound")
    asks = {"ask_profile": inbound.ask_profile} if hasattr(inbound, "ask_profile") else {}
    return Reading(inbound.parse, load(provider, "text").fingerprint, **asks)


@cache
def intake() -> Intake:
    from hark.desk.echoes import Echoes
    from hark.desk.filing import Filing
    from hark.desk.intake import Intake
    from hark.store.accounts import Accounts
    from hark.store.cases import Cases
    from hark.store.ledger import Ledger
    from hark.store.messages import Messages
    from hark.store.people import People
    from hark.store.replies import Replies

    stored = table()
    ledger, messages, cases, people = Ledger(stored), Messages(stored), Cases(stored), People(stored)
    filing = Filing(ledger, messages, lambda: clock())
    echoes = Echoes(ledger, messages, cases, Replies(stored), people, workflow(), filing, _reading, lambda: clock())
    return Intake(
        ledger, Accounts(stored), messages, cases, people, workflow(), filing, echoes, _aftermath(stored), _reading,
        lambda: clock(),
    )  # fmt: skip


def _aftermath(stored: Table) -> Aftermath:
    from hark.desk.aftermath import Aftermath
    from hark.store.accounts import Accounts
    from hark.store.cases import Cases
    from hark.store.ledger import Ledger
    from hark.store.messages import Messages
    from hark.store.people import People

    return Aftermath(
        Ledger(stored), Accounts(stored), Messages(stored), Cases(stored), People(stored), workflow(), copies,
        lambda: clock(),
    )  # fmt: skip


def _endpoint(provider: str) -> str:
    from hark.providers.contract import load

    return settings().endpoint(provider, load(provider, "outbound").ENDPOINT)


def _part(name: str) -> Callable[[str], Any]:
    """Finds a provider's module of that name; None where it has none."""
    from hark.providers.contract import has, load

    return lambda provider: load(provider, name) if has(provider, name) else None


@cache
def connecting() -> Connecting:
    from hark.desk.connecting import Connecting
    from hark.store.accounts import Accounts

    return Connecting(Accounts(table()), secrets(), _endpoint, lambda: settings().webhook_url)


@cache
def polling() -> Polling:
    from hark.desk.polling import Polling
    from hark.store.accounts import Accounts
    from hark.store.ledger import Ledger

    return Polling(Ledger(table()), Accounts(table()), connecting(), _part("poll"), lambda: clock())


@cache
def health() -> Health:
    from hark.desk.health import Health
    from hark.store.accounts import Accounts

    return Health(Accounts(table()), secrets(), connecting(), _part("health"), lambda: clock())


@cache
def rechecking() -> Rechecking:
    from hark.desk.rechecking import Rechecking
    from hark.store.accounts import Accounts
    from hark.store.cases import Cases
    from hark.store.ledger import Ledger
    from hark.store.messages import Messages

    stored = table()
    return Rechecking(
        Ledger(stored), Accounts(stored), Cases(stored), Messages(stored), connecting(), _part("recheck"),
        lambda: clock(),
    )  # fmt: skip


@cache
def triaging() -> Triaging:
    from hark.desk.triaging import Triaging
    from hark.store.cases import Cases
    from hark.store.messages import Messages
    from hark.store.people import People

    def detect(text: str, hint: str, expected: tuple[str, ...]) -> str:
        from hark.desk.language import language

        return language(text, hint, expected)

    return Triaging(Cases(table()), Messages(table()), People(table()), lambda: clock(), detect)


@cache
def assigning() -> Assigning:
    from hark.desk.assigning import Assigning
    from hark.store.cases import Cases
    from hark.store.people import People

    return Assigning(Cases(table()), People(table()), lambda: clock())


@cache
def reminding() -> Reminding:
    from hark.desk.reminding import Reminding
    from hark.store.cases import Cases
    from hark.store.people import People

    return Reminding(Cases(table()), People(table()), lambda: clock())


@cache
def following() -> Following:
    from hark.desk.following import Following
    from hark.store.cases import Cases
    from hark.store.people import People

    return Following(Cases(table()), People(table()), lambda: clock())


@cache
def sending() -> Sending:
    from hark.desk.sending import Sender, Sending
    from hark.providers.contract import load
    from hark.store.accounts import Accounts
    from hark.store.cases import Cases
    from hark.store.ledger import Ledger
    from hark.store.messages import Messages
    from hark.store.people import People
    from hark.store.replies import Replies

    def sender(provider: str, credentials: dict[str, str]) -> Sender:
        made: Sender = load(provider, "outbound").Sender(credentials, _endpoint(provider))
        return made

    stored = table()
    return Sending(
        Ledger(stored), Replies(stored), Cases(stored), Messages(stored), Accounts(stored), People(stored), secrets(),
        workflow(), sender, lambda: clock(), lambda: settings().send_lease_seconds,
        lambda: settings().send_settle_seconds,
    )  # fmt: skip


@cache
def automatic() -> Automatic:
    from hark.desk.automatic import Automatic
    from hark.store.accounts import Accounts
    from hark.store.messages import Messages
    from hark.store.people import People
    from hark.store.replies import Replies

    stored = table()
    return Automatic(Messages(stored), Replies(stored), Accounts(stored), People(stored), _measure, lambda: clock())


def _measure(provider: str, counting: str, text: str) -> int:
    from hark.providers.contract import load

    return int(load(provider, "text").length(counting, text))


@cache
def actions() -> Actions:
    from hark.desk.actions import Actions
    from hark.store.accounts import Accounts
    from hark.store.cases import Cases
    from hark.store.messages import Messages
    from hark.store.people import People
    from hark.store.replies import Replies

    stored = table()
    return Actions(
        Cases(stored), Messages(stored), Replies(stored), Accounts(stored), People(stored), workflow(), _measure,
        lambda: clock(),
    )  # fmt: skip


@cache
def views() -> Views:
    from hark.desk.views import Views
    from hark.store.accounts import Accounts
    from hark.store.cases import Cases
    from hark.store.messages import Messages
    from hark.store.people import People
    from hark.store.replies import Replies

    stored = table()
    return Views(Cases(stored), Messages(stored), Replies(stored), Accounts(stored), People(stored), lambda: clock())


@cache
def copies() -> Copies:
    from hark.desk.media import Copies
    from hark.fetch.guarded import Fetcher
    from hark.providers.contract import load
    from hark.store.accounts import Accounts
    from hark.store.cases import Cases
    from hark.store.media import MediaStore
    from hark.store.messages import Messages

    stored = table()
    return Copies(
        Messages(stored), Cases(stored), Accounts(stored), MediaStore(aws.s3(), settings().media_bucket), Fetcher(),
        lambda provider: load(provider, "media").HOSTS, lambda: clock(),
    )  # fmt: skip


@cache
def sessions() -> Sessions:
    from hark.desk.sessions import Sessions
    from hark.store.people import People

    @cache
    def client_id() -> str:
        name = f"{settings().secrets_path}/sign-in/client"
        return aws.ssm().get_parameter(Name=name)["Parameter"]["Value"]

    return Sessions(People(table()), client_id, lambda: settings().sign_in_url, lambda: clock())


def wake(function: str, keys: list[Key]) -> None:
    """Have a function look at some items, without waiting for it."""
    name = settings().ingest_function if function == "ingest" else settings().send_reply_function
    payload = json.dumps({"keys": [key._asdict() for key in keys]}).encode()
    aws.lambda_().invoke(FunctionName=name, InvocationType="Event", Payload=payload)


@cache
def sweeping() -> Sweeping:
    from hark.desk.sweeping import Sweeping

    return Sweeping(table(), workflow(), wake, lambda: clock())

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

    from hark.desk.access import Access
    from hark.desk.actions import Actions
    from hark.desk.aftermath import Aftermath
    from hark.desk.approving import Approving
    from hark.desk.assigning import Assigning
    from hark.desk.automatic import Automatic
    from hark.desk.bot import Bot
    from hark.desk.bot_review import BotReview
    from hark.desk.broadcasting import Broadcasting
    from hark.desk.canning import Canning
    from hark.desk.checking import Checking
    from hark.desk.composing import Composing
    from hark.desk.connecting import Connecting
    from hark.desk.customers import Customers
    from hark.desk.deciding import Deciding
    from hark.desk.door import Door
    from hark.desk.erasing import Erasing
    from hark.desk.filing import Reading
    from hark.desk.following import Following
    from hark.desk.forgetting import Forgetting
    from hark.desk.found import Found
    from hark.desk.giving import Giving
    from hark.desk.health import Health
    from hark.desk.holding import Holding
    from hark.desk.incident_acts import IncidentActs
    from hark.desk.incident_views import IncidentViews
    from hark.desk.incidents import Incidents
    from hark.desk.intake import Intake
    from hark.desk.listening import Listening
    from hark.desk.media import Copies
    from hark.desk.notifying import Notifying
    from hark.desk.passing import Passing
    from hark.desk.pausing import Pausing
    from hark.desk.polling import Polling
    from hark.desk.promising import Promising
    from hark.desk.rechecking import Rechecking
    from hark.desk.rehearsing import Rehearsing
    from hark.desk.reminding import Reminding
    from hark.desk.reporting import Reporting
    from hark.desk.restoring import Restoring
    from hark.desk.retaining import Retaining
    from hark.desk.reviewing import Reviewing
    from hark.desk.rostering import Rostering
    from hark.desk.satisfying import Satisfying
    from hark.desk.sealing import Sealing
    from hark.desk.sending import Sending
    from hark.desk.sessions import Sessions
    from hark.desk.sought import Sought
    from hark.desk.sweeping import Sweeping
    from hark.desk.teamwork import Teamwork
    from hark.desk.tracing import Tracing
    from hark.desk.triaging import Triaging
    from hark.desk.views import Views
    from hark.desk.waiting import Waiting
    from hark.desk.watching import Watching
    from hark.desk.workflow import Workflow
    from hark.desk.writing import Writing
    from hark.domain.reading import Reader
    from hark.store.keys import Key
    from hark.store.secrets import Secrets
    from hark.store.shadow import Shadows
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
    from hark.providers.contract import has, load

    inbound = load(provider, "inbound")
    asks = {"ask_profile": inbound.ask_profile} if hasattr(inbound, "ask_profile") else {}
    hit_kind = load(provider, "query").KIND if has(provider, "query") else ""
    return Reading(inbound.parse, load(provider, "text").fingerprint, hit_kind=hit_kind, **asks)


@cache
def intake() -> Intake:
    from hark.desk.echoes import Echoes
    from hark.desk.filing import Filing
    from hark.desk.intake import Intake
    from hark.store.accounts import Accounts
    from hark.store.cases import Cases
    from hark.store.erasures import Erasures
    from hark.store.ledger import Ledger
    from hark.store.messages import Messages
    from hark.store.people import People
    from hark.store.replies import Replies

    stored = table()
    ledger, messages, cases, people = Ledger(stored), Messages(stored), Cases(stored), People(stored)
    filing = Filing(ledger, messages, Erasures(stored), lambda: clock())
    echoes = Echoes(ledger, messages, cases, Replies(stored), people, workflow(), filing, _reading, lambda: clock())
    return Intake(
        ledger, Accounts(stored), messages, cases, people, workflow(), filing, echoes, _aftermath(stored),
        _found(stored), _reading, lambda: clock(),
    )  # fmt: skip


def _found(stored: Table) -> Found:
    from hark.desk.found import Found
    from hark.store.accounts import Accounts
    from hark.store.erasures import Erasures
    from hark.store.hits import Hits
    from hark.store.ledger import Ledger
    from hark.store.messages import Messages
    from hark.store.people import People

    return Found(
        Ledger(stored), Accounts(stored), Messages(stored), People(stored), Hits(stored), Erasures(stored),
        lambda: clock(),
    )  # fmt: skip


def _aftermath(stored: Table) -> Aftermath:
    from hark.desk.aftermath import Aftermath
    from hark.store.accounts import Accounts
    from hark.store.cases import Cases
    from hark.store.erasures import Erasures
    from hark.store.ledger import Ledger
    from hark.store.messages import Messages
    from hark.store.people import People

    return Aftermath(
        Ledger(stored), Accounts(stored), Messages(stored), Cases(stored), People(stored), workflow(), copies,
        erasing, Erasures(stored), lambda *wish: forgetting().passed_on(*wish), lambda: clock(),
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

    return Polling(Ledger(table()), Accounts(table()), connecting(), _part("poll"), _listening(), lambda: clock())


def _listening() -> Listening:
    from hark.desk.listening import Listening
    from hark.store.hits import Hits
    from hark.store.ledger import Ledger
    from hark.store.people import People

    stored = table()
    return Listening(
        Ledger(stored), Hits(stored), People(stored), _part("search"), sought(), lambda: clock()
    )  # fmt: skip


@cache
def health() -> Health:
    from hark.desk.health import Health
    from hark.store.accounts import Accounts

    return Health(Accounts(table()), secrets(), connecting(), _part("health"), _daily_from, lambda: clock())


def _daily_from(brand: str, at: str) -> None:
    from hark.store.retention import Retentions
    from hark.store.seals import Seals

    Retentions(table()).begin_looking(brand, at)
    Seals(table()).begin(brand, at)


@cache
def sealing() -> Sealing:
    from hark.desk.proving import Proving
    from hark.desk.sealing import Sealing
    from hark.store.seals import Seals

    seals = Seals(table())
    return Sealing(seals, Proving(seals, lambda: clock()), lambda: clock())


@cache
def erasing() -> Erasing:
    from hark.desk.erasing import Erasing
    from hark.store.cases import Cases
    from hark.store.ledger import Ledger
    from hark.store.media import MediaStore
    from hark.store.messages import Messages
    from hark.store.retention import Retentions

    kept = table()
    return Erasing(
        Ledger(kept), Messages(kept), Cases(kept), Retentions(kept),
        lambda: MediaStore(aws.s3(), settings().media_bucket), lambda: clock(),
    )  # fmt: skip


@cache
def forgetting() -> Forgetting:
    from hark.desk.forgetting import Forgetting
    from hark.store.accounts import Accounts
    from hark.store.drafts import Drafts
    from hark.store.erasures import Erasures
    from hark.store.hits import Hits
    from hark.store.media import MediaStore
    from hark.store.people import People
    from hark.store.replies import Replies

    def archive(brand: str, erasure_id: str, receipt: bytes) -> None:
        MediaStore(aws.s3(), settings().media_bucket).keep_receipt(brand, erasure_id, receipt)

    kept = table()
    return Forgetting(
        Erasures(kept), erasing(), Hits(kept), Accounts(kept), People(kept), Replies(kept), Drafts(kept), workflow(),
        lambda case: customers().known(case), lambda: secrets().signing_receipts(), archive, lambda: clock(),
    )  # fmt: skip


@cache
def restoring() -> Restoring:
    from hark.desk.restoring import Restoring

    return Restoring(table(), forgetting, sending, lambda: clock())


@cache
def retaining() -> Retaining:
    from hark.desk.retaining import Retaining
    from hark.store.cases import Cases
    from hark.store.people import People
    from hark.store.policies import Policies
    from hark.store.retention import Retentions

    kept = table()
    return Retaining(
        Retentions(kept), Cases(kept), People(kept), Policies(kept), erasing, lambda: settings().media_days,
        lambda: clock(),
    )  # fmt: skip


@cache
def rechecking() -> Rechecking:
    from hark.desk.rechecking import Rechecking
    from hark.store.accounts import Accounts
    from hark.store.cases import Cases
    from hark.store.hits import Hits
    from hark.store.ledger import Ledger
    from hark.store.messages import Messages

    stored = table()
    return Rechecking(
        Ledger(stored), Accounts(stored), Cases(stored), Messages(stored), connecting(), Hits(stored),
        _part("recheck"), lambda: clock(),
    )  # fmt: skip


@cache
def reader() -> Reader:
    """Reads what people write: the engine the operator chose, with the built-in one behind it."""
    from hark.reading.builtin import Builtin

    engine, builtin = settings().reader, Builtin()
    if engine == "comprehend":
        from hark.reading.backed import Backed
        from hark.reading.comprehend import Comprehend

        return Backed(Comprehend(aws.comprehend, builtin), builtin)
    if engine == "bedrock":
        from hark.reading.backed import Backed
        from hark.reading.bedrock import Bedrock

        return Backed(Bedrock(aws.bedrock, lambda: settings().bedrock_model), builtin)
    return builtin


@cache
def triaging() -> Triaging:
    from hark.desk.triaging import Triaging
    from hark.store.cases import Cases
    from hark.store.messages import Messages
    from hark.store.people import People

    return Triaging(
        Cases(table()), Messages(table()), People(table()), shadows(), lambda: clock(), lambda: reader(), incidents
    )  # fmt: skip


@cache
def shadows() -> Shadows:
    from hark.store.shadow import Shadows

    return Shadows(table())


@cache
def assigning() -> Assigning:
    from hark.desk.assigning import Assigning

    return Assigning(giving(), lambda: clock())


@cache
def giving() -> Giving:
    from hark.desk.giving import Giving
    from hark.store.accounts import Accounts
    from hark.store.cases import Cases
    from hark.store.messages import Messages
    from hark.store.people import People

    stored = table()
    return Giving(Cases(stored), Messages(stored), Accounts(stored), People(stored), lambda: clock())


@cache
def waiting() -> Waiting:
    from hark.desk.waiting import Waiting

    return Waiting(giving(), lambda: clock())


@cache
def notifying() -> Notifying:
    from hark.desk.notifying import Notifying
    from hark.store.cases import Cases
    from hark.store.notices import Notices
    from hark.store.people import People

    def mail(to: str, subject: str, text: str) -> None:
        from hark.desk.mailing import send

        send(aws.ses(), settings().sender_email, to, subject, text)

    stored = table()
    return Notifying(
        Cases(stored), People(stored), Notices(stored), mail if settings().sender_email else None,
        lambda: settings().desk_address, lambda: clock(),
    )  # fmt: skip


@cache
def promising() -> Promising:
    from hark.desk.promising import Promising

    return Promising(actions(), lambda: clock())


@cache
def reminding() -> Reminding:
    from hark.desk.reminding import Reminding
    from hark.store.cases import Cases
    from hark.store.people import People

    return Reminding(Cases(table()), People(table()), lambda: clock())


@cache
def satisfying() -> Satisfying:
    from hark.desk.satisfying import Satisfying
    from hark.store.cases import Cases
    from hark.store.people import People
    from hark.store.ratings import Ratings

    return Satisfying(Cases(table()), People(table()), Ratings(table()), automatic(), lambda: clock())


@cache
def following() -> Following:
    from hark.desk.following import Following
    from hark.store.cases import Cases
    from hark.store.people import People

    return Following(Cases(table()), People(table()), automatic(), lambda: clock())


@cache
def tracing() -> Tracing:
    from hark.desk.tracing import Tracing
    from hark.store.cases import Cases

    return Tracing(Cases(table()), aws.stepfunctions, lambda: settings().state_machine)


@cache
def customers() -> Customers:
    from hark.desk.customers import Customers
    from hark.store.accounts import Accounts
    from hark.store.cases import Cases
    from hark.store.messages import Messages
    from hark.store.people import People

    stored = table()
    return Customers(Cases(stored), Messages(stored), Accounts(stored), People(stored), lambda: clock())


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
        workflow(), waiting, sender, lambda provider: load(provider, "text").fingerprint, lambda: clock(),
        lambda: settings().send_lease_seconds,
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
def writing() -> Writing:
    from hark.desk.writing import Writing
    from hark.store.accounts import Accounts
    from hark.store.messages import Messages

    return Writing(Messages(table()), Accounts(table()), _measure, lambda: clock())


@cache
def actions() -> Actions:
    from hark.desk.actions import Actions
    from hark.store.cases import Cases
    from hark.store.messages import Messages
    from hark.store.people import People
    from hark.store.replies import Replies
    from hark.store.tags import Tags

    stored = table()
    return Actions(
        Cases(stored), Messages(stored), Replies(stored), People(stored), workflow(), writing(), composing(), passing(),
        Tags(stored), lambda: clock(),
    )  # fmt: skip


@cache
def passing() -> Passing:
    from hark.desk.passing import Passing

    return Passing(giving(), waiting(), lambda: clock())


@cache
def teamwork() -> Teamwork:
    from hark.desk.teamwork import Teamwork

    return Teamwork(giving(), waiting(), lambda: clock())


@cache
def deciding() -> Deciding:
    from hark.desk.deciding import Deciding
    from hark.store.people import People
    from hark.store.policies import Policies

    return Deciding(People(table()), Policies(table()), sought(), lambda: clock())


@cache
def sought() -> Sought:
    from hark.desk.sought import Sought
    from hark.store.accounts import Accounts

    return Sought(Accounts(table()), _part("query"))


@cache
def reviewing() -> Reviewing:
    from hark.desk.reviewing import Reviewing
    from hark.store.hits import Hits
    from hark.store.ledger import Ledger
    from hark.store.people import People

    stored = table()
    return Reviewing(Hits(stored), Ledger(stored), People(stored), sought(), lambda: clock())


@cache
def rehearsing() -> Rehearsing:
    from hark.desk.rehearsing import Rehearsing
    from hark.reading.builtin import Builtin

    return Rehearsing(giving(), lambda: clock(), Builtin)


@cache
def rostering() -> Rostering:
    from hark.desk.rostering import Rostering
    from hark.store.people import People

    return Rostering(People(table()), teamwork(), waiting(), lambda: clock())


@cache
def bot() -> Bot:
    from hark.desk.bot import Bot
    from hark.store.bot import Deeds
    from hark.store.canned import Canned
    from hark.store.cases import Cases
    from hark.store.messages import Messages
    from hark.store.people import People
    from hark.store.replies import Replies

    stored = table()
    return Bot(
        Cases(stored), Messages(stored), Replies(stored), People(stored), Canned(stored), Deeds(stored), automatic(),
        lambda: clock(),
    )  # fmt: skip


@cache
def bot_review() -> BotReview:
    from hark.desk.bot_review import BotReview
    from hark.store.bot import Deeds
    from hark.store.canned import Canned
    from hark.store.cases import Cases
    from hark.store.messages import Messages
    from hark.store.people import People
    from hark.store.replies import Replies

    stored = table()
    return BotReview(
        Cases(stored), Messages(stored), Replies(stored), People(stored), Canned(stored), Deeds(stored),
        lambda: clock(),
    )  # fmt: skip


@cache
def canning() -> Canning:
    from hark.desk.canning import Canning
    from hark.store.canned import Canned
    from hark.store.cases import Cases
    from hark.store.people import People
    from hark.store.replies import Replies

    stored = table()
    return Canning(Canned(stored), Cases(stored), Replies(stored), People(stored), lambda: clock())


@cache
def checking() -> Checking:
    from hark.desk.checking import Checking
    from hark.store.cases import Cases
    from hark.store.lately import Lately
    from hark.store.people import People
    from hark.store.replies import Replies

    stored = table()
    return Checking(
        Cases(stored), Replies(stored), People(stored), Lately(stored), writing(), lambda: clock()
    )  # fmt: skip


@cache
def composing() -> Composing:
    from hark.desk.composing import Composing
    from hark.store.drafts import Drafts

    return Composing(writing(), checking(), Drafts(table()))


@cache
def approving() -> Approving:
    from hark.desk.approving import Approving
    from hark.store.drafts import Drafts

    return Approving(actions(), composing(), Drafts(table()))


@cache
def holding() -> Holding:
    from hark.desk.holding import Holding

    return Holding(actions(), wake, lambda: clock())


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
def watching() -> Watching:
    from hark.desk.watching import Watching
    from hark.store.cases import Cases
    from hark.store.people import People
    from hark.store.presence import Presences

    stored = table()
    return Watching(Cases(stored), People(stored), Presences(stored), lambda: clock())


@cache
def reporting() -> Reporting:
    from hark.desk.reporting import Reporting
    from hark.store.accounts import Accounts
    from hark.store.facts import Facts
    from hark.store.people import People

    stored = table()
    return Reporting(Facts(stored), People(stored), Accounts(stored), lambda: clock())


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
def incidents() -> Incidents:
    from hark.desk.incidents import Incidents
    from hark.store.cases import Cases
    from hark.store.incidents import Incidents as Stored
    from hark.store.people import People

    stored = table()
    return Incidents(Stored(stored), Cases(stored), People(stored), lambda: clock())


@cache
def incident_acts() -> IncidentActs:
    from hark.desk.incident_acts import IncidentActs
    from hark.store.incidents import Incidents as Stored
    from hark.store.people import People

    return IncidentActs(Stored(table()), People(table()), incidents(), lambda: clock())


@cache
def incident_views() -> IncidentViews:
    from hark.desk.incident_views import IncidentViews
    from hark.store.incidents import Incidents as Stored
    from hark.store.people import People
    from hark.store.replies import Replies

    stored = table()
    return IncidentViews(Stored(stored), Replies(stored), People(stored), lambda: clock())


@cache
def broadcasting() -> Broadcasting:
    from hark.desk.broadcasting import Broadcasting
    from hark.store.cases import Cases
    from hark.store.incidents import Incidents as Stored
    from hark.store.messages import Messages
    from hark.store.people import People
    from hark.store.replies import Replies

    stored = table()
    return Broadcasting(
        Stored(stored), Cases(stored), Messages(stored), Replies(stored), People(stored), automatic(), lambda: clock()
    )  # fmt: skip


@cache
def access() -> Access:
    from hark.desk.access import Access
    from hark.store.people import People
    from hark.store.programs import Programs

    return Access(Programs(table()), People(table()), lambda: clock())


@cache
def pausing() -> Pausing:
    from hark.desk.pausing import Pausing
    from hark.store.accounts import Accounts
    from hark.store.people import People
    from hark.store.policies import Policies
    from hark.store.replies import Replies

    kept = table()
    return Pausing(Accounts(kept), Replies(kept), People(kept), Policies(kept), lambda: clock())


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

    def incident(key: Key) -> None:
        from hark.store import keys

        if key.sk.startswith(keys.BROADCAST_PREFIX):
            broadcasting().run(key)
        else:
            incidents().gather(keys.brand_of(key), keys.incident_of(key))

    def erase(key: Key) -> None:
        if key.sk == "REMOVAL":
            erasing().go_on(key)
        else:
            forgetting().go_on(key)

    def survey(key: Key) -> str:
        return satisfying().ask(key, lambda: settings().desk_address)

    return Sweeping(
        table(), workflow(), wake, lambda brand: rostering().run(brand), survey, incident,
        lambda brand, time_is_left: retaining().run(brand, time_is_left),
        lambda brand, time_is_left: sealing().run(brand, time_is_left), erase,
        lambda: clock(),
    )  # fmt: skip

"""The real handlers and store on moto and a table in memory: that of the real template, and one frozen clock."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from botocore.client import BaseClient
from hark import aws, operator, wiring
from hark.domain.account import Account
from hark.domain.case import Case
from hark.domain.message import Message
from hark.domain.policy import Policy
from hark.domain.time import text as time_text
from hark.providers import contract
from hark.store import keys
from hark.store.keys import Key
from hark.store.people import People
from hark.store.table import Item, Table, from_item, to_item
from moto import mock_aws

from infra.expand import read
from infra.lint.permissions import Used, missing, needed
from infra.simulation.dynamodb import DynamoDB

from .browser import Browser
from .gateway import request
from .table_in_memory import in_memory, rows
from .x_deliveries import ACME, OAUTH2_HEADER, SECRET, mention, signature

ROOT = Path(__file__).parents[2]
BRAND = "acme"
START = datetime(2026, 11, 20, 9, 15, tzinfo=UTC)


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


class Context:
    """What Lambda hands to a handler, as far as ours look at it."""

    function_name = "test"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:test"
    aws_request_id = "00000000-0000-0000-0000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        return 50_000


def load_function(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"function_{name}", ROOT / "functions" / name / "handler.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass
class Desk:
    """The desk with its functions, driven by hand."""

    table: Table
    clock: Clock
    dynamodb: DynamoDB
    functions: dict[str, ModuleType] = field(default_factory=dict)

    def call(self, function: str, event: dict[str, Any]) -> Any:
        if function not in self.functions:
            self.functions[function] = load_function(function)
        running.set(function)
        try:
            return self.functions[function].handler(event, Context())
        finally:
            running.set("")

    def hand_in(self, provider: str, body: dict[str, Any] | bytes, account_id: str) -> dict[str, Any]:
        """Deliver as the provider does: signed by its own fake, at the account's address. The whole answer."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers, path = contract.load(provider, "fake").signed(raw, account_id)
        answer: dict[str, Any] = self.call(
            "webhook", request("POST", f"/webhooks/{provider}{path}", raw, dict(headers))
        )
        return answer

    def connect(self, provider: str) -> None:
        """Connect every account the provider's fake plays."""
        fake = contract.load(provider, "fake")
        for known in fake.ACCOUNTS:
            account = Account(brand=BRAND, **known)
            operator.connect(self.table, "/hark/test", account, fake.SECRETS[account.id])

    def deliver(self, body: dict[str, Any] | bytes, **headers: str) -> int:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        signed = {OAUTH2_HEADER: signature(raw), "content-type": "application/json"}
        answer = self.call("webhook", request("POST", "/webhooks/x", raw, signed | headers))
        return int(answer["statusCode"])

    def fold(self) -> None:
        """What the stream does: hand every entry that is not folded to ingest."""
        keys = [{"pk": i["pk"], "sk": i["sk"]} for i in self.items("RAW") if i["state"] == "received"]
        if keys:
            self.call("ingest", {"keys": keys})

    def take_in(self, *bodies: dict[str, Any]) -> None:
        for body in bodies:
            assert self.deliver(body) == 200
            self.fold()

    def items(self, sk: str | None = None) -> list[Item]:
        return [from_item(item) for item in rows(self.dynamodb, self.table.name, sk)]

    def forget(self) -> None:
        """Empty the table, but for the account."""
        kept = [item for item in self.items() if item["pk"].startswith("~#ACCOUNTS")]
        self.table.client.delete_table(TableName=self.table.name)
        self.table.client.create_table(TableName=self.table.name, **table_of_the_template())
        for item in kept:
            self.table.client.put_item(TableName=self.table.name, Item=to_item(item))

    def cases(self) -> list[Case]:
        return [Case.model_validate(item) for item in self.items("CASE")]

    def case(self) -> Case:
        (only,) = self.cases()
        return only

    def messages(self) -> list[Message]:
        return [Message.model_validate(item) for item in self.items("MSG") if not item["first_id"]]

    def put_policy(self, **changes: Any) -> Policy:
        policy = Policy(**changes)
        People(self.table).save_policy(BRAND, policy)
        return policy

    def step(self, function: str, case: Case, **more: Any) -> Any:
        return self.call(function, {"brand": case.brand, "case": case.id, "gen": case.gen, **more})

    def await_answer(self, case: Case) -> str:
        """What the workflow's wait does: leave a task token on the case."""
        token = f"token-{case.id}-{time.monotonic_ns()}"
        wait = "AwaitAnswer" if case.awaiting == "us" else "AwaitCustomer"
        self.table.client.update_item(
            TableName=self.table.name, Key={"pk": {"S": key_of(case).pk}, "sk": {"S": "CASE"}},
            UpdateExpression="SET wf_token = :t, wf_wait = :w",
            ExpressionAttributeValues={":t": {"S": token}, ":w": {"S": wait}},
        )  # fmt: skip
        return token


class Door:
    """The webhook function with what it stored and what it counted."""

    def __init__(self, desk: Desk, printed: pytest.CaptureFixture[str]) -> None:
        self.desk = desk
        self._printed = printed

    def post(
        self, body: bytes, headers: dict[str, str] | None = None, sent: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Deliver; signed as X does unless headers are given. `sent` overrides how the gateway hands it over."""
        signed = {OAUTH2_HEADER: signature(body)} if headers is None else headers
        answer: dict[str, Any] = self.desk.call("webhook", request("POST", "/webhooks/x", body, signed) | (sent or {}))
        return answer

    def get(self, query: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.desk.call("webhook", request("GET", "/webhooks/x", query=query))
        return answer

    def counted(self) -> dict[str, int]:
        """Metrics since the last time of asking."""
        found: Counter[str] = Counter()
        for line in self._printed.readouterr().out.splitlines():
            if line.startswith('{"_aws"'):
                blob = json.loads(line)
                for directive in blob["_aws"]["CloudWatchMetrics"]:
                    assert (directive["Namespace"], directive["Dimensions"]) == ("Hark", [["provider"]])
                    for metric in directive["Metrics"]:
                        found[metric["Name"]] += blob[metric["Name"]]
        return dict(found)

    def ledger(self) -> list[Item]:
        return self.desk.items("RAW")

    def quarantine(self) -> set[bytes]:
        return {gzip.decompress(item["body"]) for item in self.desk.items("QUARANTINE")}


def key_of(case: Case) -> Key:
    return keys.case(case.brand, case.id)


CACHED = (
    wiring.table, wiring.secrets, wiring.door, wiring.workflow, wiring.intake, wiring.polling, wiring.automatic,
    wiring.tracing, wiring.triaging, wiring.assigning, wiring.giving, wiring.waiting, wiring.passing, wiring.teamwork,
    wiring.rostering, wiring.reminding, wiring.following, wiring.satisfying, wiring.sending, wiring.writing,
    wiring.actions, wiring.holding, wiring.composing, wiring.approving, wiring.views, wiring.sessions,
    wiring.sweeping, wiring.connecting, wiring.health, wiring.rechecking, wiring.copies, wiring.shadows,
    wiring.notifying, wiring.promising, wiring.checking, wiring.bot, wiring.bot_review, wiring.canning,
    wiring.customers, wiring.incidents, wiring.incident_acts, wiring.incident_views, wiring.broadcasting,
    wiring.watching, wiring.access, wiring.deciding, wiring.sought, wiring.reviewing, wiring.sealing,
    wiring.erasing, wiring.retaining, wiring.forgetting, wiring.restoring,
)  # fmt: skip
"""What is made once; kept here because a test may put something of its own into its place."""


def clear_caches() -> None:
    for made in CACHED:
        made.cache_clear()


@cache
def table_of_the_template() -> dict[str, Any]:
    properties = read()["Resources"]["DeskTable"]["Properties"]
    return {
        name: properties[name]
        for name in ("BillingMode", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes")
    }


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    frozen = Clock()
    monkeypatch.setattr(wiring, "clock", frozen)
    return frozen


running: ContextVar[str] = ContextVar("the function whose handler runs", default="")


called: set[Used] = set()
"""What the functions have called in this process."""


def pytest_sessionfinish() -> None:
    """For infra.lint.permissions, which looks through it when all have run (`make unit`)."""
    if folder := os.environ.get("HARK_CALLED"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{os.getpid()}.json").write_text(json.dumps(sorted(called)))


@pytest.fixture
def permitted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every call a handler makes has to be in its function's policy (least privilege, and enough)."""
    lacking: set[str] = set()
    call = vars(BaseClient)["_make_api_call"]

    def asked(self: Any, operation: str, given: Any) -> Any:
        if function := running.get():
            service = self.meta.service_model.service_name
            lacking.update(missing(function, service, operation, given))
            called.update((function, *each) for each in needed(service, operation, given))
        return call(self, operation, given)

    monkeypatch.setattr(BaseClient, "_make_api_call", asked)
    yield
    assert lacking == set(), "the template does not permit it"


@pytest.fixture
def desk(permitted: None, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with a_desk(clock, monkeypatch) as made:
        yield made


@contextmanager
def a_desk(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk with one account; for as long as whoever opens it likes."""
    environment = {
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1",
        "TABLE_NAME": "desk", "SECRETS_PATH": "/hark/test", "BRAND": BRAND, "EVENT_BUS": "hark", "DESK_ORIGIN": "",
        "DESK_ADDRESS": "https://desk.example.com",
        "MEDIA_BUCKET": "hark-media", "MEDIA_DAYS": "90",
        "INGEST_FUNCTION": "ingest", "SEND_REPLY_FUNCTION": "send_reply", "SEND_LEASE_SECONDS": "90",
        "SEND_SETTLE_SECONDS": "60", "PROVIDER_ENDPOINTS": "x=http://127.0.0.1:9", "SIGN_IN_URL": "http://127.0.0.1:9",
        "FRONTEND_PATH": str(ROOT / "frontend"), "POWERTOOLS_DEV": "false",
    }  # fmt: skip
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    # The local cloud's tests may run in this process too; a client made with its address would go there, not to moto.
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws(), in_memory() as dynamodb:
        clear_caches()
        aws.dynamodb().create_table(TableName="desk", **table_of_the_template())
        machine = aws.stepfunctions().create_state_machine(
            name="cases", definition='{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}',
            roleArn="arn:aws:iam::123456789012:role/r",
        )  # fmt: skip
        monkeypatch.setenv("STATE_MACHINE_ARN", machine["stateMachineArn"])
        account = Account(provider="x", id=ACME, brand=BRAND, platform="x", handle="acme", name="Acme")
        operator.connect(
            wiring.table(), "/hark/test", account,
            {"oauth2_client_secret": SECRET, "consumer_key": "k", "consumer_secret": "lab-consumer-secret-01",
             "access_token": "at", "access_token_secret": "ats"},
        )  # fmt: skip
        yield Desk(wiring.table(), clock, dynamodb)
        clear_caches()


@pytest.fixture
def one_call_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads interleave between calls, as Lambdas do; moto is not made for several threads."""
    lock, call = threading.Lock(), vars(BaseClient)["_make_api_call"]

    def locked(self: Any, *arguments: Any) -> Any:
        with lock:
            return call(self, *arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", locked)


@pytest.fixture
def enrol(desk: Desk) -> Callable[..., Any]:
    return lambda *who, **more: enrolled(desk, *who, **more)


def enrolled(desk: Desk, member_id: str, name: str = "Dana Ozola", brand: str = BRAND, **more: Any) -> Any:
    role = more.pop("role", "agent")
    return operator.enrol(desk.table, member_id, brand, f"{member_id}@example.com", name, role, **more)


@pytest.fixture
def door(desk: Desk, capsys: pytest.CaptureFixture[str]) -> Door:
    return Door(desk, capsys)


@pytest.fixture
def sign_in(desk: Desk) -> Callable[..., Browser]:
    return lambda *who, **more: signed_in(desk, *who, **more)


def signed_in(desk: Desk, member_id: str = "dana", brand: str = BRAND, seconds: int = 3600, **more: Any) -> Browser:
    """The browser of a member, who is put on the team first."""
    enrolled(desk, member_id, brand=brand, **more)
    token = secrets.token_urlsafe(32)
    expires = int(desk.clock().timestamp()) + seconds
    People(desk.table).open_session(token, brand, member_id, expires, at=time_text(desk.clock()))
    return Browser(desk, member_id, [f"__Host-desk={token}"])


@pytest.fixture
def dana(desk: Desk, sign_in: Callable[..., Browser]) -> Browser:
    """A signed-in agent, and a case on the desk."""
    desk.take_in(mention())
    return sign_in()


@pytest.fixture
def town_of(
    desk: Desk, sign_in: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch, one_call_at_a_time: None
) -> Callable[..., Any]:
    """Opens a town with the fakes of the providers it is given (`town.Towns`)."""
    from .town import town_with

    dana = sign_in("dana", seconds=90 * 86400)
    return lambda *providers, **more: town_with(desk, dana, monkeypatch, *providers, **more)

"""A desk of its own, with everything it stands on, for one seed."""

from __future__ import annotations

import logging
import os
import random as chance
import secrets
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from unittest.mock import patch

from hark import aws, log, operator, wiring
from hark.domain.account import Account
from hark.domain.time import parse
from hark.providers import contract, http
from hark.providers.meta import graph as meta_graph
from hark.providers.meta import outbound as meta_outbound
from hark.providers.meta import pace
from hark.providers.viber import outbound as viber_outbound
from hark.settings import settings
from hark.store import keys
from hark.store.table import Table

from infra.expand import ROOT, read
from infra.simulation.checks import Checks
from infra.simulation.dynamodb import DynamoDB
from infra.simulation.functions import Functions
from infra.simulation.people import Agent, Customers, session
from infra.simulation.platforms import HOSTS, Platform
from infra.simulation.scheduler import Crash, Scheduler, Task
from infra.simulation.services import (
    DynamoDBClient,
    EventsClient,
    History,
    LambdaClient,
    Port,
    SSMClient,
    StepFunctionsClient,
)
from infra.simulation.weather import CALM, Rates, Weather
from infra.simulation.workflows import Workflows

BRAND = "acme"
AGENTS = ("dana", "aisha")
POLL_SECONDS = 1800.0
ROUNDS = ("ROSTER", "RETENTION", "LEDGER")
"""Items of the work index that come round for ever."""
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1",
    "TABLE_NAME": "desk", "SECRETS_PATH": "/hark/test", "BRAND": BRAND, "EVENT_BUS": "hark", "DESK_ORIGIN": "",
    "DESK_ADDRESS": "https://desk.example.com", "MEDIA_BUCKET": "hark-media", "MEDIA_DAYS": "90",
    "INGEST_FUNCTION": "ingest", "SEND_REPLY_FUNCTION": "send_reply", "SEND_LEASE_SECONDS": "90",
    "SEND_SETTLE_SECONDS": "60", "SIGN_IN_URL": "https://sign-in.example.com", "FRONTEND_PATH": str(ROOT / "frontend"),
    "STATE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:cases",
    "PROVIDER_ENDPOINTS": " ".join(f"{name}={url}" for name, url in HOSTS.items()), "POWERTOOLS_DEV": "false",
}  # fmt: skip


@dataclass(frozen=True)
class Intent:
    """One click on "send": the words nobody else says, and the key of the click."""

    member: str
    case: str
    seen: int
    key: str
    text: str


class World:
    """Everything of one seed. Make it inside `simulated`."""

    brand = BRAND

    def __init__(self, seed: int, *, no_time_limits: bool = False) -> None:
        self.seed = seed
        self.no_time_limits = no_time_limits
        self.scheduler = Scheduler(seed)
        self.weather = Weather(self.scheduler.random)
        self.port = Port(self)
        self.history = History(self)
        self.dynamodb = DynamoDB()
        self.clients: dict[str, Any] = {
            "dynamodb": DynamoDBClient(self.port, self.dynamodb),
            "ssm": SSMClient(self.port),
            "lambda": LambdaClient(self.port),
            "events": EventsClient(self.port),
            "stepfunctions": StepFunctionsClient(self.port),
        }
        self.table = Table(self.clients["dynamodb"], "desk")
        self.workflows = Workflows(self)
        self.functions = Functions(self)
        self.checks = Checks(self)
        self.intents: list[Intent] = []
        self._keys = 0
        self.platforms = {name: Platform(self, name) for name in HOSTS}

    def begin(self, customers: int, events: int) -> None:
        """The table, the accounts, the team and the people."""
        self.dynamodb.answer("CreateTable", _table() | {"TableName": "desk"})
        for platform in self.platforms.values():
            fake = contract.load(platform.provider, "fake")
            for known in fake.ACCOUNTS[:1]:
                operator.connect(self.table, "/hark/test", Account(brand=BRAND, **known), fake.SECRETS[known["id"]])
        self.dynamodb.watch = self._changed
        self.agents = []
        for member in AGENTS:
            operator.enrol(self.table, member, BRAND, f"{member}@example.com", member.title(), "agent")
            self.agents.append(Agent(self, member, session(self, member)))
        self.customers = Customers(self, customers, events)

    def _changed(self, table: Any, place: Any, old: Any, new: Any) -> None:
        self.history.changed(table, place, old, new)
        if self._sweeper is not None and new is not None and "work_sk" in new:
            due = max(self.scheduler.now + 60.0, _seconds(new["work_sk"]["S"]))
            if due < self._sweeps_at:
                self._sweeps_at = due
                self.scheduler.sooner(self._sweeper, due)
        self.checks.wrote(place, old, new)
        self.functions.changed(place, old, new)

    def clock(self, ahead: float = 0.0) -> datetime:
        """The virtual time."""
        return datetime.fromtimestamp(self.scheduler.now, UTC) + timedelta(seconds=ahead)

    def who(self) -> str:
        """The task that runs."""
        return self.scheduler.task.name if self.scheduler.task else "outside"

    def new_key(self) -> str:
        """A key of a click."""
        self._keys += 1
        return f"click-{self._keys:06}"

    def new_intent(self, member: str, case: str, seen: int) -> Intent:
        key = self.new_key()
        made = Intent(member, case, seen, key, f"We look into it for you. ({key})")
        self.intents.append(made)
        return made

    def check_raised(self, function: str, raised: Exception) -> None:
        """A handler raised what nobody caught."""
        self.scheduler.note(f"{function} raised {type(raised).__name__}")
        self.checks.raised(function, raised)

    # --- schedules ---

    def sweeps(self) -> None:
        """The rule of each minute. A sweep that would find nothing has no effect, and is not made."""
        scheduler = self.scheduler
        while True:
            self._sweeper = scheduler.task
            self._sweeps_at = max(scheduler.now + 60.0, self._work_due())
            scheduler.wait(self._sweeps_at)
            self._sweeper = None
            if self.weather.strikes("sweep_missed") or self._work_due() > scheduler.now:
                continue
            for _ in range(2 if self.weather.strikes("wake_twice") else 1):
                self.functions.later("sweep", {"source": "aws.events"})

    _sweeper: Task | None = None
    _sweeps_at = 0.0

    def _work_due(self) -> float:
        """When the next piece of unfinished work is due; a day from now when there is none."""
        order = self.dynamodb.tables["desk"].order
        parts = (order.get((keys.WORK, keys.work(number)), ()) for number in range(keys.SHARDS))
        due = [_seconds(part[0][0]) for part in parts if part]
        return min(due, default=self.scheduler.now + 86_400)

    def polls(self) -> None:
        """The rule of each provider, every half hour."""
        while True:
            self.scheduler.pause(POLL_SECONDS)
            for name in self.platforms:
                self.functions.later("poll", {"provider": name})

    def unfinished(self) -> list[str]:
        """Cases in which a person would find something to do: they wait for us, or a reply is in doubt."""
        found: dict[str, None] = {}
        for (pk, sk), item in self.dynamodb.tables["desk"].items.items():
            waits = sk == "CASE" and item["status"]["S"] != "closed" and item["awaiting"]["S"] == "us"
            if waits or (sk.startswith(keys.REPLY_PREFIX) and item["state"]["S"] == "human"):
                found[pk.rpartition("#")[2]] = None
        return list(found)

    def work_is_left(self) -> bool:
        """Whether anything stands in the work index that will ever be due; a brand's own yearly round is none."""
        items = self.dynamodb.tables["desk"].items
        order = self.dynamodb.tables["desk"].order
        places = (row[1:] for number in range(keys.SHARDS) for row in order.get(("work", keys.work(number)), ()))
        return any(items[place]["sk"]["S"] not in ROUNDS for place in places)

    def state(self) -> str:
        """What is not at rest, for whoever looks into it."""
        order = self.dynamodb.tables["desk"].order
        left = [row for number in range(keys.SHARDS) for row in order.get(("work", keys.work(number)), ())]
        return f"{[(e.name, e.at) for e in self.workflows.alive()]} {left}"

    def figures(self) -> Counter[str]:
        """What happened, in numbers."""
        items = self.dynamodb.tables["desk"].items
        told = [told for platform in self.platforms.values() for told in platform.told]
        return Counter({
            "steps": self.port.calls, "turns": self.scheduler.turns,
            "deliveries": sum(each.tries for each in told),
            "events": sum(sk == "RAW" for _, sk in items), "acknowledged": sum(each.acknowledged for each in told),
            "replies_asked": len(self.intents), "posts": sum(len(p.posts()) for p in self.platforms.values()),
            "human": len(self.checks.human), "given_up": sum(self.functions.failures.values()),
            "cases": sum(sk == "CASE" for _, sk in items), "executions": len(self.workflows.executions),
        })  # fmt: skip


def _seconds(due: str) -> float:
    """A time of the work index; "0" stands for at once."""
    return parse(due).timestamp() if len(due) > 1 else 0.0


@cache
def _table() -> dict[str, Any]:
    properties = read()["Resources"]["DeskTable"]["Properties"]
    names = ("BillingMode", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes")
    return {name: properties[name] for name in names}


CACHES = [made for made in vars(wiring).values() if hasattr(made, "cache_clear")]
"""What the wiring keeps for the life of a process."""


@contextmanager
def simulated(seed: int, **more: Any) -> Iterator[World]:
    """A world of that seed, in which the product's clock, chance, clients and calls to platforms are the world's."""
    chance.seed(seed)
    world = World(seed, **more)
    scheduler = world.scheduler
    random = scheduler.random
    virtual = lambda: scheduler.now  # noqa: E731 - one line says it

    def token_hex(size: int = 16) -> str:
        return random.randbytes(size).hex()

    def call(method: str, url: str, body: bytes = b"", headers: Any = None, *, fresh: bool = False) -> http.Answer:
        name = next(name for name, host in HOSTS.items() if url.startswith(host))
        return world.platforms[name].ask(method, url, body, headers or {})

    def count(metric: str, provider: str, amount: int = 1) -> None:
        world.checks.counted[metric] += amount

    defaults = [(meta_graph.Graph.__init__, {"clock": virtual, "sleep": scheduler.pause})]
    with ExitStack() as changed:
        changed.enter_context(patch.dict(os.environ, ENVIRONMENT))
        for where, name, put in (
            (time, "time", virtual), (time, "monotonic", virtual), (time, "sleep", scheduler.pause),
            (secrets, "token_hex", token_hex),
            (secrets, "token_urlsafe", token_hex), (http, "call", call), (log, "count", count),
            (aws, "_client", lambda service, attempts=3: world.clients[service]), (wiring, "clock", world.clock),
            (meta_outbound.Sender.__init__, "__defaults__", (virtual, scheduler.pause)),
            (viber_outbound.Sender.__init__, "__defaults__", (world.clock,)),
        ):  # fmt: skip
            changed.enter_context(patch.object(where, name, put))
        for function, values in defaults:
            changed.enter_context(patch.object(function, "__kwdefaults__", values))
        pace.forget()
        settings.cache_clear()
        for made in CACHES:
            made.cache_clear()
        level = logging.getLogger("hark").level
        logging.getLogger("hark").setLevel(logging.CRITICAL + 1)
        try:
            yield world
        finally:
            logging.getLogger("hark").setLevel(level)
            scheduler.end()
            for made in CACHES:
                made.cache_clear()


__all__ = ["BRAND", "CALM", "Crash", "Intent", "Rates", "World", "simulated"]

"""Lambda: the real handlers in sandboxes of their own, with their time limits, their retries and what wakes them."""

from __future__ import annotations

import base64
import importlib.util
import itertools
import json
import sys
import types
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hark
from hark import wiring

from infra.expand import ROOT, read
from infra.simulation.dynamodb import Item, Place
from infra.simulation.scheduler import Crash
from infra.simulation.workflows import Failed

if TYPE_CHECKING:
    from infra.simulation.world import World

STREAM_SECONDS = (0.1, 1.5)
"""How long a change takes to reach those who read the table's stream."""
ASYNC_RETRY_SECONDS = (60.0, 120.0)
"""Waits of Lambda before it tries an event again that nobody waits for."""


class Context:
    """What Lambda hands to a handler."""

    memory_limit_in_mb = 512
    aws_request_id = "00000000-0000-0000-0000-000000000000"

    def __init__(self, world: World, name: str, ends: float) -> None:
        self.function_name = name
        self.invoked_function_arn = f"arn:aws:lambda:us-east-1:123456789012:function:{name}"
        self._world, self._ends = world, ends

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._ends - self._world.scheduler.now) * 1000))


@cache
def _logical(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_")) + "Function"


@cache
def properties(name: str) -> Mapping[str, Any]:
    """What the template says of a function, its global defaults included."""
    template = read()
    defaults: dict[str, Any] = template["Globals"]["Function"]
    return {**defaults, **template["Resources"][_logical(name)]["Properties"]}


@cache
def _code(path: str) -> types.CodeType:
    return compile(Path(path).read_text(encoding="utf-8"), path, "exec")


class Sandbox:
    """One warm process: its own wiring, so that nothing another process remembers is known here."""

    def __init__(self, name: str) -> None:
        if name == "desk_api":  # its modules hold the wiring they were imported with; there is one process of it
            self.wiring: Any = wiring
        else:
            self.wiring = types.ModuleType("hark.wiring")
            self.wiring.__file__ = wiring.__file__
            exec(_code(str(wiring.__file__)), self.wiring.__dict__)  # noqa: S102 - our own files, as another process would load them
            self.wiring.clock = wiring.clock
        path = str(ROOT / "functions" / name / "handler.py")
        spec = importlib.util.spec_from_file_location(f"simulated_{name}", path)
        assert spec
        self.module = importlib.util.module_from_spec(spec)
        known = sys.modules["hark.wiring"]
        hark.wiring = sys.modules["hark.wiring"] = self.wiring
        try:
            exec(_code(path), self.module.__dict__)  # noqa: S102 - our own files, as another process would load them
        finally:
            hark.wiring = sys.modules["hark.wiring"] = known


class Functions:
    """All functions of the template and what calls them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._free: dict[str, list[Sandbox]] = {}
        self._numbers = itertools.count(1)
        self.failures: Counter[str] = Counter()
        """Invocations whose event was given up and put into the failure queue."""
        self.streams = [Stream(world, name) for name in ("ingest", "relay")]
        self.runs: Counter[str] = Counter()

    def ask(self, name: str, event: Any) -> Any:
        """Call a function and wait for it, in the caller's own time.

        Raises:
            Failed: with the error's name, as Step Functions gets it.
        """
        scheduler = self._world.scheduler
        task = scheduler.task
        free = self._free.setdefault(name, [])
        sandbox = free.pop() if free else Sandbox(name)
        scheduler.pause(scheduler.random.uniform(0.005, 0.05))
        limit = scheduler.now + (properties(name)["Timeout"] if not self._world.no_time_limits else 1e9)
        self.runs[name] += 1
        if task is not None:
            task.deadlines.append(limit)
        try:
            answer = sandbox.module.handler(event, Context(self._world, name, limit))
        except Crash as gone:
            if scheduler.now >= limit or gone.kind == "Sandbox.Timedout":
                raise Failed("Sandbox.Timedout") from None
            raise Failed(gone.kind) from None
        except Exception as raised:
            free.append(sandbox)
            self._world.check_raised(name, raised)
            raise Failed(type(raised).__name__) from raised
        finally:
            if task is not None:
                task.deadlines.remove(limit)
        free.append(sandbox)
        return answer

    # --- nobody waits ---

    def queue(self, name: str, payload: bytes) -> None:
        """Call a function that nobody waits for."""
        self.later(name, json.loads(payload))

    def later(self, name: str, event: Any, after: float = 0.0) -> None:
        """The same with the event as it is; it may come twice, or never."""
        world = self._world
        if world.weather.strikes("wake_lost"):
            return
        times = 2 if world.weather.strikes("wake_twice") else 1
        for _ in range(times):
            wait = after + world.scheduler.random.uniform(0.01, 2.0)
            world.scheduler.spawn(f"{name} {next(self._numbers)}", lambda: self._tries(name, event), wait)

    def _tries(self, name: str, event: Any) -> None:
        retries = properties(name).get("EventInvokeConfig", {}).get("MaximumRetryAttempts", 2)
        for number in range(retries + 1):
            try:
                self.ask(name, event)
                return
            except Failed:
                if number < retries:
                    self._world.scheduler.pause(ASYNC_RETRY_SECONDS[number])
        self.failures[name] += 1

    def bus(self, entry: Mapping[str, Any]) -> None:
        """An event on the desk's own bus: its rules call `notify`."""
        detail = json.loads(entry["Detail"])
        for event in properties("notify")["Events"].values():
            pattern = event["Properties"]["Pattern"]
            said = {"source": entry["Source"], "detail-type": entry["DetailType"], "detail": detail}
            if event["Type"] == "EventBridgeRule" and matches(pattern, said):
                self.later("notify", said)

    def execution_died(self, given: Any) -> None:
        """Step Functions tells the default bus, once."""
        self.later("sweep", {"source": "aws.states", "detail": {"input": json.dumps(given)}})

    # --- the table's stream ---

    def changed(self, place: Place, old: Item | None, new: Item | None) -> None:
        """A change of the table, for whoever reads its stream."""
        for stream in self.streams:
            stream.take(place, old, new)

    def http(self, name: str, event: Mapping[str, Any]) -> tuple[int, bytes, Mapping[str, str]]:
        """A call through the API gateway: status, body, headers. A function that fails is a 500."""
        try:
            answer = self.ask(name, event)
        except Failed:
            return 500, b"", {}
        body = answer.get("body", "")
        raw = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
        return answer["statusCode"], raw, answer.get("headers", {})


class Stream:
    """One reader of the table's stream: in order per item, in batches, tried again, in the end given up."""

    def __init__(self, world: World, name: str) -> None:
        self._world, self._name = world, name
        (mapping,) = [e["Properties"] for e in properties(name)["Events"].values() if e["Type"] == "DynamoDB"]
        self._patterns = [json.loads(each["Pattern"]) for each in mapping["FilterCriteria"]["Filters"]]
        self._size, self._retries = mapping["BatchSize"], mapping["MaximumRetryAttempts"]
        self._shards: dict[int, list[dict[str, Any]]] = {}
        self._reading: set[int] = set()
        self._numbers = itertools.count(1)

    def take(self, place: Place, old: Item | None, new: Item | None) -> None:
        if new is None:
            return
        change = {"Keys": {"pk": {"S": place[0]}, "sk": {"S": place[1]}}, "NewImage": new,
                  "SequenceNumber": str(next(self._numbers))}  # fmt: skip
        record = {"eventName": "INSERT" if old is None else "MODIFY", "eventID": change["SequenceNumber"],
                  "eventSource": "aws:dynamodb", "dynamodb": change}  # fmt: skip
        if not any(matches(pattern, record) for pattern in self._patterns):
            return
        if self._world.weather.strikes("wake_lost"):
            return
        shard = sum(place[0].encode()) % 4
        self._shards.setdefault(shard, []).append(record)
        if shard not in self._reading:
            self._reading.add(shard)
            wait = self._world.scheduler.random.uniform(*STREAM_SECONDS)
            self._world.scheduler.spawn(f"stream {self._name} {shard}", lambda: self._read(shard), wait)

    def _read(self, shard: int) -> None:
        waiting = self._shards[shard]
        while waiting:
            self._deliver(waiting[: self._size], waiting)
        self._reading.discard(shard)

    def _deliver(self, batch: list[dict[str, Any]], waiting: list[dict[str, Any]]) -> None:
        for number in range(self._retries + 1):
            try:
                answer = self._world.functions.ask(self._name, {"Records": batch})
            except Failed:
                answer = {"batchItemFailures": [{"itemIdentifier": batch[0]["dynamodb"]["SequenceNumber"]}]}
            failed = [each["itemIdentifier"] for each in (answer or {}).get("batchItemFailures", ())]
            left = [n for n, record in enumerate(batch) if record["dynamodb"]["SequenceNumber"] in failed]
            if not left:
                if self._world.weather.strikes("wake_twice"):
                    continue
                break
            del waiting[: left[0]]
            batch = batch[left[0] :]
            self._world.scheduler.pause(1.0 * 2**number)
        else:
            self._world.functions.failures[self._name] += 1
        del waiting[: len(batch)]


def matches(pattern: Any, said: Any) -> bool:
    """Whether an event fits an EventBridge pattern, as far as ours go: lists of values, `prefix`, `anything-but`.

    Source: EventBridge user guide, "Event patterns".
    """
    if isinstance(pattern, Mapping):
        return isinstance(said, Mapping) and all(matches(part, said.get(name)) for name, part in pattern.items())
    return any(_fits(wanted, said) for wanted in pattern)


def _fits(wanted: Any, said: Any) -> bool:
    match wanted:
        case {"prefix": str(prefix)}:
            return isinstance(said, str) and said.startswith(prefix)
        case {"anything-but": others}:
            return said not in (others if isinstance(others, list) else [others])
        case Mapping():
            raise NotImplementedError(wanted)
    return bool(said == wanted)

# ruff: noqa: N803, A002 - arguments are called as boto3 calls them
"""AWS as the product's clients see it: every call can be the last thing a process does, or fail, or be in doubt.

These clients stand where boto3's would (`hark.aws`). Below them are the tables in memory and the workflows; above them
is the real product. What the SDK itself does is done here as well: three attempts at what passes by itself, and one
token for all attempts of a transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from infra.simulation.dynamodb import DynamoDB, Item, Place, Refused, Stored
from infra.simulation.scheduler import Crash

if TYPE_CHECKING:
    from infra.simulation.world import World

ATTEMPTS = 3
READ_SECONDS = 5.0
LAG_SECONDS = 4.0
"""How far an index or a read may be behind; DynamoDB says "usually within a second"."""


@cache
def _kind(code: str) -> type[ClientError]:
    return type(code, (ClientError,), {})


def error(code: str, message: str = "", operation: str = "", **more: Any) -> ClientError:
    """The exception that boto3 raises for an error of this code."""
    response: Any = {"Error": {"Code": code, "Message": message}, **more}
    return _kind(code)(response, operation)


class _Exceptions:
    def __getattr__(self, code: str) -> type[ClientError]:
        return _kind(code)


class Port:
    """The one way to the services: each call is a place where others have their turn, and where things go wrong."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.calls = 0

    def __call__(self, what: str, effect: Callable[[], Any], *, throttled: str, attempts: int = ATTEMPTS) -> Any:
        """Make a call as the SDK does. `effect` does it, and answers or refuses at once.

        Raises:
            Crash, ClientError, ReadTimeoutError, ConnectionClosedError.
        """
        world, weather = self.world, self.world.weather
        random = world.scheduler.random
        self.calls += 1
        world.scheduler.note(f"{world.who()} {what}")
        if weather.strikes("crash_before"):
            raise Crash
        world.scheduler.pause(random.uniform(0.5, 3.0) if weather.strikes("slow") else random.uniform(0.001, 0.02))
        trouble: Exception | None = None
        for attempt in range(attempts):
            if attempt:
                world.scheduler.pause(random.uniform(0.05, 0.2 * 2**attempt))
            if weather.strikes("throttle"):
                trouble = error(throttled, "slow down", what)
                continue
            if weather.strikes("closed"):
                trouble = ConnectionClosedError(endpoint_url=what)
                continue
            outcome, refusal = None, None
            try:
                outcome = effect()
            except ClientError as refused:
                refusal = refused
            if weather.strikes("lost"):
                world.scheduler.pause(READ_SECONDS)
                trouble = ReadTimeoutError(endpoint_url=what)
                continue
            if weather.strikes("crash_after"):
                raise Crash
            if refusal is not None:
                raise refusal
            return outcome
        assert trouble is not None
        raise trouble


class DynamoDBClient:
    """Tables, with the client's surface as far as `store.table.Table` uses it."""

    exceptions = _Exceptions()

    def __init__(self, port: Port, service: DynamoDB) -> None:
        self._port, self._service = port, service

    def get_item(self, **body: Any) -> Any:
        behind = not body.get("ConsistentRead") and self._port.world.weather.strikes("stale")
        return self._call("GetItem", body, behind=behind)

    def query(self, **body: Any) -> Any:
        behind = not body.get("ConsistentRead") and self._port.world.weather.strikes("stale")
        return self._call("Query", body, behind=behind)

    def batch_get_item(self, **body: Any) -> Any:
        return self._call("BatchGetItem", body)

    def put_item(self, **body: Any) -> Any:
        return self._call("PutItem", body)

    def update_item(self, **body: Any) -> Any:
        return self._call("UpdateItem", body)

    def delete_item(self, **body: Any) -> Any:
        return self._call("DeleteItem", body)

    def transact_write_items(self, **body: Any) -> Any:
        if self._port.world.weather.strikes("conflict"):
            reasons = [{"Code": "TransactionConflict"}] + [{"Code": "None"}] * (len(body["TransactItems"]) - 1)
            raise error("TransactionCanceledException", "conflict", CancellationReasons=reasons)
        return self._call("TransactWriteItems", body)

    def _call(self, operation: str, body: dict[str, Any], *, behind: bool = False) -> Any:
        done: list[Any] = []

        def effect() -> Any:
            if done and operation == "TransactWriteItems":
                return done[0]  # all attempts of a transaction have one token
            try:
                if behind:
                    return self._port.world.history.as_it_was(lambda: self._service.answer(operation, body))
                done.append(self._service.answer(operation, body))
                return done[-1]
            except Refused as refused:
                raise error(refused.code, refused.message, operation, **refused.more) from None

        return self._port(f"{operation} {_about(body)}", effect, throttled="ProvisionedThroughputExceededException")


def _about(body: dict[str, Any]) -> str:
    place = body.get("Key") or body.get("Item")
    if place:
        return f"{place['pk']['S']} {place['sk']['S']}"
    if "TransactItems" in body:
        return " + ".join(f"{kind} {_about(each)}" for one in body["TransactItems"] for kind, each in one.items())
    return ""


class History:
    """The last changes of a table, so that a read can be answered as of some seconds ago."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._changes: list[tuple[float, Stored, Place, Item | None, Item | None]] = []

    def changed(self, table: Stored, place: Place, old: Item | None, new: Item | None) -> None:
        """Keep a change."""
        self._changes.append((self._world.scheduler.now, table, place, old, new))
        if len(self._changes) > 400:
            del self._changes[:200]

    def as_it_was(self, read: Callable[[], Any]) -> Any:
        """Read what stood there a random moment ago."""
        since = self._world.scheduler.now - self._world.scheduler.random.uniform(0, LAG_SECONDS)
        recent = [change for change in self._changes if change[0] > since]
        try:
            for _, table, place, old, _ in reversed(recent):
                table.put(place, old)
            return read()
        finally:
            for _, table, place, _, new in recent:
                table.put(place, new)


class SSMClient:
    """The parameter store."""

    exceptions = _Exceptions()

    def __init__(self, port: Port) -> None:
        self._port = port
        self.values: dict[str, str] = {}

    def get_parameter(self, Name: str, WithDecryption: bool = False) -> Any:
        def effect() -> Any:
            if Name not in self.values:
                raise error("ParameterNotFound", "", "GetParameter")
            return {"Parameter": {"Name": Name, "Value": self.values[Name]}}

        return self._port(f"GetParameter {Name}", effect, throttled="ThrottlingException")

    def put_parameter(self, Name: str, Value: str, Type: str, Overwrite: bool) -> Any:
        return self._port(
            f"PutParameter {Name}", lambda: self.values.update({Name: Value}), throttled="ThrottlingException"
        )


class LambdaClient:
    """Calls of functions that nobody waits for."""

    exceptions = _Exceptions()

    def __init__(self, port: Port) -> None:
        self._port = port

    def invoke(self, FunctionName: str, InvocationType: str, Payload: bytes) -> Any:
        assert InvocationType == "Event"
        return self._port(
            f"Invoke {FunctionName}",
            lambda: self._port.world.functions.queue(FunctionName, Payload),
            throttled="TooManyRequestsException",
        )


class EventsClient:
    """The desk's own event bus: what it is told goes to the rules of the template."""

    exceptions = _Exceptions()

    def __init__(self, port: Port) -> None:
        self._port = port

    def put_events(self, Entries: list[dict[str, Any]]) -> Any:
        def effect() -> Any:
            for entry in Entries:
                self._port.world.functions.bus(entry)
            return {"FailedEntryCount": 0, "Entries": [{} for _ in Entries]}

        return self._port("PutEvents", effect, throttled="ThrottlingException")


class StepFunctionsClient:
    """Workflows, as far as the desk asks for them."""

    exceptions = _Exceptions()

    def __init__(self, port: Port) -> None:
        self._port = port

    def start_execution(self, stateMachineArn: str, name: str, input: str) -> Any:
        return self._ask(f"StartExecution {name}", lambda: self._port.world.workflows.start(name, input))

    def describe_execution(self, executionArn: str) -> Any:
        name = executionArn.rpartition(":")[2]
        return self._ask(f"DescribeExecution {name}", lambda: self._port.world.workflows.describe(name))

    def send_task_success(self, taskToken: str, output: str) -> Any:
        return self._ask("SendTaskSuccess", lambda: self._port.world.workflows.succeed(taskToken, output))

    def send_task_failure(self, taskToken: str, error: str, cause: str) -> Any:
        return self._ask("SendTaskFailure", lambda: self._port.world.workflows.fail(taskToken, error, cause))

    def _ask(self, what: str, effect: Callable[[], Any]) -> Any:
        return self._port(what, effect, throttled="ThrottlingException")

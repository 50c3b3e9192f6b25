"""Faults of the services behind the SDK, at moto's single entry, so that the SDK's own retries stay live.

Source: invariants, section 4, rule 4.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from typing import Any, Literal

import botocore.endpoint
import pytest
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from moto.core.botocore_stubber import BotocoreStubber

Kind = Literal["throttled", "lost", "closed", "conflict", "crash before", "crash after"]

ERRORS = {
    "DynamoDB_20120810": "ProvisionedThroughputExceededException",
    "AmazonSSM": "ThrottlingException",
}


class Crash(BaseException):
    """The process is gone. No `except Exception` may swallow it."""


@dataclass
class Fault:
    """What was asked of an operation since the fault was laid, and how often it struck."""

    calls: int = 0
    struck: int = 0


@contextmanager
def fault(operation: str, kind: Kind, first: int = 1, times: int = 10**9) -> Iterator[Fault]:
    """Calls of `operation` (`PutItem`) from the `first` on go wrong, `times` times.

    `throttled`: refused without effect. `lost`: done, but the answer never comes. `closed`: never sent. `conflict`:
    others hold the item just now. `crash`: the process dies.
    """
    real = BotocoreStubber.process_request
    met = Fault()

    def process(self: BotocoreStubber, request: Any) -> Any:
        target = request.headers.get("X-Amz-Target", b"")
        service, _, name = (target.decode() if isinstance(target, bytes) else target).partition(".")
        if name != operation:
            return real(self, request)
        met.calls += 1
        if met.calls < first or met.struck >= times:
            return real(self, request)
        met.struck += 1
        if kind == "throttled":
            error = {"__type": f"com.amazonaws#{ERRORS[service]}", "message": "slow down"}
            return 400, {"x-amzn-requestid": "r"}, json.dumps(error).encode()
        if kind == "closed":
            raise ConnectionClosedError(endpoint_url=request.url)
        if kind == "conflict":
            return conflicting(name, json.loads(request.body))
        if kind == "crash before":
            raise Crash
        answer = real(self, request)
        if kind == "crash after":
            raise Crash
        del answer
        raise ReadTimeoutError(endpoint_url=request.url)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BotocoreStubber, "process_request", process)
        patch.setattr(botocore.endpoint, "time", types.SimpleNamespace(sleep=lambda _: None))
        yield met


def conflicting(operation: str, body: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    """What DynamoDB answers to a write of something that another transaction is writing."""
    said: dict[str, Any] = {"__type": "com.amazonaws.dynamodb.v20120810#TransactionConflictException"}
    if operation == "TransactWriteItems":
        quiet = [{"Code": "None"}] * (len(body["TransactItems"]) - 1)
        said = {
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException", "Message": "cancelled",
            "CancellationReasons": [*quiet, {"Code": "TransactionConflict", "Message": "ongoing"}],
        }  # fmt: skip
    return 400, {"x-amzn-requestid": "r"}, json.dumps(said).encode()


@contextmanager
def each_call(before: Callable[[str, Any], tuple[int, dict[str, str], bytes] | None]) -> Iterator[None]:
    """`before` sees each call of AWS, its operation and request: it answers itself, raises, or lets it through."""
    real = BotocoreStubber.process_request

    def process(self: BotocoreStubber, request: Any) -> Any:
        target = request.headers.get("X-Amz-Target", b"")
        name = (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]
        answer = before(name, request)
        return real(self, request) if answer is None else answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BotocoreStubber, "process_request", process)
        patch.setattr(botocore.endpoint, "time", types.SimpleNamespace(sleep=lambda _: None))
        yield


@contextmanager
def between(operation: str, act: Callable[[], object], first: int = 1) -> Iterator[None]:
    """Just before the `first` call of `operation` reaches the service, and only then, somebody else acts."""
    real = BotocoreStubber.process_request
    seen = 0
    acting = False

    def process(self: BotocoreStubber, request: Any) -> Any:
        nonlocal seen, acting
        target = request.headers.get("X-Amz-Target", b"")
        name = (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]
        if name == operation and not acting:
            seen += 1
            if seen == first:
                acting = True
                try:
                    Context().run(act)  # what it does, no function of ours does
                finally:
                    acting = False
        return real(self, request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BotocoreStubber, "process_request", process)
        yield
    assert seen >= first, f"{operation} was not called {first} times: nothing was interleaved"

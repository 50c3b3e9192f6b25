"""The desk's table for these tests: our own DynamoDB in memory instead of moto's, below the real SDK.

moto's takes ten times as long for an answer and spends it on what no answer needs. That ours answers as moto's does is
shown in test_dynamodb_in_memory.py. Everything else (parameters, queues, workflows, mail, buckets) stays moto's.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.client import BaseClient
from moto.core.botocore_stubber import BotocoreStubber

from infra.simulation.dynamodb import DynamoDB, Item, Refused

TARGET = "DynamoDB_20120810."
_HEADERS = {"content-type": "application/x-amz-json-1.0", "x-amzn-requestid": "r"}


@contextmanager
def in_memory() -> Iterator[DynamoDB]:
    """A DynamoDB without tables, which answers all who ask for one through the SDK."""
    service, real = DynamoDB(), BotocoreStubber.process_request

    def process(self: BotocoreStubber, request: Any) -> Any:
        target = request.headers.get("X-Amz-Target", b"")
        name = target.decode() if isinstance(target, bytes) else target
        if not name.startswith(TARGET):
            return real(self, request)
        return answered(service, name.removeprefix(TARGET), request.body)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BotocoreStubber, "process_request", process)
        yield service


def answered(service: DynamoDB, operation: str, body: bytes | str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of DynamoDB's answer."""
    try:
        status, said = 200, service.answer(operation, json.loads(body))
    except Refused as refused:
        kind = f"com.amazonaws.dynamodb.v20120810#{refused.code}"
        status, said = 400, {"__type": kind, "message": refused.message, **refused.more}
    return status, _HEADERS, json.dumps(said).encode()


def rows(service: DynamoDB, table: str, sk: str | None = None) -> Iterator[Item]:
    """What a Scan would answer, which no function of ours may ask for."""
    for (_, sort), item in list(service.tables[table].items.items()):
        if sk is None or sort == sk:
            yield {name: _off_the_wire(value) for name, value in item.items()}


def _off_the_wire(value: Any) -> Any:
    match value:
        case {"B": str(said)}:
            return {"B": base64.b64decode(said)}
        case dict():
            return {name: _off_the_wire(part) for name, part in value.items()}
        case list():
            return [_off_the_wire(part) for part in value]
    return value


@contextmanager
def without_the_wire(service: DynamoDB) -> Iterator[None]:
    """Questions to the table go straight to it, past the SDK's serializers, signatures and retries: for a test that
    needs very many items and asks nothing about how they got there."""
    real = vars(BaseClient)["_make_api_call"]

    def asked(self: Any, operation: str, given: Any) -> Any:
        if self.meta.service_model.service_name != "dynamodb":
            return real(self, operation, given)
        try:
            return _off_the_wire(service.answer(operation, _on_the_wire(given)))
        except Refused as refused:
            said = {"Error": {"Code": refused.code, "Message": refused.message}, **_off_the_wire(refused.more)}
            raise self.exceptions.from_code(refused.code)(said, operation) from refused

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", asked)
        yield


def _on_the_wire(value: Any) -> Any:
    match value:
        case bytes():
            return base64.b64encode(value).decode()
        case dict():
            return {name: _on_the_wire(part) for name, part in value.items()}
        case list() | tuple():
            return [_on_the_wire(part) for part in value]
    return value

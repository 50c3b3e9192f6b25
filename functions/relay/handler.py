"""Reads the table's stream: wakes the sender for new replies, and tells the event bus what happened (ids only)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.data_classes import DynamoDBStreamEvent
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from hark import aws, log, wiring
from hark.domain.time import text as time_text
from hark.settings import settings
from hark.store.keys import REPLY_PREFIX, STORY_PREFIX, Key, brand_of, incident_of

if TYPE_CHECKING:
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef

BUS_BATCH = 10
"""Entries EventBridge takes in one call."""


class BusRefused(Exception):
    """The event bus did not take some entries; the stream has to bring them again."""


def handler(event: dict[str, Any], _context: object) -> dict[str, list[dict[str, str]]]:
    """Pass on what each record says. Integrators get each event at least once, in order per case."""
    told: list[tuple[DynamoDBRecord, PutEventsRequestEntryTypeDef]] = []
    for record in DynamoDBStreamEvent(event).records:
        keys = _keys(record)
        if keys.sk.startswith(REPLY_PREFIX):
            if _is_due(record):
                _wake_sender(keys)
        else:
            told.append((record, _entry(record)))
    for start in range(0, len(told), BUS_BATCH):
        batch = told[start : start + BUS_BATCH]
        try:
            answer = aws.events().put_events(Entries=[entry for _, entry in batch])
            if answer["FailedEntryCount"]:
                raise BusRefused
        except Exception as trouble:
            log.error("relay.failed", trouble, entries=len(batch))
            return {"batchItemFailures": [{"itemIdentifier": _number(batch[0][0])}]}
    return {"batchItemFailures": []}


def _is_due(record: DynamoDBRecord) -> bool:
    """Whether a reply may leave already; one that is held or has a time is the sweeper's."""
    stored: dict[str, Any] = (record.dynamodb.new_image if record.dynamodb else None) or {}
    return str(stored.get("look_at", "")) <= time_text(wiring.clock())


def _wake_sender(key: Key) -> None:
    """At best: the sweeper sends what is not sent."""
    try:
        wiring.wake("send_reply", [key])
    except Exception as trouble:
        log.error("relay.wake_failed", trouble, reply=key.sk)


def _keys(record: DynamoDBRecord) -> Key:
    keys: dict[str, Any] = record.dynamodb.keys if record.dynamodb else {}
    return Key(keys["pk"], keys["sk"])


def _number(record: DynamoDBRecord) -> str:
    return str(record.dynamodb.sequence_number) if record.dynamodb else ""


def _entry(record: DynamoDBRecord) -> PutEventsRequestEntryTypeDef:
    line: dict[str, Any] = (record.dynamodb.new_image if record.dynamodb else None) or {}
    detail = {name: line[name] for name in ("code", "at", "by", "about")}
    if _keys(record).sk.startswith(STORY_PREFIX):
        detail |= {"brand": brand_of(_keys(record)), "incident": incident_of(_keys(record))}
    else:
        detail |= {"brand": line["brand"], "case": line["case"], "gen": int(line["gen"]), "number": int(line["number"])}
    return {
        "Source": "hark",
        "DetailType": line["code"],
        "Detail": json.dumps(detail),
        "EventBusName": settings().event_bus,
    }

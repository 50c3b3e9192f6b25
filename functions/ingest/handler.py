"""Folds ledger entries: woken by the table's stream, or by the sweeper with `{"keys": [{"pk", "sk"}, …]}`."""

import time
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from hark import log, wiring
from hark.store.keys import Key


def fold(key: Key) -> None:
    """Fold one entry. A failure is counted on the entry itself, which stays in the work index until it is done or
    quarantined; only when even that cannot be written does the failure reach the stream."""
    try:
        log.info("ingest.done", entry=key.pk, state=wiring.intake().fold(key))
    except Exception as trouble:
        log.error("ingest.failed", trouble, entry=key.pk)
        log.info("ingest.counted", entry=key.pk, state=wiring.intake().failed(key, trouble))


def fold_record(record: DynamoDBRecord) -> None:
    keys: dict[str, Any] = record.dynamodb.keys if record.dynamodb else {}
    fold(Key(keys["pk"], keys["sk"]))


KEEPING_SECONDS = 10.0
"""For media of a whole batch that is about to end on the platform; the next batch waits meanwhile."""


def keep_media() -> None:
    """Fetch what came with the batch's messages and will soon be gone. What cannot be had now is counted."""
    until = time.monotonic() + KEEPING_SECONDS
    for provider, message in wiring.intake().media_that_came():
        wiring.copies().keep(provider, message, seconds=max(0.0, until - time.monotonic()))


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Fold what the event names; for a stream, say which records have to come again."""
    if "keys" in event:
        for key in event["keys"]:
            fold(Key(**key))
        keep_media()
        return None
    processor = BatchProcessor(event_type=EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)
    answer = process_partial_response(event=event, record_handler=fold_record, processor=processor, context=context)
    keep_media()
    return answer

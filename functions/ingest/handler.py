"""Folds ledger entries: woken by the table's stream, or by the sweeper with `{"keys": [{"pk", "sk"}, …]}`."""

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
        log.info("ingest.counted", entry=key.pk, state=wiring.intake().failed(key, type(trouble).__name__))


def fold_record(record: DynamoDBRecord) -> None:
    keys: dict[str, Any] = record.dynamodb.keys if record.dynamodb else {}
    fold(Key(keys["pk"], keys["sk"]))


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Fold what the event names; for a stream, say which records have to come again."""
    if "keys" in event:
        for key in event["keys"]:
            fold(Key(**key))
        return None
    processor = BatchProcessor(event_type=EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)
    return process_partial_response(event=event, record_handler=fold_record, processor=processor, context=context)

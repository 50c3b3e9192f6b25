"""AWS clients: made when first used, kept for the life of the process, with short time limits.

The time limits are well under any function's own, so that a call that hangs ends as an error that is handled and
not as a killed function. `standard` retries are botocore's, with jitter; no layer above retries again (I24).
"""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_ssm import SSMClient
    from mypy_boto3_stepfunctions import SFNClient


@cache
def _client(service: str, attempts: int = 3) -> Any:
    import boto3
    from botocore.config import Config

    # At INFO it tells at each start where it found its credentials and endpoints; at DEBUG, what they are.
    logging.getLogger("botocore").setLevel(logging.WARNING)
    limits = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": attempts})
    make: Any = boto3.client  # its types know services by their names only
    return make(service, config=limits)


def dynamodb() -> DynamoDBClient:
    made: DynamoDBClient = _client("dynamodb")
    return made


def ssm() -> SSMClient:
    made: SSMClient = _client("ssm")
    return made


def stepfunctions() -> SFNClient:
    made: SFNClient = _client("stepfunctions")
    return made


def lambda_() -> LambdaClient:
    made: LambdaClient = _client("lambda")
    return made


def events() -> EventBridgeClient:
    made: EventBridgeClient = _client("events")
    return made


def s3() -> S3Client:
    made: S3Client = _client("s3")
    return made


def ses() -> Any:  # its stubs would be a package more for one call
    """Amazon SES, for e-mail. Without retries of its own: a mail whose answer was lost must not go out again."""
    return _client("sesv2", 1)


def comprehend() -> Any:  # as above
    """Amazon Comprehend."""
    return _client("comprehend")


def bedrock() -> Any:  # as above
    """Models of Amazon Bedrock."""
    return _client("bedrock-runtime")

"""AWS clients: made when first used, kept for the life of the process, with short time limits.

The time limits are well under any function's own, so that a call that hangs ends as an error that is handled and
not as a killed function. `standard` retries are botocore's, with jitter; no layer above retries again (I24).
"""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_ssm import SSMClient
    from mypy_boto3_stepfunctions import SFNClient


@cache
def _client(service: str) -> object:
    import boto3
    from botocore.config import Config

    # At INFO it tells at each start where it found its credentials and endpoints; at DEBUG, what they are.
    logging.getLogger("botocore").setLevel(logging.WARNING)
    limits = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})
    return boto3.client(service, config=limits)  # type: ignore[call-overload]


def dynamodb() -> DynamoDBClient:
    return _client("dynamodb")  # type: ignore[return-value]


def ssm() -> SSMClient:
    return _client("ssm")  # type: ignore[return-value]


def stepfunctions() -> SFNClient:
    return _client("stepfunctions")  # type: ignore[return-value]


def lambda_() -> LambdaClient:
    return _client("lambda")  # type: ignore[return-value]


def events() -> EventBridgeClient:
    return _client("events")  # type: ignore[return-value]


def s3() -> S3Client:
    return _client("s3")  # type: ignore[return-value]

"""Our own copies of what people send and of their pictures: a bucket that forgets by itself.

Nothing points at a copy. It is found by what it is a copy of, so that a missing one is only one to be fetched again
(F28), and all copies of one message or person lie together, to be deleted together.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


RECEIPTS = "~erased/"
"""Where copies of receipts of erasures lie; no brand's name begins so."""


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def of_message(brand: str, platform: str, message_id: str) -> str:
    """Where all copies of a message's media lie; ends with a slash."""
    return f"{brand}/messages/{platform}/{_hash(message_id)}/"


def of_person(brand: str, platform: str, person_id: str) -> str:
    """Where all copies of a person's pictures lie; ends with a slash."""
    return f"{brand}/people/{platform}/{_hash(person_id)}/"


class MediaStore:
    """`place` is from `of_message` or `of_person`; `url` tells the copies there apart. All methods raise botocore's
    errors."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self.client = client
        self.bucket = bucket

    def get(self, place: str, url: str) -> bytes | None:
        """The copy, or None where there is none (any more)."""
        try:
            found = self.client.get_object(Bucket=self.bucket, Key=place + _hash(url))
        except ClientError as trouble:
            if trouble.response["Error"]["Code"] == "NoSuchKey":
                return None
            raise
        with found["Body"] as body:
            return body.read()

    def put(self, place: str, url: str, body: bytes) -> None:
        """Keep a copy. It goes out to browsers through the desk only, so the bucket is told of no type."""
        self.client.put_object(Bucket=self.bucket, Key=place + _hash(url), Body=body)

    def delete(self, place: str) -> int:
        """Delete all copies there; how many there were."""
        deleted = 0
        for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=place):
            for found in page.get("Contents", []):
                self.client.delete_object(Bucket=self.bucket, Key=found["Key"])
                deleted += 1
        return deleted

    def keep_receipt(self, brand: str, erasure_id: str, receipt: bytes) -> None:
        """Keep the receipt of an erasure outside the table, for a restore from before it. It names nobody, and goes
        with the bucket's own rule: a backup that old is gone by then, too."""
        self.client.put_object(Bucket=self.bucket, Key=f"{RECEIPTS}{brand}/{erasure_id}.json", Body=receipt)

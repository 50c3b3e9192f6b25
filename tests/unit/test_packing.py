"""What an answer of the API weighs on the way."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest
from hark.web.packing import WORTH_IT, packed

ROWS = json.dumps({"items": [{"id": f"c{n}", "name": "نועה בר", "snippet": "Where is my parcel?"} for n in range(25)]})


def made(body: str, kind: str = "application/json") -> dict[str, Any]:
    return {"statusCode": 200, "headers": {"Content-Type": kind}, "body": body, "isBase64Encoded": False}


def test_a_long_answer_goes_as_a_fraction_of_itself_to_who_takes_gzip() -> None:
    answer = packed(made(ROWS), "gzip, deflate, br, zstd")
    sent = base64.b64decode(answer["body"])
    assert answer["isBase64Encoded"]
    assert answer["headers"]["content-encoding"] == "gzip"
    assert answer["headers"]["vary"] == "accept-encoding"
    assert gzip.decompress(sent).decode() == ROWS
    assert len(sent) < len(ROWS.encode()) / 5


@pytest.mark.parametrize(
    ("body", "kind", "taken"),
    [
        (ROWS, "application/json", ""),
        (ROWS, "application/json", "br, gzip;q=0"),
        (ROWS, "text/html; charset=utf-8", "gzip"),
        ("x" * (WORTH_IT - 1), "application/json", "gzip"),
    ],
)
def test_otherwise_it_goes_as_it_is(body: str, kind: str, taken: str) -> None:
    answer = packed(made(body, kind), taken)
    assert answer["body"] == body
    assert not answer["isBase64Encoded"]
    assert "content-encoding" not in answer["headers"]


def test_bytes_stay_as_they_are() -> None:
    picture = {**made(base64.b64encode(b"\x89PNG" * 500).decode(), "image/png"), "isBase64Encoded": True}
    assert packed(dict(picture), "gzip") == picture

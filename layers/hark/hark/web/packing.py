"""Answers of the API, made smaller for the way: an HTTP API compresses nothing.

Nothing in an answer is a secret that could be guessed at by the length of words put beside it: a program's token is
told once and never again, and cursors and session ids are of use to nobody without the cookie.
"""

import base64
import gzip
from typing import Any

from hark.web.files import accepted

WORTH_IT = 1_000
"""Characters below which an answer goes as it is; it fits into one packet anyway."""
LEVEL = 6
"""Of gzip: a page of the queue takes less than a millisecond."""


def packed(made: dict[str, Any], accept_encoding: str) -> dict[str, Any]:
    """The answer, gzipped where its reader takes that and it is JSON of some length."""
    body, headers = made["body"], made["headers"]
    kind = str(headers.get("Content-Type") or headers.get("content-type") or "")
    if made.get("isBase64Encoded") or len(body) < WORTH_IT or not kind.startswith("application/json"):
        return made
    headers["vary"] = "accept-encoding"
    if "gzip" not in accepted(accept_encoding):
        return made
    headers["content-encoding"] = "gzip"
    small = base64.b64encode(gzip.compress(body.encode(), LEVEL, mtime=0)).decode()
    return {**made, "body": small, "isBase64Encoded": True}

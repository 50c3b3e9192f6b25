"""What the HTTP API hands to a function."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import parse_qsl


def request(
    method: str, path: str, body: bytes | str = b"", headers: dict[str, str] | None = None, query: str = "",
    cookies: list[str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """An HTTP API event, payload format 2.0."""
    return {
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query, "cookies": cookies or [],
        "headers": headers or {},
        "queryStringParameters": dict(parse_qsl(query, keep_blank_values=True)),
        "requestContext": {
            "domainName": "desk.example.com", "stage": "$default", "requestId": "r",
            "http": {"method": method, "path": path, "sourceIp": "192.0.2.1", "userAgent": "t", "protocol": "HTTP/1.1"},
        },
        "pathParameters": dict(zip(("provider", "account"), path.split("/")[2:4], strict=False)),
        "body": base64.b64encode(body).decode() if isinstance(body, bytes) else body,
        "isBase64Encoded": isinstance(body, bytes),
    }  # fmt: skip

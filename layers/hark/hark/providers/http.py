"""HTTP to a platform, told apart by what a sender has to know: was the request ever sent, is the answer whole.

For providers without an SDK of their own. No redirects, no proxies of the machine, no retries: a POST that was sent
once is not sent again by a library.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    SSLError,
)

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
WHOLE_ANSWER_SECONDS = 25.0
"""From the first byte of an answer to its last: a platform that drips must not hold a function."""
MAX_BYTES = 4_000_000


class NeverSent(Exception):
    """The connection was never opened, so nothing can have happened."""


class NoAnswer(Exception):
    """The request may have been sent, and no whole answer came back. `status` is 0 when not even that came."""

    def __init__(self, status: int = 0) -> None:
        super().__init__(f"status {status}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. `headers` have lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@cache
def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(num_pools=8, maxsize=2, retries=False)


def call(
    method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None, *, fresh: bool = False
) -> Answer:
    """Make one call and read its whole answer, whatever its status.

    A kept connection may have been closed by the other side just now, and then nobody knows whether a request on it
    was read. `fresh` opens a new one: ask for it where the request has an effect, so that a refused connection
    proves that nothing happened.

    Raises:
        NeverSent, NoAnswer: with no text of the request in them.
    """
    sent = {"accept": "application/json", **(headers or {})}
    pool = urllib3.PoolManager(num_pools=1, maxsize=1, retries=False) if fresh else _pool()
    try:
        return _whole(_opened(pool, method, url, body, sent))
    finally:
        if fresh:
            pool.clear()


def _opened(
    pool: urllib3.PoolManager, method: str, url: str, body: bytes, headers: Mapping[str, str]
) -> urllib3.BaseHTTPResponse:
    timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
    try:
        return pool.request(
            method, url, body=body or None, headers=headers, timeout=timeout, redirect=False, preload_content=False
        )
    except (NewConnectionError, ConnectTimeoutError, NameResolutionError):
        raise NeverSent from None
    except SSLError as broken:
        # A certificate is refused before anything is said; any other trouble may have come in the middle.
        if any(isinstance(inner, ssl.SSLCertVerificationError) for inner in broken.args):
            raise NeverSent from None
        raise NoAnswer from None
    except (HTTPError, OSError):
        raise NoAnswer from None


def _whole(response: urllib3.BaseHTTPResponse) -> Answer:
    until = time.monotonic() + WHOLE_ANSWER_SECONDS
    body = b""
    try:
        while piece := response.read1(65_536, decode_content=True):
            body += piece
            if len(body) > MAX_BYTES or time.monotonic() > until:
                raise NoAnswer(response.status)
        expected = response.headers.get("content-length", "")
        if expected.isdigit() and "content-encoding" not in response.headers and len(body) < int(expected):
            raise NoAnswer(response.status)
    except (HTTPError, OSError):
        raise NoAnswer(response.status) from None
    finally:
        response.close()
    return Answer(response.status, {name.lower(): value for name, value in response.headers.items()}, body)

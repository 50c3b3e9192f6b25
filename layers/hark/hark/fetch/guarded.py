"""One GET of a foreign file, from a checked address, in limited time and size (hostile rows H50 to H53)."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from hark.fetch.address import PORT, Blocked, NoSuchHost, Target, look_up, public_only, target
from hark.fetch.kind import Kind, Unfit, kind_of

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_BYTES = 4_000_000
"""In base64 and with the answer around it, what one Lambda answer can carry (6 MB)."""
ADDRESSES_TRIED = 2


class Gone(Exception):
    """The file is not there (any more), or not for us. `status` is the HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class OutOfReach(Exception):
    """No whole answer, for now: no address, no connection, no certificate, too slow, or the other side's fault."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds for one connection with its handshake, for one wait for bytes, and for everything; and the bytes."""

    connect: float = 3.0
    read: float = 4.0
    whole: float = 9.0
    size: int = MAX_BYTES


@dataclass(frozen=True, slots=True)
class Fetched:
    """The whole file, and what its bytes say that it is."""

    body: bytes
    kind: Kind


Resolve = Callable[[str, float], list[str]]
"""From a host name and seconds to its IP addresses; raises `NoSuchHost`."""
Connect = Callable[[tuple[str, int], float], socket.socket]
"""Opens a TCP connection to (IP address, port) in so many seconds; raises `OSError`."""


def _connect(address: tuple[str, int], seconds: float) -> socket.socket:
    return socket.create_connection(address, seconds)


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Wire(io.RawIOBase):
    """An encrypted connection that gives up at a moment, however slowly the other side drips.

    `http.client` takes it for a socket, and closes that as soon as the last request is made, with the answer still to
    be read; so `close` hangs up on nobody, and `hang_up` does.
    """

    def __init__(self, tls: ssl.SSLSocket, until: float, read_seconds: float) -> None:
        super().__init__()
        self._tls, self._until, self._read = tls, until, read_seconds

    def _patience(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(left, self._read)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        self._tls.settimeout(self._patience())
        return self._tls.recv_into(buffer)

    def sendall(self, data: bytes) -> None:
        self._tls.settimeout(self._patience())
        self._tls.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def close(self) -> None:
        """Does nothing; see the class."""

    def hang_up(self) -> None:
        self._tls.close()


@dataclass(frozen=True)
class Fetcher:
    """`resolve`, `connect` and `trust` (whose certificates count) are the machine's own unless a test says otherwise.

    No redirects, no proxies of the machine, no cookies, no retries, no compression. The name is looked up once, and
    the connection goes to the very address that was checked.
    """

    resolve: Resolve = look_up
    connect: Connect = _connect
    trust: Callable[[], ssl.SSLContext] = _trust
    limits: Limits = field(default_factory=Limits)

    def fetch(self, url: str, hosts: Iterable[str]) -> Fetched:
        """The file at `url`, if its host is one of `hosts`, and what it is.

        Raises:
            Blocked: the address may not be asked; nothing was fetched.
            Unfit: too large, or nothing that people may be shown or given.
            Gone: not there.
            OutOfReach: not now.
        """
        asked = target(url, hosts)
        until = time.monotonic() + self.limits.whole
        try:
            addresses = public_only(self.resolve(asked.host, min(self.limits.connect, self.limits.whole)))
            body = self._body(asked, self._open(asked.host, addresses, until))
        except (NoSuchHost, OSError, http.client.HTTPException):
            raise OutOfReach from None
        return Fetched(body, kind_of(body))

    def _open(self, host: str, addresses: list[str], until: float) -> _Wire:
        trouble: OSError = TimeoutError()
        for address in addresses[:ADDRESSES_TRIED]:
            seconds = min(self.limits.connect, until - time.monotonic())
            if seconds <= 0:
                break
            try:
                plain = self.connect((address, PORT), seconds)
            except OSError as failed:
                trouble = failed
                continue
            try:
                # A file cut off in the middle must not look whole: an end without a goodbye is an error.
                tls = self.trust().wrap_socket(plain, server_hostname=host, suppress_ragged_eofs=False)
            except OSError:
                plain.close()
                raise
            return _Wire(tls, until, self.limits.read)
        raise trouble

    def _body(self, asked: Target, wire: _Wire) -> bytes:
        talk = http.client.HTTPConnection(asked.host)
        talk.sock = wire
        try:
            talk.putrequest("GET", asked.path, skip_host=True, skip_accept_encoding=True)
            for name, value in (
                ("Host", asked.host), ("Accept", "*/*"), ("Accept-Encoding", "identity"),
                ("User-Agent", "hark-desk"), ("Connection", "close"),
            ):  # fmt: skip
                talk.putheader(name, value)
            talk.endheaders()
            return self._whole(talk.getresponse())
        finally:
            wire.hang_up()

    def _whole(self, answer: http.client.HTTPResponse) -> bytes:
        if 300 <= answer.status < 400:
            raise Blocked("redirect")
        if answer.status == 429 or answer.status >= 500:
            raise OutOfReach
        if answer.status != 200:
            raise Gone(answer.status)
        if answer.getheader("content-encoding", "identity").strip().lower() not in ("", "identity"):
            raise Unfit("encoded")
        size = answer.length
        if size is not None and size > self.limits.size:
            raise Unfit("size")
        body = answer.read(self.limits.size + 1)
        if len(body) > self.limits.size:
            raise Unfit("size")
        if size is not None and len(body) < size:
            raise OutOfReach
        return body

"""A real TLS server on the loopback that plays a foreign site, and a connector that takes it for any address."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "media.example.com"
PUBLIC = "93.184.215.14"
"""An address of the public internet, which these tests never reach."""

Answer = bytes | Callable[[], Iterator[bytes]]
"""All bytes of an answer, or what gives them piece by piece."""


def ok(body: bytes, *headers: str, length: int | None = None) -> bytes:
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def status(line: str, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {line}", *headers, "Content-Length: 0"]).encode() + b"\r\n\r\n"


def drip(body: bytes, seconds: float, size: int = 1) -> Callable[[], Iterator[bytes]]:
    def pieces() -> Iterator[bytes]:
        for at in range(0, len(body), size):
            yield body[at : at + size]
            time.sleep(seconds)

    return pieces


@cache
def _authority() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    return key, _certificate("Test authority", key, None)


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, signer: tuple[ec.EllipticCurvePrivateKey, x509.Certificate] | None
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer[1].subject if signer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=signer is None, path_length=None), critical=True)
    )
    if signer:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    return builder.sign(signer[0] if signer else key, hashes.SHA256())


def trust() -> ssl.SSLContext:
    """A context that believes in the test authority and nobody else, and checks names as the machine's own does."""
    return ssl.create_default_context(cadata=_authority()[1].public_bytes(serialization.Encoding.PEM).decode())


@dataclass
class ForeignSite:
    """Answers each path with what `answers` holds for it, on one connection per request.

    `names` are the server names that clients asked for, `requests` what they sent, and `dialled` the addresses which
    they believed to connect to.
    """

    certificate_for: str = HOST
    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[bytes] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    dialled: list[tuple[str, int]] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.sni_callback = lambda _, name, __: self.names.append(name)
        key = ec.generate_private_key(ec.SECP256R1())
        with TemporaryDirectory() as folder:
            file = Path(folder) / "server.pem"
            file.write_bytes(
                key.private_bytes(
                    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
                )
                + _certificate(self.certificate_for, key, _authority()).public_bytes(serialization.Encoding.PEM)
            )
            self._tls.load_cert_chain(file)
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def connect(self, address: tuple[str, int], seconds: float) -> socket.socket:
        """In place of the fetcher's own connector."""
        self.dialled.append(address)
        return socket.create_connection(self._listener.getsockname(), seconds)

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return  # closed: the test is over
            threading.Thread(target=self._talk, args=(plain,), daemon=True).start()

    def _talk(self, plain: socket.socket) -> None:
        plain.settimeout(10)
        try:
            with self._tls.wrap_socket(plain, server_side=True) as tls:
                asked = b""
                while b"\r\n\r\n" not in asked:
                    if not (piece := tls.recv(65_536)):
                        return
                    asked += piece
                self.requests.append(asked)
                answer = self.answers[asked.split(b" ")[1].decode()]
                for piece in [answer] if isinstance(answer, bytes) else answer():
                    tls.sendall(piece)
        except OSError:
            return  # the client has had enough, which is what many a test is about

"""What stands between browsers and the desk where it is deployed: TLS and HTTP/2, and files that are kept.

The local engine speaks HTTP/1.1 and runs one function at a time, so that through it alone twenty small files take most
of a second. API Gateway's HTTP APIs speak HTTP/2 and run as many functions as are asked for. Source: Amazon API Gateway
developer guide, "Security policy for HTTP APIs"; AWS Lambda developer guide, "Understanding Lambda function scaling".
"""

from __future__ import annotations

import asyncio
import http.client
import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypercorn.asyncio import serve
from hypercorn.config import Config

from infra.local.asgi import Receive, Scope, Send
from infra.local.background import Background
from infra.local.web import read_body

HOST = "127.0.0.1"
PATIENCE_SECONDS = 10
OF_THE_CONNECTION = {b"connection", b"keep-alive", b"transfer-encoding", b"content-length", b"date", b"server"}
FILES = "/a/"


@dataclass(frozen=True)
class Answer:
    """What the cloud answered: status, headers and body as they go over the wire."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Front(Background):
    """Serves the desk of a local cloud on another port until it is left.

    Args:
        desk: address of the cloud's desk.
        port: to serve on.
        folder: for a certificate that nobody has signed.

    Attributes:
        address: with `https`.
        at_once: page and API are answered as they were before, too, not files alone: the engine's time is left out.
    """

    def __init__(self, desk: str, port: int, folder: Path) -> None:
        super().__init__("the desk's front", PATIENCE_SECONDS)
        self.address = f"https://{HOST}:{port}"
        self.at_once = False
        self._cloud = urlsplit(desk).netloc
        self._port = port
        self._kept: dict[tuple[str, bytes], Answer] = {}
        self._certificate, self._key = _certificate(folder)

    def forget(self) -> None:
        """Ask the cloud anew, once for each address."""
        self._kept.clear()

    def work(self) -> None:
        """Serve."""
        config = Config()
        config.bind = [f"{HOST}:{self._port}"]
        config.certfile, config.keyfile = str(self._certificate), str(self._key)
        config.loglevel = "ERROR"
        config.graceful_timeout = 1

        async def closed() -> None:
            await asyncio.to_thread(self.closing.wait)

        asyncio.run(serve(self._app, config, shutdown_trigger=closed))

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            while (message := await receive())["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            await send({"type": f"{message['type']}.complete"})
            return
        address = scope["raw_path"].decode() + (f"?{scope['query_string'].decode()}" if scope["query_string"] else "")
        key = (address, dict(scope["headers"]).get(b"accept-encoding", b""))
        body = await read_body(receive)
        may_keep = scope["method"] == "GET" and (self.at_once or address.startswith(FILES))
        answer = self._kept.get(key) if may_keep else None
        if answer is None:
            answer = await asyncio.to_thread(self._ask, scope, address, body)
            if may_keep and answer.status == http.HTTPStatus.OK:
                self._kept[key] = answer
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": answer.body})

    def _ask(self, scope: Scope, address: str, body: bytes) -> Answer:
        given = {name.decode(): value.decode() for name, value in scope["headers"] if name != b"host"}
        connection = http.client.HTTPConnection(self._cloud, timeout=60)
        try:
            connection.request(scope["method"], address, body or None, given)
            answer = connection.getresponse()
            headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in answer.getheaders()]
            content = answer.read()
        finally:
            connection.close()
        headers = [(name, value) for name, value in headers if name not in OF_THE_CONNECTION]
        return Answer(answer.status, [*headers, (b"content-length", str(len(content)).encode())], content)


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for a day, for this machine alone, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    at, key_at = folder / "front.pem", folder / "front.key"
    at.write_bytes(certificate.public_bytes(pem))
    key_at.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return at, key_at

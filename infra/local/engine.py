"""The engine (MiniStack) and our web port, served from a thread of this process on loopback."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from types import TracebackType
from typing import Self

from infra.local.web import Web

HOST = "127.0.0.1"
ACCOUNT = "000000000000"
START_SECONDS = 30.0
KEEP_ALIVE_SECONDS = 3600.0
"""Clients give idle connections up long before."""


class PortTaken(RuntimeError):
    """Somebody else listens on a port we were told to use."""


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def require_free(port: int, what: str) -> None:
    """Fail before anything is started.

    The engine's own thread would die silently on a taken port, and its clients then talk to a stranger.

    Raises:
        PortTaken: somebody listens on `port`.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PortTaken(f"port {port}, meant for {what}, is taken: choose another one") from error


class Engine:
    """Serves the AWS API on one port and `web` on another until closed. One per process.

    Args:
        port: of the AWS API.
        web_port: of the HTTP API under clean paths.
        web: the app of the web port.

    Raises:
        PortTaken: one of the ports is in use.
        TimeoutError: the engine does not answer within `START_SECONDS`.
    """

    def __init__(self, port: int, web_port: int, web: Web) -> None:
        require_free(port, "the engine")
        require_free(web_port, "the desk")
        self.port = port
        self.web_port = web_port
        self.web = web
        self.endpoint = f"http://{HOST}:{port}"
        self._stop = threading.Event()
        self._failure: BaseException | None = None
        os.environ.update(_settings(port, self.endpoint))
        # Only now: the engine reads its settings at import.
        from infra.local import engine_gaps

        engine_gaps.install()
        self._thread = threading.Thread(target=self._serve, name="engine", daemon=True)
        self._thread.start()
        self._await_listening()

    def close(self) -> None:
        """Stop serving and end the functions' processes."""
        self._stop.set()
        self._thread.join(15)
        from ministack.core import lambda_runtime

        from infra.local import engine_gaps

        lambda_runtime.reset()
        engine_gaps.clean_up()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _serve(self) -> None:
        from hypercorn.asyncio import serve
        from hypercorn.config import Config
        from ministack.app import app

        async def stopped() -> None:
            await asyncio.to_thread(self._stop.wait)

        async def both() -> None:
            servers = []
            for asgi, port in ((app, self.port), (self.web, self.web_port)):
                config = Config()
                config.bind = [f"{HOST}:{port}"]
                config.loglevel = "ERROR"
                config.graceful_timeout = 1
                # A request that comes while an idle connection is being closed is lost, or is never answered.
                config.keep_alive_timeout = KEEP_ALIVE_SECONDS
                config.h11_max_incomplete_size = 128 * 1024  # more than the gateway's own limit, which `web` enforces
                servers.append(serve(asgi, config, shutdown_trigger=stopped))
            await asyncio.gather(*servers)

        try:
            asyncio.run(both())
        except BaseException as error:
            self._failure = error
            raise

    def _await_listening(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        for port in (self.port, self.web_port):
            while True:
                if self._failure is not None:
                    raise RuntimeError("the engine did not start") from self._failure
                try:
                    socket.create_connection((HOST, port), timeout=1).close()
                    break
                except OSError:
                    if time.monotonic() > deadline:
                        raise TimeoutError(f"nothing listens on port {port}") from None
                    time.sleep(0.01)


def _settings(port: int, endpoint: str) -> dict[str, str]:
    """Environment of the engine, and through it of the functions and of our own clients."""
    from infra.expand import REGION

    return {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": HOST,
        "MINISTACK_HOST": HOST,
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "ERROR"),
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_SESSION_TOKEN": "",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_EC2_METADATA_DISABLED": "true",
        # Loopback traffic never goes through a proxy of the machine.
        "NO_PROXY": f"{HOST},localhost",
        "no_proxy": f"{HOST},localhost",
    }

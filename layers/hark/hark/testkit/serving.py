"""What every fake is to whoever runs it: an address, a beginning and an end."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from hark.testkit.http_server import HttpServer


class Serving(ABC):
    """A fake on 127.0.0.1. Use as a context manager, or `start` and `stop`."""

    server: HttpServer

    @property
    def url(self) -> str:
        """The address, without a slash at its end."""
        return self.server.url

    @abstractmethod
    def start(self) -> Self:
        """Begin to answer and to deliver."""

    @abstractmethod
    def stop(self) -> None:
        """End; the port is free afterwards."""

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

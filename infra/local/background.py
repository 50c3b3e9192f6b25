"""A thread that works beside the local cloud until its owner closes it."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Background(ABC):
    """Runs `work` in a thread from entering to leaving; `work` ends soon after `closing` is set.

    Leaving waits at most `patience` seconds.
    """

    def __init__(self, name: str, patience: float) -> None:
        self.closing = threading.Event()
        self._patience = patience
        self._thread = threading.Thread(target=self.work, name=name, daemon=True)

    @abstractmethod
    def work(self) -> None:
        """What is done."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._thread.join(self._patience)

"""What happens to a message of the bot after Viber took it: delivered, then seen, or refused by the device."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable

from hark.providers.viber.fake.world import Message, State

DELIVERED_SECONDS = 0.3
SEEN_SECONDS = 1.0
"""How long a message travels, and how long until it is read after that."""


class Receipts:
    """Moves messages on, from a thread of its own, and tells of each step."""

    def __init__(self, tell: Callable[[Message, State], None]) -> None:
        self.delivered = True
        """Messages reach their people."""
        self.seen = True
        """People read what reached them."""
        self._tell = tell
        self._order = itertools.count()
        self._ahead: list[tuple[float, int, Message, State]] = []
        self._change = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="fake-viber-receipts", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; what lies ahead is dropped."""
        with self._change:
            self._stopping = True
            self._change.notify_all()
        self._thread.join(5)

    def expect(self, message: Message) -> None:
        """A message is on its way."""
        if message.person.old_device:
            self._plan(message, "failed", DELIVERED_SECONDS)
        elif self.delivered:
            self._plan(message, "delivered", DELIVERED_SECONDS)

    def _plan(self, message: Message, state: State, seconds: float) -> None:
        with self._change:
            heapq.heappush(self._ahead, (time.monotonic() + seconds, next(self._order), message, state))
            self._change.notify_all()

    def _run(self) -> None:
        while True:
            with self._change:
                now = time.monotonic()
                if self._stopping:
                    return
                if not self._ahead or self._ahead[0][0] > now:
                    self._change.wait(self._ahead[0][0] - now if self._ahead else None)
                    continue
                _, _, message, state = heapq.heappop(self._ahead)
            self._tell(message, state)
            if state == "delivered" and self.seen:
                self._plan(message, "seen", SEEN_SECONDS)

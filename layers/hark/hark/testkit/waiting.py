"""Waiting in a test for what other threads do."""

from __future__ import annotations

import time
from collections.abc import Callable


def eventually(holds: Callable[[], bool], seconds: float = 8) -> None:
    """Wait until it holds.

    Raises:
        AssertionError: it does not in time.
    """
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() >= until:
            raise AssertionError("it did not happen in time")
        time.sleep(0.01)

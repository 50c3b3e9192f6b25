"""How long functions ran on the local cloud: `durations.json`, written by tests/e2e/test_durations.py."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

FILE = Path(__file__).parent / "durations.json"

FULL_CPU_MEGABYTES = 1769
"""Memory at which a function has one whole CPU; less memory has that much less of it.

Source: Lambda developer guide, "Configure Lambda function memory".
"""


Run = Literal["quickest", "median", "longest"]


@dataclass(frozen=True, slots=True)
class Duration:
    """Milliseconds: the quickest of all runs, their median, and the longest, which had to start a process."""

    quickest_ms: float
    median_ms: float
    longest_ms: float
    runs: int


@cache
def durations() -> dict[str, Duration]:
    """By function (its folder's name)."""
    return {name: Duration(**found) for name, found in json.loads(FILE.read_text()).items()}


def gb_seconds(function: str, megabytes: int, run: Run = "median") -> float:
    """GB-seconds of one invocation, as an upper bound.

    The local run had a whole CPU core, shared with the engine that answers its calls. Lambda gives a function of
    `megabytes` only a part of one, so the whole local time, waiting included, is stretched by that part.
    """
    found = durations()[function]
    local = {"quickest": found.quickest_ms, "median": found.median_ms, "longest": found.longest_ms}[run]
    stretch = max(1.0, FULL_CPU_MEGABYTES / megabytes)
    return local / 1000 * stretch * megabytes / 1024

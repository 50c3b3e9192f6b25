"""What was measured: `measured.json`, written by tests/integration/test_consumption.py."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "measured.json"


@cache
def measured() -> dict[str, Any]:
    """The file's contents."""
    read: dict[str, Any] = json.loads(FILE.read_text())
    return read

"""List prices and always-free allowances, from `prices.json`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "prices.json"

_SCALE = {"1M": 1_000_000, "1k": 1_000}


@dataclass(frozen=True, slots=True)
class Price:
    """What one `unit` costs in US dollars, and how many units a month every account has free for ever."""

    key: str
    name: str
    unit: str
    price_usd: float
    free: float
    region: str
    date: str
    note: str

    @property
    def scale(self) -> int:
        """How many single things (requests, units) one `unit` holds."""
        return _SCALE.get(self.unit.split(" ", 1)[0], 1)

    def usd(self, amount: float) -> float:
        """List price of so many single things."""
        return amount / self.scale * self.price_usd

    def beyond_free_usd(self, amount: float) -> float:
        """Price of what the always-free allowance does not cover, if nothing else in the account uses it."""
        return max(0.0, amount / self.scale - self.free) * self.price_usd


@cache
def prices() -> dict[str, Price]:
    """Every price we use, by its key."""
    listed = json.loads(FILE.read_text())["prices"]
    return {entry["key"]: Price(**entry) for entry in listed}

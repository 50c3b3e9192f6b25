"""Runs on a schedule, once per provider: `{"provider": "x"}`."""

from typing import Any

from hark import wiring


def handler(event: dict[str, Any], _context: object) -> dict[str, int]:
    """Ask a provider for what its webhooks may have missed."""
    return wiring.polling().run(event["provider"])

"""State `Remind` of the case workflow: `{"brand", "case", "gen"}`."""

from typing import Any

from hark import wiring


def handler(event: dict[str, Any], _context: object) -> dict[str, str]:
    """Lets ring what is due, and says what the case waits for now."""
    return wiring.reminding().remind(event["brand"], event["case"], event["gen"])

"""State `Remind` of the case workflow: `{"brand", "case", "gen", "deadline"}`."""

from typing import Any

from hark import wiring


def handler(event: dict[str, Any], _context: object) -> dict[str, str]:
    """Reminds the next level, or says how the case moved on."""
    return wiring.reminding().remind(event["brand"], event["case"], event["gen"], event["deadline"])

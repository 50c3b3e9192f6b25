"""State `Triage` of the case workflow: `{"brand", "case", "gen"}`."""

from typing import Any

from hark import wiring


def handler(event: dict[str, Any], _context: object) -> Any:
    """Reads the message and walks the decision tree."""
    return wiring.triaging().triage(event["brand"], event["case"], event["gen"])

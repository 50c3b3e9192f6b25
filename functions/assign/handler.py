"""State `Assign` of the case workflow: `{"brand", "case", "gen"}`."""

from typing import Any

from hark import wiring


def handler(event: dict[str, Any], _context: object) -> Any:
    """Gives the case an owner."""
    return wiring.assigning().assign(event["brand"], event["case"], event["gen"])

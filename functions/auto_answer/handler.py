"""State `AutoAnswer` of the case workflow: `{"brand", "case", "gen"}`."""

from typing import Any

from hark import wiring


def handler(event: dict[str, Any], _context: object) -> Any:
    """Answers a simple question from the brand's own entries, or says that somebody is coming."""
    return wiring.bot().answer(event["brand"], event["case"], event["gen"])

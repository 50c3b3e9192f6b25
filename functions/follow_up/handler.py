"""States `FollowUp` and `Close` of the case workflow: `{"brand", "case", "gen", "step": "ask" or "close"}`."""

from typing import Any

from hark import wiring


def handler(event: dict[str, Any], _context: object) -> dict[str, str]:
    """Asks whether an answered case is solved, or closes it after silence."""
    following = wiring.following()
    step = {"ask": following.follow_up, "close": following.close}[event["step"]]
    return step(event["brand"], event["case"], event["gen"])

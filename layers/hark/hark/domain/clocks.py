"""What the clocks of a case are set to. What we owe counts in the brand's working time, and so does when somebody of it
is rung for; a burning case has no closing time, and the customer's own silence is as long as the wall says.

Times are in text form (`domain.time`), waits in seconds.
"""

from __future__ import annotations

from hark.domain.calendar import due, is_open, next_open, worked
from hark.domain.policy import Policy
from hark.domain.time import after, parse, text

BURNING = 1
"""The priority of a case that does not wait until morning."""


def promised(policy: Policy, priority: int, since: str, seconds: float) -> str:
    """By when what was asked at `since` is to be done. The very end of a working day is in time."""
    if _by_the_wall(policy, priority):
        return after(since, seconds)
    return text(due(policy.calendar, parse(since), seconds))


def rings(policy: Policy, priority: int, since: str, seconds: float, now: str) -> str:
    """When we are reminded of what was asked at `since`: in working time, also where the moment has gone by (I32)."""
    at = promised(policy, priority, since, seconds)
    if _by_the_wall(policy, priority):
        return at
    at = _opening(policy, at)
    return at if at > now or is_open(policy.calendar, parse(now)) else _opening(policy, now)


def passed(policy: Policy, priority: int, since: str, until: str) -> int:
    """Milliseconds of our time between two moments, 0 when the second is not later: the inverse of `promised`."""
    if _by_the_wall(policy, priority):
        return max(0, round((parse(until) - parse(since)).total_seconds() * 1000))
    return round(worked(policy.calendar, parse(since), parse(until)) * 1000)


def silent_until(policy: Policy, priority: int, since: str, seconds: int) -> str:
    """When the customer has been silent for so long, or when next somebody is there to see it."""
    at = after(since, seconds)
    return at if _by_the_wall(policy, priority) else _opening(policy, at)


def _by_the_wall(policy: Policy, priority: int) -> bool:
    return priority == BURNING or policy.calendar.always


def _opening(policy: Policy, at: str) -> str:
    return text(next_open(policy.calendar, parse(at)))

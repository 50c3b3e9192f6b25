"""Agents and leads, and who of them is on shift."""

from __future__ import annotations

from datetime import datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

Role = Literal["agent", "lead", "operator", "reader"]


class Shift(BaseModel):
    """Working hours on some weekdays (0 = Monday) in a zone. An end before the start runs past midnight."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    start: time = time(9)
    end: time = time(17)
    zone: str = "UTC"

    def covers(self, now: datetime) -> bool:
        local = now.astimezone(ZoneInfo(self.zone))
        clock, today = local.time().replace(tzinfo=None), local.weekday()
        if self.start <= self.end:
            return today in self.days and self.start <= clock < self.end
        return (today in self.days and clock >= self.start) or ((today - 1) % 7 in self.days and clock < self.end)


class Member(BaseModel):
    """One person of a brand's team. `id` comes from the sign-in directory and never changes."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    brand: str
    name: str
    email: str = ""
    initials: str = ""
    role: Role = "agent"
    shifts: tuple[Shift, ...] = ()
    """Empty means always on shift: a team of one needs no roster."""
    away: bool = False
    removed: bool = False
    capacity: int = Field(default=12, ge=0)
    """Open cases at a time (article 4: about a dozen)."""

    def on_shift(self, now: datetime) -> bool:
        if self.away or self.removed or self.role == "reader":
            return False
        return not self.shifts or any(shift.covers(now) for shift in self.shifts)


def initials(name: str) -> str:
    """First letters of the first and the last word of a name, as signed under replies (article 0: `^AB`)."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def least_loaded(members: list[Member], load: dict[str, int], now: datetime) -> Member | None:
    """The member on shift with the fewest open cases and room for one more; ties go by id, so that the choice
    is the same each time. None when nobody is there."""
    free = [m for m in members if m.on_shift(now) and load.get(m.id, 0) < m.capacity]
    return min(free, key=lambda m: (load.get(m.id, 0), m.id), default=None)

"""Agents and leads, and who of them is on shift."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from hark.domain.roster import Day, Shift, next_start, on_duty

__all__ = ["PROGRAM_PREFIX", "Day", "Member", "Role", "Shift", "initials", "is_program"]

Role = Literal["agent", "lead", "operator", "reader"]
PROGRAM_PREFIX = "program_"


def is_program(member_id: str) -> bool:
    """Whether it is a program that did something, and no person (`domain.programs`)."""
    return member_id.startswith(PROGRAM_PREFIX)


class Member(BaseModel):
    """One person of a brand's team. `id` comes from the sign-in directory and never changes."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    brand: str
    name: str
    email: str = ""
    initials: str = ""
    role: Role | Literal["program"] = "agent"
    """`program`: no person, but what acts by a token; the team does not see it among its people."""
    shifts: tuple[Shift, ...] = ()
    """Empty means always on shift: a team of one needs no roster."""
    days: tuple[Day, ...] = ()
    """Days on which the roster is another one (D5)."""
    away: bool = False
    removed: bool = False
    sessions_mark: str = ""
    """Which of the member's sessions are good: those that carry it. Another one ends them all at once."""
    hand_back: Literal["", "away", "left"] = ""
    """Why cases that are still the member's have to go back to the team's queue; empty when none have to."""
    hand_back_note: str = ""
    """What the colleagues have to know who get those cases."""
    hand_back_by: str = ""
    capacity: int = Field(default=12, ge=0)
    """Cases at a time that wait for us (B12; article 4: about a dozen). Counted up to 100."""
    capacities: dict[str, int] = Field(default_factory=dict)
    """The same by platform, where it is less than that."""
    teams: tuple[str, ...] = ()
    """Ids of the teams of the brand's policy (D3)."""
    languages: tuple[str, ...] = ()
    """BCP 47 codes of the languages spoken; empty when nobody has said: then any."""
    skills: tuple[str, ...] = ()
    handle: str = ""
    """How customers call this agent on the platforms, without the sign before it (D4: `FedExRobin`)."""
    level: int = Field(default=0, ge=0, le=9)
    """How far the member's authority goes; what needs more is passed up (D8)."""
    spend_limit: int = Field(default=0, ge=0)
    """What the member may give away in one case, in whole units of the brand's currency (D9)."""

    def on_shift(self, now: datetime) -> bool:
        if self.away or self.removed or self.role in ("reader", "program"):
            return False
        return on_duty(self.shifts, self.days, now)

    def next_start(self, now: datetime) -> datetime | None:
        """When the member's next shift begins; None when none does for weeks, or the member is not to be counted on."""
        if self.away or self.removed or self.role in ("reader", "program"):
            return None
        return next_start(self.shifts, self.days, now)

    def speaks(self, language: str) -> bool:
        """Whether the member can answer in a language. Nobody has to speak what could not be told (`und`)."""
        spoken = {code.split("-")[0].lower() for code in self.languages}
        return not spoken or language == "und" or language.split("-")[0].lower() in spoken


def initials(name: str) -> str:
    """First letters of the first and the last word of a name, as signed under replies (article 0: `^AB`)."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

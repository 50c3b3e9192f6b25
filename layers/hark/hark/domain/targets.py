"""By when what is owed: targets by platform, priority, lane and mood, and how long before they pass somebody is warned.

Sources: an answer within the hour (G1), targets per channel (G2), a day as the ceiling (G6, G7, H9), a target also for
the answers after the first (G12), praise within ten minutes (the triage tree's lane). All waits are in seconds of the
brand's calendar (`domain.clocks`).
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Clock = Literal["first", "next", "resolution"]
"""First answer, an answer to what the customer writes after that, and until all is solved."""

LONGEST = 90 * 86400
PRAISE_SECONDS = 600


class Rule(BaseModel):
    """Targets for some cases. What is not named fits any case; a clock that is not set is another rule's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    platforms: tuple[str, ...] = ()
    priorities: tuple[int, ...] = ()
    lanes: tuple[str, ...] = ()
    sentiments: tuple[str, ...] = ()
    """So that heated threads are rung for first (K7): negative ones within the quarter of an hour, say."""
    first_answer_seconds: int | None = Field(default=None, ge=1, le=LONGEST)
    next_answer_seconds: int | None = Field(default=None, ge=1, le=LONGEST)
    resolution_seconds: int | None = Field(default=None, ge=1, le=LONGEST)

    @model_validator(mode="after")
    def _says_something(self) -> Rule:
        if self.first_answer_seconds is self.next_answer_seconds is self.resolution_seconds is None:
            raise ValueError("a rule has to set at least one target")
        return self

    def fits(self, platform: str, priority: int, lane: str, sentiment: str) -> bool:
        """Whether the rule is for such a case."""
        return (
            (not self.platforms or platform in self.platforms)
            and (not self.priorities or priority in self.priorities)
            and (not self.lanes or lane in self.lanes)
            and (not self.sentiments or sentiment in self.sentiments)
        )

    def seconds(self, clock: Clock) -> int | None:
        """The rule's target for a clock, if it has one."""
        match clock:
            case "first":
                return self.first_answer_seconds
            case "next":
                return self.next_answer_seconds
            case _:
                return self.resolution_seconds


class Targets(BaseModel):
    """A brand's targets besides the one for first answers, `Policy.first_answer_seconds`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rules: tuple[Rule, ...] = (Rule(lanes=("praise",), first_answer_seconds=PRAISE_SECONDS),)
    """For each clock the first one that fits and sets it."""
    next_answer_seconds: int | None = Field(default=None, ge=1, le=LONGEST)
    """For what the customer writes after an answer; None: as for a first answer."""
    resolution_seconds: int | None = Field(default=None, ge=1, le=LONGEST)
    """Until it is solved; counts only while the customer waits for us. None: no such target."""
    ceiling_seconds: int = Field(default=24 * 3600, ge=60, le=LONGEST)
    """A case without an answer for so long is told to the leads, once each working day from then on."""
    warn_percent: int = Field(default=80, ge=0, le=99)
    """A warning comes when so much of a target is over; 0: none does."""
    warn_before_seconds: int | None = Field(default=None, ge=1, le=LONGEST)
    """Instead of a part of it: so long before its end, where the target is longer than that."""

    def seconds(
        self, clock: Clock, first_answer: int, platform: str, priority: int, lane: str, sentiment: str = ""
    ) -> int | None:
        """The target of a clock for such a case; None where it has none. `first_answer` is the brand's general one."""
        for rule in self.rules:
            found = rule.seconds(clock)
            if found is not None and rule.fits(platform, priority, lane, sentiment):
                return found
        if clock == "resolution":
            return self.resolution_seconds
        if clock == "next" and self.next_answer_seconds is not None:
            return self.next_answer_seconds
        # A rule's first answer is also its next one, unless something was said of next ones.
        if clock == "next":
            return self.seconds("first", first_answer, platform, priority, lane, sentiment)
        return first_answer

    def warns_after(self, seconds: int) -> int | None:
        """After how much of a target somebody is warned; None: not at all."""
        if self.warn_before_seconds is not None:
            left = seconds - self.warn_before_seconds
            return left if left > 0 else None
        return seconds * self.warn_percent // 100 or None

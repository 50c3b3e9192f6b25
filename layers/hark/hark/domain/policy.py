"""What a brand decides: its waits, its escalation ladder, its languages. Shipped defaults come from the articles."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from hark.domain.approval_choices import Approvals
from hark.domain.assignment import STORED, Assignment
from hark.domain.bot_choices import BotChoices
from hark.domain.calendar import Calendar
from hark.domain.follow_up import FollowUp
from hark.domain.incident_choices import IncidentChoices
from hark.domain.listening import Listening
from hark.domain.notice_choices import NoticeChoices
from hark.domain.reply_choices import Checks
from hark.domain.retention_choices import Retention
from hark.domain.satisfaction import Satisfaction
from hark.domain.targets import Clock, Targets
from hark.domain.triage_choices import TriageChoices

Level = Literal["owner", "team", "lead"]


class Rung(BaseModel):
    """One reminder: so much working time after the customer asked, this level hears of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after_seconds: int = Field(ge=1, le=90 * 86400)
    to: Level


class Policy(BaseModel):
    """Settings of one brand. All waits are in seconds; what we owe, in seconds of the calendar (`domain.clocks`).

    Defaults: an answer within 60 minutes (capability G1, articles 0, 2 and 4), 24 hours as the ceiling that must
    never be passed unseen (G7, article 2), a follow-up a day after the answer (H1), and a day of silence after
    it before the case closes (H2).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = ""
    calendar: Calendar = Calendar()
    """When somebody is there. As shipped always, so that an hour is an hour."""
    first_answer_seconds: int = Field(default=3600, ge=1, le=30 * 86400)
    """What `targets` does not set otherwise for a platform, a priority or a lane."""
    targets: Targets = Targets()
    notices: NoticeChoices = NoticeChoices()
    ladder: tuple[Rung, ...] = Field(
        default=(
            Rung(after_seconds=3600, to="owner"),
            Rung(after_seconds=2 * 3600, to="team"),
            Rung(after_seconds=4 * 3600, to="lead"),
            Rung(after_seconds=24 * 3600, to="lead"),
        ),
        min_length=1,
    )
    """After the last rung the ladder starts again, each time as much later as its last rung stands high."""
    follow_up_seconds: int = Field(default=24 * 3600, ge=1, le=30 * 86400)
    silence_closes_seconds: int = Field(default=24 * 3600, ge=1, le=30 * 86400)
    follow_up: FollowUp = FollowUp()
    satisfaction: Satisfaction = Satisfaction()
    reply_valid_seconds: int = Field(default=24 * 3600, ge=60, le=7 * 86400)
    """A reply that could not leave for so long is not sent late; a person decides (I22)."""
    assignment: Assignment = Assignment()
    """Rules, teams and the way of spreading cases."""
    approvals: Approvals = Approvals()
    undo_seconds: int = Field(default=0, ge=0, le=30)
    """For how long a reply is held so that its author can take it back (E23)."""
    languages: tuple[str, ...] = ("lv", "ru", "ms", "he", "ar", "en")
    """BCP 47 codes this brand's customers write in; settles near ties such as Malay and Indonesian."""
    answer_all: bool = True
    """Article 1 and 2: small firms gain by answering everybody. When false, statements without a question and
    not addressed to the brand are closed by triage."""
    triage: TriageChoices = TriageChoices()
    incidents: IncidentChoices = IncidentChoices()
    listening: Listening = Listening()
    """What is looked for beyond what is said to the brand."""
    checks: Checks = Checks()
    """What is looked at before a reply leaves."""
    bot: BotChoices = BotChoices()
    retention: Retention = Retention()
    """How long closed cases stay readable. Changed on a screen of its own, which says what goes (`desk.retaining`)."""

    @model_validator(mode="after")
    def _climbs(self) -> Policy:
        heights = [step.after_seconds for step in self.ladder]
        if heights != sorted(set(heights)):
            raise ValueError("each rung of the ladder has to stand higher than the one before")
        return self

    def rung(self, reminders: int) -> tuple[int, Level]:
        """Seconds after the question at which reminder number `reminders` (from 0) is due, and to whom."""
        rounds, index = divmod(reminders, len(self.ladder))
        step = self.ladder[index]
        return rounds * self.ladder[-1].after_seconds + step.after_seconds, step.to

    def target(self, clock: Clock, platform: str, priority: int, lane: str, sentiment: str = "") -> int | None:
        """Seconds within which such a case is to be answered or solved; None where nothing is set."""
        return self.targets.seconds(clock, self.first_answer_seconds, platform, priority, lane, sentiment)


def from_store(stored: str | Mapping[str, Any]) -> Policy:
    """A policy as the table holds it: as text, or as an earlier version of the code left it.

    What a later version has added to it is left out: else one new setting, once saved, would leave the version before
    it without any policy, and so without any case (I36). What leads send is held to the letter all the same.

    Raises:
        ValidationError: it makes no sense.
    """
    try:
        if isinstance(stored, str):
            return Policy.model_validate_json(stored, context=STORED)
        return Policy.model_validate(stored, context=STORED)
    except ValidationError as refused:
        unknown = [error["loc"] for error in refused.errors() if error["type"] == "extra_forbidden"]
        if not unknown:
            raise
    said = json.loads(stored if isinstance(stored, str) else json.dumps(stored))
    for place in unknown:
        _forget(said, place)
    return Policy.model_validate_json(json.dumps(said), context=STORED)


def _forget(said: Any, place: tuple[Any, ...]) -> None:
    """Take out what stands at a place that a validation error names."""
    *way, name = place
    for step in way:
        if (isinstance(said, list) and isinstance(step, int)) or (isinstance(said, dict) and step in said):
            said = said[step]
        # else it is the name of one of several shapes, and no place
    said.pop(name, None)

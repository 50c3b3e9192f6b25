"""Who gets a case: the brand's rules and teams, and the choice among those who are there. Pure; loads are given.

The order of the choice: who has the case already, who has the customer's other cases, who is called by handle, whom a
rule of the brand names, and then one of the team that takes this channel; at last the team's queue. Each step leaves
its code.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, model_validator

from hark.domain.conditions import ConditionError, Vocabulary
from hark.domain.events import Surface
from hark.domain.people import Member
from hark.domain.reading import Sentiment
from hark.domain.tree import Lane, Place

NAME = r"^[a-z0-9][a-z0-9-]{0,39}$"
"""Of teams and rules: short, and fit for a history line."""
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
STORED = {"stored": True}
"""Validation context of a policy that comes from the table: its rules were compiled when it was saved."""


@dataclass(frozen=True)
class Facts:
    """What a rule's condition may speak of: what triage found, and the hour and weekday of the brand's calendar."""

    platform: str
    account: str
    surface: Surface
    public: bool
    language: str
    kind: str
    sentiment: Sentiment
    priority: int
    lane: Lane
    topic: str
    reach: int
    vip: bool
    contacts: int
    personal_data: tuple[str, ...]
    reference: str
    recommended: Place
    incident: bool
    reopened: bool
    hour: int
    weekday: Weekday


VOCABULARY = Vocabulary.of(Facts)


class Target(BaseModel):
    """To whom a rule leads: a person; where that one is not there, a team; with skills and a level if need be."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    person: str = Field(default="", max_length=64)
    team: str = ""
    skills: tuple[str, ...] = Field(default=(), max_length=10)
    level: int = Field(default=0, ge=0, le=9)


class Rule(BaseModel):
    """One rule; the first whose condition holds decides."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=NAME)
    when: str
    to: Target

    @model_validator(mode="after")
    def _can_be_read(self, info: ValidationInfo) -> Rule:
        if not (info.context or {}).get("stored"):
            VOCABULARY.condition(f"assignment rule {self.name}", self.when)
        if not (self.to.person or self.to.team or self.to.skills or self.to.level):
            raise ValueError(f"assignment rule {self.name}: it leads to nobody")
        return self


class Team(BaseModel):
    """A team, and the channels it takes (D3, D12). Who belongs to it stands with the members."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=NAME)
    name: str = ""
    platforms: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    """Ids of accounts; they go before platforms."""


class Assignment(BaseModel):
    """A brand's way of giving out cases. As shipped: to the least loaded of all."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rules: tuple[Rule, ...] = Field(default=(), max_length=100)
    teams: tuple[Team, ...] = Field(default=(), max_length=100)
    spread: Literal["least_loaded", "round_robin"] = "least_loaded"
    language: Literal["ignored", "preferred", "required"] = "preferred"
    """How much it counts that an agent speaks the customer's language. Who has named none speaks any."""
    take_waiting: bool = True
    """Whether waiting cases go to whoever has room again, without being asked for."""
    note_after_seconds: int = Field(default=300, ge=0, le=86400)
    """A case somebody had for so long, or that was answered, is not passed on without a note (D6)."""
    same_agent_days: int = Field(default=0, ge=0, le=365)
    """For so long after somebody was given a case of a person, they get that person's other conversations too (L5)."""

    @model_validator(mode="after")
    def _known_teams(self) -> Assignment:
        known = [team.id for team in self.teams]
        for names in (known, [rule.name for rule in self.rules]):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"{twice[0]} is there twice")
        for rule in self.rules:
            if rule.to.team and rule.to.team not in known:
                raise ValueError(f"assignment rule {rule.name}: there is no team {rule.to.team}")
        return self

    def team_for(self, platform: str, account: str) -> str:
        """The team that takes a channel: the first that names the account, else the platform; empty: everybody."""
        for team in self.teams:
            if account in team.accounts:
                return team.id
        return next((team.id for team in self.teams if platform in team.platforms), "")


@dataclass(frozen=True)
class Situation:
    """What counts of a case beside the facts for rules."""

    facts: Facts
    owner: str = ""
    """Who has it, or had it last."""
    stays: bool = False
    """Nobody takes it away: a person said whose it is, or a reply of the owner is under way."""
    served_by: str = ""
    """Who lately had another conversation of the same person."""
    named: Collection[str] = ()
    """Handles the customer's message calls, in lower case."""
    declined: Collection[str] = ()
    """Who gave it back to the queue: it does not come round to them by itself."""
    level: int = 0
    """The authority it needs."""


@dataclass(frozen=True)
class Load:
    """What a member has at the moment: cases that wait for us, in all and by platform, and the turn last served."""

    cases: int = 0
    platforms: Mapping[str, int] = field(default_factory=dict)
    turn: int = 0


@dataclass(frozen=True)
class Step:
    """One step of the choice: its code, and the rule, team or member it speaks of."""

    code: str
    about: str = ""


@dataclass(frozen=True)
class Choice:
    """The owner, or nobody: then it waits in the queue of `team` (empty: everybody's). `steps` say why, in order."""

    owner: str
    team: str
    steps: tuple[Step, ...]

    @property
    def reason(self) -> str:
        """The code that decided."""
        return self.steps[-1].code


def has_room(member: Member, load: Load, platform: str) -> bool:
    there = load.platforms.get(platform, 0)
    return load.cases < member.capacity and there < member.capacities.get(platform, member.capacity)


def choose(
    rules: Assignment, case: Situation, people: Sequence[Member], load: Mapping[str, Load], now: datetime
) -> Choice:
    """Who gets the case. The same for the same arguments, whatever the order of `people`.

    `load` is asked only for members who may get it: it may fetch them then.
    """
    facts, there = case.facts, {m.id: m for m in sorted(people, key=lambda m: m.id) if m.on_shift(now)}

    def free(member: Member | None) -> bool:
        return member is not None and has_room(member, load[member.id], facts.platform)

    if case.stays and case.owner:
        return Choice(case.owner, rules.team_for(facts.platform, facts.account), (Step("assign.kept", case.owner),))
    steps: list[Step] = []
    rule = _first(rules.rules, facts, steps)
    to = rule.to if rule else Target()
    team, level = to.team or rules.team_for(facts.platform, facts.account), max(to.level, case.level)
    keeper = there.get(case.owner) if case.owner not in case.declined else None
    if keeper and keeper.level >= case.level and free(keeper):
        return Choice(keeper.id, team, (Step("assign.kept", keeper.id),))
    serving = there.get(case.served_by) if case.served_by not in case.declined else None
    if serving and serving.level >= case.level and free(serving):
        return Choice(serving.id, team, (Step("assign.same_person", serving.id),))
    for member in there.values():
        called = member.handle and member.handle.lower() in case.named and member.id not in case.declined
        if called and member.level >= case.level and free(member):
            return Choice(member.id, team, (Step("assign.named", member.id),))
    if rule:
        steps.append(Step("assign.rule", rule.name))
    if to.person:
        if to.person not in case.declined and free(there.get(to.person)):
            return Choice(to.person, team, (*steps, Step("assign.rule_person", to.person)))
        steps.append(Step("assign.rule_person_absent", to.person))
    if team and not to.team:
        steps.append(Step("assign.channel_team", team))
    crew = [m for m in there.values() if not team or team in m.teams]
    able = [
        m for m in crew if m.level >= level and set(to.skills) <= set(m.skills) and m.id not in case.declined
    ]  # fmt: skip
    if not able:
        return Choice("", team, (*steps, Step("assign.nobody_able" if crew else "assign.nobody_on_shift")))
    owner, last = _of_the_able(rules, facts, able, load, steps)
    return Choice(owner, team, (*steps, Step(last, owner)))


def _first(rules: Sequence[Rule], facts: Facts, steps: list[Step]) -> Rule | None:
    plain = asdict(facts)
    for rule in rules:
        try:
            if VOCABULARY.condition(f"assignment rule {rule.name}", rule.when).holds(plain):
                return rule
        except ConditionError:
            # It was good when the policy was saved; the desk has learnt other words since. No case stops for that.
            steps.append(Step("assign.rule_broken", rule.name))
    return None


def _of_the_able(
    rules: Assignment, facts: Facts, able: Sequence[Member], load: Mapping[str, Load], steps: list[Step]
) -> tuple[str, str]:
    """Whose turn it is, or nobody's; and the code that says so."""
    speakers = able if rules.language == "ignored" else [m for m in able if m.speaks(facts.language)]
    if rules.language == "required" and not speakers:
        return "", "assign.nobody_speaks"
    for group in (speakers, able) if rules.language == "preferred" else (speakers,):
        free = [m for m in group if has_room(m, load[m.id], facts.platform)]
        if free:
            if group is not speakers:
                steps.append(Step("assign.no_speaker"))
            if rules.spread == "round_robin":
                return min(free, key=lambda m: (load[m.id].turn, m.id)).id, "assign.round_robin"
            return min(free, key=lambda m: (load[m.id].cases, m.id)).id, "assign.least_loaded"
    return "", "assign.nobody_has_room"

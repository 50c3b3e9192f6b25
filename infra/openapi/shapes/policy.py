"""The brand's settings, who changed them, and what proposed ones would have made of the last day."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from infra.openapi.shapes.base import Count, Id, Shape, Time


class FactOfConditions(Shape):
    """What conditions may say of a name; `values` where there are only so many."""

    kind: Literal["yes_no", "number", "text", "texts"]
    values: list[str]


class Words(Shape):
    """What conditions may speak of, in rules of assignment and in what asks for approvals."""

    assignment: dict[str, FactOfConditions]
    approvals: dict[str, FactOfConditions]


class LastChange(Shape):
    at: Time
    by: str


class Settings(Shape):
    version: Annotated[str, Field(max_length=32)]
    """A mark without order; empty where nothing was set in the desk."""
    policy: dict[str, JsonValue]
    """Every field of the policy, as a change takes it."""
    changed: LastChange | None
    words: Words


class Amendment(Shape):
    """One change, by field."""

    at: Time
    by: str
    before: dict[str, JsonValue]
    after: dict[str, JsonValue]
    what: str
    """Code of what was done where no field was changed, such as `account.paused`; else empty."""
    facts: dict[str, JsonValue]
    """What its sentence tells: names and numbers."""


class Amendments(Shape):
    items: list[Amendment]


class LastRemoval(Shape):
    at: Time
    cases: Count


class Retention(Shape):
    """How long closed cases stay readable."""

    months: Annotated[int, Field(ge=1, le=60)] | None
    """Null: for good."""
    version: Annotated[str, Field(max_length=32)]
    """That of all settings."""
    media_days: Count
    """After so many days our copies of media are gone by themselves, whatever becomes of the case."""
    last: LastRemoval | None
    """The last time that anything was removed."""
    running: bool
    next_at: Time | None


class WouldGo(Shape):
    """What a rule would remove if it held now."""

    cases: Count
    more: bool
    """There are more than were counted."""
    up_to: Time | None
    """What ended up to then."""


class StepOfAWay(Shape):
    code: str
    sentence: str
    about: str


class AssignmentWay(Shape):
    """To whom a case would have gone; names, empty for nobody."""

    owner: str
    team: str
    steps: list[StepOfAWay]


class TriageWay(Shape):
    """What triage would have made of a case."""

    priority: Annotated[int, Field(ge=1, le=5)]
    lane: str
    end: str
    recommended: str
    steps: list[StepOfAWay]


class TriedCase(Shape):
    conversation: Id
    platform: str
    handle: str
    name: str
    snippet: str
    language: str
    now: AssignmentWay | TriageWay
    then: AssignmentWay | TriageWay


class DryRun(Shape):
    cases: Count
    unread: Count
    """Cases whose message was taken away."""
    agree: Count
    differ: Count
    differences: Annotated[list[TriedCase], Field(max_length=50)]
    more: bool
    """Whether there were cases that were not tried."""
    since: Time


class WrongSetting(Shape):
    """What is wrong at one place: names of fields and places in lists on the way there; none: with the whole."""

    at: list[str | int]
    sentence: str

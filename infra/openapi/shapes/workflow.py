"""The workflow of a case, and rules on trial."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from infra.openapi.shapes.base import Count, Id, Reason, Shape, Time


class State(Shape):
    name: str
    kind: Literal["choice", "end", "wait", "step"]
    comment: str


class Way(Shape):
    """From one state to another."""

    from_: Annotated[str, Field(alias="from")]
    to: str
    why: str


class Step(Shape):
    state: str
    at: Time
    left_at: Time | Literal[""]
    """Empty: it is there."""
    reasons: list[Reason]


class Workflow(Shape):
    start: str
    states: list[State]
    ways: list[Way]
    generation: Count
    running: bool
    path: list[Step]


class Agreement(Shape):
    day: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    version: str
    agree: Count
    differ: Count


class Difference(Shape):
    case: Id
    gen: Count
    at: Time
    version: str
    real: list[str]
    other: list[str]


class Trial(Shape):
    days: list[Agreement]
    differences: list[Difference]


class Shadow(Shape):
    triage: Trial
    assignment: Trial

"""Reports: figures of some days, and the cases behind each number. What each figure means: docs/reports.md."""

from __future__ import annotations

from typing import Annotated, Literal

from hark.domain.reading import Sentiment
from pydantic import Field

from infra.openapi.shapes.base import Count, Cursor, Shape, Time
from infra.openapi.shapes.conversations import Row

Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
"""Of the brand's calendar."""
Milliseconds = int | None
"""Null where nothing was counted."""


class Places(Shape):
    public: Count
    private: Count


class Lengths(Shape):
    n: Count
    median_ms: Milliseconds
    p90_ms: Milliseconds


class AimedLengths(Lengths):
    met: Count
    missed: Count


class NextAnswers(Shape):
    given: Count
    missed: Count


class Answers(Places):
    person: Count
    desk: Count
    outside: Count


class Coverage(Shape):
    answered: Count
    unanswered: Count


class SettledPromises(Shape):
    kept: Count
    missed: Count


class Stars(Shape):
    n: Count
    average: float | None


class StarsByPlace(Stars):
    public: Stars
    private: Stars
    stars: Annotated[list[Count], Field(min_length=5, max_length=5)]
    """How many gave one star, two, …"""


class Cost(Shape):
    fees_usd: float
    whole_usd: float
    each_usd: float | None


class Figures(Shape):
    came: Places
    ended: dict[str, Count]
    """Why triage closed it at once → how many."""
    sentiment: dict[Sentiment, Count]
    first: AimedLengths
    wall: Lengths
    resolution: AimedLengths
    next: NextAnswers
    answers: Answers
    closed: Count
    taken_back: Count
    coverage: Coverage
    promises: SettledPromises
    satisfaction: StarsByPlace
    cost: Cost


class FiguresOfDay(Figures):
    day: Day


class FiguresOfPlatform(Figures):
    id: str


class FiguresOfAccount(Figures):
    id: str
    handle: str
    platform: str


class FiguresOfAgent(Figures):
    id: str
    name: str


class Report(Shape):
    """`from` is the first day and `to` the last; `own`: an agent sees what is told of their own work only."""

    first: Annotated[Day, Field(alias="from")]
    to: Day
    zone: str
    platform: str
    account: str
    agent: str
    own: bool
    total: Figures
    hours: list[list[Count]]
    """Who wrote in which hour: seven weekdays from Monday, 24 hours each."""
    days: list[FiguresOfDay]
    platforms: list[FiguresOfPlatform]
    accounts: list[FiguresOfAccount]
    agents: list[FiguresOfAgent]
    now: Time


class Counted(Shape):
    """One time that a case was counted."""

    at: Time
    kind: Literal["came", "answered", "closed", "taken_back", "promise", "rated"]
    place: Literal["public", "private"]
    end: str
    mark: Literal["", "met", "missed"]
    length_ms: int | None
    stars: int | None
    by: str
    case: Row | None
    """Null when nothing is kept of it any more."""


class CountedCases(Shape):
    items: list[Counted]
    now: Time
    next: Cursor

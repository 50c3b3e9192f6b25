"""Incidents: many people about one topic."""

from __future__ import annotations

from typing import Literal

from infra.openapi.shapes.base import Count, Cursor, Id, Line, ReplyState, Shape, Texts, Time
from infra.openapi.shapes.conversations import Row


class Incident(Shape):
    id: Id
    topic: str
    title: str
    state: Literal["suggested", "open", "closed"]
    opened_at: Time
    closed_at: Time | None
    counted: Count
    people: Count
    """In the quarter of an hour in which it was noticed."""
    suggested: bool
    """By the desk."""
    version: Count


class Incidents(Shape):
    items: list[Incident]
    topics: list[str]
    watching: bool
    now: Time


class Refusal(Shape):
    """A case that was not told, and why."""

    case: Id
    code: str
    sentence: str


class Broadcast(Shape):
    id: Id
    texts: Texts
    state: Literal["proposed", "approved", "done", "withdrawn"]
    at: Time
    by: str
    author: str
    decided_by: str
    decided_at: Time | None
    replies: dict[ReplyState, Count]
    for_people: list[Refusal]


class WholeIncident(Incident):
    status: Texts
    kit: Texts
    story: list[Line]
    broadcasts: list[Broadcast]
    now: Time


class Waiting(Shape):
    count: Count
    items: list[Row]
    """The oldest 500."""


class ClosedIncident(WholeIncident):
    unanswered: Waiting


class IncidentOfCase(Incident):
    status: Texts
    reply: str
    """From the kit, for this customer."""


class IncidentCase(Row):
    unanswered: bool


class IncidentCases(Shape):
    items: list[IncidentCase]
    next: Cursor


class StoryRow(Line):
    case: str
    platform: str
    about: str


class Story(Shape):
    incident: Incident
    rows: list[StoryRow]

"""Listening: what searches found, how queries do, and a query on trial."""

from __future__ import annotations

from typing import Literal

from infra.openapi.shapes.base import Count, Cursor, Id, Line, NoId, Shape, Time
from infra.openapi.shapes.policy import WrongSetting


class QueryNamed(Shape):
    """The query by which it came first; the name is empty when there is no such query any more."""

    id: str
    name: str


class DecisionOnHit(Shape):
    at: Time
    by: str
    """Name; empty for the desk itself."""


class Hit(Shape):
    """A post that nobody sent to the brand. It opens no case before somebody says so."""

    id: Id
    state: Literal["waiting", "case", "not_ours", "gone"]
    platform: str
    query: QueryNamed
    found: list[str]
    """Words of the queries, as they stand in the text."""
    text: str
    language: str
    """What the platform says of it."""
    handle: str
    name: str
    followers: Count
    link: str
    at: Time
    """When it was written, as the platform says."""
    arrived: Time
    conversation: Id | NoId
    """Of the case that it became; it is there a moment after the decision."""
    decided: DecisionOnHit | None
    history: list[Line]


class Hits(Shape):
    items: list[Hit]
    next: Cursor
    now: Time


class QueryProblem(Shape):
    """Why a query does not find what it should: `listening.limit` (it rests until the month is over), `listening.gap`
    (it had to leave days out), or why the platform refused."""

    code: str
    at: Time


class QueryState(Shape):
    id: Id
    name: str
    on: bool
    account: str
    """Handle of the account that pays; empty where it is not connected any more."""
    asked: str
    """The search as the platform gets it; empty where the account cannot search."""
    longest: Count
    read: Count
    """Posts of this month (UTC)."""
    limit: Count
    asked_at: Time | None
    every_minutes: Count
    problem: QueryProblem | None


class PayingAccount(Shape):
    id: str
    handle: str
    platform: str
    can: bool
    """Whether its platform can be searched."""


class ListeningQueries(Shape):
    items: list[QueryState]
    accounts: list[PayingAccount]
    post_micro: Count
    """What X takes for a post that is read, in millionths of a US dollar."""
    now: Time


class ProposedSpellings(Shape):
    name: str
    spellings: list[str]


class ListeningTrial(Shape):
    asked: str
    longest: Count
    proposals: list[ProposedSpellings]
    wrong: list[WrongSetting]
    looked_at: Count
    """Hits of the last day, of all queries."""
    found: Count
    """Those of them that this query finds."""
    items: list[Hit]
    """The newest 25 of these."""
    since: Time

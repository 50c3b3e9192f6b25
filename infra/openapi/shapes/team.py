"""Who is signed in, the brand's accounts, the team, and one's own notices."""

from __future__ import annotations

from typing import Annotated, Literal

from hark.domain.people import Role
from hark.domain.programs import Scope
from pydantic import Field

from infra.openapi.shapes.base import Count, Id, Person, Shape, Time

Hour = Annotated[str, Field(pattern=r"^[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?$")]


class Agent(Person):
    roles: list[Role | Literal["program"]]
    """`program`: who asks by a token."""


class Brand(Shape):
    id: str
    name: str
    zone: str
    """IANA zone of the brand's calendar."""
    undo_seconds: Count


class Pause(Shape):
    """Who has paused an account by hand, and why."""

    by: str
    """Name."""
    at: Time
    why: str


class Account(Shape):
    """An account and its health."""

    id: str
    platform: str
    platforms: list[str]
    handle: str
    name: str
    state: Literal["ok", "degraded", "paused"]
    reason: str
    """Code of why it is paused: `account.paused_by_hand`, else the platform's reason."""
    paused: Pause | None
    since: Time | None
    problems: list[str]
    checked_at: Time | None
    expires_at: Time | None
    last_event_at: Time | None
    missed: Count
    missed_at: Time | None


class WaitingReplies(Shape):
    """What waits for an account."""

    waiting: Count
    """Replies and acts that leave once it may act again."""
    too_old: Count
    """Replies that do not leave by themselves any more: a person decides about each."""
    more: bool
    """Whether there are more than were counted."""


class Colleague(Person):
    on_shift: bool


class Me(Shape):
    agent: Agent
    brand: Brand
    accounts: list[Account]
    members: list[Colleague]
    now: Time


class Program(Shape):
    """A program that works for the brand by a token."""

    id: Id
    name: str
    scopes: list[Scope]
    made_at: Time
    made_by: str
    """Name."""
    ends_at: Time
    used_at: Time | None
    """Noted every hour."""
    revoked_at: Time | None
    revoked_by: str
    """Name."""
    good: bool
    """Whether its token opens anything now."""


class Programs(Shape):
    items: list[Program]
    scopes: list[Scope]
    """All there are."""
    now: Time


class NewProgram(Shape):
    program: Program
    token: Annotated[str, Field(pattern=r"^hark_[A-Za-z0-9_-]{43}$")]
    """Told this once; nobody can look it up."""


class Session(Shape):
    """Where somebody is signed in. Browser and system are names of products, empty when it does not say."""

    id: Id
    since: Time
    used_at: Time
    """Noted every quarter of an hour."""
    ends_at: Time
    browser: str
    system: str
    this: bool
    """The one that asks."""


class Sessions(Shape):
    items: list[Session]
    now: Time


class Hours(Shape):
    start: Hour
    end: Hour


class Shift(Hours):
    """Working hours on some weekdays; 0 is Monday."""

    days: list[Annotated[int, Field(ge=0, le=6)]]
    zone: str


class Day(Shape):
    """A day on which other hours hold, or none."""

    date: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    hours: list[Hours]
    zone: str


class Member(Person):
    role: Role
    teams: list[str]
    languages: list[str]
    skills: list[str]
    handle: str
    level: Count
    spend_limit: Count
    on_shift: bool
    next_shift: Time | None
    away: bool
    handing_back: bool
    removed: bool
    shifts: list[Shift]
    days: list[Day]
    load: Count
    """Open cases that wait for us; like `overdue` counted up to 100."""
    overdue: Count
    capacity: Count
    capacities: dict[str, Count]


class TeamName(Shape):
    id: str
    name: str
    platforms: list[str]
    accounts: list[str]


class Team(Shape):
    members: list[Member]
    teams: list[TeamName]
    now: Time


class Notice(Shape):
    id: str
    code: str
    sentence: str
    case: Id | None
    incident: Id | None
    at: Time
    unread: bool


class Notices(Shape):
    items: list[Notice]
    unread: Count
    mail: bool
    language: Literal["en", "lv", "ru", "ms", "he", "ar"]
    now: Time

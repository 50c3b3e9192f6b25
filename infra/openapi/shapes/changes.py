"""What an open desk is told every few seconds."""

from __future__ import annotations

from typing import Literal

from infra.openapi.shapes.base import Id, Shape, Time
from infra.openapi.shapes.conversations import Row


class Company(Shape):
    """Somebody else has a conversation before them. A hint: nothing is decided by it."""

    case: str
    member: str
    writing: bool


class Call(Shape):
    """One of the items is worth ringing for. Perhaps told again with its next change."""

    case: Id
    why: Literal["unassigned", "given"]
    """A new one of nobody; given to who asks."""


class Changes(Shape):
    """What has changed since `since` was given out."""

    items: list[Row]
    """At most 25."""
    calls: list[Call]
    more: bool
    """Ask again at once."""
    everything: bool
    """Too much to be told one by one: read the view again."""
    company: list[Company]
    """All of it, whenever one of it has changed."""
    cursor: str
    """`since` of the next question."""
    now: Time

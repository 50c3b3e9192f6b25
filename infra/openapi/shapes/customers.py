"""The customer beside a conversation."""

from __future__ import annotations

from infra.openapi.shapes.base import Count, Shape, Time
from infra.openapi.shapes.conversations import Row


class KnownAs(Shape):
    """A person as one platform shows them."""

    platform: str
    id: str
    handle: str
    name: str
    reachable: bool
    protected: bool


class BegunConversation(Row):
    opened_at: Time


class EarlierGeneration(Shape):
    """A conversation before it was opened again."""

    generation: Count
    began_at: Time
    closed_at: Time | None
    code: str
    sentence: str


class KnownCustomer(Shape):
    channels: list[KnownAs]
    """The conversation's own first, then the one that a private reply has linked to it."""
    conversations: list[BegunConversation]
    """The person's others, newest first."""
    more: bool
    earlier: list[EarlierGeneration]
    now: Time

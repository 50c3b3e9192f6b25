"""Drafts that others approve."""

from __future__ import annotations

from typing import Literal

from infra.openapi.shapes.base import Count, Cursor, Id, Named, Saying, Shape, Time
from infra.openapi.shapes.conversations import PlainMessage, Reply, Row


class Draft(Shape):
    id: Id
    conversation: Id
    text: str
    verb: Saying
    at: Time
    by: Named
    state: Literal["waiting", "approved", "sent", "returned", "withdrawn", "expired", "superseded"]
    number: Count
    """Approvals it needs."""
    why: list[str]
    """Names of the brand's conditions that ask for them."""
    approved_by: list[Named]
    edited_by: list[Named]
    reason: str
    """Why it was sent back."""
    ended_at: Time | None
    ended_by: str
    reply: Id | None
    hold: Count | None
    send_at: Time | None
    seen: Count
    """What its author had in view."""
    talk: Count
    """What there is now."""
    stale: bool
    rev: Count


class Drafts(Shape):
    items: list[Draft]


class Approved(Shape):
    draft: Draft
    reply: Reply | None
    """Null: one more has to agree."""


class DraftOfCase(Shape):
    draft: Draft
    conversation: Row
    message: PlainMessage | None
    """What it answers; null when that is not kept."""
    may_approve: bool


class Approvals(Shape):
    items: list[DraftOfCase]
    next: Cursor

"""Canned texts, the FAQ, and what the bot did with it."""

from __future__ import annotations

from typing import Literal

from infra.openapi.shapes.base import Count, Cursor, Id, ReplyState, Shape, Time


class Entry(Shape):
    id: Id
    """Begins with its language."""
    language: str
    kind: Literal["canned", "faq"]
    standing: Literal["candidate", "approved"]
    title: str
    text: str
    """May hold gaps: {name}."""
    questions: list[str]
    public: bool
    uses: Count
    right: Count
    wrong: Count
    case: str
    reply: str
    by: str
    at: Time
    version: Count


class Entries(Shape):
    items: list[Entry]


class Deed(Shape):
    """What the bot did in one generation of a case."""

    conversation: Id
    generation: Count
    at: Time
    did: Literal["answered", "handed_over"]
    platform: str
    language: str
    entry: str
    title: str
    likeness: float
    margin: float
    question: str
    answer: str
    state: Literal[""] | ReplyState


class Deeds(Shape):
    items: list[Deed]
    next: Cursor


class Verdict(Shape):
    conversation: Id
    generation: Count
    verdict: Literal["right", "wrong"]
    by: str

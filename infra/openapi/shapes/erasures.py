"""Erasures of customers, and their receipts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from infra.openapi.shapes.base import Count, Id, NoId, Shape, Time

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class ErasedSubject(Shape):
    """A person by the hash under which the list of the forgotten knows them."""

    platform: str
    hash: Annotated[str, Field(pattern=r"^[a-z2-7]{52}$")]


class ErasureReceipt(Shape):
    """What was erased, and when; names nobody. How it is checked stands in docs/erasure.md."""

    id: Id
    brand: str
    number: Count
    subjects: list[ErasedSubject]
    asked_at: Time
    asked_by: str
    erased_at: Time
    erased: dict[str, Count]
    """By kind: conversations, messages, entries of the ledger and so on."""
    previous: Hash | NoId
    """Of the receipt before it; empty in the first."""
    key: str
    """Name of the key it is signed with."""
    signature: Hash
    """HMAC-SHA256 over all the other fields as canonical JSON."""


class Erasure(Shape):
    id: Id
    at: Time
    """When it was asked for."""
    by: str
    """A member's id; empty when a platform passed the wish on."""
    state: Literal["asked", "done"]
    receipt: ErasureReceipt | None
    """Null until it is done."""


class Erasures(Shape):
    items: list[Erasure]
    """Newest first."""

"""Time as Hark keeps it: UTC, milliseconds, one fixed text form that sorts as time does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

FAR = "9999-12-31T23:59:59.999Z"
"""Sorts behind every real time: the due time of what is not due."""


def text(at: datetime) -> str:
    """RFC 3339 with milliseconds and `Z`.

    Raises:
        ValueError: `at` has no zone; a naive time is a bug of the caller.
    """
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse(value: str) -> datetime:
    """The inverse of `text`; also reads other RFC 3339 forms with a zone."""
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at.astimezone(UTC)


def after(value: str, seconds: float) -> str:
    """`seconds` later than `value`, both in text form."""
    return text(parse(value) + timedelta(seconds=seconds))

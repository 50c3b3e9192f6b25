"""Whether every event that came in has come to an end."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from infra.openapi.shapes.base import Count, Shape, Time

Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
"""Of the calendar in UTC."""


class OpenDay(Shape):
    day: Day
    events: Count
    """That had not ended when last looked at."""


class LedgerFinding(Shape):
    """Something that does not fit; the operator's command tells all of it."""

    day: Day
    code: str
    sentence: str


class FoundMissing(Shape):
    account: str
    """Provider and id: `x/5550001`."""
    events: Count
    """That no delivery brought and the poll found."""


class LedgerDay(Shape):
    """The events that came on a day, and where they ended. Received is the sum of the next six."""

    day: Day
    received: Count
    folded: Count
    ignored: Count
    """With a reason each."""
    quarantined: Count
    review: Count
    """Found by listening: a person decides, or they are forgotten."""
    late: Count
    """That ended after the day was sealed, wherever."""
    open: Count
    missed: list[FoundMissing]


class LedgerDays(Shape):
    """The ledger's proof, as the last night found it."""

    state: Literal["new", "balanced", "open", "late", "broken"]
    """`new`: no day is over yet. `late`: a day is overdue to be sealed."""
    since: Day | None
    until: Day | None
    """Up to here every day balances."""
    checked_at: Time | None
    open: list[OpenDay]
    findings: list[LedgerFinding]
    days: list[LedgerDay]
    """The last seven, newest first."""

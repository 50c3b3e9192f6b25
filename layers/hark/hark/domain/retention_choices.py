"""What a brand decides about how long closed cases stay readable."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

LONGEST_MONTHS = 60


class Retention(BaseModel):
    """A brand's rule. Our copies of media are kept by another one, that of their bucket (docs/media.md)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    months: int | None = Field(default=24, ge=1, le=LONGEST_MONTHS)
    """Months of the calendar after a case was closed and nobody said anything more; None: for good."""

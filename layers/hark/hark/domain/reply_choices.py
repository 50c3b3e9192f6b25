"""What a brand wants looked at before its replies leave (`domain.reply_checks`)."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Setting = Literal["off", "warn", "block"]
"""`block` refuses the reply, `warn` tells its author."""


class Checks(BaseModel):
    """What a brand wants looked at before its replies leave, and how strictly. `block` refuses, `warn` tells."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    personal_data: Setting = "block"
    asks_for_data: Setting = "warn"
    same_text: Setting = "warn"
    heated: Setting = "warn"
    placeholder: Setting = "block"
    long_thread: Setting = "warn"
    telephone: Setting = "warn"
    confirm: bool = False
    """Whether who writes has to confirm each warning by its code before the reply is taken."""
    likeness: float = Field(default=0.75, ge=0.3, le=1)
    """From which share of equal runs of characters a text is the same as one before (`domain.sketch`)."""
    cool_down_seconds: int = Field(default=120, ge=0, le=3600)
    """How long nobody should answer heated words, counted from when they were written."""
    public_replies: int = Field(default=3, ge=1, le=50)
    """After so many public answers of ours in one thread the rest belongs in private."""
    sign: bool = False
    """Whether the initials of who writes are put under public replies (`^AB`)."""
    own_contacts: tuple[str, ...] = Field(default=(), max_length=50)
    """Telephone numbers, addresses of e-mail and domains that are the brand's own, and no personal data."""

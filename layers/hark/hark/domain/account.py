"""One presence of a brand on a platform."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Account(BaseModel):
    """A handle, a Page or a bot, and whether it can act. Its secrets are elsewhere, in the parameter store."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    provider: str
    id: str
    brand: str
    platform: str
    handle: str
    name: str = ""
    state: Literal["ok", "paused"] = "ok"
    reason: str = ""
    """Dotted code of why it is paused."""

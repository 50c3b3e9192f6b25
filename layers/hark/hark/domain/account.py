"""One presence of a brand on a platform."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

PAUSED_BY_HAND = "account.paused_by_hand"
"""Why nothing leaves through an account that a person of the brand has paused."""


class Account(BaseModel):
    """A handle, a Page or a bot, and whether it can act. Its secrets are elsewhere, in the parameter store.

    `platform` is the one it was connected for; `platforms` are all it carries (a Facebook Page carries Facebook and
    Messenger). All times are in text form (`domain.time`); empty when unknown.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    provider: str
    id: str
    brand: str
    platform: str
    platforms: tuple[str, ...] = ()
    linked: str = ""
    """Id of the provider's other account whose events may come under this account's id: the Instagram account of a
    Page and the reverse."""
    handle: str
    name: str = ""
    features: tuple[str, ...] = ()
    """What the platform has granted to our application beyond the ordinary, such as `human_agent`."""
    settings: dict[str, Any] = Field(default_factory=dict)
    """The operator's choices a provider knows of, such as a welcome text."""
    listens: tuple[str, ...] = ()
    """Ids of the brand's listening queries that are on and that it pays, as the settings say. Kept here, so that an
    account that listens for nothing costs nothing to find out."""

    state: Literal["ok", "paused"] = "ok"
    reason: str = ""
    """Dotted code of why it is paused."""
    since: str = ""
    """When it was paused, or could act again."""
    paused_by: str = ""
    """The member who has paused it by hand. Apart from `state`: no good answer of the platform undoes that."""
    paused_at: str = ""
    """When they did; empty while nobody has."""
    paused_why: str = ""
    """Their reason, in their words."""
    problems: tuple[str, ...] = ()
    """Dotted codes of what the last check found wrong without stopping us."""
    checked_at: str = ""
    expires_at: str = ""
    """When our access ends unless it is renewed."""
    renewing_until: str = ""
    """Until then somebody renews it; nobody else may (F24)."""
    health: dict[str, Any] = Field(default_factory=dict)
    """What the provider's check wants to remember."""
    last_event_at: str = ""
    """When anything last came in by webhook, to within a few minutes."""
    missed: int = 0
    """Events the poll has found, in all, that no webhook had brought in time."""
    missed_at: str = ""
    """When it last found one."""
    quiet_hours: int = 24
    """After so long without any event something is probably wrong."""

    def carries(self, platform: str) -> bool:
        """Whether the account speaks on `platform`."""
        return platform in (self.platforms or (self.platform,))

    @property
    def stopped(self) -> str:
        """Dotted code of why nothing leaves through it; empty while it may act. It goes on receiving."""
        if self.paused_at:
            return PAUSED_BY_HAND
        return (self.reason or "account.paused") if self.state == "paused" else ""

    @property
    def condition(self) -> Literal["ok", "degraded", "paused"]:
        """What people see: paused, acting with problems, or well."""
        if self.stopped:
            return "paused"
        return "degraded" if self.problems else "ok"

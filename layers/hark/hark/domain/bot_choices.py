"""What a brand lets its bot do. As shipped it does nothing (capabilities I1, I2, I3, I5, I6, D13)."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class BotChoices(BaseModel):
    """Texts are by language (BCP 47); a language without one takes the shipped text, one of ours takes English."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    enabled: bool = False
    gate: float = Field(default=0.75, ge=0.3, le=1)
    """How alike a question and a known one have to be before the bot answers (`domain.matching`, docs/bot.md)."""
    margin: float = Field(default=0.1, ge=0, le=1)
    """How much more alike than the second best entry."""
    share_percent: int = Field(default=20, ge=0, le=100)
    """Of the conversations that came up for it in a day (UTC), how many it may answer at most (I5)."""
    hands_over: bool = True
    """Whether it says that a person is coming when it does not know (I2)."""
    labels: dict[str, str] = Field(default={}, max_length=20)
    """What stands under every text of the bot, so that nobody takes it for a person (E20, I6)."""
    hand_over_texts: dict[str, str] = Field(default={}, max_length=20)
    reviewer: str = Field(default="", max_length=64)
    """The member who looks over what it did (D13); empty: any lead."""

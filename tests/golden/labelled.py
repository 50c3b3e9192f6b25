"""The golden set as Python values. What the fields mean: README.md."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from hark.domain.reading import Intent, Sentiment, Urgency
from pydantic import BaseModel, ConfigDict, Field

HERE = Path(__file__).parent
LANGUAGES = ("lv", "ru", "ms", "he", "ar", "en")


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(Strict):
    """The reading as a careful native would give it."""

    language: str = Field(pattern=r"^(lv|ru|ms|he|ar|en|und)$")
    sentiment: Sentiment
    intent: Intent
    urgency: Urgency
    confidence: float = Field(ge=0, le=1)


class Expected(Strict):
    """Where the tree has to lead. Of what ends, only the leaf and the reason are labelled."""

    leaf: str
    end: Literal["", "elsewhere", "empty", "thanks", "spam", "troll", "policy"] = ""
    priority: int | None = Field(default=None, ge=1, le=5)
    lane: Literal["", "praise", "long"] | None = None
    recommended: Literal["", "public", "private"] | None = None


class Labelled(Strict):
    """One message with its facts, its reading and what the tree has to say about it."""

    id: str
    text: str
    surface: Literal["post", "comment", "direct"]
    addressing: Literal["addressed", "named", "implied"]
    may_reply: bool = True
    has_media: bool = False
    withdrawn: bool = False
    elsewhere: bool = False
    says_something: bool = True
    reach: int = Field(default=0, ge=0)
    contacts: int = Field(default=1, ge=1)
    earlier: int = Field(default=0, ge=0)
    vip: bool = False
    incident: bool = False
    answer_all: bool = True
    personal_data: tuple[Literal["phone", "email", "iban", "card", "national_id"], ...] = ()
    wants_account: bool = False
    reference: str = ""
    reading: Label
    expected: Expected
    codes: tuple[str, ...]


def messages(language: str) -> tuple[Labelled, ...]:
    """The messages of one language's file, in its order."""
    rows = tomllib.loads((HERE / f"{language}.toml").read_text())["message"]
    return tuple(Labelled.model_validate(row) for row in rows)


def golden_set() -> tuple[Labelled, ...]:
    """All of them."""
    return tuple(message for language in LANGUAGES for message in messages(language))

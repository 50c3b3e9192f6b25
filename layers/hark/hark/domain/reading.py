"""What a reader understood of a text. Who reads (built in, or a service) is chosen in `hark.reading`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

UNSURE = "und"
"""BCP 47: the language could not be told."""

Sentiment = Literal["negative", "neutral", "positive", "unsure"]
Intent = Literal[
    "question", "complaint", "request", "praise", "thanks", "statement", "spam", "taunt", "abuse", "crisis", "unsure"
]
"""What the author wants. A `taunt` mocks and asks for nothing; `abuse` insults or threatens people; a `crisis` puts
people in danger or calls others up against the brand. `statement` tells something and wants nothing."""
Urgency = Literal["burning", "normal", "unsure"]


Field = Literal["language", "sentiment", "intent", "urgency"]


@dataclass(frozen=True)
class Evidence:
    """Why: which part of the text spoke for a field. Places, not words, so that it can be kept anywhere (I29)."""

    field: Field
    start: int
    end: int
    """Code points of the text, end exclusive."""
    code: str
    """What spoke: the name of the rule or of the list it matched, or of the model."""


@dataclass(frozen=True)
class Reading:
    """One text as a reader understood it. A field it is not sure of says so (`und`, `unsure`)."""

    language: str
    sentiment: Sentiment
    intent: Intent
    urgency: Urgency
    confidence: float
    """0 to 1, of the least sure of the fields that are not unsure."""
    engine: str
    """Name and version of who read it."""
    evidence: tuple[Evidence, ...] = ()


class Reader(Protocol):
    """Reads one text. `hint` is the platform's word for the language, `expected` are the brand's languages (BCP 47)."""

    def read(self, text: str, hint: str, expected: tuple[str, ...]) -> Reading: ...

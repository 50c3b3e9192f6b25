"""The mood of a text by Amazon Comprehend; language, intent and urgency stay the built-in reader's.

Comprehend knows the sentiment of twelve languages and no intents (its developer guide, "Languages supported"): of the
six Hark is made for, English and Arabic. Everything else is left to the reader behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from hark.domain.reading import Evidence, Reader, Reading, Sentiment
from hark.reading.backed import CannotRead

ENGINE = "comprehend"
LANGUAGES = frozenset({"en", "ar", "de", "es", "it", "pt", "fr", "ja", "ko", "hi", "zh"})
MAX_BYTES = 5000
"""Of UTF-8, in one document (its quotas)."""
ENOUGH = 0.6
"""A mood it is less sure of than that is called unsure."""
_MOODS: dict[str, Sentiment] = {"POSITIVE": "positive", "NEGATIVE": "negative", "NEUTRAL": "neutral"}


@dataclass(frozen=True)
class Comprehend:
    client: Callable[[], Any]
    builtin: Reader

    def read(self, text: str, hint: str, expected: tuple[str, ...]) -> Reading:
        """The built-in reading with Comprehend's mood in it.

        Raises:
            CannotRead: a language it does not know, or a text too long or empty for it. ClientError, BotoCoreError.
        """
        base = self.builtin.read(text, hint, expected)
        if base.language not in LANGUAGES:
            raise CannotRead("language")
        sent = text.encode("utf-8", "replace")
        if not text.strip() or len(sent) > MAX_BYTES:
            raise CannotRead("length")
        said = self.client().detect_sentiment(Text=sent.decode(), LanguageCode=base.language)
        mood = _MOODS.get(said["Sentiment"], "unsure")
        share = said["SentimentScore"].get(said["Sentiment"].capitalize(), 0.0)
        if share < ENOUGH:
            mood = "unsure"
        why = tuple(one for one in base.evidence if one.field != "sentiment")
        if mood != "unsure":
            why = (*why, Evidence("sentiment", 0, len(text), ENGINE))
        sure = min(base.confidence or share, share) if mood != "unsure" else base.confidence
        return replace(
            base, sentiment=mood, confidence=round(sure, 3), engine=f"{ENGINE} + {base.engine}", evidence=why
        )

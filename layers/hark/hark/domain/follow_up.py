"""What a brand decides about the time after an answer (H1 to H6), and the question it asks.

How long the silence is that leads to it stands in `Policy.follow_up_seconds` and `silence_closes_seconds`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

FALLBACK_LANGUAGE = "en"

SOLVED_QUESTION: dict[str, str] = {
    "lv": "Labdien! Vai jūsu jautājums ir atrisināts?",
    "ru": "Здравствуйте! Ваш вопрос решён?",
    "ms": "Salam sejahtera. Adakah perkara anda sudah selesai?",
    "he": "שלום, האם הפנייה שלך נפתרה?",
    "ar": "مرحبا، هل تم حل مشكلتك؟",
    "en": "Hello! Is your matter solved now?",
}
"""Asks one thing, so that a mere yes or no is an answer (`domain.hearing`)."""


class FollowUp(BaseModel):
    """As shipped the owner is reminded once to ask, and the same case is opened again whenever the customer writes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ask: Literal["owner", "customer"] = "owner"
    """Who is turned to: the owner, to ask by themselves, or the customer, by the desk where a platform lets it."""
    ask_in_public: bool = False
    """Whether the desk itself asks under a public message, too. X takes one automatic answer for each contact."""
    reminders: int = Field(default=1, ge=1, le=5)
    """How often it is asked before silence closes the case (H2)."""
    reopen_days: int | None = Field(default=None, ge=1, le=3650)
    """For how long after its closing a word of the customer joins the case; later it begins anew. None: for ever."""
    question: dict[str, str] = Field(default_factory=dict)
    """The brand's own words by language (BCP 47), in place of the shipped ones. A yes or no has to answer them."""

    def text(self, language: str) -> str:
        """The question in a language, or in English where there is none."""
        return in_language(self.question, SOLVED_QUESTION, language)


def in_language(own: dict[str, str], shipped: dict[str, str], language: str) -> str:
    """The brand's text in a language, else ours, else the brand's in English, else ours in English."""
    primary = language.split("-")[0].lower()
    for name in (language, primary, FALLBACK_LANGUAGE):
        for texts in (own, shipped):
            if texts.get(name):
                return texts[name]
    raise LookupError(language)

"""The question how satisfied somebody was (H3, G10): what a brand decides about it, and what it does to a case.

The texts are ours; a brand may put its own in their place. `domain.rating_texts` holds those of the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, field_validator

from hark.domain.follow_up import in_language

if TYPE_CHECKING:
    from hark.domain.case import Case
    from hark.domain.policy import Policy
    from hark.domain.tree import Place

REASONS = frozenset({"solved", "silence", "agent"})
"""Closings after which it is asked. Who only said thanks, or was not answered, is not asked."""
LONGEST_COMMENT = 1000
"""Characters."""
STARS = range(1, 6)
LINK = "{link}"

INVITATION: dict[str, str] = {
    "lv": "Cik apmierināts esat ar mūsu palīdzību? Novērtējiet to šeit: {link}",
    "ru": "Насколько вы довольны нашей помощью? Оцените её здесь: {link}",
    "ms": "Sejauh mana anda berpuas hati dengan bantuan kami? Nilaikan di sini: {link}",
    "he": "עד כמה היית מרוצה מהעזרה שלנו? אפשר לדרג כאן: {link}",
    "ar": "ما مدى رضاك عن مساعدتنا؟ يمكنك التقييم هنا: {link}",
    "en": "How satisfied are you with our help? Rate it here: {link}",
}


class Satisfaction(BaseModel):
    """As shipped nobody is asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: bool = False
    valid_days: int = Field(default=14, ge=1, le=90)
    """How long the link can be used."""
    invitation: dict[str, str] = Field(default_factory=dict)
    """The brand's own words by language (BCP 47), with `{link}` where the link goes."""

    @field_validator("invitation")
    @classmethod
    def _has_a_place_for_the_link(cls, texts: dict[str, str]) -> dict[str, str]:
        if any(text.count(LINK) != 1 for text in texts.values()):
            raise ValueError("each invitation has {link} once")
        return texts

    def text(self, language: str, link: str) -> str:
        """The invitation in a language, or in English where there is none."""
        return in_language(self.invitation, INVITATION, language).replace(LINK, link)


def due(case: Case, policy: Policy) -> Case:
    """A case that was just closed: whether its customer is to be asked."""
    if not policy.satisfaction.on or case.close_reason not in REASONS:
        return case
    return case.model_copy(update={"survey": "due"})


def place(case: Case) -> Place:
    """Where the customer was answered (G10): in private as soon as we went there."""
    return "public" if case.public and not case.private_reply_at else "private"


def rated(case: Case, gen: int, stars: int, where: Place, now: str) -> Case:
    """The customer has rated a generation of the case; the case shows the rating of the last one that was rated."""
    if gen < case.rated_gen:
        return case
    fresh = {"rating": stars, "rated_gen": gen, "rated_at": now, "rated_place": where, "updated_at": now}
    if gen == case.gen:
        fresh["survey"] = "rated"
    return case.model_copy(update=fresh)

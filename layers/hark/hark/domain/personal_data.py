"""Personal data in a text: telephone numbers, e-mail, IBAN, payment cards, national ids, addresses, birth dates,
passwords (capabilities E5, E25, E26).

A check digit or a numbering plan proves a number, a word before it says what it is; a number that has neither is
left alone, because orders, prices, times and flights are numbers too. The words are in `domain.personal_words`, in
the six languages of the articles. Whoever calls this knows what it does not see: names, addresses without the word of
a street and a flat or "my address", passwords without a digit, anything in a picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from hark.domain.folding import fold

Kind = Literal["phone", "email", "iban", "card", "national_id", "address", "birth_date", "password"]

REGIONS_OF = {
    "lv": ("LV",), "ru": ("RU",), "ms": ("MY",), "he": ("IL",), "ar": ("AE", "SA", "EG"), "en": ("GB", "US"),
}  # fmt: skip
"""In which countries (ISO 3166) a number without a country code is looked for, by the language people write in."""
REGIONS = tuple(region for regions in REGIONS_OF.values() for region in regions)


@dataclass(frozen=True)
class Finding:
    """Personal data of a kind at `text[start:end]` (code points, end exclusive)."""

    kind: Kind
    start: int
    end: int


def found(text: str, regions: Iterable[str] = REGIONS) -> tuple[Finding, ...]:
    """What personal data a text holds, in its order; no two findings overlap.

    `regions` are the countries (ISO 3166) whose way of writing telephone numbers without a country code counts.
    """
    folded = fold(text)
    # Everything that is looked for has a digit in it, but e-mail addresses.
    if not any(c.isdigit() or c == "@" for c in folded.text) and "at)" not in folded.text and "at]" not in folded.text:
        return ()
    from hark.domain.personal_search import spans

    return tuple(Finding(kind, *folded.span(start, end)) for kind, start, end in spans(folded.text, tuple(regions)))


def kinds(text: str, regions: Iterable[str] = REGIONS) -> frozenset[Kind]:
    """Which kinds of personal data a text holds."""
    return frozenset(finding.kind for finding in found(text, regions))


def covered(text: str, findings: Iterable[Finding], sign: str = "▒") -> str:
    """The text with what was found covered, as long as it was."""
    shown = list(text)
    for finding in findings:
        shown[finding.start : finding.end] = sign * (finding.end - finding.start)
    return "".join(shown)

"""The language the desk's page comes in: what the agent chose on this device, else what the browser asks for."""

from typing import Any

from hark.domain.faq_page import RIGHT_TO_LEFT
from hark.domain.notice_words import LANGUAGES
from hark.web import gate

COOKIE = "desk-language"
"""Set by the page when the agent chooses; holds one of `LANGUAGES`. What e-mails are written in is another matter."""
FORMER_TAGS = {"iw": "he"}
"""Tags of ISO 639 that were renamed and that old devices still send."""


def page_language(event: dict[str, Any]) -> str:
    chosen = gate.cookie(event, COOKIE)
    return chosen if chosen in LANGUAGES else best_of(gate.header(event, "accept-language"))


def direction(language: str) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def best_of(header: str) -> str:
    """The best of our languages by weight and then by order (RFC 9110, section 12.5.4); English when none is wanted."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(header.lower().split(",")):
        tag, _, weight = part.replace(" ", "").partition(";q=")
        primary = tag.split("-")[0]
        language = FORMER_TAGS.get(primary, primary)
        try:
            share = float(weight or "1")
        except ValueError:
            continue
        if language in LANGUAGES and 0 < share <= 1:
            wanted.append((-share, place, language))
    return min(wanted)[2] if wanted else "en"

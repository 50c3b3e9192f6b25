"""Whether an automatic message may go out at all: each platform's rules on automation, and plain manners.

X (automation rules, as of contracts/x.md, gotcha 18): one automatic answer per contact; none to who only used a word
or a name; stop when asked to; replies written by a model only with X's approval. Everywhere: who asked for a person,
or asked us to stop, gets none. What is reserved for people (Meta's HUMAN_AGENT) is the verb table's business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hark.domain.folding import plain

ONCE_PER_CONTACT = frozenset({"x"})
ONLY_WHEN_CALLED = frozenset({"x"})
APPROVAL_FOR_MODELS = frozenset({"x"})
"""Platforms with such a rule."""


@dataclass(frozen=True)
class Wish:
    """An automatic message somebody wants to send."""

    platform: str
    public: bool
    called: bool
    """The person called the brand itself, or wrote in private."""
    stopped: bool
    """The person asked for a human, or asked us to stop."""
    said: int
    """Automatic messages of ours since the person last wrote."""
    by_model: bool = False
    """Its words were written by a model, not by a person of the brand."""
    model_approved: bool = False
    """The platform has approved that."""


def forbidden(wish: Wish) -> str:
    """The code of what forbids it; empty when it may go out."""
    if wish.stopped:
        return "automation.stopped"
    if wish.public and not wish.called and wish.platform in ONLY_WHEN_CALLED:
        return "automation.not_called"
    if wish.said and wish.platform in ONCE_PER_CONTACT:
        return "automation.once"
    if wish.by_model and not wish.model_approved and wish.platform in APPROVAL_FOR_MODELS:
        return "automation.not_approved"
    return ""


_STOP_WORDS = (
    r"^\s*stop\s*[.!]*\s*$",
    r"\bunsubscribe\b",
    r"\bstop (?:writing|messaging|replying|answering|sending|spamming)\b",
    r"\b(?:no|not a|stupid|hate) (?:ro)?bots?\b",
    r"\b(?:real|actual|live) (?:person|human|agent)\b",
    r"\b(?:talk|speak|chat) (?:to|with) (?:a |an |some)?(?:human|person|agent|someone|somebody|operator)\b",
    r"\b(?:human|agent) please\b",
    # lv
    r"(?<!\w)(?:beidziet|pārstājiet|nerakstiet) (?:man|rakstīt|sūtīt|vairs)",
    r"(?<!\w)(?:īstu|dzīvu|reālu) cilvēku",
    r"(?<!\w)(?:runāt|sazināties) ar (?:cilvēku|operatoru|darbinieku)",
    r"(?<!\w)ne ar (?:robotu|botu)",
    # ru
    r"^\s*стоп\s*[.!]*\s*$",
    r"(?:хватит|прекратите|перестаньте) (?:мне )?(?:писать|слать|отвечать)|не пишите мне|отпишите",
    r"(?:живой|живого|живому|живым|реальн\w+) (?:человек\w*|оператор\w*)",
    r"(?:позовите|соедините с|поговорить с|связаться с) (?:человек\w*|оператор\w*|сотрудник\w*)",
    r"не с ботом|не бот\w*",
    # ms
    r"\bberhenti (?:hantar|mesej|balas)\b|\bjangan (?:mesej|hantar|balas) (?:saya|lagi)\b",
    r"\b(?:cakap|bercakap|berbual) dengan (?:orang|manusia|ejen|staf|pegawai)\b",
    r"\b(?:orang|manusia) sebenar\b|bukan (?:ro)?bot\b",
    # he
    r"תפסיקו (?:לכתוב|לשלוח|לענות)|אל תכתבו לי",
    r"(?:לדבר|לשוחח|שיחה) עם (?:נציג|בן אדם|אדם|מישהו)",
    r"נציג אנושי|בן אדם אמיתי|לא (?:ר)?ובוט|לא בוט",
    # ar
    r"(?:توقفوا|توقف|كفى) عن (?:الكتابة|المراسلة|الارسال|الرد)|لا تراسلوني",
    r"(?:اتحدث|التحدث|اتكلم|التكلم|احكي) (?:مع|الى) (?:شخص|موظف|انسان|بشر\w*)",
    r"موظف حقيقي|شخص حقيقي|ليس (?:ال)?(?:روبوت|بوت)",
)
_STOP = re.compile("|".join(plain(words) for words in _STOP_WORDS))


def asks_to_stop(text: str) -> bool:
    """Whether somebody asks for a person, or asks the desk to stop writing by itself; in six languages."""
    return _STOP.search(plain(text)) is not None

"""The first decision tree: whether and how to engage (Armano's flow chart of 2010, article 3), with a code per branch.

Small on purpose: it reads only what can be read without guessing. A branch that is not sure says nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from hark.domain.policy import Policy

VERSION = 1

_THANKS = {
    "en": "thanks|thank you|thank you so much|thank you very much|many thanks|thx|ty|cheers|great thanks|ok thanks",
    "lv": "paldies|liels paldies|paldies jums|lielisks paldies|ok paldies|milzīgs paldies|milzigs paldies",
    "ru": "спасибо|большое спасибо|спасибо большое|спасибо вам|благодарю|ок спасибо",
    "ms": "terima kasih|terima kasih banyak|tq|ok terima kasih|terima kasih ya",
    "he": "תודה|תודה רבה|המון תודה|תודה לכם|מעולה תודה",
    "ar": "شكرا|شكرا جزيلا|شكرا لكم|شكرا لك|مشكورين",
}
_URGENT = {
    "en": "urgent|urgently|emergency|immediately|asap|on fire|dangerous|unsafe|injured",
    "lv": "steidzami|steidzams|nekavējoties|bīstami|bīstams|ārkārtas",
    "ru": "срочно|срочный|немедленно|опасно|авария",
    "ms": "segera|kecemasan|bahaya|darurat",
    "he": "דחוף|בדחיפות|מיידית|סכנה|מסוכן|חירום",
    "ar": "عاجل|فورا|بسرعة|خطر|طارئ|مستعجل",
}
_QUESTION = {
    "en": "how|what|where|when|why|who|which|can|could|do|does|is|are|will|would",
    "lv": "kā|kas|kur|kad|kāpēc|vai|cik|kurš|kura",
    "ru": "как|что|где|когда|почему|кто|сколько|можно|можете|куда",
    "ms": "apa|bagaimana|bila|mana|kenapa|mengapa|siapa|berapa|boleh|adakah|di mana",
    "he": "איך|מה|איפה|מתי|למה|מי|כמה|האם|אפשר",
    "ar": "كيف|ماذا|اين|متى|لماذا|من|كم|هل|ممكن",
}


def _folded(text: str) -> str:
    """Lower case, without marks that writers leave out (Arabic vowels and hamza seats, Hebrew points)."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    bare = "".join(c for c in decomposed if not ("\u0591" <= c <= "\u05c7" or "\u064b" <= c <= "\u065f"))
    return unicodedata.normalize("NFC", bare)


def _words(table: dict[str, str]) -> frozenset[str]:
    return frozenset(_folded(word) for row in table.values() for word in row.split("|"))


THANKS, URGENT, QUESTION = _words(_THANKS), _words(_URGENT), _words(_QUESTION)

_HANDLES = re.compile(r"@[\w.]+")
_LINKS = re.compile(r"https?://\S+")
_GLAD_SMILEYS = re.compile(r"(?:[:;=]-?[)D]|<3)")
_CALM_MARKS = frozenset(".,!…~-–—'’\"“”")
_NOT_WORDS = re.compile(r"[^\w\s]+")
QUESTION_MARKS = frozenset("?؟？")
_CONSOLING = frozenset("👍🙏❤♥😊🙂😀😁🥰😍💛💚💙🤗✨🎉👏☺")


@dataclass(frozen=True)
class Facts:
    """What the tree looks at. `language` is a BCP 47 code or `und`."""

    text: str
    language: str
    addressed: bool
    may_reply: bool
    withdrawn: bool = False
    has_media: bool = False
    """Something else than words came along: a picture, a sticker, a message only the platform's app can show."""
    elsewhere: bool = False
    """Another program holds the conversation."""


@dataclass(frozen=True)
class Verdict:
    """Codes in the order of the branches taken; priority 1 (burns) to 5; `end` a close reason or empty."""

    codes: tuple[str, ...]
    priority: int
    end: str = ""


def _bare(text: str) -> str:
    """What the author says besides calling somebody; a hashtag is a word."""
    return " ".join(_LINKS.sub(" ", _HANDLES.sub(" ", text)).split())


def says_only_thanks(text: str) -> bool:
    """The whole message is one way of saying thanks, in words and marks that can mean nothing else.

    Praise with a "but" behind it is not; nor is thanks with a link, a hashtag, a question mark or a face that is not
    glad: irony closes no case.
    """
    if _LINKS.search(text):
        return False
    rest = _GLAD_SMILEYS.sub(" ", _HANDLES.sub(" ", text))
    for c in rest:
        plain = c.isalnum() or c.isspace() or c in _CALM_MARKS or c in _CONSOLING
        if not plain and unicodedata.category(c) not in ("Mn", "Cf", "Sk"):
            return False
    words = " ".join(_NOT_WORDS.sub(" ", _folded(rest)).split())
    return words in THANKS


def is_urgent(text: str) -> bool:
    words = f" {' '.join(_NOT_WORDS.sub(' ', _folded(text)).split())} "
    return any(f" {word} " in words for word in URGENT)


def is_question(text: str) -> bool:
    rest = _bare(text)
    if any(mark in rest for mark in QUESTION_MARKS):
        return True
    words = f"{' '.join(_NOT_WORDS.sub(' ', _folded(rest)).split())} "
    return any(words.startswith(f"{word} ") for word in QUESTION)


def _says_something(text: str) -> bool:
    return any(c.isalnum() or unicodedata.category(c) == "So" or c in QUESTION_MARKS for c in _bare(text))


def walk(facts: Facts, policy: Policy) -> Verdict:
    """Walk the tree, from what ends a case to what a person has to look at first."""
    if facts.withdrawn:
        return Verdict(("triage.withdrawn",), 4)
    called = "triage.addressed" if facts.addressed else "triage.named"
    if facts.elsewhere:
        return Verdict((called, "triage.elsewhere"), 5, end="elsewhere")
    if facts.has_media and not _says_something(facts.text):
        return Verdict((called, "triage.media", *(() if facts.may_reply else ("triage.no_api_reply",))), 3)
    if not _says_something(facts.text):
        return Verdict((called, "triage.empty"), 5, end="empty")
    if says_only_thanks(facts.text):
        return Verdict((called, "triage.thanks"), 5, end="thanks")
    codes = [called]
    if is_urgent(facts.text):
        codes.append("triage.urgent")
        priority = 1
    elif is_question(facts.text):
        codes.append("triage.question")
        priority = 2
    else:
        codes.append("triage.statement")
        priority = 3 if facts.addressed else 4
        if not policy.answer_all and not facts.addressed:
            return Verdict((*codes, "triage.policy"), 5, end="policy")
    if facts.language == "und":
        codes.append("triage.language_unsure")
    if not facts.may_reply:
        codes.append("triage.no_api_reply")
    return Verdict(tuple(codes), priority)

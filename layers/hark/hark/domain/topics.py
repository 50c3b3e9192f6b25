"""What a message is about, as far as that can be told without guessing: the brand's word lists, else a hashtag, else a
word (K3, K4). Pure."""

from __future__ import annotations

import re
from base64 import b32encode
from dataclasses import dataclass
from hashlib import sha256

from hark.domain.folding import plain
from hark.domain.incident_choices import IncidentChoices

_ASIDE = re.compile(r"@[\w.]+|https?://\S+")
_HASHTAG = re.compile(r"#(\w{2,50})")
_WORD = re.compile(r"[^\W_]+")
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u06ff]")
LONGEST_READ = 2000
"""What stands behind so many characters is not what the message is about."""
STEM = 6
"""Letters of a word that say what it is about; what follows is mostly an ending."""

_COMMON = {
    "en": "hello please thanks thank there their where which would could should about again still really guys anyone "
    "everyone today because after before never always first these those other being going getting",
    "lv": "labdien sveiki ludzu paldies kapec tagad atkal varbut tiesam nekad vienmer kadel tacu jusu mums jauns "
    "vairs joprojam sodien vakar neviens kads",
    "ru": "здравствуите добрыи привет пожалуиста спасибо почему сегодня вчера опять когда можно нельзя всегда никогда "
    "очень может сколько просто ребята",
    "ms": "salam assalamualaikum tolong terima kenapa bila macam mana sekarang sudah belum lagi semua orang saya "
    "admin dengan untuk kalau boleh",
    "he": "שלום בבקשה תודה למה אני אתם שלי שלכם היום אתמול עכשיו אבל כבר מישהו כולם אפשר",
    "ar": "السلام عليكم سلام مرحبا لماذا ليش شكرا رجاء ممكن اليوم امس الحين انتم عندي عندكم كيف متى لازم والله",
}
COMMON = frozenset(plain(word) for row in _COMMON.values() for word in row.split())
"""Words that begin many messages and say nothing of what they are about."""


@dataclass(frozen=True)
class Topic:
    """`id` is the brand's name of it, or begins with `h_` (hashtag) or `k_` (word) and holds no words of people.
    `label` is for people."""

    id: str
    label: str


def topic(text: str, choices: IncidentChoices) -> Topic | None:
    """What a message is about; None when nothing tells."""
    folded = plain(_ASIDE.sub(" ", text[:LONGEST_READ]))
    words = _WORD.findall(folded)
    line = f" {' '.join(words)} "
    for name, listed in choices.topics.items():
        if any(_needle(word) in line for row in listed.values() for word in row):
            return Topic(name, name)
    if choices.hashtags and (tag := next((t for t in _HASHTAG.findall(folded) if not t.isdigit()), "")):
        return Topic(_hashed("h", tag), f"#{tag}")
    if choices.keywords and (word := next(filter(None, map(_telling, words)), "")):
        return Topic(_hashed("k", word), word)
    return None


def named(written: str, choices: IncidentChoices) -> Topic | None:
    """The topic a lead means: one of the brand's by its name, a hashtag, or a word. None for anything else."""
    if written in choices.topics:
        return Topic(written, written)
    folded = plain(written.strip())
    if tag := _HASHTAG.fullmatch(folded):
        return Topic(_hashed("h", tag[1]), folded)
    word = _telling(folded)
    return Topic(_hashed("k", word), word) if word else None


def _needle(word: str) -> str:
    core = " ".join(_WORD.findall(plain(word)))
    return f"{'' if word.startswith('*') else ' '}{core}{'' if word.endswith('*') else ' '}"


def _telling(word: str) -> str:
    """The stem of a word that may say what a message is about; "" for one that does not."""
    if word in COMMON or not word.isalpha():
        return ""
    if not _RIGHT_TO_LEFT.search(word):
        return word[:STEM] if len(word) >= 5 else ""
    bare = re.sub("^(?:[وبف]?ال|ה)(?=\\w{3})", "", word)
    return bare[: STEM - 1] if len(bare) >= 4 and bare not in COMMON else ""


def _hashed(kind: str, words: str) -> str:
    digest = sha256(words.encode("utf-8", "surrogatepass")).digest()
    return f"{kind}_{b32encode(digest).decode('ascii').rstrip('=').lower()[:24]}"

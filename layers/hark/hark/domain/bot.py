"""When the bot may try, what it says, and what it may not touch (capabilities I1, I2, I5, I6, E20).

It answers plain questions and nothing else: nothing negative or burning, nobody of note, nothing that needs data of
the customer, nothing twice. Whatever it does not answer goes to a person, and so does what it answers: the case keeps
its owner.
"""

from __future__ import annotations

from hark.domain.bot_choices import BotChoices
from hark.domain.canned import Entry
from hark.domain.case import Case, Change, Line
from hark.domain.matching import Match

ANSWER, HAND_OVER = "bot", "hand_over"
"""Occasions of automatic replies (`desk.automatic`): each at most once in a generation."""

FALLBACK = "en"

LABELS = {
    "en": "(automatic answer)",
    "lv": "(automātiska atbilde)",
    "ru": "(автоматический ответ)",
    "ms": "(jawapan automatik)",
    "he": "(תשובה אוטומטית)",
    "ar": "(رد آلي)",
}
HAND_OVERS = {
    "en": "Thank you for your message. I cannot answer this myself; one of our people will.",
    "lv": "Paldies par ziņu! Uz šo es pats nevaru atbildēt; atbildēs kāds no mūsu darbiniekiem.",
    "ru": "Спасибо за сообщение! Сам я на это ответить не могу, вам ответит наш сотрудник.",
    "ms": "Terima kasih atas mesej anda. Saya sendiri tidak dapat menjawabnya; petugas kami akan menjawab.",
    "he": "תודה על ההודעה. אין לי תשובה לכך; אחד מאנשי הצוות שלנו יענה לך.",
    "ar": "شكرا لرسالتك. لا أستطيع الإجابة عن هذا بنفسي؛ سيجيبك أحد موظفينا.",
}


def hindrance(case: Case) -> str:
    """The code of what keeps the bot away from a case that triage has read; empty when it may try."""
    codes = {reason.code for reason in case.reasons}
    if case.bot_stopped:
        return "automation.stopped"
    if case.bot_gen >= case.gen:
        return "bot.once"
    if case.kind != "question":
        return "bot.not_a_question"
    if case.sentiment == "negative":
        return "bot.negative"
    if case.vip or case.incident or case.priority == 1 or case.lane or "triage.incident" in codes:
        return "bot.delicate"
    if case.personal_data or case.reference or "triage.private.account" in codes:
        return "bot.personal"
    if case.contacts > 1 or case.language == "und":
        return "bot.not_simple"
    return ""


def may_try(case: Case, choices: BotChoices) -> bool:
    """Whether the workflow should ask the bot at all, for a case whose triage was just written."""
    return choices.enabled and case.status == "open" and case.awaiting == "us" and not hindrance(case)


def doubt(match: Match | None, choices: BotChoices) -> str:
    """The code of why a match is not good enough; empty when it is."""
    if match is None or match.likeness < choices.gate:
        return "bot.unsure"
    return "bot.ambiguous" if match.margin < choices.margin else ""


def within_share(considered: int, answered: int, choices: BotChoices) -> bool:
    """Whether one more answer keeps the day within the brand's share; both counts with the conversation at hand."""
    return answered * 100 <= choices.share_percent * considered


def labelled(text: str, language: str, choices: BotChoices) -> str:
    """A text of the bot with the label under it that says so."""
    own = choices.labels.get(language, "").strip()
    return f"{text.rstrip()}\n\n{own or LABELS.get(language, LABELS[FALLBACK])}"


def answer(entry: Entry, choices: BotChoices) -> str:
    return labelled(entry.text, entry.language, choices)


def hand_over(language: str, choices: BotChoices) -> str:
    """That a person is coming, in the customer's language."""
    own = choices.hand_over_texts.get(language, "").strip()
    return labelled(own or HAND_OVERS.get(language, HAND_OVERS[FALLBACK]), language, choices)


def looked(case: Case, lines: tuple[Line, ...], did: str, now: str) -> Change:
    """The bot has looked at this generation and says what came of it; it does not look again.

    `did` is `answered`, `handed_over` or empty.
    """
    fresh: dict[str, object] = {"bot": did, "bot_gen": case.gen, "updated_at": now}
    if any(line.code == "automation.stopped" for line in lines):
        fresh["bot_stopped"] = True
    return case.model_copy(update=fresh), lines

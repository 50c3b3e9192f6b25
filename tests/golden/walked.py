"""The golden set as the tree takes it: facts and policy of a labelled message, and what its labels say of the walk."""

from __future__ import annotations

from dataclasses import dataclass

from hark.domain.policy import Policy
from hark.domain.tree import Verdict
from hark.domain.triage import Facts

from .labelled import Labelled


@dataclass(frozen=True)
class Told:
    """What is compared. Of what ends nobody waits for the rest, so it is not labelled (README.md)."""

    codes: tuple[str, ...]
    leaf: str
    end: str
    rest: tuple[int | None, str | None, str | None] | None
    """Priority, lane and recommendation."""


def facts(message: Labelled) -> Facts:
    reading = message.reading
    return Facts(
        withdrawn=message.withdrawn, addressing=message.addressing, elsewhere=message.elsewhere,
        has_media=message.has_media, says_something=message.says_something, language=reading.language,
        sentiment=reading.sentiment, intent=reading.intent, urgency=reading.urgency, confidence=reading.confidence,
        public=message.surface != "direct", surface=message.surface, may_reply=message.may_reply,
        personal_data=message.personal_data, wants_account=message.wants_account, reference=message.reference,
        reach=message.reach, contacts=message.contacts, earlier=message.earlier, vip=message.vip,
        incident=message.incident,
    )  # fmt: skip


def policy(message: Labelled) -> Policy:
    return Policy(answer_all=message.answer_all)


def labelled(message: Labelled) -> Told:
    wanted = message.expected
    rest = None if wanted.end else (wanted.priority, wanted.lane, wanted.recommended)
    return Told(message.codes, wanted.leaf, wanted.end, rest)


def told(verdict: Verdict) -> Told:
    rest = None if verdict.end else (verdict.priority, verdict.lane, verdict.recommended)
    return Told(verdict.codes, f"triage.{verdict.kind}", verdict.end, rest)

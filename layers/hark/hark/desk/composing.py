"""From the words somebody wrote to the words that would leave: signed, looked at, measured; and who has to agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hark.desk.checking import Checking
from hark.desk.writing import Words, Writing
from hark.domain.approval_choices import Facts, Need, amount, needed, tags
from hark.domain.case import Case
from hark.domain.message import Message
from hark.domain.people import Member
from hark.domain.policy import Policy
from hark.domain.reply import Reply
from hark.domain.reply_checks import HEATED, Finding, refused
from hark.store.drafts import Drafts


class Questionable(Exception):
    """The checks have something to say for which the text may not leave, or not before it is confirmed (422)."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(", ".join(finding.code for finding in findings))
        self.findings = tuple(findings)


@dataclass(frozen=True)
class Composed:
    message: Message | None
    """What is answered."""
    words: Words
    """With the way that was chosen, and the signature."""


@dataclass(frozen=True)
class Composing:
    writing: Writing
    checking: Checking
    drafts: Drafts

    def ready(
        self,
        case: Case,
        author: Member,
        words: Words,
        policy: Policy,
        confirmed: Sequence[str] = (),
        *,
        message: Message | None = None,
    ) -> Composed:
        """The words as they may leave. `message` is what they answer, where that is settled already.

        Raises:
            Unacceptable, Questionable
        """  # fmt: skip
        answered = message or self.writing.answered(case)
        way = self.writing.way(case, answered, words)
        public = way == "public_reply"
        made = replace(words, verb=way, text=self.checking.sign(author, words.text, public=public, policy=policy))
        if made.text != words.text:
            self.writing.way(case, answered, made)  # the signature counts in the length
        findings = self.checking.findings(case, author.id, made.text, public=public, policy=policy)
        if bad := refused(findings, policy.checks, confirmed):
            raise Questionable(bad)
        return Composed(answered, made)

    def taken(self, case: Case, reply: Reply) -> None:
        """A reply was stored: the next one like it is told apart from it."""
        self.checking.remember(case, reply.by, reply.id, reply.text, public=reply.verb == "public_reply")

    def need(self, case: Case, author_id: str, words: Words, policy: Policy) -> Need:
        """How many people have to agree before these words leave. Reads nothing unless the brand asks for something."""
        choices = policy.approvals
        if not choices.asks:
            return Need()
        before = self.drafts.approved_of(case.brand, author_id) if choices.when else 0
        angry = case.contacts if case.sentiment == "negative" else 0
        facts = Facts(
            verb=words.verb, public=words.verb == "public_reply", amount=amount(words.text),
            tags=tags(words.text, choices.tags), length=len(words.text), approved_before=before,
            heated=bool(HEATED & {reason.code for reason in case.reasons}) or angry >= 3,
            platform=case.platform, surface=case.surface.value, language=case.language, priority=case.priority,
            kind=case.kind, sentiment=case.sentiment, lane=case.lane, topic=case.topic, reach=case.reach, vip=case.vip,
            contacts=case.contacts, in_incident=bool(case.incident),
        )  # fmt: skip
        return needed(choices, facts)

"""What to look at before a reply leaves: pure checks of its text, each with a code, a level and a place.

The list follows the articles: personal data in public (E5), asking for it in public (E26), the same text again (E8,
E31), an answer in anger or haste (E15), an unfilled gap, a long thread in public (E27), the telephone (E22), and the
length (E1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from hark.domain.folding import fold, plain
from hark.domain.personal_data import REGIONS, found
from hark.domain.reasons import sentence
from hark.domain.reply_choices import Checks, Setting
from hark.domain.sketch import likeness, sketch
from hark.domain.time import after

Level = Literal["warn", "block"]

HEATED = frozenset({"triage.abuse", "triage.troll", "triage.crisis"})
"""Reason codes of a case that say that words got hot."""


@dataclass(frozen=True)
class Finding:
    """Something to look at, at `text[start:end]`; 0 and 0 where it concerns the whole. `about` names the kind."""

    code: str
    level: Level
    sentence: str
    start: int = 0
    end: int = 0
    about: str = ""


@dataclass(frozen=True)
class Context:
    """What the checks know besides the text. Times in text form."""

    policy: Checks
    public: bool
    now: str
    regions: Sequence[str] = REGIONS
    reasons: frozenset[str] = frozenset()
    """Reason codes of the case."""
    angry: int = 0
    """The customer's negative messages in a row, as far as they were read."""
    customer_wrote_at: str = ""
    public_replies: int = 0
    """Public answers of ours in this thread so far."""
    recent: Sequence[bytes] = ()
    """Sketches of the last replies of the author and of the account."""
    canned: str = ""
    """The canned text the reply was made from; empty for none."""
    length: int = 0
    limit: int | None = None
    """How long the text is by the platform's count, and how long it may be; None: no bound."""


def check(text: str, context: Context) -> tuple[Finding, ...]:
    """All findings, in the order of the text, those about the whole text first. Empty: nothing to say."""
    looks: tuple[Callable[[str, Context], Iterator[Finding]], ...] = (
        _length, _personal_data, _asks, _same, _heated, _placeholders, _long_thread, _telephone,
    )  # fmt: skip
    findings = [finding for look in looks for finding in look(text, context)]
    return tuple(sorted(findings, key=lambda finding: (finding.start, finding.end)))


def refused(findings: Sequence[Finding], policy: Checks, confirmed: Sequence[str] = ()) -> tuple[Finding, ...]:
    """The findings for which the reply may not leave: what blocks, and what had to be confirmed and was not."""
    return tuple(f for f in findings if f.level == "block" or (policy.confirm and f.code not in confirmed))


def is_heated(context: Context) -> bool:
    """Whether words got hot: insults, a call against the brand, or the third negative message in a row."""
    return bool(HEATED & context.reasons) or context.angry >= 3


def cool_at(context: Context) -> str:
    """Until when it is better to wait; empty when the thread is not heated."""
    if not is_heated(context) or not context.customer_wrote_at:
        return ""
    return after(context.customer_wrote_at, context.policy.cool_down_seconds)


def _finding(code: str, setting: Setting, start: int = 0, end: int = 0, about: str = "") -> Iterator[Finding]:
    if setting != "off":
        yield Finding(code, setting, sentence(code), start, end, about)


def _length(text: str, context: Context) -> Iterator[Finding]:
    if context.limit is not None and context.length > context.limit:
        # Two parts can be read one after the other in public; whatever is longer is no answer to everybody (E21).
        private = context.public and context.length > 2 * context.limit
        yield from _finding("check.long_for_public" if private else "check.too_long", "block")


def _personal_data(text: str, context: Context) -> Iterator[Finding]:
    if not context.public or context.policy.personal_data == "off":
        return
    own = frozenset(_bare(contact) for contact in context.policy.own_contacts)
    for data in found(text, context.regions):
        written = _bare(text[data.start : data.end])
        if written not in own and written.rpartition("@")[2] not in own:
            yield from _finding(
                "check.personal_data", context.policy.personal_data, data.start, data.end, data.kind
            )  # fmt: skip


def _bare(contact: str) -> str:
    """A telephone number or an address without what may be written differently."""
    folded = plain(contact)
    return folded.strip().lstrip("@") if "@" in folded or re.search(r"[^\W\d_]", folded) else re.sub(r"\D", "", folded)


def _asks(text: str, context: Context) -> Iterator[Finding]:
    from hark.domain import asking_words as words

    folded = fold(text)
    if not context.public or words.PRIVATELY.search(folded.text):
        return
    for match in words.ASKS.finditer(folded.text):
        yield from _finding("check.asks_for_data", context.policy.asks_for_data, *folded.span(*match.span()))


def _same(text: str, context: Context) -> Iterator[Finding]:
    mine, bound = sketch(text), context.policy.likeness
    if context.canned and likeness(mine, sketch(context.canned)) >= max(bound, 0.95):
        yield from _finding("check.canned_unedited", context.policy.same_text)
    elif any(likeness(mine, other) >= bound for other in context.recent):
        yield from _finding("check.same_text", context.policy.same_text)


def _heated(text: str, context: Context) -> Iterator[Finding]:
    if cool_at(context) > context.now:
        yield from _finding("check.heated", context.policy.heated)


def _placeholders(text: str, context: Context) -> Iterator[Finding]:
    from hark.domain import asking_words as words

    for match in words.PLACEHOLDER.finditer(text):
        yield from _finding("check.placeholder", context.policy.placeholder, *match.span())


def _long_thread(text: str, context: Context) -> Iterator[Finding]:
    if context.public and context.public_replies >= context.policy.public_replies:
        yield from _finding("check.long_thread", context.policy.long_thread)


def _telephone(text: str, context: Context) -> Iterator[Finding]:
    from hark.domain import asking_words as words

    folded = fold(text)
    for match in words.CALLS.finditer(folded.text):
        yield from _finding("check.telephone", context.policy.telephone, *folded.span(*match.span()))

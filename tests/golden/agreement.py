"""`python -m tests.golden.agreement`: the tree behind the built-in reader against the labels, into docs/triage.md.

Nothing is tuned on the golden set, so these are the figures of messages the reader has never seen.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from hark.domain.personal_data import found
from hark.domain.policy import Policy
from hark.domain.references import reference
from hark.domain.text_facts import says_something, wants_account
from hark.domain.tree import Verdict
from hark.domain.triage import Facts, walk
from hark.reading.builtin import ENGINE, Builtin

from infra import marked

from . import walked
from .labelled import LANGUAGES, Labelled, golden_set

PAGE = Path(__file__).parents[2] / "docs" / "triage.md"
BEGIN, END = "<!-- agreement with the golden set, from tests/golden: begin -->", "<!-- agreement: end -->"
NOT_READ = frozenset(("triage.withdrawn", "triage.elsewhere", "triage.media", "triage.empty"))
"""Leaves that say nothing of the reader: there was nothing to read."""


@dataclass(frozen=True)
class Agreement:
    """Numbers of messages that were read, of one language."""

    read: int
    leaf: int
    """Known for what they are."""
    codes: int
    """All codes as labelled."""
    unsure: int
    """Not understood: a person reads them."""
    wrongly_ended: int
    """Closed although a person should have seen them."""
    burning: int
    burning_missed: int
    """Burning ones that were not given priority 1."""


def facts(message: Labelled) -> Facts:
    """The facts as the desk would gather them: only what a platform tells is taken from the labels."""
    reading = Builtin().read(message.text, "", Policy().languages)
    personal = found(message.text)
    named = reference(message.text, (), ((f.start, f.end) for f in personal))
    return replace(
        walked.facts(message), language=reading.language, sentiment=reading.sentiment, intent=reading.intent,
        urgency=reading.urgency, confidence=reading.confidence, says_something=says_something(message.text),
        personal_data=tuple(dict.fromkeys(f.kind for f in personal)), reference=named,
        wants_account=wants_account(message.text, reading.intent, named),
    )  # fmt: skip


@cache
def verdicts() -> tuple[tuple[Labelled, Verdict], ...]:
    """Every message that there was something to read of, and where the tree led."""
    read = (m for m in golden_set() if m.expected.leaf not in NOT_READ)
    return tuple((message, walk(facts(message), walked.policy(message))) for message in read)


def agreement(language: str) -> Agreement:
    mine = [(walked.labelled(m), walked.told(v)) for m, v in verdicts() if m.id.startswith(f"{language}-")]
    burning = [(wanted, told) for wanted, told in mine if wanted.rest and wanted.rest[0] == 1]
    return Agreement(
        read=len(mine), leaf=sum(wanted.leaf == told.leaf for wanted, told in mine),
        codes=sum(wanted.codes == told.codes for wanted, told in mine),
        unsure=sum(told.leaf == "triage.unsure" != wanted.leaf for wanted, told in mine),
        wrongly_ended=sum(bool(told.end) and not wanted.end for wanted, told in mine),
        burning=len(burning),
        burning_missed=sum(told.rest is None or told.rest[0] != 1 for _, told in burning),
    )  # fmt: skip


def text() -> str:
    """The table, without the marks around it."""
    rows = [
        "| Language | Messages | Leaf right | Codes right | Not understood | Ended wrongly | Burning | Missed |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for language in LANGUAGES:
        a = agreement(language)
        rows.append(
            f"| {language} | {a.read} | {a.leaf} ({a.leaf / a.read:.0%}) | {a.codes} ({a.codes / a.read:.0%}) "
            f"| {a.unsure} | {a.wrongly_ended} | {a.burning} | {a.burning_missed} |"
        )
    return f"Reader: {ENGINE}.\n\n" + "\n".join(rows)


def placed(page: str) -> str:
    """The page with today's figures in their place. `marked.placed` says when it cannot be."""
    return marked.placed(page, BEGIN, text(), END)


def main() -> int:
    """Put today's figures into the page."""
    PAGE.write_text(placed(PAGE.read_text("utf-8")), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

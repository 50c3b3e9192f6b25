"""Triage: what the decision tree looks at, and where it leads (article 3, capability C9).

The tree itself is data (`tree.toml`, checked and walked by `domain.tree`); what a reader understood of the text comes
from `domain.reading`, what words and patterns tell from `domain.text_facts`. Pure: the same facts, the same verdict.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_type_hints

from hark.domain.conditions import Vocabulary
from hark.domain.reading import UNSURE, Intent, Sentiment, Urgency
from hark.domain.reasons import SENTENCES
from hark.domain.tree import Plan, Tree, Verdict, shipped

if TYPE_CHECKING:
    from hark.domain.policy import Policy

Addressing = Literal["addressed", "named", "implied"]
"""Calls the brand itself, or is private; names it without calling; neither (A22)."""


@dataclass(frozen=True)
class Facts:
    """What the tree looks at. `language` is a BCP 47 code or `und`; the rest of the reading as in `domain.reading`."""

    withdrawn: bool = False
    """The message was taken away before it was read."""
    addressing: Addressing = "addressed"
    elsewhere: bool = False
    """Another program holds the conversation."""
    has_media: bool = False
    """Something else than words came along: a picture, a sticker, a message only the platform's app can show."""
    says_something: bool = True
    language: str = UNSURE
    sentiment: Sentiment = "unsure"
    intent: Intent = "unsure"
    urgency: Urgency = "unsure"
    confidence: float = 0.0
    """0 to 1, of the reading."""
    public: bool = True
    surface: str = "post"
    platform: str = ""
    may_reply: bool = True
    """The platform lets a program answer this very message."""
    personal_data: tuple[str, ...] = ()
    """Kinds of personal data in the text (`domain.personal_data`)."""
    wants_account: bool = False
    """The answer needs data that identify the customer."""
    reference: str = ""
    """A number of another system, as it was written."""
    reach: int = 0
    """Followers and shares as the platform last told; 0 when it does not."""
    contacts: int = 1
    """Messages of this person since the last answer, this one included."""
    earlier: int = 0
    """Rounds this case has had before: how often it was opened again."""
    vip: bool = False
    incident: bool = False
    """An incident on its topic is open."""
    topic: str = ""


CHOICES = {
    "answer_all": bool, "sure": float, "reach_from": int, "repeat_from": int, "long_from_earlier": int,
    "long_from_contacts": int,
}  # fmt: skip
"""What conditions may name of the brand's policy (`domain.triage_choices`)."""

_OF_THE_WALK = {"kind": str, "ended": bool, "has_personal_data": bool}


@cache
def vocabulary() -> Vocabulary:
    """The names that conditions of a tree may use."""
    return Vocabulary({**get_type_hints(Facts), **CHOICES, **_OF_THE_WALK})


def tree_of(plan: Plan) -> Tree:
    """A tree ready to be walked.

    Raises:
        TreeError: it cannot be; the text says why.
    """
    return Tree(plan, vocabulary(), SENTENCES)


@cache
def tree() -> Tree:
    """The tree in force: the one that comes with Hark."""
    return tree_of(shipped())


def given(facts: Facts, policy: Policy) -> dict[str, Any]:
    """The values of all names but those of the walk itself."""
    values = {field.name: getattr(facts, field.name) for field in fields(facts)}
    values |= {name: getattr(policy.triage, name) for name in CHOICES if name != "answer_all"}
    return values | {"answer_all": policy.answer_all, "has_personal_data": bool(facts.personal_data)}


def walk(facts: Facts, policy: Policy, by: Tree | None = None) -> Verdict:
    """Where the tree leads with these facts; `by` another tree than the one in force."""
    return (by or tree()).walk(given(facts, policy), frozenset(policy.triage.lanes))


def told(verdict: Verdict) -> list[str]:
    """All that a verdict decides, in codes and short marks: two verdicts that agree in these agree in everything."""
    marks = [f"priority {verdict.priority}"]
    marks += [f"lane {verdict.lane}"] if verdict.lane else []
    marks += [f"end {verdict.end}"] if verdict.end else []
    marks += [f"answer in {verdict.recommended}"] if verdict.recommended else []
    return [*verdict.codes, *marks]

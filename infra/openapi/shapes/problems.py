"""Refusals: application/problem+json (RFC 9457)."""

from __future__ import annotations

from typing import Literal

from infra.openapi.shapes.base import Count, Id, Shape, Time
from infra.openapi.shapes.conversations import Finding, PlainMessage
from infra.openapi.shapes.policy import WrongSetting


class Problem(Shape):
    """Why it was refused. `detail` is a sentence for people and never repeats what was sent."""

    type: Literal["about:blank"]
    title: str
    status: int
    detail: str
    code: str


class Talked(Problem):
    """What was said since the author looked, and what to have seen the next time."""

    code: Literal["talked"]
    new: list[PlainMessage]
    talk: Count


class Questionable(Problem):
    """What the checks found in the words."""

    code: Literal["check"]
    findings: list[Finding]


class ApprovalNeeded(Problem):
    code: Literal["approval_needed"]
    number: Count
    why: list[str]


class WaitingDraft(Shape):
    id: Id
    by: str
    at: Time


class Drafted(Problem):
    """Drafts that wait here already."""

    code: Literal["drafted"]
    drafts: list[WaitingDraft]


class Unusable(Problem):
    """What is wrong with proposed settings; these sentences may repeat a name that stood in them."""

    code: Literal["unusable"]
    errors: list[WrongSetting]


TELLING: dict[str, type[Problem]] = {
    "talked": Talked,
    "check": Questionable,
    "approval_needed": ApprovalNeeded,
    "drafted": Drafted,
    "unusable": Unusable,
}
"""Codes that come with more than a sentence."""

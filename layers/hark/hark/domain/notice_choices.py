"""Which lines of a case's history somebody has to hear of, and what a brand decides of that (A4, D2, D7, G6)."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Who = Literal["owner", "team", "leads", "owner_and_leads", "approvers", "about"]
"""`approvers` are those who may approve, but for the author; `about` is the member the line speaks of."""

TOLD: dict[str, Who] = {
    "warn.answer": "owner",
    "warn.resolution": "owner",
    "remind.late": "owner",
    "remind.owner": "owner",
    "remind.team": "team",
    "remind.lead": "leads",
    "remind.ceiling": "leads",
    "promise.soon": "owner",
    "promise.missed": "owner_and_leads",
    "case.assigned": "about",
    "case.escalated": "about",
    "draft.submitted": "approvers",
    "approval.escalated": "leads",
    "draft.returned": "owner",
    "draft.expired": "owner",
    "incident.suggested": "leads",
    "incident.opened": "leads",
    "incident.broadcast_proposed": "approvers",
}
"""Codes of history lines that somebody has to hear of, besides those by which the desk gives a case to somebody."""
GIVEN = "assign."
"""Codes that begin so speak of the member who gets the case, or of nobody."""
CHAT = ("remind.team", "remind.lead", "remind.ceiling", "promise.missed")
"""What goes to the chat tool of the team, too."""


class NoticeChoices(BaseModel):
    """What a brand decides of its notices."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mails_per_hour: int = Field(default=6, ge=1, le=60)
    """To one person. What comes on top waits for the next mail, which says how much it was; the desk has it at once."""
    mailed: tuple[str, ...] = tuple(code for code in TOLD if not code.startswith("warn."))
    """Codes that also go by e-mail, where the stack has a sender. Cases given by the desk itself are `assign.`."""
    kept_days: int = Field(default=30, ge=1, le=365)

    def mails(self, code: str) -> bool:
        """Whether a code goes by e-mail."""
        return code in self.mailed or (code.startswith(GIVEN) and GIVEN in self.mailed)


def who(code: str) -> Who | None:
    """Who hears of a line with that code; None: nobody."""
    return "about" if code.startswith(GIVEN) else TOLD.get(code)

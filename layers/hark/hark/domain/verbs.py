"""What may be done to a conversation now, until when, and at what price."""

from __future__ import annotations

from urllib.parse import quote

from pydantic import BaseModel, ConfigDict

from hark.domain.account import Account
from hark.domain.case import Case


class Verb(BaseModel):
    """One thing an agent may or may not do. Prices are US dollars per call, X pay-per-use, November 2026."""

    model_config = ConfigDict(frozen=True)

    verb: str
    allowed: bool
    reason: str = ""
    limit: int = 280
    counting: str = "x_weighted"
    until: str | None = None
    price_usd: float = 0.0
    price_with_link_usd: float = 0.0
    link: str = ""


def verbs(case: Case, account: Account | None) -> list[Verb]:
    """The verbs of an X conversation: a public reply where the author called on us (the summoned rule of X's API
    since 2026), and always the way by hand, which X charges nothing for."""
    why = ""
    if account is None:
        why = "The account is not connected any more."
    elif not case.reply_to:
        why = "The customer took the message away."
    elif not case.may_reply:
        why = "X lets programs answer only where the author mentions the brand. Answer by hand in X."
    # A paused account stops nobody from writing: the reply waits for the account (I23).
    waits = f"The account is paused ({account.reason}); a reply waits for it." if account and account.reason else ""
    reply = Verb(verb="public_reply", allowed=not why, reason=why or waits, price_usd=0.01, price_with_link_usd=0.2)
    by_hand = Verb(
        verb="by_hand",
        allowed=bool(case.reply_to),
        reason="" if case.reply_to else "The customer took the message away.",
        link=f"https://x.com/intent/tweet?in_reply_to={quote(case.reply_to)}" if case.reply_to else "",
    )
    return [reply, by_hand]

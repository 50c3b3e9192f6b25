"""What the verb table is asked about: a message with its conversation, and the account."""

from __future__ import annotations

from hark.domain.account import Account
from hark.domain.case import Case
from hark.domain.events import Surface
from hark.domain.message import Message
from hark.domain.time import parse
from hark.domain.verbs import Standing, Subject, dm_is_of


def subject(case: Case, message: Message | None) -> Subject:
    """A message as the verb table sees it. None stands for one that was taken away before we knew it.

    In a private thread an answer does not hang on one message: the case's own facts count.
    """
    private = case.surface in (Surface.DIRECT, Surface.ENCRYPTED)
    gone = not private and (message is None or message.gone)
    return Subject(
        platform=case.platform,
        surface=message.surface if message else case.surface,
        message_id=message.id if message else case.reply_to,
        at=parse(message.at if message and message.at else case.asked_at),
        own=message.own if message else False,
        gone=gone or bool(message and message.own and message.gone),
        hidden=message.hidden if message else False,
        liked=message.liked if message else False,
        may_reply=message.may_reply if message else case.may_reply,
        last_inbound_at=parse(case.window_at) if case.window_at else None,
        private_reply_sent=bool(case.private_reply_at),
        elsewhere=case.elsewhere,
        reachable=case.reachable,
        person_id=case.customer_id,
        link=message.link if message else "",
    )


def private_platforms(account: Account | None, platform: str) -> list[str]:
    """Where somebody whom the account met on a platform may write in private, under the id that a private reply has
    linked: on Messenger for a comment on Facebook, else on the same platform (contracts, Meta)."""
    known = dict.fromkeys((*(account.platforms if account else ()), platform))
    return [each for each in known if dm_is_of(each)]


def standing(account: Account | None, *, automatic: bool = False) -> Standing:
    """An account as the verb table sees it. None: it is not connected any more."""
    if account is None:
        return Standing(connected=False, automatic=automatic)
    price = account.settings.get("outside_session_usd", "0")
    return Standing(
        paused=account.stopped,
        account_id=account.id,
        features=frozenset(account.features),
        automatic=automatic,
        outside_session_usd=float(price),
    )

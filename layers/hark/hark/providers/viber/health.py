"""Whether a bot can act, and whether Viber still delivers to us: Viber does not tell when callbacks were lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hark.providers.contract import Connection, Report
from hark.providers.viber import api, failures

EVERY = timedelta(hours=24)

EVENT_TYPES = ("delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started")
"""What we ask Viber to deliver, beside messages, which need no asking."""

_WEBHOOK_INVALID, _NO_WEBHOOK = 1, 10


def check(connection: Connection, now: datetime) -> Report:
    """Ask Viber about the bot, and set the webhook anew where it is not the one we want.

    Access to Viber does not expire. Problems are `viber.webhook_unknown` (the desk does not know its own address) and
    `viber.webhook_refused` (Viber tried our address and got no 200); repaired are `viber.webhook` and
    `viber.event_types`. Setting a webhook makes Viber call it before it answers, so the door must be live.

    Raises:
        hark.providers.contract.CallFailed: Viber cannot be asked, or the bot cannot act (wrong token, blocked, no
            webhook at all).
    """
    told = _told(connection, now)
    if not connection.webhook_url:
        return Report(problems=("viber.webhook_unknown",), calls=1)
    wanted = f"{connection.webhook_url}/{connection.account_id}"
    repaired = []
    if told.get("webhook") != wanted:
        repaired.append("viber.webhook")
    listed = told.get("event_types")
    if not set(EVENT_TYPES) <= {name for name in (listed if isinstance(listed, list) else []) if isinstance(name, str)}:
        repaired.append("viber.event_types")
    if not repaired:
        return Report(calls=1)
    try:
        _set(connection, wanted, now)
    except api.Refused as refused:
        # Without any webhook Viber sends nothing for us either.
        if refused.status == _WEBHOOK_INVALID and told.get("webhook"):
            return Report(problems=("viber.webhook_refused",), calls=2)
        raise failures.call_failed(refused.why, now) from None
    return Report(repaired=tuple(repaired), calls=2)


def _told(connection: Connection, now: datetime) -> dict[str, Any]:
    try:
        return dict(api.call(connection.credentials, connection.endpoint, "get_account_info", b"{}", now))
    except api.Refused as refused:
        if refused.status == _NO_WEBHOOK and connection.webhook_url:
            return {}
        raise failures.call_failed(refused.why, now) from None


def _set(connection: Connection, url: str, now: datetime) -> None:
    wanted = {"url": url, "event_types": list(EVENT_TYPES), "send_name": True, "send_photo": True}
    api.call(connection.credentials, connection.endpoint, "set_webhook", api.encoded(wanted), now)

"""Which events X is asked to deliver for an account, compared with what it does deliver, and mended.

A subscription is known by its event type and the user in its filter; whoever made it, and under whatever tag, it is
not made twice: X bills each event. Ours bear the tag `account:<id>`, from which the door reads whose event it is.
Subscriptions of other event types or users are nobody's business here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import tweepy

from hark.domain.failures import Effect
from hark.providers.contract import Connection
from hark.providers.x import api
from hark.providers.x.app import Management, one

_ALWAYS = ("post.mention.create", "post.reply.create", "post.quote.create", "post.delete", "dm.received", "dm.sent")
_OPTIONAL: Mapping[str, tuple[str, bool]] = {
    "post.create": ("own_posts", True),
    "chat.received": ("encrypted_notices", False),
}
"""Event types that cost money and not everybody needs: the setting that decides, and what holds without it."""
_REVOKED = "oauth.revoke"
_AS_APP = frozenset(("post.create", "post.delete", _REVOKED))
"""Public types, which the application subscribes to itself; the others need the user's own token."""


@dataclass
class Mended:
    """What was found and done; `declined` are event types X refuses and we can do without."""

    problems: list[str] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)
    declined: list[str] = field(default_factory=list)
    calls: int = 0
    missed: bool = False
    """One that brings us messages was not there."""


def wanted(connection: Connection) -> Iterator[tuple[str, str]]:
    """Event types with the user to filter by, "" for none, that the account's settings ask for."""
    for kind in _ALWAYS:
        yield kind, connection.account_id
    for kind, (setting, otherwise) in _OPTIONAL.items():
        if connection.settings.get(setting, otherwise) is True:
            yield kind, connection.account_id
    yield _REVOKED, ""


def mend(
    connection: Connection, management: Management, webhook_id: str, declined: frozenset[str], now: datetime
) -> Mended:
    """Make what is missing, and lead to our webhook what leads elsewhere or nowhere.

    Raises:
        api.Unsuccessful: the list cannot be had, or our credit is gone.
    """
    there = {(str(s.get("event_type", "")), _user(s)): s for s in management.subscriptions()}
    made = Mended()
    with api.connect(connection.credentials, connection.endpoint, lambda: now) as client:
        for kind, user_id in wanted(connection):
            found = there.get((kind, user_id))
            if found is not None and found.get("webhook_id") == webhook_id:
                continue
            if found is None and kind in declined:
                continue
            try:
                if found is None:
                    _create(client, management, made, connection.account_id, kind, user_id, webhook_id)
                    made.repaired.append(f"x.subscription_created.{kind}")
                    made.missed |= kind in _ALWAYS
                else:
                    route = f"/2/activity/subscriptions/{found.get('subscription_id', '')}"
                    management.call("PUT", route, {"webhook_id": webhook_id, "tag": _tag(connection.account_id)})
                    made.repaired.append(f"x.subscription_moved.{kind}")
                    made.missed |= kind in _ALWAYS
            except api.Unsuccessful as failed:
                if failed.why.code == "credits_depleted" and not made.repaired:
                    raise
                if kind == _REVOKED and failed.why.effect is Effect.NEVER:
                    made.declined.append(kind)
                else:
                    made.problems.append(f"x.subscription_missing.{kind}")
    return made


def _create(
    client: tweepy.Client, management: Management, made: Mended, account_id: str, kind: str, user_id: str,
    webhook_id: str,
) -> None:  # fmt: skip
    asked: dict[str, Any] = {
        "event_type": kind,
        "filter": {"user_id": user_id} if user_id else {},
        "webhook_id": webhook_id,
    }
    if user_id:
        asked["tag"] = _tag(account_id)
    if kind in _AS_APP:
        one(management.call("POST", "/2/activity/subscriptions", asked))
    else:
        made.calls += 1
        one(api.read(client.request("POST", "/2/activity/subscriptions", json=asked, user_auth=True)))


def _tag(account_id: str) -> str:
    return f"account:{account_id}"


def _user(subscription: Mapping[str, Any]) -> str:
    narrowed = subscription.get("filter")
    user_id = narrowed.get("user_id") if isinstance(narrowed, dict) else None
    return user_id if isinstance(user_id, str) else ""

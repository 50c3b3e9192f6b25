"""What X itself may do to us on the fake X: take our access, our webhook, our subscriptions, or a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hark.providers.x.fake.rest import Reply
from hark.providers.x.fake.shapes import revocation
from hark.testkit.control import Refused, only

if TYPE_CHECKING:
    from hark.providers.x.fake.server import Fake

Mood = Callable[["Fake", Mapping[str, Any]], Reply]


def _token(fake: Fake, given: Mapping[str, Any]) -> Reply:
    only(given, {"valid": bool, "of": str, "revoke": bool}, {"valid"})
    if given.get("of", "user") == "user":
        fake.signatures.user_valid = given["valid"]
    elif given["of"] == "app":
        fake.signatures.bearer_valid = given["valid"]
    else:
        raise Refused(400, "of is user or app")
    if given.get("revoke"):
        brand, now = fake.world.brand.id, datetime.fromtimestamp(fake.clock(), UTC)
        fake.webhooks.tell("oauth.revoke", brand, brand, revocation(fake.world, now, fake.webhooks.new_uuid()))
    return Reply(200, {"user": fake.signatures.user_valid, "app": fake.signatures.bearer_valid})


def _standing(fake: Fake, given: Mapping[str, Any]) -> Reply:
    only(given, {"username": str, "reason": str}, {"username", "reason"})
    if given["reason"] not in ("", "deactivated", "suspended", "protected"):
        raise Refused(400, "reason is deactivated, suspended, protected or empty")
    user = fake.world.user(given["username"])
    fake.world.standing.pop(user.id, None)
    if given["reason"]:
        fake.world.standing[user.id] = given["reason"]
    return Reply(200, {"id": user.id})


def _block(fake: Fake, given: Mapping[str, Any]) -> Reply:
    only(given, {"username": str, "closed": bool}, {"username", "closed"})
    user = fake.world.user(given["username"])
    (fake.world.closed.add if given["closed"] else fake.world.closed.discard)(user.id)
    return Reply(200, {"id": user.id})


def _disable(fake: Fake, given: Mapping[str, Any]) -> Reply:
    only(given, {}, set())
    fake.webhooks.disable()
    return Reply(200, fake.webhooks.state())


def _unsubscribe(fake: Fake, given: Mapping[str, Any]) -> Reply:
    only(given, {"event_type": str}, {"event_type"})
    there = fake.webhooks.subscriptions
    for own_id in [s["subscription_id"] for s in there.values() if s["event_type"] == given["event_type"]]:
        del there[own_id]
    return Reply(200, list(there.values()))


MOODS: Mapping[str, Mood] = {
    "token": _token,
    "standing": _standing,
    "block": _block,
    "disable": _disable,
    "unsubscribe": _unsubscribe,
}
"""What follows `/_fake/` → what happens."""

"""Messages to people on Viber. Nothing of ours can be read back, edited or taken away there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from hark.providers.contract import CannotLook, Credentials, NotSent, Order, Outcome, Sent
from hark.providers.viber import api, failures, tokens
from hark.providers.viber.door import sender_name
from hark.providers.viber.text import LIMIT, length

ENDPOINT = api.ENDPOINT
"""Viber's host, with scheme."""


def utc_now() -> datetime:
    """The present time in UTC."""
    return datetime.now(UTC)


class Sender:
    """Sends messages as one bot, each at most once per call and never twice."""

    def __init__(self, credentials: Credentials, endpoint: str, now: Callable[[], datetime] = utc_now) -> None:
        """`credentials` hold `auth_token`; `endpoint` is scheme, host and port."""
        self._credentials = credentials
        self._endpoint = endpoint
        self._now = now

    def send(self, order: Order) -> Outcome:
        """Send a private text (`dm`); Viber knows no other verb.

        `Sent.platform_id` is the name under which receipts come later. That Viber accepted a message does not say
        that it was delivered. Raises nothing that the network can cause.
        """
        if order.verb != "dm":
            return NotSent("not_supported", detail=order.verb)
        if not order.text.strip() or length("characters", order.text) > LIMIT:
            return NotSent("too_long")
        name = sender_name(order.sender_name)
        if not name:
            # Viber refuses a message without it. Once the account has a name, what waits goes out.
            return NotSent("not_set_up", detail="sender.name")
        if not tokens.person(order.person):
            return NotSent("invalid", detail="receiver")
        message = {
            "receiver": order.person,
            "min_api_version": 1,
            "sender": {"name": name},
            "type": "text",
            "text": order.text,
        }
        if order.marker:
            message["tracking_data"] = order.marker
        try:
            answer = api.call(self._credentials, self._endpoint, "send_message", api.encoded(message), self._now())
        except api.Refused as refused:
            return refused.why
        return _made(answer.get("message_token"), order)

    def read_back(self, order: Order) -> Sent | None:
        """Impossible: Viber has no history to ask.

        Raises:
            CannotLook: always.
        """
        raise CannotLook


def _made(given: object, order: Order) -> Outcome:
    if given is None:
        return failures.no_answer("no message_token")
    token = tokens.message_token(given)
    made = tokens.message_id(order.account_id, token)
    # The token of the message that is answered cannot be that of the answer (fault F20).
    return Sent(made) if token and made != order.target else NotSent("wrong_id")

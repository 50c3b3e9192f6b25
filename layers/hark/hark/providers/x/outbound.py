"""What we do on X: public replies, direct messages, hiding, deleting; and looking up what we said after a lost answer.

Liking is not open to programs (X's self-serve terms since April 2026), and X knows no private reply to a post: a
direct message may go only to a person who has written one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import tweepy

from hark.providers.contract import CannotLook, Credentials, NotSent, Order, Outcome, Sent
from hark.providers.x import api, failures, looking
from hark.providers.x.direct import conversation, partners
from hark.providers.x.door import ID
from hark.providers.x.text import DIRECT_LIMIT, LIMIT, length

ENDPOINT = "https://api.x.com"


class Sender:
    """Acts as one account (OAuth 1.0a user context); nothing is posted more than once per call."""

    def __init__(self, credentials: Credentials, endpoint: str, now: Callable[[], datetime] = api.utc_now) -> None:
        """`credentials` hold consumer_key, consumer_secret, access_token and access_token_secret.

        `endpoint` is X's host with scheme, such as https://api.x.com.
        """
        self._credentials = credentials
        self._endpoint = endpoint
        self._now = now

    def send(self, order: Order) -> Outcome:
        """Carry out the order. Takes at most about 25 seconds and raises nothing that the network can cause."""
        acts: Mapping[str, Callable[[Order], Outcome]] = {
            "public_reply": self._reply,
            "dm": self._direct_message,
            "hide": self._hide,
            "unhide": self._hide,
            "delete": self._delete,
        }
        if order.verb not in acts:
            return NotSent("not_supported")
        try:
            return acts[order.verb](order)
        except api.Unsuccessful as failed:
            return failed.why

    def read_back(self, order: Order) -> Sent | None:
        """Look for what was said among the account's own posts or messages; None when it is not there.

        A post counts when it answers the same post and says the same; a message when it went to the same person, says
        the same, and is newer than what it answers. None is only as fresh as X's lists: ask after the settle time.

        Raises:
            CannotLook: the verb says nothing, so there is nothing to look for.
            CallFailed: we could not look, or not at everything. That is not the same as "not there".
        """
        try:
            if order.verb == "public_reply":
                with self._client() as client:
                    return looking.for_reply(client, order)
            if order.verb == "dm" and ID.fullmatch(order.person):
                with self._client() as client:
                    return looking.for_message(client, order)
        except api.Unsuccessful as failed:
            raise api.call_failed(failed) from None
        raise CannotLook(order.verb)

    def _reply(self, order: Order) -> Outcome:
        if not order.text.strip() or length("x_weighted", order.text) > LIMIT:
            return NotSent("too_long")
        with self._client() as client:
            answer = api.read(client.create_tweet(text=order.text, in_reply_to_tweet_id=order.target, user_auth=True))
        made = _data(answer).get("id")
        if not isinstance(made, str) or not ID.fullmatch(made):
            return failures.no_answer("no_id")
        return _if_ours(made, order)

    def _direct_message(self, order: Order) -> Outcome:
        if not order.text.strip() or length("characters", order.text) > DIRECT_LIMIT:
            return NotSent("too_long")
        if not ID.fullmatch(order.person):
            return NotSent("person_unreachable", detail="no_person")
        with self._client(direct=True) as client:
            answer = api.read(client.create_direct_message(participant_id=order.person, text=order.text))
        data = _data(answer)
        made, pair = data.get("dm_event_id"), partners(data.get("dm_conversation_id"))
        if not isinstance(made, str) or not ID.fullmatch(made):
            return failures.no_answer("no_id")
        if pair is not None and conversation(*pair) != conversation(order.account_id, order.person):
            return NotSent("wrong_id")
        return _if_ours(made, order)

    def _hide(self, order: Order) -> Outcome:
        wanted = order.verb == "hide"
        with self._client() as client:
            change = client.hide_reply if wanted else client.unhide_reply
            data = _data(api.read(change(order.target, user_auth=True)))
        return Sent() if data.get("hidden") is wanted else failures.no_answer("not_confirmed")

    def _delete(self, order: Order) -> Outcome:
        try:
            with self._client() as client:
                data = _data(api.read(client.delete_tweet(order.target, user_auth=True)))
        except api.Unsuccessful as failed:
            if failed.why.code == "target_gone":
                return Sent()  # what was wanted; an earlier try may have done it
            raise
        return Sent() if data.get("deleted") is True else failures.no_answer("not_confirmed")

    def _client(self, *, direct: bool = False) -> AbstractContextManager[tweepy.Client]:
        return api.connect(self._credentials, self._endpoint, self._now, direct=direct)


def _data(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    data = answer.get("data")
    return data if isinstance(data, dict) else {}


def _if_ours(made: str, order: Order) -> Outcome:
    # Ids grow with time: an answer cannot be older than what it answers (fault F20).
    if ID.fullmatch(order.target) and int(made) <= int(order.target):
        return NotSent("wrong_id")
    return Sent(made)

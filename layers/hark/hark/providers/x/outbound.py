"""Public replies on X, and looking them up again after a lost answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from hark.domain.events import UnreadableEvent
from hark.providers.contract import CallFailed, Credentials, NotSent, Order, Outcome, Sent
from hark.providers.x import api, failures, posts
from hark.providers.x.door import ID
from hark.providers.x.text import LIMIT, fingerprint, seen_fingerprint, weighted_length

ENDPOINT = "https://api.x.com"
READ_BACK_PAGES = 5
"""Pages of 100 own posts to look through. A brand that posts more since the question needs a person to look."""


class Sender:
    """Posts replies as one account (OAuth 1.0a user context), each at most once per call and never twice."""

    def __init__(self, credentials: Credentials, endpoint: str, now: Callable[[], datetime] = api.utc_now) -> None:
        """`credentials` hold consumer_key, consumer_secret, access_token and access_token_secret.

        `endpoint` is X's host with scheme, such as https://api.x.com.
        """
        self._credentials = credentials
        self._endpoint = endpoint
        self._now = now

    def send(self, order: Order) -> Outcome:
        """Carry out the order. Takes at most about 25 seconds and raises nothing that the network can cause."""
        if order.verb != "public_reply":
            return NotSent("not_supported")
        if not order.text.strip() or weighted_length(order.text) > LIMIT:
            return NotSent("too_long")
        try:
            with api.connect(self._credentials, self._endpoint, self._now) as client:
                answer = api.read(
                    client.create_tweet(text=order.text, in_reply_to_tweet_id=order.target, user_auth=True)
                )
        except api.Unsuccessful as failed:
            return failed.why
        return _made(answer, order)

    def read_back(self, order: Order) -> Sent | None:
        """Look for the reply among the account's own posts since the answered one; None when it is not there.

        A post counts when it answers the same post and says the same. None is only as fresh as X's timeline: ask
        after the settle time.

        Raises:
            CallFailed: we could not look, or not at everything. That is not the same as "not there".
        """
        page: Mapping[str, Any]
        params = {"since_id": order.target, "max_results": "100"}
        words = api.OLD_WORDS
        doubts = False
        found: list[str] = []
        try:
            with api.connect(self._credentials, self._endpoint, self._now) as client:
                for _ in range(READ_BACK_PAGES):
                    page, words = api.get_posts(client, f"/2/users/{order.account_id}/tweets", params, words)
                    own, unreadable = _matching(page, order)
                    found += own
                    doubts |= unreadable
                    token = _token(page)
                    if token is None:
                        break
                    params["pagination_token"] = token
                else:
                    doubts = True
        except api.Unsuccessful as failed:
            raise api.call_failed(failed) from None
        if found:
            return Sent(min(found, key=int))
        if doubts:
            raise CallFailed("no_answer", detail="read_back_incomplete")
        return None


def _made(answer: Mapping[str, Any], order: Order) -> Outcome:
    data = answer.get("data")
    made = data.get("id") if isinstance(data, dict) else None
    if not isinstance(made, str) or not ID.fullmatch(made):
        return failures.no_answer("no_id")
    # Ids grow with time: a reply cannot be older than what it answers (fault F20).
    if int(made) <= int(order.target):
        return NotSent("wrong_id")
    return Sent(made)


def _matching(page: Mapping[str, Any], order: Order) -> tuple[list[str], bool]:
    listed = page.get("data", [])
    found: list[str] = []
    if not isinstance(listed, list) or ("data" not in page and page.get("errors")):
        return found, True
    wanted = fingerprint(order.text)
    doubts = False
    for payload in listed:
        try:
            post = posts.from_v2(payload if isinstance(payload, dict) else {})
        except UnreadableEvent:
            doubts = True
            continue
        # The text as X wrote it, with its own short links: an expanded link may end where no parser expects it.
        said = seen_fingerprint(payload["text"]) if isinstance(payload.get("text"), str) else fingerprint(post.text)
        same_place = post.parent_id == order.target and post.author_id in ("", order.account_id)
        if same_place and said == wanted:
            found.append(post.versions[0])
    return found, doubts


def _token(page: Mapping[str, Any]) -> str | None:
    meta = page.get("meta")
    token = meta.get("next_token") if isinstance(meta, dict) else None
    return token if isinstance(token, str) and token else None

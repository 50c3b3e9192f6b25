"""Looking for what we said: among our own posts under the same post, or our own messages to the same person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import tweepy

from hark.domain.events import UnreadableEvent
from hark.providers.contract import CallFailed, Order, Sent
from hark.providers.x import api, direct, posts
from hark.providers.x.text import fingerprint, seen_fingerprint

REPLY_PAGES = 5
"""Pages of 100 own posts to look through. A brand that posts more since the question needs a person to look."""
MESSAGE_PAGES = 4
"""Pages of five messages of one conversation. X bills $0.010 for each message read, once per UTC day."""

_CLOCK_SKEW = timedelta(seconds=5)


def for_reply(client: tweepy.Client, order: Order) -> Sent | None:
    """The account's own post that answers `order.target` with the same words.

    Raises:
        api.Unsuccessful: a call failed.
        CallFailed: there were more posts than we look through, or some that cannot be read.
    """
    params = {"since_id": order.target, "max_results": "100"}
    words = api.OLD_WORDS
    doubts = False
    found: list[str] = []
    for _ in range(REPLY_PAGES):
        page, words = api.get_posts(client, f"/2/users/{order.account_id}/tweets", params, words)
        own, unreadable = _replies(page, order)
        found += own
        doubts |= unreadable
        token = next_token(page)
        if token is None:
            break
        params["pagination_token"] = token
    else:
        doubts = True
    return _result(found, doubts)


def for_message(client: tweepy.Client, order: Order) -> Sent | None:
    """The account's own message to `order.person` with the same words, written after `order.asked_at`.

    Raises:
        api.Unsuccessful, CallFailed: as `for_reply`.
    """
    params = {"max_results": "5"}
    words = api.OLD_DIRECT_WORDS
    earliest = int(posts.snowflake_at(order.asked_at - _CLOCK_SKEW))
    doubts = False
    found: list[str] = []
    for _ in range(MESSAGE_PAGES):
        route = f"/2/dm_conversations/with/{order.person}/dm_events"
        page, words = api.get_direct_messages(client, route, params, words)
        own, unreadable, oldest = _messages(page, order)
        found += [one for one in own if int(one) > earliest]
        doubts |= unreadable
        token = next_token(page)
        if token is None or oldest <= earliest:
            break
        params["pagination_token"] = token
    else:
        doubts = True
    return _result(found, doubts)


def next_token(page: Mapping[str, Any]) -> str | None:
    """Where the next page begins; None when there is none."""
    meta = page.get("meta")
    token = meta.get("next_token") if isinstance(meta, dict) else None
    return token if isinstance(token, str) and token else None


def _result(found: Iterable[str], doubts: bool) -> Sent | None:
    first = min(found, key=int, default=None)
    if first is not None:
        return Sent(first)
    if doubts:
        raise CallFailed("no_answer", detail="read_back_incomplete")
    return None


def _replies(page: Mapping[str, Any], order: Order) -> tuple[list[str], bool]:
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


def _messages(page: Mapping[str, Any], order: Order) -> tuple[list[str], bool, int]:
    listed = page.get("data", [])
    found: list[str] = []
    if not isinstance(listed, list) or ("data" not in page and page.get("errors")):
        return found, True, 0
    wanted = fingerprint(order.text)
    doubts, ids = False, []
    for payload in listed:
        try:
            message = direct.from_rest(payload if isinstance(payload, dict) else {})
        except UnreadableEvent:
            doubts = True
            continue
        if message is None:
            continue
        ids.append(int(message.id))
        ours = (message.sender_id, message.recipient_id) == (order.account_id, order.person)
        if ours and seen_fingerprint(message.raw_text) == wanted:
            found.append(message.id)
    # Newest first: what comes after the oldest of this page is older still.
    return found, doubts, min(ids, default=1 << 90)

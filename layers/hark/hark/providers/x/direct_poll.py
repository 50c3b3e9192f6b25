"""Reading the account's direct messages, to fill what webhooks leave out.

X knows no `since_id` here: pages come newest first, and a round ends at the first message that is known. The state is
`{"known", "at"}` between rounds and has `token` and `candidate` while one is not finished; `at` is when the last round
began, in text form. Each message read costs $0.010, once per UTC day, even if it was read before: hence five a page,
and at most one round per interval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import tweepy

from hark.domain.events import RawEvent
from hark.providers.contract import CallFailed
from hark.providers.x import api, posts
from hark.providers.x.door import DIRECT_POLL_KIND, ID
from hark.providers.x.looking import next_token
from hark.providers.x.rounds import FIRST_REACH, OVERLAP, Turn, filed

EVERY_MINUTES = 60
"""How often a round may begin, unless the account's settings have `dm_poll_minutes`; 0 there means never."""
PAGES = 4
"""Pages of one run. X allows 15 calls in 15 minutes."""

_PAGE_SIZE = "5"


def interval(settings: Mapping[str, Any]) -> timedelta | None:
    """The time between two rounds, from `settings["dm_poll_minutes"]`; None when the operator wants none."""
    minutes = settings.get("dm_poll_minutes", EVERY_MINUTES)
    if isinstance(minutes, bool) or not isinstance(minutes, int) or minutes < 0:
        minutes = EVERY_MINUTES
    return timedelta(minutes=minutes) if minutes else None


def due(state: Mapping[str, Any], settings: Mapping[str, Any], now: datetime) -> bool:
    """Whether to read now: a round is unfinished, or the interval is over."""
    between = interval(settings)
    if between is None:
        return False
    if "token" in state:
        return True
    begun = posts.iso_times(state.get("at"))
    return not begun or now - begun[0] >= between


def turns(
    client: tweepy.Client, account_id: str, state: Mapping[str, Any], words: Mapping[str, str], pages: int,
    now: Callable[[], datetime],
) -> Iterator[Turn]:  # fmt: skip
    """Read at most `pages` pages of five. `state` is {} or that of the last page whose events are durable.

    Raises:
        api.Unsuccessful, CallFailed: a page could not be had; the state of the page before it stands.
    """
    known = str(state.get("known") or posts.snowflake_at(now() - FIRST_REACH))
    token, candidate = state.get("token"), state.get("candidate")
    begun = state["at"] if isinstance(token, str) else now().astimezone(UTC).isoformat(timespec="seconds")
    ceiling = posts.snowflake_at(now() - OVERLAP)
    for _ in range(pages):
        params = {"max_results": _PAGE_SIZE} | ({"pagination_token": token} if isinstance(token, str) else {})
        answer, used = api.get_direct_messages(client, "/2/dm_events", params, words)
        calls, words = 1 + (used is not words), used
        listed = answer.get("data", [])
        if not isinstance(listed, list) or ("data" not in answer and answer.get("errors")):
            raise CallFailed("no_answer", detail="no_data")
        ids = [own for item in listed if (own := _id(item)) is not None]
        events = tuple(_event(item, answer, account_id) for item in listed if (_id(item) or 1 << 90) > int(known))
        if candidate is None:
            # Not newer than the overlap: X may list a message late. Reading it again today costs nothing more.
            candidate = str(min(max(ids, default=int(known)), int(ceiling)))
        token = next_token(answer)
        if min(ids, default=int(known)) <= int(known):
            token = None
        if token is None:
            after = {"known": max(known, str(candidate), key=int), "at": begun}
        else:
            after = {"known": known, "at": begun, "token": token, "candidate": candidate}
        yield Turn(events, after, words, calls, token is None, ())
        if token is None:
            return


def _id(item: object) -> int | None:
    own = item.get("id") if isinstance(item, dict) else None
    return int(own) if isinstance(own, str) and ID.fullmatch(own) else None


def _event(item: object, answer: Mapping[str, Any], account_id: str) -> RawEvent:
    sender = item.get("sender_id") if isinstance(item, dict) else None
    included = answer.get("includes")
    parts = included if isinstance(included, dict) else {}
    users = [u for u in parts.get("users", []) if isinstance(u, dict) and u.get("id") == sender]
    return filed("dm", DIRECT_POLL_KIND, account_id, item, {"users": users})

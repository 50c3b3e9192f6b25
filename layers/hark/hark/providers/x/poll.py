"""Reading what webhooks leave out: the account's mentions and its direct messages.

The cursor is that of the mentions (see `rounds`) with `words`, the vocabulary X understood last, and beside it `dm`
(see `direct_poll`) with its own state. Mentions come first; what goes wrong with the messages is told as a problem of
the page and stops neither the mentions nor the account.

What it costs: X bills each post read ($0.001 for mentions when the brand owns the app, else $0.005), and a post is
read again by every round until it is ten minutes old and the newest. At a poll every five minutes that is two or
three times a post, at one every half hour mostly once, and for a quiet account nothing. Direct messages are dearer
and are read once an hour unless `settings["dm_poll_minutes"]` says otherwise. The ledger's conditional write makes all
repeats harmless. Searching is `search.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from hark.domain.failures import FAILINGS, Effect
from hark.providers.contract import CallFailed, Connection, Page
from hark.providers.x import api, direct_poll, rounds
from hark.providers.x.door import NESTED_KIND, POLL_KIND
from hark.providers.x.rounds import Source, Turn

UNTOLD = frozenset((NESTED_KIND,))
"""Kinds of events that no webhook brings: finding one says nothing about the webhooks."""

_WORDS = {"tweet": api.OLD_WORDS, "post": api.NEW_WORDS}
_DIRECT_WORDS = {"tweet": api.OLD_DIRECT_WORDS, "post": api.NEW_DIRECT_WORDS}
_MENTIONS = frozenset(("since_id", "token", "candidate"))
_WHOLE_ACCOUNT = frozenset(("token_refused", "credits_depleted", "account_refused", "policy_block"))


def poll(
    connection: Connection, cursor: Mapping[str, Any], pages: int, now: Callable[[], datetime] = api.utc_now
) -> Iterator[Page]:
    """Read at most `pages` pages of mentions, and a few of direct messages.

    `cursor` is {} or that of the last page made durable. Each page's cursor may be stored once its events are. Events
    are written as X's activity payloads, so that a post has the same business key and the same parser whichever way
    it comes.

    Raises:
        CallFailed: with a time, if X names one. The cursor stays where it was.
    """
    kept = dict(cursor)
    try:
        yield from _mentions(connection, kept, pages, now)
    except api.Unsuccessful as failed:
        raise api.call_failed(failed) from None
    try:
        yield from _direct_messages(connection, kept, pages, now)
    except (api.Unsuccessful, CallFailed) as trouble:
        told = api.call_failed(trouble) if isinstance(trouble, api.Unsuccessful) else trouble
        if told.code in _WHOLE_ACCOUNT:
            raise told from None
        yield _trouble(told, kept, now())


def _mentions(connection: Connection, kept: dict[str, Any], pages: int, now: Callable[[], datetime]) -> Iterator[Page]:
    source = Source(f"/2/users/{connection.account_id}/mentions", POLL_KIND, "pagination_token")
    state = {name: kept[name] for name in _MENTIONS if name in kept}
    words = _WORDS[kept.get("words", "tweet")]
    with api.connect(connection.credentials, connection.endpoint, now) as client:
        for turn in rounds.turns(client, source, connection.account_id, state, words, pages, now):
            for name in _MENTIONS:
                kept.pop(name, None)
            kept |= {**turn.state, "words": _name(turn.words is api.OLD_WORDS)}
            yield _page(turn, kept)


def _direct_messages(
    connection: Connection, kept: dict[str, Any], pages: int, now: Callable[[], datetime]
) -> Iterator[Page]:
    state = kept.get("dm", {})
    if not direct_poll.due(state, connection.settings, now()):
        return
    words = _DIRECT_WORDS[state.get("words", "tweet")]
    budget = min(pages, direct_poll.PAGES)
    with api.connect(connection.credentials, connection.endpoint, now) as client:
        for turn in direct_poll.turns(client, connection.account_id, state, words, budget, now):
            kept["dm"] = {**turn.state, "words": _name(turn.words is api.OLD_DIRECT_WORDS)}
            yield _page(turn, kept)


def _page(turn: Turn, kept: Mapping[str, Any]) -> Page:
    return Page(turn.events, dict(kept), turn.calls, turn.done, turn.problems)


def _trouble(failed: CallFailed, kept: dict[str, Any], now: datetime) -> Page:
    """A page that only tells what went wrong. Where the trouble stays, the next try is an interval away."""
    if FAILINGS[failed.code].effect in (Effect.NEVER, Effect.PAUSED):
        state = {name: value for name, value in kept.get("dm", {}).items() if name in ("known", "words")}
        kept["dm"] = {**state, "at": now.astimezone(UTC).isoformat(timespec="seconds")}
    return Page((), dict(kept), 1, True, (f"x.poll_dm.{failed.code}",))


def _name(old: bool) -> str:
    return "tweet" if old else "post"

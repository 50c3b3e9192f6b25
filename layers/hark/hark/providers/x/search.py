"""Searching X's posts of the last seven days for what nobody addressed to us.

What it costs ($0.005 for each post, counted once per UTC day) is from X's page on prices, as of autumn 2026.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from hark.providers.contract import Connection, Found
from hark.providers.x import api, rounds
from hark.providers.x.door import ID, SEARCH_KIND
from hark.providers.x.rounds import Source, Turn

LEAST = 10
"""X gives no smaller page than this."""

_PAGE = 100
_WORDS = {"tweet": api.OLD_WORDS, "post": api.NEW_WORDS}
_PLACE = ("since_id", "start_time", "token", "candidate")
_KEPT_TODAY = 500


def search(
    connection: Connection, asked: str, tag: str, state: Mapping[str, Any], most: int,
    now: Callable[[], datetime] = api.utc_now,
) -> Iterator[Found]:  # fmt: skip
    """Read on behind the last round, at most `most` posts; none when fewer than `LEAST` are allowed.

    `state` is {} or that of the last page made durable: the round's (`rounds`), the `words` X understood last, a hash
    of what was `asked`, and the ids `today` billed that the next round will read again.

    Raises:
        CallFailed: the state stays where it was.
    """
    size = min(_PAGE, most)
    if size < LEAST:
        return
    kept, name = dict(state), hashlib.sha256(asked.encode("utf-8", "replace")).hexdigest()[:12]
    if kept.get("asked", name) != name:
        # A token leads on in the hits of the query it came from.
        kept = {n: v for n, v in kept.items() if n not in ("token", "candidate", "start_time")}
    source = Source(
        "/2/tweets/search/recent", SEARCH_KIND, "next_token", as_user=False, query=asked, size=size, tag=tag
    )
    place = {n: kept[n] for n in _PLACE if n in kept}
    words = _WORDS[kept.get("words", "tweet")]
    try:
        with api.connect(connection.credentials, connection.endpoint, now, needed=api.OF_THE_APP) as client:
            for turn in rounds.turns(client, source, connection.account_id, place, words, most // size, now):
                known = _billed_today(kept, now())
                ids = {key.removeprefix("post:") for event in turn.events if (key := event.key).startswith("post:")}
                kept = {
                    **turn.state, "asked": name, "words": "tweet" if turn.words is api.OLD_WORDS else "post",
                    "day": _day(now()), "today": _read_again(known | ids, turn),
                }  # fmt: skip
                yield Found(turn.events, kept, len(ids - known) + _nameless(turn), turn.done, turn.problems)
    except api.Unsuccessful as failed:
        raise api.call_failed(failed) from None


def _day(now: datetime) -> str:
    return now.astimezone(UTC).date().isoformat()


def _billed_today(kept: Mapping[str, Any], now: datetime) -> frozenset[str]:
    return frozenset(kept.get("today", ())) if kept.get("day") == _day(now) else frozenset()


def _read_again(ids: Iterable[str], turn: Turn) -> list[str]:
    """Those that the next round will read once more: newer than where it begins."""
    begins = int(turn.state.get("candidate") or turn.state.get("since_id") or 0)
    newer = (one for one in ids if ID.fullmatch(one) and int(one) > begins)
    return sorted(newer, key=int, reverse=True)[:_KEPT_TODAY]


def _nameless(turn: Turn) -> int:
    return sum(not event.key.startswith("post:") for event in turn.events)

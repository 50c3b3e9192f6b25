"""Reading the account's mentions, to fill what webhooks leave out.

The cursor is `{"since_id", "words"}` between rounds, and `{"since_id", "words", "token", "candidate"}` while a
round is not finished: `candidate` comes from the round's first page and becomes `since_id` only after the last
page, `token` leads to the next page. All pages of a round are asked with the same `since_id`.

X lists some posts late. So `candidate` is the newest id of the first page, but never newer than `OVERLAP` before
the round began: a post listed up to ten minutes late is found by the next round, whatever the schedule.

What that costs: X bills each post read ($0.001 when the brand owns the app, else $0.005), and a post is read again
by every round until it is ten minutes old and the newest. At a poll every five minutes that is two or three times
a post, at one every half hour mostly once, and for a quiet account nothing. The ledger's conditional write makes
the repeats harmless.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from hark.domain.events import RawEvent
from hark.providers.contract import CallFailed, Connection, Page
from hark.providers.x import api, posts
from hark.providers.x.door import ID
from hark.providers.x.inbound import POLL_KIND

OVERLAP = timedelta(minutes=10)
FIRST_REACH = timedelta(hours=24)
"""How far back the very first round of an account looks."""

_PAGE_SIZE = "100"
_TOKEN_WORD = re.compile(rb"pagination_token|next_token")
_WORDS = {"tweet": api.OLD_WORDS, "post": api.NEW_WORDS}


def poll(
    connection: Connection, cursor: Mapping[str, Any], pages: int, now: Callable[[], datetime] = api.utc_now
) -> Iterator[Page]:
    """Read at most `pages` pages of mentions, newest first. `cursor` is {} or that of the last page made durable.

    Each page's cursor may be stored once its events are. Events are written as X's activity payloads, so that a
    post has the same business key and the same parser whichever way it comes.

    Raises:
        CallFailed: with a time, if X names one. The cursor stays where it was.
    """
    since = str(cursor.get("since_id") or posts.snowflake_at(now() - FIRST_REACH))
    words = _WORDS[cursor.get("words", "tweet")]
    token, candidate = cursor.get("token"), cursor.get("candidate")
    asked = {"max_results": _PAGE_SIZE, "since_id": since}
    ceiling = posts.snowflake_at(now() - OVERLAP)
    try:
        with api.connect(connection.credentials, connection.endpoint, now) as client:
            for _ in range(pages):
                calls = 1
                route = f"/2/users/{connection.account_id}/mentions"
                try:
                    answer, used = api.get_posts(client, route, _with(asked, token), words)
                except api.Unsuccessful as failed:
                    if token is None or not failed.names(_TOKEN_WORD):
                        raise
                    # X forgot our place: the round begins again, and so does its candidate.
                    token = candidate = None
                    calls += 1
                    answer, used = api.get_posts(client, route, asked, words)
                calls += used is not words
                words = used
                events, problems = _events(answer, connection.account_id)
                if candidate is None:
                    candidate = _candidate(answer, events, ceiling)
                token = _next_token(answer)
                yield Page(events, _cursor(since, words, token, candidate), calls, token is None, problems)
                if token is None:
                    return
    except api.Unsuccessful as failed:
        raise api.call_failed(failed) from None


def _with(asked: Mapping[str, str], token: object) -> dict[str, str]:
    return {**asked, "pagination_token": token} if isinstance(token, str) else dict(asked)


def _cursor(since: str, words: Mapping[str, str], token: str | None, candidate: str | None) -> dict[str, Any]:
    cursor: dict[str, Any] = {"since_id": since, "words": "tweet" if words is api.OLD_WORDS else "post"}
    if token is not None:
        return cursor | {"token": token, "candidate": candidate or since}
    # A round that finds only what is older than its start must not move the cursor back.
    return cursor | {"since_id": max(since, candidate or since, key=int)}


def _events(answer: Mapping[str, Any], account_id: str) -> tuple[tuple[RawEvent, ...], tuple[str, ...]]:
    listed = answer.get("data", [])
    errors = [e for e in _list(answer.get("errors")) if isinstance(e, dict)]
    if not isinstance(listed, list) or ("data" not in answer and errors and "meta" not in answer):
        raise CallFailed("no_answer", detail="no_data")
    problems = {f"x.partial.{_slug(str(e.get('type', '')).rstrip('/').rpartition('/')[2])}" for e in errors}
    included = answer.get("includes")
    users = {
        user.get("id"): user
        for user in _list(included.get("users") if isinstance(included, dict) else None)
        if isinstance(user, dict)
    }
    return tuple(_event(payload, users, account_id) for payload in listed), tuple(sorted(problems))


def _event(payload: object, users: Mapping[object, Any], account_id: str) -> RawEvent:
    author = payload.get("author_id") if isinstance(payload, dict) else None
    author_shown = [users[author]] if isinstance(author, str) and author in users else []
    data = {
        "event_type": POLL_KIND,
        "filter": {"user_id": account_id},
        "payload": payload,
        "includes": {"users": author_shown},
    }
    body = json.dumps({"data": data}, separators=(",", ":")).encode("ascii")
    post_id = payload.get("id") if isinstance(payload, dict) else None
    # What cannot be named is kept under its content: it is for the parser to refuse it, and for people to see.
    known = isinstance(post_id, str) and ID.fullmatch(post_id)
    key = f"post:{post_id}" if known else f"other:{hashlib.sha256(body).hexdigest()}"
    return RawEvent(key, POLL_KIND, account_id, body)


def _candidate(answer: Mapping[str, Any], events: tuple[RawEvent, ...], ceiling: str) -> str | None:
    meta = answer.get("meta")
    named = [meta.get("newest_id")] if isinstance(meta, dict) else []
    seen = [event.key.removeprefix("post:") for event in events]
    ids = [one for one in (*named, *seen) if isinstance(one, str) and ID.fullmatch(one)]
    # The ceiling also keeps an absurd id from carrying the cursor into the future.
    return min(max(ids, key=int), ceiling, key=int) if ids else None


def _next_token(answer: Mapping[str, Any]) -> str | None:
    meta = answer.get("meta")
    token = meta.get("next_token") if isinstance(meta, dict) else None
    return token if isinstance(token, str) and token else None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9-]", "", text.lower())[:40] or "unnamed"

"""One round over a list of posts that X gives newest first: mentions, or the hits of a search.

A round's state is `{"since_id"}` between rounds, and `{"since_id", "token", "candidate"}` while one is not finished:
`candidate` comes from the round's first page and becomes `since_id` only after the last page, `token` leads to the
next page. All pages of a round are asked with the same `since_id`. A search that has lost its place (X searches seven
days back) goes by `start_time` for one round.

X lists some posts late. So `candidate` is the newest id of the first page, but never newer than `OVERLAP` before
the round began: a post listed up to ten minutes late is found by the next round, whatever the schedule.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import tweepy

from hark.domain.events import RawEvent, UnreadableEvent
from hark.providers.contract import CallFailed
from hark.providers.x import api, posts
from hark.providers.x.door import ID, NESTED_KIND, POLL_KIND
from hark.providers.x.looking import next_token

OVERLAP = timedelta(minutes=10)
FIRST_REACH = timedelta(hours=24)
"""How far back the very first round of an account looks."""
SEARCH_REACH = timedelta(days=6, hours=23)
"""How far back a search can look, less an hour."""

_TOKEN_WORD = re.compile(rb"pagination_token|next_token")
_SINCE_WORD = re.compile(rb"since_id")


@dataclass(frozen=True, slots=True)
class Source:
    """A list of posts: where it is, under which kind its posts are filed, and how to ask for it."""

    route: str
    kind: str
    token_name: str
    as_user: bool = True
    query: str = ""
    """What to search for; a search looks back seven days only."""
    size: int = 100
    """Posts a page may hold."""
    tag: str = ""
    """What the events are to say of where they are from: the listening query's id."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One page of a round: its events, the state after it, the words X understood, and what `contract.Page` says."""

    events: tuple[RawEvent, ...]
    state: Mapping[str, Any]
    words: Mapping[str, str]
    calls: int
    done: bool
    problems: tuple[str, ...]


def turns(
    client: tweepy.Client, source: Source, account_id: str, state: Mapping[str, Any], words: Mapping[str, str],
    pages: int, now: Callable[[], datetime],
) -> Iterator[Turn]:  # fmt: skip
    """Read at most `pages` pages. `state` is {} or that of the last page whose events are durable.

    Raises:
        api.Unsuccessful, CallFailed: a page could not be had; the state of the page before it stands.
    """
    token, candidate = state.get("token"), state.get("candidate")
    asked, problems = _asked(source, state, now())
    ceiling = posts.snowflake_at(now() - OVERLAP)
    for _ in range(pages):
        calls = 1
        try:
            answer, used = _get(client, source, asked, token, words)
        except api.Unsuccessful as failed:
            calls += 1
            if token is not None and failed.names(_TOKEN_WORD):
                # X forgot our place: the round begins again, and so does its candidate.
                token = candidate = None
            elif source.query and "since_id" in asked and failed.names(_SINCE_WORD):
                asked, problems = _from_the_beginning(asked, now()), (*problems, "x.search_gap")
                token = candidate = None
            else:
                raise
            answer, used = _get(client, source, asked, token, words)
        calls += used is not words
        words = used
        events, partial = _events(answer, source, account_id)
        if candidate is None:
            candidate = _candidate(answer, events, ceiling)
        token = next_token(answer)
        after = _after(state, asked, token, candidate, ceiling)
        yield Turn(events, after, words, calls, token is None, tuple(sorted({*problems, *partial})))
        problems = ()
        if token is None:
            return


def _asked(source: Source, state: Mapping[str, Any], now: datetime) -> tuple[dict[str, str], tuple[str, ...]]:
    asked = {"max_results": str(source.size)} | ({"query": source.query} if source.query else {})
    if "start_time" in state:
        return asked | {"start_time": str(state["start_time"])}, ()
    since = str(state.get("since_id") or posts.snowflake_at(now - FIRST_REACH))
    asked["since_id"] = since
    if source.query and int(since) < int(posts.snowflake_at(now - SEARCH_REACH)):
        return _from_the_beginning(asked, now), ("x.search_gap",)
    return asked, ()


def _from_the_beginning(asked: Mapping[str, str], now: datetime) -> dict[str, str]:
    # X refuses a since_id that is too old, and one together with a start_time.
    start = (now - SEARCH_REACH).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {name: value for name, value in asked.items() if name != "since_id"} | {"start_time": start}


def _get(
    client: tweepy.Client, source: Source, asked: Mapping[str, str], token: object, words: Mapping[str, str]
) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    params = {**asked, source.token_name: token} if isinstance(token, str) else dict(asked)
    return api.get_posts(client, source.route, params, words, as_user=source.as_user)


def _after(
    state: Mapping[str, Any], asked: Mapping[str, str], token: str | None, candidate: str | None, ceiling: str
) -> dict[str, Any]:
    since = asked.get("since_id")
    if token is not None:
        place = {"since_id": since} if since else {"start_time": asked["start_time"]}
        return place | {"token": token, "candidate": candidate or since or ceiling}
    # A round that finds only what is older than its start must not move the cursor back.
    return {"since_id": max(since or "1", candidate or since or ceiling, key=int)}


def _events(answer: Mapping[str, Any], source: Source, account_id: str) -> tuple[tuple[RawEvent, ...], tuple[str, ...]]:
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
    return tuple(_event(payload, users, source, account_id) for payload in listed), tuple(sorted(problems))


def _event(payload: object, users: Mapping[object, Any], source: Source, account_id: str) -> RawEvent:
    kind = source.kind
    author = payload.get("author_id") if isinstance(payload, dict) else None
    author_shown = [users[author]] if isinstance(author, str) and author in users else []
    if kind == POLL_KIND and isinstance(payload, dict) and _is_nested(payload, account_id):
        kind = NESTED_KIND
    return filed("post", kind, account_id, payload, {"users": author_shown}, source.tag)


def _is_nested(payload: Mapping[str, Any], account_id: str) -> bool:
    """Whether the author neither wrote our handle nor answered us: X put the handle in front of a reply to others."""
    try:
        post = posts.from_v2(payload)
    except UnreadableEvent:
        return False
    return bool(post.parent_id) and post.parent_author_id != account_id and account_id not in post.named_ids


def filed(
    prefix: str, kind: str, account_id: str, payload: object, includes: Mapping[str, Any], tag: str = ""
) -> RawEvent:
    """A listed object as an event, written down as X's activities are, so that one parser reads both."""
    named = {"tag": tag} if tag else {}
    data = {"event_type": kind, "filter": {"user_id": account_id}, **named, "payload": payload, "includes": includes}
    body = json.dumps({"data": data}, separators=(",", ":")).encode("ascii")
    own_id = payload.get("id") if isinstance(payload, dict) else None
    # What cannot be named is kept under its content: it is for the parser to refuse it, and for people to see.
    known = isinstance(own_id, str) and ID.fullmatch(own_id)
    key = f"{prefix}:{own_id}" if known else f"other:{hashlib.sha256(body).hexdigest()}"
    return RawEvent(key, kind, account_id, body)


def _candidate(answer: Mapping[str, Any], events: tuple[RawEvent, ...], ceiling: str) -> str | None:
    meta = answer.get("meta")
    named = [meta.get("newest_id")] if isinstance(meta, dict) else []
    seen = [event.key.removeprefix("post:") for event in events]
    ids = [one for one in (*named, *seen) if isinstance(one, str) and ID.fullmatch(one)]
    # The ceiling also keeps an absurd id from carrying the cursor into the future.
    return min(max(ids, key=int), ceiling, key=int) if ids else None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9-]", "", text.lower())[:40] or "unnamed"

"""One post of X, read from any of its shapes: activity payload, REST object in two vocabularies, old envelope.

Here are the derivations that both ways in and the read-back of our own posts share. Offsets inside a post's
text count escaped or unescaped characters, nobody says which, so text is never cut by them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hark.domain.events import Media, UnreadableEvent
from hark.providers.clean_text import clean
from hark.providers.x import media
from hark.providers.x.door import ID

SNOWFLAKE_EPOCH_MS = 1_288_834_974_657
"""Milliseconds since 1970 at which X's present ids begin (2010-11-04)."""

_FIRST_POST = datetime(2006, 3, 21, tzinfo=UTC)
_FIRST_SNOWFLAKE = datetime(2010, 11, 5, tzinfo=UTC)
_CLOCK_SKEW = timedelta(minutes=10)
_ESCAPES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_ESCAPE = re.compile("|".join(_ESCAPES))
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_OLD_TIME = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([0-9]{2}) ([0-9:]{8}) ([+-][0-9]{4}) ([0-9]{4})")


@dataclass(frozen=True, slots=True)
class Post:
    """A post as X told it. Ids are strings of digits, "" where X said nothing."""

    id: str
    author_id: str
    text: str
    cleaned: bool
    conversation_id: str
    parent_id: str
    parent_author_id: str
    quoted_ids: tuple[str, ...]
    is_repost: bool
    versions: tuple[str, ...]
    """Ids of all versions, oldest first; the last one is the newest X knew of, not always `id`."""
    said_at: tuple[datetime, ...]
    """The times X gave, best first; none may be believed unseen."""
    media: tuple[Media, ...]
    named_ids: frozenset[str]
    """Users whose handle the author wrote, as against those that X puts before a reply."""
    language: str
    shares: int
    """Reposts and quotes of it so far, in any of X's words for them."""


def from_v2(payload: Mapping[str, Any], included_media: Iterable[Mapping[str, Any]] = ()) -> Post:
    """Read an activity payload or a REST object, in the old (`tweet`) or the new (`post`) vocabulary.

    `included_media` is `includes.media`, unwrapped.

    Raises:
        UnreadableEvent: `id` or `text` is missing, or a field is not of its documented form.
    """
    own_id = id_of(payload, "id")
    if not own_id:
        raise UnreadableEvent("a post without an id")
    references = _objects(payload, "referenced_tweets", "referenced_posts")
    kinds = {kind: [id_of(r, "id") for r in references if r.get("type") == kind] for kind in _REFERENCE_KINDS}
    note = next((n for key in ("note_tweet", "note_post") if isinstance(n := payload.get(key), dict)), {})
    entities = [e for part in (payload, note) if isinstance(e := part.get("entities"), dict)]
    long_text = note.get("text")
    text, cleaned = clean(_text(long_text if isinstance(long_text, str) and long_text else payload.get("text")))
    return Post(
        id=own_id,
        author_id=id_of(payload, "author_id"),
        text=with_urls(text, entities),
        cleaned=cleaned,
        conversation_id=id_of(payload, "conversation_id"),
        parent_id=id_of(payload, "in_reply_to_tweet_id") or "".join(kinds["replied_to"][:1]),
        parent_author_id=id_of(payload, "in_reply_to_user_id"),
        quoted_ids=tuple(kinds["quoted"]),
        is_repost=bool(kinds["retweeted"] or kinds["reposted"]),
        versions=_versions(own_id, payload.get("edit_history_tweet_ids") or payload.get("edit_history_post_ids")),
        said_at=iso_times(payload.get("created_at")),
        media=media.of_post(payload, included_media),
        named_ids=_named(entities, "mentions", "id", lambda m: m.get("start"), payload.get("display_text_range")),
        language=_language(payload.get("lang")),
        shares=_shares(payload.get("public_metrics")),
    )


def from_account_activity(entry: Mapping[str, Any]) -> Post:
    """Read an entry of `tweet_create_events`. The numeric ids beside the `_str` ones are never used.

    Raises:
        UnreadableEvent: as `from_v2`.
    """
    own_id = id_of(entry, "id_str")
    if not own_id:
        raise UnreadableEvent("a post without an id")
    whole = entry.get("extended_tweet")
    body = whole if isinstance(whole, dict) else entry
    user = entry.get("user")
    entities = [e] if isinstance(e := body.get("entities"), dict) else []
    text, cleaned = clean(_text(body.get("full_text", entry.get("text"))))
    return Post(
        id=own_id,
        author_id=id_of(user, "id_str") if isinstance(user, dict) else "",
        text=with_urls(text, entities),
        cleaned=cleaned,
        conversation_id="",
        parent_id=id_of(entry, "in_reply_to_status_id_str"),
        parent_author_id=id_of(entry, "in_reply_to_user_id_str"),
        quoted_ids=(quoted,) if (quoted := id_of(entry, "quoted_status_id_str")) else (),
        is_repost=isinstance(entry.get("retweeted_status"), dict),
        versions=(own_id,),
        said_at=_times((_epoch_time, entry.get("timestamp_ms")), (_old_time, entry.get("created_at"))),
        media=media.of_old_post(body) or media.of_old_post(entry),
        named_ids=_named(
            entities, "user_mentions", "id_str", lambda m: _first(m.get("indices")), body.get("display_text_range")
        ),
        language=_language(entry.get("lang")),
        shares=_shares(entry),
    )


def when(said_at: Iterable[datetime], post_id: str, arrived: datetime) -> tuple[datetime, bool]:
    """The time of a post, and whether it is doubtful.

    X's own word if it lies between X's first post and ten minutes after the arrival; else the time inside the
    id; else the time of arrival, which is then the doubtful one (hostile row H22).
    """
    latest = arrived + _CLOCK_SKEW
    for said in said_at:
        if _FIRST_POST <= said <= latest:
            return said, False
    inside = snowflake_time(post_id)
    if inside is not None and _FIRST_SNOWFLAKE <= inside <= latest:
        return inside, False
    return arrived, True


def snowflake_time(post_id: str) -> datetime | None:
    """The time inside an id, in UTC; None when it is past what a calendar can hold."""
    try:
        return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=(int(post_id) >> 22) + SNOWFLAKE_EPOCH_MS)
    except OverflowError:
        return None


def snowflake_at(moment: datetime) -> str:
    """The lowest id that X can have given at `moment`; "1" before ids had a time in them."""
    ms = round(moment.timestamp() * 1000) - SNOWFLAKE_EPOCH_MS
    return str(max(ms << 22, 1))


def unescape(text: str) -> str:
    """Undo X's own escaping, once: `&amp;lt;` becomes `&lt;` and no more."""
    return _ESCAPE.sub(lambda found: _ESCAPES[found[0]], text)


def id_of(holder: Mapping[str, Any], name: str) -> str:
    """The id under `name`, "" when it is absent or null.

    Raises:
        UnreadableEvent: there is something else than 1 to 25 digits in a string.
    """
    value = holder.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or not ID.fullmatch(value):
        raise UnreadableEvent("an id is not 1 to 25 digits")
    return value


def count(holder: object, name: str) -> int:
    """A number of people or posts under `name`; 0 when there is no such thing."""
    value = holder.get(name) if isinstance(holder, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _MOST else 0


def iso_times(value: object) -> tuple[datetime, ...]:
    """The time of an RFC 3339 text, as what `when` takes; empty when it is no such thing."""
    return _times((_iso_time, value))


def time_from_ms(value: object) -> datetime | None:
    """The time of an epoch in milliseconds, as a string or a number; None when it is no such thing."""
    return next(iter(_times((_epoch_time, value))), None)


_MOST = 10_000_000_000
"""More than there are people. What claims to be more is no count."""


def _shares(holder: object) -> int:
    reposts = count(holder, "retweet_count") or count(holder, "repost_count")
    return reposts + count(holder, "quote_count")


_REFERENCE_KINDS = ("replied_to", "quoted", "retweeted", "reposted")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise UnreadableEvent("a post without text")
    return unescape(value)


def with_urls(text: str, entities: Iterable[Mapping[str, Any]]) -> str:
    """The text with X's short links written out, as far as the `urls` of its entities tell."""
    expanded: dict[str, str] = {}
    for part in entities:
        for url in _objects(part, "urls"):
            short, full = url.get("url"), url.get("expanded_url")
            if isinstance(short, str) and isinstance(full, str) and short and full.startswith(("https://", "http://")):
                expanded[short] = clean(full)[0]
    if not expanded:
        return text
    # One pass, longest first: an expansion must not be expanded again, nor a link by its own beginning.
    short_ones = re.compile("|".join(re.escape(short) for short in sorted(expanded, key=len, reverse=True)))
    return short_ones.sub(lambda found: expanded[found[0]], text)


def _named(
    entities: Iterable[Mapping[str, Any]],
    list_name: str,
    id_name: str,
    start_of: Callable[[Mapping[str, Any]], object],
    text_range: object,
) -> frozenset[str]:
    visible_from = _first(text_range)
    begin = visible_from if isinstance(visible_from, int) else 0
    return frozenset(
        named
        for part in entities
        for mention in _objects(part, list_name)
        if isinstance(start := start_of(mention), int) and start >= begin and (named := id_of(mention, id_name))
    )


def _versions(own_id: str, listed: object) -> tuple[str, ...]:
    ids = {own_id}
    for other in listed if isinstance(listed, list) else []:
        ids.add(id_of({"id": other}, "id") or own_id)
    return tuple(sorted(ids, key=int))


def _language(value: object) -> str:
    # X still writes three languages by codes that were withdrawn in 1989, and has codes for "no words here".
    if not isinstance(value, str) or not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z]{2,8})*", value):
        return ""
    if value in ("und", "zxx", "art") or re.fullmatch(r"q[a-z]{2}", value):
        return ""
    return {"iw": "he", "in": "id", "ji": "yi"}.get(value, value)


def _times(*given: tuple[Callable[[Any], datetime | None], object]) -> tuple[datetime, ...]:
    found = []
    for read, value in given:
        try:
            moment = read(value)
        except (ValueError, OverflowError, TypeError):
            continue
        if moment is not None:
            found.append(moment)
    return tuple(found)


def _iso_time(value: object) -> datetime | None:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    return moment.astimezone(UTC) if moment is not None and moment.tzinfo is not None else None


def _epoch_time(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | str) or (isinstance(value, str) and len(value) > 20):
        return None
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(value))


def _old_time(value: object) -> datetime | None:
    # Not strptime: its month names follow the machine's locale.
    form = _OLD_TIME.fullmatch(value) if isinstance(value, str) else None
    if form is None:
        return None
    month, day, clock, offset, year = form.groups()
    return _iso_time(f"{year}-{_MONTHS.index(month) + 1:02}-{day}T{clock}{offset[:3]}:{offset[3:]}")


def _objects(holder: Mapping[str, Any], *names: str) -> list[Mapping[str, Any]]:
    for name in names:
        listed = holder.get(name)
        if isinstance(listed, list):
            return [item for item in listed if isinstance(item, dict)]
    return []


def _first(listed: object) -> object:
    return listed[0] if isinstance(listed, list) and listed else None

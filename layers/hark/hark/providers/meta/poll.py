"""Reading what webhooks may have left out: comments, visitors' posts, private messages; and mentions without words.

The cursor is `{"since"}` between rounds (epoch seconds) and `{"since", "began", "todo"}` while a round is not finished.
`todo` is the list of calls still to make, each `[what, id, under, after]`; one page is one call. A round reads all that
is newer than `since`, and the next one begins `OVERLAP` before this one began, for what Meta lists late.

What it finds is written as the webhook would have told it and cut by the same door, so that it has the same business
key: the ledger drops what is known. Edits, deletions and hiding have no list to be read from. Comments under ads that
are no posts of the Page's own feed, and under posts older than `REACH`, are not found either.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from hark.domain.events import RawEvent
from hark.domain.failures import FAILINGS, Effect
from hark.providers.contract import CallFailed, Connection, Page, Request
from hark.providers.meta import door, listed
from hark.providers.meta.envelope import LOOKED_UP
from hark.providers.meta.graph import Graph, page
from hark.providers.meta.listed import Found
from hark.providers.meta.lookup import COMMENT_MENTION, MEDIA_MENTION, PAGE_MENTION, PROFILE

OVERLAP = timedelta(minutes=10)
FIRST_REACH = timedelta(hours=24)
"""How far back the very first round of an account looks."""
REACH = timedelta(days=30)
"""How old a post or picture may be for new comments under it to be found."""

_Task = list[str]
_CLOSED = frozenset(("permission_missing", "not_set_up", "not_supported", "refused"))


def poll(connection: Connection, cursor: Mapping[str, Any], pages: int) -> Iterator[Page]:
    """Make at most `pages` calls of a round. `cursor` is {} or that of the last page made durable.

    Raises:
        CallFailed: the cursor stays where it was.
    """
    calls = Graph.of(connection)
    now = int(calls.now().timestamp())
    began = int(cursor.get("began", now))
    since = int(cursor.get("since", began - int(FIRST_REACH.total_seconds())))
    todo: list[_Task] = [list(task) for task in cursor.get("todo", ())] or _first(connection)
    for _ in range(pages):
        if not todo:
            return
        before = calls.calls
        task = todo.pop(0)
        found, more, problems = _read(calls, connection, task, since, began)
        todo = [*more, *todo]
        after: dict[str, Any] = {"since": since, "began": began, "todo": todo}
        if not todo:
            # A round that was interrupted for long must not lead the next one back behind where it began.
            after = {"since": max(since, began - int(OVERLAP.total_seconds()))}
        yield Page(_events(connection, found, now), after, calls.calls - before, not todo, problems)


def look_up(connection: Connection, reference: str) -> RawEvent | None:
    """What a mention says that came without its words, or who a person is; None when it is gone or closed to us.

    `reference` is that of an `events.Wanted` of this provider.

    Raises:
        CallFailed: it could not be looked up now.
    """
    calls = Graph.of(connection)
    wanted = json.loads(reference)
    try:
        found = _profile(calls, wanted) if wanted["what"] == PROFILE else _mention(calls, connection, wanted)
    except CallFailed as failed:
        # In somebody else's place a missing permission is theirs to give: it must not stop the account.
        if failed.code in ("permission_missing", "target_gone", "refused", "invalid"):
            return None
        raise
    now = int(calls.now().timestamp())
    of_page = wanted["what"] == PAGE_MENTION or wanted.get("platform") == "messenger"
    topic = "page" if of_page else "instagram"
    entry = {"id": connection.account_id, "time": now, LOOKED_UP: {"what": wanted["what"], **found}}
    (made,) = _cut(topic, [entry])
    return made


def _first(connection: Connection) -> list[_Task]:
    tasks: list[_Task] = []
    if "facebook" in connection.platforms:
        tasks.append(["feed", connection.account_id, "", ""])
    if "instagram" in connection.platforms:
        tasks.append(["media", connection.account_id, "", ""])
    return tasks + [
        ["conversations", platform, "", ""]
        for platform in ("messenger", "instagram")
        if platform in connection.platforms
    ]


def _read(
    calls: Graph, connection: Connection, task: _Task, since: int, began: int
) -> tuple[list[Found], list[_Task], tuple[str, ...]]:
    what, of, under, after = task
    try:
        rows, onward = page(_ask(calls, connection, what, of, after, since))
    except CallFailed as failed:
        if what == "conversations" and failed.code in _CLOSED:
            return [], [], ("meta.conversations_closed",)
        # One post that cannot be read stops only itself; one that is gone is no trouble at all.
        if what in ("comments", "ig_comments", "ig_replies") and FAILINGS[failed.code].effect is Effect.NEVER:
            return [], [], () if failed.code == "target_gone" else (f"meta.unreadable.{what}",)
        raise
    readable = [row for row in rows if isinstance(row, dict)]
    again = [[what, of, under, onward]] if onward else []
    reach = began - int(REACH.total_seconds())
    missing = ("meta.author_not_shown",) if _authors_missing(what, readable) else ()
    match what:
        case "feed":
            fresh = [row for row in readable if listed.seconds(row.get("updated_time"), began) >= since]
            more = [["comments", str(row["id"]), "", ""] for row in fresh if row.get("id")]
            found = [made for row in fresh if (made := listed.visitor_post(row, connection.account_id, since))]
            return found, more + _within(again, readable, "created_time", reach), missing
        case "comments":
            return [listed.comment(row, of) for row in readable if listed.is_named(row)], again, missing
        case "media":
            commented = [
                row
                for row in readable
                if row.get("comments_count") != 0 and listed.seconds(row.get("timestamp"), began) >= reach
            ]
            more = [
                ["ig_comments", str(row["id"]), str(row.get("media_product_type", "")), ""]
                for row in commented
                if row.get("id")
            ]
            return [], more + _within(again, readable, "timestamp", reach), ()
        case "ig_comments":
            found, more = listed.instagram_comments(readable, of, under, since)
            return found, more + again, missing
        case "ig_replies":
            return listed.instagram_replies(readable, under, of, since), again, missing
    found = listed.messages(readable, of, connection, since, began - int(OVERLAP.total_seconds()))
    cut = ("meta.conversation_cut",) if listed.is_cut(readable, since) else ()
    return found, _within(again, readable, "updated_time", since), cut


def _ask(calls: Graph, connection: Connection, what: str, of: str, after: str, since: int) -> dict[str, Any]:
    place = {"after": after} if after else {}
    match what:
        case "feed":
            return calls.get(of, "feed", fields=listed.POST, limit="100", **place)
        case "comments":
            return calls.get(
                of, "comments", filter="stream", order="reverse_chronological", since=str(since), limit="100",
                fields=listed.COMMENT, **place,
            )  # fmt: skip
        case "media":
            return calls.get(of, "media", fields="id,timestamp,comments_count,media_product_type", limit="50", **place)
        case "ig_comments":
            fields = f"{listed.IG_COMMENT},replies.limit(50){{{listed.IG_COMMENT}}}"
            return calls.get(of, "comments", fields=fields, limit="50", **place)
        case "ig_replies":
            return calls.get(of, "replies", fields=listed.IG_COMMENT, limit="50", **place)
    # An Instagram account behind a Page reads with the Page's token: "me" is that Page.
    own = of == "messenger" or calls.instagram_login
    route = connection.account_id if own else connection.linked or "me"
    return calls.get(route, "conversations", platform=of, fields=listed.CONVERSATION, limit="25", **place)


def _within(again: list[_Task], rows: list[Any], name: str, oldest: int) -> list[_Task]:
    """The next page, unless everything on this one is too old already: these edges have the newest first."""
    times = [listed.seconds(row.get(name), oldest) for row in rows]
    return again if times and max(times) >= oldest else []


def _authors_missing(what: str, rows: list[Any]) -> bool:
    return what in ("feed", "comments", "ig_comments", "ig_replies") and any(not row.get("from") for row in rows)


def _events(connection: Connection, found: list[Found], now: int) -> tuple[RawEvent, ...]:
    made: list[RawEvent] = []
    for topic in ("page", "instagram"):
        entries = [
            {"id": connection.account_id, "time": now, one.section: [one.content]}
            for one in found
            if one.topic == topic
        ]
        made += _cut(topic, entries) if entries else []
    return tuple(made)


def _cut(topic: str, entries: list[dict[str, Any]]) -> list[RawEvent]:
    body = json.dumps({"object": topic, "entry": entries}, separators=(",", ":")).encode("ascii")
    return door.split(Request("POST", {}, "", body))


def _profile(calls: Graph, wanted: Mapping[str, str]) -> dict[str, Any]:
    instagram = wanted["platform"] == "instagram"
    row = calls.get(wanted["person_id"], fields="name,username,profile_pic" if instagram else "name,profile_pic")
    named = {name: row[name] for name in ("name", "username") if isinstance(row.get(name), str)}
    picture = {"picture": row["profile_pic"]} if isinstance(row.get("profile_pic"), str) else {}
    return {"id": wanted["person_id"], "platform": wanted["platform"], "from": named, **picture}


def _mention(calls: Graph, connection: Connection, wanted: Mapping[str, str]) -> dict[str, Any]:
    what = wanted["what"]
    if what == PAGE_MENTION:
        named = wanted.get("comment_id") or wanted["post_id"]
        row = calls.get(named, fields="id,message,created_time,from{id,name},permalink_url")
        ids = {"post_id": wanted["post_id"]} if wanted.get("post_id") else {}
        return listed.looked_up(named, row, text="message", at="created_time", link="permalink_url") | ids
    if what == COMMENT_MENTION:
        named = wanted["comment_id"]
        found = _mentioned(
            calls,
            connection.account_id,
            "mentioned_comment",
            f"comment_id({named})",
            ("id,text,timestamp,username,from{id,username},media{id}", "id,text,timestamp,media"),
        )
        return listed.looked_up(named, found, text="text", at="timestamp", link="") | {"media_id": wanted["media_id"]}
    if what == MEDIA_MENTION:
        named = wanted["media_id"]
        found = _mentioned(
            calls,
            connection.account_id,
            "mentioned_media",
            f"media_id({named})",
            ("id,caption,timestamp,username,permalink,owner{id}", "id,caption,timestamp"),
        )
        return listed.looked_up(named, found, text="caption", at="timestamp", link="permalink") | {"media_id": named}
    raise ValueError(f"nobody wants {what}")


def _mentioned(calls: Graph, account_id: str, field: str, which: str, wishes: tuple[str, str]) -> Mapping[str, Any]:
    # Which fields a mention has is documented in part only: where the wish is refused, what is sure to be there.
    try:
        answer = calls.get(account_id, fields=f"{field}.{which}{{{wishes[0]}}}")
    except CallFailed as failed:
        if failed.code != "invalid":
            raise
        answer = calls.get(account_id, fields=f"{field}.{which}{{{wishes[1]}}}")
    found = answer.get(field)
    if not isinstance(found, dict):
        raise CallFailed("target_gone", None, "nothing")
    return found

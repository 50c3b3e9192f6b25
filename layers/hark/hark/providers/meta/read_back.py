"""Looking for what we said after an answer got lost.

What proves it: our own account's words, the same words, in the place they were for, not older than what they answer.
What disproves it: all of that place was listed and they were not there. Everything between is for a person to look at.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from hark.domain.events import Surface
from hark.providers.contract import CallFailed, CannotLook, Order, Sent
from hark.providers.meta.graph import Graph, time_of
from hark.providers.meta.text import fingerprint

PAGES = 5
"""Pages of 100 comments to look through."""
MESSAGES = 20
"""The Conversations API shows no more of a thread."""


def facebook_comment(calls: Graph, order: Order) -> Sent | None:
    """Among the comments under the target and, where the target is a reply, under the comment it belongs to.

    Raises:
        CallFailed, CannotLook: see `Sender.read_back`.
    """
    places = [order.target]
    parents = {""} if order.surface == Surface.POST else {order.target}
    if order.surface != Surface.POST:
        parent = _inner(calls.get(order.target, fields="id,parent{id}"), "parent", "id")
        if parent:
            places.append(parent)
            parents.add(parent)
    since = str(int(order.asked_at.timestamp()))
    for place in places:
        for rows in calls.pages(
            place,
            "comments",
            most=PAGES,
            filter="stream",
            order="reverse_chronological",
            since=since,
            limit="100",
            fields="id,message,created_time,from{id},parent{id}",
        ):
            found = _ours(rows, order, text="message", at="created_time", parents=parents)
            if found:
                return Sent(found)
    return None


def instagram_comment(calls: Graph, order: Order) -> Sent | None:
    """Among the replies under the target, or under the top comment when the target is a reply.

    Raises:
        CallFailed, CannotLook: see `Sender.read_back`.
    """
    parent = calls.get(order.target, fields="id,parent_id").get("parent_id")
    top = parent if isinstance(parent, str) and parent else order.target
    for rows in calls.pages(top, "replies", most=PAGES, limit="100", fields="id,text,timestamp,from{id}"):
        found = _ours(rows, order, text="text", at="timestamp")
        if found:
            return Sent(found)
    return None


def private_reply(calls: Graph, order: Order) -> Sent | None:
    """Whether the one private reply to a comment is still to be had, which proves that none was sent.

    Raises:
        CannotLook: it is not: sent, too late, or not allowed.
        CallFailed: see `Sender.read_back`.
    """
    if calls.get(order.target, fields="id,can_reply_privately").get("can_reply_privately") is not True:
        raise CannotLook
    return None


def direct_message(calls: Graph, order: Order) -> Sent | None:
    """Among the last messages of the thread with the person (Conversations API).

    Raises:
        CannotLook: the thread is not shown, or not as far back as the message that is answered.
        CallFailed: see `Sender.read_back`.
    """
    route = order.account_id if order.platform == "messenger" or calls.instagram_login else "me"
    listed = calls.get(
        route,
        "conversations",
        platform=order.platform,
        user_id=order.person,
        fields=f"id,messages.limit({MESSAGES}){{id,message,created_time,from,to}}",
    ).get("data")
    threads = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    if len(threads) != 1:
        raise CannotLook
    messages = threads[0].get("messages")
    rows = messages.get("data") if isinstance(messages, dict) else None
    if not isinstance(rows, list):
        raise CannotLook
    found = _ours(rows, order, text="message", at="created_time")
    if found:
        return Sent(f"{order.account_id}#{found}")
    times = [moment for row in rows if isinstance(row, dict) and (moment := time_of(row.get("created_time")))]
    if len(times) != len(rows) or not times or (len(rows) >= MESSAGES and min(times) > order.asked_at):
        raise CannotLook
    return None


def _ours(rows: list[Any], order: Order, *, text: str, at: str, parents: Collection[str] = ()) -> str:
    # Times of the platform are whole seconds.
    since = order.asked_at.replace(microsecond=0)
    wanted = fingerprint(order.text)
    for row in rows:
        if not isinstance(row, dict):
            raise CallFailed("busy", None, "unreadable row")
        said = row.get(text)
        if not isinstance(said, str) or fingerprint(said) != wanted:
            continue
        # The same words to somebody else in the same thread are another answer.
        if parents and _inner(row, "parent", "id") not in parents:
            continue
        author, moment, made = _inner(row, "from", "id"), time_of(row.get(at)), row.get("id")
        if not author or moment is None or not isinstance(made, str) or not made:
            # The very words, by nobody or at no time: neither a proof nor its contrary.
            raise CannotLook
        if author == order.account_id and moment >= since:
            return made
    return ""


def _inner(row: Mapping[str, Any], outer: str, inner: str) -> str:
    value = row.get(outer)
    found = value.get(inner) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""

"""Instagram tells nobody that a comment was deleted: asking again is the only way to know, and to erase it.

An id that is answered with "does not exist" is gone only if we would see it were it there: Meta says the same of what a
missing permission hides, and of comments elsewhere that mention us, which are read in another way.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from hark.domain.events import RawEvent
from hark.providers.contract import CallFailed, Connection, Rechecked, Request
from hark.providers.meta import door
from hark.providers.meta.envelope import GONE
from hark.providers.meta.graph import Graph

BATCH = 50
PLATFORMS = frozenset({"instagram"})


def recheck(connection: Connection, ids: Sequence[str], state: Mapping[str, Any]) -> Rechecked:
    """Ask about each comment, with one call each and up to three for one that is gone.

    Ids of private messages are passed over: their deletion is told. `state` is always empty.

    Raises:
        CallFailed: nothing of the batch counts as gone.
    """
    del state
    calls = Graph.of(connection)
    comments = [one for one in ids[:BATCH] if "#" not in one]
    missing = [one for one in comments if not _exists(calls, one)]
    gone = [one for one in missing if not _mentions_us(calls, connection.account_id, one)]
    if gone and len(missing) == len(comments):
        _prove_that_comments_can_be_read(calls, connection.account_id)
    now = int(calls.now().timestamp())
    return Rechecked(_events(connection.account_id, gone, now), calls=calls.calls)


def _exists(calls: Graph, id_: str) -> bool:
    try:
        calls.get(id_, fields="id")
    except CallFailed as failed:
        if failed.code == "target_gone":
            return False
        raise
    return True


def _mentions_us(calls: Graph, account_id: str, id_: str) -> bool:
    for field, argument in (("mentioned_comment", "comment_id"), ("mentioned_media", "media_id")):
        try:
            if calls.get(account_id, fields=f"{field}.{argument}({id_}){{id}}").get(field):
                return True
        except CallFailed as failed:
            if failed.code not in ("target_gone", "invalid"):
                raise
    return False


def _prove_that_comments_can_be_read(calls: Graph, account_id: str) -> None:
    """A call that fails where a permission is missing, instead of saying that nothing is there."""
    media = calls.get(account_id, "media", fields="id", limit="1").get("data")
    for row in media if isinstance(media, list) else []:
        calls.get(str(row["id"]), "comments", fields="id", limit="1")


def _events(account_id: str, ids: list[str], now: int) -> tuple[RawEvent, ...]:
    if not ids:
        return ()
    entries = [{"id": account_id, "time": now, GONE: {"id": one}} for one in ids]
    body = json.dumps({"object": "instagram", "entry": entries}, separators=(",", ":")).encode("ascii")
    return tuple(door.split(Request("POST", {}, "", body)))

"""Asking X which posts are gone: a batch compliance job.

Webhooks tell of the deletions of accounts we follow, which are our own. For everybody else X wants us to ask, and to
take away what was deleted or belongs to a deactivated, suspended or protected user within 24 hours. Direct messages
are no part of it.

The state is `{"job", "begun"}` while X works on a job. A job that failed, expired or took longer than a day is let
go: the next pass asks anew. The addresses for upload and download are signed by themselves; they get no token of ours.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from hark.domain.events import RawEvent
from hark.providers import http
from hark.providers.contract import CallFailed, Connection, Rechecked
from hark.providers.strict_json import NotStrictJson, loads
from hark.providers.x import api, app, posts
from hark.providers.x.app import Management, one
from hark.providers.x.door import ID, RECHECK_KIND

BATCH = 10_000
PLATFORMS = frozenset(("x",))

PATIENCE = timedelta(hours=24)

_GONE = frozenset(("deleted", "deactivated", "suspended", "protected"))
_WORKING = frozenset(("created", "in_progress"))


def recheck(
    connection: Connection, ids: Sequence[str], state: Mapping[str, Any], now: Callable[[], datetime] = api.utc_now
) -> Rechecked:
    """Begin a job for `ids`, or, with a `state`, see whether it is done.

    Raises:
        CallFailed: a call could not be made; nothing has changed.
    """
    try:
        with app.connect(connection, now) as management:
            if state:
                return _looked(connection, management, state, now())
            asked = [one for one in dict.fromkeys(ids) if ID.fullmatch(one)][:BATCH]
            return _begun(connection, management, asked, now()) if asked else Rechecked()
    except api.Unsuccessful as failed:
        raise api.call_failed(failed) from None
    except http.NeverSent:
        raise CallFailed("unreachable", detail="compliance") from None
    except http.NoAnswer:
        raise CallFailed("no_answer", detail="compliance") from None


def _begun(connection: Connection, management: Management, ids: Sequence[str], now: datetime) -> Rechecked:
    try:
        job = one(management.call("POST", "/2/compliance/jobs", {"type": "tweets"}))
    except api.Unsuccessful as failed:
        if failed.status in (400, 409):
            # X works on one job of a type at a time; another account's is under way.
            raise CallFailed("busy", now + timedelta(hours=1), f"compliance/{failed.status}") from None
        raise
    job_id = job.get("id")
    if not isinstance(job_id, str) or not ID.fullmatch(job_id):
        raise CallFailed("no_answer", detail="compliance/no_id")
    answer = http.call(
        "PUT",
        _address(job.get("upload_url"), connection),
        "\n".join(ids).encode("ascii"),
        {"content-type": "text/plain"},
        fresh=True,
    )
    if not 200 <= answer.status < 300:
        raise CallFailed("busy", detail=f"compliance/upload/{answer.status}")
    return Rechecked(state={"job": job_id, "begun": now.astimezone(UTC).isoformat(timespec="seconds")}, calls=2)


def _looked(connection: Connection, management: Management, state: Mapping[str, Any], now: datetime) -> Rechecked:
    job = one(management.call("GET", f"/2/compliance/jobs/{state.get('job', '')}"))
    status = job.get("status")
    if status == "complete":
        answer = http.call("GET", _address(job.get("download_url"), connection))
        if answer.status != 200:
            raise CallFailed("busy", detail=f"compliance/download/{answer.status}")
        return Rechecked(_gone(answer.body, connection.account_id), calls=2)
    begun = posts.iso_times(state.get("begun"))
    if status in _WORKING and begun and now - begun[0] < PATIENCE:
        return Rechecked(state=dict(state), calls=1)
    return Rechecked(calls=1)


def _gone(body: bytes, account_id: str) -> tuple[RawEvent, ...]:
    found = []
    for line in body.splitlines():
        if not line.strip():
            continue
        try:
            told = loads(line)
        except NotStrictJson:
            raise CallFailed("no_answer", detail="compliance/unreadable") from None
        own_id = told.get("id") if isinstance(told, dict) else None
        if not isinstance(own_id, str) or not ID.fullmatch(own_id):
            raise CallFailed("no_answer", detail="compliance/unreadable")
        if told.get("reason") in _GONE:
            data = {"event_type": RECHECK_KIND, "filter": {"user_id": account_id}, "payload": told}
            written = json.dumps({"data": data}, separators=(",", ":")).encode("ascii")
            found.append(RawEvent(f"del:{own_id}", RECHECK_KIND, account_id, written))
    return tuple(found)


def _address(value: object, connection: Connection) -> str:
    """An address X gave for the ids: by https, or, where X itself is reached otherwise, on X's own host."""
    parts = urlsplit(value) if isinstance(value, str) else None
    home = urlsplit(connection.endpoint)
    if parts is None or not (parts.scheme == "https" or (parts.scheme, parts.netloc) == (home.scheme, home.netloc)):
        raise CallFailed("no_answer", detail="compliance/address")
    return parts.geturl()

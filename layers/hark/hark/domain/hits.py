"""A hit of listening: a post that nobody sent us, and what people of the desk decided about it (A8, A9)."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict

from hark.domain.case import Line
from hark.domain.time import parse

Review = Literal["waiting", "case", "not_ours", "gone"]
KEPT = timedelta(days=90)
"""For so long what nobody has decided about can be looked up, counted from its arrival. Then it is forgotten wholly."""
DECIDED_KEPT = timedelta(days=28)
"""The same of what was decided, from the decision. Of a case the message is kept as long as the brand says, a month at
least: this copy goes before it. What is none of ours is no more of our business."""
LINES_KEPT = 100
"""Newest lines of a hit's history that are kept."""


class Decided(Exception):
    """Somebody has decided otherwise before; `hit` is as it stands since."""

    def __init__(self, hit: Hit) -> None:
        super().__init__(hit.state)
        self.hit = hit


class Hit(BaseModel):
    """One post that a query found. It opens no case before somebody says so.

    All times are in text form (`domain.time`). `at` is the platform's time, `arrived` ours.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    brand: str
    provider: str
    platform: str
    account_id: str
    """Whose query found it."""
    message: str
    """The platform's id of the post, by which it is a message when a case is opened."""
    conversation: str
    """Id of the case it opens, or belongs to then."""
    raws: tuple[str, ...]
    """Partitions of the ledger entries that told of it: one for each version that was found."""
    query: str
    """Id of the query by which it came first."""
    found: tuple[str, ...] = ()
    """Words of the queries as they stand in its text."""
    version: int = 0
    """Of the post: the higher one wins."""
    text: str = ""
    language: str = ""
    person: str = ""
    handle: str = ""
    name: str = ""
    followers: int = 0
    link: str = ""
    at: str
    arrived: str
    state: Review = "waiting"
    by: str = ""
    """Who decided last; empty for the desk itself."""
    decided_at: str = ""
    history: tuple[Line, ...] = ()
    rev: int = 1
    expires: int = 0
    """Epoch seconds."""


def opened(hit: Hit, by: str, now: str) -> Hit:
    """Somebody makes a case of it; `by` is empty when the platform told us that it was said to us after all.

    Raises:
        Decided: there is a case already, it was said to be none of ours, or it is gone.
    """
    if hit.state != "waiting" and (by or hit.state == "gone"):
        raise Decided(hit)
    return _moved(hit, "case", "listening.case" if by else "listening.addressed", by, now)


def dismissed(hit: Hit, by: str, now: str) -> Hit:
    """Somebody says that it is none of ours.

    Raises:
        Decided: it does not wait.
    """
    if hit.state != "waiting":
        raise Decided(hit)
    return _moved(hit, "not_ours", "listening.not_ours", by, now)


def back(hit: Hit, by: str, now: str) -> Hit:
    """It waits again.

    Raises:
        Decided: nobody had said that it is none of ours, or it is a case by now.
    """
    if hit.state != "not_ours":
        raise Decided(hit)
    return _moved(hit, "waiting", "listening.back", by, now)


def gone(hit: Hit, now: str) -> Hit:
    """Its author took it away: no word of it stays (I6)."""
    emptied = hit.model_copy(update={"text": "", "found": (), "handle": "", "name": "", "person": "", "link": ""})
    return _moved(emptied, "gone", "listening.gone", "", now)


def edited(hit: Hit, newer: Hit) -> Hit:
    """It was found in another version as well."""
    raws = tuple(dict.fromkeys((*hit.raws, *newer.raws)))
    if newer.version <= hit.version:
        return hit.model_copy(update={"raws": raws})
    fresh = {name: getattr(newer, name) for name in ("version", "text", "found", "language")}
    return hit.model_copy(update={"raws": raws, **fresh})


def _moved(hit: Hit, state: Review, code: str, by: str, now: str) -> Hit:
    line = Line(code=code, at=now, by=by)
    kept = (*hit.history, line)[-LINES_KEPT:]
    expires = forgotten_at(hit.arrived) if state == "waiting" else int((parse(now) + DECIDED_KEPT).timestamp())
    fresh = {"state": state, "by": by, "decided_at": now, "history": kept, "expires": expires}
    return hit.model_copy(update=fresh)


def forgotten_at(arrived: str) -> int:
    """When a hit that nobody decides about is forgotten (epoch seconds)."""
    return int((parse(arrived) + KEPT).timestamp())

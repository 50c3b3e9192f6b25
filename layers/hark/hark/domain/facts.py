"""What a change of a case says to the reports: a few small facts, each true for ever, found by comparing the case
before and after one write.

A fact is written in the transaction that makes it true (`store.cases`), under the case's version, so it is there
exactly once however often anything is repeated. An ordinary case has three: it came, it was answered, it was closed.
No fact holds a word or a name of a customer. Times are in text form (`domain.time`), durations in milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from hark.domain import satisfaction
from hark.domain.case import Case, Line
from hark.domain.people import is_program
from hark.domain.reading import Sentiment
from hark.domain.time import parse

Kind = Literal["came", "answered", "closed", "taken_back", "promise", "rated"]
Author = Literal["", "person", "desk", "outside"]
"""Who gave an answer: somebody at the desk, the desk by itself, or somebody on the platform itself."""
Mark = Literal["", "met", "missed"]


class Fact(BaseModel):
    """One thing that happened to one round of a case. Which fields say something depends on `kind`."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    kind: Kind
    at: str
    """When it was written down; the day it counts in."""
    case: str
    version: int
    """Of the case, after the write. With case and kind it names the fact."""
    platform: str
    account: str
    agent: str = ""
    """The member whose work it tells of; empty when nobody's."""
    place: Literal["public", "private"] = "public"

    asked_at: str = ""
    """`came`: when the customer wrote."""
    sentiment: Sentiment = "unsure"
    end: str = ""
    """`came`: why triage ended it at once; empty when somebody is to answer. `closed`: the reason."""
    author: Author = ""
    ours_ms: int = 0
    """`answered`, `closed`: working time in which the customer waited for us."""
    wall_ms: int = 0
    """`answered`: the time that passed for the customer."""
    mark: Mark = ""
    """Whether the target was met; empty when there was none."""
    answered: bool = False
    """`closed`: it had an answer."""
    answerable: bool = True
    """`closed`: it could be answered at all."""
    next_answers: int = 0
    next_missed: int = 0
    fees_micro: int = 0
    """`closed`: what the platform took for what we wrote, in millionths of a US dollar."""
    gen: int = 0
    """`closed`, `taken_back`: the generation that was closed; it is closed once."""
    kept: bool = False
    stars: int = 0

    @property
    def key(self) -> str:
        """Names the fact within its brand, and sorts by time."""
        return f"{self.at}#{self.case}#{self.version}#{self.kind}"


def told(old: Case | None, new: Case, lines: Sequence[Line], now: str) -> tuple[Fact, ...]:
    """The facts of one write of a case; `new` carries its version."""
    facts = []
    read = old is not None and old.gen == new.gen and old.triaged != new.gen == new.triaged
    if read:
        facts.append(_came(new, now))  # tells of its end as well, where triage ends it
    if new.first_answered_at and new.first_mark and not (old and old.first_answered_at):
        facts.append(_answered(old.asked_at if old else new.opened_at, new, lines, now))
    if old is not None and old.status != "closed" == new.status and not read:
        facts.append(_closed(old, new, now))
    if old is not None and any(line.code == "case.reopened.agent" for line in lines):
        facts.append(_of("taken_back", old, new.version, now, agent=old.owner, gen=old.gen))
    if old is not None and old.promise == "open" and new.promise in ("kept", "missed"):
        kept = new.promise == "kept"
        facts.append(_of("promise", new, new.version, now, agent=new.promise_of, kept=kept))
    if old is not None and new.rated_at != old.rated_at and new.rating:
        rated = _of("rated", new, new.version, now, agent=new.owner, stars=new.rating)
        facts.append(rated.model_copy(update={"place": new.rated_place or rated.place}))
    return tuple(facts)


def _of(kind: Kind, case: Case, version: int, now: str, **more: object) -> Fact:
    return Fact.model_validate({
        "kind": kind, "at": now, "case": case.id, "version": version, "platform": case.platform,
        "account": case.account_id, "place": "private" if satisfaction.place(case) == "private" else "public", **more,
    })  # fmt: skip


def _came(new: Case, now: str) -> Fact:
    end = new.close_reason if new.status == "closed" else ""
    fact = _of("came", new, new.version, now, asked_at=new.asked_at, sentiment=new.sentiment, end=end)
    return fact.model_copy(update={"place": "public" if new.public else "private"})


def _answered(asked_at: str, new: Case, lines: Sequence[Line], now: str) -> Fact:
    answer = next((line for line in lines if line.code.startswith("reply.")), None)
    person = answer is not None and answer.by and not is_program(answer.by)
    author: Author = "outside" if answer is None else "person" if person else "desk"
    waited = parse(new.first_answered_at) - parse(asked_at)
    return _of(
        "answered", new, new.version, now, agent=answer.by if answer else "", author=author, mark=new.first_mark,
        ours_ms=new.ours_ms, wall_ms=max(0, round(waited.total_seconds() * 1000)),
    )  # fmt: skip


def _closed(old: Case, new: Case, now: str) -> Fact:
    return _of(
        "closed", new, new.version, now, agent=new.owner, end=new.close_reason, ours_ms=new.ours_ms,
        mark=new.resolution_mark, answered=bool(new.first_answered_at), answerable=new.reachable or old.public,
        next_answers=new.next_answers, next_missed=new.next_missed, fees_micro=new.fees_micro, gen=new.gen,
    )  # fmt: skip

"""An incident: many people about one topic. What it is, what becomes of it, and how a case belongs to it (K2, K4, K6).

Pure; times are in text form. An incident's own story is told in lines like a case's, and holds no text of people.
"""

from __future__ import annotations

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from hark.domain.case import Case, Change, Line, Refused, reopened
from hark.domain.policy import Policy

State = Literal["suggested", "open", "closed"]
Texts = dict[str, str]
"""Language (BCP 47) → text."""

NAME_PLACE = "{name}"
"""Where the person's name, or handle, goes in a text of the kit or of a broadcast."""
_AT_THE_BEGINNING = re.compile(r"\s*\{name\}\s*[,،:!]?\s*")
_INSIDE = re.compile(r"\s*[,،]?\s*\{name\}")
UNSEEN_ENDS = frozenset({"troll", "policy"})
"""Endings of triage that would not have been, had the incident been known: such a case is opened again when it turns
out to belong to one. Thanks, spam and empty messages stay closed."""


class Incident(BaseModel):
    """One per topic at a time. `opened_by` is empty for the detector."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    brand: str
    topic: str
    title: str
    state: State = "open"
    opened_at: str
    opened_by: str = ""
    closed_at: str = ""
    closed_by: str = ""
    bucket: int = 0
    """The bucket of time in which it was noticed: cases of that one and the one before are gathered."""
    counted: int = 0
    people: int = 0
    """What was counted in it when it was noticed."""
    status: Texts = Field(default_factory=dict)
    """What is known, for the team and as the beginning of a broadcast."""
    kit: Texts = Field(default_factory=dict)
    """A reply for agents to begin with (E10)."""
    version: int = 0
    look_at: str = ""
    """While cases are being gathered: when the sweeper looks."""


class Broadcast(BaseModel):
    """A status to every case of an incident. Nothing leaves before somebody else has approved it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    brand: str
    incident: str
    texts: Texts
    by: str
    at: str
    state: Literal["proposed", "approved", "done", "withdrawn"] = "proposed"
    decided_by: str = ""
    decided_at: str = ""
    place: str = ""
    """The member after which to go on."""
    fresh: int = 0
    """Cases met for the first time in this pass through the members; a pass without any is the last."""
    public_on_x: int = 0
    """Public posts on X so far."""
    version: int = 0
    look_at: str = ""


Story = tuple[Incident, tuple[Line, ...]]


def suggested(incident_id: str, brand: str, topic: str, title: str, bucket: int, counted: int, people: int, now: str,
              ) -> Story:  # fmt: skip
    """The detector found more talk of a topic than ever; people decide whether it is an incident."""
    made = Incident(
        id=incident_id, brand=brand, topic=topic, title=title, state="suggested", opened_at=now, bucket=bucket,
        counted=counted, people=people, look_at=now,
    )  # fmt: skip
    return made, (Line(code="incident.suggested", at=now, about=incident_id),)


def opened(incident_id: str, brand: str, topic: str, title: str, bucket: int, by: str, now: str) -> Story:
    """A lead opens one."""
    made = Incident(
        id=incident_id, brand=brand, topic=topic, title=title, opened_at=now, opened_by=by, bucket=bucket, look_at=now,
    )  # fmt: skip
    return made, (Line(code="incident.opened", at=now, by=by, about=incident_id),)


def changed(incident: Incident, by: str, now: str, *, title: str | None = None, status: Texts | None = None,
            kit: Texts | None = None, confirm: bool = False) -> Story:  # fmt: skip
    """A lead writes down what is known, or says that the suggestion is right.

    Raises:
        Refused: `incident_closed`.
    """
    _still_open(incident)
    fresh: dict[str, object] = {}
    lines: list[Line] = []
    for name, value, code in (
        ("title", title, "incident.renamed"),
        ("status", status, "incident.status_changed"),
        ("kit", kit, "incident.kit_changed"),
    ):
        if value is not None and value != getattr(incident, name):
            fresh[name] = value
            lines.append(Line(code=code, at=now, by=by, about=incident.id))
    if confirm and incident.state == "suggested":
        fresh["state"] = "open"
        lines.append(Line(code="incident.opened", at=now, by=by, about=incident.id))
    return incident.model_copy(update=fresh), tuple(lines)


def closed(incident: Incident, by: str, now: str) -> Story:
    """It is over, or never was one. Its cases stay as they are: who was not answered is still owed an answer (K6).

    Raises:
        Refused: `incident_closed`.
    """
    _still_open(incident)
    code = "incident.dismissed" if incident.state == "suggested" else "incident.closed"
    fresh = {"state": "closed", "closed_at": now, "closed_by": by, "look_at": ""}
    return incident.model_copy(update=fresh), (Line(code=code, at=now, by=by, about=incident.id),)


def _still_open(incident: Incident) -> None:
    if incident.state == "closed":
        raise Refused("incident_closed")


# --- its cases ----------------------------------------------------------------------------------


def grouped(case: Case, incident_id: str, policy: Policy, now: str) -> Change:
    """The case belongs to the incident. One that triage had ended as nothing to answer is opened again."""
    lines: tuple[Line, ...] = (Line(code="incident.grouped", at=now, about=incident_id),)
    if case.status == "closed" and case.close_reason in UNSEEN_ENDS:
        case, _ = reopened(case, policy, "", now)
        lines += (Line(code="incident.reopened", at=now, about=incident_id),)
    return case.model_copy(update={"incident": incident_id, "updated_at": now}), lines


def unanswered(case: Case) -> bool:
    """Whether its customer waits for us."""
    return case.status != "closed" and case.awaiting == "us"


# --- broadcasts ---------------------------------------------------------------------------------


def proposed(broadcast_id: str, incident: Incident, texts: Texts, by: str, now: str) -> tuple[Broadcast, Line]:
    """A lead writes a status for every case.

    Raises:
        Refused: `incident_closed`; `incident_suggested` while nobody has said that it is one.
    """
    _still_open(incident)
    if incident.state == "suggested":
        raise Refused("incident_suggested")
    made = Broadcast(id=broadcast_id, brand=incident.brand, incident=incident.id, texts=texts, by=by, at=now)
    return made, Line(code="incident.broadcast_proposed", at=now, by=by, about=broadcast_id)


def decided(broadcast: Broadcast, incident: Incident, by: str, now: str, *, approve: bool) -> tuple[Broadcast, Line]:
    """Somebody else approves it, or anybody who may, its author too, takes it back.

    Raises:
        Refused: `decided` already; `own_broadcast`: nobody approves what they wrote; `incident_closed`.
    """
    if broadcast.state != "proposed":
        raise Refused("decided")
    if not approve:
        return withdrawn(broadcast, by, now)
    if broadcast.by == by:
        raise Refused("own_broadcast")
    _still_open(incident)
    fresh = {"state": "approved", "decided_by": by, "decided_at": now, "look_at": now}
    line = Line(code="incident.broadcast_approved", at=now, by=by, about=broadcast.id)
    return broadcast.model_copy(update=fresh), line


def withdrawn(broadcast: Broadcast, by: str, now: str) -> tuple[Broadcast, Line]:
    """It goes no further: taken back, or its incident was closed. `by` is empty for the desk itself."""
    fresh = {"state": "withdrawn", "decided_by": by, "decided_at": now, "place": "", "look_at": ""}
    line = Line(code="incident.broadcast_withdrawn", at=now, by=by, about=broadcast.id)
    return broadcast.model_copy(update=fresh), line


def not_told(case: Case, broadcast_id: str, now: str) -> Change:
    """The case was not told by the desk itself; a person has to."""
    return case.model_copy(update={"updated_at": now}), (Line(code="incident.not_told", at=now, about=broadcast_id),)


def ended(broadcast: Broadcast, now: str) -> tuple[Broadcast, Line]:
    """Every case was told, or stands in the list of those that could not be."""
    fresh = {"state": "done", "place": "", "look_at": ""}
    return broadcast.model_copy(update=fresh), Line(code="incident.broadcast_done", at=now, about=broadcast.id)


def text_for(case: Case, texts: Texts, languages: tuple[str, ...]) -> str:
    """The text in the customer's language, else in the first of the brand's languages that there is one in, with the
    person's name (or handle, or nothing) in its place."""
    order = (case.language, *languages, *texts)
    said = next(texts[language] for language in order if language in texts)
    name = " ".join(case.name.split()) or (f"@{case.handle}" if case.handle else "")
    if name:
        return said.replace(NAME_PLACE, name)
    # To somebody without a name: the place goes, with the comma and the blank that belong to it.
    if begun := _AT_THE_BEGINNING.match(said):
        rest = said[begun.end() :]
        said = rest[:1].upper() + rest[1:]
    return _INSIDE.sub("", said)


def left_to_people(case: Case, texts: Texts, *, addressed: bool, told_before: bool, posts: int, most: int) -> str:
    """Why a program must not say this here, as a dotted code; "" when it may.

    X's rules on automation (contracts, X 6.18): in public only to who called us, once, not the same words to many.
    """
    if case.platform != "x" or not case.public:
        return ""
    if not addressed:
        return "broadcast.not_addressed"
    if told_before:
        return "broadcast.told_before"
    if not all(NAME_PLACE in said for said in texts.values()) or not (case.name or case.handle):
        return "broadcast.same_words"
    if posts >= most:
        return "broadcast.public_limit"
    return ""


REFUSALS = {
    "broadcast.not_addressed": "On X a program may write in public only to people who called us.",
    "broadcast.told_before": "On X a program writes to a person in public once; a colleague has to tell the news.",
    "broadcast.same_words": "On X the same words must not go to many; the text has no place for the name.",
    "broadcast.public_limit": "As many public posts on X as one broadcast may make were made.",
    "broadcast.closed": "The case is closed.",
}
"""Codes of `left_to_people` and of cases that need no status, with what an agent reads."""

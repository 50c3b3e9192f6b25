"""Incidents, for leads: what is one, what is known of it, who is told, who still waits."""

import json
from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar

from aws_lambda_powertools.event_handler import Response
from pydantic import Field, StrictBool

from hark import wiring
from hark.desk import incident_views
from hark.domain.incidents import Incident
from hark.store.cases import Stale
from hark.web import gate
from hark.web.api import Body, answer, read
from hark.web.contract import CURSOR, LEADS, Contract
from hark.web.errors import Problem, not_found
from hark.web.router import Router

router = Router()

MAX_STATUS = 2000
"""Characters; what fits into one message is checked for each case."""
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Text = Annotated[str, Field(min_length=1, max_length=MAX_STATUS, pattern=r"\S")]
Texts = Annotated[dict[Language, Text], Field(min_length=1, max_length=20)]
Title = Annotated[str, Field(min_length=1, max_length=120)]
Done = TypeVar("Done")


class OpenBody(Body):
    topic: str = Field(min_length=1, max_length=60)
    title: str = Field(default="", max_length=120)


class ChangeBody(Body):
    version: int = Field(ge=1, strict=True)
    title: Title | None = None
    status: Texts | None = None
    kit: Texts | None = None
    state: Literal["open", "closed"] | None = None


class BroadcastBody(Body):
    texts: Texts


class DecisionBody(Body):
    approve: StrictBool


@router.get("/api/v1/incidents")
@router.keeps(Contract("Incidents, newest first", {200: "Incidents"}, roles=LEADS))
def incidents() -> Response[str]:
    gate.query(router.event)
    return answer(wiring.incident_views().of_brand(router.asker.member))


@router.post("/api/v1/incidents")
@router.keeps(
    Contract(
        "Open an incident",
        {201: "WholeIncident"},
        body=OpenBody,
        roles=LEADS,
        refuses={409: "not_watching incident_exists stale", 422: "no_topic"},
    )
)
def open_one() -> Response[str]:
    said, member = gate.body(router.event), router.asker.member
    body, click = read(OpenBody, said), gate.click(router.event, member, said)
    made = _again(lambda: wiring.incident_acts().open(click, body.topic, body.title))
    return answer(wiring.incident_views().one(member, made), 201)


@router.get("/api/v1/incidents/<incident_id>")
@router.keeps(Contract("All of an incident but its cases", {200: "WholeIncident"}, roles=LEADS))
def one(incident_id: str) -> Response[str]:
    gate.query(router.event)
    return answer(wiring.incident_views().one(router.asker.member, _incident(incident_id)))


@router.patch("/api/v1/incidents/<incident_id>")
@router.keeps(
    Contract(
        "Confirm, rename, tell of or close an incident",
        {200: "WholeIncident ClosedIncident"},
        body=ChangeBody,
        roles=LEADS,
        refuses={409: "stale incident_closed"},
    )
)
def change(incident_id: str) -> Response[str]:
    said, member = gate.body(router.event), router.asker.member
    body, click = read(ChangeBody, said), gate.click(router.event, member, said)
    acts, known = wiring.incident_acts(), gate.known_id(incident_id)
    if body.state == "closed":
        if (body.title, body.status, body.kit) != (None, None, None):
            raise Problem(400, "invalid", "Closing is a step of its own.")
        closed = _again(lambda: acts.close(click, known, body.version))
        waiting = wiring.incident_views().waiting(member, *acts.unanswered(closed))
        return answer({**wiring.incident_views().one(member, closed), "unanswered": waiting})
    changed = _again(
        lambda: acts.change(
            click, known, body.version, title=body.title, status=body.status, kit=body.kit,
            confirm=body.state == "open",
        )
    )  # fmt: skip
    return answer(wiring.incident_views().one(member, changed))


@router.get("/api/v1/conversations/<case_id>/incident")
@router.keeps(Contract("The incident a case belongs to", {200: "IncidentOfCase"}, scope="conversations:read"))
def of_case(case_id: str) -> Response[str]:
    """For whoever answers the case: what is known of its incident, and a reply to begin with."""
    gate.query(router.event)
    case = wiring.actions().case(router.asker.member, gate.known_id(case_id))
    shown = wiring.incident_views().of_case(case)
    if shown is None:
        raise not_found()
    return answer(shown)


@router.get("/api/v1/incidents/<incident_id>/cases")
@router.keeps(Contract("Cases of an incident", {200: "IncidentCases"}, query={"cursor": CURSOR}, roles=LEADS))
def cases(incident_id: str) -> Response[str]:
    asked, asker = gate.query(router.event, "cursor"), router.asker
    purpose = f"incident {gate.known_id(incident_id)}"
    after = gate.unseal(asker, purpose, asked["cursor"])["after"] if "cursor" in asked else ""
    page, following = wiring.incident_views().cases(asker.member, _incident(incident_id), after)
    page["next"] = gate.seal(asker, purpose, {"after": following}) if following else None
    return answer(page)


@router.get("/api/v1/incidents/<incident_id>/unanswered")
@router.keeps(Contract("Cases of an incident that wait for us", {200: "Waiting"}, roles=LEADS))
def unanswered(incident_id: str) -> Response[str]:
    gate.query(router.event)
    waiting = wiring.incident_acts().unanswered(_incident(incident_id))
    return answer(wiring.incident_views().waiting(router.asker.member, *waiting))


@router.post("/api/v1/incidents/<incident_id>/broadcasts")
@router.keeps(
    Contract(
        "Propose a status for everybody in an incident",
        {201: "Broadcast"},
        body=BroadcastBody,
        roles=LEADS,
        refuses={409: "incident_suggested incident_closed stale"},
    )
)
def propose(incident_id: str) -> Response[str]:
    said, member = gate.body(router.event), router.asker.member
    body, click = read(BroadcastBody, said), gate.click(router.event, member, said)
    made = _again(lambda: wiring.incident_acts().propose(click, gate.known_id(incident_id), body.texts))
    return answer(wiring.incident_views().broadcast(member, made), 201)


@router.post("/api/v1/incidents/<incident_id>/broadcasts/<broadcast_id>/decision")
@router.keeps(
    Contract(
        "Approve a status or take it back",
        {200: "Broadcast"},
        body=DecisionBody,
        refuses={403: "leads_only", 409: "own_broadcast decided incident_closed stale"},
    )
)
def decide(incident_id: str, broadcast_id: str) -> Response[str]:
    said, member = gate.body(router.event), router.asker.member
    body, click = read(DecisionBody, said), gate.click(router.event, member, said)
    known = (gate.known_id(incident_id), gate.known_id(broadcast_id))
    decided = _again(lambda: wiring.incident_acts().decide(click, *known, approve=body.approve))
    return answer(wiring.incident_views().broadcast(member, decided))


@router.get("/api/v1/incidents/<incident_id>/export")
@router.keeps(
    Contract(
        "The story of an incident to take along",
        {200: "Story text/csv"},
        query={"format": ("json", "csv")},
        roles=LEADS,
    )
)
def export(incident_id: str) -> Response[str]:
    form = gate.query(router.event, "format").get("format", "json")
    if form not in ("json", "csv"):
        raise Problem(400, "invalid", "There is JSON and CSV.")
    told = wiring.incident_views().export(router.asker.member, _incident(incident_id))
    if form == "json":
        return Response(200, "application/json", json.dumps(told, ensure_ascii=False), headers=_saved("json"))
    return Response(200, "text/csv; charset=utf-8", incident_views.table(told["rows"]), headers=_saved("csv"))


def _saved(ending: str) -> dict[str, Any]:
    return {"content-disposition": f'attachment; filename="incident.{ending}"'}


def _incident(incident_id: str) -> Incident:
    """
    Raises:
        NotFound
    """
    return wiring.incident_acts().incident(router.asker.member, gate.known_id(incident_id))


def _again(act: Callable[[], Done]) -> Done:
    """Once more when it lost against somebody: perhaps against the very same click, sent twice (I17)."""
    try:
        return act()
    except Stale:
        return act()

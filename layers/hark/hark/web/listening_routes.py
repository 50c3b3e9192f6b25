"""The listening review: what searches found, who decides about it, and how the brand's queries do."""

from typing import cast, get_args

from aws_lambda_powertools.event_handler import Response
from pydantic import JsonValue

from hark import wiring
from hark.domain.hits import Decided, Review
from hark.web import gate
from hark.web.api import Body, answer, read
from hark.web.contract import CURSOR, LEADS, TEXT, Contract
from hark.web.errors import Problem
from hark.web.router import Router

router = Router()

STATES: tuple[str, ...] = get_args(Review)


class TrialBody(Body):
    """`query` is one of the settings' `listening.queries`, as a change of settings takes it."""

    query: dict[str, JsonValue]


@router.get("/api/v1/listening")
@router.keeps(
    Contract(
        "What listening found: what waits the oldest first, the rest the newest first",
        {200: "Hits"},
        query={"state": STATES, "query": TEXT, "cursor": CURSOR},
    )
)
def hits() -> Response[str]:
    asked, asker = gate.query(router.event, "state", "query", "cursor"), router.asker
    state, query_id = asked.get("state", "waiting"), asked.get("query", "")
    if state not in STATES or (query_id and not gate.ID.fullmatch(query_id)):
        raise Problem(400, "invalid", "There is no such state, or no such query.")
    purpose = f"listening {state} {query_id}"
    start = gate.unseal(asker, purpose, asked["cursor"]) if "cursor" in asked else None
    page, following = wiring.reviewing().page(asker.member, cast("Review", state), query_id, start)
    return answer(
        {
            "items": page,
            "next": gate.seal(asker, purpose, following) if following else None,
            "now": wiring.reviewing().now(),
        }
    )


@router.get("/api/v1/listening/queries")
@router.keeps(Contract("How the listening queries do, and who could pay for one", {200: "ListeningQueries"}))
def queries() -> Response[str]:
    gate.query(router.event)
    return answer(wiring.reviewing().queries(router.asker.member))


@router.post("/api/v1/listening/trial")
@router.keeps(
    Contract(
        "Try a listening query: what it asks, spellings to choose from, and which of yesterday's hits it finds",
        {200: "ListeningTrial"},
        body=TrialBody,
        roles=LEADS,
        keyed=False,
        refuses={422: "unusable"},
    )
)
def trial() -> Response[str]:
    said = gate.body(router.event)
    return answer(wiring.reviewing().trial(router.asker.member, read(TrialBody, said).query))


@router.get("/api/v1/listening/<hit_id>")
@router.keeps(Contract("One thing that listening found", {200: "Hit"}))
def one(hit_id: str) -> Response[str]:
    gate.query(router.event)
    return answer(wiring.reviewing().one(router.asker.member, gate.known_id(hit_id)))


@router.post("/api/v1/listening/<hit_id>/case")
@router.keeps(Contract("Make a case of it", {200: "Hit"}, body=Body, refuses={409: "decided stale"}))
def to_case(hit_id: str) -> Response[str]:
    return _decided(hit_id, "case")


@router.post("/api/v1/listening/<hit_id>/dismiss")
@router.keeps(Contract("Say that it is none of ours", {200: "Hit"}, body=Body, refuses={409: "decided stale"}))
def dismiss(hit_id: str) -> Response[str]:
    return _decided(hit_id, "not_ours")


@router.post("/api/v1/listening/<hit_id>/undo")
@router.keeps(
    Contract("Let it wait again, when it was none of ours", {200: "Hit"}, body=Body, refuses={409: "decided stale"})
)
def undo(hit_id: str) -> Response[str]:
    return _decided(hit_id, "waiting")


def _decided(hit_id: str, decision: Review) -> Response[str]:
    said = gate.body(router.event)
    read(Body, said)
    click, reviewing = gate.click(router.event, router.asker.member, said), wiring.reviewing()
    acts = {"case": reviewing.open, "not_ours": reviewing.dismiss, "waiting": reviewing.back}
    try:
        return answer(acts[decision](click, gate.known_id(hit_id)))
    except Decided as faster:
        raise Problem(409, "decided", reviewing.told(faster.hit)) from None

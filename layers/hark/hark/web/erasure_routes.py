"""Leads have a customer erased, see how far it is, and take the signed receipts with them."""

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from hark import wiring
from hark.store.cases import Stale
from hark.web import gate
from hark.web.api import Body, answer, read
from hark.web.contract import LEADS, Contract
from hark.web.errors import Problem
from hark.web.router import Router

router = Router()


class EraseBody(Body):
    typed: str = Field(min_length=1, max_length=500)
    """The customer's handle, name or id, typed by hand: proves that this one is meant."""


@router.post("/api/v1/conversations/<case_id>/erasure")
@router.keeps(
    Contract(
        "Erase the customer of a conversation wherever they are",
        {202: "Erasure"},
        body=EraseBody,
        roles=LEADS,
        refuses={409: "not_them stale"},
    )
)
def erase(case_id: str) -> Response[str]:
    said = gate.body(router.event)
    body, member = read(EraseBody, said), router.asker.member
    case = wiring.actions().case(member, gate.known_id(case_id))
    try:
        return answer(wiring.forgetting().ask(gate.click(router.event, member, said), case, body.typed), 202)
    except Stale:
        raise Problem(409, "stale", "Somebody asked for the same at this moment. Look again.") from None


@router.get("/api/v1/erasures")
@router.keeps(Contract("Who was erased, as far as that may be told", {200: "Erasures"}, roles=LEADS))
def erasures() -> Response[str]:
    gate.query(router.event)
    return answer({"items": wiring.forgetting().all(router.asker.member.brand)})


@router.get("/api/v1/erasures/<erasure_id>")
@router.keeps(Contract("One erasure with its receipt", {200: "Erasure"}, roles=LEADS))
def erasure(erasure_id: str) -> Response[str]:
    gate.query(router.event)
    return answer(wiring.forgetting().one(router.asker.member.brand, gate.known_id(erasure_id)))

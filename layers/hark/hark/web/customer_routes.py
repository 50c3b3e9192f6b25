"""Who the customer of a conversation is, and what they talked about with us before."""

from aws_lambda_powertools.event_handler import Response

from hark import wiring
from hark.web import gate
from hark.web.api import answer
from hark.web.contract import Contract
from hark.web.router import Router

router = Router()


@router.get("/api/v1/conversations/<case_id>/customer")
@router.keeps(Contract("The customer of a conversation", {200: "KnownCustomer"}, scope="conversations:read"))
def customer(case_id: str) -> Response[str]:
    gate.query(router.event)
    member = router.asker.member
    case = wiring.actions().case(member, gate.known_id(case_id))
    return answer(wiring.customers().of(member, case))

"""How rules on trial compare with those in force; for leads."""

from aws_lambda_powertools.event_handler import Response

from hark import wiring
from hark.web import gate
from hark.web.api import answer
from hark.web.contract import LEADS, Contract
from hark.web.router import Router

router = Router()


@router.get("/api/v1/shadow")
@router.keeps(Contract("How rules on trial do", {200: "Shadow"}, roles=LEADS))
def shadow() -> Response[str]:
    gate.query(router.event)
    return answer(wiring.shadows().told(router.asker.member.brand))

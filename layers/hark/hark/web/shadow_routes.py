"""How rules on trial compare with those in force; for leads."""

import json

from aws_lambda_powertools.event_handler import Response

from hark import wiring
from hark.web import gate
from hark.web.errors import Problem
from hark.web.router import Router

router = Router()


@router.get("/api/v1/shadow")
def shadow() -> Response[str]:
    gate.query(router.event)
    member = router.asker.member
    if member.role not in ("lead", "operator"):
        raise Problem(403, "leads_only", "Only a lead sees how rules on trial do.")
    return Response(200, "application/json", json.dumps(wiring.shadows().told(member.brand), ensure_ascii=False))

"""The picture of a case's workflow, with the way it took lit."""

import json

from aws_lambda_powertools.event_handler import Response

from hark import wiring
from hark.desk.tracing import NoTrace
from hark.web import gate
from hark.web.contract import Contract
from hark.web.errors import Problem
from hark.web.router import Router

router = Router()


@router.get("/api/v1/conversations/<case_id>/workflow")
@router.keeps(
    Contract(
        "The way of a case through its workflow",
        {200: "Workflow"},
        refuses={404: "no_trace"},
        scope="conversations:read",
    )
)
def workflow(case_id: str) -> Response[str]:
    gate.query(router.event)
    case = wiring.actions().case(router.asker.member, gate.known_id(case_id))
    try:
        shown = wiring.tracing().of(case)
    except NoTrace:
        raise Problem(404, "no_trace", "Its workflow has not begun, or ended more than 90 days ago.") from None
    return Response(200, "application/json", json.dumps(shown, ensure_ascii=False))

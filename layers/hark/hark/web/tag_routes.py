"""Tags of the brand: what somebody who tags a case may mean."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from hark import wiring
from hark.web import gate
from hark.web.api import answer
from hark.web.contract import Contract
from hark.web.router import Router

router = Router()


@router.get("/api/v1/tags")
@router.keeps(Contract("Tags the brand uses, most used first", {200: "Tags"}, scope="conversations:read"))
def listed() -> Response[str]:
    gate.query(router.event)
    used = wiring.actions().tags.of_brand(router.asker.member.brand)
    items: list[dict[str, Any]] = [{"tag": tag, "uses": uses} for tag, uses in used]
    return answer({"items": items})

"""What the composer hears about a text while it is written."""

from dataclasses import asdict
from typing import Literal

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from hark import wiring
from hark.web import gate
from hark.web.api import MAX_TEXT, Body, answer, read
from hark.web.contract import Contract
from hark.web.router import Router

router = Router()


class CheckBody(Body):
    text: str = Field(max_length=MAX_TEXT)
    verb: Literal["", "public_reply", "private_reply", "dm"] = ""
    canned: str = Field(default="", max_length=MAX_TEXT)


@router.post("/api/v1/conversations/<case_id>/check")
@router.keeps(Contract("Look over words without sending them", {200: "Check"}, body=CheckBody, keyed=False))
def check(case_id: str) -> Response[str]:
    asker, said = router.asker, gate.body(router.event)
    body = read(CheckBody, said)
    case = wiring.actions().case(asker.member, gate.known_id(case_id))
    return answer(asdict(wiring.checking().dry(case, asker.member, body.text, body.verb, body.canned)))

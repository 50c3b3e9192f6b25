"""Programs that work for the brand, and their tokens. Only people come here."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from pydantic import AwareDatetime, Field, field_validator

from hark import wiring
from hark.domain.programs import SCOPES, Scope
from hark.domain.time import text as time_text
from hark.web import gate
from hark.web.api import Body, answer, in_text, read
from hark.web.contract import LEADS, Contract
from hark.web.router import Router

router = Router()


class ProgramBody(Body):
    name: str = Field(min_length=1, max_length=60)
    scopes: tuple[Scope, ...] = Field(min_length=1, max_length=len(SCOPES))
    ends_at: AwareDatetime

    @field_validator("name")
    @classmethod
    def _a_name(cls, name: str) -> str:
        if not (plain := " ".join(name.split())) or not plain.isprintable():
            raise ValueError("no name")
        return plain


@router.get("/api/v1/programs")
@router.keeps(Contract("Programs that work for the brand", {200: "Programs"}, roles=LEADS))
def programs() -> Response[str]:
    gate.query(router.event)
    found = wiring.access().of_brand(router.asker.member.brand)
    return answer({"items": found, "scopes": list(SCOPES), "now": time_text(wiring.clock())})


@router.post("/api/v1/programs")
@router.keeps(
    Contract(
        "Make a token for a program",
        {201: "NewProgram"},
        body=ProgramBody,
        refuses={409: "shown_once too_many_programs", 422: "past too_far"},
        roles=LEADS,
    )
)
def make() -> Response[str]:
    said, asker = gate.body(router.event), router.asker
    body, click = read(ProgramBody, said), gate.click(router.event, asker.member, said)
    in_text(body.ends_at)
    made, token = wiring.access().make(click, body.name, body.scopes, body.ends_at)
    return answer({"program": made, "token": token}, 201)


@router.delete("/api/v1/programs/<program_id>")
@router.keeps(Contract("Take a program's token away", {200: "Program"}, body=Body, roles=LEADS))
def revoke(program_id: str) -> Response[str]:
    said: dict[str, Any] = gate.body(router.event) if router.event.get("body") else {}
    read(Body, said)
    click = gate.click(router.event, router.asker.member, said)
    return answer(wiring.access().revoke(click, gate.known_id(program_id)))

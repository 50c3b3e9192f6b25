"""How long closed cases stay readable: leads see it, see what would go, and change it."""

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


class MonthsBody(Body):
    months: int | None = Field(ge=1, le=60)
    """None: for good."""


class RuleBody(MonthsBody):
    version: str = Field(max_length=32)
    confirmed: bool = False


@router.get("/api/v1/retention")
@router.keeps(Contract("How long closed cases stay readable", {200: "Retention"}, roles=LEADS))
def retention() -> Response[str]:
    gate.query(router.event)
    return answer(wiring.retaining().shown(router.asker.member.brand))


@router.post("/api/v1/retention/dry-run")
@router.keeps(
    Contract("How many cases a rule would empty now", {200: "WouldGo"}, body=MonthsBody, roles=LEADS, keyed=False)
)
def dry_run() -> Response[str]:
    body = read(MonthsBody, gate.body(router.event))
    return answer(wiring.retaining().dry_run(router.asker.member.brand, body.months))


@router.patch("/api/v1/retention")
@router.keeps(
    Contract(
        "Change how long closed cases stay readable",
        {200: "Retention"},
        body=RuleBody,
        roles=LEADS,
        refuses={409: "stale confirm_first"},
    )
)
def change() -> Response[str]:
    said = gate.body(router.event)
    body, click = read(RuleBody, said), gate.click(router.event, router.asker.member, said)
    try:
        return answer(wiring.retaining().change(click, body.version, body.months, confirmed=body.confirmed))
    except Stale:
        raise Problem(409, "stale", "Somebody changed the settings meanwhile. Look again.") from None

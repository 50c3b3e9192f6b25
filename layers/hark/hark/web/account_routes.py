"""The brand's accounts: leads pause them, see what waits, and resume them; and whether nothing of theirs was lost."""

from aws_lambda_powertools.event_handler import Response
from pydantic import AwareDatetime, Field, field_validator

from hark import wiring
from hark.web import gate
from hark.web.api import Body, answer, in_text, read
from hark.web.contract import LEADS, Contract
from hark.web.router import Router

router = Router()


class PauseBody(Body):
    why: str = Field(min_length=1, max_length=200)

    @field_validator("why")
    @classmethod
    def _says_something(cls, why: str) -> str:
        if not (plain := " ".join(why.split())) or not plain.isprintable():
            raise ValueError("no reason")
        return plain


class ResumeBody(Body):
    since: AwareDatetime
    """When the pause began that is taken back."""


@router.get("/api/v1/accounts/<account_id>/waiting")
@router.keeps(Contract("What waits for an account", {200: "WaitingReplies"}, roles=LEADS))
def waiting(account_id: str) -> Response[str]:
    gate.query(router.event)
    return answer(wiring.pausing().waiting(router.asker.member.brand, gate.known_id(account_id)))


@router.get("/api/v1/ledger")
@router.keeps(Contract("Whether every event that came in has come to an end, day by day", {200: "LedgerDays"}))
def ledger() -> Response[str]:
    gate.query(router.event)
    return answer(wiring.sealing().shown(router.asker.member.brand))


@router.post("/api/v1/accounts/<account_id>/pause")
@router.keeps(
    Contract("Pause an account", {200: "Account"}, body=PauseBody, roles=LEADS, refuses={409: "paused_already"})
)
def pause(account_id: str) -> Response[str]:
    said = gate.body(router.event)
    body, click = read(PauseBody, said), gate.click(router.event, router.asker.member, said)
    return answer(wiring.pausing().pause(click, gate.known_id(account_id), body.why))


@router.post("/api/v1/accounts/<account_id>/resume")
@router.keeps(
    Contract("Resume an account", {200: "Account"}, body=ResumeBody, roles=LEADS, refuses={409: "not_paused"})
)
def resume(account_id: str) -> Response[str]:
    said = gate.body(router.event)
    body, click = read(ResumeBody, said), gate.click(router.event, router.asker.member, said)
    return answer(wiring.pausing().resume(click, gate.known_id(account_id), in_text(body.since)))

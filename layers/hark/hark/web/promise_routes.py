"""What an agent says about time: when they will be back, and that a reply only acknowledges."""

from typing import Any, Literal

from aws_lambda_powertools.event_handler import Response
from pydantic import AwareDatetime, Field

from hark import wiring
from hark.domain.case import Case
from hark.web import gate
from hark.web.api import MAX_SNOOZE, Body, answer, in_text, read
from hark.web.contract import Contract
from hark.web.errors import Problem
from hark.web.router import Router

router = Router()


class PromiseBody(Body):
    promised_at: AwareDatetime | None
    """By when; null takes the promise back."""
    reply: str = Field(default="", max_length=64, pattern=r"^[A-Za-z0-9_-]{0,64}$")


class AcknowledgementBody(Body):
    next_reply: Literal[True]


@router.post("/api/v1/conversations/<case_id>/promise")
@router.keeps(
    Contract(
        "Promise the customer a time, or take the promise back",
        {200: "Row"},
        body=PromiseBody,
        refuses={409: "promise_past no_promise owned closed stale"},
    )
)
def promise(case_id: str) -> Response[str]:
    said, asker = gate.body(router.event), router.asker
    body, click = read(PromiseBody, said), gate.click(router.event, asker.member, said)
    if body.promised_at and body.promised_at > wiring.clock() + MAX_SNOOZE:
        raise Problem(400, "invalid", "That is too far away.")
    told_by = asker.member.id if body.reply == "next" else body.reply
    changed = wiring.promising().promise(click, gate.known_id(case_id), in_text(body.promised_at), told_by)
    return _row(changed)


@router.post("/api/v1/conversations/<case_id>/acknowledgement")
@router.keeps(
    Contract(
        "Say that one's next reply only acknowledges",
        {200: "Row"},
        body=AcknowledgementBody,
        refuses={409: "answered owned closed stale"},
    )
)
def acknowledge(case_id: str) -> Response[str]:
    said, asker = gate.body(router.event), router.asker
    read(AcknowledgementBody, said)
    click = gate.click(router.event, asker.member, said)
    return _row(wiring.promising().acknowledge(click, gate.known_id(case_id)))


def _row(case: Case) -> Response[str]:
    row: dict[str, Any] = wiring.views().row(router.asker.member, case)
    return answer(row)

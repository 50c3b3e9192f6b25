"""Replies that have not left: taken back, or told another time."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from pydantic import AwareDatetime, Field

from hark import wiring
from hark.desk import views
from hark.domain.reply import Reply
from hark.web import gate
from hark.web.api import MAX_TEXT, Body, answer, in_text, read
from hark.web.contract import WORDS, Contract
from hark.web.errors import Problem
from hark.web.router import Router

router = Router()


class AnotherTimeBody(Body):
    send_at: AwareDatetime | None = None
    text: str | None = Field(default=None, max_length=MAX_TEXT)
    confirmed: tuple[str, ...] = Field(default=(), max_length=20)


@router.delete("/api/v1/conversations/<case_id>/replies/<reply_id>")
@router.keeps(
    Contract(
        "Take back a reply that has not left",
        {200: "Reply"},
        body=Body,
        refuses={403: "not_yours", 409: "left stale"},
        scope="replies:write",
    )
)
def withdraw(case_id: str, reply_id: str) -> Response[str]:
    said: dict[str, Any] = gate.body(router.event) if router.event.get("body") else {}
    read(Body, said)
    click = gate.click(router.event, router.asker.member, said)
    return _shown(wiring.holding().withdraw(click, gate.known_id(case_id), gate.known_id(reply_id)))


@router.patch("/api/v1/conversations/<case_id>/replies/<reply_id>")
@router.keeps(
    Contract(
        "Give a reply that waits another time or other words",
        {200: "Reply"},
        body=AnotherTimeBody,
        refuses={403: "not_yours not_author", 409: "left not_scheduled approval_needed stale", 422: WORDS},
        scope="replies:write",
    )
)
def change(case_id: str, reply_id: str) -> Response[str]:
    said = gate.body(router.event)
    body, click = read(AnotherTimeBody, said), gate.click(router.event, router.asker.member, said)
    if body.send_at is None and body.text is None:
        raise Problem(400, "invalid", "Name another time, or other words.")
    changed = wiring.holding().change(
        click, gate.known_id(case_id), gate.known_id(reply_id), in_text(body.send_at), body.text, body.confirmed
    )
    return _shown(changed)


def _shown(reply: Reply) -> Response[str]:
    team = wiring.actions().people.everybody(reply.brand)
    return answer(views.reply(reply, team))

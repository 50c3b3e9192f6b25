"""Notices of the person who asks: the newest ones, what is read, and how they want them."""

from typing import Literal

from aws_lambda_powertools.event_handler import Response
from pydantic import AwareDatetime, StrictBool

from hark import wiring
from hark.web import gate
from hark.web.api import Body, answer, in_text, read
from hark.web.contract import Contract
from hark.web.errors import Problem
from hark.web.router import Router

router = Router()


class ReadBody(Body):
    up_to: AwareDatetime


class WishesBody(Body):
    """What is not named stays as it is."""

    mail: StrictBool | None = None
    language: Literal["en", "lv", "ru", "ms", "he", "ar"] | None = None


@router.get("/api/v1/notices")
@router.keeps(Contract("One's own notices, newest first", {200: "Notices"}))
def notices() -> Response[str]:
    gate.query(router.event)
    return _shown()


@router.post("/api/v1/notices/read")
@router.keeps(Contract("Say up to when notices are read", {200: "Notices"}, body=ReadBody))
def mark_read() -> Response[str]:
    said, member = gate.body(router.event), router.asker.member
    body = read(ReadBody, said)
    gate.click(router.event, member, said)
    wiring.notifying().notices.read_to(member.brand, member.id, in_text(body.up_to))
    return _shown()


@router.patch("/api/v1/notices")
@router.keeps(Contract("Say how one wants notices", {200: "Notices"}, body=WishesBody))
def wish() -> Response[str]:
    said, member = gate.body(router.event), router.asker.member
    wishes = read(WishesBody, said).model_dump(exclude_none=True)
    gate.click(router.event, member, said)
    if not wishes:
        raise Problem(400, "invalid", "Say what is to be changed.")
    wiring.notifying().notices.wishes(member.brand, member.id, **wishes)
    return _shown()


def _shown() -> Response[str]:
    return answer(wiring.notifying().of_member(router.asker.member))

"""Canned texts and the FAQ: agents use them, leads write them."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from hark import wiring
from hark.domain.canned import Draft, Entry, Kind, Standing
from hark.domain.people import Member
from hark.web import gate
from hark.web.api import Body, answer, read
from hark.web.errors import Problem
from hark.web.router import Router

router = Router()

LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
"""BCP 47, as far as we use it."""


class EntryBody(Body):
    title: str = Field(min_length=1, max_length=120)
    text: str = Field(min_length=1, max_length=4000)
    questions: tuple[str, ...] = Field(default=(), max_length=20)
    kind: Kind = "canned"
    standing: Standing = "approved"
    public: bool = False

    def draft(self) -> Draft:
        return Draft.model_validate(self.model_dump(exclude={"language", "version"}))


class NewBody(EntryBody):
    language: str = Field(pattern=LANGUAGE, max_length=24)


class ChangedBody(EntryBody):
    version: int = Field(ge=1, strict=True)


class PromoteBody(Body):
    conversation: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    reply: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")


@router.get("/api/v1/canned")
def listed() -> Response[str]:
    asked, member = gate.query(router.event, "language"), router.asker.member
    entries = wiring.canning().for_agent(member, asked.get("language", ""), candidates=_leads(member))
    return answer({"items": [_shape(entry) for entry in entries]})


@router.get("/api/v1/canned/page")
def page() -> Response[str]:
    gate.query(router.event)
    headers = {"content-disposition": 'attachment; filename="faq.html"', "content-security-policy": "sandbox"}
    return Response(200, "text/html; charset=utf-8", wiring.canning().page(_lead()), headers=headers)


@router.post("/api/v1/canned")
def write() -> Response[str]:
    said, member = gate.body(router.event), _lead()
    body, click = read(NewBody, said), gate.click(router.event, member, said)
    return answer(_shape(wiring.canning().write(click, body.language, body.draft())), 201)


@router.post("/api/v1/canned/candidates")
def promote() -> Response[str]:
    said, member = gate.body(router.event), router.asker.member
    body, click = read(PromoteBody, said), gate.click(router.event, member, said)
    return answer(_shape(wiring.canning().promote(click, body.conversation, body.reply)), 201)


@router.patch("/api/v1/canned/<entry_id>")
def change(entry_id: str) -> Response[str]:
    said, member = gate.body(router.event), _lead()
    body, click = read(ChangedBody, said), gate.click(router.event, member, said)
    return answer(_shape(wiring.canning().change(click, gate.known_id(entry_id), body.version, body.draft())))


@router.delete("/api/v1/canned/<entry_id>")
def remove(entry_id: str) -> Response[str]:
    said: dict[str, Any] = gate.body(router.event) if router.event.get("body") else {}
    read(Body, said)
    click = gate.click(router.event, _lead(), said)
    wiring.canning().remove(click, gate.known_id(entry_id))
    return Response(204)


@router.post("/api/v1/canned/<entry_id>/uses")
def used(entry_id: str) -> Response[str]:
    said, member = gate.body(router.event), router.asker.member
    read(Body, said)
    return answer(_shape(wiring.canning().used(gate.click(router.event, member, said), gate.known_id(entry_id))))


def _leads(member: Member) -> bool:
    return member.role in ("lead", "operator")


def _lead() -> Member:
    """The asker, who has to be a lead.

    Raises:
        Problem: 403.
    """
    member = router.asker.member
    if not _leads(member):
        raise Problem(403, "leads_only", "Only a lead writes canned texts and the FAQ.")
    return member


def _shape(entry: Entry) -> dict[str, Any]:
    return entry.model_dump(mode="json", exclude={"brand"})

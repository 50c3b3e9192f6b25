"""Canned texts and the FAQ: agents use them, leads write them."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from hark import wiring
from hark.domain.canned import Draft, Entry, Kind, Standing
from hark.web import gate
from hark.web.api import Body, answer, read
from hark.web.contract import HTML, LEADS, TEXT, Contract
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
@router.keeps(Contract("Canned texts, this language first", {200: "Entries"}, query={"language": TEXT}))
def listed() -> Response[str]:
    asked, member = gate.query(router.event, "language"), router.asker.member
    entries = wiring.canning().for_agent(member, asked.get("language", ""), candidates=member.role in LEADS)
    return answer({"items": [_shape(entry) for entry in entries]})


@router.get("/api/v1/canned/page")
@router.keeps(Contract("The public FAQ as a page to take along", {200: HTML}, roles=LEADS))
def page() -> Response[str]:
    gate.query(router.event)
    headers = {"content-disposition": 'attachment; filename="faq.html"', "content-security-policy": "sandbox"}
    return Response(200, "text/html; charset=utf-8", wiring.canning().page(router.asker.member), headers=headers)


@router.post("/api/v1/canned")
@router.keeps(Contract("Write a canned text or an entry of the FAQ", {201: "Entry"}, body=NewBody, roles=LEADS))
def write() -> Response[str]:
    said, member = gate.body(router.event), router.asker.member
    body, click = read(NewBody, said), gate.click(router.event, member, said)
    return answer(_shape(wiring.canning().write(click, body.language, body.draft())), 201)


@router.post("/api/v1/canned/candidates")
@router.keeps(
    Contract(
        "Propose a public answer for the FAQ",
        {201: "Entry"},
        body=PromoteBody,
        refuses={404: "not_found", 422: "not_public personal_data"},
    )
)
def promote() -> Response[str]:
    said, member = gate.body(router.event), router.asker.member
    body, click = read(PromoteBody, said), gate.click(router.event, member, said)
    return answer(_shape(wiring.canning().promote(click, body.conversation, body.reply)), 201)


@router.patch("/api/v1/canned/<entry_id>")
@router.keeps(Contract("Write an entry anew", {200: "Entry"}, body=ChangedBody, roles=LEADS, refuses={409: "stale"}))
def change(entry_id: str) -> Response[str]:
    said, member = gate.body(router.event), router.asker.member
    body, click = read(ChangedBody, said), gate.click(router.event, member, said)
    return answer(_shape(wiring.canning().change(click, gate.known_id(entry_id), body.version, body.draft())))


@router.delete("/api/v1/canned/<entry_id>")
@router.keeps(Contract("Take an entry away", {204: ""}, body=Body, roles=LEADS, refuses={409: "stale"}))
def remove(entry_id: str) -> Response[str]:
    said: dict[str, Any] = gate.body(router.event) if router.event.get("body") else {}
    read(Body, said)
    click = gate.click(router.event, router.asker.member, said)
    wiring.canning().remove(click, gate.known_id(entry_id))
    return Response(204)


@router.post("/api/v1/canned/<entry_id>/uses")
@router.keeps(Contract("Count that an entry was taken into a reply", {200: "Entry"}, body=Body, refuses={409: "stale"}))
def used(entry_id: str) -> Response[str]:
    said, member = gate.body(router.event), router.asker.member
    read(Body, said)
    return answer(_shape(wiring.canning().used(gate.click(router.event, member, said), gate.known_id(entry_id))))


def _shape(entry: Entry) -> dict[str, Any]:
    return entry.model_dump(mode="json", exclude={"brand"})

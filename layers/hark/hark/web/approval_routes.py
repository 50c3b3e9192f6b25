"""Drafts that others have to approve: submitted, read, changed, approved, sent back, taken back; and all that wait."""

from typing import Any, Literal

from aws_lambda_powertools.event_handler import Response
from pydantic import AwareDatetime, Field

from hark import wiring
from hark.desk import views
from hark.desk.actions import Talked
from hark.desk.writing import LONGEST_HOLD_SECONDS, Unacceptable, Words
from hark.domain.approvals import Draft, refusal
from hark.domain.reply import State
from hark.web import gate
from hark.web.api import LIMIT, MAX_TEXT, Body, answer, in_text, read, talked
from hark.web.contract import CURSOR, WORDS, Contract
from hark.web.errors import Problem
from hark.web.router import Router

router = Router()


class DraftBody(Body):
    text: str = Field(max_length=1_500_000)
    seen: int = Field(ge=0, strict=True)
    verb: Literal["", "public_reply", "private_reply", "dm"] = ""
    hold: int | None = Field(default=None, ge=0, le=LONGEST_HOLD_SECONDS, strict=True)
    send_at: AwareDatetime | None = None
    confirmed: tuple[str, ...] = Field(default=(), max_length=20)
    competing: Literal["", "replace", "beside"] = ""


class EditBody(Body):
    text: str = Field(max_length=1_500_000)
    rev: int = Field(ge=1, strict=True)
    confirmed: tuple[str, ...] = Field(default=(), max_length=20)


class ApproveBody(Body):
    rev: int = Field(ge=1, strict=True)
    seen: int = Field(ge=0, strict=True)
    assign: bool = Field(default=False, strict=True)


class ReturnBody(Body):
    reason: str = Field(min_length=1, max_length=1_000)


def _short_enough(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise Unacceptable("too_long", "That is far too long for one reply.")
    return text


@router.post("/api/v1/conversations/<case_id>/drafts")
@router.keeps(
    Contract(
        "Submit a draft for approval",
        {201: "Draft"},
        body=DraftBody,
        refuses={409: "drafted talked closed too_many_drafts stale", 422: WORDS},
    )
)
def submit(case_id: str) -> Response[str]:
    said = gate.body(router.event)
    body, click = read(DraftBody, said), gate.click(router.event, router.asker.member, said)
    words = Words(_short_enough(body.text), body.verb, body.hold, in_text(body.send_at))
    try:
        draft = wiring.approving().submit(
            click, gate.known_id(case_id), words, body.seen, body.competing, body.confirmed
        )
    except Talked:
        raise talked(router.asker, case_id, body.seen) from None
    return answer(_shown(draft), 201)


@router.get("/api/v1/conversations/<case_id>/drafts")
@router.keeps(Contract("Drafts of a conversation, oldest first", {200: "Drafts"}))
def of_conversation(case_id: str) -> Response[str]:
    gate.query(router.event)
    member, brand = router.asker.member, router.asker.member.brand
    case = wiring.actions().case(member, gate.known_id(case_id))
    drafts = wiring.approving().drafts.of_case(brand, case_id)
    replies = wiring.actions().replies.of_case(brand, case_id) if any(d.reply for d in drafts) else []
    sent = {reply.id for reply in replies if reply.state is State.SENT}
    team = wiring.actions().people.everybody(brand)
    return answer({"items": [views.draft(d, case, team, d.reply in sent) for d in drafts]})


@router.patch("/api/v1/conversations/<case_id>/drafts/<draft_id>")
@router.keeps(
    Contract(
        "Change the words of a draft",
        {200: "Draft"},
        body=EditBody,
        refuses={403: "not_approver", 409: "stale decided", 422: WORDS},
    )
)
def edit(case_id: str, draft_id: str) -> Response[str]:
    said = gate.body(router.event)
    body, click = read(EditBody, said), gate.click(router.event, router.asker.member, said)
    changed = wiring.approving().edit(
        click, gate.known_id(case_id), gate.known_id(draft_id), body.rev, _short_enough(body.text), body.confirmed
    )
    return answer(_shown(changed))


@router.post("/api/v1/conversations/<case_id>/drafts/<draft_id>/approve")
@router.keeps(
    Contract(
        "Approve a draft",
        {202: "Approved"},
        body=ApproveBody,
        refuses={
            403: "not_approver own_draft approved_already own_words",
            409: "talked stale decided not_owner busy closed",
            422: WORDS,
        },
    )
)
def approve(case_id: str, draft_id: str) -> Response[str]:
    said = gate.body(router.event)
    body, click = read(ApproveBody, said), gate.click(router.event, router.asker.member, said)
    try:
        draft, reply = wiring.approving().approve(
            click, gate.known_id(case_id), gate.known_id(draft_id), body.rev, body.seen, assign=body.assign
        )
    except Talked:
        raise talked(router.asker, case_id, body.seen) from None
    team = wiring.actions().people.everybody(router.asker.member.brand)
    return answer({"draft": _shown(draft), "reply": views.reply(reply, team) if reply else None}, 202)


@router.post("/api/v1/conversations/<case_id>/drafts/<draft_id>/return")
@router.keeps(
    Contract(
        "Send a draft back to its author",
        {200: "Draft"},
        body=ReturnBody,
        refuses={403: "not_approver", 409: "decided stale"},
    )
)
def give_back(case_id: str, draft_id: str) -> Response[str]:
    said = gate.body(router.event)
    body, click = read(ReturnBody, said), gate.click(router.event, router.asker.member, said)
    return answer(
        _shown(wiring.approving().give_back(click, gate.known_id(case_id), gate.known_id(draft_id), body.reason))
    )


@router.delete("/api/v1/conversations/<case_id>/drafts/<draft_id>")
@router.keeps(
    Contract("Take a draft back", {200: "Draft"}, body=Body, refuses={403: "not_author", 409: "decided stale"})
)
def withdraw(case_id: str, draft_id: str) -> Response[str]:
    said: dict[str, Any] = gate.body(router.event) if router.event.get("body") else {}
    read(Body, said)
    click = gate.click(router.event, router.asker.member, said)
    return answer(_shown(wiring.approving().withdraw(click, gate.known_id(case_id), gate.known_id(draft_id))))


@router.get("/api/v1/approvals")
@router.keeps(
    Contract(
        "Drafts of the brand that wait, oldest first",
        {200: "Approvals"},
        query={"cursor": CURSOR, "limit": range(1, 101)},
    )
)
def waiting() -> Response[str]:
    asked, asker = gate.query(router.event, "cursor", "limit"), router.asker
    limit = asked.get("limit", "25")
    if not LIMIT.fullmatch(limit) or not 1 <= int(limit) <= 100:
        raise Problem(400, "invalid", "There is no such view, or not so long a page.")
    start = gate.unseal(asker, "approvals", asked["cursor"]) if "cursor" in asked else None
    page, following = wiring.approving().page(asker.member, start, int(limit))
    people = wiring.actions().people
    team, choices = people.everybody(asker.member.brand), people.policy(asker.member.brand).approvals
    answered = wiring.approving().answered(case for _, case in page)
    items = [
        {
            "draft": views.draft(draft, case, team),
            "conversation": views.row(case, team),
            "message": views.message(answered[case.id], team) if case.id in answered else None,
            "may_approve": refusal(draft, choices, asker.member, case.talk) == "",
        }
        for draft, case in page
    ]
    return answer({"items": items, "next": gate.seal(asker, "approvals", following) if following else None})


def _shown(draft: Draft) -> dict[str, Any]:
    member = router.asker.member
    team = wiring.actions().people.everybody(member.brand)
    return views.draft(draft, wiring.actions().case(member, draft.case), team)

"""The team: who is there with how much to do; going away and coming back; and what leads decide about their people."""

from datetime import date, time
from typing import Annotated, Any, Literal, Self

from aws_lambda_powertools.event_handler import Response
from pydantic import Field, StrictBool, model_validator

from hark import wiring
from hark.desk.writing import Unacceptable
from hark.web import gate
from hark.web.api import MAX_TEXT, Body, answer, read
from hark.web.contract import LEADS, Contract
from hark.web.errors import Problem
from hark.web.router import Router

router = Router()

OWN = {"away", "hand_back", "note"}
"""What members may say of themselves."""
Word = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
Count = Annotated[int, Field(ge=0, le=100, strict=True)]


class HoursBody(Body):
    start: time
    end: time


class ShiftBody(HoursBody):
    days: tuple[Annotated[int, Field(ge=0, le=6)], ...] = Field(min_length=1, max_length=7)
    zone: str = Field(default="", max_length=60)


class DayBody(Body):
    date: date
    hours: tuple[HoursBody, ...] = Field(default=(), max_length=10)
    zone: str = Field(default="", max_length=60)


class MemberBody(Body):
    """What is not named stays as it is."""

    away: StrictBool | None = None
    hand_back: StrictBool = False
    note: str = Field(default="", max_length=MAX_TEXT)
    removed: StrictBool | None = None
    role: Literal["agent", "lead", "reader"] | None = None
    """Operators are made by operators, by command."""
    teams: tuple[Word, ...] | None = Field(default=None, max_length=50)
    languages: tuple[Word, ...] | None = Field(default=None, max_length=50)
    skills: tuple[Word, ...] | None = Field(default=None, max_length=50)
    shifts: tuple[ShiftBody, ...] | None = Field(default=None, max_length=50)
    days: tuple[DayBody, ...] | None = Field(default=None, max_length=100)
    capacity: Count | None = None
    capacities: dict[Word, Count] | None = Field(default=None, max_length=20)
    handle: str | None = Field(default=None, max_length=60, pattern=r"^@?[A-Za-z0-9_.]*$")
    level: int | None = Field(default=None, ge=0, le=9, strict=True)
    spend_limit: int | None = Field(default=None, ge=0, le=10**9, strict=True)

    @model_validator(mode="after")
    def _together(self) -> Self:
        if self.hand_back and not self.away:
            raise ValueError("whoever hands back goes away")
        if self.note and not (self.hand_back or self.removed):
            raise ValueError("a note goes with the cases that are handed back")
        return self


@router.get("/api/v1/team")
@router.keeps(Contract("The team and what everybody has in hand", {200: "Team"}))
def team() -> Response[str]:
    gate.query(router.event)
    return answer(wiring.teamwork().team(router.asker.member.brand))


@router.patch("/api/v1/team/<member_id>")
@router.keeps(
    Contract(
        "Change what is kept of a member",
        {200: "Member"},
        body=MemberBody,
        refuses={403: "leads_only", 422: "no_such_team no_such_zone handle_taken yourself operators_role"},
    )
)
def change(member_id: str) -> Response[str]:
    said, asker = gate.body(router.event), router.asker
    body, click = read(MemberBody, said), gate.click(router.event, asker.member, said)
    leads = asker.member.role in LEADS
    if not leads and (member_id != asker.member.id or not set(said) <= OWN):
        raise Problem(403, "leads_only", "Only a lead may change that. You may say that you are away, or back.")
    if body.removed and member_id == asker.member.id:
        raise Unacceptable("yourself", "Somebody else has to take you off the team.")
    if body.role and member_id == asker.member.id:
        raise Unacceptable("yourself", "Somebody else has to change your role.")
    wish: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set}
    if not wish:
        raise Problem(400, "invalid", "Say what is to change.")
    teamwork = wiring.teamwork()
    changed = teamwork.change(click, gate.known_id(member_id), body.model_dump(include=set(wish)))
    return answer(teamwork.member(changed, wiring.clock()))

"""The routes of /api/v1: each validates, calls one use-case, and gives its result the shape of docs/api.md."""

import json
import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Literal, Self, TypeVar

from aws_lambda_powertools.event_handler import Response
from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    ValidationError,
    field_validator,
    model_validator,
)

from hark import wiring
from hark.desk import views
from hark.desk.actions import Talked, Wish
from hark.desk.clicks import mark, was_done
from hark.desk.writing import LONGEST_HOLD_SECONDS, Unacceptable
from hark.domain import tags
from hark.domain.time import text as time_text
from hark.store.cases import Stale
from hark.web import gate
from hark.web.contract import CURSOR, WORDS, Contract
from hark.web.errors import Problem, not_found
from hark.web.router import Router

router = Router()

MAX_TEXT = 10_000
MAX_SNOOZE = timedelta(days=366)
"""The workflow waits that long too, and Step Functions lets no wait be longer than 99,999,999 seconds."""
LIMIT = re.compile(r"[0-9]{1,3}")
VIEWS = ("mine", "unassigned", "open", "snoozed", "done")


class Body(BaseModel):
    """A request's body: what is not named here is refused (H35)."""

    model_config = ConfigDict(extra="forbid")


Form = TypeVar("Form", bound=Body)


class ReplyBody(Body):
    text: str = Field(max_length=1_500_000)
    seen: int = Field(ge=0, strict=True)
    verb: Literal["", "public_reply", "private_reply", "dm"] = ""
    hold: int | None = Field(default=None, ge=0, le=LONGEST_HOLD_SECONDS, strict=True)
    send_at: AwareDatetime | None = None
    confirmed: tuple[str, ...] = Field(default=(), max_length=20)


class ActBody(Body):
    verb: Literal["like", "unlike", "hide", "unhide", "delete"]
    message: str = Field(min_length=1, max_length=200)


class ChangeBody(Body):
    version: int = Field(ge=0, strict=True)
    assignee: str | None = Field(default="", max_length=64, pattern=r"^[A-Za-z0-9_-]{0,64}$")
    state: Literal["open", "snoozed", "closed"] | None = None
    snoozed_until: AwareDatetime | None = None
    reason: Literal["agent"] = "agent"
    level: int | None = Field(default=None, ge=1, le=9, strict=True)
    note: str = Field(default="", max_length=MAX_TEXT)
    tags: tuple[str, ...] | None = Field(default=None, max_length=100)

    @field_validator("snoozed_until")
    @classmethod
    def _in_utc(cls, until: datetime | None) -> datetime | None:
        try:
            return until.astimezone(UTC) if until else None
        except OverflowError:
            raise ValueError("no time that a calendar holds") from None

    @model_validator(mode="after")
    def _put_off_until_then(self) -> Self:
        if (self.state == "snoozed") != (self.snoozed_until is not None):
            raise ValueError("a time belongs to putting off, and only there")
        if self.level is not None and ("assignee" in self.model_fields_set or self.state):
            raise ValueError("what is passed up goes to whoever has the authority")
        return self


class DecisionBody(Body):
    found: StrictBool


class NoteBody(Body):
    text: str = Field(min_length=1, max_length=MAX_TEXT)


def read(form: type[Form], said: dict[str, Any]) -> Form:
    """The request's body in its form.

    Raises:
        Problem: 400. Only for requests: an item of ours that does not fit its form is our fault, not the client's.
    """
    try:
        return form.model_validate(said)
    except ValidationError:
        raise Problem(400, "invalid", "A field is missing, unknown or of the wrong form.") from None


def answer(body: Any, status: int = 200, **headers: str) -> Response[str]:
    return Response(status, "application/json", json.dumps(body, ensure_ascii=False), headers=dict(headers))


def in_text(at: datetime | None) -> str:
    """A time of a request as we keep it; empty for none.

    Raises:
        Problem: 400 for one that no calendar of ours holds.
    """
    try:
        return time_text(at) if at else ""
    except OverflowError:
        raise Problem(400, "invalid", "A field is missing, unknown or of the wrong form.") from None


def talked(asker: gate.Asker, case_id: str, seen: int) -> Problem:
    """The answer to who writes without having seen all: what is new, and what to have seen the next time."""
    case = wiring.actions().case(asker.member, case_id)
    new = wiring.views().messages_since(asker.member, case, seen)
    return Problem(409, "talked", "Somebody wrote since you looked.", new=new, talk=case.talk)


def _etag(shown: Any) -> str:
    """A mark of what is shown: the clock (`now`) and cursors do not count."""
    return '"' + sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:32] + '"'


@router.get("/api/v1/me")
@router.keeps(
    Contract("Who is signed in, the brand, its accounts and the team", {200: "Me"}, scope="conversations:read")
)
def me() -> Response[str]:
    gate.query(router.event)
    return answer(wiring.views().me(router.asker.member))


@router.get("/api/v1/queue")
@router.keeps(
    Contract(
        "A page of a view of the queue",
        {200: "Queue", 304: ""},
        query={"view": VIEWS, "cursor": CURSOR, "limit": range(1, 101)},
        scope="conversations:read",
    )
)
def queue() -> Response[str]:
    asked = gate.query(router.event, "view", "cursor", "limit")
    view, limit = asked.get("view", "open"), asked.get("limit", "25")
    if view not in VIEWS or not LIMIT.fullmatch(limit) or not 1 <= int(limit) <= 100:
        raise Problem(400, "invalid", "There is no such view, or not so long a page.")
    asker = router.asker
    start = gate.unseal(asker, f"queue {view}", asked["cursor"]) if "cursor" in asked else {}
    page, following = wiring.views().queue(asker.member, view, start, int(limit))
    etag = _etag([page["items"], page["counts"], bool(following)])
    if gate.header(router.event, "if-none-match") == etag:
        return Response(304, headers={"etag": etag})
    page["next"] = gate.seal(asker, f"queue {view}", following) if following else None
    return answer(page, etag=etag)


@router.get("/api/v1/conversations/<case_id>")
@router.keeps(
    Contract(
        "All of a conversation", {200: "Conversation", 304: ""}, query={"before": CURSOR}, scope="conversations:read"
    )
)
def conversation(case_id: str) -> Response[str]:
    asked, asker = gate.query(router.event, "before"), router.asker
    purpose = f"thread {gate.known_id(case_id)}"
    before = gate.unseal(asker, purpose, asked["before"]) if "before" in asked else None
    actions = wiring.actions()
    case = actions.case(asker.member, case_id)
    wiring.holding().look(case)
    shape, older = wiring.views().conversation(asker.member, case, before, actions.notes(case))
    etag = _etag([{name: value for name, value in shape.items() if name != "now"}, bool(older)])
    if gate.header(router.event, "if-none-match") == etag:
        return Response(304, headers={"etag": etag})
    shape["older"] = gate.seal(asker, purpose, older) if older else None
    return answer(shape, etag=etag)


@router.patch("/api/v1/conversations/<case_id>")
@router.keeps(
    Contract(
        "Take, give, put off, close, open, tag or pass up a case",
        {200: "Row"},
        body=ChangeBody,
        refuses={
            409: "stale busy closed draft_waits open erased snoozed past no_such_member",
            422: "note_needed has_level bad_tag too_many_tags",
        },
        scope="cases:write",
    )
)
def change(case_id: str) -> Response[str]:
    said, asker = gate.body(router.event), router.asker
    body, click = read(ChangeBody, said), gate.click(router.event, asker.member, said)
    wish = Wish(
        assignee=_assignee(body, asker) if "assignee" in said else None,
        level=body.level,
        note=body.note,
        state=body.state,
        snoozed_until=time_text(body.snoozed_until) if body.snoozed_until else None,
        tags=None if body.tags is None else _tags(body.tags),
    )
    if body.snoozed_until and body.snoozed_until > wiring.clock() + MAX_SNOOZE:
        raise Problem(400, "invalid", "That is too far away.")
    try:
        changed = wiring.actions().change(click, gate.known_id(case_id), body.version, wish)
    except Stale:
        # Perhaps lost against the very same click, sent twice: then it is found done now (I17).
        changed = wiring.actions().change(click, case_id, body.version, wish)
    return answer(wiring.views().row(asker.member, changed))


def _tags(typed: tuple[str, ...]) -> tuple[str, ...]:
    """Each tag once, in its one spelling.

    Raises:
        Unacceptable: `bad_tag`, `too_many_tags`.
    """
    try:
        found = tuple(dict.fromkeys(tags.tidy(one) for one in typed))
    except tags.NoTag:
        say = f"A tag has letters and digits, with spaces, - and _ between them, at most {tags.LONGEST} in all."
        raise Unacceptable("bad_tag", say) from None
    if len(found) > tags.MOST:
        raise Unacceptable("too_many_tags", f"A case has at most {tags.MOST} tags.")
    return found


def _assignee(body: ChangeBody, asker: gate.Asker) -> str:
    return asker.member.id if body.assignee == "me" else body.assignee or ""


@router.post("/api/v1/conversations/<case_id>/replies")
@router.keeps(
    Contract(
        "Say something to the customer",
        {202: "Reply"},
        body=ReplyBody,
        refuses={409: "talked owned closed busy approval_needed stale", 422: WORDS},
        scope="replies:write",
    )
)
def reply(case_id: str) -> Response[str]:
    said, asker = gate.body(router.event), router.asker
    body, click = read(ReplyBody, said), gate.click(router.event, asker.member, said)
    if len(body.text) > MAX_TEXT:
        raise Unacceptable("too_long", "That is far too long for one reply.")
    actions = wiring.actions()
    try:
        written = actions.reply(
            click, gate.known_id(case_id), body.text, body.seen, body.verb, hold=body.hold,
            send_at=in_text(body.send_at), confirmed=body.confirmed,
        )  # fmt: skip
    except Talked:
        raise talked(asker, case_id, body.seen) from None
    return answer(views.reply(written, {asker.member.id: asker.member}), 202)


@router.post("/api/v1/conversations/<case_id>/replies/<reply_id>/decision")
@router.keeps(
    Contract(
        "Say whether a doubtful reply is out",
        {200: "Reply"},
        body=DecisionBody,
        refuses={409: "not_human stale"},
    )
)
def decide(case_id: str, reply_id: str) -> Response[str]:
    said, asker = gate.body(router.event), router.asker
    body = read(DecisionBody, said)
    click, actions = gate.click(router.event, asker.member, said), wiring.actions()
    brand = asker.member.brand
    case = actions.case(asker.member, gate.known_id(case_id))
    if actions.replies.get(brand, case_id, gate.known_id(reply_id)) is None:
        raise not_found()
    if not was_done(actions.people, click, case_id):
        done = mark(actions.people, click, case.id, wiring.clock())
        wiring.sending().decided(brand, case_id, reply_id, asker.member.id, body.found, mark=[done])
    decided = actions.replies.get(brand, case_id, reply_id)
    if decided is None:
        raise not_found()
    return answer(views.reply(decided, {asker.member.id: asker.member}))


@router.post("/api/v1/conversations/<case_id>/acts")
@router.keeps(
    Contract(
        "Do something to a message",
        {202: "Reply"},
        body=ActBody,
        refuses={409: "stale", 422: "not_allowed"},
    )
)
def act(case_id: str) -> Response[str]:
    said, asker = gate.body(router.event), router.asker
    body, click = read(ActBody, said), gate.click(router.event, asker.member, said)
    intent = wiring.actions().act(click, gate.known_id(case_id), body.message, body.verb)
    return answer(views.reply(intent, {asker.member.id: asker.member}), 202)


@router.post("/api/v1/conversations/<case_id>/notes")
@router.keeps(
    Contract("Leave a note for colleagues", {201: "Note"}, body=NoteBody, refuses={409: "stale"}, scope="notes:write")
)
def note(case_id: str) -> Response[str]:
    said, asker = gate.body(router.event), router.asker
    body, click = read(NoteBody, said), gate.click(router.event, asker.member, said)
    left = wiring.actions().note(click, gate.known_id(case_id), body.text)
    return answer({"id": left["id"], "text": left["text"], "at": left["at"], "by": asker.member.name}, 201)

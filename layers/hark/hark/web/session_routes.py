"""Where one is signed in: seen, ended one by one, or all at once; and leads for their people."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from pydantic import StrictBool

from hark import wiring
from hark.domain.time import text as time_text
from hark.web import gate, sign_in
from hark.web.api import Body, answer, read
from hark.web.contract import EVERYBODY, LEADS, Contract
from hark.web.router import Router

router = Router()


class SignOutBody(Body):
    here: StrictBool
    """Also of the session that asks."""


@router.get("/api/v1/me/sessions")
@router.keeps(Contract("Where one is signed in", {200: "Sessions"}))
def sessions() -> Response[str]:
    gate.query(router.event)
    asker = router.asker
    mine = wiring.sessions().mine(asker.member, asker.token)
    return answer({"items": mine, "now": time_text(wiring.clock())})


@router.delete("/api/v1/me/sessions/<session_id>")
@router.keeps(Contract("End a session of one's own", {204: ""}, body=Body, roles=EVERYBODY, keyed=False))
def revoke(session_id: str) -> Response[str]:
    _nothing()
    wiring.sessions().revoke(router.asker.member, gate.known_id(session_id))
    return Response(204)


@router.post("/api/v1/me/sessions/sign-out")
@router.keeps(Contract("Sign out everywhere", {204: ""}, body=SignOutBody, roles=EVERYBODY, keyed=False))
def sign_out_everywhere() -> Response[str]:
    body, asker = read(SignOutBody, gate.body(router.event)), router.asker
    wiring.sessions().sign_out_everywhere(asker.member, asker.member.id, "" if body.here else asker.token)
    return sign_in.signed_out() if body.here else Response(204)


@router.post("/api/v1/team/<member_id>/sign-out")
@router.keeps(Contract("Sign a member out everywhere", {204: ""}, body=Body, roles=LEADS, keyed=False))
def sign_member_out(member_id: str) -> Response[str]:
    _nothing()
    wiring.sessions().sign_out_everywhere(router.asker.member, gate.known_id(member_id))
    return Response(204)


def _nothing() -> None:
    """A body need not be there, and says nothing."""
    said: dict[str, Any] = gate.body(router.event) if router.event.get("body") else {}
    read(Body, said)

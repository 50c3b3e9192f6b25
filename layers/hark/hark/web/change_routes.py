"""What an open desk asks every few seconds."""

from aws_lambda_powertools.event_handler import Response

from hark import wiring
from hark.desk.watching import Glance
from hark.web import gate
from hark.web.api import answer
from hark.web.contract import CURSOR, TEXT, Contract
from hark.web.errors import Problem
from hark.web.router import Router

router = Router()

PURPOSE = "changes"


@router.get("/api/v1/changes")
@router.keeps(
    Contract(
        "What has changed since the last time of asking, and who else looks at what", {200: "Changes", 304: ""},
        refuses={400: "bad_cursor invalid"}, query={"since": CURSOR, "open": TEXT, "writing": ("0", "1")},
        scope="conversations:read",
    )
)  # fmt: skip
def changes() -> Response[str]:
    asked, asker = gate.query(router.event, "since", "open", "writing"), router.asker
    since = gate.unseal(asker, PURPOSE, asked["since"]) if "since" in asked else None
    case, writing = asked.get("open", ""), asked.get("writing", "0")
    if (case and not gate.ID.fullmatch(case)) or writing not in ("0", "1"):
        raise Problem(400, "invalid", "There is no such conversation.")
    # Only our own page can send this header: a foreign one must not say what a member looks at.
    ours = gate.header(router.event, "x-desk") == "1" and asker.scopes is None
    told, following = wiring.watching().changes(asker.member, since, Glance(case, writing == "1") if ours else None)
    if told is None:
        return Response(304)
    return answer({**told, "cursor": gate.seal(asker, PURPOSE, following)})

"""Figures, and the cases behind them."""

import re
from datetime import date
from typing import Any

from aws_lambda_powertools.event_handler import Response

from hark import wiring
from hark.desk import reporting
from hark.desk.reporting import Asked, StillSumming
from hark.domain.tally import is_counter
from hark.web import gate
from hark.web.api import answer
from hark.web.contract import CURSOR, EVERYBODY, TEXT, Contract
from hark.web.errors import Problem
from hark.web.router import Router

router = Router()

NARROWED = ("from", "to", "platform", "account", "agent")
FORMATS = ("json", "csv")
REFUSED = "past_order too_far too_long"
COUNTER = re.compile(r"[a-z0-9_]{1,20}(\.[a-z0-9_]{1,20}){0,2}")


@router.get("/api/v1/reports")
@router.keeps(
    Contract(
        "Figures of some days", {200: "Report text/csv"}, query=dict.fromkeys(NARROWED, TEXT) | {"format": FORMATS},
        refuses={400: "invalid", 403: "own_figures", 422: REFUSED, 503: "summing_up"}, roles=EVERYBODY,
        scope="reports:read",
    )
)  # fmt: skip
def report() -> Response[str]:
    """Figures of some days, as JSON or as a table."""
    said = gate.query(router.event, *NARROWED, "format")
    form = said.get("format", "json")
    if form not in FORMATS:
        raise Problem(400, "invalid", "There is JSON and CSV.")
    member, desk = router.asker.member, wiring.reporting()
    asked = desk.asked(member, _asked(said))
    try:
        made = desk.report(member, asked)
    except StillSumming:
        raise Problem(503, "summing_up", "There is much to add up for so many days. Try again in a moment.") from None
    if form == "json":
        return answer(made)
    name = f"report-{made['from']}-{made['to']}.csv"
    headers: dict[str, Any] = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(200, "text/csv; charset=utf-8", reporting.table(made), headers=headers)


@router.get("/api/v1/reports/cases")
@router.keeps(
    Contract(
        "The cases behind a figure", {200: "CountedCases"},
        query=dict.fromkeys(NARROWED, TEXT) | {"what": TEXT, "cursor": CURSOR},
        refuses={400: "invalid", 403: "own_figures", 422: REFUSED}, roles=EVERYBODY, scope="reports:read")
)  # fmt: skip
def cases() -> Response[str]:
    """The cases behind a number, a page at a time."""
    said, asker, desk = gate.query(router.event, *NARROWED, "what", "cursor"), router.asker, wiring.reporting()
    what = said.get("what", "")
    if not COUNTER.fullmatch(what) or not is_counter(what):
        raise Problem(400, "invalid", "There is no such figure.")
    asked = desk.asked(asker.member, _asked(said))
    purpose = f"report {asked} {what}"
    place = gate.unseal(asker, purpose, said["cursor"]) if "cursor" in said else {}
    page, following = desk.cases(asker.member, asked, what, place)
    page["next"] = gate.seal(asker, purpose, following) if following else None
    return answer(page)


def _asked(said: dict[str, str]) -> Asked:
    try:
        first, last = (date.fromisoformat(said[name]) for name in ("from", "to"))
    except (KeyError, ValueError):
        raise Problem(400, "invalid", "Say from which day to which, such as 2026-11-20.") from None
    for name in ("platform", "account", "agent"):
        if said.get(name) and not gate.ID.fullmatch(said[name]):
            raise Problem(400, "invalid", "There is nothing of that name.")
    return Asked(first, last, *(said.get(name, "") for name in ("platform", "account", "agent")))

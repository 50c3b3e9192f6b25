"""The brand's policy: leads see it, change it by field, see who changed what, and try rules before they hold."""

from typing import Self

from aws_lambda_powertools.event_handler import Response
from pydantic import Field, JsonValue, model_validator

from hark import wiring
from hark.domain.people import Role
from hark.domain.policy import Policy
from hark.domain.triage import tree_of
from hark.store.cases import Stale
from hark.web import gate
from hark.web.api import Body, answer, read
from hark.web.contract import LEADS, Contract
from hark.web.errors import Problem
from hark.web.router import Router

router = Router()

SEEING: tuple[Role, ...] = (*LEADS, "reader")
OF_ASSIGNMENT = {"assignment", "calendar"}


class ChangesBody(Body):
    """`changes` are checked with the whole policy (`domain.policy_change`), which says what is wrong with which."""

    changes: dict[str, JsonValue] = Field(min_length=1, max_length=len(Policy.model_fields))


class ChangedBody(ChangesBody):
    version: str = Field(max_length=32)


class DryRunBody(ChangesBody):
    """Either of rules of assignment (and the hours they speak of), or of triage."""

    @model_validator(mode="after")
    def _of_one_kind(self) -> Self:
        if not (self.changes.keys() <= OF_ASSIGNMENT or self.changes.keys() <= {"triage", "answer_all", "name"}):
            raise ValueError("a dry run is either of assignment or of triage")
        return self


@router.get("/api/v1/policy")
@router.keeps(Contract("The brand's settings", {200: "Settings"}, roles=SEEING, scope="policy:read"))
def policy() -> Response[str]:
    gate.query(router.event)
    return answer(wiring.deciding().shown(router.asker.member.brand))


@router.get("/api/v1/policy/history")
@router.keeps(Contract("Who changed which settings", {200: "Amendments"}, roles=SEEING, scope="policy:read"))
def history() -> Response[str]:
    gate.query(router.event)
    return answer(wiring.deciding().amendments(router.asker.member.brand))


@router.patch("/api/v1/policy")
@router.keeps(
    Contract(
        "Change settings", {200: "Settings"}, body=ChangedBody, roles=LEADS, refuses={409: "stale", 422: "unusable"}
    )
)
def change() -> Response[str]:
    said, member = gate.body(router.event), router.asker.member
    body, click = read(ChangedBody, said), gate.click(router.event, member, said)
    try:
        return answer(wiring.deciding().change(click, body.version, body.changes))
    except Stale:
        raise Problem(409, "stale", "Somebody changed the settings meanwhile. Look again.") from None


@router.post("/api/v1/policy/dry-run")
@router.keeps(
    Contract(
        "Try settings over the cases of the last day",
        {200: "DryRun"},
        body=DryRunBody,
        roles=LEADS,
        keyed=False,
        refuses={422: "unusable"},
    )
)
def dry_run() -> Response[str]:
    said, brand = gate.body(router.event), router.asker.member.brand
    changes = read(DryRunBody, said).changes
    proposed = wiring.deciding().proposed(brand, changes)
    if changes.keys() <= OF_ASSIGNMENT:
        return answer(wiring.rehearsing().assignment(brand, proposed))
    # A tree on trial is walked where it is what is proposed; otherwise the one in force, with other settings.
    of_triage = changes.get("triage")
    shadow = proposed.triage.shadow if isinstance(of_triage, dict) and "shadow" in of_triage else None
    return answer(wiring.rehearsing().triage(brand, proposed, tree_of(shadow.plan()) if shadow else None))

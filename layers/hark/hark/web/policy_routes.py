"""The brand's policy: leads see it, change it by field, see who changed what, and try rules before they hold."""

from typing import Any, Self

from aws_lambda_powertools.event_handler import Response
from pydantic import Field, JsonValue, model_validator

from hark import wiring
from hark.domain.people import Member
from hark.domain.policy import Policy
from hark.domain.triage import tree_of
from hark.store.cases import Stale
from hark.web import gate
from hark.web.api import Body, answer, read
from hark.web.errors import Problem
from hark.web.router import Router

router = Router()

WRITING, READING = ("lead", "operator"), ("lead", "operator", "reader")
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
def policy() -> Response[str]:
    gate.query(router.event)
    return answer(wiring.deciding().shown(_one_of(READING).brand))


@router.get("/api/v1/policy/history")
def history() -> Response[str]:
    gate.query(router.event)
    return answer(wiring.deciding().amendments(_one_of(READING).brand))


@router.patch("/api/v1/policy")
def change() -> Response[str]:
    said, member = gate.body(router.event), _one_of(WRITING)
    body, click = read(ChangedBody, said), gate.click(router.event, member, said)
    try:
        return answer(wiring.deciding().change(click, body.version, body.changes))
    except Stale:
        raise Problem(409, "stale", "Somebody changed the settings meanwhile. Look again.") from None


@router.post("/api/v1/policy/dry-run")
def dry_run() -> Response[str]:
    said, member = gate.body(router.event), _one_of(WRITING)
    body = read(DryRunBody, said)
    proposed = wiring.deciding().proposed(member.brand, body.changes)
    return answer(_rehearsed(member, proposed, body.changes))


def _rehearsed(member: Member, proposed: Policy, changes: dict[str, Any]) -> dict[str, Any]:
    if changes.keys() <= OF_ASSIGNMENT:
        return wiring.rehearsing().assignment(member.brand, proposed)
    # A tree on trial is walked where it is what is proposed; otherwise the one in force, with other settings.
    shadow = proposed.triage.shadow if "shadow" in (changes.get("triage") or {}) else None
    return wiring.rehearsing().triage(member.brand, proposed, tree_of(shadow.plan()) if shadow else None)


def _one_of(roles: tuple[str, ...]) -> Member:
    """The asker, in one of these roles.

    Raises:
        Problem: 403.
    """
    member = router.asker.member
    if member.role not in roles:
        raise Problem(403, "leads_only", "Only a lead decides about the brand's settings.")
    return member

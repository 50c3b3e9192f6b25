"""A brand's policy with some fields changed: one that holds together, or what is wrong with it, and where.

The sentences are for whoever wrote the settings. They may repeat a name or a condition that stood there.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from hark.domain.policy import Policy

LARGEST_BYTES = 150_000
"""Of a policy as text. An item of the table holds 400 KB, and a line of its history holds what was and what is."""
MOST_ERRORS = 50


@dataclass(frozen=True)
class Wrong:
    """What is wrong at one place: names of fields, keys and places of lists on the way there; none: with the whole."""

    at: tuple[str | int, ...]
    sentence: str


class Unusable(Exception):
    """Settings that cannot be used, with every reason."""

    def __init__(self, wrongs: tuple[Wrong, ...]) -> None:
        super().__init__("; ".join(wrong.sentence for wrong in wrongs))
        self.wrongs = wrongs


def changed(policy: Policy, changes: Mapping[str, Any]) -> Policy:
    """The policy with other fields.

    Args:
        policy: as it is now.
        changes: by field of `Policy`, in the form of JSON. Of a group of settings (`triage`, `checks`, …) those named
            are set and the rest stays; lists and maps are replaced as a whole.

    Raises:
        Unusable: a field is unknown, a value is out of its range, or they do not go together.
    """
    whole = policy.model_dump(mode="json")
    for name, value in changes.items():
        group = isinstance(getattr(policy, name, None), BaseModel) and isinstance(value, Mapping)
        whole[name] = {**whole[name], **value} if group else value
    text = json.dumps(whole, ensure_ascii=False)
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST_BYTES:
        raise Unusable((Wrong((), f"All settings together are longer than {LARGEST_BYTES:,} bytes."),))
    try:
        return Policy.model_validate_json(text, strict=True)
    except ValidationError as refused:
        raise Unusable(tuple(_wrongs(refused))[:MOST_ERRORS]) from refused


def strangers(policy: Policy, fields: Collection[str], members: Collection[str]) -> tuple[Wrong, ...]:
    """Who is named in these fields of a policy and is not on the team."""
    return tuple(
        Wrong(at, "This person is not on the team.")
        for at, person in _named(policy)
        if at[0] in fields and person and person not in members
    )


def _named(policy: Policy) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for place, rule in enumerate(policy.assignment.rules):
        yield ("assignment", "rules", place, "to", "person"), rule.to.person
    for place, person in enumerate(policy.approvals.approvers):
        yield ("approvals", "approvers", place), person
    for place, person in enumerate(policy.incidents.approvers):
        yield ("incidents", "approvers", place), person
    yield ("bot", "reviewer"), policy.bot.reviewer


def _wrongs(refused: ValidationError) -> Iterator[Wrong]:
    for error in refused.errors(include_url=False, include_context=False, include_input=False):
        said = error["msg"].removeprefix("Value error, ")
        yield Wrong(tuple(error["loc"]), f"{said[:1].upper()}{said[1:]}{'' if said.endswith('.') else '.'}")

"""What a rule says when it is broken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Template = dict[str, Any]
Resources = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One broken rule: its name, the resource, state or file, and what is wrong there."""

    rule: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.where}: {self.what}"


def of_type(template: Template, kind: str) -> Resources:
    """The template's resources of one type, by logical id."""
    return {name: r for name, r in template["Resources"].items() if r["Type"] == kind}


def properties(resource: dict[str, Any]) -> dict[str, Any]:
    """A resource's properties; empty when it has none."""
    found: dict[str, Any] = resource.get("Properties", {})
    return found


def listed(value: Any) -> list[Any]:
    """The value as a list, as IAM allows both for one."""
    return value if isinstance(value, list) else [value]

"""What a route promises to who calls it. It stands right above the route, and docs/openapi.json is made of it.

Answers are only named here. What those names mean is described where no function of ours loads it (infra/openapi), so
that a cold start pays nothing for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hark.domain.people import Role
from hark.domain.programs import Scope

EVERYBODY: tuple[Role, ...] = ("agent", "lead", "operator", "reader")
WRITERS: tuple[Role, ...] = ("agent", "lead", "operator")
LEADS: tuple[Role, ...] = ("lead", "operator")
OPERATORS: tuple[Role, ...] = ("operator",)
ANYBODY: tuple[Role, ...] = ()
"""Who calls it need not be signed in."""

TEXT, CURSOR = "text", "cursor"
"""Kinds of query values that are no list and no span: any text; a cursor of an answer before."""

ANY_BYTES = "*/*"
HTML = "text/html"

WORDS = "empty too_long not_allowed past too_far window_over check"
"""Codes with which words that are to be said to a customer are refused (422)."""


@dataclass(frozen=True)
class Contract:
    """A route's promise. What holds for all routes (signed out, no such id, too many at once) is not repeated in it."""

    summary: str
    answers: Mapping[int, str]
    """Status of a success → names of shapes, or media types, parted by blanks; empty for no body."""
    refuses: Mapping[int, str] = field(default_factory=dict)
    """Status → codes of problems, parted by blanks."""
    body: type[Any] | None = None
    """The form of the JSON body (pydantic)."""
    query: Mapping[str, str | range | tuple[str, ...]] = field(default_factory=dict)
    """Name → kind of value, whole numbers, or the words it may be."""
    roles: tuple[Role, ...] | None = None
    """Who may call it; asked before the route runs. None: everybody reads, and all but readers write."""
    keyed: bool = True
    """Whether a write needs an idempotency key."""
    scope: Scope | None = None
    """What a program's token has to hold to call it; None: only people do."""
    form: str = ""
    """Name of the shape of a form's fields, for a body that is a form."""

    @property
    def outsiders(self) -> tuple[str, str]:
        """Code and sentence for who is kept out. Where no roles are named, those who may only look cannot write."""
        if not self.roles or "agent" in self.roles:
            return "read_only", "You may look, but not change anything."
        if "lead" in self.roles:
            return "leads_only", "Only a lead may do that."
        return "operators_only", "Only an operator may do that."


CONTRACTS: dict[Callable[..., Any], Contract] = {}
"""By the function that is registered as the route."""

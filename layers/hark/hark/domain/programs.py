"""Programs that work for a brand: what a token of theirs may do, and for how long."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from hark.domain.people import Member

Scope = Literal[
    "conversations:read", "reports:read", "policy:read", "replies:write", "notes:write", "cases:write"
]  # fmt: skip
SCOPES: tuple[Scope, ...] = get_args(Scope)
"""None of them approves, makes tokens, or changes people, settings or texts: those are decided by people."""
TOKEN_PREFIX = "hark_"  # noqa: S105 - so that scanners for secrets know one when they see it
LONGEST = timedelta(days=366)
MOST = 50
"""Programs of a brand whose tokens are good at a time."""


class Program(BaseModel):
    """A program with a token. It stays known when the token has ended: the history of cases names it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    brand: str
    name: str
    initials: str
    role: Literal["program"] = "program"
    scopes: tuple[Scope, ...]
    made_at: str
    made_by: str
    """Member id."""
    ends_at: str
    used_at: str = ""
    revoked_at: str = ""
    revoked_by: str = ""
    """Member id."""
    token: str
    """Hash of its token, in hexadecimal digits."""

    def good(self, now: str) -> bool:
        """Whether its token opens anything at a time in text form."""
        return not self.revoked_at and now < self.ends_at

    @property
    def member(self) -> Member:
        """As who it acts."""
        return Member(id=self.id, brand=self.brand, name=self.name, initials=self.initials, role="program")

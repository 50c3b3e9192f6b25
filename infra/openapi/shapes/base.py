"""What every shape of an answer has in common, and the words that several of them share."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """An answer, or a part of one: every field is always there, and no other."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)


Time = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$")]
"""RFC 3339 in UTC, with milliseconds."""
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
NoId = Literal[""]
Count = Annotated[int, Field(ge=0)]
Cursor = str | None
"""For the next page, as it is; null on the last."""
Surface = Literal["post", "comment", "live_comment", "mention", "review", "direct", "encrypted"]
Saying = Literal["public_reply", "private_reply", "dm"]
Acting = Literal["like", "unlike", "hide", "unhide", "delete"]
ReplyState = Literal["held", "pending", "sending", "sent", "failed", "unknown", "human", "withdrawn"]
Texts = dict[str, str]
"""Language (BCP 47) → text."""


class Named(Shape):
    """Who somebody is; the name is empty for who has left the team."""

    id: str
    name: str


class Person(Shape):
    id: Id
    name: str
    initials: str


class Line(Shape):
    """One line of a history."""

    at: Time
    code: str
    sentence: str
    by: str
    """Name; empty for the desk itself."""


class Reason(Shape):
    code: str
    sentence: str
    at: Time

"""Canned texts for agents, and entries of the FAQ that the bot may answer with (capabilities E8, E28, I4, I7)."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["canned", "faq"]
Standing = Literal["candidate", "approved"]

MOST_QUESTIONS = 20


class Entry(BaseModel):
    """One text. Its id begins with its language, which never changes."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    brand: str
    language: str
    """BCP 47."""
    kind: Kind = "canned"
    standing: Standing = "approved"
    """A `candidate` was made of a public answer and waits for a lead; nobody but leads sees it."""
    title: str
    text: str
    """May hold gaps: `{name}`."""
    questions: tuple[str, ...] = ()
    """Ways in which people ask what an FAQ entry answers, in its language."""
    public: bool = False
    """Whether it stands on the public FAQ page."""
    uses: int = 0
    right: int = 0
    wrong: int = 0
    """What people said of the bot's answers with it."""
    case: str = ""
    reply: str = ""
    """The public answer it was made of."""
    by: str
    at: str
    version: int = 1


class Draft(BaseModel):
    """What a lead writes of an entry."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1, max_length=120)
    text: str = Field(min_length=1, max_length=4000)
    questions: tuple[str, ...] = Field(default=(), max_length=MOST_QUESTIONS)
    kind: Kind = "canned"
    standing: Standing = "approved"
    public: bool = False


def language_of(entry_id: str) -> str:
    """The language an entry's id names."""
    return entry_id.partition("_")[0]


def for_agent(entries: list[Entry], language: str) -> list[Entry]:
    """In the order in which an agent wants them: the customer's language first, then what is used most."""
    return sorted(entries, key=lambda e: (e.language != language, e.language, -e.uses, e.title.casefold(), e.id))


def answerable(entries: list[Entry], language: str) -> dict[str, Entry]:
    """The entries the bot may answer with in a language, by id: approved, with questions and without gaps."""
    return {
        e.id: e for e in entries
        if e.kind == "faq" and e.standing == "approved" and e.language == language and e.questions and "{" not in e.text
    }  # fmt: skip

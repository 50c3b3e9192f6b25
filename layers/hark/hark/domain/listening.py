"""What a brand listens for beyond what is said to it: saved queries, who pays for them, how often and how much."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from hark.domain.folding import plain

LANGUAGES = ("en", "lv", "ru", "ms", "he", "ar")
SHORTEST_NAME = 2
MOST_WORDS = 60

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_HANDLE = re.compile(r"\w{1,30}", re.ASCII)
_ONE_WORD = re.compile(r"\w+")


class Query(BaseModel):
    """One saved query (A1, A2, A5, A21). A post is a hit that holds any of `handles`, `hashtags`, `names` and `aliases`
    and none of `without`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    """For ever the same, whatever the query is called: small Latin letters, digits and hyphens."""
    name: str = Field(min_length=1, max_length=60)
    on: bool = True
    handles: tuple[str, ...] = Field(default=(), max_length=20)
    """Accounts of others whose mentions are of interest, without the @. Mentions of our own come anyway."""
    hashtags: tuple[str, ...] = Field(default=(), max_length=20)
    """Without the #."""
    names: tuple[str, ...] = Field(default=(), max_length=20)
    """Plain names of the company and its products, as people write them."""
    aliases: tuple[str, ...] = Field(default=(), max_length=MOST_WORDS)
    """Other and wrong spellings of them: platforms forgive no slip."""
    without: tuple[str, ...] = Field(default=(), max_length=20)
    """Single words that make a post none of ours."""
    languages: tuple[str, ...] = Field(default=(), max_length=len(LANGUAGES))
    """BCP 47; none chosen: any."""
    account: str = Field(min_length=1, max_length=64)
    """Id of the account that asks and pays."""
    every_minutes: int = Field(default=60, ge=15, le=1440)
    """How often it asks; never more often than accounts are looked after at all (parameter `PollSchedule`)."""
    posts_a_month: int = Field(default=500, ge=10, le=1_000_000)
    """So many posts are read in a calendar month (UTC) at the most; then it rests until the next."""

    @field_validator("id")
    @classmethod
    def _is_a_name(cls, value: str) -> str:
        if not _ID.fullmatch(value):
            raise ValueError("an id is of small Latin letters, digits and hyphens")
        return value

    @field_validator("handles")
    @classmethod
    def _are_handles(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            if not _HANDLE.fullmatch(value):
                raise ValueError(f"{value!r} is no name of an account: Latin letters, digits and _ only, without the @")
        return values

    @field_validator("hashtags", "without")
    @classmethod
    def _are_words(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            if not _ONE_WORD.fullmatch(plain(value)):
                raise ValueError(f"{value!r} has to be one word of letters and digits, without signs or blanks")
        return values

    @field_validator("names", "aliases")
    @classmethod
    def _are_names(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            if '"' in value or "\n" in value or len(value) > 60:
                raise ValueError(
                    f"{value[:60]!r} is no name: quotes, line breaks and more than 60 characters do not go"
                )
            if len("".join(_ONE_WORD.findall(plain(value)))) < SHORTEST_NAME:
                raise ValueError(f"{value!r} is too short to look for: it would find everything")
        return values

    @field_validator("languages")
    @classmethod
    def _are_languages(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            if value not in LANGUAGES:
                raise ValueError(f"{value!r} is none of the languages {', '.join(LANGUAGES)}")
        return values

    @model_validator(mode="after")
    def _looks_for_something(self) -> Query:
        if not (self.handles or self.hashtags or self.names or self.aliases):
            raise ValueError("say what to look for: an account, a hashtag or a name")
        sought = {plain(word) for word in (*self.hashtags, *self.names, *self.aliases)}
        for word in self.without:
            if plain(word) in sought:
                raise ValueError(f"{word!r} is looked for and left out at the same time")
        return self

    def words(self) -> tuple[str, ...]:
        """All that it looks for, in the shapes in which it stands in a text."""
        return (*(f"@{one}" for one in self.handles), *(f"#{one}" for one in self.hashtags), *self.names, *self.aliases)


class Listening(BaseModel):
    """As shipped there is no query, nobody is asked and nothing is paid."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    queries: tuple[Query, ...] = Field(default=(), max_length=20)

    @field_validator("queries")
    @classmethod
    def _each_once(cls, queries: tuple[Query, ...]) -> tuple[Query, ...]:
        ids = [query.id for query in queries]
        names = [plain(query.name) for query in queries]
        if len(set(ids)) < len(ids):
            raise ValueError("two queries have the same id")
        if len(set(names)) < len(names):
            raise ValueError("two queries are called the same")
        return queries

    def of_account(self, account_id: str) -> tuple[Query, ...]:
        """Those that are on and that this account pays."""
        return tuple(query for query in self.queries if query.on and query.account == account_id)

    def called(self, query_id: str) -> str:
        """A query's name; "" when there is none any more."""
        return next((query.name for query in self.queries if query.id == query_id), "")


def paying(queries: Iterable[Query]) -> dict[str, tuple[str, ...]]:
    """By account: the queries that are on and that it pays, by their ids in order."""
    found: dict[str, list[str]] = {}
    for query in queries:
        if query.on:
            found.setdefault(query.account, []).append(query.id)
    return {account: tuple(sorted(ids)) for account, ids in found.items()}

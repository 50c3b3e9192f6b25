"""`verbs.toml`, here and in the providers' folders: what may be done about which message, as data a person can read."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from math import inf
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hark.domain.events import Surface
from hark.domain.failures import FAILINGS, PLATFORMS

Name = Literal["public_reply", "private_reply", "dm", "like", "unlike", "hide", "unhide", "delete", "by_hand"]

SAYING: frozenset[str] = frozenset({"public_reply", "private_reply", "dm"})
"""Verbs that say something to the customer. They go through the outbox and count as an answer."""
ACTING: frozenset[str] = frozenset({"like", "unlike", "hide", "unhide", "delete"})
"""Verbs that act on a message and may be repeated without harm."""

Counting = Literal["x_weighted", "characters", "utf8_bytes"]
Condition = Literal[
    "not_connected", "gone", "own", "foreign", "uninvited", "hidden", "shown", "liked", "not_liked",
    "private_reply_sent", "elsewhere", "unreachable", "never_wrote", "always",
]  # fmt: skip
"""What a rule's `unless` may name; `verbs` knows how to tell."""

ANY = "*"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Price(_Strict):
    """US dollars for one; the keys name the same prices in the list of prices."""

    usd: float = Field(ge=0)
    key: str
    with_link_usd: float | None = Field(default=None, ge=0)
    with_link_key: str = ""


class Phase(_Strict):
    """A stretch of time in which a verb is allowed on the same terms. `hours` is its end; None: it does not end."""

    hours: int | None = Field(default=None, gt=0)
    tag: str = ""
    note: str = ""
    person_only: str = ""
    feature: str = ""
    not_granted: str = ""
    contract_price: bool = False


class Rule(_Strict):
    """One row of `verbs.toml`, which explains the fields."""

    platform: str
    surfaces: tuple[Surface | Literal["*"], ...] = Field(min_length=1)
    verb: Name
    unless: dict[Condition, str] = Field(default_factory=dict)
    limit: int | None = Field(default=None, gt=0)
    counting: Counting | None = None
    clock: Literal["last_inbound", "written"] | None = None
    phases: tuple[Phase, ...] = ()
    over: str = ""
    price: Price | None = None
    link: str = ""
    no_link: str = "place.message"

    @model_validator(mode="after")
    def _whole(self) -> Self:
        ends = [phase.hours or inf for phase in self.phases]
        last = self.phases[-1].hours if self.phases else None
        if (self.limit is None) != (self.counting is None) or (self.limit is None) == (self.verb in SAYING):
            raise ValueError("a verb that says something has a limit and how it is counted, and no other has")
        if bool(self.clock) != bool(self.phases) or bool(self.over) != (last is not None):
            raise ValueError("phases need a clock, and a code for when they are over")
        if sorted(set(ends)) != ends:
            raise ValueError("phases follow each other in time")
        if self.clock == "last_inbound" and last is not None and "never_wrote" not in self.unless:
            raise ValueError("what is allowed once nobody ever wrote?")
        if any(bool(phase.feature) != bool(phase.not_granted) for phase in self.phases):
            raise ValueError("a feature needs a code for when it was not granted")
        return self

    def fits(self, platform: str, surface: str) -> bool:
        """Whether the rule is about such messages."""
        return self.platform in (platform, ANY) and any(each in (surface, ANY) for each in self.surfaces)

    def codes(self) -> tuple[str, ...]:
        """Every code the rule can give."""
        of_phases = [code for p in self.phases for code in (p.note, p.person_only, p.not_granted)]
        no_link = self.no_link if self.verb == "by_hand" else ""
        return tuple(code for code in (*self.unless.values(), *of_phases, self.over, no_link) if code)


class _Part(_Strict):
    """The `verbs.toml` of one provider."""

    rule: tuple[Rule, ...]
    sentences: dict[str, str] = Field(default_factory=dict)


class Table(_Strict):
    """All of the rules. Every code in them has a sentence."""

    paused: str
    paused_by_hand: str
    everywhere: dict[Condition, str]
    rule: tuple[Rule, ...]
    sentences: dict[str, str]

    @model_validator(mode="after")
    def _closed(self) -> Self:
        codes = {
            self.paused,
            self.paused_by_hand,
            *self.everywhere.values(),
            *(code for rule in self.rule for code in rule.codes()),
        }
        if unsaid := codes - set(self.sentences) - set(FAILINGS):
            raise ValueError(f"no sentence for {sorted(unsaid)}")
        if unused := set(self.sentences) - codes:
            raise ValueError(f"sentences for nothing: {sorted(unused)}")
        return self

    def wording(self, code: str) -> str:
        """The sentence of a code, with `{platform}` still in it.

        Raises:
            KeyError: the code is not in the table.
        """
        return self.sentences[code] if code in self.sentences else FAILINGS[code].sentence

    def sentence(self, code: str, platform: str) -> str:
        """What an agent reads for a code.

        Raises:
            KeyError: the code is not in the table.
        """
        return self.wording(code).format(platform=PLATFORMS.get(platform, platform.capitalize()))


FOLDERS = (Path(__file__).parents[1] / "providers",)
"""Where providers' folders lie, each perhaps with rules of its own in a `verbs.toml`."""


@cache
def table() -> Table:
    """The rules of all providers, in the order of their names, then those for everything else; read and checked once.

    Raises:
        pydantic.ValidationError: a file is not as it has to be.
    """
    whole = tomllib.loads(Path(__file__).with_name("verbs.toml").read_text(encoding="utf-8"))
    own = sorted((path for folder in FOLDERS for path in folder.glob("*/verbs.toml")), key=lambda p: p.parent.name)
    for path in own:
        part = _Part.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        whole["rule"] = [*(rule.model_dump(exclude_unset=True) for rule in part.rule), *whole["rule"]]
        whole["sentences"] |= part.sentences
    return Table.model_validate(whole)


@lru_cache(maxsize=128)
def rules(platform: str, surface: str) -> tuple[Rule, ...]:
    """The rules for such messages, one per verb."""
    first: dict[str, Rule] = {}
    for rule in table().rule:
        if rule.fits(platform, surface):
            first.setdefault(rule.verb, rule)
    return tuple(first.values())

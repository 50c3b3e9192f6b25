"""What a brand decides about triage: its thresholds, its names, its guests of honour, and a tree to try out."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, model_validator

from hark.domain.references import Pattern, pattern
from hark.domain.tree import Lane, Node, Plan, shipped


class ShadowTree(BaseModel):
    """A tree that is walked beside the one in force and decides nothing (`desk.triaging`).

    Either a whole tree, or `nodes` that stand in for those of the shipped one with the same id. One that cannot be
    walked is refused with the name of the node.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str = Field(pattern=r"^[A-Za-z0-9._-]{1,32}$")
    tree: Plan | None = None
    nodes: tuple[Node, ...] = Field(default=(), max_length=200)

    @model_validator(mode="after")
    def _can_be_walked(self, info: ValidationInfo) -> ShadowTree:
        if (self.tree is None) == (not self.nodes):
            raise ValueError("a shadow is either a whole tree or some nodes of the shipped one")
        if not (info.context or {}).get("stored"):
            # Of the policy in the table nothing is compiled: each function reads it, and one walks trees.
            from hark.domain.triage import tree_of

            tree_of(self.plan())
        return self

    def plan(self) -> Plan:
        """The whole tree."""
        if self.tree:
            return self.tree.model_copy(update={"version": self.version})
        return shipped().changed(self.version, self.nodes)


class TriageChoices(BaseModel):
    """Thresholds are inclusive."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    names: tuple[str, ...] = Field(default=(), max_length=50)
    """How people write the brand's and its products' names (A1, A2, A21). Who neither calls the brand nor writes one of
    them has only implied it (A22). With none, everybody who does not call the brand has named it."""
    sure: float = Field(default=0.8, ge=0, le=1)
    """How confident the reading has to be before spam or a taunt ends by itself (C2, C3)."""
    reach_from: int = Field(default=5000, ge=1)
    """Followers and shares from which a negative message is one step more urgent (C6, K1)."""
    repeat_from: int = Field(default=3, ge=2)
    """Messages without an answer from which a person is heard first (C16)."""
    long_from_earlier: int = Field(default=2, ge=1)
    long_from_contacts: int = Field(default=6, ge=2)
    """So many earlier rounds, or messages without an answer, make a long case (C14, C15)."""
    vips: tuple[str, ...] = Field(default=(), max_length=1000)
    """Person ids of the platforms, or handles with or without @ (F12)."""
    references: tuple[Pattern, ...] = Field(default=(), max_length=20)
    """Numbers of the brand's other systems (L2), as patterns: `0` stands for a digit, `A` for a letter, `+` for one or
    more of what is before it; anything else for itself. `INC-0+` is `INC-20391`."""
    lanes: tuple[Lane, ...] = ("praise", "long")
    """Lanes that the brand keeps apart; the others join the ordinary one."""
    shadow: ShadowTree | None = None

    @model_validator(mode="after")
    def _patterns_are_patterns(self) -> TriageChoices:
        for written in self.references:
            pattern(written)
        return self

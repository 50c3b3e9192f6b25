"""The decision tree as data: `tree.toml`, or one that a brand tries out. What it holds is checked before it is walked.

Pure but for reading the file that lies beside this module.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from hark.domain.conditions import Condition, ConditionError, Vocabulary

Lane = Literal["", "praise", "long"]
"""A queue with targets of its own: praise (C4), and long cases, which stand apart (C14). Empty: the ordinary one."""
Place = Literal["", "public", "private"]
End = Literal["", "elsewhere", "empty", "thanks", "spam", "troll", "policy"]

LEAST_URGENT = 5


class TreeError(ValueError):
    """A tree that cannot be walked. The text says which node, and what is wrong with it."""


class Node(BaseModel):
    """One node; `tree.toml` explains the fields. An empty `when` holds always."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z_.]{0,39}$")
    when: str = ""
    leaf: bool = False
    code: str = ""
    priority: int | None = Field(default=None, ge=1, le=LEAST_URGENT)
    more_urgent: int = Field(default=0, ge=0, lt=LEAST_URGENT)
    not_above: int = Field(default=1, ge=1, le=LEAST_URGENT)
    less_urgent: int = Field(default=0, ge=0, lt=LEAST_URGENT)
    at_most: int = Field(default=LEAST_URGENT, ge=1, le=LEAST_URGENT)
    lane: Lane = ""
    recommended: Place = ""
    end: End = ""
    yes: str
    no: str | None = None
    why: str = Field(min_length=1, max_length=300)

    @property
    def otherwise(self) -> str:
        """Where the walk goes on when `when` does not hold."""
        return self.yes if self.no is None else self.no

    @property
    def ways(self) -> tuple[str, ...]:
        """Where the walk may go on from here."""
        return tuple(dict.fromkeys((self.yes, self.otherwise) if self.when else (self.yes,)))


class Plan(BaseModel):
    """A tree as it is written down."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str = Field(pattern=r"^[A-Za-z0-9._-]{1,32}$")
    start: str
    nodes: tuple[Node, ...] = Field(min_length=1, max_length=200)

    def changed(self, version: str, nodes: tuple[Node, ...]) -> Plan:
        """The same tree with some nodes instead of those of the same id, and with those that are new."""
        fresh = {node.id: node for node in self.nodes} | {node.id: node for node in nodes}
        return Plan(version=version, start=self.start, nodes=tuple(fresh.values()))


@dataclass(frozen=True)
class Verdict:
    """Where a walk led. `codes` are in the order of the branches taken, `priority` is 1 (burns) to 5.

    `end` is a close reason, or empty; `kind` is what the message is; `recommended` is where to answer.
    """

    codes: tuple[str, ...]
    priority: int
    end: End = ""
    kind: str = ""
    lane: Lane = ""
    recommended: Place = ""
    tree: str = ""


class Tree:
    """A tree that was checked and can be walked."""

    def __init__(self, plan: Plan, vocabulary: Vocabulary, sentences: Mapping[str, str]) -> None:
        """
        Raises:
            TreeError: a node is named twice, missing, never reached or leads back to itself; a code or an end has no
                sentence; a condition is none; or a walk would not meet exactly one leaf.
        """
        self.plan, self.version = plan, plan.version
        self.nodes = {node.id: node for node in plan.nodes}
        if len(self.nodes) != len(plan.nodes):
            raise TreeError("two nodes have the same id")
        for node in plan.nodes:
            _check(node, self.nodes, sentences)
        if (leaves := self._leaves(plan.start, ())) != {1}:
            raise TreeError(f"a walk meets {' or '.join(str(n) for n in sorted(leaves))} leaves, and has to meet one")
        if lost := self.nodes.keys() - set(self._reached()):
            raise TreeError(f"no walk comes to {', '.join(sorted(lost))}")
        self._conditions: dict[str, Condition] = {}
        for node in plan.nodes:
            if node.when:
                try:
                    self._conditions[node.id] = vocabulary.condition(node.id, node.when)
                except ConditionError as error:
                    raise TreeError(str(error)) from error

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(node.code for node in self.plan.nodes if node.code)

    @property
    def ends(self) -> frozenset[str]:
        return frozenset(node.end for node in self.plan.nodes if node.end)

    def taken(self, facts: Mapping[str, Any]) -> Iterator[tuple[Node, bool]]:
        """The nodes of a walk with these facts, in its order, and whether each holds."""
        known = {**facts, "kind": "", "ended": False}
        place = self.plan.start
        while place:
            node = self.nodes[place]
            condition = self._conditions.get(place)
            holds = condition is None or condition.holds(known)
            if holds and node.leaf:
                known["kind"] = _kind(node)
            if holds and node.end:
                known["ended"] = True
            yield node, holds
            place = node.yes if holds else node.otherwise

    def walk(self, facts: Mapping[str, Any], lanes: frozenset[str]) -> Verdict:
        """Where the facts lead. A lane that is not among `lanes` is the ordinary one."""
        codes: list[str] = []
        priority, kind = LEAST_URGENT, ""
        end: End = ""
        lane: Lane = ""
        recommended: Place = ""
        for node, holds in self.taken(facts):
            if not holds:
                continue
            if node.code:
                codes.append(node.code)
            if node.leaf:
                kind = _kind(node)
            recommended = node.recommended or recommended
            if not end:
                priority = urgency_after(node, priority)
                lane = node.lane if node.lane in lanes and node.lane else lane
            end = end or node.end
        return Verdict(tuple(codes), priority, end, kind, lane, recommended, self.version)

    def _leaves(self, place: str, path: tuple[str, ...], known: dict[str, frozenset[int]] | None = None) -> set[int]:
        """How many leaves a walk from here may meet.

        Raises:
            TreeError: it may come back to where it was.
        """
        known = {} if known is None else known
        if not place:
            return {0}
        if place in path:
            raise TreeError(f"{place}: a walk would come back here for ever")
        if place not in known:
            node = self.nodes[place]
            held = {count + node.leaf for count in self._leaves(node.yes, (*path, place), known)}
            other = self._leaves(node.otherwise, (*path, place), known) if node.when else set()
            known[place] = frozenset(held | other)
        return set(known[place])

    def _reached(self) -> Iterator[str]:
        seen: set[str] = set()
        waiting = [self.plan.start]
        while waiting:
            if (place := waiting.pop()) and place not in seen:
                seen.add(place)
                waiting.extend(self.nodes[place].ways)
        yield from seen


def _kind(node: Node) -> str:
    return node.code.split(".", 1)[-1]


def urgency_after(node: Node, priority: int) -> int:
    """The priority once the node holds."""
    if node.priority is not None:
        priority = node.priority
    if node.more_urgent and priority > node.not_above:
        priority = max(node.not_above, priority - node.more_urgent)
    return min(priority + node.less_urgent, node.at_most)


def _check(node: Node, nodes: Mapping[str, Node], sentences: Mapping[str, str]) -> None:
    for place in node.ways:
        if place and place not in nodes:
            raise TreeError(f"{node.id}: leads to {place!r}, which is nowhere")
    if not node.when and node.no is not None:
        raise TreeError(f"{node.id}: asks nothing, so it has no other way")
    if node.leaf and (not node.code or node.priority is None):
        raise TreeError(f"{node.id}: a leaf has a code and a priority")
    if node.code and (node.code not in sentences or not node.code.startswith("triage.")):
        raise TreeError(f"{node.id}: there is no sentence for {node.code!r}")
    if node.end and f"case.closed.{node.end}" not in sentences:
        raise TreeError(f"{node.id}: there is no sentence for a case closed for {node.end!r}")


@cache
def shipped() -> Plan:
    """The tree that comes with Hark."""
    return Plan.model_validate(tomllib.loads((Path(__file__).parent / "tree.toml").read_text("utf-8")))

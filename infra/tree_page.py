"""`python -m infra.tree_page`: draws the decision tree into docs/triage.md, from the file that is walked."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from hark.domain.reasons import sentence
from hark.domain.tree import LEAST_URGENT, Node, shipped

from infra import marked
from infra.costs.line import table
from infra.expand import ROOT

PAGE = ROOT / "docs" / "triage.md"
BEGIN, END = "<!-- the tree, from layers/hark/hark/domain/tree.toml: begin -->", "<!-- the tree: end -->"


def text() -> str:
    """Chart and tables, without the marks around them."""
    nodes = shipped().nodes
    rows = [[f"`{node.id}`", _asks(node), _then(node), node.why] for node in nodes]
    codes = [[f"`{code}`", sentence(code)] for code in dict.fromkeys(node.code for node in nodes if node.code)]
    return "\n\n".join(
        (
            f"Version {shipped().version}, {len(nodes)} nodes. Those with round ends are what a message is.",
            f"```mermaid\n{chart()}\n```",
            table(["Node", "Holds when", "Then", "Why"], rows),
            table(["Code", "What people read"], codes),
        )
    )


def chart() -> str:
    """The tree in Mermaid. What every way leads to from the leaves on is drawn once, from above."""
    lines = ["flowchart TD"]
    for node in shipped().nodes:
        name = _name(node)
        words = node.id.replace(".", ": ").replace("_", " ")
        lines.append(f'  {name}(["{words}"])' if node.leaf else f'  {name}{{"{words}"}}' if node.when else
                     f'  {name}["{words}"]')  # fmt: skip
    for node in shipped().nodes:
        lines += [f"  {_name(node)} -->{label} {_name_of(place)}" for label, place in _ways(node)]
    lines.append('  done(("end"))')
    return "\n".join(lines)


def _ways(node: Node) -> Iterator[tuple[str, str]]:
    if len(node.ways) == 1:
        yield "", node.yes
        return
    yield "|yes|", node.yes
    yield "|no|", node.otherwise


def _name(node: Node) -> str:
    return _name_of(node.id)


def _name_of(place: str) -> str:
    # `end` and the like are words of Mermaid's own.
    return "n_" + place.replace(".", "_") if place else "done"


def _asks(node: Node) -> str:
    return f"`{node.when}`" if node.when else "always"


def _then(node: Node) -> str:
    said = [f"`{node.code}`"] if node.code else []
    if node.priority is not None:
        said.append(f"priority {node.priority}")
    if node.more_urgent:
        said.append(f"{node.more_urgent} more urgent, not above {node.not_above}")
    if node.less_urgent:
        said.append(f"{node.less_urgent} less urgent")
    if node.at_most < LEAST_URGENT:
        said.append(f"priority at most {node.at_most}")
    said += [f"lane {node.lane}"] if node.lane else []
    said += [f"answer in {node.recommended}"] if node.recommended else []
    said += [f"**ends**: {node.end}"] if node.end else []
    return ", ".join(said) or "–"


def placed(page: str) -> str:
    """The page with today's tree in its place. `marked.placed` says when it cannot be."""
    return marked.placed(page, BEGIN, text(), END)


def main() -> int:
    """Put today's tree into the page."""
    PAGE.write_text(placed(PAGE.read_text("utf-8")), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

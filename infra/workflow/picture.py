"""A picture of the case workflow, drawn from the definition that runs: `python -m infra.workflow.picture`.

Writes the Mermaid chart between the two marks of docs/walk.md. Waits are rounded, choices are diamonds, ends are
circles; an edge says why it is taken.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from hark.domain.workflow_graph import State, edges, is_wait

from infra import marked

ROOT = Path(__file__).resolve().parent.parent.parent
DEFINITION = Path(__file__).parent / "case.asl.yaml"
PAGE = ROOT / "docs" / "walk.md"
BEGIN, END = "<!-- picture of infra/workflow/case.asl.yaml: begin -->", "<!-- picture: end -->"


def definition() -> dict[str, Any]:
    """The workflow as it is deployed."""
    read: dict[str, Any] = yaml.safe_load(DEFINITION.read_text())
    return read


def phrase(path: Sequence[str]) -> str:
    """A way through the workflow in words."""
    return " → ".join(f"`{name}`" for name in path)


def mermaid(workflow: dict[str, Any]) -> str:
    """The chart's source."""
    states: dict[str, State] = workflow["States"]
    lines = ["flowchart TD", "    start((start))", f"    start --> {workflow['StartAt']}"]
    lines += [f"    {name}{_shape(name, state)}" for name, state in states.items()]
    if any(state.get("End") for state in states.values()):
        lines.append("    finish((end))")
        lines += [f"    {name} --> finish" for name, state in states.items() if state.get("End")]
    for here, there, why in edges(states):
        label = f'|"{why}"|' if why else ""
        lines.append(f"    {here} -->{label} {there}")
    return "\n".join(lines)


def _shape(name: str, state: State) -> str:
    if state["Type"] == "Choice":
        return "{" + name + "?}"
    if state["Type"] in ("Succeed", "Fail"):
        return f"(({name}))"
    return f"([{name}])" if is_wait(state) else f"[{name}]"


def placed(page: str) -> str:
    """The page with the chart of today between its marks. `marked.placed` says when it cannot be."""
    return marked.placed(page, BEGIN, f"```mermaid\n{mermaid(definition())}\n```", END)


def main() -> int:
    """Put today's chart into the page."""
    PAGE.write_text(placed(PAGE.read_text()))
    return 0


if __name__ == "__main__":
    sys.exit(main())

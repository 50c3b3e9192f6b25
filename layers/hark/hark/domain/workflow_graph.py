"""A workflow's definition (Amazon States Language) as a graph: which state leads where, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

State = Mapping[str, Any]

CALLBACK = ".waitForTaskToken"
"""How the resource of a state ends that waits for somebody to give its token back."""

_EQUALS = re.compile(r"\$states\.input\.(\w+) = '(\w+)'")
_REASONS = {
    "States.Timeout": "the deadline passes",
    "States.TaskFailed": "the case has moved on",
    "States.ALL": "it fails",
    "CaseClosed": "closed by a person",
    "Drafted": "a draft has to be approved",
    "MovedOn": "the case has moved on",
    "Superseded": "a later generation runs",
}


def is_wait(state: State) -> bool:
    """Whether a state waits for its task token, or for a time."""
    return state["Type"] == "Wait" or str(state.get("Resource", "")).endswith(CALLBACK)


def targets(state: State) -> set[str]:
    """Names of the states that may follow a state."""
    following = [state.get("Next"), state.get("Default")]
    following += [choice.get("Next") for choice in state.get("Choices", [])]
    following += [catcher.get("Next") for catcher in state.get("Catch", [])]
    return {name for name in following if name is not None}


def edges(states: Mapping[str, State]) -> Iterator[tuple[str, str, str]]:
    """Every way from one state to another: from, to, and why (empty for the ordinary way)."""
    for name, state in states.items():
        for choice in state.get("Choices", []):
            found = _EQUALS.search(choice["Condition"])
            yield name, choice["Next"], found[2] if found else choice["Condition"]
        if "Default" in state:
            yield name, state["Default"], "else"
        if "Next" in state:
            yield name, state["Next"], "told so" if is_wait(state) else ""
        for catcher in state.get("Catch", []):
            why = " / ".join(dict.fromkeys(_REASONS.get(error, error) for error in catcher["ErrorEquals"]))
            yield name, catcher["Next"], why

"""Rules for a workflow definition: its graph, its waits, its expressions. CloudFormation's linters see little of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import jsonata
from hark.domain.workflow_graph import is_wait, targets

from infra.lint.problem import Problem

Definition = dict[str, Any]

_PLATFORMS = ("twitter", "facebook", "instagram", "messenger", "whatsapp", "viber", "meta", "telegram")
_UNRELIABLE = {
    "HeartbeatSeconds": "is not kept by the local engine; use TimeoutSeconds",
    "MaxDelaySeconds": "is not kept by the local engine",
}


def check(definition: Definition, substitutions: set[str]) -> list[Problem]:
    """All problems of a definition.

    Args:
        definition: the state machine as an object.
        substitutions: names that the template puts in for `${…}`.
    """
    rules = (_graph, _waits, _expressions, _names, _unreliable)
    problems = [problem for rule in rules for problem in rule(definition)]
    return problems + list(_substitutions(definition, substitutions))


def _graph(definition: Definition) -> Iterator[Problem]:
    states, start = definition["States"], definition.get("StartAt", "")
    if start not in states:
        yield Problem("workflow-dangling", "StartAt", f"names no state: {start}")
    for name, state in states.items():
        for target in targets(state) - set(states):
            yield Problem("workflow-dangling", name, f"leads to {target}, which is not there")
        if state["Type"] not in ("Choice", "Succeed", "Fail") and "Next" not in state and not state.get("End"):
            yield Problem("workflow-dangling", name, "has neither Next nor End")
    reached: set[str] = set()
    ahead: list[str] = [start] if start in states else []
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead.extend(targets(states[name]) & set(states))
    for name in sorted(set(states) - reached):
        yield Problem("workflow-unreachable", name, "no path leads here")


def _waits(definition: Definition) -> Iterator[Problem]:
    states = definition["States"]
    for name, state in states.items():
        if state["Type"] == "Task" and "TimeoutSeconds" not in state:
            what = "waits for a token" if is_wait(state) else "calls"
            yield Problem("workflow-timeout", name, f"{what} without TimeoutSeconds")
    hasty = {name: targets(state) for name, state in states.items() if not is_wait(state)}
    for name in hasty:
        seen: set[str] = set()
        ahead = list(hasty[name])
        while ahead:
            reached = ahead.pop()
            if reached == name:
                yield Problem("workflow-busy-loop", name, "comes back to itself without a wait: each round is paid for")
                break
            if reached in hasty and reached not in seen:
                seen.add(reached)
                ahead.extend(hasty[reached])


def _strings(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every string in a definition with its path."""
    if isinstance(node, str):
        yield path, node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _strings(value, f"{path}.{key}" if path else key)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _strings(value, f"{path}[{index}]")


_VARIABLE = re.compile(r"\$([A-Za-z_]\w*)(?!\w|\s*\()")


def _expressions(definition: Definition) -> Iterator[Problem]:
    if definition.get("QueryLanguage") != "JSONata":
        yield Problem("workflow-expression", "QueryLanguage", "is not JSONata: a missing path would be null, unnoticed")
    assigned = {"states"}
    for state in definition["States"].values():
        for holder in (state, *state.get("Catch", [])):
            assigned |= set(holder.get("Assign", {}))
    for path, text in _strings(definition):
        if "{%" not in text and "%}" not in text:
            continue
        if not (text.startswith("{%") and text.endswith("%}")):
            yield Problem("workflow-expression", path, "an expression is the whole value: {% … %}")
            continue
        expression = text[2:-2].strip()
        try:
            jsonata.Jsonata.jsonata(expression)
        except Exception as error:
            yield Problem("workflow-expression", path, f"no JSONata: {error}")
            continue
        bare = re.sub(r"'[^']*'|\"[^\"]*\"", "", expression)
        for name in sorted(set(_VARIABLE.findall(bare)) - assigned):
            yield Problem("workflow-expression", path, f"${name} is assigned nowhere")
    for name, state in definition["States"].items():
        yield from _update(name, state.get("Arguments", {}))


def _update(name: str, arguments: Any) -> Iterator[Problem]:
    """Marks of a DynamoDB expression are declared and used; DynamoDB refuses the call otherwise."""
    if not isinstance(arguments, dict):
        return
    texts = " ".join(v for k, v in arguments.items() if k.endswith("Expression") and isinstance(v, str))
    used = set(re.findall(r"[#:][A-Za-z_]\w*", texts))
    declared = {*arguments.get("ExpressionAttributeNames", {}), *arguments.get("ExpressionAttributeValues", {})}
    for mark in sorted(used ^ declared):
        what = "used but not declared" if mark in used else "declared but not used"
        yield Problem("workflow-update", name, f"{mark} is {what}")


def _names(definition: Definition) -> Iterator[Problem]:
    for path, text in _strings(definition):
        for platform in _PLATFORMS:
            if re.search(rf"\b{platform}\b", text, re.IGNORECASE):
                yield Problem("workflow-name", path, f"names a platform: {platform}")
        if re.search(r"arn:aws(?!:states:::)", text):
            yield Problem("workflow-name", path, "holds an ARN")
        if re.search(r"\b\d{12}\b", text):
            yield Problem("workflow-name", path, "holds an account id")


def _unreliable(definition: Definition) -> Iterator[Problem]:
    if "TimeoutSeconds" in definition:
        yield Problem("workflow-engine", "TimeoutSeconds", "of the whole workflow is not kept by the local engine")
    for name, state in definition["States"].items():
        for holder in (state, *state.get("Retry", [])):
            for key, reason in _UNRELIABLE.items():
                if key in holder:
                    yield Problem("workflow-engine", name, f"{key} {reason}")


def _substitutions(definition: Definition, given: set[str]) -> Iterator[Problem]:
    used = {mark for _, text in _strings(definition) for mark in re.findall(r"\$\{(\w+)\}", text)}
    for mark in sorted(used ^ given):
        what = "the template puts nothing in for it" if mark in used else "the workflow does not use it"
        yield Problem("workflow-substitution", mark, what)

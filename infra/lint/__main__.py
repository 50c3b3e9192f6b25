"""`python -m infra.lint [template]`: all rules for a template and its workflows; exit status 1 when one is broken."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from infra.expand import TEMPLATE, expand, read
from infra.lint import rules, source, workflow
from infra.lint.problem import Problem, Template, of_type, properties

_NUMBER = 60


def main(arguments: list[str]) -> int:
    """Check, print, and say by the exit status whether all is well."""
    path = Path(arguments[0]).resolve() if arguments else TEMPLATE
    expanded = expand(path)
    problems = _source(path) + rules.check(expanded)
    for machine in of_type(expanded, "AWS::StepFunctions::StateMachine").values():
        given = properties(machine)
        problems += workflow.check(given["Definition"], set(given.get("DefinitionSubstitutions", {})))
    for problem in sorted(problems):
        print(problem)
    sound = _cfn_lint(path, expanded)
    if problems or not sound:
        return 1
    print(f"{path.name}: no rule is broken")
    return 0


def _source(path: Path) -> list[Problem]:
    files = [path]
    for resource in read(path)["Resources"].values():
        definition = resource.get("Properties", {}).get("DefinitionUri")
        if isinstance(definition, str):
            files.append(path.parent / definition)
    return [problem for file in files for problem in source.check(file)]


def _cfn_lint(path: Path, expanded: Template) -> bool:
    """Whether cfn-lint finds nothing in the template and in what CloudFormation sees of it. It prints findings."""
    for machine in of_type(expanded, "AWS::StepFunctions::StateMachine").values():
        _numbers_for_expressions(properties(machine)["Definition"])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "expanded.json"
        file.write_text(json.dumps(expanded, indent=1))
        command = [sys.executable, "-c", "import sys; from cfnlint.runner import main; sys.exit(main())", "--"]
        running = [subprocess.Popen([*command, str(linted)]) for linted in (path, file)]
        statuses = [process.wait() for process in running]
    return not any(statuses)


def _numbers_for_expressions(definition: dict[str, Any]) -> None:
    """Step Functions takes an expression for TimeoutSeconds, cfn-lint 1.58 (E3601) does not; workflow.py reads it."""
    for state in definition["States"].values():
        if isinstance(state.get("TimeoutSeconds"), str):
            state["TimeoutSeconds"] = _NUMBER


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Each tool on files or templates: what it found, as findings. A tool that did not do its work raises."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from infra.expand import ROOT
from infra.lint.problem import Template
from infra.posture.finding import Finding
from infra.posture.policies import policies

ENVIRONMENT = ROOT / ".local" / "posture"
CODE_RULES = Path(__file__).parent / "code.yaml"

NOT_IN_THE_LAYER = ("tests", "fake", "testkit")
"""Folders below layers/hark that only tests and the local cloud use."""

DETECTORS = {
    "AWSKeyDetector", "Base64HighEntropyString", "BasicAuthDetector", "GitHubTokenDetector", "GitLabTokenDetector",
    "HexHighEntropyString", "JwtTokenDetector", "KeywordDetector", "NpmDetector", "OpenAIDetector",
    "PrivateKeyDetector", "PypiTokenDetector", "SlackDetector",
}  # fmt: skip
"""Secrets of those we and our developers deal with; its other detectors are for clouds that are not ours."""

GUESSING = {"Base64HighEntropyString", "HexHighEntropyString", "KeywordDetector"}
"""What goes by the looks of a value or the name before it; tests are full of made-up ones."""


UNREAD = 5
"""Places whose Python is too new for semgrep's own parser; it leaves out those lines and reads the rest of the file."""


class NoTools(Exception):
    """The tools are not installed: `make .local/posture/ready`."""


def _run(tool: str, *arguments: str, ends: tuple[int, ...] = (0, 1)) -> str:
    """What a tool of the environment prints.

    Raises:
        NoTools: the environment is not there.
        RuntimeError: the tool ended with a status that does not mean "nothing" or "something found".
    """
    program = ENVIRONMENT / "bin" / tool
    if not program.exists():
        raise NoTools(f"{program.relative_to(ROOT)} is not there: make .local/posture/ready")
    # Neither asks the network for a newer version, nor tells it what was found.
    quiet = {"SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0", "BC_SKIP_MAPPING": "TRUE"}
    done = subprocess.run(
        [program, *arguments], cwd=ROOT, env={**os.environ, **quiet},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode not in ends or (done.returncode and not done.stdout):
        raise RuntimeError(f"{tool} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout


def checkov(templates: Mapping[str, Template], folder: Path) -> dict[str, list[Finding]]:
    """checkov's failed checks by template; `where` is a resource."""
    files = {}
    for name, template in templates.items():
        files[name] = folder / f"{name}.json"
        files[name].write_text(json.dumps(template, indent=1))
    script = str(Path(__file__).with_name("cloudformation.py"))
    lines = [json.loads(line) for line in _run("python", script, *map(str, files.values()), ends=(0,)).splitlines()]
    return {
        name: [
            Finding(line["check"], line["resource"], 0, line["says"])
            for line in lines
            if Path(line["file"]).name == file.name
        ]
        for name, file in files.items()
    }


def parliament(template: Template, folder: Path) -> list[Finding]:
    """parliament's findings in the policies of a template's roles; `where` is a role."""
    for number, (role, policy) in enumerate(policies(template)):
        (folder / f"{role}.{number}.json").write_text(json.dumps(policy))
    printed = _run("parliament", "--directory", str(folder), "--include_policy_extension", "json", "--json")
    found = []
    for each in map(json.loads, printed.splitlines()):
        role = Path(each["location"]["filepath"]).name.split(".")[0]
        details = each["detail"] if isinstance(each["detail"], list) else [each["detail"]]
        found += [Finding(each["issue"], role, 0, json.dumps(detail)) for detail in details]
    return found


def bandit(paths: Iterable[Path]) -> list[Finding]:
    """bandit's findings in the code that runs in Lambda, and in what else is given."""
    left_out = ",".join(f"*/{folder}/*" for folder in NOT_IN_THE_LAYER)
    printed = _run("bandit", "-q", "-r", "-f", "json", "-x", left_out, *map(str, paths))
    answer = json.loads(printed)
    if answer["errors"] or not answer["metrics"]["_totals"]["loc"]:
        raise RuntimeError(f"bandit could not read {answer['errors'] or 'anything'}")
    return [_in_file(each["test_id"], each["filename"], each["line_number"]) for each in answer["results"]]


def semgrep(paths: Iterable[Path]) -> list[Finding]:
    """Findings of our own rules in code.yaml."""
    left_out = [part for folder in NOT_IN_THE_LAYER for part in ("--exclude", folder)]
    printed = _run(
        "semgrep", "scan", "--config", str(CODE_RULES), "--metrics", "off", "--disable-version-check",
        "--no-git-ignore", "--jobs", "1", "--json", "--quiet", *left_out, *map(str, paths), ends=(0,),
    )  # fmt: skip
    answer = json.loads(printed)
    unread = [each for each in answer["errors"] if each["type"] == "Syntax error" and each["level"] == "warn"]
    if len(unread) > UNREAD or answer["errors"] != unread or not answer["paths"]["scanned"]:
        raise RuntimeError(f"semgrep could not read {answer['errors'] or 'anything'}")
    return [
        _in_file(each["check_id"].rsplit(".", 1)[-1], each["path"], each["start"]["line"]) for each in answer["results"]
    ]


def secrets(paths: Iterable[Path], without: Iterable[str] = ()) -> list[Finding]:
    """What detect-secrets takes for a secret."""
    asked = {"detectors": sorted(DETECTORS - {*without}), "files": [str(path) for path in paths]}
    script = str(Path(__file__).with_name("search.py"))
    # Not in the tools' environment: a fork of it that checkov brings lies under the same name there.
    done = subprocess.run(
        [sys.executable, script], cwd=ROOT, input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    return [_in_file(each["rule"], each["file"], each["line"]) for each in map(json.loads, lines)]


def _in_file(rule: str, file: Any, line: int) -> Finding:
    path = Path(file)
    path = path if path.is_absolute() else ROOT / path
    words = path.read_text(errors="replace").splitlines()[line - 1]
    return Finding(rule, str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name, line, words)

"""docs/licences.md: what goes to Lambda, what to browsers, and what stays with those who develop.

Read from the metadata of what is installed, for the packages that the locks name.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from infra.expand import ROOT

PAGE = ROOT / "docs" / "licences.md"
LAMBDA = ROOT / "layers" / "vendor" / "requirements.txt"
BROWSER = ROOT / "frontend" / "vendor" / "licences"
ENVIRONMENTS = {
    ".venv": ROOT / "requirements.lock",
    ".local/posture": ROOT / "infra" / "posture.lock",
    ".local/sam": ROOT / "infra" / "sam.lock",
}
"""Where the packages of each lock are installed."""

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==", re.MULTILINE)
_BY_TEXT = {"Permission is hereby granted, free of charge": "MIT", "Apache License": "Apache-2.0"}

TOP = """# Licences

Hark itself is under the MIT licence. Written by `python -m infra.licences` from the metadata of what is installed. The
gate fails when something delivered is missing here, when a package's licence is not known, and when one binds more than
the package's own files, or those without a reason ([known.toml](../infra/licences/known.toml))."""


class Unknown(Exception):
    """A package says of its licence what known.toml does not have."""


@cache
def known() -> Mapping[str, Any]:
    """What is known of licences."""
    return tomllib.loads((Path(__file__).parent / "known.toml").read_text())


def pinned(lock: Path) -> set[str]:
    """Names of the packages in a lock."""
    return {str(canonicalize_name(name)) for name in _PINNED.findall(lock.read_text())}


@cache
def installed(environment: str) -> Mapping[str, str]:
    """Licences by name of the packages that an environment's lock names; those for other systems are not there.

    Raises:
        Unknown: a licence is written in a way that is not known.
    """
    folder = next((ROOT / environment).glob("lib/python3*/site-packages"))
    names = pinned(ENVIRONMENTS[environment])
    found = {}
    for each in metadata.distributions(path=[str(folder)]):
        name = str(canonicalize_name(each.metadata["Name"]))
        if name in names:
            found[name] = licence(name, each.metadata)
    return found


def licence(name: str, told: metadata.PackageMetadata) -> str:
    """A package's licence as an SPDX expression.

    Raises:
        Unknown: it is written in a way that is not known.
    """
    if name in known()["read"]:
        return str(known()["read"][name])
    said = told.get_all("License-Expression") or told.get_all("License") or []
    classified = [each.rsplit("::", 1)[-1].strip() for each in told.get_all("Classifier") or [] if "License ::" in each]
    first = str(said[0]).strip().partition("\n")[0] if said else ""
    written = first if first and len(first) < 60 else " / ".join(each for each in classified if each != "OSI Approved")
    expression = str(known()["written"].get(written, written))
    if not expression or not parts(expression) <= {*known()["free"]["names"], *known()["weak"]["names"]}:
        raise Unknown(f"{name}: {written or 'says nothing'}; read its licence and write it into known.toml")
    return expression


def parts(expression: str) -> set[str]:
    """The licences in an expression.

    >>> sorted(parts("MPL-2.0 AND (Apache-2.0 OR MIT)"))
    ['Apache-2.0', 'MIT', 'MPL-2.0']
    """
    return {part for part in re.split(r"[\s()]+|\bAND\b|\bOR\b", expression) if part}


def binds(expression: str) -> bool:
    """Whether a licence asks more than its notice; of alternatives the freest counts."""
    free = set(known()["free"]["names"])
    return not all(any(parts(choice) <= free for choice in each.split(" OR ")) for each in expression.split(" AND "))


def refused(packages: Mapping[str, str]) -> list[str]:
    """Packages that must not be delivered: bound by more than known.toml gives a reason for."""
    weak = {*known()["weak"]["names"], *known()["free"]["names"]}
    return sorted(
        f"{name}: {expression}"
        for name, expression in packages.items()
        if binds(expression) and not (name in known()["delivered"] and parts(expression) <= weak)
    )


def delivered() -> Mapping[str, str]:
    """Licences of the packages in the layer for Lambda."""
    here = installed(".venv")
    return {name: here[name] for name in sorted(pinned(LAMBDA))}


def in_browsers() -> Mapping[str, str]:
    """Licences of what is in the desk's page, by the texts that lie beside it.

    Raises:
        Unknown: a text is of no licence that is known.
    """
    found = {}
    for file in sorted(BROWSER.glob("*.txt")):
        text = file.read_text()
        names = [name for words, name in _BY_TEXT.items() if words in text]
        if not names:
            raise Unknown(f"{file.name}: no licence that is known")
        found[file.stem] = names[0]
    return found


def text() -> str:
    """The page."""
    notes = known()["delivered"]
    lines = [TOP, "", "## What runs in Lambda", "", "| Package | Licence | |", "| --- | --- | --- |"]
    lines += [f"| {name} | {each} | {notes.get(name, '')} |" for name, each in delivered().items()]
    lines += [f"| {name} | {each.split(',')[0]} |{each.partition(',')[2]} |" for name, each in known()["data"].items()]
    lines += [
        "",
        "The AWS SDK is Lambda's own.",
        "",
        "## What runs in browsers",
        "",
        "| Package | Licence |",
        "| --- | --- |",
    ]
    lines += [f"| {name} | {each} |" for name, each in in_browsers().items()]
    lines += [
        "",
        "The licences' texts lie in `frontend/vendor/licences/`.",
        "",
        "## What stays with those who develop",
        "",
    ]
    lines += ["Run to develop, to test and to build; nothing of it is delivered, so nothing of it binds Hark."]
    for title, environment in (
        ("Local cloud, tests, types", ".venv"), ("Checks of posture", ".local/posture"), ("AWS SAM CLI", ".local/sam"),
    ):  # fmt: skip
        here = {name: each for name, each in installed(environment).items() if name not in delivered()}
        lines += ["", f"### {title}", "", "| Licence | Packages |", "| --- | --- |"]
        lines += [f"| {each} | {', '.join(names)} |" for each, names in _by_licence(here)]
    return "\n".join(lines) + "\n"


def _by_licence(packages: Mapping[str, str]) -> Iterable[tuple[str, list[str]]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, each in sorted(packages.items()):
        found[each].append(name)
    return sorted(found.items())

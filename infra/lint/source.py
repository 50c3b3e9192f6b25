"""Rules for the text of a YAML file, before it is understood."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from infra.lint.problem import Problem

_CUT = re.compile(r"^[^'\"#]*:\s+[^'\"#|>{\[&*!\s][^'\"#]*\s#\S")
"""A plain value followed by ` #` and no space: meant as part of the value, taken as a comment."""


def check(path: Path) -> list[Problem]:
    """All problems of a file's text."""
    return [*_anchors(path), *_cut_values(path)]


def _anchors(path: Path) -> Iterator[Problem]:
    for token in yaml.scan(path.read_text()):
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken):
            line = token.start_mark.line + 1
            yield Problem("yaml-anchor", f"{path.name}:{line}", "CloudFormation's own tools do not all read anchors")


def _cut_values(path: Path) -> Iterator[Problem]:
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if _CUT.match(line):
            yield Problem("yaml-cut", f"{path.name}:{number}", "the value ends before the #: quote it")

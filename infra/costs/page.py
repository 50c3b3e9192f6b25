"""Fills the pages' `{{marks}}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from infra.expand import ROOT

HERE = Path(__file__).parent
_MARK = re.compile(r"\{\{(\w+)\}\}")

Values = Mapping[str, str]


class WrongMarks(ValueError):
    """A page asks for a value that nobody computes, or a value is computed that no page asks for."""


def fill(page: str, values: Values) -> str:
    """The page with its marks filled in.

    Raises:
        WrongMarks
    """
    wanted = set(_MARK.findall(page))
    if wanted != set(values):
        raise WrongMarks(f"missing {sorted(wanted - set(values))}, not used {sorted(set(values) - wanted)}")
    return _MARK.sub(lambda mark: values[mark[1]], page)


def without_marks(page: str) -> str:
    """What people typed themselves."""
    return _MARK.sub("", page)


def pages() -> dict[Path, Callable[[], str]]:
    """Each page that is computed, by where it lies, and what computes it."""
    from infra.costs import costs_page, data_page

    return {
        ROOT / "docs" / "costs.md": lambda: fill(source("costs.md"), costs_page.values()),
        ROOT / "docs" / "data.md": lambda: fill(source("data.md"), data_page.values()),
    }


def source(name: str) -> str:
    """A page as written, with its marks."""
    return (HERE / f"{name}.in").read_text()

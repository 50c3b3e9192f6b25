"""What a figure is stands in the manual and on the screen in the same words."""

from __future__ import annotations

import json
import re

import pytest

from infra.costs import case
from infra.expand import ROOT

SAID = json.loads((ROOT / "frontend/i18n/later/en.json").read_text())
FIGURES = sorted(key.split(".")[1] for key in SAID if re.fullmatch(r"reports\.\w+\.means", key))
MANUAL = (ROOT / "docs/reports.md").read_text()


@pytest.mark.parametrize("name", [name for name in FIGURES if name != "byAgent"])
def test_a_figure_means_the_same_in_the_manual_and_on_the_screen(name: str) -> None:
    assert f"| {SAID[f'reports.{name}']} | {SAID[f'reports.{name}.means']} |" in MANUAL


def test_every_card_says_what_it_is() -> None:
    cards = set(re.findall(r'\{ id: "(\w+)", value', (ROOT / "frontend/screens/reports/cards.js").read_text()))
    assert len(cards) == 10 and cards <= set(FIGURES)


def test_the_manual_tells_the_write_units_that_were_measured() -> None:
    assert f"of {case.writes()}." in MANUAL

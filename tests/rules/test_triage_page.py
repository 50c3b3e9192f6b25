"""docs/triage.md shows the tree that is walked and the figures of today's reader; the reader keeps what it has."""

from __future__ import annotations

import re

import pytest
from hark.domain.tree import shipped

from infra import tree_page
from tests.golden import agreement
from tests.golden.labelled import LANGUAGES

LEAF_RIGHT = {"lv": 0.55, "ru": 0.53, "ms": 0.38, "he": 0.49, "ar": 0.47, "en": 0.38}
"""Shares of messages known for what they are that must not be lost; below what was measured on the day by 5 points."""


def test_the_tree_on_the_page_is_that_of_today() -> None:
    written = tree_page.PAGE.read_text("utf-8")
    assert tree_page.placed(written) == written, "run: python -m infra.tree_page"


def test_the_chart_has_every_node_and_every_way_of_it() -> None:
    chart = tree_page.chart()
    for node in shipped().nodes:
        name = "n_" + node.id.replace(".", "_")
        assert len(re.findall(rf"^  {name}[\[({{]", chart, re.MULTILINE)) == 1
        assert len(re.findall(rf"^  {name} -->", chart, re.MULTILINE)) == len(node.ways)
    assert len(re.findall("-->", chart)) == sum(len(node.ways) for node in shipped().nodes)


def test_a_page_without_its_place_is_refused() -> None:
    for placed in (tree_page.placed, agreement.placed):
        with pytest.raises(ValueError, match="no place"):
            placed("a page")


def test_the_figures_on_the_page_are_those_of_today() -> None:
    written = agreement.PAGE.read_text("utf-8")
    assert agreement.placed(written) == written, "run: python -m tests.golden.agreement"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_built_in_reader_leads_the_tree_as_well_as_it_did(language: str) -> None:
    found = agreement.agreement(language)
    assert found.leaf / found.read >= LEAF_RIGHT[language]
    assert found.wrongly_ended <= 2 and found.burning_missed <= 3

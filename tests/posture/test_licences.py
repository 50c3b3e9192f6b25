"""The licences of what Hark is made of: nothing delivered binds us without a reason; the page names everything."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from infra.licences import page
from infra.licences.page import ENVIRONMENTS, PAGE, Unknown, binds, delivered, in_browsers, installed, refused


def test_nothing_that_is_delivered_binds_us_without_a_reason() -> None:
    assert len(delivered()) > 20
    assert len(in_browsers()) >= 8
    assert refused(delivered()) == []
    assert refused(in_browsers()) == []


@pytest.mark.parametrize(
    ("expression", "asks_more"),
    [
        ("MIT", False),
        ("Apache-2.0 AND CNRI-Python", False),
        ("Artistic-1.0-Perl OR MIT", False),
        ("MPL-2.0", True),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("GPL-3.0-only", True),
        ("AGPL-3.0-only AND MIT", True),
    ],
)
def test_a_licence_that_asks_more_than_its_notice_is_known(expression: str, asks_more: bool) -> None:
    assert binds(expression) is asks_more


def test_what_would_bind_the_whole_is_refused_with_a_reason_too() -> None:
    assert refused({"pydantic": "MIT", "certifi": "MPL-2.0"}) == []
    assert refused({"other": "MPL-2.0"}) == ["other: MPL-2.0"]
    assert refused({"certifi": "AGPL-3.0-only"}) == ["certifi: AGPL-3.0-only"]


@pytest.mark.parametrize("said", ["License: Proprietary", "License-Expression: SSPL-1.0", "Summary: says nothing"])
def test_a_package_whose_licence_is_not_known_is_told(
    tmp_path: Path, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "environment/lib/python3.11/site-packages/planted-1.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(f"Metadata-Version: 2.4\nName: planted\nVersion: 1\n{said}\n")
    (tmp_path / "planted.lock").write_text("planted==1\n")
    monkeypatch.setattr(page, "ROOT", tmp_path)
    monkeypatch.setitem(ENVIRONMENTS, "environment", tmp_path / "planted.lock")
    with pytest.raises(Unknown, match="planted"):
        installed.__wrapped__("environment")


def test_the_page_names_everything_that_is_installed_with_its_licence() -> None:
    rows = [(line, set(re.split(r"[ ,|]+", line))) for line in PAGE.read_text().splitlines() if line.startswith("|")]
    for name, licence in {**delivered(), **in_browsers()}.items():
        assert [line for line, _ in rows if line.startswith(f"| {name} | {licence} |")], "run: python -m infra.licences"
    for environment in ENVIRONMENTS:
        for name, licence in installed(environment).items():
            assert [line for line, words in rows if f"| {licence} |" in line and name in words], (
                f"{name}, {licence}: run python -m infra.licences"
            )

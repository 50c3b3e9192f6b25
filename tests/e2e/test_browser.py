"""There is a browser to try the desk in; without one, the run says so."""

from __future__ import annotations

import subprocess
import sys

from playwright.sync_api import Browser

from infra.expand import ROOT


def test_a_browser_opens_a_page(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<title>here</title>")
    assert page.title() == "here"
    page.close()


def test_without_chromium_the_tests_in_a_browser_are_skipped_and_say_why() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            "tests/e2e/test_browser.py::test_a_browser_opens_a_page",
        ],
        cwd=ROOT,
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "1 skipped" in done.stdout
    assert "no chromium on this machine" in done.stdout

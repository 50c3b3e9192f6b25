"""Fixtures of the end-to-end tests: one local cloud and one browser for the whole run."""

from __future__ import annotations

import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.e2e.cloud import HURRIED, LocalCloud
from tests.e2e.fixed_desk import NOW, FixedDesk, MakeDesk

BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is end to end."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure is told with what the local cloud was doing."""
    report = yield
    cloud = getattr(item, "funcargs", {}).get("cloud")
    if report.failed and isinstance(cloud, LocalCloud):
        report.sections.append(("the local cloud", cloud.last_words()))
    return report


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """The local cloud, with the shipped policy."""
    running = LocalCloud(tmp_path_factory.mktemp("cloud"), "--env", "SendReplyFunction.SEND_SETTLE_SECONDS=2")
    yield running
    running.stop()


@pytest.fixture
def hurried(cloud: LocalCloud) -> Iterator[LocalCloud]:
    """The local cloud with waits of seconds, as long as the test runs."""
    cloud.set_policy(**HURRIED)
    yield cloud
    cloud.set_policy()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on this machine: the desk is not tried in a browser (.ci/run installs it)")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=BROWSER_ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser, cloud: LocalCloud) -> Iterator[BrowserContext]:
    """A browser with no cookies, for the desk's origin."""
    made = browser.new_context(base_url=cloud.desk, locale="en-GB", timezone_id="Europe/Riga")
    made.set_default_timeout(15_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty tab, nobody signed in."""
    return context.new_page()


@pytest.fixture
def made(browser: Browser) -> Iterator[MakeDesk]:
    """Makes desks with fixed data and a fixed clock."""
    desks: list[FixedDesk] = []

    def make(**context: Any) -> FixedDesk:
        desks.append(FixedDesk(browser, NOW, **context))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()

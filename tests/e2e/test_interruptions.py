# ruff: noqa: F811 (fixtures of the integration tests, which pytest finds by their names)
"""A closed tab, a network that goes, a sign-in that ends: no draft and no reply is lost, and none leaves earlier."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.keyboard import Seat
from tests.e2e.outside import Outside, functions_wake_each_other, outside  # noqa: F401
from tests.integration.conftest import (  # noqa: F401
    Desk,
    clock,
    desk,
    enrol,
    one_call_at_a_time,
    permitted,
    sign_in,
    town_of,
)

WORDS = "It comes tomorrow before noon."


class Answers(Seat):
    """Whose answers to a write may be lost on the way, after the desk has done what was asked."""

    losing = 0

    def _say(self, route: Route, answer: dict[str, Any]) -> None:
        if self.losing and route.request.method == "POST" and route.request.url.endswith("/replies"):
            self.losing -= 1
            route.abort()
        else:
            super()._say(route, answer)

    def _heard(self, said: Any) -> None:
        if "ERR_FAILED" not in said.text:
            super()._heard(said)


@pytest.fixture
def seat(browser: Browser, outside: Outside) -> Iterator[Answers]:
    outside.colleague("dana", "Dana Ozola")
    outside.policy(name="Acme", undo_seconds=10)
    outside.writes("x", "maya", "Maya Cohen", "@acme where is my parcel?", surface="post")
    made = Answers(browser, outside.desk, "dana")
    yield made
    made.close()


def opened(seat: Answers) -> Page:
    page = seat.open(f"#/open/{seat.desk.case().id}")
    expect(page.locator("#reply-box")).to_be_visible()
    page.wait_for_load_state("networkidle")
    return page


def send(page: Page) -> None:
    page.locator("#reply-box").fill(WORDS)
    page.keyboard.press("Control+Enter")


def left(outside: Outside) -> list[str]:
    """What is on the platform, once everything that may leave by now has left."""
    outside.desk.call("sweep", {})
    outside.replies_leave()
    return [str(one["text"]) for one in outside.town.sent("x")]


def test_closing_the_tab_neither_loses_nor_hastens_a_reply(seat: Answers, outside: Outside) -> None:
    page = opened(seat)
    send(page)
    expect(page.locator("[data-reply=held]")).to_be_visible()
    page.close(run_before_unload=True)
    outside.desk.clock.forward(seconds=8)
    assert left(outside) == []
    again = opened(seat)
    expect(again.locator("[data-reply=held]")).to_contain_text(WORDS)
    expect(again.locator("#reply-box")).to_have_value("")
    again.close()
    outside.desk.clock.forward(seconds=3)
    assert left(outside) == [WORDS]
    outside.desk.clock.forward(seconds=60)
    assert left(outside) == [WORDS]


def test_a_reply_whose_answer_was_lost_leaves_once_however_often_it_is_sent(seat: Answers, outside: Outside) -> None:
    seat.losing = 2
    page = opened(seat)
    send(page)
    failed = page.locator(".refusal")
    expect(failed).to_contain_text("Trying again is safe")
    expect(page.locator("#reply-box")).to_have_value(WORDS)
    page.reload()
    expect(page.locator("#reply-box")).to_have_value(WORDS)
    page.wait_for_load_state("networkidle")
    page.locator("#reply-box").press("Control+Enter")
    expect(page.locator(".refusal").or_(page.locator("[data-reply=held]")).first).to_be_visible()
    outside.desk.clock.forward(seconds=60)
    assert left(outside) == [WORDS]


def test_what_was_written_while_the_network_was_gone_is_there_and_is_sent_by_its_author_alone(
    seat: Answers, outside: Outside
) -> None:
    page = opened(seat)
    seat.offline = True
    send(page)
    expect(page.locator(".refusal")).to_be_visible()
    page.close(run_before_unload=True)
    seat.offline = False
    outside.desk.clock.forward(minutes=5)
    assert left(outside) == []
    again = opened(seat)
    expect(again.locator("#reply-box")).to_have_value(WORDS)
    again.locator("#reply-box").press("Control+Enter")
    expect(again.locator("[data-reply=held]")).to_be_visible()
    outside.desk.clock.forward(seconds=11)
    assert left(outside) == [WORDS]


def test_a_sign_in_that_ends_before_sending_keeps_the_words_until_their_author_is_back(
    seat: Answers, outside: Outside
) -> None:
    page = opened(seat)
    seat.sign_out_behind_their_back()
    send(page)
    page.wait_for_url("**/auth/login?**")
    page.get_by_role("link", name="Sign in").click()
    expect(page.locator("#reply-box")).to_have_value(WORDS)
    assert left(outside) == []
    page.wait_for_load_state("networkidle")
    page.locator("#reply-box").press("Control+Enter")
    expect(page.locator("[data-reply=held]")).to_be_visible()
    outside.desk.clock.forward(seconds=11)
    assert left(outside) == [WORDS]

"""From one conversation to the next: what stays on the page, and what belongs to the one that was left."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect

from tests.e2e.fixed_desk import HOUR, NOW, MakeDesk, a


def to(page: Page, number: int) -> None:
    page.evaluate("(id) => { location.hash = `#/open/${id}`; }", f"c{number}")
    expect(page.locator("#thread-title")).to_contain_text(f"Customer {number}")


def test_a_box_stays_on_the_page_until_somebody_was_in_it_and_then_nothing_of_it_comes_along(made: MakeDesk) -> None:
    desk = made(viewport={"width": 1440, "height": 900})
    for number in range(1, 4):
        desk.has(f"c{number}", a("x", "mention", message_id=f"7{number}"), name=f"Customer {number}")
    page = desk.open("c1")
    box = page.locator("#reply-box")
    thread = page.locator("[role='log']")
    expect(box).to_be_visible()
    for one in (box, thread):
        one.evaluate("(element) => { element.first = true; }")
    to(page, 2)
    assert box.evaluate("(element) => element.first"), "nobody was in it"
    assert not thread.evaluate("(element) => element.first"), "or all of the next would be read out as new"

    page.get_by_role("button", name="Note for the team").click()
    expect(box).to_be_focused()
    page.keyboard.type("Ask the warehouse")
    page.wait_for_load_state("networkidle")  # what looks after the keyboard comes with the first key
    to(page, 3)
    expect(page.locator("#thread-title")).to_be_focused()
    expect(box).to_have_value("")
    expect(page.get_by_role("button", name="Note for the team")).to_have_attribute("aria-pressed", "false")
    box.click()
    page.keyboard.press("Control+z")
    expect(box).to_have_value("")

    to(page, 2)
    expect(page.get_by_role("button", name="Note for the team")).to_have_attribute("aria-pressed", "true")
    expect(box).to_have_value("Ask the warehouse")


def test_enter_opens_the_highlighted_row_though_focus_comes_to_it_a_frame_later(made: MakeDesk) -> None:
    desk = made(viewport={"width": 1440, "height": 900})
    for number in range(1, 5):
        desk.has(f"c{number}", a("x", "mention", message_id=f"7{number}"), name=f"Customer {number}")
    page = desk.open()
    page.wait_for_load_state("networkidle")
    page.clock.pause_at(NOW + HOUR)  # no frame comes any more, so nothing is focused
    for key in ("j", "j", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#row-c2")).to_have_attribute("aria-current", "true")
    page.clock.run_for(100)
    expect(page.locator("#thread-title")).to_contain_text("Customer 2")
    expect(page.locator("#reply-box")).to_be_focused()

    page.keyboard.press("Escape")
    page.clock.run_for(100)
    expect(page.locator("#row-c2")).to_be_focused()
    for key in ("j", "j", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#row-c4")).to_have_attribute("aria-current", "true")
    page.clock.run_for(100)
    expect(page.locator("#thread-title")).to_contain_text("Customer 4")


def test_keys_pressed_while_the_keyboard_is_still_loading_are_taken_in_turn_once_it_has_come(made: MakeDesk) -> None:
    desk = made(viewport={"width": 1440, "height": 900})
    for number in range(1, 5):
        desk.has(f"c{number}", a("x", "mention", message_id=f"7{number}"), name=f"Customer {number}")
    waiting: list[Route] = []
    desk.context.route("**/core/commands.js", lambda route: waiting.append(route))
    page = desk.open()
    expect(page.locator("#row-c1")).to_be_visible()
    page.keyboard.press("j")  # of so long ago that nobody means it any more
    page.clock.run_for(20_000)
    for key in ("j", "j", "j", "k", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("[data-highlighted]")).to_have_count(0)
    for route in waiting:
        route.fallback()
    expect(page.locator("#thread-title")).to_contain_text("Customer 2")
    expect(page.locator("#reply-box")).to_be_focused()
    expect(page.locator("#reply-box")).to_have_value("")

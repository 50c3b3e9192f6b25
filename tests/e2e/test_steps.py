"""From one conversation to the next: what stays on the page, and what belongs to the one that was left."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.fixed_desk import MakeDesk, a


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
    to(page, 3)
    expect(box).not_to_be_focused()
    expect(box).to_have_value("")
    expect(page.get_by_role("button", name="Note for the team")).to_have_attribute("aria-pressed", "false")
    box.click()
    page.keyboard.press("Control+z")
    expect(box).to_have_value("")

    to(page, 2)
    expect(page.get_by_role("button", name="Note for the team")).to_have_attribute("aria-pressed", "true")
    expect(box).to_have_value("Ask the warehouse")

# ruff: noqa: F811 (fixtures of the integration tests, which pytest finds by their names)
"""A lead erases a customer: the name typed by hand, what becomes of it on the screen, and the receipt taken along."""

from __future__ import annotations

import json

from hark import aws
from playwright.sync_api import expect

from tests.e2e.test_settings import Enter, enter, part  # noqa: F401
from tests.integration.conftest import Desk, clock, desk, permitted  # noqa: F401
from tests.integration.x_deliveries import mention


def test_a_lead_erases_a_customer_and_takes_the_receipt(enter: Enter, desk: Desk) -> None:
    aws.s3().create_bucket(Bucket="hark-media")
    desk.take_in(mention())
    case = desk.case()
    agent = enter("dana", "Dana Ozola", "agent", viewport={"width": 1440, "height": 900}).open(f"#/open/{case.id}")
    expect(agent.get_by_text("parcel is late").first).to_be_visible()
    expect(agent.get_by_role("button", name="Erase customer…")).to_have_count(0)
    lead = enter(viewport={"width": 1440, "height": 900})
    page = lead.open(f"#/open/{case.id}")
    page.get_by_role("button", name="Erase customer…").click()
    asks = page.get_by_role("dialog", name="Erase this customer?")
    typed = asks.get_by_label("To confirm, type kim_l")
    expect(typed).to_be_focused()
    typed.fill("kim")
    expect(asks.get_by_role("button", name="Erase for good")).to_have_attribute("aria-disabled", "true")
    asks.get_by_role("button", name="Erase for good").click(force=True)
    assert not any("erasure" in path for path, _ in lead.asked)
    typed.fill("@Kim_L")
    page.keyboard.press("Enter")
    expect(asks.get_by_text("Being erased.")).to_be_visible()
    desk.clock.forward(minutes=1)
    desk.call("sweep", {})
    page.clock.run_for(6000)
    expect(asks.get_by_text("Conversations: 1. Messages: 1.")).to_be_visible()
    with page.expect_download() as taken:
        asks.get_by_role("link", name="Signed receipt no. 1").click()
    assert taken.value.suggested_filename == "erasure-1.json"
    page.keyboard.press("Escape")
    page.goto(page.url.split("#")[0] + "#/settings/erasures")
    part(page, "Erased customers")
    expect(page.locator(".rows-of li")).to_have_count(1)
    expect(page.locator(".rows-of li")).to_contain_text("Asked for by a lead")
    page.goto(page.url.split("#")[0] + f"#/done/{case.id}")
    expect(page.locator("[data-banner=removed]")).to_contain_text("This customer was erased")
    expect(page.locator("[data-message]")).to_have_count(0)
    assert "kim_l" not in json.dumps(desk.items(), default=str)

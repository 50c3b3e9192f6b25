# ruff: noqa: F811 (fixtures of the integration tests, which pytest finds by their names)
"""A lead shortens how long closed cases stay readable, is told what goes, and sees afterwards what went."""

from __future__ import annotations

from datetime import timedelta

from hark import aws
from playwright.sync_api import expect

from tests.e2e.test_settings import Enter, enter, part, policy, toast  # noqa: F401
from tests.integration.conftest import Desk, clock, desk, permitted  # noqa: F401
from tests.integration.test_retention import closed, said, the_case


def test_a_lead_shortens_the_rule_says_yes_and_what_was_said_is_gone(enter: Enter, desk: Desk) -> None:
    aws.s3().create_bucket(Bucket="hark-media")
    desk.take_in(said(1), said(2))
    case = closed(desk, the_case(desk, 1))
    desk.clock.forward(days=200)
    page = enter().open("#/settings/retention")
    part(page, "Retention")
    expect(page.get_by_text("90 days after they were fetched")).to_be_visible()
    months = page.get_by_label("Months after the case was closed")
    expect(months).to_have_value("24")
    months.fill("61")
    expect(page.get_by_text("A whole number from 1 to 60.")).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_have_attribute("aria-disabled", "true")
    months.fill("6")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("By this rule 1 case that ended before")
    expect(page.get_by_role("button", name="Yes, remove by this rule")).to_be_focused()
    page.get_by_role("button", name="Cancel").click()
    assert policy(desk).retention.months == 24
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Yes, remove by this rule").click()
    toast(page, "Saved")

    desk.clock.now += timedelta(minutes=61)
    desk.call("sweep", {})
    page.reload()
    expect(page.get_by_text("Last removed: 1 case")).to_be_visible()
    page.goto(page.url.replace("retention", "history"))
    lines = page.locator(".rows-of li")
    expect(lines.nth(0)).to_contain_text("Removed what was said in 1 closed case (rule: 6 months)")
    expect(lines.nth(0)).to_contain_text("The desk itself")
    page.goto(page.url.split("#")[0] + f"#/done/{case.id}")
    expect(page.locator("[data-banner=removed]")).to_contain_text("removed after 6 months by the rule of your brand")
    expect(page.locator("[data-message]")).to_have_count(0)
    expect(page.locator(".composer .notice")).to_have_text(
        "What was said here was removed: there is nothing to answer."
    )
    expect(page.get_by_role("button", name="Open again")).to_have_count(0)
    page.get_by_role("button", name="Note").first.click()
    expect(page.locator("#reply-box")).to_be_visible()

# ruff: noqa: F811 (fixtures of the integration tests, which pytest finds by their names)
"""A lead stops what leaves through an account, and starts it again; everybody sees who did, and why."""

from __future__ import annotations

from hark import wiring
from hark.store import keys
from playwright.sync_api import expect

from tests.e2e.test_settings import Enter, enter, part, toast  # noqa: F401
from tests.integration.conftest import BRAND, Desk, clock, desk, permitted  # noqa: F401
from tests.integration.x_deliveries import mention


def test_a_lead_pauses_an_account_an_agent_writes_what_waits_and_the_lead_lets_it_go(enter: Enter, desk: Desk) -> None:
    desk.take_in(mention("1", "@acme my parcel is late", author_id="7"))
    lead = enter()
    page = lead.open("#/settings/accounts")
    part(page, "Accounts")
    page.get_by_role("button", name="Pause…").click()
    expect(page.get_by_label("Why?")).to_be_focused()
    page.get_by_role("button", name="Pause the account").click()
    expect(page.get_by_role("alert")).to_have_text("Give a reason first.")
    page.get_by_role("button", name="Wrong answers went out").click()
    page.get_by_role("button", name="Pause the account").click()
    toast(page, "Paused")
    card = page.locator(".account-card")
    expect(card).to_contain_text("Noa Levi")
    expect(card).to_contain_text("Wrong answers went out")
    expect(card).to_have_attribute("data-state", "paused")

    agent = enter("dana", "Dana Ozola", "agent")
    at = f"#/open/{desk.case().id}"
    writing = agent.open(at)
    expect(writing.locator(".band")).to_contain_text("Noa Levi")
    expect(writing.locator(".remark")).to_contain_text("What you send waits until a lead resumes it.")
    writing.locator("#reply-box").fill("It comes tomorrow.")
    writing.get_by_role("button", name="Reply publicly").click()
    expect(writing.locator("[data-reply]")).to_be_visible()
    desk.clock.forward(seconds=60)
    (reply,) = wiring.actions().replies.of_case(BRAND, desk.case().id)
    desk.call("send_reply", {"keys": [keys.reply(BRAND, reply.case, reply.id)._asdict()]})

    second = enter("max", "Max Kalns").open("#/settings/accounts")
    second.get_by_role("button", name="Resume…").click()
    expect(second.locator(".pausing")).to_contain_text("1 message waits and leaves within minutes.")
    page.get_by_role("button", name="Resume…").click()
    page.get_by_role("button", name="Resume now").click()
    toast(page, "Resumed")
    expect(card).to_have_attribute("data-state", "ok")
    second.get_by_role("button", name="Resume now").click()
    toast(second, "a colleague has resumed it")
    expect(second.locator(".account-card")).to_have_attribute("data-state", "ok")

    page.goto(page.url.replace("accounts", "history"))
    lines = page.locator(".rows-of li")
    expect(lines).to_have_count(2)
    expect(lines.nth(1)).to_contain_text("Wrong answers went out")

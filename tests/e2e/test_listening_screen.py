# ruff: noqa: F811 (fixtures of the integration tests, which pytest finds by their names)
"""Listening in a browser, on the real API: a lead makes a query, and what is found is decided about by keys."""

from __future__ import annotations

import json

from hark import wiring
from hark.domain.events import RawEvent
from playwright.sync_api import Page, expect

from tests.e2e.test_settings import Enter, enter  # noqa: F401
from tests.integration.conftest import BRAND, Desk, clock, desk, permitted, signed_in  # noqa: F401
from tests.integration.crowd import said_by
from tests.integration.x_deliveries import ACME

TEXTS = (
    "has anybody ever reached AKME by phone?",
    "חבילה של acme לא הגיעה כבר שבוע",
    "acme hotels are the best in town",
    "love #AcmeLove, thank you all",
)


def finds(desk: Desk, query: str) -> None:
    """What a search would have brought: the posts of `TEXTS`, a second apart."""
    for number, text in enumerate(TEXTS):
        body = said_by(60 + number, text, event_type="poll.search", entities={}, lang="iw" if number == 1 else "en")
        body["data"]["tag"] = query
        event = RawEvent(f"post:{body['data']['payload']['id']}", "poll.search", ACME, json.dumps(body).encode())
        assert wiring.intake().ledger.store(BRAND, "x", event, desk.clock(), "search") == "new"
    desk.fold()


def standing(page: Page, text: str) -> None:
    """The card with these words has the keyboard."""
    expect(page.locator(".hit:focus")).to_contain_text(text)


def states(desk: Desk) -> list[str]:
    return [item["state"] for item in sorted(desk.items("HIT"), key=lambda item: item["at"])]


def test_a_lead_makes_a_query_and_an_agent_decides_by_keys_about_what_it_finds(enter: Enter, desk: Desk) -> None:
    lead = enter().open("#/listening")
    expect(lead.locator(".explained")).to_contain_text("Nobody listens yet")
    lead.get_by_role("link", name="Set up listening").click()
    lead.get_by_role("button", name="Add a query").click()
    lead.get_by_label("Names of the company").fill("x")
    lead.get_by_label("Hashtags").fill("#AcmeLove")
    expect(lead.locator(".query")).to_contain_text("$2.50 a month at the most")
    lead.get_by_role("button", name="Try it").click()
    expect(lead.locator(".query .wrong").first).to_contain_text("too short")
    lead.get_by_label("Names of the company").fill("Acme")
    lead.get_by_role("button", name="Try it").click()
    lead.get_by_role("button", name="akme", exact=True).click()
    expect(lead.get_by_label("Other and wrong spellings")).to_have_value("akme")
    expect(lead.locator(".query code")).to_contain_text("(#AcmeLove OR Acme OR akme) -from:acme -@acme -is:retweet")
    lead.keyboard.press("Control+Enter")
    expect(lead.locator(".toast").filter(has_text="Saved")).to_be_visible()
    (query,) = wiring.deciding().people.policy(BRAND).listening.queries
    assert (query.names, query.aliases, query.hashtags, query.account) == (("Acme",), ("akme",), ("AcmeLove",), ACME)
    account = wiring.polling().accounts.find("x", ACME)
    assert account and account["listens"] == [query.id]

    finds(desk, query.id)
    agent = enter("dana", "Dana Ozola", role="agent")
    page = agent.open("#/open")
    page.get_by_role("link", name="Listening").click()
    standing(page, "reached AKME by phone")
    expect(page.locator(".hit mark")).to_have_text(["AKME", "acme", "acme", "#AcmeLove"])
    expect(page.locator(".hit").first).to_contain_text("Our name")
    assert page.locator(".hit .text").nth(1).evaluate("node => getComputedStyle(node).direction") == "rtl"
    page.keyboard.press("Enter")
    standing(page, "חבילה")
    expect(page.locator(".toast")).to_contain_text("becomes a case")
    page.keyboard.press("j")
    standing(page, "hotels")
    page.keyboard.press("e")
    standing(page, "AcmeLove")
    expect(page.locator(".hit")).to_have_count(2)
    page.keyboard.press("z")
    expect(page.locator(".hit")).to_have_count(3)
    assert states(desk) == ["case", "waiting", "waiting", "waiting"]
    page.locator(".hit", has_text="hotels").get_by_role("button", name="Not ours").click()
    expect(page.locator(".hit")).to_have_count(2)

    # A colleague is faster: the card comes back, says so, and offers nothing more.
    hit = page.locator(".hit", has_text="AcmeLove")
    other = hit.get_attribute("data-hit")
    lea = signed_in(desk, "lea", name="Lea")

    def faster() -> None:
        assert lea.send("POST", f"listening/{other}/case", {}).status == 200

    agent.before_write = faster
    hit.get_by_role("button", name="Not ours").click()
    expect(page.locator(".toast").last).to_contain_text("Lea has made a case of it.")
    expect(hit).to_contain_text("Somebody else has decided")
    expect(hit.get_by_role("button")).to_have_count(0)
    desk.fold()
    assert states(desk) == ["case", "waiting", "not_ours", "case"]
    assert len(desk.cases()) == 2

    page.get_by_role("link", name="Not ours").click()
    expect(page.locator(".hit")).to_contain_text(["Dana Ozola said that it is not ours"])
    page.get_by_role("button", name="Look at it again").click()
    expect(page.locator(".empty")).to_contain_text("Nothing was set aside yet.")
    page.get_by_role("link", name="Cases", exact=True).click()
    page.get_by_role("link", name="Open the case").first.click()
    expect(page.locator(".thread")).to_contain_text("AcmeLove")
    page.keyboard.press("Control+k")
    page.keyboard.type("listen")
    page.keyboard.press("Enter")
    expect(page.locator(".hit")).to_have_count(2)
    assert states(desk) == ["case", "waiting", "waiting", "case"]

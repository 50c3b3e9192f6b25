"""The line about the ledger beside the accounts: whether nothing was lost, in figures and words."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.e2e.fixed_desk import HEALTH, NOW, FixedDesk

ACCOUNT = {
    **HEALTH, "id": "1", "platform": "x", "platforms": ["x"], "handle": "acme", "name": "Acme", "state": "ok",
    "reason": "",
}  # fmt: skip
DAY = {
    "day": "2026-11-20", "received": 1234, "folded": 1220, "ignored": 9, "quarantined": 1, "review": 0, "late": 3,
    "open": 1, "missed": [{"account": "x/1", "events": 2}],
}  # fmt: skip


def proof(state: str, **more: Any) -> dict[str, Any]:
    return {
        "state": state, "since": "2026-11-01", "until": "2026-11-21", "checked_at": "2026-11-22T00:15:00.000Z",
        "open": [], "findings": [], "days": [DAY], **more,
    }  # fmt: skip


def said(page: Page, desk: FixedDesk, ledger: dict[str, Any]) -> str:
    """What the card says of it, on a screen that was left and come back to."""
    desk.ledger = ledger
    page.evaluate("location.hash = '#/open'")
    expect(page.locator(".ledger-card")).to_have_count(0)
    page.evaluate("location.hash = '#/settings/accounts'")
    expect(page.locator(f".ledger-card[data-ledger={ledger['state']}]")).to_be_visible()
    return page.locator(".ledger-card").inner_text()


def test_a_lead_sees_until_when_all_is_accounted_for_and_what_is_not(browser: Browser) -> None:
    desk = FixedDesk(browser, NOW, viewport={"width": 360, "height": 800})
    desk.roles, desk.accounts = ["lead"], [ACCOUNT]
    page = desk.open()
    expect(page.locator("main")).to_be_visible()
    assert "Balanced until 21 Nov 2026" in said(page, desk, proof("balanced"))
    page.locator(".ledger-card summary").click()
    day = page.locator(".ledger-days li")
    for part in ("20 Nov 2026", "came in 1,234", "in conversations 1,220", "set aside 9", "ended later 3", "open 1"):
        expect(day).to_contain_text(part)
    assert "for review" not in day.inner_text(), "what there is none of is not told"
    assert "Acme\u2069\u2069: 2 events were found by the poll alone" in day.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    words = said(page, desk, proof("open", until="2026-11-19", open=[{"day": "2026-11-20", "events": 1}]))
    assert "1 event of 20 Nov 2026 has not come to its end" in words and "until 19 Nov 2026" in words
    broken = proof("broken", findings=[{"day": "2026-11-20", "code": "event.missing", "sentence": "it is gone"}])
    words = said(page, desk, broken)
    assert "hark ledger verify" in words and "event.missing" in words and "Balanced" not in words
    assert "overdue" in said(page, desk, proof("late"))
    assert "night" in said(page, desk, proof("new", until=None, days=[]))
    desk.answers["GET ledger"] = [(500, {"code": "internal", "sentence": "x"})]
    page.evaluate("location.hash = '#/open'")
    page.evaluate("location.hash = '#/settings/accounts'")
    card = page.locator(".ledger-card")
    expect(card.get_by_role("alert")).to_be_visible()
    card.get_by_role("button").click()
    expect(page.locator(".ledger-card[data-ledger=new]")).to_be_visible()
    desk.close()

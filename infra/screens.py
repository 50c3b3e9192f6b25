"""`python -m infra.screens`: the pictures of the desk in docs/, taken from the running desk after the demo day."""

from __future__ import annotations

import re
import shutil
import sys
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Browser, Page, expect, sync_playwright

from infra.expand import ROOT
from infra.local import day
from infra.local.cloud import Cloud, Options, Ports
from infra.local.engine import free_port

DOCS = ROOT / "docs"
BROWSER_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
                     "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
CUSTOMER = "Kim Larsen"
REPLY = "Hi Kim, sorry for the wait! Parcel 4712 left Riga this morning and arrives tomorrow by noon. ^DO"
NOTE = "Depot: 4712 was held at customs, released today."
COMMENTER = "Grace O'Connor"
COMMENT = "The courier never came!"
IN_PRIVATE = "Hi Grace, may we have your phone number? The courier will call you before he comes. ^DO"
WIDE, PHONE = (1440, 900), (360, 740)
IN_PUBLIC = "Sorry Grace! We have written to you in private. ^DO"


@dataclass(frozen=True)
class Picture:
    """`customer`: whose conversation is open; `address`: another screen instead; `key`: pressed when all is there."""

    name: str
    size: tuple[int, int] = WIDE
    scheme: Literal["light", "dark"] = "light"
    customer: str = CUSTOMER
    address: str = ""
    key: str = ""
    person: str = "Dana Ozola"
    locale: str = "en-GB"


PICTURES = (
    Picture("desk-1440"),
    Picture("desk-1440-dark", scheme="dark"),
    Picture("desk-1440-hebrew", customer="נועה כהן", person="Noa Levi", locale="he-IL"),
    Picture("desk-1440-facebook", customer=COMMENTER),
    Picture("desk-360", PHONE),
    Picture("desk-360-list", PHONE, customer=""),
    Picture("desk-workflow", key="w"),
    Picture("desk-reports", customer="", address="/#/reports", person="Noa Levi"),
    Picture("desk-settings", customer="", address="/#/settings/routing", person="Noa Levi", scheme="dark"),
)


def _enter(browser: Browser, desk: str, picture: Picture) -> Page:
    width, height = picture.size
    context = browser.new_context(
        base_url=desk, viewport={"width": width, "height": height}, locale=picture.locale, timezone_id="Europe/Riga",
        color_scheme=picture.scheme,
    )  # fmt: skip
    page = context.new_page()
    page.goto("/auth/login?to=/")
    page.get_by_role("button", name=picture.person).click()
    page.wait_for_url(f"{desk}/**")
    page.goto("/#/open")
    expect(page.get_by_role("main").get_by_role("link").first).to_be_visible()
    return page


def _open(page: Page, customer: str, said: str = "") -> None:
    """By its address: only rows in sight are in the page."""
    rows = page.request.get("/api/v1/queue?view=open&limit=100").json()["items"]
    found = next(row["id"] for row in rows if customer in row["name"] and said in row["snippet"])
    page.goto(f"/#/open/{found}")
    expect(page.get_by_role("heading", name=re.compile(customer))).to_be_visible()


def _work(page: Page) -> str:
    """Something to look at: an answer and a note. Returns the address of the case, which has left the list's top."""
    _open(page, CUSTOMER)
    page.get_by_role("log").click()
    page.keyboard.press("i")
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Note for the team").click()
    page.get_by_role("textbox").first.fill(NOTE)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("log").get_by_text(NOTE)).to_be_visible()
    page.get_by_role("button", name="Public reply").click()
    page.get_by_role("textbox").first.fill(REPLY)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("log").get_by_text(REPLY)).to_be_visible()
    expect(page.get_by_text("Sent").or_(page.get_by_role("log").get_by_text("Dana Ozola")).first).to_be_visible()
    page.wait_for_timeout(6000)
    return page.url


def _answer_comment(page: Page) -> str:
    """A comment answered in private and in public. Returns the address of the case."""
    _open(page, COMMENTER, COMMENT)
    page.get_by_role("log").click()
    page.keyboard.press("i")
    page.wait_for_timeout(1500)
    for mode, text in (("Private reply", IN_PRIVATE), ("Public reply", IN_PUBLIC)):
        page.get_by_role("button", name=mode).click()
        page.get_by_role("textbox").first.fill(text)
        page.keyboard.press("Control+Enter")
        expect(page.locator(".bubble:not([data-reply])").filter(has_text=text)).to_be_visible()
    return page.url


def main() -> int:
    """Play the day, do a little work, take every picture."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("no chromium on this machine", file=sys.stderr)
        return 1
    options = Options(ports=Ports(free_port(), free_port(), 0))
    expect.set_options(timeout=30_000)
    with Cloud(options) as cloud, sync_playwright() as playwright:
        day.play(cloud.fakes, seconds=30)
        browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_ARGUMENTS)
        page = _enter(browser, cloud.desk, PICTURES[0])
        page.wait_for_timeout(5000)
        worked = {CUSTOMER: _work(page), COMMENTER: _answer_comment(page)}
        for picture in PICTURES:
            page = _enter(browser, cloud.desk, picture)
            if picture.customer in worked:
                page.goto(worked[picture.customer])
                expect(page.get_by_role("heading", name=re.compile(picture.customer))).to_be_visible()
            elif picture.customer:
                _open(page, picture.customer)
            elif picture.address:
                page.goto(picture.address)
            page.wait_for_timeout(2500)
            if picture.key:
                page.get_by_role("log").click()
                page.keyboard.press(picture.key)
                page.wait_for_timeout(2500)
            page.screenshot(path=DOCS / f"{picture.name}.png")
            print(f"docs/{picture.name}.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The desk in a real browser on the local cloud: what an agent does with it, by keyboard, and what is kept of it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.e2e.cloud import Desk, LocalCloud, until

expect.set_options(timeout=20_000)

WIDE, PHONE = (1440, 900), (360, 740)
HEBREW = "@acme החבילה שלי תקועה, מה קורה?"

OpenDesk = Callable[..., Page]


@pytest.fixture(scope="module")
def story(cloud: LocalCloud) -> dict[str, str]:
    """Four customers who wrote; their posts by handle."""
    posts = {}
    for handle, name, text in (
        ("noa_b", "נועה בר", HEBREW),
        ("ahmad_m", "أحمد", "@acme طلبي لم يصل، أين هو؟"),
        ("janis_k", "Jānis Kalns", "@acme kur ir mana paka, pasūtījums 88231?"),
        ("marina_s", "Марина", "@acme где моя посылка? https://example.com/order/1"),
    ):
        cloud.x("POST", "users", {"username": handle, "name": name})
        posts[handle] = cloud.x("POST", "posts", {"author": handle, "text": text})["id"]
    desk = cloud.signed_in("dana")
    until(lambda: len(open_rows(desk)) >= 4)
    return posts


@pytest.fixture
def open_desk(browser: Browser, cloud: LocalCloud) -> Iterator[OpenDesk]:
    """Opens the desk signed in; at the end of the test, anything the browser complained about fails it."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def opened(
        size: tuple[int, int] = WIDE, scheme: str = "light", person: str = "Dana Ozola", to: str = "open"
    ) -> Page:
        context = browser.new_context(
            base_url=cloud.desk, viewport={"width": size[0], "height": size[1]}, locale="en-GB",
            color_scheme="dark" if scheme == "dark" else "light", timezone_id="Europe/Riga", reduced_motion="reduce",
        )  # fmt: skip
        contexts.append(context)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.goto(f"/auth/login?to=/%23/{to}")
        page.get_by_role("button", name="Dana Ozola").click()
        page.wait_for_url(f"{cloud.desk}/**")
        page.goto(f"/#/{to}")

        def heard(message: ConsoleMessage) -> None:
            expected = "status of 409" in message.text  # a refusal the desk asks for and shows
            if message.type in ("error", "warning") and not expected:
                complaints.append(message.text)

        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        expect(page.get_by_role("navigation").first).to_be_visible()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def open_rows(desk: Desk) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = desk.get("/api/v1/queue", view="open", limit="100").json()["items"]
    return rows


def choose(page: Page, name: str) -> None:
    page.get_by_role("link").filter(has_text=name).first.click()
    expect(page.get_by_role("log")).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["1440", "360"])
def test_nothing_is_wider_than_the_screen(story: dict[str, str], open_desk: OpenDesk, size: tuple[int, int]) -> None:
    page = open_desk(size)
    choose(page, "Jānis Kalns")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_right_to_left_words_run_right_to_left_though_a_handle_stands_in_front(
    story: dict[str, str], open_desk: OpenDesk
) -> None:
    page = open_desk()
    choose(page, "נועה בר")
    said = page.get_by_role("log").locator("p.text").first
    assert said.evaluate("element => getComputedStyle(element).direction") == "rtl"
    choose(page, "Jānis Kalns")
    said = page.get_by_role("log").locator("p.text").filter(has_text="kur ir mana paka").first
    assert said.evaluate("element => getComputedStyle(element).direction") == "ltr"


def test_an_agent_answers_by_keyboard_alone_and_the_post_is_on_x_once(
    cloud: LocalCloud, story: dict[str, str], open_desk: OpenDesk
) -> None:
    page = open_desk()
    wanted = page.locator(".rows li").filter(has_text="Jānis Kalns").first
    for _ in range(int(wanted.get_attribute("aria-posinset") or "")):
        page.keyboard.press("j")
    expect(page.locator(".row[data-highlighted]")).to_contain_text("Jānis Kalns")
    page.keyboard.press("i")  # take it, should it belong to somebody else
    expect(page.locator(".row[data-highlighted]")).to_contain_text("Dana Ozola")
    page.keyboard.press("Enter")  # opens it and leads into the reply box
    expect(page.get_by_role("heading", name=re.compile("Jānis Kalns"))).to_be_visible()
    expect(page.get_by_role("textbox").first).to_be_focused()
    text = f"Paka būs rīt. ^DO {uuid.uuid4().hex[:6]}"
    page.keyboard.type(text)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("log").get_by_text(text)).to_be_visible()
    posted = until(lambda: [p for p in cloud.x("GET", "replies") if p["text"] == text])
    assert [p["in_reply_to"] for p in posted] == [story["janis_k"]]
    expect(page.get_by_role("textbox").first).to_have_value("")


def test_the_counter_counts_as_x_does_and_stops_at_its_limit(story: dict[str, str], open_desk: OpenDesk) -> None:
    page = open_desk()
    choose(page, "Марина")
    box = page.get_by_role("textbox").first
    send = page.get_by_role("button", name="Reply publicly")
    for text, left in (("日" * 140, "0"), ("👨‍👩‍👧‍👦", "278"), ("see example.com", "253")):
        box.fill(text)
        expect(page.locator(".counter")).to_contain_text(left)
    box.fill("日" * 141)
    expect(send).to_be_disabled()


def test_a_link_shows_its_price_before_it_is_sent(story: dict[str, str], open_desk: OpenDesk) -> None:
    page = open_desk()
    choose(page, "Марина")
    page.get_by_role("textbox").first.fill("See https://example.com/help")
    expect(page.get_by_text(re.compile(r"A link makes this .*0\.20"))).to_be_visible()


def test_a_draft_stays_with_its_case_and_its_mode_through_a_reload(story: dict[str, str], open_desk: OpenDesk) -> None:
    page = open_desk()
    choose(page, "أحمد")
    box = page.get_by_role("textbox").first
    box.fill("half an answer")
    page.get_by_role("button", name="Note for the team").click()
    expect(page.get_by_role("textbox").first).to_have_value("")
    page.reload()
    page.get_by_role("button", name="Public reply").click()
    expect(page.get_by_role("textbox").first).to_have_value("half an answer")
    choose(page, "Марина")
    expect(page.get_by_role("textbox").first).not_to_have_value("half an answer")


def test_somebody_else_wrote_meanwhile_and_the_draft_is_untouched(
    cloud: LocalCloud, story: dict[str, str], open_desk: OpenDesk
) -> None:
    cloud.x("POST", "users", {"username": "lost_lee", "name": "Lee Lost"})
    first = cloud.x("POST", "posts", {"author": "lost_lee", "text": "@acme where is it?"})
    dana = cloud.signed_in("dana")
    page = open_desk()
    expect(page.get_by_text(re.compile("new — show")).or_(page.get_by_text("Lee Lost")).first).to_be_visible()
    page.reload()
    choose(page, "Lee Lost")
    page.keyboard.press("i")
    page.wait_for_timeout(700)
    box = page.get_by_role("textbox").first
    box.fill("my careful answer")
    cloud.x("POST", "posts", {"author": "lost_lee", "text": "@acme oh, it has just come!", "in_reply_to": first["id"]})
    until(lambda: [r for r in open_rows(dana) if r["handle"] == "lost_lee" and r["talk"] == 2])
    box.press("Control+Enter")
    page.wait_for_timeout(1500)
    expect(page.get_by_text("oh, it has just come!").first).to_be_visible()
    expect(page.get_by_role("textbox").first).to_have_value("my careful answer")
    assert [p for p in cloud.x("GET", "replies") if p["text"] == "my careful answer"] == []


def test_done_can_be_undone(cloud: LocalCloud, story: dict[str, str], open_desk: OpenDesk) -> None:
    page = open_desk()
    choose(page, "أحمد")
    page.get_by_role("button", name="Done").first.click()
    page.get_by_role("button", name="Undo").click()
    desk = cloud.signed_in("dana")
    until(
        lambda: [
            r for r in desk.get("/api/v1/queue", view="open", limit="100").json()["items"] if r["handle"] == "ahmad_m"
        ]
    )

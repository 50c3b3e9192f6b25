"""What agents can write on each platform, and what the desk tells them of it, in a real browser."""

from __future__ import annotations

import random
import re
import unicodedata
from datetime import timedelta

import pytest
from hark.domain.verbs import Standing
from hark.providers.x.text import weighted_length
from playwright.sync_api import Page, expect

from tests.e2e.fixed_desk import HEALTH, HOUR, NEW_REPLY, NOW, MakeDesk, a

GRANTED = Standing(features=frozenset({"human_agent"}))


def modes(page: Page) -> list[str]:
    """The words on the modes, without their keys; a mode that cannot be used now says so."""
    expect(page.locator(".mode").first).to_be_visible()
    found: list[str] = page.locator(".mode").evaluate_all(
        "all => all.map((one) => [...one.childNodes].filter((n) => n.nodeName !== 'KBD' && !n.ariaHidden)"
        ".map((n) => n.textContent.trim()).filter(Boolean).join(' '))"
    )
    return found


def pressed(page: Page) -> str:
    return page.locator(".mode[aria-pressed=true]").inner_text().split("\n")[0]


# --- who reads it -------------------------------------------------------------------------------

OPENED = {
    ("x", "post"): ("Public reply", "public", "Everyone can read this…", "Reply publicly"),
    ("x", "direct"): ("Private message", "private", "Only Maya Cohen can read this…", "Send privately"),
    ("facebook", "comment"): ("Public reply", "public", "Everyone can read this…", "Reply publicly"),
    ("messenger", "direct"): ("Private message", "private", "Only Maya Cohen can read this…", "Send privately"),
    ("instagram", "comment"): ("Public reply", "public", "Everyone can read this…", "Reply publicly"),
    ("instagram", "direct"): ("Private message", "private", "Only Maya Cohen can read this…", "Send privately"),
    ("viber", "direct"): ("Private message", "private", "Only Maya Cohen can read this…", "Send privately"),
}
NAMES = {"x": "X", "facebook": "Facebook", "messenger": "Messenger", "instagram": "Instagram", "viber": "Viber"}


@pytest.mark.parametrize("where", OPENED, ids="-".join)
def test_a_conversation_opens_where_the_customer_spoke_and_says_in_four_ways_who_reads_it(
    made: MakeDesk, where: tuple[str, str]
) -> None:
    mode, audience, placeholder, send = OPENED[where]
    desk = made()
    desk.has("c1", a(*where))
    page = desk.open("c1")
    expect(page.locator(".mode[aria-pressed=true]")).to_contain_text(mode)
    composer = page.locator(".composer")
    expect(composer).to_have_attribute("data-audience", audience)
    box = page.get_by_role("textbox")
    assert re.sub("[\u2068\u2069]", "", box.get_attribute("placeholder") or "") == placeholder
    expect(page.get_by_role("button", name=send)).to_be_visible()
    expect(page.locator(".audience")).to_contain_text("Everyone" if audience == "public" else "Only Maya Cohen")
    for place in (".thread-head", "#row-c1"):
        expect(page.locator(f"{place} [data-audience]")).to_have_attribute("data-audience", audience)
        expect(page.locator(f"{place} .platform")).to_have_attribute("title", NAMES[where[0]])
    expect(page.locator(".thread-head .badge")).to_contain_text(NAMES[where[0]])


def test_public_private_and_note_differ_in_colour_and_icon(made: MakeDesk) -> None:
    desk = made()
    desk.has("c1", a("facebook", "comment"))
    page = desk.open("c1")
    looks = []
    for name in ("Public reply", "Private reply", "Note for the team"):
        page.get_by_role("button", name=name).click()
        send = page.locator(".button.send")
        colour = send.evaluate("one => getComputedStyle(one).backgroundColor")
        page.get_by_role("textbox").fill("x")
        colour = send.evaluate("one => getComputedStyle(one).backgroundColor")
        icon = page.locator(".mode[aria-pressed=true] > svg path").get_attribute("d")
        looks.append((colour, icon, send.inner_text().split("\n")[0]))
    for differing in zip(*looks, strict=True):
        assert len(set(differing)) == 3, differing


def test_a_draft_never_follows_from_private_into_public(made: MakeDesk) -> None:
    desk = made()
    desk.has("c1", a("facebook", "comment"))
    page = desk.open("c1")
    page.get_by_role("button", name="Private reply").click()
    page.get_by_role("textbox").fill("your order number is 4711")
    for other in ("Public reply", "Note for the team"):
        page.get_by_role("button", name=other).click()
        expect(page.get_by_role("textbox")).to_have_value("")
    page.get_by_role("button", name="Private reply").click()
    expect(page.get_by_role("textbox")).to_have_value("your order number is 4711")


@pytest.mark.parametrize(
    ("mode", "verb"), [("Public reply", "public_reply"), ("Private reply", "private_reply")], ids=["public", "private"]
)
def test_what_is_sent_names_the_verb_that_was_in_view(made: MakeDesk, mode: str, verb: str) -> None:
    desk = made()
    desk.has("c1", a("instagram", "comment"))
    page = desk.open("c1")
    page.get_by_role("button", name=mode).click()
    page.get_by_role("textbox").fill("Sorry!")
    page.get_by_role("textbox").press("Control+Enter")
    expect(page.get_by_role("textbox")).to_have_value("")
    assert desk.posted == [{"case": "c1", "text": "Sorry!", "seen": 1, "verb": verb}]


def test_a_failed_private_reply_is_edited_in_private(made: MakeDesk) -> None:
    desk = made()
    shown = desk.has("c1", a("facebook", "comment"))
    shown["replies"] = [{
        "id": "r1", "text": "for you only", "state": "failed", "at": shown["now"], "by": "Dana Ozola",
        "code": "refused", "sentence": "No.", "platform_id": "", "verb": "private_reply", "message": "71", **NEW_REPLY,
    }]  # fmt: skip
    page = desk.open("c1")
    expect(page.locator("[data-reply] .read-by")).to_contain_text("Private")
    page.get_by_role("button", name="Edit and send again").click()
    expect(page.locator(".composer")).to_have_attribute("data-audience", "private")
    expect(page.get_by_role("textbox")).to_have_value("for you only")
    page.get_by_role("button", name="Public reply").click()
    expect(page.get_by_role("textbox")).to_have_value("")


def test_the_keys_lead_into_the_answer_the_private_message_and_the_note(made: MakeDesk) -> None:
    desk = made()
    desk.has("c1", a("facebook", "comment"))
    page = desk.open("c1")
    box = page.get_by_role("textbox")
    expect(box).to_be_visible()
    for key, audience in (("p", "private"), ("n", "note"), ("r", "public")):
        page.locator("#thread-title").focus()
        page.keyboard.press(key)
        expect(page.locator(".composer")).to_have_attribute("data-audience", audience)
        expect(box).to_be_focused()
        expect(box).to_have_value("")


def test_where_nothing_private_can_be_written_its_key_says_so(made: MakeDesk) -> None:
    desk = made()
    desk.has("c1", a("x", "post"))
    page = desk.open("c1")
    expect(page.get_by_role("textbox")).to_be_visible()
    page.keyboard.press("p")
    expect(page.get_by_text("That is not possible in this conversation.")).to_be_visible()
    expect(page.locator(".composer")).to_have_attribute("data-audience", "public")


# --- until when, at what price, why not ---------------------------------------------------------


def test_a_closing_window_counts_down_by_the_minute_and_the_server_is_asked_at_its_end(made: MakeDesk) -> None:
    desk = made()
    subject = a("messenger", "direct", last_inbound_at=NOW - 23 * HOUR + timedelta(minutes=32))
    desk.has("c1", subject)
    page = desk.open("c1")
    page.get_by_role("textbox").fill("Hello")
    window = page.locator(".limits [data-due]")
    expect(window).to_have_text("Window closes in 1h 32m")
    desk.pass_time(page, timedelta(minutes=1))
    expect(window).to_have_text(re.compile("1h 31m|1h 30m"))
    desk.pass_time(page, timedelta(minutes=62))
    expect(window).to_have_attribute("data-due", "soon")
    desk.now += timedelta(minutes=30)
    desk.has("c1", subject)
    page.clock.run_for(timedelta(minutes=30) // timedelta(milliseconds=1))
    expect(page.locator(".composer .notice")).to_contain_text("has not granted our app")
    expect(page.get_by_role("textbox")).to_have_count(0)


def test_after_a_day_a_person_is_told_on_what_terms_they_write(made: MakeDesk) -> None:
    desk = made()
    desk.has("c1", a("instagram", "direct", last_inbound_at=NOW - 30 * HOUR), GRANTED)
    page = desk.open("c1")
    expect(page.locator(".remark")).to_contain_text("a person writes, for 7 days")
    expect(page.locator(".limits [data-due]")).to_have_text("Window closes in 5d 18h")
    expect(page.get_by_role("textbox")).to_be_editable()


def test_a_message_outside_a_session_shows_what_it_costs(made: MakeDesk) -> None:
    desk = made()
    priced = Standing(outside_session_usd=0.07)
    desk.has("c1", a("viber", "direct"), priced)
    desk.has("c2", a("viber", "direct", last_inbound_at=NOW - 25 * HOUR), priced)
    page = desk.open("c1")
    expect(page.locator(".price")).to_have_text("Free")
    page.goto("/#/open/c2")
    expect(page.locator(".price")).to_have_text("$0.07")
    expect(page.locator(".remark")).to_contain_text("takes money for this message")


def test_a_link_has_its_price_only_where_it_has_one(made: MakeDesk) -> None:
    desk = made()
    desk.has("c1", a("x", "post"))
    desk.has("c2", a("x", "direct"))
    page = desk.open("c1")
    expect(page.locator(".price")).to_have_text("$0.01 · with a link $0.20")
    page.get_by_role("textbox").fill("see https://example.com/help")
    expect(page.locator(".price")).to_have_text("A link makes this $0.20 instead of $0.01")
    page.goto("/#/open/c2")
    page.get_by_role("textbox").fill("see https://example.com/help")
    expect(page.locator(".price")).to_have_text("$0.015")


def test_what_cannot_be_done_says_why_and_leaves_what_can(made: MakeDesk) -> None:
    desk = made()
    link = "https://example.org/71"
    desk.has("c1", a("facebook", "comment", private_reply_sent=True, link=link))
    page = desk.open("c1")
    assert modes(page) == ["Public reply", "Private reply (not possible now)", "Note for the team"]
    page.get_by_role("button", name="Private reply").click()
    expect(page.locator(".composer .notice")).to_contain_text("one private reply to a comment")
    expect(page.get_by_role("textbox")).to_have_count(0)
    by_hand = page.get_by_role("link", name="Answer by hand on Facebook")
    expect(by_hand).to_have_attribute("href", link)


@pytest.mark.parametrize(
    ("platform", "surface", "name"),
    [("facebook", "review", "Facebook"), ("x", "encrypted", "X"), ("mastodon", "post", "mastodon")],
    ids=["a review", "an encrypted message", "a platform the desk does not know"],
)
def test_what_is_answered_by_hand_only_leads_there(made: MakeDesk, platform: str, surface: str, name: str) -> None:
    desk = made()
    desk.has("c1", a(platform, surface, link="https://example.org/71"))
    page = desk.open("c1")
    assert modes(page) == ["By hand", "Note for the team"]
    expect(page.get_by_role("link", name=f"Answer by hand on {name}")).to_be_visible()
    expect(page.locator(".thread-head .badge")).to_contain_text(name)


def test_by_hand_without_a_place_to_go_says_where_to_look(made: MakeDesk) -> None:
    desk = made()
    desk.has("c1", a("messenger", "direct", reachable=False))
    page = desk.open("c1")
    expect(page.locator(".composer .notice")).to_contain_text("cannot be written to on Messenger")
    expect(page.locator(".composer .hint")).to_contain_text("Open our inbox on Messenger")
    expect(page.locator(".composer a")).to_have_count(0)


def test_a_paused_account_takes_replies_and_says_that_they_wait(made: MakeDesk) -> None:
    """I23."""
    desk = made()
    desk.accounts = [{
        "id": "1", "platform": "facebook", "platforms": ["facebook", "messenger"], "handle": "", "name": "Acme",
        "state": "paused", "reason": "token_refused", **HEALTH,
    }]  # fmt: skip
    desk.has("c1", a("messenger", "direct"), Standing(paused="token_refused"))
    page = desk.open("c1")
    expect(page.locator(".bands")).to_contain_text("Facebook, Messenger · Acme")
    expect(page.locator(".remark")).to_contain_text("waits until an operator has mended it")
    page.get_by_role("textbox").fill("Hello")
    expect(page.locator(".button.send")).not_to_have_attribute("aria-disabled", "true")


# --- counting -----------------------------------------------------------------------------------

SAMPLES = [
    "", "plain", "ß ä ö ü €", "日本語", "שלום עולם", "مرحبا", "Привет", "👋", "👨‍👩‍👧‍👦", "🇱🇻", "e\u0301", "a\nb",
    "see https://example.com/help?x=1", "“quotes” … —", "𝒳" * 3,
]  # fmt: skip
COUNTED = {"characters": len, "utf8_bytes": lambda text: len(text.encode()), "x_weighted": weighted_length}


def random_texts(seed: int, count: int) -> list[str]:
    source = random.Random(seed)
    letters = [c for c in map(chr, range(0x20, 0x20000)) if unicodedata.category(c) not in ("Cs", "Cn", "Co")]
    return ["".join(source.choices(letters, k=source.randint(0, 40))) for _ in range(count)]


@pytest.mark.parametrize("counting", COUNTED)
def test_the_browser_counts_as_the_server_does(made: MakeDesk, counting: str) -> None:
    desk = made()
    desk.has("c1", a("x", "post"))
    page = desk.open("c1")
    expect(page.locator(".counter")).to_be_visible()  # X's rule is loaded
    texts = SAMPLES + (random_texts(7, 200) if counting != "x_weighted" else [])
    left = page.evaluate(
        """async ([texts, counting]) => {
          const { measure } = await import("/a/1/core/counting.js");
          return texts.map((text) => measure(text, { counting, limit: 1000 }).left);
        }""",
        [texts, counting],
    )
    assert [1000 - each for each in left] == [COUNTED[counting](text) for text in texts]


@pytest.mark.parametrize(
    ("where", "limit", "unit"),
    [
        (("x", "direct"), 10_000, "characters"),
        (("messenger", "direct"), 2_000, "characters"),
        (("instagram", "comment"), 300, "characters"),
        (("instagram", "direct"), 1_000, "bytes"),
        (("viber", "direct"), 7_000, "characters"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else str(value),
)
def test_the_counter_goes_by_the_verbs_own_limit_and_stops_at_it(
    made: MakeDesk, where: tuple[str, str], limit: int, unit: str
) -> None:
    desk = made()
    desk.has("c1", a(*where))
    page = desk.open("c1")
    box, send = page.get_by_role("textbox"), page.locator(".button.send")
    fitting = limit // 2 if unit == "bytes" else limit
    box.fill("ж" * fitting)
    expect(page.locator(".counter")).to_contain_text(f"0 {unit} left")
    expect(send).not_to_have_attribute("aria-disabled", "true")
    box.fill("ж" * (fitting + 1))
    expect(page.locator(".counter")).to_contain_text("too long")
    expect(send).to_have_attribute("aria-disabled", "true")
    box.press("Control+Enter")
    assert desk.posted == []

"""The desk in each of its languages: every word there, in its direction, on any screen, and nothing of another."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from hark.domain.notice_words import LANGUAGES
from hark.domain.reasons import SENTENCES
from hark.domain.time import text as time_text
from playwright.sync_api import Page, expect

from tests.e2e.fixed_desk import FRONTEND, HOUR, NOW, FixedDesk, MakeDesk, a

expect.set_options(timeout=60_000)

LOCALES = {"en": "en-GB", "lv": "lv-LV", "ru": "ru-RU", "ms": "ms-MY", "he": "he-IL", "ar": "ar-EG"}
WIDE, PHONE, NARROW = (1440, 900), (360, 740), (320, 640)
UNFILLED = re.compile(r"\{\w+\}|undefined|\[object|NaN")
PANES = ".queue, .conversation, .pane-head, .thread-head, .actions, .composer, .modes, .send-line, .views, dialog"


def words(language: str, folder: str = "") -> dict[str, Any]:
    read: dict[str, Any] = json.loads((FRONTEND / "i18n" / folder / f"{language}.json").read_text(encoding="utf-8"))
    return read


def desk_in(made: MakeDesk, language: str, size: tuple[int, int], **context: Any) -> FixedDesk:
    """A queue with what makes rows and heads long: late, urgent, held, told to the lead, in three scripts."""
    desk = made(locale=LOCALES[language], viewport={"width": size[0], "height": size[1]}, **context)
    desk.context.set_default_timeout(60_000)
    late, soon = time_text(NOW - 3 * HOUR), time_text(NOW + timedelta(minutes=12))
    desk.has("c1", a("facebook", "comment"), due_at=late, priority=1, escalation="lead", reminders=3, unread=12,
             name="Александра Константинопольская", handle="aleksandra_konst")  # fmt: skip
    desk.has("c2", a("instagram", "direct"), due_at=soon, priority=2, reply_state="human", name="נועה כהן",
             snippet="איפה החבילה שלי?", language="he")  # fmt: skip
    desk.has("c3", a("x", "mention"), awaiting="them", approval="waiting", escalation="team", name="Jānis Kalniņš")
    desk.conversations["c3"]["case"]["approval"] = ""
    return desk


def all_said(page: Page) -> str:
    """Everything that is read on the page, by eye or by a screen reader."""
    said: str = page.evaluate(
        """() => [document.title, document.body.innerText, ...[...document.querySelectorAll("*")].flatMap((one) =>
            ["title", "aria-label", "placeholder", "alt"].map((name) => one.getAttribute(name) ?? ""))].join("\\n")"""
    )
    return said


def too_wide(page: Page) -> list[str]:
    """What does not fit: the page itself, or a pane whose contents run out of it."""
    found: list[str] = page.evaluate(
        """(panes) => [document.documentElement, ...document.querySelectorAll(panes)]
            .filter((one) => one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1)
            .map((one) => `${one.tagName}.${one.className} ${one.scrollWidth} > ${one.clientWidth}`)""",
        PANES,
    )
    return found


def opened(desk: FixedDesk, case_id: str = "") -> Page:
    page = desk.open(case_id)
    expect(page.locator("#row-c1")).to_be_attached()
    if case_id:
        expect(page.locator("#reply-box")).to_be_visible()
    return page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_desk_is_in_the_browsers_language_and_loads_no_other(made: MakeDesk, language: str) -> None:
    desk = desk_in(made, language, WIDE)
    asked: list[str] = []
    desk.context.on("request", lambda request: asked.append(request.url))
    told = [
        {"code": code, "sentence": said, "at": "2026-11-22T11:00:00Z"}
        for code, said in (("triage.complaint", SENTENCES["triage.complaint"]), ("a.new", "Said by a newer server."))
    ]
    desk.conversations["c1"]["case"]["reasons"] = told
    desk.conversations["c1"]["history"] = [{**line, "by": "", "tag": ""} for line in told]
    page = opened(desk, "c1")
    root = page.locator("html")
    expect(root).to_have_attribute("lang", language)
    expect(root).to_have_attribute("dir", "rtl" if language in ("he", "ar") else "ltr")
    expect(page.get_by_role("button", name=words(language)["action.snooze"])).to_be_visible()
    expect(page.locator("nav.views")).to_contain_text(words(language)["view.mine"])
    assert not UNFILLED.search(all_said(page)), UNFILLED.search(all_said(page))
    page.get_by_role("button", name=words(language)["action.snooze"]).click()
    expect(page.get_by_role("dialog", name=words(language, "later")["snooze.title"])).to_be_visible()
    assert not UNFILLED.search(all_said(page))
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name=words(language, "later")["key.title"])).to_be_visible()
    assert not UNFILLED.search(all_said(page))
    loaded = {url.split("/i18n/")[1] for url in asked if "/i18n/" in url}
    reasons = set() if language == "en" else {f"reasons/{language}.json"}
    assert loaded == {f"{language}.json", f"later/{language}.json"} | reasons
    own = SENTENCES if language == "en" else words(language, "reasons")
    said = [own["triage.complaint"], told[1]["sentence"]]
    expect(page.locator(".desk > .about .reasons bdi")).to_have_text(said)
    expect(page.locator(".desk > .about .history bdi")).to_have_text(said[::-1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_plural_form_is_missing_in_this_browser(made: MakeDesk, language: str) -> None:
    page = opened(desk_in(made, language, WIDE))
    forms = page.evaluate("(tag) => new Intl.PluralRules(tag).resolvedOptions().pluralCategories", language)
    entries = {**words(language), **words(language, "later")}
    assert {frozenset(entry) for entry in entries.values() if isinstance(entry, dict)} == {frozenset(forms)}
    said = page.evaluate(
        """async () => {
          const { t } = await import("/a/1/core/i18n.js");
          return [0, 1, 2, 3, 5, 11, 21, 22, 100, 1.5].map((n) => t("unread", { n }));
        }"""
    )
    assert all(said) and not any(UNFILLED.search(one) for one in said)
    assert len(set(said)) > 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_queue_and_conversation_fit_wide_and_on_a_phone(made: MakeDesk, language: str) -> None:
    page = opened(desk_in(made, language, PHONE))
    assert too_wide(page) == []
    page.locator("#row-c1").click()
    expect(page.locator("#reply-box")).to_be_visible()
    assert too_wide(page) == []
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    assert too_wide(page) == []


@pytest.mark.parametrize("language", ["ru", "he"])
def test_letters_of_twice_the_size_fit_on_the_narrowest_screen(made: MakeDesk, language: str) -> None:
    desk = desk_in(made, language, NARROW)
    page = opened(desk)
    page.evaluate("document.documentElement.style.fontSize = '32px'")
    assert too_wide(page) == [], "the queue"
    page.locator("#row-c1").click()
    expect(page.locator("#reply-box")).to_be_visible()
    assert too_wide(page) == [], "the conversation"


def test_a_language_is_chosen_on_the_device_and_the_draft_stays(made: MakeDesk) -> None:
    desk = desk_in(made, "en", WIDE)
    page = opened(desk, "c1")
    page.locator("#reply-box").fill("half an answer")
    page.get_by_role("button", name="Dana Ozola").click()
    choice = page.get_by_label(words("en", "later")["account.language"])
    expect(choice).to_have_value("")
    with page.expect_navigation():
        choice.select_option(label="עברית")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("#reply-box")).to_have_value("half an answer")
    page.get_by_role("button", name="Dana Ozola").click()
    choice = page.get_by_label(words("he", "later")["account.language"])
    expect(choice).to_have_value("he")
    with page.expect_navigation():
        choice.select_option("")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_numbers_and_dates_are_the_agents_own(made: MakeDesk) -> None:
    egypt = opened(desk_in(made, "ar", WIDE))
    expect(egypt.locator("#row-c1 .unread [aria-hidden]")).to_have_text("١٢")
    russia = opened(desk_in(made, "ru", WIDE), "c1")
    expect(russia.locator(".bubble time").first).to_have_attribute("title", re.compile("воскресенье, 22 ноября 2026"))


def test_nothing_is_said_in_another_language_first(made: MakeDesk) -> None:
    desk = desk_in(made, "ru", WIDE)
    page = desk.context.new_page()
    page.add_init_script(
        """window.seen = new Set();
        new MutationObserver(() => window.seen.add(document.querySelector(".queue h2")?.textContent ?? ""))
          .observe(document, { subtree: true, childList: true, characterData: true });"""
    )
    page.clock.install(time=NOW)
    page.goto("http://127.0.0.1:9/#/open/")
    expect(page.locator("#row-c1")).to_be_visible()
    assert set(page.evaluate("[...window.seen]")) <= {"", words("ru")["view.open"]}

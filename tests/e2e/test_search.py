"""Search of a view: what matches what in six languages, and the dialog over a list of more than one page."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.fixed_desk import ORIGIN, FixedDesk, MakeDesk, a
from tests.e2e.soundness import forgive

TEXTS = {
    "en": ("Café “Zoë’s” owes me £12 – straße", ("cafe zoe's", "CAFÉ", "STRASSE 12", "owes £12")),
    "lv": ("Ķēniņa: kur ir mana paciņa, šķūņa žogs", ("kenina pacina", "ĶĒNIŅA", "skuna zogs", "Skūņa")),
    "ru": ("Где моя посылка? Ещё Фёдор ждёт", ("ФЕДОР", "еще ждет", "посылк где")),
    "ms": ("Bungkusan saya belum sampai, tolong!", ("BUNGKUSAN tolong", "sampai, saya")),
    "he": ("שָׁלוֹם, היכן החבילה שלי? צה״ל", ("שלום", "חבילה שלומ", 'צה"ל', "שָׁלוֹם")),
    "ar": ("أَيْنَ طـــلبي رقم ٨٨٢٣١ إلى المدينة؟", ("اين طلبي", "88231", "الي المدينه", "٨٨٢٣١")),
}
"""A text in each language, and what people type to find it."""

LAWS = """async (texts) => {
  const { fold, holds, piecesOf, wordsOf } = await import("/a/1/core/matching.js");
  const wrong = [];
  const check = (right, ...what) => right || wrong.push(what.join(" | "));
  for (const [text, typed] of texts) {
    check(fold(fold(text)) === fold(text), "folding twice", text);
    for (const form of ["NFC", "NFD", "NFKD"]) check(fold(text.normalize(form)) === fold(text), form, text);
    check(fold(text.toUpperCase()) === fold(text), "capitals", text);
    for (const words of typed) {
      check(wordsOf(words).length > 0 && holds([text], wordsOf(words)), "not found", words, text);
      check(!holds([text], wordsOf(`${words} qqq`)), "one word is missing", words, text);
      check(piecesOf(text, wordsOf(words)).some(({ found }) => found), "not marked", words, text);
    }
    const letters = [...text];
    for (let from = 0; from < letters.length; from += 1) {
      const [head, tail] = [letters.slice(0, from).join(""), letters.slice(from).join("")];
      check(fold(head) + fold(tail) === fold(text), "not letter by letter", head, tail);
      for (let to = from + 1; to <= letters.length; to += 1) {
        const words = wordsOf(letters.slice(from, to).join(""));
        check(holds([text], words), "a part of it", words, text);
        const pieces = piecesOf(text, words);
        check(pieces.map((piece) => piece.text).join("") === text, "pieces are not the text", words, text);
        const lit = pieces.filter(({ found }) => found).map((piece) => fold(piece.text)).join(" ");
        check(words.every((word) => lit.includes(word)), "the mark is not what was typed", words, lit);
        check(pieces.every(({ text: cut }) => !/^\\p{M}/u.test(cut)), "cut inside a letter", words, text);
      }
    }
  }
  return wrong;
}"""


@pytest.fixture
def desk(made: MakeDesk) -> FixedDesk:
    """130 conversations: the list has 25 of them, the last three stand behind the first full page after these."""
    made_desk = made()
    for number in range(130):
        row: dict[str, Any] = {"name": f"Customer {number}", "handle": f"c_{number}", "snippet": "Where is it?"}
        platform, surface = "x", "post"
        if number == 5:
            row = {"name": "Līga Ķēniņa", "snippet": "Kur ir mana paciņa?", "language": "lv", "tags": ["vip", "late"]}
        if number == 128:
            row = {"name": "נועה בר", "handle": "noa_b", "snippet": "היכן החבילה שלי 88231?", "language": "he"}
            platform, surface = "instagram", "direct"
        made_desk.has(f"n{number}", a(platform, surface), **row)
    return made_desk


def with_keys(desk: FixedDesk) -> Page:
    """The list with its first row under the keyboard, once the keys are heard: they come after the list."""
    page = desk.open()
    page.wait_for_function(
        """() => { document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "?", bubbles: true }));
                   return document.querySelector("dialog[open]") !== null; }"""
    )
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator(".row").first.focus()
    return page


def searching(page: Page, typed: str) -> None:
    page.keyboard.press("/")
    expect(page.get_by_role("dialog", name="Search: All open").get_by_role("combobox")).to_be_focused()
    page.keyboard.type(typed)


def test_what_is_typed_finds_texts_of_six_languages_and_is_marked_in_them(made: MakeDesk) -> None:
    page = made().open()
    assert page.evaluate(LAWS, list(TEXTS.values())) == []


def test_a_conversation_is_found_in_the_list_and_beyond_it(desk: FixedDesk) -> None:
    page = with_keys(desk)
    first = page.locator("#row-n0")
    dialog, options = page.get_by_role("dialog"), page.get_by_role("option")
    searching(page, "KENINA paci")
    expect(options).to_have_count(1)
    expect(options.locator("mark")).to_have_text(["Ķēniņa", "paci"])
    expect(dialog.get_by_role("status")).to_have_text("1 found. 130 conversations searched.")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(first).to_be_focused()
    searching(page, "kenina LATE")
    expect(options).to_have_count(1)
    expect(options.locator("mark")).to_have_text(["Ķēniņa", "late"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"{ORIGIN}/#/open/n5")
    expect(page.locator("#row-n5")).to_be_focused()
    searching(page, "customer")
    expect(options).to_have_count(20)
    expect(dialog.get_by_role("status")).to_contain_text("There may be more: type another word.")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.type(" nobody")
    expect(dialog.get_by_role("status")).to_have_text("Nothing found. 130 conversations searched.")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    cut = desk.context

    def lost(route: Route) -> None:
        route.abort()

    cut.route("**/queue?*cursor=*", lost)
    searching(page, "instagram 88231")
    expect(dialog.get_by_role("alert")).to_be_visible()
    expect(options).to_have_count(0)
    forgive(desk, "ERR_FAILED")
    cut.unroute("**/queue?*cursor=*", lost)
    dialog.get_by_role("button", name="Try again").click()
    expect(options.locator("mark")).to_have_text("88231")
    options.click()
    page.wait_for_url(f"{ORIGIN}/#/open/n128")
    expect(page.locator("#thread-title")).to_contain_text("נועה בר")


def test_search_stops_at_its_limit_and_says_so(made: MakeDesk) -> None:
    desk = made()
    shown = desk.has("n0", a("x", "post"))["case"]
    row = {name: value for name, value in shown.items() if name not in ("reasons", "generation", "triage")}

    def endless(route: Route) -> None:
        """A view without an end, 100 rows a page."""
        start = int(route.request.url.partition("cursor=")[2] or 0)
        items = [{**row, "id": f"m{number}"} for number in range(start, start + 100)]
        counts = {"mine": 0, "unassigned": 9_999, "open": 9_999, "snoozed": 0}
        route.fulfill(json={"items": items, "next": str(start + 100), "counts": counts, "now": shown["updated_at"]})

    desk.context.route("**/queue?*", endless)
    page = with_keys(desk)
    searching(page, "nobody")
    said = "Nothing found. 2,000 conversations searched. What comes after these was not searched."
    expect(page.get_by_role("dialog").get_by_role("status")).to_have_text(said)

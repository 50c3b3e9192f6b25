"""Shortcuts are where their letters are, whatever layout the keyboard has; what types letters is never a shortcut."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.fixed_desk import NOW, FixedDesk, a

expect.set_options(timeout=60_000)

CODES = "QWERTYUIOP" + "ASDFGHJKL" + "ZXCVBNM"
LAM_ALEF = "\N{ARABIC LETTER LAM}\N{ARABIC LETTER ALEF}"
LAYOUTS: dict[str, list[str]] = {
    "US": [*"qwertyuiopasdfghjklzxcvbnm"],
    "AZERTY": [*"azertyuiopqsdfghjklwxcvbn,"],
    "Dvorak": [*"',.pyfgcrlaoeuidhtn;qjkxbm"],
    "Latvian": [*"qwertyuiopasdfghjklzxcvbnm"],
    "Russian": [*"йцукенгшщзфывапролдячсмить"],
    "Hebrew": [*"/'קראטוןםפשדגכעיחלךזסבהנמצ"],
    "Arabic": [*"ضصثقفغعهخحشسيبلاتنمئءؤر", LAM_ALEF, *"ىة"],
}
"""What each of the 26 keys types, by its place on the US layout."""
BESIDE = {"AZERTY": {"m": "Semicolon"}, "Dvorak": {"s": "Semicolon", "w": "Comma", "v": "Period", "z": "Slash"}}
"""Letters that a layout has on other keys."""
WITH_ALT_GR = {
    "Latvian": {"KeyA": "ā", "KeyE": "ē", "KeyI": "ī", "KeyU": "ū", "KeyN": "ņ", "KeyK": "ķ", "KeyG": "ģ", "KeyC": "č"},
    "US": {"KeyA": "á", "KeyP": "ö", "KeyN": "ñ", "KeyU": "ú"},
}

MATCH = """async ([events, previous]) => {
  const { matchKey } = await import("/a/1/core/keys.js");
  const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  const state = { typing: false, letters: true };
  return events.map((event) => matchKey({ ...plain, ...event }, previous, state).command);
}"""
PRESS = """(event) => document.body.dispatchEvent(
  new KeyboardEvent("keydown", { bubbles: true, cancelable: true, composed: true, ...event })
)"""


def pressed(layout: str, letter: str) -> dict[str, Any]:
    """What the browser reports for the key on which somebody with this layout finds the letter."""
    keys = dict(zip(CODES, LAYOUTS[layout], strict=True))
    if letter in BESIDE.get(layout, {}):
        return {"key": letter, "code": BESIDE[layout][letter]}
    place = next((code for code, key in keys.items() if key == letter), letter.upper())
    return {"key": keys[place], "code": f"Key{place}"}


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One desk for all: no test leaves a dialog open or changes a case."""
    desk = FixedDesk(browser, NOW)
    desk.context.set_default_timeout(60_000)
    desk.has("c1", a("x", "comment"))
    opened = desk.open("c1")
    expect(opened.locator("#reply-box")).to_be_visible()
    # The keys are loaded after the list; the dialog that "?" opens shows that they are heard.
    opened.wait_for_function(
        """() => { document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "?", bubbles: true }));
                   return document.querySelector("dialog[open]") !== null; }"""
    )
    close_dialog(opened)
    yield opened
    desk.close()


def close_dialog(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)


def bindings(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate('import("/a/1/core/keys.js").then(({ BINDINGS }) => BINDINGS)')
    return found


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_letter_does_the_same_on_every_layout(page: Page, layout: str) -> None:
    letters = sorted({b["keys"][0] for b in bindings(page) if len(b["keys"]) == 1 and b["keys"][0].isalpha()} & set(
        "abcdefghijklmnopqrstuvwxyz"
    ))  # fmt: skip
    assert len(letters) > 12
    wanted = page.evaluate(MATCH, [[pressed("US", letter) for letter in letters], ""])
    assert all(wanted)
    found = page.evaluate(MATCH, [[pressed(layout, letter) for letter in letters], ""])
    assert dict(zip(letters, found, strict=True)) == dict(zip(letters, wanted, strict=True))
    shifted = [{**pressed(layout, "x"), "shiftKey": True}, {**pressed("US", "x"), "key": "X", "shiftKey": True}]
    assert page.evaluate(MATCH, [shifted, ""]) == ["select.range"] * 2
    assert page.evaluate(MATCH, [[{**event, "ctrlKey": True} for event in shifted], ""]) == [""] * 2
    second = sorted({b["keys"][1] for b in bindings(page) if len(b["keys"]) == 2})
    assert len(second) > 8
    wanted = page.evaluate(MATCH, [[pressed("US", letter) for letter in second], "g"])
    assert all(command.startswith("go.") or command == "accounts" for command in wanted)
    assert page.evaluate(MATCH, [[pressed(layout, letter) for letter in second], "g"]) == wanted


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_key_does_what_another_key_is_for(page: Page, layout: str) -> None:
    latin = layout in ("US", "AZERTY", "Dvorak", "Latvian")
    for code, key in zip(CODES, LAYOUTS[layout], strict=True):
        (found,) = page.evaluate(MATCH, [[{"key": key, "code": f"Key{code}"}], ""])
        meant = key if latin or key == "/" else code.lower()
        (wanted,) = page.evaluate(MATCH, [[{"key": meant, "code": f"Key{meant.upper()}"}], ""])
        assert found == wanted, f"{layout}: {key} on Key{code}"


def test_question_mark_and_command_keys_are_found_in_every_script(page: Page) -> None:
    marks = [{"key": "?", "code": code, "shiftKey": True} for code in ("Slash", "Comma", "Digit7")]
    marks.append({"key": "؟", "code": "Slash", "shiftKey": True})
    assert set(page.evaluate(MATCH, [marks, ""])) == {"shortcuts"}
    for layout in LAYOUTS:
        event = {**pressed(layout, "k"), "ctrlKey": True}
        assert page.evaluate(MATCH, [[event], ""]) == ["palette"], layout


@pytest.mark.parametrize("layout", WITH_ALT_GR)
def test_what_alt_gr_types_is_no_shortcut(page: Page, layout: str) -> None:
    """Linux tells of AltGr alone, Windows of Ctrl and Alt, macOS of Alt; a dead key tells of nothing at all."""
    for code, key in WITH_ALT_GR[layout].items():
        for held in ({"modifierAltGraph": True}, {"ctrlKey": True, "altKey": True, "modifierAltGraph": True},
                     {"altKey": True}, {}):  # fmt: skip
            assert page.evaluate(PRESS, {"key": key, "code": code, **held}), f"{key} {held} was taken from the page"
    assert page.locator("dialog").count() == 0
    assert not page.evaluate("document.activeElement.matches('#reply-box')")


def test_alt_and_half_composed_text_are_no_shortcuts(page: Page) -> None:
    for letter in "jkurpneaihmcgz":
        assert page.evaluate(PRESS, {"key": letter, "code": f"Key{letter.upper()}", "altKey": True})
        assert page.evaluate(PRESS, {"key": letter, "code": f"Key{letter.upper()}", "modifierAltGraph": True})
        assert page.evaluate(PRESS, {"key": letter, "code": f"Key{letter.upper()}", "isComposing": True})
        assert page.evaluate(PRESS, {"key": "Process", "code": f"Key{letter.upper()}"})
    assert page.locator("dialog").count() == 0
    assert not page.evaluate("document.activeElement.matches('#reply-box')")


@pytest.mark.parametrize("layout", ["Russian", "Hebrew", "Arabic", "Dvorak"])
def test_a_press_on_another_layout_reaches_the_desk(page: Page, layout: str) -> None:
    assert not page.evaluate(PRESS, pressed(layout, "h")), "the page took it"
    expect(page.locator("dialog[open]")).to_be_visible()
    close_dialog(page)
    page.evaluate("document.activeElement.blur()")
    page.evaluate(PRESS, pressed(layout, "n"))
    expect(page.locator("#reply-box")).to_be_focused()
    page.evaluate("document.activeElement.blur()")

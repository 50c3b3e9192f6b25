"""What people do at the desk again and again, by keyboard: through the list, into a conversation, into the palette."""

from __future__ import annotations

import os
from typing import Any

from hark.domain.case import Case
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.keyboard import AtTheKeyboard, Seat
from tests.e2e.outside import Outside
from tests.e2e.real_desk import ORIGIN

SCREENS = [("en", 1440), ("he", 360), ("en", 360), ("he", 1440)][: 4 if os.environ.get("HARK_ALL_SCREENS") else 2]
"""Language of the desk and width of the window; who has it in Hebrew has a Hebrew keyboard. The gate takes two."""
STEPS_TO = """(row) => {
  const rows = [...document.querySelectorAll(".row")];
  return rows.indexOf(row) - rows.findIndex((one) => "highlighted" in one.dataset);
}"""
"""How far down a row is from where the list's highlight is; before the first row when it is nowhere."""
LOCALES = {"en": "en-GB", "he": "he-IL"}


def take_a_seat(browser: Browser, outside: Outside, member: str, language: str, width: int) -> Seat:
    """A browser in which the member is signed in."""
    window = {"width": width, "height": 800}
    given: dict[str, Any] = {"locale": LOCALES[language], "viewport": window, "permissions": ["notifications"]}
    return Seat(browser, outside.desk, member, **given)


class AtTheDesk(AtTheKeyboard):
    """Somebody before the desk."""

    def row(self, case: Case) -> Locator:
        return self.page.locator(f"#row-{case.id}")

    @property
    def box(self) -> Locator:
        return self.page.locator("#reply-box")

    def stands_on(self, case: Case) -> None:
        """Goes there with j and k."""
        target = self.row(case)
        expect(target).to_be_visible()
        for _ in range(3):  # the list may have changed on the way
            step = int(target.evaluate(STEPS_TO))
            if step == 0 and not self.look(target.element_handle()):
                self.press("k", "j")
            for _ in range(abs(step)):
                self.press("j" if step > 0 else "k")
        self.on(target)

    def opens(self, case: Case) -> None:
        """From the list, into the box."""
        self.stands_on(case)
        self.press("Enter")
        self.on(self.box)
        expect(self.page).to_have_url(f"{ORIGIN}/#/open/{case.id}")

    def leaves_the_box(self) -> None:
        """To the choice of what to write: the conversation stays open, letters are keys again."""
        self.press("Shift+Tab")
        expect(self.box).not_to_be_focused()

    def back_to_the_list(self, case: Case) -> None:
        self.press("Escape")
        self.on(self.row(case))
        if self.narrow:
            expect(self.page.locator(".conversation")).not_to_be_visible()

    def sends(self, text: str) -> None:
        self.write(text)
        self.press("Control+Enter")

    def by_name(self, key: str) -> None:
        """A command of the palette, by its name."""
        self.press("Control+k")
        self.on(self.page.locator("dialog [role=combobox]"))
        self.write(self.say(key))
        palette = self.page.get_by_role("heading", name=self.say("palette.title"))
        self.press("Enter")
        self.sees(palette, gone=True)

    def bubble(self, text: str) -> Locator:
        return self.page.locator(".bubble").filter(has_text=text)

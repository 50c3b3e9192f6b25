"""A person at the desk who has a keyboard and nothing else: no mouse, no finger, no script that helps along.

The test's own hands are tied (`mouse_taken_away`), and the page tells of any pointer and of any focus that the desk did
not give itself, by an error on its console, which fails the test. After each key it has to hold that the keyboard is
somewhere, that whoever looks can see where, and that nothing is wider than the screen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import ElementHandle, Frame, Locator, Mouse, Page, Route, Touchscreen, expect

from infra.expand import ROOT
from tests.e2e.real_desk import RealDesk

HANDS = (
    "blur", "check", "clear", "click", "dblclick", "dispatch_event", "drag_and_drop", "drag_to", "fill", "focus",
    "hover", "press", "press_sequentially", "scroll_into_view_if_needed", "select_option", "select_text",
    "set_checked", "set_input_files", "tap", "type", "uncheck",
)  # fmt: skip
MOUSE = ("click", "dblclick", "down", "move", "up", "wheel")
WITNESS = """(() => {
  const seen = (what) => console.error(`not by keyboard: ${what}`);
  for (const kind of ["pointerdown", "mousedown", "mousemove", "touchstart", "wheel"]) {
    addEventListener(kind, () => seen(kind), { capture: true });
  }
  for (const name of ["focus", "click", "blur"]) {
    const real = HTMLElement.prototype[name];
    HTMLElement.prototype[name] = function (...how) {
      if (!new Error().stack.includes("/a/")) seen(`${name}() by a script that is not the desk's`);
      return real.apply(this, how);
    };
  }
})()"""
LOOK = """(wanted) => {
  const at = document.activeElement, page = document.documentElement;
  const place = (at ?? document.body).getBoundingClientRect(), style = getComputedStyle(at ?? document.body);
  const inside = at?.closest(".picker, .menu") ? at.closest(".picker, .menu").getBoundingClientRect() : place;
  // The browser itself marks a state of a drawing, the parts of a date, and titles need no mark.
  const drawn = at instanceof SVGElement || at?.matches("h1, h2, dialog, input[type=date], input[type=time]")
    || parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== "none";
  const middle = [place.left + place.width / 2, place.top + Math.min(place.height, innerHeight) / 2];
  const over = document.elementFromPoint(...middle);
  const fits = page.scrollWidth <= page.clientWidth;
  const wide = [...document.querySelectorAll("main.screen, .thread, .composer, .scroller, dialog, .dialog-body")]
    .filter((one) => one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1);
  return {
    lost: !at || at === document.body || !at.isConnected,
    shown: drawn && place.width > 1 && place.height > 1,
    inSight: inside.bottom > 0 && inside.right > 0 && inside.top < innerHeight && inside.left < innerWidth,
    fits: fits && wide.length === 0,
    wide: fits ? wide.map((one) => one.className || one.tagName).join() : `page ${page.scrollWidth}`,
    covered: Boolean(over?.closest(".toasts") && !at?.closest(".toasts") && place.height < 200),
    here: at === wanted,
    where: at ? `<${at.tagName.toLowerCase()} #${at.id} .${at.getAttribute("class")}> ${
      (at.getAttribute("aria-label") ?? at.textContent ?? "").trim().slice(0, 60)}` : "",
  };
}"""
ON_HEBREW = dict(zip("qwertyuiopasdfghjklzxcvbnm,.;", "/'קראטוןםפשדגכעיחלךזסבהנמצתץף", strict=True))
"""What each key of the US layout types on the Hebrew one (SI 1452)."""
CODES = {",": "Comma", ".": "Period", ";": "Semicolon"}
IDENTITY_PROVIDER = (
    '<!doctype html><html lang="en"><title>Sign in</title><link rel="icon" href="data:,">'
    '<a href="{}">Sign in</a></html>'
)
MOST_TABS = 150


@pytest.fixture
def mouse_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reaches for anything but the keyboard fails."""

    def reached(*_: Any, **__: Any) -> None:
        raise AssertionError("the day is done by keyboard alone")

    for owner in (Page, Frame, Locator, ElementHandle):
        for name in HANDS:
            if hasattr(owner, name):
                monkeypatch.setattr(owner, name, reached)
    for name in MOUSE:
        monkeypatch.setattr(Mouse, name, reached)
    monkeypatch.setattr(Touchscreen, "tap", reached)


class Seat(RealDesk):
    """A desk whose identity provider lets its member in again at once: it asks for one click on its own page."""

    signing_in = 0
    before_reply: Callable[[], None] | None = None
    """Called once, before the next reply reaches the function: somebody else is faster."""

    def sign_out_behind_their_back(self) -> None:
        """The session is over, whatever the page believes."""
        self._cookies = ["__Host-desk=" + "0" * 43]

    def _answer(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.path != "/auth/login":
            if address.path.endswith("/replies") and self.before_reply:
                act, self.before_reply = self.before_reply, None
                act()
            super()._answer(route)
        elif "again" in parse_qs(address.query):
            self.signing_in += 1
            self.begin_session()
            to = parse_qs(address.query)["to"][0]
            route.fulfill(content_type="text/html", body=f'<meta http-equiv="refresh" content="0;url={to}">')
        else:
            back = f"/auth/login?again=1&amp;{address.query.replace('&', '&amp;')}"
            route.fulfill(content_type="text/html", body=IDENTITY_PROVIDER.format(back))


class Words:
    """What the desk calls things in one language."""

    def __init__(self, language: str) -> None:
        folder = ROOT / "frontend" / "i18n"
        self.language = language
        self._all: dict[str, Any] = {}
        for place in (folder, folder / "later"):
            self._all |= json.loads((place / f"{language}.json").read_text(encoding="utf-8"))

    def __call__(self, key: str, **gaps: str) -> str:
        """The sentence of a key. Gaps are filled as they are given."""
        said = self._all[key]
        text = str(said if isinstance(said, str) else said["other"])
        for name, value in gaps.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def like(self, key: str) -> re.Pattern[str]:
        """The sentence with anything in its gaps, at its beginning."""
        said = self._all[key]
        forms = [said] if isinstance(said, str) else list(said.values())
        return re.compile(
            "|".join(".+?".join(re.escape(part) for part in re.split(r"\{\w+\}", form)) for form in forms)
        )


class AtTheKeyboard:
    """One person before one tab. The small verbs of which the days are told."""

    def __init__(self, seat: Seat, address: str, language: str, width: int) -> None:
        self.seat, self.say, self.narrow = seat, Words(language), width < 768
        self.rtl = language == "he"
        seat.context.add_init_script(WITNESS)
        self.page = seat.open(address)
        self._wire = seat.context.new_cdp_session(self.page)
        self._watched = True

    # --- keys ---

    def press(self, *keys: str) -> None:
        """Keys by their names on the US layout; letters are pressed on the layout this person has."""
        for key in keys:
            self._press(key)
        self.look()

    def _press(self, key: str) -> None:
        *held, last = key.split("+") if len(key) > 1 else [key]
        if self.rtl and last == "/":
            last = "q"  # where that keyboard has it
        if not (self.rtl and last.lower() in ON_HEBREW):
            self.page.keyboard.press(key)
            return
        modifiers = sum({"Alt": 1, "Control": 2, "Meta": 4, "Shift": 8}[name] for name in held)
        self._hebrew(last.lower(), ON_HEBREW[last.lower()], modifiers)

    def _hebrew(self, place: str, typed: str, modifiers: int = 0) -> None:
        known: dict[str, Any] = {
            "key": typed, "code": CODES.get(place, f"Key{place.upper()}"), "modifiers": modifiers,
            "windowsVirtualKeyCode": ord(place.upper()) if place.isalpha() else 0,
        }  # fmt: skip
        text = {} if modifiers & 7 else {"text": typed, "unmodifiedText": typed}
        self._wire.send("Input.dispatchKeyEvent", {"type": "keyDown", **known, **text})
        self._wire.send("Input.dispatchKeyEvent", {"type": "keyUp", **known})

    def write(self, text: str) -> None:
        """Types a text letter by letter; Hebrew letters by the keys they are on."""
        places = {typed: place for place, typed in ON_HEBREW.items() if "\u0590" <= typed <= "\u05ff"}
        for letter in text:
            if letter in places:
                self._hebrew(places[letter], letter)
            else:
                self.page.keyboard.type(letter)
        self.look()

    def paste(self, text: str) -> None:
        """A long text at once, as from the clipboard."""
        self.page.keyboard.insert_text(text)
        self.look()

    def empty(self) -> None:
        """What stands in the field goes."""
        self.page.keyboard.press("Control+a")
        self.page.keyboard.press("Delete")

    def tab_to(self, target: Locator, key: str = "Tab") -> None:
        """Goes on until the keyboard is on it, and looks at each stop on the way."""
        expect(target.first).to_be_visible()
        wanted = target.first.element_handle()
        if self.look(wanted):
            return
        for _ in range(MOST_TABS):
            self.page.keyboard.press(key)
            if self.page.evaluate("document.activeElement === document.body"):
                self.page.keyboard.press(key)  # past the end of the page, and in again on its other side
            if self.look(wanted):
                return
        raise AssertionError(f"cannot be reached by {key}: {target}")

    def back_to(self, target: Locator) -> None:
        """The same against the order."""
        self.tab_to(target, "Shift+Tab")

    def push(self, target: Locator, *, backwards: bool = False, key: str = "Enter") -> None:
        """Goes to a button or link and presses it."""
        self.tab_to(target, "Shift+Tab" if backwards else "Tab")
        self.press(key)

    def tick(self, target: Locator, *, backwards: bool = False) -> None:
        """Goes to a box and turns it."""
        self.push(target, backwards=backwards, key="Space")

    def choose(self, target: Locator, value: str) -> None:
        """Goes to a list of choices and walks down it to a value."""
        self.tab_to(target)
        self.page.keyboard.press("Home")
        for _ in range(60):
            if target.input_value() == value:
                self.look()
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{target} has no {value}")

    # --- eyes ---

    def look(self, wanted: Any = None) -> bool:
        """What has to hold after every key. Whether the keyboard is on the element that is wanted."""
        if not self._watched:
            return (
                bool(self.page.evaluate("(wanted) => wanted === document.activeElement", wanted)) if wanted else False
            )
        seen: dict[str, Any] = self.page.evaluate(LOOK, wanted)
        for _ in range(20):
            if not (seen["lost"] or not seen["fits"] or not seen["inSight"]):
                break
            self.page.wait_for_timeout(50)
            seen = self.page.evaluate(LOOK, wanted)
        assert not seen["lost"], "the keyboard is nowhere"
        assert seen["shown"], f"nobody sees that the keyboard is here: {seen['where']}"
        assert seen["inSight"], f"the keyboard is out of sight: {seen['where']}"
        assert not seen["covered"], f"a message lies over what has the keyboard: {seen['where']}"
        assert seen["fits"], f"wider than the screen: {seen['wide']}"
        return bool(seen["here"])

    @contextmanager
    def before_the_first_key(self) -> Iterator[None]:
        """A page that has just come has the keyboard nowhere yet."""
        self._watched = False
        try:
            yield
        finally:
            self._watched = True

    def sees(self, what: str | Locator, *, gone: bool = False) -> Locator:
        """A selector or a locator is on the screen, or has gone from it."""
        found = self.page.locator(what) if isinstance(what, str) else what
        if gone:
            expect(found).to_have_count(0)
        else:
            expect(found.first).to_be_visible()
        self.look()
        return found

    def told(self, key: str) -> None:
        """A toast with these words has come."""
        expect(self.page.locator(".toast").filter(has_text=self.say.like(key)).last).to_be_visible()
        self.look()

    def on(self, target: str | Locator) -> None:
        """The keyboard is there."""
        expect(self.page.locator(target) if isinstance(target, str) else target).to_be_focused()
        self.look()

    def button(self, key: str, within: Locator | None = None) -> Locator:
        return (within or self.page.locator("body")).get_by_role("button", name=self._begins(key))

    def field(self, key: str, within: Locator | None = None) -> Locator:
        return (within or self.page.locator("body")).get_by_label(self._begins(key))

    def link(self, key: str, within: Locator | None = None) -> Locator:
        return (within or self.page.locator("body")).get_by_role("link", name=self._begins(key))

    def _begins(self, key: str) -> re.Pattern[str]:
        return re.compile(f"^(?:{self.say.like(key).pattern})")

    def side(self, bubble: Locator) -> str:
        """On which side of the thread a message stands: `start` or `end` of a line of the desk's language."""
        place: dict[str, float] = bubble.evaluate(
            """(one) => { const own = one.getBoundingClientRect(), all = one.closest("ol").getBoundingClientRect();
                          return { left: own.left - all.left, right: all.right - own.right }; }"""
        )
        return "start" if (place["left"] < place["right"]) is not self.rtl else "end"

    @staticmethod
    def direction(text: Locator) -> str:
        """In which direction a text is set."""
        return str(text.evaluate("(one) => getComputedStyle(one).direction"))

    # --- time ---

    def wait(self, seconds: float) -> None:
        """The page's clocks go on; those of the server are `Town`'s."""
        self.page.clock.fast_forward(int(seconds * 1000))

    def catch_up(self) -> None:
        """The page asks for what has changed, as it does every few seconds."""
        self.page.clock.run_for(11_000)

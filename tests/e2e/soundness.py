"""What has to hold of everything the desk shows: the rules of accessibility, its width, its targets, its names.

A scene is a generator that leads a desk from state to state; it is played in two languages at once, one from left to
right and one from right to left, so that both of the browser's processes have work. In each state everything is looked
at in two widths and two colour schemes, without loading anything again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
from playwright.sync_api import Browser, Locator, Page, Route

from tests.e2e.fixed_desk import FRONTEND, NOW, FixedDesk

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOUR = ["color-contrast", "link-in-text-block"]
"""Of the rules with `TAGS` those that look at colours: in the second scheme nothing else can come out differently."""
LANGUAGES = {"en": ("en-GB", "ltr"), "he": ("he-IL", "rtl")}
WIDE, PHONE = 1440, 360
HEIGHTS = {WIDE: 900, PHONE: 740, 320: 640}
LEAST = {WIDE: 24, PHONE: 40}
"""CSS pixels of a target (desk-ui.md, section 7)."""
PANES = (
    "main, aside, dialog, .queue, .conversation, .pane-head, .thread, .composer, .modes, .send-line, .views, .bands, "
    ".screen-body, .set-place, .card, .about"
)
"""What may run over its edge only downwards."""

LOOK = (Path(__file__).parent / "sound.js").read_text(encoding="utf-8")
"""What is read in the page. The page's policy lets no script in but its own; these come by the browser's own door."""

SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
"""WCAG 1.4.12."""


@dataclass(frozen=True)
class State:
    """One look at a page."""

    page: Page
    name: str
    part: str = ""
    """What has changed since the state before; nothing else is held against the rules again."""
    main: bool = False
    """Held against wide spacing and twice the size of letters, too."""
    widths: tuple[int, ...] = (WIDE, PHONE)
    language: str = ""
    """Where it is not that of the stage."""


Scene = Callable[["Stage"], Iterator[State]]


@dataclass
class Stage:
    """Where a scene is played: a browser and a language."""

    browser: Browser
    language: str
    real: Any = None
    """The product's own function behind `RealDesk`, for scenes that need it."""
    loaded: set[str] = field(default_factory=set)
    """Modules of the desk that were asked for."""
    words: dict[str, Any] = field(init=False)
    _desks: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        read = [FRONTEND / "i18n" / folder / f"{self.language}.json" for folder in ("", "later")]
        self.words = {key: said for file in read for key, said in json.loads(file.read_text(encoding="utf-8")).items()}

    @property
    def locale(self) -> str:
        return LANGUAGES[self.language][0]

    def made(self, **context: Any) -> FixedDesk:
        """A desk in this language, wide; whatever it is complained of fails the scene."""
        desk = FixedDesk(self.browser, NOW, **self.context_of(context))
        self.keep(desk)
        return desk

    def context_of(self, more: dict[str, Any]) -> dict[str, Any]:
        return {"locale": self.locale, "viewport": {"width": WIDE, "height": HEIGHTS[WIDE]}, **more}

    def keep(self, desk: Any) -> None:
        desk.context.set_default_timeout(30_000)
        desk.context.on("request", lambda asked: self.loaded.add(asked.url.partition("/a/")[2].partition("/")[2]))
        self._desks.append(desk)

    def close(self) -> None:
        while self._desks:
            self._desks.pop().close()

    def say(self, key: str) -> str:
        """A string of the desk without gaps."""
        return str(self.words[key])

    def button(self, place: Page | Locator, key: str) -> Locator:
        return place.get_by_role("button", name=self.say(key)).first


def forgive(desk: Any, said: str) -> None:
    """Takes back complaints of the browser that the scene has asked for: a lost answer, a file that is not there."""
    assert any(said in one for one in desk.complaints), desk.complaints
    desk.complaints[:] = [one for one in desk.complaints if said not in one]


def lost(route: Route) -> None:
    route.abort()


def go(page: Page, address: str) -> None:
    """Another place of the desk, without loading it again."""
    page.evaluate("address => { location.hash = address; }", address)


def _run(pages: list[Page], part: str, width: int, scheme: Literal["light", "dark"]) -> list[str]:
    for page in pages:
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        page.emulate_media(color_scheme=scheme)
    only = {"type": "tag", "values": TAGS} if scheme == "light" else {"type": "rule", "values": OF_COLOUR}
    for page in pages:
        page.evaluate("asked => begin(asked)", {"part": part, "only": only})
    return [f"{width} {scheme}: {one}" for page in pages for one in page.evaluate("looked")]


def wrongs(states: list[State], languages: list[str]) -> list[str]:
    """What does not hold in a state, that each language has come to. Leaves the pages wide and light."""
    state = states[0]
    pages = [one.page for one in states]
    found: list[str] = []
    for page, language in zip(pages, languages, strict=True):
        if not page.evaluate("Boolean(globalThis.axe && globalThis.look)"):
            page.evaluate(AXE)
            page.evaluate(LOOK)
        says = page.evaluate("[document.documentElement.lang, document.documentElement.dir || 'ltr']")
        language = state.language or language
        expected = [language, LANGUAGES[language][1]]
        found += [f"is {says} and not {expected}"] if says != expected else []
        found += page.evaluate("nameless()")
    for width in state.widths:
        found += _run(pages, state.part, width, "light") + _run(pages, state.part, width, "dark")
        for page in pages:
            found += [f"{width}: {one}" for one in page.evaluate("least => tooSmall(least)", LEAST[width])]
            found += [f"{width}: {one}" for one in page.evaluate("panes => tooWide(panes)", PANES)]
    narrowest = [320] if PHONE in state.widths else []
    for page in pages:
        for width in narrowest:
            page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
            found += [f"{width}: {one}" for one in page.evaluate("panes => tooWide(panes)", PANES)]
        found += _stretched(page) if state.main else []
        page.set_viewport_size({"width": WIDE, "height": HEIGHTS[WIDE]})
        page.emulate_media(color_scheme="light")
    return found


def _stretched(page: Page) -> list[str]:
    """What runs over with wide spacing, and with letters of twice the size on a narrow and on a wide screen."""
    found: list[str] = []
    page.evaluate(SPACED)
    for width in (PHONE, WIDE):
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        found += [f"{width}, spaced: {one}" for one in page.evaluate("panes => tooWide(panes)", PANES)]
    page.evaluate("document.adoptedStyleSheets = []")
    browser = page.context.new_cdp_session(page)
    for size, widths in ((32, (320, WIDE)), (16, ())):
        # As somebody sets it in the browser: a style of the page would leave `rem` of media queries as it was.
        browser.send("Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size}})
        for width in widths:
            page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
            assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == size
            found += [f"{width}, large: {one}" for one in page.evaluate("panes => tooWide(panes)", PANES)]
    browser.detach()
    return found

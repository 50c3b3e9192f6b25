"""No state of any screen breaks a rule of accessibility: in both directions, both colour schemes, wide and on a phone.

What is looked at is in `desk_states.py`, `writing_states.py`, `screen_states.py` and `settings_states.py`; what has to
hold, in `soundness.py`.
"""

# ruff: noqa: F811 (fixtures of the integration tests, which pytest finds by their names)
from __future__ import annotations

import os
import time

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e import desk_states, screen_states, settings_states, writing_states
from tests.e2e.fixed_desk import FRONTEND
from tests.e2e.soundness import LANGUAGES, Scene, Stage, State, wrongs
from tests.integration.conftest import Desk, clock, desk, permitted  # noqa: F401

SCENES: dict[str, tuple[Scene, tuple[str, ...]]] = {
    **desk_states.SCENES,
    **writing_states.SCENES,
    **screen_states.SCENES,
    **settings_states.SCENES,
}
"""By name: how to get from state to state, and the modules that are drawn by it."""
TOLD = os.environ.get("HARK_STATES", "")
"""Not empty: each state is told with its seconds."""


def play(scene: Scene, stages: list[Stage]) -> list[str]:
    """Everything that is wrong in any state of a scene."""
    found: dict[str, str] = {}
    begun = time.monotonic()
    for states in zip(*(scene(stage) for stage in stages), strict=True):
        assert len({state.name for state in states}) == 1
        came = time.monotonic()
        for wrong in wrongs(list(states), [stage.language for stage in stages]):
            found.setdefault(wrong, states[0].name)  # in the first state in which it is seen
        if TOLD:
            print(f"{came - begun:6.2f} {time.monotonic() - came:6.2f}  {states[0].name}", flush=True)
        begun = time.monotonic()
    return [f"{state}: {wrong}" for wrong, state in found.items()]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", [name for name in SCENES if name not in settings_states.REAL])
def test_no_state_breaks_a_rule(browser: Browser, name: str) -> None:
    assert_sound(name, [Stage(browser, language) for language in LANGUAGES])


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", sorted(settings_states.REAL))
def test_no_state_on_the_real_api_breaks_a_rule(browser: Browser, desk: Desk, name: str) -> None:
    assert_sound(name, [Stage(browser, language, desk) for language in LANGUAGES])


def assert_sound(name: str, stages: list[Stage]) -> None:
    scene, draws = SCENES[name]
    expect.set_options(timeout=30_000)
    try:
        found = play(scene, stages)
        assert found == [], "\n" + "\n".join(found)
        assert set(draws) <= stages[0].loaded, "it draws what it says that it draws"
    finally:
        expect.set_options(timeout=5_000)
        for stage in stages:
            stage.close()


CHOSEN = (
    ".row[aria-current], .row[data-highlighted], .mode[aria-pressed=true], .views a[aria-current], [aria-selected=true]"
)
OUTLINED = "all => all.map((one) => getComputedStyle(one).outlineStyle)"
MOVING = """() => [...document.querySelectorAll("*")].filter((one) => {
  const { transitionDuration, animationName } = getComputedStyle(one);
  return transitionDuration !== "0s" || animationName !== "none";
}).map((one) => one.outerHTML.slice(0, 100))"""


def test_what_colour_and_motion_tell_is_told_without_them(browser: Browser) -> None:
    """Forced colours, and motion reduced, on the queue with a conversation and on a dialog over it."""
    stage = Stage(browser, "en")
    desk = stage.made()
    desk_states.person(desk, "c1")
    page = desk.open("c1")
    expect(page.locator(".tools")).to_be_visible()
    for open_dialog in (False, True):
        if open_dialog:
            writing_states.pressed(page, "Control+k")
        page.emulate_media(forced_colors="active", reduced_motion="reduce")
        assert wrongs([State(page, "forced colours", writing_states.DIALOG if open_dialog else "")], ["en"]) == []
        chosen = page.locator(CHOSEN)
        assert chosen.count() >= 3
        assert set(chosen.evaluate_all(OUTLINED)) == {"solid"}, "not by a background alone, which is taken away"
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        assert focused.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
        assert page.evaluate(MOVING) == []
        page.emulate_media(reduced_motion="no-preference")
        assert page.evaluate(MOVING) != [], "where motion is welcome there is some"
    stage.close()


def test_every_screen_dialog_and_part_of_the_settings_is_among_the_states() -> None:
    folders = ("screens", "dialogs")
    known = {str(file.relative_to(FRONTEND)) for folder in folders for file in (FRONTEND / folder).rglob("*.js")}
    assert {module for _, draws in SCENES.values() for module in draws} == known

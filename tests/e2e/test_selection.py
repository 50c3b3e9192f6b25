"""Selecting several conversations of the list and changing them in one go: by keyboard, by mouse, and by touch."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.e2e.fixed_desk import ORIGIN, FixedDesk, MakeDesk, Shape, a
from tests.e2e.soundness import LEAST, PHONE, Stage, forgive
from tests.e2e.test_desk_care import DANA, OMAR, refused
from tests.e2e.test_search import with_keys

BUSY = "A reply is still on its way."
ROWS = 8
TAGGED = """async ([id, tags]) => {
  const [{ renewCase }, { caseOf }] = await Promise.all(
    ["conversation", "changes"].map((name) => import(`/a/1/core/${name}.js`)));
  renewCase({ ...caseOf(id), tags });
}"""
"""As a poll would tell of them."""


class Changes:
    """Answers `PATCH conversations/…` as the server would, when the test lets it; what `answers` has goes before."""

    def __init__(self, desk: FixedDesk, context: BrowserContext) -> None:
        self.desk = desk
        self.held: list[Route] = []
        self.said: list[tuple[str, Shape]] = []
        self.holds = False
        self.lost = False
        context.route("**/api/v1/conversations/*", self._take)

    def _take(self, route: Route) -> None:
        if route.request.method != "PATCH":
            route.fallback()
        elif self.holds:
            self.held.append(route)
        else:
            self._answer(route)

    def _answer(self, route: Route) -> None:
        case_id = route.request.url.rpartition("/")[2]
        said: Shape = json.loads(route.request.post_data or "")
        self.said.append((case_id, said))
        if self.lost or self.desk.answers.get(f"PATCH conversations/{case_id}"):
            route.abort() if self.lost else route.fallback()
            return
        case = self.desk.conversations[case_id]["case"]
        assert said["version"] == case["version"], "of the case as it is"
        case.update({"version": case["version"] + 1, "status": said.get("state", case["status"])})
        if "assignee" in said:
            case["owner"] = {"a1": DANA, "me": DANA, "a2": OMAR, None: None}[said["assignee"]]
        case["snoozed_until"] = said.get("snoozed_until")
        case["tags"] = said.get("tags", case["tags"])
        route.fulfill(json={name: value for name, value in case.items() if name not in ("reasons", "triage")})

    def answer_held(self) -> None:
        held, self.held = self.held, []
        for route in held:
            self._answer(route)


@pytest.fixture
def many(made: MakeDesk) -> Callable[..., FixedDesk]:
    def make(**context: Any) -> FixedDesk:
        desk = made(**context)
        desk.members.append({**OMAR, "on_shift": True})
        for number in range(1, ROWS + 1):
            desk.has(f"c{number}", a("x", "post"), name=f"Maya {number}", owner=OMAR if number == 8 else None)
        return desk

    return make


def ids(rows: Locator, wanted: list[str]) -> None:
    """The rows are those of these conversations, in this order."""
    expect(rows).to_have_count(len(wanted))
    for at, case_id in enumerate(wanted):
        expect(rows.nth(at)).to_have_id(f"row-{case_id}")


def shown(page: Page, *wanted: str) -> None:
    ids(page.locator(".row"), list(wanted))


def chosen(page: Page, *wanted: str) -> None:
    ids(page.locator(".row[data-selected]"), list(wanted))


def count(page: Page) -> Locator:
    """What is read out as it changes."""
    return page.locator(".pane-head [role=status] .select-count > :not([aria-hidden])")


def test_rows_are_selected_and_changed_together_by_keyboard_alone(many: Callable[..., FixedDesk]) -> None:
    desk = many()
    changes = Changes(desk, desk.context)
    page = with_keys(desk)
    toast = page.locator(".toast")
    every = [f"c{number}" for number in range(1, ROWS + 1)]
    page.keyboard.press("x")
    expect(count(page)).to_have_text("1 selected")
    expect(page.locator("#row-c1")).to_contain_text("Selected")
    for key in ("j", "j", "j", "j", "Shift+X"):
        page.keyboard.press(key)
    expect(count(page)).to_have_text("5 selected")
    chosen(page, *every[:5])
    page.keyboard.press("k")
    page.keyboard.press("x")
    chosen(page, "c1", "c2", "c3", "c5")

    # Escape first gives up the selection, and in a text field it only leaves that.
    page.keyboard.press("Enter")
    expect(page.locator("#reply-box")).to_be_focused()
    page.wait_for_url(f"{ORIGIN}/#/open/c4")
    page.keyboard.type("xX")
    expect(page.locator("#reply-box")).to_have_value("xX")
    page.keyboard.press("Escape")
    expect(page.locator("#row-c4")).to_be_focused()
    chosen(page, "c1", "c2", "c3", "c5")
    page.keyboard.press("Escape")
    expect(count(page)).to_have_count(0)
    page.wait_for_url(f"{ORIGIN}/#/open/c4")

    # Four at a time; one that is refused stays selected with the reason; one Undo for the rest, in the old order.
    page.keyboard.press("x")
    for key in ("j", "j", "j", "k", "k", "k", "k", "k"):
        page.keyboard.press(key)
    page.keyboard.press("Shift+X")
    chosen(page, "c2", "c3", "c4")
    page.keyboard.press("x")
    for key in ("j", "j", "j", "j", "j", "Shift+X"):
        page.keyboard.press(key)
    page.wait_for_url(f"{ORIGIN}/#/open/c7")
    chosen(page, *every[1:7])
    desk.answers["PATCH conversations/c3"] = [refused(409, "busy", BUSY)]
    changes.holds = True
    page.keyboard.press("e")
    expect(page.locator("#row-c8")).to_be_focused()
    page.wait_for_url(f"{ORIGIN}/#/open/c8")
    shown(page, "c1", "c8")
    page.wait_for_timeout(300)
    assert len(changes.held) == 4
    desk.pass_time(page, timedelta(seconds=2))
    expect(toast).to_contain_text("6 being changed…")
    changes.holds = False
    changes.answer_held()
    expect(toast).to_have_count(1)
    expect(toast).to_contain_text(f"5 closed, 1 refused: \u2068{BUSY}\u2069")
    assert sorted(case_id for case_id, _ in changes.said) == every[1:7]
    shown(page, "c1", "c3", "c8")
    chosen(page, "c3")
    expect(page.locator("#row-c3 .why-not")).to_have_text(BUSY)
    expect(page.locator(".views li", has_text="All open").locator(".count")).to_have_text("3")
    page.keyboard.press("z")
    expect(toast).to_have_count(1)
    expect(toast).to_contain_text("5 undone")
    shown(page, *every)
    assert all(shape["case"]["status"] == "open" for shape in desk.conversations.values())
    page.keyboard.press("Escape")

    # To somebody, once for all; with the note that the owned one may need.
    page.locator("#row-c7").focus()
    for key in ("x", "j", "Shift+X", "a"):
        page.keyboard.press(key)
    dialog = page.get_by_role("dialog", name="Assign 2 conversations")
    expect(dialog.get_by_role("textbox")).to_be_visible()
    page.keyboard.type("dana")
    page.keyboard.press("Enter")
    expect(toast.last).to_contain_text("2 assigned to \u2068Dana Ozola\u2069")
    assert [desk.conversations[one]["case"]["owner"]["id"] for one in ("c7", "c8")] == ["a1", "a1"]
    expect(count(page)).to_have_count(0)
    page.keyboard.press("z")
    expect(toast.last).to_contain_text("2 undone")
    assert [desk.conversations[one]["case"]["owner"] for one in ("c7", "c8")] == [None, OMAR]

    # Tags: what is on all of them is taken off all, what some have stays, a new one goes to each.
    desk.answers["GET tags"] = [(200, {"items": []})]
    for one, tags in (("c7", ["late", "vip"]), ("c8", ["late"])):
        desk.conversations[one]["case"]["tags"] = tags
        page.evaluate(TAGGED, [one, tags])
    page.locator("#row-c7").focus()
    for key in ("x", "j", "Shift+X", "l"):
        page.keyboard.press(key)
    dialog = page.get_by_role("dialog", name="Tags of 2 conversations")
    expect(dialog.get_by_role("option", selected=True)).to_have_text(["late"])
    expect(dialog.get_by_role("option", name="vip")).to_be_visible()
    dialog.get_by_role("option", name="late").click()
    page.keyboard.type("parcel")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(toast.last).to_contain_text("2 tagged: \u2068parcel\u2069, \u2068−late\u2069")
    assert [desk.conversations[one]["case"]["tags"] for one in ("c7", "c8")] == [["vip", "parcel"], ["parcel"]]
    page.keyboard.press("z")
    expect(toast.last).to_contain_text("2 undone")
    assert [desk.conversations[one]["case"]["tags"] for one in ("c7", "c8")] == [["late", "vip"], ["late"]]

    # A key means the open conversation while the keyboard is in it.
    page.locator("#row-c1").focus()
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#reply-box")).to_be_focused()
    page.locator(".thread").focus()
    page.keyboard.press("i")
    expect(toast.last).to_contain_text("Maya 3")
    chosen(page, "c1", "c2")
    page.locator("#row-c3").focus()

    # Nobody answers: the others are not tried, and all are still selected.
    changes.said.clear()
    changes.lost = True
    page.keyboard.press("h")
    expect(page.get_by_role("dialog", name="Snooze 2 conversations")).to_be_visible()
    page.keyboard.press("Enter")
    expect(toast.last).to_contain_text("2 refused:")
    chosen(page, "c1", "c2")
    shown(page, *every)
    changes.lost = False
    forgive(desk, "ERR_FAILED")

    # What has left the list is selected no more.
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url(f"{ORIGIN}/#/snoozed")
    expect(count(page)).to_have_count(0)

    page.keyboard.press("?")
    lines = page.get_by_role("dialog").locator("dl > div")
    expect(lines.filter(has_text="Select all from the last one")).to_contain_text("Shift+X")
    page.get_by_role("checkbox", name="Shortcuts of a single letter").uncheck()
    page.keyboard.press("Escape")
    page.locator(".row").first.focus()
    page.keyboard.press("x")
    page.keyboard.press("Shift+X")
    expect(page.locator(".row[data-selected]")).to_have_count(0)


def test_what_is_refused_after_another_view_was_opened_does_not_come_into_that_view(
    many: Callable[..., FixedDesk],
) -> None:
    desk = many()
    changes = Changes(desk, desk.context)
    page = with_keys(desk)
    changes.holds = True
    for one, keys in (("c1", ("e",)), ("c3", ("x", "j", "x", "e"))):
        page.locator(f"#row-{one}").focus()
        for key in keys:
            page.keyboard.press(key)
        expect(page.locator(f"#row-{one}")).to_have_count(0)
    for one in ("c1", "c3", "c4"):
        desk.answers[f"PATCH conversations/{one}"] = [refused(409, "busy", BUSY)]
    rows = [desk.conversations["c8"]["case"]]
    nothing = {"mine": 0, "unassigned": 8, "open": 8, "snoozed": 1}
    desk.answers["GET queue"] = [(200, {"items": rows, "next": None, "counts": nothing, "now": "2026-11-22T12:00:00Z"})]
    page.keyboard.press("g")
    page.keyboard.press("s")
    shown(page, "c8")
    changes.answer_held()
    expect(page.locator(".toast")).to_have_count(2)
    shown(page, "c8")


def test_rows_are_selected_by_mouse_and_nothing_moves(many: Callable[..., FixedDesk]) -> None:
    desk = many()
    Changes(desk, desk.context)
    page = desk.open()
    rows = page.locator(".rows > li")
    rows.nth(1).hover()
    box = rows.nth(1).get_by_role("checkbox", name="Select: ⁨Maya 2⁩")
    expect(rows.nth(1).locator(".pick")).to_have_css("opacity", "1")
    expect(rows.nth(4).locator(".pick")).to_have_css("opacity", "0")
    before = page.locator("#row-c2").bounding_box()
    box.click()
    rows.nth(3).get_by_role("checkbox").click(modifiers=["Shift"])
    rows.nth(2).get_by_role("checkbox").click(modifiers=["Shift"])
    chosen(page, "c2", "c3", "c4")
    expect(rows.nth(2).get_by_role("checkbox")).to_be_checked()
    assert page.locator("#row-c2").bounding_box() == before
    assert page.evaluate("getSelection().toString()") == ""
    page.wait_for_url(f"{ORIGIN}/#/open/")
    bar = page.get_by_role("toolbar", name="For all that are selected")
    bar.get_by_role("button", name="Take").click()
    expect(page.locator(".toast")).to_contain_text("3 assigned to \u2068Dana Ozola\u2069")
    expect(bar).to_have_count(0)
    rows.nth(1).get_by_role("checkbox").click()
    expect(bar.get_by_role("button", name="Take")).to_have_count(0)
    bar.get_by_role("button", name="Clear").click()
    expect(page.locator(".row[data-selected]")).to_have_count(0)
    expect(page.get_by_role("heading", name="All open")).to_be_visible()


def test_rows_are_selected_by_touch_on_a_narrow_screen_in_hebrew(many: Callable[..., FixedDesk]) -> None:
    phone = {"width": PHONE, "height": 740}
    desk = many(viewport=phone, has_touch=True, is_mobile=True, locale="he-IL")
    assert desk.context.browser is not None
    words = Stage(desk.context.browser, "he")
    Changes(desk, desk.context)
    page = desk.open()
    page.get_by_role("button", name=words.say("queue.select"), exact=True).tap()
    bar = page.get_by_role("toolbar")
    expect(bar.get_by_role("button")).to_have_count(1)
    for number in (0, 2, 3, 3):
        # Anywhere on the row: that opens nothing.
        page.locator(".rows > li").nth(number).tap(position={"x": 120, "y": 40})
    chosen(page, "c1", "c3")
    expect(count(page)).to_have_text("נבחרו: 2")
    page.wait_for_url(f"{ORIGIN}/#/open/")
    for button in bar.get_by_role("button").all():
        size = button.bounding_box()
        assert size and min(size["width"], size["height"]) >= LEAST[PHONE]
    head = page.locator(".pane-head").bounding_box()
    assert head and head["height"] < 60, "one line"
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE
    bar.get_by_role("button", name=words.say("action.snooze")).tap()
    page.get_by_role("option").first.tap()
    expect(page.locator(".toast")).to_contain_text("נדחו עד")
    shown(page, "c2", "c4", "c5", "c6", "c7", "c8")
    expect(bar).to_have_count(0)
    page.locator("#row-c2").tap()
    page.wait_for_url(f"{ORIGIN}/#/open/c2")

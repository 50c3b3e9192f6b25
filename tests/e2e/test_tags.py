"""Tags by keyboard: of the brand's several at once, new ones by typing; one way back, and no colleague overwritten."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.fixed_desk import FixedDesk, MakeDesk, Shape, a

USED = {"items": [{"tag": "refund", "uses": 9}, {"tag": "late parcel", "uses": 4}, {"tag": "החזר", "uses": 1}]}


def tagged(desk: FixedDesk, case_id: str, *tags: str, version: int) -> Shape:
    """The row as the server has it from now on."""
    case = desk.conversations[case_id]["case"]
    case |= {"tags": list(tags), "version": version}
    return {name: value for name, value in case.items() if name not in ("reasons", "generation", "triage")}


def asked(desk: FixedDesk) -> list[tuple[int, list[str]]]:
    return [(said["version"], said["tags"]) for call, said in desk.calls if call == "PATCH conversations/c1"]


def chips(page: Page, place: str) -> Any:
    return page.locator(f"{place} .tag")


def test_tags_are_put_on_and_taken_off_by_keyboard_with_one_way_back(made: MakeDesk) -> None:
    desk = made(viewport={"width": 1440, "height": 900})
    desk.has("c1", a("x", "mention"), name="Maya Cohen")
    desk.answers["GET tags"] = [(200, USED)] * 9
    page = desk.open()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("j")

    # Faster than the dialog comes: a tag of the brand, a new one in a spelling of its own, and done.
    desk.answers["PATCH conversations/c1"] = [(200, tagged(desk, "c1", "late parcel", "vip 2", version=2))]
    for key in ("l", *"LATE", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("option", name="late parcel")).to_have_attribute("aria-selected", "true")
    page.keyboard.type("Vip  2")
    expect(page.get_by_role("option")).to_have_text("New tag: \u2068vip 2\u2069")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox")).to_have_value("")
    assert asked(desk) == [], "nothing is sent before one is done"
    page.keyboard.press("Enter")
    expect(page.locator("dialog")).to_have_count(0)
    expect(chips(page, "#row-c1")).to_have_text(["late parcel", "vip 2"])
    expect(page.locator(".toast")).to_contain_text("tagged")
    assert asked(desk) == [(1, ["late parcel", "vip 2"])]
    expect(page.locator("#row-c1")).to_be_focused()

    # The way back leaves what a colleague did meanwhile.
    stale = {"code": "stale", "detail": "Somebody changed it."}
    gone = tagged(desk, "c1", "late parcel", "vip 2", "החזר", version=3)
    desk.answers["GET conversations/c1"] = [(200, {**desk.conversations["c1"], "case": {**gone, "reasons": []}})]
    desk.answers["PATCH conversations/c1"] = [(409, stale), (200, tagged(desk, "c1", "החזר", version=4))]
    page.keyboard.press("z")
    expect(chips(page, "#row-c1")).to_have_text(["החזר"])
    assert asked(desk)[1:] == [(2, []), (3, ["החזר"])]

    # Arrows choose, the letters of a search are those of the tag; what is refused is put back.
    desk.answers["PATCH conversations/c1"] = [(503, {"code": "failed", "detail": "Try again."})]
    page.keyboard.press("l")
    expect(page.get_by_role("option")).to_have_text(["החזר", "refund", "late parcel"])
    for key in ("ArrowDown", "Enter", "ArrowDown", "Enter", "Escape"):
        page.keyboard.press(key)
    expect(page.locator(".toast").filter(has_text="Try again.")).to_be_visible()
    expect(chips(page, "#row-c1")).to_have_text(["החזר"])
    assert asked(desk)[3:] == [(4, ["refund"])]

    page.keyboard.press("l")
    page.keyboard.type("a/b")
    expect(page.get_by_text("A tag has letters and digits")).to_be_visible()
    expect(page.get_by_role("option")).to_have_count(0)
    page.keyboard.press("Escape")
    assert len(asked(desk)) == 4, "who changes nothing asks for nothing"


def test_as_many_tags_as_a_case_takes_and_a_list_that_cannot_be_had(made: MakeDesk) -> None:
    desk = made(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    desk.has("c1", a("x", "mention"), name="Maya Cohen", tags=[f"tag {n}" for n in range(9)])
    desk.answers["GET tags"] = [(503, {"code": "failed", "detail": "Try again."}), (200, USED)]
    page = desk.open("c1")
    expect(chips(page, ".thread-head")).to_have_count(9)
    page.get_by_role("button", name="Tag", exact=True).tap()
    expect(page.locator("dialog [role=alert]")).to_contain_text("Try again.")
    page.get_by_role("button", name="Try again").tap()
    page.get_by_role("option", name="refund").tap()
    expect(page.get_by_text("at most 10 tags")).to_be_visible()
    expect(page.get_by_role("option", name="late parcel")).to_be_disabled()
    desk.answers["PATCH conversations/c1"] = [(200, tagged(desk, "c1", "refund", version=2))]
    page.get_by_role("button", name="Done").last.tap()
    expect(page.locator(".toast")).to_contain_text("tagged")
    assert [tags[-1] for _, tags in asked(desk)] == ["refund"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

"""The customer beside a conversation in a browser: names, earlier conversations, notes, and why the desk did what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hark.domain.reasons import sentence
from hark.domain.time import text as time_text
from playwright.sync_api import Locator, Page, expect

from infra.openapi.shapes import shapes
from tests.e2e.fixed_desk import HOUR, NOW, FixedDesk, MakeDesk, a

CUSTOMER = "GET conversations/c1/customer"


def known(**other: Any) -> dict[str, Any]:
    who = {"id": "7", "handle": "maya", "name": "Maya Cohen", "reachable": True, "protected": False}
    given = {
        "channels": [{**who, "platform": "facebook"}], "conversations": [], "more": False, "earlier": [],
        "now": time_text(NOW), **other,
    }  # fmt: skip
    shapes()["KnownCustomer"].model_validate({**given, "conversations": []})
    return given


def talk(desk: FixedDesk, case_id: str, snippet: str, **row: Any) -> dict[str, Any]:
    """Another conversation of the same person, as the API lists it."""
    desk.has(case_id, a("facebook", "comment"), snippet=snippet, **row)
    inner = ("reasons", "generation", "triage")
    case = desk.conversations[case_id]["case"]
    return {**{n: v for n, v in case.items() if n not in inner}, "opened_at": time_text(NOW - timedelta(days=40))}


def pane(page: Page, width: int) -> Locator:
    """The column, or where there is no room for one the dialog."""
    expect(page.locator("#reply-box")).to_be_visible()
    if width >= 1280:
        return page.get_by_role("complementary", name="Customer and case")
    page.get_by_role("button", name="Customer and case").click()
    return page.get_by_role("dialog", name="Customer and case")


@pytest.mark.parametrize("width", [1440, 360])
def test_names_earlier_conversations_and_notes_stand_beside_the_conversation(made: MakeDesk, width: int) -> None:
    desk = made(viewport={"width": width, "height": 900})
    shown = desk.has("c1", a("facebook", "comment"), owner=None)
    shown["case"]["triage"] |= {"sentiment": "negative", "topic": "delivery", "reference": "AB-4712"}
    shown["notes"] = [{"id": "n1", "text": "ללקוחה יש שני חוזים", "at": time_text(NOW - HOUR), "by": "Omar Haddad"}]
    other = {"platform": "messenger", "id": "31", "handle": "", "name": "", "reachable": False, "protected": False}
    earlier = {
        "generation": 1, "began_at": time_text(NOW - timedelta(days=9)), "closed_at": time_text(NOW - HOUR * 30),
        "code": "case.closed.agent", "sentence": sentence("case.closed.agent"),
    }  # fmt: skip
    first = known()["channels"][0]
    talks = [talk(desk, "c2", "היכן החבילה שלי?"), talk(desk, "c3", "Where is it?", status="closed")]
    desk.answers[CUSTOMER] = [
        (200, known(channels=[first, other], conversations=talks, more=True, earlier=[earlier]))
    ]  # fmt: skip
    page = desk.open("c1")
    beside = pane(page, width)
    expect(beside.locator(".talks li")).to_have_count(2)
    expect(beside).to_contain_text("There are older ones.")
    expect(beside.locator(".channels")).to_contain_text("takes no messages from us")
    expect(beside).to_contain_text("AB-4712")
    expect(beside.locator(".notes")).to_contain_text("ללקוחה יש שני חוזים")
    expect(beside.locator(".earlier .history")).to_contain_text("Closed by an agent.")
    beside.get_by_role("link", name="היכן החבילה שלי?").click()
    expect(page).to_have_url("http://127.0.0.1:9/#/open/c2")


def test_each_line_says_whether_a_person_did_it_or_the_desk_and_why(made: MakeDesk) -> None:
    desk = made(viewport={"width": 1440, "height": 900})
    shown = desk.has("c1", a("x", "post"))
    shown["history"] = [
        {"at": time_text(NOW - HOUR), "code": code, "sentence": sentence(code), "by": by}
        for code, by in (("assign.least_loaded", ""), ("case.claimed", "Dana Ozola"))
    ]
    page = desk.open("c1")
    lines = pane(page, 1440).locator("details > .history > li")
    expect(lines.nth(0)).to_contain_text("Dana Ozola")
    expect(lines.nth(1)).to_contain_text("Given to the agent on shift with the fewest open cases.")
    expect(lines.nth(1)).to_contain_text("The desk")


def test_somebody_new_is_said_to_be_and_what_failed_is_asked_for_again(made: MakeDesk) -> None:
    desk = made(viewport={"width": 1440, "height": 900})
    desk.has("c1", a("x", "post"))
    failed = {"code": "failed", "detail": "Nothing was changed; try again."}
    desk.answers[CUSTOMER] = [(503, failed), (200, known())]
    page = desk.open("c1")
    earlier = page.locator(".earlier")
    expect(earlier.get_by_role("alert")).to_contain_text("could not be loaded")
    earlier.get_by_role("button", name="Try again").click()
    expect(earlier).to_contain_text("None that the desk knows of.")


def test_moving_through_the_list_asks_only_where_somebody_stays_and_once(made: MakeDesk) -> None:
    desk = made(viewport={"width": 1440, "height": 900})
    for case_id in ("c1", "c2", "c3"):
        desk.has(case_id, a("x", "post"))
    page = desk.open("c1")
    expect(page.locator(".earlier")).to_contain_text("None that the desk knows of.")
    page.locator("#row-c1").focus()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("#row-c3")).to_have_attribute("aria-current", "true")
    expect(page.locator(".earlier")).to_contain_text("None that the desk knows of.")
    page.locator("#row-c1").click()
    expect(page.locator("#row-c1")).to_have_attribute("aria-current", "true")
    expect(page.locator(".earlier")).to_contain_text("None that the desk knows of.")
    assert [asked for asked in desk.asked if asked.endswith("/customer")] == [
        "GET /api/v1/conversations/c1/customer", "GET /api/v1/conversations/c3/customer",
    ]  # fmt: skip


def test_where_there_is_no_column_nothing_is_asked_before_the_pane_is_opened(made: MakeDesk) -> None:
    desk = made(viewport={"width": 360, "height": 900})
    desk.has("c1", a("x", "post"))
    page = desk.open("c1")
    expect(page.locator("#reply-box")).to_be_visible()
    page.wait_for_timeout(1500)
    assert not [asked for asked in desk.asked if asked.endswith("/customer")]
    expect(pane(page, 360).locator(".earlier")).to_contain_text("None that the desk knows of.")
    assert len([asked for asked in desk.asked if asked.endswith("/customer")]) == 1


def test_from_there_the_way_of_the_case_is_one_press_away(made: MakeDesk) -> None:
    desk = made(viewport={"width": 360, "height": 900})
    desk.has("c1", a("x", "post"))
    desk.answers["GET conversations/c1/workflow"] = [(404, {"code": "no_trace", "detail": "It has not begun."})]
    page = desk.open("c1")
    pane(page, 360).get_by_role("button", name="How it went").click()
    expect(page.get_by_role("dialog", name="How it went")).to_contain_text("It has not begun.")

# ruff: noqa: F811 (fixtures of the integration tests, which pytest finds by their names)
"""The settings in a browser, on the real API: a lead's day with them, an agent's, and whoever may only look."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from hark import operator, wiring
from hark.domain.browsers import Browser as ProductNames
from hark.domain.people import Role
from hark.domain.policy import Policy
from hark.domain.time import text as time_text
from hark.store.people import People
from playwright.sync_api import Browser, Page, expect

from tests.e2e.real_desk import RealDesk
from tests.integration.conftest import BRAND, Desk, clock, desk, permitted  # noqa: F401
from tests.integration.x_deliveries import mention

PATIENCE = 20_000
"""Milliseconds for a part and its settings to come, on a machine that has other work."""
Enter = Callable[..., RealDesk]


@pytest.fixture
def enter(browser: Browser, desk: Desk) -> Iterator[Enter]:
    """Opens the desk of a member, who is put on the team first."""
    opened: list[RealDesk] = []
    expect.set_options(timeout=PATIENCE)
    People(desk.table).save_policy(BRAND, Policy(name="Acme"))

    def of(member: str = "noa", name: str = "Noa Levi", role: Role = "lead", **context: Any) -> RealDesk:
        operator.enrol(desk.table, member, BRAND, f"{member}@example.com", name, role)
        opened.append(RealDesk(browser, desk, member, **context))
        return opened[-1]

    yield of
    expect.set_options(timeout=5_000)
    for one in opened:
        one.close()


def policy(desk: Desk) -> Policy:
    return People(desk.table).policy(BRAND)


def part(page: Page, name: str) -> None:
    """The part is open: its title has the keyboard."""
    expect(page.locator("#set-title")).to_be_focused()
    expect(page.get_by_role("navigation", name="Settings").locator("[aria-current=page]")).to_have_text(name)


def toast(page: Page, words: str) -> None:
    expect(page.locator(".toast").filter(has_text=words).last).to_be_visible()


def test_a_lead_changes_the_hours_and_takes_it_back(enter: Enter, desk: Desk) -> None:
    page = enter().open("#/settings/hours")
    part(page, "Hours")
    page.get_by_label("Always open").uncheck()
    page.get_by_label("Monday, to").fill("12:00")
    monday = page.locator(".week > div").first
    monday.get_by_role("button", name="More hours").click()
    page.get_by_role("button", name="Copy Monday to all working days").click()
    page.get_by_label("Time zone").fill("Europe/Riga")
    page.get_by_label("Country").select_option(label="Latvia")
    page.get_by_role("button", name="Add a day").click()
    page.get_by_label("Day", exact=True).fill("2026-12-24")
    expect(page.locator(".save-bar")).to_contain_text("Not saved yet")
    page.keyboard.press("Control+Enter")
    toast(page, "Saved")
    kept = policy(desk).calendar
    assert (kept.zone, kept.country) == ("Europe/Riga", "LV")
    assert [(str(one.start), str(one.end), one.days) for one in kept.hours] == [
        ("09:00:00", "12:00:00", (0, 1, 2, 3, 4)), ("13:00:00", "17:00:00", (0, 1, 2, 3, 4)),
    ]  # fmt: skip
    assert [str(day) for day in kept.exceptions] == ["2026-12-24"]
    page.locator(".toast").get_by_role("button", name="Undo").click()
    toast(page, "Undone")
    assert policy(desk).calendar == Policy().calendar
    expect(page.get_by_label("Always open")).to_be_checked()


def test_what_is_wrong_is_told_at_its_field_and_nothing_is_saved(enter: Enter, desk: Desk) -> None:
    page = enter().open("#/settings/targets")
    part(page, "Targets")
    page.get_by_label("Warn after this share").fill("150")
    page.get_by_role("button", name="Save").click()
    wrong = page.get_by_role("alert")
    expect(wrong).to_be_focused()
    expect(wrong).to_contain_text("Nothing was changed")
    field = page.get_by_label("Warn after this share")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#set-targets-warn_percent-wrong")).to_contain_text("less than or equal to 99")
    expect(wrong.get_by_role("button")).to_have_text("Warn after this share of a target")
    wrong.get_by_role("button").click()
    expect(field).to_be_focused()
    assert policy(desk).targets.warn_percent == 80
    field.fill("50")
    page.get_by_role("button", name="Save").click()
    toast(page, "Saved")
    assert policy(desk).targets.warn_percent == 50


def test_what_is_not_saved_is_kept_and_told_wherever_one_goes(enter: Enter) -> None:
    page = enter().open("#/settings/brand")
    part(page, "Brand")
    page.get_by_label("Name", exact=True).fill("Acme Ltd")
    page.get_by_role("link", name="Targets").click()
    part(page, "Targets")
    expect(page.get_by_role("link", name=re.compile("Brand.*Not saved yet"))).to_be_visible()
    page.goto("https://desk.example.com/#/open")
    page.goto("https://desk.example.com/#/settings/brand")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Acme Ltd")
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Acme")
    expect(page.get_by_role("button", name="Save")).to_have_count(0)


def test_a_rule_is_tried_on_the_last_day_before_it_holds(enter: Enter, desk: Desk) -> None:
    noa = enter()
    operator.enrol(desk.table, "anna", BRAND, "anna@example.com", "Anna Berga", "agent")
    desk.take_in(mention())
    desk.step("triage", desk.case())
    page = noa.open("#/settings/routing")
    part(page, "Routing")
    page.get_by_role("button", name="Add a rule").click()
    page.get_by_label("Name of the rule").fill("parcels")
    page.get_by_role("button", name="And one more").click()
    rows = page.locator(".condition-row")
    rows.nth(1).get_by_label("What", exact=True).select_option(label="Priority (1 burns)")
    rows.nth(1).get_by_label("How it compares").select_option(label="at most")
    rows.nth(1).get_by_label(re.compile("value$")).fill("5")
    page.get_by_label("To this person").select_option(label="Noa Levi")
    page.get_by_role("button", name="Try the changes").click()
    result = page.locator(".dry-result")
    expect(result).to_contain_text("1 of 1 cases would have gone another way")
    expect(result.locator(".dry-side").nth(0)).to_contain_text("Anna Berga")
    expect(result.locator(".dry-side").nth(1)).to_contain_text("Noa Levi")
    assert policy(desk).assignment.rules == (), "nothing holds yet"
    page.get_by_role("button", name="Save").click()
    toast(page, "Saved")
    (rule,) = policy(desk).assignment.rules
    assert (rule.name, rule.when, rule.to.person) == ("parcels", 'platform == "x" and priority <= 5', "noa")
    page.get_by_role("button", name="Write it in words").click()
    page.get_by_label("When", exact=True).fill("colour == 1")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".rule .wrong").first).to_contain_text(
        "nothing is known by the name 'colour'", ignore_case=True
    )


WRITTEN = """async (texts) => {
  const base = document.querySelector("script[src$='app.js']").src.replace(/app\\.js$/, "");
  const { simple, written } = await import(`${base}core/conditions.js`);
  const words = {
    public: { kind: "yes_no", values: [] }, reach: { kind: "number", values: [] }, kind: { kind: "text", values: [] },
    tags: { kind: "texts", values: [] },
  };
  return texts.map((text) => { const found = simple(text, words); return found && written(found); });
}"""


def test_conditions_are_rows_where_rows_can_say_the_same_and_else_stay_words(enter: Enter) -> None:
    page = enter().open("#/settings/me")
    part(page, "My settings")
    same = [
        "public", "not public", "reach >= 5", 'kind == "complaint"', 'kind != "praise" and public', '"legal" in tags',
        'kind in ["complaint", "question"] or reach <= 2.5',
    ]  # fmt: skip
    assert page.evaluate(WRITTEN, same) == same
    told_otherwise = {"  reach>=5  and  public ": "reach >= 5 and public", "kind == 'a b'": 'kind == "a b"'}
    assert page.evaluate(WRITTEN, list(told_otherwise)) == list(told_otherwise.values())
    only_words = [
        "(public)", "public and reach >= 5 or public", "not (public)", "reach < 5", "colour == 1", "", "public and",
        "kind == public", "public == true", '"legal" in kind', "reach >= five", "public public",
    ]  # fmt: skip
    assert page.evaluate(WRITTEN, only_words) == [None] * len(only_words)


def test_agents_have_their_own_settings_and_no_others(enter: Enter) -> None:
    page = enter("dana", "Dana Ozola", "agent").open("#/settings")
    part(page, "My settings")
    expect(page.get_by_role("navigation", name="Settings").get_by_role("link")).to_have_count(1)
    page.get_by_label("Send me notices by e-mail").uncheck()
    toast(page, "Saved")
    page.goto("https://desk.example.com/#/settings/routing")
    expect(page.get_by_role("alert")).to_contain_text("Only a lead decides about this")


def test_each_ends_their_own_sessions_one_by_one_and_all_at_once(enter: Enter, desk: Desk) -> None:
    people, now = People(desk.table), desk.clock()
    page = enter("dana", "Dana Ozola", "agent").open("#/settings/me")
    tokens = {"Firefox": now - timedelta(hours=5), "Safari": now - timedelta(minutes=40), "": now - timedelta(hours=1)}
    for name, at in tokens.items():
        until = int((now + timedelta(hours=1)).timestamp())
        made = ProductNames(name, "Windows" if name == "Firefox" else "iPhone" if name else "")
        people.open_session(f"token {name}", BRAND, "dana", until, at=time_text(at), browser=made)
    page.reload()
    part(page, "My settings")
    rows = page.locator("[data-session]")
    expect(rows).to_have_count(4)
    expect(rows.nth(0)).to_contain_text("This one")
    expect(rows.nth(1)).to_contain_text("Safari on iPhone")
    expect(rows.nth(1)).to_contain_text("last used about 40 minutes ago")
    expect(rows.nth(2)).to_contain_text("Unknown browser")
    page.get_by_role("button", name=re.compile("^End.*Safari")).click()
    toast(page, "Ended")
    sessions = wiring.sessions()
    assert sessions.member("token Safari") is None and sessions.member("token Firefox") is not None
    page.get_by_role("button", name="Sign out everywhere else").click()
    toast(page, "signed out everywhere else")
    expect(page.get_by_text("You are signed in nowhere else.")).to_be_visible()
    assert sessions.member("token Firefox") is None
    page.get_by_role("button", name="Sign out everywhere, here too").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes('draft'))") == []


def test_a_lead_makes_a_token_for_a_program_sees_it_once_and_takes_it_away(enter: Enter) -> None:
    page = enter(viewport={"width": 360, "height": 740}).open("#/settings/programs")
    expect(page.get_by_text("No program works with the desk.")).to_be_visible()
    page.get_by_role("button", name="Make a token").click()
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("alert")).to_contain_text("are needed")
    page.get_by_label("Name of the program").fill("Order system")
    page.get_by_label("leave notes").check()
    page.get_by_label("Good until").fill("2026-12-24")
    page.get_by_role("button", name="Make it").click()
    token = page.get_by_label("Token").input_value()
    found = wiring.access().enter(token)
    assert found and (found.name, found.scopes) == ("Order system", ("notes:write",))
    page.get_by_role("button", name="I have it").click()
    row = page.locator("[data-program]")
    expect(row).to_contain_text("good until 24 Dec 2026")
    assert token not in page.content()
    row.get_by_role("button", name="Take away").click()
    expect(row.get_by_role("alert")).to_contain_text("opens nothing")
    row.get_by_role("button", name="Take away").click()
    expect(row).to_contain_text("taken away 20 Nov 2026")
    assert wiring.access().enter(token) is None


def test_who_only_reads_sees_the_settings_and_can_change_none(enter: Enter) -> None:
    page = enter("rita", "Rita Reads", "reader").open("#/settings/targets")
    part(page, "Targets")
    expect(page.get_by_text("You may look at this, but not change it.")).to_be_visible()
    expect(page.get_by_label("First answer within", exact=True).first).to_be_disabled()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)


def test_without_a_connection_it_says_so_and_comes_back(enter: Enter) -> None:
    noa = enter()
    page = noa.open("#/settings/me")
    part(page, "My settings")
    noa.offline = True
    page.get_by_role("link", name="Hours").click()
    expect(page.get_by_role("alert").filter(has_text="could not be reached")).to_be_visible()
    noa.offline = False
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_label("Time zone")).to_be_visible()

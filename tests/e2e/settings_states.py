"""The states of the settings, and of the pages that the server draws, for the rules of accessibility."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from hark import operator, wiring
from hark.domain.people import Role
from hark.domain.policy import Policy
from hark.store.people import People
from playwright.sync_api import Locator, Page, expect

from infra.local import sign_in
from tests.e2e.real_desk import ORIGIN, RealDesk
from tests.e2e.screen_states import parts
from tests.e2e.soundness import Scene, Stage, State, go
from tests.e2e.test_listening_screen import finds
from tests.e2e.test_messages import ILL
from tests.integration.conftest import BRAND, Desk
from tests.integration.test_satisfaction import closed, invite
from tests.integration.x_deliveries import mention

PLACE = ".set-place"
MAIN = ("hours", "routing", "people")


def member(stage: Stage, name: str, role: Role) -> RealDesk:
    """The desk of somebody who is put on the team first."""
    operator.enrol(stage.real.table, name, BRAND, f"{name}@example.com", f"{name.title()} Ozola", role)
    desk = RealDesk(stage.browser, stage.real, name, **stage.context_of({}))
    stage.keep(desk)
    return desk


def part(page: Page, name: str) -> Locator:
    go(page, f"#/settings/{name}")
    expect(page.locator("#set-title")).to_have_text(page.locator(".set-menu [aria-current=page]").inner_text())
    return page.locator(".set-place")


def brand(desk: Desk) -> None:
    """A brand with a policy that somebody has changed, and one case to try changes on."""
    people = People(desk.table)
    people.save_policy(BRAND, Policy(name="Acme"))
    operator.enrol(desk.table, "anna", BRAND, "anna@example.com", "Anna Berga", "agent")
    desk.take_in(mention())
    desk.step("triage", desk.case())


def settings(stage: Stage) -> Iterator[State]:
    if stage.language == "en":
        brand(stage.real)
    noa = member(stage, f"noa{stage.language}", "lead")
    page = noa.open("#/settings")
    expect(page.locator("#set-title")).to_be_visible()
    for name in page.locator(".set-menu a").evaluate_all("all => all.map(({ hash }) => hash.split('/')[2])"):
        part(page, name)
        page.wait_for_load_state("networkidle")
        yield State(
            page, f"settings: {name}", "" if name == "me" else PLACE, main=name in ("hours", "routing", "people")
        )
    yield from changed(stage, noa, page)


def changed(stage: Stage, noa: RealDesk, page: Page) -> Iterator[State]:
    place = part(page, "targets")
    place.locator("#set-targets-warn_percent").fill("150")
    place.locator("button[type=submit]").click()
    expect(place.locator(".wrongs")).to_be_visible()
    yield State(page, "what cannot be saved", PLACE, main=True)
    place = part(page, "accounts")
    stage.button(place, "settings.pause.open").click()
    expect(place.locator(".pausing")).to_be_visible()
    yield State(page, "an account is being paused", PLACE)
    place = part(page, "hours")
    place.locator(".set-switch input, .switch input").first.uncheck()
    yield State(page, "hours of a week", PLACE)
    place = part(page, "routing")
    stage.button(place, "settings.routing.addRule").click()
    stage.button(place, "settings.when.more").click()
    stage.button(place, "settings.routing.addTeam").click()
    place.locator(".goal select").first.select_option(f"noa{stage.language}")
    place.locator(".dry-run .button").click()
    expect(place.locator(".dry-result")).to_be_visible()
    yield State(page, "a rule is tried on the last day", PLACE)
    stage.button(place, "settings.when.byWords").click()
    place.locator(".condition textarea").fill("colour == 1")
    place.locator("button[type=submit]").click()
    expect(place.locator(".rule .wrong").first).to_be_visible()
    yield State(page, "a rule that cannot be", PLACE)
    place = part(page, "canned")
    stage.button(place, "settings.canned.add").click()
    place.locator(".canned-edit select").last.select_option("faq")
    place.locator("button[type=submit]").click()
    expect(place.get_by_role("alert")).to_be_visible()
    yield State(page, "a canned text that lacks its words", PLACE)
    place = part(page, "people")
    person = place.locator("[data-member=anna]")
    person.locator("summary").click()
    stage.button(person, "settings.people.addShift").click()
    stage.button(person, "settings.people.addDay").click()
    yield State(page, "somebody of the team is changed", PLACE)
    place = part(page, "programs")
    stage.button(place, "settings.programs.make").click()
    stage.button(place, "settings.programs.create").click()
    expect(place.get_by_role("alert")).to_be_visible()
    yield State(page, "a token that lacks its name", PLACE)
    place.locator("#program-name").fill("Order system")
    place.locator("input[type=checkbox]").first.check()
    place.locator("#program-until").fill(str((stage.real.clock() + timedelta(days=30)).date()))
    stage.button(place, "settings.programs.create").click()
    stage.button(place, "settings.programs.kept").wait_for()
    yield State(page, "a token is shown once", PLACE)
    stage.button(place, "settings.programs.kept").click()
    stage.button(place, "settings.programs.away").click()
    yield State(page, "a program is taken away", PLACE)
    yield from clashing(stage, noa, page)


def clashing(stage: Stage, noa: RealDesk, page: Page) -> Iterator[State]:
    """Two leads at the same setting; then what others may see of it, and no connection."""
    place = part(page, "brand")
    place.locator("#set-name").fill(f"Acme {stage.language}")
    other = member(stage, f"omar{stage.language}", "lead").open("#/settings/brand")
    other.locator("#set-name").fill(f"Acme of Omar {stage.language}")
    other.locator("button[type=submit]").click()
    expect(other.locator(".toast")).to_be_visible()
    other.close()
    place.locator("button[type=submit]").click()
    expect(place.locator(".wrongs")).to_be_visible()
    yield State(page, "two leads at the same setting", PLACE)
    page = member(stage, f"rita{stage.language}", "reader").open("#/settings/targets")
    expect(page.locator("#set-targets-warn_percent")).to_be_disabled()
    yield State(page, "who only reads the settings")
    go(page, "#/settings/programs")
    expect(page.locator(".set-place [role=alert]")).to_be_visible()
    yield State(page, "a part that is for others", PLACE)
    dana = member(stage, f"dana{stage.language}", "lead")
    page = dana.open("#/settings/me")
    expect(page.locator("#set-title")).to_be_visible()
    dana.offline = True
    go(page, "#/settings/hours")
    expect(page.locator(".set-place [role=alert]")).to_be_visible()
    yield State(page, "the settings could not be had", PLACE)
    dana.offline = False


# --- listening ----------------------------------------------------------------------------------


def listening(stage: Stage) -> Iterator[State]:
    people = People(stage.real.table)
    if stage.language == "en":
        people.save_policy(BRAND, Policy(name="Acme"))
    page = member(stage, f"noa{stage.language}", "lead").open("#/listening")
    expect(page.locator(".explained")).to_be_visible()
    yield State(page, "nobody listens")
    place = part(page, "listening")
    stage.button(place, "settings.listening.add").click()
    names = place.locator("[data-path$='.names'] textarea")
    names.fill("x")
    place.locator(".trial .button.strong").click()
    expect(place.locator(".query .wrong").first).to_be_visible()
    yield State(page, "a query that cannot be", PLACE)
    names.fill("Acme")
    place.locator(".trial .button.strong").click()
    expect(place.locator(".spellings").first).to_be_visible()
    yield State(page, "a query is tried", PLACE)
    if stage.language == "en":
        place.locator("button[type=submit]").click()
        expect(page.locator(".toast")).to_be_visible()
        finds(stage.real, people.policy(BRAND).listening.queries[0].id)
    dana = member(stage, f"dana{stage.language}", "agent")
    page = dana.open("#/listening")
    expect(page.locator(".hit").first).to_be_visible()
    yield State(page, "posts wait for a decision", main=True)
    page.locator("[data-do=dismiss]").first.click()
    expect(page.locator(".toast")).to_be_visible()
    yield State(page, "one is not ours, and another was decided by somebody else")
    go(page, "#/listening?state=not_ours")
    expect(page.locator("[data-do=undo]").first).to_be_visible()
    yield State(page, "what was put aside", "main")
    dana.offline = True
    go(page, "#/listening?state=case")
    expect(page.locator("main [role=alert]").first).to_be_visible()
    yield State(page, "what was found could not be had", "main")
    dana.offline = False


# --- accounts -----------------------------------------------------------------------------------


def ill_accounts(stage: Stage) -> Iterator[State]:
    """The settings' own list of accounts, with everything that may be wrong with one."""
    desk = stage.made()
    desk.roles, desk.accounts = ["lead"], ILL
    desk.ledger = {**desk.ledger, "state": "broken", "findings": [
        {"day": "2026-11-20", "code": "event.missing", "sentence": "an event that was sealed is not there any more"}
    ]}  # fmt: skip
    page = desk.open()
    expect(page.locator(".band").first).to_be_visible()
    go(page, "#/settings/accounts")
    expect(page.locator(".account-card")).to_have_count(4)
    yield State(page, "settings: ill accounts", PLACE)


# --- what the server draws ----------------------------------------------------------------------


def shown(stage: Stage, address: str) -> Page:
    """A page of the server, for somebody who is not signed in."""
    nobody = RealDesk(stage.browser, stage.real, "nobody", **stage.context_of({}))
    stage.keep(nobody)
    return nobody.open(address)


def pages(stage: Stage) -> Iterator[State]:
    """A sign-in that failed, the page of a rating, and the local cloud's sign-in: pages without any script."""
    yield State(shown(stage, "auth/callback?code=a&state=b"), "a sign-in that failed", main=True)
    if stage.language == "en":
        closed(stage.real)
    token = stage.language * 20
    invite(stage.real, stage.real.case().model_copy(update={"language": stage.language}), token)
    page = shown(stage, f"s/{token}")
    yield State(page, "a customer is asked how it was", main=True)
    page.locator("form").evaluate("form => { form.noValidate = true; }")
    with page.expect_navigation():
        page.locator("button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield State(page, "stars are missing")
    if stage.language == "en":
        wiring.satisfying().rate(token, 5, "")
    page.goto(f"{ORIGIN}/s/{token}")
    expect(page.locator("form")).to_have_count(0)
    yield State(page, "thanks")
    yield State(shown(stage, f"s/{'x' * 32}"), "a link that is over", language="en")
    page = stage.browser.new_context().new_page()
    page.set_content(sign_in.page("state=a")[2].decode())
    yield State(page, "the sign-in of the local cloud", language="en")


SCENES: dict[str, tuple[Scene, tuple[str, ...]]] = {
    "listening": (listening, ("screens/listening.js", "screens/hit-card.js")),
    "settings": (settings, ("screens/settings.js", *parts("settings"))),
    "ill accounts": (ill_accounts, ()),
    "pages": (pages, ()),
}
REAL = {"settings", "listening", "pages"}
"""Scenes that need the product's own function behind them."""

# ruff: noqa: F811 (fixtures of the integration tests, which pytest finds by their names)
"""The whole day of a lead, by keyboard alone: on a wide screen and on a phone, in English and in Hebrew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hark.domain.case import Case
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.at_the_desk import SCREENS, AtTheDesk, take_a_seat
from tests.e2e.keyboard import Seat, mouse_taken_away  # noqa: F401
from tests.e2e.outside import Outside, functions_wake_each_other, outside  # noqa: F401
from tests.integration.conftest import (  # noqa: F401
    clock,
    desk,
    one_call_at_a_time,
    permitted,
    sign_in,
    town_of,
)
from tests.integration.crowd import WATCHING

FEW = {"least_messages": 3, "least_people": 3, "once_in_buckets": 100}
BETTER = {"en": "You get it tomorrow, Lina.", "he": "תקבלי את זה מחר."}


class Noa(AtTheDesk):
    """A lead, and what has come up since yesterday."""

    def __init__(self, seat: Seat, outside: Outside, language: str, width: int) -> None:
        self.better = BETTER[language]
        self.cases = since_yesterday(outside)
        super().__init__(seat, "#/open", language, width)

    def goes_to(self, letter: str, screen: str) -> None:
        """To another screen, where the keyboard is on its title."""
        self.press("g", letter)
        expect(self.page.locator("main h1")).to_have_text(self.say(f"screen.{screen}"))

    def settles(self, part: str) -> Locator:
        """To a part of the settings, by its menu."""
        self.goes_to("t", "settings")
        self.push(self.page.locator(f".set-menu a[href='#/settings/{part}']"), backwards=not self.narrow)
        self.on("#set-title")
        return self.page.locator(".set-part")

    def saves(self) -> None:
        self.press("Control+Enter")
        self.told("settings.saved")


@pytest.fixture
def noa(request: pytest.FixtureRequest, browser: Browser, outside: Outside, mouse_taken_away: None) -> Iterator[Noa]:
    """Dana has three answers for her to read; three people in a row have no internet."""
    language, width = request.param
    outside.policy(name="Acme", approvals={"number": 1}, incidents=WATCHING | FEW)
    outside.colleague("noa", "Noa Levi", "lead")
    outside.colleague("omar", "Omar Haddad")
    seat = take_a_seat(browser, outside, "noa", language, width)
    yield Noa(seat, outside, language, width)
    seat.close()


def since_yesterday(outside: Outside) -> dict[str, Case]:
    dana, cases = outside.town.dana, {}
    for by, name, text in (("lina", "Līna Kalniņa", "Kur ir mana paka?"), ("ivan", "Иван Петров", "Где моя посылка?"),
                           ("ruth", "רות לוי", "איפה החבילה שלי?")):  # fmt: skip
        cases[by] = case = outside.writes("viber", by, name, text)
        taken = dana.send("PATCH", f"conversations/{case.id}", {"version": case.version, "assignee": "me"})
        assert taken.status == 200, taken.said
        draft = dana.send("POST", f"conversations/{case.id}/drafts", {"text": "It is on its way.", "seen": case.talk})
        assert draft.status == 201, draft.said
    for number in range(3):
        by = f"person{number}"
        cases[by] = outside.writes("x", by, by.title(), "@acme no internet since this morning", surface="post")
    return cases


@pytest.mark.parametrize("noa", SCREENS, indirect=True)
def test_the_whole_day_of_a_lead(noa: Noa, outside: Outside) -> None:
    she_approves_changes_and_sends_back(noa, outside)
    many_have_no_internet(noa, outside)
    she_reads_the_figures(noa)
    she_writes_a_text_for_all_and_takes_it_away(noa, outside)
    she_opens_on_fewer_hours(noa, outside)
    she_tries_a_rule_before_it_holds(noa, outside)
    she_looks_after_her_people(noa, outside)
    a_program_gets_a_token_and_loses_it(noa)
    she_signs_out_everywhere(noa)


def she_approves_changes_and_sends_back(noa: Noa, outside: Outside) -> None:
    with noa.before_the_first_key():
        noa.sees(noa.row(noa.cases["ruth"]))
    noa.page.wait_for_load_state("networkidle")
    noa.press("g", "p")
    cards = noa.page.locator(".approval")
    noa.on(cards.first)
    expect(cards).to_have_count(3)
    assert noa.direction(cards.nth(2).locator(".asked .text")) == "rtl"
    noa.press("j", "k")
    noa.on(cards.first)
    noa.press("Enter")
    noa.sees("[data-draft=waiting]")
    noa.press("g", "p")
    noa.on(cards.first)
    noa.press("e")
    words = noa.field("approvals.words")
    noa.on(words)
    noa.empty()
    noa.sends(noa.better)
    noa.told("approvals.approved")
    expect(cards).to_have_count(2)
    noa.on(cards.first)
    noa.press("a")
    expect(cards).to_have_count(1)
    noa.on(cards.first)
    noa.press("b")
    noa.on(noa.field("approval.reason"))
    noa.write("In Hebrew, please.")
    noa.push(noa.button("approval.return"))
    noa.told("approvals.returned")
    expect(cards).to_have_count(0)
    noa.on("main h1")
    outside.replies_leave()
    assert [one["text"] for one in outside.town.sent("viber")] == [noa.better, "It is on its way."]


def many_have_no_internet(noa: Noa, outside: Outside) -> None:
    noa.goes_to("n", "incidents")
    noa.push(noa.page.locator(".incident-line"))
    noa.sees(noa.page.get_by_role("heading", name=noa.say("incident.one"), exact=True))
    noa.push(noa.button("incident.confirm"))
    noa.told("incident.toast.confirmed")
    status = noa.page.locator("[data-part=status]")
    noa.push(noa.button("incident.write", status))
    noa.on(status.locator("textarea"))
    noa.write("A cable is cut.")
    noa.push(noa.button("incident.save", status))
    noa.sees(status.get_by_text("A cable is cut."))
    everybody = noa.page.locator("[data-part=broadcasts]")
    noa.push(noa.button("broadcast.write", everybody))
    noa.on(everybody.locator("textarea"))
    noa.press("Control+End")
    noa.write(" {name}, we are sorry.")
    noa.push(noa.button("broadcast.propose", everybody))
    noa.told("broadcast.toast.proposed")
    noa.sees(noa.button("broadcast.takeBack", everybody))
    omar = outside.colleague("lea", "Lea Kalna", "lead")
    (told,) = omar.get(f"incidents/{incident_of(outside)}").said["broadcasts"]
    said = omar.send("POST", f"incidents/{incident_of(outside)}/broadcasts/{told['id']}/decision", {"approve": True})
    assert said.status == 200, said.said
    noa.push(noa.button("incident.close"), backwards=True)
    noa.on(noa.button("incident.closeNow"))
    noa.press("Enter")
    noa.sees(noa.page.get_by_role("alert"))  # the other lead's approval came in between
    noa.push(noa.button("incident.closeNow"))
    noa.told("incident.toast.closedWaiting")
    noa.sees(".waiting[open]")
    assert outside.desk.items("INCIDENT")[0]["state"] == "closed"


def incident_of(outside: Outside) -> str:
    return str(outside.desk.items("INCIDENT")[0]["id"])


def she_reads_the_figures(noa: Noa) -> None:
    noa.goes_to("r", "reports")
    came = noa.sees("[data-figure=came] .figure-value")
    expect(came).to_have_text("6")
    month = noa.page.locator(".spans a").nth(2)
    noa.push(month)
    expect(month).to_have_attribute("aria-current", "true")
    platform = noa.field("reports.platform")
    noa.choose(platform, "x")
    expect(came).to_have_text("3")
    noa.tab_to(noa.link("reports.csv"))
    with noa.page.expect_download() as file:
        noa.press("Enter")
    assert "format=csv" in file.value.url
    assert file.value.suggested_filename != "true", "the link names no file: the server does"
    noa.push(came.locator("a"))
    noa.on("main h1")
    noa.push(noa.page.locator(".counted a").first)
    noa.sees(".thread")
    expect(noa.page.locator("#thread-title")).to_contain_text("Person")


def she_writes_a_text_for_all_and_takes_it_away(noa: Noa, outside: Outside) -> None:
    part = noa.settles("canned")
    noa.push(noa.button("settings.canned.add"))
    noa.on(noa.field("settings.canned.title"))
    noa.write("Sorry")
    noa.press("Control+Enter")
    noa.sees(part.get_by_role("alert").filter(has_text=noa.say("settings.canned.lacking")))
    noa.tab_to(part.locator("textarea"))
    noa.write("Sorry, {name}!")
    noa.press("Control+Enter")
    entry = noa.sees("[data-entry]")
    expect(entry).to_contain_text("Sorry, {name}!")
    noa.push(noa.button("settings.delete", entry))
    noa.sees("[data-entry]", gone=True)
    noa.told("settings.canned.gone")
    noa.press("z")
    noa.sees("[data-entry]")
    (kept,) = outside.town.dana.get("canned").said["items"]
    assert kept["title"] == "Sorry"


def she_opens_on_fewer_hours(noa: Noa, outside: Outside) -> None:
    noa.settles("hours")
    noa.tick(noa.field("settings.hours.always"))
    noa.saves()
    assert len(outside.settings().calendar.hours) == 1
    noa.press("z")
    noa.told("toast.undone")
    expect(noa.field("settings.hours.always")).to_be_checked()


def she_tries_a_rule_before_it_holds(noa: Noa, outside: Outside) -> None:
    noa.settles("routing")
    noa.push(noa.button("settings.routing.addRule"))
    noa.tab_to(noa.field("settings.routing.ruleName"))
    noa.empty()
    noa.write("parcels")
    noa.choose(noa.field("settings.routing.person"), "omar")
    noa.push(noa.button("settings.dry.run"))
    noa.sees(noa.page.locator(".dry-result"))
    assert outside.settings().assignment.rules == (), "nothing holds yet"
    noa.saves()
    assert [rule.name for rule in outside.settings().assignment.rules] == ["parcels"]
    noa.settles("triage")
    noa.tab_to(noa.page.get_by_label(noa.say("settings.triage.all"), exact=True))
    noa.press("ArrowDown")
    noa.on(noa.page.get_by_label(noa.say("settings.triage.some"), exact=True))
    noa.push(noa.button("settings.dry.run"))
    noa.sees(noa.page.locator(".dry-result"))
    noa.push(noa.button("settings.discard"))
    noa.sees(noa.button("settings.discard"), gone=True)


def she_looks_after_her_people(noa: Noa, outside: Outside) -> None:
    noa.settles("people")
    omar = noa.page.locator("[data-member=omar]")
    noa.push(omar.locator("summary"))
    noa.choose(noa.field("settings.people.role", omar), "lead")
    noa.push(noa.button("settings.people.addShift", omar))
    noa.push(noa.button("settings.save", omar))
    noa.told("settings.people.saved")
    (kept,) = [one for one in outside.town.dana.get("me").said["members"] if one["id"] == "omar"]
    assert kept
    noa.press("g", "c")
    noa.sees("dialog[open]")
    noa.press("Escape")
    noa.sees("dialog", gone=True)


def a_program_gets_a_token_and_loses_it(noa: Noa) -> None:
    noa.settles("programs")
    noa.push(noa.button("settings.programs.make"))
    noa.on(noa.field("settings.programs.name"))
    noa.write("CRM")
    noa.tick(noa.page.get_by_label(noa.say("settings.programs.scope.notes:write")))
    noa.push(noa.button("settings.programs.create"))
    noa.on("#new-token")
    noa.push(noa.button("settings.programs.kept"))
    noa.sees("#new-token", gone=True)
    program = noa.page.locator("[data-program]")
    noa.push(noa.button("settings.programs.away", program))
    noa.push(noa.button("settings.programs.away", program))
    noa.told("settings.programs.done")


def she_signs_out_everywhere(noa: Noa) -> None:
    noa.settles("me")
    noa.push(noa.page.locator("[data-session=other]").get_by_role("button"))
    noa.told("settings.sessions.ended")
    noa.push(noa.button("settings.sessions.everywhere"))
    noa.sees(noa.page.get_by_role("heading", name=noa.say("signedOut.title")))

"""Incidents in a browser: leads find, write, tell and close them; agents see them at the case, with a reply."""

from __future__ import annotations

from typing import Any

import pytest
from hark.domain.reasons import sentence
from hark.domain.time import text as time_text
from playwright.sync_api import Page, expect

from infra.openapi.shapes import shapes
from tests.e2e.fixed_desk import HOUR, NOW, ORIGIN, FixedDesk, MakeDesk, a

MANY = 9
"""So often an answer is given when it may be asked for again."""
ONE, LIST = "incidents/i1", "GET incidents"


def checked(shape: str, given: dict[str, Any]) -> dict[str, Any]:
    """What a test gives is what the API promises."""
    shapes()[shape].model_validate(given)
    return given


def incident(**other: Any) -> dict[str, Any]:
    return {
        "id": "i1", "topic": "internet", "title": "No internet in Riga", "state": "open",
        "opened_at": time_text(NOW - HOUR), "closed_at": None, "counted": 14, "people": 12, "suggested": True,
        "version": 3, **other,
    }  # fmt: skip


def whole(**other: Any) -> dict[str, Any]:
    story = [
        {"at": time_text(NOW - HOUR), "code": code, "sentence": sentence(code), "by": by}
        for code, by in (("incident.suggested", ""), ("incident.opened", "Ada L"))
    ]
    return checked("WholeIncident", {
        **incident(), "status": {}, "kit": {}, "story": story, "broadcasts": [], "now": time_text(NOW), **other,
    })  # fmt: skip


def broadcast(**other: Any) -> dict[str, Any]:
    return checked("Broadcast", {
        "id": "b1", "texts": {"en": "Hello {name}, it is being mended."}, "state": "proposed",
        "at": time_text(NOW - HOUR / 2), "by": "Ada L", "author": "a2", "decided_by": "", "decided_at": None,
        "replies": {}, "for_people": [], **other,
    })  # fmt: skip


def rows(desk: FixedDesk, *ids: str) -> list[dict[str, Any]]:
    """Cases as the list of an incident shows them."""
    for number, one in enumerate(ids):
        desk.has(one, a("x", "post"), name=f"Person {number}", snippet="שלום, אין לי אינטרנט" if number else "No net")
    inner = ("reasons", "generation", "triage")
    return [
        {name: value for name, value in desk.conversations[one]["case"].items() if name not in inner} for one in ids
    ]


def lead(
    made: MakeDesk, *answers: dict[str, Any], width: int = 1440, cases: tuple[str, ...] = ("c1", "c2"), **context: Any
) -> FixedDesk:
    """A lead's desk; `answers` are those of the incident, one after the other, the last for good."""
    desk = made(viewport={"width": width, "height": 900}, **context)
    desk.roles = ["lead"]
    waiting = rows(desk, *cases)
    given = answers or (whole(),)
    listed = {"items": [incident()], "topics": ["internet", "parcels"], "watching": True, "now": time_text(NOW)}
    desk.answers[LIST] = [(200, listed)] * MANY
    desk.answers[f"GET {ONE}"] = [(200, one) for one in given] + [(200, given[-1])] * MANY
    desk.answers[f"GET {ONE}/unanswered"] = [(200, {"count": len(waiting), "items": waiting})] * MANY
    desk.answers[f"GET {ONE}/cases"] = [
        (200, {"items": [{**row, "unanswered": True} for row in waiting], "next": None})
    ] * MANY
    return desk


def opened(desk: FixedDesk, part: str = "/i1") -> Page:
    page = desk.open()
    expect(page.get_by_role("heading", name="Hark desk")).to_be_attached()
    page.goto(f"{ORIGIN}/#/incidents{part}")
    expect(page.get_by_role("heading", level=1, name="Incident")).to_be_visible()
    return page


# --- the list -----------------------------------------------------------------------------------


def test_suggested_open_and_closed_ones_stand_apart_and_one_is_opened_by_hand(made: MakeDesk) -> None:
    desk = lead(made)
    items = [
        incident(id="i3", state="suggested", title="parcels"), incident(),
        incident(id="i2", state="closed", title="#outage", suggested=False, closed_at=time_text(NOW)),
    ]  # fmt: skip
    listed = {"items": items, "topics": ["internet"], "watching": True, "now": time_text(NOW)}
    desk.answers[LIST] = [(200, checked("Incidents", listed))] * MANY
    refusal = {"code": "no_topic", "detail": "That is neither a topic of the brand, nor a hashtag, nor a word."}
    desk.answers["POST incidents"] = [(422, refusal), (201, whole())]
    page = opened(desk, "")
    for name, title in (("Suggested", "parcels"), ("Open", "No internet in Riga"), ("Closed", "#outage")):
        expect(page.get_by_role("region", name=name)).to_contain_text(title)
    page.get_by_role("button", name="Open an incident…").click()
    topic = page.get_by_role("combobox", name="Topic, #hashtag or word")
    expect(topic).to_be_focused()
    topic.fill("!!")
    topic.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(refusal["detail"])
    topic.fill("internet")
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_role("heading", name="No internet in Riga")).to_be_visible()
    assert (
        desk.calls[-2:-1] == [("POST incidents", {"topic": "internet"})]
        or ("POST incidents", {"topic": "internet"}) in desk.calls
    )


def test_nothing_there_and_nobody_watching_are_said(made: MakeDesk) -> None:
    desk = lead(made)
    desk.answers[LIST] = [(200, {"items": [], "topics": [], "watching": False, "now": time_text(NOW)})] * MANY
    page = opened(desk, "")
    expect(page.get_by_text("No incident so far.")).to_be_visible()
    expect(page.get_by_text("Nobody watches for incidents here.")).to_be_visible()
    expect(page.get_by_role("button", name="Open an incident…")).to_have_count(0)


def test_a_list_that_could_not_be_had_is_asked_for_again(made: MakeDesk) -> None:
    desk = lead(made)
    desk.answers[LIST].insert(0, (503, {"code": "failed", "detail": "Nothing was changed; try again."}))
    page = opened(desk, "")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was changed; try again.")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("link", name="No internet in Riga")).to_be_visible()


@pytest.mark.parametrize("role", ["agent", "reader"])
def test_who_is_no_lead_is_told_so_and_nothing_is_asked(made: MakeDesk, role: str) -> None:
    desk = lead(made, width=360)
    desk.roles = [role]
    page = opened(desk)
    expect(page.get_by_text("Incidents are for leads.")).to_be_visible()
    assert not [asked for asked in desk.asked if "incidents" in asked]


def test_an_address_that_changes_while_the_desk_loads_is_followed(made: MakeDesk) -> None:
    desk = lead(made)
    page = desk.context.new_page()
    held: list[Any] = []
    page.route("**/i18n/en.json", lambda route: held.append(route))
    page.clock.install(time=NOW)
    page.goto(f"{ORIGIN}/#/open")
    while not held:
        page.wait_for_timeout(20)
    page.evaluate("location.hash = '#/incidents/i1'")
    for route in held:
        route.fallback()
    expect(page.get_by_role("heading", name="No internet in Riga")).to_be_visible()


# --- one of them --------------------------------------------------------------------------------


def test_a_suggestion_is_confirmed_or_dismissed_after_it_was_said_what_that_does(made: MakeDesk) -> None:
    suggested = whole(state="suggested")
    desk = lead(made, suggested)
    closed = {**whole(state="closed", closed_at=time_text(NOW)), "unanswered": {"count": 0, "items": []}}
    desk.answers[f"PATCH {ONE}"] = [(200, whole(version=4)), (200, closed)]
    page = opened(desk)
    expect(page.get_by_text("Somebody has to say whether it is an incident.")).to_be_visible()
    page.get_by_role("button", name="Dismiss…").click()
    expect(page.get_by_role("button", name="Dismiss it")).to_be_focused()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("button", name="Dismiss…")).to_be_focused()
    page.get_by_role("button", name="It is an incident").click()
    expect(page.locator(".toast")).to_contain_text("It is an incident now.")
    expect(page.get_by_role("button", name="Close…")).to_be_visible()
    assert (f"PATCH {ONE}", {"version": 3, "state": "open"}) in desk.calls


def test_what_is_known_is_written_per_language_and_survives_a_refusal_and_a_look_elsewhere(made: MakeDesk) -> None:
    desk = lead(made, whole(), whole(version=5))
    stale = {"code": "stale", "detail": "Somebody changed this meanwhile."}
    kept = {"en": "A cable is cut.", "he": "כבל נחתך."}
    desk.answers[f"PATCH {ONE}"] = [(409, stale), (200, whole(version=6, status=kept))]
    page = opened(desk)
    card = page.get_by_role("region", name="What is known")
    card.get_by_role("button", name="Write").click()
    english = card.get_by_role("textbox", name="English")
    expect(english).to_be_focused()
    english.fill("A cable is cut.")
    card.get_by_role("combobox", name="Add a language…").select_option("he")
    hebrew = card.get_by_role("textbox", name="Hebrew")
    expect(hebrew).to_be_focused()
    hebrew.fill("כבל נחתך.")
    expect(hebrew).to_have_attribute("dir", "auto")
    hebrew.press("Escape")
    expect(hebrew).to_have_value("כבל נחתך.")
    card.get_by_role("button", name="Save").click()
    expect(card.get_by_role("alert")).to_have_text("Somebody changed this meanwhile.")
    page.get_by_role("link", name="All incidents").click()
    page.get_by_role("link", name="No internet in Riga").click()
    expect(card.get_by_role("textbox", name="English")).to_have_value("A cable is cut.")
    card.get_by_role("button", name="Save").click()
    expect(card.locator("dd[lang=he]")).to_have_text("כבל נחתך.")
    said = [body for call, body in desk.calls if call == f"PATCH {ONE}"]
    assert said == [{"version": 3, "status": kept}, {"version": 5, "status": kept}]


def test_a_title_is_changed_where_it_stands(made: MakeDesk) -> None:
    desk = lead(made)
    desk.answers[f"PATCH {ONE}"] = [(200, whole(version=4, title="No internet"))]
    page = opened(desk)
    page.get_by_role("button", name="Change the title").click()
    box = page.get_by_role("textbox", name="Title")
    expect(box).to_be_focused()
    box.fill("No internet")
    box.press("Enter")
    expect(page.get_by_role("heading", name="No internet", exact=True)).to_be_visible()
    assert (f"PATCH {ONE}", {"version": 3, "title": "No internet"}) in desk.calls


def test_all_its_cases_come_by_pages_and_lead_to_their_conversations(made: MakeDesk) -> None:
    desk = lead(made, cases=("c1", "c2", "c3"))
    first, second, third = rows(desk, "c1", "c2", "c3")
    desk.answers[f"GET {ONE}/cases"] = [
        (200, {"items": [{**first, "unanswered": True}, {**second, "unanswered": False}], "next": "more"}),
        (503, {"code": "failed", "detail": "Nothing was changed; try again."}),
        (200, {"items": [{**third, "unanswered": False}], "next": None}),
    ]
    page = opened(desk)
    card = page.get_by_role("region", name="Cases")
    expect(card.get_by_role("listitem")).to_have_count(2)
    expect(card.get_by_text("Waits for us")).to_have_count(1)
    card.get_by_role("button", name="Load more").click()
    expect(card.get_by_role("alert")).to_contain_text("Nothing was changed")
    card.get_by_role("button", name="Try again").click()
    expect(card.get_by_role("listitem")).to_have_count(3)
    expect(card.get_by_role("button", name="Load more")).to_have_count(0)
    card.get_by_role("link", name="Person 2").click()
    expect(page.get_by_role("heading", name="Person 2")).to_be_visible()


def test_closing_says_what_it_does_and_then_lists_everybody_who_still_waits(made: MakeDesk) -> None:
    desk = lead(made)
    waiting = rows(desk, "c1", "c2")
    closed = whole(state="closed", closed_at=time_text(NOW), version=4)
    desk.answers[f"PATCH {ONE}"] = [(200, {**closed, "unanswered": {"count": 2, "items": waiting}})]
    page = opened(desk)
    expect(page.get_by_text("2 customers still wait for an answer")).to_be_visible()
    page.get_by_role("button", name="Close…").click()
    expect(page.get_by_text("No case is closed with it")).to_be_visible()
    page.get_by_role("button", name="Close the incident").click()
    expect(page.locator(".toast")).to_contain_text("2 customers still wait")
    left = page.locator("details.waiting")
    expect(left).to_have_attribute("open", "")
    expect(left.get_by_role("link")).to_have_count(2)
    expect(left).to_contain_text("Closing has closed no case.")
    for name in ("Close…", "Write", "Write to everybody…", "Change the title"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    assert [body for call, body in desk.calls if call == f"PATCH {ONE}"] == [{"version": 3, "state": "closed"}]


def test_the_story_is_shown_and_can_be_taken_along(made: MakeDesk) -> None:
    page = opened(lead(made))
    story = page.get_by_role("region", name="What happened")
    expect(story.get_by_role("listitem")).to_have_count(2)
    expect(story).to_contain_text(sentence("incident.opened"))
    expect(page.get_by_role("link", name="Export (CSV)")).to_have_attribute(
        "href", "/api/v1/incidents/i1/export?format=csv"
    )


# --- telling everybody --------------------------------------------------------------------------


def test_what_everybody_is_told_begins_with_what_is_known_and_waits_for_somebody_else(made: MakeDesk) -> None:
    known = whole(status={"en": "It is being mended."})
    mine = broadcast(author="a1", by="Dana Ozola")
    desk = lead(made, known, {**known, "broadcasts": [mine]})
    desk.answers[f"POST {ONE}/broadcasts"] = [(201, mine)]
    desk.answers[f"POST {ONE}/broadcasts/b1/decision"] = [(200, broadcast(state="withdrawn", author="a1"))]
    page = opened(desk)
    card = page.get_by_role("region", name="Tell everybody")
    card.get_by_role("button", name="Write to everybody…").click()
    box = card.get_by_role("textbox", name="English")
    expect(box).to_have_value("It is being mended.")
    expect(card.get_by_text("Without {name} nobody is told in public on X")).to_be_visible()
    box.fill("Hello {name}, it is being mended.")
    expect(card.get_by_text("Without {name}")).to_have_count(0)
    card.get_by_role("button", name="Ask for approval").click()
    expect(card.locator("[data-broadcast=proposed]")).to_contain_text("somebody else has to approve it")
    expect(card.get_by_role("button", name="Approve and send")).to_have_count(0)
    card.get_by_role("button", name="Take back").click()
    expect(page.locator(".toast").last).to_contain_text("It goes to nobody any more.")
    said = [body for call, body in desk.calls if call.startswith("POST")]
    assert said == [{"texts": {"en": "Hello {name}, it is being mended."}}, {"approve": False}]


def test_another_lead_approves_and_sees_who_was_told_and_who_a_person_has_to_tell(made: MakeDesk) -> None:
    unreached = {"case": "c2", "code": "broadcast.same_words", "sentence": "On X the same words must not go to many."}
    out = broadcast(
        state="approved", decided_by="Dana Ozola", decided_at=time_text(NOW), replies={"sent": 4, "pending": 1},
        for_people=[unreached],
    )  # fmt: skip
    desk = lead(made, whole(broadcasts=[broadcast()]), whole(broadcasts=[broadcast()]), whole(broadcasts=[out]))
    own = {"code": "decided", "detail": "Somebody has decided it already."}
    desk.answers[f"POST {ONE}/broadcasts/b1/decision"] = [(409, own), (200, out)]
    page = opened(desk)
    told = page.locator("[data-broadcast]")
    told.get_by_role("button", name="Approve and send").click()
    expect(told.get_by_role("alert")).to_have_text("Somebody has decided it already.")
    told.get_by_role("button", name="Approve and send").click()
    expect(told).to_have_attribute("data-broadcast", "approved")
    expect(told).to_contain_text("5 cases reached · 4 replies are out")
    told.get_by_text("1 case for a person to tell").click()
    expect(told.get_by_role("link", name="On X the same words")).to_have_attribute("href", "#/open/c2")


# --- at the case --------------------------------------------------------------------------------

BAND = "GET conversations/c1/incident"
REPLY = "Hello Maya Cohen, we know of it and are on it."


def of_case(**other: Any) -> dict[str, Any]:
    told = {"en": "A cable is cut.", "he": "כבל נחתך."}
    return checked("IncidentOfCase", {**incident(), "status": told, "reply": REPLY, **other})


def with_case(made: MakeDesk, *answers: tuple[int, dict[str, Any]], width: int = 1440) -> FixedDesk:
    desk = made(viewport={"width": width, "height": 900})
    desk.has("c1", a("x", "post"), incident="i1")
    desk.answers[BAND] = [*answers, (200, of_case()), *[(200, of_case())] * MANY]
    return desk


def test_an_agent_sees_the_incident_of_a_case_and_begins_with_its_reply(made: MakeDesk) -> None:
    page = with_case(made).open("c1")
    band = page.get_by_role("group", name="Incident")
    expect(band).to_contain_text("Part of an incident: No internet in Riga")
    expect(band.get_by_role("link")).to_have_count(0)
    band.get_by_text("What is known").click()
    expect(band.locator("dd[lang=he]")).to_have_text("כבל נחתך.")
    band.get_by_role("button", name="Insert the reply").click()
    box = page.locator("#reply-box")
    expect(box).to_have_value(REPLY)
    expect(box).to_be_focused()


def test_words_in_the_box_are_not_taken_away_by_the_reply(made: MakeDesk) -> None:
    page = with_case(made).open("c1")
    box = page.locator("#reply-box")
    box.fill("I am looking")
    page.get_by_role("button", name="Insert the reply").click()
    expect(page.locator(".toast")).to_contain_text("The box holds something else already.")
    expect(box).to_have_value("I am looking")


def test_a_lead_goes_from_the_case_to_the_incident(made: MakeDesk) -> None:
    desk = lead(made)
    desk.has("c1", a("x", "post"), incident="i1")
    desk.answers[BAND] = [(200, of_case(reply="", state="suggested"))] * MANY
    page = desk.open("c1")
    band = page.get_by_role("group", name="Incident")
    expect(band).to_contain_text("Perhaps part of an incident")
    expect(band.get_by_role("button", name="Insert the reply")).to_have_count(0)
    band.get_by_role("link", name="Open the incident").click()
    expect(page.get_by_role("heading", name="No internet in Riga")).to_be_visible()


def test_a_case_without_an_incident_asks_for_none_and_one_that_is_over_shows_none(made: MakeDesk) -> None:
    desk = with_case(made)
    desk.has("c2", a("x", "post"))
    desk.answers[BAND] = [(200, of_case(state="closed", closed_at=time_text(NOW)))] * MANY
    page = desk.context.new_page()
    page.clock.install(time=NOW)
    with page.expect_response("**/conversations/c1/incident"):
        page.goto(f"{ORIGIN}/#/open/c1")
    page.locator("#row-c2").click()
    expect(page.locator("#row-c2")).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("group", name="Incident")).to_have_count(0)
    assert "GET /api/v1/conversations/c1/incident" in desk.asked
    assert "GET /api/v1/conversations/c2/incident" not in desk.asked

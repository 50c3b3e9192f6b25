"""The picture of a case's workflow in a browser: the states of the definition, the way of the case, in words too."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hark.desk.tracing import kind
from hark.domain.reasons import sentence
from hark.domain.time import text as time_text
from hark.domain.workflow_graph import edges
from playwright.sync_api import Page, expect

from infra.workflow import picture
from tests.e2e.fixed_desk import HOUR, NOW, FixedDesk, MakeDesk, a

WAY = ("Triage", "Wanted", "Assign", "AwaitAnswer", "Remind", "WhatNow", "AwaitAnswer", "AwaitCustomer")
REASONS = {0: ("triage.complaint", "triage.urgent"), 2: ("assign.least_loaded",), 7: ("reply.sent",)}
TRACE = "GET conversations/c1/workflow"
MIDDLES = """all => Object.fromEntries(all.map((one) => {
  const box = one.querySelector('.shape').getBoundingClientRect();
  return [one.dataset.state, [box.x + box.width / 2, box.y + box.height / 2]];
}))"""


def trace(*way: str, running: bool = True) -> dict[str, Any]:
    """What the API says of a case that went this way through the workflow as it is deployed, an hour in each state."""
    states = picture.definition()["States"]
    path = [
        {
            "state": state, "at": time_text(NOW - HOUR * (len(way) - n)),
            "left_at": "" if running and n == len(way) - 1 else time_text(NOW - HOUR * (len(way) - n - 1)),
            "reasons": [
                {"code": code, "sentence": sentence(code), "at": time_text(NOW - HOUR * (len(way) - n))}
                for code in REASONS.get(n, ())
            ],
        }
        for n, state in enumerate(way)
    ]  # fmt: skip
    return {
        "start": picture.definition()["StartAt"],
        "states": [
            {"name": name, "kind": kind(state), "comment": state.get("Comment", "")} for name, state in states.items()
        ],
        "ways": [{"from": here, "to": there, "why": why} for here, there, why in edges(states)],
        "generation": 1, "running": running, "path": path,
    }  # fmt: skip


def desk_with(made: MakeDesk, *answers: tuple[int, dict[str, Any]], width: int = 1440, **context: Any) -> FixedDesk:
    desk = made(viewport={"width": width, "height": 900}, **context)
    desk.has("c1", a("x", "post"))
    desk.answers[TRACE] = list(answers) or [(200, trace(*WAY))]
    return desk


def shown(desk: FixedDesk, *, rtl: bool = False) -> Page:
    page = desk.open("c1")
    expect(page.locator("#reply-box")).to_be_visible()
    if rtl:
        page.evaluate("document.documentElement.dir = 'rtl'")
    page.locator(".thread").press("w")
    expect(page.get_by_role("dialog")).to_be_visible()
    return page


def test_the_states_drawn_are_those_of_the_definition_and_what_is_lit_is_the_way_of_the_case(
    made: MakeDesk,
) -> None:
    page = shown(desk_with(made))
    expect(page.locator("svg .state")).to_have_count(len(picture.definition()["States"]))
    drawn = page.locator("svg .state").evaluate_all("all => all.map((one) => one.dataset.state)")
    assert set(drawn) == set(picture.definition()["States"])
    lit = page.locator("svg .state[data-lit]").evaluate_all("all => all.map((one) => one.dataset.state)")
    assert set(lit) == set(WAY)
    ways = page.locator("svg .way").evaluate_all("all => all.map((one) => one.dataset.way)")
    assert {tuple(way.split()) for way in ways} == {
        (here, there) for here, there, _ in edges(picture.definition()["States"]) if here != there
    }
    lit_ways = page.locator("svg .way[data-lit]").evaluate_all("all => all.map((one) => one.dataset.way)")
    assert {tuple(way.split()) for way in lit_ways} == set(pairwise(WAY))
    expect(page.locator("svg .state[data-here]")).to_have_attribute("data-state", "AwaitCustomer")


def test_no_two_states_lie_on_each_other_and_ways_forward_lead_down(made: MakeDesk) -> None:
    page = shown(desk_with(made))
    expect(page.locator("svg .state").first).to_be_visible()
    boxes = page.locator("svg .state .shape").evaluate_all(
        "all => all.map((one) => { const { x, y, width, height } = one.getBBox(); return [x, y, width, height]; })"
    )
    for index, (x, y, width, height) in enumerate(boxes):
        for other_x, other_y, *_ in boxes[index + 1 :]:
            assert abs(x - other_x) >= width or abs(y - other_y) >= height
    middles = page.locator("svg .state").evaluate_all(MIDDLES)
    order = ("Triage", "Wanted", "AutoAnswer", "Assign", "AwaitAnswer", "AwaitCustomer", "FollowUp", "Close")
    heights = [middles[name][1] for name in order]
    assert heights == sorted(heights)


def test_the_list_says_the_same_with_reasons_and_times(made: MakeDesk) -> None:
    page = shown(desk_with(made))
    steps = page.get_by_role("region", name="The way of this case").locator("ol > li")
    assert steps.evaluate_all("all => all.map((one) => one.dataset.step)") == list(WAY)
    expect(steps.nth(0)).to_contain_text(sentence("triage.complaint"))
    expect(steps.nth(0)).to_contain_text("triage.urgent")
    expect(steps.nth(3)).to_contain_text("stayed 1 hour")
    expect(steps.nth(7)).to_contain_text("It is here now")
    expect(steps.nth(6)).to_contain_text("told so")


def test_arrow_keys_move_between_states_and_tell_what_each_is_for(made: MakeDesk) -> None:
    page = shown(desk_with(made))
    page.locator("svg .state[data-state=Triage]").click()
    focused = page.locator("svg .state:focus")
    expect(focused).to_have_attribute("data-state", "Triage")
    page.keyboard.press("ArrowDown")
    expect(focused).to_have_attribute("data-state", "Wanted")
    about = page.locator(".state-about")
    expect(about).to_contain_text("everything else wants a person")
    page.keyboard.press("End")
    expect(focused).to_have_attribute("data-state", "AwaitCustomer")
    expect(about).to_contain_text("Is it solved?")
    expect(page.locator("svg .state[tabindex='0']")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_from_right_to_left_the_drawing_is_mirrored_and_its_words_are_not(made: MakeDesk) -> None:
    def sides(page: Page) -> dict[str, float]:
        expect(page.locator("svg .state").first).to_be_visible()
        middle = page.evaluate("document.querySelector('.workflow-picture svg').getBoundingClientRect()")
        found = page.locator("svg .state").evaluate_all(MIDDLES)
        return {name: round(x - middle["x"] - middle["width"] / 2) for name, (x, _) in found.items()}

    plain = sides(shown(desk_with(made)))
    page = shown(desk_with(made), rtl=True)
    mirrored = sides(page)
    assert any(abs(x) > 40 for x in plain.values()), "there is something to mirror"
    assert all(abs(plain[name] + mirrored[name]) <= 3 for name in plain)


def test_on_a_phone_lists_say_all_that_the_drawing_says(made: MakeDesk) -> None:
    page = shown(desk_with(made, width=360))
    expect(page.locator(".workflow-picture")).to_have_count(0)
    states = page.get_by_role("region", name="All states").locator("[data-state]")
    expect(states).to_have_count(len(picture.definition()["States"]))
    lit = page.locator(".all-states [data-lit]").evaluate_all("all => all.map((one) => one.dataset.state)")
    assert set(lit) == set(WAY)
    page.get_by_text("Is it solved?", exact=True).click()
    expect(page.locator(".all-states [data-state=FollowUp]")).to_contain_text("Waiting for a word")
    expect(page.locator(".steps > li")).to_have_count(len(WAY))


def test_a_case_without_a_trace_says_so_and_a_failure_can_be_tried_again(made: MakeDesk) -> None:
    gone = {"code": "no_trace", "detail": "Its workflow has not begun, or ended more than 90 days ago."}
    desk = desk_with(made, (503, {"code": "failed", "detail": "Nothing was changed; try again."}), (404, gone))
    page = shown(desk)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("Nothing was changed; try again.")
    dialog.get_by_role("button", name="Try again").click()
    expect(dialog).to_contain_text("ended more than 90 days ago")
    expect(dialog.get_by_role("button", name="Try again")).to_have_count(0)


def test_a_way_that_is_over_has_no_place_where_the_case_is(made: MakeDesk) -> None:
    page = shown(desk_with(made, (200, trace("Triage", "Wanted", "Ended", running=False))))
    expect(page.get_by_text("Over", exact=True)).to_be_visible()
    expect(page.locator("svg .state[data-lit]")).to_have_count(3)
    expect(page.locator("[data-here]")).to_have_count(0)

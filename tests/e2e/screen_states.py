"""The states of approvals, incidents and reports, for the rules of accessibility."""

from __future__ import annotations

from collections.abc import Iterator

from hark.domain.time import text as time_text
from playwright.sync_api import Page, Route, expect

from tests.e2e.desk_states import FAILED, OFTEN, until
from tests.e2e.fixed_desk import FRONTEND, HOUR, NOW, FixedDesk
from tests.e2e.soundness import Scene, Stage, State, go
from tests.e2e.test_approving import LEA, waits
from tests.e2e.test_desk_care import DANA, finding, refused
from tests.e2e.test_incidents_screen import LIST, ONE, broadcast, incident, lead, whole
from tests.e2e.test_reports import MONTH, TODAY, WEEK
from tests.e2e.test_reports import Scene as Month

BODY = "main"


def parts(folder: str) -> tuple[str, ...]:
    return tuple(f"screens/{folder}/{file.name}" for file in sorted((FRONTEND / "screens" / folder).glob("*.js")))


# --- approvals ----------------------------------------------------------------------------------


def approvals(stage: Stage) -> Iterator[State]:
    desk = stage.made()
    page = desk.open()
    expect(page.locator(".queue .empty")).to_be_visible()
    held: list[Route] = []
    desk.context.route("**/api/v1/approvals*", lambda route: held.append(route))
    go(page, "#/approvals")
    expect(page.locator(".screen-body .skeleton i").first).to_be_visible()
    yield State(page, "approvals are loading")
    desk.answers["GET approvals"] = [FAILED] * OFTEN
    desk.context.unroute("**/api/v1/approvals*")
    for route in held:
        route.fallback()
    expect(page.locator(".screen-body .empty[role=alert]")).to_be_visible()
    yield State(page, "approvals could not be had", BODY)
    del desk.answers["GET approvals"]
    page.locator(".screen-body .empty .button").click()
    expect(page.locator(".screen-body .empty:not([role])")).to_be_visible()
    yield State(page, "nothing waits for an approval", BODY)
    yield from drafts(desk, page)


def drafts(desk: FixedDesk, page: Page) -> Iterator[State]:
    waits(desk, 1, row={"handle": "maya_c"}, number=2, approved_by=[LEA], edited_by=[LEA])
    waits(desk, 2, ("instagram", "direct"), by=LEA, asked="החבילה שלי תקועה", text="שלום, היא בדרך.",
          send_at=time_text(NOW + 20 * HOUR), row={"name": "נועה בר"})  # fmt: skip
    waits(desk, 3, by=DANA, may=False)
    waits(desk, 4, row={"owner": LEA})
    item = waits(desk, 5, stale=True, talk=2, seen=1)
    shown = desk.conversations["c5"]
    newer = {**shown["messages"][0], "id": "72", "text": "It has just come!", "at": time_text(NOW - HOUR / 6)}
    shown["messages"].append(newer)
    shown["case"]["talk"] = 2
    item["message"] = newer
    until(desk, page, page.locator(".approval"))
    expect(page.locator("[data-draft=d5] .since")).to_be_visible()
    yield State(page, "drafts wait", main=True)
    first = page.locator("[data-draft=d1]")
    said = "The customer is sent to the telephone."
    warned = finding("check.telephone", "warn", said, 0, 4)
    desk.answers["PATCH conversations/c1/drafts/d1"] = [refused(422, "check", said, findings=[warned])]
    first.locator("[data-do=edit]").click()
    first.get_by_role("textbox").fill("Call us.")
    yield State(page, "a draft is changed", "[data-draft=d1]")
    first.get_by_role("textbox").press("Control+Enter")
    expect(first.get_by_role("alert")).to_be_visible()
    yield State(page, "the change is refused", "[data-draft=d1]")
    first.get_by_role("textbox").press("Escape")
    first.locator("[data-do=return]").click()
    expect(first.locator("textarea")).to_be_focused()
    yield State(page, "a draft is sent back", "[data-draft=d1]")
    del desk.approvals[1]
    until(desk, page, page.locator("[data-draft=d2] .choices .button:first-child:not([data-do])"))
    desk.answers["GET approvals"] = [FAILED] * OFTEN
    until(desk, page, page.locator(".screen-body > .notice"))
    yield State(page, "one waits no more, and the list could not be had again", BODY)


# --- incidents ----------------------------------------------------------------------------------


def incidents(stage: Stage) -> Iterator[State]:
    desk = lead(stage.made)
    items = [
        incident(id="i3", state="suggested", title="parcels"), incident(),
        incident(id="i2", state="closed", title="#outage", suggested=False, closed_at=time_text(NOW)),
    ]  # fmt: skip
    answer = {"items": items, "topics": ["internet"], "watching": True, "now": time_text(NOW)}
    desk.answers[LIST] = [FAILED, (200, answer)]
    desk.answers["POST incidents"] = [refused(422, "no_topic", "That is no topic of the brand.")]
    page = desk.open()
    expect(page.locator("#row-c1")).to_be_visible()
    go(page, "#/incidents")
    expect(page.locator(".screen-body .empty[role=alert]")).to_be_visible()
    yield State(page, "incidents could not be had")
    page.locator(".screen-body .empty .button").click()
    expect(page.locator(".incident-line")).to_have_count(3)
    yield State(page, "suggested, open and closed ones", BODY, main=True)
    page.locator(".screen-head .button").click()
    page.locator("form input").first.fill("!!")
    page.locator("form input").first.press("Enter")
    expect(page.locator("form [role=alert]")).to_be_visible()
    yield State(page, "one is opened by hand, and refused", BODY)
    go(page, "#/open")
    desk.answers[LIST] = [(200, {"items": [], "topics": [], "watching": False, "now": time_text(NOW)})] * OFTEN
    go(page, "#/incidents")
    expect(page.locator(".screen-body .notice")).to_be_visible()
    yield State(page, "no incidents, and nobody watches", BODY)
    desk.roles = ["agent"]
    page = desk.open()
    expect(page.locator("#row-c1")).to_be_visible()
    go(page, "#/incidents")
    expect(page.locator("main.screen .empty")).to_be_visible()
    yield State(page, "incidents are for leads")


def one_incident(stage: Stage) -> Iterator[State]:
    texts = {"en": "It is being mended.", "he": "זה בתיקון."}
    out = broadcast(
        id="b2", state="approved", decided_by="Dana Ozola", decided_at=time_text(NOW), replies={"sent": 4},
        for_people=[{"case": "c2", "code": "broadcast.same_words", "sentence": "The same words must not go to many."}],
    )  # fmt: skip
    full = whole(status=texts, kit={"he": "שלום {name}, אנחנו מטפלים בזה."}, title="אין אינטרנט",
                 broadcasts=[broadcast(), out])  # fmt: skip
    desk = lead(stage.made, whole(state="suggested"))
    desk.answers[f"GET {ONE}"] = [FAILED] + [(200, whole(state="suggested"))] * OFTEN
    page = desk.open()
    expect(page.locator("#row-c1")).to_be_visible()
    go(page, "#/incidents/i1")
    page.locator(".screen-body .empty[role=alert] .button").click()
    expect(page.locator(".closing")).to_have_count(0)
    page.locator(".head-actions [aria-expanded]").click()
    expect(page.locator(".closing")).to_be_visible()
    yield State(page, "a suggestion is dismissed")
    desk.answers[f"GET {ONE}"] = [(200, full)] * OFTEN
    until(desk, page, page.locator("[data-broadcast=approved]"))
    page.locator("[data-broadcast=approved] summary").click()
    page.locator("details.waiting summary").click()
    yield State(page, "open, with all that belongs to it", BODY, main=True)
    page.locator("[data-part=status] .choices .button").click()
    page.locator("[data-part=broadcasts] > .choices .button").click()
    page.locator(".incident-head .button").click()
    desk.answers[f"PATCH {ONE}"] = [refused(409, "stale", "Somebody changed this meanwhile.")] * 2
    page.locator(".incident-head input").fill("Another title")
    page.locator(".incident-head input").press("Enter")
    expect(page.locator(".incident-head [role=alert]")).to_be_visible()
    page.locator("[data-part=status] .button.main").click()
    expect(page.locator("[data-part=status] [role=alert]")).to_be_visible()
    yield State(page, "everything is written at once, and refused", BODY)
    desk.answers[f"GET {ONE}"] = [(200, {**full, "state": "closed", "closed_at": time_text(NOW)})] * OFTEN
    page = desk.open()
    expect(page.locator("#row-c1")).to_be_visible()
    go(page, "#/incidents/i1")
    expect(page.locator("details.waiting")).to_be_visible()
    yield State(page, "closed", BODY)


# --- reports ------------------------------------------------------------------------------------


def reports(stage: Stage) -> Iterator[State]:
    month = Month(stage.made(), MONTH)
    month.failing = True
    page = month.open()
    failed = page.locator("main [role=alert]")
    expect(failed).to_be_visible()
    yield State(page, "a report could not be had")
    month.failing = False
    stage.button(failed, "retry").click()
    expect(page.locator("[data-figure=came]")).to_be_visible()
    for summary in page.locator(".reports summary").all():
        summary.click()
    yield State(page, "every figure and every table", BODY, main=True)
    month.failing = True
    go(page, f"#/reports?from=2026-10-26&to={TODAY}")
    expect(page.locator("main [role=alert]")).to_be_visible()
    yield State(page, "the next report could not be had, the last one stays", ".reports-head")
    month.failing = False
    page.get_by_role("button", name=stage.say("reports.custom")).click()
    page.get_by_label(stage.say("reports.from"), exact=True).fill("2026-11-20")
    page.get_by_label(stage.say("reports.to"), exact=True).fill("2026-11-10")
    expect(page.locator("main [role=alert]").first).to_be_visible()
    yield State(page, "days that cannot be", ".reports-head")
    go(page, f"#/reports/cases?from={WEEK}&to={TODAY}&what=first")
    expect(page.locator(".counted").first).to_be_visible()
    yield State(page, "the cases behind a number", BODY)
    month.facts = []
    go(page, "#/reports?from=2026-11-01&to=2026-11-02")
    expect(page.locator(".reports .empty, main .empty").first).to_be_visible()
    yield State(page, "nothing was counted", BODY)
    go(page, "#/reports/cases?from=2026-11-01&to=2026-11-02&what=first")
    expect(page.get_by_text(stage.say("reports.noCases"))).to_be_visible()
    yield State(page, "no cases behind a number", BODY)
    mine = Month(stage.made(), [fact for fact in MONTH if fact.agent == "a1"], own=True)
    page = mine.open()
    expect(page.locator("[data-figure=first]")).to_be_visible()
    yield State(page, "an agent's own figures")


SCENES: dict[str, tuple[Scene, tuple[str, ...]]] = {
    "approvals": (approvals, ("screens/approvals.js", "screens/approval-card.js")),
    "incidents": (incidents, ("screens/incidents.js", "screens/incident-parts.js")),
    "one incident": (one_incident, ("screens/incident-view.js", "screens/incident-cases.js",
                                    "screens/incident-broadcasts.js")),
    "reports": (reports, ("screens/reports.js", *parts("reports"))),
}  # fmt: skip

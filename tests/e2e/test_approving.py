"""The screen of approvals in a real browser: read, approved, changed or sent back by keyboard, and never unread."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from hark.domain.time import text as time_text
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.cloud import Desk, LocalCloud, until
from tests.e2e.fixed_desk import HOUR, NEW_REPLY, NOW, ORIGIN, FixedDesk, MakeDesk, Shape, a
from tests.e2e.test_desk_care import DANA, OMAR, finding, refused, waiting

expect.set_options(timeout=20_000)

LEA = {"id": "a3", "name": "Lea Kalniņa", "initials": "LK"}
APPROVE = "POST conversations/{0}/drafts/d{1}/approve"


def waits(
    desk: FixedDesk,
    which: int,
    where: tuple[str, str] = ("x", "post"),
    *,
    may: bool = True,
    by: dict[str, str] = OMAR,
    asked: str = "Where is my parcel?",
    row: Shape | None = None,
    **draft: Any,
) -> Shape:
    """One more draft that waits: `d1` of case `c1` and so on. Gives what `GET approvals` shows of it."""
    case_id = f"c{which}"
    shown = desk.has(case_id, a(*where), approval="waiting", **(row or {}))
    shown["messages"][0].update(text=asked, acts=[])
    inner = ("reasons", "generation", "triage")
    verb = "dm" if where[1] == "direct" else "public_reply"
    item = {
        "draft": waiting(by, **{"id": f"d{which}", "conversation": case_id, "verb": verb, **draft}),
        "conversation": {name: value for name, value in shown["case"].items() if name not in inner},
        "message": shown["messages"][0], "may_approve": may,
    }  # fmt: skip
    desk.approvals.append(item)
    return item


def opened(desk: FixedDesk, part: str = "") -> Page:
    page = desk.open()
    expect(page.get_by_role("heading", level=1)).to_be_attached()
    page.goto(f"{ORIGIN}/#/approvals{part}")
    expect(page.get_by_role("heading", name="Approvals", level=1)).to_be_visible()
    if desk.approvals and not desk.answers.get("GET approvals"):
        expect(page.locator(".approval").first).to_be_focused()
    return page


def card(page: Page, number: int) -> Locator:
    return page.locator(f"[data-draft=d{number}]")


def agreed(desk: FixedDesk, number: int, **reply: Any) -> None:
    """The server agrees to an approval, and a reply comes of it."""
    sent = {
        "id": f"r{number}", "text": "We give you 60 euros.", "state": "pending", "at": time_text(NOW),
        "by": "Omar Haddad", "code": "", "sentence": "", "platform_id": "", "verb": "public_reply", "message": "71",
        **NEW_REPLY, **reply,
    }  # fmt: skip
    draft = {**desk.approvals[number - 1]["draft"], "state": "approved", "reply": f"r{number}"}
    desk.answers.setdefault(APPROVE.format(f"c{number}", number), []).append((202, {"draft": draft, "reply": sent}))


# --- what is seen -------------------------------------------------------------------------------


def test_a_draft_stands_beside_what_it_answers_and_says_in_colour_and_words_who_would_read_it(made: MakeDesk) -> None:
    desk = made()
    waits(desk, 1, row={"handle": "maya_c"}, number=2, approved_by=[LEA], edited_by=[LEA])
    waits(desk, 2, ("instagram", "direct"), by=LEA, asked="החבילה שלי תקועה", text="שלום, היא בדרך.",
          send_at=time_text(NOW + 20 * HOUR), row={"name": "נועה בר"})  # fmt: skip
    waits(desk, 3, by=DANA, may=False)
    page = opened(desk)
    first, second, third = (card(page, number) for number in (1, 2, 3))
    expect(first).to_contain_text("Where is my parcel?")
    expect(first.locator(".answer")).to_have_attribute("data-audience", "public")
    expect(first.locator(".reader")).to_have_text("Public reply Everyone can read this")
    expect(first.locator(".foot")).to_have_text("Omar Haddad 13:30 Changed by Lea Kalniņa Approved by Lea Kalniņa")
    expect(first).to_contain_text("Waits for 1 approval")
    expect(first).to_contain_text("Because of: money")
    expect(first.get_by_role("button", name="Approve, reply publicly")).to_be_visible()
    expect(second.locator(".answer")).to_have_attribute("data-audience", "private")
    expect(second.locator(".answer")).to_contain_text("Only נועה בר can read this")
    expect(second.locator(".answer .text")).to_have_css("direction", "rtl")
    expect(second).to_contain_text("Leaves Mon 10:00")
    expect(second.get_by_role("button", name="Approve, send privately")).to_be_visible()
    expect(third).to_contain_text("You wrote this. Somebody else has to approve it.")
    expect(third.get_by_role("button")).to_have_text(["Edite", "Withdraww"])  # the letters are keys
    expect(page.locator(".screen-head")).to_contain_text("3 drafts wait · 2 for you")
    first.get_by_role("button", name="Edit").click()
    expect(first.get_by_role("textbox")).to_be_focused()


def test_nothing_waits_and_nothing_could_be_had_are_said_and_tried_again(made: MakeDesk) -> None:
    desk = made()
    desk.answers["GET approvals"] = [refused(503, "failed", "Nothing was changed; try again.")]
    page = opened(desk)
    expect(page.get_by_role("alert")).to_contain_text("Nothing was changed; try again.")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".screen-body")).to_contain_text("Nothing waits for an approval.")
    waits(desk, 1)
    desk.pass_time(page, timedelta(seconds=16))
    expect(card(page, 1)).to_be_visible()
    desk.answers["GET approvals"] = [refused(503, "failed", "Nothing was changed; try again.")]
    desk.pass_time(page, timedelta(seconds=16))
    expect(page.locator(".screen-body").get_by_role("alert")).to_contain_text("try again")
    expect(card(page, 1)).to_be_visible()


def test_the_list_goes_on_and_a_draft_that_was_asked_for_is_looked_for(made: MakeDesk) -> None:
    desk = made()
    for number in (1, 2, 3):
        waits(desk, number)
    pages = [(200, {"items": [desk.approvals[n]], "next": f"n{n}" if n < 2 else None}) for n in range(3)]
    desk.answers["GET approvals"] = list(pages)
    page = opened(desk, "/d3")
    expect(card(page, 3)).to_be_focused()
    expect(page.get_by_role("button", name="Load more")).to_have_count(0)
    desk.answers["GET approvals"] = list(pages)
    page = opened(desk)
    expect(card(page, 1)).to_be_focused()
    page.get_by_role("button", name="Load more").click()
    expect(card(page, 2)).to_be_visible()
    expect(card(page, 3)).to_have_count(0)


# --- by keyboard --------------------------------------------------------------------------------


def test_letters_that_are_switched_off_and_keys_of_other_scripts(made: MakeDesk) -> None:
    desk = made()
    waits(desk, 1)
    waits(desk, 2)
    page = opened(desk)
    expect(card(page, 1)).to_be_focused()
    page.evaluate(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'о', code: 'KeyJ', bubbles: true}))"
    )
    expect(card(page, 2)).to_be_focused()
    page.get_by_role("button", name="Dana Ozola").click()
    page.get_by_role("checkbox", name="Shortcuts of a single letter").uncheck()
    page.keyboard.press("Escape")
    card(page, 2).focus()
    page.keyboard.press("k")
    page.keyboard.press("a")
    expect(card(page, 2)).to_be_focused()
    assert desk.calls == []


def test_what_was_approved_and_is_still_held_comes_back_by_one_key(made: MakeDesk) -> None:
    desk = made()
    waits(desk, 1)
    agreed(desk, 1, state="held", held_until=time_text(NOW + timedelta(seconds=10)))
    desk.answers["DELETE conversations/c1/replies/r1"] = [(200, {"id": "r1"})]
    page = opened(desk)
    page.keyboard.press("a")
    expect(page.locator(".toast")).to_contain_text("Approved")
    page.keyboard.press("z")
    expect(page.locator(".toast").last).to_contain_text("It did not leave.")
    page.goto(f"{ORIGIN}/#/open/c1")
    expect(page.locator("#reply-box")).to_have_value("We give you 60 euros.")


# --- nothing is approved unread -----------------------------------------------------------------


def test_what_the_customer_wrote_since_is_read_before_the_draft_is_approved(made: MakeDesk) -> None:
    desk = made()
    item = waits(desk, 1, stale=True, talk=2, seen=1)
    shown = desk.conversations["c1"]
    newer = {**shown["messages"][0], "id": "72", "text": "It has just come!", "at": time_text(NOW - HOUR / 6)}
    shown["messages"].append(newer)
    shown["case"]["talk"] = 2
    item["message"] = newer
    agreed(desk, 1)
    page = opened(desk)
    expect(card(page, 1)).to_contain_text("Customer wrote since")
    expect(card(page, 1).locator(".asked")).to_contain_text("Where is my parcel?")
    expect(card(page, 1).locator(".since")).to_contain_text("It has just come!")
    card(page, 1).get_by_role("button", name="Approve all the same").click()
    expect(card(page, 1)).to_have_count(0)
    assert desk.calls == [(APPROVE.format("c1", 1), {"rev": 3, "seen": 2})]


def test_a_message_that_comes_at_that_moment_is_shown_instead_of_being_talked_past(made: MakeDesk) -> None:
    desk = made()
    waits(desk, 1)
    newer = {**desk.conversations["c1"]["messages"][0], "id": "72", "text": "It has just come!", "at": time_text(NOW)}
    desk.conversations["c1"]["messages"].append(newer)
    desk.conversations["c1"]["case"]["talk"] = 2
    desk.answers[APPROVE.format("c1", 1)] = [refused(409, "talked", "Somebody wrote since.", new=[newer], talk=2)]
    page = opened(desk)
    page.keyboard.press("a")
    expect(card(page, 1).locator(".since")).to_contain_text("It has just come!")
    agreed(desk, 1)
    page.keyboard.press("a")
    expect(card(page, 1)).to_have_count(0)
    assert [said["seen"] for _, said in desk.calls] == [1, 2]


def test_words_that_others_change_do_not_change_under_the_eyes(made: MakeDesk) -> None:
    desk = made()
    item = waits(desk, 1)
    page = opened(desk)
    expect(card(page, 1)).to_contain_text("We give you 60 euros.")
    item["draft"] = {**item["draft"], "text": "We give you 600 euros.", "rev": 4}
    desk.pass_time(page, timedelta(seconds=16))
    expect(card(page, 1)).to_contain_text("This has changed since you read it.")
    expect(card(page, 1)).to_contain_text("We give you 60 euros.")
    desk.answers[APPROVE.format("c1", 1)] = [refused(409, "stale", "It was changed meanwhile. Look at it again.")]
    page.keyboard.press("a")
    expect(card(page, 1)).to_contain_text("We give you 600 euros.")
    expect(card(page, 1).get_by_role("alert")).to_contain_text("Look at it again.")
    agreed(desk, 1)
    page.keyboard.press("a")
    expect(card(page, 1)).to_have_count(0)
    assert [said["rev"] for _, said in desk.calls] == [3, 4]


def test_what_somebody_else_decided_stays_where_it_is_and_says_so(made: MakeDesk) -> None:
    desk = made()
    for number in (1, 2):
        waits(desk, number)
    page = opened(desk)
    expect(card(page, 2)).to_be_visible()
    del desk.approvals[0]
    desk.pass_time(page, timedelta(seconds=16))
    expect(card(page, 1)).to_contain_text("Waits no more")
    expect(card(page, 1).get_by_role("button")).to_have_text(["Dismiss"])
    card(page, 1).get_by_role("button", name="Dismiss").click()
    expect(card(page, 1)).to_have_count(0)


# --- words, owners, rights ----------------------------------------------------------------------


def test_changed_words_are_kept_over_a_refusal_and_a_warning_is_confirmed_by_its_code(made: MakeDesk) -> None:
    desk = made()
    item = waits(desk, 1)
    said = "The customer is sent to the telephone."
    patch = "PATCH conversations/c1/drafts/d1"
    changed = {**item["draft"], "text": "Call us.", "rev": 4}
    desk.answers[patch] = [
        refused(422, "check", said, findings=[finding("check.telephone", "warn", said, 0, 4)]), (200, changed),
    ]  # fmt: skip
    desk.answers[APPROVE.format("c1", 1)] = [refused(403, "own_words", "Somebody else has to approve those.")]
    page = opened(desk)
    page.keyboard.press("e")
    words = card(page, 1).get_by_role("textbox")
    words.fill("Call us.")
    page.goto(f"{ORIGIN}/#/open")
    page.goto(f"{ORIGIN}/#/approvals")
    expect(words).to_have_value("Call us.")
    card(page, 1).get_by_role("button", name="Save and approve").click()
    expect(card(page, 1).get_by_role("alert")).to_contain_text(said)
    expect(card(page, 1).locator("q")).to_have_text("Call")
    card(page, 1).get_by_role("button", name="Save and approve all the same").click()
    expect(card(page, 1).get_by_role("alert")).to_contain_text("Somebody else has to approve those.")
    card(page, 1).get_by_role("button", name="Cancel").click()
    expect(card(page, 1).locator(".answer .text")).to_have_text("Call us.")
    assert desk.calls[:2] == [
        (patch, {"text": "Call us.", "rev": 3}),
        (patch, {"text": "Call us.", "rev": 3, "confirmed": ["check.telephone"]}),
    ]


def test_a_case_that_has_another_owner_goes_back_to_the_author_with_open_eyes(made: MakeDesk) -> None:
    desk = made()
    waits(desk, 1, row={"owner": LEA})
    agreed(desk, 1)
    page = opened(desk)
    expect(card(page, 1)).to_contain_text("The case belongs to Lea Kalniņa now.")
    card(page, 1).get_by_role("button", name="Give the case to Omar Haddad and approve").click()
    expect(card(page, 1)).to_have_count(0)
    assert desk.calls == [(APPROVE.format("c1", 1), {"rev": 3, "seen": 1, "assign": True})]


def test_the_first_of_two_approvals_leaves_the_draft_waiting_for_somebody_else(made: MakeDesk) -> None:
    desk = made()
    item = waits(desk, 1, number=2)
    half = {**item["draft"], "approved_by": [{"id": "a1", "name": "Dana Ozola"}], "rev": 4}
    desk.answers[APPROVE.format("c1", 1)] = [(202, {"draft": half, "reply": None})]
    page = opened(desk)
    page.keyboard.press("a")
    expect(card(page, 1)).to_contain_text("You have approved it. Somebody else has to, as well.")
    expect(card(page, 1)).to_contain_text("Waits for 1 approval")
    expect(card(page, 1).get_by_role("button")).to_have_count(0)


def test_a_lost_answer_is_asked_for_again_under_the_same_key(made: MakeDesk) -> None:
    desk = made()
    waits(desk, 1)
    agreed(desk, 1)
    page = opened(desk)
    keys: list[str] = []

    def lose(route: Any) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            route.abort()
        else:
            route.fallback()

    page.route("**/approve", lose)
    page.keyboard.press("a")
    expect(card(page, 1).get_by_role("alert")).to_contain_text("could not be reached")
    page.keyboard.press("a")
    expect(card(page, 1)).to_have_count(0)
    assert len(keys) == 2
    assert keys[0] == keys[1]
    desk.complaints.clear()  # the lost answer


# --- two people ---------------------------------------------------------------------------------


def signed_in(browser: Browser, cloud: LocalCloud, name: str, complaints: list[str]) -> Page:
    context = browser.new_context(
        base_url=cloud.desk, locale="en-GB", timezone_id="Europe/Riga", reduced_motion="reduce"
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto("/auth/login?to=/")
    page.get_by_role("button", name=name).click()
    page.wait_for_url(f"{cloud.desk}/**")
    page.on("pageerror", lambda error: complaints.append(str(error)))
    # A refusal the desk asks for and shows.
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type == "error" and "409" not in said.text else None,
    )
    return page


def case_of(desk: Desk, handle: str) -> Shape | None:
    rows = desk.get("/api/v1/queue", view="open", limit="100").json()["items"]
    return next((row for row in rows if row["handle"] == handle), None)


def taken(desk: Desk, case_id: str) -> bool:
    """The case is this person's, whoever the desk gave it to; `False` where it changed at the same moment."""
    path = f"/api/v1/conversations/{case_id}"
    change = {"version": desk.get(path).json()["case"]["version"], "assignee": "me"}
    return desk.send("PATCH", path, change, idempotency_key=uuid.uuid4().hex).ok


def test_two_people_at_two_screens_and_one_reply_with_both_names(browser: Browser, cloud: LocalCloud) -> None:
    cloud.set_policy(approvals={"number": 1})
    complaints: list[str] = []
    try:
        cloud.x("POST", "users", {"username": "refund_rita", "name": "Rita Refund"})
        cloud.x("POST", "posts", {"author": "refund_rita", "text": "@acme where is my refund?"})
        row = until(lambda: case_of(cloud.signed_in("dana"), "refund_rita"))
        until(lambda: taken(cloud.signed_in("aisha"), row["id"]))
        dana, noa = (signed_in(browser, cloud, name, complaints) for name in ("Dana Ozola", "Noa Levi"))
        dana.goto(f"/#/open/{row['id']}")
        dana.get_by_role("button", name="Take").click()
        dana.locator("#reply-box").fill("It is on its way, Rita.")
        dana.locator("#reply-box").press("Control+Enter")
        dana.get_by_role("button", name="Send for approval").click()
        expect(dana.locator("[data-draft=waiting]")).to_contain_text("Waits for 1 approval")
        dana.goto("/#/approvals")
        expect(dana.locator(".approval")).to_contain_text("You wrote this.")
        noa.goto("/#/approvals")
        draft = noa.locator(".approval").filter(has_text="It is on its way, Rita.")
        expect(draft).to_contain_text("where is my refund?")
        expect(draft).to_be_focused()
        noa.keyboard.press("e")
        words = noa.locator(".approval").get_by_role("textbox")  # the words are in it, and not beside it
        expect(words).to_have_value("It is on its way, Rita.")
        words.fill("It arrives tomorrow, Rita.")
        words.press("Control+Enter")
        expect(noa.locator(".approval")).to_have_count(0)
        expect(noa.locator(".toast")).to_contain_text("Approved")
        until(lambda: [r for r in cloud.x("GET", "replies") if r["text"] == "It arrives tomorrow, Rita."])
        expect(dana.locator(".approval")).to_contain_text("Waits no more", timeout=30_000)
        assert [r for r in cloud.x("GET", "replies") if "on its way" in r["text"]] == []
        lines = cloud.signed_in("dana").get(f"/api/v1/conversations/{row['id']}").json()["history"]
        assert {"Noa Levi", "Dana Ozola"} <= {line["by"] for line in lines if line["code"].startswith("draft.")}
    finally:
        cloud.set_policy()
    assert complaints == []

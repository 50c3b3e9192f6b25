"""What helps with writing, in a real browser: canned texts, checks, a later time, promises, undo, the palette."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from hark.domain.time import parse
from hark.domain.time import text as time_text
from playwright.sync_api import Page, expect

from tests.e2e.fixed_desk import HOUR, NEW_REPLY, NOW, ORIGIN, FixedDesk, MakeDesk, Shape, a
from tests.e2e.test_desk_care import finding, refused

expect.set_options(timeout=20_000)

REPLIES = "POST conversations/c1/replies"
PROMISE = "POST conversations/c1/promise"


def entry(language: str, number: int, title: str, text: str, **other: Any) -> Shape:
    return {
        "id": f"{language}_{number}", "language": language, "kind": "canned", "standing": "approved", "title": title,
        "text": text, "uses": 3, **other,
    }  # fmt: skip


LATE = entry("en", 1, "Late parcel", "Hello {name}, parcel {number} arrives {day}.")
HOURS = entry("en", 2, "Opening hours", "We are open from 9 to 18.")
HEBREW = entry("he", 1, "איחור במשלוח", "שלום {name}, מצטערים על העיכוב.")


def written(**other: Any) -> Shape:
    return {
        "id": "r1", "text": "It comes tomorrow.", "state": "held", "at": time_text(NOW), "by": "Dana Ozola", "code": "",
        "sentence": "", "platform_id": "", "verb": "public_reply", "message": "71", **NEW_REPLY, **other,
    }  # fmt: skip


def with_texts(desk: FixedDesk, *texts: Shape, **row: Any) -> Page:
    desk.has("c1", a("x", "post"), **row)
    desk.canned = list(texts)
    for one in texts:
        desk.answers[f"POST canned/{one['id']}/uses"] = [(200, one)] * 5
    page = desk.open("c1")
    expect(page.get_by_role("button", name="Canned text")).to_be_visible()
    return page


def box_of(page: Page) -> Any:
    return page.locator("#reply-box")


# --- canned texts -------------------------------------------------------------------------------


def test_a_slash_in_an_empty_box_offers_the_texts_and_enter_takes_one(made: MakeDesk) -> None:
    desk = made()
    page = with_texts(desk, HOURS, LATE, HEBREW)
    box_of(page).press("/")
    dialog = page.get_by_role("dialog", name="Canned texts")
    search = dialog.get_by_role("combobox", name="Find a text")
    expect(search).to_be_focused()
    expect(dialog.get_by_role("option")).to_have_count(3)
    expect(dialog.locator(".option-text bdi").last).to_have_css("direction", "rtl")
    search.press("ArrowDown")
    expect(search).to_have_attribute("aria-activedescendant", "option-en_1")
    page.keyboard.type("parcel")
    expect(dialog.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(box_of(page)).to_have_value("Hello Maya Cohen, parcel {number} arrives {day}.")
    expect(box_of(page)).to_be_focused()
    assert page.evaluate("String(getSelection())") == "{number}"
    page.keyboard.type("4712")
    gaps = page.locator(".gaps")
    expect(gaps.get_by_role("button")).to_have_text(["{day}"])
    send = page.get_by_role("button", name="Reply publicly")
    expect(send).to_have_attribute("aria-disabled", "true")
    box_of(page).press("Control+Enter")
    gaps.get_by_role("button", name="{day}").click()
    page.keyboard.type("tomorrow")
    expect(gaps).to_have_count(0)
    expect(send).not_to_have_attribute("aria-disabled", "true")
    assert desk.posted == []
    assert desk.calls == [("POST canned/en_1/uses", {})]
    box_of(page).press("Control+Enter")
    expect(box_of(page)).to_have_value("")
    assert [one["text"] for one in desk.posted] == ["Hello Maya Cohen, parcel 4712 arrives tomorrow."]


def test_a_text_goes_in_at_the_caret_and_a_slash_elsewhere_is_a_slash(made: MakeDesk) -> None:
    desk = made()
    page = with_texts(desk, HOURS)
    box_of(page).fill("Dear Maya!  Bye.")
    box_of(page).press("End")
    box_of(page).press("/")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(box_of(page)).to_have_value("Dear Maya!  Bye./")
    box_of(page).evaluate("box => box.setSelectionRange(11, 11)")
    page.get_by_role("button", name="Canned text").click()
    page.get_by_role("option", name="Opening hours").click()
    expect(box_of(page)).to_have_value("Dear Maya! We are open from 9 to 18. Bye./")
    assert desk.posted == []


def test_the_customers_language_is_asked_for_and_a_name_nobody_knows_stays_a_gap(made: MakeDesk) -> None:
    desk = made()
    asked: list[str] = []
    desk.context.on("request", lambda request: asked.append(request.url) if "/api/v1/canned" in request.url else None)
    desk.has("c1", a("x", "post"), name="", handle="noa_b")["customer"]["language"] = "he"
    desk.canned = [HEBREW]
    desk.answers["POST canned/he_1/uses"] = [refused(503, "failed", "Try again.")]
    page = desk.open("c1")
    box_of(page).press("/")
    page.get_by_role("combobox").press("Enter")
    expect(box_of(page)).to_have_value("שלום {name}, מצטערים על העיכוב.")
    expect(page.get_by_role("button", name="Reply publicly")).to_have_attribute("aria-disabled", "true")
    assert asked[0].endswith("/canned?language=he")


def test_no_texts_and_texts_that_could_not_be_had_are_said(made: MakeDesk) -> None:
    desk = made()
    page = with_texts(desk)
    desk.answers["GET canned"] = [refused(503, "failed", "Nothing was changed; try again.")]
    box_of(page).press("/")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("try again")
    dialog.get_by_role("button", name="Try again").click()
    expect(dialog).to_contain_text("There are no canned texts yet.")
    page.keyboard.press("Escape")
    expect(box_of(page)).to_be_focused()
    page.get_by_role("button", name="Note for the team").click()
    box_of(page).press("/")
    expect(box_of(page)).to_have_value("/")


# --- checks while writing -----------------------------------------------------------------------


def test_what_the_checks_find_stands_under_the_box_before_anything_is_sent(made: MakeDesk) -> None:
    desk = made()
    page = with_texts(desk, HOURS)
    text = "👍 Write to maya@example.org"
    start = text.index("maya")
    desk.findings = [
        finding("check.personal_data", "block", "There are personal data in it.", start, len(text)),
        finding("check.same_text", "warn", "Nearly the same was said in public lately."),
    ]
    box_of(page).press_sequentially(text)
    found = page.locator(".finding")
    expect(found).to_have_count(2)
    expect(found.first).to_contain_text("There are personal data in it.")
    expect(found.first.locator("q")).to_have_text("maya@example.org")
    expect(page.locator(".aids")).to_have_attribute("role", "status")
    asked = [path for path in desk.asked if path.endswith("/check")]
    assert 1 <= len(asked) <= 3, "it is asked at rests and not at each key"
    desk.findings = []
    box_of(page).fill("👍 Thank you")
    expect(found).to_have_count(0)
    desk.answers["POST conversations/c1/check"] = [refused(503, "failed", "Try again.")]
    box_of(page).fill("👍 Thank you!")
    page.wait_for_timeout(1200)
    expect(found).to_have_count(0)
    expect(page.get_by_role("button", name="Reply publicly")).not_to_have_attribute("aria-disabled", "true")


def test_the_check_hears_of_the_canned_text_a_reply_was_made_of(made: MakeDesk) -> None:
    desk = made()
    page = with_texts(desk, HOURS)
    unedited = finding("check.canned_unedited", "warn", "Nobody has touched this text.")
    checked = {"findings": [unedited], "text": "", "length": 1, "limit": None}
    desk.answers["POST conversations/c1/check"] = [(200, checked)]
    box_of(page).press("/")
    page.get_by_role("combobox").press("Enter")
    expect(page.locator(".finding")).to_contain_text("Nobody has touched this text.")
    said = next(body for call, body in desk.calls if call.endswith("/check"))
    assert said == {"text": HOURS["text"], "verb": "public_reply", "canned": HOURS["text"]}


# --- later --------------------------------------------------------------------------------------


def at_nine(days: int) -> str:
    """Nine in the morning in Riga, two hours ahead of UTC in November."""
    day = NOW + timedelta(days=days)
    return time_text(datetime(day.year, day.month, day.day, 7, tzinfo=NOW.tzinfo))


@pytest.mark.parametrize(("zone", "shown"), [("Europe/Riga", "Mon 09:00"), ("America/New_York", "Mon 02:00 your time")])
def test_a_reply_leaves_in_the_brands_morning_wherever_the_agent_sits(made: MakeDesk, zone: str, shown: str) -> None:
    desk = made(timezone_id=zone)
    page = with_texts(desk, HOURS)
    later = page.get_by_role("button", name="Send later…")
    expect(later).to_have_attribute("aria-disabled", "true")
    box_of(page).fill("It comes tomorrow.")
    sent = written(send_at=at_nine(1), held_until=at_nine(1))
    desk.answers[REPLIES] = [(202, sent)]
    later.click()
    dialog = page.get_by_role("dialog", name="Send later")
    expect(dialog.get_by_role("option", name="Tomorrow at 9")).to_contain_text(shown)
    expect(dialog.get_by_role("option")).to_have_count(2)  # it is Sunday: tomorrow is that Monday
    shown_now = desk.conversations["c1"]
    shown_now["replies"] = [sent]
    shown_now["case"]["reply_state"] = "held"
    dialog.get_by_role("combobox").press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("It leaves Mon")
    expect(page.locator("[data-reply=held] .held")).to_contain_text("Leaves Mon")
    expect(box_of(page)).to_have_value("")
    assert desk.calls == [
        (REPLIES, {"text": "It comes tomorrow.", "seen": 1, "verb": "public_reply", "send_at": at_nine(1)})
    ]
    expect(page.locator(".limits")).to_contain_text("A reply waits for its time.")


def test_a_time_that_waits_is_moved_and_what_cannot_be_is_said(made: MakeDesk) -> None:
    desk = made()
    desk.has("c1", a("x", "post"), reply_state="held")["replies"] = [written(send_at=at_nine(1), held_until=at_nine(1))]
    page = desk.open("c1")
    path = "PATCH conversations/c1/replies/r1"
    desk.answers[path] = [
        (200, written(send_at=at_nine(2), held_until=at_nine(2))), refused(409, "left", "The reply has left."),
    ]  # fmt: skip
    page.get_by_role("button", name="Another time…").click()
    dialog = page.get_by_role("dialog", name="Send at another time")
    exact = dialog.get_by_label("Or exactly")
    expect(exact).to_have_value("2026-11-23T09:00")
    exact.fill("2026-11-24T09:00")
    dialog.get_by_role("button", name="Move").click()
    expect(page.locator(".toast")).to_contain_text("It leaves Tue")
    page.get_by_role("button", name="Another time…").click()
    dialog.get_by_role("option", name="In an hour").click()
    expect(page.locator(".toast").last).to_contain_text("The reply has left.")
    hour = desk.calls[1][1]["send_at"]
    assert desk.calls[0] == (path, {"send_at": at_nine(2)})
    assert abs(parse(hour) - (desk.now + HOUR)) < timedelta(minutes=1)


def test_a_window_that_closes_before_is_told_and_not_offered(made: MakeDesk) -> None:
    desk = made()
    desk.has("c1", a("messenger", "direct"))
    page = desk.open("c1")
    box_of(page).fill("Hello")
    page.get_by_role("button", name="Send later…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("This way of answering closes Mon 13:00")
    exact = dialog.get_by_label("Or exactly")
    exact.evaluate("field => { field.removeAttribute('max'); }")
    exact.fill("2026-11-23T20:00")
    dialog.get_by_role("button", name="Send then").click()
    expect(dialog.get_by_role("alert")).to_contain_text("choose a time before")
    assert desk.posted == []


def test_a_draft_for_approval_keeps_the_time_it_was_to_leave_at(made: MakeDesk) -> None:
    desk = made()
    page = with_texts(desk, HOURS)
    desk.answers[REPLIES] = [refused(409, "approval_needed", "Somebody else has to approve this.", number=1, why=[])]
    desk.answers["POST conversations/c1/drafts"] = [(201, {"id": "d1"})]
    box_of(page).fill("It comes tomorrow.")
    page.get_by_role("button", name="Send later…").click()
    page.get_by_role("option", name="Tomorrow at 9").click()
    page.get_by_role("button", name="Send for approval").click()
    expect(box_of(page)).to_have_value("")
    assert [body["send_at"] for _, body in desk.calls] == [at_nine(1), at_nine(1)]


# --- for how long a reply can be taken back -----------------------------------------------------


def test_for_how_long_ones_replies_are_held_is_chosen_once_and_goes_with_each(made: MakeDesk) -> None:
    desk = made()
    page = with_texts(desk, HOURS)
    box_of(page).fill("One.")
    box_of(page).press("Control+Enter")
    expect(box_of(page)).to_have_value("")
    page.get_by_role("button", name="Dana Ozola").click()
    choice = page.get_by_role("dialog").get_by_label("Undo sending")
    expect(choice.locator("option").first).to_have_text("As the team has it (not held)")
    choice.select_option("20")
    page.keyboard.press("Escape")
    desk.conversations["c1"]["case"]["reply_state"] = ""
    page.reload()
    box_of(page).fill("Two.")
    box_of(page).press("Control+Enter")
    expect(box_of(page)).to_have_value("")
    assert [one.get("hold") for one in desk.posted] == [None, 20]


# --- promises -----------------------------------------------------------------------------------


def test_a_promised_time_is_made_shown_undone_and_taken_back(made: MakeDesk) -> None:
    desk = made()
    page = with_texts(desk, HOURS)
    row = {k: v for k, v in desk.conversations["c1"]["case"].items() if k not in ("reasons", "generation", "triage")}
    noon = time_text(datetime(2026, 11, 23, 10, tzinfo=NOW.tzinfo))
    promised = {**row, "version": 2, "promise": {"state": "open", "by": noon}}
    taken = {**row, "version": 3, "promise": {"state": "withdrawn", "by": noon}}
    desk.answers[PROMISE] = [(200, promised), (200, taken), refused(409, "owned", "The case belongs to somebody else.")]

    def now_is(state: Shape) -> None:
        desk.conversations["c1"]["case"].update(state)

    now_is(promised)
    page.get_by_role("button", name="Promise a time…").click()
    dialog = page.get_by_role("dialog", name="By when do we answer?")
    expect(dialog.get_by_role("checkbox", name="My next reply tells the customer so")).to_be_checked()
    times = ["In two hoursSun 16:00", "Today by 17Sun 17:00", "Tomorrow by noonMon 12:00"]
    expect(dialog.get_by_role("option")).to_have_text(times)
    dialog.get_by_role("option", name="Tomorrow by noon").click()
    expect(page.locator(".toast")).to_contain_text("Promised: Mon 12:00")
    expect(page.locator(".send-line .chip")).to_contain_text("Promised: Mon 12:00")
    now_is(taken)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast").last).to_contain_text("The promise is taken back.")
    expect(page.locator(".send-line .chip")).to_have_count(0)
    page.get_by_role("button", name="Promise a time…").click()
    dialog.get_by_role("checkbox").uncheck()
    dialog.get_by_label("Or exactly").fill("2026-11-23T12:00")
    dialog.get_by_role("button", name="Promise", exact=True).click()
    expect(page.locator(".toast").last).to_contain_text("The case belongs to somebody else.")
    assert [body for _, body in desk.calls] == [
        {"promised_at": noon, "reply": "next"}, {"promised_at": None}, {"promised_at": noon},
    ]  # fmt: skip


# --- the palette --------------------------------------------------------------------------------


def test_every_command_is_found_by_its_name_with_its_key(made: MakeDesk) -> None:
    desk = made()
    desk.has("c1", a("x", "post"))
    desk.has("c2", a("instagram", "direct"), name="נועה בר", handle="noa_b", snippet="Parcel 88231")
    page = desk.open("c1")
    expect(box_of(page)).to_be_visible()

    def late(route: Any) -> None:
        time.sleep(1)
        route.fallback()

    desk.context.route("**/dialogs/palette.js", late)
    box_of(page).press("Control+k")
    page.keyboard.type("/noa_bx")
    page.keyboard.press("Backspace")
    dialog = page.get_by_role("dialog", name="Commands")
    search = dialog.get_by_role("combobox")
    expect(search).to_be_focused()
    expect(search).to_have_value("/noa_b")  # typed while the palette was on its way
    expect(box_of(page)).to_have_value("")
    search.fill("")
    expect(dialog.get_by_role("option", name="Snooze…")).to_contain_text("h")
    expect(dialog.get_by_role("option", name="Approvals")).to_contain_text("gp")
    page.keyboard.type("note team")
    expect(dialog.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".mode[aria-pressed=true]")).to_contain_text("Note for the team")
    expect(box_of(page)).to_be_focused()
    for typed, address in (("noa_b", "#/open/c2"), ("approv", "#/approvals"), ("unass", "#/unassigned")):
        page.keyboard.press("Control+k")
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{ORIGIN}/{address}")
    page.keyboard.press("Control+k")
    expect(search).to_be_focused()
    page.keyboard.type("88231")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{ORIGIN}/#/unassigned/c2")
    page.keyboard.press("Control+k")
    expect(search).to_be_focused()
    page.keyboard.type("no such thing")
    expect(dialog).to_contain_text("Nothing matches.")
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()


def test_without_letters_the_palette_still_gives_every_command(made: MakeDesk) -> None:
    desk = made()
    page = with_texts(desk, HOURS)
    page.get_by_role("button", name="Dana Ozola").click()
    page.get_by_role("checkbox", name="Shortcuts of a single letter").uncheck()
    page.keyboard.press("Escape")
    page.locator("#thread-title").focus()
    page.keyboard.press("Meta+k")
    search = page.get_by_role("dialog", name="Commands").get_by_role("combobox")
    expect(search).to_be_focused()
    page.keyboard.type("snooze")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Snooze")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(search).to_be_focused()
    page.keyboard.type("canned")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Canned texts")).to_be_visible()

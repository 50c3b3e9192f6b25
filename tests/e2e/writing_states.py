"""The states of the composer and of every dialog, for the rules of accessibility."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from hark.domain.time import text as time_text
from hark.domain.verbs import Standing
from playwright.sync_api import Locator, Page, expect

from tests.e2e.desk_states import FAILED, come_to, person, until, without_list
from tests.e2e.fixed_desk import HOUR, NOW, FixedDesk, Shape, a
from tests.e2e.soundness import PHONE, WIDE, Scene, Stage, State, forgive, lost
from tests.e2e.test_composer_more import HEBREW, HOURS, LATE
from tests.e2e.test_desk_care import OMAR, finding, refused
from tests.e2e.test_messages import ILL, ours
from tests.e2e.test_workflow_picture import WAY, trace

BOX, DIALOG = ".composer", "dialog[open]"

TEXT = "Write to us at maya@example.org"


def send(page: Page, text: str) -> None:
    page.locator("#reply-box").fill(text)
    page.locator("#reply-box").press("Control+Enter")


def refusals() -> dict[str, tuple[int, Shape]]:
    """By conversation, an answer of each kind to a reply."""
    news = {"id": "72", "text": "It has just come!", "at": time_text(NOW), "edited": False, "gone": False, "own": False,
            "by": "", "automatic": False, "language": "en", "public": True, "surface": "post", "hidden": False,
            "liked": False, "reactions": {}, "receipt": "", "notice": "", "media": [], "link": ""}  # fmt: skip
    blocked = finding("check.personal_data", "block", "There are personal data in it.", 15, 31)
    warned = finding("check.heated", "warn", "The thread is heated.")
    there = [{"id": "d1", "by": "a1", "at": time_text(NOW)}]
    return {
        "c11": refused(409, "talked", "Somebody wrote since.", new=[news], talk=2),
        "c12": refused(409, "owned", "The case belongs to somebody else."),
        "c13": refused(409, "closed", "The case is closed."),
        "c14": refused(422, "check", "There are personal data in it.", findings=[blocked, warned]),
        "c15": refused(422, "check", "The thread is heated.", findings=[warned]),
        "c16": refused(409, "approval_needed", "Somebody else has to approve this first.", number=1, why=["money"]),
        "c17": refused(409, "drafted", "A draft waits here already.", drafts=there),
        "c18": refused(503, "failed", "Nothing was changed; try again."),
    }


def composer(stage: Stage) -> Iterator[State]:
    desk = without_list(stage.made())
    desk.canned = [LATE]
    desk.answers["POST canned/en_1/uses"] = [(200, LATE)]
    person(desk, "c1", "facebook", "comment", subject={"link": "https://example.org/71"})
    person(desk, "c2", "instagram", "comment")
    person(desk, "c3", "x", "post")
    granted = Standing(features=frozenset({"human_agent"}))
    person(desk, "c4", "instagram", "direct", granted, subject={"last_inbound_at": NOW - 30 * HOUR})
    soon = {"last_inbound_at": NOW - 23 * HOUR - timedelta(minutes=40)}
    person(desk, "c5", "viber", "direct", Standing(outside_session_usd=0.07), subject=soon)
    person(desk, "c6", "facebook", "comment", subject={"private_reply_sent": True, "link": "https://example.org/71"})
    answers = refusals()
    for case_id, answer in answers.items():
        person(desk, case_id)
        desk.answers[f"POST conversations/{case_id}/replies"] = [answer]
    page = desk.open("c1")
    expect(page.locator(".tools")).to_be_visible()
    for index, mode in enumerate(("public", "private", "note")):
        page.locator(".mode").nth(index).click()
        expect(page.locator(BOX)).to_have_attribute("data-audience", mode)
        yield State(page, f"{mode}, empty", BOX)
        page.locator("#reply-box").fill("We are looking for it.")
        yield State(page, f"{mode}, written", BOX, main=mode == "private")
    come_to(page, "c2")
    for count, level in ((290, "near"), (301, "over")):
        page.locator("#reply-box").fill("x" * count)
        expect(page.locator(f".counter[data-level={level}]")).to_be_visible()
        yield State(page, f"{level} the limit", BOX)
    come_to(page, "c3")
    desk.findings = [finding("check.personal_data", "block", "There are personal data in it.", 15, 31),
                     finding("check.same_text", "warn", "Nearly the same was said in public lately.")]  # fmt: skip
    page.locator("#reply-box").fill(f"{TEXT} https://example.com/help")
    expect(page.locator(".finding")).to_have_count(2)
    yield State(page, "what the checks say, and the price of a link", BOX)
    desk.findings = []
    page.locator("#reply-box").fill("")
    page.locator("#reply-box").press("/")
    page.locator("[role=option]").first.click()
    expect(page.locator(".gaps")).to_be_visible()
    yield State(page, "gaps are open", BOX)
    shown = desk.conversations["c3"]
    shown["messages"].append({**shown["messages"][0], "id": "72", "text": "It has just come!"})
    shown["case"].update(talk=2, version=2)
    until(desk, page, page.locator(".composer .notice[role=status]"))
    yield State(page, "something has changed since", BOX)
    for case_id, name in (("c4", "on what terms"), ("c5", "the window closes soon, at a price"), ("c6", "shut")):
        come_to(page, case_id)
        if case_id == "c6":
            page.locator(".mode").nth(1).click()
            expect(page.locator(".composer .notice")).to_be_visible()
        yield State(page, name, BOX)
    for case_id, (_, told) in answers.items():
        come_to(page, case_id)
        send(page, TEXT)
        expect(page.locator(".refusal")).to_be_visible()
        yield State(page, f"refused: {told['code']} {len(told.get('findings', []))}", BOX, main=case_id == "c14")


def menu(stage: Stage) -> Iterator[State]:
    """What may be done to a message. Its place goes by the width at which it was opened."""
    desk = without_list(stage.made())
    person(desk, "c1", "x", "post")
    page = desk.open("c1")
    for width in (WIDE, PHONE):
        page.set_viewport_size({"width": width, "height": 740})
        page.locator(".acts-open").click()
        expect(page.locator("[role=menuitem]").first).to_be_focused()
        yield State(page, f"the menu of a message, {width}", "[role=log]", widths=(width,))
        page.keyboard.press("Escape")


# --- dialogs ------------------------------------------------------------------------------------


def pressed(page: Page, keys: str) -> Locator:
    """A dialog, opened by its keys."""
    page.locator("#thread-title").focus()
    for key in keys.split():
        page.keyboard.press(key)
    expect(page.locator(DIALOG)).to_be_visible()
    return page.locator(DIALOG)


def left(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.locator(DIALOG)).to_have_count(0)


def dialogs(stage: Stage) -> Iterator[State]:
    desk = without_list(stage.made())
    desk.members.append({**OMAR, "on_shift": False})
    desk.accounts, desk.roles = ILL, ["lead"]
    desk.has("c2", a("instagram", "direct"), name="נועה בר")
    promised = {"state": "open", "by": time_text(NOW + 22 * HOUR)}
    shown = person(desk, "c1", "messenger", "direct", owner={**OMAR, "id": "a3"}, promise=promised)
    ours(shown, "72", acts=[{"verb": "delete", "price_usd": 0.0}])
    desk.answers["PATCH conversations/c1"] = [refused(422, "note_needed", "Leave a note.")]
    desk.answers["GET conversations/c1/workflow"] = [FAILED, refused(404, "no_trace", "It has not begun."),
                                                     (200, trace(*WAY))]  # fmt: skip
    page = desk.open("c1")
    expect(page.locator(".tools")).to_be_visible()
    pressed(page, "Control+k")
    yield State(page, "the palette", DIALOG, main=True)
    page.keyboard.type("qqqq")
    yield State(page, "the palette, nothing matches", DIALOG)
    left(page)
    dialog = pressed(page, "a")
    yield State(page, "assign", DIALOG)
    dialog.get_by_role("option", name="Omar").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    yield State(page, "assign, a note is wanted", DIALOG)
    left(page)
    for keys, name in (("h", "snooze"), ("?", "shortcuts"), ("c", "customer and case"), ("g c", "accounts")):
        pressed(page, keys)
        yield State(page, name, DIALOG, main=keys == "?")
        left(page)
    yield from tags(desk, page)
    yield from writing_dialogs(desk, page)
    desk.answers["POST conversations/c1/erasure"] = [FAILED]
    stage.button(page.locator(".desk > .about"), "erase.open").click()
    page.locator("#erase-typed").fill("Maya Cohen")
    page.keyboard.press("Enter")
    expect(page.locator(DIALOG).get_by_role("alert")).to_be_visible()
    yield State(page, "erasing a customer, refused", DIALOG)
    left(page)
    page.locator("[data-message='72'] .acts-open").click()
    page.locator("[data-verb=delete]").click()
    expect(page.locator(DIALOG)).to_be_visible()
    yield State(page, "deleting", DIALOG)
    left(page)
    page.locator(".views > .account").click()
    expect(page.locator(DIALOG)).to_be_visible()
    yield State(page, "account", DIALOG, main=True)
    left(page)
    dialog = pressed(page, "w")
    expect(dialog.get_by_role("alert")).to_be_visible()
    yield State(page, "the workflow could not be had", DIALOG)
    dialog.get_by_role("alert").get_by_role("button").click()
    expect(dialog).to_contain_text("It has not begun.")
    yield State(page, "no workflow", DIALOG)
    left(page)
    dialog = pressed(page, "w")
    expect(dialog.locator(".steps > li").first).to_be_visible()
    dialog.locator("svg .state").first.click()
    yield State(page, "the workflow", DIALOG)


def tags(desk: FixedDesk, page: Page) -> Iterator[State]:
    used = [{"tag": tag, "uses": 1} for tag in ("refund", "החזר", "broken on the way to us by hand")]
    desk.answers["GET tags"] = [FAILED, (200, {"items": used})]
    dialog = pressed(page, "l")
    expect(dialog.get_by_role("alert")).to_be_visible()
    page.keyboard.type("#!")
    yield State(page, "tags of the brand could not be had, and what is none", DIALOG)
    dialog.get_by_role("alert").get_by_role("button").click()
    dialog.get_by_role("combobox").fill("")
    dialog.get_by_role("option").last.click()
    for key in ("ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    yield State(page, "tags, one of them chosen", DIALOG)
    dialog.get_by_role("option").last.click()
    left(page)


def writing_dialogs(desk: FixedDesk, page: Page) -> Iterator[State]:
    tools = page.locator(".tool")
    desk.answers["GET canned"] = [FAILED]
    for name in ("canned texts could not be had", "no canned texts", "canned texts"):
        desk.canned = [HOURS, LATE, HEBREW] if name == "canned texts" else []
        tools.nth(0).click()
        dialog = page.locator(DIALOG)
        expect(dialog.locator("[role=alert], [role=option], .empty, p").first).to_be_visible()
        yield State(page, name, DIALOG)
        left(page)
    tools.nth(1).click()
    yield State(page, "promise", DIALOG)
    left(page)
    page.locator("#reply-box").fill("It comes tomorrow.")
    tools.nth(2).click()
    exact = page.locator("#send-at")
    exact.evaluate("field => { field.removeAttribute('max'); }")
    exact.fill("2026-11-29T20:00")
    exact.press("Enter")
    expect(page.locator("#send-at-wrong")).to_be_visible()
    yield State(page, "send later, at a time that cannot be", DIALOG)
    left(page)


def search(stage: Stage) -> Iterator[State]:
    """On a list with more than the page has loaded; the rest of it cannot be had at first."""
    desk = stage.made()
    for number in range(30):
        person(desk, f"n{number}", handle=f"c_{number}", snippet="איפה החבילה שלי? Parcel 88231, please answer.")
    page = desk.open("n1")
    expect(page.locator(".tools")).to_be_visible()
    dialog = pressed(page, "/")
    page.keyboard.type("c_2 88231")
    expect(dialog.locator("[role=option]").first).to_be_visible()
    yield State(page, "search, found", DIALOG)
    page.keyboard.type(" qqqq")
    expect(dialog.locator("[role=option]")).to_have_count(0)
    expect(dialog.locator("[aria-busy]")).to_have_count(0)
    yield State(page, "search, nothing found", DIALOG)
    left(page)
    desk.context.route("**/queue?*cursor=*", lost)
    pressed(page, "/")
    page.keyboard.type("qqqq")
    expect(dialog.get_by_role("alert")).to_be_visible()
    forgive(desk, "ERR_FAILED")
    yield State(page, "search, the rest could not be had", DIALOG)


DIALOGS = (
    "about", "account", "accounts", "assign", "canned", "delete", "erase", "frame", "ledger", "palette", "picker",
    "promise", "send-later", "shortcuts", "snooze", "tags", "workflow", "workflow-picture",
)  # fmt: skip
SCENES: dict[str, tuple[Scene, tuple[str, ...]]] = {
    "composer": (composer, ()),
    "menu": (menu, ()),
    "search": (search, ("dialogs/search.js",)),
    "dialogs": (dialogs, tuple(f"dialogs/{name}.js" for name in DIALOGS)),
}

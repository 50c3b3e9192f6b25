"""What the desk shows of hand-overs, checks, approvals and replies that wait, in a real browser."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hark.domain.time import text as time_text
from playwright.sync_api import Page, expect

from tests.e2e.fixed_desk import HOUR, NEW_REPLY, NOW, FixedDesk, MakeDesk, a

DANA = {"id": "a1", "name": "Dana Ozola", "initials": "DO"}
OMAR = {"id": "a2", "name": "Omar Haddad", "initials": "OH"}
REPLIES = "POST conversations/c1/replies"
DRAFTS = "POST conversations/c1/drafts"
TEXT = "Write to us at maya@example.org"
NOTED = "Whoever gets the case has to know what was done so far: leave a note."


def refused(status: int, code: str, detail: str, **more: Any) -> tuple[int, dict[str, Any]]:
    return status, {"status": status, "code": code, "detail": detail, **more}


def finding(code: str, level: str, sentence: str, start: int = 0, end: int = 0) -> dict[str, Any]:
    return {"code": code, "level": level, "sentence": sentence, "start": start, "end": end, "about": ""}


def write(page: Page, text: str = TEXT) -> None:
    page.locator("#reply-box").fill(text)
    page.locator("#reply-box").press("Control+Enter")


# --- handing over -------------------------------------------------------------------------------


def with_colleague(desk: FixedDesk) -> FixedDesk:
    desk.members.append({**OMAR, "on_shift": True})
    desk.has("c1", a("x", "post"), owner={"id": "a3", "name": "Lea Kalniņa", "initials": "LK"})
    return desk


def test_a_hand_over_asks_for_the_note_it_lacks_and_is_undone_like_any_other(made: MakeDesk) -> None:
    desk = with_colleague(made())
    row = desk.conversations["c1"]["case"]
    desk.answers["PATCH conversations/c1"] = [
        refused(422, "note_needed", NOTED), (200, {**row, "owner": OMAR, "version": 2}), (200, {**row, "version": 3}),
    ]  # fmt: skip
    page = desk.open("c1")
    page.get_by_role("button", name="Assign").click()
    page.get_by_role("option", name="Omar").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_have_text(NOTED)
    note = dialog.get_by_role("textbox", name="Note for whoever gets it")
    expect(note).to_be_focused()
    note.press("Control+Enter")
    expect(dialog).to_be_visible()
    note.fill("הלקוחה מחכה לשליח")
    expect(note).to_have_attribute("dir", "auto")
    note.press("Control+Enter")
    expect(dialog).to_have_count(0)
    expect(page.locator(".toast")).to_contain_text("assigned to")
    page.keyboard.press("z")
    expect(page.locator(".toast")).to_contain_text("Undone")
    assert [said for _, said in desk.calls] == [
        {"version": 1, "assignee": "a2"},
        {"version": 1, "assignee": "a2", "note": "הלקוחה מחכה לשליח"},
        {"version": 2, "assignee": "a3"},
    ]


def test_a_note_that_did_not_get_through_is_there_again(made: MakeDesk) -> None:
    desk = with_colleague(made())
    desk.answers["PATCH conversations/c1"] = [refused(409, "busy", "A reply is still on its way.")]
    page = desk.open("c1")
    page.get_by_role("button", name="Assign").click()
    page.get_by_role("textbox", name="Note for whoever").fill("The courier has it.")
    page.get_by_role("option", name="Omar").click()
    expect(page.locator(".toast")).to_contain_text("A reply is still on its way.")
    page.get_by_role("button", name="Assign").click()
    expect(page.get_by_role("textbox", name="Note for whoever")).to_have_value("The courier has it.")


def test_what_is_written_while_the_case_is_being_taken_leaves_after_it_is_taken(made: MakeDesk) -> None:
    """Else the server would see a reply to a case that somebody else still owns, and refuse it."""
    desk = with_colleague(made())
    row = desk.conversations["c1"]["case"]
    desk.answers["PATCH conversations/c1"] = [(200, {**row, "owner": DANA, "version": 2})]
    page = desk.open("c1")
    held: list[Any] = []
    page.route("**/conversations/c1", lambda way: held.append(way) if way.request.method == "PATCH" else way.fallback())
    page.get_by_role("button", name="Assign").click()
    page.get_by_role("option", name="Dana").click()
    write(page)
    expect(page.get_by_role("button", name="Sending")).to_be_visible()
    page.wait_for_timeout(300)
    assert desk.posted == []
    held.pop().fallback()
    expect(page.locator("#reply-box")).to_have_value("")
    assert [said["text"] for said in desk.posted] == [TEXT]


# --- checks -------------------------------------------------------------------------------------


def test_what_blocks_is_told_with_its_words_and_cannot_be_sent(made: MakeDesk) -> None:
    desk = made()
    desk.has("c1", a("x", "post"))
    text = "👍 " + TEXT
    start = text.index("maya")
    said = "There are personal data in it."
    desk.answers[REPLIES] = [refused(422, "check", said, findings=[
        finding("check.personal_data", "block", said, start, start + len("maya@example.org")),
        finding("check.heated", "warn", "The thread is heated."),
    ])]  # fmt: skip
    page = desk.open("c1")
    write(page, text)
    panel = page.locator(".refusal")
    expect(panel).to_contain_text("This cannot leave as it stands")
    expect(panel.get_by_role("listitem")).to_have_count(2)
    expect(panel.locator("q")).to_have_text("maya@example.org")
    expect(panel.get_by_role("button")).to_have_text(["Edit", "Drop my text"])
    expect(page.locator("#reply-box")).to_have_value(text)


def test_a_warning_is_sent_all_the_same_once_its_code_is_confirmed(made: MakeDesk) -> None:
    desk = made()
    desk.has("c1", a("x", "post"))
    said = "The thread is heated."
    desk.answers[REPLIES] = [
        refused(422, "check", said, findings=[finding("check.heated", "warn", said)]),
        refused(409, "approval_needed", "Somebody else has to approve this first.", number=1, why=["hot"]),
    ]
    desk.answers[DRAFTS] = [(201, waiting(DANA))]
    page = desk.open("c1")
    expect(page.locator("#reply-box")).to_be_visible()
    slow: list[Any] = []  # the conversation is read again after a refusal; what is offered does not wait for that
    page.route("**/conversations/c1", lambda way: slow.append(way))
    write(page)
    expect(page.locator(".refusal")).to_contain_text(said)
    page.get_by_role("button", name="Send it all the same").click()
    expect(page.locator(".refusal")).to_contain_text("Because of: hot")
    page.get_by_role("button", name="Send for approval").click()
    expect(page.locator("#reply-box")).to_have_value("")
    for read in slow:
        read.fallback()
    body = {"text": TEXT, "seen": 1, "verb": "public_reply"}
    assert desk.calls == [
        (REPLIES, body), (REPLIES, {**body, "confirmed": ["check.heated"]}),
        (DRAFTS, {**body, "confirmed": ["check.heated"]}),
    ]  # fmt: skip


def test_an_answer_that_was_lost_is_asked_for_again_in_the_same_words(made: MakeDesk) -> None:
    """Else the server would see the key of one request on another, and the reply might go out twice."""
    desk = made()
    desk.has("c1", a("x", "post"))
    said = "The thread is heated."
    desk.answers[REPLIES] = [refused(422, "check", said, findings=[finding("check.heated", "warn", said)])]
    page = desk.open("c1")
    write(page)
    lost: list[tuple[str, str]] = []

    def lose(route: Any) -> None:
        lost.append((route.request.headers["idempotency-key"], route.request.post_data))
        route.abort()

    again = page.get_by_role("button", name="Send it all the same")
    expect(again).to_be_visible()
    page.route("**/replies", lose)
    again.click()
    expect(page.locator(".refusal")).to_contain_text("Trying again is safe")
    page.get_by_role("button", name="Edit").click()
    page.evaluate("dispatchEvent(new Event('online'))")
    page.get_by_role("button", name="Reply publicly").click()
    expect(page.locator(".refusal")).to_contain_text("Trying again is safe")
    assert len(lost) == 2
    assert lost[0] == lost[1]
    assert "check.heated" in lost[0][1]
    desk.complaints.clear()  # the lost answers


# --- approvals ----------------------------------------------------------------------------------


def waiting(by: dict[str, str], **other: Any) -> dict[str, Any]:
    return {
        "id": "d1", "conversation": "c1", "text": "We give you 60 euros.", "verb": "public_reply",
        "at": time_text(NOW - HOUR / 2), "by": {"id": by["id"], "name": by["name"]}, "state": "waiting", "number": 1,
        "why": ["money"], "approved_by": [], "edited_by": [], "reason": "", "ended_at": None, "ended_by": "",
        "reply": None, "hold": None, "send_at": None, "seen": 1, "talk": 1, "stale": False, "rev": 3, **other,
    }  # fmt: skip


def test_a_reply_that_needs_approval_is_submitted_and_a_second_one_says_what_becomes_of_the_first(
    made: MakeDesk,
) -> None:
    desk = made()
    shown = desk.has("c1", a("x", "post"))
    needed = refused(409, "approval_needed", "Somebody else has to approve this first.", number=1, why=["money"])
    there = [{"id": "d1", "by": "a1", "at": time_text(NOW)}]
    desk.answers[REPLIES] = [needed]
    desk.answers[DRAFTS] = [refused(409, "drafted", "A draft waits here already.", drafts=there), (201, waiting(DANA))]
    page = desk.open("c1")
    write(page)
    expect(page.locator(".refusal")).to_contain_text("Somebody else has to approve this first.")
    page.get_by_role("button", name="Send for approval").click()
    expect(page.locator(".refusal")).to_contain_text("A draft waits here already.")
    expect(page.locator("#reply-box")).to_have_value(TEXT)
    shown["case"]["approval"] = "waiting"
    desk.drafts["c1"] = [waiting(DANA)]
    page.get_by_role("button", name="Replace my draft").click()
    draft = page.locator("[data-draft=waiting]")
    expect(draft).to_contain_text("Dana Ozola")
    expect(draft).to_contain_text("Waits for 1 approval")
    expect(draft.get_by_role("button")).to_have_text(["Withdraw"])
    expect(page.locator("#row-c1")).to_contain_text("Approval")
    assert desk.calls[-1] == (DRAFTS, {"text": TEXT, "seen": 1, "verb": "public_reply", "competing": "replace"})
    desk.answers["DELETE conversations/c1/drafts/d1"] = [(200, waiting(DANA, state="withdrawn"))]
    desk.drafts["c1"] = [waiting(DANA, state="withdrawn")]
    draft.get_by_role("button", name="Withdraw").click()
    expect(draft).to_have_count(0)


def test_a_colleagues_draft_is_approved_with_its_case_or_sent_back_with_a_reason(made: MakeDesk) -> None:
    desk = made()
    desk.has("c1", a("x", "post"), approval="waiting")
    desk.drafts["c1"] = [waiting(OMAR, stale=True, number=2, approved_by=[{"id": "a3", "name": "Lea Kalniņa"}])]
    said = "The case belongs to somebody else than the draft's author."
    desk.answers["POST conversations/c1/drafts/d1/approve"] = [
        refused(409, "not_owner", said), refused(403, "not_approver", "You may not approve."),
    ]  # fmt: skip
    desk.answers["POST conversations/c1/drafts/d1/return"] = [(200, waiting(OMAR, state="returned"))]
    page = desk.open("c1")
    draft = page.locator("[data-draft=waiting]")
    expect(draft).to_contain_text("Somebody has written since")
    expect(draft).to_contain_text("Because of: money")
    expect(draft).to_contain_text("Approved by Lea Kalniņa")
    draft.get_by_role("button", name="Approve").click()
    expect(draft.get_by_role("alert")).to_have_text(said)
    draft.get_by_role("button", name="Give the case to Omar Haddad and approve").click()
    expect(draft.get_by_role("alert")).to_have_text("You may not approve.")
    draft.get_by_role("button", name="Send back…").click()
    reason = draft.get_by_role("textbox", name="What has to change?")
    expect(reason).to_be_focused()
    reason.fill("Too much.")
    desk.drafts["c1"] = [waiting(OMAR, state="returned", reason="Too much.")]
    draft.get_by_role("button", name="Send back").click()
    expect(draft).to_have_count(0)
    assert [said for _, said in desk.calls] == [
        {"rev": 3, "seen": 1}, {"rev": 3, "seen": 1, "assign": True}, {"reason": "Too much."},
    ]  # fmt: skip


def test_a_draft_that_came_back_says_why_and_is_edited_where_it_was_written(made: MakeDesk) -> None:
    desk = made()
    shown = desk.has("c1", a("x", "post"))
    shown["history"] = [{"at": time_text(NOW), "code": "draft.returned", "sentence": "Sent back.", "by": "Omar Haddad"}]
    back = {"state": "returned", "reason": "Too much.", "ended_at": time_text(NOW), "ended_by": "Omar Haddad"}
    desk.drafts["c1"] = [waiting(DANA, **back)]
    page = desk.open("c1")
    draft = page.locator("[data-draft=returned]")
    expect(draft).to_contain_text("Omar Haddad Too much.")
    draft.get_by_role("button", name="Edit").click()
    expect(page.locator("#reply-box")).to_have_value("We give you 60 euros.")


# --- held, later, automatic ---------------------------------------------------------------------


def unsent(**other: Any) -> dict[str, Any]:
    return {
        "id": "r1", "text": TEXT, "state": "held", "at": time_text(NOW), "by": "Dana Ozola", "code": "",
        "sentence": "", "platform_id": "", "verb": "public_reply", "message": "71", **NEW_REPLY, **other,
    }  # fmt: skip


@pytest.mark.parametrize("way", ["key", "button"])
def test_a_held_reply_counts_down_and_comes_back_with_its_words(made: MakeDesk, way: str) -> None:
    desk = made(viewport={"width": 1440 if way == "key" else 360, "height": 800})
    shown = desk.has("c1", a("x", "post"))
    held = unsent(held_until=time_text(NOW + timedelta(seconds=10)))
    desk.answers[REPLIES] = [(202, held)]
    page = desk.open("c1")
    page.locator("#reply-box").fill(TEXT)
    shown["replies"] = [held]
    shown["case"]["reply_state"] = "held"
    page.locator("#reply-box").press("Control+Enter")
    line = page.locator("[data-reply=held] .held")
    expect(line).to_contain_text("Leaves in")
    desk.pass_time(page, timedelta(seconds=4))
    expect(line).to_contain_text("Leaves in 6 s")
    page.locator("#reply-box").fill("One more thing.")
    shown["replies"] = []
    shown["case"]["reply_state"] = ""
    desk.answers["DELETE conversations/c1/replies/r1"] = [(200, unsent(state="withdrawn"))]
    if way == "key":
        page.locator("#thread-title").focus()
        page.keyboard.press("z")
    else:
        line.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-reply]")).to_have_count(0)
    expect(page.locator("#reply-box")).to_have_value(f"{TEXT}\n\nOne more thing.")


def test_a_reply_that_has_left_cannot_be_taken_back_and_that_is_said(made: MakeDesk) -> None:
    desk = made()
    desk.has("c1", a("x", "post"), reply_state="held")["replies"] = [unsent(held_until=time_text(NOW))]
    desk.answers["DELETE conversations/c1/replies/r1"] = [refused(409, "left", "The reply has left.")]
    page = desk.open("c1")
    expect(page.locator(".held")).to_contain_text("Leaving…")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("The reply has left.")
    expect(page.locator("[data-reply=held]")).to_be_visible()


def test_a_scheduled_reply_says_when_it_leaves_and_can_be_taken_back(made: MakeDesk) -> None:
    desk = made()
    tomorrow = time_text(NOW + 24 * HOUR)
    desk.has("c1", a("x", "post"), reply_state="held")["replies"] = [unsent(send_at=tomorrow, held_until=tomorrow)]
    page = desk.open("c1")
    expect(page.locator(".held")).to_contain_text("Leaves Mon")
    expect(page.get_by_role("button", name="Take it back")).to_be_visible()


def test_what_the_desk_wrote_by_itself_bears_a_mark_and_no_undo(made: MakeDesk) -> None:
    desk = made()
    shown = desk.has("c1", a("x", "post"), reply_state="held")
    own = {**shown["messages"][0], "id": "72", "own": True, "acts": [], "text": "We are on it."}
    shown["messages"] += [{**own, "automatic": True}, {**own, "id": "73", "by": "Dana Ozola"}]
    shown["replies"] = [unsent(automatic=True, by="", held_until=time_text(NOW + HOUR))]
    page = desk.open("c1")
    for marked in ("[data-message='72']", "[data-reply]"):
        expect(page.locator(f"{marked} [data-mark=automatic]")).to_have_text("Automatic")
    expect(page.locator("[data-mark=automatic]")).to_have_count(2)
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


# --- why ----------------------------------------------------------------------------------------


def test_lane_and_recommended_place_stand_beside_their_reasons(made: MakeDesk) -> None:
    desk = made(viewport={"width": 1440, "height": 900})
    said = "There are personal data in it."
    why = [{"code": "triage.private", "sentence": said, "at": time_text(NOW)}]
    desk.has("c1", a("facebook", "comment"), lane="long", triage={"recommended": "private"}, reasons=why)
    page = desk.open("c1")
    reasons = page.locator(".about details").filter(has_text=said)
    expect(reasons).to_contain_text("Better answered in private")
    expect(reasons).to_contain_text("Has a history")
    expect(reasons).to_contain_text(said)

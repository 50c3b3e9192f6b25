"""What platforms tell of a message, what may be done to it, and what is wrong with our accounts, in a real browser."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hark.domain.time import text as time_text
from playwright.sync_api import expect

from tests.e2e.fixed_desk import HEALTH, HOUR, NEW_REPLY, NOW, MakeDesk, Shape, a


def ours(shown: Shape, message_id: str, **other: Any) -> Shape:
    """One more message, of our own."""
    said = {**shown["messages"][0], "id": message_id, "text": "Our answer", "own": True, "by": "Dana Ozola", "acts": []}
    shown["messages"].append({**said, "at": time_text(NOW - HOUR / 2), **other})
    return shown


def act(shown: Shape, verb: str, state: str, sentence: str = "") -> None:
    shown["replies"] = [{
        "id": "r1", "text": "", "state": state, "at": shown["now"], "by": "Dana Ozola", "code": "", "verb": verb,
        "sentence": sentence, "platform_id": "", "message": "71", **NEW_REPLY,
    }]  # fmt: skip


# --- what may be done ---------------------------------------------------------------------------


def test_the_menu_of_a_message_is_worked_by_keyboard_alone(made: MakeDesk) -> None:
    desk = made()
    desk.has("c1", a("facebook", "comment"))
    page = desk.open("c1")
    expect(page.locator(".acts-open")).to_be_visible()
    page.locator("#thread-title").focus()
    page.keyboard.press("m")
    like, hide = page.get_by_role("menuitem", name="Like"), page.get_by_role("menuitem", name="Hide")
    for key, focused in (("", like), ("ArrowDown", hide), ("ArrowDown", like), ("End", hide), ("Home", like)):
        if key:
            page.keyboard.press(key)
        expect(focused).to_be_focused()
    page.keyboard.press("Escape")
    expect(like).to_be_hidden()
    expect(page.locator(".acts-open")).to_be_focused()
    expect(page.get_by_role("log")).to_be_visible()  # Escape closed the menu, and not the conversation
    page.keyboard.press("Enter")
    expect(like).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".act")).to_have_text("Liking…")
    assert desk.posted == [{"case": "c1", "verb": "like", "message": "71"}]


def test_while_an_act_is_under_way_it_is_said_and_no_other_is_offered(made: MakeDesk) -> None:
    desk = made()
    act(desk.has("c1", a("facebook", "comment")), "hide", "pending")
    page = desk.open("c1")
    expect(page.locator(".act")).to_have_text("Hiding…")
    expect(page.locator(".bubble")).not_to_contain_text("Hidden from others")
    expect(page.locator(".acts-open")).to_have_count(0)
    expect(page.get_by_role("textbox")).to_be_editable()


def test_an_act_that_failed_says_why_and_may_be_tried_again(made: MakeDesk) -> None:
    desk = made()
    act(desk.has("c1", a("facebook", "comment")), "hide", "failed", "Facebook does not allow this.")
    page = desk.open("c1")
    expect(page.locator(".act")).to_have_text("Hide: not done. Facebook does not allow this.")
    expect(page.locator("[data-veiled]")).to_have_count(0)
    page.locator(".acts-open").click()
    page.get_by_role("menuitem", name="Hide").click()
    expect(page.locator(".act")).to_have_text("Hiding…")


def test_an_act_nobody_knows_the_fate_of_is_decided_by_a_person(made: MakeDesk) -> None:
    desk = made()
    act(desk.has("c1", a("facebook", "comment")), "like", "human")
    page = desk.open("c1")
    group = page.get_by_role("group", name="Has Facebook done this?")
    expect(group.get_by_role("button", name="It is done")).to_be_visible()
    expect(group.get_by_role("button", name="Do it again")).to_be_visible()


def test_what_an_act_costs_stands_beside_it(made: MakeDesk) -> None:
    desk = made()
    desk.has("c1", a("x", "post"))
    page = desk.open("c1")
    page.locator(".acts-open").click()
    expect(page.get_by_role("menuitem", name="Hide")).to_contain_text("$0.005")


def test_without_anything_to_do_the_key_says_so(made: MakeDesk) -> None:
    desk = made()
    desk.has("c1", a("viber", "direct"))
    page = desk.open("c1")
    expect(page.get_by_role("textbox")).to_be_visible()
    expect(page.locator(".acts-open")).to_have_count(0)
    page.keyboard.press("m")
    expect(page.get_by_text("Nothing can be done with these messages.")).to_be_visible()


def test_deleting_asks_first_and_the_safe_answer_has_the_keyboard(made: MakeDesk) -> None:
    desk = made()
    shown = ours(desk.has("c1", a("facebook", "comment")), "72", acts=[{"verb": "delete", "price_usd": 0.0}])
    page = desk.open("c1")
    assert shown["messages"][1]["text"] == "Our answer"
    page.locator("[data-message='72'] .acts-open").click()
    page.get_by_role("menuitem", name="Delete").click()
    dialog = page.get_by_role("dialog", name="Delete this on Facebook?")
    expect(dialog).to_contain_text("Our answer")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    assert desk.posted == []


# --- what platforms tell ------------------------------------------------------------------------


def test_reactions_are_counted_and_named(made: MakeDesk) -> None:
    desk = made()
    shown = desk.has("c1", a("facebook", "comment"))
    shown["messages"][0]["reactions"] = {"love": 3, "wow": 1, "dislike": 2, "sad": 0}
    page = desk.open("c1")
    told = page.get_by_role("list", name="Reactions").get_by_role("listitem")
    expect(told).to_have_count(3)
    assert [" ".join(text.split()) for text in told.all_text_contents()] == ["❤️Love 3", "😮Wow 1", "dislike 2"]


def test_receipts_stand_with_what_we_wrote_in_private_and_a_watermark_counts_for_all_before_it(made: MakeDesk) -> None:
    desk = made()
    shown = desk.has("c1", a("messenger", "direct"))
    ours(shown, "72", at=time_text(NOW - timedelta(minutes=30)))
    ours(shown, "73", at=time_text(NOW - timedelta(minutes=5)))
    ours(shown, "74", at=time_text(NOW - timedelta(minutes=4)), receipt="delivered")
    ours(shown, "75", at=time_text(NOW - timedelta(minutes=3)), receipt="rejected")
    shown["seen_at"] = time_text(NOW - timedelta(minutes=10))
    page = desk.open("c1")
    receipts = {"71": "", "72": "seen", "73": "", "74": "delivered", "75": "rejected"}
    for message_id, receipt in receipts.items():
        expect(page.locator(f"[data-message='{message_id}']")).to_be_visible()
        found = page.locator(f"[data-message='{message_id}'] .receipt")
        expect(found).to_have_count(1 if receipt else 0)
        if receipt:
            expect(found).to_have_attribute("data-receipt", receipt)


def test_what_only_the_platforms_app_can_read_is_a_line_with_the_way_to_it(made: MakeDesk) -> None:
    desk = made()
    shown = desk.has("c1", a("x", "encrypted"))
    shown["messages"][0] |= {"text": "", "notice": "x.encrypted"}
    page = desk.open("c1")
    bubble = page.locator(".bubble")
    expect(bubble).to_contain_text("Encrypted: it can only be read in X's app")
    expect(bubble.get_by_role("link", name="Read it on X")).to_have_attribute(
        "href", "https://x.com/messages/compose?recipient_id=7"
    )


def test_a_private_answer_in_a_public_thread_is_told_apart(made: MakeDesk) -> None:
    desk = made()
    shown = ours(desk.has("c1", a("instagram", "comment")), "72", public=False, surface="direct")
    ours(shown, "73")
    page = desk.open("c1")
    expect(page.locator("[data-message='72']")).to_have_attribute("data-apart", "private")
    expect(page.locator("[data-message='72'] .read-by")).to_have_text("Private: only the customer reads this one")
    expect(page.locator("[data-message='73'] .read-by")).to_have_text("Public")
    colour = "one => getComputedStyle(one.querySelector('.body')).backgroundColor"
    assert page.locator("[data-message='72']").evaluate(colour) != page.locator("[data-message='73']").evaluate(colour)


def test_the_end_of_the_thread_stays_in_sight_while_the_box_to_write_in_grows(made: MakeDesk) -> None:
    desk = made(viewport={"width": 360, "height": 740})
    shown = desk.has("c1", a("messenger", "direct"))
    for number in range(12):
        ours(shown, f"8{number}", text="A line. " * 12)
    page = desk.open("c1")
    foot = page.locator("[data-message='811'] .foot")
    expect(foot).to_be_in_viewport()
    page.get_by_role("textbox").fill("one\ntwo\nthree\nfour\nfive\nsix\nseven\neight")
    page.wait_for_timeout(200)
    below = "foot => foot.getBoundingClientRect().bottom - foot.closest('.thread').getBoundingClientRect().bottom"
    assert foot.evaluate(below) <= 0


# --- what is in the way -------------------------------------------------------------------------


def account(**other: Any) -> Shape:
    known: Shape = {
        "id": "1", "platform": "facebook", "platforms": ["facebook", "messenger"], "handle": "", "name": "Acme",
        "state": "ok", "reason": "", **HEALTH,
    }  # fmt: skip
    return {**known, **other}


ILL = [
    account(),
    account(id="2", platform="instagram", platforms=["instagram"], state="degraded",
            problems=["account.silent", "account.access_ends_soon", "meta.scope_missing.pages_messaging"],
            expires_at=time_text(NOW + timedelta(days=5)), last_event_at=time_text(NOW - timedelta(days=3)),
            missed=2, missed_at=time_text(NOW - HOUR), checked_at=time_text(NOW - HOUR / 6)),
    account(id="3", platform="viber", platforms=["viber"], state="paused", reason="token_refused"),
    account(id="4", platform="x", platforms=["x"], handle="acme", name="", state="degraded", problems=["x.new_code.7"]),
]  # fmt: skip


def test_the_health_of_every_account_is_told_in_words(made: MakeDesk) -> None:
    desk = made()
    desk.accounts = ILL
    desk.has("c1", a("viber", "direct"))
    page = desk.open("c1")
    expect(page.locator(".band")).to_have_count(3)
    expect(page.locator(".band[data-account='3']")).to_contain_text(
        "no longer accepts our access. What you write is kept"
    )
    expect(page.locator(".band[data-account='2']")).to_contain_text("Nothing has come in for longer than usual")
    expect(page.locator(".band[data-account='2']")).to_contain_text("And 2 more problems.")
    expect(page.locator(".band[data-account='4']")).to_contain_text("Something is wrong with it (x.new_code.7).")
    page.locator(".band[data-account='2']").get_by_role("button", name="Details").click()
    card = page.locator(".account-card[data-account='2']")
    for words in (
        "Instagram", "connected, with problems", "Our access ends soon", "A permission is missing: pages_messaging.",
        "3 days ago", "10 minutes ago", "ends in 5 days", "2 events; the poll found them", "1 hour ago",
    ):  # fmt: skip
        expect(card).to_contain_text(words)
    expect(page.locator(".account-card[data-account='1']")).to_contain_text("Facebook, Messenger · Acme")


def test_a_problem_that_stops_nothing_can_be_put_aside_and_one_that_stops_us_cannot(made: MakeDesk) -> None:
    desk = made()
    desk.accounts = ILL
    desk.has("c1", a("viber", "direct"))
    page = desk.open("c1")
    page.locator(".band[data-account='2']").get_by_role("button", name="Dismiss").click()
    expect(page.locator(".band[data-account='2']")).to_have_count(0)
    expect(page.locator(".band[data-account='3']").get_by_role("button", name="Dismiss")).to_have_count(0)
    desk.accounts = [{**one, "problems": ["account.webhook_missed"]} if one["id"] == "2" else one for one in ILL]
    desk.pass_time(page, timedelta(minutes=3))
    page.evaluate("dispatchEvent(new Event('focus'))")  # the agent comes back to the tab
    expect(page.locator(".band[data-account='2']")).to_contain_text("found later by asking")


@pytest.mark.parametrize(("field", "value", "words"), [
    ("elsewhere", True, "Another program holds this conversation on Messenger."),
    ("reachable", False, "This person cannot be written to in private on Messenger"),
])  # fmt: skip
def test_who_cannot_be_written_to_is_told_before_anything_is_written(
    made: MakeDesk, field: str, value: bool, words: str
) -> None:
    desk = made()
    shown = desk.has("c1", a("messenger", "direct", **{field: value}))
    shown[field] = value
    page = desk.open("c1")
    expect(page.locator(".banners .notice")).to_have_count(1)
    expect(page.locator(".banners")).to_contain_text(words)
    expect(page.get_by_role("textbox")).to_have_count(0)


def test_the_menu_of_a_message_lies_inside_the_narrowest_window(made: MakeDesk) -> None:
    desk = made(viewport={"width": 320, "height": 900})
    ours(desk.has("c1", a("facebook", "comment")), "72", acts=[{"verb": "delete", "price_usd": 0.01}])
    page = desk.open("c1")
    page.locator("[data-message='72'] .acts-open").click()
    expect(page.get_by_role("menuitem", name="Delete")).to_be_visible()
    box = page.get_by_role("menu").locator("visible=true").bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 320

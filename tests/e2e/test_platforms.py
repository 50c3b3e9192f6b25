"""Every platform from a person's words to our answer, through a real browser, seen from the platform's side."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from hark.domain.time import text as time_text
from hark.store.accounts import Accounts
from hark.store.table import Table
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.e2e.cloud import Desk, LocalCloud, until

PROVIDERS = {"x": "x", "facebook": "meta", "messenger": "meta", "instagram": "meta", "viber": "viber"}
NAMES = {"x": "X", "facebook": "Facebook", "messenger": "Messenger", "instagram": "Instagram", "viber": "Viber"}


@dataclass
class Town:
    """People on the fake platforms, the agent Dana at her desk, and every text she sent."""

    cloud: LocalCloud
    page: Page
    desk: Desk
    answers: list[tuple[str, str]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def fake(self, platform: str, method: str, path: str, body: Any = None) -> Any:
        url = f"{self.cloud.fakes[PROVIDERS[platform]]}/_fake/{path}"
        answer = requests.request(method, url, json=body, timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    def person(self, platform: str) -> str:
        username = f"p_{uuid.uuid4().hex[:8]}"
        self.fake(platform, "POST", "users", {"username": username, "name": f"Person {username}"})
        return username

    def say(self, platform: str, by: str, text: str, surface: str = "post", **more: Any) -> str:
        said = {"platform": platform, "surface": surface, "by": by, "text": text, **more}
        made: str = self.fake(platform, "POST", "say", said)["id"]
        return made

    def writes(self, platform: str, surface: str, text: str, **more: Any) -> tuple[str, str]:
        """Somebody new says it, under a post of ours if it is a comment: the person and the id of what was said."""
        by = self.person(platform)
        if surface == "comment":
            more.setdefault("to", self.say(platform, "acme", f"News {uuid.uuid4().hex[:6]}"))
        if surface == "direct" and platform == "x":
            more["to"] = "acme"
        return by, self.say(platform, by, text, surface, **more)

    def row(self, text: str) -> dict[str, Any]:
        """The case in the queue that shows these words."""

        def found() -> dict[str, Any] | None:
            cursor: dict[str, str] = {}
            while True:
                got = self.desk.get("/api/v1/queue", view="open", limit="100", **cursor).json()
                hit: dict[str, Any] | None = next((row for row in got["items"] if text in row["snippet"]), None)
                if hit or not got["next"]:
                    return hit
                cursor = {"cursor": got["next"]}

        return until(found)

    def take(self, text: str) -> dict[str, Any]:
        """Opens the case that shows these words, as its owner."""
        row = self.row(text)
        self.page.goto(f"/#/open/{row['id']}")
        expect(self.page.get_by_role("log")).to_contain_text(text)
        if not row["owner"] or row["owner"]["name"] != "Dana Ozola":
            self.page.locator("#thread-title").focus()
            self.page.keyboard.press("i")
            expect(self.page.get_by_role("complementary", name="Customer and case")).to_contain_text("Dana Ozola")
        return row

    def answer(self, platform: str, text: str, mode: str = "") -> Locator:
        """Writes and sends, in a mode by its name or in the one that opened; the bubble once it is out."""
        if mode:
            self.page.get_by_role("button", name=mode).click()
        box = self.page.get_by_role("textbox")
        box.fill(text)
        box.press("Control+Enter")
        self.answers.append((platform, text))
        bubble = self.page.locator(".bubble:not([data-reply])").filter(has_text=text)
        expect(bubble).to_have_count(1)
        return bubble

    def sent(self, platform: str, **like: str) -> list[dict[str, Any]]:
        done = self.fake(platform, "GET", "sent")
        return [one for one in done if all(one[name] == value for name, value in like.items())]

    def bubble(self, text: str) -> Locator:
        return self.page.locator(".bubble").filter(has_text=text)

    def does(self, text: str, act: str) -> None:
        """An act from the menu of a message."""
        self.bubble(text).get_by_role("button", name="Do something with this message").click()
        self.page.get_by_role("menuitem", name=act).click()


@pytest.fixture(scope="module")
def town(cloud: LocalCloud, browser: Browser) -> Iterator[Town]:
    """One tab for all; at the end nothing was complained of and nothing went out twice."""
    context = browser.new_context(
        base_url=cloud.desk, viewport={"width": 1440, "height": 900}, locale="en-GB", timezone_id="Europe/Riga",
        reduced_motion="reduce",
    )  # fmt: skip
    context.set_default_timeout(15_000)
    expect.set_options(timeout=20_000)
    page = context.new_page()
    page.goto("/auth/login?to=/")
    page.get_by_role("button", name="Dana Ozola").click()
    page.wait_for_url(f"{cloud.desk}/**")
    made = Town(cloud, page, cloud.signed_in("dana"))

    def heard(message: ConsoleMessage) -> None:
        expected = "status of 409" in message.text  # a refusal the desk asks for and shows
        if message.type in ("error", "warning") and not expected:
            made.complaints.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: made.complaints.append(str(error)))
    yield made
    context.close()
    assert made.complaints == []
    for platform in NAMES:
        texts = Counter(one["text"] for one in made.fake(platform, "GET", "sent") if one["platform"] == platform)
        assert [texts[text] for where, text in made.answers if where == platform and texts[text] != 1] == [], platform


WHERE = [
    ("x", "post", "Public reply", "public_reply"),
    ("x", "direct", "Private message", "dm"),
    ("facebook", "comment", "Public reply", "public_reply"),
    ("facebook", "post", "Public reply", "public_reply"),
    ("messenger", "direct", "Private message", "dm"),
    ("instagram", "comment", "Public reply", "public_reply"),
    ("instagram", "direct", "Private message", "dm"),
    ("viber", "direct", "Private message", "dm"),
]


@pytest.mark.parametrize(("platform", "surface", "mode", "verb"), WHERE, ids=[f"{w[0]}-{w[1]}" for w in WHERE])
def test_a_person_writes_and_one_answer_comes_where_they_wrote(
    town: Town, platform: str, surface: str, mode: str, verb: str
) -> None:
    question = f"where is parcel {uuid.uuid4().hex[:8]}?"
    asked = f"@acme {question}" if (platform, surface) == ("x", "post") else question
    _, message = town.writes(platform, surface, asked)
    row = town.take(question)
    assert (row["platform"], row["surface"], row["public"]) == (platform, surface, surface != "direct")
    listed = town.page.locator(f"#row-{row['id']}")
    if listed.count():
        expect(listed.locator(".platform")).to_have_attribute("title", NAMES[platform])
    expect(town.page.locator(".thread-head .badge")).to_contain_text(NAMES[platform])
    expect(town.page.locator(".mode[aria-pressed=true]")).to_contain_text(mode)
    text = f"It comes tomorrow. {uuid.uuid4().hex[:8]}"
    bubble = town.answer(platform, text)
    expect(bubble.locator(".read-by")).to_have_text("Private" if verb == "dm" else "Public")
    (out,) = town.sent(platform, text=text)
    assert (out["platform"], out["verb"]) == (platform, verb)
    if verb == "public_reply":
        assert out["to"] == message
    else:
        assert out["person"]


def test_the_queue_shows_the_badge_the_place_and_who_reads_it(town: Town) -> None:
    texts = {}
    for platform, surface in (("instagram", "comment"), ("viber", "direct"), ("facebook", "review")):
        texts[platform] = f"hello {uuid.uuid4().hex[:8]}"
        if surface == "review":
            town.say(platform, town.person(platform), texts[platform], surface, recommends=True)
        else:
            town.writes(platform, surface, texts[platform])
    rows = {platform: town.row(text) for platform, text in texts.items()}
    town.page.goto("/#/open")
    town.page.reload()
    places = {"instagram": ("Comment", "public"), "viber": ("Message", "private"), "facebook": ("Review", "public")}
    for platform, (place, audience) in places.items():
        row = town.page.locator(f"#row-{rows[platform]['id']}")
        for _ in range(8):
            more = town.page.get_by_role("button", name="Load more")
            if row.count() or not more.count():
                break
            more.click()
            town.page.wait_for_timeout(400)
        expect(row.locator(".platform")).to_have_attribute("title", NAMES[platform])
        expect(row.locator(".surface")).to_have_text(place)
        expect(row.locator("[data-audience]")).to_have_attribute("data-audience", audience)


def test_a_private_reply_to_a_comment_goes_to_the_person_and_is_told_apart_in_the_public_thread(town: Town) -> None:
    question = f"my number is in the order {uuid.uuid4().hex[:8]}"
    _, comment = town.writes("facebook", "comment", question)
    town.take(question)
    text = f"only for you {uuid.uuid4().hex[:8]}"
    bubble = town.answer("facebook", text, "Private reply")
    expect(bubble).to_have_attribute("data-apart", "private")
    expect(bubble.locator(".read-by")).to_contain_text("only the customer reads")
    (out,) = town.sent("facebook", text=text)
    assert (out["verb"], out["to"]) == ("private_reply", comment)
    expect(town.page.locator(".mode", has_text="Private reply")).to_have_attribute(
        "title", re.compile("one private reply to a comment")
    )


def test_a_comment_is_hidden_by_keyboard_and_shown_again_by_undo(town: Town) -> None:
    text = f"BUY FOLLOWERS {uuid.uuid4().hex[:8]}"
    _, comment = town.writes("facebook", "comment", text)
    town.take(text)
    town.page.locator("#thread-title").focus()
    town.page.keyboard.press("m")
    expect(town.page.get_by_role("menuitem", name="Like")).to_be_focused()
    town.page.keyboard.press("ArrowDown")
    town.page.keyboard.press("Enter")
    expect(town.bubble(text)).to_contain_text("Hidden from others")
    assert [one["verb"] for one in town.sent("facebook", to=comment)] == ["hide"]
    town.page.locator("#thread-title").focus()
    town.page.keyboard.press("z")
    expect(town.bubble(text)).not_to_contain_text("Hidden from others")
    assert [one["verb"] for one in town.sent("facebook", to=comment)] == ["hide", "unhide"]


def test_undo_before_the_platform_has_done_it_waits_for_that(town: Town) -> None:
    text = f"too quick {uuid.uuid4().hex[:8]}"
    _, comment = town.writes("instagram", "comment", text)
    town.take(text)
    town.does(text, "Hide")
    town.page.locator(".toast", has_text="Hiding").get_by_role("button", name="Undo").click()
    until(lambda: [one["verb"] for one in town.sent("instagram", to=comment)] == ["hide", "unhide"])
    expect(town.bubble(text).locator("[data-mark=hidden]")).to_have_count(0)


def test_a_comment_is_liked_and_our_own_answer_deleted_only_after_asking(town: Town) -> None:
    text = f"thank you {uuid.uuid4().hex[:8]}"
    _, comment = town.writes("facebook", "comment", text)
    town.take(text)
    town.does(text, "Like")
    expect(town.bubble(text).locator("[data-mark=liked]")).to_be_visible()
    assert [one["verb"] for one in town.sent("facebook", to=comment)] == ["like"]
    ours = f"you are welcome {uuid.uuid4().hex[:8]}"
    town.answer("facebook", ours)
    answer = town.sent("facebook", text=ours)[0]["id"]
    town.does(ours, "Delete")
    town.page.get_by_role("button", name="Keep it").click()
    expect(town.page.get_by_role("dialog")).to_have_count(0)
    assert town.sent("facebook", verb="delete", to=answer) == []
    town.does(ours, "Delete")
    town.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(town.page.locator(".bubble", has_text="Deleted on Facebook")).to_be_visible()
    assert len(town.sent("facebook", verb="delete", to=answer)) == 1


def test_a_window_about_to_close_is_shown_with_the_minutes_left(town: Town) -> None:
    text = f"anybody there? {uuid.uuid4().hex[:8]}"
    at = (datetime.now(UTC) - timedelta(hours=23, minutes=40)).isoformat()
    town.writes("messenger", "direct", text, at=at)
    town.take(text)
    window = town.page.locator(".limits [data-due]")
    expect(window).to_have_attribute("data-due", "soon")
    expect(window).to_contain_text(re.compile(r"Window closes in (19|20)m"))


def test_another_program_holds_the_thread_and_the_desk_says_so_until_it_is_given_back(town: Town) -> None:
    text = f"talk to the bot {uuid.uuid4().hex[:8]}"
    by, _ = town.writes("messenger", "direct", text)
    town.take(text)
    town.fake("messenger", "POST", "take_thread", {"by": by, "platform": "messenger"})
    expect(town.page.locator("[data-banner=elsewhere]")).to_contain_text("Messenger")
    expect(town.page.get_by_role("textbox")).to_have_count(0)
    town.fake("messenger", "POST", "take_thread", {"by": by, "platform": "messenger", "ours": True})
    expect(town.page.locator("[data-banner=elsewhere]")).to_have_count(0)
    expect(town.page.get_by_role("textbox")).to_be_editable()


def test_somebody_who_has_left_viber_cannot_be_written_to_and_the_desk_says_so(town: Town) -> None:
    text = f"goodbye {uuid.uuid4().hex[:8]}"
    by, _ = town.writes("viber", "direct", text)
    town.take(text)
    town.fake("viber", "POST", "unsubscribe", {"by": by})
    expect(town.page.locator("[data-banner=unreachable]")).to_be_visible()
    expect(town.page.get_by_role("textbox")).to_have_count(0)


def test_what_we_wrote_on_viber_shows_that_it_was_seen(town: Town) -> None:
    text = f"a question {uuid.uuid4().hex[:8]}"
    town.writes("viber", "direct", text)
    town.take(text)
    bubble = town.answer("viber", f"an answer {uuid.uuid4().hex[:8]}")
    expect(bubble.locator("[data-receipt=seen]")).to_be_visible()


def test_an_account_whose_access_is_refused_is_told_of_in_words_and_what_was_written_waits(town: Town) -> None:
    """I23."""
    text = f"before the trouble {uuid.uuid4().hex[:8]}"
    town.writes("viber", "direct", text)
    town.take(text)
    town.fake("viber", "POST", "token", {"valid": False})
    try:
        waiting = f"written meanwhile {uuid.uuid4().hex[:8]}"
        box = town.page.get_by_role("textbox")
        box.fill(waiting)
        box.press("Control+Enter")
        held = town.page.locator("[data-reply]").filter(has_text=waiting)
        expect(held).to_contain_text("no longer accepts our access")
        assert town.sent("viber", text=waiting) == []
        town.page.reload()
        band = town.page.locator(".band[data-account=b1]")
        expect(band).to_contain_text("The platform no longer accepts our access.")
        band.get_by_role("button", name="Details").click()
        card = town.page.locator(".account-card[data-account=b1]")
        expect(card).to_have_attribute("data-state", "paused")
        expect(card).to_contain_text("waits until an operator has mended it")
        town.page.keyboard.press("Escape")
        expect(held).to_be_visible()
    finally:
        town.fake("viber", "POST", "token", {"valid": True})
        accounts = Accounts(Table(town.cloud.client("dynamodb"), town.cloud.outputs["TableName"]))
        accounts.set_state("viber", "b1", "ok", "", time_text(datetime.now(UTC)))

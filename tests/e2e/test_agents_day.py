# ruff: noqa: F811 (fixtures of the integration tests, which pytest finds by their names)
"""The whole day of an agent, by keyboard alone: on a wide screen and on a phone, in English and in Hebrew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hark.domain.case import Case
from playwright.sync_api import Browser, expect

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

TEXTS = {
    "en": {"answer": "It is on its way, Maya.", "more": " You get it today.", "private": "Send me your number, please.",
           "note": "Asked the warehouse.", "tag": "late parcel"},
    "he": {"answer": "זה בדרך אליך.", "more": " היום.", "private": "שלח לי את המספר שלך.",
           "note": "שאלתי את המחסן.", "tag": "חבילה"},
}  # fmt: skip
READY = (
    ("en", "Hello", "Hello {name}, how can we help?"), ("he", "שלום", "שלום {name}, איך אפשר לעזור?"),
    ("lv", "Sveiki", "Sveiki, {name}! Kā varam palīdzēt?"),
)  # fmt: skip
SIXTY_EUROS = {"en": "We give you 60 euros back.", "he": "נחזיר לך 60 euros."}


class Dana(AtTheDesk):
    """An agent, and whom she finds in the morning."""

    def __init__(self, seat: Seat, outside: Outside, language: str, width: int) -> None:
        self.texts = TEXTS[language]
        self.cases = morning(outside)
        super().__init__(seat, "#/open", language, width)


@pytest.fixture
def dana(request: pytest.FixtureRequest, browser: Browser, outside: Outside, mouse_taken_away: None) -> Iterator[Dana]:
    """She sits down in the morning; six people have written over night."""
    language, width = request.param
    lead = outside.colleague("noa", "Noa Levi", "lead")
    outside.colleague("omar", "Omar Haddad")
    for tag, title, text in READY:
        assert lead.send("POST", "canned", {"language": tag, "title": title, "text": text}).status == 201
    outside.policy(
        name="Acme", undo_seconds=10,
        approvals={"when": [{"name": "money", "condition": "amount >= 50"}]},
    )  # fmt: skip
    seat = take_a_seat(browser, outside, "dana", language, width)
    yield Dana(seat, outside, language, width)
    seat.close()


def morning(outside: Outside) -> dict[str, Case]:
    post = outside.town.say("meta", "acme", "New hours", platform="facebook", surface="post")
    return {
        "maya": outside.writes("x", "maya", "Maya Cohen", "@acme where is my parcel?", surface="post"),
        "ruth": outside.writes("meta", "ruth", "רות לוי", "איפה החבילה שלי?"),
        "kim": outside.writes("meta", "kim", "Kim Lim", "When are you open?", platform="facebook", surface="comment",
                              to=post),
        "ivan": outside.writes("viber", "ivan", "Иван Петров", "Где моя посылка?"),
        "lina": outside.writes("viber", "lina", "Līna Kalniņa", "Kur ir mana paka?"),
    }  # fmt: skip


@pytest.mark.parametrize("dana", SCREENS, indirect=True)
def test_the_whole_day_of_an_agent(dana: Dana, outside: Outside) -> None:
    she_comes_in(dana)
    she_answers_takes_it_back_and_answers_better(dana, outside)
    she_writes_in_private_and_for_the_team(dana, outside)
    she_takes_a_text_that_is_ready(dana, outside)
    she_writes_too_much(dana)
    she_takes_a_case_and_gives_it_to_omar(dana, outside)
    she_puts_a_case_off_and_it_comes_back(dana, outside)
    she_calls_a_case_by_a_tag(dana, outside)
    she_is_done_with_one_and_then_is_not(dana)
    she_finds_her_way(dana)
    noa_is_faster(dana, outside)
    the_train_goes_through_a_tunnel(dana)
    her_session_ends(dana)
    money_needs_a_second_pair_of_eyes(dana, outside)
    she_promises_and_writes_for_later(dana, outside)
    she_makes_the_desk_her_own(dana, outside)
    she_goes_home(dana)


def she_comes_in(dana: Dana) -> None:
    maya, ruth = dana.cases["maya"], dana.cases["ruth"]
    with dana.before_the_first_key():
        dana.sees(dana.row(maya))
        expect(dana.page.locator(".row")).to_have_count(5)
    dana.page.wait_for_load_state("networkidle")
    dana.press("j")
    dana.on(dana.page.locator(".row").first)
    dana.stands_on(maya)
    dana.stands_on(ruth)
    assert dana.direction(dana.row(ruth).locator(".snippet [dir]")) == "rtl"
    assert dana.direction(dana.row(maya).locator(".snippet [dir]")) == "ltr"


def she_answers_takes_it_back_and_answers_better(dana: Dana, outside: Outside) -> None:
    maya = dana.cases["maya"]
    dana.opens(maya)
    assert dana.side(dana.bubble("where is my parcel")) == "start"
    dana.sends(dana.texts["answer"])
    dana.sees("[data-reply=held]")
    dana.leaves_the_box()
    dana.press("z")
    dana.told("toast.takenBack")
    dana.on(dana.box)
    expect(dana.box).to_have_value(dana.texts["answer"])
    dana.press("Control+End")
    dana.sends(dana.texts["more"])
    dana.sees("[data-reply=held]")
    assert outside.town.sent("x") == []
    outside.time_passes(dana, seconds=11)
    (sent,) = outside.town.sent("x")
    assert sent["text"] == dana.texts["answer"] + dana.texts["more"]
    dana.sees("[data-reply=held]", gone=True)
    assert dana.side(dana.sees(dana.bubble(dana.texts["more"]))) == "end"
    dana.back_to_the_list(maya)


def she_writes_in_private_and_for_the_team(dana: Dana, outside: Outside) -> None:
    kim = dana.cases["kim"]
    dana.opens(kim)
    expect(dana.sees(".composer")).to_have_attribute("data-audience", "public")
    dana.leaves_the_box()
    dana.press("p")
    dana.on(dana.box)
    expect(dana.page.locator(".composer")).to_have_attribute("data-audience", "private")
    dana.sends(dana.texts["private"])
    dana.sees("[data-reply=held]")
    dana.leaves_the_box()
    dana.press("n")
    dana.on(dana.box)
    dana.sends(dana.texts["note"])
    dana.sees(dana.page.locator(".bubble.note").filter(has_text=dana.texts["note"]))
    expect(dana.box).to_have_value("")
    outside.time_passes(dana, seconds=11)
    assert [one["text"] for one in outside.town.sent("meta")] == [dana.texts["private"]]
    dana.back_to_the_list(kim)


def she_takes_a_text_that_is_ready(dana: Dana, outside: Outside) -> None:
    lina = dana.cases["lina"]
    dana.opens(lina)
    dana.press("/")
    dana.on("dialog [role=combobox]")
    expect(dana.page.get_by_role("option").first).to_contain_text("Sveiki")
    dana.write("Hel")
    expect(dana.page.get_by_role("option")).to_have_count(1)
    dana.press("Enter")
    dana.sees("dialog", gone=True)
    dana.on(dana.box)
    expect(dana.box).to_have_value("Hello Līna Kalniņa, how can we help?")
    dana.press("Control+Enter")
    dana.sees("[data-reply=held]")
    outside.time_passes(dana, seconds=11)
    assert [one["text"] for one in outside.town.sent("viber")] == ["Hello Līna Kalniņa, how can we help?"]
    dana.back_to_the_list(lina)


def she_writes_too_much(dana: Dana) -> None:
    maya = dana.cases["maya"]
    dana.opens(maya)
    dana.paste("so " * 100)
    expect(dana.box).to_have_attribute("aria-invalid", "true")
    before = len(dana.seat.asked)
    dana.press("Control+Enter")
    assert [call for call, _ in dana.seat.asked[before:] if call.endswith("/replies")] == []
    dana.empty()
    expect(dana.box).not_to_have_attribute("aria-invalid", "true")
    dana.back_to_the_list(maya)


def she_takes_a_case_and_gives_it_to_omar(dana: Dana, outside: Outside) -> None:
    ruth = dana.cases["ruth"]
    dana.stands_on(ruth)
    dana.press("i")
    dana.told("toast.assigned")
    assert outside.of(ruth).owner == "dana"
    dana.opens(ruth)
    dana.sends("מיד.")
    outside.time_passes(dana, seconds=11)
    dana.sees("[data-reply=held]", gone=True)
    assert dana.direction(dana.bubble("מיד").locator(".text")) == "rtl"
    dana.leaves_the_box()
    dana.press("a")
    dana.on("dialog [role=combobox]")
    dana.write("Omar")
    dana.press("Enter")
    dana.sees(dana.page.get_by_role("dialog").get_by_role("alert"))
    dana.on(dana.page.get_by_role("dialog").locator("textarea"))
    dana.sends("Ruth waits for her parcel.")
    dana.sees("dialog", gone=True)
    dana.told("toast.assigned")
    assert outside.of(ruth).owner == "omar"
    dana.press("z")
    dana.told("toast.undone")
    assert outside.of(ruth).owner == "dana"
    dana.press("u")
    dana.on(dana.row(ruth))


def she_calls_a_case_by_a_tag(dana: Dana, outside: Outside) -> None:
    ruth, tag = dana.cases["ruth"], dana.texts["tag"]
    dana.stands_on(ruth)
    for word in (tag, "Vip"):
        dana.press("l")
        dana.on("dialog [role=combobox]")
        dana.write(word)
        dana.press("Enter", "Enter")
        dana.sees("dialog", gone=True)
        dana.told("tags.done.added")
    dana.sees(dana.row(ruth).locator(".tag").filter(has_text=tag))
    assert outside.of(ruth).tags == (tag, "vip")
    dana.press("z")
    dana.told("toast.undone")
    assert outside.of(ruth).tags == (tag,)


def she_puts_a_case_off_and_it_comes_back(dana: Dana, outside: Outside) -> None:
    ivan = dana.cases["ivan"]
    dana.stands_on(ivan)
    dana.press("h")
    dana.on("dialog [role=combobox]")
    dana.press("Enter")
    dana.sees("dialog", gone=True)
    dana.sees(dana.row(ivan), gone=True)
    dana.told("toast.snoozed")
    dana.press("g", "s")
    dana.sees(dana.row(ivan))
    dana.press("g", "o")
    dana.sees(dana.row(dana.cases["maya"]))
    dana.sees(dana.row(ivan), gone=True)
    dana.press("j")
    outside.time_passes(dana, minutes=61)
    assert outside.of(ivan).status == "open"
    dana.push(dana.page.locator(".stale"), backwards=True)
    dana.sees(dana.row(ivan))
    dana.sees(".stale", gone=True)


def she_is_done_with_one_and_then_is_not(dana: Dana) -> None:
    lina = dana.cases["lina"]
    dana.stands_on(lina)
    dana.press("e")
    dana.sees(dana.row(lina), gone=True)
    dana.told("toast.done")
    expect(dana.page.locator(".row:focus")).to_have_count(1)
    dana.press("z")
    dana.told("toast.undone")
    dana.sees(dana.row(lina) if not dana.narrow else dana.page.locator(".conversation"))
    dana.press("g", "m", "g", "o")
    dana.opens(lina)
    dana.leaves_the_box()
    dana.press("e")
    dana.told("toast.done")
    dana.sees(dana.row(lina), gone=True)


def she_finds_her_way(dana: Dana) -> None:
    for letter, view in (("m", "mine"), ("u", "unassigned"), ("s", "snoozed"), ("d", "done"), ("o", "open")):
        dana.press("g", letter)
        expect(dana.page.locator("#queue-title")).to_have_text(dana.say(f"view.{view}"))
    dana.press("g", "p")
    dana.sees(dana.page.get_by_text(dana.say("approvals.empty")))
    dana.press("u")
    expect(dana.page.locator("#queue-title")).to_be_visible()
    maya = dana.cases["maya"]
    dana.opens(maya)
    dana.leaves_the_box()
    dana.press("c")
    dana.sees("dialog[open]")
    dana.press("Escape")
    dana.sees("dialog", gone=True)
    dana.press("?")
    dana.sees(dana.page.get_by_role("dialog").get_by_text(dana.say("key.title")))
    dana.press("Escape")
    dana.sees("dialog", gone=True)
    dana.by_name("key.back")
    dana.on(dana.row(maya))


def noa_is_faster(dana: Dana, outside: Outside) -> None:
    maya, noa = dana.cases["maya"], outside.colleague("noa", "Noa Levi", "lead")
    dana.opens(maya)
    dana.write("Mine. ")
    dana.seat.before_reply = lambda: outside.answers(noa, maya, "From Noa.")
    dana.sends("Really.")
    panel = dana.sees(".refusal[data-kind=talked]")
    expect(panel).to_contain_text("From Noa.")
    expect(dana.box).to_have_value("Mine. Really.")
    dana.push(dana.button("refusal.edit", panel), backwards=True)
    dana.on(dana.box)
    dana.press("Control+End")
    dana.sends(" Too.")
    dana.sees("[data-reply=held]")
    outside.time_passes(dana, seconds=11)
    assert [one["text"] for one in outside.town.sent("x")][-2:] == ["From Noa.", "Mine. Really. Too."]
    dana.back_to_the_list(maya)


def the_train_goes_through_a_tunnel(dana: Dana) -> None:
    maya = dana.cases["maya"]
    dana.opens(maya)
    dana.seat.offline = True
    dana.write("Still")
    dana.page.clock.run_for(6_000)
    dana.sees(dana.page.get_by_text(dana.say("band.offline")))
    dana.sends(" here.")
    dana.sees("[data-reply=held]", gone=True)
    dana.seat.offline = False
    dana.page.clock.run_for(61_000)
    dana.sees(dana.page.get_by_text(dana.say("band.offline")), gone=True)
    expect(dana.box).to_have_value("Still here.")


def her_session_ends(dana: Dana) -> None:
    dana.seat.sign_out_behind_their_back()
    with dana.before_the_first_key():
        dana.page.clock.run_for(11_000)
        dana.sees(dana.page.get_by_role("link", name="Sign in"))
        dana.press("Tab")
        dana.press("Enter")
        dana.sees(dana.box)
        dana.page.wait_for_load_state("networkidle")
    expect(dana.box).to_have_value("Still here.")
    with dana.before_the_first_key():
        dana.tab_to(dana.box)
    dana.back_to_the_list(dana.cases["maya"])


def money_needs_a_second_pair_of_eyes(dana: Dana, outside: Outside) -> None:
    ruth = dana.cases["ruth"]
    dana.opens(ruth)
    dana.sends(SIXTY_EUROS[dana.say.language])
    panel = dana.sees(".refusal[data-kind=approval]")
    dana.push(dana.button("refusal.again.approval", panel), backwards=True)
    dana.told("toast.submitted")
    dana.sees("[data-draft=waiting]")
    assert outside.of(ruth).approval
    dana.on(dana.box)
    dana.push(dana.button("approval.withdraw"), backwards=True)
    dana.sees("[data-draft=waiting]", gone=True)
    dana.press("u")
    dana.on(dana.row(ruth))


def she_promises_and_writes_for_later(dana: Dana, outside: Outside) -> None:
    ivan = dana.cases["ivan"]
    dana.opens(ivan)
    dana.by_name("key.promise")
    dana.on("dialog [role=combobox]")
    dana.press("Enter")
    dana.told("promise.toast")
    dana.on(dana.box)
    dana.write("Later.")
    expect(dana.box).to_have_value("Later.")
    dana.by_name("key.later")
    dana.on("dialog [role=combobox]")
    dana.press("Enter")
    dana.told("sendLater.toast")
    dana.sees(".held")
    dana.on(dana.box)
    outside.time_passes(dana, minutes=61)
    assert outside.town.sent("viber")[-1]["text"].startswith("Later.")
    dana.back_to_the_list(ivan)


def she_makes_the_desk_her_own(dana: Dana, outside: Outside) -> None:
    dana.press("g", "t")
    if dana.narrow:
        dana.push(dana.link("settings.part.me"))
    dana.on("#set-title")
    dana.tick(dana.field("key.letters"))
    dana.tick(dana.field("settings.me.mail"))
    dana.told("settings.saved")
    dana.press("g", "o")
    dana.on(dana.field("settings.me.mail"))
    dana.by_name("view.open")
    dana.sees(dana.row(dana.cases["maya"]))
    dana.push(dana.page.locator(".views a[href='#/open']"), backwards=True)
    here = dana.page.locator("a[href='#/open']")
    dana.press("k", "j", "e", "g", "d")
    dana.on(here)


def she_goes_home(dana: Dana) -> None:
    account = dana.page.locator("button.account:visible")
    dana.push(account)
    dialog = dana.sees("dialog[open]")
    dana.tick(dana.field("account.notify", dialog))
    expect(dana.field("account.notify", dialog)).to_be_checked()
    dana.push(dana.button("account.signOut", dialog))
    dana.sees(dana.page.get_by_role("heading", name=dana.say("signedOut.title")))
    assert dana.page.evaluate("Object.keys(localStorage).filter((key) => key.includes('draft'))") == []

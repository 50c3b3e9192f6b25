"""What keeps an open desk up to date: one small question every few seconds, asked by one tab, and who else is here."""

from __future__ import annotations

import re
import statistics
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, Request, expect

from tests.e2e.fixed_desk import HOUR, NOW, ORIGIN, FixedDesk, MakeDesk, Shape, a

SECOND = timedelta(seconds=1)
OLEG = {"id": "a2", "name": "Oleg Petrov", "initials": "OP", "on_shift": True}
RUTA = {"id": "a3", "name": "Rūta Liepa", "initials": "RL", "on_shift": True}
OUT_OF_SIGHT = """
Object.defineProperty(document, "hidden", { configurable: true, get: () => globalThis.unseen === true });
Object.defineProperty(document, "hasFocus", { configurable: true, value: () => globalThis.unseen !== true });
const ask = globalThis.fetch;
let fetching = 0;
globalThis.fetch = async (...request) => {
  fetching += 1;
  try { return await ask(...request); } finally { fetching -= 1; }
};
globalThis.atRest = async () => {
  for (let quiet = 0; quiet < 20; quiet += 1) {
    await new Promise((done) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = done;
      channel.port2.postMessage(0);
    });
    if (fetching) quiet = 0;
  }
};
globalThis.seen = (now) => { globalThis.unseen = !now; document.dispatchEvent(new Event("visibilitychange")); };
"""
"""A browser without windows shows every tab at once; this one can be told otherwise. And it says whether it waits."""


@pytest.fixture
def desk(made: MakeDesk) -> FixedDesk:
    desk = made(viewport={"width": 1440, "height": 900})
    desk.context.add_init_script(OUT_OF_SIGHT)
    desk.members += [OLEG, RUTA]
    for n in range(1, 5):
        case(desk, n)
    return desk


def case(desk: FixedDesk, n: int, **row: Any) -> Shape:
    given = {"name": f"Customer {n}", "due_at": _text(desk, n), **row}
    return desk.has(f"c{n}", a("x", "post", message_id=f"7{n}"), **given)


def _text(desk: FixedDesk, n: int) -> str:
    return (NOW + n * HOUR).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def change(shown: Shape, **row: Any) -> None:
    shown["case"].update(row, version=shown["case"]["version"] + 1)


def opened(desk: FixedDesk, case_id: str = "") -> Page:
    """A tab whose clock stands still but for `settled`, after its first round."""
    page = desk.open(case_id)
    expect(page.locator(".row")).to_have_count(len(desk.conversations))
    stopped(desk, page)
    return page


def stopped(desk: FixedDesk, page: Page) -> None:
    page.wait_for_timeout(300)
    desk.now += 20 * SECOND
    page.clock.pause_at(desk.now)
    settled(desk, page, 6)
    desk.asked.clear()
    desk.looks.clear()


def settled(desk: FixedDesk, page: Page, seconds: int, step: int = 3) -> None:
    """The clocks go on step by step, and what was asked is answered and taken in between."""
    for _ in range(0, seconds, step):
        desk.pass_time(page, step * SECOND)
        page.evaluate("atRest()")


def until_asked(desk: FixedDesk, page: Page, before: int) -> None:
    """Another tab hears when it is its turn by ways of the browser's own, that keep no clock of ours."""
    for _ in range(40):
        if len(desk.looks) > before:
            return
        page.wait_for_timeout(100)
        settled(desk, page, 1, step=1)
    raise AssertionError("nobody asks")


def names(page: Page) -> list[str]:
    return page.locator(".row .name").all_inner_texts()


# --- what is asked ---


def test_a_desk_at_rest_asks_one_small_question_every_five_seconds_and_nothing_else(desk: FixedDesk) -> None:
    page = opened(desk)
    settled(desk, page, 30, step=1)
    assert set(desk.asked) == {"GET /api/v1/changes"}
    assert 5 <= len(desk.looks) <= 7
    assert not any(look["new"] for look in desk.looks)
    assert len({look["since"] for look in desk.looks}) == 1


def test_out_of_sight_it_asks_once_a_minute_and_at_once_when_it_is_looked_at_again(desk: FixedDesk) -> None:
    page = opened(desk)
    page.evaluate("seen(false)")
    settled(desk, page, 50, step=10)
    assert desk.looks == []
    settled(desk, page, 20, step=10)
    assert len(desk.looks) == 1
    page.evaluate("seen(true)")
    page.evaluate("atRest()")
    assert len(desk.looks) == 2
    page.evaluate("dispatchEvent(new Event('focus'))")
    page.evaluate("atRest()")
    assert len(desk.looks) == 3


def test_a_refused_or_lost_question_is_asked_less_and_less_often_and_the_desk_goes_on_after_it(
    desk: FixedDesk,
) -> None:
    page = opened(desk)
    down = {"code": "failed", "detail": "That did not work."}
    desk.answers["GET changes"] = [(503, dict(down)) for _ in range(4)]
    settled(desk, page, 60, step=2)
    assert 2 <= len(desk.calls) <= 3, "5, 10, 20, 40 seconds apart, and never more than 60"
    desk.answers.clear()
    change(desk.conversations["c1"], snippet="Here again")
    settled(desk, page, 60, step=10)
    expect(page.locator("#row-c1")).to_contain_text("Here again")


def test_a_place_that_the_server_does_not_know_any_more_is_begun_anew_and_nothing_is_missed(desk: FixedDesk) -> None:
    page = opened(desk)
    settled(desk, page, 10)
    case(desk, 9)
    desk.answers["GET changes"] = [(400, {"code": "bad_cursor", "detail": "Start at the top."})]
    settled(desk, page, 7)
    expect(page.get_by_text("1 new — show")).to_be_visible()
    assert any("since" not in look for look in desk.looks), "from the beginning"


# --- what is shown ---


def test_a_change_shows_in_its_row_without_the_queue_being_read_again(desk: FixedDesk) -> None:
    page = opened(desk)
    change(desk.conversations["c3"], snippet="And another thing", unread=2)
    settled(desk, page, 7)
    expect(page.locator("#row-c3")).to_contain_text("And another thing")
    assert "GET /api/v1/queue" not in desk.asked


def test_what_is_new_waits_behind_the_bar_and_nothing_moves_under_the_hand(desk: FixedDesk) -> None:
    page = opened(desk)
    before = names(page)
    box = page.locator("#row-c4").bounding_box()
    case(desk, 9, due_at=_text(desk, 0))
    change(desk.conversations["c1"], due_at=_text(desk, 8), snippet="Later is fine")
    settled(desk, page, 7)
    expect(page.get_by_text("1 new — show")).to_be_visible()
    expect(page.locator("#row-c1")).to_contain_text("Later is fine")
    assert (names(page), page.locator("#row-c4").bounding_box()) == (before, box)
    assert page.title().startswith("(5)")
    assert desk.asked.count("GET /api/v1/queue") == 1


def test_however_much_changes_the_queue_is_read_every_ten_seconds_at_most(desk: FixedDesk) -> None:
    page = opened(desk)
    for n in range(15):
        case(desk, 10 + n)
        settled(desk, page, 3)
    assert 3 <= desk.asked.count("GET /api/v1/queue") <= 5
    expect(page.get_by_text("new — show")).to_be_visible()


def test_the_open_conversation_is_read_when_it_has_changed_and_else_twice_a_minute(desk: FixedDesk) -> None:
    page = opened(desk, "c1")
    settled(desk, page, 60, step=5)
    assert 1 <= desk.asked.count("GET /api/v1/conversations/c1") <= 2
    desk.asked.clear()
    shown = desk.conversations["c1"]
    shown["messages"].append({**shown["messages"][0], "id": "72", "text": "Are you there?"})
    change(shown, talk=2)
    settled(desk, page, 7)
    expect(page.get_by_role("log")).to_contain_text("Are you there?")
    assert desk.asked.count("GET /api/v1/conversations/c1") == 1


def test_after_sending_the_desk_looks_every_two_seconds_for_a_minute(desk: FixedDesk) -> None:
    page = opened(desk, "c1")
    page.locator("#reply-box").fill("On its way!")
    page.get_by_role("button", name="Reply publicly").click()
    settled(desk, page, 2)
    desk.looks.clear()
    settled(desk, page, 12, step=1)
    assert 4 <= len(desk.looks) <= 6
    settled(desk, page, 50, step=5)
    desk.looks.clear()
    settled(desk, page, 12, step=1)
    assert 2 <= len(desk.looks) <= 3


# --- several tabs ---


def askers(desk: FixedDesk) -> list[Page]:
    """The tabs that ask what has changed, from now on: the clock is one for all of them, so that all go on together."""
    found: list[Page] = []

    def asked(request: Request) -> None:
        if "/api/v1/changes" in request.url:
            found.append(request.frame.page)

    desk.context.on("request", asked)
    return found


def test_of_two_tabs_one_asks_and_both_show_it(desk: FixedDesk) -> None:
    first = opened(desk)
    second = opened(desk)  # the one that is looked at
    by = askers(desk)
    settled(desk, first, 20)
    assert len(by) >= 3
    assert all(tab == second for tab in by), "the first only listens"
    change(desk.conversations["c2"], snippet="For both")
    settled(desk, second, 7)
    for page in (first, second):
        expect(page.locator("#row-c2")).to_contain_text("For both")
    assert desk.asked.count("GET /api/v1/queue") == 0


def test_when_the_tab_that_asks_is_closed_another_takes_over_where_it_was(desk: FixedDesk) -> None:
    first = opened(desk)
    second = opened(desk)
    settled(desk, second, 12)
    asked = len(desk.looks)
    second.close()
    until_asked(desk, first, asked)
    assert desk.looks[-1]["since"] == desk.looks[asked - 1]["since"]
    change(desk.conversations["c2"], snippet="Still there")
    settled(desk, first, 7)
    expect(first.locator("#row-c2")).to_contain_text("Still there")


def test_the_tab_that_is_looked_at_asks(desk: FixedDesk) -> None:
    first = opened(desk)
    second = opened(desk)
    first.evaluate("dispatchEvent(new Event('focus'))")
    settled(desk, first, 1)
    by = askers(desk)
    settled(desk, second, 20)
    assert len(by) >= 3
    assert all(tab == first for tab in by), "the second only listens"
    first.evaluate("seen(false)")  # a window is put away, the other one is still in sight
    until_asked(desk, second, len(desk.looks))
    assert by[-1] == second


def test_a_tab_that_listens_reads_what_it_shows_itself(desk: FixedDesk) -> None:
    first = desk.open()
    first.goto(f"{ORIGIN}/#/mine")
    expect(first.locator(".row")).to_have_count(4)
    stopped(desk, first)
    second = opened(desk)
    settled(desk, first, 11)
    desk.asked.clear()
    case(desk, 9)
    settled(desk, second, 7)
    for page in (first, second):
        expect(page.get_by_text("1 new — show")).to_be_visible()


# --- who else is here ---


def test_who_else_looks_at_a_conversation_shows_on_its_row_and_in_it_and_moves_nothing(desk: FixedDesk) -> None:
    page = opened(desk, "c1")
    places = [page.locator(at).bounding_box() for at in ("#row-c2", "#reply-box", "[data-message='71']")]
    desk.company = [
        {"case": "c1", "member": "a2", "writing": True},
        {"case": "c2", "member": "a2", "writing": False},
        {"case": "c2", "member": "a3", "writing": False},
    ]
    settled(desk, page, 6)
    expect(page.locator("#row-c1")).to_contain_text("\u2068Oleg\u2069 is writing")
    expect(page.locator("#row-c2 .company")).to_have_text("\u2068Oleg\u2069 +1")
    expect(page.locator("#row-c2 .company")).to_have_attribute(
        "title", "\u2068Oleg Petrov\u2069 is viewing, and 1 more"
    )
    expect(page.get_by_role("status").filter(has_text="Oleg Petrov")).to_contain_text("is writing")
    assert places == [page.locator(at).bounding_box() for at in ("#row-c2", "#reply-box", "[data-message='71']")]
    desk.company = []
    settled(desk, page, 6)
    expect(page.locator(".company")).to_have_count(0)


def test_the_desk_says_what_its_agent_looks_at_and_whether_they_write(desk: FixedDesk) -> None:
    page = opened(desk)
    settled(desk, page, 6)
    assert "open" not in desk.looks[-1]
    page.locator("#row-c2").click()
    settled(desk, page, 6)
    assert (desk.looks[-1]["open"], desk.looks[-1]["writing"]) == ("c2", "0")
    page.locator("#reply-box").fill("We are")
    settled(desk, page, 6)
    assert desk.looks[-1]["writing"] == "1"
    settled(desk, page, 25)
    assert (desk.looks[-1]["open"], desk.looks[-1]["writing"]) == ("c2", "0"), "nothing was typed for a while"
    page.evaluate("seen(false)")
    settled(desk, page, 70, step=10)
    assert "open" not in desk.looks[-1], "nobody looks"


# --- notifications ---

RECORDED = """
globalThis.shown = [];
globalThis.Notification = class {
  static permission = "default";
  static asked = 0;
  static async requestPermission() {
    this.asked += 1;
    return this.permission = globalThis.answer ?? "granted";
  }
  constructor(title, options) { Object.assign(this, { title, ...options }); globalThis.shown.push(this); }
  close() { this.closed = true; }
};
"""
"""What the browser would show beside the page: a browser without windows has no place for it."""


def notified(page: Page) -> list[list[str]]:
    found: list[list[str]] = page.evaluate("shown.map(({ title, body, tag }) => [title, body, tag])")
    return found


def turn_on(page: Page) -> None:
    open_account(page)
    page.get_by_label("Notifications of this computer").check()
    page.keyboard.press("Escape")


def open_account(page: Page) -> None:
    page.get_by_role("button", name="Dana Ozola").click()
    for _ in range(100):  # it is loaded, and drawn when the clock goes on
        page.clock.run_for(50)
        page.wait_for_timeout(50)
        if page.get_by_role("dialog").is_visible():
            return
    raise AssertionError("no dialog")


def test_nobody_is_asked_about_notifications_before_they_want_them(desk: FixedDesk) -> None:
    desk.context.add_init_script(RECORDED)
    page = opened(desk)
    page.evaluate("seen(false)")
    case(desk, 9)
    desk.rings = [{"case": "c9", "why": "unassigned"}]
    settled(desk, page, 80, step=10)
    assert page.evaluate("[Notification.asked, shown.length]") == [0, 0]
    page.evaluate("seen(true)")
    turn_on(page)
    assert page.evaluate("Notification.asked") == 1
    assert [title for title, _, _ in notified(page)] == ["Notifications are on"]


def test_a_new_case_and_one_given_to_me_are_told_without_the_customers_words_and_open_by_a_click(
    desk: FixedDesk,
) -> None:
    desk.context.add_init_script(RECORDED)
    page = opened(desk)
    turn_on(page)
    page.evaluate("seen(false)")
    case(desk, 8, snippet="My card is 4111 1111 1111 1111", name="Maya Cohen", platform="instagram")
    case(desk, 9, owner={"id": "a1", "name": "Dana Ozola", "initials": "DO"})
    case(desk, 10, owner=None)
    desk.rings = [
        {"case": "c8", "why": "unassigned"},
        {"case": "c9", "why": "given"},
        {"case": "c10", "why": "unassigned"},
    ]
    looked = len(desk.looks)
    for _ in range(80):  # out of sight it asks about once a minute
        if len(desk.looks) == looked:
            settled(desk, page, 1, step=1)
    change(desk.conversations["c10"], owner={"id": "a2", "name": "Oleg Petrov", "initials": "OP"})
    settled(desk, page, 12)
    told = notified(page)[1:]
    assert [(title, tag) for title, _, tag in told] == [
        ("Given to you: a case on X", "case-c9"), ("New case on Instagram", "case-c8"),
    ], "and nothing of the one that somebody has got meanwhile"  # fmt: skip
    assert not re.search("Maya|4111|Customer", str(told))
    page.evaluate("seen(true)")
    page.evaluate("shown.at(-1).onclick()")
    expect(page).to_have_url(re.compile("#/unassigned/c8$"))
    assert page.evaluate("shown.at(-1).closed") is True


def test_while_somebody_looks_at_the_desk_nothing_pops_up_and_nothing_is_told_twice(desk: FixedDesk) -> None:
    desk.context.add_init_script(RECORDED)
    page = opened(desk)
    turn_on(page)
    desk.rings = [{"case": "c1", "why": "given"}]
    change(desk.conversations["c1"], owner={"id": "a1", "name": "Dana Ozola", "initials": "DO"})
    settled(desk, page, 7)
    assert len(notified(page)) == 1
    page.evaluate("seen(false)")
    for _ in range(2):
        change(desk.conversations["c1"])
        desk.rings = [{"case": "c1", "why": "given"}]
        settled(desk, page, 70, step=10)
    assert [title for title, _, _ in notified(page)][1:] == ["Given to you: a case on X"]


def test_a_browser_that_refuses_notifications_is_believed_and_the_dialog_says_what_to_do(desk: FixedDesk) -> None:
    desk.context.add_init_script(RECORDED + "globalThis.answer = 'denied';")
    page = opened(desk)
    open_account(page)
    switch = page.get_by_label("Notifications of this computer")
    switch.click()
    expect(page.get_by_text("does not allow them for this page")).to_be_visible()
    expect(switch).not_to_be_checked()
    expect(switch).to_be_disabled()


# --- what it costs ---


def thread_seconds(session: CDPSession) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))


IDLE_MILLISECONDS = 5
"""CPU of the page for one poll that brings nothing (desk-ui.md, section 8)."""


def test_a_poll_that_brings_nothing_takes_less_than_five_milliseconds_of_the_page(desk: FixedDesk) -> None:
    for n in range(5, 101):
        case(desk, n)
    page = desk.context.new_page()
    page.on("pageerror", lambda error: desk.complaints.append(str(error)))
    page.goto(f"{ORIGIN}/#/open")
    expect(page.locator(".row").first).to_be_visible()
    page.wait_for_timeout(6000)
    session = desk.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent(script: str) -> float:
        before = thread_seconds(session)
        for _ in range(10):
            page.evaluate(script)
            page.wait_for_timeout(60)
        return (thread_seconds(session) - before) / 10 * 1000

    asked = len(desk.looks)
    empty = statistics.median(spent("() => 0") for _ in range(3))
    polls = statistics.median(spent("() => { dispatchEvent(new Event('focus')); }") for _ in range(3))
    assert len(desk.looks) - asked >= 20
    assert not desk.looks[-1]["new"]
    print(f"one idle poll: {polls - empty:.2f} ms of CPU")
    assert polls - empty < IDLE_MILLISECONDS

"""Reports: cases are played to their ends through the real handlers, and every figure is the one worked out by hand."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hark import wiring
from hark.desk import reporting
from hark.domain import case as rules
from hark.domain import talk
from hark.domain.case import Case
from hark.domain.durations import ERROR
from hark.domain.fees import AWS_MICRO, READING_MICRO
from hark.domain.people import Member
from hark.domain.reply import Reply
from hark.domain.satisfaction import Satisfaction
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.keys import Key
from hark.store.people import People
from hark.store.ratings import Ratings
from hark.store.table import Item

from .browser import Browser
from .conftest import BRAND, Desk
from .town import Towns
from .x_deliveries import mention

DAY = "2026-11-20"
"""On which the clock of these tests begins, at 9:15; the customer wrote at 9:14:03."""


@pytest.fixture
def lead(sign_in: Callable[..., Browser]) -> Browser:
    return sign_in("noa", role="lead", name="Noa Levi", seconds=90 * 86400)


def report(browser: Browser, **asked: Any) -> Any:
    said = {"from": DAY, "to": DAY} | {"from" if n == "first" else n: v for n, v in asked.items()}
    answer = browser.get("reports", "&".join(f"{name}={value}" for name, value in said.items()))
    assert answer.status == 200, answer.body
    return answer.said


def behind(browser: Browser, what: str, **asked: Any) -> Any:
    said = {"from": DAY, "to": DAY, "what": what} | {"from" if n == "first" else n: v for n, v in asked.items()}
    answer = browser.get("reports/cases", "&".join(f"{name}={value}" for name, value in said.items()))
    assert answer.status == 200, answer.body
    return answer.said


def kept(desk: Desk) -> list[Item]:
    return [item for item in desk.items() if "#FACTS#" in item["pk"]]


def begins(desk: Desk, post: str, text: str = "@acme where is my parcel?") -> Case:
    """A customer writes, and triage reads it."""
    desk.take_in(mention(post, text, conversation_id=post))
    (case,) = [case for case in desk.cases() if case.triaged < case.gen and case.status != "closed"]
    desk.step("triage", case)
    return now_of(case)


def now_of(case: Case) -> Case:
    found = wiring.actions().cases.get(BRAND, case.id)
    assert found
    return found


def answered(case: Case, by: str = "dana", text: str = "It comes tomorrow.") -> Case:
    """A reply of ours is proven to be out."""
    case, now = now_of(case), time_text(wiring.clock())
    reply = Reply(
        id=f"r{case.talk}", brand=BRAND, case=case.id, provider="x", platform="x", account_id=case.account_id,
        in_reply_to=case.reply_to, asked_at=case.asked_at, text=text, by=by, at=now, not_after=now,
        automatic="" if by else "bot",
    )  # fmt: skip
    policy = People(wiring.table()).policy(BRAND)
    return wiring.actions().cases.commit(case, *talk.is_out(case, policy, now, "reply.sent", by, reply), now)


def state(browser: Browser, case: Case, to: str) -> None:
    done = browser.send("PATCH", f"conversations/{case.id}", {"state": to, "version": now_of(case).version})
    assert done.status == 200, done.body


def test_three_conversations_give_the_figures_worked_out_by_hand(
    desk: Desk, lead: Browser, enrol: Callable[..., Member]
) -> None:
    enrol("dana")
    slow = begins(desk, "1", "@acme my parcel is late, this is awful")
    quick = begins(desk, "2", "@acme do you open on Sunday?")
    begins(desk, "3", "@acme thank you so much!")
    desk.clock.forward(minutes=4, seconds=3)  # 9:19:03, five minutes after the question
    answered(quick, "noa")
    desk.clock.forward(minutes=115)  # 11:14:03, two hours after it; an hour is the target
    answered(slow, "dana", "Here: https://example.com/1")
    for case in (quick, slow):
        state(lead, case, "closed")
    found = report(lead)
    total = found["total"]
    assert total["came"] == {"public": 3, "private": 0}
    assert total["ended"] == {"thanks": 1}
    assert total["sentiment"] == {"positive": 1, "neutral": 1, "negative": 1, "unsure": 0}
    assert total["first"]["n"] == 2 and (total["first"]["met"], total["first"]["missed"]) == (1, 1)
    assert total["first"]["median_ms"] == pytest.approx(300_000, rel=ERROR)
    assert total["first"]["p90_ms"] == pytest.approx(7_200_000, rel=ERROR)
    assert total["wall"] == {name: total["first"][name] for name in ("n", "median_ms", "p90_ms")}
    assert total["answers"] == {"person": 2, "desk": 0, "outside": 0, "public": 2, "private": 0}
    assert (total["closed"], total["coverage"]) == (2, {"answered": 2, "unanswered": 0})
    assert total["resolution"]["n"] == 2
    fees = 0.010 + 0.200  # a reply without a link, and one with
    assert total["cost"]["fees_usd"] == pytest.approx(fees)
    assert total["cost"]["whole_usd"] == pytest.approx(fees + 2 * (AWS_MICRO + READING_MICRO["x"]) / 1e6)
    assert [(each["name"], each["first"]["n"]) for each in found["agents"]] == [("Dana Ozola", 1), ("Noa Levi", 1)]
    assert [(each["id"], each["came"]["public"]) for each in found["platforms"]] == [("x", 3)]
    assert [(each["handle"], each["closed"]) for each in found["accounts"]] == [("acme", 2)]
    assert found["hours"][4][9] == 3 == sum(map(sum, found["hours"])), "a Friday, between nine and ten"


@pytest.mark.parametrize(
    ("what", "posts"),
    [("came", {"1", "2", "3"}), ("ended.thanks", {"3"}), ("first", {"1", "2"}), ("first_mark.missed", {"1"}),
     ("hour.4.9", {"1", "2", "3"}), ("hour.4.1", set()), ("answers.person.public", {"1", "2"}), ("closed", {"2"}),
     ("came.public", {"1", "2", "3"}), ("fir", None), ("first..", None), ("", None)],
)  # fmt: skip
def test_each_number_opens_the_cases_behind_it(desk: Desk, lead: Browser, what: str, posts: set[str] | None) -> None:
    cases = {begins(desk, post, text).id: post for post, text in (("1", "@acme my parcel is late"),
             ("2", "@acme where is my parcel?"), ("3", "@acme thank you so much!"))}  # fmt: skip
    one, two = list(cases)[:2]
    answered(Case.model_construct(id=two))
    desk.clock.forward(hours=2)
    answered(Case.model_construct(id=one))
    state(lead, Case.model_construct(id=two), "closed")
    if posts is None:
        said = lead.get("reports/cases", f"from={DAY}&to={DAY}&what={what}")
        assert said.code == (400, "invalid")
    else:
        found = behind(lead, what)
        assert {cases[each["case"]["id"]] for each in found["items"]} == posts and found["next"] is None


def test_a_conversation_from_the_first_word_to_the_stars_through_the_real_sender(
    desk: Desk, town_of: Towns, sign_in: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "wake", lambda function, keys: None)  # `Town.push` does what it would have done
    desk.put_policy(satisfaction=Satisfaction(on=True))
    with town_of("meta") as town:
        lead, day = sign_in("noa", role="lead", seconds=90 * 86400), desk.clock().date().isoformat()
        town.told("meta", "users", username="kim", name="Kim L")
        town.say("meta", "kim", "Where is my parcel?", platform="messenger", surface="direct")
        desk.step("triage", desk.case())
        desk.clock.forward(minutes=10)
        promised = desk.clock() + timedelta(hours=1)
        assert town.dana.send("POST", f"conversations/{desk.case().id}/promise", {
            "promised_at": time_text(promised)}).status == 200  # fmt: skip
        town.answer("meta", desk.case(), "It comes tomorrow.")
        town.answer("meta", desk.case(), "It has left the depot.")
        state(town.dana, desk.case(), "closed")
        invited = "t" * 32
        desk.table.transact([Ratings(desk.table).invite(invited, desk.case(), "private", "2099-01-01T00:00:00.000Z")])
        wiring.satisfying().rate(invited, 4, "")
        total = report(lead, first=day, to=(desk.clock().date()).isoformat())["total"]
        assert total["came"] == {"public": 0, "private": 1}
        assert total["answers"] == {"person": 1, "desk": 0, "outside": 0, "public": 0, "private": 1}
        assert 600_000 * 0.99 <= total["first"]["median_ms"] <= 660_000
        assert total["promises"] == {"kept": 1, "missed": 0}
        assert total["satisfaction"]["private"] == {"n": 1, "average": 4.0} == {
            name: total["satisfaction"][name] for name in ("n", "average")}  # fmt: skip
        assert total["satisfaction"]["stars"] == [0, 0, 0, 1, 0]
        assert len(kept(desk)) == 5, "three of every case, one of its promise, one of its rating"


def test_an_ordinary_case_leaves_three_facts_without_a_word_or_a_name(desk: Desk, lead: Browser) -> None:
    case = begins(desk, "1", "@acme my parcel 4711 is late")
    answered(case)
    state(lead, case, "closed")
    facts = kept(desk)
    assert [json.loads(item["fact"])["kind"] for item in sorted(facts, key=lambda item: item["sk"])] == [
        "came", "answered", "closed"]  # fmt: skip
    assert not any(word in str(facts) for word in ("4711", "kim", "Kim", "parcel", "tomorrow"))


def test_what_is_repeated_is_counted_once(desk: Desk, lead: Browser) -> None:
    case = begins(desk, "1")
    desk.take_in(mention("1", "@acme where is my parcel?", conversation_id="1"))
    desk.step("triage", case)
    answered(case)
    answered(case)
    before = report(lead)["total"]
    assert (before["came"]["public"], before["first"]["n"]) == (1, 1)


def test_what_the_desk_answers_by_itself_is_an_answer_but_not_a_time_of_ours(desk: Desk, lead: Browser) -> None:
    answered(begins(desk, "1"), by="")
    total = report(lead)["total"]
    assert total["answers"]["desk"] == 1 and total["answers"]["public"] == 1
    assert total["first"] == {"n": 0, "median_ms": None, "p90_ms": None, "met": 0, "missed": 0}


def test_done_and_undo_count_as_nothing_and_undoing_it_another_day_does(desk: Desk, lead: Browser) -> None:
    case = begins(desk, "1")
    answered(case)
    state(lead, case, "closed")
    state(lead, case, "open")
    total = report(lead)["total"]
    assert (total["closed"], total["taken_back"], total["resolution"]["n"]) == (0, 0, 0)
    assert behind(lead, "closed")["items"] == []
    state(lead, case, "closed")
    desk.clock.forward(days=1)
    state(lead, case, "open")
    assert report(lead)["total"]["closed"] == 1
    assert report(lead, first="2026-11-21", to="2026-11-21")["total"]["taken_back"] == 1


def test_a_workflow_that_is_started_again_counts_nothing_twice(desk: Desk, lead: Browser) -> None:
    case = begins(desk, "1")
    answered(case)
    now = time_text(desk.clock())
    wiring.actions().cases.commit(now_of(case), *rules.restarted(now_of(case), now), now)
    desk.step("triage", now_of(case))
    total = report(lead)["total"]
    assert (total["came"]["public"], total["first"]["n"]) == (1, 1)


def test_a_day_that_is_over_is_summed_up_once_and_says_the_same(desk: Desk, lead: Browser) -> None:
    for post in "123":
        answered(begins(desk, post))
        desk.clock.forward(minutes=7)
    live = report(lead)
    assert not [item for item in desk.items() if item["pk"] == keys.sums(BRAND)], "today goes on"
    desk.clock.forward(days=1)
    summed = report(lead)
    assert [item["sk"] for item in desk.items() if item["pk"] == keys.sums(BRAND)] == [DAY]
    for item in kept(desk):
        desk.table.delete(Key(item["pk"], item["sk"]))  # as when they expire
    later = report(lead)
    for name in ("total", "hours", "days", "platforms", "accounts", "agents"):
        assert live[name] == summed[name] == later[name]


def test_days_are_those_of_the_brands_wall_and_follow_it_when_it_moves(desk: Desk, lead: Browser) -> None:
    desk.put_policy(calendar={"zone": "Pacific/Auckland"})  # thirteen hours ahead
    begins(desk, "1")
    assert report(lead)["total"]["came"]["public"] == 1, "22:15 of the same day"
    desk.clock.forward(hours=2)
    begins(desk, "2")
    desk.clock.forward(days=3)
    by_day = report(lead, to="2026-11-23")["days"]
    assert [each["came"]["public"] for each in by_day] == [1, 1, 0, 0]
    desk.put_policy(calendar={"zone": "Europe/Riga"})
    by_day = report(lead, to="2026-11-23")["days"]
    assert [each["came"]["public"] for each in by_day] == [2, 0, 0, 0]


def test_an_agent_sees_their_own_figures_and_a_reader_all(
    desk: Desk, lead: Browser, sign_in: Callable[..., Browser]
) -> None:
    dana, eve = sign_in("dana"), sign_in("eve", role="reader")
    for post, by in (("1", "dana"), ("2", "noa")):
        answered(begins(desk, post), by)
    mine = report(dana)
    assert (mine["own"], mine["agent"], mine["total"]["first"]["n"]) == (True, "dana", 1)
    assert [each["id"] for each in mine["agents"]] == ["dana"]
    assert len(behind(dana, "first")["items"]) == 1
    assert dana.get("reports", f"from={DAY}&to={DAY}&agent=noa").code == (403, "own_figures")
    assert dana.get("reports/cases", f"from={DAY}&to={DAY}&agent=noa&what=first").code == (403, "own_figures")
    for browser in (lead, eve):
        assert report(browser)["total"]["first"]["n"] == 2
        assert report(browser, agent="noa")["total"]["first"]["n"] == 1


def test_another_brand_sees_nothing_of_it(desk: Desk, sign_in: Callable[..., Browser]) -> None:
    begins(desk, "1")
    assert report(sign_in("zoe", brand="other", role="lead"))["total"]["came"]["public"] == 0


@pytest.mark.parametrize(
    ("said", "code"),
    [("", (400, "invalid")), ("from=2026-11-20", (400, "invalid")), ("from=x&to=y", (400, "invalid")),
     ("from=2026-11-21&to=2026-11-20", (422, "past_order")), ("from=2026-01-01&to=2026-11-20", (422, "too_long")),
     ("from=2025-10-01&to=2025-10-02", (422, "too_far")), (f"from={DAY}&to={DAY}&format=xml", (400, "invalid")),
     (f"from={DAY}&to={DAY}&agent=a%23b", (400, "invalid")),
     (f"from={DAY}&to={DAY}&sort=x", (400, "unknown_parameter"))],
)  # fmt: skip
def test_what_makes_no_report_is_refused_with_a_sentence(
    desk: Desk, lead: Browser, said: str, code: tuple[int, str]
) -> None:
    assert lead.get("reports", said).code == code


def test_the_cases_behind_a_number_come_page_by_page_each_once(
    desk: Desk, lead: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "PAGE", 2)
    for post in "12345":
        begins(desk, post)
        desk.clock.forward(days=1)
    first = behind(lead, "came", to="2026-11-24")
    pages, cursor = [first["items"]], first["next"]
    while cursor:
        page = behind(lead, "came", to="2026-11-24", cursor=cursor)
        pages, cursor = [*pages, page["items"]], page["next"]
    assert [len(page) for page in pages] == [2, 2, 1]
    found = [each["case"]["id"] for page in pages for each in page]
    assert len(set(found)) == 5
    assert lead.get("reports/cases", f"from={DAY}&to={DAY}&what=came&cursor={first['next']}").code == (
        400, "bad_cursor")  # fmt: skip


def test_a_case_that_is_no_longer_there_is_counted_and_named_by_nobody(desk: Desk, lead: Browser) -> None:
    case = begins(desk, "1")
    desk.table.delete(keys.case(BRAND, case.id))
    assert [each["case"] for each in behind(lead, "came")["items"]] == [None]


def test_the_table_to_take_along_says_the_same_and_starts_no_formula(
    desk: Desk, lead: Browser, sign_in: Callable[..., Browser]
) -> None:
    sign_in("eva", name="=HYPERLINK(1)")
    answered(begins(desk, "1"), "eva")
    said = lead.get("reports", f"from={DAY}&to={DAY}&format=csv")
    assert said.headers["content-type"] == "text/csv; charset=utf-8"
    assert said.headers["content-disposition"] == f'attachment; filename="report-{DAY}-{DAY}.csv"'
    assert said.body.startswith("\ufeffof,name,")
    rows = list(csv.DictReader(io.StringIO(said.body.removeprefix("\ufeff"))))
    by = {(row["of"], row["name"]): row for row in rows}
    assert set(by) == {("all", ""), ("day", DAY), ("platform", "x"), ("account", "acme"), ("agent", "'=HYPERLINK(1)")}
    total = report(lead)["total"]
    assert by["all", ""]["first_median_s"] == str(round(total["first"]["median_ms"] / 1000, 1))
    assert by["all", ""]["came_public"] == "1" and by["all", ""]["stars_average"] == ""


def test_more_than_one_call_can_count_is_said_and_the_next_try_gets_further(
    desk: Desk, lead: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "MOST_FACTS", 1)
    for post in "1234":
        begins(desk, post)
        if post in "24":
            desk.clock.forward(days=1)
    desk.clock.forward(days=1)
    asked = f"from={DAY}&to=2026-11-21"
    assert lead.get("reports", asked).code == (503, "summing_up")
    assert lead.get("reports", asked).status == 200


def test_two_who_sum_up_a_day_at_once_leave_the_same(desk: Desk, lead: Browser) -> None:
    answered(begins(desk, "1"))
    desk.clock.forward(days=1)
    report(lead)
    (first,) = [item for item in desk.items() if item["pk"] == keys.sums(BRAND)]
    desk.table.delete(Key(first["pk"], first["sk"]))
    report(lead)
    assert [item for item in desk.items() if item["pk"] == keys.sums(BRAND)] == [first]


def test_what_was_written_down_is_forgotten_after_four_hundred_days(desk: Desk) -> None:
    begins(desk, "1")
    (fact,) = kept(desk)
    assert fact["expires"] == int((desk.clock() + timedelta(days=400)).timestamp())

"""Reports in a browser: figures, pictures and the tables behind them, by keyboard, at two widths, in both directions.

The answers are made by the product's own counting, from facts that were drawn once, and are such as the API promises.
"""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from hark.domain.facts import Fact
from hark.domain.figures import figures, hours
from hark.domain.tally import Tally, is_in, shows, standing, tally, together
from hark.domain.time import text as time_text
from playwright.sync_api import Page, Route, expect

from infra.openapi.shapes.reports import Report
from tests.e2e.fixed_desk import NOW, FixedDesk, MakeDesk, Shape, a

UTC_ZONE = ZoneInfo("UTC")
TODAY = NOW.date().isoformat()
WEEK = "2026-11-16"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
expect.set_options(timeout=20_000)
TEAM = [("a1", "Dana Ozola"), ("a2", "Oleg Petrov"), ("a3", "נועה לוי")]
ACCOUNTS = {"1": ("x", "acme"), "2": ("viber", ""), "3": ("instagram", "acme.shop")}


def month() -> list[Fact]:
    """Four weeks of a small brand: more in the morning, less at weekends, and not always in time."""
    chance, found = random.Random(5), list[Fact]()
    for day in range(28):
        for _ in range(chance.randint(2, 6) if day % 7 in (5, 6) else chance.randint(8, 20)):
            asked = (NOW - timedelta(days=27 - day)).replace(hour=min(20, max(6, int(chance.gauss(11, 3)))), minute=7)
            account = chance.choices(["1", "2", "3"], [5, 2, 3])[0]
            common = {
                "case": f"c{len(found)}", "platform": ACCOUNTS[account][0], "account": account,
                "place": "private" if account == "2" or chance.random() < 0.2 else "public",
            }  # fmt: skip
            moment = asked + timedelta(seconds=20)
            mood = chance.choices(["negative", "neutral", "positive", "unsure"], [5, 4, 2, 1])[0]
            end = "thanks" if mood == "positive" and chance.random() < 0.4 else ""
            found.append(
                Fact.model_validate(
                    common | {"kind": "came", "at": time_text(moment), "version": 2, "sentiment": mood, "end": end,
                              "asked_at": time_text(asked)}
                )
            )  # fmt: skip
            waited, agent = chance.lognormvariate(7.4, 0.9), chance.choice(TEAM)[0]
            moment += timedelta(seconds=waited)
            if end or moment > NOW:
                continue
            author = chance.choices(["person", "desk", "outside"], [16, 3, 1])[0]
            mark = "missed" if waited > 3600 else "met"
            work = {"agent": agent if author == "person" else "", "ours_ms": int(waited * 1000)}
            found.append(
                Fact.model_validate(
                    common | work | {"kind": "answered", "at": time_text(moment), "version": 3, "author": author,
                                     "mark": mark, "wall_ms": int(waited * 1400)}
                )
            )  # fmt: skip
            moment += timedelta(hours=chance.uniform(1, 30))
            if moment > NOW or chance.random() < 0.1:
                continue
            work = {"agent": agent, "ours_ms": int(waited * 1500), "mark": mark}
            found.append(
                Fact.model_validate(
                    common | work | {"kind": "closed", "at": time_text(moment), "version": 5, "gen": 1,
                                     "answered": True, "next_answers": 1, "next_missed": int(waited > 5000),
                                     "fees_micro": 10000}
                )
            )  # fmt: skip
            for kind, more in (("rated", {"stars": chance.choice([2, 4, 5, 5])}), ("promise", {"kept": waited < 5000})):
                if chance.random() < 0.3:
                    found.append(
                        Fact.model_validate(
                            common | {"agent": agent, "kind": kind, "at": time_text(moment), "version": 6} | more
                        )
                    )
    return found


MONTH = month()


def by(whole: Tally, part: int) -> dict[str, Any]:
    names = sorted({whose[part] for whose in whole})
    return {
        name: figures(_sum({whose: counter for whose, counter in whole.items() if whose[part] == name}))
        for name in names
    }


def _sum(whole: Tally) -> Any:
    return together([{next(iter(whole)): counter} for counter in whole.values()])[next(iter(whole))] if whole else {}


def asked_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def days_of(said: dict[str, str]) -> list[str]:
    first, last = (datetime.fromisoformat(said[name]).replace(tzinfo=UTC) for name in ("from", "to"))
    return [(first + timedelta(days=n)).date().isoformat() for n in range((last - first).days + 1)]


def report_of(facts: list[Fact], said: dict[str, str], *, own: bool = False) -> Shape:
    narrowed = [said.get(name, "") for name in ("platform", "account", "agent")]
    days = {
        day: {
            whose: counter
            for whose, counter in tally([f for f in facts if f.at[:10] == day], UTC_ZONE).items()
            if is_in(whose, *narrowed)
        }
        for day in days_of(said)
    }
    whole = together(days.values())
    made = {
        "from": said["from"], "to": said["to"], "zone": "UTC", "platform": narrowed[0], "account": narrowed[1],
        "agent": narrowed[2], "own": own, "total": figures(_sum(whole)), "hours": hours(_sum(whole)),
        "days": [{"day": day, **figures(_sum(each))} for day, each in days.items()],
        "platforms": [{"id": name, **each} for name, each in by(whole, 0).items()],
        "accounts": [
            {"id": name, "handle": ACCOUNTS[name][1], "platform": ACCOUNTS[name][0], **each}
            for name, each in by(whole, 1).items()
        ],
        "agents": [{"id": name, "name": dict(TEAM)[name], **each} for name, each in by(whole, 2).items() if name],
        "now": time_text(NOW),
    }  # fmt: skip
    Report.model_validate(made)
    return made


class Scene:
    """The desk of a lead, and what it is told of the month."""

    def __init__(self, desk: FixedDesk, facts: list[Fact], *, own: bool = False) -> None:
        self.desk, self.facts, self.own = desk, facts, own
        self.failing = False
        self.asked: list[dict[str, str]] = []
        desk.roles = ["agent" if own else "lead"]
        desk.members = [{"id": i, "name": name, "initials": name[0], "on_shift": True} for i, name in TEAM]
        desk.has("c1", a("x", "post"), name="דנה כהן", snippet="איפה החבילה שלי?", language="he")
        desk.context.route(re.compile(r"/api/v1/reports(/cases)?\?"), self._answer)

    def _answer(self, route: Route) -> None:
        said = asked_of(route.request.url)
        self.asked.append(said)
        if self.failing:
            refused = (503, {"code": "failed", "detail": "That did not work. Try again."})
            self.desk.answers["GET reports"] = [refused]
            route.fallback()
        elif "/cases" in route.request.url:
            route.fulfill(json=self._cases(said))
        else:
            route.fulfill(json=report_of(self.facts, said, own=self.own))

    def _cases(self, said: dict[str, str]) -> Shape:
        days, inner = days_of(said), ("reasons", "generation", "triage")
        row = {n: v for n, v in self.desk.conversations["c1"]["case"].items() if n not in inner}
        found = [f for f in reversed(standing(self.facts)) if f.at[:10] in days and shows(f, said["what"], UTC_ZONE)]
        start = int(said.get("cursor", 0))
        items = [
            {"at": f.at, "kind": f.kind, "place": f.place, "end": f.end, "mark": f.mark, "stars": f.stars or None,
             "length_ms": f.ours_ms if f.kind in ("answered", "closed") else None, "by": dict(TEAM).get(f.agent, ""),
             "case": None if n % 9 == 8 else row}
            for n, f in enumerate(found[start : start + 50])
        ]  # fmt: skip
        more = str(start + 50) if len(found) > start + 50 else None
        return {"items": items, "now": time_text(NOW), "next": more}

    def open(self, address: str = "reports") -> Page:
        page = self.desk.open()
        page.goto(f"{page.url.split('#')[0]}#/{address}")
        return page


def figure(page: Page, name: str) -> Any:
    return page.locator(f'[data-figure="{name}"]')


def test_the_last_seven_days_are_shown_first_as_counted(made: MakeDesk) -> None:
    scene = Scene(made(viewport=WIDE), MONTH)
    page = scene.open()
    told = report_of(MONTH, {"from": WEEK, "to": TODAY})["total"]
    expect(figure(page, "came").locator(".figure-value")).to_have_text(str(sum(told["came"].values())))
    minutes = round(told["first"]["median_ms"] / 60000)
    expect(figure(page, "first").locator(".figure-value")).to_have_text(f"{minutes}m")
    met = told["first"]["met"] / (told["first"]["met"] + told["first"]["missed"])
    expect(figure(page, "first")).to_contain_text(f"{met:.0%} in time")
    expect(page.get_by_role("link", name="7 days")).to_have_attribute("aria-current", "true")
    assert scene.asked[0] == {"from": WEEK, "to": TODAY}


def test_every_picture_has_a_name_and_its_numbers_in_a_table(made: MakeDesk) -> None:
    page = Scene(made(viewport=WIDE), MONTH).open()
    expect(page.locator(".chart svg[role=img]")).to_have_count(4)
    for picture in page.locator(".chart svg[role=img]").all():
        assert "table below" in (picture.get_attribute("aria-label") or "")
    told = report_of(MONTH, {"from": WEEK, "to": TODAY})
    page.locator(".numbers summary").first.click()
    table = page.get_by_role("table", name="Day by day")
    expect(table.get_by_role("row")).to_have_count(8)
    came = [str(sum(day["came"].values())) for day in told["days"]]
    assert [row.locator("td").first.inner_text() for row in table.get_by_role("row").all()[1:]] == came
    bars = page.locator(".series.bar rect[rx]")
    expect(bars).to_have_count(sum(n != "0" for n in came))
    dashed = page.locator(".card.wide .series.dashed path").first
    assert dashed.evaluate("it => getComputedStyle(it).strokeDasharray") != "none", "not by colour alone"


def test_a_number_opens_its_cases_and_back_leads_to_the_same_report(made: MakeDesk) -> None:
    scene = Scene(made(viewport=WIDE), MONTH)
    page = scene.open(f"reports?from=2026-10-26&to={TODAY}&platform=x")
    figure(page, "first").get_by_role("link", name=re.compile("late")).click()
    expect(page.get_by_role("heading", name="Late first answers")).to_be_focused()
    assert scene.asked[-1] == {"from": "2026-10-26", "to": TODAY, "platform": "x", "what": "first_mark.missed"}
    expect(page.locator(".counted").first).to_contain_text("late")
    expect(page.get_by_text("Nothing is kept of this conversation any more.").first).to_be_visible()
    page.locator(".counted a").first.click()
    expect(page.get_by_role("heading", name=re.compile("דנה כהן"))).to_be_visible()
    page.go_back()
    page.locator(".screen-head").get_by_role("link", name="Reports").click()
    expect(page).to_have_url(re.compile(rf"#/reports\?from=2026-10-26&to={TODAY}&platform=x$"))
    expect(figure(page, "first")).to_be_visible()


def test_more_cases_follow_when_asked_for(made: MakeDesk) -> None:
    page = Scene(made(viewport=WIDE), MONTH).open(f"reports/cases?from=2026-10-26&to={TODAY}&what=first")
    expect(page.locator(".counted")).to_have_count(50)
    expect(page.get_by_text("The newest 50")).to_be_visible()
    page.get_by_role("button", name=re.compile("more", re.IGNORECASE)).click()
    expect(page.locator(".counted")).to_have_count(100)


def test_days_are_chosen_by_keyboard_and_what_cannot_be_is_told(made: MakeDesk) -> None:
    scene = Scene(made(viewport=WIDE), MONTH)
    page = scene.open()
    expect(figure(page, "came")).to_be_visible()
    page.get_by_role("link", name="28 days").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("from=2026-10-26"))
    page.get_by_role("button", name="Other days…").focus()
    page.keyboard.press("Enter")
    page.get_by_label("From", exact=True).fill("2026-11-20")
    page.get_by_label("To", exact=True).fill("2026-11-10")
    expect(page.get_by_role("alert")).to_have_text("The first day lies behind the last.")
    page.get_by_label("To", exact=True).fill("2026-11-21")
    with page.expect_response(lambda answer: "reports?" in answer.url and "from=2026-11-20" in answer.url):
        page.get_by_label("To", exact=True).press("Enter")
    expect(page).to_have_url(re.compile("from=2026-11-20&to=2026-11-21"))
    assert scene.asked[-1] == {"from": "2026-11-20", "to": "2026-11-21"}


def test_a_report_is_narrowed_to_a_person_and_hides_what_belongs_to_nobody(made: MakeDesk) -> None:
    scene = Scene(made(viewport=WIDE), MONTH)
    page = scene.open()
    page.locator(".narrow").filter(has_text="Person").locator("select").select_option("Oleg Petrov")
    expect(figure(page, "came")).to_have_count(0)
    expect(page.get_by_role("heading", name="When customers write")).to_have_count(0)
    assert scene.asked[-1]["agent"] == "a2"
    told = report_of(MONTH, {"from": WEEK, "to": TODAY, "agent": "a2"})["total"]
    expect(figure(page, "cost")).to_contain_text(f"{told['closed']} closed")


def test_an_agent_is_told_that_these_are_their_own_figures(made: MakeDesk) -> None:
    mine = [fact for fact in MONTH if fact.agent == "a1"]
    page = Scene(made(viewport=WIDE), mine, own=True).open()
    expect(page.get_by_text("You see the figures of your own work.")).to_be_visible()
    expect(page.get_by_label("Person")).to_have_count(0)
    expect(page.get_by_role("heading", name="By person")).to_have_count(0)


def test_the_table_to_take_along_is_of_what_is_shown(made: MakeDesk) -> None:
    page = Scene(made(viewport=WIDE), MONTH).open(f"reports?from={WEEK}&to={TODAY}&platform=viber")
    file = page.get_by_role("link", name="Download CSV")
    expect(file).to_have_attribute("href", f"/api/v1/reports?from={WEEK}&to={TODAY}&platform=viber&format=csv")


def test_days_without_anything_say_so_and_offer_more(made: MakeDesk) -> None:
    page = Scene(made(viewport=WIDE), []).open()
    expect(page.get_by_text("Nothing was counted in these days.")).to_be_visible()
    expect(page.locator(".empty").get_by_role("link", name="28 days")).to_be_visible()
    page.goto(f"{page.url.split('#')[0]}#/reports/cases?from={WEEK}&to={TODAY}&what=first")
    expect(page.get_by_text("There are no cases behind this number.")).to_be_visible()


def test_what_cannot_be_had_is_said_and_what_was_there_stays(made: MakeDesk) -> None:
    scene = Scene(made(viewport=WIDE), MONTH)
    scene.failing = True
    page = scene.open()
    expect(page.get_by_role("alert")).to_contain_text("That did not work. Try again.")
    scene.failing = False
    page.get_by_role("button", name="Try again").click()
    expect(figure(page, "came")).to_be_visible()
    scene.failing = True
    page.get_by_role("link", name="28 days").click()
    expect(page.get_by_role("alert")).to_contain_text("That did not work. Try again.")
    expect(figure(page, "came")).to_be_visible()
    expect(page.locator(".reports-head .quiet").first).to_contain_text("16 Nov – 22 Nov")


def test_today_goes_on_by_itself(made: MakeDesk) -> None:
    scene = Scene(made(viewport=WIDE), MONTH)
    page = scene.open()
    expect(figure(page, "came")).to_be_visible()
    before = len(scene.asked)
    scene.desk.pass_time(page, timedelta(seconds=61))
    page.wait_for_timeout(100)
    assert len(scene.asked) == before + 1
    page.goto(f"{page.url.split('#')[0]}#/reports?from=2026-11-01&to=2026-11-07")
    expect(page.locator(".reports-head .quiet").first).to_contain_text("1 Nov – 7 Nov")
    before = len(scene.asked)
    scene.desk.pass_time(page, timedelta(seconds=180))
    assert len(scene.asked) == before, "days that are over do not change"

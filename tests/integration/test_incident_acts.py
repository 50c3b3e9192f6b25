"""What leads do about an incident, over the API: open, write down, take the story along, close and forget nobody."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from hark import wiring
from hark.domain import talk
from hark.domain.policy import Policy
from hark.domain.time import text as time_text

from .browser import Browser
from .conftest import Desk
from .crowd import case_of, crowd, incidents, said_by, watch

SignIn = Callable[..., Browser]
FEW = {"least_messages": 3, "least_people": 3, "once_in_buckets": 100}


@pytest.fixture
def ada(sign_in: SignIn) -> Browser:
    return sign_in("ada", name="Ada L", role="lead")


@pytest.fixture
def incident(desk: Desk, ada: Browser) -> dict[str, Any]:
    """One with three cases, and confirmed."""
    watch(desk, **FEW)
    crowd(desk, 0, 1, 2)
    (found,) = incidents(desk)
    answer = ada.send("PATCH", f"incidents/{found['id']}", {"version": found["version"], "state": "open"})
    assert answer.status == 200, answer.said
    return dict(answer.said)


def answered(desk: Desk, number: int) -> None:
    case, now = case_of(desk, number), time_text(desk.clock())
    wiring.reminding().cases.commit(case, *talk.answered(case, Policy(), now, "reply.sent", "dana", "r1"), now)


def test_a_suggestion_is_listed_and_confirmed(desk: Desk, ada: Browser) -> None:
    watch(desk, **FEW)
    crowd(desk, 0, 1, 2)
    listed = ada.get("incidents").said
    assert [(i["topic"], i["state"], i["counted"], i["suggested"]) for i in listed["items"]] == [
        ("internet", "suggested", 3, True)
    ]
    assert (listed["topics"], listed["watching"]) == (["internet"], True)
    known = listed["items"][0]
    said = ada.send("PATCH", f"incidents/{known['id']}", {"version": known["version"], "state": "open"}).said
    assert said["state"] == "open"
    assert [(line["code"], line["by"]) for line in said["story"]] == [
        ("incident.suggested", ""), ("incident.opened", "Ada L"),
    ]  # fmt: skip


def test_status_and_kit_are_kept_with_who_wrote_them(desk: Desk, ada: Browser, incident: dict[str, Any]) -> None:
    path, told = f"incidents/{incident['id']}", {"en": "We know. It is being mended."}
    given = {"version": incident["version"], "status": told, "kit": {"en": "Sorry, {name}!"}}
    said = ada.send("PATCH", path, given).said
    assert (said["status"], said["kit"]) == (told, {"en": "Sorry, {name}!"})
    assert [line["code"] for line in said["story"]][-2:] == ["incident.status_changed", "incident.kit_changed"]
    assert ada.send("PATCH", path, given).code == (409, "stale")
    kept = [i for i in desk.items() if i["sk"].startswith("LINE#")]
    assert "mended" not in str(kept), "a story holds no text"


def test_whoever_answers_sees_the_incident_and_a_reply_for_this_customer(
    desk: Desk, sign_in: SignIn, ada: Browser, incident: dict[str, Any]
) -> None:
    given = {"version": incident["version"], "kit": {"en": "Sorry, {name}!"}}
    assert ada.send("PATCH", f"incidents/{incident['id']}", given).status == 200
    dana, case = sign_in("dana"), case_of(desk, 1)
    shown = dana.get(f"conversations/{case.id}/incident").said
    assert (shown["id"], shown["reply"]) == (incident["id"], "Sorry, Person 1!")
    rows = dana.get("queue", "view=open").said["items"]
    assert {row["incident"] for row in rows} == {incident["id"]}
    desk.take_in(said_by(9, "@acme hello"))
    assert dana.get(f"conversations/{case_of(desk, 9).id}/incident").code == (404, "not_found")
    assert sign_in("olga", brand="other").get(f"conversations/{case.id}/incident").code == (404, "not_found")


def test_the_same_click_twice_changes_it_once(ada: Browser, incident: dict[str, Any]) -> None:
    path, given = f"incidents/{incident['id']}", {"version": incident["version"], "title": "Network"}
    first, again = (ada.send("PATCH", path, given, "the-same-click") for _ in range(2))
    assert first.said["title"] == again.said["title"] == "Network"
    assert first.said["version"] == again.said["version"]
    assert ada.send("PATCH", path, given | {"title": "Else"}, "the-same-click").code == (422, "key_reused")


def test_a_lead_opens_one_and_the_cases_of_the_last_minutes_are_in_it(desk: Desk, ada: Browser) -> None:
    watch(desk)
    crowd(desk, 0, 1)
    said = ada.send("POST", "incidents", {"topic": "internet", "title": "Cable cut"}, "open-once")
    assert said.status == 201, said.said
    assert ada.send("POST", "incidents", {"topic": "internet", "title": "Cable cut"}, "open-once").said == said.said
    assert {c.incident for c in desk.cases()} == {said.said["id"]}
    assert ada.send("POST", "incidents", {"topic": "internet"}).code == (409, "incident_exists")
    assert ada.send("POST", "incidents", {"topic": "two words"}).code == (422, "no_topic")
    assert len(incidents(desk)) == 1


def test_nobody_opens_one_where_nothing_is_watched(ada: Browser) -> None:
    assert ada.send("POST", "incidents", {"topic": "internet"}).code == (409, "not_watching")


def test_k6_closing_lists_everybody_who_waits_and_closes_no_case(
    desk: Desk, ada: Browser, incident: dict[str, Any]
) -> None:
    answered(desk, 1)
    path = f"incidents/{incident['id']}"
    said = ada.send("PATCH", path, {"version": incident["version"], "state": "closed"}).said
    waiting = [case_of(desk, 0).id, case_of(desk, 2).id]
    assert said["state"] == "closed"
    assert said["unanswered"]["count"] == 2
    assert sorted(row["id"] for row in said["unanswered"]["items"]) == sorted(waiting)
    assert {c.status for c in desk.cases()} == {"open"}
    assert ada.get(f"{path}/unanswered").said["count"] == 2
    assert ada.send("PATCH", path, {"version": said["version"], "title": "x"}).code == (409, "incident_closed")


def test_after_closing_the_topic_rests_and_then_may_be_news_again(
    desk: Desk, ada: Browser, incident: dict[str, Any]
) -> None:
    ada.send("PATCH", f"incidents/{incident['id']}", {"version": incident["version"], "state": "closed"})
    crowd(desk, 10, 11, 12)
    assert len(incidents(desk)) == 1
    assert {case_of(desk, n).incident for n in (10, 11, 12)} == {""}
    desk.clock.forward(hours=26)
    at = {"created_at": time_text(desk.clock())}
    desk.take_in(*(said_by(n, **at) for n in (20, 21, 22, 23)))
    for number in (20, 21, 22, 23):
        desk.step("triage", case_of(desk, number))
    assert len(incidents(desk)) == 2


def test_its_cases_come_in_pages(desk: Desk, ada: Browser, incident: dict[str, Any]) -> None:
    said = ada.get(f"incidents/{incident['id']}/cases").said
    assert sorted(row["id"] for row in said["items"]) == sorted(case.id for case in desk.cases())
    assert [row["unanswered"] for row in said["items"]] == [True] * 3 and said["next"] is None
    assert ada.get(f"incidents/{incident['id']}/cases", "cursor=forged").code == (400, "bad_cursor")


def test_the_story_is_taken_along_in_the_order_of_time(desk: Desk, ada: Browser, incident: dict[str, Any]) -> None:
    desk.clock.forward(minutes=5)
    answered(desk, 0)
    path = f"incidents/{incident['id']}/export"
    rows = ada.get(path).said["rows"]
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    codes = [row["code"] for row in rows]
    assert codes.count("case.opened") == 3 and codes[-1] == "reply.sent"
    answer = ada.get(path, "format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    table = list(csv.DictReader(io.StringIO(answer.body.removeprefix("\ufeff"))))
    assert [row["code"] for row in table] == codes
    assert ada.get(path, "format=pdf").code == (400, "invalid")


def test_h46_a_cell_that_looks_like_a_formula_is_none(desk: Desk, sign_in: SignIn, incident: dict[str, Any]) -> None:
    eve = sign_in("eve", name="=HYPERLINK(1)", role="lead")
    eve.send("PATCH", f"incidents/{incident['id']}", {"version": incident["version"], "title": "x"})
    assert "'=HYPERLINK(1)" in eve.get(f"incidents/{incident['id']}/export", "format=csv").body


ROUTES: tuple[tuple[str, str, Any], ...] = (
    ("GET", "incidents", None),
    ("POST", "incidents", {"topic": "internet"}),
    ("GET", "incidents/{id}", None),
    ("PATCH", "incidents/{id}", {"version": 1, "title": "x"}),
    ("GET", "incidents/{id}/cases", None),
    ("GET", "incidents/{id}/unanswered", None),
    ("GET", "incidents/{id}/export", None),
    ("POST", "incidents/{id}/broadcasts", {"texts": {"en": "x"}}),
    ("POST", "incidents/{id}/broadcasts/b1/decision", {"approve": True}),
)


def ask(browser: Browser, method: str, path: str, given: Any) -> tuple[int, str]:
    answer = browser.get(path) if method == "GET" else browser.send(method, path, given)
    return answer.code


def test_agents_neither_see_nor_change_incidents(sign_in: SignIn, incident: dict[str, Any]) -> None:
    dana = sign_in("dana")
    for method, path, given in ROUTES:
        assert ask(dana, method, path.format(id=incident["id"]), given) == (403, "leads_only"), path


def test_i25_another_brands_incident_is_not_there(desk: Desk, sign_in: SignIn, incident: dict[str, Any]) -> None:
    other = sign_in("olga", brand="other", role="lead")
    for method, path, given in ROUTES[2:]:
        assert ask(other, method, path.format(id=incident["id"]), given) == (404, "not_found"), path
    assert other.get("incidents").said["items"] == []


NO_FORM: tuple[Any, ...] = (
    {}, {"version": 1, "state": "suggested"}, {"version": 1, "brand": "x"}, {"version": 1, "kit": {"English": "x"}},
    {"version": 1, "kit": {"en": "  "}}, {"version": 1, "kit": {}}, {"version": 1, "state": "closed", "title": "x"},
)  # fmt: skip


def test_what_no_form_knows_is_refused(ada: Browser, incident: dict[str, Any]) -> None:
    for given in NO_FORM:
        assert ada.send("PATCH", f"incidents/{incident['id']}", given).code == (400, "invalid"), given

"""Where somebody is signed in: seen by themselves, ended one by one or all at once, and by leads for their people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hark import operator
from hark.domain.browsers import browser_of
from hark.store.keys import Key
from hark.store.people import People
from hark.store.table import Item

from .browser import Browser
from .conftest import BRAND, Desk
from .faults import fault

SignIn = Callable[..., Browser]
MOZILLA, KIT = "Mozilla/5.0", "AppleWebKit/605.1.15 (KHTML, like Gecko)"
CHROME = f"{KIT} Chrome/142.0.0.0"


def listed(browser: Browser) -> list[Item]:
    answer = browser.get("me/sessions")
    assert answer.status == 200, answer.body
    items: list[Item] = answer.said["items"]
    return items


def out(browser: Browser) -> bool:
    return browser.get("me").status == 401


def test_each_sees_the_own_sessions_and_ends_the_one_that_is_not_theirs_any_more(desk: Desk, sign_in: SignIn) -> None:
    at_work = sign_in("dana")
    desk.clock.forward(minutes=40)
    at_home, eve = sign_in("dana"), sign_in("eve")
    newest, oldest = listed(at_home)
    assert (newest["this"], oldest["this"]) == (True, False)
    assert (oldest["since"], newest["since"]) == ("2026-11-20T09:15:00.000Z", "2026-11-20T09:55:00.000Z")
    assert oldest["ends_at"] == "2026-11-20T10:15:00.000Z"
    assert [one["this"] for one in listed(eve)] == [True]

    eve.send("DELETE", f"me/sessions/{oldest['id']}", {})
    assert not out(at_work), "nobody ends a session of somebody else"
    for _ in range(2):  # again is as good as once
        assert at_home.send("DELETE", f"me/sessions/{oldest['id']}", {}).status == 204
    assert out(at_work) and not out(at_home)
    assert [one["this"] for one in listed(at_home)] == [True]


def test_when_a_session_was_used_is_known_to_a_quarter_of_an_hour_and_costs_no_write_in_between(
    desk: Desk, sign_in: SignIn
) -> None:
    dana = sign_in("dana")
    for minutes, told in ((0, "09:15"), (14, "09:15"), (1, "09:30"), (14, "09:30"), (16, "10:00")):
        desk.clock.forward(minutes=minutes)
        assert listed(dana)[0]["used_at"] == f"2026-11-20T{told}:00.000Z"
    desk.clock.forward(minutes=14)
    with fault("UpdateItem", "throttled"):
        assert dana.get("me").status == 200, "that it cannot be noted keeps nobody out"


def test_who_signs_out_everywhere_is_out_at_once_though_no_index_knows_the_session_yet(
    desk: Desk, sign_in: SignIn
) -> None:
    here, there, eve = sign_in("dana"), sign_in("dana"), sign_in("eve")
    for item in desk.items("SESSION"):  # as if they had been opened this very moment
        key = Key(item["pk"], item["sk"])
        desk.table.put(key, {n: v for n, v in item.items() if not n.startswith("list_")})
    assert listed(here) == []
    assert here.send("POST", "me/sessions/sign-out", {"here": False}).status == 204
    assert out(there) and not out(here) and not out(eve)
    answer = here.send("POST", "me/sessions/sign-out", {"here": True})
    assert answer.status == 204
    assert answer.cookies[0].startswith("__Host-desk=;") and "Max-Age=0" in answer.cookies[0]
    assert out(here) and not out(eve)


def test_a_lead_signs_a_member_out_everywhere_and_an_agent_nobody(desk: Desk, sign_in: SignIn) -> None:
    dana, also, eve = sign_in("dana"), sign_in("dana"), sign_in("eve")
    lea, other = sign_in("lea", role="lead"), sign_in("lou", "other", role="lead")
    assert eve.send("POST", "team/dana/sign-out", {}).code == (403, "leads_only")
    assert other.send("POST", "team/dana/sign-out", {}).code == (404, "not_found")
    assert not out(dana)
    assert lea.send("POST", "team/dana/sign-out", {}).status == 204
    assert out(dana) and out(also) and not out(eve)
    assert not out(sign_in("dana")), "who signs in anew is in"


@pytest.mark.parametrize("through", ["the team's list", "the operator's command"])
def test_h33_a_removed_member_is_out_with_the_next_request_and_stays_out_when_taken_back(
    desk: Desk, sign_in: SignIn, through: str
) -> None:
    dana, lea = sign_in("dana"), sign_in("lea", role="lead")
    assert dana.get("queue").status == 200
    if through == "the team's list":
        assert lea.send("PATCH", "team/dana", {"removed": True}).status == 200
    else:
        operator.remove(desk.table, BRAND, "dana")
    assert dana.get("queue").code == (403, "not_a_member"), "nothing is remembered from one request to the next"
    assert lea.send("PATCH", "team/dana", {"removed": False}).status == 200
    assert dana.get("queue").code == (401, "signed_out"), "an old session does not come back to life"
    assert People(desk.table).sessions(BRAND, "dana")


@pytest.mark.parametrize(
    ("said", "name", "system"),
    [
        (f"{MOZILLA} (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox", "Linux"),
        (f"{MOZILLA} (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36 Edg/142.0.0.0", "Microsoft Edge", "Windows"),
        (f"{MOZILLA} (Linux; Android 10; K) {CHROME} Mobile Safari/537.36", "Chrome", "Android"),
        (f"{MOZILLA} (iPhone; CPU iPhone OS 18_6 like Mac OS X) {KIT} Version/26.0 Safari/604.1", "Safari", "iPhone"),
        (f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) {CHROME} Safari/537.36", "Chrome", "macOS"),
        ("curl/8.5.0", "", ""),
        ("", "", ""),
    ],
)
def test_a_browser_is_named_in_plain_words(said: str, name: str, system: str) -> None:
    found = browser_of(said)
    assert (found.name, found.system) == (name, system)

"""What an open desk is told every few seconds: the cases that have changed, and who else looks at what."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from hark import wiring
from hark.domain.case import Case
from hark.domain.changes import AT_ONCE, WINDOW
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.cases import Cases
from hark.store.table import Item

from infra.costs.meter import Meter

from .browser import Answer, Browser
from .conftest import BRAND, Clock, Desk
from .consumption import fill
from .x_deliveries import mention

SignIn = Callable[..., Browser]


class Screen:
    """A browser that keeps its place, as the desk's page does."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.cursor = ""

    def ask(self, open_case: str | None = None, *, writing: bool = False) -> Answer:
        query = [f"since={self.cursor}"] if self.cursor else []
        headers = {}
        if open_case is not None:
            query += [f"open={open_case}", f"writing={int(writing)}"]
            headers = {"x-desk": "1"}
        answer = self.browser.get("changes", "&".join(query), **headers)
        if answer.status == 200:
            self.cursor = answer.said["cursor"]
        return answer

    def told(self, open_case: str | None = None, *, writing: bool = False) -> list[tuple[str, int]]:
        """Ids and versions of the cases that have changed."""
        answer = self.ask(open_case, writing=writing)
        return [] if answer.status == 304 else [(row["id"], row["version"]) for row in answer.said["items"]]

    def company(self, open_case: str | None = None, *, writing: bool = False) -> list[dict[str, Any]] | None:
        """None: nothing new."""
        answer = self.ask(open_case, writing=writing)
        return None if answer.status == 304 else answer.said["company"]


@pytest.fixture
def dana(desk: Desk, sign_in: SignIn) -> Screen:
    desk.take_in(mention("1"))
    return Screen(sign_in("dana"))


def touch(desk: Desk, case: Case) -> Case:
    newest = Cases(desk.table).get(BRAND, case.id)
    assert newest
    now = time_text(desk.clock())
    return Cases(desk.table).commit(newest, newest.model_copy(update={"updated_at": now}), (), now)


def test_a_desk_is_told_of_a_change_once_and_in_the_shape_of_the_queue(desk: Desk, clock: Clock, dana: Screen) -> None:
    first = dana.ask()
    row = dana.browser.get("queue").said["items"][0]
    assert first.said["items"] == [row]
    assert (first.said["more"], first.said["everything"], first.said["company"]) == (False, False, [])
    assert first.said["now"] == time_text(clock())
    assert dana.ask().status == 304
    clock.forward(minutes=10)
    assert dana.ask().status == 304
    changed = touch(desk, desk.case())
    assert dana.told() == [(changed.id, changed.version)]
    assert dana.ask().status == 304


def test_a_new_case_and_each_step_of_an_old_one_are_told(desk: Desk, clock: Clock, dana: Screen) -> None:
    dana.ask()
    case = desk.case()
    clock.forward(seconds=5)
    answer = dana.browser.send("PATCH", f"conversations/{case.id}", {"version": case.version, "assignee": "me"})
    assert answer.status == 200
    assert dana.told() == [(case.id, answer.said["version"])]
    clock.forward(seconds=5)
    desk.take_in(mention("2"))
    (new,) = [one for one in desk.cases() if one.id != case.id]
    assert dana.told() == [(new.id, new.version)]
    assert dana.ask().status == 304


def test_what_is_written_late_with_an_earlier_time_is_told_all_the_same(desk: Desk, clock: Clock, dana: Screen) -> None:
    case, cases = desk.case(), Cases(desk.table)
    early = time_text(clock())
    clock.forward(seconds=60)
    dana.ask()
    fill(desk, case, 1, 0)
    (other,) = [one for one in desk.cases() if one.id != case.id]
    touch(desk, other)
    dana.ask()
    late = cases.commit(case, case.model_copy(update={"priority": 1}), (), early)  # it looked at the clock a minute ago
    assert dana.told() == [(case.id, late.version)]
    assert dana.ask().status == 304


def test_that_the_customer_has_seen_our_answer_is_told_though_it_is_no_new_version(
    desk: Desk, clock: Clock, dana: Screen
) -> None:
    dana.ask()
    clock.forward(seconds=5)
    now = time_text(clock())
    desk.table.transact([Cases(desk.table).seen_up_to(desk.case(), now, now)])
    assert dana.told() == [(desk.case().id, desk.case().version)]
    assert dana.ask().status == 304


def test_many_changes_come_in_parts_and_too_many_as_everything(desk: Desk, clock: Clock, dana: Screen) -> None:
    dana.ask()
    case = desk.case()
    fill(desk, case, WINDOW, 0)
    crowd = [one for one in desk.cases() if one.id != case.id]
    for one in crowd[: AT_ONCE + 1]:
        touch(desk, one)
    first, second = dana.ask().said, dana.ask().said
    assert (len(first["items"]), first["more"], len(second["items"]), second["more"]) == (AT_ONCE, True, 1, False)
    ids = {row["id"] for row in (*first["items"], *second["items"])}
    assert ids == {one.id for one in crowd[: AT_ONCE + 1]}
    for one in crowd:
        touch(desk, one)
    everything = dana.ask().said
    assert (everything["everything"], everything["items"]) == (True, [])


def test_nothing_of_another_brand_is_told(desk: Desk, dana: Screen, sign_in: SignIn) -> None:
    stranger = Screen(sign_in("eve", brand="other"))
    assert stranger.told() == []
    dana.company(desk.case().id)
    touch(desk, desk.case())
    assert stranger.ask().status == 304


def test_a_place_is_of_one_session_and_cannot_be_made_up(desk: Desk, dana: Screen, sign_in: SignIn) -> None:
    dana.ask()
    for other in (sign_in("oleg"), sign_in("eve", brand="other")):
        assert other.get("changes", f"since={dana.cursor}").code == (400, "bad_cursor")
    plain, _, mac = dana.cursor.partition(".")
    made_up = base64.urlsafe_b64encode(json.dumps({"at": "", "heard": "", "company": ""}).encode()).decode()
    for forged in (f"{made_up}.{mac}", plain, f"{plain}.", "x", "é"):
        assert dana.browser.get("changes", f"since={forged}").code == (400, "bad_cursor")
    queue = dana.browser.get("queue", "limit=1").said["next"]
    assert queue is None or dana.browser.get("changes", f"since={queue}").code == (400, "bad_cursor")
    assert dana.browser.get("changes", "open=../x").code == (400, "invalid")
    assert dana.browser.get("changes", "open=c1&writing=2").code == (400, "invalid")
    assert dana.browser.get("changes", "view=open").code == (400, "unknown_parameter")


def test_a_new_case_of_nobody_and_one_that_is_given_to_somebody_call_out_and_old_ones_do_not(
    desk: Desk, clock: Clock, dana: Screen, sign_in: SignIn
) -> None:
    oleg = Screen(sign_in("oleg"))
    assert dana.ask().said["calls"] == oleg.ask().said["calls"] == [], "what was there before is no news"
    clock.forward(seconds=5)
    case = touch(desk, desk.case())
    assert dana.ask().said["calls"] == [{"case": case.id, "why": "unassigned"}]
    clock.forward(seconds=5)
    given = dana.browser.send("PATCH", f"conversations/{case.id}", {"version": case.version, "assignee": "oleg"})
    assert given.status == 200
    assert oleg.ask().said["calls"] == [{"case": case.id, "why": "given"}]
    assert dana.ask().said["calls"] == []
    clock.forward(minutes=10)
    touch(desk, desk.case())
    assert oleg.ask().said["calls"] == [], "it was given ten minutes ago"
    given = dana.browser.send("PATCH", f"conversations/{case.id}", {"version": desk.case().version, "assignee": None})
    assert given.status == 200
    assert oleg.ask().said["calls"] == [], "an old one"


# --- who looks at what ---


def noted(desk: Desk) -> Item:
    (item,) = [one for one in desk.items("dana") if one["pk"] == keys.presence(BRAND, "dana").pk]
    return item


def test_colleagues_see_who_looks_at_a_conversation_and_who_writes_there(
    desk: Desk, clock: Clock, dana: Screen, sign_in: SignIn
) -> None:
    oleg, case = Screen(sign_in("oleg")), desk.case()
    oleg.ask()
    assert dana.company(case.id) == [], "nobody is told of themselves"
    assert oleg.company() == [{"case": case.id, "member": "dana", "writing": False}]
    assert oleg.ask().status == 304
    clock.forward(seconds=5)
    dana.ask(case.id, writing=True)
    assert oleg.company() == [{"case": case.id, "member": "dana", "writing": True}]
    dana.ask("")
    assert oleg.company() == []


def test_who_is_gone_is_forgotten_after_a_minute(desk: Desk, clock: Clock, dana: Screen, sign_in: SignIn) -> None:
    oleg, case = Screen(sign_in("oleg")), desk.case()
    dana.ask(case.id)
    assert oleg.company() == [{"case": case.id, "member": "dana", "writing": False}]
    clock.forward(seconds=59)
    assert oleg.ask().status == 304
    clock.forward(seconds=1)
    assert oleg.company() == []
    assert noted(desk)["expires"] == int(clock().timestamp()) + 60, "the table drops it a minute later"


def test_who_stays_is_noted_every_thirty_seconds_and_not_more_often(desk: Desk, clock: Clock, dana: Screen) -> None:
    case, times = desk.case(), set()
    for _ in range(12):  # a minute of polls
        dana.ask(case.id)
        times.add(noted(desk)["at"])
        clock.forward(seconds=5)
    assert len(times) == 2


def test_a_page_that_is_not_ours_cannot_say_what_somebody_looks_at(desk: Desk, dana: Screen, sign_in: SignIn) -> None:
    assert dana.browser.get("changes", f"open={desk.case().id}").status == 200
    assert Screen(sign_in("oleg")).company() == []


def test_a_desk_at_rest_reads_one_unit_beside_the_door_writes_nothing_and_asks_and_gets_less_than_a_kilobyte(
    desk: Desk, clock: Clock, dana: Screen
) -> None:
    fill(desk, desk.case(), 60, 5)
    for case in desk.cases()[:12]:
        touch(desk, case)
    case = desk.cases()[0]
    dana.ask(case.id)
    clock.forward(seconds=5)
    meter = Meter(desk.table.client, boto3.client("dynamodb"), desk.table.name)
    try:
        with meter.charge("door") as door:
            wiring.sessions().member(dana.browser.cookies[0].partition("=")[2])
        with meter.charge("poll") as poll:
            answer = dana.ask(case.id)
    finally:
        meter.close()
    assert answer.status == 304
    assert poll.read - door.read == 1
    assert poll.table_write == poll.index_write == 0
    asked = f"GET /api/v1/changes?since={dana.cursor}&open={case.id}&writing=0 HTTP/1.1\r\nx-desk: 1\r\n"
    given = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
    assert (len(asked), len(given), answer.body) <= (700, 1000, "")
    assert len(asked) <= 1000


def test_where_a_case_stands_among_the_changes_is_told_by_its_own_write(desk: Desk, clock: Clock, dana: Screen) -> None:
    """No second write, that could fail alone: the keys of the list are attributes of the case."""
    clock.forward(seconds=5)
    changed = touch(desk, desk.case())
    (item,) = desk.items("CASE")
    assert item["change_pk"] == keys.changed(BRAND)
    assert item["change_sk"] == keys.change_order(time_text(clock()), changed.version)
